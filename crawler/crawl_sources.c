/*
 * crawl_sources.c - lists of addresses as feeds: which links of a sitemap or a page are news.
 *
 * Such a list holds everything, mostly old, and says little of it. News is what was not in it
 * before. What it held when it was first read is known, but for what calls itself some days old.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/url.h"
#include "feeds/feed.h"
#include "storage/store_seen.h"

#include <stdlib.h>

#define DAY_S (24 * 3600)

/* In the order in which they are taken when there are too many. */
enum link_rank { LINK_RECENT, LINK_UNDATED, LINK_CHANGED, LINK_OLD, LINK_RANKS };

/* A link that is news. */
struct link {
    const struct entry *entry;
    uint64_t address;
    int64_t modified_at; /* as it says */
    int64_t at;          /* published, else modified; 0: it does not say */
    enum link_rank rank;
    size_t place; /* in the list */
};

struct picking {
    struct crawl *c;
    struct job *job;
    int64_t now;
    int64_t since; /* what is older was there at the last reading, or belongs to the past */
    bool is_first;
    bool is_page;
    struct arena scratch; /* one link's */
    struct link *links;
    size_t n_links;
    size_t n_of[LINK_RANKS]; /* of each rank */
};

static enum ww_status mark(struct picking *p, const struct link *link, struct ww_error *err)
{
    return store_mark_seen(p->c->store, p->job->id, link->address, link->modified_at, err);
}

/* The time of a link that is news, and why it is; false when it is none. */
static bool is_news(const struct picking *p, bool is_new, struct link *link)
{
    if (link->at == 0 || !is_new)
        link->at = link->modified_at;
    if (link->at >= p->since) {
        link->rank = is_new ? LINK_RECENT : LINK_CHANGED;
        return true;
    }
    link->rank = link->at == 0 ? LINK_UNDATED : LINK_OLD;
    return is_new && !p->is_first;
}

static enum ww_status judge(struct picking *p, const struct entry *entry, size_t place,
                            struct ww_error *err)
{
    struct link link = {.entry = entry,
                        .place = place,
                        .modified_at = entries_believed(&entry->updated, p->now),
                        .at = entries_believed(&entry->published, p->now)};
    struct slice canonical;
    int64_t known_at = 0;
    bool is_new;
    enum ww_status status;

    if (!url_is_fetchable(entry->link))
        return WW_OK;
    arena_reset(&p->scratch);
    status = url_canonical(entry->link, &p->scratch, &canonical, err);
    if (status != WW_OK)
        return status == WW_INVALID || status == WW_TOO_BIG ? WW_OK : status;
    link.address = hash64(canonical);
    status = store_seen(p->c->store, p->job->id, link.address, &known_at, err);
    is_new = status == WW_NOT_FOUND;
    if (status != WW_OK && !is_new)
        return status;
    if (!is_new && link.modified_at <= known_at)
        return WW_OK;
    if (!is_news(p, is_new, &link))
        return mark(p, &link, err);
    p->links[p->n_links++] = link;
    p->n_of[link.rank]++;
    return WW_OK;
}

static int compare_links(const void *left, const void *right)
{
    const struct link *a = left, *b = right;

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->at != b->at)
        return a->at > b->at ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* How many may be taken now. */
static enum ww_status find_limit(struct picking *p, size_t *limit, struct ww_error *err)
{
    const struct store_window day = {.since = p->now - DAY_S, .limit = LISTING_NEWS_DAY_MAX};
    struct entry_list entries = {0};
    enum ww_status status;

    *limit = SITEMAP_NEWS_MAX;
    if (!p->is_page)
        return WW_OK;
    status = store_list_entries(p->c->store, p->job->id, &day, &p->job->arena, &entries, err);
    *limit = LISTING_NEWS_DAY_MAX - entries.n_rows;
    if (*limit > LISTING_NEWS_MAX)
        *limit = LISTING_NEWS_MAX;
    return status;
}

/* More than a site can have changed or written: it was made anew, and its times are not believed.
 */
static bool was_made_anew(const struct picking *p, enum link_rank rank)
{
    if (p->is_page)
        return false;
    return rank == LINK_CHANGED ? p->n_of[LINK_CHANGED] > SITEMAP_NEWS_MAX
                                : p->n_links > SITEMAP_RENAMED_MIN;
}

/* What is too much for one reading waits for the next when it may be real news. */
static bool can_wait(const struct picking *p, enum link_rank rank)
{
    return p->is_page || ((rank == LINK_RECENT || rank == LINK_CHANGED) && !was_made_anew(p, rank));
}

/* The first ones by rank become the entries of news. */
static enum ww_status take(struct picking *p, struct feed *news, bool *is_all, struct slice *note,
                           struct ww_error *err)
{
    size_t limit = 0;
    enum ww_status status = find_limit(p, &limit, err);

    news->n_entries = 0;
    if (p->n_links == 0 || status != WW_OK)
        return status;
    qsort(p->links, p->n_links, sizeof(*p->links), compare_links);
    news->entries = arena_array(&p->job->arena, p->n_links, sizeof(*news->entries));
    if (news->entries == NULL)
        return arena_check(&p->job->arena, err);
    for (size_t i = 0; i < p->n_links && status == WW_OK; i++) {
        const struct link *link = &p->links[i];
        const bool is_taken = news->n_entries < limit &&
                              !(link->rank == LINK_CHANGED && was_made_anew(p, LINK_CHANGED));

        if (is_taken)
            news->entries[news->n_entries++] = *link->entry;
        if (is_taken || !can_wait(p, link->rank))
            status = mark(p, link, err);
        else
            *is_all = false;
    }
    if (p->n_links > news->n_entries)
        *note = arena_printf(
            &p->job->arena, "%zu links are new or changed at once, %zu are read now%s", p->n_links,
            news->n_entries, p->is_page ? ": do they change with every visit?" : "");
    return status;
}

enum ww_status sources_pick(struct crawl *c, struct job *job, const struct feed *feed,
                            struct feed *news, bool *is_all, struct slice *note,
                            struct ww_error *err)
{
    const int64_t now = clock_now(c->clock), first_s = c->options->first_read_s;
    struct picking p = {.c = c,
                        .job = job,
                        .now = now,
                        .since = now - (first_s > 0 ? first_s : SOURCE_RECENT_S),
                        .is_first = job->feed.last_ok_at == 0,
                        .is_page = job->feed.kind == FEED_KIND_PAGE};
    enum ww_status status = WW_OK;

    *news = *feed;
    *is_all = true;
    if (!p.is_first && p.since > job->feed.last_ok_at - DAY_S)
        p.since = job->feed.last_ok_at - DAY_S;
    p.links = arena_array(&job->arena, feed->n_entries, sizeof(*p.links));
    if (p.links == NULL)
        return arena_check(&job->arena, err);
    arena_init(&p.scratch, LISTS_ARENA_MAX_BYTES);
    for (size_t i = 0; status == WW_OK && i < feed->n_entries; i++)
        status = judge(&p, &feed->entries[i], i, err);
    arena_release(&p.scratch);
    if (status == WW_OK)
        status = take(&p, news, is_all, note, err);
    log_event(c->log, LOG_DEBUG, "source", "id=%lld links=%zu news=%zu taken=%zu",
              (long long)job->id, feed->n_entries, p.n_links, news->n_entries);
    return status;
}
