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

/* clang-format off */
static const struct feed_case {
    const char *name;
    struct schedule_input in;
    int64_t least, most; /* seconds from now */
} feed_cases[] = {
    {"first time", {0}, HOUR, HOUR},
    {"news", {.last_interval_s = 8 * HOUR, .has_news = true}, HOUR, HOUR},
    {"no news: slower", {.last_interval_s = 2 * HOUR}, 2 * HOUR + HOUR / 2, 3 * HOUR},
    {"never slower than a day", {.last_interval_s = DAY}, 21 * HOUR, DAY},
    {"to half the rhythm", {.last_interval_s = DAY, .rhythm_s = 6 * HOUR}, 2 * HOUR + HOUR / 2,
        3 * HOUR},
    {"a rhythm of minutes", {.last_interval_s = DAY, .rhythm_s = 60}, HOUR, HOUR},
    {"a rhythm of years", {.last_interval_s = DAY, .rhythm_s = INT64_MAX}, 21 * HOUR, DAY},
    {"silent for a month", {.last_interval_s = DAY, .rhythm_s = 60, .last_new_at = NOW - 32 * DAY},
        21 * HOUR, DAY},
    {"silent for a night", {.last_interval_s = HOUR, .rhythm_s = 60, .last_new_at = NOW - DAY / 2},
        HOUR, HOUR},
    {"max-age", {.has_news = true, .max_age_s = 6 * HOUR}, 6 * HOUR, 6 * HOUR},
    {"max-age of a year", {.max_age_s = 366 * DAY}, DAY, DAY},
    {"max-age asks for less", {.max_age_s = 60}, HOUR, HOUR},
    {"asked for", {.has_news = true, .asked_interval_s = 2 * HOUR}, 2 * HOUR, 2 * HOUR},
    {"asked for without end", {.asked_interval_s = INT64_MAX}, DAY, DAY},
    {"skip hours 1 to 5", {.skip_hours = 0x3E}, 6 * HOUR, 6 * HOUR + HOUR / 2},
    {"skip all hours", {.skip_hours = 0xFFFFFF}, HOUR, HOUR},
    {"skip Sunday", {.skip_days = 1u << 6}, DAY, DAY + HOUR / 2},
    {"skip Monday on a Sunday", {.skip_days = 1u}, HOUR, HOUR},
    {"skip all but Saturday", {.skip_days = 0x5F}, HOUR, HOUR},
};
/* clang-format on */

static void test_feed(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(feed_cases); i++) {
        struct schedule_input in = feed_cases[i].in;
        int64_t interval_s = 0, wait;

        in.now = NOW;
        in.min_interval_s = HOUR;
        in.is_conditional = true;
        for (in.feed_id = 1; in.feed_id < 50; in.feed_id++) {
            wait = schedule_feed(&in, &interval_s) - NOW;
            if (wait < feed_cases[i].least || wait > feed_cases[i].most)
                fail_msg("%s: %lld s", feed_cases[i].name, (long long)wait);
            assert_int_equal(schedule_feed(&in, &interval_s) - NOW, wait);
        }
    }
}

/* No pause at all, in rehearsals; three hours where the whole document is sent each time. */
static void test_feed_least(void **state)
{
    struct schedule_input in = {.now = NOW, .feed_id = 7};
    int64_t interval_s = 0;

    WW_UNUSED(state);
    assert_int_equal(schedule_feed(&in, &interval_s), NOW);
    in.min_interval_s = HOUR;
    assert_int_equal(schedule_feed(&in, &interval_s), NOW + FEED_UNCONDITIONAL_MIN_S);
    in.min_interval_s = 2 * DAY;
    assert_int_equal(schedule_feed(&in, &interval_s), NOW + 2 * DAY);
}

