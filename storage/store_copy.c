/* store_copy.c - table by table, in the order of their keys; then both are walked side by side. */
#include "storage/store_copy.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/copy_parts.h"
#include "storage/rows.h"
#include "storage/schema.h"
#include "storage/table_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINES_MAX_BYTES ((size_t)64 * 1024)
#define STATEMENTS_MAX_BYTES ((size_t)1024 * 1024)

/* ---- one state, one form --------------------------------------------------------------------- */

bool copy_is_stopped(const struct copying *c)
{
    return c->options->stop != NULL && *c->options->stop != 0;
}

void copy_show(const struct copying *c, const char *verb, const struct db_table *table)
{
    char what[96];

    if (c->options->show == NULL)
        return;
    (void)snprintf(what, sizeof(what), "%s %.*s", verb, SLICE_ARG(slice_head(table->name, 64)));
    c->options->show(c->options->context, c->n_done, c->n_total, what);
}

/* Would the same column of the other say the same? */
static enum ww_status check_table(const struct db_table *a, const struct db_table *b,
                                  struct ww_error *err)
{
    if (b == NULL || a->n_columns != b->n_columns)
        return ww_fail(err, WW_STORE,
                       "table %.*s is not the same in both: not made by us, or "
                       "changed by hand",
                       SLICE_ARG(a->name));
    for (size_t i = 0; i < a->n_columns; i++) {
        const struct db_column *x = &a->columns[i], *y = catalogue_column(b, x->name);

        if (y == NULL || x->type != y->type || x->key != y->key)
            return ww_fail(err, WW_STORE,
                           "column %.*s of table %.*s is not the same in both: "
                           "changed by hand",
                           SLICE_ARG(x->name), SLICE_ARG(a->name));
    }
    return WW_OK;
}

static enum ww_status read_catalogues(struct copying *c, struct ww_error *err)
{
    struct copy_side *from = &c->from, *to = &c->to;
    enum ww_status status = catalogue_read(from->driver, from->db, c->arena, &from->catalogue, err);

    if (status == WW_OK)
        status = catalogue_read(to->driver, to->db, c->arena, &to->catalogue, err);
    for (size_t i = 0; status == WW_OK && i < from->catalogue.n_tables; i++) {
        const struct db_table *table = &from->catalogue.tables[i];

        status = check_table(table, catalogue_table(&to->catalogue, table->name), err);
    }
    if (status == WW_OK && from->catalogue.n_tables != to->catalogue.n_tables)
        status = ww_fail(err, WW_STORE, "%zu tables and %zu tables: changed by hand",
                         from->catalogue.n_tables, to->catalogue.n_tables);
    return status;
}

static enum ww_status count_rows(struct copying *c, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < c->from.catalogue.n_tables; i++) {
        const struct db_table *table = &c->from.catalogue.tables[i];
        int64_t n = 0;

        status = table_count(c->from.driver, c->from.db, table, &n, err);
        c->n_total += c->is_copy ? 2 * n : n;
    }
    c->out->n_tables = c->from.catalogue.n_tables;
    return status;
}

/* ---- texts that are not what one of the two can hold ------------------------------------------
 */

enum ww_status copy_clean_row(struct copying *c, const struct db_table *table, struct db_value *row,
                              struct ww_error *err)
{
    arena_reset(&c->room);
    for (size_t i = 0; i < table->n_columns; i++) {
        struct slice clean;

        if (row[i].type != DB_TEXT)
            continue;
        clean = text_clean(row[i].bytes, &c->room);
        /* It is borrowed when nothing had to change. */
        if (c->n_changed != NULL && clean.ptr != row[i].bytes.ptr)
            c->n_changed[i]++;
        row[i].bytes = clean;
    }
    return arena_check(&c->room, err);
}

static void tell_changes(struct copying *c, const struct db_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        if (c->n_changed[i] == 0)
            continue;
        c->out->n_changed += c->n_changed[i];
        buf_printf(&c->changed, "%.*s.%.*s %" PRId64 "\n", SLICE_ARG(table->name),
                   SLICE_ARG(table->columns[i].name), c->n_changed[i]);
    }
}

/* ---- there ----------------------------------------------------------------------------------- */

/* Two rows with one key are damage, and nobody who comes again later finds them otherwise. */
static enum ww_status of_load(enum ww_status status, struct ww_error *err)
{
    return status == WW_CONFLICT ? ww_context(err, WW_STORE, "what is copied is damaged") : status;
}

static enum ww_status copy_rows(struct copying *c, const struct db_loading *loading,
                                struct db_load *load, const struct db_table *table,
                                struct table_walk *walk, struct ww_error *err)
{
    struct db_value row[TABLE_COLUMNS_MAX];
    enum ww_status status = WW_OK;

