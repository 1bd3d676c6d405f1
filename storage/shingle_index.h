/*
 * shingle_index.h - which articles hold this hash? Posting lists that grow by a log-structured
 * merge.
 *
 * New postings go into a tail: one small row an article in the store, and a hash table in memory. A
 * full tail is written as a run: sorted postings in blocks, found by the first bits of the hash,
 * and a filter that says "not here" without reading one. SHINGLE_RUNS_MERGED runs of a level become
 * one of the next. Nothing is ever changed in place, an article costs a few sequential bytes, and a
 * look-up in a million articles reads as many blocks as it has answers.
 *
 * All writing goes through struct shingle_io in the caller's transaction: a crash loses what the
 * transaction loses. After a rollback call shingle_index_forget. Several processes may write in
 * turn (under the store's write lock): shingle_index_refresh sees what the others wrote.
 *
 * Hashes are kept to SHINGLE_KEY_BITS bits: a look-up may name an article that does not hold the
 * hash (once in 20,000 with a million articles); every answer is verified against the text.
 */
#ifndef WW_STORAGE_SHINGLE_INDEX_H
#define WW_STORAGE_SHINGLE_INDEX_H

#include "base/error.h"
#include "storage/store_shingles.h"

#include <stddef.h>
#include <stdint.h>

#define SHINGLE_KEY_BITS 40

struct arena;
struct shingle_index;

/* Where the bytes are kept: store_shingles.h, or memory (shingle_memory.h). The same contracts. */
struct shingle_io {
    void *state;
    enum ww_status (*add_run)(void *state, const struct shingle_run *run, int64_t *id,
                              struct ww_error *err);
    enum ww_status (*drop_run)(void *state, int64_t id, struct ww_error *err);
    enum ww_status (*list_runs)(void *state, struct slice kind, struct arena *arena,
                                struct shingle_run_list *out, struct ww_error *err);
    enum ww_status (*put_block)(void *state, int64_t run_id, int64_t number, struct slice bytes,
                                struct ww_error *err);
    enum ww_status (*block)(void *state, int64_t run_id, int64_t number, struct arena *arena,
                            struct slice *out, struct ww_error *err);
    enum ww_status (*put_tail)(void *state, struct slice kind, int64_t article_id,
                               struct slice bytes, struct ww_error *err);
    enum ww_status (*list_tail)(void *state, struct slice kind, int64_t after_article_id,
                                struct arena *arena, struct shingle_tail_list *out,
                                struct ww_error *err);
    enum ww_status (*drop_tail)(void *state, struct slice kind, int64_t last_article_id,
                                struct ww_error *err);
    /* A number that changes whenever runs do. */
    enum ww_status (*generation)(void *state, struct slice kind, int64_t *out,
                                 struct ww_error *err);
    enum ww_status (*set_generation)(void *state, struct slice kind, int64_t generation,
                                     struct ww_error *err);
};

/*
 * Reads nothing yet. kind (a literal) names the index; io is borrowed. tail_max postings make a
 * run; 0: SHINGLE_TAIL_MAX.
 */
enum ww_status shingle_index_open(const struct shingle_io *io, const char *kind, size_t tail_max,
                                  struct shingle_index **out, struct ww_error *err);
void shingle_index_close(struct shingle_index *ix);

/* Read what other writers have added; all of it after opening and forgetting. */
enum ww_status shingle_index_refresh(struct shingle_index *ix, struct ww_error *err);
/* What is in memory may no longer be what is stored. */
void shingle_index_forget(struct shingle_index *ix);

/* At most max different values of the hash, the newest first, into values. */
enum ww_status shingle_index_find(struct shingle_index *ix, uint64_t hash, int64_t *values,
                                  size_t max, size_t *n, struct ww_error *err);

/* Note value (above 0) under every hash, on behalf of an article; ids of articles only grow. */
enum ww_status shingle_index_add(struct shingle_index *ix, int64_t article_id, int64_t value,
                                 const uint64_t *hashes, size_t n, struct ww_error *err);

#endif