/* Feeds that were asked together come due apart, each always at its own distance. */
static void test_spread(void **state)
{
    struct schedule_input in = {
        .now = NOW, .min_interval_s = HOUR, .last_interval_s = DAY, .is_conditional = true};
    int64_t n_early = 0, interval_s = 0;

    WW_UNUSED(state);
    for (in.feed_id = 1; in.feed_id <= 1000; in.feed_id++)
        n_early += schedule_feed(&in, &interval_s) < NOW + DAY - DAY / 20;
    assert_in_range(n_early, 400, 600);
    /* Nor do all begin when the hours to be skipped are over. */
    in.skip_hours = 0xFFFFFE;
    n_early = 0;
    for (in.feed_id = 1; in.feed_id <= 1000; in.feed_id++)
        n_early += schedule_feed(&in, &interval_s) < NOW + DAY + HOUR / 4;
    assert_in_range(n_early, 400, 600);
}

static void test_rhythm(void **state)
{
    int64_t even[30], two[] = {NOW, NOW - HOUR}, same[20], nights[20];

    WW_UNUSED(state);
    for (int64_t i = 0; i < 30; i++)
        even[i] = NOW - (i * 7 % 30) * HOUR; /* in no order */
    for (int64_t i = 0; i < 20; i++) {
        same[i] = NOW;
        nights[i] = NOW - i * 600 - i / 5 * DAY; /* five in an hour, then a day of nothing */
    }
    assert_int_equal(schedule_rhythm(even, WW_COUNT(even)), HOUR);
    assert_int_equal(schedule_rhythm(nights, WW_COUNT(nights)), 600);
    assert_int_equal(schedule_rhythm(two, WW_COUNT(two)), 0);
    assert_int_equal(schedule_rhythm(same, WW_COUNT(same)), 0);
    assert_int_equal(schedule_rhythm(NULL, 0), 0);
}

static void test_full(void **state)
{
    WW_UNUSED(state);
    for (int64_t id = 1; id < 50; id++) {
        assert_false(schedule_wants_full(NOW, id, NOW - 6 * DAY + 1, 0));
        assert_true(schedule_wants_full(NOW, id, NOW - 7 * DAY, 0));
        assert_false(schedule_wants_full(NOW, id, NOW - 3 * DAY + 1, 1));
        assert_true(schedule_wants_full(NOW, id, NOW - 4 * DAY, 1));
        assert_false(schedule_wants_full(NOW, id, NOW - 3 * HOUR + 1, FEED_DISTRUST_MAX));
        assert_true(schedule_wants_full(NOW, id, NOW - 3 * HOUR, FEED_DISTRUST_MAX));
        assert_true(schedule_wants_full(NOW, id, 0, 0));
        assert_true(schedule_wants_full(NOW, id, NOW + DAY, 0));
    }
}

static void test_retry(void **state)
{
    struct schedule_failure in = {
        .now = NOW, .feed_id = 7, .min_interval_s = HOUR, .failing_since = NOW - HOUR};

    WW_UNUSED(state);
    for (in.n_failures = 1; in.n_failures < 100; in.n_failures++) {
        int64_t wait = schedule_feed_retry(&in) - NOW;

        assert_true(wait >= HOUR && wait <= DAY + DAY / 10);
        assert_true(schedule_host_retry(NOW, in.n_failures) - NOW <= DAY);
    }
    in.n_failures = 3;
    assert_in_range(schedule_feed_retry(&in) - NOW, 4 * HOUR, 5 * HOUR);
    in.last_interval_s = 10 * HOUR;
    assert_in_range(schedule_feed_retry(&in) - NOW, 10 * HOUR, 11 * HOUR);
    in.max_age_s = 20 * HOUR;
    assert_in_range(schedule_feed_retry(&in) - NOW, 20 * HOUR, 22 * HOUR);
    in.failing_since = NOW - 31 * DAY;
    for (uint32_t days = 0; days < 128; days++) {
        in.skip_days = days; /* further ahead than 8 days a feed counts as put there by mistake */
        assert_in_range(schedule_feed_retry(&in) - NOW, 7 * DAY, 8 * DAY);
    }
    assert_true(schedule_page_retry(NOW, 7, 1) - NOW >= HOUR);
    assert_true(schedule_page_retry(NOW, 7, 2) - NOW >= 6 * HOUR);
    assert_true(schedule_page_retry(NOW, 7, 3) - NOW >= DAY);
    assert_int_equal(schedule_page_retry(NOW, 7, 4), 0);
    assert_in_range(schedule_list_retry(NOW, 7, 1) - NOW, 60, 66);
    assert_in_range(schedule_list_retry(NOW, 7, 3) - NOW, HOUR, HOUR + 360);
    assert_int_equal(schedule_list_retry(NOW, 7, 4), 0);
}

