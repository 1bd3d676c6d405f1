/*
 * discover.h - from an address that a person gave to the feeds behind it.
 *
 * The address is fetched once; when it is a feed, that is it. When it is a page, the feeds it
 * announces are fetched too, DISCOVER_MAX of them. The person asked for this address, so robots.txt
 * is not.
 */
#ifndef WW_CRAWLER_DISCOVER_H
#define WW_CRAWLER_DISCOVER_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct crawl_options;
struct workers;

#define DISCOVER_MAX 5

struct found_feed {
    struct slice url; /* where it answered, redirects followed */
    struct slice title, language;
    const char *format;
    size_t n_entries, n_full_text;
    int64_t newest_at; /* 0: no entry has a date */
};

struct found_feeds {
    struct found_feed *rows;
    size_t n_rows;
};

/* WW_NOT_FOUND: an answer came, and there is no feed in it nor announced by it. */
enum ww_status discover_feeds(const struct crawl_options *options, struct slice url,
                              struct workers *workers, struct arena *arena, struct found_feeds *out,
                              struct ww_error *err);

#endif
