/*
 * crawl_look.c - pages of articles that matter are looked at again: what changed in substance, what
 * was taken away, what is there again.
 *
 * A page counts as not there when it answers 404 or 410, says so in words, or leads to the front
 * page or to another text. That it is told of once it is so for the second time. Whatever else
 * keeps a page from us (a server that fails, a bot wall, a form, a paywall, robots.txt) says
 * nothing of the article, and is no event. Text and versions stay whatever becomes of the page.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/likeness.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/parse.h"
#include "crawler/schedule.h"
#include "crawler/substance.h"
#include "extractors/access.h"
#include "extractors/article.h"
#include "storage/store_events.h"
#include "storage/store_looks.h"

/* Titles of one article at two addresses; lines that its two texts share. */
#define SAME_TITLE 0.75
#define SAME_LINES 0.5

/* What the store knows of a page that is looked at. */
struct known {
    struct look_row look;
    struct page_row page;
    struct article_row newest; /* version of its article */
};

/* WW_NOT_FOUND: it is not to be looked at, or no longer. */
static enum ww_status recall(struct crawl *c, int64_t page_id, struct arena *arena,
                             struct known *out, struct ww_error *err)
{
    enum ww_status status = store_look(c->store, page_id, arena, &out->look, err);

    if (status == WW_OK)
        status = store_page(c->store, page_id, arena, &out->page, err);
    if (status == WW_OK)
        status = store_article(c->store, out->page.article_id, arena, &out->newest, err);
    if (status == WW_OK)
        status =
            store_article_by_canonical(c->store, out->newest.canonical, arena, &out->newest, err);
    return status;
}

enum ww_status looks_load(struct crawl *c, struct ww_error *err)
{
    struct look_list list = {0};
    struct arena arena;
    enum ww_status status;

    c->looks_end_ms = clock_monotonic_ms(c->clock) + LOOKS_TURN_MAX_MS;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = store_list_due_looks(c->store, clock_now(c->clock), LOOKS_PER_HOST_MAX,
                                  LOOKS_PER_RUN_MAX, &arena, &list, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        status =
            crawl_add_job(c, JOB_LOOK, list.rows[i].page_id, list.rows[i].url, false, NULL, err);
    arena_release(&arena);
    return status;
}

bool look_is_late(const struct crawl *c, const struct job *job)
{
    return job->kind == JOB_LOOK && clock_monotonic_ms(c->clock) > c->looks_end_ms;
}

/* ---- what is written ------------------------------------------------------------------------- */

/* This look is over: when is the next? */
static enum ww_status advance(struct crawl *c, struct look_row *look, struct ww_error *err)
{
    look->due_at = schedule_look(clock_now(c->clock), look->began_at, look->page_id, &look->step);
    look->n_tries = 0;
    return store_update_look(c->store, look, err);
}

static enum ww_status add_event(struct crawl *c, const struct event_row *event,
                                struct ww_error *err)
{
    int64_t id;
    enum ww_status status = store_add_event(c->store, event, &id, err);

    c->summary->n_changed += event->kind == EVENT_CHANGED;
    c->summary->n_removed += event->kind == EVENT_REMOVED;
    log_event(c->log, LOG_INFO, "look", "page=%lld article=%lld event=%s how=%.*s noted=%d",
              (long long)event->page_id, (long long)event->article_id, event_kind_name(event->kind),
              SLICE_ARG(event->how), event->is_noted);
    return status;
}

/* The page is there. */
static enum ww_status note_presence(struct crawl *c, struct known *k, struct ww_error *err)
{
    const struct event_row event = {.page_id = k->page.id,
                                    .article_id = k->newest.id,
                                    .kind = EVENT_RETURNED,
                                    .how = k->look.missing,
                                    .at = clock_now(c->clock)};
    enum ww_status status = WW_OK;

