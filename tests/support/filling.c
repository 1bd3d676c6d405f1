/* filling.c - a backfill of files, to be stopped and gone on with. */
#include "tests/support/filling.h"

#include "base/attrs.h"
#include "base/clock.h"
#include "storage/store_history.h"
#include "tests/support/pool.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

void filling_open(struct filling *f)
{
    const struct backfill_row row = {.source = SLICE("files"), .created_at = TEST_NOW};

    *f = (struct filling){.n_left = INT_MAX};
    test_store_open(&f->store);
    assert_int_equal(store_begin(f->store.store, NULL), WW_OK);
    assert_int_equal(store_add_backfill(f->store.store, &row, &f->id, NULL), WW_OK);
    assert_int_equal(store_commit(f->store.store, NULL), WW_OK);
}

static void count_down(void *context, const struct backfill_summary *so_far)
{
    struct filling *f = context;

    WW_UNUSED(so_far);
    if (--f->n_left <= 0)
        f->stop = 1;
}

struct backfill_options filling_options(struct filling *f)
{
    return (struct backfill_options){.backfill_id = f->id,
                                     .provenance = SLICE("files"),
                                     .stop = &f->stop,
                                     .progress = count_down,
                                     .context = f};
}

void filling_fill(struct filling *f, const char *path)
{
    const struct backfill_options options = filling_options(f);
    struct clock clock = clock_started_at(TEST_NOW);
    struct backfill *b = NULL;
    struct ww_error err = {0};

    if (backfill_open(&options, f->store.store, pool_workers(), &clock, NULL, &f->summary, &b,
                      &err) != WW_OK ||
        backfill_files(b, &path, 1, &err) != WW_OK)
        fail_msg("%s", err.message);
    if (f->is_killed && f->stop)
        assert_int_equal(backfill_rest(b, NULL), WW_OK); /* with pages still out */
    else
        assert_int_equal(backfill_finish(b, NULL), WW_OK);
    backfill_close(b);
}
