/* test_slice.c - comparing, searching and cutting borrowed bytes. */
#include "base/slice.h"

#include "base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void find_cases(void **state)
{
    static const struct {
        struct slice text, needle;
        size_t exact, nocase;
    } cases[] = {
        {{"", 0},      {"a", 1},   0, 0},
        {{"abc", 3},   {"", 0},    0, 0},
        {{"abc", 3},   {"c", 1},   2, 2},
        {{"abC", 3},   {"c", 1},   3, 2},
        {{"aXaxb", 5}, {"axb", 3}, 2, 2},
        {{"aaab", 4},  {"AAB", 3}, 4, 1},
        {{"a\0b", 3},  {"\0b", 2}, 1, 1},
        {{"ab", 2},    {"abc", 3}, 2, 2},
    };

    (void)state;
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        assert_int_equal(slice_find(cases[i].text, cases[i].needle), cases[i].exact);
        assert_int_equal(slice_find_nocase(cases[i].text, cases[i].needle), cases[i].nocase);
    }
}

static void ends_and_starts(void **state)
{
    (void)state;
    assert_true(slice_starts(SLICE("https://x"), SLICE("https:")));
    assert_false(slice_starts(SLICE("http"), SLICE("https:")));
    assert_true(slice_starts_nocase(SLICE("HTTPS://x"), SLICE("https:")));
    assert_true(slice_ends(SLICE("a.gz"), SLICE(".gz")));
    assert_false(slice_ends(SLICE("gz"), SLICE(".gz")));
    assert_true(slice_ends_nocase(SLICE("A.GZ"), SLICE(".gz")));
    assert_true(slice_compare(SLICE("a"), SLICE("ab")) < 0);
    assert_true(slice_compare(SLICE("b"), SLICE("ab")) > 0);
    assert_int_equal(slice_compare(SLICE("ab"), SLICE("ab")), 0);
}

static void pieces_keep_empty_ones(void **state)
{
    struct slice rest = SLICE("a,,b");
    struct slice piece;
    const char *expected[] = {"a", "", "b"};
    size_t n = 0;

    (void)state;
    while (slice_next(&rest, ',', &piece))
        assert_true(slice_equal(piece, slice_from(expected[n++])));
    assert_int_equal(n, 3);
}

static void lines_of_every_kind(void **state)
{
    struct slice rest = SLICE("one\ntwo\r\nthree\rfour\n\nsix");
    const char *expected[] = {"one", "two", "three", "four", "", "six"};
    struct slice line;
    size_t n = 0;

    (void)state;
    while (slice_next_line(&rest, &line))
        assert_true(slice_equal(line, slice_from(expected[n++])));
    assert_int_equal(n, 6);
}

static void cutting_never_leaves_the_text(void **state)
{
    struct slice s = SLICE("abc");

    (void)state;
    assert_int_equal(slice_skip(s, 9).len, 0);
    assert_ptr_equal(slice_skip(s, 9).ptr, s.ptr + 3);
    assert_int_equal(slice_head(s, 9).len, 3);
    assert_true(slice_equal(slice_sub(s, 1, 1), SLICE("b")));
    assert_int_equal(slice_sub(s, 2, SIZE_MAX).len, 1);
    assert_true(slice_equal(slice_trim(SLICE("\t a b\r\n")), SLICE("a b")));
    assert_int_equal(slice_trim(SLICE(" \v\f ")).len, 0);
}

static void numbers(void **state)
{
    unsigned long long n = 0;

    (void)state;
    assert_true(slice_number(SLICE("007"), 10, &n));
    assert_int_equal(n, 7);
    assert_true(slice_number(SLICE("18446744073709551615"), UINT64_MAX, &n));
    assert_true(n == UINT64_MAX);
    assert_false(slice_number(SLICE("18446744073709551616"), UINT64_MAX, &n));
    assert_false(slice_number(SLICE("11"), 10, &n));
    assert_false(slice_number(SLICE("9"), 5, &n));
    assert_false(slice_number(SLICE(""), 10, &n));
    assert_false(slice_number(SLICE("-1"), 10, &n));
    assert_false(slice_number(SLICE("1 "), 10, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(find_cases),
        cmocka_unit_test(ends_and_starts),
        cmocka_unit_test(pieces_keep_empty_ones),
        cmocka_unit_test(lines_of_every_kind),
        cmocka_unit_test(cutting_never_leaves_the_text),
        cmocka_unit_test(numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
