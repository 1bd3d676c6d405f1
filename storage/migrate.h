/*
 * migrate.h - bring a database from the schema it has to the one this program knows.
 *
 * All steps in one transaction with the version number; before an existing file is touched, a whole
 * copy is made beside it (NAME.schema-N-TIME). For storage/store.c, which holds the write lock.
 */
#ifndef WW_STORAGE_MIGRATE_H
#define WW_STORAGE_MIGRATE_H

#include "storage/db.h"
#include "storage/schema.h"

/*
 * WW_NOT_FOUND: there is nothing in it, and options say reader or not to create. WW_STORE: newer
 * than this program; or older, and options say reader.
 */
enum ww_status migrate(const struct db_driver *driver, struct db *db, const struct schema *schema,
                       const struct db_options *options, int64_t wait_ms, int64_t now,
                       struct ww_error *err);

#endif
