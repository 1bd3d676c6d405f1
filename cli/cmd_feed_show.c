/* cmd_feed_show.c - wirewatch feed show: what is known of a feed, its troubles and its checks. */
#include "base/limits.h"
#include "base/url.h"
#include "cli/cli.h"
#include "cli/feed_fields.h"
#include "cli/feed_words.h"
#include "cli/output.h"
#include "storage/store_feeds.h"
#include "storage/store_hosts.h"
#include "storage/store_troubles.h"

#include <inttypes.h>
#include <sysexits.h>

#define CHECKS_SHOWN 10
#define TROUBLES_SHOWN 10
#define TALLY_S (30 * 86400)

/* ---- facts ----------------------------------------------------------------------------------- */

static void put_lines(struct cli *cli, const char *name, struct slice lines)
{
    struct slice line;

    while (slice_next_line(&lines, &line)) {
        output_fact(cli, name, line);
        name = "";
    }
}

static void put_health(struct cli *cli, const struct feed_row *f)
{
    const int64_t since = feed_words_since(f);
    struct slice why = feed_words_why(f, &cli->arena), head;

    head = arena_printf(&cli->arena, "f%" PRId64 "  %s", f->id, feed_health_name(f));
    if (since != 0)
        head =
            arena_printf(&cli->arena, "%.*s for %.*s", SLICE_ARG(head),
                         SLICE_ARG(feed_words_span(clock_now(&cli->clock) - since, &cli->arena)));
    output_fact(cli, "feed", head);
    output_fact(cli, "why", why);
    put_lines(cli, "what to do", feed_words_advice(f, &cli->arena));
}

static void put_said_by_owner(struct cli *cli, const struct feed_row *f)
{
    output_fact(cli, "title", f->title);
    output_fact(cli, "address", f->url);
    output_fact(cli, "selector", f->selector);
    if (f->parent_id != 0)
        output_fact(cli, "named by", arena_printf(&cli->arena, "f%" PRId64, f->parent_id));
    output_fact(cli, "folder", f->folder);
    output_fact(cli, "country", f->country);
    output_fact(cli, "language", f->language);
    output_fact(cli, "tags", f->tags);
    output_fact(cli, "tier", feed_field_text(f, FIELD_TIER, &cli->arena));
    output_fact(cli, "home page", f->site);
    output_fact(cli, "note", f->note);
    output_fact_time(cli, "followed since", f->added_at);
}

/* A pause that its host has asked for; 0: none. */
static int64_t host_pause(struct cli *cli, const struct feed_row *f)
{
    struct host_row host = {0};

    if (store_host(cli->store, url_host(f->url, &cli->arena), &cli->arena, &host, NULL) != WW_OK)
        return 0;
    return host.not_before > clock_now(&cli->clock) ? host.not_before : 0;
}

static void put_polling(struct cli *cli, const struct feed_row *f)
{
    const int64_t not_before = host_pause(cli, f);

    output_fact_time(cli, "last answer", f->last_ok_at);
    output_fact_time(cli, "last news", f->last_new_at);
    if (f->n_failures > 0)
        output_fact_time(cli, "failing since", f->first_failed_at);
    if (f->rhythm_s > 0)
        output_fact(cli, "rhythm",
                    arena_printf(&cli->arena, "an entry %.*s",
                                 SLICE_ARG(feed_words_every(f->rhythm_s, &cli->arena))));
    output_fact(cli, "publisher asks", feed_words_wishes(f, &cli->arena));
    if (f->state == FEED_STATE_ACTIVE)
        output_fact_time(cli, "next check",
                         f->next_due_at > not_before ? f->next_due_at : not_before);
    output_fact(cli, f->state == FEED_STATE_ACTIVE ? "" : "next check",
                feed_words_next(f, not_before, &cli->arena));
    if (f->claimed_until > clock_now(&cli->clock))
        output_fact(cli, "asked now by", f->claimed_by);
    output_fact(cli, "format", f->format);
    output_fact(cli, "etag", f->etag);
    output_fact(cli, "last-modified", f->last_modified);
    if (f->n_lies >= 2)
        output_fact(
            cli, "doubted",
            SLICE("it said \"not modified\" and kept news back; the whole feed is asked for "
                  "more often"));
    if (f->new_url.len > 0)
        output_fact(cli, "moves to",
                    arena_printf(&cli->arena, "%.*s (seen %" PRId64 " of %d times, over days)",
                                 SLICE_ARG(f->new_url), f->n_new_url_seen, NEW_URL_SIGHTINGS_MIN));
}

