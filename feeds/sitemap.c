/*
 * sitemap.c - lists of pages: XML, one address a line, or a feed used as one.
 *
 * The handler knows four elements that hold (url, sitemap, news:news, news:publication) and seven
 * that say something; the prefix of the news extension counts even when its namespace is wrong.
 */
#include "feeds/sitemap.h"

#include "base/arena.h"
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

static void add_url(struct sitemap_reader *r, bool is_page)
{
    struct sitemap *s = r->sitemap;
    struct sitemap_url *list = is_page ? s->urls : s->sitemaps;
    size_t *n = is_page ? &s->n_urls : &s->n_sitemaps;

    if (r->url.loc.len == 0)
        return;
    if (*n >= SITEMAP_URLS_MAX) {
        s->n_dropped++;
        return;
    }
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
    status = xml_clean(utf8, arena, &source, err);
    if (status == WW_OK)
        status = read_xml(&source, false, base, arena, out, &is_broken, err);
    if (status == WW_OK && is_broken) {
        status = read_xml(&source, true, base, arena, &soup, &is_broken, err);
        if (status == WW_OK && soup.n_urls + soup.n_sitemaps >= out->n_urls + out->n_sitemaps)
            *out = soup;
    }
    if (status == WW_OK && out->type == NULL)
        return parse_feed(utf8, base, arena, out, err);
    return status;
}