    while (status == WW_OK && !copy_is_stopped(c)) {
        status = table_walk_next(walk, row, err);
        if (status != WW_OK)
            break;
        if (c->wants_clean)
            status = copy_clean_row(c, table, row, err);
        if (status == WW_OK)
            status = of_load(loading->row(load, row, err), err);
        c->out->n_rows++;
        c->out->n_bytes += table_row_bytes(table, row);
        if (c->n_done++ % COPY_SHOW_EVERY_ROWS == 0)
            copy_show(c, "copying", table);
    }
    return status == WW_NOT_FOUND ? WW_OK : status;
}

static enum ww_status copy_table(struct copying *c, const struct db_loading *loading,
                                 struct db_load *load, const struct db_table *table,
                                 struct ww_error *err)
{
    struct table_walk walk;
    enum ww_status status;

    c->n_changed = arena_array(c->arena, table->n_columns, sizeof(c->n_changed[0]));
    if (c->n_changed == NULL)
        return arena_check(c->arena, err);
    copy_show(c, "copying", table);
    status = table_walk_begin(&walk, c->from.driver, c->from.db, table, err);
    if (status == WW_OK)
        status = loading->table(load, table, err);
    if (status == WW_OK)
        status = copy_rows(c, loading, load, table, &walk, err);
    if (status == WW_OK)
        status = of_load(loading->end_table(load, err), err);
    table_walk_end(&walk);
    tell_changes(c, table);
    c->n_changed = NULL;
    return status == WW_OK ? WW_OK : ww_context(err, status, "table %.*s", SLICE_ARG(table->name));
}

/* ---- the new one ----------------------------------------------------------------------------- */

/* What a schema brings with it is in the source, too; not what is the new one's own. */
static enum ww_status make_empty(struct copying *c, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    for (size_t i = 0; status == WW_OK && i < c->to.catalogue.n_tables; i++) {
        const struct db_table *table = &c->to.catalogue.tables[i];
        const struct slice text =
            arena_printf(c->arena, "DELETE FROM \"%.*s\"%s%s", SLICE_ARG(table->name),
                         table->condition != NULL ? " WHERE " : "",
                         table->condition != NULL ? table->condition : "");

        status = arena_check(c->arena, err);
        if (status == WW_OK)
            status = c->to.driver->execute(c->to.db, text.ptr, err);
    }
    return status;
}

static enum ww_status make_schema(const struct copy_side *side, struct ww_error *err)
{
    const struct schema *schema = side->driver->schema;
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < schema->n_migrations; i++)
        for (size_t k = 0; status == WW_OK && k < schema->migrations[i].n_statements; k++)
            status = side->driver->execute(side->db, schema->migrations[i].statements[k], err);
    return status;
}

/*
 * A row at its place in an index of the whole costs a page of the disk, and a row that it points to
 * a look: made when all rows are there, they cost next to nothing. And they may point in circles.
 */
struct later {
    struct slice *statements; /* that bring it back */
    size_t n_statements, capacity;
};

static enum ww_status note_later(struct copying *c, struct later *later, struct slice going,
                                 struct slice coming, struct buf *goings, struct ww_error *err)
{
    buf_add(goings, going);
    buf_add_char(goings, '\0');
    if (coming.len == 0)
        return WW_OK;
    later->statements = arena_grow(c->arena, later->statements, later->n_statements,
                                   &later->capacity, sizeof(later->statements[0]));
    if (later->statements == NULL)
        return arena_check(c->arena, err);
    later->statements[later->n_statements++] = arena_copy(c->arena, coming);
    return arena_check(c->arena, err);
}

static enum ww_status take_away(struct copying *c, struct later *later, struct ww_error *err)
{
    const struct copy_side *to = &c->to;
    struct db_value row[2];
    struct buf goings;
    enum ww_status status = to->driver->start(to->db, QUERY_COPY_LATER, NULL, 0, err);

    buf_init(&goings, STATEMENTS_MAX_BYTES);
    while (status == WW_OK) {
        status = to->driver->next(to->db, QUERY_COPY_LATER, row, WW_COUNT(row), err);
        if (status == WW_OK)
            status = note_later(c, later, row[0].bytes, row[1].bytes, &goings, err);
    }
    to->driver->end(to->db, QUERY_COPY_LATER);
    if (status == WW_NOT_FOUND)
        status = buf_finish(&goings, err);
    for (size_t at = 0; status == WW_OK && at < goings.len; at += strlen(goings.ptr + at) + 1)
        status = to->driver->execute(to->db, goings.ptr + at, err);
    buf_release(&goings);
    return status;
}

static enum ww_status bring_back(struct copying *c, const struct later *later, struct ww_error *err)
{
    const struct copy_options *o = c->options;
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < later->n_statements && !copy_is_stopped(c); i++) {
        if (o->show != NULL)
            o->show(o->context, c->n_done, c->n_total, "making indexes");
        status = c->to.driver->execute(c->to.db, later->statements[i].ptr, err);
    }
    return status;
}

