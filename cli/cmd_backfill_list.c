/* cmd_backfill_list.c - wirewatch backfill list, show and cancel: what was asked of the past. */
#include "alerts/mentions.h"
#include "alerts/watchlist.h"
#include "cli/backfill_report.h"
#include "cli/output.h"
#include "storage/store.h"

#include <inttypes.h>
#include <sysexits.h>

#define BACKFILLS_SHOWN 50

/* ---- list ------------------------------------------------------------------------------------ */

static int64_t sum(const struct history_counts *counts)
{
    int64_t n = 0;

    for (size_t i = 0; i < counts->n_rows; i++)
        n += counts->rows[i].n;
    return n;
}

/* For people: why it stands still, what it read of files, what it left when it was cancelled. */
static struct slice below(struct cli *cli, const struct backfill_row *b,
                          const struct history_counts *documents, int64_t n_given_up)
{
    const int64_t n = sum(documents);
    struct arena *a = &cli->arena;
    struct slice words = b->state == BACKFILL_OPEN ? b->message : SLICE("");

    if (n > 0)
        words = arena_printf(a, "%.*s%s%" PRId64 " document%s, %" PRId64 " new", SLICE_ARG(words),
                             words.len > 0 ? "; " : "", n, n == 1 ? "" : "s",
                             backfill_report_count(documents, "new"));
    if (n_given_up > 0)
        words = arena_printf(a, "%.*s%s%" PRId64 " address%s given up", SLICE_ARG(words),
                             words.len > 0 ? "; " : "", n_given_up, n_given_up == 1 ? "" : "es");
    return words;
}

static enum ww_status put_backfill(struct cli *cli, struct output *o, const struct backfill_row *b,
                                   struct ww_error *err)
{
    struct history_counts finds = {0};
    struct history_counts documents = {0};
    struct list_counts lists = {0};
    int64_t n_given_up;
    enum ww_status status = store_find_counts(cli->store, b->id, &cli->arena, &finds, err);

    if (status == WW_OK)
        status = store_document_counts(cli->store, b->id, &cli->arena, &documents, err);
    if (status == WW_OK)
        status = store_count_lists(cli->store, b->id, clock_now(&cli->clock), &lists, err);
    if (status != WW_OK)
        return status;
    n_given_up = backfill_report_given_up(b, &finds);
    output_number(o, b->id);
    output_string(o, backfill_state_name(b->state));
    output_time(o, b->created_at);
    output_time(o, b->worked_at);
    output_time(o, b->ended_at);
    output_number(o, sum(&finds));
    output_number(o, backfill_report_waiting(b, &finds));
    output_number(o, n_given_up);
    output_number(o, sum(&documents));
    output_number(o, backfill_report_count(&finds, "failed"));
    output_number(o, b->state == BACKFILL_CANCELLED ? 0 : lists.n_queued);
    output_number(o, lists.n_failed);
    output_number(o, b->n_requests);
    output_number(o, b->n_bytes);
    output_time(o, b->since_at);
    output_time(o, b->until_at);
    output_text(o, b->source);
    output_text(o, b->target);
    output_text(o, backfill_all_words(cli, b));
    output_text(o, b->message);
    output_below(o, below(cli, b, &documents, n_given_up));
    output_end_row(o);
    return WW_OK;
}

int command_backfill_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",           COLUMN_RIGHT                },
        {"state",        0                           },
        {"created_at",   0                           },
        {"worked_at",    COLUMN_HIDDEN               },
        {"ended_at",     COLUMN_HIDDEN               },
        {"found",        COLUMN_RIGHT                },
        {"waiting",      COLUMN_RIGHT                },
        {"given_up",     COLUMN_RIGHT | COLUMN_HIDDEN},
        {"documents",    COLUMN_RIGHT | COLUMN_HIDDEN},
        {"failed",       COLUMN_RIGHT                },
        {"lists",        COLUMN_RIGHT                },
        {"lists_failed", COLUMN_RIGHT | COLUMN_HIDDEN},
        {"requests",     COLUMN_RIGHT                },
        {"bytes",        COLUMN_RIGHT | COLUMN_HIDDEN},
        {"since",        COLUMN_HIDDEN               },
        {"until",        COLUMN_HIDDEN               },
        {"source",       COLUMN_HIDDEN               },
        {"target",       COLUMN_HIDDEN               },
        {"words",        COLUMN_WIDE                 },
        {"message",      COLUMN_HIDDEN               }
    };
    const struct store_window window = cli_window(cli, BACKFILLS_SHOWN);
    struct backfill_rows list = {0};
    struct ww_error err = {0};
    struct output *o;
    enum ww_status status = store_list_backfills(cli->store, &window, &cli->arena, &list, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++)
        status = put_backfill(cli, o, &list.rows[i], &err);
    if (output_close(o) == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no backfills");
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* ---- show ------------------------------------------------------------------------------------ */

/* What titles missed is told by the list of today; without one nothing is said of it. */
static const struct mention_engine *open_engine(struct cli *cli)
{
    struct watchlist *w = arena_alloc(&cli->arena, sizeof(*w));
    struct mention_engine *engine = NULL;

    if (w == NULL ||
        watchlist_read(arena_string(&cli->arena, cli->config.watchlist), &cli->arena, w, NULL) !=
            WW_OK ||
        mentions_open(w, &cli->arena, &engine, NULL) != WW_OK)
        return NULL;
    return engine;
}

int command_backfill_show(struct cli *cli)
{
    struct backfill_row order = {0};
    struct backfill_report report = {0};
    struct ww_error err = {0};
    enum ww_status status = backfill_find(cli, cli->words[0], &order, &err);

    if (status == WW_OK)
        status = backfill_report_read(cli, order.id, order.matches_first ? open_engine(cli) : NULL,
                                      &report, &err);
    return status == WW_OK ? backfill_report_put(cli, &report) : cli_fail(cli, status, &err);
}

/* ---- cancel ---------------------------------------------------------------------------------- */

static enum ww_status cancel(struct cli *cli, int64_t id, struct ww_error *err)
{
    enum ww_status status = store_begin(cli->store, err);

    if (status == WW_OK)
        status = store_cancel_backfill(cli->store, id, clock_now(&cli->clock), err);
    if (status == WW_OK)
        return store_commit(cli->store, err);
    store_rollback(cli->store);
    return status;
}

/* Also while it is at work, here or on another machine: it has lost its claim by that, and ends. */
int command_backfill_cancel(struct cli *cli)
{
    struct backfill_row order = {0};
    struct ww_error err = {0};
    enum ww_status status = backfill_find(cli, cli->words[0], &order, &err);

    if (status == WW_OK && (order.state == BACKFILL_DONE || order.state == BACKFILL_CANCELLED))
        status = ww_fail(&err, WW_NOT_FOUND, "backfill %" PRId64 " is %s: nothing to cancel",
                         order.id, backfill_state_name(order.state));
    if (status == WW_OK)
        status = cancel(cli, order.id, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli,
            "backfill %" PRId64 " is cancelled; what it brought stays, and what only it waited "
            "for is not fetched",
            order.id);
    return EX_OK;
}
