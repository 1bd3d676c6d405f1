/*
 * store_shingles.h - where the duplicate index keeps its bytes.
 *
 * The index is immutable sorted runs and a tail. A run is one row with a summary (what is held in
 * memory while looking up: filter, fences) and numbered blocks (what is read one by one). The tail
 * is one small row an article, until enough of them are written as a run. What the bytes mean is
 * the index's business: every table is named by its kind ("shingle", "sentence" ...).
 */
#ifndef WW_STORAGE_STORE_SHINGLES_H
#define WW_STORAGE_STORE_SHINGLES_H

#include "storage/store.h"

struct shingle_run {
    int64_t id;
    struct slice kind;
    int64_t version; /* SHINGLE_VERSION it was made with */
    int64_t level;   /* how often it was merged */
    int64_t n_postings, n_blocks;
    int64_t first_article_id, last_article_id;
    struct slice summary;
};

struct shingle_run_list {
    struct shingle_run *rows;
    size_t n_rows;
};

enum ww_status store_add_shingle_run(struct store *s, const struct shingle_run *run, int64_t *id,
                                     struct ww_error *err);
/* Its blocks go with it. */
enum ww_status store_drop_shingle_run(struct store *s, int64_t id, struct ww_error *err);
/* In order of id, with their summaries; all of them, whatever STORE_LIST_MAX says. */
enum ww_status store_list_shingle_runs(struct store *s, struct slice kind, struct arena *arena,
                                       struct shingle_run_list *out, struct ww_error *err);

/* number counts from 0. Putting a block again replaces it. */
enum ww_status store_put_shingle_block(struct store *s, int64_t run_id, int64_t number,
                                       struct slice bytes, struct ww_error *err);
/* WW_NOT_FOUND. */
enum ww_status store_shingle_block(struct store *s, int64_t run_id, int64_t number,
                                   struct arena *arena, struct slice *out, struct ww_error *err);

struct shingle_tail {
    int64_t article_id;
    struct slice bytes;
};

struct shingle_tail_list {
    struct shingle_tail *rows;
    size_t n_rows;
};

enum ww_status store_put_shingle_tail(struct store *s, struct slice kind, int64_t article_id,
                                      struct slice bytes, struct ww_error *err);
/* Those above after_article_id, in order of article: what another process has added since. */
enum ww_status store_list_shingle_tail(struct store *s, struct slice kind, int64_t after_article_id,
                                       struct arena *arena, struct shingle_tail_list *out,
                                       struct ww_error *err);
/* Up to and with last_article_id. */
enum ww_status store_drop_shingle_tail(struct store *s, struct slice kind, int64_t last_article_id,
                                       struct ww_error *err);

#endif
