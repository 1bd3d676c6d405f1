/*
 * content.h - the article's text, cut out of a page.
 *
 * Blocks of text, a container chosen by name and by where the prose is, the lead before it, and
 * what is no prose cut away.
 */
#ifndef WW_EXTRACTORS_CONTENT_H
#define WW_EXTRACTORS_CONTENT_H

#include "base/error.h"
#include "base/slice.h"
#include "extractors/blocks.h"

struct arena;
struct rules_found;

struct content {
    struct blocks blocks;
    const struct dom_node *container;
    uint32_t without;          /* steps.h */
    struct rules_found *rules; /* NULL: no body by rules */
    struct slice text;         /* paragraphs and headings, separated by one empty line */
    struct slice cut;          /* what was left out of the container, the same way */
};

/* Find the container and what in it is no prose. rules: of this site; may be NULL. */
enum ww_status content_find(const struct dom *dom, struct rules_found *rules, uint32_t without,
                            struct arena *arena, struct content *out, struct ww_error *err);

/*
 * Go through the lines and write text and cut. title: of the article, so that its repetition can
 * go; may be empty. Text may come out empty.
 */
enum ww_status content_write(struct content *c, struct slice title, struct arena *arena,
                             struct ww_error *err);

#endif
