/*
 * content.h - the article's text, cut out of a page.
 *
 * Blocks of text, a container chosen by name and by where the prose is, what is no prose cut away,
 * and a second opinion when little is left.
 */
#ifndef WW_EXTRACTORS_CONTENT_H
#define WW_EXTRACTORS_CONTENT_H

#include "base/error.h"
#include "base/slice.h"
#include "extractors/dom.h"

struct arena;

struct content {
    struct slice text; /* paragraphs and headings, separated by one empty line */
    struct slice cut;  /* what was left out of the container, the same way */
    const struct dom_node *container;
};

/* title: of the article, so that its repetition can go; may be empty. Text may come back empty. */
enum ww_status content_find(const struct dom *dom, struct slice title, struct arena *arena,
                            struct content *out, struct ww_error *err);

#endif
