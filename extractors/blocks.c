/* blocks.c - one walk over the tree that writes all visible text and notes where blocks begin. */
#include "extractors/blocks.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "extractors/marks.h"

#include <assert.h>
#include <string.h>

const char *const block_cut_names[CUT_COUNT] = {
    [CUT_NOT] = "",
    [CUT_ELEMENT] = "element",
    [CUT_NAME] = "name",
    [CUT_LINKS] = "links",
    [CUT_LINE] = "line",
    [CUT_TITLE] = "title",
    [CUT_REPEATED] = "again",
    [CUT_TAIL] = "heading",
    [CUT_RULE] = "rule",
    [CUT_OUTSIDE] = "outside",
    [CUT_FURNITURE] = "furniture",
};

/* How an element takes part: as a boundary, or not at all. */
enum role { ROLE_INLINE, ROLE_BLOCK, ROLE_SKIP, ROLE_BREAK };

static const unsigned char roles[DOM_TAG_COUNT] = {
    [DOM_ADDRESS] = ROLE_BLOCK,    [DOM_ARTICLE] = ROLE_BLOCK,  [DOM_ASIDE] = ROLE_BLOCK,
    [DOM_BLOCKQUOTE] = ROLE_BLOCK, [DOM_BODY] = ROLE_BLOCK,     [DOM_CAPTION] = ROLE_BLOCK,
    [DOM_CENTER] = ROLE_BLOCK,     [DOM_DD] = ROLE_BLOCK,       [DOM_DETAILS] = ROLE_BLOCK,
    [DOM_DIR] = ROLE_BLOCK,        [DOM_DIV] = ROLE_BLOCK,      [DOM_DL] = ROLE_BLOCK,
    [DOM_DT] = ROLE_BLOCK,         [DOM_FIELDSET] = ROLE_BLOCK, [DOM_FIGCAPTION] = ROLE_BLOCK,
    [DOM_FIGURE] = ROLE_BLOCK,     [DOM_FOOTER] = ROLE_BLOCK,   [DOM_FORM] = ROLE_BLOCK,
    [DOM_H1] = ROLE_BLOCK,         [DOM_H2] = ROLE_BLOCK,       [DOM_H3] = ROLE_BLOCK,
    [DOM_H4] = ROLE_BLOCK,         [DOM_H5] = ROLE_BLOCK,       [DOM_H6] = ROLE_BLOCK,
    [DOM_HEADER] = ROLE_BLOCK,     [DOM_HGROUP] = ROLE_BLOCK,   [DOM_HR] = ROLE_BLOCK,
    [DOM_HTML] = ROLE_BLOCK,       [DOM_LI] = ROLE_BLOCK,       [DOM_MAIN] = ROLE_BLOCK,
    [DOM_MENU] = ROLE_BLOCK,       [DOM_NAV] = ROLE_BLOCK,      [DOM_OL] = ROLE_BLOCK,
    [DOM_P] = ROLE_BLOCK,          [DOM_PRE] = ROLE_BLOCK,      [DOM_SECTION] = ROLE_BLOCK,
    [DOM_SUMMARY] = ROLE_BLOCK,    [DOM_TABLE] = ROLE_BLOCK,    [DOM_TBODY] = ROLE_BLOCK,
    [DOM_TD] = ROLE_BLOCK,         [DOM_TFOOT] = ROLE_BLOCK,    [DOM_TH] = ROLE_BLOCK,
    [DOM_THEAD] = ROLE_BLOCK,      [DOM_TR] = ROLE_BLOCK,       [DOM_UL] = ROLE_BLOCK,
    [DOM_XMP] = ROLE_BLOCK,        [DOM_BR] = ROLE_BREAK,       [DOM_AUDIO] = ROLE_SKIP,
    [DOM_BUTTON] = ROLE_SKIP,      [DOM_CANVAS] = ROLE_SKIP,    [DOM_EMBED] = ROLE_SKIP,
    [DOM_HEAD] = ROLE_SKIP,        [DOM_IFRAME] = ROLE_SKIP,    [DOM_INPUT] = ROLE_SKIP,
    [DOM_MAP] = ROLE_SKIP,         [DOM_NOEMBED] = ROLE_SKIP,   [DOM_NOFRAMES] = ROLE_SKIP,
    [DOM_NOSCRIPT] = ROLE_SKIP,    [DOM_OBJECT] = ROLE_SKIP,    [DOM_OPTION] = ROLE_SKIP,
    [DOM_PROGRESS] = ROLE_SKIP,    [DOM_RP] = ROLE_SKIP,        [DOM_RT] = ROLE_SKIP,
    [DOM_SCRIPT] = ROLE_SKIP,      [DOM_SELECT] = ROLE_SKIP,    [DOM_STYLE] = ROLE_SKIP,
    [DOM_SVG] = ROLE_SKIP,         [DOM_TEMPLATE] = ROLE_SKIP,  [DOM_TEXTAREA] = ROLE_SKIP,
    [DOM_TITLE] = ROLE_SKIP,       [DOM_VIDEO] = ROLE_SKIP,
};

