/*
 * nesting.h - which elements are open, by the rules of the HTML standard (section 13.2.6), counted
 * from the tags alone.
 *
 * Not a tree builder: an estimate that never counts fewer open elements than the tree builder has,
 * but for formatting elements that are opened again. prescan asks it whether a tag may pass.
 */
#ifndef WW_EXTRACTORS_NESTING_H
#define WW_EXTRACTORS_NESTING_H

#include "base/limits.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nesting_entry {
    uint32_t id;    /* index into the table of names, or a hash of an unknown one */
    uint32_t flags; /* of the table; foreign elements have FOREIGN alone */
};

struct nesting {
    struct nesting_entry open[HTML_DEPTH_MAX];
    size_t n_open;
    size_t deepest;
    /* The list of active formatting elements; an entry 0 is a marker. */
    uint32_t active[HTML_FORMATTING_MAX + HTML_DEPTH_MAX];
    size_t n_active;     /* markers too */
    size_t n_formatting; /* without them */
    size_t n_paragraphs; /* open ones, to know without a search that there is none */
    size_t n_selects;    /* the same */
    size_t n_flattened;  /* start tags refused for depth whose end tags are still to come */
};

/* What the tokenizer does after a start tag. */
enum nesting_text {
    NESTING_MARKUP, /* goes on as before */
    NESTING_SCRIPT, /* script data */
    NESTING_STYLE,  /* raw text that nobody reads */
    NESTING_RAW,    /* raw text up to the same end tag */
    NESTING_REST    /* plaintext: all that follows */
};

void nesting_init(struct nesting *n);

/* False: the tag would go too deep and must not reach the tree builder. */
bool nesting_start(struct nesting *n, struct slice name, bool is_self_closing,
                   enum nesting_text *text);
/* False: the end tag of a refused start tag. */
bool nesting_end(struct nesting *n, struct slice name);

/* Is the current element SVG or MathML? There CDATA sections are text. */
bool nesting_is_foreign(const struct nesting *n);

#endif
