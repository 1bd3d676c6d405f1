/* cmd_feed.c - wirewatch feed: list and show. Changing is in cmd_feed_set.c, adding in
 * cmd_feed_add.c. */
#include "base/date.h"
#include "cli/cli.h"
#include "cli/feed_fields.h"
#include "cli/feed_twins.h"
#include "cli/output.h"
#include "storage/store_feeds.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#define CHECKS_SHOWN 10

/* What the options choose; false after a mistake in them. */
static bool read_filter(struct cli *cli, struct feed_filter *filter)
{
    const char *state = cli->values[OPTION_STATE];
    struct feed_row asked = {0};
    struct ww_error err = {0};

    if (feed_fields_from_options(cli, &asked, &err) != WW_OK ||
        feed_field_set(&asked, FIELD_TAGS, slice_from(cli->values[OPTION_TAG]), &cli->arena,
                       &err) != WW_OK) {
        (void)cli_usage(cli, "%s", err.message);
        return false;
    }
    *filter = (struct feed_filter){.window = cli_window(cli, 0),
                                   .folder = asked.folder,
                                   .country = asked.country,
                                   .language = asked.language,
                                   .tag = asked.tags,
                                   .tier = asked.tier};
    if (cli->n_words > 0)
        filter->text = slice_from(cli->words[0]);
    filter->has_no_children = state == NULL && !cli_has(cli, OPTION_ALL);
    if (state == NULL)
        return true;
    filter->is_bad = strcmp(state, "bad") == 0;
    filter->has_state = feed_state_parse(slice_from(state), &filter->state);
    filter->has_health = feed_health_parse(slice_from(state), &filter->health);
    if (filter->is_bad || filter->has_state || filter->has_health)
        return true;
    (void)cli_usage(cli,
                    "--state is bad, new, ok, retrying, failing, stale, gone, paused, removed or"
                    " active, not \"%s\"",
                    state);
    return false;
}

int command_feed_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",          COLUMN_RIGHT },
        {"health",      0            },
        {"title",       COLUMN_WIDE  },
        {"country",     0            },
        {"language",    0            },
        {"last_ok_at",  0            },
        {"last_new_at", 0            },
        {"next_due_at", COLUMN_HIDDEN},
        {"n_failures",  COLUMN_HIDDEN},
        {"last_error",  COLUMN_HIDDEN},
        {"folder",      COLUMN_HIDDEN},
        {"tags",        COLUMN_HIDDEN},
        {"tier",        COLUMN_HIDDEN},
        {"url",         COLUMN_WIDE  }
    };
    struct feed_filter filter;
    struct feed_list list;
    struct ww_error err = {0};
    struct output *o;
    enum ww_status status;

    if (!read_filter(cli, &filter))
        return EX_USAGE;
    status = store_list_feeds(cli->store, &filter, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli_has(cli, OPTION_TWINS))
        return feed_twins_put(cli, &list);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct feed_row *f = &list.rows[i];

        output_number(o, f->id);
        output_string(o, feed_health_name(f));
        output_text(o, f->title);
        output_text(o, f->country);
        output_text(o, f->language);
        output_time(o, f->last_ok_at);
        output_time(o, f->last_new_at);
        output_time(o, f->next_due_at);
        output_number(o, f->n_failures);
        output_text(o, f->last_error);
        output_text(o, f->folder);
        output_text(o, f->tags);
        if (f->tier > 0)
            output_number(o, f->tier);
        else
            output_none(o);
        output_text(o, f->url);
        output_end_row(o);
    }
    if (output_close(o) == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no feeds%s",
                cli->n_words > 0 || filter.is_bad || filter.has_state || filter.has_health ||
                        filter.country.len > 0 || filter.language.len > 0 ||
                        filter.folder.len > 0 || filter.tag.len > 0 || filter.tier > 0
                    ? " like that"
                    : "; wirewatch feed add URL follows one");
    return EX_OK;
}

static int put_checks(struct cli *cli, int64_t feed_id)
{
    static const struct column columns[] = {
        {"at",          0           },
        {"outcome",     0           },
        {"http_status", COLUMN_RIGHT},
        {"n_entries",   COLUMN_RIGHT},
        {"n_new",       COLUMN_RIGHT},
        {"duration_ms", COLUMN_RIGHT},
        {"body_bytes",  COLUMN_RIGHT},
        {"message",     COLUMN_WIDE }
    };
    struct store_window window = {.limit = cli->limit > 0 ? (size_t)cli->limit : CHECKS_SHOWN};
    struct feed_check_list list;
    struct ww_error err = {0};
    enum ww_status status =
        store_list_feed_checks(cli->store, feed_id, &window, &cli->arena, &list, &err);
    struct output *o;

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct feed_check_row *c = &list.rows[i];

        output_time(o, c->at);
        output_string(o, feed_outcome_name(c->outcome));
        output_number(o, c->http_status);
        output_number(o, c->n_entries);
        output_number(o, c->n_new);
        output_number(o, c->duration_ms);
        output_number(o, c->body_bytes);
        output_text(o, c->message);
        output_end_row(o);
    }
    (void)output_close(o);
    return EX_OK;
}

int command_feed_show(struct cli *cli)
{
    struct feed_row f;
    struct ww_error err = {0};
    enum ww_status status = feed_find(cli, cli->words[0], &f, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format == FORMAT_HUMAN) {
        output_fact(cli, "feed",
                    arena_printf(&cli->arena, "%" PRId64 "  %s", f.id, feed_health_name(&f)));
        output_fact(cli, "title", f.title);
        output_fact(cli, "address", f.url);
        output_fact(cli, "folder", f.folder);
        output_fact(cli, "country", f.country);
        output_fact(cli, "language", f.language);
        output_fact(cli, "tags", f.tags);
        output_fact(cli, "tier", feed_field_text(&f, FIELD_TIER, &cli->arena));
        output_fact(cli, "home page", f.site);
        output_fact(cli, "note", f.note);
        output_fact_time(cli, "followed since", f.added_at);
        output_fact_time(cli, "last answer", f.last_ok_at);
        output_fact_time(cli, "last news", f.last_new_at);
        output_fact_time(cli, "next check", f.next_due_at);
        if (f.n_failures > 0) {
            output_fact(cli, "failures",
                        arena_printf(&cli->arena, "%" PRId64 " in a row", f.n_failures));
            output_fact_time(cli, "failing since", f.first_failed_at);
            output_fact(cli, "last error", f.last_error);
        }
        output_fact(cli, "etag", f.etag);
        output_fact(cli, "last-modified", f.last_modified);
        output_fact(cli, "moved to", f.new_url);
        (void)fputs("\nchecks, newest first\n", cli->out);
    }
    return put_checks(cli, f.id);
}
