/* db_postgres.c - a server that several machines write to: its statements, sent and answered for.
 */
#include "storage/db_postgres.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "storage/schema.h"
#include "storage/search_form.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void postgres_drop_result(struct statement *s)
{
    PQclear(s->result);
    s->result = NULL;
    s->next_row = 0;
}

/* ---- sending --------------------------------------------------------------------------------- */

static const char *name_of(enum query query)
{
    return query < QUERY_COUNT ? query_name(query) : "a step of the driver's";
}

static const char *pending_name(const struct pending *p)
{
    return name_of(p->query);
}

/* Tables were changed beside us, or a pooler gave us another session: all are prepared anew. */
static void note_stale(struct db *db, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    db->is_stale = state != NULL && (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0);
    for (size_t i = 0; db->is_stale && i < WW_COUNT(db->statements); i++)
        db->statements[i].is_prepared = false;
}

/*
 * The answers to all that was sent, in its order. The first error is the one that counts: what
 * came behind it was not done. Of a connection that broke there are no more, and none is waited
 * for.
 */
static enum ww_status receive_all(struct db *db, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < db->n_pending; i++) {
        const struct pending *p = &db->pending[i];
        PGresult *result = postgres_answer(db);
        const ExecStatusType code = PQresultStatus(result);

        if (status == WW_OK && code != PGRES_COMMAND_OK && code != PGRES_TUPLES_OK) {
            status = postgres_fail(db, result, pending_name(p), err);
            note_stale(db, result);
        }
        if (p->is_prepare && code != PGRES_COMMAND_OK)
            db->statements[p->query].is_prepared = false;
        if (p->foreseen != NULL && !p->is_prepare) {
            p->foreseen->is_answered = true;
            if (code == PGRES_TUPLES_OK) {
                p->foreseen->result = result;
                result = NULL;
            }
        } else if (!p->is_prepare && p->gives_rows && code == PGRES_TUPLES_OK) {
            PQclear(db->statements[p->query].result);
            db->statements[p->query].result = result;
            result = NULL;
        }
        PQclear(result);
        PQclear(postgres_answer(db)); /* the NULL behind each */
    }
    db->is_failed = db->is_failed || status != WW_OK;
    PQclear(postgres_answer(db)); /* the sync */
    db->n_pending = 0;
    return status;
}

/* Without it the transaction is not the one that was meant. */
static enum ww_status fail_sending(struct db *db, const char *what, struct ww_error *err)
{
    db->is_failed = true;
    if (PQstatus(db->connection) == CONNECTION_BAD)
        db->is_lost = db->is_in_transaction;
    return postgres_fail(db, NULL, what, err);
}

enum ww_status postgres_sync(struct db *db, struct ww_error *err)
{
    enum ww_status status;

    if (db->n_pending == 0)
        return WW_OK;
    if (PQpipelineSync(db->connection) != 1)
        status = fail_sending(db, "sending", err);
    else
        status = receive_all(db, err);
    if (PQstatus(db->connection) == CONNECTION_BAD) {
        db->n_pending = 0;
        db->is_lost = db->is_in_transaction;
    }
    return status;
}

static enum ww_status note_pending(struct db *db, enum query query, bool is_prepare,
                                   bool gives_rows, struct ww_error *err)
{
    db->pending[db->n_pending++] = (struct pending){query, is_prepare, gives_rows, NULL};
    /* Room for a statement and its preparation is always left. */
    return db->n_pending + 2 > PENDING_MAX && !gives_rows ? postgres_sync(db, err) : WW_OK;
}

static enum ww_status fail_lost(const struct db *db, struct ww_error *err)
{
    return ww_fail(err, WW_AWAY, "%s: the connection was lost in mid-transaction", db->shown);
}

