/* history_news.c - a backfill from Common Crawl's news crawl. */
#include "crawler/history/history_parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/url.h"
#include "crawler/history/ccnews.h"
#include "crawler/pace.h"
#include "storage/store_hosts.h"
#include "storage/store_leases.h"

#include <stdio.h>

/* A name, and the row of a host, without its robots text. */
#define HOST_ARENA_MAX_BYTES ((size_t)64 * 1024)
/* One that another machine asks. */
#define HOST_AWAY_MS 500

bool history_is_news(const struct backfill_row *order)
{
    return slice_equal(order->source, SLICE("ccnews"));
}

static bool may_ask(void *context)
{
    struct history *h = context;

    return history_is_stopped(h) || h->round.may_ask(h->round.context, true);
}

/* ---- its host ---------------------------------------------------------------------------------
 */

/* Ours for each request, as any that is asked for a backfill; between two others may have it. */
struct news_host {
    struct history *h;
    struct slice name;
    struct arena arena, row_arena;
    struct host_row row;
    int64_t asked_at; /* by us; 0: not yet */
};

static void open_host(struct news_host *n, struct history *h)
{
    *n = (struct news_host){.h = h};
    arena_init(&n->arena, HOST_ARENA_MAX_BYTES);
    arena_init(&n->row_arena, HOST_ARENA_MAX_BYTES);
    n->name = url_host(h->options->bases.commoncrawl_data, &n->arena);
}

static void close_host(struct news_host *n)
{
    arena_release(&n->row_arena);
    arena_release(&n->arena);
}

static int64_t pause_ms(const struct history *h)
{
    return h->order->delay_ms > CCNEWS_PAUSE_MS ? h->order->delay_ms : CCNEWS_PAUSE_MS;
}

/* What another's last request leaves of our pause, or of his; our own is reckoned by the reader. */
static int64_t pause_left_ms(const struct news_host *n)
{
    const int64_t own_ms = pause_ms(n->h);

    if (n->row.last_start_at == n->asked_at)
        return 0;
    return pace_left_ms(n->row.last_start_at, n->row.delay_ms > own_ms ? n->row.delay_ms : own_ms,
                        clock_now_ms(n->h->clock));
}

/* What it asked for itself, of whomever; so far ahead only a clock that was wrong says. */
static int64_t rest_left_ms(const struct news_host *n)
{
    const int64_t left_s = n->row.not_before - clock_now(n->h->clock);

    return left_s > 0 && left_s <= RETRY_AFTER_MAX_S ? left_s * 1000 : 0;
}

static enum ww_status let_go(void *context, int64_t not_before, struct ww_error *err)
{
    struct news_host *n = context;

    if (n->row.not_before < not_before)
        n->row.not_before = not_before;
    n->row.last_start_at = n->asked_at = clock_now(n->h->clock);
    n->row.delay_ms = pause_ms(n->h);
    return store_release_host(n->h->store, &n->row, err);
}

static enum ww_status lease(void *context, int64_t *wait_ms, struct ww_error *err)
{
    struct news_host *n = context;
    bool is_mine = false;
    enum ww_status status;

    arena_reset(&n->row_arena);
    status = store_claim_host(n->h->store, n->name, clock_now(n->h->clock), pause_ms(n->h),
                              &n->row_arena, &n->row, &is_mine, err);
    if (status != WW_OK)
        return status;
    *wait_ms = is_mine ? pause_left_ms(n) : HOST_AWAY_MS;
    if (is_mine && *wait_ms < rest_left_ms(n))
        *wait_ms = rest_left_ms(n);
    /* Nobody knows whether it may be asked when the pause is over. */
    return is_mine && *wait_ms > 0 ? store_release_host(n->h->store, &n->row, err) : WW_OK;
}

static struct ccnews_options options_of(struct history *h, struct news_host *host)
{
    const struct backfill_row *order = h->order;

