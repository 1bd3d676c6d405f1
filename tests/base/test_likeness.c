/* test_likeness.c - corrected headlines are alike, others are not, in any script. */
#include "base/attrs.h"
#include "base/likeness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include <cmocka.h>

static double compare(const char *a, const char *b)
{
    struct likeness x, y;

    likeness_init(&x, slice_from(a));
    likeness_init(&y, slice_from(b));
    return likeness_of(&x, &y);
}

static void test_titles(void **state)
{
    static const struct {
        const char *a, *b;
        bool is_alike;
    } cases[] = {
        {"The bridge is to be widened",                   "The bridge is to be widened",                           true },
        {"The bridge is to be widened",                   "THE BRIDGE IS TO BE WIDENED",                           true },
        {"The brigde is to be widened",                   "The bridge is to be widened",                           true },
        {"The bridge is to be widened",                   "Update: The bridge is to be widened",                   true },
        {"The bridge is to be widened",                   "The tram is to be sold in spring",                      false},
        {"福州市公安局在都柏林设立服务站", "福州市公安局在都柏林设立了服务站",      true },
        {"福州市公安局在都柏林设立服务站", "温州商会举行春节联欢晚会",                  false},
        {"Мост решено расширить",      "Мост решено расширить весной", true },
        {"Мост решено расширить",      "Паром никому не нужен",               false},
        {"a",                                             "a",                                                     false},
        {"",                                              "",                                                      false},
        {"",                                              "The bridge",                                            false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const double ab = compare(cases[i].a, cases[i].b);
        const double ba = compare(cases[i].b, cases[i].a);

        if ((ab >= 0.75) != cases[i].is_alike || ab < ba || ab > ba || ab > 1)
            fail_msg("\"%s\" and \"%s\": %.2f, %.2f", cases[i].a, cases[i].b, ab, ba);
    }
}

/* Longer than what counts: no more is read. */
static void test_long(void **state)
{
    static char text[4 * LIKENESS_PAIRS_MAX + 1];
    struct likeness l;

    WW_UNUSED(state);
    for (size_t i = 0; i + 1 < sizeof(text); i++)
        text[i] = (char)('a' + i * i % 26);
    likeness_init(&l, slice_from(text));
    assert_int_equal(l.n_pairs, LIKENESS_PAIRS_MAX);
    assert_true(compare(text, text) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
