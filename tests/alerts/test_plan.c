/*
 * test_plan.c - two weeks of an analyst, a run every quarter of an hour: which messages are made,
 * when, and with how many alerts. The clock is the test's.
 */
#include "alerts/mail/plan.h"
#include "tests/support/alerts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define STEP (15 * MINUTE)

/* ---- the diary ------------------------------------------------------------------------------- */

/* Runs every quarter of an hour, but while the host is down. */
struct span {
    int64_t start, days; /* 0: from Monday on, two weeks */
    int64_t down_from, down_until;
    const struct alert_event *events;
    size_t n_events;
};

struct world {
    const char *what;
    struct alert_wishes wishes;
    struct span span;
    const char *diary;
};

static void live(struct alert_desk *f, const struct world *w)
{
    const struct analyst a = alert_desk_analyst(f, &w->wishes);
    const int64_t start = w->span.start != 0 ? w->span.start : MONDAY;
    const int64_t end = start + (w->span.days != 0 ? w->span.days : 14) * DAY;
    struct alert_stories raised = {{0}};
    struct plan_summary n = {0};
    struct buf diary;
    struct slice said;
    size_t k = 0;

    buf_init(&diary, 1 << 20);
    for (int64_t now = start; now < end; now += STEP) {
        struct ww_error err = {0};

        for (; k < w->span.n_events && start + w->span.events[k].at_s <= now; k++)
            (void)alert_desk_raise(f, &w->span.events[k], &raised, start + w->span.events[k].at_s);
        if (now - start >= w->span.down_from && now - start < w->span.down_until)
            continue;
        alert_desk_must(plan_queue_due(f->t.store, &a, &alert_desk_sender, now, &n, &err), &err);
        alert_desk_write(f, &a, &diary);
    }
    said = buf_slice(&diary);
    if (!slice_equal(said, slice_from(w->diary)))
        fail_msg("%s:\n%.*snot\n%s", w->what, SLICE_ARG(said), w->diary);
    buf_release(&diary);
}

/* In macros: clang-format 14 dies of braces in rows. */
#define WORLD(...)  \
    {               \
        __VA_ARGS__ \
    }
#define WISHES(...) \
    {               \
        __VA_ARGS__ \
    }
#define IN(...)     \
    {               \
        __VA_ARGS__ \
    }
#define EVENTS(list) .events = (list), .n_events = WW_COUNT(list)

static const struct alert_event many[] = {
    {AT(0, 8, 0),  'a', "light", NULL, NULL, SEVERITY_HIGH},
    {AT(0, 8, 1),  'b', "light", NULL, NULL, SEVERITY_HIGH},
    {AT(0, 8, 2),  'c', "light", NULL, NULL, SEVERITY_HIGH},
    {AT(0, 8, 3),  'd', "light", NULL, NULL, SEVERITY_HIGH},
    {AT(0, 8, 4),  'e', "light", NULL, NULL, SEVERITY_HIGH},
    {AT(0, 8, 20), 'f', "light", NULL, NULL, SEVERITY_HIGH},
    {AT(0, 9, 20), 'g', "light", NULL, NULL, SEVERITY_HIGH},
};

