/*
 * schedule.c - intervals, back-off and what publishers say of both.
 */
#include "crawler/schedule.h"

#include "base/attrs.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/limits.h"

#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

/* 0 .. most - 1, always the same for one id and reason. */
static int64_t spread(int64_t id, uint64_t reason, int64_t most)
{
    return most <= 0 ? 0 : (int64_t)(hash64_mix((uint64_t)id, reason) % (uint64_t)most);
}

static int64_t at_least(int64_t value, int64_t least)
{
    return value < least ? least : value;
}

static int64_t at_most(int64_t value, int64_t most)
{
    return value > most ? most : value;
}

/* The first moment from at on that lies in no hour and on no day to be skipped; at when all are. */
static int64_t pass_over(int64_t at, uint32_t hours, uint32_t days)
{
    for (int64_t t = at, step = 0; step <= 7 * 24; step++) {
        const int64_t day = t / DAY_S, hour = (t % DAY_S) / HOUR_S;
        /* 1 January 1970 was a Thursday: day 3 of a week that begins on Monday. */
        const bool is_skipped =
            ((hours >> hour) & 1u) != 0 || ((days >> ((day + 3) % 7)) & 1u) != 0;

        if (!is_skipped)
            return t;
        t = t - t % HOUR_S + HOUR_S;
    }
    return at;
}

int64_t schedule_feed(const struct schedule_input *in, int64_t *interval_s)
{
    const int64_t asked[] = {in->max_age_s, at_most(in->ttl_minutes, DAY_S / 60) * 60,
                             in->update_period_s};
    int64_t wait =
        in->has_news || in->last_interval_s <= 0 ? in->min_interval_s : in->last_interval_s * 3 / 2;
    int64_t at;

    wait = at_least(wait, in->min_interval_s);
    wait = at_most(wait, at_least(MAX_AGE_MAX_S, in->min_interval_s));
    *interval_s = wait;
    for (size_t i = 0; i < WW_COUNT(asked); i++)
        wait = at_least(wait, at_most(asked[i], MAX_AGE_MAX_S));
    /* Earlier by up to a tenth when there is room above the least. */
    wait = at_least(wait - spread(in->feed_id, 1, wait / 10), in->min_interval_s);
    at = pass_over(in->now + wait, in->skip_hours, in->skip_days);
    return at_most(at, in->now + at_least(MAX_AGE_MAX_S, in->min_interval_s));
}

/* first_s, doubling up to a day. */
static int64_t doubled(int64_t first_s, int64_t n)
{
    int64_t wait = first_s;

    for (int64_t i = 1; i < n && wait < DAY_S; i++)
        wait *= 2;
    return at_most(wait, DAY_S);
}

int64_t schedule_feed_retry(int64_t now, int64_t feed_id, int64_t n_failures, int64_t failing_since)
{
    int64_t wait = doubled(HOUR_S, n_failures);

    if (failing_since > 0 && now - failing_since > FEED_SICK_S)
        wait = FEED_SICK_RETRY_S;
    return now + wait + spread(feed_id, 2, wait / 10);
}

int64_t schedule_page_retry(int64_t now, int64_t page_id, int64_t n_tries)
{
    static const int64_t waits_s[] = {HOUR_S, 6 * HOUR_S, DAY_S};

    if (n_tries < 1 || n_tries > (int64_t)WW_COUNT(waits_s))
        return 0;
    return now + waits_s[n_tries - 1] + spread(page_id, 3, waits_s[n_tries - 1] / 10);
}

int64_t schedule_host_retry(int64_t now, int64_t n_failures)
{
    return now + doubled(HOUR_S, n_failures);
}

int64_t schedule_retry_after(int64_t now, struct slice header)
{
    unsigned long long seconds = 0;
    struct date date;
    bool is_digits = header.len > 0;

    header = slice_trim(header);
    for (size_t i = 0; i < header.len; i++)
        is_digits = is_digits && header.ptr[i] >= '0' && header.ptr[i] <= '9';
    if (is_digits) /* any number of digits: more than fits is the most there is */
        return now + (slice_number(header, RETRY_AFTER_MAX_S, &seconds) ? (int64_t)seconds
                                                                        : RETRY_AFTER_MAX_S);
    if (!date_parse(header, &date) || date.at <= now)
        return 0;
    return at_most(date.at, now + RETRY_AFTER_MAX_S);
}

int64_t schedule_max_age(int64_t now, struct slice cache_control, struct slice expires)
{
    struct slice rest = cache_control, piece;
    struct date date;

    while (slice_next(&rest, ',', &piece)) {
        unsigned long long seconds = 0;
        struct slice value;

        piece = slice_trim(piece);
        if (slice_equal_nocase(piece, SLICE("no-cache")) ||
            slice_equal_nocase(piece, SLICE("no-store")))
            return 0;
        if (!slice_starts_nocase(piece, SLICE("max-age=")))
            continue;
        value = slice_skip(piece, sizeof("max-age=") - 1);
        return slice_number(value, MAX_AGE_MAX_S, &seconds) ? (int64_t)seconds
               : value.len > 5                              ? MAX_AGE_MAX_S
                                                            : 0;
    }
    if (!date_parse(slice_trim(expires), &date) || date.at <= now)
        return 0;
    return at_most(date.at - now, MAX_AGE_MAX_S);
}

int64_t schedule_due_by(int64_t now, int64_t min_interval_s)
{
    return now + at_most(min_interval_s / 20, 300);
}
