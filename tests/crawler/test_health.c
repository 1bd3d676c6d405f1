/* How a feed is, and whose fault it is: what a year brings, in a moment. */
#include "crawler/health.h"

#include "base/attrs.h"
#include "base/limits.h"
#include "crawler/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define NOW 1795305600 /* Sunday 22 November 2026, 00:00 UTC */
#define HOUR 3600
#define DAY (24 * HOUR)

static void test_failures(void **state)
{
    static const struct {
        const char *name;
        struct health_fault fault;
        enum feed_failure want;
    } cases[] = {
        {"no answer",         {WW_UNREACHABLE, 0, false},   FEED_FAILURE_TEMPORARY},
        {"cut in the middle", {WW_UNREACHABLE, 200, false}, FEED_FAILURE_TEMPORARY},
        {"no name",           {WW_UNREACHABLE, 0, true},    FEED_FAILURE_HARD     },
        {"500",               {WW_OK, 500, false},          FEED_FAILURE_TEMPORARY},
        {"503",               {WW_OK, 503, false},          FEED_FAILURE_TEMPORARY},
        {"429",               {WW_OK, 429, false},          FEED_FAILURE_TEMPORARY},
        {"408",               {WW_OK, 408, false},          FEED_FAILURE_TEMPORARY},
        {"403",               {WW_OK, 403, false},          FEED_FAILURE_SOFT     },
        {"404",               {WW_OK, 404, false},          FEED_FAILURE_SOFT     },
        {"304 unasked",       {WW_OK, 304, false},          FEED_FAILURE_SOFT     },
        {"410",               {WW_OK, 410, false},          FEED_FAILURE_HARD     },
        {"HTML",              {WW_INVALID, 200, false},     FEED_FAILURE_SOFT     },
        {"too big",           {WW_TOO_BIG, 200, false},     FEED_FAILURE_SOFT     },
        {"inside address",    {WW_REFUSED, 0, false},       FEED_FAILURE_SOFT     },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (health_failure(&cases[i].fault) != cases[i].want)
            fail_msg("%s: %s", cases[i].name, feed_failure_name(health_failure(&cases[i].fault)));
}

static void test_persists(void **state)
{
    static const struct {
        const char *name;
        int64_t age_s, n_failures, weight;
        bool want;
    } cases[] = {
        {"a long failure that was seen once",   30 * DAY,       1,         10,               false},
        {"an hour, polled every minute",        HOUR,           60,        60,               false},
        {"three days less a second",            72 * HOUR - 1,  8,         8,                false},
        {"three days of no answer",             72 * HOUR,      8,         8,                true },
        {"a day of 404",                        24 * HOUR,      6,         18,               true },
        {"not quite a day of 404",              24 * HOUR - 1,  6,         18,               false},
        {"no name for seven hours",             7 * HOUR,       4,         40,               false},
        {"no name for seven and a quarter",     7 * HOUR + 900, 4,         40,               true },
        {"503 and 404 by turns, two days less", 36 * HOUR - 1,  6,         12,               false},
        {"503 and 404 by turns",                36 * HOUR,      6,         12,               true },
        {"polled once a week",                  7 * DAY,        2,         2,                true },
        {"polled once a day",                   3 * DAY,        4,         4,                true },
        {"a clock that went back",              -DAY,           9,         90,               false},
        {"for ever",                            365 * 20 * DAY, INT32_MAX, 10LL * INT32_MAX, true },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (health_persists(NOW, NOW - cases[i].age_s, cases[i].n_failures, cases[i].weight) !=
            cases[i].want)
            fail_msg("%s", cases[i].name);
    assert_false(health_persists(NOW, 0, 5, 50));
}

static void test_quiet(void **state)
{
    static const struct {
        int64_t rhythm_s, want_s;
    } cases[] = {
        {0,         30 * DAY },
        {-5,        30 * DAY },
        {60,        5 * DAY  },
        {3 * HOUR,  5 * DAY  },
        {4 * HOUR,  14 * DAY },
        {DAY,       14 * DAY },
        {2 * DAY,   20 * DAY },
        {7 * DAY,   60 * DAY },
        {20 * DAY,  60 * DAY },
        {30 * DAY,  90 * DAY },
        {91 * DAY,  273 * DAY},
        {INT64_MAX, INT64_MAX},
    };
    int64_t last = 0;

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (health_quiet_s(cases[i].rhythm_s) != cases[i].want_s)
            fail_msg("a rhythm of %lld s: %lld s", (long long)cases[i].rhythm_s,
                     (long long)health_quiet_s(cases[i].rhythm_s));
    for (int64_t rhythm = 1; rhythm < 400 * DAY; rhythm += HOUR) {
        assert_true(health_quiet_s(rhythm) >= last); /* the slower, the longer */
        last = health_quiet_s(rhythm);
    }
}

static void test_word(void **state)
{
    static const struct {
        const char *name;
        struct feed_row feed;
        enum feed_health want;
    } cases[] = {
        {"news today",                                              {.added_at = 1, .last_ok_at = NOW, .last_new_at = NOW}, FEED_HEALTH_OK},
        {"quiet for four weeks, rhythm not known",
         {.added_at = 1, .last_ok_at = NOW, .last_new_at = NOW - 28 * DAY},
         FEED_HEALTH_OK                                                                                                                   },
        {"quiet for five",
         {.added_at = 1, .last_ok_at = NOW, .last_new_at = NOW - 35 * DAY},
         FEED_HEALTH_STALE                                                                                                                },
        {"a daily one, quiet for fifteen days",
         {.added_at = 1, .rhythm_s = DAY, .last_ok_at = NOW, .last_new_at = NOW - 15 * DAY},
         FEED_HEALTH_STALE                                                                                                                },
        {"a month of a sitemap",
         {.added_at = 1, .parent_id = 4, .last_ok_at = NOW, .last_new_at = NOW - 300 * DAY},
         FEED_HEALTH_OK                                                                                                                   },
        {"never had an entry, added yesterday",
         {.added_at = NOW - DAY, .last_ok_at = NOW},
         FEED_HEALTH_OK                                                                                                                   },
        {"never had an entry, added five weeks ago",
         {.added_at = NOW - 35 * DAY, .last_ok_at = NOW},
         FEED_HEALTH_STALE                                                                                                                },
        {"failed once",
         {.n_failures = 1, .weight = 10, .first_failed_at = NOW, .health = FEED_HEALTH_OK},
         FEED_HEALTH_RETRYING                                                                                                             },
        {"404 for two days",
         {.n_failures = 8, .weight = 24, .first_failed_at = NOW - 2 * DAY},
         FEED_HEALTH_FAILING                                                                                                              },
        {"failing stays failing, however mild its failures become",
         {.n_failures = 9,
          .weight = 9,
          .first_failed_at = NOW - 2 * DAY,
          .health = FEED_HEALTH_FAILING},
         FEED_HEALTH_FAILING                                                                                                              },
        {"well again",
         {.added_at = 1, .last_ok_at = NOW, .last_new_at = NOW, .health = FEED_HEALTH_FAILING},
         FEED_HEALTH_OK                                                                                                                   },
        {"well again, and no news",
         {.added_at = 1,
          .last_ok_at = NOW,
          .last_new_at = NOW - 90 * DAY,
          .health = FEED_HEALTH_FAILING},
         FEED_HEALTH_STALE                                                                                                                },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (health_judge(&cases[i].feed, NOW) != cases[i].want) {
            struct feed_row got = cases[i].feed;

            got.health = health_judge(&cases[i].feed, NOW);
            fail_msg("%s: %s", cases[i].name, feed_health_name(&got));
        }
}

/* hosts by sign: none, nameless, silent, gateway, mute, distrusted, reached, diverted, genuine */
static void test_outage(void **state)
{
    static const struct {
        const char *name;
        int64_t n[HEALTH_SIGNS];
        int64_t n_expected, n_lost;
        enum run_outage want;
    } cases[] = {
        {"nothing asked",                                {0},                           0,   0,  RUN_OUTAGE_NONE        },
        {"all is well",                                  {0, 0, 0, 0, 0, 0, 3, 0, 90},  90,  0,  RUN_OUTAGE_NONE        },
        {"one dead among many",                          {0, 1, 0, 0, 0, 0, 3, 0, 90},  90,  1,  RUN_OUTAGE_NONE        },
        {"a list with many dead at first",               {0, 9, 21, 0, 4, 3, 0, 0, 60}, 0,   0,  RUN_OUTAGE_NONE        },
        {"the network is off",                           {0, 0, 90},                    80,  80, RUN_OUTAGE_NETWORK     },
        {"no route, so no names either",                 {0, 90, 3},                    80,  80, RUN_OUTAGE_NAMES       },
        {"two asked, none reached",                      {0, 0, 2},                     0,   0,  RUN_OUTAGE_NETWORK     },
        {"one asked, not reached",                       {0, 0, 1},                     1,   1,  RUN_OUTAGE_NONE        },
        {"one asked, no name",                           {0, 1},                        1,   1,  RUN_OUTAGE_NAMES       },
        {"one without a name, one well",                 {0, 1, 0, 0, 0, 0, 0, 0, 1},   2,   1,  RUN_OUTAGE_NONE        },
        {"the proxy is down",                            {0, 0, 0, 30},                 30,  30, RUN_OUTAGE_PROXY       },
        {"a clock in the past",                          {0, 0, 0, 0, 0, 70, 0, 0, 4},  70,  66, RUN_OUTAGE_CERTIFICATES},
        {"a portal: http turned away, https broken",
         {0, 0, 0, 0, 2, 60, 0, 9},
         70,                                                                                 68,
         RUN_OUTAGE_PORTAL                                                                                              },
        {"a portal that lets pages through for anybody",
         {0, 0, 0, 0, 0, 0, 5, 9},
         9,                                                                                  9,
         RUN_OUTAGE_PORTAL                                                                                              },
        {"two moved to one parking place",               {0, 0, 0, 0, 0, 0, 0, 2, 50},  50,  2,  RUN_OUTAGE_NONE        },
        {"the half that had answered is lost",
         {0, 0, 20, 0, 0, 0, 0, 0, 18},
         38,                                                                                 20,
         RUN_OUTAGE_NETWORK                                                                                             },
        {"a third of it",                                {0, 0, 10, 0, 0, 0, 0, 0, 20}, 30,  10, RUN_OUTAGE_PART        },
        {"three of a hundred",                           {0, 0, 3, 0, 0, 0, 0, 0, 97},  100, 3,  RUN_OUTAGE_NONE        },
        {"one of two",                                   {0, 0, 1, 0, 0, 0, 0, 0, 1},   2,   1,  RUN_OUTAGE_NONE        },
        {"only reached, and one silent",                 {0, 0, 1, 0, 0, 0, 3, 0, 0},   1,   1,  RUN_OUTAGE_NONE        },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct health_run run = {.n_expected = cases[i].n_expected, .n_lost = cases[i].n_lost};

        for (size_t k = 0; k < HEALTH_SIGNS; k++)
            run.n[k] = cases[i].n[k];
        if (health_outage(&run) != cases[i].want)
            fail_msg("%s: %d \"%s\"", cases[i].name, (int)health_outage(&run),
                     health_outage_words(health_outage(&run)));
    }
}

/* A dead network excuses as long as it is dead; two feeds that die are two dead feeds. */
static void test_excuses(void **state)
{
    const struct health_run many =
                                {
                                    .n = {[HEALTH_SILENT] = 40}
    },
                            few = {.n = {[HEALTH_SILENT] = 2}},
                            part = {.n = {[HEALTH_SILENT] = 10, [HEALTH_GENUINE] = 20}};

    WW_UNUSED(state);
    assert_true(health_excuses(RUN_OUTAGE_NETWORK, &many, NOW, NOW - 90 * DAY));
    assert_true(health_excuses(RUN_OUTAGE_NETWORK, &few, NOW, NOW - 3 * DAY));
    assert_false(health_excuses(RUN_OUTAGE_NETWORK, &few, NOW, NOW - 3 * DAY - 1));
    assert_true(health_excuses(RUN_OUTAGE_PART, &part, NOW, NOW - DAY));
    assert_false(health_excuses(RUN_OUTAGE_PART, &part, NOW, NOW - DAY - 1));
    assert_false(health_excuses(RUN_OUTAGE_NONE, &many, NOW, NOW));
}

/* A feed that is asked as schedule.h says, from day to day. */
struct life {
    struct feed_row feed;
    int64_t now;
    int n_asked, n_told, n_over;
    int64_t first_told_s; /* since its first failure */
};

static void live(struct life *l, enum feed_failure failure, bool has_news)
{
    const enum feed_health before = l->feed.health;
    struct feed_row *feed = &l->feed;

    l->n_asked++;
    if (failure != FEED_FAILURE_NONE) {
        feed->n_failures++;
        feed->weight += health_weight(failure);
        if (feed->first_failed_at == 0)
            feed->first_failed_at = l->now;
        feed->next_due_at =
            schedule_feed_retry(&(struct schedule_failure){.now = l->now,
                                                           .feed_id = 1,
                                                           .n_failures = feed->n_failures,
                                                           .failing_since = feed->first_failed_at});
    } else {
        feed->n_failures = feed->weight = feed->first_failed_at = 0;
        feed->next_due_at = l->now + HOUR;
        if (has_news)
            feed->last_new_at = l->now;
    }
    feed->health = health_judge(feed, l->now);
    if (feed->health == FEED_HEALTH_FAILING && before != FEED_HEALTH_FAILING) {
        l->n_told++;
        l->first_told_s = l->now - feed->first_failed_at;
    }
    l->n_over += before == FEED_HEALTH_FAILING && feed->health != FEED_HEALTH_FAILING;
}

/* The hour of a year; what the server does. */
typedef enum feed_failure fate(int64_t hour);

static enum feed_failure dead(int64_t hour)
{
    return hour < 100 ? FEED_FAILURE_NONE : FEED_FAILURE_TEMPORARY;
}

static enum feed_failure missing(int64_t hour)
{
    return hour < 100 ? FEED_FAILURE_NONE : FEED_FAILURE_SOFT;
}

/* Down every night, and for a weekend once a month. */
static enum feed_failure sleepy(int64_t hour)
{
    return hour % 24 < 8 || hour % (30 * 24) < 48 ? FEED_FAILURE_TEMPORARY : FEED_FAILURE_NONE;
}

/* Out for a week in spring and in autumn. */
static enum feed_failure twice(int64_t hour)
{
    const int64_t day = hour / 24;

    return (day >= 100 && day < 107) || (day >= 280 && day < 287) ? FEED_FAILURE_TEMPORARY
                                                                  : FEED_FAILURE_NONE;
}

/* Every second answer is a 500, all the year: it is read nevertheless. */
static enum feed_failure limping(int64_t hour)
{
    return hour % 2 == 0 ? FEED_FAILURE_TEMPORARY : FEED_FAILURE_NONE;
}

static void test_year(void **state)
{
    static const struct {
        const char *name;
        fate *fate;
        int64_t cron_s;
        int n_told, n_over;
        int64_t told_from_s, told_until_s;
        int n_asked_least, n_asked_most;
    } cases[] = {
  /* Never retired: still asked, weekly in the end. */
        {"dead, hourly cron",     dead,    HOUR,    1, 0, 72 * HOUR, 97 * HOUR, 170,  200 },
        {"dead, daily cron",      dead,    DAY,     1, 0, 72 * HOUR, 97 * HOUR, 60,   90  },
        {"dead, weekly cron",     dead,    7 * DAY, 1, 0, 7 * DAY,   7 * DAY,   26,   53  },
        {"404, hourly cron",      missing, HOUR,    1, 0, 24 * HOUR, 40 * HOUR, 170,  200 },
        {"404, daily cron",       missing, DAY,     1, 0, 24 * HOUR, 48 * HOUR, 60,   90  },
        {"down at night",         sleepy,  HOUR,    0, 0, 0,         0,         3000, 8760},
        {"two weeks of the year", twice,   HOUR,    2, 2, 72 * HOUR, 97 * HOUR, 3000, 8760},
        {"limping",               limping, HOUR,    0, 0, 0,         0,         3000, 8760},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct life l = {.feed = {.added_at = NOW}};

        for (l.now = NOW; l.now < NOW + 365 * DAY; l.now += cases[i].cron_s)
            if (l.feed.next_due_at <= l.now)
                live(&l, cases[i].fate((l.now - NOW) / HOUR), true);
        if (l.n_told != cases[i].n_told || l.n_over != cases[i].n_over ||
            (l.n_told > 0 &&
             (l.first_told_s < cases[i].told_from_s || l.first_told_s > cases[i].told_until_s)) ||
            l.n_asked < cases[i].n_asked_least || l.n_asked > cases[i].n_asked_most)
            fail_msg("%s: asked %d times, told %d times, after %lld h, over %d times",
                     cases[i].name, l.n_asked, l.n_told, (long long)(l.first_told_s / HOUR),
                     l.n_over);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failures), cmocka_unit_test(test_persists),
        cmocka_unit_test(test_quiet),    cmocka_unit_test(test_word),
        cmocka_unit_test(test_outage),   cmocka_unit_test(test_excuses),
        cmocka_unit_test(test_year),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
