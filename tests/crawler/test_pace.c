/* test_pace.c - what an archive's answers mean for the next request, and the next command. */
#include "crawler/pace.h"

#include "base/attrs.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOW 1700000000

/* tests/crawler/test_hosts.c asks for the rest, through the queues. */
static void what_holds_and_what_does_not(void **state)
{
    static const struct {
        const char *about;
        struct pace pace;
        int64_t expected_ms;
    } cases[] = {
        {"robots.txt is of sites",               {.delay_ms = 100, .crawl_delay_ms = 9000},                     9000 },
        {"not of archives",                      {.least_ms = 250, .crawl_delay_ms = 9000, .is_archive = true}, 250  },
        {"an archive without a limit is a site", {.delay_ms = 100, .is_archive = true},                         100  },
        {"a rate above the limit",               {.delay_ms = 10, .least_ms = 6000, .is_archive = true},        6000 },
        {"errors stop counting",                 {.least_ms = 250, .n_errors = 90, .is_archive = true},         4000 },
        {"the longest",                          {.least_ms = 250, .took_ms = 99000, .is_archive = true},       30000},
        {"a limit above the longest",
         {.least_ms = 90000, .n_errors = 2, .is_archive = true},
         90000                                                                                                       },
        {"tests",                                {.took_ms = 500},                                              0    },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const int64_t pause_ms = pace_pause_ms(&cases[i].pace);

        if (pause_ms != cases[i].expected_ms)
            fail_msg("%s: %lld ms", cases[i].about, (long long)pause_ms);
    }
}

/* Of the second in which a host was asked nobody knows the moment; clocks differ a little. */
static void what_is_left_of_a_pause(void **state)
{
    static const struct {
        const char *about;
        int64_t pause_ms, now_ms, expected_ms; /* now: behind the beginning of that second */
    } cases[] = {
        {"in the same second",         2000,  500,              2000 },
        {"at its end",                 2000,  999,              2000 },
        {"a second later",             2000,  1999,             1000 },
        {"over",                       2000,  2999,             0    },
        {"long over",                  2000,  99999,            0    },
        {"longer than a minute",       75000, 61999,            14000},
        {"by a clock ahead",           2000,  -2000,            2000 },
        {"by a clock that was wrong",  2000,  -3000,            0    },
        {"by one of the next century", 2000,  -3000000000000LL, 0    },
        {"tests",                      0,     0,                0    },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const int64_t left_ms =
            pace_left_ms(NOW, cases[i].pause_ms, (int64_t)NOW * 1000 + cases[i].now_ms);

        if (left_ms != cases[i].expected_ms)
            fail_msg("%s: %lld ms", cases[i].about, (long long)left_ms);
    }
    assert_int_equal(pace_left_ms(0, 2000, (int64_t)NOW * 1000), 0); /* never asked */
}

static void when_an_archive_is_left_alone(void **state)
{
    static const struct {
        const char *about;
        long http_status;
        const char *retry_after;
        unsigned n_before, n_429_before;
        enum refusal expected;
        int64_t wait_s;
    } cases[] = {
        {"fine",                      200, "600",          0,  0, REFUSAL_NONE,  0                },
        {"not there",                 404, "",             1,  1, REFUSAL_NONE,  0                },
        {"broken",                    500, "",             1,  1, REFUSAL_NONE,  0                },
        {"the first 429",             429, "",             0,  0, REFUSAL_PAUSE, 60               },
        {"that says less",            429, "5",            0,  0, REFUSAL_PAUSE, 60               },
        {"that says more",            429, "300",          0,  0, REFUSAL_PAUSE, 300              },
        {"the second 429",            429, "",             1,  1, REFUSAL_STOP,  120              },
        {"behind a 503",              429, "",             1,  0, REFUSAL_PAUSE, 120              },
        {"a 503",                     503, "",             0,  0, REFUSAL_PAUSE, 60               },
        {"the fifth",                 503, "",             4,  0, REFUSAL_PAUSE, 960              },
        {"behind a 429",              503, "",             1,  1, REFUSAL_PAUSE, 120              },
        {"the hundredth",             503, "",             99, 0, REFUSAL_PAUSE, 3600             },
        {"that says yet more",        503, "7200",         99, 0, REFUSAL_PAUSE, 7200             },
        {"a 403",                     403, "",             0,  0, REFUSAL_STOP,  3600             },
        {"a Retry-After of nonsense", 429, "soon",         0,  0, REFUSAL_PAUSE, 60               },
        {"of a year",                 429, "999999999999", 0,  0, REFUSAL_PAUSE, RETRY_AFTER_MAX_S},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        int64_t not_before = 1;
        const enum refusal refusal =
            pace_refusal(cases[i].http_status, slice_from(cases[i].retry_after), NOW,
                         cases[i].n_before, cases[i].n_429_before, &not_before);
        const int64_t expected = cases[i].wait_s == 0 ? 0 : NOW + cases[i].wait_s;

        if (refusal != cases[i].expected || not_before != expected)
            fail_msg("%s: %d, %lld s", cases[i].about, (int)refusal, (long long)(not_before - NOW));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_holds_and_what_does_not),
        cmocka_unit_test(what_is_left_of_a_pause),
        cmocka_unit_test(when_an_archive_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