struct writer {
    struct blocks *out;
    struct arena *arena;
    size_t capacity;
    char *text; /* all blocks, one behind the other */
    char *at;
    char *start;                 /* of the open block */
    const struct dom_node *node; /* innermost open block-level element */
    size_t link_bytes;
    size_t link_depth;
    unsigned n_breaks; /* <br> since the last word */
    bool wants_space;
};

static enum block_kind kind_of(const struct dom_node *node)
{
    static const unsigned char kinds[DOM_TAG_COUNT] = {
        [DOM_H1] = BLOCK_HEADING + 1,
        [DOM_H2] = BLOCK_HEADING + 1,
        [DOM_H3] = BLOCK_HEADING + 1,
        [DOM_H4] = BLOCK_HEADING + 1,
        [DOM_H5] = BLOCK_HEADING + 1,
        [DOM_H6] = BLOCK_HEADING + 1,
        [DOM_P] = BLOCK_PARAGRAPH + 1,
        [DOM_LI] = BLOCK_ITEM + 1,
        [DOM_DD] = BLOCK_ITEM + 1,
        [DOM_DT] = BLOCK_ITEM + 1,
        [DOM_TD] = BLOCK_CELL + 1,
        [DOM_TH] = BLOCK_CELL + 1,
        [DOM_BLOCKQUOTE] = BLOCK_QUOTE + 1,
        [DOM_PRE] = BLOCK_PRE + 1,
        [DOM_FIGCAPTION] = BLOCK_CAPTION + 1,
        [DOM_CAPTION] = BLOCK_CAPTION + 1,
    };

    return kinds[node->tag] == 0 ? BLOCK_TEXT : (enum block_kind)(kinds[node->tag] - 1);
}

bool blocks_ends_sentence(struct slice text)
{
    static const char *const closers[] = {"\"",     "'",      ")",      "]",
                                          "\u201d", "\u2019", "\u00bb", "\u300d",
                                          "\u300f", "\uff09", "\u201c", "*"};
    static const char *const stops[] = {".", "!", "?",      "\u2026", "\u3002", "\uff01", "\uff1f",
                                        ":", ";", "\uff1b", "\uff1a", "\u061f", "\u06d4"};
    bool goes_on = true;

    while (goes_on) {
        goes_on = false;
        for (size_t i = 0; i < WW_COUNT(closers); i++)
            if (slice_ends(text, slice_from(closers[i]))) {
                text.len -= strlen(closers[i]);
                text = slice_trim(text);
                goes_on = true;
            }
    }
    for (size_t i = 0; i < WW_COUNT(stops); i++)
        if (slice_ends(text, slice_from(stops[i])))
            return true;
    return false;
}

