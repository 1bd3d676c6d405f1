/* catalogue.c - a row a column, gathered by table. */
#include "storage/catalogue.h"

#include "base/arena.h"
#include "base/attrs.h"

enum { TABLE, COLUMN, TYPE, IS_REQUIRED, FALLBACK, KEY, N_COLUMNS };

static const struct {
    const char *name;
    enum db_type type;
} types[] = {
    {"blob",    DB_BLOB   },
    {"integer", DB_INTEGER},
    {"real",    DB_REAL   },
    {"text",    DB_TEXT   },
};

static const struct {
    const char *table, *condition;
} of_a_place[] = {
    {"lease", "1 = 0"                                                         },
    {"meta",  "\"key\" NOT IN ('search_indexed_to', 'search.print', 'schema')"},
};

static const struct {
    const char *column, *instead;
} claims[] = {
    {"claimed_by",    "''"},
    {"claimed_until", "0" },
};

static const char *condition_of(struct slice table)
{
    for (size_t i = 0; i < WW_COUNT(of_a_place); i++)
        if (slice_equal(table, slice_from(of_a_place[i].table)))
            return of_a_place[i].condition;
    return NULL;
}

static const char *instead_of(struct slice column)
{
    for (size_t i = 0; i < WW_COUNT(claims); i++)
        if (slice_equal(column, slice_from(claims[i].column)))
            return claims[i].instead;
    return NULL;
}

static bool parse_type(struct slice name, enum db_type *out)
{
    for (size_t i = 0; i < WW_COUNT(types); i++)
        if (slice_equal(name, slice_from(types[i].name))) {
            *out = types[i].type;
            return true;
        }
    return false;
}

struct gathering {
    struct catalogue *catalogue;
    size_t tables_capacity, columns_capacity;
    struct arena *arena;
};

static struct db_table *table_of(struct gathering *g, struct slice name)
{
    struct catalogue *c = g->catalogue;

    if (c->n_tables > 0 && slice_equal(c->tables[c->n_tables - 1].name, name))
        return &c->tables[c->n_tables - 1];
    c->tables =
        arena_grow(g->arena, c->tables, c->n_tables, &g->tables_capacity, sizeof(c->tables[0]));
    if (c->tables == NULL)
        return NULL;
    g->columns_capacity = 0;
    c->tables[c->n_tables] =
        (struct db_table){.name = arena_copy(g->arena, name), .condition = condition_of(name)};
    return &c->tables[c->n_tables++];
}

static enum ww_status add(struct gathering *g, const struct db_value *row, struct ww_error *err)
{
    struct db_table *table = table_of(g, row[TABLE].bytes);
    struct db_column column = {.is_required =
                                   row[IS_REQUIRED].integer != 0 || row[KEY].integer != 0,
                               .key = row[KEY].integer};

    if (!parse_type(row[TYPE].bytes, &column.type))
        return ww_fail(err, WW_STORE, "column %.*s of table %.*s is of type %.*s: not made by us",
                       SLICE_ARG(slice_head(row[COLUMN].bytes, 64)),
                       SLICE_ARG(slice_head(row[TABLE].bytes, 64)),
                       SLICE_ARG(slice_head(row[TYPE].bytes, 32)));
    if (table == NULL)
        return arena_check(g->arena, err);
    column.name = arena_copy(g->arena, row[COLUMN].bytes);
    column.instead = instead_of(row[COLUMN].bytes);
    column.fallback = arena_copy(g->arena, row[FALLBACK].bytes);
    table->columns = arena_grow(g->arena, table->columns, table->n_columns, &g->columns_capacity,
                                sizeof(column));
    if (table->columns == NULL)
        return arena_check(g->arena, err);
    table->columns[table->n_columns++] = column;
    return WW_OK;
}

enum ww_status catalogue_read(const struct db_driver *driver, struct db *db, struct arena *arena,
                              struct catalogue *out, struct ww_error *err)
{
    struct gathering g = {.catalogue = out, .arena = arena};
    struct db_value row[N_COLUMNS];
    enum ww_status status;

    *out = (struct catalogue){NULL, 0};
    status = driver->start(db, QUERY_CATALOGUE, NULL, 0, err);
    while (status == WW_OK) {
        status = driver->next(db, QUERY_CATALOGUE, row, N_COLUMNS, err);
        if (status == WW_OK)
            status = add(&g, row, err);
    }
    driver->end(db, QUERY_CATALOGUE);
    if (status == WW_NOT_FOUND)
        status = arena_check(arena, err);
    return status;
}

const struct db_table *catalogue_table(const struct catalogue *c, struct slice name)
{
    for (size_t i = 0; i < c->n_tables; i++)
        if (slice_equal(c->tables[i].name, name))
            return &c->tables[i];
    return NULL;
}

const struct db_column *catalogue_column(const struct db_table *table, struct slice name)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (slice_equal(table->columns[i].name, name))
            return &table->columns[i];
    return NULL;
}
