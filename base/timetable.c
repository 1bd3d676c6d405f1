/* timetable.c - hours of a week, read and found by the clocks of a zone. */
#include "base/timetable.h"

#include "base/nearest.h"
#include "base/zone.h"

#define DAY_S 86400
#define MINUTE_S 60
#define DAY_MINUTES 1440
#define ALL_DAYS 0x7F
/* 1970-01-01 was a Thursday; bit 0 is Monday. */
#define FIRST_WEEKDAY 3
/* Where an hour is looked for: every weekday, twice. */
#define LOOK_DAYS 15

static const char *const day_names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_day(struct slice word, unsigned *out)
{
    for (*out = 0; *out < WW_COUNT(day_names); (*out)++)
        if (slice_equal_nocase(word, slice_from(day_names[*out])))
            return true;
    return false;
}

/* "Mon", "Mon-Fri", "Mon,Thu", "Fri-Mon". */
static bool read_days(struct slice word, unsigned *days)
{
    *days = 0;
    while (word.len > 0) {
        size_t comma = slice_find_char(word, ',');
        struct slice part = slice_head(word, comma);
        size_t dash = slice_find_char(part, '-');
        unsigned from;
        unsigned to;

        if (!read_day(slice_head(part, dash), &from))
            return false;
        to = from;
        if (dash < part.len && !read_day(slice_skip(part, dash + 1), &to))
            return false;
        for (unsigned day = from;; day = (day + 1) % 7) {
            *days |= 1U << day;
            if (day == to)
                break;
        }
        if (comma + 1 == word.len)
            return false;
        word = slice_skip(word, comma + 1);
    }
    return *days != 0;
}

static bool read_minute(struct slice word, int *out)
{
    unsigned long long hour;
    unsigned long long minute;

    if (word.len != 5 || word.ptr[2] != ':' || !slice_number(slice_head(word, 2), 24, &hour) ||
        !slice_number(slice_skip(word, 3), 59, &minute) || (hour == 24 && minute > 0))
        return false;
    *out = (int)(hour * 60 + minute);
    return true;
}

static bool read_row(struct slice word, bool is_span, struct timetable_row *row)
{
    size_t dash = slice_find_char(word, '-');

    if (!is_span)
        return read_minute(word, &row->minute) && row->minute < DAY_MINUTES;
    return dash < word.len && read_minute(slice_head(word, dash), &row->minute) &&
           read_minute(slice_skip(word, dash + 1), &row->until) && row->minute < DAY_MINUTES &&
           row->minute != row->until;
}

/* "Mondays" means Mon, and so does "Mno". */
static const char *near_day(struct slice word)
{
    struct nearest near;

    word = slice_head(word, slice_find_char(word, ','));
    word = slice_head(word, slice_find_char(word, '-'));
    nearest_init(&near, word);
    for (size_t i = 0; i < WW_COUNT(day_names); i++) {
        if (slice_starts_nocase(word, slice_from(day_names[i])))
            return day_names[i];
        nearest_try(&near, day_names[i]);
    }
    return near.best;
}

static enum ww_status fail_word(struct slice word, bool is_span, struct ww_error *err)
{
    const char *day = near_day(word);

    return ww_fail(err, WW_INVALID, "\"%.*s\" is neither %s nor days (Mon-Fri; Mon,Thu)%s%s%s",
                   SLICE_ARG(word), is_span ? "hours as 22:00-06:30" : "an hour as 07:30",
                   day != NULL ? "; did you mean \"" : "", day != NULL ? day : "",
                   day != NULL ? "\"?" : "");
}

static size_t word_end(struct slice words)
{
    size_t end = 0;

    while (end < words.len && words.ptr[end] != ' ' && words.ptr[end] != '\t')
        end++;
    return end;
}

static enum ww_status read_words(struct slice words, bool is_span, struct timetable *out,
                                 struct ww_error *err)
{
    unsigned days = ALL_DAYS;
    bool has_hour = true; /* behind the last days */

    *out = (struct timetable){0};
    for (words = slice_trim(words); words.len > 0;) {
        struct slice word = slice_head(words, word_end(words));
        struct timetable_row row = {.days = days};
        unsigned named;

        words = slice_trim(slice_skip(words, word.len));
        if (read_days(word, &named)) {
            if (!has_hour)
                return ww_fail(err, WW_INVALID,
                               "\"%.*s\" stands behind days: a comma joins them (Mon,Thu 07:30)",
                               SLICE_ARG(word));
            days = named;
            has_hour = false;
            continue;
        }
        if (!read_row(word, is_span, &row))
            return fail_word(word, is_span, err);
        if (out->n_rows == TIMETABLE_MAX)
            return ww_fail(err, WW_INVALID, "\"%.*s\": more than %d hours", SLICE_ARG(word),
                           TIMETABLE_MAX);
        out->rows[out->n_rows++] = row;
        has_hour = true;
    }
    return has_hour ? WW_OK : ww_fail(err, WW_INVALID, "days without an hour behind them");
}