/* Prose counts by its bytes outside links; a Chinese character is three, like a short word. */
static size_t mass_of(const struct block *b)
{
    size_t own = b->text.len - b->link_bytes;
    size_t least = b->ends_sentence ? 40 : 80;

    if (b->kind == BLOCK_HEADING || b->kind == BLOCK_CAPTION || b->text.len < least)
        return 0;
    if (2 * b->link_bytes > b->text.len)
        return b->ends_sentence && 5 * b->link_bytes < 4 * b->text.len ? own : 0;
    return own;
}

static void end_block(struct writer *w)
{
    struct blocks *out = w->out;
    struct block *grown, *b;

    w->wants_space = false;
    w->n_breaks = 0;
    if (w->at > w->start) {
        grown = arena_grow(w->arena, out->list, out->n, &w->capacity, sizeof(*grown));
        if (grown == NULL)
            return;
        out->list = grown;
        b = &out->list[out->n++];
        *b = (struct block){.text = slice_of(w->start, (size_t)(w->at - w->start)),
                            .node = w->node,
                            .link_bytes = w->link_bytes,
                            .kind = kind_of(w->node)};
        b->ends_sentence = blocks_ends_sentence(b->text);
        b->mass = mass_of(b);
        *w->at++ = '\0';
    }
    w->start = w->at;
    w->link_bytes = 0;
}

/* Length of the white space at p, which may be U+00A0 or a zero-width space; 0: none. */
static size_t space_length(const char *p, const char *end)
{
    if (ascii_is_space(*p))
        return 1;
    if (end - p >= 2 && memcmp(p, "\u00a0", 2) == 0)
        return 2;
    if (end - p >= 3 && (memcmp(p, "\u200b", 3) == 0 || memcmp(p, "\ufeff", 3) == 0))
        return 3;
    return 0;
}

/* What is due before the next word: a space, a line, a new block. */
static void write_gap(struct writer *w)
{
    char *before = w->at;

    if (w->n_breaks >= 2)
        end_block(w);
    else if (w->at > w->start && w->n_breaks == 1)
        *w->at++ = '\n';
    else if (w->at > w->start && w->wants_space)
        *w->at++ = ' ';
    if (w->link_depth > 0 && w->at > before && w->at > w->start)
        w->link_bytes++;
    w->n_breaks = 0;
    w->wants_space = false;
}

/* Where a word may be broken is no part of it: it would hide the word from who looks for it. */
static size_t put_word(char *at, const char *word, size_t len)
{
    size_t n = 0;

    if (memchr(word, '\xC2', len) == NULL) {
        memcpy(at, word, len);
        return len;
    }
    for (size_t i = 0; i < len; i++)
        if (len - i >= 2 && memcmp(word + i, "\u00ad", 2) == 0)
            i++;
        else
            at[n++] = word[i];
    return n;
}

static void write_text(struct writer *w, struct slice text)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    bool keeps_lines = w->node->tag == DOM_PRE || w->node->tag == DOM_XMP;

    while (p < end) {
        size_t space = space_length(p, end);
        const char *word = p;
        size_t n_bytes;

        if (space > 0) {
            if (keeps_lines && *p == '\n' && w->n_breaks == 0)
                w->n_breaks = 1;
            w->wants_space = true;
            p += space;
            continue;
        }
        while (p < end && space_length(p, end) == 0)
            p++;
        if (w->wants_space || w->n_breaks > 0)
            write_gap(w);
        n_bytes = put_word(w->at, word, (size_t)(p - word));
        w->at += n_bytes;
        if (w->link_depth > 0)
            w->link_bytes += n_bytes;
    }
}

