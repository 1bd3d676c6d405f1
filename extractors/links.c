/* links.c - the feeds a page announces, or else seems to link to. */
#include "extractors/links.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/dom.h"

static const char *const feed_types[] = {
    "application/rss+xml",   "application/atom+xml",
    "application/rdf+xml",   "application/feed+json",
    "application/x-rss+xml", "application/rss",
    "application/atom",      "text/rss+xml",
    "text/atom+xml",         "text/rss",
};

/* Types of anything: a feed when the page calls it an alternate of itself. */
static const char *const open_types[] = {"application/json", "application/xml", "text/xml"};

/* How the last part of a feed's path ends, and what stands in its query. */
static const char *const path_endings[] = {
    "/feed",     "/feeds",  "/rss",     "/atom",    "/rdf",      ".rss",     ".atom",
    ".rdf",      "rss.xml", "rss2.xml", "feed.xml", "feeds.xml", "atom.xml", "rdf.xml",
    "feed.json", "rss.php", "feed.php", "rss.aspx", "rss.asp",   "rss.jsp",
};
static const char *const query_parts[] = {"feed=rss",    "feed=atom", "format=feed", "format=rss",
                                          "format=atom", "type=rss",  "output=rss",  "type=atom"};

static bool is_one_of(struct slice s, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal_nocase(s, slice_from(names[i])))
            return true;
    return false;
}

/* A word of a list of words separated by white space. */
static bool has_word(struct slice list, struct slice word)
{
    size_t begin = 0;

    for (size_t i = 0; i <= list.len; i++) {
        bool is_end =
            i == list.len || list.ptr[i] == ' ' || (list.ptr[i] >= '\t' && list.ptr[i] <= '\r');

        if (!is_end)
            continue;
        if (slice_equal_nocase(slice_sub(list, begin, i - begin), word))
            return true;
        begin = i + 1;
    }
    return false;
}

/* "application/rss+xml; charset=utf-8" without its parameters. */
static struct slice media_type(const struct dom_node *node)
{
    struct slice type = dom_get(node, "type");

    return slice_trim(slice_head(type, slice_find_char(type, ';')));
}

/* Does an address look like a feed's? Judged by its path and query, not by its host. */
static bool looks_like_feed(struct slice url)
{
    struct url u;

    url_split(url, &u);
    while (u.path.len > 1 && u.path.ptr[u.path.len - 1] == '/')
        u.path.len--;
    for (size_t i = 0; i < WW_COUNT(path_endings); i++)
        if (slice_ends_nocase(u.path, slice_from(path_endings[i])))
            return true;
    for (size_t i = 0; i < WW_COUNT(query_parts); i++)
        if (slice_contains_nocase(u.query, slice_from(query_parts[i])))
            return true;
    return false;
}

/* WordPress announces the raw record of each page as an alternate: JSON, but no feed. */
static bool is_wordpress_record(struct slice href)
{
    return slice_contains_nocase(href, SLICE("/wp-json"));
}

static bool is_announced(const struct dom_node *node)
{
    struct slice rel = dom_get(node, "rel");
    struct slice type = media_type(node);
    struct slice href = dom_get(node, "href");

    if (has_word(rel, SLICE("feed")))
        return true;
    if (!has_word(rel, SLICE("alternate")) || has_word(rel, SLICE("stylesheet")))
        return false;
    if (is_one_of(type, feed_types, WW_COUNT(feed_types)))
        return true;
    if (is_one_of(type, open_types, WW_COUNT(open_types)))
        return !is_wordpress_record(href) && !dom_has(node, "hreflang");
    return type.len == 0 && looks_like_feed(href);
}

static bool is_linked(const struct dom_node *node)
{
    struct slice type = media_type(node);

    return is_one_of(type, feed_types, WW_COUNT(feed_types)) ||
           looks_like_feed(slice_trim(dom_get(node, "href")));
}

struct finder {
    struct slice base;
    struct arena *arena;
    struct page_links *out;
    size_t capacity;
};

static void add_feed(struct finder *f, const struct dom_node *node)
{
    struct slice href = slice_trim(dom_get(node, "href"));
    struct slice url;
    struct page_link *feeds;

    if (href.len == 0 || f->out->n_feeds == PAGE_LINKS_MAX ||
        url_resolve(href, f->base, f->arena, &url, NULL) != WW_OK)
        return;
    url = slice_head(url, slice_find_char(url, '#'));
    if (!url_is_fetchable(url))
        return;
    for (size_t i = 0; i < f->out->n_feeds; i++)
        if (slice_equal(f->out->feeds[i].url, url))
            return;
    feeds = arena_grow(f->arena, f->out->feeds, f->out->n_feeds, &f->capacity, sizeof(*feeds));
    if (feeds == NULL)
        return; /* the arena is marked */
    f->out->feeds = feeds;
    feeds[f->out->n_feeds++] = (struct page_link){
        .url = url,
        .title = node->tag == DOM_LINK ? slice_trim(dom_get(node, "title"))
                                       : slice_trim(dom_text(node, f->arena)),
        .type = media_type(node),
    };
}

/* Every element with this tag of which `is_feed` holds; what a template holds is not there yet. */
static void collect(struct finder *f, struct dom *dom, enum dom_tag tag,
                    bool (*is_feed)(const struct dom_node *node))
{
    struct dom_node *node = dom->root;

    while (node != NULL) {
        if (node->tag == tag && is_feed(node))
            add_feed(f, node);
        node = node->tag == DOM_TEMPLATE ? dom_next_skipping(node, dom->root)
                                         : dom_next(node, dom->root);
    }
}

static void describe(struct dom *dom, struct arena *arena, struct page_links *out)
{
    struct dom_node *html = dom_find(dom->root, DOM_HTML);
    struct dom_node *title = dom_find(dom->root, DOM_TITLE);

    if (html != NULL)
        out->language = slice_trim(dom_get(html, "lang"));
    if (title != NULL)
        out->title = text_cut(text_squeeze(dom_text(title, arena), arena), TITLE_MAX_BYTES);
    for (struct dom_node *node = dom->root; node != NULL; node = dom_next(node, dom->root))
        out->has_password |=
            node->tag == DOM_INPUT && slice_equal_nocase(dom_get(node, "type"), SLICE("password"));
}

enum ww_status links_find(struct slice html, struct slice url, struct slice content_type,
                          struct arena *arena, struct page_links *out, struct ww_error *err)
{
    const char *charset =
        charset_detect(html, CHARSET_HTML, charset_from_content_type(content_type));
    struct finder f = {.base = url, .arena = arena, .out = out};
    struct slice utf8;
    struct dom dom;
    const struct dom_node *base;
    enum ww_status status;

    *out = (struct page_links){0};
    status = charset_decode(html, charset, arena, &utf8, err);
    if (status == WW_OK)
        status = dom_parse(utf8, arena, &dom, err);
    if (status != WW_OK)
        return status;
    describe(&dom, arena, out);
    base = dom_find(dom.root, DOM_BASE);
    if (base != NULL && dom_get(base, "href").len > 0) {
        struct slice resolved;

        if (url_resolve(dom_get(base, "href"), url, arena, &resolved, NULL) == WW_OK)
            f.base = resolved;
    }
    collect(&f, &dom, DOM_LINK, is_announced);
    if (out->n_feeds == 0)
        collect(&f, &dom, DOM_A, is_linked);
    return arena_check(arena, err);
}
