/*
 * crawl_feed.c - what an answer means for a feed: unchanged, moved, gone, failed, or new entries.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/inflate.h"
#include "base/language_tag.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/parse.h"
#include "feeds/feed.h"

#define FEED_TYPES                                                     \
    "application/atom+xml, application/rss+xml, application/rdf+xml, " \
    "application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
#define LISTING_TYPES "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

/* Where and how it is read: what was asked says nothing of a feed that is read otherwise by now. */
static uint64_t reading_of(const struct feed_row *feed)
{
    return hash64_mix(hash64_mix(hash64(feed->url), hash64(feed->selector)), (uint64_t)feed->kind);
}

/* Is it what was asked? A person may have paused, removed or changed it since. */
static bool is_wanted(const struct job *job, const struct feed_row *feed)
{
    return feed->state == FEED_STATE_ACTIVE &&
           (job == NULL || job->feed_reading == reading_of(feed));
}

/* As for a page; what is forbidden is a failure, so that somebody is told. */
static enum ww_status ask_robots(struct crawl *c, struct job *job, bool *goes, struct ww_error *err)
{
    enum robots_gate gate = ROBOTS_ALLOWS;
    struct ww_error why = {0};
    enum ww_status status = robots_gate(c, job, &gate, err);

    *goes = status == WW_OK && gate == ROBOTS_ALLOWS;
    if (status == WW_OK && gate == ROBOTS_FORBIDS) {
        (void)ww_fail(&why, WW_REFUSED, "robots.txt of %.*s forbids it",
                      SLICE_ARG(job->host->row.host));
        status = feed_failed(c, job->id, job, &why, err);
    }
    if (gate == ROBOTS_FORBIDS || gate == ROBOTS_IS_SILENT)
        crawl_drop_job(c, job);
    return status;
}

enum ww_status feed_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err)
{
    bool is_ours = true;
    enum ww_status status = crawl_owns_feed(c, job, &is_ours, err);

    if (status == WW_OK)
        status = store_feed(c->store, job->id, &job->arena, &job->feed, err);
    if (status == WW_OK && job->n_redirects == 0) {
        is_ours = is_ours && slice_equal(slice_from(job->url), job->feed.url);
        job->feed_reading = reading_of(&job->feed);
    }
    if (status == WW_NOT_FOUND || (status == WW_OK && (!is_ours || !is_wanted(job, &job->feed)))) {
        *goes = false; /* taken away while it waited */
        crawl_give_up_feed(c, job->id);
        crawl_drop_job(c, job);
        return WW_OK;
    }
    request->accept = job->feed.kind == FEED_KIND_PAGE ? LISTING_TYPES : FEED_TYPES;
    if (status == WW_OK) {
        poll_prepare(c, job, request);
        blame_recall(job);
    }
    if (status == WW_OK && c->options->obeys_robots_for_feeds)
        status = ask_robots(c, job, goes, err);
    return status;
}

/* ---- what is written ------------------------------------------------------------------------ */

/* What came is of no use: it is asked again if it is to be, as it is now. */
static void leave(struct crawl *c, const struct feed_row *feed)
{
    crawl_give_up_feed(c, feed->id);
    log_event(c->log, LOG_INFO, "feed", "id=%lld url=%.*s left=\"changed while it was asked\"",
              (long long)feed->id, SLICE_ARG(feed->url));
}

/*
 * The transaction of what came, with the feed as it stands in it: what a person has said of it
 * since it was asked is not overwritten. *goes is false when nothing is to be stored.
 */
static enum ww_status begin_writing(struct crawl *c, struct job *job, bool *goes,
                                    struct ww_error *err)
{
    struct feed_row now = {0};
    enum ww_status status = crawl_write(c, err);

    *goes = false;
    if (status == WW_OK)
        status = store_feed(c->store, job->id, &job->arena, &now, err);
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    *goes = is_wanted(job, &now);
    if (*goes)
        job->feed = now;
    else
        leave(c, &now);
    return WW_OK;
}

