/*
 * filling.h - a backfill of files into a store of its own, which a test may stop or kill on its
 * way.
 */
#ifndef WW_TESTS_SUPPORT_FILLING_H
#define WW_TESTS_SUPPORT_FILLING_H

#include "crawler/history/documents.h"
#include "tests/support/store.h"

#include <signal.h>

struct filling {
    struct test_store store;
    struct backfill_summary summary;
    int64_t id;
    volatile sig_atomic_t stop;
    int n_left;     /* documents until it is stopped */
    bool is_killed; /* then: what was not committed is lost */
};

/* The store, closed with test_store_close, and the row of a backfill that has all the time. */
void filling_open(struct filling *f);
/* Of this backfill; each document counts. */
struct backfill_options filling_options(struct filling *f);
/* Goes on with this file, with the workers of the pool (pool.h). */
void filling_fill(struct filling *f, const char *path);

#endif
