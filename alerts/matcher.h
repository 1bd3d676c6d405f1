/*
 * matcher.h - find many names in one pass over an article's tokens.
 *
 * A name is a row of tokens, some of them stems that take any ending ("stanic~"), some with up to
 * MATCH_GAP_WORDS words before them (" * "). What a text costs does not depend on how many names
 * begin alike; hostile ones are bounded by work, not by time.
 * Neither sentence end nor blank line nor (unless the name has one) comma lies inside a match; a
 * single line break may.
 *
 * Ownership: a matcher lives in the arena it was built in and borrows the names.
 */
#ifndef WW_ALERTS_MATCHER_H
#define WW_ALERTS_MATCHER_H

#include "base/error.h"
#include "base/slice.h"
#include "base/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct matcher;
struct watch_name;

/* A text, cut. */
struct match_text {
    struct slice text;
    struct token_list tokens;
    const uint8_t *joints; /* per token: what separates it from the one before (enum joint) */
};

enum joint { JOINT_PLAIN, JOINT_COMMA, JOINT_STOP };

struct match {
    uint32_t name;  /* index of the name */
    uint32_t first; /* tokens [first, last] */
    uint32_t last;
    uint32_t weight; /* for "the longest wins": more tokens, then exact before stem, then letters */
};

struct match_list {
    struct match *rows;
    size_t n_rows;
    bool is_cut; /* MATCHES_MAX or the work for a text of this length was reached */
};

enum ww_status match_text_cut(struct slice text, struct arena *arena, struct match_text *out,
                              struct ww_error *err);

/* WW_TOO_BIG: more than MATCH_ALIKE_MAX names are spelled alike; the message names the cell. */
enum ww_status matcher_build(const struct watch_name *names, size_t n_names, struct arena *arena,
                             struct matcher **out, struct ww_error *err);

/* All matches, by first token; they may overlap. */
enum ww_status matcher_find(const struct matcher *m, const struct match_text *text,
                            struct arena *arena, struct match_list *out, struct ww_error *err);

/* How many tokens a name has; 0: it can never match. */
size_t matcher_length(const struct matcher *m, size_t name);

/* The first token of a name was written with a capital, and its script has capitals. */
bool matcher_is_capital(const struct matcher *m, size_t name);

/* The name is one word of Latin letters: it belongs to its language. */
bool matcher_is_one_word(const struct matcher *m, size_t name);

/* ---- single phrases -------------------------------------------------------------------------- */

/* A phrase to be looked for around a match; "@" stands for the match itself. */
struct match_phrase;

/* NULL when the arena is full or the phrase holds no token. The phrase is borrowed. */
const struct match_phrase *match_phrase_build(struct slice phrase, struct arena *arena);

/* The phrase as it was given. */
struct slice match_phrase_text(const struct match_phrase *p);

/* Does the phrase stand so that the tokens [first, last] are a part of it (or its @)? */
bool match_phrase_around(const struct match_phrase *p, const struct match_text *text, size_t first,
                         size_t last);

/* Does it stand anywhere? Only for phrases without @. */
bool match_phrase_anywhere(const struct match_phrase *p, const struct match_text *text);

#endif