static enum ww_status fill(struct copying *c, const struct db_loading *loading,
                           struct db_load *load, struct ww_error *err)
{
    struct later later = {NULL, 0, 0};
    enum ww_status status = make_schema(&c->to, err);

    if (status == WW_OK)
        status = read_catalogues(c, err);
    if (status == WW_OK)
        status = count_rows(c, err);
    if (status == WW_OK)
        status = make_empty(c, err);
    if (status == WW_OK)
        status = take_away(c, &later, err);
    for (size_t i = 0; status == WW_OK && i < c->from.catalogue.n_tables && !copy_is_stopped(c);
         i++)
        status = copy_table(c, loading, load, &c->from.catalogue.tables[i], err);
    if (status == WW_OK)
        status = bring_back(c, &later, err);
    if (status == WW_OK && !copy_is_stopped(c))
        status = loading->finish(load, &c->to.catalogue, err);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void begin(struct copying *c, struct store *from, const struct copy_options *options,
                  struct arena *arena, struct copy_summary *out)
{
    *out = (struct copy_summary){0};
    *c = (struct copying){
        .options = options,
        .from = {.driver = store_driver(from), .db = store_db(from)},
        .out = out,
        .arena = arena
    };
    arena_init(&c->room, (size_t)4 * STORE_BLOB_MAX_BYTES);
    buf_init(&c->changed, LINES_MAX_BYTES);
    buf_init(&c->different, LINES_MAX_BYTES);
}

static enum ww_status end(struct copying *c, enum ww_status status, struct ww_error *err)
{
    c->out->changed = arena_copy(c->arena, buf_slice(&c->changed));
    c->out->different = arena_copy(c->arena, buf_slice(&c->different));
    c->out->was_stopped = copy_is_stopped(c) && !c->is_kept;
    arena_release(&c->room);
    buf_release(&c->changed);
    buf_release(&c->different);
    return status == WW_OK ? arena_check(c->arena, err) : status;
}

enum ww_status store_copy(struct store *from, const char *path, const struct copy_options *options,
                          struct arena *arena, struct copy_summary *out, struct ww_error *err)
{
    const struct db_options file = {.path = path, .may_create = true};
    const struct db_loading *loading = db_loading_of(path);
    struct db_load *load = NULL;
    struct copying c;
    enum ww_status status;

    if (loading == NULL)
        return db_fail_unknown(path, err);
    begin(&c, from, options, arena, out);
    c.is_copy = true;
    c.to.driver = loading->driver;
    c.wants_clean = loading->driver->has_clean_texts && !c.from.driver->has_clean_texts;
    status = loading->open(&file, &load, &c.to.db, err);
    if (status == WW_OK)
        status = c.from.driver->begin_reading(c.from.db, err);
    if (status == WW_OK)
        status = fill(&c, loading, load, err);
    if (status == WW_OK && !copy_is_stopped(&c))
        status = copy_compare(&c, err);
    if (status == WW_OK && !copy_is_stopped(&c) && out->n_different == 0) {
        status = loading->keep(load, err);
        c.is_kept = status == WW_OK;
    }
    c.from.driver->rollback(c.from.db);
    loading->close(load);
    return end(&c, status, err);
}

enum ww_status store_backup(struct store *s, const char *path, const struct copy_options *options,
                            struct arena *arena, struct copy_summary *out, struct ww_error *err)
{
    const struct db_driver *driver = store_driver(s);

    *out = (struct copy_summary){0};
    if (db_driver_of(path) != &db_sqlite)
        return ww_fail(err, WW_INVALID, "a backup is a file: `wirewatch db copy` fills a server");
    return driver->copy != NULL ? driver->copy(store_db(s), path, err)
                                : store_copy(s, path, options, arena, out, err);
}

enum ww_status store_compare(struct store *from, struct store *to,
                             const struct copy_options *options, struct arena *arena,
                             struct copy_summary *out, struct ww_error *err)
{
    struct copying c;
    enum ww_status status;

    begin(&c, from, options, arena, out);
    c.to = (struct copy_side){.driver = store_driver(to), .db = store_db(to)};
    c.wants_clean = c.to.driver->has_clean_texts != c.from.driver->has_clean_texts;
    status = c.from.driver->begin_reading(c.from.db, err);
    if (status == WW_OK)
        status = c.to.driver->begin_reading(c.to.db, err);
    if (status == WW_OK)
        status = read_catalogues(&c, err);
    if (status == WW_OK)
        status = count_rows(&c, err);
    if (status == WW_OK)
        status = copy_compare(&c, err);
    c.from.driver->rollback(c.from.db);
    c.to.driver->rollback(c.to.db);
    return end(&c, status, err);
}
