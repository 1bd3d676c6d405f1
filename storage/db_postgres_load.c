/*
 * db_postgres_load.c - an empty database that is filled in one transaction, by COPY in binary form
 * (https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.4).
 *
 * Rows of tables that were made in the same transaction are simply gone when it fails; the server
 * removes their files.
 */
#include "storage/db_postgres.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "storage/catalogue.h"

#include <string.h>

#define STATEMENT_MAX_BYTES ((size_t)64 * 1024)
/* Rows are sent in pieces of so much, or of one row. */
#define PIECE_BYTES ((size_t)256 * 1024)
#define ROW_MAX_BYTES ((size_t)4 * STORE_BLOB_MAX_BYTES)

struct db_load {
    struct db *db;
    const struct db_table *table;
    struct buf piece;
    bool is_copying; /* COPY is under way, outside of the pipeline */
};

/* ---- the whole ------------------------------------------------------------------------------- */

static void load_close(struct db_load *load)
{
    if (load == NULL)
        return;
    /* What was not kept goes with its connection. */
    db_postgres.close(load->db);
    buf_release(&load->piece);
    mem_free(load);
}

/* Nobody else may be at it, and there is nothing in it: of this nobody can say otherwise now. */
static enum ww_status begin(struct db_load *load, struct ww_error *err)
{
    int64_t version = 0;
    enum ww_status status = db_postgres.begin(load->db, DB_TURN_ROWS, 0, err);

    if (status == WW_OK)
        status = db_postgres.version(load->db, &version, err);
    if (status == WW_OK && version != 0)
        return ww_fail(
            err, WW_REFUSED,
            "%s is in use already, and nothing is written over: createdb makes a new one",
            load->db->shown);
    if (status == WW_OK)
        status =
            db_postgres.execute(load->db, "SET LOCAL idle_in_transaction_session_timeout = 0", err);
    return status;
}

static enum ww_status load_open(const struct db_options *options, struct db_load **out,
                                struct db **db, struct ww_error *err)
{
    struct db_load *load = mem_alloc(sizeof(*load));
    enum ww_status status;

    *out = NULL;
    if (load == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    buf_init(&load->piece, ROW_MAX_BYTES);
    status = db_postgres.open(options, &load->db, err);
    if (status == WW_OK) {
        load->db->answer_ms = INT64_MAX; /* its commit writes all there is */
        status = begin(load, err);
    }
    if (status == WW_OK) {
        *out = load;
        *db = load->db;
    } else {
        load_close(load);
    }
    return status;
}

/* The next ids are behind the highest. */
static enum ww_status set_next_id(struct db_load *load, const struct db_table *table,
                                  struct ww_error *err)
{
    struct buf text;
    enum ww_status status;

    buf_init(&text, STATEMENT_MAX_BYTES);
    buf_printf(&text,
               "SELECT setval(pg_get_serial_sequence('%.*s', 'id'), COALESCE(MAX(id), 0) + 1,"
               " false) FROM \"%.*s\" WHERE pg_get_serial_sequence('%.*s', 'id') IS NOT NULL"
               " HAVING pg_get_serial_sequence('%.*s', 'id') IS NOT NULL",
               SLICE_ARG(table->name), SLICE_ARG(table->name), SLICE_ARG(table->name),
               SLICE_ARG(table->name));
    status = buf_finish(&text, err);
    if (status == WW_OK)
        status = db_postgres.execute(load->db, text.ptr, err);
    buf_release(&text);
    return status;
}

static enum ww_status load_finish(struct db_load *load, const struct catalogue *catalogue,
                                  struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < catalogue->n_tables; i++)
        if (catalogue_column(&catalogue->tables[i], SLICE("id")) != NULL)
            status = set_next_id(load, &catalogue->tables[i], err);
    /* Without it every plan is a guess until the server finds the time. */
    return status == WW_OK ? db_postgres.execute(load->db, "ANALYZE", err) : status;
}

static enum ww_status load_keep(struct db_load *load, struct ww_error *err)
{
    return db_postgres.commit(load->db, err);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* The server's verdict on what was sent; back to the pipeline. */
static enum ww_status end_copy(struct db_load *load, const char *failure, struct ww_error *err)
{
    struct db *db = load->db;
    enum ww_status status = WW_OK;
    PGresult *result;