/* One check and the feed's row, in the open transaction. job is NULL when no answer came. */
static enum ww_status write_check(struct crawl *c, const struct feed_row *feed, struct job *job,
                                  struct feed_check_row *check, struct arena *arena,
                                  struct ww_error *err)
{
    check->feed_id = feed->id;
    check->run_id = c->options->run_id;
    check->at = feed->last_checked_at;
    check->http_status = feed->last_status;
    if (job != NULL) {
        check->duration_ms = job->answer.duration_ms;
        check->body_bytes = job->answer.received_bytes;
        check->said = poll_said(&job->answer, arena);
    }
    log_event(c->log, check->outcome == FEED_CHECK_FAILED ? LOG_WARN : LOG_INFO, "feed",
              "id=%lld url=%.*s outcome=%s status=%lld new=%lld%s%.*s", (long long)feed->id,
              SLICE_ARG(feed->url), feed_outcome_name(check->outcome), (long long)feed->last_status,
              (long long)check->n_new, check->message.len > 0 ? " message=" : "",
              SLICE_ARG(check->message));
    return health_keep(c, feed, check, err);
}

enum ww_status feed_failed(struct crawl *c, int64_t feed_id, struct job *job,
                           const struct ww_error *why, struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    struct feed_row feed = {0};
    struct feed_check_row check = {.outcome = FEED_CHECK_FAILED,
                                   .message = slice_from(why->message)};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = crawl_write(c, err);
    if (status == WW_OK)
        status = store_feed(c->store, feed_id, &arena, &feed, err);
    if (status == WW_OK && !is_wanted(job, &feed)) {
        leave(c, &feed);
    } else if (status == WW_OK) {
        c->summary->n_feeds++;
        c->summary->n_feeds_failed++;
        feed.last_checked_at = now;
        feed.last_status = job != NULL ? job->answer.http_status : 0;
        health_count(&feed, job, why, now);
        feed.last_error = check.message;
        feed.next_due_at = poll_retry_at(c, &feed, job);
        /* Said of where a passing redirect leads, it says nothing of the feed. */
        if (feed.last_status == 410 && job->is_permanent)
            feed.state = FEED_STATE_GONE;
        status = write_check(c, &feed, job, &check, &arena, err);
    }
    arena_release(&arena);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* ---- a good answer -------------------------------------------------------------------------- */

/* 304, or the bytes that we have: nothing to read. */
static enum ww_status unchanged(struct crawl *c, struct job *job, struct ww_error *err)
{
    struct feed_check_row check = {.outcome = FEED_CHECK_UNCHANGED};
    bool goes;
    enum ww_status status = begin_writing(c, job, &goes, err);

    blame_nobody(c, job);
    if (status != WW_OK || !goes)
        return status;
    if (job->answer.http_status == 304)
        poll_renew_validators(job);
    else
        poll_take_validators(c, job, false);
    poll_succeeded(c, job, false);
    status = poll_follow_move(c, job, &check.message, err);
    return status == WW_OK ? write_check(c, &job->feed, job, &check, &job->arena, err) : status;
}

enum ww_status feed_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err)
{
    const struct fetch_answer *answer = &job->answer;
    struct ww_error why = answer->error;

    if (answer->status == WW_OK && answer->http_status == 200) {
        if (job->feed.body_hash == poll_body_hash(job))
            return unchanged(c, job, err);
        *is_over = false;
        crawl_parse(c, job);
        return WW_OK;
    }
    if (answer->status == WW_OK && answer->http_status == 304 && job->is_conditional)
        return unchanged(c, job, err);
    if (answer->status == WW_OK && answer->http_status == 304)
        (void)ww_fail(&why, WW_INVALID, "status 304, though no validator was sent");
    else if (answer->status == WW_OK && answer->http_status == 410)
        (void)ww_fail(&why, WW_INVALID, "status 410: gone for good");
    else if (answer->status == WW_OK)
        (void)ww_fail(&why, WW_INVALID, "status %ld", answer->http_status);
    return blame_feed(c, job, &why, err);
}

/* ---- a feed that was read ------------------------------------------------------------------- */

