/*
 * links.h - feed addresses that a page announces (<link rel=alternate>), else <a> that look like
 * feeds; and what the page calls itself, for when it has none.
 *
 * Document order, absolute, without repeats.
 */
#ifndef WW_EXTRACTORS_LINKS_H
#define WW_EXTRACTORS_LINKS_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct page_link {
    struct slice url, title, type;
};

struct page_links {
    struct slice title, language; /* of the page, as it says */
    bool has_password;            /* a field for one: perhaps a page to log in */
    struct page_link *feeds;
    size_t n_feeds;
};

/* html: bytes as received; content_type may be empty. */
enum ww_status links_find(struct slice html, struct slice url, struct slice content_type,
                          struct arena *arena, struct page_links *out, struct ww_error *err);

#endif
