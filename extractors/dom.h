/*
 * dom.h - a page as a tree, by the tree construction of the HTML standard.
 *
 * The only door to Gumbo, whose types stay behind it: the tree is copied into nodes of our own,
 * so that walks need no recursion and pruning is one flag. Neighbouring text is one node; comments
 * and doctypes are left out; the content of <template> and of <noscript> is there, for callers to
 * skip. Text and attribute values have their entities decoded and are valid UTF-8.
 *
 * Ownership: the tree is in the arena; texts, attributes and scripts borrow from the input.
 * Errors:    WW_TOO_BIG or WW_NOMEM when the arena is full; no input is malformed.
 * Limits:    prescan.h
 */
#ifndef WW_EXTRACTORS_DOM_H
#define WW_EXTRACTORS_DOM_H

#include "base/error.h"
#include "base/slice.h"
#include "extractors/attributes.h"
#include "extractors/prescan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The elements somebody asks for; every other one is DOM_OTHER and has its name. */
/* clang-format off */
#define DOM_TAGS(X) \
    X(A) X(ABBR) X(ADDRESS) X(AREA) X(ARTICLE) X(ASIDE) X(AUDIO) X(B) X(BASE) X(BIG) \
    X(BLOCKQUOTE) X(BODY) X(BR) X(BUTTON) X(CANVAS) X(CAPTION) X(CENTER) X(CITE) X(CODE) X(COL) \
    X(COLGROUP) X(DD) X(DEL) X(DETAILS) X(DIR) X(DIV) X(DL) X(DT) X(EM) X(EMBED) X(FIELDSET) \
    X(FIGCAPTION) X(FIGURE) X(FONT) X(FOOTER) X(FORM) X(FRAME) X(FRAMESET) X(H1) X(H2) X(H3) \
    X(H4) X(H5) X(H6) X(HEAD) X(HEADER) X(HGROUP) X(HR) X(HTML) X(I) X(IFRAME) X(IMG) X(INPUT) \
    X(INS) X(KBD) X(LABEL) X(LEGEND) X(LI) X(LINK) X(MAIN) X(MAP) X(MARK) X(MATH) X(MENU) \
    X(META) X(NAV) X(NOEMBED) X(NOFRAMES) X(NOSCRIPT) X(OBJECT) X(OL) X(OPTGROUP) X(OPTION) \
    X(OUTPUT) X(P) X(PARAM) X(PRE) X(PROGRESS) X(Q) X(RUBY) X(RP) X(RT) X(S) X(SAMP) X(SCRIPT) \
    X(SECTION) X(SELECT) X(SMALL) X(SOURCE) X(SPAN) X(STRIKE) X(STRONG) X(STYLE) X(SUB) \
    X(SUMMARY) X(SUP) X(SVG) X(TABLE) X(TBODY) X(TD) X(TEMPLATE) X(TEXTAREA) X(TFOOT) X(TH) \
    X(THEAD) X(TIME) X(TITLE) X(TR) X(TRACK) X(TT) X(U) X(UL) X(VAR) X(VIDEO) X(WBR) X(XMP)
/* clang-format on */

enum dom_tag {
    DOM_TEXT, /* a text node */
    DOM_OTHER,
#define DOM_TAG(name) DOM_##name,
    DOM_TAGS(DOM_TAG)
#undef DOM_TAG
        DOM_TAG_COUNT
};

struct dom_node {
    enum dom_tag tag;
    uint32_t order;    /* place in the document, from 0 */
    struct slice name; /* lower case; empty for text */
    struct slice text; /* of a text node */
    const struct dom_attribute *attributes;
    size_t n_attributes;
    struct dom_node *parent, *first, *last, *next, *previous;
    bool is_foreign; /* SVG or MathML */
};

struct dom {
    struct dom_node *root; /* html, or for a fragment an html that holds it; never NULL */
    struct dom_node *head; /* NULL in a fragment */
    struct dom_node *body; /* the fragment's nodes are its children, too; never NULL */
    size_t n_nodes;
    size_t depth;
    struct prescan prescan; /* scripts, depth, what had to be flattened; no more */
};

/* html is UTF-8 without NUL (charset_decode gives such). */
enum ww_status dom_parse(struct slice html, struct arena *arena, struct dom *out,
                         struct ww_error *err);

/* A piece of a body, as feeds carry it. */
enum ww_status dom_parse_fragment(struct slice html, struct arena *arena, struct dom *out,
                                  struct ww_error *err);

/* Value of an attribute (name in lower case); ptr is NULL when it is not there. */
struct slice dom_get(const struct dom_node *node, const char *name);
bool dom_has(const struct dom_node *node, const char *name);

/*
 * The next node in document order within top, NULL after the last:
 *   for (node = top; node != NULL; node = dom_next(node, top))
 * dom_next_skipping leaves out what is inside node.
 */
struct dom_node *dom_next(const struct dom_node *node, const struct dom_node *top);
struct dom_node *dom_next_skipping(const struct dom_node *node, const struct dom_node *top);

/* Take it out of its place, which it must have; what is inside it stays there. */
void dom_remove(struct dom_node *node);

/* Is inner top itself or inside it? */
bool dom_contains(const struct dom_node *top, const struct dom_node *inner);

/* First element with this tag within top, top included; NULL when there is none. */
struct dom_node *dom_find(struct dom_node *top, enum dom_tag tag);

/* All text inside node, script and style apart, white space squeezed (elements do not separate). */
struct slice dom_text(const struct dom_node *node, struct arena *arena);

#endif
