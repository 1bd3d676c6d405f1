/*
 * sitemap.h - sitemaps.org 0.9 with Google's news extension; indexes; plain lists of addresses.
 *
 * Takes UTF-8, already unpacked (base/inflate knows gzip by content). Malformed XML is still read.
 * Of a list longer than SITEMAP_URLS_MAX the newest by lastmod are kept, n_dropped counts the rest.
 */
#ifndef WW_FEEDS_SITEMAP_H
#define WW_FEEDS_SITEMAP_H

#include "base/date.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct feed;

struct sitemap_url {
    struct slice loc;
    struct date lastmod;
    bool has_news;
    struct slice news_title, news_language, news_publication;
    struct date news_date;
};

struct sitemap {
    const char *type; /* "urlset", "index", "text", "feed" */
    struct sitemap_url *urls;
    size_t n_urls;
    struct sitemap_url *sitemaps; /* loc and lastmod alone */
    size_t n_sitemaps;
    size_t n_dropped;
    bool is_malformed;
};

enum ww_status sitemap_parse(struct slice utf8, struct slice base, struct arena *arena,
                             struct sitemap *out, struct ww_error *err);

/* Does a document begin as a sitemap does: by its root element, or with an address? Cheap. */
bool sitemap_is_likely(struct slice utf8);

/*
 * As a feed to be followed. Format "sitemap", "sitemap-text", or "sitemap-index", whose entries are
 * the sitemaps it names. An entry's published is the news extension's, updated the lastmod, so that
 * one is never taken for the other. A lastmod that many share says when the file was made, not when
 * a page changed: it is left out. Borrows from s.
 */
enum ww_status sitemap_as_feed(const struct sitemap *s, struct arena *arena, struct feed *out,
                               struct ww_error *err);

#endif
