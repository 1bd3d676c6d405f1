/* reextract.c - kept pages to the workers, and what comes out otherwise into the store. */
#include "crawler/reextract.h"

#include "base/arena.h"
#include "base/log.h"
#include "crawler/bulk.h"
#include "crawler/keep.h"
#include "crawler/parse.h"
#include "crawler/stored_page.h"
#include "extractors/article.h"
#include "storage/archive_place.h"
#include "storage/store.h"
#include "storage/store_entries.h"
#include "storage/store_pages.h"

/* A page that a worker has. */
struct reading {
    struct arena arena;
    struct stored_page page;
};

struct reextract {
    const struct reextract_options *options;
    struct store *store;
    const struct log *log;
    struct reextract_summary *summary;
    struct keeper *keeper;
    struct bulk bulk;
    struct reading reading[WORKERS_MAX];
};

static struct keep_origin origin_of(const struct stored_page *page)
{
    const struct article_row *a = &page->article;

    return (struct keep_origin){.url = a->url,
                                .identity = a->canonical,
                                .is_reread = true,
                                .outlet = a->outlet,
                                .country = a->country,
                                .provenance = SLICE(REEXTRACT_PROVENANCE),
                                .feed_id = a->feed_id,
                                .entry_id = a->entry_id,
                                .page_id = a->page_id,
                                .first_seen_at = a->first_seen_at,
                                .fetched_at = page->body.fetched_at,
                                .is_historic = a->is_historic};
}

/* The queue knows the newest version, and so do the entries that announced it. */
static enum ww_status link_page(struct reextract *r, int64_t page_id, int64_t article_id,
                                struct arena *arena, struct ww_error *err)
{
    struct page_row page;
    enum ww_status status = store_page(r->store, page_id, arena, &page, err);

    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    page.article_id = article_id;
    status = store_update_page(r->store, &page, err);
    return status == WW_OK ? store_link_page_entries(r->store, page_id, article_id, err) : status;
}

static enum ww_status write_version(struct reextract *r, struct reading *reading,
                                    const struct article *article, struct kept *kept,
                                    struct ww_error *err)
{
    const struct keep_origin origin = origin_of(&reading->page);
    enum ww_status status = bulk_begin(&r->bulk, err);

    if (status == WW_OK)
        status = keep_article(r->keeper, article, &origin, &reading->arena, kept, err);
    if (status != WW_OK || !kept->is_new)
        return status;
    status = store_move_body(r->store, reading->page.article.id, kept->article_id, err);
    if (status == WW_OK && origin.page_id != 0)
        status = link_page(r, origin.page_id, kept->article_id, &reading->arena, err);
    return status;
}

static void tell(struct reextract *r, const struct stored_page *page, const struct article *article,
                 int64_t new_id)
{
    const struct reextract_change change = {
        .article_id = page->article.id,
        .new_id = new_id,
        .bytes_before = page->article.text_bytes,
        .bytes_after = (int64_t)article->text.len,
        .title_before = page->article.title,
        .title = article->title,
        .text_source = slice_from(article_text_sources[article->text_source]),
        .url = page->article.url};

    r->summary->n_changed++;
    r->options->changed(r->options->context, &change);
}

static enum ww_status take_article(struct reextract *r, struct reading *reading,
                                   const struct article *article, struct ww_error *err)
{
    const struct keep_origin origin = origin_of(&reading->page);
    struct kept kept = {0};
    bool differs = false;
    enum ww_status status =
        keep_differs(r->keeper, article, &origin, &reading->arena, &differs, err);

    if (status != WW_OK || !differs)
        return status;
    if (!r->options->is_dry_run) {
        status = write_version(r, reading, article, &kept, err);
        r->summary->n_stories += kept.is_new_story;
    }
    if (status == WW_OK)
        tell(r, &reading->page, article, kept.article_id);
    return status;
}

static enum ww_status take(void *context, const struct workers_answer *answer, size_t slot,
                           struct ww_error *err)
{
    struct reextract *r = context;
    struct reading *reading = &r->reading[slot];
    struct article article = {0};
    struct ww_error why = answer->error;
    enum ww_status status = answer->status;

    r->summary->n_read++;
    if (status == WW_OK)
        status = parse_answer_article(answer->record, &reading->arena, &article, &why);
    if (status == WW_NOMEM && reading->arena.failed)
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (status == WW_OK)
        status = keep_check(&article, &why);
    if (status == WW_OK) {
        status = take_article(r, reading, &article, err);
    } else {
        r->summary->n_without++;
        log_event(r->log, LOG_INFO, "reextract", "article=%lld error=%s",
                  (long long)reading->page.article.id, why.message);
        status = WW_OK;
    }
    if (status == WW_OK && r->options->progress != NULL)
        r->options->progress(r->options->context, r->summary);
    return status == WW_OK ? bulk_commit(&r->bulk, err) : status;
}

static enum ww_status offer(struct reextract *r, int64_t id, struct ww_error *err)
{
    struct ww_error why = {0};
    struct reading *reading;
    size_t slot;
    enum ww_status status = bulk_wait(&r->bulk, &slot, err);

    if (status != WW_OK)
        return status;
    reading = &r->reading[slot];
    arena_reset(&reading->arena);
    /* Nobody waits for the lock while this waits for a bucket. */
    if (archive_place_is_far(r->store, id))
        status = bulk_commit_now(&r->bulk, err);
    if (status != WW_OK)
        return status;
    status =
        stored_page_read(r->store, id, r->options->rules, &reading->arena, &reading->page, &why);
    if (status == WW_NOT_FOUND) {
        r->summary->n_not_kept++;
        log_event(r->log, LOG_WARN, "reextract", "error=%s", why.message);
        return WW_OK;
    }
    if (status == WW_OK)
        status = keeper_recall(r->keeper, reading->page.article.url, &reading->arena,
                               &reading->page.hints, &why);
    if (status != WW_OK)
        return ww_fail(err, status, "%s", why.message);
    parse_request_article(bulk_request(&r->bulk, slot), reading->page.body.bytes,
                          &reading->page.hints);
    return bulk_submit(&r->bulk, slot, err);
}

static bool is_stopped(const struct reextract *r)
{
    return r->options->stop != NULL && *r->options->stop != 0;
}

enum ww_status reextract_run(const struct reextract_options *options, struct store *store,
                             struct workers *workers, struct clock *clock, const struct log *log,
                             const int64_t *ids, size_t n_ids, struct reextract_summary *summary,
                             struct ww_error *err)
{
    struct reextract r = {.options = options, .store = store, .log = log, .summary = summary};
    enum ww_status status = keeper_open(store, log, &r.keeper, err);

    *summary = (struct reextract_summary){0};
    bulk_init(&r.bulk, store, workers, clock, take, &r);
    for (size_t i = 0; i < WORKERS_MAX; i++)
        arena_init(&r.reading[i].arena, DOCUMENT_ARENA_MAX_BYTES);
    for (size_t i = 0; status == WW_OK && i < n_ids && !is_stopped(&r); i++)
        status = offer(&r, ids[i], err);
    if (status == WW_OK)
        status = bulk_finish(&r.bulk, err);
    summary->was_stopped = is_stopped(&r);
    bulk_release(&r.bulk);
    keeper_close(r.keeper);
    for (size_t i = 0; i < WORKERS_MAX; i++)
        arena_release(&r.reading[i].arena);
    return status;
}