static bool is_hidden(const struct dom_node *node)
{
    struct slice style;

    for (size_t i = 0; i < node->n_attributes; i++) {
        struct slice name = node->attributes[i].name;

        if (slice_equal(name, SLICE("hidden")))
            return !slice_equal(node->attributes[i].value, SLICE("until-found"));
        if (slice_equal(name, SLICE("style"))) {
            style = node->attributes[i].value;
            if (slice_contains_nocase(style, SLICE("display:none")) ||
                slice_contains_nocase(style, SLICE("display: none")) ||
                slice_contains_nocase(style, SLICE("visibility:hidden")))
                return true;
        }
    }
    return false;
}

/* True when the children are to be visited. */
static bool enter(struct writer *w, struct dom_node *node)
{
    if (node->tag == DOM_TEXT) {
        write_text(w, node->text);
        return false;
    }
    if (roles[node->tag] == ROLE_SKIP || (node->tag != DOM_BODY && is_hidden(node)))
        return false;
    if (roles[node->tag] == ROLE_BREAK) {
        w->n_breaks++;
        return false;
    }
    if (roles[node->tag] == ROLE_BLOCK) {
        end_block(w);
        w->node = node;
    }
    w->out->first[node->order] = (uint32_t)w->out->n;
    if (node->tag == DOM_A && dom_has(node, "href"))
        w->link_depth++;
    return true;
}

static void leave(struct writer *w, const struct dom_node *node, const struct dom_node *top)
{
    if (roles[node->tag] == ROLE_BLOCK) {
        end_block(w);
        if (node != top) {
            const struct dom_node *up = node->parent;

            while (up != top && roles[up->tag] != ROLE_BLOCK)
                up = up->parent;
            w->node = up;
        }
    }
    /* An inline element's open block counts for it, too: it will be pushed later. */
    w->out->end[node->order] = (uint32_t)(w->out->n + (w->at > w->start ? 1 : 0));
    if (node->tag == DOM_A && dom_has(node, "href"))
        w->link_depth--;
}

static void walk(struct writer *w, struct dom_node *top)
{
    struct dom_node *node = top;

    w->node = top;
    for (;;) {
        bool enters = enter(w, node);

        w->out->nodes[node->order] = node;
        if (enters && node->first != NULL) {
            node = node->first;
            continue;
        }
        if (enters)
            leave(w, node, top);
        while (node != top && node->next == NULL) {
            node = node->parent;
            leave(w, node, top);
        }
        if (node == top)
            break;
        node = node->next;
    }
    end_block(w);
}

enum ww_status blocks_make(const struct dom *dom, struct dom_node *top, struct arena *arena,
                           struct blocks *out, struct ww_error *err)
{
    struct writer w = {.out = out, .arena = arena};
    size_t n_bytes = 16;
    const struct marks *names;

    assert(top != NULL);
    *out = (struct blocks){.n_nodes = dom->n_nodes};
    for (const struct dom_node *n = top; n != NULL; n = dom_next(n, top))
        n_bytes += n->text.len + 3; /* a gap, a line's end and a NUL at most */
    out->nodes = arena_array(arena, dom->n_nodes, sizeof(struct dom_node *));
    out->first = arena_array(arena, dom->n_nodes, sizeof(uint32_t));
    out->end = arena_array(arena, dom->n_nodes, sizeof(uint32_t));
    out->marks = arena_array(arena, dom->n_nodes, sizeof(uint32_t));
    names = marks_open(arena);
    w.text = w.at = w.start = arena_alloc(arena, n_bytes);
    if (arena_check(arena, err) != WW_OK)
        return arena->failed ? arena_check(arena, err) : WW_NOMEM;
    walk(&w, top);
    for (size_t i = 0; i < out->n_nodes; i++)
        if (out->nodes[i] != NULL && out->end[i] > out->first[i])
            out->marks[i] = marks_of(names, out->nodes[i]);
    return arena_check(arena, err);
}

size_t blocks_mass(const struct blocks *b, const struct dom_node *node)
{
    size_t mass = 0;

    for (size_t i = b->first[node->order]; i < b->end[node->order]; i++)
        if (b->list[i].cut == CUT_NOT)
            mass += b->list[i].mass;
    return mass;
}
