/*
 * shingle_run.h - one immutable run of postings, sorted by hash.
 *
 * A run of n postings has 2^b blocks of about RUN_BLOCK_POSTINGS; block i holds the keys whose
 * first b bits are i, so that no directory is needed. A posting in a block is the rest of its key
 * and its value less the run's first one, each in as few whole bytes as the run allows: 5 to 8 in
 * all. The summary is a blocked Bloom filter of 12 bits a posting (Putze, Sanders, Singler 2007;
 * one 64-bit word a key): a false hit, which costs one block, is rarer than one in fifty.
 */
#ifndef WW_STORAGE_SHINGLE_RUN_H
#define WW_STORAGE_SHINGLE_RUN_H

#include "base/arena.h"
#include "storage/shingle_index.h"

#include <stdbool.h>

struct posting {
    uint64_t key; /* SHINGLE_KEY_BITS bits */
    int64_t value;
};

int posting_compare(const void *a, const void *b); /* by key, then value: for qsort */

/* Walks sorted postings: an array in memory, or a run block by block. */
struct posting_cursor {
    const struct shingle_run *run; /* NULL: an array */
    const struct posting *postings;
    size_t n_postings, at;
    int64_t next_block;
    struct arena arena; /* the block that is being read */
};

struct posting_cursor posting_cursor_of_array(const struct posting *postings, size_t n);
struct posting_cursor posting_cursor_of_run(const struct shingle_run *run);
void posting_cursor_release(struct posting_cursor *c);

/* Write what the cursors hold, merged and without repeats, as one run. */
enum ww_status run_write(const struct shingle_io *io, struct slice kind, int64_t level,
                         struct posting_cursor *cursors, size_t n_cursors, struct ww_error *err);

/* Append the values of key, those not in the list yet, until it has max. */
enum ww_status run_find(const struct shingle_io *io, const struct shingle_run *run, uint64_t key,
                        struct arena *arena, int64_t *values, size_t max, size_t *n,
                        struct ww_error *err);

#endif
