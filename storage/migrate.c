/* migrate.c - numbered steps, a copy first, all or nothing. */
#include "storage/migrate.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static enum ww_status run_query(const struct db_driver *driver, struct db *db, enum query query,
                                const struct db_value *values, size_t n_values,
                                struct db_value *column, struct ww_error *err)
{
    enum ww_status status = driver->start(db, query, values, n_values, err);

    if (status == WW_OK)
        status = driver->next(db, query, column, 1, err);
    driver->end(db, query);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

static enum ww_status make_copy(const struct db_driver *driver, struct db *db, const char *path,
                                int64_t version, int64_t now, struct ww_error *err)
{
    char copy[PATH_MAX];
    struct db_value unused, name;
    enum ww_status status;
    int n = snprintf(copy, sizeof(copy), "%s.schema-%lld-%lld", path, (long long)version,
                     (long long)now);

    if (n < 0 || (size_t)n >= sizeof(copy))
        return ww_fail(err, WW_STORE, "%s: the path is too long", path);
    name = db_text(slice_of(copy, (size_t)n));
    status = run_query(driver, db, QUERY_COPY, &name, 1, &unused, err);
    if (status != WW_OK)
        return ww_context(err, status, "no copy before the change of schema");
    return WW_OK;
}

static enum ww_status apply(const struct db_driver *driver, struct db *db,
                            const struct schema *schema, size_t version, struct ww_error *err)
{
    enum ww_status status = driver->begin(db, err);

    for (; status == WW_OK && version < schema->n_migrations; version++) {
        const struct migration *m = &schema->migrations[version];

        for (size_t i = 0; status == WW_OK && i < m->n_statements; i++)
            status = driver->execute(db, m->statements[i], err);
    }
    if (status == WW_OK)
        status = driver->commit(db, err);
    if (status != WW_OK)
        driver->rollback(db);
    return status;
}

enum ww_status migrate(const struct db_driver *driver, struct db *db, const struct schema *schema,
                       const struct db_options *options, int64_t now, struct ww_error *err)
{
    struct db_value version = db_integer(0);
    enum ww_status status = run_query(driver, db, QUERY_VERSION, NULL, 0, &version, err);
    int64_t known = (int64_t)schema->n_migrations;

    if (status != WW_OK)
        return status;
    if (version.integer > known || version.integer < 0)
        return ww_fail(err, WW_STORE,
                       "%s was made by a newer wirewatch (schema %lld, this one knows up to %lld): "
                       "install that one",
                       options->path, (long long)version.integer, (long long)known);
    if (version.integer == known)
        return WW_OK;
    if (options->is_reader)
        return ww_fail(err, WW_STORE,
                       "%s has an older schema (%lld of %lld): any writing command, such as "
                       "`wirewatch db migrate`, brings it up to date",
                       options->path, (long long)version.integer, (long long)known);
    if (version.integer > 0)
        status = make_copy(driver, db, options->path, version.integer, now, err);
    if (status == WW_OK)
        status = apply(driver, db, schema, (size_t)version.integer, err);
    return status;
}
