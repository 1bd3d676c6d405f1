/*
 * crawl_children.c - the sitemaps that an index names: the newest are followed as feeds of their
 * own, with the index as their parent.
 *
 * Bounded whatever an index says: so many of it, so deep, and of its own site alone. An index that
 * names itself, its parent or what somebody follows already adds nothing: an address is one feed.
 */
#include "crawler/crawl_parts.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/url.h"
#include "feeds/feed.h"

#include <stdlib.h>

/* Sitemaps of what is no article. */
static const char *const side_names[] = {"author", "categor", "image", "product",
                                         "tag",    "taxonom", "user",  "video"};

struct child {
    struct slice url;
    int64_t modified_at; /* 0: the index does not say */
    bool is_side;
    bool is_news; /* a news sitemap, by its name */
};

/* By words, where numbers count as numbers: "2026_9" before "2026_11". */
static int compare_natural(struct slice a, struct slice b)
{
    while (a.len > 0 && b.len > 0) {
        size_t i = 0, k = 0;

        while (i < a.len && ascii_is_digit(a.ptr[i]))
            i++;
        while (k < b.len && ascii_is_digit(b.ptr[k]))
            k++;
        if (i != k && i > 0 && k > 0)
            return i < k ? -1 : 1;
        if (a.ptr[0] != b.ptr[0])
            return (unsigned char)a.ptr[0] < (unsigned char)b.ptr[0] ? -1 : 1;
        a = slice_skip(a, 1);
        b = slice_skip(b, 1);
    }
    return (a.len > 0) - (b.len > 0);
}

/* News first, then the newest; without times the highest number in the name. */
static int compare_children(const void *left, const void *right)
{
    const struct child *a = left, *b = right;

    if (a->is_side != b->is_side)
        return a->is_side ? 1 : -1;
    if (a->is_news != b->is_news)
        return a->is_news ? -1 : 1;
    if (a->modified_at != b->modified_at)
        return a->modified_at > b->modified_at ? -1 : 1;
    return -compare_natural(a->url, b->url);
}

/* The last part of its path and its query: what tells a sitemap from those beside it. */
static struct slice file_name(struct slice url)
{
    size_t end = slice_find_char(url, '?');
    size_t slash = slice_find_last_char(slice_head(url, end), '/');

    return slash < url.len ? slice_skip(url, slash + 1) : url;
}

static bool is_side(struct slice name)
{
    for (size_t i = 0; i < WW_COUNT(side_names); i++)
        if (slice_contains_nocase(name, slice_from(side_names[i])))
            return true;
    return false;
}

/* Those that may be followed, best first; *n of list, which has room for all entries. */
static enum ww_status choose(struct crawl *c, struct job *job, const struct feed *index,
                             struct child *list, size_t *n, struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    struct slice site = url_site(job->feed.url, &job->arena);
    struct arena scratch;
    size_t n_all = 0;

    arena_init(&scratch, LISTS_ARENA_MAX_BYTES);
    for (size_t i = 0; i < index->n_entries; i++) {
        const struct entry *e = &index->entries[i];
        struct slice name = file_name(e->link);

        arena_reset(&scratch);
        if (!url_is_fetchable(e->link) || !slice_equal(url_site(e->link, &scratch), site))
            continue;
        list[n_all++] = (struct child){.url = e->link,
                                       .modified_at = entries_believed(&e->updated, now),
                                       .is_side = is_side(name),
                                       .is_news = slice_contains_nocase(name, SLICE("news"))};
    }
    arena_release(&scratch);
    qsort(list, n_all, sizeof(*list), compare_children);
    *n = 0;
    for (size_t i = 0; i < n_all && *n < SITEMAP_CHILDREN_MAX; i++) {
        const bool has_rested =
            list[i].modified_at != 0 && now - list[i].modified_at > SITEMAP_RESTED_S;

        if (i == 0 || !(has_rested || (list[i].is_side && !list[0].is_side)))
            list[(*n)++] = list[i];
    }
    return arena_check(&job->arena, err);
}

/* Sitemaps above this one; more than SITEMAP_DEPTH_MAX is not counted. */
static enum ww_status find_depth(struct crawl *c, struct job *job, size_t *depth,
                                 struct ww_error *err)
{
    struct feed_row row = job->feed;
    enum ww_status status = WW_OK;