static void test_looks(void **state)
{
    static const int64_t waits[] = {HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY};
    int64_t step = 0;

    WW_UNUSED(state);
    for (size_t i = 1; i < WW_COUNT(waits); i++) {
        const int64_t at = schedule_look(NOW + waits[i - 1], NOW, 7, &step);

        assert_int_equal(step, i);
        assert_in_range(at - NOW, waits[i], waits[i] + waits[i] / 10);
        step--;
        assert_int_equal(schedule_look(NOW + waits[i - 1] + 60, NOW, 7, &step), at);
    }
    assert_int_equal(schedule_look(NOW + 33 * DAY, NOW, 7, &step), 0);
    step = 0; /* three are over */
    assert_in_range(schedule_look(NOW + 3 * DAY, NOW, 7, &step) - NOW, 7 * DAY, 8 * DAY);
    assert_int_equal(step, 3);
    assert_in_range(schedule_look_confirm(NOW, 7) - NOW, HOUR, HOUR + HOUR / 10);
    assert_in_range(schedule_look_retry(NOW, 7, 1) - NOW, HOUR, 2 * HOUR);
    assert_int_equal(schedule_look_retry(NOW, 7, LOOK_TRIES_MAX), 0);
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

#define DATE_2016 "Fri, 01 Jan 2016 00:00:00 GMT"

static const struct {
    const char *cache_control, *expires, *date;
    int64_t age;
} max_age_cases[] = {
    {"max-age=600",                          "",                              "",        600          },
    {"public, max-age=600, must-revalidate", "",                              "",        600          },
    {"Max-Age=600",                          "Sun, 22 Nov 2026 01:00:00 GMT", "",        600          },
    {"max-age=\"600\"",                      "",                              "",        600          },
    {"no-cache, max-age=600",                "",                              "",        0            },
    {"max-age=99999999999999999999",         "",                              "",        MAX_AGE_MAX_S},
    {"max-age=soonest",                      "",                              "",        0            },
    {"max-age=-5",                           "",                              "",        0            },
    {"",                                     "Sun, 22 Nov 2026 01:00:00 GMT", "",        HOUR         },
    {"",                                     "Sun, 22 Nov 2026 01:00:00 GMT", "soon",    HOUR         },
    {"",                                     "Fri, 01 Jan 2016 02:00:00 GMT", DATE_2016, 2 * HOUR     },
    {"",                                     "Sun, 22 Nov 2026 01:00:00 GMT", DATE_2016, MAX_AGE_MAX_S},
    {"",                                     "0",                             "",        0            },
    {"",                                     "",                              "",        0            },
    {"s-maxage=5",                           "",                              "",        0            },
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
                                       slice_from(max_age_cases[i].expires),
                                       slice_from(max_age_cases[i].date));

        if (age != max_age_cases[i].age)
            fail_msg("%s / %s: %lld", max_age_cases[i].cache_control, max_age_cases[i].expires,
                     (long long)age);
    }
    assert_int_equal(schedule_due_by(NOW, HOUR), NOW + 60);
    assert_int_equal(schedule_due_by(NOW, 0), NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feed),    cmocka_unit_test(test_feed_least),
        cmocka_unit_test(test_spread),  cmocka_unit_test(test_rhythm),
        cmocka_unit_test(test_full),    cmocka_unit_test(test_retry),
        cmocka_unit_test(test_headers), cmocka_unit_test(test_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
