/* test_rows.c - names of choices, and windows with open ends. */
#include "base/attrs.h"
#include "base/limits.h"
#include "storage/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void choices_are_found_by_their_whole_name(void **state)
{
    static const char *const names[] = {"active", "paused", "gone", NULL};
    static const struct {
        const char *name;
        bool is_found;
        unsigned choice;
    } cases[] = {
        {"active", true,  0},
        {"gone",   true,  2},
        {"go",     false, 9},
        {"gone ",  false, 9},
        {"Gone",   false, 9},
        {"",       false, 9},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        unsigned choice = 9;

        if (choice_parse(names, slice_from(cases[i].name), &choice) != cases[i].is_found ||
            choice != cases[i].choice)
            fail_msg("'%s': %u", cases[i].name, choice);
    }
}

static void open_ends_are_filled_in(void **state)
{
    const struct store_window open = {0};
    const struct store_window some = {.since = 5, .until = 9, .limit = 3, .offset = 2};
    const struct store_window huge = {.limit = SIZE_MAX, .offset = SIZE_MAX};

    WW_UNUSED(state);
    assert_true(window_since(&open).integer == INT64_MIN);
    assert_true(window_until(&open).integer == INT64_MAX);
    assert_int_equal(window_limit(&open).integer, STORE_LIST_MAX);
    assert_int_equal(window_offset(&open).integer, 0);
    assert_int_equal(window_since(&some).integer, 5);
    assert_int_equal(window_until(&some).integer, 9);
    assert_int_equal(window_limit(&some).integer, 3);
    assert_int_equal(window_offset(&some).integer, 2);
    assert_true(window_limit(&huge).integer == INT64_MAX);
    assert_true(window_offset(&huge).integer == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_are_found_by_their_whole_name),
        cmocka_unit_test(open_ends_are_filled_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
