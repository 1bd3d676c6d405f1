/*
 * test_timetable.c - hours of a week in many zones, over both changes of clocks, against an oracle
 * that does nothing but look at the clocks of a zone every minute.
 */
#include "base/attrs.h"
#include "base/timetable.h"
#include "base/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_S 60
#define DAY_S 86400
#define DAY_MINUTES 1440

/* ---- words ----------------------------------------------------------------------------------- */

static void words_are_hours_and_days(void **state)
{
    static const struct {
        const char *words;
        bool is_span;
        size_t n_rows;
        struct timetable_row last;
    } cases[] = {
        {"",                                    false, 0, {0, 0, 0}        },
        {"07:30",                               false, 1, {0x7F, 450, 0}   },
        {"Mon-Fri 07:30 16:00",                 false, 2, {0x1F, 960, 0}   },
        {"mon,THU 08:00 Sat 10:00",             false, 2, {0x20, 600, 0}   },
        {"Fri-Mon 00:00",                       false, 1, {0x71, 0, 0}     },
        {"Sat-Sat 23:59",                       false, 1, {0x20, 1439, 0}  },
        {"Mon,Wed-Thu,Sun 12:00",               false, 1, {0x4D, 720, 0}   },
        {"\t07:30 \t 08:30\t",                  false, 2, {0x7F, 510, 0}   },
        {"22:00-06:30",                         true,  1, {0x7F, 1320, 390}},
        {"Sat-Sun 00:00-24:00",                 true,  1, {0x60, 0, 1440}  },
        {"Mon-Fri 20:00-24:00 Sat 00:00-12:00", true,  2, {0x20, 0, 720}   },
        {"22:00-00:00",                         true,  1, {0x7F, 1320, 0}  },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct timetable t;
        struct ww_error err = {0};
        struct slice words = slice_from(cases[i].words);
        enum ww_status status = cases[i].is_span ? timetable_read_spans(words, &t, &err)
                                                 : timetable_read(words, &t, &err);

        if (status != WW_OK || t.n_rows != cases[i].n_rows)
            fail_msg("%s: %s, %zu rows", cases[i].words, err.message, t.n_rows);
        if (t.n_rows > 0 && memcmp(&t.rows[t.n_rows - 1], &cases[i].last, sizeof(t.rows[0])) != 0)
            fail_msg("%s: days %x, %d to %d", cases[i].words, t.rows[t.n_rows - 1].days,
                     t.rows[t.n_rows - 1].minute, t.rows[t.n_rows - 1].until);
    }
}

static void words_that_are_none_are_named(void **state)
{
    static const struct {
        const char *words;
        bool is_span;
        const char *says;
    } cases[] = {
        {"25:00",              false, "\"25:00\" is neither an hour as 07:30"    },
        {"24:00",              false, "\"24:00\" is neither"                     },
        {"07:60",              false, "\"07:60\" is neither"                     },
        {"7:30",               false, "\"7:30\" is neither"                      },
        {"07:30-08:00",        false, "\"07:30-08:00\" is neither an hour"       },
        {"07:30,",             false, "\"07:30,\" is neither"                    },
        {"Mno-Fri 07:30",      false,
         "\"Mno-Fri\" is neither an hour as 07:30 "
         "nor days (Mon-Fri; Mon,Thu); did you mean \"Mon\"?"                    },
        {"Tuesday 07:30",      false, "did you mean \"Tue\"?"                    },
        {"Mon-Mittwoch 07:30", false, "\"Mon-Mittwoch\" is neither"              },
        {"Mon, 07:30",         false, "\"Mon,\" is neither"                      },
        {"Mon-Fri",            false, "days without an hour behind them"         },
        {"07:30 Sat",          false, "days without an hour behind them"         },
        {"Mon Thu 07:30",      false, "\"Thu\" stands behind days"               },
        {"-",                  false, "\"-\" is neither"                         },
        {",",                  false, "\",\" is neither"                         },
        {"22:00",              true,  "\"22:00\" is neither hours as 22:00-06:30"},
        {"22:00-22:00",        true,  "\"22:00-22:00\" is neither"               },
        {"24:00-06:00",        true,  "\"24:00-06:00\" is neither"               },
        {"22:00-24:30",        true,  "\"22:00-24:30\" is neither"               },
        {"22:00-06:30-07:00",  true,  "\"22:00-06:30-07:00\" is neither"         },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct timetable t;
        struct ww_error err = {0};
        struct slice words = slice_from(cases[i].words);
        enum ww_status status = cases[i].is_span ? timetable_read_spans(words, &t, &err)
                                                 : timetable_read(words, &t, &err);

        if (status != WW_INVALID || strstr(err.message, cases[i].says) == NULL)
            fail_msg("%s: %d, %s", cases[i].words, (int)status, err.message);
    }
}

