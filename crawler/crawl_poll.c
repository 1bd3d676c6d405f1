/*
 * crawl_poll.c - how a feed is asked: with which validators, when again, and at which address.
 */
#include "crawler/crawl_parts.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "crawler/schedule.h"
#include "feeds/feed.h"

/* ---- the question --------------------------------------------------------------------------- */

/* Validators go back to the address that gave them, and to no other on the way there. */
void poll_prepare(struct crawl *c, struct job *job, struct fetch_request *request)
{
    const struct feed_row *feed = &job->feed;
    const bool has_validators = feed->etag.len > 0 || feed->last_modified.len > 0;
    const bool is_theirs = slice_equal(feed->validators_url, slice_from(job->url));

    job->is_full = has_validators && is_theirs &&
                   schedule_wants_full(clock_now(c->clock), feed->id, feed->full_at, feed->n_lies);
    job->is_conditional = has_validators && is_theirs && !job->is_full;
    job->is_astray = has_validators && !is_theirs;
    if (!job->is_conditional)
        return;
    request->etag = feed->etag;
    request->last_modified = feed->last_modified;
}

/* ---- validators ----------------------------------------------------------------------------- */

static struct slice validator(const struct job *job, const char *name)
{
    struct slice value = fetch_header(&job->answer, name);

    return value.len <= VALIDATOR_MAX_BYTES ? value : (struct slice){"", 0};
}

int64_t poll_body_hash(const struct job *job)
{
    /* With its address: what is relative in it leads elsewhere from another one. */
    return (int64_t)hash64_mix(hash64(buf_slice(&job->answer.body)), hash64(slice_from(job->url)));
}

/*
 * A feed that was asked in whole, though its server had said "not modified" until then. What it had
 * kept back is a lie when the validators are still the same, and a suspicion when they are not: it
 * may have come just now. Distrust passes, a point for each time that nothing was kept back.
 */
static void judge(const struct job *job, struct feed_row *feed, struct slice etag,
                  struct slice modified, bool has_news)
{
    if (!job->is_full)
        return;
    if (has_news)
        feed->n_lies +=
            slice_equal(feed->etag, etag) && slice_equal(feed->last_modified, modified) ? 2 : 1;
    else if (feed->n_lies > 0)
        feed->n_lies--;
    if (feed->n_lies > FEED_DISTRUST_MAX)
        feed->n_lies = FEED_DISTRUST_MAX;
}

void poll_take_validators(struct crawl *c, struct job *job, bool has_news)
{
    struct feed_row *feed = &job->feed;
    struct slice etag = validator(job, "ETag"), modified = validator(job, "Last-Modified");

    judge(job, feed, etag, modified, has_news);
    feed->etag = etag;
    feed->last_modified = modified;
    feed->validators_url = slice_from(job->url);
    feed->body_hash = poll_body_hash(job);
    feed->full_at = clock_now(c->clock);
}

/* 304: what it says of itself now counts, and what it does not repeat stays. */
void poll_renew_validators(struct job *job)
{
    struct slice etag = validator(job, "ETag"), modified = validator(job, "Last-Modified");

    if (etag.len > 0)
        job->feed.etag = etag;
    if (modified.len > 0)
        job->feed.last_modified = modified;
}

/* ---- rhythm and wishes ---------------------------------------------------------------------- */

