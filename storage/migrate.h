/*
 * migrate.h - bring a database from the schema it has to the one this program knows.
 *
 * Each in one transaction with its version number; before an existing database is touched, a whole
 * copy is made beside it (NAME.schema-N-TIME). For storage/store.c, which holds the write lock.
 */
#ifndef WW_STORAGE_MIGRATE_H
#define WW_STORAGE_MIGRATE_H

#include "storage/db.h"
#include "storage/schema.h"

/* WW_STORE: newer than this program; or older, and options say reader. */
enum ww_status migrate(const struct db_driver *driver, struct db *db, const struct schema *schema,
                       const struct db_options *options, int64_t now, struct ww_error *err);

#endif
