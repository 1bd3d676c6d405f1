/*
 * blocks.h - a page as a row of text blocks: what a reader sees as paragraphs, headings, items.
 *
 * A block is text between two block-level boundaries (or two line breaks in a row), white space
 * squeezed. Blocks stand in document order, so that the blocks of any element are one range, and
 * cutting an element out is marking a range.
 */
#ifndef WW_EXTRACTORS_BLOCKS_H
#define WW_EXTRACTORS_BLOCKS_H

#include "base/error.h"
#include "base/slice.h"
#include "extractors/dom.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum block_kind {
    BLOCK_PARAGRAPH, /* <p> */
    BLOCK_TEXT,      /* text that stands bare in a div or the like */
    BLOCK_HEADING,
    BLOCK_ITEM, /* of a list */
    BLOCK_CELL, /* of a table */
    BLOCK_QUOTE,
    BLOCK_PRE,
    BLOCK_CAPTION
};

/* Why a block is not part of the article's text. */
enum block_cut {
    CUT_NOT,
    CUT_ELEMENT, /* its element, or one around it, is no prose: nav, aside, figure caption */
    CUT_NAME,    /* the same by the element's name */
    CUT_LINKS,
    CUT_LINE, /* a known line: "Share this", a date alone */
    CUT_TITLE,
    CUT_REPEATED,
    CUT_TAIL,      /* what only headed or announced something else */
    CUT_FURNITURE, /* it stands on many pages of the site (furniture.h) */
    CUT_RULE,      /* a person's rule for this site; for the text of what is no block any more */
    CUT_OUTSIDE,   /* not in the article's container at all */
    CUT_COUNT
};

/* One word each, as they stand before what was cut. */
extern const char *const block_cut_names[CUT_COUNT];

struct block {
    struct slice text;
    const struct dom_node *node; /* the block-level element around it */
    size_t link_bytes;           /* of text, inside <a href> */
    size_t mass;                 /* how much prose: 0 for headings, links and scraps */
    enum block_kind kind;
    bool ends_sentence;
    enum block_cut cut;
    const struct dom_node *cut_by; /* the element that was cut; NULL: the line alone */
};

struct blocks {
    struct block *list;
    size_t n;
    struct dom_node **nodes; /* by order */
    size_t n_nodes;
    uint32_t *first; /* by order: range of the element's blocks */
    uint32_t *end;
    uint32_t *marks; /* by order: marks.h of the elements that have text */
};

/* Text of top. Script, style, form fields, templates, frames and hidden elements are left out. */
enum ww_status blocks_make(const struct dom *dom, struct dom_node *top, struct arena *arena,
                           struct blocks *out, struct ww_error *err);

/* Sum of the mass of the blocks of node that are not cut. */
size_t blocks_mass(const struct blocks *b, const struct dom_node *node);

/* Is text the end of a sentence: . ! ? and their like, perhaps before a closing quote? */
bool blocks_ends_sentence(struct slice text);

#endif
