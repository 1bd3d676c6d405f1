/* When to ask again: what publishers say, and what we make of it. */
#include "crawler/schedule.h"

#include "base/attrs.h"
#include "base/date.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define NOW 1795305600 /* Sunday 22 November 2026, 00:00 UTC */
#define HOUR 3600
#define DAY (24 * HOUR)

static const struct feed_case {
    const char *name;
    struct schedule_input in;
    int64_t least, most; /* seconds from now */
} feed_cases[] = {
    {"first time",              {.min_interval_s = HOUR},                                                HOUR,      HOUR    },
    {"news",                    {.min_interval_s = HOUR, .last_interval_s = 8 * HOUR, .has_news = true}, HOUR,      HOUR    },
    {"no news: slower",
     {.min_interval_s = HOUR, .last_interval_s = 2 * HOUR},
     2 * HOUR + HOUR / 2,
     3 * HOUR                                                                                                               },
    {"never slower than a day", {.min_interval_s = HOUR, .last_interval_s = DAY},                        21 * HOUR, DAY     },
    {"max-age",
     {.min_interval_s = HOUR, .has_news = true, .max_age_s = 6 * HOUR},
     5 * HOUR,
     6 * HOUR                                                                                                               },
    {"max-age of a year",       {.min_interval_s = HOUR, .max_age_s = 366 * DAY},                        21 * HOUR, DAY     },
    {"max-age asks for less",   {.min_interval_s = HOUR, .max_age_s = 60},                               HOUR,      HOUR    },
    {"ttl",                     {.min_interval_s = HOUR, .has_news = true, .ttl_minutes = 120},          HOUR,      2 * HOUR},
    {"ttl without end",         {.min_interval_s = HOUR, .ttl_minutes = INT64_MAX},                      21 * HOUR, DAY     },
    {"period",
     {.min_interval_s = HOUR, .has_news = true, .update_period_s = 4 * HOUR},
     3 * HOUR,
     4 * HOUR                                                                                                               },
    {"skip hours 1 to 5",       {.min_interval_s = HOUR, .skip_hours = 0x3E},                            6 * HOUR,  6 * HOUR},
    {"skip all hours",          {.min_interval_s = HOUR, .skip_hours = 0xFFFFFF},                        HOUR,      HOUR    },
    {"skip Sunday",             {.min_interval_s = HOUR, .skip_days = 1u << 6},                          DAY,       DAY     },
    {"skip Monday on a Sunday", {.min_interval_s = HOUR, .skip_days = 1u},                               HOUR,      HOUR    },
    {"no pause at all",         {.min_interval_s = 0},                                                   0,         0       },
};

static void test_feed(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(feed_cases); i++) {
        struct schedule_input in = feed_cases[i].in;
        int64_t interval_s = 0, wait;

        in.now = NOW;
        for (in.feed_id = 1; in.feed_id < 50; in.feed_id++) {
            wait = schedule_feed(&in, &interval_s) - NOW;
            if (wait < feed_cases[i].least || wait > feed_cases[i].most)
                fail_msg("%s: %lld s", feed_cases[i].name, (long long)wait);
            assert_int_equal(schedule_feed(&in, &interval_s) - NOW, wait);
        }
    }
}

static void test_retry(void **state)
{
    WW_UNUSED(state);
    for (int64_t n = 1; n < 100; n++) {
        int64_t wait = schedule_feed_retry(NOW, 7, n, NOW - HOUR) - NOW;

        assert_true(wait >= HOUR && wait <= DAY + DAY / 10);
        assert_true(schedule_host_retry(NOW, n) - NOW <= DAY);
    }
    assert_true(schedule_feed_retry(NOW, 7, 3, 0) - NOW >= 4 * HOUR);
    assert_true(schedule_feed_retry(NOW, 7, 40, NOW - 31 * DAY) - NOW >= 7 * DAY);
    assert_true(schedule_page_retry(NOW, 7, 1) - NOW >= HOUR);
    assert_true(schedule_page_retry(NOW, 7, 2) - NOW >= 6 * HOUR);
    assert_true(schedule_page_retry(NOW, 7, 3) - NOW >= DAY);
    assert_int_equal(schedule_page_retry(NOW, 7, 4), 0);
}

static const struct {
    const char *header;
    int64_t wait; /* -1: nothing was said */
} retry_after_cases[] = {
    {"120",                           120              },
    {" 120 ",                         120              },
    {"0",                             0                },
    {"100000000000000000000",         RETRY_AFTER_MAX_S},
    {"-5",                            -1               },
    {"soon",                          -1               },
    {"",                              -1               },
    {"Sun, 22 Nov 2026 01:00:00 GMT", HOUR             },
    {"Sun, 22 Nov 2099 01:00:00 GMT", RETRY_AFTER_MAX_S},
    {"Sun, 22 Nov 2020 01:00:00 GMT", -1               },
};

static const struct {
    const char *cache_control, *expires;
    int64_t age;
} max_age_cases[] = {
    {"max-age=600",                          "",                              600          },
    {"public, max-age=600, must-revalidate", "",                              600          },
    {"Max-Age=600",                          "Sun, 22 Nov 2026 01:00:00 GMT", 600          },
    {"no-cache, max-age=600",                "",                              0            },
    {"max-age=99999999999999999999",         "",                              MAX_AGE_MAX_S},
    {"max-age=soon",                         "",                              0            },
    {"",                                     "Sun, 22 Nov 2026 01:00:00 GMT", HOUR         },
    {"",                                     "0",                             0            },
    {"",                                     "",                              0            },
    {"s-maxage=5",                           "",                              0            },
};

static void test_headers(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(retry_after_cases); i++) {
        int64_t at = schedule_retry_after(NOW, slice_from(retry_after_cases[i].header));

        if (at != (retry_after_cases[i].wait < 0 ? 0 : NOW + retry_after_cases[i].wait))
            fail_msg("Retry-After %s: %lld", retry_after_cases[i].header, (long long)at);
    }
    for (size_t i = 0; i < WW_COUNT(max_age_cases); i++) {
        int64_t age = schedule_max_age(NOW, slice_from(max_age_cases[i].cache_control),
                                       slice_from(max_age_cases[i].expires));

        if (age != max_age_cases[i].age)
            fail_msg("%s / %s: %lld", max_age_cases[i].cache_control, max_age_cases[i].expires,
                     (long long)age);
    }
    assert_int_equal(schedule_due_by(NOW, HOUR), NOW + 180);
    assert_int_equal(schedule_due_by(NOW, 0), NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feed),
        cmocka_unit_test(test_retry),
        cmocka_unit_test(test_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
