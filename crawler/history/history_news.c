/* history_news.c - a backfill from Common Crawl's news crawl. */
#include "crawler/history/history_parts.h"

#include "base/arena.h"
#include "base/limits.h"
#include "crawler/history/ccnews.h"

#include <stdio.h>

bool history_is_news(const struct backfill_row *order)
{
    return slice_equal(order->source, SLICE("ccnews"));
}

static bool may_ask(void *context)
{
    struct history *h = context;

    return history_is_stopped(h) || h->round.may_ask(h->round.context, true);
}

static struct ccnews_options options_of(struct history *h)
{
    const struct backfill_row *order = h->order;

    return (struct ccnews_options){
        .means = {.crawl = h->options->crawl,
                  .clock = h->clock,
                  .log = h->log,
                  .pause_ms = order->delay_ms > CCNEWS_PAUSE_MS ? order->delay_ms : 0,
                  .requests_max = order->budget > 0 ? order->budget - order->n_requests : 0,
                  .may_ask = may_ask,
                  .context = h},
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
    const struct ccnews_options news_options = options_of(h);
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
    status = ccnews_documents(b, &news_options, &news, &why);
    finished = backfill_finish(b, err);
    backfill_close(b);
    h->n_done = h->progress.n_done;
    return finished == WW_OK ? settle(h, status, &news, &why, err) : finished;
}

enum ww_status history_plan_news(struct history *h, struct history_plan *out, struct ww_error *err)
{
    const struct ccnews_options options = options_of(h);
    const int64_t part_ms =
        options.means.pause_ms > CCNEWS_PART_MS ? options.means.pause_ms : (int64_t)CCNEWS_PART_MS;
    struct ccnews_summary news = {0};
    enum ww_status status = ccnews_count(&options, &news, err);

    h->order->n_requests += news.n_requests;
    h->order->n_bytes += news.n_bytes;
    if (status != WW_OK)
        return status;
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
