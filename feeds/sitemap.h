/*
 * sitemap.h - sitemaps.org 0.9 with Google's news extension; indexes; plain lists of addresses.
 *
 * Takes UTF-8, already unpacked (base/inflate knows gzip by content). Malformed XML is still read.
 */
#ifndef WW_FEEDS_SITEMAP_H
#define WW_FEEDS_SITEMAP_H

#include "base/date.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

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

#endif
