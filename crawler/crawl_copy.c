/*
 * crawl_copy.c - the article of a find that is not read from its site: an archived copy, or the
 * text that the list itself brought.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/head.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/markup.h"
#include "base/url.h"
#include "crawler/capture_head.h"
#include "crawler/parse.h"
#include "crawler/schedule.h"
#include "crawler/site_rules.h"
#include "extractors/article.h"
#include "feeds/http_message.h"
#include "feeds/warc.h"

#include <string.h>

#define COPY_TRIES_MAX 3 /* of an archive that may be well again */

/* ---- asking ---------------------------------------------------------------------------------- */

/* A list that has the text knows its dates better than its address does. */
static void put_date(struct buf *body, const char *name, int64_t at, enum date_precision precision)
{
    const struct date date = {.at = at, .precision = precision};
    char text[DATE_TEXT_BYTES];

    if (at != 0 && precision >= DATE_DAY)
        buf_printf(body, "<meta property=\"article:%s\" content=\"%s\">", name,
                   precision == DATE_DAY ? date_format_day(&date, text) : date_format(at, text));
}

/* As if it had come as a page. */
static enum ww_status take_text(struct job *job, struct ww_error *err)
{
    struct buf *body = &job->answer.body;

    buf_init(body, BODY_INFLATED_MAX_BYTES);
    buf_add(body, SLICE("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>"));
    markup_add_text(body, job->find.title);
    buf_add(body, SLICE("</title>"));
    put_date(body, "published_time", job->find.published_at, job->find.published_precision);
    put_date(body, "modified_time", job->find.modified_at, DATE_SECOND);
    buf_add(body, SLICE("</head><body><article>"));
    buf_add(body, job->find.text);
    buf_add(body, SLICE("</article></body></html>"));
    job->answer.status = WW_OK;
    job->answer.http_status = 200;
    return buf_finish(body, err);
}

/* One was read: the others of the page need not be. */
static enum ww_status know_others(struct crawl *c, const struct find_row *find,
                                  struct ww_error *err)
{
    struct crawl_history *h = c->options->history;
    int64_t n = 0;
    enum ww_status status = crawl_write(c, err);

    if (status == WW_OK)
        status = store_copies_known(c->store, find->backfill_id, find->page_id, &n, err);
    h->n_copies += n;
    h->n_known += n;
    return status;
}

/*
 * Of several copies the earliest that was made after publication is read, and the others are known
 * when it was. *is_turn is false when this one is not it now.
 */
static enum ww_status is_its_turn(struct crawl *c, struct job *job, bool *is_turn,
                                  struct ww_error *err)
{
    const struct find_row *find = &job->find;
    int64_t first = 0;
    bool is_read = false;
    enum ww_status status = WW_OK;

    *is_turn = find->not_before <= clock_now(c->clock);
    if (find->page_id == 0 || !*is_turn)
        return WW_OK;
    status = store_copy_turn(c->store, find->backfill_id, find->page_id, &first, &is_read, err);
    *is_turn = !is_read && first == find->id;
    return status == WW_OK && is_read ? know_others(c, find, err) : status;
}

enum ww_status copy_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err)
{
    bool is_turn = true;
    enum ww_status status = store_find(c->store, job->id, &job->arena, &job->find, err);

    *goes = false;
    if (status == WW_OK && job->find.state == FIND_QUEUED && job->find.text.len > 0) {
        status = take_text(job, err);
        if (status == WW_OK)
            crawl_parse(c, job);
        return status;
    }
    if (status == WW_OK && job->find.state == FIND_QUEUED)
        status = is_its_turn(c, job, &is_turn, err);
    *goes = status == WW_OK && is_turn && job->find.state == FIND_QUEUED;
    if (!*goes) {
        crawl_drop_job(c, job);
        return status;
    }
    job->is_archive = true;
    hosts_pace(job->host, history_pause(c, c->options->history->copy_pause_ms), true);
    request->accept = PAGE_TYPES;
    request->range_offset = job->find.capture_offset;
    request->range_bytes = job->find.capture_bytes;
    return WW_OK;
}

