/*
 * links.h - feed addresses that a page announces (<link rel=alternate>), else <a> that look like
 * feeds.
 *
 * Document order, absolute, without repeats.
 */
#ifndef WW_EXTRACTORS_LINKS_H
#define WW_EXTRACTORS_LINKS_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>

struct arena;

struct page_link {
    struct slice url, title, type;
};

struct page_links {
    struct page_link *feeds;
    size_t n_feeds;
};

/* html: bytes as received; content_type may be empty. */
enum ww_status links_find(struct slice html, struct slice url, struct slice content_type,
                          struct arena *arena, struct page_links *out, struct ww_error *err);

#endif
