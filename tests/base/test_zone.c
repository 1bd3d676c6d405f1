/* test_zone.c - offsets over the year, and names that are none. */
#include "base/attrs.h"
#include "base/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define WINTER INT64_C(1768478400) /* 2026-01-15T12:00:00Z */
#define SUMMER INT64_C(1784116800) /* 2026-07-15T12:00:00Z */

static void offsets_follow_the_year(void **state)
{
    static const struct {
        const char *name;
        int64_t winter_s, summer_s;
    } cases[] = {
        {"",                    0,      0     },
        {"UTC",                 0,      0     },
        {"Europe/Dublin",       0,      3600  }, /* where the winter is the exception, by law */
        {"America/New_York",    -18000, -14400},
        {"Asia/Kolkata",        19800,  19800 },
        {"Asia/Kathmandu",      20700,  20700 },
        {"Australia/Lord_Howe", 39600,  37800 },
        {"Pacific/Kiritimati",  50400,  50400 },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice name = slice_from(cases[i].name);

        assert_true(zone_is_known(name));
        if (zone_offset_s(name, WINTER) != cases[i].winter_s ||
            zone_offset_s(name, SUMMER) != cases[i].summer_s)
            fail_msg("%s: %lld, %lld", cases[i].name, (long long)zone_offset_s(name, WINTER),
                     (long long)zone_offset_s(name, SUMMER));
    }
}

static void the_change_is_in_the_hour(void **state)
{
    /* Dublin goes back at 01:00 UTC on 25 October 2026. */
    const int64_t change = INT64_C(1792890000);

    WW_UNUSED(state);
    assert_int_equal(zone_offset_s(SLICE("Europe/Dublin"), change - 1), 3600);
    assert_int_equal(zone_offset_s(SLICE("Europe/Dublin"), change), 0);
}

static void unknown_names_are_told(void **state)
{
    static const char *const names[] = {
        "Europe/Atlantis",
        "dublin",
        "\xff\xfe",
        "../../etc/passwd",
        " UTC",
        "Europe/DublinEurope/DublinEurope/DublinEurope/DublinEurope/DublinEurope/Dublin"};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(names); i++) {
        if (zone_is_known(slice_from(names[i])))
            fail_msg("%s is known", names[i]);
        assert_int_equal(zone_offset_s(slice_from(names[i]), SUMMER), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_follow_the_year),
        cmocka_unit_test(the_change_is_in_the_hour),
        cmocka_unit_test(unknown_names_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