/* The first run makes the first slot, so nobody is told anything before his first hour. */
static const struct world worlds[] = {
    WORLD("after each run", WISHES(0), IN(EVENTS(alert_desk_usual)),
          "Mon 19 10:15 digest 2\nTue 20 23:00 digest 1\nTue 20 23:15 digest 1\n"
          "Sat 24 14:00 digest 1\nSun 25 02:45 digest 1\nWed 28 04:00 digest 1\n"
          "Wed 28 04:30 digest 1\n"),
    WORLD("at an hour", WISHES(.digest = "07:30"), IN(EVENTS(alert_desk_usual)),
          "Tue 20 07:30 digest 2\nWed 21 07:30 digest 2\nSun 25 07:30 digest 2\n"
          "Wed 28 07:30 digest 2\n"),
    WORLD("on some days at two hours", WISHES(.digest = "Mon-Fri 07:30 16:00"),
          IN(EVENTS(alert_desk_usual)),
          "Mon 19 16:00 digest 2\nWed 21 07:30 digest 2\nMon 26 07:30 digest 2\n"
          "Wed 28 07:30 digest 2\n"),
    WORLD("an hour that comes twice, once", WISHES(.digest = "02:30", .all_quiet = true),
          IN(.start = MONDAY + 5 * DAY, .days = 3),
          "Sat 24 02:30 quiet\nSun 25 02:30 quiet\nMon 26 02:30 quiet\n"),
    WORLD("an hour that is skipped, at its end", WISHES(.digest = "02:30", .all_quiet = true),
          IN(.start = 1774656000 /* 2026-03-28 */, .days = 3),
          "Sat 28 02:30 quiet\n"
          "Sun 29 03:00 quiet\nMon 30 02:30 quiet\n"),
    WORLD("the host was down", WISHES(.digest = "07:30"),
          IN(EVENTS(alert_desk_usual), .down_from = AT(1, 4, 0), .down_until = AT(3, 10, 0)),
          "Thu 22 12:00 digest 4\nSun 25 07:30 digest 2\nWed 28 07:30 digest 2\n"),
    WORLD("quiet hours, after runs", WISHES(.quiet = "22:00-06:30"), IN(EVENTS(alert_desk_usual)),
          "Mon 19 10:15 digest 2\nWed 21 06:30 digest 2\nSat 24 14:00 digest 1\n"
          "Sun 25 06:30 digest 1\nWed 28 06:30 digest 2\n"),
    WORLD("an hour in quiet hours comes when they end",
          WISHES(.digest = "05:00", .quiet = "22:00-06:30"), IN(EVENTS(alert_desk_usual)),
          "Tue 20 06:30 digest 2\nWed 21 06:30 digest 2\nSun 25 06:30 digest 2\n"
          "Wed 28 06:30 digest 2\n"),
    WORLD("quiet at weekends, spans that touch",
          WISHES(.digest = "07:30", .quiet = "Sat-Sun 00:00-24:00 22:00-06:30"),
          IN(EVENTS(alert_desk_usual)),
          "Tue 20 07:30 digest 2\nWed 21 07:30 digest 2\nMon 26 06:30 digest 2\n"
          "Wed 28 07:30 digest 2\n"),
    WORLD("at once, the rest at the hour",
          WISHES(.digest = "07:30", .immediate = "severity:high", .wait_s = 5 * MINUTE),
          IN(EVENTS(alert_desk_usual)),
          "Mon 19 10:15 immediate 2\nTue 20 23:15 immediate 2\n"
          "Sun 25 07:30 digest 2\nWed 28 04:15 "
          "immediate 1\n"
          "Wed 28 04:30 immediate 1\n"),
    WORLD("at once, after a wait that gathers the story",
          WISHES(.digest = "07:30", .immediate = "severity:high", .wait_s = 30 * MINUTE),
          IN(EVENTS(alert_desk_usual)),
          "Mon 19 10:45 immediate 2\nTue 20 23:30 immediate 2\n"
          "Sun 25 07:30 digest 2\nWed 28 04:30 "
          "immediate 2\n"),
    WORLD("at once, but in quiet hours",
          WISHES(.digest = "07:30", .immediate = "severity:high", .quiet = "22:00-06:30"),
          IN(EVENTS(alert_desk_usual)),
          "Mon 19 10:15 immediate 2\nWed 21 06:30 immediate 2\n"
          "Sun 25 07:30 digest 2\nWed 28 06:30 "
          "immediate 2\n"),
    WORLD("at once, and nothing else", WISHES(.digest = "none", .immediate = "country:NL"),
          IN(EVENTS(alert_desk_usual)),
          "Tue 20 23:00 immediate 1\nTue 20 23:15 immediate 1\nWed 28 04:00 immediate 1\n"
          "Wed 28 04:30 immediate 1\n"),
    WORLD("what the digest told is not told at once",
          WISHES(.immediate = "severity:high", .wait_s = 5 * MINUTE), IN(EVENTS(alert_desk_usual)),
          "Mon 19 10:15 immediate 2\nTue 20 23:00 digest 1\n"
          "Tue 20 23:15 digest 1\nSat 24 14:00 digest 1\nSun 25 02:45 digest 1\n"
          "Wed 28 04:00 digest 1\nWed 28 04:30 immediate 1\n"),
    WORLD("two mails in an hour, the second with all that is due",
          WISHES(.digest = "none", .immediate = "severity:high", .max_per_hour = 2),
          IN(EVENTS(many), .days = 1),
          "Mon 19 10:00 immediate 1\nMon 19 10:15 immediate 4\nMon 19 11:00 immediate 1\n"
          "Mon 19 11:30 immediate 1\n"),
    WORLD("one mail in an hour",
          WISHES(.digest = "none", .immediate = "severity:high", .max_per_hour = 1),
          IN(EVENTS(many), .days = 1),
          "Mon 19 10:00 immediate 1\nMon 19 11:00 immediate 5\nMon 19 12:00 immediate 1\n"),
    WORLD("what was subscribed to", WISHES(.subscribe = "country:NL+severity:medium tag:sport"),
          IN(EVENTS(alert_desk_usual)),
          "Tue 20 23:00 digest 1\nWed 28 04:00 digest 1\n"
          "Wed 28 04:30 digest 1\n"),
    WORLD("what was taken away", WISHES(.subscribe = "-item:light", .digest = "07:30"),
          IN(EVENTS(alert_desk_usual)),
          "Tue 20 07:30 digest 1\nWed 21 07:30 digest 1\nWed 28 07:30 digest 1\n"),
    WORLD("nothing of it at once",
          WISHES(.subscribe = "country:IE", .immediate = "country:NL", .digest = "Sun 12:00"),
          IN(EVENTS(alert_desk_usual)), "Sun 25 12:00 digest 4\n"),
    WORLD("a weekly summary", WISHES(.digest = "none", .weekly = "Mon 08:00"),
          IN(EVENTS(alert_desk_usual)), "Mon 19 08:00 weekly\nMon 26 08:00 weekly\n"),
    WORLD("a weekly summary in quiet hours, beside digests",
          WISHES(.digest = "Sun 20:00", .weekly = "Mon 06:00", .quiet = "22:00-06:30"),
          IN(EVENTS(alert_desk_usual)),
          "Mon 19 06:30 weekly\nSun 25 20:00 digest 6\nMon 26 06:30 weekly\n"
          "Sun 01 20:00 digest 2\n"),
    WORLD("a weekly summary takes nothing from a digest",
          WISHES(.digest = "Wed 12:00", .weekly = "Mon 08:00"),
          IN(EVENTS(alert_desk_usual), .days = 10),
          "Mon 19 08:00 weekly\nWed 21 12:00 digest 4\nMon 26 08:00 weekly\n"
          "Wed 28 12:00 digest 4\n"),
    WORLD("all is quiet, at the hour", WISHES(.digest = "07:30", .all_quiet = true),
          IN(EVENTS(alert_desk_usual), .days = 5),
          "Mon 19 07:30 quiet\nTue 20 07:30 digest 2\nWed 21 07:30 digest 2\n"
          "Thu 22 07:30 quiet\nFri 23 07:30 quiet\n"),
    WORLD("all is quiet, after runs: once a day", WISHES(.all_quiet = true),
          IN(EVENTS(alert_desk_usual), .days = 4),
          "Mon 19 02:00 quiet\nMon 19 10:15 digest 2\nTue 20 10:15 quiet\n"
          "Tue 20 23:00 digest 1\nTue 20 23:15 digest 1\nWed 21 23:15 quiet\n"
          "Thu 22 23:15 quiet\n"),
    WORLD("another half of the world",
          WISHES(.zone = "Australia/Lord_Howe", .digest = "02:15", .all_quiet = true),
          IN(.start = 1790985600 /* 2026-10-03: the night that lacks half an hour */, .days = 2),
          "Sun 04 02:30 quiet\nMon 05 02:15 quiet\n"),
};

