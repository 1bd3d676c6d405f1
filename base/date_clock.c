/* date_clock.c - reading times of day and their zones, and weekdays, which may stand between. */
#include "base/attrs.h"
#include "base/date_reader.h"

bool date_take_weekday(struct reader *r, struct date_fields *f)
{
    struct reader first = *r;
    bool is_english = false;
    char room[PIECE_PAIR_BYTES];
    int day = -1;

    if (piece_word(&r->now).len == 0)
        return false;
    reader_advance(r);
    if (r->now.kind == PIECE_WORD) /* Vietnamese and Hebrew have names of two words */
        day = date_weekday(piece_pair(&first.now, &r->now, room), &is_english);
    if (day >= 0) {
        reader_advance(r);
    } else {
        day = date_weekday(piece_word(&first.now), &is_english);
        if (day < 0) {
            *r = first;
            return false;
        }
    }
    f->weekday = day;
    f->is_foreign |= !is_english;
    if (reader_at_mark(r, "-") && !r->now.is_spaced) { /* segunda-feira */
        struct reader before = *r;

        reader_advance(r);
        if (r->now.kind == PIECE_WORD && date_month(piece_word(&r->now)) == 0)
            reader_advance(r);
        else
            *r = before;
    }
    return true;
}

/* "p.m.", "p. m.", and the like in Greek and Persian. */
static unsigned take_dotted_half(struct reader *r)
{
    static const struct {
        const char *first, *second;
        unsigned half;
    } rows[] = {
        {"a",  "m",  ROLE_AM},
        {"p",  "m",  ROLE_PM},
        {"π", "μ", ROLE_AM},
        {"μ", "μ", ROLE_PM},
        {"ق", "ظ", ROLE_AM},
        {"ب", "ظ", ROLE_PM},
    };
    struct reader before = *r;
    struct slice first = piece_word(&before.now);

    reader_advance(r);
    if (first.len > 0 && reader_take_mark(r, "."))
        for (size_t i = 0; i < WW_COUNT(rows); i++)
            if (slice_equal(first, slice_from(rows[i].first)) &&
                slice_equal(piece_word(&r->now), slice_from(rows[i].second))) {
                reader_advance(r);
                (void)reader_take_mark(r, ".");
                return rows[i].half;
            }
    *r = before;
    return 0;
}

/* "pm", "p.m.", or a word before or behind the time in other languages. */
static unsigned take_half(struct reader *r, bool is_behind)
{
    unsigned roles = reader_roles(r);
    unsigned half = roles & (ROLE_AM | ROLE_PM | ROLE_NOON | ROLE_EVENING);

    if (half == 0)
        return r->now.kind == PIECE_WORD ? take_dotted_half(r) : 0;
    if (!is_behind && (roles & ROLE_AFTER_YEAR) != 0)
        return 0; /* one Arabic letter is "AD" behind a year and "pm" behind a time */
    reader_advance(r);
    return half;
}

static bool apply_half(struct date_fields *f, unsigned half)
{
    if (half == 0)
        return true;
    if ((half & ROLE_AM) != 0 && f->hour > 12)
        return false;
    if ((half & ROLE_AM) != 0 && f->hour == 12)
        f->hour = 0;
    if ((half & ROLE_PM) != 0 && f->hour < 12)
        f->hour += 12;
    if ((half & ROLE_NOON) != 0 && f->hour < 11)
        f->hour += 12;
    if ((half & ROLE_EVENING) != 0 && (f->hour < 4 || f->hour == 12))
        return false; /* of which day? */
    if ((half & ROLE_EVENING) != 0 && f->hour < 12)
        f->hour += 12;
    return true;
}

/* ":05", ":05:22", ":05:22.123" behind the hour. */
static bool read_colon_minutes(struct reader *r, struct date_fields *f)
{
    struct reader before;

    if (r->now.is_spaced || !reader_take_mark(r, ":") || !reader_take_glued(r, 1, 2, &f->minute))
        return false;
    if (r->now.is_spaced || !reader_at_mark(r, ":"))
        return true;
    reader_advance(r);
    if (!reader_take_glued(r, 1, 2, &f->second))
        return false;
    f->precision = DATE_SECOND;
    before = *r;
    if (!r->now.is_spaced && reader_take_mark(r, ".,") && r->now.kind == PIECE_NUMBER &&
        !r->now.is_spaced)
        reader_advance(r);
    else
        *r = before;
    return true;
}

/* "h05", "时05分22秒", " Uhr" behind the hour. */
static bool read_unit_minutes(struct reader *r, struct date_fields *f)
{
    struct reader before;
    unsigned n;

    if (!reader_take_role(r, ROLE_HOUR_UNIT))
        return false;
    before = *r;
    if (!reader_take_number(r, 2, &n) || reader_at_mark(r, ":/-")) {
        *r = before;
        return true;
    }
    f->minute = n;
    (void)reader_take_role(r, ROLE_MINUTE_UNIT);
    before = *r;
    if (reader_take_number(r, 2, &n) && reader_take_role(r, ROLE_SECOND_UNIT)) {
        f->second = n;
        f->precision = DATE_SECOND;
    } else {
        *r = before;
    }
    return true;
}

