/*
 * precision_words.h - which word around an item's mentions would have kept its wrong alerts away.
 *
 * Looks where `exclude` and `require` of the list look: QUERY_WINDOW_WORDS on either side of a
 * mention. An alert goes away by an excluded word when every mention of the item in its article has
 * the word near; by a required one when none has. Counts are exact, of the alerts that were marked:
 * a proposal is a reading of few cases, to be tried (watch lint --control), not a truth.
 *
 * Words are folded as everywhere; of scripts without spaces two characters are a word. Numbers and
 * words of one or two letters are none.
 */
#ifndef WW_ALERTS_PRECISION_WORDS_H
#define WW_ALERTS_PRECISION_WORDS_H

#include "storage/store_marks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct word_proposal {
    struct slice item;
    struct slice word;
    bool is_exclude;           /* else it is to be required */
    int64_t n_wrong, n_right;  /* alerts of the item that were looked at */
    int64_t n_removed, n_lost; /* of the wrong ones, and of the right ones */
};

struct word_proposals {
    struct word_proposal *rows;
    size_t n_rows;
};

/*
 * For each item with two wrong alerts or more and a right one: at most PRECISION_WORDS_MAX words of
 * each kind, the best first. list: as store_list_judged gives it; of an item the newest
 * PRECISION_TEXTS_MAX are read.
 */
enum ww_status precision_words(struct store *s, const struct judged_list *list, struct arena *arena,
                               struct word_proposals *out, struct ww_error *err);

#endif
