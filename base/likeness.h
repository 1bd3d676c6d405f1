/*
 * likeness.h - how much two texts have in common, in any script and without knowing its words.
 *
 * Dice's coefficient over pairs of neighbouring characters, letters of ASCII without case:
 * 1 for equal texts, some 0.75 for a corrected headline, below 0.4 for two that differ.
 * Limits: the first LIKENESS_PAIRS_MAX pairs count, in long texts the first lines.
 */
#ifndef WW_BASE_LIKENESS_H
#define WW_BASE_LIKENESS_H

#include "base/limits.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

/* A text made ready to be held against many. */
struct likeness {
    uint64_t pairs[LIKENESS_PAIRS_MAX]; /* sorted */
    size_t n_pairs;
};

/* text is valid UTF-8. Of fewer than two characters there are no pairs. */
void likeness_init(struct likeness *l, struct slice text);

/* 0 to 1; 0 when either has no pairs. */
double likeness_of(const struct likeness *a, const struct likeness *b);

/*
 * How many of the lines of a text stand in another one too, 0 to 1, by how they begin: of two
 * editions of one text most, of two texts none. Lines of a few words do not count, and the first
 * LIKENESS_LINES_MAX are enough. 0 when there are none.
 */
double likeness_shared(struct slice text, struct slice other);

#endif
