/*
 * selector.h - elements of a page by a selector: the part of CSS that finds lists of links.
 *
 *   main article h2 a        elements inside elements
 *   ul.news > li             a child, and a class
 *   #latest a[href^="/en/"]  an id; attributes with =, ^= (begins), $= (ends), *= (holds), ~=
 * (word) .teaser a, .lead a       one or the other
 *
 * Names of elements and attributes ignore case, values do not; a backslash makes the next character
 * part of a name. Nothing depends on what is before or behind an element (no pseudo-classes).
 *
 * Errors: WW_INVALID with the column (in characters, from 1) in the message.
 * Limits: SELECTOR_MAX_BYTES, SELECTOR_PARTS_MAX; finding is linear in elements times parts.
 */
#ifndef WW_EXTRACTORS_SELECTOR_H
#define WW_EXTRACTORS_SELECTOR_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>

struct arena;
struct dom;
struct dom_node;
struct selector;

/* Borrows from text. */
enum ww_status selector_parse(struct slice text, struct arena *arena, struct selector **out,
                              struct ww_error *err);

/* The same for a caller that knows where text stands: *column is that of the mistake, or 0. */
enum ww_status selector_read(struct slice text, struct arena *arena, struct selector **out,
                             size_t *column, struct ww_error *err);

struct selected {
    struct dom_node **nodes; /* in document order, each once */
    size_t n_nodes;
};

/* What a template holds is not there yet. */
enum ww_status selector_find(const struct selector *s, const struct dom *dom, struct arena *arena,
                             struct selected *out, struct ww_error *err);

#endif