/* A statement without values, with the others. */
enum ww_status postgres_send_text(struct db *db, const char *sql, bool gives_rows,
                                  struct ww_error *err)
{
    postgres_forget_foreseen(db);
    if (db->is_lost)
        return fail_lost(db, err);
    if (PQsendQueryParams(db->connection, sql, 0, NULL, NULL, NULL, NULL, 1) != 1)
        return fail_sending(db, "sending", err);
    return note_pending(db, NAMELESS, false, gives_rows, err);
}

enum ww_status postgres_run_text(struct db *db, const char *sql, struct ww_error *err)
{
    enum ww_status status = postgres_send_text(db, sql, false, err);

    return status == WW_OK ? postgres_sync(db, err) : status;
}

/* The first value of the first row, a number; 0: there is none. */
enum ww_status postgres_ask_number(struct db *db, const char *sql, int64_t *out,
                                   struct ww_error *err)
{
    struct statement *s = &db->statements[NAMELESS];
    enum ww_status status = postgres_send_text(db, sql, true, err);

    *out = 0;
    if (status == WW_OK)
        status = postgres_sync(db, err);
    if (status == WW_OK && s->result != NULL && PQntuples(s->result) > 0)
        *out = postgres_value(s->result, 0, 0).integer;
    postgres_drop_result(s);
    return status;
}

/* ---- statements ------------------------------------------------------------------------------ */

static bool is_prepared_for(const struct statement *s, const struct db_value *values, size_t n)
{
    if (!s->is_prepared || s->n_types != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (values[i].type != DB_NULL && s->types[i] != postgres_type_of(&values[i]))
            return false;
    return true;
}

/* What was NULL so far takes any type; what is NULL now is of the type it had. */
static void note_types(struct statement *s, const struct db_value *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const bool is_null = values[i].type == DB_NULL;
        const bool is_known = i < s->n_types && !s->is_guessed[i];

        if (is_null && is_known)
            continue;
        s->types[i] = postgres_type_of(&values[i]);
        s->is_guessed[i] = is_null;
    }
    s->n_types = n;
}

static bool gives_rows(const char *text)
{
    const struct slice s = slice_from(text);

    return slice_starts(s, SLICE("SELECT ")) || slice_starts(s, SLICE("WITH ")) ||
           slice_contains(s, SLICE(" RETURNING "));
}

/* What is said now; a slot may not say anything yet. */
static const char *text_of(const struct db *db, enum query query)
{
    return query < QUERY_COUNT ? query_text(query, DIALECT_POSTGRES) : db->statements[query].text;
}

static enum ww_status postgres_define(struct db *db, enum query slot, const char *text,
                                      struct ww_error *err)
{
    struct statement *s = &db->statements[slot];

    assert(slot >= QUERY_COUNT && slot < NAMELESS);
    postgres_drop_result(s);
    mem_free(s->text);
    s->text = mem_string(text, strlen(text));
    s->is_prepared = false;
    return s->text != NULL ? WW_OK : ww_fail(err, WW_NOMEM, "%s: out of memory", db->shown);
}

/*
 * A condition that a value switches off ($1 = 0 OR ...) wants another way to the rows by each
 * value: the one way for all of a prepared statement took 326 ms of 100,000 articles where 22 ms
 * were enough. Its plan is made each time, which a list is worth.
 */
static bool is_switched(const char *text)
{
    const struct slice s = slice_from(text);

    return slice_contains(s, SLICE(" = 0 OR ")) || slice_contains(s, SLICE(" = '' OR "));
}

#define NAME_BYTES 32

static void name_statement(const struct db *db, enum query query, char out[NAME_BYTES])
{
    (void)snprintf(out, NAME_BYTES, "q%u_%u", (unsigned)query, db->statements[query].n_prepared);
}

