/*
 * sitemap.c - lists of pages: XML, one address a line, or a feed used as one.
 *
 * The handler knows four elements that hold (url, sitemap, news:news, news:publication) and seven
 * that say something; the prefix of the news extension counts even when its namespace is wrong.
 */
#include "feeds/sitemap.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "feeds/feed.h"
#include "feeds/markup.h"
#include "feeds/xml.h"

#include <stdlib.h>
#include <string.h>

enum sitemap_field {
    SITEMAP_NONE,
    SITEMAP_ROOT,
    SITEMAP_INDEX,
    SITEMAP_URL,     /* a page */
    SITEMAP_SITEMAP, /* another sitemap */
    SITEMAP_LOC,
    SITEMAP_LASTMOD,
    SITEMAP_NEWS,
    SITEMAP_NEWS_DATE,
    SITEMAP_NEWS_LANGUAGE,
    SITEMAP_NEWS_NAME,
    SITEMAP_NEWS_TITLE
};

struct sitemap_name {
    const char *name;
    enum sitemap_field field;
};

/* Sorted by name, because the lookup is a bsearch. */
static const struct sitemap_name names[] = {
    {"lastmod",               SITEMAP_LASTMOD      },
    {"loc",                   SITEMAP_LOC          },
    {"news:language",         SITEMAP_NEWS_LANGUAGE},
    {"news:name",             SITEMAP_NEWS_NAME    },
    {"news:news",             SITEMAP_NEWS         },
    {"news:publication_date", SITEMAP_NEWS_DATE    },
    {"news:title",            SITEMAP_NEWS_TITLE   },
    {"sitemap",               SITEMAP_SITEMAP      },
    {"sitemapindex",          SITEMAP_INDEX        },
    {"url",                   SITEMAP_URL          },
    {"urlset",                SITEMAP_ROOT         },
};

struct sitemap_reader {
    struct arena *arena;
    struct slice base;
    struct sitemap *sitemap;
    struct sitemap_url url; /* being read */
    enum sitemap_field fields[XML_DEPTH_MAX + 1];
    size_t depth;
    struct buf text;
    size_t urls_room, sitemaps_room;
};

static int compare_name(const void *key, const void *row)
{
    return slice_compare(*(const struct slice *)key,
                         slice_from(((const struct sitemap_name *)row)->name));
}

static void on_start(void *state, const struct xml_element *e)
{
    struct sitemap_reader *r = state;
    const struct sitemap_name *row =
        bsearch(&e->name, names, WW_COUNT(names), sizeof(names[0]), compare_name);
    enum sitemap_field field = row != NULL ? row->field : SITEMAP_NONE;

    if (r->depth == XML_DEPTH_MAX)
        return;
    r->fields[++r->depth] = field;
    buf_reset(&r->text);
    if (field == SITEMAP_URL || field == SITEMAP_SITEMAP)
        r->url = (struct sitemap_url){0};
    if (field == SITEMAP_NEWS)
        r->url.has_news = true;
    if (r->sitemap->type == NULL && (field == SITEMAP_ROOT || field == SITEMAP_INDEX))
        r->sitemap->type = field == SITEMAP_ROOT ? "urlset" : "index";
}

static void on_text(void *state, struct slice text)
{
    struct sitemap_reader *r = state;

    if (r->fields[r->depth] >= SITEMAP_LOC)
        buf_add(&r->text, text);
}

static struct slice resolve(struct arena *arena, struct slice loc, struct slice base)
{
    struct slice url;

    if (loc.len == 0 || url_resolve(loc, base, arena, &url, NULL) != WW_OK)
        return (struct slice){"", 0};
    return arena_copy(arena, url);
}

/* Newest first; those without a date last. */
static int compare_lastmod(const void *left, const void *right)
{
    const struct date *a = &((const struct sitemap_url *)left)->lastmod;
    const struct date *b = &((const struct sitemap_url *)right)->lastmod;

    return (a->at < b->at) - (a->at > b->at);
}

/* A list longer than it may be: the newest stay. Sorted once for every SITEMAP_URLS_MAX of it. */
static void drop_oldest(struct sitemap *s, struct sitemap_url *list, size_t *n)
{
    if (*n <= SITEMAP_URLS_MAX)
        return;
    qsort(list, *n, sizeof(*list), compare_lastmod);
    s->n_dropped += *n - SITEMAP_URLS_MAX;
    *n = SITEMAP_URLS_MAX;
}

static void finish(struct sitemap *s)
{
    drop_oldest(s, s->urls, &s->n_urls);
    drop_oldest(s, s->sitemaps, &s->n_sitemaps);
}

