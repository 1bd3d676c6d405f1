/*
 * bulk.h - many documents through the workers into the store: what backfill and reextract share.
 *
 * Several are read at a time; one that stopped its worker is tried once more. A worker that has
 * answered is given its next document before the answer is written. Answers are taken one by one,
 * and what they write shares transactions of some documents, or tenths of a second where one
 * machine has the store alone (store_hold_ms), with a pause for a run that waits for the write
 * lock.
 */
#ifndef WW_CRAWLER_BULK_H
#define WW_CRAWLER_BULK_H

#include "base/buf.h"
#include "base/limits.h"
#include "crawler/workers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct store;

/* What came of the document in that slot. Only a failure of our own is returned. */
typedef enum ww_status bulk_take(void *context, const struct workers_answer *answer, size_t slot,
                                 struct ww_error *err);

/* What belongs into a transaction beside the documents, just before it is committed. */
typedef enum ww_status bulk_settle(void *context, struct ww_error *err);

struct bulk {
    struct store *store;
    struct workers *workers;
    struct clock *clock;
    bulk_take *take;
    bulk_settle *settle; /* NULL, or set behind bulk_init */
    void *context;
    int64_t begun_writing_ms;
    size_t n_unsaved; /* documents taken within the open transaction */
    size_t n_reading;
    struct workers_answer held; /* not taken yet: its worker has no other document */
    bool has_held;
    struct {
        bool is_used;
        unsigned n_deaths;
        struct buf request;
    } slots[WORKERS_MAX];
};

/* Everything is borrowed until bulk_release. */
void bulk_init(struct bulk *b, struct store *store, struct workers *workers, struct clock *clock,
               bulk_take *take, void *context);
/* Drops what the workers have, rolls back what was not committed. */
void bulk_release(struct bulk *b);

/* Take answers until a slot and a worker are free. */
enum ww_status bulk_wait(struct bulk *b, size_t *slot, struct ww_error *err);
/* The slot's question, empty; fill it, then submit it. */
struct buf *bulk_request(struct bulk *b, size_t slot);
enum ww_status bulk_submit(struct bulk *b, size_t slot, struct ww_error *err);
/* Take all answers that are still out, and commit: in any case when there is something to settle.
 */
enum ww_status bulk_finish(struct bulk *b, struct ww_error *err);

/* Be in a transaction; commit it when it is old enough. */
enum ww_status bulk_begin(struct bulk *b, struct ww_error *err);
enum ww_status bulk_commit(struct bulk *b, struct ww_error *err);
/* Whatever its age: before a wait for somebody else. */
enum ww_status bulk_commit_now(struct bulk *b, struct ww_error *err);

#endif
