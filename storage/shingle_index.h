/*
 * shingle_index.h - which articles hold this hash? Posting lists that grow by a log-structured
 * merge, from the first article to ten million.
 *
 * New postings go into a tail: one small row an article in the store, and a hash table in memory. A
 * full tail is written as a run: sorted postings in blocks, and filters that say "not here" without
 * reading one. SHINGLE_RUNS_MERGED runs of a level become one of the next, a few blocks with each
 * article that is added: what is merged is taken over range of keys by range of keys, and is found
 * in the new run up to there and in the old ones from there on. A block is never changed, and
 * nothing is ever merged at once.
 *
 * All writing goes through struct shingle_io in the caller's transaction: a crash loses what the
 * transaction loses. After a rollback call shingle_index_forget. Several processes may write in
 * turn (under the store's write lock): shingle_index_refresh sees what the others wrote.
 *
 * Memory: filters are read when they are asked for the first time, so that one article costs a few
 * reads in an archive of any size. SHINGLE_FILTERS_MAX_BYTES of them are kept, those of the newest
 * articles first; others are read each time. Where the store is far away blocks are kept, too:
 * they never change while their run is there.
 *
 * Hashes are kept to 35 bits: a look-up may name an article that does not hold the hash (once in a
 * thousand with a million articles); every answer is verified against the text. A sentence that was
 * in one story alone is forgotten after SHINGLE_FORGETS_LEVEL merges, some 100,000 articles later:
 * furniture of a page comes back sooner.
 *
 * SHINGLE_VERSION says how hashes are made. What was made by another version is dropped, piece by
 * piece, and shingle_index_missing says which articles are to be added once more.
 */
#ifndef WW_STORAGE_SHINGLE_INDEX_H
#define WW_STORAGE_SHINGLE_INDEX_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct shingle_index;

/* ---- where the bytes are kept: shingle_store.h, or memory (shingle_memory.h) ------------------
 */

struct shingle_run {
    int64_t id;
    int64_t version;                /* SHINGLE_VERSION it was made with */
    int64_t level;                  /* how often its postings were merged */
    int64_t n_postings, n_shingles; /* written so far, and those of them that are no sentences */
    int64_t n_source;               /* postings of the runs it is made of */
    int64_t n_chunks;               /* even ranges of keys, each with a filter */
    int64_t n_done;                 /* of them are written; n_chunks: all */
    int64_t into_id;                /* the run it becomes a part of; 0 */
    int64_t begun_at;               /* postings the index had been given by then */
};

struct shingle_run_list {
    struct shingle_run *rows;
    size_t n_rows;
};

struct shingle_blob {
    int64_t id;
    struct slice bytes;
};

struct shingle_blob_list {
    struct shingle_blob *rows;
    size_t n_rows;
};

enum shingle_table { SHINGLE_BLOCKS, SHINGLE_FILTERS };

struct shingle_state {
    int64_t generation; /* changes whenever runs do */
    int64_t version;
    int64_t n_given;       /* postings given so far, without those in the tail */
    int64_t missing_below; /* articles below it are not indexed yet; 0: all are */
    int64_t first_tail_id; /* 0: the tail is empty. Read, not set */
};

/* Ids of blocks and filters are the index's: rising within a run. */
struct shingle_io {
    void *state;
    enum ww_status (*add_run)(void *state, const struct shingle_run *run, int64_t *id,
                              struct ww_error *err);
    enum ww_status (*put_run)(void *state, const struct shingle_run *run, struct ww_error *err);
    enum ww_status (*drop_run)(void *state, int64_t id, struct ww_error *err);
    /* The highest level first, then in order of id. */
    enum ww_status (*list_runs)(void *state, struct arena *arena, struct shingle_run_list *out,
                                struct ww_error *err);

