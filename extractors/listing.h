/*
 * listing.h - a page of links read as a feed is: the articles it lists.
 *
 * A selector (selector.h) says where the links stand: it chooses links, or elements with links in
 * them. LISTING_AUTO, or none, takes links with a text of some length, to the same site, that stand
 * in no menu, header, footer or sentence; of the page's main part alone when that has some. A
 * link's title is the heading in it or around it, else the longest text that links there. Its date
 * is a <time>, or a short text that is a date and nothing else, in the part of the page that this
 * link has to itself.
 *
 * WW_INVALID: the selector is wrong, matches nothing, or nothing with a link in it.
 * Limits: LISTING_LINKS_MAX links are kept, n_dropped counts the rest.
 */
#ifndef WW_EXTRACTORS_LISTING_H
#define WW_EXTRACTORS_LISTING_H

#include "base/date.h"
#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>

struct arena;

#define LISTING_AUTO SLICE("auto")

struct listing_link {
    struct slice url; /* absolute, without fragment */
    struct slice title;
    struct date at;
};

struct listing {
    struct slice title, language; /* of the page, as it says */
    const char *charset;
    struct listing_link *links; /* in document order, each address once */
    size_t n_links;
    size_t n_dropped;
};

/* html: bytes as received; content_type may be empty. */
enum ww_status listing_read(struct slice html, struct slice url, struct slice content_type,
                            struct slice selector, struct arena *arena, struct listing *out,
                            struct ww_error *err);

#endif
