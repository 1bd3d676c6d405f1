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
struct held_locks;

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
/* All numbers of a RETURNING: no texts. */
enum ww_status row_change(struct store *s, enum query query, const struct db_value *values,
                          size_t n_values, const struct shape *shape, void *out,
                          struct ww_error *err);

/*
 * Reading: all rows, or those up to one, or the first (WW_NOT_FOUND: none), or the numbers of the
 * first. Several that are known beforehand are foreseen first, and then read in the same order: on
 * a server they cost one round trip. At most ROWS_FORESEEN_MAX at once are worth telling.
 */
#define ROWS_FORESEEN_MAX 32
enum ww_status row_foresee(struct store *s, enum query query, const struct db_value *values,
                           size_t n_values, struct ww_error *err);
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

/*
 * Around a claim: a statement of its own where an engine can do that, else a short transaction,
 * unless one is under way. *is_ours goes from begin to end, with what came of the claim.
 */
enum ww_status row_claim_begin(struct store *s, bool *is_ours, struct ww_error *err);
enum ww_status row_claim_end(struct store *s, bool is_ours, enum ww_status status,
                             struct ww_error *err);
/* One of a single statement; *out: a number came back, which says that it succeeded. */
enum ww_status row_claim(struct store *s, enum query query, const struct db_value *values,
                         size_t n_values, bool *out, struct ww_error *err);

/* What a window binds: since, until, limit, offset, with the open ends filled in. */
struct db_value window_since(const struct store_window *w);
struct db_value window_until(const struct store_window *w);
struct db_value window_limit(const struct store_window *w);
struct db_value window_offset(const struct store_window *w);

/* Whose the claims are. Theirs is another number each time that they may have been lost. */
#define OWNER_BYTES 128
struct claimant {
    char owner[OWNER_BYTES]; /* "fuji/run"; empty: nobody has said */
    int64_t renewed_ms;      /* monotonic */
    int64_t renewed_at;      /* by the database's clock */
    uint64_t turn;
};

/* ---- the store as its own files see it ------------------------------------------------------- */

struct arena *store_scratch(struct store *s); /* emptied by every row_bind */
struct deflater *store_deflater(struct store *s);
const struct db_driver *store_driver(const struct store *s);
struct db *store_db(const struct store *s);
const char *store_path(const struct store *s);
const char *store_archive_folder(const struct store *s);
const char *store_machine(const struct store *s); /* "" when nobody has named it */
struct held_locks *store_held(struct store *s);
int64_t store_lease_s(const struct store *s); /* how long a claim lasts */
/* Its server did not answer when it was asked last: nothing is asked that can be left out. */
void store_set_away(struct store *s, bool is_away);
bool store_is_away(const struct store *s);
const struct bucket_options *store_bucket_options(const struct store *s); /* or NULL */
/* Opened by archive_place.c, closed with the store. */
struct bucket **store_bucket(struct store *s);
struct claimant *store_claimant(struct store *s);
bool store_is_reader(const struct store *s);
/* Another number for each transaction, 0 outside: within one nobody else writes. */
int64_t store_turn(const struct store *s);
/* The next id of a table to which the write lock's holder alone adds: asked for once a transaction.
 */
enum store_numbered { STORE_ARTICLES, STORE_STORIES, STORE_NUMBERED_COUNT };
enum ww_status store_next_id(struct store *s, enum store_numbered table, int64_t *out,
                             struct ww_error *err);
/* As store_begin, for the index of words alone. Not patient: WW_CONFLICT when another is at it. */
enum ww_status store_begin_words(struct store *s, bool is_patient, struct ww_error *err);
bool *store_index_is_due(struct store *s); /* search_index.c says so there */

#endif
