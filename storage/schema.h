/*
 * schema.h - the tables, as numbered steps from an empty file to today's form.
 *
 * A step is never edited after its release: a change is a new step. The last statement of a step
 * writes its number into the file. Each engine has its own words for the same tables: a test
 * compares what comes of them (tests/storage/test_schemas.c).
 */
#ifndef WW_STORAGE_SCHEMA_H
#define WW_STORAGE_SCHEMA_H

#include <stddef.h>

struct migration {
    const char *const *statements;
    size_t n_statements;
};

struct schema {
    const struct migration *migrations; /* [0] leads from version 0 to 1 */
    size_t n_migrations;
};

extern const struct schema schema_sqlite, schema_postgres;

#endif
