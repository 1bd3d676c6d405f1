/*
 * schedule.c - intervals, back-off and what publishers say of both.
 */
#include "crawler/schedule.h"

#include "base/attrs.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/limits.h"

#include <stdlib.h>

#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)
/* A feed is asked about so often during the time it has been silent. */
#define QUIET_SHARE 32
/* So many gaps between two entries tell a rhythm. */
#define RHYTHM_GAPS_MIN 3

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

/*
 * The first moment from at on that lies in no hour and on no day to be skipped; at when all are, or
 * when it would be too late. Not all at the stroke of the hour.
 */
static int64_t pass_over(int64_t at, int64_t feed_id, uint32_t hours, uint32_t days)
{
    for (int64_t t = at; t - at <= SKIP_MAX_S; t = t - t % HOUR_S + HOUR_S) {
        const int64_t day = t / DAY_S, hour = (t % DAY_S) / HOUR_S;
        /* 1 January 1970 was a Thursday: day 3 of a week that begins on Monday. */
        const bool is_skipped =
            ((hours >> hour) & 1u) != 0 || ((days >> ((day + 3) % 7)) & 1u) != 0;

        if (!is_skipped)
            return t == at ? at : t + spread(feed_id, 4, HOUR_S / 2);
    }
    return at;
}

/* What the interval may grow to while nothing comes. */
static int64_t longest(const struct schedule_input *in)
{
    int64_t quiet = in->last_new_at > 0 ? in->now - in->last_new_at : 0;

    if (in->rhythm_s <= 0)
        return FEED_INTERVAL_MAX_S;
    return at_least(at_most(in->rhythm_s, 2 * FEED_INTERVAL_MAX_S) / 2, quiet / QUIET_SHARE);
}

int64_t schedule_feed(const struct schedule_input *in, int64_t *interval_s)
{
    const int64_t asked = at_most(at_least(in->max_age_s, in->asked_interval_s), MAX_AGE_MAX_S);
    int64_t least = in->min_interval_s;
    int64_t most, wait;

    if (!in->is_conditional && least > 0)
        least = at_least(least, FEED_UNCONDITIONAL_MIN_S);
    most = at_least(at_most(longest(in), FEED_INTERVAL_MAX_S), least);
    wait = in->has_news || in->last_interval_s <= 0 ? least : in->last_interval_s * 3 / 2;
    wait = at_most(at_least(wait, least), most);
    *interval_s = wait;
    /* Earlier by up to a tenth where there is room above the least and above what they ask for. */
    wait = at_least(wait - spread(in->feed_id, 1, wait / 10), at_least(least, asked));
    return pass_over(in->now + wait, in->feed_id, in->skip_hours, in->skip_days);
}

/* first_s, doubling up to a day. */
static int64_t doubled(int64_t first_s, int64_t n)
{
    int64_t wait = first_s;

    for (int64_t i = 1; i < n && wait < DAY_S; i++)
        wait *= 2;
    return at_most(wait, DAY_S);
}