    if (k->look.is_removed)
        status = add_event(c, &event, err);
    if (status == WW_OK && k->page.state != PAGE_STATE_DONE) {
        k->page.state = PAGE_STATE_DONE;
        k->page.last_error = (struct slice){"", 0};
        status = store_update_page(c->store, &k->page, err);
    }
    k->look.missing = (struct slice){"", 0};
    k->look.missing_since = 0;
    k->look.is_removed = false;
    return status == WW_OK ? advance(c, &k->look, err) : status;
}

/* It is not: to be believed the second time. */
static enum ww_status note_absence(struct crawl *c, struct known *k, struct slice how,
                                   struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    const struct event_row event = {.page_id = k->page.id,
                                    .article_id = k->newest.id,
                                    .kind = EVENT_REMOVED,
                                    .how = how,
                                    .at = now};
    enum ww_status status;

    if (k->look.is_removed)
        return advance(c, &k->look, err);
    if (k->look.missing.len == 0) {
        k->look.missing = how;
        k->look.missing_since = now;
        k->look.n_tries = 0;
        k->look.due_at = schedule_look_confirm(now, k->page.id);
        return store_update_look(c->store, &k->look, err);
    }
    status = add_event(c, &event, err);
    if (status != WW_OK)
        return status;
    k->look.missing = how;
    k->look.is_removed = true;
    k->page.state = PAGE_STATE_GONE;
    k->page.last_error = how;
    status = store_update_page(c->store, &k->page, err);
    return status == WW_OK ? advance(c, &k->look, err) : status;
}

/* It cannot be said now. */
static enum ww_status note_failure(struct crawl *c, struct known *k, struct ww_error *err)
{
    k->look.n_tries++;
    k->look.due_at = schedule_look_retry(clock_now(c->clock), k->page.id, k->look.n_tries);
    return k->look.due_at == 0 ? advance(c, &k->look, err)
                               : store_update_look(c->store, &k->look, err);
}

enum ww_status look_failed(struct crawl *c, int64_t page_id, const struct ww_error *why,
                           struct ww_error *err)
{
    struct known k;
    struct arena arena;
    enum ww_status status = crawl_write(c, err);

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    log_event(c->log, LOG_INFO, "look", "page=%lld error=%s", (long long)page_id, why->message);
    if (status == WW_OK)
        status = recall(c, page_id, &arena, &k, err);
    if (status == WW_OK && why->status == WW_NOT_FOUND)
        status = note_absence(c, &k, slice_from(why->message), err);
    else if (status == WW_OK)
        status = note_failure(c, &k, err);
    arena_release(&arena);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* Nothing to be learned from this answer, nor from the same one in an hour. */
static enum ww_status pass(struct crawl *c, struct known *k, const char *because,
                           struct ww_error *err)
{
    enum ww_status status = crawl_write(c, err);

    log_event(c->log, LOG_INFO, "look", "page=%lld passed=\"%s\"", (long long)k->page.id, because);
    return status == WW_OK ? advance(c, &k->look, err) : status;
}

/* ---- asking ---------------------------------------------------------------------------------- */

enum ww_status look_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err)
{
    enum robots_gate gate = ROBOTS_ALLOWS;
    struct known k;
    enum ww_status status = recall(c, job->id, &job->arena, &k, err);

    *goes = false;
    if (status == WW_OK && job->n_redirects == 0 && k.look.due_at > clock_now(c->clock))
        status = WW_NOT_FOUND; /* another machine has looked meanwhile */
    if (status == WW_OK && k.page.state == PAGE_STATE_QUARANTINED) {
        status = pass(c, &k, "it cost workers", err);
        gate = ROBOTS_FORBIDS;
    } else if (status == WW_OK) {
        status = robots_gate(c, job, &gate, err);
        if (gate == ROBOTS_IS_ASKED && status == WW_OK)
            return WW_OK; /* it is parked */
        if (gate == ROBOTS_FORBIDS && status == WW_OK)
            status = pass(c, &k, "robots.txt forbids it", err);
    }
    if (status != WW_OK || gate != ROBOTS_ALLOWS) {
        crawl_drop_job(c, job);
        return status == WW_NOT_FOUND ? WW_OK : status;
    }
    *goes = true;
    request->accept = PAGE_TYPES;
    request->keeps_received = c->options->keeps_pages;
    if (slice_equal(slice_from(job->url), k.newest.url)) { /* it gave them */
        request->etag = k.page.etag;
        request->last_modified = k.page.last_modified;
    }
    return WW_OK;
}

/* ---- an answer ------------------------------------------------------------------------------- */

static enum ww_status take_unchanged(struct crawl *c, struct known *k, struct ww_error *err)
{
    enum ww_status status = crawl_write(c, err);

    return status == WW_OK ? note_presence(c, k, err) : status;
}

/* What an answer that brings no page says. */
static enum ww_status take_refusal(struct crawl *c, struct job *job, struct ww_error *err)
{
    const struct fetch_answer *answer = &job->answer;
    struct ww_error why = answer->error;

