/*
 * cmd_backfill.c - wirewatch backfill SOURCE and backfill resume: history, with a report and never
 * a flood.
 */
#include "cli/backfill_order.h"
#include "cli/backfill_plan.h"
#include "cli/backfill_work.h"
#include "crawler/history/documents.h"
#include "storage/store.h"
#include "storage/store_leases.h"

#include <inttypes.h>
#include <sysexits.h>

/* Of lists, while nobody has seen a plan yet: enough to reckon from, and soon done. */
#define PLAN_REQUESTS 60
#define PLAN_REQUESTS_UNASKED 20

/* ---- its end --------------------------------------------------------------------------------- */

static bool has_document(const struct backfill_report *r, enum backfill_end end)
{
    return backfill_report_count(&r->documents, backfill_end_name(end)) > 0;
}

/*
 * What cannot be had at all leaves a hole that nobody sees, unless it is said. Of an archive of the
 * whole world's news single records are always damaged; of the desk's own files none should be.
 */
static bool has_holes(const struct backfill_report *r)
{
    return r->lists.n_failed > 0 || has_document(r, BACKFILL_UNREADABLE) ||
           (backfill_is_local(r->order.source) && has_document(r, BACKFILL_DAMAGED));
}

static int exit_status(struct cli *cli, const struct backfill_report *r,
                       const struct backfill_row *order)
{
    if (*cli->stop != 0) {
        cli_say(cli, "stopped; wirewatch backfill resume %" PRId64 " goes on where this one ended",
                order->id);
        return EX_OK; /* main makes the signal's status of it */
    }
    if (r->order.state == BACKFILL_DONE)
        return has_holes(r) ? EXIT_PARTIAL : EX_OK;
    if (r->order.state == BACKFILL_CANCELLED) {
        cli_say(cli, "backfill %" PRId64 " was cancelled meanwhile; what it brought stays",
                order->id);
        return EXIT_PARTIAL;
    }
    return order->budget > 0 && order->n_requests >= order->budget ? EXIT_PARTIAL : EX_TEMPFAIL;
}

static int report(struct backfill_work *w, const struct backfill_row *order)
{
    struct backfill_report r = {0};
    struct ww_error err = {0};
    enum ww_status status = backfill_report_read(w->cli, order->id, w->engine, &r, &err);
    int said = EX_OK;

    if (status != WW_OK)
        return cli_fail(w->cli, status, &err);
    /* For cron: no report, but what somebody has to act on. */
    if (!cli_has(w->cli, OPTION_QUIET) || w->cli->format != FORMAT_HUMAN)
        said = backfill_report_put(w->cli, &r);
    else if (r.order.state == BACKFILL_DONE && has_holes(&r))
        (void)fprintf(stderr,
                      "wirewatch: a part of backfill %" PRId64
                      " cannot be had: wirewatch backfill show %" PRId64 "\n",
                      order->id, order->id);
    return said == EX_OK ? exit_status(w->cli, &r, order) : said;
}

static int run(struct backfill_work *w, struct backfill_row *order)
{
    struct ww_error err = {0};
    enum ww_status status = backfill_work_run(w, order, &err);

    return status == WW_OK ? report(w, order) : cli_fail(w->cli, status, &err);
}

/* ---- a new order, or the one that was begun with the same words ------------------------------ */

static int plan(struct backfill_work *w, struct backfill_row *order, int64_t requests_max)
{
    const int64_t n_before = order->n_requests;
    struct history_plan p = {0};
    struct ww_error err = {0};
    enum ww_status status = backfill_work_plan(w, order, requests_max, &p, &err);

    if (status != WW_OK)
        return cli_fail(w->cli, status, &err);
    return backfill_plan_put(w->cli, order, &p, order->n_requests - n_before >= requests_max);
}

/* Is it meant, if it is large? Only a person is asked, and only before it has begun. */
static enum ww_status is_agreed(struct backfill_work *w, struct backfill_row *order, bool *agreed,
                                struct ww_error *err)
{
    const int64_t budget = order->budget > 0 ? order->budget - order->n_requests : INT64_MAX;
    struct history_plan p = {0};
    enum ww_status status = WW_OK;

