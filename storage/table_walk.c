/* table_walk.c - SELECT ... WHERE key > the last one ORDER BY key LIMIT a batch. */
#include "storage/table_walk.h"

#include "base/limits.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define FIRST_SLOT 0 /* from the beginning */
#define NEXT_SLOT 1  /* behind the last one */
#define COUNT_SLOT 2
#define STATEMENT_MAX_BYTES ((size_t)64 * 1024)
/* A row that is all numbers. */
#define ROW_BYTES 64
#define SHOWN_KEY_BYTES 80

static enum query slot_of(const struct table_walk *w)
{
    return db_slot(w->is_begun ? NEXT_SLOT : FIRST_SLOT);
}

/* ---- statements ------------------------------------------------------------------------------ */

static void add_key(struct buf *text, const struct table_walk *w)
{
    for (size_t i = 0; i < w->n_key; i++)
        buf_printf(text, "%s\"%.*s\"", i > 0 ? ", " : "",
                   SLICE_ARG(w->table->columns[w->key[i]].name));
}

static enum ww_status define(struct table_walk *w, unsigned slot, struct ww_error *err)
{
    const char *word = " WHERE ";
    struct buf text;
    enum ww_status status;

    buf_init(&text, STATEMENT_MAX_BYTES);
    buf_add_string(&text, "SELECT ");
    for (size_t i = 0; i < w->table->n_columns; i++) {
        const struct db_column *column = &w->table->columns[i];

        buf_add_string(&text, i > 0 ? ", " : "");
        if (column->instead != NULL)
            buf_add_string(&text, column->instead);
        else
            buf_printf(&text, "\"%.*s\"", SLICE_ARG(column->name));
    }
    buf_printf(&text, " FROM \"%.*s\"", SLICE_ARG(w->table->name));
    if (w->table->condition != NULL) {
        buf_printf(&text, "%s%s", word, w->table->condition);
        word = " AND ";
    }
    if (slot == NEXT_SLOT) {
        buf_printf(&text, "%s(", word);
        add_key(&text, w);
        buf_add_string(&text, ") > (");
        for (size_t i = 0; i < w->n_key; i++)
            buf_printf(&text, "%s$%zu", i > 0 ? ", " : "", i + 1);
        buf_add_char(&text, ')');
    }
    buf_add_string(&text, " ORDER BY ");
    add_key(&text, w);
    buf_printf(&text, " LIMIT $%zu", slot == NEXT_SLOT ? w->n_key + 1 : 1);
    status = buf_finish(&text, err);
    if (status == WW_OK)
        status = w->driver->define(w->db, db_slot(slot), text.ptr, err);
    buf_release(&text);
    return status;
}

/* In the order of the primary key, which is an index. */
static enum ww_status find_key(struct table_walk *w, struct ww_error *err)
{
    const struct db_table *t = w->table;

    for (int64_t place = 1; place <= TABLE_KEY_MAX; place++)
        for (size_t i = 0; i < t->n_columns; i++)
            if (t->columns[i].key == place)
                w->key[w->n_key++] = i;
    if (w->n_key == 0 && t->n_columns <= TABLE_KEY_MAX)
        while (w->n_key < t->n_columns) {
            w->key[w->n_key] = w->n_key;
            w->n_key++;
        }
    if (w->n_key == 0 || t->n_columns > TABLE_COLUMNS_MAX)
        return ww_fail(err, WW_STORE, "table %.*s has no key, or too many columns: not made by us",
                       SLICE_ARG(t->name));
    return WW_OK;
}

enum ww_status table_walk_begin(struct table_walk *w, const struct db_driver *driver, struct db *db,
                                const struct db_table *table, struct ww_error *err)
{
    enum ww_status status;

    *w = (struct table_walk){
        .driver = driver, .db = db, .table = table, .limit = COPY_BATCH_ROWS_FIRST};
    for (size_t i = 0; i < TABLE_KEY_MAX; i++) {
        buf_init(&w->last_bytes[i], STORE_BLOB_MAX_BYTES);
        buf_init(&w->bound_bytes[i], STORE_BLOB_MAX_BYTES);
    }
    status = find_key(w, err);
    if (status == WW_OK)
        status = define(w, FIRST_SLOT, err);
    if (status == WW_OK)
        status = define(w, NEXT_SLOT, err);
    return status;
}

static void end_batch(struct table_walk *w)
{
    if (w->is_under_way)
        w->driver->end(w->db, slot_of(w));
    w->is_under_way = false;
}

void table_walk_end(struct table_walk *w)
{
    end_batch(w);
    for (size_t i = 0; i < TABLE_KEY_MAX; i++) {
        buf_release(&w->last_bytes[i]);
        buf_release(&w->bound_bytes[i]);
    }
}