static void too_many_hours_are_refused(void **state)
{
    char words[TIMETABLE_MAX * 6 + 16] = "";
    struct timetable t;
    struct ww_error err = {0};

    WW_UNUSED(state);
    for (int i = 0; i < TIMETABLE_MAX; i++)
        (void)snprintf(words + strlen(words), sizeof(words) - strlen(words), "12:%02d ", i);
    assert_int_equal(timetable_read(slice_from(words), &t, &err), WW_OK);
    (void)snprintf(words + strlen(words), sizeof(words) - strlen(words), "13:00");
    assert_int_equal(timetable_read(slice_from(words), &t, &err), WW_INVALID);
    assert_non_null(strstr(err.message, "\"13:00\": more than 32 hours"));
}

/* ---- moments, by hand ------------------------------------------------------------------------ */

static void known_changes(void **state)
{
    static const struct {
        const char *zone, *words;
        int64_t now, last, next;
    } cases[] = {
  /* Dublin, 2026-03-29: 01:00 UTC becomes 02:00. 01:30 is never shown: it is at 01:00 UTC. */
        {"Europe/Dublin",       "01:30",     1774746000, 1774746000, 1774830600},
        {"Europe/Dublin",       "01:30",     1774745999, 1774661400, 1774746000},
 /* Dublin, 2026-10-25: 01:30 comes at 00:30 and at 01:30 UTC. The first counts. */
        {"Europe/Dublin",       "01:30",     1792888200, 1792888200, 1792978200},
        {"Europe/Dublin",       "01:30",     1792891800, 1792888200, 1792978200},
 /* Lord Howe, 2026-10-04: 02:00 becomes 02:30, at 15:30 UTC of the day before. */
        {"Australia/Lord_Howe", "02:10",     1791041400, 1791041400, 1791126600},
 /* Apia had no 2011-12-30, a Friday: its hours are at the end of the Thursday, 10:00 UTC. */
        {"Pacific/Apia",        "Fri 07:30", 1325239200, 1325239200, 1325784600},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice zone = slice_from(cases[i].zone);
        struct timetable t;
        int64_t last;
        int64_t next;

        assert_int_equal(timetable_read(slice_from(cases[i].words), &t, NULL), WW_OK);
        last = timetable_last(&t, zone, cases[i].now);
        next = timetable_next(&t, zone, cases[i].now);
        if (last != cases[i].last || next != cases[i].next)
            fail_msg("%zu, %s: last %lld, next %lld", i, cases[i].zone, (long long)last,
                     (long long)next);
    }
}

static void an_empty_table_is_never(void **state)
{
    struct timetable t = {0};
    int64_t until = 0;

    WW_UNUSED(state);
    assert_int_equal(timetable_last(&t, SLICE("UTC"), 1790000000), 0);
    assert_int_equal(timetable_next(&t, SLICE("UTC"), 1790000000), 0);
    assert_false(timetable_covers(&t, SLICE("UTC"), 1790000000, &until));
    assert_int_equal(until, 1790000000);
}

static void a_week_without_a_gap_does_not_end(void **state)
{
    struct timetable t;
    int64_t until = 0;

    WW_UNUSED(state);
    assert_int_equal(timetable_read_spans(SLICE("00:00-24:00"), &t, NULL), WW_OK);
    assert_true(timetable_covers(&t, SLICE("Europe/Rome"), 1790000000, &until));
    assert_true(until - 1790000000 > 7 * DAY_S);
}

/* ---- the oracle ------------------------------------------------------------------------------ */

/* Some days of a zone, minute by minute; the change of clocks is in the middle. */
#define WINDOW_DAYS 8
#define N_MINUTES (WINDOW_DAYS * DAY_MINUTES)

struct window {
    const char *zone;
    int64_t start;           /* UTC, a full minute */
    int64_t first_day;       /* there, since 1970 */
    int64_t wall[N_MINUTES]; /* what clocks show, minutes since 1970 */
    bool is_quiet[N_MINUTES];
};