int64_t schedule_feed_retry(const struct schedule_failure *in)
{
    int64_t wait = doubled(HOUR_S, in->n_failures);

    wait = at_least(wait, at_least(in->min_interval_s, in->last_interval_s));
    wait = at_least(wait, at_most(in->max_age_s, MAX_AGE_MAX_S));
    if (in->failing_since > 0 && in->now - in->failing_since > FEED_SICK_S) /* whatever it skips */
        return in->now + FEED_SICK_RETRY_S + spread(in->feed_id, 2, FEED_SICK_RETRY_S / 10);
    wait += spread(in->feed_id, 2, wait / 10);
    return pass_over(in->now + wait, in->feed_id, in->skip_hours, in->skip_days);
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

int64_t schedule_rhythm(int64_t *times, size_t n)
{
    int64_t gaps[RHYTHM_ENTRIES];
    size_t n_gaps = 0;

    if (n == 0)
        return 0;
    qsort(times, n, sizeof(times[0]), by_time);
    for (size_t i = n - 1; i > 0 && n_gaps < WW_COUNT(gaps); i--)
        if (times[i] > times[i - 1])
            gaps[n_gaps++] = times[i] - times[i - 1];
    if (n_gaps < RHYTHM_GAPS_MIN)
        return 0;
    qsort(gaps, n_gaps, sizeof(gaps[0]), by_time);
    return gaps[n_gaps / 2];
}

bool schedule_wants_full(int64_t now, int64_t feed_id, int64_t full_at, int64_t distrust)
{
    int64_t every = FEED_FULL_EVERY_S;

    for (int64_t i = 0; i < distrust && every > FEED_UNCONDITIONAL_MIN_S; i++)
        every /= 2;
    every = at_least(every - spread(feed_id, 5, every / 7), FEED_UNCONDITIONAL_MIN_S);
    /* What lies in the future was written by a clock that went wrong. */
    return full_at > now || now - full_at >= every;
}

#define RETRIES 3

static int64_t retry(const int64_t waits_s[RETRIES], int64_t now, int64_t id, int64_t n_tries)
{
    if (n_tries < 1 || n_tries > RETRIES)
        return 0;
    return now + waits_s[n_tries - 1] + spread(id, 3, waits_s[n_tries - 1] / 10);
}

int64_t schedule_page_retry(int64_t now, int64_t page_id, int64_t n_tries)
{
    static const int64_t waits_s[RETRIES] = {HOUR_S, 6 * HOUR_S, DAY_S};

    return retry(waits_s, now, page_id, n_tries);
}

int64_t schedule_list_retry(int64_t now, int64_t list_id, int64_t n_tries)
{
    static const int64_t waits_s[RETRIES] = {60, 600, HOUR_S};

    return retry(waits_s, now, list_id, n_tries);
}

int64_t schedule_look(int64_t now, int64_t began_at, int64_t page_id, int64_t *step)
{
    static const int64_t waits_s[] = {LOOK_FIRST_S, 6 * HOUR_S, DAY_S, 7 * DAY_S, LOOK_LAST_S};

    for (int64_t i = at_least(*step + 1, 0); i < (int64_t)WW_COUNT(waits_s); i++) {
        const int64_t at = began_at + waits_s[i] + spread(page_id, 6, waits_s[i] / 10);

        *step = i;
        if (at > now)
            return at;
    }
    *step = WW_COUNT(waits_s);
    return 0;
}

int64_t schedule_look_retry(int64_t now, int64_t page_id, int64_t n_tries)
{
    const int64_t wait = doubled(HOUR_S, n_tries);

    return n_tries >= LOOK_TRIES_MAX ? 0 : now + wait + spread(page_id, 7, wait / 10);
}

int64_t schedule_look_confirm(int64_t now, int64_t page_id)
{
    return now + LOOK_CONFIRM_S + spread(page_id, 8, LOOK_CONFIRM_S / 10);
}

int64_t schedule_host_retry(int64_t now, int64_t n_failures)
{
    return now + doubled(HOUR_S, n_failures);
}

/* Digits and nothing else, however many. */
static bool is_number(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

int64_t schedule_retry_after(int64_t now, struct slice header)
{
    unsigned long long seconds = 0;
    struct date date;

    header = slice_trim(header);
    if (is_number(header)) /* any number of digits: more than fits is the most there is */
        return now + (slice_number(header, RETRY_AFTER_MAX_S, &seconds) ? (int64_t)seconds
                                                                        : RETRY_AFTER_MAX_S);
    if (!date_parse(header, &date) || date.at <= now)
        return 0;
    return at_most(date.at, now + RETRY_AFTER_MAX_S);
}

int64_t schedule_max_age(int64_t now, struct slice cache_control, struct slice expires,
                         struct slice server_date)
{
    struct slice rest = cache_control, piece;
    struct date date, sent;

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
        if (value.len > 2 && value.ptr[0] == '"') /* RFC 9111, 5.2: to be taken as well */
            value = slice_sub(value, 1, value.len - 2);
        return slice_number(value, MAX_AGE_MAX_S, &seconds) ? (int64_t)seconds
               : is_number(value)                           ? MAX_AGE_MAX_S
                                                            : 0;
    }
    if (!date_parse(slice_trim(expires), &date))
        return 0;
    if (date_parse(slice_trim(server_date), &sent))
        now = sent.at;
    return date.at <= now ? 0 : at_most(date.at - now, MAX_AGE_MAX_S);
}

int64_t schedule_due_by(int64_t now, int64_t min_interval_s)
{
    return now + at_most(min_interval_s / 20, 60);
}