    if (PQputCopyEnd(db->connection, failure) != 1)
        status = postgres_fail(db, NULL, "copying", err);
    while ((result = PQgetResult(db->connection)) != NULL) {
        if (status == WW_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
            status = postgres_fail(db, result, "copying", err);
        PQclear(result);
    }
    load->is_copying = false;
    if (status == WW_OK &&
        (PQenterPipelineMode(db->connection) != 1 || PQsetnonblocking(db->connection, 1) != 0))
        status = postgres_fail(db, NULL, "copying", err);
    db->is_failed = db->is_failed || status != WW_OK;
    return status;
}

static enum ww_status send_piece(struct db_load *load, struct ww_error *err)
{
    struct buf *piece = &load->piece;
    struct ww_error sending = {0};
    enum ww_status status = buf_finish(piece, err);

    if (status != WW_OK)
        return status;
    if (PQputCopyData(load->db->connection, piece->ptr, (int)piece->len) == 1) {
        buf_reset(piece);
        return WW_OK;
    }
    /* Why it takes no more is said at the end, if it can be. */
    status = postgres_fail(load->db, NULL, "copying", &sending);
    if (PQstatus(load->db->connection) == CONNECTION_OK)
        return end_copy(load, "no more", err);
    return ww_fail(err, status, "%s", sending.message);
}

static enum ww_status start_copy(struct db_load *load, const char *sql, struct ww_error *err)
{
    struct db *db = load->db;
    enum ww_status status = postgres_sync(db, err);
    PGresult *result;

    /* Rows in great numbers: the server's pace is waited for. */
    if (status == WW_OK &&
        (PQexitPipelineMode(db->connection) != 1 || PQsetnonblocking(db->connection, 0) != 0))
        status = postgres_fail(db, NULL, "copying", err);
    if (status != WW_OK)
        return status;
    result = PQexec(db->connection, sql);
    if (PQresultStatus(result) != PGRES_COPY_IN)
        status = postgres_fail(db, result, "copying", err);
    PQclear(result);
    load->is_copying = status == WW_OK;
    return status;
}

static enum ww_status load_table(struct db_load *load, const struct db_table *table,
                                 struct ww_error *err)
{
    /* Signature, flags, no extension. */
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
    struct buf text;
    enum ww_status status;

    load->table = table;
    buf_init(&text, STATEMENT_MAX_BYTES);
    buf_printf(&text, "COPY \"%.*s\" (", SLICE_ARG(table->name));
    for (size_t i = 0; i < table->n_columns; i++)
        buf_printf(&text, "%s\"%.*s\"", i > 0 ? ", " : "", SLICE_ARG(table->columns[i].name));
    buf_add_string(&text, ") FROM STDIN (FORMAT binary)");
    status = buf_finish(&text, err);
    if (status == WW_OK)
        status = start_copy(load, text.ptr, err);
    buf_release(&text);
    buf_reset(&load->piece);
    buf_add(&load->piece, slice_of(head, sizeof(head)));
    return status;
}

static void add_number(struct buf *out, uint64_t n, size_t n_bytes)
{
    char bytes[8];

    postgres_put_number(bytes, n);
    buf_add(out, slice_of(bytes + sizeof(bytes) - n_bytes, n_bytes));
}

static void add_value(struct buf *out, const struct db_value *value)
{
    uint64_t bits;

    switch (value->type) {
    case DB_NULL:
        add_number(out, UINT32_MAX, 4);
        return;
    case DB_INTEGER:
        add_number(out, 8, 4);
        add_number(out, (uint64_t)value->integer, 8);
        return;
    case DB_REAL:
        memcpy(&bits, &value->real, sizeof(bits));
        add_number(out, 8, 4);
        add_number(out, bits, 8);
        return;
    case DB_TEXT:
    case DB_BLOB:
        add_number(out, value->bytes.len, 4);
        buf_add(out, value->bytes);
        return;
    }
}

static enum ww_status load_row(struct db_load *load, const struct db_value *values,
                               struct ww_error *err)
{
    const size_t n = load->table->n_columns;

    add_number(&load->piece, n, 2);
    for (size_t i = 0; i < n; i++)
        add_value(&load->piece, &values[i]);
    return load->piece.len >= PIECE_BYTES ? send_piece(load, err) : WW_OK;
}

static enum ww_status load_end_table(struct db_load *load, struct ww_error *err)
{
    enum ww_status status;

    add_number(&load->piece, UINT16_MAX, 2);
    status = send_piece(load, err);
    return status == WW_OK ? end_copy(load, NULL, err) : status;
}

const struct db_loading db_postgres_loading = {
    .driver = &db_postgres,
    .open = load_open,
    .table = load_table,
    .row = load_row,
    .end_table = load_end_table,
    .finish = load_finish,
    .keep = load_keep,
    .close = load_close,
};