/* Days around which clocks change; years when the rule was odd. */
static const struct {
    const char *zone;
    int64_t around;
} changes[] = {
    {"Europe/Dublin",       1774746000}, /* 2026-03-29 */
    {"Europe/Dublin",       1792890000}, /* 2026-10-25 */
    {"Europe/Rome",         1774746000},
    {"Europe/Rome",         1792890000},
    {"America/New_York",    1772953200}, /* 2026-03-08 */
    {"America/New_York",    1793512800}, /* 2026-11-01 */
    {"America/St_Johns",    1268537460}, /* 2010-03-14, at 00:01 */
    {"America/St_Johns",    1289097060}, /* 2010-11-07, back over midnight */
    {"America/Havana",      1772946000}, /* 2026-03-08, at midnight */
    {"America/Havana",      1793509200}, /* 2026-11-01, 01:00 to 00:00 */
    {"America/Sao_Paulo",   1541300400}, /* 2018-11-04, midnight is skipped */
    {"America/Sao_Paulo",   1550368800}, /* 2019-02-17, midnight to 23:00 */
    {"America/Santiago",    1788667200}, /* 2026-09-06, midnight is skipped */
    {"Asia/Beirut",         1774735200}, /* 2026-03-29, midnight is skipped */
    {"Asia/Beirut",         1792875600}, /* 2026-10-25, midnight to 23:00 */
    {"Asia/Gaza",           1679961600}, /* spring of 2023 */
    {"Australia/Lord_Howe", 1775314800}, /* 2026-04-05, half an hour */
    {"Australia/Lord_Howe", 1791041400}, /* 2026-10-04 */
    {"Australia/Sydney",    1775318400},
    {"Australia/Sydney",    1791043200},
    {"Pacific/Apia",        1325239200}, /* 2011-12-30 was no day */
    {"Pacific/Kwajalein",   745848000 }, /* 1993-08-21 neither */
    {"Asia/Kathmandu",      1790000000}, /* 05:45, no change */
    {"UTC",                 1790000000},
    {"",                    1790000000},
};

/* By the zone's clocks alone. */
static struct window *window(size_t c)
{
    static struct window windows[WW_COUNT(changes)];
    struct window *w = &windows[c];
    const char *zone = changes[c].zone;
    int64_t around = changes[c].around;

    if (w->zone != NULL)
        return w;
    w->zone = zone;
    w->start = around / DAY_S * DAY_S - (WINDOW_DAYS / 2) * DAY_S;
    for (int i = 0; i < N_MINUTES; i++) {
        int64_t at = w->start + (int64_t)i * MINUTE_S;

        w->wall[i] = (at + zone_offset_s(slice_from(zone), at)) / MINUTE_S;
    }
    w->first_day = w->wall[0] / DAY_MINUTES + 1;
    return w;
}

/* The first minute at which the clocks show so many minutes of that day, or more; -1: none. */
static int fires(const struct window *w, int64_t day, int minute)
{
    for (int i = 0; i < N_MINUTES; i++)
        if (w->wall[i] >= day * DAY_MINUTES + minute)
            return i;
    return -1;
}

/* The first day of 1970 was a Thursday; bit 0 is Monday. */
static bool is_on(unsigned days, int64_t day)
{
    return (days >> ((day + 3) % 7) & 1U) != 0;
}

/* What is looked at: the days beside the change. What is further away bounds them. */
#define FROM (3 * DAY_MINUTES)
#define TO (5 * DAY_MINUTES)
#define FIRES_MAX (TIMETABLE_MAX * WINDOW_DAYS)

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static size_t all_fires(const struct window *w, const struct timetable *t, int *out)
{
    size_t n = 0;

    for (int64_t day = w->first_day; day < w->first_day + WINDOW_DAYS; day++)
        for (size_t i = 0; i < t->n_rows; i++) {
            int at = is_on(t->rows[i].days, day) ? fires(w, day, t->rows[i].minute) : -1;

            if (at >= 0)
                out[n++] = at;
        }
    qsort(out, n, sizeof(*out), by_number);
    return n;
}

