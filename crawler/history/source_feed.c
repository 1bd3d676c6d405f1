/*
 * source_feed.c - a feed and its older pages: RFC 5005 (prev-archive, next, fh:complete), and where
 * a feed leads nowhere, what WordPress, Ghost, Drupal and Blogger give when asked for page two.
 */
#include "crawler/history/source_pages.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/url.h"
#include "crawler/fetch.h"

#define FEED_TYPES                                                                 \
    "application/atom+xml, application/rss+xml, application/feed+json, text/xml, " \
    "application/xml;q=0.9, */*;q=0.5"

/* Entries of a page of Blogger, which has 25 unless asked for more. */
#define BLOGGER_ENTRIES 150

static enum ww_status begin(const struct source_context *context, struct arena *arena,
                            struct list_row **lists, size_t *n_lists, struct ww_error *err)
{
    struct source_lists rows = {.arena = arena};
    struct slice *words = NULL;
    size_t n_words = 0;
    enum ww_status status = source_addresses(context, &source_feed, arena, &words, &n_words, err);

    for (size_t i = 0; status == WW_OK && i < n_words; i++) {
        if (source_is_site(words[i]))
            return ww_fail(err, WW_INVALID,
                           "feed wants the address of a feed, and '%.*s' is that of a site:"
                           " wirewatch feed add finds its feeds",
                           SLICE_ARG(slice_head(words[i], 100)));
        source_add_row(&rows, words[i], FEED, 0);
    }
    return status == WW_OK ? source_begun(&rows, lists, n_lists, err) : status;
}

void source_add_pages(struct source_lists *lists, struct slice home)
{
    source_add_row(lists, arena_printf(lists->arena, "%.*sfeed/", SLICE_ARG(home)), FEED_PAGES, 0);
}

/* ---- where page n is ------------------------------------------------------------------------- */

static bool is_blogger(struct slice url)
{
    return slice_contains(url, SLICE("/feeds/posts/"));
}

static bool is_rss_folder(struct slice url)
{
    return slice_ends(url, SLICE("/rss/")) || slice_ends(url, SLICE("/rss"));
}

static bool is_any(struct slice url)
{
    return url.len > 0;
}

typedef struct slice page_address(const struct source_context *context, struct slice feed,
                                  const struct source_paging *paging, struct arena *arena);

static struct slice number(int64_t n, struct arena *arena)
{
    return arena_printf(arena, "%lld", (long long)n);
}

static struct slice document(const struct source_context *context, struct slice feed,
                             const struct source_paging *paging, struct arena *arena)
{
    char text[DATE_TEXT_BYTES];

    WW_UNUSED(paging);
    if (!is_blogger(feed))
        return feed;
    feed = source_with(feed, "max-results", number(BLOGGER_ENTRIES, arena), arena);
    if (context->order->since_at > 0)
        feed = source_with(feed, "published-min",
                           slice_from(date_format(context->order->since_at, text)), arena);
    if (context->order->until_at > 0)
        feed = source_with(feed, "published-max",
                           slice_from(date_format(context->order->until_at, text)), arena);
    return feed;
}

static struct slice linked(const struct source_context *context, struct slice feed,
                           const struct source_paging *paging, struct arena *arena)
{
    WW_UNUSED(context);
    WW_UNUSED(feed);
    WW_UNUSED(arena);
    return paging->rest;
}

static struct slice blogger(const struct source_context *context, struct slice feed,
                            const struct source_paging *paging, struct arena *arena)
{
    return source_with(document(context, feed, paging, arena), "start-index",
                       number((paging->page - 1) * BLOGGER_ENTRIES + 1, arena), arena);
}

static struct slice ghost(const struct source_context *context, struct slice feed,
                          const struct source_paging *paging, struct arena *arena)
{
    WW_UNUSED(context);
    return arena_printf(arena, "%.*s%s%lld/", SLICE_ARG(feed),
                        slice_ends(feed, SLICE("/")) ? "" : "/", (long long)paging->page);
}

static struct slice wordpress(const struct source_context *context, struct slice feed,
                              const struct source_paging *paging, struct arena *arena)
{
    WW_UNUSED(context);
    return source_with(feed, "paged", number(paging->page, arena), arena);
}

/* Without pretty addresses; the feed's address is then that of the front page and "feed/". */
static struct slice plain(const struct source_context *context, struct slice feed,
                          const struct source_paging *paging, struct arena *arena)
{
    const struct slice home = slice_head(feed, feed.len - strlen("feed/"));

    return wordpress(context, source_with(home, "feed", SLICE("rss2"), arena), paging, arena);
}

/* Drupal counts from 0. */
static struct slice drupal(const struct source_context *context, struct slice feed,
                           const struct source_paging *paging, struct arena *arena)
{
    WW_UNUSED(context);
    return source_with(feed, "page", number(paging->page - 1, arena), arena);
}

/*
 * The ways to page n, tried in this order where there is no link; the first two and the last are
 * come to otherwise.
 */
static const struct way {
    const char *name;
    page_address *address;
    bool (*fits)(struct slice feed); /* NULL: not tried */
} ways[] = {
    {"document",  document,  NULL         },
    {"link",      linked,    NULL         },
    {"blogger",   blogger,   is_blogger   },
    {"ghost",     ghost,     is_rss_folder},
    {"wordpress", wordpress, is_any       },
    {"drupal",    drupal,    is_any       },
    {"plain",     plain,     NULL         },
};

