/*
 * scan_index.h - names of a watchlist put to the search index: which stored articles may hold one?
 *
 * The index folds and cuts texts with the functions that matching uses, so an article that holds a
 * name holds its words, one behind the other, as words of the index; what the matcher asks beside
 * that (case, borders, commas, sentences) only takes away. A name whose characters are written
 * without spaces may have a line break inside: then its pairs are not in the index, and it is asked
 * for as the end of one run and the beginning of another.
 *
 * Articles behind the index's end are all in the answer. Where the index is of another folding, or
 * the answer would be most of the archive, it is "cannot tell".
 */
#ifndef WW_ALERTS_SCAN_INDEX_H
#define WW_ALERTS_SCAN_INDEX_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/store_walk.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct scan_index_answer {
    bool is_known;
    const char *reason;       /* why it is not, in words */
    struct walk_ids articles; /* rising, each once; in the arena */
};

/* names: as a watchlist has them, with ~ and *. Up to SCAN_INDEX_NAMES. */
enum ww_status scan_index_ask(struct store *s, const struct slice *names, size_t n_names,
                              struct arena *arena, struct scan_index_answer *out,
                              struct ww_error *err);

#endif