/* By the dates that the feed gives; else by when its entries were first seen here. */
static enum ww_status learn_rhythm(struct crawl *c, struct job *job, const struct feed *feed,
                                   struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    const struct store_window newest = {.limit = RHYTHM_ENTRIES};
    int64_t *times = arena_alloc(&job->arena, (feed->n_entries + 1) * sizeof(*times));
    int64_t seen[RHYTHM_ENTRIES];
    struct entry_list list = {0};
    size_t n = 0;
    enum ww_status status = arena_check(&job->arena, err);

    for (size_t i = 0; status == WW_OK && i < feed->n_entries; i++) {
        int64_t at = entries_believed(&feed->entries[i].published, now);

        if (at == 0)
            at = entries_believed(&feed->entries[i].updated, now);
        if (at > 0 && at <= now)
            times[n++] = at;
    }
    if (status != WW_OK)
        return status;
    job->feed.rhythm_s = schedule_rhythm(times, n);
    if (job->feed.rhythm_s > 0)
        return WW_OK;
    status = store_list_entries(c->store, job->id, &newest, &job->arena, &list, err);
    for (n = 0; status == WW_OK && n < list.n_rows; n++)
        seen[n] = list.rows[n].first_seen_at;
    job->feed.rhythm_s = status == WW_OK ? schedule_rhythm(seen, n) : 0;
    return status;
}

enum ww_status poll_learn(struct crawl *c, struct job *job, const struct feed *feed, bool has_news,
                          struct ww_error *err)
{
    struct feed_row *row = &job->feed;
    int64_t asked_s = feed->update_period_s;

    if (asked_s < MAX_AGE_MAX_S && feed->ttl_minutes > asked_s / 60)
        asked_s = feed->ttl_minutes < MAX_AGE_MAX_S / 60 ? feed->ttl_minutes * 60 : MAX_AGE_MAX_S;
    row->asked_interval_s = asked_s < MAX_AGE_MAX_S ? asked_s : MAX_AGE_MAX_S;
    row->skip_hours = feed->skip_hours;
    row->skip_days = feed->skip_days;
    row->format = slice_from(feed->format);
    if (slice_equal(row->format, SLICE("sitemap-index"))) /* that of its sitemaps, when they tell */
        return WW_OK;
    return has_news || row->rhythm_s == 0 ? learn_rhythm(c, job, feed, err) : WW_OK;
}

/* ---- when again ----------------------------------------------------------------------------- */

static int64_t max_age(struct job *job, int64_t now)
{
    /* Server and application often send one each. */
    return schedule_max_age(now, fetch_header_list(&job->answer, "Cache-Control", &job->arena),
                            fetch_header(&job->answer, "Expires"),
                            fetch_header(&job->answer, "Date"));
}

/* Can the next request be? Not by a feed that is somewhere else each time. */
static bool may_be_conditional(const struct job *job)
{
    return (job->feed.etag.len > 0 || job->feed.last_modified.len > 0) && !job->is_astray;
}

void poll_succeeded(struct crawl *c, struct job *job, bool has_news)
{
    const int64_t now = clock_now(c->clock);
    struct feed_row *feed = &job->feed;
    struct schedule_input when;

    c->summary->n_feeds++;
    c->summary->n_feeds_unchanged += !has_news;
    if (has_news)
        feed->last_new_at = now;
    when = (struct schedule_input){.now = now,
                                   .feed_id = feed->id,
                                   .min_interval_s = c->options->min_interval_s,
                                   .last_interval_s = feed->interval_s,
                                   .rhythm_s = feed->rhythm_s,
                                   .last_new_at = feed->last_new_at,
                                   .has_news = has_news,
                                   .is_conditional = may_be_conditional(job),
                                   .max_age_s = max_age(job, now),
                                   .asked_interval_s = feed->asked_interval_s,
                                   .skip_hours = (uint32_t)feed->skip_hours,
                                   .skip_days = (uint32_t)feed->skip_days};
    feed->next_due_at = schedule_feed(&when, &feed->interval_s);
    feed->last_checked_at = feed->last_ok_at = now;
    feed->n_failures = feed->first_failed_at = feed->weight = 0;
    feed->last_failure = FEED_FAILURE_NONE;
    feed->last_error = (struct slice){"", 0};
    feed->last_status = job->answer.http_status;
}

