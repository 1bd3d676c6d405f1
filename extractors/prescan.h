/*
 * prescan.h - the linear pass that makes a page safe and cheap for the tree builder.
 *
 * Gumbo spends its time on each byte of text, attributes and scripts, and that time grows with the
 * cube of the depth. But where an element goes is decided by the tags alone, and by whether text is
 * white space. So before Gumbo sees a page, this pass follows the tokenizer of the HTML standard
 * (section 13.2.5) and leaves a skeleton: tags without attributes, a mark for each text, a tenth of
 * the bytes. What was taken out is listed by its place in the skeleton, for dom.c to put back.
 *
 * Comments, script and style are emptied (JSON-LD is kept: it is metadata). Depth, attributes,
 * open formatting elements and the bytes of one tag are bounded: elements over the depth are
 * flattened, their tags go, their text stays. A page within the bounds gives the same tree.
 *
 * Ownership: html and the lists are in the arena; what they name is borrowed from the input.
 * Errors:    WW_NOMEM or WW_TOO_BIG when the arena is full; no input is malformed.
 * Limits:    HTML_DEPTH_MAX, HTML_ATTRIBUTES_MAX, HTML_FORMATTING_MAX, HTML_TAG_MAX_BYTES.
 */
#ifndef WW_EXTRACTORS_PRESCAN_H
#define WW_EXTRACTORS_PRESCAN_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct prescan_script {
    struct slice text;
    bool is_json_ld; /* type="application/ld+json", perhaps with parameters */
};

/*
 * A text that the skeleton has one character for: a white space one when it is nothing but white
 * space. Text and white space before it are two of these.
 */
struct prescan_text {
    struct slice source; /* as it stands in the page: references not resolved */
    uint32_t at;         /* of the mark in html */
    bool is_blank;
};

/* A start tag whose attributes the skeleton does not have. */
struct prescan_tag {
    struct slice attributes; /* from behind the name to the '>' */
    uint32_t at;             /* of its '<' in html */
};

struct prescan {
    struct slice html; /* for the tree builder */
    struct prescan_text *texts;
    size_t n_texts;
    struct prescan_tag *tags;
    size_t n_tags;
    struct prescan_script *scripts;
    size_t n_scripts;
    size_t depth;      /* most elements open at once, as this pass counts them */
    bool is_flattened; /* a bound was met: tags or attributes are missing from html */
};

/* html is UTF-8 without NUL, less than 4 GiB of it. */
enum ww_status prescan_html(struct slice html, struct arena *arena, struct prescan *out,
                            struct ww_error *err);

#endif
