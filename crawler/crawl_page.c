/*
 * crawl_page.c - what an answer means for a page: an article, another try, or never again.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/parse.h"
#include "crawler/schedule.h"
#include "crawler/site_rules.h"
#include "extractors/access.h"
#include "extractors/article.h"
#include "extractors/rules.h"

/* What a live feed has announced since a backfill found it is a run's. */
static bool is_news_meanwhile(const struct crawl *c, const struct page_row *page)
{
    return c->options->history != NULL && !page->is_historic;
}

enum ww_status page_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err)
{
    enum robots_gate gate = ROBOTS_ALLOWS;
    struct ww_error why = {0};
    enum ww_status status = store_page(c->store, job->id, &job->arena, &job->page, err);

    if (status == WW_OK && job->page.state == PAGE_STATE_QUEUED &&
        !is_news_meanwhile(c, &job->page))
        status = robots_gate(c, job, &gate, err);
    else if (status == WW_OK || status == WW_NOT_FOUND)
        gate = ROBOTS_IS_SILENT; /* taken away while it waited */
    request->accept = PAGE_TYPES;
    request->keeps_received = c->options->keeps_pages;
    *goes = gate == ROBOTS_ALLOWS && status == WW_OK;
    if (gate == ROBOTS_FORBIDS && status == WW_OK) {
        (void)ww_fail(&why, WW_REFUSED, "robots.txt of %.*s forbids it",
                      SLICE_ARG(job->host->row.host));
        status = page_refused(c, job->id, 0, &why, err);
    }
    if (gate == ROBOTS_IS_SILENT) {
        c->summary->n_pages_left++;
        if (status == WW_OK)
            status = history_turn_to_copy(c, job, err);
    }
    if (gate == ROBOTS_FORBIDS || gate == ROBOTS_IS_SILENT) {
        crawl_drop_job(c, job);
        return status == WW_NOT_FOUND ? WW_OK : status;
    }
    return status;
}

/* ---- what is written ------------------------------------------------------------------------ */

typedef void change_page(const struct crawl *c, struct page_row *page, const struct ww_error *why);

static void count_try(const struct crawl *c, struct page_row *page, const struct ww_error *why)
{
    const bool is_gone = page->last_status == 404 || page->last_status == 410;

    WW_UNUSED(why);
    page->n_tries++;
    page->not_before = schedule_page_retry(clock_now(c->clock), page->id, page->n_tries);
    /* A page that was just announced may come late; one that was announced long ago is gone. */
    if (page->not_before == 0 || page->last_status == 410 || (is_gone && page->is_historic))
        page->state = is_gone ? PAGE_STATE_GONE : PAGE_STATE_FAILED;
}

static void refuse(const struct crawl *c, struct page_row *page, const struct ww_error *why)
{
    WW_UNUSED(c);
    WW_UNUSED(why);
    page->state = PAGE_STATE_REFUSED;
}

static void quarantine(const struct crawl *c, struct page_row *page, const struct ww_error *why)
{
    WW_UNUSED(c);
    WW_UNUSED(why);
    page->n_deaths += WORKER_DEATHS_MAX;
    page->state = PAGE_STATE_QUARANTINED;
}

/* A page that brought no article: its row, changed in one way. */
static enum ww_status write_failure(struct crawl *c, int64_t page_id, long http_status,
                                    const struct ww_error *why, change_page *change,
                                    struct ww_error *err)
{
    struct page_row page = {0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = crawl_write(c, err);
    if (status == WW_OK)
        status = store_page(c->store, page_id, &arena, &page, err);
    if (status == WW_OK && page.state != PAGE_STATE_QUEUED)
        status = WW_NOT_FOUND; /* judged late: another had it meanwhile */
    if (status == WW_OK) {
        c->summary->n_pages++;
        c->summary->n_pages_failed++;
        page.last_status = http_status;
        page.last_error = slice_from(why->message);
        page.fetched_at = clock_now(c->clock);
        change(c, &page, why);
        /* A robots.txt that forbids is an answer, not trouble. */
        log_event(c->log, page.state == PAGE_STATE_REFUSED ? LOG_INFO : LOG_WARN, "page",
                  "id=%lld url=%.*s state=%s tries=%lld error=%s", (long long)page.id,
                  SLICE_ARG(page.url), page_state_name(page.state), (long long)page.n_tries,
                  why->message);
        if (page.state != PAGE_STATE_QUEUED)
            status = announced_keep(c, &page, &arena, err);
    }
    if (status == WW_OK)
        status = store_update_page(c->store, &page, err);
    if (status == WW_OK)
        status = history_page_settled(c, &page, false, err);
    arena_release(&arena);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status page_failed(struct crawl *c, int64_t page_id, long http_status,
                           const struct ww_error *why, struct ww_error *err)
{
    return write_failure(c, page_id, http_status, why, count_try, err);
}

enum ww_status page_refused(struct crawl *c, int64_t page_id, long http_status,
                            const struct ww_error *why, struct ww_error *err)
{
    return write_failure(c, page_id, http_status, why, refuse, err);
}

/* ---- an answer ------------------------------------------------------------------------------ */

/* What says nothing of itself is looked at. */
bool page_is_readable(const struct fetch_answer *answer)
{
    const struct slice content_type = fetch_header(answer, "Content-Type");

    static const char *const types[] = {"text/html", "application/xhtml+xml", "text/plain",
                                        "application/xml", "text/xml"};
    struct slice type = slice_trim(slice_head(content_type, slice_find_char(content_type, ';')));

    for (size_t i = 0; i < WW_COUNT(types); i++)
        if (slice_equal_nocase(type, slice_from(types[i])))
            return true;
    return type.len == 0;
}

/* As due in the next run as it is now. */
static enum ww_status leave(struct crawl *c)
{
    c->summary->n_pages_left++;
    return WW_OK;
}

enum ww_status page_recall(struct crawl *c, struct job *job, struct ww_error *err)
{
    enum ww_status status = store_entry_of_page(c->store, job->id, &job->arena, &job->entry, err);