    return (struct ccnews_options){
        .means = {.crawl = h->options->crawl,
                  .clock = h->clock,
                  .log = h->log,
                  .pause_ms = pause_ms(h),
                  .requests_max = order->budget > 0 ? order->budget - order->n_requests : 0,
                  .may_ask = may_ask,
                  .context = h,
                  .lease = lease,
                  .let_go = let_go,
                  .lease_context = host},
        .order = order,
        .store = h->store,
        .base = h->options->bases.commoncrawl_data
    };
}

/* A server that does not want to be asked, or cannot be, is no failure of ours: it waits. */
static enum ww_status settle(struct history *h, enum ww_status status,
                             const struct ccnews_summary *news, const struct ww_error *why,
                             struct ww_error *err)
{
    h->order->n_requests += news->n_requests;
    h->order->n_bytes += news->n_bytes;
    if (status != WW_OK && status != WW_REFUSED && status != WW_UNREACHABLE)
        return ww_fail(err, status, "%s", why->message);
    h->has_documents_left = status != WW_OK || news->was_stopped;
    if (status != WW_OK) {
        (void)snprintf(h->round.refusal, sizeof(h->round.refusal), "%.150s", why->message);
        h->order->message = slice_from(h->round.refusal);
    } else if (history_is_over_budget(h)) {
        h->order->message = SLICE("its budget of requests is spent");
    }
    return WW_OK;
}

enum ww_status history_news(struct history *h, struct ww_error *err)
{
    struct ccnews_options news_options;
    struct news_host host;
    const struct backfill_options options = {.provenance = h->order->source,
                                             .rules = h->options->crawl->rules,
                                             /* They lie on no disk of ours: as pages. */
                                             .keeps_files = h->options->crawl->keeps_pages,
                                             .since_at = h->order->since_at,
                                             .until_at = h->order->until_at,
                                             .backfill_id = h->order->id,
                                             .is_claimed = h->is_claimed,
                                             .stop = h->options->crawl->stop,
                                             .progress = history_show_documents,
                                             .context = h};
    struct ccnews_summary news = {0};
    struct backfill_summary summary;
    struct backfill *b = NULL;
    struct ww_error why = {0};
    enum ww_status status, finished;

    if (history_is_over_budget(h)) {
        h->has_documents_left = true;
        h->order->message = SLICE("its budget of requests is spent");
        return WW_OK;
    }
    status = backfill_open(&options, h->store, h->workers, h->clock, h->log, &summary, &b, err);
    if (status != WW_OK)
        return status;
    open_host(&host, h);
    news_options = options_of(h, &host);
    status = ccnews_documents(b, &news_options, &news, &why);
    finished = backfill_finish(b, err);
    backfill_close(b);
    close_host(&host);
    h->n_done = h->progress.n_done;
    return finished == WW_OK ? settle(h, status, &news, &why, err) : finished;
}

enum ww_status history_plan_news(struct history *h, struct history_plan *out, struct ww_error *err)
{
    const int64_t part_ms = pause_ms(h) > CCNEWS_PART_MS ? pause_ms(h) : (int64_t)CCNEWS_PART_MS;
    struct ccnews_summary news = {0};
    struct ccnews_options options;
    struct news_host host;
    struct ww_error why = {0};
    enum ww_status status;

    open_host(&host, h);
    options = options_of(h, &host);
    status = ccnews_count(&options, &news, &why);
    close_host(&host);
    h->order->n_requests += news.n_requests;
    h->order->n_bytes += news.n_bytes;
    if (status != WW_OK) /* a server that does not want to be asked now may want it later */
        return ww_fail(err, status == WW_REFUSED ? WW_UNREACHABLE : status, "%s", why.message);
    out->n_lists_read = news.n_months;
    out->n_lists_left = news.n_files;
    out->is_estimate = true;
    out->n_requests = news.n_files * CCNEWS_FILE_REQUESTS;
    out->rate_per_minute = 60000 / part_ms;
    out->takes_s = out->n_requests * part_ms / 1000;
    out->slowest = options.base;
    out->n_hosts = 1;
    return history_write_order(h, err);
}
