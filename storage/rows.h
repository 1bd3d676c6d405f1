/*
 * rows.h - between a row struct and a statement: one table of members says both ways.
 *
 * For storage/store*.c alone. A member table lists the columns of a SELECT in order, and so the
 * placeholders $1 ... $n of the statements that write the row.
 */
#ifndef WW_STORAGE_ROWS_H
#define WW_STORAGE_ROWS_H

#include "storage/db.h"
#include "storage/store.h"

struct arena;
struct deflater;

enum member_type {
    MEMBER_NUMBER,  /* int64_t */
    MEMBER_LINK,    /* int64_t, an id: 0 is NULL */
    MEMBER_REAL,    /* double */
    MEMBER_FLAG,    /* bool */
    MEMBER_ORDINAL, /* an enum, by its number: its order means something */
    MEMBER_CHOICE,  /* an enum, by its name */
    MEMBER_TEXT,    /* struct slice */
    MEMBER_BYTES,   /* struct slice */
    MEMBER_PACKED   /* struct slice, deflated in the database */
};

struct member {
    enum member_type type;
    size_t offset;
    const char *const *names; /* of MEMBER_CHOICE, NULL at the end */
};

/* Where in a struct a run of columns goes. */
struct part {
    const struct member *members;
    size_t n_members;
    size_t offset;
};

#define SHAPE_PARTS_MAX 4

struct shape {
    size_t row_bytes;
    struct part parts[SHAPE_PARTS_MAX];
};

/* The most columns a statement has: an alert with its mention and article. */
#define COLUMNS_MAX 96

/* The index of name in names (NULL at the end), as an enum's value. False: none of them. */
bool choice_parse(const char *const *names, struct slice name, unsigned *out);

/* Texts are borrowed; packed ones live in the store's scratch memory until the next binding. */
enum ww_status row_bind(struct store *s, const struct part *part, const void *row,
                        struct db_value *values, struct ww_error *err);

/*
 * Writing: WW_STORE outside a transaction. The second form gives the first column of a RETURNING,
 * WW_NOT_FOUND when no row came.
 */
enum ww_status row_write(struct store *s, enum query query, const struct db_value *values,
                         size_t n_values, struct ww_error *err);
enum ww_status row_write_returning(struct store *s, enum query query, const struct db_value *values,
                                   size_t n_values, int64_t *out, struct ww_error *err);

/* Reading: all rows, or those up to one, or the first (WW_NOT_FOUND: none), or the numbers of the
 * first. */
struct row_list {
    void *rows;
    size_t n_rows;
};

/* Is this row, which will be the last, enough? */
typedef bool row_enough(const void *row, void *context);

enum ww_status row_list_to(struct store *s, enum query query, const struct db_value *values,
                           size_t n_values, const struct shape *shape, row_enough *enough,
                           void *context, struct arena *arena, struct row_list *out,
                           struct ww_error *err);
enum ww_status row_list(struct store *s, enum query query, const struct db_value *values,
                        size_t n_values, const struct shape *shape, struct arena *arena,
                        struct row_list *out, struct ww_error *err);
enum ww_status row_read(struct store *s, enum query query, const struct db_value *values,
                        size_t n_values, const struct shape *shape, struct arena *arena, void *out,
                        struct ww_error *err);
enum ww_status row_numbers(struct store *s, enum query query, const struct db_value *values,
                           size_t n_values, int64_t *out, size_t n_out, struct ww_error *err);

/* What a window binds: since, until, limit, offset, with the open ends filled in. */
struct db_value window_since(const struct store_window *w);
struct db_value window_until(const struct store_window *w);
struct db_value window_limit(const struct store_window *w);
struct db_value window_offset(const struct store_window *w);

/* ---- the store as its own files see it ------------------------------------------------------- */

struct arena *store_scratch(struct store *s); /* emptied by every row_bind */
struct deflater *store_deflater(struct store *s);
const struct db_driver *store_driver(const struct store *s);
struct db *store_db(const struct store *s);
const char *store_path(const struct store *s);
bool store_is_reader(const struct store *s);
/* Another number for each transaction, 0 outside: within one nobody else writes. */
int64_t store_turn(const struct store *s);
size_t *store_unindexed(struct store *s); /* search_index.c counts there */

#endif
