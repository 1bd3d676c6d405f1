/*
 * query.h - the analysts' own rules: a query, read into a row of nodes.
 *
 *   word  weir*  wom?n  "two words"  河边       a word or phrase, folded as everywhere; =Word exact
 *   a|b  ATLEAST/n  NEAR/n  PRE/n  SENTENCE  PARAGRAPH  NOT  AND  OR     operators, the tightest
 * first ATLEAST/n a   title: lead: body: all: exact:   ( )        what stands before a word or
 * group
 *   @                                              the alias, in require and exclude alone
 *
 * docs/wirewatch-query.7 is the manual of the language. Operators are written in capitals. NEAR,
 * PRE, SENTENCE and PARAGRAPH join places: words, phrases, OR of them, and each other; AND, NOT and
 * ATLEAST say yes or no of the whole article and have no place.
 *
 * Nodes stand in postfix order: the children of a node end right before it, and `size` is how many
 * nodes its subtree has, so that no walk needs recursion. AND, OR and PRE have two children or
 * more. Words are compiled once for all queries of a list (struct query_words): the matcher finds
 * them with the watchlist's other names, in the same pass.
 *
 * Errors:    WW_INVALID with "character N: ..." and the byte where it is; WW_TOO_BIG for the
 *            limits: QUERY_TEXT_MAX_BYTES, QUERY_NODES_MAX, QUERY_DEPTH_MAX.
 * Ownership: all of it lives in the arena that was given.
 */
#ifndef WW_ALERTS_QUERY_H
#define WW_ALERTS_QUERY_H

#include "alerts/id_table.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct watchlist;

/* ---- words ----------------------------------------------------------------------------------- */

/* A word or phrase that the matcher looks for. */
struct query_word {
    struct slice text;          /* as it was typed first */
    struct slice name;          /* as the matcher takes it, with ~ for an ending */
    const struct slice *globs;  /* per token what it must look like; empty ones need no look */
    size_t n_globs;             /* 0: none does */
    const struct slice *folded; /* per token, up to its first * or ? */
    const bool *is_open;        /* per token: it goes on behind that */
    size_t n_tokens;
    bool is_exact; /* letter for letter */
    bool is_cjk;   /* every token is one character of a script without spaces */
};

struct query_words {
    struct query_word *rows;
    size_t n_rows, room;
    struct id_table by_key;
};

/* What stands in a glob for any one letter, and for any number of them: letters of a dead script.
 */
#define QUERY_ANY_LETTER 0x10600
#define QUERY_ANY_ENDING 0x10601

/* Does a folded token look like the glob? */
bool query_glob_fits(struct slice glob, struct slice token);

/* ---- queries --------------------------------------------------------------------------------- */

enum query_op {
    QUERY_WORD,
    QUERY_ALIAS, /* @ */
    QUERY_NEAR,
    QUERY_PRE,
    QUERY_SENTENCE,
    QUERY_PARAGRAPH,
    QUERY_ATLEAST,
    QUERY_NOT,
    QUERY_AND,
    QUERY_OR
};

/* Where a word must stand. */
enum query_field {
    QUERY_IN_TITLE = 1,
    QUERY_IN_BODY = 2,
    QUERY_IN_LEAD = 4, /* of the body, the first paragraphs alone */
    QUERY_IN_ALL = 8   /* captions, datelines and link lines too */
};

struct query_node {
    enum query_op op;
    uint32_t n_children;
    uint32_t size;   /* nodes of the subtree, with this one */
    uint32_t word;   /* of QUERY_WORD: its row in the words */
    uint32_t fields; /* of QUERY_WORD: enum query_field */
    uint32_t n;      /* of NEAR the distance, of ATLEAST the count */
    uint32_t gap;    /* of an operand of PRE: the distance to the one before it */
    uint32_t at;     /* of the operator or word, in bytes of the text */
    uint32_t start;  /* the subtree is text[start, end) */
    uint32_t end;
    bool has_place;    /* gives places, not only yes or no */
    bool wants_places; /* what stands above it asks for them */
};

struct query {
    struct slice text;
    const struct query_node *nodes; /* the last one is the whole */
    size_t n_nodes;
    size_t n_words;
    uint32_t window; /* of a guard: words on either side of the alias */
};

/*
 * Read a rule. Its words are added to words, unless they are there. error_at may be NULL; it is
 * the byte of text that the message speaks of.
 */
enum ww_status query_parse(struct slice text, struct query_words *words, struct arena *arena,
                           struct query **out, size_t *error_at, struct ww_error *err);

/*
 * Read a cell `require` or `exclude`: a query over the words around an alias, QUERY_WINDOW_WORDS of
 * them on either side, or as many as a NEAR/n at its end says: "dam|weir NEAR/10".
 */
enum ww_status query_parse_guard(struct slice text, struct query_words *words, struct arena *arena,
                                 struct query **out, size_t *error_at, struct ww_error *err);

/* The children of a node, from the last to the first: the root of each is one before the next. */
static inline size_t query_last_child(size_t node)
{
    return node - 1;
}
static inline size_t query_child_before(const struct query *q, size_t child)
{
    return child - q->nodes[child].size;
}

/*
 * Could the query be true of an article that has these words, wherever they stand? has is per word
 * of the list, NULL for none of them; stack has room for q->n_nodes. What is under a NOT counts as
 * not there, unless is_strict: then it is looked at too.
 */
bool query_may_be_true(const struct query *q, const unsigned char *has, bool is_strict,
                       unsigned char *stack);

/*
 * Words of which an article has one at least when the query is true of it; the fewest and longest
 * that can be had.
 */
enum ww_status query_needed_words(const struct query *q, const struct query_words *words,
                                  struct arena *arena, const uint32_t **out, size_t *n_words,
                                  struct ww_error *err);

/* ---- for the command line -------------------------------------------------------------------- */

/*
 * Append two lines: the query, as much of it as fits, made safe to show, and a caret under byte at.
 */
void query_show_place(struct slice text, size_t at, struct buf *out);

/*
 * A list with this one rule, ready for mentions_open: one item of the kind "rule", its name the
 * query.
 */
enum ww_status watchlist_of_query(struct slice text, struct arena *arena, struct watchlist *out,
                                  size_t *error_at, struct ww_error *err);

#endif