    if (status == WW_NOT_FOUND) /* of a list, not of a feed */
        status = c->options->history != NULL ? history_recall(c, job, err) : WW_OK;
    return status == WW_OK ? announced_speaker(c, &job->page, &job->arena, &job->feed, err)
                           : status;
}

enum ww_status page_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err)
{
    const struct fetch_answer *answer = &job->answer;
    struct ww_error why = answer->error;
    enum ww_status status = store_page(c->store, job->id, &job->arena, &job->page, err);

    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    if (answer->status != WW_OK) {
        status = history_turn_to_copy(c, job, err);
        return status == WW_OK ? blame_page(c, job, answer->http_status, &why, err) : status;
    }
    if (answer->http_status == 429) /* our pace, not this page: it stays as due as it was */
        return WW_OK;
    if (blame_suspects_portal(c, job)) /* nor is it this page's answer */
        return leave(c);
    if (answer->http_status != 200) {
        (void)ww_fail(&why, WW_INVALID, "status %ld", answer->http_status);
        return blame_page(c, job, answer->http_status, &why, err);
    }
    if (!page_is_readable(answer)) {
        (void)ww_fail(&why, WW_REFUSED, "a kind of document that is not read: %.*s",
                      SLICE_ARG(slice_head(fetch_header(answer, "Content-Type"), 60)));
        return page_refused(c, job->id, 200, &why, err);
    }
    if (job->n_redirects > 0 && url_is_front_page(slice_from(job->url)) &&
        !url_is_front_page(job->page.url)) {
        (void)ww_fail(&why, WW_INVALID, "leads to the front page");
        return blame_page(c, job, 404, &why, err);
    }
    status = page_recall(c, job, err);
    *is_over = status != WW_OK;
    if (status == WW_OK)
        crawl_parse(c, job);
    return status;
}

/* ---- an article ----------------------------------------------------------------------------- */

enum ww_status page_question(struct crawl *c, struct job *job, struct ww_error *err)
{
    const struct entry_row *entry = &job->entry;
    const int64_t now = clock_now(c->clock);
    const struct site_rule *rule =
        site_rules_find(c->options->rules, slice_from(job->url), &job->arena);
    struct article_hints hints = {
        .url = slice_from(job->url),
        .content_type = fetch_header(&job->answer, "Content-Type"),
        .feed_title = entries_headline(entry, &job->feed),
        .feed_author = entry->author,
        .feed_text = entry->content.len > 0 ? entry->content : entry->summary,
        .feed_published = entries_announced(entry, job->feed.url, job->page.url, job->page.added_at,
                                            now, &job->arena),
        .now = now,
        .rules = rule != NULL ? rule->text : SLICE("")};
    enum ww_status status = keeper_recall(c->keeper, hints.url, &job->arena, &hints, err);

    if (job->find.id != 0) {
        hints.feed_title = job->find.title;
        hints.feed_author = job->find.author;
        hints.feed_published =
            (struct date){.at = job->find.published_at, .precision = job->find.published_precision};
    }
    if (status == WW_OK)
        parse_request_article(&c->request, buf_slice(&job->answer.body), &hints);
    return status;
}

enum ww_status page_finish(struct crawl *c, struct job *job, int64_t article_id,
                           struct ww_error *err)
{
    struct page_row *page = &job->page;
    struct slice etag = fetch_header(&job->answer, "ETag");
    struct slice modified = fetch_header(&job->answer, "Last-Modified");
    enum ww_status status;

    page->state = PAGE_STATE_DONE;
    page->last_status = job->answer.http_status;
    page->last_error = (struct slice){"", 0};
    page->content_type = fetch_header(&job->answer, "Content-Type");
    page->fetched_at = clock_now(c->clock);
    page->etag = etag.len <= VALIDATOR_MAX_BYTES ? etag : (struct slice){"", 0};
    page->last_modified = modified.len <= VALIDATOR_MAX_BYTES ? modified : (struct slice){"", 0};
    page->article_id = article_id;
    status = store_update_page(c->store, page, err);
    return status == WW_OK ? store_link_page_entries(c->store, page->id, article_id, err) : status;
}

enum ww_status page_begin(struct crawl *c, struct job *job, struct ww_error *err)
{
    struct page_row now = {0};
    bool is_announced;
    enum ww_status status = crawl_write(c, err);

