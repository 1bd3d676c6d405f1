/*
 * diff_numerals.h - "million", and Han numerals as numbers, for base/diff_units.c alone.
 */
#ifndef WW_BASE_DIFF_NUMERALS_H
#define WW_BASE_DIFF_NUMERALS_H

#include "base/slice.h"
#include "base/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct diff_magnitude {
    const char *name; /* folded */
    int exponent;
    bool is_letter; /* counts only when written onto the figure, and may be something else */
};

/* NULL: it is none. */
const struct diff_magnitude *diff_magnitude_find(struct slice folded);

/* The value of a simplified Han numeral below ten, or -1; its power of ten, or 0. */
int diff_han_digit(struct slice folded, int *power);

/*
 * What tokens that are all Han numerals are worth: sections below 10,000 and what they are
 * multiplied with, or digit by digit as in a year. False: too much.
 */
bool diff_han_value(const struct token *tokens, size_t n, uint64_t *out);

/* For the test: the table is looked up by a binary search. */
bool diff_numerals_are_sorted(void);

#endif
