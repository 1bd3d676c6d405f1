/*
 * catalogue.h - the tables of an open database, as its engine knows them, in words of neither
 * engine.
 *
 * Without what an engine makes for itself: the tables of the search index. What belongs to a place
 * is told from what there is to be known: leases and claims, how far the search index is.
 */
#ifndef WW_STORAGE_CATALOGUE_H
#define WW_STORAGE_CATALOGUE_H

#include "storage/db.h"

struct arena;

struct db_column {
    struct slice name;
    enum db_type type;
    bool is_required;      /* never NULL */
    struct slice fallback; /* of DEFAULT, as the engine spells it; empty: none */
    int64_t key;           /* its place in the primary key, from 1; 0: none */
    const char *instead;   /* SQL: what a copy has there; NULL: the column's own */
};

struct db_table {
    struct slice name;
    struct db_column *columns;
    size_t n_columns;
    const char *condition; /* SQL: the rows that a copy takes; NULL: all */
};

struct catalogue {
    struct db_table *tables; /* by name */
    size_t n_tables;
};

/* WW_STORE: a column of a type that we do not use. */
enum ww_status catalogue_read(const struct db_driver *driver, struct db *db, struct arena *arena,
                              struct catalogue *out, struct ww_error *err);

/* NULL: none of that name. */
const struct db_table *catalogue_table(const struct catalogue *c, struct slice name);
const struct db_column *catalogue_column(const struct db_table *table, struct slice name);

#endif
