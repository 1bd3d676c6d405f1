/*
 * nearest.h - "did you mean": the known name that is closest to a mistyped one.
 *
 * Damerau-Levenshtein distance over bytes, case ignored. A name that is more than one mistake and a
 * third of the word's length away is no help and not offered.
 */
#ifndef WW_BASE_NEAREST_H
#define WW_BASE_NEAREST_H

#include "base/slice.h"

struct nearest {
    struct slice word;
    const char *best; /* NULL: nothing near */
    unsigned distance;
};

void nearest_init(struct nearest *n, struct slice word);
void nearest_try(struct nearest *n, const char *name);

#endif
