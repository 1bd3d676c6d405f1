/*
 * locks.h - who may work on a database now: files beside it, held by flock(2). For storage/ alone;
 * everybody else asks the store (store_locks.h).
 *
 * A lock ends with its process, however that ends; the file stays and says who held it last. Its
 * descriptor is closed on exec, and no child that is forked later may keep it.
 *
 *   NAME.run.lock       one crawl-alert-deliver run
 *   NAME.backfill.lock  one backfill, beside the run
 *   NAME.alerts.lock    one pass 2, of a run or of a command
 *   NAME.write.lock     one write transaction or checkpoint, for as long as it lasts: two writers
 *                       at one instant can damage a WAL database in SQLite 3.7.0 to 3.51.2
 */
#ifndef WW_STORAGE_LOCKS_H
#define WW_STORAGE_LOCKS_H

#include "base/error.h"
#include "storage/store_locks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lock {
    int fd;           /* descriptor + 1, so that a zeroed lock holds nothing */
    int64_t asked_at; /* its file's time when it was taken: lock_is_waited_for */
};

/*
 * Take a lock of the database at db_path, waiting at most wait_ms. holder goes into the file, for
 * the one who finds it taken; NULL: nothing does. WW_CONFLICT: taken; the message quotes it.
 */
enum ww_status lock_take(const char *db_path, enum lock_kind kind, int64_t wait_ms,
                         const char *holder, struct lock *out, struct ww_error *err);
void lock_release(struct lock *lock);
/* Has somebody found it taken since it is ours? Of one without a holder's words. */
bool lock_is_waited_for(const struct lock *lock);

/* place/pid/number: of one process of all. */
#define LOCK_TOKEN_BYTES 64

struct seen_lock {
    int64_t at_ms;
    bool is_held;
};

/* What a store holds beside its write lock, by kind: a file or a lease. */
struct held_locks {
    bool wants_leases; /* also where files would do */
    struct lock files[LOCK_WRITE];
    bool leases[LOCK_WRITE];
    size_t n_leases;
    int64_t renewed_ms; /* by this machine's time; 0: not known */
    char token[LOCK_TOKEN_BYTES];
    struct seen_lock seen[LOCK_WRITE];
};

/*
 * At the beginning of a transaction: what this store holds is still its own, and stays so until the
 * end. WW_CONFLICT: it is not.
 */
enum ww_status locks_begin(struct store *s, struct ww_error *err);

/*
 * Is it taken by anybody, this process included? For whoever stands back then, as often as he
 * likes: asking never makes a lock_take fail. What cannot be told is not taken.
 */
bool lock_is_held(const char *db_path, enum lock_kind kind);

#endif