static void add_url(struct sitemap_reader *r, bool is_page)
{
    struct sitemap *s = r->sitemap;
    struct sitemap_url *list = is_page ? s->urls : s->sitemaps;
    size_t *n = is_page ? &s->n_urls : &s->n_sitemaps;

    if (r->url.loc.len == 0)
        return;
    if (*n >= (size_t)2 * SITEMAP_URLS_MAX)
        drop_oldest(s, list, n);
    list =
        arena_grow(r->arena, list, *n, is_page ? &r->urls_room : &r->sitemaps_room, sizeof(*list));
    if (list == NULL)
        return;
    list[(*n)++] = r->url;
    if (is_page)
        s->urls = list;
    else
        s->sitemaps = list;
}

static void on_end(void *state)
{
    struct sitemap_reader *r = state;
    enum sitemap_field field = r->fields[r->depth];
    enum sitemap_field parent = r->depth > 0 ? r->fields[r->depth - 1] : SITEMAP_NONE;
    struct slice text = slice_trim(buf_slice(&r->text));

    if (r->depth == 0)
        return;
    r->depth--;
    switch (field) {
    case SITEMAP_LOC:
        if (parent == SITEMAP_URL || parent == SITEMAP_SITEMAP)
            r->url.loc = resolve(r->arena, text, r->base);
        break;
    case SITEMAP_LASTMOD:
        if (!date_parse(text, &r->url.lastmod))
            r->url.lastmod = (struct date){0};
        break;
    case SITEMAP_NEWS_DATE:
        if (!date_parse(text, &r->url.news_date))
            r->url.news_date = (struct date){0};
        break;
    case SITEMAP_NEWS_LANGUAGE:
        r->url.news_language = arena_copy(r->arena, text);
        break;
    case SITEMAP_NEWS_NAME:
        r->url.news_publication = arena_copy(r->arena, markup_text(text, 2, r->arena));
        break;
    case SITEMAP_NEWS_TITLE:
        r->url.news_title =
            arena_copy(r->arena, text_cut(markup_text(text, 2, r->arena), TITLE_MAX_BYTES));
        break;
    case SITEMAP_URL:
    case SITEMAP_SITEMAP:
        add_url(r, field == SITEMAP_URL);
        r->url = (struct sitemap_url){0};
        break;
    case SITEMAP_NONE:
    case SITEMAP_ROOT:
    case SITEMAP_INDEX:
    case SITEMAP_NEWS:
        break;
    }
    buf_reset(&r->text);
}

static enum ww_status read_xml(const struct xml_source *source, bool is_soup, struct slice base,
                               struct arena *arena, struct sitemap *out, bool *is_broken,
                               struct ww_error *err)
{
    struct sitemap_reader r = {.arena = arena, .base = base, .sitemap = out};
    struct xml_handler handler = {&r, on_start, on_end, on_text};
    struct xml_result result = {true, true};
    enum ww_status status;

    *out = (struct sitemap){0};
    buf_init(&r.text, URL_MAX_BYTES * (size_t)4);
    status = is_soup ? soup_read(source, &handler, err) : xml_read(source, &handler, &result, err);
    out->is_malformed = result.is_malformed;
    *is_broken = result.is_broken;
    buf_release(&r.text);
    finish(out);
    return status == WW_OK ? arena_check(arena, err) : status;
}

/* One address a line (sitemaps.org, "Text file"). */
static enum ww_status parse_text(struct slice utf8, struct arena *arena, struct sitemap *out,
                                 struct ww_error *err)
{
    struct sitemap_reader r = {.arena = arena, .sitemap = out};
    struct slice line;

    out->type = "text";
    while (slice_next_line(&utf8, &line)) {
        line = slice_trim(line);
        if (!slice_starts_nocase(line, SLICE("http://")) &&
            !slice_starts_nocase(line, SLICE("https://")))
            continue;
        r.url = (struct sitemap_url){.loc = arena_copy(arena, line)};
        add_url(&r, true);
    }
    finish(out);
    if (out->n_urls == 0)
        return ww_fail(err, WW_INVALID, "not a sitemap: neither XML nor addresses");
    return arena_check(arena, err);
}

/* A feed is a sitemap of its newest pages. */
static enum ww_status parse_feed(struct slice utf8, struct slice base, struct arena *arena,
                                 struct sitemap *out, struct ww_error *err)
{
    struct sitemap_reader r = {.arena = arena, .sitemap = out};
    struct feed feed;
    enum ww_status status = feed_parse(utf8, base, arena, &feed, err);

    if (status != WW_OK)
        return status;
    *out = (struct sitemap){.type = "feed", .is_malformed = feed.is_malformed};
    for (size_t i = 0; i < feed.n_entries; i++) {
        const struct entry *e = &feed.entries[i];

        r.url = (struct sitemap_url){
            .loc = e->link,
            .lastmod = e->updated.precision != DATE_NONE ? e->updated : e->published,
        };
        add_url(&r, true);
    }
    return arena_check(arena, err);
}

