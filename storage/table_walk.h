/*
 * table_walk.h - all rows of a table that a copy takes, in the order of its key, a batch at a time.
 *
 * Numbers in their order, texts by their bytes: the same on every engine. A table without a key is
 * ordered by all of its columns. One walk at a time uses a slot of its connection.
 */
#ifndef WW_STORAGE_TABLE_WALK_H
#define WW_STORAGE_TABLE_WALK_H

#include "base/arena.h"
#include "base/buf.h"
#include "storage/catalogue.h"

#define TABLE_COLUMNS_MAX 96
#define TABLE_KEY_MAX 8

struct table_walk {
    const struct db_driver *driver;
    struct db *db;
    const struct db_table *table;
    size_t key[TABLE_KEY_MAX]; /* its columns */
    size_t n_key;
    /* Of the row that was given last; and of the one behind which the batch began: it is bound. */
    struct db_value last[TABLE_KEY_MAX];
    struct buf last_bytes[TABLE_KEY_MAX], bound_bytes[TABLE_KEY_MAX];
    int64_t n_rows; /* given so far */
    int64_t limit, n_batch, batch_bytes;
    bool is_begun, is_under_way, is_over;
};

enum ww_status table_walk_begin(struct table_walk *w, const struct db_driver *driver, struct db *db,
                                const struct db_table *table, struct ww_error *err);
/* A value for each column, borrowed until the next call. WW_NOT_FOUND: there are no more. */
enum ww_status table_walk_next(struct table_walk *w, struct db_value *row, struct ww_error *err);
/* To be called after every begin, also a failed one. */
void table_walk_end(struct table_walk *w);

/* How many rows there are to walk. */
enum ww_status table_count(const struct db_driver *driver, struct db *db,
                           const struct db_table *table, int64_t *out, struct ww_error *err);

/* What it takes, roughly: for batches and for the pace. */
int64_t table_row_bytes(const struct db_table *table, const struct db_value *row);

/* Which of two rows of a walk comes first: below 0, 0, above 0. */
int table_walk_compare(const struct table_walk *w, const struct db_value *a,
                       const struct db_value *b);
/* "(17, desk)", for people. */
void table_walk_add_key(const struct table_walk *w, const struct db_value *row, struct buf *out);

#endif
