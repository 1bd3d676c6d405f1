/*
 * shingle_run.h - the runs of an index as a process has them open: rows, and filters in memory.
 *
 * The keys of a run are divided into n_chunks even ranges. A filter goes by run and chunk; a block
 * by run and first key, so that the block of a key is the one with the greatest id up to it.
 *
 * A run that is being made holds the keys of its first n_done chunks; the runs it is made of hold
 * the others, whatever is left of them in the store.
 */
#ifndef WW_STORAGE_SHINGLE_RUN_H
#define WW_STORAGE_SHINGLE_RUN_H

#include "base/arena.h"
#include "storage/shingle_block.h"
#include "storage/shingle_cache.h"
#include "storage/shingle_index.h"

/* So that ids of blobs stay numbers of 63 bits. */
#define SHINGLE_RUN_ID_MAX ((INT64_C(1) << (62 - SHINGLE_KEY_BITS)) - 1)

struct run_filter {
    unsigned char *bytes; /* NULL: not in memory */
    size_t len;
};

struct open_run {
    struct shingle_run row;
    struct run_filter *filters; /* one a chunk */
    size_t n_kept;              /* of them are in memory */
    size_t n_trimmed;           /* chunks that are merged: asked for no more */
    size_t hand;                /* where to look for one to let go */
};

struct run_set {
    const struct shingle_io *io;
    struct open_run *runs; /* the highest level first: the oldest articles */
    size_t n_runs, capacity;
    size_t kept_bytes, kept_max;
    struct shingle_run dead; /* one of another version, to be dropped; id 0: there is none */
    struct shingle_cache blocks;
    struct arena scratch; /* one blob */
};

void run_set_init(struct run_set *set, const struct shingle_io *io, size_t kept_max);
void run_set_release(struct run_set *set);

/* The rows as they are stored now; filters of runs that are still there stay. */
enum ww_status run_set_load(struct run_set *set, struct ww_error *err);
/* Add or replace a row, in its place. */
enum ww_status run_set_put(struct run_set *set, const struct shingle_run *row,
                           struct ww_error *err);
void run_set_remove(struct run_set *set, int64_t run_id);
/* Let go the filters of what has been merged. */
void run_set_trim(struct run_set *set);

/* Is it whole, or is it being made? */
bool run_is_whole(const struct shingle_run *run);
uint64_t run_chunk(const struct shingle_run *run, uint64_t key);
/* The least key of a chunk; of n_chunks: behind the last. */
uint64_t run_chunk_key(const struct shingle_run *run, int64_t chunk);
int64_t run_blob_id(const struct shingle_run *run, uint64_t at);

/* Append the values of each key to its list, until it has max; lists grow in arena. */
enum ww_status run_set_find(struct run_set *set, const uint64_t *keys, size_t n, size_t max,
                            struct arena *arena, struct shingle_list *lists, struct ww_error *err);

#endif