    *agreed = true;
    if (order->state != BACKFILL_PLANNED || backfill_is_local(order->source) ||
        !backfill_plan_asks(w->cli))
        return WW_OK;
    status = backfill_work_plan(
        w, order, budget < PLAN_REQUESTS_UNASKED ? budget : PLAN_REQUESTS_UNASKED, &p, err);
    if (status == WW_OK && *w->cli->stop == 0)
        *agreed = backfill_plan_is_agreed(w->cli, order, &p);
    return status;
}

static int plan_or_run(struct backfill_work *w, struct backfill_row *order)
{
    struct cli *cli = w->cli;
    struct ww_error err = {0};
    bool agreed = true;
    enum ww_status status;

    if (cli_has(cli, OPTION_PLAN) || cli_has(cli, OPTION_DRY_RUN))
        return plan(w, order, w->limits.budget > 0 ? w->limits.budget : PLAN_REQUESTS);
    status = is_agreed(w, order, &agreed, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (agreed && *cli->stop == 0)
        return run(w, order);
    cli_say(cli, "nothing fetched; wirewatch backfill resume %" PRId64 " does", order->id);
    return EX_OK;
}

static int begin(struct backfill_work *w, const struct backfill_row *asked)
{
    struct cli *cli = w->cli;
    struct backfill_row order = {0};
    struct ww_error err = {0};
    bool is_known = false, is_others;
    int said;
    enum ww_status status = history_begin(&w->options, cli->store, &cli->clock, asked, &cli->arena,
                                          &order, &is_known, &err);

    if (status == WW_INVALID)
        return cli_usage(cli, "%s", err.message);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (is_known && order.state == BACKFILL_OPEN)
        cli_say(cli, "going on with backfill %" PRId64 ", which was begun with the same words",
                order.id);
    status = backfill_work_take(w, &order, &is_others, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    said = plan_or_run(w, &order);
    (void)store_release_backfill(cli->store, order.id, NULL); /* else it lapses */
    return said;
}

/* Files are counted, and nothing is written. */
static int count_files(struct cli *cli, const struct backfill_row *order)
{
    struct ww_error err = {0};
    int64_t n_files = 0;
    enum ww_status status =
        backfill_files_count((const char *const *)cli->words, (size_t)cli->n_words, &n_files, &err);

    return status == WW_OK ? backfill_plan_files(cli, order, n_files) : cli_fail(cli, status, &err);
}

int command_backfill(struct cli *cli)
{
    struct backfill_work w = {0};
    struct backfill_row order;
    struct backfill_limits limits;
    int status = backfill_read_limits(cli, &limits);

    if (status == EX_OK)
        status = backfill_read_order(cli, &order);
    if (status != EX_OK)
        return status;
    if (backfill_is_local(order.source) &&
        (cli_has(cli, OPTION_PLAN) || cli_has(cli, OPTION_DRY_RUN)))
        return count_files(cli, &order);
    status = backfill_work_open(&w, cli, &limits);
    if (status == EX_OK)
        status = begin(&w, &order);
    backfill_work_close(&w);
    return status;
}

/* ---- resume ---------------------------------------------------------------------------------- */

/* All in that state, the oldest first. */
static enum ww_status list_all(struct cli *cli, enum backfill_state state,
                               struct backfill_rows *out, struct ww_error *err)
{
    const struct store_window all = {.limit = ALL_ROWS};
    enum ww_status status = store_list_backfills(cli->store, &all, &cli->arena, out, err);
    size_t n = 0;

    for (size_t i = 0; status == WW_OK && i < out->n_rows; i++)
        if (out->rows[i].state == state)
            out->rows[n++] = out->rows[i];
    out->n_rows = status == WW_OK ? n : 0;
    for (size_t i = 0; i < n / 2; i++) {
        const struct backfill_row row = out->rows[i];

        out->rows[i] = out->rows[n - 1 - i];
        out->rows[n - 1 - i] = row;
    }
    return status;
}

static enum ww_status find_one(struct cli *cli, struct backfill_rows *out, struct ww_error *err)
{
    enum ww_status status = WW_NOMEM;

    out->rows = arena_alloc(&cli->arena, sizeof(*out->rows));
    out->n_rows = 1;
    if (out->rows != NULL)
        status = backfill_find(cli, cli->words[0], out->rows, err);
    if (status == WW_OK &&
        (out->rows[0].state == BACKFILL_DONE || out->rows[0].state == BACKFILL_CANCELLED))
        return ww_fail(err, WW_NOT_FOUND, "backfill %" PRId64 " is %s", out->rows[0].id,
                       backfill_state_name(out->rows[0].state));
    return status;
}

/* Of several the worst: what has to be tried again before what is only incomplete. */
static int worse(int a, int b)
{
    if (a != EX_OK && a != EXIT_PARTIAL && a != EX_TEMPFAIL)
        return a;
    return a == EX_OK || (a == EXIT_PARTIAL && b != EX_OK) ? b : a;
}

/* Files of one's own need nobody to write to; servers of others do. */
static enum ww_status check_contact(struct cli *cli, const struct backfill_rows *list,
                                    struct ww_error *err)
{
    for (size_t i = 0; i < list->n_rows; i++)
        if (!backfill_is_local(list->rows[i].source))
            return config_check_contact(&cli->config, err);
    return WW_OK;
}

/* What was only planned begins when it is asked for by its number, or given again. */
static int say_none_open(struct cli *cli)
{
    struct backfill_rows list = {0};
    struct ww_error err = {0};
    enum ww_status status = list_all(cli, BACKFILL_PLANNED, &list, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "no backfill is open");
    for (size_t i = 0; i < list.n_rows; i++)
        cli_say(cli, "planned: %.*s; wirewatch backfill resume %" PRId64 " begins it",
                SLICE_ARG(backfill_words(cli, &list.rows[i])), list.rows[i].id);
    return EX_OK;
}

/*
 * Without a number each machine goes on with what no other has in hand, every night: that others
 * are at work, or have come to the end since the list was made, is no failure.
 */
static int resume_all(struct backfill_work *w, const struct backfill_rows *list)
{
    struct cli *cli = w->cli;
    int worst = EX_OK;
    size_t n_elsewhere = 0, n_run = 0;

    for (size_t i = 0; i < list->n_rows && *cli->stop == 0; i++) {
        struct backfill_row order = list->rows[i];
        struct ww_error err = {0};
        bool is_others;
        const enum ww_status status = backfill_work_take(w, &order, &is_others, &err);

        if (cli->n_words == 0 && (is_others || status == WW_NOT_FOUND)) {
            n_elsewhere += is_others;
            if (is_others)
                cli_say(cli, "passed over: %s", err.message);
            continue;
        }
        if (n_run++ > 0 && cli->format == FORMAT_HUMAN)
            (void)fputc('\n', cli->out);
        worst = worse(worst, status == WW_OK ? run(w, &order) : cli_fail(cli, status, &err));
    }
    return n_run + n_elsewhere > 0 || *cli->stop != 0 ? worst : say_none_open(cli);
}

int command_backfill_resume(struct cli *cli)
{
    struct backfill_work w = {0};
    struct backfill_rows list = {0};
    struct backfill_limits limits;
    struct ww_error err = {0};
    enum ww_status status;
    int said = backfill_read_limits(cli, &limits);

    if (said != EX_OK)
        return said;
    status =
        cli->n_words > 0 ? find_one(cli, &list, &err) : list_all(cli, BACKFILL_OPEN, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (list.n_rows == 0)
        return say_none_open(cli);
    if (check_contact(cli, &list, &err) != WW_OK) {
        (void)cli_fail(cli, WW_INVALID, &err);
        return EX_CONFIG;
    }
    said = backfill_work_open(&w, cli, &limits);
    if (said == EX_OK)
        said = resume_all(&w, &list);
    backfill_work_close(&w);
    return said;
}
