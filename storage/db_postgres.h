/*
 * db_postgres.h - one connection to a PostgreSQL server; for storage/db_postgres*.c alone.
 *
 * Statements go through libpq's pipeline: what gives no rows is sent along and answered for with
 * the next one that does, or with the commit, so that a transaction costs few round trips.
 */
#ifndef WW_STORAGE_DB_POSTGRES_H
#define WW_STORAGE_DB_POSTGRES_H

#include "storage/db.h"

#include <libpq-fe.h>

/* No statement has more placeholders: an article has 39. */
#define PLACEHOLDERS_MAX 64
/* Answers that wait on the server's side must fit what lies between the two. */
#define PENDING_MAX 64
/* With their preparations they leave room for others. */
#define FORESEEN_MAX 40

/* Longest that a statement waits for a row or table that another has. */
#define POSTGRES_LOCK_TIMEOUT "'60s'"

/* The driver's own words, which no list has. */
#define NAMELESS db_slot(DB_SLOTS)

struct arena;

struct statement {
    Oid types[PLACEHOLDERS_MAX];       /* of its values, as it was prepared for */
    bool is_guessed[PLACEHOLDERS_MAX]; /* it was NULL each time so far */
    size_t n_types;
    unsigned n_prepared; /* times: part of its name on the server */
    bool is_prepared;
    bool is_switched; /* parsed and planned each time */
    bool gives_rows;
    PGresult *result;
    int next_row;
    char *text; /* of a slot: what it says now */
};

struct pending {
    enum query query; /* NAMELESS, too */
    bool is_prepare, gives_rows;
    struct foreseen *foreseen; /* whose answer it is; NULL: nobody's */
};

/* What will be started soon: see struct db_driver. */
struct foreseen {
    enum query query;
    uint64_t print; /* of its values */
    bool is_answered;
    PGresult *result;
};

struct db {
    PGconn *connection;
    char *address;
    char *shown; /* without its password */
    char *machine;
    bool is_reader;
    bool is_in_transaction;
    bool is_lost;          /* the connection broke in mid-transaction */
    bool is_failed;        /* a statement of the transaction did: nothing of it will stay */
    bool has_waited;       /* for the server, in vain */
    bool is_patient;       /* a statement is under way that takes as long as it takes */
    bool is_stale;         /* the last failure was that of a statement prepared for other tables */
    int64_t answer_ms;     /* longest that an answer is waited for */
    int64_t unanswered_ms; /* so long it was, in vain; 0: it answers */
    const volatile sig_atomic_t *stop; /* set: nothing is waited for any longer; may be NULL */
    struct pending pending[PENDING_MAX];
    size_t n_pending;
    struct foreseen foreseen[FORESEEN_MAX];
    size_t n_foreseen, n_taken;
    struct arena *scratch; /* values of the statement that is being sent */
    struct statement statements[QUERY_COUNT + DB_SLOTS + 1];
};

/* Sends a statement; its answer comes with postgres_sync. */
enum ww_status postgres_send(struct db *db, enum query query, const struct db_value *values,
                             size_t n_values, struct ww_error *err);
/* All that was sent is answered for. */
enum ww_status postgres_sync(struct db *db, struct ww_error *err);

enum ww_status postgres_foresee(struct db *db, enum query query, const struct db_value *values,
                                size_t n_values, struct ww_error *err);
/* True: it was foreseen, and has its result or has failed. False: it is to be sent. */
bool postgres_take_foreseen(struct db *db, enum query query, const struct db_value *values,
                            size_t n_values, enum ww_status *status, struct ww_error *err);
void postgres_forget_foreseen(struct db *db);

/*
 * As PQgetResult, of a server that may hang: after db->answer_ms without a word, or
 * STORE_STOPPED_MS after *db->stop, the connection is broken.
 */
PGresult *postgres_answer(struct db *db);
bool postgres_is_stopped(const struct db *db);

/* Opens db->connection. WW_AWAY: nobody answers there now. */
enum ww_status postgres_connect(struct db *db, struct ww_error *err);
void postgres_disconnect(struct db *db);
/* Is it there again? Tries for a minute, unless this is to end or that was in vain before. */
enum ww_status postgres_reconnect(struct db *db, struct ww_error *err);
/* A number in network order. */
void postgres_put_number(char out[8], uint64_t n);
/* What a failed result means; result may be NULL: the connection is lost. */
enum ww_status postgres_fail(struct db *db, const PGresult *result, const char *what,
                             struct ww_error *err);

/* ---- values: db_postgres_values.c ------------------------------------------------------------ */

struct parameters {
    const char *pointers[PLACEHOLDERS_MAX];
    int lengths[PLACEHOLDERS_MAX], formats[PLACEHOLDERS_MAX];
    char numbers[PLACEHOLDERS_MAX][8];
};

/* Borrows the values; what had to be changed of them is in arena, which is emptied first. */
enum ww_status postgres_encode(const struct db_value *values, size_t n, struct arena *arena,
                               struct parameters *out, struct ww_error *err);
struct db_value postgres_value(const PGresult *result, int row, int column);
Oid postgres_type_of(const struct db_value *value);

/* ---- statements: db_postgres.c --------------------------------------------------------------- */

/* A statement without values, with the others that are under way. */
enum ww_status postgres_send_text(struct db *db, const char *sql, bool gives_rows,
                                  struct ww_error *err);
/* The same, and its answer. */
enum ww_status postgres_run_text(struct db *db, const char *sql, struct ww_error *err);
/* The first value of the first row, a number; 0: there is none. */
enum ww_status postgres_ask_number(struct db *db, const char *sql, int64_t *out,
                                   struct ww_error *err);
void postgres_drop_result(struct statement *s);

/* ---- transactions: db_postgres_turn.c, as in struct db_driver -------------------------------- */

enum ww_status postgres_begin(struct db *db, enum db_turn turn, int64_t wait_ms,
                              struct ww_error *err);
enum ww_status postgres_begin_reading(struct db *db, struct ww_error *err);
enum ww_status postgres_commit(struct db *db, struct ww_error *err);
void postgres_rollback(struct db *db);

#endif
