/*
 * crawl_entries.c - the entries of a feed: which are new, which have changed, and the pages they
 * announce.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/url.h"
#include "feeds/feed.h"
#include "storage/store_entries.h"

int64_t entries_believed(const struct date *date, int64_t now)
{
    if (date->precision == DATE_NONE || date->at <= 0 || date->at > now + DATE_FUTURE_MAX_S)
        return 0;
    return date->at;
}

/* What knows an entry again: its id, else its address, else its words. */
static struct slice guid_of(const struct entry *entry, struct slice canonical, struct arena *arena)
{
    if (entry->id.len > 0)
        return entry->id;
    if (canonical.len > 0)
        return canonical;
    return arena_printf(
        arena, "words:%016llx",
        (unsigned long long)hash64_mix(hash64(entry->title),
                                       hash64_mix(hash64(entry->summary), hash64(entry->content))));
}

/*
 * The feed says that an article it announced before has changed: look at its page once more. A
 * feed that renews its summaries at every poll must not make us fetch everything each time, so a
 * page rests for a quarter of its age at least.
 */
static enum ww_status look_again(struct crawl *c, struct page_row *page, struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    int64_t rest_s = (page->fetched_at - page->added_at) / 4;
    enum ww_status status;

    if (page->state != PAGE_STATE_DONE)
        return WW_OK;
    if (rest_s < PAGE_REST_MIN_S)
        rest_s = PAGE_REST_MIN_S;
    page->state = PAGE_STATE_QUEUED;
    page->n_tries = 0;
    page->not_before = page->fetched_at + rest_s;
    status = store_update_page(c->store, page, err);
    if (status != WW_OK || page->not_before > now)
        return status;
    return crawl_add_job(c, JOB_PAGE, page->id, page->url, false, NULL, err);
}

/* Queue its page, once an address; again when the entry has changed. */
static enum ww_status queue_page(struct crawl *c, const struct job *job, int64_t entry_id,
                                 struct slice url, struct slice canonical, bool is_changed,
                                 struct arena *arena, struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    const struct page_row page = {.url = url,
                                  .canonical = canonical,
                                  .host = url_host(url, arena),
                                  .state = PAGE_STATE_QUEUED,
                                  .provenance = SLICE("feed"),
                                  .feed_id = job->id,
                                  .added_at = now};
    struct page_row known = {0};
    int64_t page_id = 0;
    bool is_new = false;
    enum ww_status status = store_queue_page(c->store, &page, &page_id, &is_new, err);

    if (status == WW_OK && is_new)
        status = crawl_add_job(c, JOB_PAGE, page_id, url, false, NULL, err);
    else if (status == WW_OK)
        status = store_page(c->store, page_id, arena, &known, err);
    if (status == WW_OK && !is_new && is_changed)
        status = look_again(c, &known, err);
    return status == WW_OK ? store_link_entry(c->store, entry_id, page_id, known.article_id, err)
                           : status;
}

static enum ww_status keep_entry(struct crawl *c, const struct job *job, const struct entry *entry,
                                 struct arena *arena, bool *is_new, struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    /* Past a service that counts clicks: one redirect less, and it may be gone tomorrow. */
    struct slice url = url_is_fetchable(entry->original) ? entry->original : entry->link;
    struct slice canonical = {"", 0};
    struct entry_row row;
    enum entry_news news = ENTRY_KNOWN;
    int64_t id = 0;
    bool is_page = url_is_fetchable(url);
    enum ww_status status = WW_OK;

    if (is_page)
        status = url_canonical(url, arena, &canonical, err);
    if (status == WW_INVALID || status == WW_TOO_BIG)
        is_page = false;
    else if (status != WW_OK)
        return status;
    row = (struct entry_row){.feed_id = job->id,
                             .guid = guid_of(entry, canonical, arena),
                             .url = url,
                             .canonical = canonical,
                             .title = entry->title,
                             .author = entry->author,
                             .language = entry->language,
                             .summary = entry->summary,
                             .content = entry->content,
                             .published_at = entries_believed(&entry->published, now),
                             .updated_at = entries_believed(&entry->updated, now),
                             .first_seen_at = now};
    status = arena_check(arena, err);
    if (status == WW_OK)
        status = store_add_entry(c->store, &row, &id, &news, err);
    *is_new = news == ENTRY_NEW;
    if (status != WW_OK || news == ENTRY_KNOWN || !is_page)
        return status;
    return queue_page(c, job, id, url, canonical, news == ENTRY_CHANGED, arena, err);
}

enum ww_status entries_keep(struct crawl *c, const struct job *job, const struct feed *feed,
                            int64_t *n_new, struct ww_error *err)
{
    struct arena arena;
    enum ww_status status = WW_OK;

    *n_new = 0;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    for (size_t i = 0; status == WW_OK && i < feed->n_entries; i++) {
        bool is_new = false;

        status = keep_entry(c, job, &feed->entries[i], &arena, &is_new, err);
        *n_new += is_new;
        arena_reset(&arena);
    }
    arena_release(&arena);
    return status;
}
