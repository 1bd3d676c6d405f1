/* How far a file was read: what is out is read again, what is done is not. */
#include "crawler/history/marks.h"

#include "base/attrs.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_written(const struct marks *m, const char *expected)
{
    struct buf out;

    buf_init(&out, 1000);
    marks_write(m, &out);
    assert_string_equal(out.ptr, expected);
    buf_release(&out);
}

static void test_out_of_order(void **state)
{
    struct marks m = {0};

    WW_UNUSED(state);
    assert_true(marks_reach(&m, 0));
    marks_take(&m, 0);
    assert_true(marks_reach(&m, 100));
    marks_take(&m, 100);
    assert_true(marks_reach(&m, 200));
    marks_settle(&m, 100); /* the second before the first */
    assert_written(&m, "200 0");
    marks_settle(&m, 0);
    assert_written(&m, "200");
    marks_settle(&m, 200); /* no document: it never was out */
    assert_written(&m, "201");
    assert_true(marks_reach(&m, 300));
    assert_written(&m, "300");
}

/* Stopped with two out: only these two are read again, and then what was not reached. */
static void test_again(void **state)
{
    struct marks m;

    WW_UNUSED(state);
    marks_parse(&m, SLICE("400 200 100"));
    assert_int_equal(marks_begin(&m), 100);
    assert_true(marks_reach(&m, 100));
    marks_take(&m, 100);
    assert_false(marks_reach(&m, 150));
    assert_true(marks_reach(&m, 200));
    marks_settle(&m, 100);
    assert_written(&m, "400 200"); /* and stopped again */
    marks_settle(&m, 200);
    assert_false(marks_reach(&m, 300));
    assert_true(marks_reach(&m, 400));
    assert_written(&m, "400");
}

static void test_damaged(void **state)
{
    static const char *const cursors[] = {
        "",
        " ",
        "x",
        "12 x",
        "-1",
        "12 13 ",
        "9223372036854775808",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32"};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cursors); i++) {
        struct marks m;

        marks_parse(&m, slice_from(cursors[i]));
        if (m.high != 0 || m.n_missing != 0 || marks_begin(&m) != 0)
            fail_msg("\"%s\"", cursors[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_out_of_order),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