enum ww_status timetable_read(struct slice words, struct timetable *out, struct ww_error *err)
{
    return read_words(words, false, out, err);
}

enum ww_status timetable_read_spans(struct slice words, struct timetable *out, struct ww_error *err)
{
    return read_words(words, true, out, err);
}

/* ---- finding --------------------------------------------------------------------------------- */

static int64_t day_of(struct slice zone, int64_t at)
{
    return (at + zone_offset_s(zone, at)) / DAY_S;
}

static bool is_on(const struct timetable_row *row, int64_t day)
{
    return (row->days >> ((day + FIRST_WEEKDAY) % 7) & 1U) != 0;
}

/*
 * The moment when clocks there first show so many minutes of that day (days since 1970); of an hour
 * that is skipped, the moment of the change.
 */
static int64_t moment(struct slice zone, int64_t day, int minute)
{
    int64_t local = day * DAY_S + minute * MINUTE_S;
    int64_t early = local - zone_offset_s(zone, local - DAY_S);
    int64_t late = local - zone_offset_s(zone, local + DAY_S);
    int64_t lo;
    int64_t hi;

    if (early == late)
        return early;
    if (early + zone_offset_s(zone, early) == local)
        return early < late || late + zone_offset_s(zone, late) != local ? early : late;
    if (late + zone_offset_s(zone, late) == local)
        return late;
    /* Clocks never show it: the first second behind the change. */
    lo = early < late ? early : late;
    hi = early < late ? late : early;
    while (hi - lo > 1) {
        int64_t middle = lo + (hi - lo) / 2;

        if (zone_offset_s(zone, middle) == zone_offset_s(zone, local - DAY_S))
            lo = middle;
        else
            hi = middle;
    }
    return hi;
}

/* Where clocks go back over midnight, tomorrow has begun once already. */
int64_t timetable_last(const struct timetable *t, struct slice zone, int64_t now)
{
    int64_t best = 0;
    int64_t today = day_of(zone, now);

    for (int64_t day = today + 1; day > today - LOOK_DAYS && best == 0; day--)
        for (size_t i = 0; i < t->n_rows; i++) {
            int64_t at = is_on(&t->rows[i], day) ? moment(zone, day, t->rows[i].minute) : now + 1;

            if (at <= now && at > best)
                best = at;
        }
    return best;
}

int64_t timetable_next(const struct timetable *t, struct slice zone, int64_t now)
{
    int64_t best = 0;
    int64_t today = day_of(zone, now);

    for (int64_t day = today - 1; day < today + LOOK_DAYS && best == 0; day++)
        for (size_t i = 0; i < t->n_rows; i++) {
            int64_t at = is_on(&t->rows[i], day) ? moment(zone, day, t->rows[i].minute) : now;

            if (at > now && (best == 0 || at < best))
                best = at;
        }
    return best;
}

/* When the span that began on that day is over, if it holds at; else at. */
static int64_t end_of(const struct timetable_row *row, struct slice zone, int64_t day, int64_t at)
{
    bool is_overnight = row->until < row->minute;
    int64_t last;

    if (!is_on(row, day) || moment(zone, day, row->minute) > at)
        return at;
    last = row->until == DAY_MINUTES ? moment(zone, day + 1, 0)
                                     : moment(zone, day + is_overnight, row->until);
    return last > at ? last : at;
}

bool timetable_covers(const struct timetable *spans, struct slice zone, int64_t now, int64_t *until)
{
    int64_t end = now;
    bool has_grown = true;

    /* Spans that touch are one; a week of them has no end to look for. */
    while (has_grown && end - now < 8 * DAY_S) {
        int64_t day = day_of(zone, end);

        has_grown = false;
        for (size_t i = 0; i < spans->n_rows; i++)
            for (int64_t from = day - 1; from <= day + 1; from++) {
                int64_t last = end_of(&spans->rows[i], zone, from, end);

                has_grown |= last > end;
                end = last;
            }
    }
    *until = end;
    return end > now;
}

bool timetable_is_endless(const struct timetable *spans)
{
    int64_t until;

    return timetable_covers(spans, SLICE("UTC"), 0, &until) && until > 7 * DAY_S;
}
