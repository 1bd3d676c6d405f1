/*
 * crawl_health.c - how a feed is after each check, and the troubles that begin and end with it.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "feeds/feed.h"
#include "storage/store_troubles.h"

void health_count(struct feed_row *feed, const struct job *job, const struct ww_error *why,
                  int64_t now)
{
    struct health_fault fault = {.status = why->status};

    if (job != NULL) {
        fault.http_status = job->answer.http_status;
        fault.is_dark = job->answer.is_dark;
        /* Of an answer that was not to be read its status says more than we do. */
        if (job->answer.status == WW_OK && fault.http_status > 0 && fault.http_status != 200)
            fault.status = WW_OK;
    }
    feed->last_failure = health_failure(&fault);
    feed->weight += health_weight(feed->last_failure);
    feed->n_failures++;
    if (feed->first_failed_at == 0)
        feed->first_failed_at = now;
}

void health_date_news(struct feed_row *row, const struct feed *feed)
{
    int64_t newest = 0;

    for (size_t i = 0; i < feed->n_entries; i++) {
        const struct entry *e = &feed->entries[i];
        const int64_t published = entries_believed(&e->published, row->last_checked_at);
        const int64_t at =
            published != 0 ? published : entries_believed(&e->updated, row->last_checked_at);

        if (at > newest)
            newest = at;
    }
    if (newest != 0 && newest < row->last_new_at)
        row->last_new_at = newest;
}

/* ---- troubles ------------------------------------------------------------------------------- */

static enum ww_status note(struct crawl *c, const struct feed_row *feed, enum trouble_kind kind,
                           int64_t began_at, bool persists, struct slice message,
                           struct ww_error *err)
{
    const struct trouble_row row = {.feed_id = feed->id,
                                    .kind = kind,
                                    .began_at = began_at,
                                    .persists_since = persists ? feed->last_checked_at : 0,
                                    .message = message};

    return store_note_trouble(c->store, &row, err);
}

static enum ww_status end(struct crawl *c, const struct feed_row *feed, enum trouble_kind kind,
                          enum trouble_ending ending, struct ww_error *err)
{
    return store_end_trouble(c->store, feed->id, kind, feed->last_checked_at, ending, err);
}

/* 410: of what failed or was silent nothing is left to end well. */
static enum ww_status is_gone(struct crawl *c, const struct feed_row *feed, struct ww_error *err)
{
    enum ww_status status = end(c, feed, TROUBLE_FAILING, TROUBLE_IS_GONE, err);

    if (status == WW_OK)
        status = end(c, feed, TROUBLE_STALE, TROUBLE_IS_GONE, err);
    return status == WW_OK
               ? note(c, feed, TROUBLE_GONE, feed->last_checked_at, true, feed->last_error, err)
               : status;
}

/* A stale feed that fails is still without news: only a good answer can end either. */
static enum ww_status is_answering(struct crawl *c, const struct feed_row *feed,
                                   enum feed_health before, struct ww_error *err)
{
    const int64_t quiet_since = feed->last_new_at > 0 ? feed->last_new_at : feed->added_at;
    enum ww_status status = WW_OK;

    if (before == FEED_HEALTH_RETRYING || before == FEED_HEALTH_FAILING)
        status = end(c, feed, TROUBLE_FAILING, TROUBLE_RECOVERED, err);
    if (status != WW_OK)
        return status;
    if (feed->health == FEED_HEALTH_STALE)
        return before == FEED_HEALTH_STALE
                   ? WW_OK
                   : note(c, feed, TROUBLE_STALE, quiet_since, true, (struct slice){"", 0}, err);
    return before == FEED_HEALTH_OK ? WW_OK : end(c, feed, TROUBLE_STALE, TROUBLE_RECOVERED, err);
}

/* A line in the log when the word changes for good or back. */
static void report(struct crawl *c, const struct feed_row *feed, enum feed_health before)
{
    const bool is_bad = feed->state == FEED_STATE_GONE || feed->health == FEED_HEALTH_FAILING ||
                        feed->health == FEED_HEALTH_STALE;
    const bool was_bad = before == FEED_HEALTH_FAILING || before == FEED_HEALTH_STALE;

    if (feed->state != FEED_STATE_GONE && feed->health == before)
        return;
    c->summary->n_troubles += is_bad;
    c->summary->n_recovered += was_bad && feed->health == FEED_HEALTH_OK;
    if (is_bad || was_bad)
        log_event(c->log, is_bad ? LOG_WARN : LOG_INFO, "health",
                  "id=%lld url=%.*s health=%s%s%.*s", (long long)feed->id, SLICE_ARG(feed->url),
                  feed_health_name(feed), feed->last_error.len > 0 ? " error=" : "",
                  SLICE_ARG(feed->last_error));
}

enum ww_status health_keep(struct crawl *c, const struct feed_row *feed,
                           struct feed_check_row *check, struct ww_error *err)
{
    const enum feed_health before = feed->health;
    struct feed_row now = *feed;
    enum ww_status status;

    now.health = health_judge(feed, clock_now(c->clock));
    check->failure = now.last_failure;
    status = store_add_feed_check(c->store, &now, check, err);
    if (status == WW_OK && now.state == FEED_STATE_GONE)
        status = is_gone(c, &now, err);
    else if (status == WW_OK && now.n_failures > 0)
        status = note(c, &now, TROUBLE_FAILING, now.first_failed_at,
                      now.health == FEED_HEALTH_FAILING, now.last_error, err);
    else if (status == WW_OK)
        status = is_answering(c, &now, before, err);
    if (status == WW_OK)
        report(c, &now, before);
    return status;
}
