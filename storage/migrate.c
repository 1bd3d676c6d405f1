/* migrate.c - numbered steps, a copy first, all or nothing. */
#include "storage/migrate.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static enum ww_status make_copy(const struct db_driver *driver, struct db *db, const char *path,
                                int64_t version, int64_t now, struct ww_error *err)
{
    char copy[PATH_MAX];
    enum ww_status status;
    int n = snprintf(copy, sizeof(copy), "%s.schema-%lld-%lld", path, (long long)version,
                     (long long)now);

    if (n < 0 || (size_t)n >= sizeof(copy))
        return ww_fail(err, WW_STORE, "%s: the path is too long", path);
    status = driver->copy(db, copy, err);
    if (status != WW_OK)
        return ww_context(err, status, "no copy before the change of schema");
    return WW_OK;
}

static enum ww_status apply(const struct db_driver *driver, struct db *db,
                            const struct schema *schema, int64_t wait_ms, struct ww_error *err)
{
    int64_t version = 0;
    enum ww_status status = driver->begin(db, DB_TURN_ROWS, wait_ms, err);

    /* Another machine may have done it while this one waited. */
    if (status == WW_OK)
        status = driver->version(db, &version, err);
    for (; status == WW_OK && version < (int64_t)schema->n_migrations; version++) {
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
                       const struct db_options *options, int64_t wait_ms, int64_t now,
                       struct ww_error *err)
{
    const int64_t known = (int64_t)schema->n_migrations;
    int64_t version = 0;
    enum ww_status status = driver->version(db, &version, err);

    if (status != WW_OK)
        return status;
    if (version == 0 && (options->is_reader || !options->may_create))
        return ww_fail(err, WW_NOT_FOUND, "%s: there is no database yet: it is empty",
                       options->shown);
    if (version > known || version < 0)
        return ww_fail(err, WW_STORE,
                       "%s was made by a newer wirewatch (schema %lld, this one knows up to %lld): "
                       "install that one",
                       options->shown, (long long)version, (long long)known);
    if (version == known)
        return WW_OK;
    if (options->is_reader)
        return ww_fail(err, WW_STORE,
                       "%s has an older schema (%lld of %lld): any writing command, such as "
                       "`wirewatch db migrate`, brings it up to date",
                       options->shown, (long long)version, (long long)known);
    if (version > 0 && driver->copy != NULL)
        status = make_copy(driver, db, options->path, version, now, err);
    if (status == WW_OK)
        status = apply(driver, db, schema, wait_ms, err);
    return status;
}
