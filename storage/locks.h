/*
 * locks.h - who may work on a database now: files beside it, held by flock(2).
 *
 * A lock ends with its process, however that ends; the file stays and says who held it last. Its
 * descriptor is closed on exec, and no child that is forked later may keep it.
 *
 *   NAME.run.lock       one crawl-alert-deliver run
 *   NAME.backfill.lock  one backfill, beside the run
 *   NAME.write.lock     one write transaction or checkpoint, for as long as it lasts: two writers
 *                       at one instant can damage a WAL database in SQLite 3.7.0 to 3.51.2
 */
#ifndef WW_STORAGE_LOCKS_H
#define WW_STORAGE_LOCKS_H

#include "base/error.h"

#include <stdint.h>

enum lock_kind { LOCK_RUN, LOCK_BACKFILL, LOCK_WRITE };

struct lock {
    int fd; /* descriptor + 1, so that a zeroed lock holds nothing */
};

/*
 * Take a lock of the database at db_path, waiting at most wait_ms. now goes into the file, for the
 * one who finds it taken. WW_CONFLICT: taken; the message says since when and by which process.
 */
enum ww_status lock_take(const char *db_path, enum lock_kind kind, int64_t wait_ms, int64_t now,
                         struct lock *out, struct ww_error *err);
void lock_release(struct lock *lock);

#endif
