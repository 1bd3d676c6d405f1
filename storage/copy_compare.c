/* copy_compare.c - both sides of a copy are walked together, in the order of their keys. */
#include "storage/copy_parts.h"

#include "base/attrs.h"
#include "base/limits.h"
#include "storage/table_walk.h"

#include <string.h>

/* Bit for bit, byte for byte. */
static bool is_same(const struct db_value *a, const struct db_value *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case DB_NULL:
        return true;
    case DB_INTEGER:
        return a->integer == b->integer;
    case DB_REAL:
        return memcmp(&a->real, &b->real, sizeof(a->real)) == 0;
    case DB_TEXT:
    case DB_BLOB:
        return slice_equal(a->bytes, b->bytes);
    }
    return false;
}

static void tell_difference(struct copying *c, const struct table_walk *walk,
                            const struct db_value *row, struct slice what)
{
    if (c->out->n_different++ >= COPY_DIFFERENCES_MAX)
        return;
    buf_printf(&c->different, "%.*s ", SLICE_ARG(walk->table->name));
    table_walk_add_key(walk, row, &c->different);
    buf_printf(&c->different, ": %.*s\n", SLICE_ARG(what));
}

static void compare_row(struct copying *c, const struct table_walk *walk, const struct db_value *a,
                        const struct db_value *b)
{
    for (size_t i = 0; i < walk->table->n_columns; i++)
        if (!is_same(&a[i], &b[i])) {
            tell_difference(c, walk, a, walk->table->columns[i].name);
            return;
        }
}

/* The next row of a side, when it is its turn. */
static enum ww_status step(struct copying *c, struct table_walk *walk, struct db_value *row,
                           bool is_its_turn, bool *has_row, struct ww_error *err)
{
    enum ww_status status;

    if (!is_its_turn)
        return WW_OK;
    status = table_walk_next(walk, row, err);
    *has_row = status == WW_OK;
    if (status == WW_NOT_FOUND)
        return WW_OK;
    if (status == WW_OK && c->wants_clean && !walk->driver->has_clean_texts)
        status = copy_clean_row(c, walk->table, row, err);
    return status;
}

static enum ww_status compare_rows(struct copying *c, struct table_walk *from,
                                   struct table_walk *to, struct ww_error *err)
{
    struct db_value a[TABLE_COLUMNS_MAX], b[TABLE_COLUMNS_MAX];
    bool has_a = true, has_b = true;
    int order = 0; /* of the two that stand here */
    enum ww_status status = WW_OK;

    while (!copy_is_stopped(c)) {
        status = step(c, from, a, has_a && order <= 0, &has_a, err);
        if (status == WW_OK)
            status = step(c, to, b, has_b && order >= 0, &has_b, err);
        if (status != WW_OK || (!has_a && !has_b))
            break;
        order = !has_a ? 1 : !has_b ? -1 : table_walk_compare(from, a, b);
        if (order < 0)
            tell_difference(c, from, a, SLICE("is missing in the second"));
        else if (order > 0)
            tell_difference(c, to, b, SLICE("is in the second alone"));
        else
            compare_row(c, from, a, b);
        if (order <= 0 && c->n_done++ % COPY_SHOW_EVERY_ROWS == 0)
            copy_show(c, "comparing", from->table);
        if (!c->is_copy && order <= 0) {
            c->out->n_rows++;
            c->out->n_bytes += table_row_bytes(from->table, a);
        }
    }
    return status;
}

/* Both walks find their way in one manner: that nothing was left out, another has to say. */
static enum ww_status check_count(const struct table_walk *walk, struct ww_error *err)
{
    int64_t n = 0;
    enum ww_status status = table_count(walk->driver, walk->db, walk->table, &n, err);

    if (status == WW_OK && n != walk->n_rows)
        return ww_fail(err, WW_STORE, "%lld of %lld rows were read: an index of it is damaged",
                       (long long)walk->n_rows, (long long)n);
    return status;
}

static enum ww_status compare_table(struct copying *c, const struct db_table *table,
                                    struct ww_error *err)
{
    struct table_walk from, to = {0};
    enum ww_status status;

    copy_show(c, "comparing", table);
    status = table_walk_begin(&from, c->from.driver, c->from.db, table, err);
    if (status == WW_OK)
        status = table_walk_begin(&to, c->to.driver, c->to.db, table, err);
    if (status == WW_OK)
        status = compare_rows(c, &from, &to, err);
    if (status == WW_OK && !copy_is_stopped(c))
        status = check_count(&from, err);
    if (status == WW_OK && !copy_is_stopped(c))
        status = check_count(&to, err);
    table_walk_end(&from);
    table_walk_end(&to);
    return status == WW_OK ? WW_OK : ww_context(err, status, "table %.*s", SLICE_ARG(table->name));
}

enum ww_status copy_compare(struct copying *c, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < c->from.catalogue.n_tables && !copy_is_stopped(c);
         i++)
        status = compare_table(c, &c->from.catalogue.tables[i], err);
    return status;
}