static void two_weeks(void **state)
{
    for (size_t i = 0; i < WW_COUNT(worlds); i++) {
        void *own = NULL;

        assert_int_equal(alert_desk_open(&own), 0);
        live(own, &worlds[i]);
        (void)alert_desk_close(&own);
    }
    (void)state;
}

/* ---- the next hour --------------------------------------------------------------------------- */

static void the_next_hour_heeds_quiet_ones(void **state)
{
    static const struct {
        const char *digest, *quiet;
        int64_t now_s, next_s; /* behind Monday, UTC; Rome is two hours ahead */
    } cases[] = {
        {"07:30",        NULL,             AT(0,                        0,   0),                                                  AT(0,5, 30)},
        {"07:30",           NULL,                           AT(0,                                                5,                                     30),                                                          AT(1,5, 30)},
        {"05:00",          "22:00-06:30",                         AT(0,                                                 0,                                                    0),                                        AT(0,         4, 30)},
        {"05:00",             "22:00-06:30",                           AT(0,  4,0),AT(0,4, 30)}, /* it came, and waits */
        {"05:00","22:00-06:30",AT(0,4,                                                 30),                                                                                                                                       AT(1,                                                                                                                                                                                     4, 30)},
        {"Sat 07:30",              "Sat-Sun 00:00-24:00",                        AT(0,                                                  0,                                                                           0),                                                                                                                              AT(6,23, 0)}, /* clocks go back */
        {"none",             NULL,                          AT(0,                                                     0,                                              0),                                                               -MONDAY},
    };
    struct alert_desk *f = *state;

    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct alert_wishes w = {.digest = cases[i].digest, .quiet = cases[i].quiet};
        const struct analyst a = alert_desk_analyst(f, &w);
        int64_t next = plan_next(&a.hours, &a, MONDAY + cases[i].now_s);

        if (next != MONDAY + cases[i].next_s)
            fail_msg("case %zu: %lld s behind Monday, not %lld", i, (long long)(next - MONDAY),
                     (long long)cases[i].next_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_weeks),
        cmocka_unit_test_setup_teardown(the_next_hour_heeds_quiet_ones, alert_desk_open,
                                        alert_desk_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