static enum ww_status prepare(struct db *db, enum query query, const struct db_value *values,
                              size_t n_values, struct ww_error *err)
{
    struct statement *s = &db->statements[query];
    const char *text;
    char name[NAME_BYTES];

    if (is_prepared_for(s, values, n_values))
        return WW_OK;
    text = text_of(db, query);
    s->gives_rows = gives_rows(text);
    s->is_switched = is_switched(text);
    note_types(s, values, n_values);
    if (s->is_switched)
        return WW_OK;
    s->n_prepared++; /* one of other types stays behind: that is rare, and small */
    name_statement(db, query, name);
    if (PQsendPrepare(db->connection, name, text, (int)n_values, s->types) != 1)
        return fail_sending(db, name_of(query), err);
    s->is_prepared = true;
    return note_pending(db, query, true, false, err);
}

static enum ww_status send_statement(struct db *db, enum query query, const struct db_value *values,
                                     size_t n_values, struct ww_error *err)
{
    struct statement *s = &db->statements[query];
    const int n = (int)n_values;
    struct parameters p;
    char name[NAME_BYTES];
    int is_sent;
    enum ww_status status = postgres_encode(values, n_values, db->scratch, &p, err);

    if (status != WW_OK)
        return ww_context(err, status, "%s", name_of(query));
    name_statement(db, query, name);
    is_sent = s->is_switched ? PQsendQueryParams(db->connection, text_of(db, query), n, s->types,
                                                 p.pointers, p.lengths, p.formats, 1)
                             : PQsendQueryPrepared(db->connection, name, n, p.pointers, p.lengths,
                                                   p.formats, 1);
    if (is_sent != 1)
        return fail_sending(db, name_of(query), err);
    return note_pending(db, query, false, s->gives_rows, err);
}

enum ww_status postgres_send(struct db *db, enum query query, const struct db_value *values,
                             size_t n_values, struct ww_error *err)
{
    enum ww_status status = db->n_pending + 3 > PENDING_MAX ? postgres_sync(db, err) : WW_OK;

    if (status == WW_OK)
        status = prepare(db, query, values, n_values, err);
    return status == WW_OK ? send_statement(db, query, values, n_values, err) : status;
}

static enum ww_status start_once(struct db *db, enum query query, const struct db_value *values,
                                 size_t n_values, struct ww_error *err)
{
    enum ww_status status = postgres_send(db, query, values, n_values, err);

    /* Outside a transaction each stands for itself. */
    if (status == WW_OK && (db->statements[query].gives_rows || !db->is_in_transaction))
        status = postgres_sync(db, err);
    return status;
}

/* All articles are gone through: until the end of its transaction it is waited for. */
static bool takes_long(enum query query)
{
    return query == QUERY_SEARCH_FINISH || query == QUERY_SEARCH_EMPTY;
}

/* Outside a transaction a connection that was lost is made anew, and the statement begins again. */
static enum ww_status postgres_start(struct db *db, enum query query, const struct db_value *values,
                                     size_t n_values, struct ww_error *err)
{
    struct ww_error local = {0};
    enum ww_status status;

    if (err == NULL)
        err = &local;
    assert(n_values <= PLACEHOLDERS_MAX);
    postgres_drop_result(&db->statements[query]);
    if (db->is_lost)
        return fail_lost(db, err);
    if (postgres_take_foreseen(db, query, values, n_values, &status, err))
        return status;
    db->is_stale = false;
    db->is_patient = (db->is_patient && db->is_in_transaction) || takes_long(query);
    status = start_once(db, query, values, n_values, err);
    if (status == WW_AWAY && !db->is_in_transaction) {
        status = db->is_stale ? WW_OK : postgres_reconnect(db, err);
        if (status == WW_OK)
            status = start_once(db, query, values, n_values, err);
    }
    return status;
}

static enum ww_status postgres_next(struct db *db, enum query query, struct db_value *columns,
                                    size_t n_columns, struct ww_error *err)
{
    struct statement *s = &db->statements[query];
    const int n = s->result != NULL ? PQnfields(s->result) : 0;

    WW_UNUSED(err);
    if (s->result == NULL || s->next_row >= PQntuples(s->result))
        return WW_NOT_FOUND;
    for (size_t i = 0; i < n_columns; i++)
        columns[i] = i < (size_t)n ? postgres_value(s->result, s->next_row, (int)i)
                                   : (struct db_value){
                                         .type = DB_NULL, .bytes = {"", 0}
        };
    s->next_row++;
    return WW_OK;
}