/* ---- what came ------------------------------------------------------------------------------- */

/* What may pass is asked for again; the page's other copies wait for it. */
static void put_off(struct find_row *find, const struct ww_error *why, int64_t from)
{
    find->message = slice_from(why->message);
    find->not_before = 0;
    if (why->status == WW_UNREACHABLE && find->text.len == 0 && ++find->n_tries < COPY_TRIES_MAX)
        find->not_before = schedule_list_retry(from, find->id, find->n_tries);
    if (find->not_before == 0)
        find->state = FIND_FAILED;
}

/* from: when another try could begin. */
static enum ww_status keep_failure(struct crawl *c, int64_t find_id, const struct ww_error *why,
                                   int64_t from, struct ww_error *err)
{
    struct find_row find = {0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = crawl_write(c, err);
    if (status == WW_OK)
        status = store_find(c->store, find_id, &arena, &find, err);
    if (status == WW_OK) {
        put_off(&find, why, from);
        c->options->history->n_failed += find.state == FIND_FAILED;
        log_event(c->log, LOG_WARN, "backfill", "url=%.*s copy=%.*s state=%s tries=%lld error=%s",
                  SLICE_ARG(find.url), SLICE_ARG(find.capture), find_state_name(find.state),
                  (long long)find.n_tries, why->message);
        status = store_update_find(c->store, &find, err);
    }
    arena_release(&arena);
    return status;
}

enum ww_status copy_failed(struct crawl *c, int64_t find_id, const struct ww_error *why,
                           struct ww_error *err)
{
    return keep_failure(c, find_id, why, clock_now(c->clock), err);
}

/*
 * The archive wants a pause. How often it is asked is no copy's fault; but one that it never gives
 * must not keep the others waiting: they come first, and it is given up like one that fails.
 */
static enum ww_status copy_refused(struct crawl *c, const struct job *job, struct ww_error *err)
{
    const long http_status = job->answer.http_status;
    struct ww_error why = {0};

    if (http_status == 429)
        return WW_OK; /* as due as before */
    (void)ww_fail(&why, WW_UNREACHABLE, "the archive answers %ld", http_status);
    return keep_failure(c, job->id, &why,
                        http_status == 403 ? clock_now(c->clock) + REFUSED_AGAIN_S
                                           : job->host->row.not_before,
                        err);
}

/* Of the archive just now, not of the copy. */
static bool may_pass(long http_status)
{
    return http_status == 408 || http_status == 425 || http_status >= 500;
}

struct piece {
    struct slice bytes;
};

static enum ww_status give(void *context, int64_t offset, char *room, size_t len, size_t *got,
                           struct ww_error *err)
{
    const struct slice rest = slice_skip(((const struct piece *)context)->bytes, (size_t)offset);

    WW_UNUSED(err);
    *got = rest.len < len ? rest.len : len;
    memcpy(room, rest.ptr, *got);
    return WW_OK;
}

/* Whose page is it? An index may point beside it. */
static bool is_of(struct slice target, const struct find_row *find, struct arena *arena)
{
    struct slice canonical = {"", 0};

    return url_canonical(target, arena, &canonical, NULL) == WW_OK &&
           slice_equal(canonical, find->canonical);
}

static enum ww_status read_record(struct warc_reader *reader, struct job *job, struct buf *block,
                                  struct ww_error *why)
{
    struct warc_record record = {0};
    struct http_message message = {0};
    struct slice head, rest, body = {"", 0};
    enum ww_status status = warc_next(reader, &record, why);

    if (status == WW_OK && record.type != WARC_RESPONSE)
        status = ww_fail(why, WW_INVALID, "the archive's record holds no page");
    if (status == WW_OK && !is_of(record.target, &job->find, &job->arena))
        status = ww_fail(why, WW_INVALID, "the archive's record is of another address");
    if (status == WW_OK)
        status = warc_block(reader, block, why);
    if (status == WW_OK)
        status = http_message_parse(buf_slice(block), &job->arena, &message, why);
    if (status == WW_OK && message.status != 200)
        status = ww_fail(why, WW_INVALID, "the archived answer is a %d", message.status);
    if (status == WW_OK)
        status = http_message_body(&message, &job->arena, &body, why);
    if (status != WW_OK)
        return status == WW_NOT_FOUND
                   ? ww_fail(why, WW_INVALID, "the archive's record is not there")
                   : status;
    job->copy_type = arena_copy(&job->arena, message.content_type);
    (void)head_split(buf_slice(block), &head, &rest);
    job->copy_head = arena_copy(&job->arena, slice_head(head, HEADERS_MAX_BYTES));
    buf_reset(&job->answer.body);
    buf_add(&job->answer.body, body);
    return buf_finish(&job->answer.body, why);
}

/* One record of a WARC file: the page in it takes the answer's place. */
static enum ww_status open_record(struct job *job, struct ww_error *why)
{
    struct piece piece = {arena_copy(&job->arena, buf_slice(&job->answer.body))};
    const struct warc_source source = {
        .read = give, .context = &piece, .bytes = (int64_t)piece.bytes.len, .seeks = true};
    struct warc_reader *reader = NULL;
    struct buf block;
    enum ww_status status = warc_open(&source, 0, &reader, why);

    buf_init(&block, BODY_INFLATED_MAX_BYTES);
    if (status == WW_OK)
        status = read_record(reader, job, &block, why);
    warc_close(reader);
    buf_release(&block);
    return status;
}

enum ww_status copy_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err)
{
    const struct fetch_answer *answer = &job->answer;
    struct ww_error why = answer->error;

