/*
 * prescan.h - the linear pass that makes a page safe and cheap for the tree builder.
 *
 * Gumbo spends half its time on script and style text, and its time grows with the cube of the
 * depth. So before it sees a page, this pass follows the tokenizer of the HTML standard (section
 * 13.2.5), empties script and style, keeps what they held (JSON-LD is metadata), and bounds depth,
 * attributes, open formatting elements and the bytes of one tag. Elements over the depth are
 * flattened: their tags go, their text stays. A page within the bounds gives the same tree, the
 * text of script and style apart.
 *
 * Ownership: html is in the arena; scripts borrow from the input.
 * Errors:    WW_NOMEM or WW_TOO_BIG when the arena is full; no input is malformed.
 * Limits:    HTML_DEPTH_MAX, HTML_ATTRIBUTES_MAX, HTML_FORMATTING_MAX, HTML_TAG_MAX_BYTES.
 */
#ifndef WW_EXTRACTORS_PRESCAN_H
#define WW_EXTRACTORS_PRESCAN_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct prescan_script {
    struct slice text;
    bool is_json_ld; /* type="application/ld+json", perhaps with parameters */
};

struct prescan {
    struct slice html; /* for the tree builder */
    struct prescan_script *scripts;
    size_t n_scripts;
    size_t depth;      /* most elements open at once, as this pass counts them */
    bool is_flattened; /* a bound was met: tags or attributes are missing from html */
};

/* html is UTF-8 without NUL. */
enum ww_status prescan_html(struct slice html, struct arena *arena, struct prescan *out,
                            struct ww_error *err);

#endif