enum ww_status sitemap_parse(struct slice utf8, struct slice base, struct arena *arena,
                             struct sitemap *out, struct ww_error *err)
{
    struct xml_source source = {0};
    struct sitemap soup;
    bool is_broken = false;
    enum ww_status status;

    *out = (struct sitemap){0};
    if (slice_trim(utf8).len == 0)
        return ww_fail(err, WW_INVALID, "empty");
    if (slice_starts_nocase(slice_trim(utf8), SLICE("http")))
        return parse_text(utf8, arena, out, err);
    status = xml_clean(utf8, &source, err);
    if (status == WW_OK)
        status = read_xml(&source, false, base, arena, out, &is_broken, err);
    if (status == WW_OK && is_broken) {
        status = read_xml(&source, true, base, arena, &soup, &is_broken, err);
        if (status == WW_OK && soup.n_urls + soup.n_sitemaps >= out->n_urls + out->n_sitemaps)
            *out = soup;
    }
    xml_source_release(&source);
    if (status == WW_OK && out->type == NULL)
        return parse_feed(utf8, base, arena, out, err);
    return status;
}

/* ---- as a feed ------------------------------------------------------------------------------- */

/* From so many on, pages that changed within one minute did not: their file was made. */
#define SAME_TIME_URLS_MIN 20
#define SAME_TIME_S 60

/* The name of the first element, without its prefix; empty when something else comes first. */
static struct slice root_name(struct slice text)
{
    static const struct {
        const char *begin, *end;
    } skipped[] = {
        {"<?",   "?>" },
        {"<!--", "-->"},
        {"<!",   ">"  },
    };
    size_t i = 0, n = 0;

    while (i < WW_COUNT(skipped)) {
        text = slice_trim(text);
        for (i = 0; i < WW_COUNT(skipped); i++)
            if (slice_starts(text, slice_from(skipped[i].begin)))
                break;
        if (i < WW_COUNT(skipped))
            text = slice_skip(text, slice_find(text, slice_from(skipped[i].end)) +
                                        slice_from(skipped[i].end).len);
    }
    if (!slice_starts(text, SLICE("<")))
        return (struct slice){"", 0};
    text = slice_skip(text, 1);
    while (n < text.len && (ascii_is_letter(text.ptr[n]) || text.ptr[n] == ':'))
        n++;
    text = slice_head(text, n);
    n = slice_find_char(text, ':');
    return n < text.len ? slice_skip(text, n + 1) : text;
}

bool sitemap_is_likely(struct slice utf8)
{
    struct slice name = root_name(utf8);

    return slice_equal_nocase(name, SLICE("urlset")) ||
           slice_equal_nocase(name, SLICE("sitemapindex")) ||
           slice_starts_nocase(slice_trim(utf8), SLICE("http://")) ||
           slice_starts_nocase(slice_trim(utf8), SLICE("https://"));
}

static bool has_one_time(const struct sitemap_url *urls, size_t n)
{
    const struct sitemap_url *first = NULL;

    for (size_t i = 0; i < n; i++) {
        if (urls[i].lastmod.precision == DATE_NONE)
            return false;
        if (first == NULL)
            first = &urls[i];
        if (urls[i].lastmod.at > first->lastmod.at + SAME_TIME_S ||
            urls[i].lastmod.at < first->lastmod.at - SAME_TIME_S)
            return false;
    }
    return n >= SAME_TIME_URLS_MIN;
}

enum ww_status sitemap_as_feed(const struct sitemap *s, struct arena *arena, struct feed *out,
                               struct ww_error *err)
{
    const bool is_index = s->n_urls == 0 && (s->n_sitemaps > 0 || strcmp(s->type, "index") == 0);
    const struct sitemap_url *urls = is_index ? s->sitemaps : s->urls;
    const size_t n = is_index ? s->n_sitemaps : s->n_urls;
    const bool knows_times = is_index || !has_one_time(urls, n);

    *out = (struct feed){.format = is_index                       ? "sitemap-index"
                                   : strcmp(s->type, "text") == 0 ? "sitemap-text"
                                                                  : "sitemap",
                         .n_dropped = s->n_dropped,
                         .is_malformed = s->is_malformed};
    if (n == 0)
        return WW_OK;
    out->entries = arena_array(arena, n, sizeof(*out->entries));
    if (out->entries == NULL)
        return arena_check(arena, err);
    out->n_entries = n;
    for (size_t i = 0; i < n; i++) {
        struct entry *e = &out->entries[i];

        e->link = urls[i].loc;
        e->title = urls[i].news_title;
        e->language = urls[i].news_language;
        e->published = urls[i].news_date;
        if (knows_times)
            e->updated = urls[i].lastmod;
        if (out->title.len == 0)
            out->title = urls[i].news_publication;
        if (out->language.len == 0)
            out->language = urls[i].news_language;
    }
    return WW_OK;
}