enum { WAY_DOCUMENT, WAY_LINK, WAY_PLAIN = WW_COUNT(ways) - 1 };

static size_t way_of(struct slice name)
{
    for (size_t i = 0; i < WW_COUNT(ways); i++)
        if (slice_equal(name, slice_from(ways[i].name)))
            return i;
    return WAY_DOCUMENT;
}

static struct source_paging paging_of(const struct list_row *list)
{
    struct source_paging paging;

    if (!source_read_paging(list->cursor, &paging))
        paging = (struct source_paging){.word = slice_from(ways[WAY_DOCUMENT].name), .page = 1};
    return paging;
}

enum ww_status source_ask_pages(const struct source_context *context, const struct list_row *list,
                                struct arena *arena, struct list_question *out,
                                struct ww_error *err)
{
    const struct source_paging paging = paging_of(list);
    const size_t way = way_of(paging.word);

    if (!source_is_format(list, FEED) && !source_is_format(list, FEED_PAGES))
        return ww_fail(err, WW_INVALID, "%.*s: no list of the kind '%.*s'",
                       SLICE_ARG(context->order->source), SLICE_ARG(list->format));
    *out = (struct list_question){.url = ways[way].address(context, list->url, &paging, arena),
                                  .accept = FEED_TYPES,
                                  .format = FINDS_FEED,
                                  .pause_ms = way > WAY_LINK ? FEED_PAGE_PAUSE_MS : 0};
    return arena_check(arena, err);
}

/* ---- what came ------------------------------------------------------------------------------- */

static void go_to(struct source_work *w, struct source_paging paging, size_t way, int64_t page,
                  struct slice rest)
{
    paging.word = slice_from(ways[way].name);
    paging.page = page;
    paging.rest = rest;
    source_go_on(w, source_paging_text(&paging, w->arena));
}

/* Page two by the next way that may be this feed's; over when none is left. */
static void try_next_way(struct source_work *w, const struct source_paging *paging, size_t way)
{
    for (way++; way < WW_COUNT(ways); way++) {
        if (ways[way].fits == NULL || !ways[way].fits(w->list->url))
            continue;
        w->out->needs_news = false;
        go_to(w, *paging, way, 2, (struct slice){"", 0});
        return;
    }
    source_over(w);
}

static void take_missing(struct source_work *w, const struct source_paging *paging, size_t way)
{
    const bool is_over = source_is_gone(w) || w->answer->fetched->http_status == 400;

    if (source_is_trouble(w))
        source_later(w, "%s", source_what_came(w));
    else if (paging->page == 1 && way == WAY_DOCUMENT && source_is_format(w->list, FEED_PAGES))
        go_to(w, *paging, WAY_PLAIN, 1, (struct slice){"", 0});
    else if (paging->page == 1)
        source_give_up(w, "%s", source_what_came(w));
    else if (way > WAY_LINK && paging->page == 2)
        try_next_way(w, paging, way);
    else if (!is_over || way == WAY_LINK)
        source_give_up(w, "page %lld: %s", (long long)paging->page, source_what_came(w));
    else
        source_over(w);
}

static void follow_link(struct source_work *w, const struct source_paging *paging)
{
    const struct slice next = w->finds->next;

    if (!url_is_fetchable(next) || (!url_is_same_site(next, w->list->url, w->arena) &&
                                    !url_is_same_site(next, w->answer->url, w->arena))) {
        source_note(w, "leads to another site: %.*s", SLICE_ARG(slice_head(next, 120)));
        source_over(w);
    } else {
        go_to(w, *paging, WAY_LINK, paging->page + 1, next);
    }
}

void source_read_pages(struct source_work *w, unsigned want)
{
    struct source_paging paging = paging_of(w->list);
    const size_t way = way_of(paging.word);
    const uint64_t hash_before = paging.hash;
    bool leads_on;

    if (!source_is_read(w)) {
        take_missing(w, &paging, way);
        return;
    }
    source_add_finds(w, want);
    leads_on = source_leads_on(w, &paging);
    if (w->finds->is_complete) {
        w->out->needs_news = false;
        source_over(w);
    } else if (way > WAY_LINK && paging.page == 2 && paging.hash == hash_before) {
        try_next_way(w, &paging, way); /* it takes no notice of the number */
    } else if (!leads_on) {
        source_over(w);
    } else if (way <= WAY_LINK && w->finds->next.len > 0) {
        follow_link(w, &paging);
    } else if (way == WAY_DOCUMENT) {
        try_next_way(w, &paging, WAY_LINK);
    } else if (way == WAY_LINK) {
        source_over(w);
    } else {
        go_to(w, paging, way, paging.page + 1, (struct slice){"", 0});
    }
}

static enum ww_status read(const struct source_context *context, const struct list_row *list,
                           const struct list_answer *answer, struct arena *arena,
                           struct list_outcome *out, struct ww_error *err)
{
    struct source_work w;

    source_work_begin(&w, context, list, answer, arena, out);
    source_read_pages(&w, WANT_WINDOW);
    return source_work_end(&w, err);
}

const struct source source_feed = {
    .name = "feed",
    .words = "FEED...",
    .begin = begin,
    .ask = source_ask_pages,
    .read = read,
};