    if (status == WW_OK)
        status = store_page(c->store, job->id, &job->arena, &now, err);
    if (status != WW_OK)
        return status;
    is_announced = now.feed_id != job->page.feed_id || now.is_historic != job->page.is_historic;
    job->page = now;
    return is_announced ? page_recall(c, job, err) : WW_OK;
}

/* In the transaction of page_begin. */
static enum ww_status keep_text(struct crawl *c, struct job *job, const struct article *article,
                                struct kept *out, struct ww_error *err)
{
    const struct keep_origin origin = {
        .url = slice_from(job->url),
        .identity = job->page.canonical,
        .provenance = job->page.provenance,
        .outlet = job->feed.outlet.len > 0 ? job->feed.outlet : job->feed.title,
        .country = job->feed.country,
        .feed_id = job->page.feed_id,
        .entry_id = job->entry.id,
        .page_id = job->page.id,
        .backfill_id = job->find.backfill_id,
        .first_seen_at = job->page.added_at,
        .fetched_at = job->asked_at,
        .is_historic = announced_is_history(c, &job->entry, &job->page, &article->published),
        .body = c->options->keeps_pages && !access_is_wall(article->access)
                    ? buf_slice(&job->answer.body)
                    : SLICE(""),
        .content_type = fetch_header(&job->answer, "Content-Type"),
        .received = buf_slice(&job->answer.received),
        .head = buf_slice(&job->answer.head),
        .address = slice_from(job->answer.address)};
    enum ww_status status;

    *out = (struct kept){0};
    status = keep_article(c->keeper, article, &origin, &job->arena, out, err);
    c->summary->n_articles += out->is_new;
    c->summary->n_stories += out->is_new_story;
    return status;
}

static enum ww_status keep_page(struct crawl *c, struct job *job, const struct article *article,
                                struct ww_error *err)
{
    struct kept kept;
    int64_t older_id;
    enum ww_status status = page_begin(c, job, err);

    if (status != WW_OK)
        return status;
    older_id = job->page.article_id;
    status = keep_text(c, job, article, &kept, err);
    if (status == WW_OK)
        status = page_finish(c, job, kept.article_id, err);
    if (status == WW_OK)
        status = history_page_settled(c, &job->page, kept.is_new, err);
    if (status == WW_OK && older_id != 0)
        status = look_fetched(c, job, article, older_id, &kept, err);
    c->summary->n_pages++;
    log_event(c->log, LOG_DEBUG, "page", "id=%lld article=%lld new=%d", (long long)job->id,
              (long long)kept.article_id, kept.is_new);
    return status;
}

/* A rule that no longer fits is not seen in what it leaves behind: an article like any other. */
static void tell_rule(struct crawl *c, struct job *job, const struct article *article)
{
    const struct site_rule *rule =
        site_rules_find(c->options->rules, slice_from(job->url), &job->arena);

    if (rule != NULL && rule->has_body && (article->rules_matched & 1U << RULE_BODY) == 0)
        log_event(c->log, LOG_INFO, "page", "id=%lld url=%s rules=%.*s body=nothing",
                  (long long)job->id, job->url, SLICE_ARG(rule->host));
}

/*
 * What stands before an article is no answer: the page is asked again, and its host with longer
 * pauses if it takes us for a nuisance. What the feed said of the article is told at once.
 */
static enum ww_status page_walled(struct crawl *c, struct job *job, const struct article *article,
                                  const struct ww_error *why, struct ww_error *err)
{
    const bool is_absent = article->access == ARTICLE_NOT_FOUND;
    struct kept kept;
    enum ww_status status = WW_OK;

    if (article->access == ARTICLE_BOT_WALL)
        hosts_judge(job->host, true);
    if (article->text.len > 0) {
        status = page_begin(c, job, err);
        if (status != WW_OK)
            return status;
        status = keep_text(c, job, article, &kept, err);
        job->page.article_id = kept.article_id;
        if (status == WW_OK)
            status = store_update_page(c->store, &job->page, err);
        if (status == WW_OK)
            status = store_link_page_entries(c->store, job->id, kept.article_id, err);
    }
    return status == WW_OK ? blame_page(c, job, is_absent ? 404 : job->answer.http_status, why, err)
                           : status;
}

enum ww_status page_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           struct ww_error *err)
{
    struct article article = {0};
    struct ww_error why = answer->error;
    enum ww_status status = answer->status;

    if (blame_suspects_portal(c, job)) /* by now more is known */
        return leave(c);
    if (answer->worker_died)
        return write_failure(c, job->id, job->answer.http_status, &why, quarantine, err);
    if (status == WW_OK)
        status = parse_answer_article(answer->record, &job->arena, &article, &why);
    if (status == WW_NOMEM && job->arena.failed) /* ours, not what the worker said of its own */
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (status != WW_OK)
        return blame_page(c, job, job->answer.http_status, &why, err);
    tell_rule(c, job, &article);
    if (keep_check(&article, &why) != WW_OK)
        return page_walled(c, job, &article, &why, err);
    return keep_page(c, job, &article, err);
}
