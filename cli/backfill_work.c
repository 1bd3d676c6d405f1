/* backfill_work.c - a backfill at work: its options, its bar, and matching between its rounds. */
#include "cli/backfill_work.h"

#include "alerts/headline.h"
#include "alerts/mentions.h"
#include "cli/away.h"
#include "cli/desk.h"
#include "crawler/workers.h"
#include "storage/store.h"
#include "storage/store_history.h"
#include "storage/store_locks.h"

#include <inttypes.h>
#include <sysexits.h>

/* Pass 2 reads the whole list anew: not with each round, and not too seldom either. */
#define SCAN_EVERY_MS 60000
/* So long it is kept from others, and so long they have to take it. */
#define SCAN_HOLD_MS 10000
#define SCAN_PAUSE_MS 1000
/* At the end, when nothing else is to be done. */
#define ALERTS_WAIT_MS 30000
#define TITLE_ARENA_MAX ((size_t)64 * 1024 * 1024)

/* ---- what the engine asks back --------------------------------------------------------------- */

/*
 * What titles miss is measured on one page in a hundred. An address whose title cannot be judged is
 * fetched: that costs a request, and the other way would lose an article without a word.
 */
static bool wants(void *context, struct slice title, struct slice url)
{
    struct backfill_work *w = context;
    enum headline_verdict verdict = HEADLINE_SPEAKS;

    if (w->engine == NULL || headline_is_sample(url))
        return true;
    arena_reset(&w->titles);
    if (headline_judge(w->engine, title, url, &w->titles, &verdict, NULL) != WW_OK)
        return true;
    return verdict != HEADLINE_PASSED;
}

static void show_progress(void *context, const struct history_progress *so_far)
{
    struct backfill_work *w = context;
    char *note = w->note;
    int n = snprintf(note, sizeof(w->note), "%" PRId64 " new  %" PRId64 " known",
                     so_far->n_articles, so_far->n_known);

    if (so_far->n_failed > 0 && n > 0)
        n += snprintf(note + n, sizeof(w->note) - (size_t)n, "  %" PRId64 " failed",
                      so_far->n_failed);
    if (so_far->n_lists_left > 0 && n > 0)
        (void)snprintf(note + n, sizeof(w->note) - (size_t)n, "  %" PRId64 " list%s to read",
                       so_far->n_lists_left, so_far->n_lists_left == 1 ? "" : "s");
    w->progress.total = so_far->n_total;
    w->progress.waits_for = so_far->waits_for;
    w->progress.waits_until_ms = so_far->waits_until;
    w->has_progress = true;
    w->done = so_far->n_done;
    progress_show(&w->progress, so_far->n_done, note);
}

/* ---- matching -------------------------------------------------------------------------------- */

static void look_at_time(void *context, int64_t id, int64_t last_id)
{
    struct backfill_work *w = context;

    WW_UNUSED(id);
    WW_UNUSED(last_id);
    if (*w->cli->stop != 0 || clock_monotonic_ms(&w->cli->clock) - w->scanned_ms >= SCAN_HOLD_MS)
        w->is_scan_over = 1;
}

/* What is mentioned, and then which pages go into our archive. *is_left: there is more. */
static enum ww_status scan_some(struct backfill_work *w, bool *is_left, struct ww_error *err)
{
    struct cli *cli = w->cli;
    struct scan_options options = {.folder = cli->config.watchlist,
                                   .max_age_s = cli->config.max_age_s,
                                   .stop = &w->is_scan_over,
                                   .progress = look_at_time,
                                   .context = w};
    struct scan_summary scanned;
    enum ww_status status;

    w->scanned_ms = clock_monotonic_ms(&cli->clock);
    w->is_scan_over = 0;
    status = scan_run(cli->store, &w->watchlist, &options, &cli->clock, &cli->log, &scanned, err);
    *is_left = w->is_scan_over != 0 && *cli->stop == 0;
    if (status == WW_OK && !*is_left && *cli->stop == 0)
        status = desk_keep_pages(cli, err);
    return status;
}

/*
 * Pass 2 is one among all, and mail waits for it: it is taken for a while, and given to who waits.
 * Whoever keeps it longer finds what came here, or the next run does.
 */
static enum ww_status scan(struct backfill_work *w, int64_t wait_ms, struct ww_error *err)
{
    struct cli *cli = w->cli;
    bool is_left = true;
    enum ww_status status = WW_OK;

    while (status == WW_OK && is_left && *cli->stop == 0) {
        status = desk_take_lock(cli, LOCK_ALERTS, wait_ms, err);
        if (status == WW_OK)
            status = scan_some(w, &is_left, err);
        store_unlock(cli->store, LOCK_ALERTS);
        if (status == WW_OK && is_left)
            clock_sleep_ms(&cli->clock, SCAN_PAUSE_MS);
    }
    w->scanned_ms = clock_monotonic_ms(&cli->clock);
    if (status != WW_CONFLICT)
        return status;
    log_event(&cli->log, LOG_INFO, "alerts", "left to others: %s", err->message);
    *err = (struct ww_error){0};
    return WW_OK;
}