    enum ww_status (*put_blob)(void *state, enum shingle_table table, int64_t id,
                               struct slice bytes, struct ww_error *err);
    /* The one with the greatest id up to id. WW_NOT_FOUND. */
    enum ww_status (*find_blob)(void *state, enum shingle_table table, int64_t id,
                                struct arena *arena, struct shingle_blob *out,
                                struct ww_error *err);
    /* Blocks: what find_blob gives for first_id, and those behind it below below_id. */
    enum ww_status (*list_blocks)(void *state, int64_t first_id, int64_t below_id,
                                  struct arena *arena, struct shingle_blob_list *out,
                                  struct ww_error *err);
    enum ww_status (*drop_blobs)(void *state, enum shingle_table table, int64_t first_id,
                                 int64_t below_id, struct ww_error *err);

    /* Ids rise, and none comes again: a tail whose first row is the same has only grown. */
    enum ww_status (*put_tail)(void *state, int64_t id, struct slice bytes, struct ww_error *err);
    enum ww_status (*list_tail)(void *state, int64_t after_id, struct arena *arena,
                                struct shingle_blob_list *out, struct ww_error *err);
    enum ww_status (*drop_tail)(void *state, struct ww_error *err); /* all of it */

    /* All zero before the first set_state. */
    enum ww_status (*read_state)(void *state, struct shingle_state *out, struct ww_error *err);
    enum ww_status (*set_state)(void *state, const struct shingle_state *in, struct ww_error *err);

    /* find_blob will be called for these next, in this order. NULL: nothing is gained by telling.
     */
    enum ww_status (*foresee_blob)(void *state, enum shingle_table table, int64_t id,
                                   struct ww_error *err);
    size_t blocks_max_bytes; /* of blocks to be kept in memory; 0: reading one costs little */
};

/* ---- the index ------------------------------------------------------------------------------- */

/* Two kinds of hashes that do not meet: of shingles, with articles; of sentences, with stories. */
enum shingle_kind { SHINGLE_OF_TEXT, SHINGLE_OF_SENTENCE };

/* Reads nothing yet; io is borrowed. tail_max postings make a run; 0: SHINGLE_TAIL_MAX. */
enum ww_status shingle_index_open(const struct shingle_io *io, size_t tail_max,
                                  struct shingle_index **out, struct ww_error *err);
void shingle_index_close(struct shingle_index *ix);

/*
 * Read what other writers have added; all of it after opening and forgetting. An index of another
 * version is begun anew.
 */
enum ww_status shingle_index_refresh(struct shingle_index *ix, struct ww_error *err);
/* What is in memory may no longer be what is stored. */
void shingle_index_forget(struct shingle_index *ix);

struct shingle_list {
    int64_t *values;
    size_t n;
};

/*
 * Different values of each hash, in no order: at most SHINGLE_LIST_MAX articles, STORY_FURNITURE
 * stories. *lists: one for each hash, in the arena. Many at once are cheaper than one by one.
 */
enum ww_status shingle_index_find(struct shingle_index *ix, enum shingle_kind kind,
                                  const uint64_t *hashes, size_t n, struct arena *arena,
                                  struct shingle_list **lists, struct ww_error *err);

/* Note value (above 0) under every hash. */
struct shingle_group {
    enum shingle_kind kind;
    int64_t value;
    const uint64_t *hashes;
    size_t n_hashes;
};

/* What one article adds. A hash whose list is full is not to be added. */
enum ww_status shingle_index_add(struct shingle_index *ix, const struct shingle_group *groups,
                                 size_t n_groups, struct ww_error *err);

/* Articles below it are still to be added, whatever was found in them before; 0: none. */
int64_t shingle_index_missing(const struct shingle_index *ix);
enum ww_status shingle_index_set_missing(struct shingle_index *ix, int64_t article_id,
                                         struct ww_error *err);
/* Drop everything, as if it were of another version: all articles are missing. */
enum ww_status shingle_index_begin_anew(struct shingle_index *ix, struct ww_error *err);

#endif
