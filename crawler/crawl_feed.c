/*
 * crawl_feed.c - what an answer means for a feed: unchanged, moved, gone, failed, or new entries.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/parse.h"
#include "crawler/schedule.h"
#include "feeds/feed.h"

#define FEED_TYPES                                                     \
    "application/atom+xml, application/rss+xml, application/rdf+xml, " \
    "application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"

enum ww_status feed_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err)
{
    enum ww_status status = store_feed(c->store, job->id, &job->arena, &job->feed, err);

    if (status == WW_NOT_FOUND || (status == WW_OK && job->feed.state != FEED_STATE_ACTIVE)) {
        *goes = false; /* taken away while it waited */
        crawl_drop_job(c, job);
        return WW_OK;
    }
    request->accept = FEED_TYPES;
    request->etag = job->feed.etag;
    request->last_modified = job->feed.last_modified;
    return status;
}

/* ---- what is written ------------------------------------------------------------------------ */

/* One check and the feed's row, in the open transaction. */
static enum ww_status write_check(struct crawl *c, const struct feed_row *feed,
                                  const struct job *job, enum feed_outcome outcome,
                                  int64_t n_entries, int64_t n_new, struct slice message,
                                  struct ww_error *err)
{
    struct feed_check_row check = {.feed_id = feed->id,
                                   .run_id = c->options->run_id,
                                   .at = feed->last_checked_at,
                                   .outcome = outcome,
                                   .http_status = feed->last_status,
                                   .n_entries = n_entries,
                                   .n_new = n_new,
                                   .duration_ms = job != NULL ? job->answer.duration_ms : 0,
                                   .body_bytes = job != NULL ? job->answer.received_bytes : 0,
                                   .message = message};

    log_event(c->log, outcome == FEED_CHECK_FAILED ? LOG_WARN : LOG_INFO, "feed",
              "id=%lld url=%.*s outcome=%s status=%lld new=%lld%s%.*s", (long long)feed->id,
              SLICE_ARG(feed->url), feed_outcome_name(outcome), (long long)feed->last_status,
              (long long)n_new, message.len > 0 ? " message=" : "", SLICE_ARG(message));
    return health_keep(c, feed, &check, err);
}