static enum ww_status rest(void *context, struct ww_error *err)
{
    struct backfill_work *w = context;

    if (clock_monotonic_ms(&w->cli->clock) - w->scanned_ms < SCAN_EVERY_MS)
        return WW_OK;
    return scan(w, 0, err);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static void set_options(struct backfill_work *w)
{
    struct cli *cli = w->cli;
    const struct config *c = &cli->config;

    w->crawl = desk_crawl_options(cli);
    w->crawl.rules = &w->rules;
    w->options = (struct history_options){
        .crawl = &w->crawl,
        .bases = {.wayback = c->wayback,
                  .commoncrawl_index = c->commoncrawl_index,
                  .commoncrawl_data = c->commoncrawl_data,
                  .mediacloud = c->mediacloud,
                  .gdelt = c->gdelt},
        .hours = c->backfill_hours,
        .timezone = c->timezone,
        .keeps_files =
            c->keep_files == ANSWER_YES && (c->keep_pages_s > 0 || c->archive_keep != ARCHIVE_NONE),
        .waits = !cli_has(cli, OPTION_NO_WAIT),
        .wants = wants,
        .progress = show_progress,
        .rest = rest,
        .context = w
    };
}

int backfill_work_open(struct backfill_work *w, struct cli *cli,
                       const struct backfill_limits *limits)
{
    struct ww_error err = {0};
    enum ww_status status;

    *w = (struct backfill_work){.cli = cli, .limits = *limits};
    arena_init(&w->titles, TITLE_ARENA_MAX);
    progress_begin(&w->progress, cli, 0);
    status = watchlist_read(arena_string(&cli->arena, cli->config.watchlist), &cli->arena,
                            &w->watchlist, &err);
    if (status == WW_OK)
        status = desk_read_rules(cli, &w->rules, &err);
    if (status != WW_OK) {
        (void)cli_fail(cli, status, &err);
        return EX_CONFIG;
    }
    set_options(w);
    status = desk_take_lock(cli, LOCK_BACKFILL, limits->lock_wait_ms, &err);
    if (status == WW_OK)
        status = workers_open(cli->forkserver, 0, &w->workers, &err);
    w->scanned_ms = clock_monotonic_ms(&cli->clock);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

void backfill_work_close(struct backfill_work *w)
{
    workers_close(w->workers);
    store_unlock(w->cli->store, LOCK_BACKFILL);
    arena_release(&w->titles);
    w->workers = NULL;
}

enum ww_status backfill_work_titles(struct backfill_work *w, struct ww_error *err)
{
    return w->engine != NULL ? WW_OK
                             : mentions_open(&w->watchlist, &w->cli->arena, &w->engine, err);
}

enum ww_status backfill_work_take(struct backfill_work *w, struct backfill_row *order,
                                  bool *is_others, struct ww_error *err)
{
    struct cli *cli = w->cli;
    enum ww_status status = history_take(cli->store, order->id, &cli->arena, order, is_others, err);

    if (status == WW_OK)
        backfill_put_limits(&w->limits, order);
    return status;
}

static void end_progress(struct backfill_work *w)
{
    if (w->has_progress)
        progress_end(&w->progress, w->done, w->note);
    w->has_progress = false;
}

enum ww_status backfill_work_run(struct backfill_work *w, struct backfill_row *order,
                                 struct ww_error *err)
{
    struct cli *cli = w->cli;
    bool is_others;
    enum ww_status status = order->matches_first ? backfill_work_titles(w, err) : WW_OK;

    while (status == WW_OK) {
        status =
            history_run(&w->options, cli->store, w->workers, &cli->clock, &cli->log, order, err);
        if (status == WW_OK && *cli->stop == 0)
            status = scan(w, ALERTS_WAIT_MS, err);
        if (!away_is_over(cli, status, &w->n_away, err))
            break;
        /* Anew, from what is stored of it: its end, too, if only the answer to that was lost. */
        status = history_take(cli->store, order->id, &cli->arena, order, &is_others, err);
        if (status == WW_NOT_FOUND) {
            status = WW_OK;
            break;
        }
    }
    end_progress(w);
    return status;
}

enum ww_status backfill_work_plan(struct backfill_work *w, struct backfill_row *order,
                                  int64_t requests_max, struct history_plan *out,
                                  struct ww_error *err)
{
    struct cli *cli = w->cli;
    enum ww_status status = order->matches_first ? backfill_work_titles(w, err) : WW_OK;

    if (status == WW_OK)
        status = history_plan(&w->options, cli->store, w->workers, &cli->clock, &cli->log, order,
                              requests_max, &cli->arena, out, err);
    end_progress(w);
    return status;
}
