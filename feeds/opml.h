/*
 * opml.h - lists of feeds as readers exchange them: OPML 1.0 and 2.0.
 *
 * Every outline with an xmlUrl is a feed; the outlines around it are its folder ("Europe/Italy").
 * language and country are attributes of ours that others ignore. Broken XML is read as far as it
 * goes.
 */
#ifndef WW_FEEDS_OPML_H
#define WW_FEEDS_OPML_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>

struct arena;
struct buf;

struct outline {
    struct slice title;    /* text or title */
    struct slice url;      /* xmlUrl */
    struct slice page_url; /* htmlUrl */
    struct slice folder, language, country;
};

struct opml {
    struct outline *rows;
    size_t n_rows;
};

/* utf8: decoded already. WW_INVALID: no OPML at all. */
enum ww_status opml_parse(struct slice utf8, struct arena *arena, struct opml *out,
                          struct ww_error *err);

/* OPML 2.0, rows grouped by folder in the order given. */
void opml_write(const struct opml *list, struct slice title, struct buf *out);

#endif