    c->options->history->n_copies++;
    if (answer->status != WW_OK)
        return blame_page(c, job, answer->http_status, &why, err);
    if (blame_suspects_portal(c, job))
        return WW_OK; /* as due as before */
    if (job->is_refused)
        return copy_refused(c, job, err);
    blame_nobody(c, job);
    if (answer->http_status != 200 && answer->http_status != 206) {
        (void)ww_fail(&why, may_pass(answer->http_status) ? WW_UNREACHABLE : WW_INVALID,
                      "the archive answers %ld", answer->http_status);
        return copy_failed(c, job->id, &why, err);
    }
    if (job->find.capture_bytes > 0) {
        if (open_record(job, &why) != WW_OK)
            return copy_failed(c, job->id, &why, err);
    } else if (!page_is_readable(answer)) {
        (void)ww_fail(&why, WW_REFUSED, "a kind of document that is not read");
        return copy_failed(c, job->id, &why, err);
    }
    *is_over = false;
    crawl_parse(c, job);
    return WW_OK;
}

static struct slice content_type_of(const struct job *job)
{
    if (job->find.text.len > 0)
        return SLICE("text/html; charset=utf-8");
    return job->find.capture_bytes > 0 ? job->copy_type
                                       : fetch_header(&job->answer, "Content-Type");
}

/* Of the page's own server, as far as the archive hands it on. */
static struct slice head_of(struct job *job)
{
    return job->find.capture_bytes > 0 ? job->copy_head
                                       : capture_head(buf_slice(&job->answer.head), &job->arena);
}

enum ww_status copy_question(struct crawl *c, struct job *job, struct ww_error *err)
{
    const struct find_row *find = &job->find;
    const struct site_rule *rule = site_rules_find(c->options->rules, find->url, &job->arena);
    struct article_hints hints = {
        .url = find->url,
        .content_type = content_type_of(job),
        .feed_title = find->title,
        .feed_author = find->author,
        .feed_published = {.at = find->published_at, .precision = find->published_precision},
        .now = find->captured_at > 0 ? find->captured_at : clock_now(c->clock),
        .rules = rule != NULL ? rule->text : SLICE("")
    };
    enum ww_status status = keeper_recall(c->keeper, hints.url, &job->arena, &hints, err);