enum ww_status feed_failed(struct crawl *c, int64_t feed_id, long http_status, int64_t not_before,
                           const struct ww_error *why, struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    struct feed_row feed = {0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = crawl_write(c, err);
    if (status == WW_OK)
        status = store_feed(c->store, feed_id, &arena, &feed, err);
    if (status == WW_OK) {
        c->summary->n_feeds++;
        c->summary->n_feeds_failed++;
        health_count(&feed, &(struct health_fault){why->status, http_status, false}, now);
        feed.last_checked_at = now;
        feed.last_status = http_status;
        feed.last_error = slice_from(why->message);
        feed.next_due_at = schedule_feed_retry(now, feed_id, feed.n_failures, feed.first_failed_at);
        if (feed.next_due_at < not_before)
            feed.next_due_at = not_before;
        if (http_status == 410)
            feed.state = FEED_STATE_GONE;
        status = write_check(c, &feed, NULL, FEED_CHECK_FAILED, 0, 0, feed.last_error, err);
    }
    arena_release(&arena);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* ---- a good answer -------------------------------------------------------------------------- */

static struct slice validator(const struct job *job, const char *name)
{
    struct slice value = fetch_header(&job->answer, name);

    return value.len <= VALIDATOR_MAX_BYTES ? value : (struct slice){"", 0};
}

/* Where a lasting redirect leads is believed when it was seen often enough, over days. */
static void note_redirect(struct job *job, int64_t now)
{
    struct feed_row *feed = &job->feed;
    struct slice to = slice_from(job->url);

    if (job->n_redirects == 0 || !job->is_permanent) {
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

static enum ww_status adopt(struct crawl *c, struct job *job, int64_t now, struct ww_error *err)
{
    struct feed_row moved = job->feed;
    enum ww_status status;

    if (job->feed.n_new_url_seen < NEW_URL_SIGHTINGS_MIN ||
        now - job->feed.new_url_since < NEW_URL_AGE_MIN_S)
        return WW_OK;
    moved.url = job->feed.new_url;
    status = store_update_feed(c->store, &moved, err);
    log_event(c->log, LOG_INFO, "feed", "id=%lld moved=%.*s", (long long)moved.id,
              SLICE_ARG(moved.url));
    return status == WW_CONFLICT ? WW_OK : status; /* two subscriptions to one feed: leave them */
}

/* The polling part of the row after a good answer; the validators are the caller's business. */
static void succeed(struct crawl *c, struct job *job, const struct feed *parsed, bool has_news)
{
    const int64_t now = clock_now(c->clock);
    struct feed_row *feed = &job->feed;
    const struct schedule_input when = {
        .now = now,
        .feed_id = feed->id,
        .min_interval_s = c->options->min_interval_s,
        .last_interval_s = feed->interval_s,
        .has_news = has_news,
        .max_age_s = schedule_max_age(now, fetch_header(&job->answer, "Cache-Control"),
                                      fetch_header(&job->answer, "Expires")),
        .ttl_minutes = parsed != NULL ? parsed->ttl_minutes : 0,
        .update_period_s = parsed != NULL ? parsed->update_period_s : 0,
        .skip_hours = parsed != NULL ? parsed->skip_hours : 0,
        .skip_days = parsed != NULL ? parsed->skip_days : 0};

    c->summary->n_feeds++;
    c->summary->n_feeds_unchanged += !has_news;
    note_redirect(job, now);
    feed->next_due_at = schedule_feed(&when, &feed->interval_s);
    feed->last_checked_at = feed->last_ok_at = now;
    if (has_news)
        feed->last_new_at = now;
    feed->n_failures = feed->first_failed_at = feed->weight = 0;
    feed->last_failure = FEED_FAILURE_NONE;
    feed->last_error = (struct slice){"", 0};
    feed->last_status = job->answer.http_status;
}

/* 304: what it says of itself now counts, and what it does not repeat stays. */
static enum ww_status unchanged(struct crawl *c, struct job *job, struct ww_error *err)
{
    struct slice etag = validator(job, "ETag"), modified = validator(job, "Last-Modified");
    enum ww_status status = crawl_write(c, err);

    succeed(c, job, NULL, false);
    if (etag.len > 0)
        job->feed.etag = etag;
    if (modified.len > 0)
        job->feed.last_modified = modified;
    if (status == WW_OK)
        status =
            write_check(c, &job->feed, job, FEED_CHECK_UNCHANGED, 0, 0, (struct slice){"", 0}, err);
    return status == WW_OK ? adopt(c, job, clock_now(c->clock), err) : status;
}

enum ww_status feed_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err)
{
    const struct fetch_answer *answer = &job->answer;
    const bool was_conditional = job->feed.etag.len > 0 || job->feed.last_modified.len > 0;
    struct ww_error why = answer->error;
    enum ww_status status;

    /* The row may be gone from the arena: a redirect let go of it. */
    status = store_feed(c->store, job->id, &job->arena, &job->feed, err);
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    if (answer->status == WW_UNREACHABLE && !answer->had_contact)
        return crawl_blame_later(c, job, &why, err);
    if (answer->status == WW_OK && answer->http_status == 200) {
        *is_over = false;
        crawl_parse(c, job);
        return WW_OK;
    }
    if (answer->status == WW_OK && answer->http_status == 304 && was_conditional)
        return unchanged(c, job, err);
    if (answer->status == WW_OK && answer->http_status == 304)
        (void)ww_fail(&why, WW_INVALID, "status 304, though nothing was known of it");
    else if (answer->status == WW_OK && answer->http_status == 410)
        (void)ww_fail(&why, WW_INVALID, "status 410: gone for good");
    else if (answer->status == WW_OK)
        (void)ww_fail(&why, WW_INVALID, "status %ld", answer->http_status);
    return feed_failed(c, job->id, answer->http_status, job->host->row.not_before, &why, err);
}

/* ---- a feed that was read
 * -------------------------------------------------------------------------------- */

void feed_question(struct crawl *c, struct job *job)
{
    parse_request_feed(&c->request, buf_slice(&job->answer.body),
                       fetch_header(&job->answer, "Content-Type"), slice_from(job->url));
}

static bool body_ends(const struct job *job, const char *const *ends, size_t n)
{
    struct slice body = slice_trim(buf_slice(&job->answer.body));

    for (size_t i = 0; i < n; i++)
        if (slice_ends_nocase(body, slice_from(ends[i])))
            return true;
    return false;
}

/*
 * A feed cut in the middle is read as far as it goes, and looks like one that is merely malformed.
 * Its validators would say "304" of the part that we never saw: only a document that reaches its
 * end may bring new ones.
 */
static bool is_whole(const struct job *job, const struct feed *feed)
{
    static const char *const ends[] = {"</rss>",    "</feed>",         "</rdf:RDF>", "</channel>",
                                       "</urlset>", "</sitemapindex>", "}"};

    /* A file in gzip that was cut could not be unpacked. */
    return !feed->is_malformed || inflate_is_gzip(buf_slice(&job->answer.body)) ||
           body_ends(job, ends, WW_COUNT(ends));
}

/* What is kept of it: of a feed that was cut inside its last entry, all others. */
static struct feed whole_entries(const struct job *job, const struct feed *feed)
{
    static const char *const ends[] = {"</item>", "</entry>", "</url>", "</sitemap>"};
    struct feed kept = *feed;

    if (!is_whole(job, feed) && kept.n_entries > 0 && !body_ends(job, ends, WW_COUNT(ends)))
        kept.n_entries--; /* half an id or address would be another entry's */
    return kept;
}

/* Entries of a feed, links of a list, sitemaps of an index. */
static enum ww_status keep_entries(struct crawl *c, struct job *job, const struct feed *feed,
                                   int64_t *n_new, struct slice *note, struct ww_error *err)
{
    struct slice format = slice_from(feed->format);
    struct feed news;
    enum ww_status status;

    if (slice_equal(format, SLICE("sitemap-index")))
        return children_keep(c, job, feed, note, err);
    if (!slice_starts(format, SLICE("sitemap")) && job->feed.kind != FEED_KIND_PAGE)
        return entries_keep(c, job, feed, feed->n_entries, n_new, err);
    status = sources_pick(c, job, feed, &news, note, err);
    return status == WW_OK ? entries_keep(c, job, &news, feed->n_entries, n_new, err) : status;
}

static enum ww_status keep_feed(struct crawl *c, struct job *job, const struct feed *feed,
                                struct ww_error *err)
{
    int64_t n_new = 0;
    struct slice message = {"", 0};
    const struct feed kept = whole_entries(job, feed);
    enum ww_status status = crawl_write(c, err);

    if (status == WW_OK)
        status = keep_entries(c, job, &kept, &n_new, &message, err);
    c->summary->n_entries_new += n_new;
    succeed(c, job, feed, n_new > 0);
    if (is_whole(job, feed)) {
        job->feed.etag = validator(job, "ETag");
        job->feed.last_modified = validator(job, "Last-Modified");
    } else {
        message = SLICE("cut off before its end; read as far as it goes");
    }
    if (message.len == 0 && feed->n_dropped > 0)
        message = arena_printf(&job->arena, "%zu entries more than are kept", feed->n_dropped);
    if (message.len == 0 && feed->is_malformed)
        message = SLICE("malformed, but readable");
    if (status == WW_OK)
        status = write_check(c, &job->feed, job, FEED_CHECK_OK, (int64_t)kept.n_entries, n_new,
                             message, err);
    if (status == WW_OK && job->feed.title.len == 0 && feed->title.len > 0) {
        job->feed.title = feed->title;
        status = store_update_feed(c->store, &job->feed, err);
    }
    return status == WW_OK ? adopt(c, job, clock_now(c->clock), err) : status;
}

enum ww_status feed_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           struct ww_error *err)
{
    struct feed feed = {0};
    struct slice charset = {"", 0};
    struct ww_error why = answer->error;
    enum ww_status status = answer->status;

    if (status == WW_OK)
        status = parse_answer_feed(answer->record, &job->arena, &feed, &charset, &why);
    if (status == WW_NOMEM && job->arena.failed) /* ours, not what the worker said of its own */
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (status != WW_OK)
        return feed_failed(c, job->id, job->answer.http_status, 0, &why, err);
    return keep_feed(c, job, &feed, err);
}