/* ".05", ".05.22": only behind a date, where nothing else can be meant. */
static bool read_dotted_minutes(struct reader *r, struct date_fields *f)
{
    struct reader before;

    if (r->now.is_spaced || !reader_take_mark(r, ".") || !reader_take_glued(r, 2, 2, &f->minute))
        return false;
    before = *r;
    if (!r->now.is_spaced && reader_take_mark(r, ".") && reader_take_glued(r, 2, 2, &f->second))
        f->precision = DATE_SECOND;
    else
        *r = before;
    return true;
}

bool date_time_is_possible(const struct date_fields *f)
{
    if (f->hour == 24)
        return f->minute == 0 && f->second == 0;
    return f->hour < 24 && f->minute < 60 && f->second <= 60;
}

/* "T1005", "T100522.5": glued digits, where a T has announced them. */
static bool read_compact(struct reader *r, struct date_fields *f)
{
    bool has_seconds = reader_at_number(r, 6, 6);
    unsigned n = (unsigned)r->now.number;
    struct reader before;

    f->second = has_seconds ? n % 100 : 0;
    n = has_seconds ? n / 100 : n;
    f->hour = n / 100;
    f->minute = n % 100;
    f->precision = has_seconds ? DATE_SECOND : DATE_MINUTE;
    reader_advance(r);
    before = *r;
    if (has_seconds && reader_take_mark(r, ".,") && r->now.kind == PIECE_NUMBER)
        reader_advance(r);
    else
        *r = before;
    return date_time_is_possible(f);
}

/* One of the ways to write minutes behind an hour; false, and nothing read, when there are none. */
static bool read_minutes(struct reader *r, struct date_fields *f, enum time_place place)
{
    struct reader before = *r;

    if (read_colon_minutes(r, f))
        return true;
    *r = before;
    f->minute = f->second = 0;
    f->precision = DATE_MINUTE;
    if (read_unit_minutes(r, f))
        return true;
    *r = before;
    if (place == TIME_BEHIND_DATE && read_dotted_minutes(r, f))
        return true;
    *r = before;
    f->minute = 0;
    return false;
}

static bool read_clock(struct reader *r, struct date_fields *f, enum time_place place)
{
    unsigned half;
    bool has_minutes;

    half = take_half(r, false);
    f->minute = f->second = 0;
    f->precision = DATE_MINUTE;
    if (place == TIME_BEHIND_T && (reader_at_number(r, 4, 4) || reader_at_number(r, 6, 6)))
        return read_compact(r, f);
    if (!reader_take_number(r, 2, &f->hour))
        return false;
    has_minutes = read_minutes(r, f, place);
    if (half == 0) {
        half = take_half(r, true);
        f->is_twelve_hours = half != 0;
    }
    if (!has_minutes && half == 0 && place != TIME_BEHIND_T)
        return false;
    (void)reader_take_role(r, ROLE_AFTER_TIME);
    return apply_half(f, half) && date_time_is_possible(f);
}

bool date_read_time(struct reader *r, struct date_fields *f, enum time_place place)
{
    struct reader before = *r;
    struct date_fields saved = *f;

    if (read_clock(r, f, place)) {
        f->has_time = true;
        return true;
    }
    *r = before;
    *f = saved;
    return false;
}

/* ":30" behind the hours of an offset. ":0" has lost a digit that can only have been a 0. */
static bool read_offset_minutes(struct reader *r, unsigned *minutes)
{
    if (r->now.is_spaced || !reader_take_mark(r, ":"))
        return false;
    return reader_take_glued(r, 2, 2, minutes) ||
           (reader_take_glued(r, 1, 1, minutes) && *minutes == 0);
}

/* "+01:00", "-0500", "+530", "+8": hours and minutes east of UTC; no zone is beyond 14 hours. */
static bool read_offset(struct reader *r, bool wants_minutes, int32_t *offset_s)
{
    struct reader before = *r;
    bool is_west = reader_at_mark(r, "-");
    unsigned hours, minutes = 0;

    if (!reader_take_mark(r, "+-") || r->now.is_spaced)
        goto out;
    if (reader_at_number(r, 3, 4) && !wants_minutes) {
        hours = (unsigned)r->now.number / 100;
        minutes = (unsigned)r->now.number % 100;
        reader_advance(r);
    } else {
        struct reader behind;

        if (!reader_take_number(r, 2, &hours))
            goto out;
        behind = *r;
        if (!read_offset_minutes(r, &minutes)) {
            if (wants_minutes)
                goto out;
            minutes = 0;
            *r = behind;
        }
    }
    if (minutes > 59 || hours * 60 + minutes > 14 * 60)
        goto out;
    *offset_s = (int32_t)(hours * 3600 + minutes * 60);
    if (is_west)
        *offset_s = -*offset_s;
    return true;
out:
    *r = before;
    return false;
}