int64_t poll_retry_at(const struct crawl *c, const struct feed_row *feed, struct job *job)
{
    const int64_t now = clock_now(c->clock);
    const struct schedule_failure when = {.now = now,
                                          .feed_id = feed->id,
                                          .min_interval_s = c->options->min_interval_s,
                                          .last_interval_s = feed->interval_s,
                                          .n_failures = feed->n_failures,
                                          .failing_since = feed->first_failed_at,
                                          .max_age_s = job != NULL ? max_age(job, now) : 0,
                                          .skip_hours = (uint32_t)feed->skip_hours,
                                          .skip_days = (uint32_t)feed->skip_days};
    int64_t at = schedule_feed_retry(&when);

    /* Its host has asked for a pause: Retry-After. */
    return job != NULL && at < job->host->row.not_before ? job->host->row.not_before : at;
}

/* ---- at which address ----------------------------------------------------------------------- */

/* Where lasting redirects alone lead, to a feed: seen once more. */
static void note_redirect(struct job *job, int64_t now)
{
    struct feed_row *feed = &job->feed;
    struct slice to = slice_from(job->url);

    if (job->n_redirects == 0 || !job->is_permanent || to.len > LISTED_URL_MAX_BYTES) {
        feed->new_url = (struct slice){"", 0};
        feed->new_url_since = feed->n_new_url_seen = 0;
    } else if (slice_equal(feed->new_url, to)) {
        feed->n_new_url_seen++;
    } else {
        feed->new_url = to;
        feed->new_url_since = now;
        feed->n_new_url_seen = 1;
    }
}

enum ww_status poll_follow_move(struct crawl *c, struct job *job, struct slice *message,
                                struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    struct feed_row *feed = &job->feed;
    struct feed_row other = {0};
    enum ww_status status;

    note_redirect(job, now);
    if (feed->n_new_url_seen < NEW_URL_SIGHTINGS_MIN ||
        now - feed->new_url_since < NEW_URL_AGE_MIN_S)
        return WW_OK;
    status = store_feed_by_url(c->store, feed->new_url, &job->arena, &other, err);
    if (status == WW_OK) { /* two subscriptions to one feed: the analyst's to settle */
        *message = arena_printf(&job->arena, "moved for good to the address of feed %lld: %.*s",
                                (long long)other.id, SLICE_ARG(feed->new_url));
        return arena_check(&job->arena, err);
    }
    if (status != WW_NOT_FOUND)
        return status;
    feed->url = feed->new_url;
    feed->new_url = (struct slice){"", 0};
    feed->new_url_since = feed->n_new_url_seen = 0;
    *message = arena_printf(&job->arena, "moved for good, and followed: now at %.*s",
                            SLICE_ARG(feed->url));
    log_event(c->log, LOG_INFO, "feed", "id=%lld moved=%.*s", (long long)feed->id,
              SLICE_ARG(feed->url));
    /* This drops what polling knows; the check that follows writes it again. */
    status = store_update_feed(c->store, feed, err);
    return status == WW_OK ? arena_check(&job->arena, err) : status;
}

/* ---- what the server said ------------------------------------------------------------------- */

struct slice poll_said(const struct fetch_answer *answer, struct arena *arena)
{
    static const char *const names[] = {"Content-Type",  "ETag",    "Last-Modified",
                                        "Cache-Control", "Expires", "Retry-After",
                                        "Location",      "Server"};
    struct slice rest = buf_slice(&answer->head), first = {"", 0}, said;
    struct buf b;

    if (answer->http_status == 0)
        return first;
    buf_init(&b, (size_t)WW_COUNT(names) * 8 * SAID_LINE_MAX_BYTES);
    (void)slice_next_line(&rest, &first);
    text_add_visible(&b, text_clean(text_cut(slice_trim(first), SAID_LINE_MAX_BYTES), arena));
    for (size_t i = 0; i < WW_COUNT(names); i++) {
        struct slice value = text_cut(fetch_header(answer, names[i]), SAID_LINE_MAX_BYTES);

        if (value.len == 0)
            continue;
        buf_printf(&b, "\n%s: ", names[i]);
        text_add_visible(&b, text_clean(value, arena));
    }
    said = arena_copy(arena, text_cut(buf_slice(&b), SAID_MAX_BYTES));
    buf_release(&b);
    return said;
}
