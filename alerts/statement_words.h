/*
 * statement_words.h - the words of terms.csv that are looked for late, in one sentence.
 *
 * For statements.c and claims.c, and not for others.
 */
#ifndef WW_ALERTS_STATEMENT_WORDS_H
#define WW_ALERTS_STATEMENT_WORDS_H

#include "alerts/context.h"
#include "alerts/statements.h"

/* Where a word stands, seen from the status, the term or the number. */
enum word_side { SIDE_ANY, SIDE_BEFORE, SIDE_BEHIND };

/* A word as it was compiled. */
struct late_word {
    const struct watch_term *term;
    enum word_side side;
    bool has_gap;
};

struct statements {
    const struct watchlist *watchlist;
    struct matcher *matcher;
    const struct watch_name *names; /* as words */
    struct late_word *words;
    size_t n_words;
};

/*
 * The words that were found in one sentence, by token; of statuses that overlap the longest. None
 * of a sentence of more than STATEMENT_WORDS_MAX tokens.
 */
struct sentence_words {
    const struct context *c;
    const struct context_sentence *s;
    struct match_list list;
};

enum ww_status sentence_words_find(const struct statements *st, const struct context *c,
                                   const struct context_sentence *s, struct slice language,
                                   struct arena *arena, struct sentence_words *out,
                                   struct ww_error *err);
const struct late_word *sentence_word(const struct statements *st, const struct match *m);

/* Does the word, where it was found, stand beside the tokens [first, last] as it should? */
bool sentence_word_stands(const struct statements *st, const struct sentence_words *words,
                          const struct match *m, uint32_t first, uint32_t last);

/* How many words the tokens [from, to) are; two characters of a script without spaces are one. */
size_t sentence_steps(const struct context *c, uint32_t from, uint32_t to);
/* Is there no comma and no stop between two tokens? */
bool sentence_is_joined(const struct context *c, uint32_t from, uint32_t to);

/* ---- claims.c ---------------------------------------------------------------------------------
 */

/* The count that a sentence makes, if it does. field is left to the caller. */
bool claim_find(const struct statements *st, const struct sentence_words *words,
                struct mention_claim *out);

#endif