    if (status == WW_OK)
        parse_request_article(&c->request, buf_slice(&job->answer.body), &hints);
    return status;
}

/* Its page may have been had from the site as well; if not, this is what it says. */
static enum ww_status note_page(struct crawl *c, const struct find_row *find, int64_t article_id,
                                struct ww_error *err)
{
    struct page_row page = {0};
    struct arena arena;
    enum ww_status status;

    if (find->page_id == 0)
        return WW_OK;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = store_page(c->store, find->page_id, &arena, &page, err);
    /* One that a feed has announced anew waits for its run; what was read of it is newer. */
    if (status == WW_OK && (page.article_id == 0 || page.state == PAGE_STATE_QUEUED) &&
        (page.is_historic || page.state != PAGE_STATE_QUEUED)) {
        if (page.article_id == 0)
            page.article_id = article_id;
        page.state = PAGE_STATE_DONE;
        page.fetched_at = clock_now(c->clock);
        status = store_update_page(c->store, &page, err);
    }
    arena_release(&arena);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* A copy that says what the page says: known, unless this very backfill brought the page. */
static enum ww_status is_of_this(struct crawl *c, const struct find_row *find, int64_t article_id,
                                 bool *out, struct ww_error *err)
{
    struct article_row row = {0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = store_article(c->store, article_id, &arena, &row, err);
    *out = status == WW_OK && row.backfill_id == find->backfill_id;
    arena_release(&arena);
    return status;
}

static enum ww_status keep(struct crawl *c, struct job *job, const struct article *article,
                           struct ww_error *err)
{
    struct crawl_history *h = c->options->history;
    struct find_row *find = &job->find;
    const bool is_raw = c->options->keeps_pages && find->text.len == 0;
    const struct keep_origin origin = {.url = find->url,
                                       .identity = find->canonical,
                                       .provenance = h->provenance,
                                       .page_id = find->page_id,
                                       .backfill_id = find->backfill_id,
                                       .capture = find->capture,
                                       .first_seen_at = clock_now(c->clock),
                                       .fetched_at = find->captured_at > 0 ? find->captured_at
                                                                           : clock_now(c->clock),
                                       .is_historic = true,
                                       .body = is_raw ? buf_slice(&job->answer.body) : SLICE(""),
                                       .content_type = content_type_of(job),
                                       .head = head_of(job)};
    struct kept kept = {0};
    bool is_ours = true;
    enum ww_status status = crawl_write(c, err);

    if (status == WW_OK)
        status = keep_article(c->keeper, article, &origin, &job->arena, &kept, err);
    if (status == WW_OK && !kept.is_new)
        status = is_of_this(c, find, kept.article_id, &is_ours, err);
    if (status != WW_OK)
        return status;
    c->summary->n_articles += kept.is_new;
    c->summary->n_stories += kept.is_new_story;
    h->n_articles += kept.is_new;
    h->n_known += !is_ours;
    find->state = is_ours ? FIND_DONE : FIND_KNOWN;
    find->text = (struct slice){"", 0};
    find->message = (struct slice){"", 0};
    status = store_update_find(c->store, find, err);
    if (status == WW_OK && find->capture.len > 0 && find->page_id != 0)
        status = know_others(c, find, err);
    return status == WW_OK ? note_page(c, find, kept.article_id, err) : status;
}

enum ww_status copy_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           struct ww_error *err)
{
    struct article article = {0};
    struct ww_error why = answer->error;
    enum ww_status status = answer->status;

    if (status == WW_OK)
        status = parse_answer_article(answer->record, &job->arena, &article, &why);
    if (status == WW_NOMEM && job->arena.failed) /* ours, not what the worker said of its own */
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (status == WW_OK)
        status = keep_check(&article, &why);
    if (status != WW_OK)
        return copy_failed(c, job->id, &why, err);
    if (c->options->history->progress != NULL)
        c->options->history->progress(c->options->history->context);
    return keep(c, job, &article, err);
}
