/* test_precision.c - shares and their intervals, and the order of what costs most. */
#include "alerts/precision.h"

#include "base/arena.h"
#include "base/attrs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Wilson's interval as reckoned by hand from the formula with z = 1.96, to four places. */
static void intervals_are_wilsons(void **state)
{
    static const struct {
        int64_t n, total;
        double low, high;
    } cases[] = {
        {0,  0,   0,      1     },
        {0,  1,   0,      0.7935},
        {1,  1,   0.2065, 1     },
        {0,  10,  0,      0.2775},
        {10, 10,  0.7225, 1     },
        {5,  10,  0.2366, 0.7634},
        {81, 100, 0.7222, 0.8749},
        {84, 100, 0.7558, 0.8990},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct interval in = precision_interval(cases[i].n, cases[i].total);

        if (fabs(in.low - cases[i].low) > 0.0001 || fabs(in.high - cases[i].high) > 0.0001)
            fail_msg("%lld of %lld: %.5f to %.5f", (long long)cases[i].n, (long long)cases[i].total,
                     in.low, in.high);
    }
}

static struct judged_row row(const char *item, const char *alias, const char *language,
                             enum alert_verdict verdict)
{
    return (struct judged_row){.item = slice_from(item),
                               .alias = slice_from(alias),
                               .language = slice_from(language),
                               .verdict = verdict};
}

static void what_costs_most_stands_first(void **state)
{
    struct judged_row rows[] = {
        row("bay", "Bay", "en", MARK_RELEVANT),    row("bay", "Bay", "en", MARK_IRRELEVANT),
        row("bay", "Bucht", "de", MARK_RELEVANT),  row("pier", "Pier", "en", MARK_IRRELEVANT),
        row("pier", "Bay", "en", MARK_IRRELEVANT), row("pier", "Pier", "en", MARK_IRRELEVANT),
        row("pier", "Pier", "en", MARK_KNOWN),     row("pier", "Pier", "en", MARK_NONE),
        row("lock", "Lock", "nl", MARK_NONE),
    };
    const struct judged_list list = {rows, WW_COUNT(rows)};
    struct precision_report report;
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    assert_int_equal(precision_tally(&list, PRECISION_BY_ITEM, &arena, &report, NULL), WW_OK);
    assert_int_equal(report.n_rows, 2); /* of the lock nobody has said anything */
    assert_true(slice_equal(report.rows[0].key, SLICE("pier")));
    assert_int_equal(report.rows[0].n_alerts, 5);
    assert_int_equal(report.rows[0].n_marked, 4);
    assert_int_equal(report.rows[0].n_irrelevant, 3);
    assert_true(fabs(report.rows[0].share - 0.25) < 1e-9); /* what was known was right */
    assert_true(report.rows[0].is_few);
    assert_int_equal(report.all.n_alerts, 9);
    assert_int_equal(report.all.n_marked, 7);
    assert_false(report.all.is_few);
    assert_int_equal(precision_tally(&list, PRECISION_BY_ALIAS, &arena, &report, NULL), WW_OK);
    assert_int_equal(report.n_rows, 4); /* "Bay" is two names: of two items */
    assert_int_equal(precision_tally(&list, PRECISION_BY_LANGUAGE, &arena, &report, NULL), WW_OK);
    assert_int_equal(report.n_rows, 2);
    assert_true(slice_equal(report.rows[0].key, SLICE("en")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_wilsons),
        cmocka_unit_test(what_costs_most_stands_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
