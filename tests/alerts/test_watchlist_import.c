/* test_watchlist_import.c - a sheet into a list, when memory ends anywhere on the way. */
#include "alerts/watchlist_import.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)256 * 1024 * 1024)
#define DAMS "tests/alerts/data/dams"
#define ROUNDS_MAX 5000

static const char sheet[] = "Name;Stadt;Land;Alias\n"
                            "Old mill;Oldmoor;GB;Mill House|\xE6\xB0\xB4\xE5\x9D\x9D\n"
                            "New mill;Nowhere;GB;\"Weir\nHouse\"\n";

static enum ww_status import(struct arena *arena, size_t *n_rows)
{
    struct watch_import im = {.arena = arena};
    struct buf after;
    enum ww_status status = watch_edit_open(DAMS, arena, &im.edit, NULL);

    *n_rows = 0;
    if (status == WW_OK)
        status = watch_import_file(&im, slice_from(sheet), "new.csv", false, NULL);
    if (status == WW_OK)
        status = watch_import_check(&im, NULL);
    if (status != WW_OK)
        return status;
    buf_init(&after, ARENA_MAX);
    status = watch_edit_after(im.edit, &after, NULL);
    buf_release(&after);
    *n_rows = watch_edit_rows(im.edit, WATCH_STATIONS);
    return status;
}

static void test_out_of_memory(void **state)
{
    bool is_done = false;

    WW_UNUSED(state);
    for (long n = 1; n < ROUNDS_MAX && !is_done; n++) {
        struct arena arena;
        enum ww_status status;
        size_t n_rows;

        arena_init(&arena, ARENA_MAX);
        mem_fail_after(n);
        status = import(&arena, &n_rows);
        mem_fail_after(0);
        is_done = status == WW_OK;
        if (!is_done && status != WW_NOMEM)
            fail_msg("allocation %ld failed: %s", n, ww_status_name(status));
        if (is_done)
            assert_int_equal(n_rows, 6);
        arena_release(&arena);
    }
    assert_true(is_done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