static void check_hours(const struct window *w, const char *words, int now,
                        const struct timetable *t, const int *all, size_t n)
{
    for (int second = 0; second < MINUTE_S; second += 59) {
        int64_t at = w->start + (int64_t)now * MINUTE_S + second;
        int64_t last = timetable_last(t, slice_from(w->zone), at);
        int64_t next = timetable_next(t, slice_from(w->zone), at);
        int64_t want_last = 0;
        int64_t want_next = 0;

        for (size_t i = 0; i < n; i++)
            if (all[i] <= now)
                want_last = w->start + (int64_t)all[i] * MINUTE_S;
            else if (want_next == 0)
                want_next = w->start + (int64_t)all[i] * MINUTE_S;
        if (last != want_last || next != want_next)
            fail_msg("%s, \"%s\" at %lld: last %lld, not %lld; next %lld, not %lld", w->zone, words,
                     (long long)at, (long long)last, (long long)want_last, (long long)next,
                     (long long)want_next);
    }
}

static void hours_are_as_the_clocks_show_them(void **state)
{
    static const char *const tables[] = {
        "07:30",
        "00:00 23:59",
        "00:30 01:30 02:15 02:30 03:00 23:15",
        "Mon-Fri 07:30 16:00 Sat,Sun 00:30 02:30",
    };
    static int all[FIRES_MAX];

    WW_UNUSED(state);
    for (size_t c = 0; c < WW_COUNT(changes); c++) {
        struct window *w = window(c);

        for (size_t k = 0; k < WW_COUNT(tables); k++) {
            struct timetable t;
            size_t n;

            assert_int_equal(timetable_read(slice_from(tables[k]), &t, NULL), WW_OK);
            n = all_fires(w, &t, all);
            for (int now = FROM; now < TO; now += 53)
                check_hours(w, tables[k], now, &t, all, n);
            for (size_t i = 0; i < n; i++)
                if (all[i] > FROM && all[i] < TO) {
                    check_hours(w, tables[k], all[i] - 1, &t, all, n);
                    check_hours(w, tables[k], all[i], &t, all, n);
                }
        }
    }
}

static void lay(struct window *w, const struct timetable *t)
{
    memset(w->is_quiet, 0, sizeof(w->is_quiet));
    for (int64_t day = w->first_day - 1; day < w->first_day + WINDOW_DAYS; day++)
        for (size_t i = 0; i < t->n_rows; i++) {
            const struct timetable_row *row = &t->rows[i];
            int64_t end_day = row->until < row->minute ? day + 1 : day;
            int first = fires(w, day, row->minute);
            int end = fires(w, end_day, row->until); /* 1440 is the next day's midnight */

            for (int m = first;
                 is_on(row->days, day) && m >= 0 && (m < end || end < 0) && m < N_MINUTES; m++)
                w->is_quiet[m] = true;
        }
}

static void spans_are_as_the_clocks_show_them(void **state)
{
    static const char *const tables[] = {
        "22:00-06:30",
        "00:00-24:00",
        "Sat-Sun 00:00-24:00",
        "Mon-Fri 20:00-24:00 00:00-07:00 Sat 00:00-12:00",
        "23:30-00:30 00:30-02:30",
        "02:00-02:30 02:10-03:00",
        "23:15-00:45 12:00-12:01",
    };

    WW_UNUSED(state);
    for (size_t c = 0; c < WW_COUNT(changes); c++) {
        struct window *w = window(c);

        for (size_t k = 0; k < WW_COUNT(tables); k++) {
            struct timetable t;

            assert_int_equal(timetable_read_spans(slice_from(tables[k]), &t, NULL), WW_OK);
            lay(w, &t);
            for (int now = FROM; now < TO; now += 41) {
                int64_t at = w->start + (int64_t)now * MINUTE_S;
                int64_t until = 0;
                int end = now;
                bool is_in = timetable_covers(&t, slice_from(w->zone), at, &until);

                while (end < N_MINUTES - DAY_MINUTES && w->is_quiet[end])
                    end++;
                if (is_in != w->is_quiet[now] ||
                    (end < N_MINUTES - DAY_MINUTES && until != w->start + (int64_t)end * MINUTE_S))
                    fail_msg("%s, \"%s\" at %lld: %d until %lld, not %d until %lld", w->zone,
                             tables[k], (long long)at, is_in, (long long)until, w->is_quiet[now],
                             (long long)(w->start + (int64_t)end * MINUTE_S));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_hours_and_days),
        cmocka_unit_test(words_that_are_none_are_named),
        cmocka_unit_test(too_many_hours_are_refused),
        cmocka_unit_test(known_changes),
        cmocka_unit_test(an_empty_table_is_never),
        cmocka_unit_test(a_week_without_a_gap_does_not_end),
        cmocka_unit_test(hours_are_as_the_clocks_show_them),
        cmocka_unit_test(spans_are_as_the_clocks_show_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