void feed_question(struct crawl *c, struct job *job)
{
    if (job->feed.kind == FEED_KIND_PAGE) {
        parse_request_listing(&c->request, buf_slice(&job->answer.body), slice_from(job->url),
                              fetch_header(&job->answer, "Content-Type"), job->feed.selector);
        return;
    }
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

/*
 * Entries of a feed, links of a list, sitemaps of an index. Some links may have been left for the
 * next reading: its answer must not be "304".
 */
static enum ww_status keep_entries(struct crawl *c, struct job *job, const struct feed *feed,
                                   struct feed_check_row *check, bool *is_all, struct ww_error *err)
{
    struct slice format = slice_from(feed->format);
    struct feed news;
    enum ww_status status;

    *is_all = true;
    if (slice_equal(format, SLICE("sitemap-index")))
        return children_keep(c, job, feed, &check->message, err);
    if (!slice_starts(format, SLICE("sitemap")) && job->feed.kind != FEED_KIND_PAGE)
        return entries_keep(c, job, feed, feed->n_entries, &check->n_new, err);
    status = sources_pick(c, job, feed, &news, is_all, &check->message, err);
    if (status != WW_OK)
        return status;
    return entries_keep(c, job, &news, feed->n_entries, &check->n_new, err);
}

/* What is to be said of a feed that was read, beside a note that there is. */
static struct slice remark(struct job *job, const struct feed *feed, bool has_end,
                           struct slice note)
{
    if (!has_end)
        return SLICE("cut off before its end; read as far as it goes");
    if (note.len > 0)
        return note;
    if (feed->n_dropped > 0)
        return arena_printf(&job->arena, "%zu entries more than are kept", feed->n_dropped);
    return feed->is_malformed ? SLICE("malformed, but readable") : note;
}

/* What nobody has said of a feed, it says itself. */
static enum ww_status keep_names(struct crawl *c, struct job *job, const struct feed *feed,
                                 struct ww_error *err)
{
    bool is_changed = false;
    struct slice tag;

    if (job->feed.title.len == 0 && feed->title.len > 0) {
        job->feed.title = feed->title;
        is_changed = true;
    }
    if (job->feed.language.len == 0 && language_tag_read(feed->language, &job->arena, &tag) &&
        tag.len > 0) {
        job->feed.language = tag;
        is_changed = true;
    }
    return is_changed ? store_update_feed(c->store, &job->feed, err) : WW_OK;
}

static enum ww_status keep_feed(struct crawl *c, struct job *job, const struct feed *feed,
                                struct ww_error *err)
{
    const bool has_end = is_whole(job, feed);
    const struct feed kept = whole_entries(job, feed);
    struct feed_check_row check = {.outcome = FEED_CHECK_OK, .n_entries = (int64_t)kept.n_entries};
    bool is_all = true, is_first, goes;
    enum ww_status status = begin_writing(c, job, &goes, err);

    blame_nobody(c, job);
    if (status != WW_OK || !goes)
        return status;
    is_first = job->feed.last_ok_at == 0 && job->feed.last_new_at == 0;
    status = keep_entries(c, job, &kept, &check, &is_all, err);
    if (status == WW_OK)
        status = poll_learn(c, job, feed, check.n_new > 0, err);
    if (status != WW_OK)
        return status;
    c->summary->n_entries_new += check.n_new;
    if (has_end && is_all)
        poll_take_validators(c, job, check.n_new > 0);
    poll_succeeded(c, job, check.n_new > 0);
    if (is_first && job->feed.parent_id == 0) /* a part of a sitemap may be an old one */
        health_date_news(&job->feed, feed);
    if (check.n_new > 0 && job->feed.parent_id != 0)
        status = store_note_feed_news(c->store, job->feed.parent_id, job->feed.last_new_at,
                                      job->feed.rhythm_s, err);
    check.message = remark(job, feed, has_end, check.message);
    if (status == WW_OK)
        status = keep_names(c, job, feed, err);
    if (status == WW_OK)
        status = poll_follow_move(c, job, &check.message, err);
    return status == WW_OK ? write_check(c, &job->feed, job, &check, &job->arena, err) : status;
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
        return blame_feed(c, job, &why, err);
    return keep_feed(c, job, &feed, err);
}
