/*
 * db.h - what the store asks of a database engine: one struct of functions an engine.
 *
 * Above it every statement is written once (queries.h): `$1 ...` placeholders, ON CONFLICT,
 * RETURNING. A statement is prepared at its first use and kept; it is under way from start to end,
 * and one statement is not under way twice.
 *
 * Errors: disk full, read-only, damaged, foreign file: WW_STORE, and the message says which.
 * WW_CONFLICT: another program holds the database, or a row breaks a UNIQUE. WW_AWAY: the server
 * is not there; a transaction that was under way is undone.
 */
#ifndef WW_STORAGE_DB_H
#define WW_STORAGE_DB_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/queries.h"

#include <signal.h>
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

/*
 * What a transaction writes. The index of words is of stored articles alone, and may be written
 * beside all else, where an engine lets two write: it costs as much as the rest of an article.
 */
enum db_turn { DB_TURN_ROWS, DB_TURN_WORDS };

struct db_options {
    const char *path;
    bool is_reader;
    bool may_create;
    const char *shown; /* path for people: without a password */
    bool is_load; /* of a struct db_loading alone: a new one, and nobody else's before its end */
    const char *machine; /* this one's name, for whoever waits for it; NULL: not told */
    const volatile sig_atomic_t *stop; /* set: a server is waited for no longer; may be NULL */
    int64_t answer_ms;                 /* longest for an answer of a server; 0: STORE_ANSWER_MS */
};

/* Numbers behind those of queries.h, for statements that are made when they are needed. */
#define DB_SLOTS 4

static inline enum query db_slot(unsigned i)
{
    return (enum query)(QUERY_COUNT + i);
}

struct arena;
struct schema;
struct search_form;
struct search_phrase;

struct db_driver {
    const char *name;
    const struct schema *schema;
    /*
     * Several machines may be at it. Then it keeps its writers apart itself, and a transaction is
     * not held open while its writer waits for something else.
     */
    bool is_shared;
    /* Texts are UTF-8 without NUL: others are made so when they are bound. */
    bool has_clean_texts;

    /* Before any lock is made beside it: is it there, and ours? Touches nothing. */
    enum ww_status (*probe)(const struct db_options *options, struct ww_error *err);
    enum ww_status (*open)(const struct db_options *options, struct db **out, struct ww_error *err);
    void (*close)(struct db *db);
    /* Of its schema; 0: there is none yet. */
    enum ww_status (*version)(struct db *db, int64_t *out, struct ww_error *err);
    /* Whose clock counts, in ms since 1970; NULL: this machine's. */
    enum ww_status (*clock)(struct db *db, int64_t *out_ms, struct ww_error *err);

    /* One statement without values or rows: of a schema. It takes as long as it takes. */
    enum ww_status (*execute)(struct db *db, const char *sql, struct ww_error *err);

    /* What a slot says from now on. The text is not kept. */
    enum ww_status (*define)(struct db *db, enum query slot, const char *text,
                             struct ww_error *err);

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
    /*
     * What is about to be started, and in which order: a server is asked all of it at once. It is
     * forgotten as soon as another statement is started than the next of these. NULL: nothing is
     * gained by telling.
     */
    enum ww_status (*foresee)(struct db *db, enum query query, const struct db_value *values,
                              size_t n_values, struct ww_error *err);

    /* All tables as they are at one moment, until rollback; nothing is written. */
    enum ww_status (*begin_reading)(struct db *db, struct ww_error *err);
    /* A transaction that writes; no other one of its kind is under way then. WW_CONFLICT after
     * wait_ms. */
    enum ww_status (*begin)(struct db *db, enum db_turn turn, int64_t wait_ms,
                            struct ww_error *err);
    /* It is on the disk on return; the next one may have begun before. */
    enum ww_status (*commit)(struct db *db, struct ww_error *err);
    /* Does nothing when the engine has rolled back already. */
    void (*rollback)(struct db *db);

    /* What a search binds: search_form.h. */
    enum ww_status (*form_search)(const struct search_phrase *phrases, size_t n_phrases,
                                  struct arena *arena, struct search_form *out,
                                  struct ww_error *err);

    /* A whole copy at path; NULL: a copy is a matter for people. */
    enum ww_status (*copy)(struct db *db, const char *path, struct ww_error *err);
    /* Between two transactions, when there is time; may be NULL. */
    void (*tidy)(struct db *db);
};

extern const struct db_driver db_sqlite;
extern const struct db_driver db_postgres;

/* The engine of an address; NULL: there is none, or it is not in this build. */
const struct db_driver *db_driver_of(const char *address);
/* Then: WW_INVALID, and why. */
enum ww_status db_fail_unknown(const char *address, struct ww_error *err);
/* The address without its password, for messages; NULL: memory is out. To be freed. */
char *db_address_shown(const char *address);

struct catalogue;
struct db_load;
struct db_table;

/*
 * Filling a new database, all of it or nothing: whatever ends before `keep`, a power cut too,
 * leaves none. open, the schema, rows table by table, finish, keep; close always.
 */
struct db_loading {
    const struct db_driver *driver;
    /*
     * *db is of the load, and closed by it; a transaction is under way. WW_REFUSED: something is
     * there already. WW_CONFLICT: another load.
     */
    enum ww_status (*open)(const struct db_options *options, struct db_load **out, struct db **db,
                           struct ww_error *err);
    enum ww_status (*table)(struct db_load *load, const struct db_table *table,
                            struct ww_error *err);
    /* A value for each column of the table, in their order; texts as the driver wants them. */
    enum ww_status (*row)(struct db_load *load, const struct db_value *values,
                          struct ww_error *err);
    enum ww_status (*end_table)(struct db_load *load, struct ww_error *err);
    /* All rows and all indexes are there. WW_STORE: a row points to one that is not there. */
    enum ww_status (*finish)(struct db_load *load, const struct catalogue *catalogue,
                             struct ww_error *err);
    /* On the disk, and there for all. Nothing but close may follow. */
    enum ww_status (*keep)(struct db_load *load, struct ww_error *err);
    void (*close)(struct db_load *load);
};

extern const struct db_loading db_sqlite_loading;
extern const struct db_loading db_postgres_loading;

/* As db_driver_of. */
const struct db_loading *db_loading_of(const char *address);

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