/* A name: the zone's, or (unknown capitals behind a time) any, which is read as UTC. */
static bool read_zone_name(struct reader *r, struct date_fields *f)
{
    struct slice word = piece_word(&r->now);
    int32_t offset_s = 0;
    bool has_area = slice_equal(word, SLICE("etc"));
    enum date_zone_kind kind;

    if (has_area) {
        reader_advance(r);
        if (!reader_take_mark(r, "/"))
            return false;
        word = piece_word(&r->now);
    }
    if (word.len == 0)
        return false;
    kind = date_zone(word, &offset_s);
    /* "et" and "at" are words, too. */
    if (!r->now.is_capital && (!r->is_whole || word.len == 2))
        return false;
    if (kind == ZONE_NONE) {
        if (!r->is_whole || !f->has_time || !r->now.is_capital || word.len > 5)
            return false;
    }
    f->zone_kind = kind;
    f->has_zone = kind != ZONE_NONE;
    f->zone_s = offset_s;
    reader_advance(r);
    if (!reader_at_mark(r, "+-"))
        return true;
    /* "GMT+8". East of "EST" or "Etc/GMT" is told with either sign: not what the name does not say.
     */
    if (!read_offset(r, false, &offset_s) || has_area ||
        (offset_s != f->zone_s && (kind != ZONE_FIXED || f->zone_s != 0)))
        return false;
    f->zone_s = offset_s;
    f->zone_kind = ZONE_FIXED;
    return true;
}

/* "(UTC+8)" behind a name that several zones share. */
static void read_bracketed_offset(struct reader *r, struct date_fields *f)
{
    struct reader before = *r;
    int32_t offset_s = 0;

    if (!reader_take_mark(r, "("))
        return;
    if (slice_equal(piece_word(&r->now), SLICE("utc")) ||
        slice_equal(piece_word(&r->now), SLICE("gmt")))
        reader_advance(r);
    if (read_offset(r, false, &offset_s) && reader_take_mark(r, ")")) {
        f->has_zone = true;
        f->zone_s = offset_s;
        f->zone_kind = ZONE_FIXED;
    } else {
        *r = before;
    }
}

/* A name behind an offset ("-0700 MST", "-05:00Z") adds nothing to it. */
static void skip_zone_name(struct reader *r)
{
    struct slice word = piece_word(&r->now);
    int32_t unused;

    if ((r->now.is_capital && date_zone(word, &unused) != ZONE_NONE) ||
        (slice_equal(word, SLICE("z")) && !r->now.is_spaced))
        reader_advance(r);
}

void date_read_zone(struct reader *r, struct date_fields *f)
{
    struct reader before = *r;
    struct date_fields saved = *f;
    bool is_bracketed = reader_take_mark(r, "(");

    if (!is_bracketed && f->precision == DATE_SECOND && reader_take_mark(r, ":") &&
        !reader_at_mark(r, "+-"))
        *r = before; /* "15:04:05:-0700" is as far as this goes */
    if (read_offset(r, !f->has_time, &f->zone_s)) {
        f->has_zone = true;
        f->zone_kind = ZONE_FIXED;
        skip_zone_name(r);
    } else if (!read_zone_name(r, f)) {
        *r = before;
        *f = saved;
        return;
    }
    if (is_bracketed && !reader_take_mark(r, ")")) {
        *r = before;
        *f = saved;
        return;
    }
    read_bracketed_offset(r, f);
    reader_skip_comment(r);
}

/* What may stand between a date and its time. */
static bool skip_to_time(struct reader *r, struct date_fields *f)
{
    if (reader_at_mark(r, "-")) {
        if (!r->now.is_spaced)
            return false;
        reader_advance(r);
        return r->now.is_spaced;
    }
    return reader_take_mark(r, ",|.():") || reader_take_role(r, ROLE_AT | ROLE_AFTER_YEAR) ||
           date_take_weekday(r, f);
}

void date_read_time_behind(struct reader *r, struct date_fields *f)
{
    struct reader before = *r;
    struct date_fields saved = *f;

    if (slice_equal(piece_word(&r->now), SLICE("t")) && !r->now.is_spaced) {
        reader_advance(r);
        if (r->now.kind == PIECE_NUMBER && !r->now.is_spaced && date_read_time(r, f, TIME_BEHIND_T))
            return;
        *r = before;
    }
    for (unsigned i = 0; i < 6; i++) {
        if (date_read_time(r, f, TIME_BEHIND_DATE))
            return;
        if (reader_at_mark(r, "(")) {
            reader_skip_comment(r); /* a weekday of one letter */
            if (!reader_at_mark(r, "("))
                continue;
        }
        if (!skip_to_time(r, f))
            break;
    }
    *r = before;
    *f = saved;
}
