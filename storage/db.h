/*
 * db.h - what the store asks of a database engine: one struct of functions an engine.
 *
 * Above it every statement is written once (queries.h): `$1 ...` placeholders, ON CONFLICT,
 * RETURNING. A statement is prepared at its first use and kept; it is under way from start to end,
 * and one statement is not under way twice.
 *
 * Errors: disk full, read-only, damaged, foreign file: WW_STORE, and the message says which.
 * WW_CONFLICT: another program holds the database, or a row breaks a UNIQUE.
 */
#ifndef WW_STORAGE_DB_H
#define WW_STORAGE_DB_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/queries.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;

enum db_type { DB_NULL, DB_INTEGER, DB_REAL, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_type type;
    int64_t integer;
    double real;
    struct slice bytes; /* of DB_TEXT and DB_BLOB */
};

struct db_options {
    const char *path;
    bool is_reader;
    bool may_create;
};

struct db_driver {
    const char *name;

    /* Before any lock is made beside it: is it there, and ours? Touches nothing. */
    enum ww_status (*probe)(const struct db_options *options, struct ww_error *err);
    /* *is_new: there is no schema in it yet. */
    enum ww_status (*open)(const struct db_options *options, struct db **out, bool *is_new,
                           struct ww_error *err);
    void (*close)(struct db *db);

    /* One statement without values or rows: of a schema. */
    enum ww_status (*execute)(struct db *db, const char *sql, struct ww_error *err);

    /* Bind values to $1 ... $n; a value whose $i the statement lacks is left out. */
    enum ww_status (*start)(struct db *db, enum query query, const struct db_value *values,
                            size_t n_values, struct ww_error *err);
    /*
     * The next row: its bytes are borrowed until the next call. Columns the row lacks are NULL.
     * WW_NOT_FOUND: there are no more.
     */
    enum ww_status (*next)(struct db *db, enum query query, struct db_value *columns,
                           size_t n_columns, struct ww_error *err);
    /* To be called after every start, also a failed one. */
    void (*end)(struct db *db, enum query query);

    enum ww_status (*begin)(struct db *db, struct ww_error *err);
    enum ww_status (*commit)(struct db *db, struct ww_error *err);
    /* Does nothing when the engine has rolled back already. */
    void (*rollback)(struct db *db);
};

extern const struct db_driver db_sqlite;

static inline struct db_value db_integer(int64_t n)
{
    return (struct db_value){.type = DB_INTEGER, .integer = n};
}

static inline struct db_value db_text(struct slice s)
{
    return (struct db_value){.type = DB_TEXT, .bytes = s};
}

static inline struct db_value db_blob(struct slice s)
{
    return (struct db_value){.type = DB_BLOB, .bytes = s};
}

/* An id; 0 is NULL. */
static inline struct db_value db_link(int64_t id)
{
    return (struct db_value){.type = id == 0 ? DB_NULL : DB_INTEGER, .integer = id};
}

#endif
