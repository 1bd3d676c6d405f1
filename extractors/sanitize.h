/*
 * sanitize.h - HTML that is safe to show: an allow-list of elements and attributes.
 *
 * No script, no style, no event attributes, no active addresses (http, https, mailto and relative
 * alone), links absolute against base. Visible text is kept.
 */
#ifndef WW_EXTRACTORS_SANITIZE_H
#define WW_EXTRACTORS_SANITIZE_H

#include "base/error.h"
#include "base/slice.h"

struct arena;

enum ww_status sanitize_html(struct slice html, struct slice base, struct arena *arena,
                             struct slice *out, struct ww_error *err);

/* The same, always by way of a tree: what tidy.h's shorter way is held against. */
enum ww_status sanitize_tree(struct slice html, struct slice base, struct arena *arena,
                             struct slice *out, struct ww_error *err);

/* The visible text alone, paragraphs separated by one empty line. */
enum ww_status sanitize_text(struct slice html, struct arena *arena, struct slice *out,
                             struct ww_error *err);

#endif