    for (*depth = 0; *depth < SITEMAP_DEPTH_MAX && row.parent_id != 0; (*depth)++) {
        status = store_feed(c->store, row.parent_id, &job->arena, &row, err);
        if (status != WW_OK)
            break;
    }
    return status;
}

static enum ww_status follow(struct crawl *c, struct job *job, struct slice url,
                             struct ww_error *err)
{
    const struct feed_row *parent = &job->feed;
    struct slice title = parent->title.len > 0 ? parent->title : parent->url;
    struct feed_row row = {.url = url,
                           .title = arena_printf(&job->arena, "%.*s: %.*s", SLICE_ARG(title),
                                                 SLICE_ARG(file_name(url))),
                           .outlet = parent->outlet.len > 0 ? parent->outlet : parent->title,
                           .folder = parent->folder,
                           .country = parent->country,
                           .language = parent->language,
                           .site = parent->site,
                           .tags = parent->tags,
                           .tier = parent->tier,
                           .parent_id = parent->id,
                           .added_at = clock_now(c->clock)};
    struct feed_row known = {0};
    bool is_new = false;
    int64_t id = 0;
    enum ww_status status;

    if (url.len > LISTED_URL_MAX_BYTES)
        return WW_OK; /* no sitemap's may be longer */
    status = store_feed_by_url(c->store, url, &job->arena, &known, err);
    if (status == WW_OK && (known.parent_id != parent->id || known.state != FEED_STATE_REMOVED))
        return WW_OK; /* it is followed already, or somebody decided otherwise */
    if (status != WW_OK && status != WW_NOT_FOUND)
        return status;
    status = store_add_feed(c->store, &row, &id, &is_new, err);
    if (status != WW_OK)
        return status;
    log_event(c->log, LOG_INFO, "feed", "id=%lld parent=%lld url=%.*s followed", (long long)id,
              (long long)parent->id, SLICE_ARG(url));
    return crawl_add_job(c, JOB_FEED, id, url, false, NULL, err);
}

/* Followed so far and no longer chosen. */
static enum ww_status let_go(struct crawl *c, struct job *job, const struct child *list, size_t n,
                             struct ww_error *err)
{
    struct feed_list rows = {0};
    enum ww_status status = store_list_child_feeds(c->store, job->id, &job->arena, &rows, err);

    for (size_t i = 0; i < rows.n_rows && status == WW_OK; i++) {
        struct feed_row *row = &rows.rows[i];
        bool is_chosen = row->state != FEED_STATE_ACTIVE && row->state != FEED_STATE_GONE;

        for (size_t k = 0; k < n && !is_chosen; k++)
            is_chosen = slice_equal(row->url, list[k].url);
        if (is_chosen)
            continue;
        row->state = FEED_STATE_REMOVED;
        status = store_update_feed(c->store, row, err);
        log_event(c->log, LOG_INFO, "feed", "id=%lld parent=%lld url=%.*s let go",
                  (long long)row->id, (long long)job->id, SLICE_ARG(row->url));
    }
    return status;
}

enum ww_status children_keep(struct crawl *c, struct job *job, const struct feed *index,
                             struct slice *note, struct ww_error *err)
{
    struct child *list = arena_array(&job->arena, index->n_entries, sizeof(*list));
    size_t depth = 0, n = 0;
    enum ww_status status = list == NULL ? arena_check(&job->arena, err) : WW_OK;

    if (status == WW_OK)
        status = find_depth(c, job, &depth, err);
    if (status == WW_OK && depth >= SITEMAP_DEPTH_MAX) {
        *note = SLICE("an index in an index in an index is not followed");
        return WW_OK;
    }
    if (status == WW_OK)
        status = choose(c, job, index, list, &n, err);
    if (status == WW_OK)
        status = let_go(c, job, list, n, err);
    for (size_t i = 0; i < n && status == WW_OK; i++)
        status = follow(c, job, list[i].url, err);
    if (n == 0 && index->n_entries > 0)
        *note = SLICE("names sitemaps of other sites alone");
    return status;
}