    if (answer->status == WW_OK && (answer->http_status == 404 || answer->http_status == 410))
        (void)ww_fail(&why, WW_NOT_FOUND, "%ld", answer->http_status);
    else if (answer->status == WW_OK)
        (void)ww_fail(&why, WW_UNREACHABLE, "status %ld", answer->http_status);
    else
        why.status = WW_UNREACHABLE;
    return blame_page(c, job, answer->http_status, &why, err);
}

enum ww_status look_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err)
{
    const struct fetch_answer *answer = &job->answer;
    struct ww_error why = {0};
    struct known k;
    enum ww_status status = recall(c, job->id, &job->arena, &k, err);

    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    if (answer->status == WW_OK && (answer->http_status == 429 || blame_suspects_portal(c, job)))
        return WW_OK; /* as due as it was */
    c->summary->n_looks++;
    if (answer->status == WW_OK && answer->http_status == 304)
        return take_unchanged(c, &k, err);
    if (answer->status != WW_OK || answer->http_status != 200)
        return take_refusal(c, job, err);
    if (job->n_redirects > 0 && url_is_front_page(slice_from(job->url)) &&
        !url_is_front_page(k.page.url)) {
        (void)ww_fail(&why, WW_NOT_FOUND, "front page");
        return blame_page(c, job, 200, &why, err);
    }
    if (!page_is_readable(answer))
        return pass(c, &k, "a kind of document that is not read", err);
    job->page = k.page;
    status = page_recall(c, job, err);
    *is_over = status != WW_OK;
    if (status == WW_OK)
        crawl_parse(c, job);
    return status;
}

/* ---- an article ------------------------------------------------------------------------------ */

/* A redirect that leads to this very article under another address takes nothing away. */
static enum ww_status is_elsewhere(struct crawl *c, const struct job *job, const struct known *k,
                                   const struct article *article, struct arena *arena, bool *out,
                                   struct ww_error *err)
{
    struct article_text text = {0};
    struct likeness x, y;
    enum ww_status status;

    *out = false;
    if (job->n_redirects == 0 || slice_equal(slice_from(job->url), k->newest.url) ||
        slice_equal(article->canonical, k->newest.canonical))
        return WW_OK;
    status = store_article_text(c->store, k->newest.id, arena, &text, err);
    likeness_init(&x, article->title);
    likeness_init(&y, k->newest.title);
    *out =
        likeness_of(&x, &y) < SAME_TITLE && likeness_shared(text.text, article->text) < SAME_LINES;
    return status;
}

/*
 * Can the two be held against each other? What a feed said is no page's text, nor is a teaser the
 * whole of an article.
 */
static bool is_comparable(const struct article_row *before, const struct article *after)
{
    const bool was_teaser =
        slice_equal(before->access, slice_from(article_accesses[ARTICLE_PAYWALL]));

    return !slice_equal(before->text_source, slice_from(article_text_sources[ARTICLE_TEXT_FEED])) &&
           after->text_source != ARTICLE_TEXT_FEED && after->access != ARTICLE_NEEDS_SCRIPT &&
           was_teaser == (after->access == ARTICLE_PAYWALL);
}

/* Does the page say that it was changed? One that is written while things happen does. */
static bool is_noted(const struct article_row *before, const struct article *after)
{
    return after->access == ARTICLE_LIVE ||
           (after->modified.precision != DATE_NONE && after->modified.at > before->modified_at &&
            after->modified.at > before->published_at);
}

/* An event, if what the page says has changed in substance. */
static enum ww_status compare(struct crawl *c, struct job *job, const struct article *article,
                              int64_t older_id, int64_t newer_id, struct ww_error *err)
{
    struct arena *arena = &job->arena;
    struct article_hints site = {.now = 0};
    struct article_row older;
    struct article_text stored;
    struct substance_text before, after;
    struct substance found;
    struct event_row event = {.page_id = job->page.id,
                              .article_id = older_id,
                              .newer_id = newer_id,
                              .kind = EVENT_CHANGED,
                              .at = clock_now(c->clock)};
    enum ww_status status = store_article(c->store, older_id, arena, &older, err);

    if (status == WW_OK)
        status = store_article_text(c->store, older_id, arena, &stored, err);
    if (status != WW_OK || !is_comparable(&older, article))
        return status;
    before = (struct substance_text){.title = older.title, .text = stored.text, .cut = stored.cut};
    after = (struct substance_text){article->title, article->text, article->whole, article->cut};
    status = keeper_recall(c->keeper, slice_from(job->url), arena, &site, err);
    if (status != WW_OK)
        return status;
    if (article_is_same_title(older.title, article->title, article->site) ||
        article_is_same_title(older.title, article->title, site.site_name))
        after.title = older.title; /* the site's name was learned meanwhile */
    status = substance_compare(&before, &after, article->language, arena, &found, err);
    event.is_noted = found.is_noted || is_noted(&older, article);
    return status == WW_OK && found.is_changed ? add_event(c, &event, err) : status;
}