static void postgres_end(struct db *db, enum query query)
{
    postgres_drop_result(&db->statements[query]);
}

static enum ww_status postgres_execute(struct db *db, const char *sql, struct ww_error *err)
{
    enum ww_status status;

    db->is_patient = true;
    status = postgres_run_text(db, sql, err);
    db->is_patient = false;
    return status;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* There are no files to look at beforehand. */
static enum ww_status postgres_probe(const struct db_options *options, struct ww_error *err)
{
    WW_UNUSED(options);
    WW_UNUSED(err);
    return WW_OK;
}

static void postgres_close(struct db *db)
{
    if (db == NULL)
        return;
    postgres_forget_foreseen(db);
    mem_free(db->machine);
    for (size_t i = 0; i < WW_COUNT(db->statements); i++) {
        postgres_drop_result(&db->statements[i]);
        mem_free(db->statements[i].text);
    }
    PQfinish(db->connection);
    if (db->scratch != NULL)
        arena_release(db->scratch);
    mem_free(db->scratch);
    mem_free(db->address);
    mem_free(db->shown);
    mem_free(db);
}

static enum ww_status postgres_open(const struct db_options *options, struct db **out,
                                    struct ww_error *err)
{
    const char *machine = options->machine != NULL ? options->machine : "";
    struct db *db = mem_alloc(sizeof(*db));
    enum ww_status status;

    *out = NULL;
    if (db != NULL) {
        db->address = mem_string(options->path, strlen(options->path));
        db->shown = db_address_shown(options->path);
        db->machine = mem_string(machine, strlen(machine));
        db->scratch = mem_alloc(sizeof(*db->scratch));
        db->is_reader = options->is_reader;
        db->stop = options->stop;
        db->answer_ms = options->answer_ms > 0 ? options->answer_ms : STORE_ANSWER_MS;
    }
    if (db == NULL || db->address == NULL || db->shown == NULL || db->machine == NULL ||
        db->scratch == NULL) {
        postgres_close(db);
        return ww_fail(err, WW_NOMEM, "out of memory");
    }
    arena_init(db->scratch, (size_t)4 * STORE_BLOB_MAX_BYTES);
    status = postgres_connect(db, err);
    if (status == WW_OK)
        *out = db;
    else
        postgres_close(db);
    return status;
}

static enum ww_status postgres_version(struct db *db, int64_t *out, struct ww_error *err)
{
    enum ww_status status =
        postgres_ask_number(db, "SELECT to_regclass('meta') IS NOT NULL", out, err);

    if (status != WW_OK || *out == 0)
        return status;
    return postgres_ask_number(db, "SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'schema'",
                               out, err);
}

static enum ww_status postgres_clock(struct db *db, int64_t *out_ms, struct ww_error *err)
{
    static const char sql[] = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
    enum ww_status status = postgres_ask_number(db, sql, out_ms, err);

    if (status == WW_AWAY && !db->is_in_transaction) {
        status = postgres_reconnect(db, err);
        if (status == WW_OK)
            status = postgres_ask_number(db, sql, out_ms, err);
    }
    return status;
}

const struct db_driver db_postgres = {
    .name = "postgresql",
    .schema = &schema_postgres,
    .is_shared = true,
    .has_clean_texts = true,
    .probe = postgres_probe,
    .open = postgres_open,
    .close = postgres_close,
    .version = postgres_version,
    .clock = postgres_clock,
    .execute = postgres_execute,
    .define = postgres_define,
    .start = postgres_start,
    .next = postgres_next,
    .end = postgres_end,
    .foresee = postgres_foresee,
    .begin_reading = postgres_begin_reading,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .form_search = search_form_tsquery,
};
