/* cmd_feed.c - wirewatch feed list. The rest is in cmd_feed_add.c, cmd_feed_set.c and
 * cmd_feed_show.c. */
#include "cli/cli.h"
#include "cli/feed_fields.h"
#include "cli/feed_twins.h"
#include "cli/feed_words.h"
#include "cli/output.h"
#include "storage/store_feeds.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

/* "none" chooses those that say nothing of the kind; it is no value of the option then. */
static bool takes_none(struct cli *cli, enum option_id id)
{
    if (!cli_has(cli, id) || strcmp(cli->values[id], "none") != 0)
        return false;
    cli->values[id] = NULL;
    return true;
}

/* What the options choose; false after a mistake in them. */
static bool read_filter(struct cli *cli, struct feed_filter *filter)
{
    const char *state = cli->values[OPTION_STATE];
    const bool has_no_country = takes_none(cli, OPTION_COUNTRY);
    const bool has_no_language = takes_none(cli, OPTION_LANGUAGE);
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
                                   .country = has_no_country ? SLICE("-") : asked.country,
                                   .language = has_no_language ? SLICE("-") : asked.language,
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

/* One that was never read has no title; where its address is not shown it goes by that. */
static struct slice name_of(const struct feed_row *f, bool by_address)
{
    return f->title.len > 0 || !by_address ? f->title : f->url;
}

/* title: what it is called in this list. */
static void put_feed(struct output *o, const struct feed_row *f, struct slice title,
                     struct arena *arena)
{
    output_number(o, f->id);
    output_string(o, feed_health_name(f));
    output_time(o, feed_words_since(f));
    output_text(o, title);
    output_text(o, f->country);
    output_text(o, f->language);
    output_time(o, f->last_ok_at);
    output_time(o, f->last_new_at);
    output_time(o, f->next_due_at);
    output_number(o, f->n_failures);
    output_text(o, feed_words_why(f, arena));
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

static int put_feeds(struct cli *cli, const struct feed_filter *filter,
                     const struct feed_list *list)
{
    /* In a list of those in trouble a person wants to know since when and why, not where. */
    const bool reasons = filter->is_bad ||
                         (filter->has_state && filter->state == FEED_STATE_GONE) ||
                         (filter->has_health && filter->health != FEED_HEALTH_OK &&
                          filter->health != FEED_HEALTH_NEW);
    const unsigned where = reasons ? COLUMN_HIDDEN : 0, why = reasons ? 0 : COLUMN_HIDDEN;
    const struct column columns[] = {
        {"id",          COLUMN_RIGHT       },
        {"health",      0                  },
        {"since",       why                },
        {"title",       COLUMN_WIDE        },
        {"country",     0                  },
        {"language",    where              },
        {"last_ok_at",  COLUMN_HIDDEN      },
        {"last_new_at", where              },
        {"next_due_at", COLUMN_HIDDEN      },
        {"n_failures",  COLUMN_HIDDEN      },
        {"why",         why | COLUMN_WIDE  },
        {"last_error",  COLUMN_HIDDEN      },
        {"folder",      COLUMN_HIDDEN      },
        {"tags",        COLUMN_HIDDEN      },
        {"tier",        COLUMN_HIDDEN      },
        {"url",         where | COLUMN_WIDE}
    };
    const bool is_human = cli->format == FORMAT_HUMAN;
    struct output *o = output_open(cli, columns, WW_COUNT(columns));

    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list->n_rows; i++)
        put_feed(o, &list->rows[i], name_of(&list->rows[i], reasons && is_human), &cli->arena);
    if (output_close(o) == 0 && is_human)
        cli_say(cli, "no feeds%s",
                cli->n_words > 0 || filter->is_bad || filter->has_state || filter->has_health ||
                        filter->country.len > 0 || filter->language.len > 0 ||
                        filter->folder.len > 0 || filter->tag.len > 0 || filter->tier > 0
                    ? " like that"
                    : "; wirewatch feed add URL follows one");
    return EX_OK;
}

int command_feed_list(struct cli *cli)
{
    struct feed_filter filter;
    struct feed_list list;
    struct ww_error err = {0};
    enum ww_status status;

    if (!read_filter(cli, &filter))
        return EX_USAGE;
    status = store_list_feeds(cli->store, &filter, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli_has(cli, OPTION_TWINS))
        return feed_twins_put(cli, &list);
    return put_feeds(cli, &filter, &list);
}