static enum ww_status put_tally(struct cli *cli, const struct feed_row *f, struct ww_error *err)
{
    const struct store_window window = {.since = clock_now(&cli->clock) - TALLY_S};
    struct feed_tally t;
    enum ww_status status = store_feed_tally(cli->store, f->id, &window, &t, err);

    if (status == WW_OK && t.n_checks > 0)
        output_fact(cli, "last 30 days",
                    arena_printf(&cli->arena,
                                 "%" PRId64 " check%s, %" PRId64 " failed, %" PRId64
                                 " unchanged; %" PRId64 " new entr%s",
                                 t.n_checks, t.n_checks == 1 ? "" : "s", t.n_failed, t.n_unchanged,
                                 t.n_entries_new, t.n_entries_new == 1 ? "y" : "ies"));
    return status;
}

/* The newest words of its server. */
static void put_said(struct cli *cli, const struct feed_check_list *checks)
{
    for (size_t i = 0; i < checks->n_rows; i++)
        if (checks->rows[i].said.len > 0) {
            put_lines(cli, "server said", checks->rows[i].said);
            return;
        }
}

/* ---- lists ----------------------------------------------------------------------------------- */

static enum ww_status put_troubles(struct cli *cli, const struct feed_row *f, struct ww_error *err)
{
    static const struct column columns[] = {
        {"trouble",      0          },
        {"began_at",     0          },
        {"persisted_at", 0          },
        {"ended_at",     0          },
        {"ending",       0          },
        {"message",      COLUMN_WIDE}
    };
    const struct store_window window = {.limit = TROUBLES_SHOWN};
    struct trouble_list list;
    struct output *o;
    enum ww_status status =
        store_list_troubles(cli->store, f->id, &window, &cli->arena, &list, err);

    if (status != WW_OK || list.n_rows == 0)
        return status;
    (void)fputs("\ntroubles, newest first\n", cli->out);
    o = output_open(cli, columns, WW_COUNT(columns));
    for (size_t i = 0; o != NULL && i < list.n_rows; i++) {
        const struct trouble_row *t = &list.rows[i];

        output_string(o, trouble_kind_name(t->kind));
        output_time(o, t->began_at);
        output_time(o, t->persists_since);
        output_time(o, t->ended_at);
        output_string(o, trouble_ending_name(t->ending));
        output_text(o, t->message);
        output_end_row(o);
    }
    if (o != NULL)
        (void)output_close(o);
    return WW_OK;
}

static int put_checks(struct cli *cli, const struct feed_check_list *list)
{
    static const struct column columns[] = {
        {"at",          0            },
        {"outcome",     0            },
        {"http_status", COLUMN_RIGHT },
        {"n_entries",   COLUMN_RIGHT },
        {"n_new",       COLUMN_RIGHT },
        {"duration_ms", COLUMN_HIDDEN},
        {"body_bytes",  COLUMN_HIDDEN},
        {"failure",     COLUMN_HIDDEN},
        {"message",     COLUMN_WIDE  },
        {"said",        COLUMN_HIDDEN}
    };
    struct output *o = output_open(cli, columns, WW_COUNT(columns));

    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list->n_rows; i++) {
        const struct feed_check_row *c = &list->rows[i];

        output_time(o, c->at);
        output_string(o, feed_outcome_name(c->outcome));
        output_number(o, c->http_status);
        output_number(o, c->n_entries);
        output_number(o, c->n_new);
        output_number(o, c->duration_ms);
        output_number(o, c->body_bytes);
        output_string(o, feed_failure_name(c->failure));
        output_text(o, c->message);
        output_text(o, c->said);
        output_end_row(o);
    }
    (void)output_close(o);
    return EX_OK;
}

int command_feed_show(struct cli *cli)
{
    const struct store_window window = {.limit =
                                            cli->limit > 0 ? (size_t)cli->limit : CHECKS_SHOWN};
    struct feed_check_list checks = {0};
    struct feed_row f;
    struct ww_error err = {0};
    enum ww_status status = feed_find(cli, cli->words[0], &f, &err);

    if (status == WW_OK)
        status = store_list_feed_checks(cli->store, f.id, &window, &cli->arena, &checks, &err);
    if (status == WW_OK && cli->format == FORMAT_HUMAN) {
        put_health(cli, &f);
        put_said_by_owner(cli, &f);
        put_polling(cli, &f);
        status = put_tally(cli, &f, &err);
        put_said(cli, &checks);
        if (status == WW_OK)
            status = put_troubles(cli, &f, &err);
        if (status == WW_OK)
            (void)fputs("\nchecks, newest first\n", cli->out);
    }
    return status == WW_OK ? put_checks(cli, &checks) : cli_fail(cli, status, &err);
}
