/*
 * store_locks.h - who may work on a store now, among the processes of one machine or of many.
 *
 *   LOCK_RUN       one crawl-alert-deliver run of a machine
 *   LOCK_BACKFILL  one backfill of a machine, beside the run
 *   LOCK_ALERTS    pass 2 (matching, digests, the outbox, pages for readers): one among all
 *
 * A lock ends with its process, however that ends: at once, or when nobody has kept it for
 * a while.
 */
#ifndef WW_STORAGE_STORE_LOCKS_H
#define WW_STORAGE_STORE_LOCKS_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct store;

/* The last is the store's own, of a write transaction. */
enum lock_kind { LOCK_RUN, LOCK_BACKFILL, LOCK_ALERTS, LOCK_WRITE };

/* "pid 123 of fuji, active since 2026-11-22T06:42:10Z" */
#define LOCK_HOLDER_BYTES 160

/*
 * Take one that this store does not hold yet, waiting at most wait_ms. now is told to the one who
 * finds it taken. WW_CONFLICT: taken; the message says by which process of which machine, and since
 * when.
 */
enum ww_status store_lock(struct store *s, enum lock_kind kind, int64_t wait_ms, int64_t now,
                          struct ww_error *err);
/* Does nothing when it is not held; store_close does it too. */
void store_unlock(struct store *s, enum lock_kind kind);

/*
 * Is it taken by anybody, this process included? For whoever stands back then, as often as he
 * likes: asking never makes a store_lock fail. What cannot be told is not taken.
 */
bool store_lock_is_held(struct store *s, enum lock_kind kind);
/*
 * Who is at work now on a shared store, machine by machine; of a file that is nobody's question.
 * arena: for what is listed.
 */
struct lock_at_work {
    struct slice machine; /* "" where it was not told */
    struct slice what;    /* "run", "backfill", "alerts" */
    int64_t since;
};

struct lock_list {
    struct lock_at_work *rows;
    size_t n_rows;
};

enum ww_status store_list_locks(struct store *s, struct arena *arena, struct lock_list *out,
                                struct ww_error *err);

#endif
