/* db_postgres_turn.c - transactions: one writer at a time, and how one ended when nobody answers.
 */
#include "storage/db_postgres.h"

#include "base/attrs.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/*
 * One writer at a time, as in a file: ids are seen in their order, on which every cursor rests;
 * stories join one after the other; and nobody waits in a circle. The number is "wire".
 */
#define WRITE_LOCK "2003399269"
/* And one at a time for the index of words, beside that one. */
#define WORDS_LOCK "2003399270"

/* Its own number is asked for, so that its end can be told when the connection breaks there. */
static enum ww_status begin_once(struct db *db, enum db_turn turn, int64_t wait_ms,
                                 struct ww_error *err)
{
    char wait[64];
    enum ww_status status;

    (void)snprintf(wait, sizeof(wait), "SET LOCAL lock_timeout = %lld",
                   (long long)(wait_ms > 0 ? wait_ms : 1));
    db->is_lost = db->is_failed = db->is_patient = false;
    status = postgres_send_text(db, "BEGIN", false, err);
    db->is_in_transaction = true;
    if (status == WW_OK)
        status = postgres_send_text(db, wait, false, err);
    if (status == WW_OK)
        status = postgres_send_text(db, "SET LOCAL synchronous_commit = off", false, err);
    if (status == WW_OK)
        status = postgres_send_text(db,
                                    turn == DB_TURN_WORDS
                                        ? "SELECT pg_advisory_xact_lock(" WORDS_LOCK ")"
                                        : "SELECT pg_advisory_xact_lock(" WRITE_LOCK ")",
                                    false, err);
    if (status == WW_OK)
        status =
            postgres_send_text(db, "SET LOCAL lock_timeout = " POSTGRES_LOCK_TIMEOUT, false, err);
    return status == WW_OK ? postgres_sync(db, err) : status;
}

void postgres_rollback(struct db *db)
{
    if (!db->is_in_transaction)
        return;
    if (PQstatus(db->connection) == CONNECTION_OK) {
        (void)postgres_sync(db, NULL);
        if (PQstatus(db->connection) == CONNECTION_OK) {
            db->is_lost = false;
            (void)postgres_run_text(db, "ROLLBACK", NULL);
        }
    }
    db->is_in_transaction = db->is_lost = false;
}

/* Nobody waits for who reads: it may take as long as it takes. */
enum ww_status postgres_begin_reading(struct db *db, struct ww_error *err)
{
    enum ww_status status;

    db->is_lost = db->is_failed = false;
    status = postgres_send_text(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", false, err);
    db->is_in_transaction = true;
    if (status == WW_OK)
        status =
            postgres_send_text(db, "SET LOCAL idle_in_transaction_session_timeout = 0", false, err);
    return status == WW_OK ? postgres_sync(db, err) : status;
}

/* The lock was not to be had: whose is it, and for how long? */
static enum ww_status fail_locked(struct db *db, struct ww_error *err)
{
    static const char sql[] =
        "SELECT concat(a.application_name, ' at ' || host(a.client_addr),"
        " ' writes to it for ',"
        " CAST(EXTRACT(EPOCH FROM clock_timestamp() - a.xact_start) AS BIGINT), ' s')"
        " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
        " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objsubid = 1"
        " AND l.objid = " WRITE_LOCK " AND l.database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())";
    struct statement *s = &db->statements[NAMELESS];
    enum ww_status status = postgres_send_text(db, sql, true, NULL);
    struct slice holder = SLICE("another writes to it, or did just now");

    if (status == WW_OK)
        status = postgres_sync(db, NULL);
    if (status == WW_OK && s->result != NULL && PQntuples(s->result) > 0)
        holder = postgres_value(s->result, 0, 0).bytes;
    status = ww_fail(err, WW_CONFLICT, "%s: %.*s", db->shown, SLICE_ARG(slice_head(holder, 140)));
    postgres_drop_result(s);
    return status;
}

enum ww_status postgres_begin(struct db *db, enum db_turn turn, int64_t wait_ms,
                              struct ww_error *err)
{
    struct ww_error local = {0};
    enum ww_status status;

    if (err == NULL)
        err = &local;
    status = begin_once(db, turn, wait_ms, err);
    if (status != WW_OK)
        postgres_rollback(db);
    if (status == WW_AWAY) {
        status = postgres_reconnect(db, err);
        if (status == WW_OK)
            status = begin_once(db, turn, wait_ms, err);
        if (status != WW_OK)
            postgres_rollback(db);
    }
    return status == WW_CONFLICT && turn == DB_TURN_ROWS ? fail_locked(db, err) : status;
}

/*
 * COMMIT itself does not wait for the disk, nor for a standby: that would be done under the lock,
 * where each has to wait alone. It is waited for here, by all who have just committed together.
 * What others read in between and go by is kept at least as surely as what they make of it: their
 * own commit comes later in the log.
 */
static enum ww_status make_durable(struct db *db, struct ww_error *err)
{
    enum ww_status status =
        postgres_run_text(db, "SELECT pg_logical_emit_message(true, 'wirewatch', '')", err);

    return status == WW_OK || status == WW_AWAY
               ? status
               : ww_context(err, status, "stored, though perhaps not on the disk yet");
}

enum ww_status postgres_commit(struct db *db, struct ww_error *err)
{
    struct ww_error local = {0};
    enum ww_status status = WW_OK;
    bool was_lost = db->is_lost;

    if (err == NULL)
        err = &local;
    /* COMMIT would undo it and call that a success. */
    if (db->is_failed && !was_lost)
        status = ww_fail(err, WW_STORE, "%s: nothing is kept of what failed before", db->shown);
    if (status == WW_OK)
        status = postgres_run_text(db, "COMMIT", err);
    if (status != WW_OK)
        postgres_rollback(db);
    db->is_in_transaction = db->is_lost = false;
    if (status == WW_OK)
        status = make_durable(db, err);
    /* Whoever goes on reads what there is: a server that crashed gives lost numbers of transactions
     * out again, and knows nothing of ours. */
    return status == WW_AWAY && !was_lost
               ? ww_context(err, status, "at its end, so that it is unknown whether it was kept")
               : status;
}