enum ww_status look_fetched(struct crawl *c, struct job *job, const struct article *article,
                            int64_t older_id, const struct kept *kept, struct ww_error *err)
{
    struct known k;
    enum ww_status status = recall(c, job->page.id, &job->arena, &k, err);

    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    if (kept->is_new)
        status = compare(c, job, article, older_id, kept->article_id, err);
    if (status != WW_OK || k.look.due_at == 0)
        return status;
    return k.look.missing.len > 0 || k.look.due_at <= clock_now(c->clock)
               ? note_presence(c, &k, err)
               : WW_OK;
}

static enum ww_status keep_version(struct crawl *c, struct job *job, const struct known *k,
                                   const struct article *article, struct kept *kept,
                                   struct ww_error *err)
{
    const struct article_row *a = &k->newest;
    const struct keep_origin origin = {
        .url = slice_from(job->url),
        .identity = a->canonical,
        .is_reread = true,
        .outlet = a->outlet,
        .country = a->country,
        .provenance = a->provenance,
        .feed_id = a->feed_id,
        .entry_id = a->entry_id,
        .page_id = job->page.id,
        .first_seen_at = a->first_seen_at,
        .fetched_at = job->asked_at,
        .is_historic = a->is_historic,
        .body = c->options->keeps_pages ? buf_slice(&job->answer.body) : SLICE(""),
        .content_type = fetch_header(&job->answer, "Content-Type"),
        .received = buf_slice(&job->answer.received),
        .head = buf_slice(&job->answer.head),
        .address = slice_from(job->answer.address)};
    enum ww_status status = keep_article(c->keeper, article, &origin, &job->arena, kept, err);

    c->summary->n_articles += kept->is_new;
    c->summary->n_stories += kept->is_new_story;
    return status;
}

static enum ww_status take_article(struct crawl *c, struct job *job, struct known *k,
                                   const struct article *article, struct ww_error *err)
{
    struct kept kept = {0};
    enum ww_status status = page_begin(c, job, err);

    if (status == WW_OK)
        status = keep_version(c, job, k, article, &kept, err);
    if (status == WW_OK)
        status = page_finish(c, job, kept.article_id, err);
    if (status == WW_OK && kept.is_new)
        status = compare(c, job, article, k->newest.id, kept.article_id, err);
    k->page.state = PAGE_STATE_DONE; /* as it was stored just now */
    return status == WW_OK ? note_presence(c, k, err) : status;
}

static enum ww_status judge(struct crawl *c, struct job *job, struct known *k,
                            const struct article *article, struct ww_error *err)
{
    struct ww_error why = {0};
    bool elsewhere = false;
    enum ww_status status;

    if (article->access == ARTICLE_NOT_FOUND) {
        (void)ww_fail(&why, WW_NOT_FOUND, "soft 404");
        return blame_page(c, job, 200, &why, err);
    }
    if (access_is_wall(article->access) || !is_comparable(&k->newest, article))
        return pass(c, k, "what stands before the article", err);
    status = is_elsewhere(c, job, k, article, &job->arena, &elsewhere, err);
    if (status == WW_OK && elsewhere)
        (void)ww_fail(&why, WW_NOT_FOUND, "elsewhere");
    else if (status == WW_OK && article->text.len == 0)
        (void)ww_fail(&why, WW_INVALID, "no article text");
    if (status != WW_OK)
        return status;
    return why.status != WW_OK ? blame_page(c, job, 200, &why, err)
                               : take_article(c, job, k, article, err);
}

/* Without an article: does a redirect lead to the section that the page stood in? */
static bool is_above(const struct job *job, const struct known *k)
{
    const struct slice url = slice_from(job->url);

    return job->n_redirects > 0 && url.len < k->page.url.len && slice_starts(k->page.url, url);
}

enum ww_status look_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           struct ww_error *err)
{
    struct article article = {0};
    struct ww_error why = answer->error;
    struct known k;
    enum ww_status status = recall(c, job->id, &job->arena, &k, err);

    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    if (blame_suspects_portal(c, job)) /* by now more is known */
        return WW_OK;
    if (answer->worker_died)
        return pass(c, &k, "it cost workers", err);
    status = answer->status;
    if (status == WW_OK)
        status = parse_answer_article(answer->record, &job->arena, &article, &why);
    if (status == WW_NOMEM && job->arena.failed)
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (status == WW_OK)
        return judge(c, job, &k, &article, err);
    if (is_above(job, &k))
        (void)ww_fail(&why, WW_NOT_FOUND, "elsewhere");
    else
        why.status = WW_INVALID;
    return blame_page(c, job, 200, &why, err);
}