enum ww_status table_count(const struct db_driver *driver, struct db *db,
                           const struct db_table *table, int64_t *out, struct ww_error *err)
{
    const enum query slot = db_slot(COUNT_SLOT);
    struct db_value n;
    struct buf text;
    enum ww_status status;

    buf_init(&text, STATEMENT_MAX_BYTES);
    buf_printf(&text, "SELECT COUNT(*) FROM \"%.*s\"%s%s", SLICE_ARG(table->name),
               table->condition != NULL ? " WHERE " : "",
               table->condition != NULL ? table->condition : "");
    status = buf_finish(&text, err);
    if (status == WW_OK)
        status = driver->define(db, slot, text.ptr, err);
    buf_release(&text);
    if (status != WW_OK)
        return status;
    status = driver->start(db, slot, NULL, 0, err);
    if (status == WW_OK)
        status = driver->next(db, slot, &n, 1, err);
    if (status == WW_OK)
        *out = n.integer;
    driver->end(db, slot);
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Values are bound for as long as the statement is under way, and the last key moves on meanwhile.
 */
static enum ww_status bind_key(struct table_walk *w, struct db_value *values, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < w->n_key && status == WW_OK; i++) {
        values[i] = w->last[i];
        if (values[i].type != DB_TEXT && values[i].type != DB_BLOB)
            continue;
        buf_reset(&w->bound_bytes[i]);
        buf_add(&w->bound_bytes[i], w->last[i].bytes);
        values[i].bytes = buf_slice(&w->bound_bytes[i]);
        status = buf_finish(&w->bound_bytes[i], err);
    }
    return status;
}

static enum ww_status start_batch(struct table_walk *w, struct ww_error *err)
{
    struct db_value values[TABLE_KEY_MAX + 1];
    enum ww_status status = WW_OK;
    size_t n = 0;

    if (w->n_batch > 0) {
        const int64_t each = w->batch_bytes / w->n_batch;

        w->is_begun = true;
        w->limit = each > 0 ? COPY_BATCH_BYTES / each : COPY_BATCH_ROWS_MAX;
        if (w->limit > COPY_BATCH_ROWS_MAX)
            w->limit = COPY_BATCH_ROWS_MAX;
        if (w->limit < 1)
            w->limit = 1;
    }
    if (w->is_begun) {
        status = bind_key(w, values, err);
        n = w->n_key;
    }
    values[n++] = db_integer(w->limit);
    w->n_batch = 0;
    w->batch_bytes = 0;
    w->is_under_way = true;
    return status == WW_OK ? w->driver->start(w->db, slot_of(w), values, n, err) : status;
}

/* The driver takes its bytes back at the next call: the key stays. */
static enum ww_status keep_key(struct table_walk *w, const struct db_value *row,
                               struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < w->n_key && status == WW_OK; i++) {
        const struct db_value *value = &row[w->key[i]];

        w->last[i] = *value;
        buf_reset(&w->last_bytes[i]);
        if (value->type != DB_TEXT && value->type != DB_BLOB)
            continue;
        buf_add(&w->last_bytes[i], value->bytes);
        w->last[i].bytes = buf_slice(&w->last_bytes[i]);
        status = buf_finish(&w->last_bytes[i], err);
    }
    return status;
}

enum ww_status table_walk_next(struct table_walk *w, struct db_value *row, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (w->is_over)
        return WW_NOT_FOUND;
    if (w->is_under_way) {
        status = w->driver->next(w->db, slot_of(w), row, w->table->n_columns, err);
        if (status == WW_NOT_FOUND) {
            end_batch(w);
            w->is_over = w->n_batch < w->limit;
        }
    }
    if (w->is_over)
        return WW_NOT_FOUND;
    if (!w->is_under_way) {
        status = start_batch(w, err);
        if (status == WW_OK)
            status = w->driver->next(w->db, slot_of(w), row, w->table->n_columns, err);
        w->is_over = status == WW_NOT_FOUND;
    }
    if (status != WW_OK)
        return status;
    w->n_rows++;
    w->n_batch++;
    w->batch_bytes += table_row_bytes(w->table, row);
    return keep_key(w, row, err);
}

int64_t table_row_bytes(const struct db_table *table, const struct db_value *row)
{
    int64_t n = ROW_BYTES;

    for (size_t i = 0; i < table->n_columns; i++)
        if (row[i].type == DB_TEXT || row[i].type == DB_BLOB)
            n += (int64_t)row[i].bytes.len;
    return n;
}

/* ---- keys ------------------------------------------------------------------------------------ */

int table_walk_compare(const struct table_walk *w, const struct db_value *a,
                       const struct db_value *b)
{
    int order = 0;

    for (size_t i = 0; i < w->n_key && order == 0; i++) {
        const struct db_value *x = &a[w->key[i]], *y = &b[w->key[i]];

        if (x->type == DB_TEXT || x->type == DB_BLOB)
            order = slice_compare(x->bytes, y->bytes);
        else
            order = (x->integer > y->integer) - (x->integer < y->integer);
    }
    return order;
}

void table_walk_add_key(const struct table_walk *w, const struct db_value *row, struct buf *out)
{
    buf_add_char(out, '(');
    for (size_t i = 0; i < w->n_key; i++) {
        const struct db_value *value = &row[w->key[i]];

        if (i > 0)
            buf_add_string(out, ", ");
        if (value->type == DB_TEXT)
            text_add_visible(out, text_cut(value->bytes, SHOWN_KEY_BYTES));
        else
            buf_printf(out, "%" PRId64, value->integer);
    }
    buf_add_char(out, ')');
}
