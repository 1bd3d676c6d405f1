/*
 * schema.h - the tables, as numbered steps from an empty file to today's form.
 *
 * A step is never edited after its release: a change is a new step. The last statement of a step
 * writes its number into the file.
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

extern const struct schema schema_sqlite;

#endif
