/*
 * date_read.c - reading a date: one small grammar over pieces (numbers, words, marks), tried from a
 * given place. date_parse wants the whole text read. A form that does not fit leaves the reader
 * where it was.
 */
#include "base/attrs.h"
#include "base/date_reader.h"

#include <string.h>

/* A date with zone, comment and weekday is shorter; what is longer is no date. */
#define TEXT_MAX_BYTES 200

/* Before the web there were no feeds, and 9999999999 is no date: other numbers are something else.
 */
#define EPOCH_MIN 631152000  /* 1990 */
#define EPOCH_MAX 4102444800 /* 2100 */

typedef bool form_function(struct reader *r, struct date_fields *f);

/* Four digits; two where the whole text is a date, read as RFC 5322 (4.3) reads them. */
static bool read_year(struct reader *r, struct date_fields *f)
{
    (void)reader_take_mark(r, "'");
    if (!reader_at_number(r, 4, 4) && !(r->is_whole && reader_at_number(r, 2, 2)))
        return false;
    f->year = r->now.number;
    f->year_digits = r->now.n_digits;
    if (f->year_digits == 2)
        f->year += f->year < 50 ? 2000 : 1900;
    reader_advance(r);
    return f->year_digits == 4 || !reader_at_mark(r, ":");
}

/* Where asctime and date(1) put it: behind the time. */
static bool read_year_or_time(struct reader *r, struct date_fields *f)
{
    struct reader before = *r;

    if (read_year(r, f)) {
        f->precision = DATE_DAY;
        return true;
    }
    *r = before;
    if (!date_read_time(r, f, TIME_FIRST))
        return false;
    date_read_zone(r, f);
    return reader_at_number(r, 4, 4) && read_year(r, f);
}

/* Arabic papers give both of their names of a month: "أيار/مايو", "أيار (مايو)". */
static void skip_same_month(struct reader *r, unsigned month)
{
    struct reader before = *r;
    bool is_bracketed = reader_at_mark(r, "(");

    if (reader_take_mark(r, "/(") && r->now.kind == PIECE_WORD &&
        date_month(piece_word(&r->now)) == month && month != 0) {
        reader_advance(r);
        if (!is_bracketed || reader_take_mark(r, ")"))
            return;
    }
    *r = before;
}

/* A month's name of one word or two, or a number behind a word that announces one. */
static bool read_month(struct reader *r, struct date_fields *f, bool is_dotted)
{
    struct slice word = piece_word(&r->now);
    struct piece first = r->now;

    if (word.len == 0)
        return false;
    f->is_thai |= r->now.is_thai;
    if (reader_take_role(r, ROLE_MONTH_AHEAD))
        return reader_take_number(r, 2, &f->month);
    f->month = date_month(word);
    /* October in Croatian, which puts a stop behind the day; November in Polish, which does not. */
    if (f->month == 11 && is_dotted && slice_equal(word, SLICE("listopada")))
        f->month = 10;
    reader_advance(r);
    if (f->month == 0 && r->now.kind == PIECE_WORD) {
        char room[PIECE_PAIR_BYTES];

        f->month = date_month(piece_pair(&first, &r->now, room));
        reader_advance(r);
    }
    skip_same_month(r, f->month);
    return f->month != 0;
}

/* "W37-2", "W372" behind the year: ISO 8601's weeks, of which the first holds 4 January. */
static bool read_week(struct reader *r, struct date_fields *f)
{
    int64_t monday, year;
    unsigned week, day, unused;

    reader_advance(r);
    if (reader_take_glued(r, 3, 3, &week)) {
        day = week % 10;
        week /= 10;
    } else if (!reader_take_glued(r, 2, 2, &week) || !reader_take_mark(r, "-") ||
               !reader_take_glued(r, 1, 1, &day)) {
        return false;
    }
    if (week < 1 || day < 1 || day > 7 || !date_from_civil(f->year, 1, 4, &monday))
        return false;
    /* 1970-01-01 was a Thursday. */
    monday -= ((monday + 3) % 7 + 7) % 7;
    monday += (int64_t)(week - 1) * 7;
    /* A week belongs to the year of its Thursday. */
    date_to_civil(monday + 3, &year, &unused, &unused);
    if (year != f->year)
        return false;
    date_to_civil(monday + day - 1, &f->year, &f->month, &f->day);
    return true;
}

/* "2022-09-13T10:05", "2022-256", "2022-W37-2", "2022/9/13", "2022. 9. 13." behind the year. */
static bool read_iso_rest(struct reader *r, struct date_fields *f)
{
    struct reader before;
    char mark[2] = {(char)r->now.mark, '\0'};

    if (slice_equal(piece_word(&r->now), SLICE("w")) && !r->now.is_spaced)
        return read_week(r, f);
    if (!reader_take_mark(r, "-/."))
        return false;
    if (mark[0] == '-' && reader_at_number(r, 3, 3)) {
        f->is_day_of_year = true;
        return reader_take_glued(r, 3, 3, &f->day);
    }
    if (mark[0] == '-' && slice_equal(piece_word(&r->now), SLICE("w")))
        return read_week(r, f);
    if (reader_take_number(r, 2, &f->month)) {
        f->precision = DATE_MONTH;
        before = *r;
        if (reader_take_mark(r, "-/.") && reader_take_number(r, 2, &f->day)) {
            f->precision = DATE_DAY;
            return true;
        }
        *r = before;
        return f->month <= 12;
    }
    if (!read_month(r, f, false))
        return false;
    reader_skip_links(r, "-/.");
    return reader_take_number(r, 2, &f->day);
}

/* "年9月13日", " m. rugsėjo 13 d.", ". szeptember 13.", " gada 13. septembris" behind the year. */
static bool read_year_first_words(struct reader *r, struct date_fields *f, bool has_unit)
{
    if (reader_take_mark(r, "."))
        has_unit |= reader_take_role(r, ROLE_YEAR_UNIT);
    if (has_unit && reader_at_number(r, 1, 2)) {
        unsigned n;
        struct reader before;

        (void)reader_take_number(r, 2, &n);
        if (reader_take_role(r, ROLE_MONTH_UNIT)) {
            f->month = n;
            f->precision = DATE_MONTH;
            before = *r;
            if (reader_take_number(r, 2, &f->day)) {
                f->precision = DATE_DAY;
                if (!reader_take_role(r, ROLE_DAY_UNIT))
                    (void)reader_take_role(r, ROLE_AFTER_YEAR);
            } else {
                *r = before;
            }
            return true;
        }
        f->day = n;
        return reader_take_mark(r, ".") && read_month(r, f, true);
    }
    if (!read_month(r, f, false))
        return false;
    reader_skip_links(r, "-/.,");
    return reader_take_number(r, 2, &f->day);
}

static bool form_year_first(struct reader *r, struct date_fields *f)
{
    struct reader before;
    struct date_fields saved;
    unsigned roles;
    int era = r->now.kind == PIECE_WORD ? date_era(piece_word(&r->now)) : 0;

    if (era != 0)
        reader_advance(r);
    if (era != 0 && slice_equal(piece_word(&r->now), SLICE("元")))
        f->year = era + 1; /* the first year of an era has no number */
    else if (era != 0 ? reader_at_number(r, 1, 3) : reader_at_number(r, 4, 4))
        f->year = r->now.number + era;
    else
        return false;
    f->year_digits = 4;
    f->precision = DATE_DAY;
    reader_advance(r);
    before = *r;
    saved = *f;
    roles = reader_roles(r);
    if ((roles & ROLE_YEAR_UNIT) != 0) {
        reader_advance(r);
        before = *r;
        saved = *f;
        if (read_year_first_words(r, f, true))
            return true;
    } else if (read_iso_rest(r, f)) {
        return true;
    } else {
        *r = before;
        *f = saved;
        if (read_year_first_words(r, f, false))
            return true;
    }
    *r = before;
    *f = saved;
    f->precision = DATE_YEAR;
    return true;
}

/* "20220913", "2022256", "202209131005", "20220913100522". */
static bool form_compact(struct reader *r, struct date_fields *f)
{
    int64_t n = r->now.number;

    if (r->is_whole && reader_at_number(r, 7, 7)) {
        f->is_day_of_year = true;
        f->day = (unsigned)(n % 1000);
        f->year = n / 1000;
        f->year_digits = 4;
        f->precision = DATE_DAY;
        reader_advance(r);
        return true;
    }
    if (!reader_at_number(r, 8, 8) && !reader_at_number(r, 12, 12) && !reader_at_number(r, 14, 14))
        return false;
    f->precision = DATE_DAY;
    if (r->now.n_digits > 8) {
        f->has_time = true;
        f->precision = r->now.n_digits == 14 ? DATE_SECOND : DATE_MINUTE;
        if (r->now.n_digits == 14) {
            f->second = (unsigned)(n % 100);
            n /= 100;
        }
        f->minute = (unsigned)(n % 100);
        f->hour = (unsigned)(n / 100 % 100);
        n /= 10000;
    }
    f->day = (unsigned)(n % 100);
    f->month = (unsigned)(n / 100 % 100);
    f->year = n / 10000;
    f->year_digits = 4;
    reader_advance(r);
    return f->month != 0 && date_time_is_possible(f);
}

/* Seconds, milli-, micro- or nanoseconds since 1970, by their number of digits. */
static bool form_epoch(struct reader *r, struct date_fields *f)
{
    int64_t divisor = 1;

    if (!r->is_whole || r->now.kind != PIECE_NUMBER)
        return false;
    if (reader_at_number(r, 13, 13))
        divisor = 1000;
    else if (reader_at_number(r, 16, 16))
        divisor = 1000000;
    else if (reader_at_number(r, 19, 19))
        divisor = 1000000000;
    else if (!reader_at_number(r, 9, 10))
        return false;
    f->epoch = r->now.number / divisor;
    if (f->epoch < EPOCH_MIN || f->epoch > EPOCH_MAX)
        return false;
    f->is_epoch = true;
    f->year_digits = 4;
    f->precision = DATE_SECOND;
    reader_advance(r);
    if (reader_take_mark(r, ".") && !reader_take_glued(r, 1, 9, &f->second))
        return false;
    return r->now.kind == PIECE_END;
}

/* "13 September 2022", "13. září 2022", "13 de septiembre de 2022", "13-Sep-22", "23rd of June". */
static bool form_day_first(struct reader *r, struct date_fields *f)
{
    bool is_dotted;

    if (!reader_take_number(r, 2, &f->day))
        return false;
    if (!r->now.is_spaced)
        (void)reader_take_role(r, ROLE_ORDINAL);
    is_dotted = reader_at_mark(r, ".");
    reader_skip_links(r, "-/.,'");
    if (!read_month(r, f, is_dotted))
        return false;
    reader_skip_links(r, "-/.,");
    return read_year_or_time(r, f);
}

/* "13.09.2022", "9/13/2022": which number is the day is decided when all is known. */
static bool form_numeric(struct reader *r, struct date_fields *f)
{
    char mark[2] = {0};

    if (!reader_take_number(r, 2, &f->day) || !reader_at_mark(r, "-/."))
        return false;
    mark[0] = (char)r->now.mark;
    reader_advance(r);
    if (!reader_take_number(r, 2, &f->month) || !reader_take_mark(r, mark))
        return false;
    f->numeric_mark = (unsigned char)mark[0];
    f->precision = DATE_DAY;
    return read_year(r, f) && (f->year_digits == 4 || mark[0] != '-');
}

/* "September 13th, 2022", "Sep 13 10:05:22 2022", "Nov. 2020". */
static bool form_month_first(struct reader *r, struct date_fields *f)
{
    if (r->now.kind != PIECE_WORD || !read_month(r, f, false))
        return false;
    reader_skip_links(r, "-/.,");
    if (reader_at_number(r, 4, 4)) {
        f->precision = DATE_MONTH;
        return read_year(r, f);
    }
    if (!reader_take_number(r, 2, &f->day))
        return false;
    if (!r->now.is_spaced)
        (void)reader_take_role(r, ROLE_ORDINAL);
    reader_skip_links(r, "-/.,");
    return read_year_or_time(r, f);
}

static bool read_day(struct reader *r, struct date_fields *f)
{
    static form_function *const forms[] = {
        form_epoch, form_year_first, form_compact, form_day_first, form_numeric, form_month_first,
    };
    struct reader before = *r;
    struct date_fields saved = *f;

    for (size_t i = 0; i < WW_COUNT(forms); i++) {
        if (forms[i](r, f))
            return true;
        *r = before;
        *f = saved;
    }
    return false;
}

/* A weekday before the day; where the whole text is a date, any one word with a comma is one. */
static bool skip_to_day(struct reader *r, struct date_fields *f)
{
    bool is_weekday = date_take_weekday(r, f);

    if (!is_weekday) {
        struct reader before = *r;

        if (r->is_whole && r->now.kind == PIECE_WORD) {
            reader_advance(r);
            if (!reader_at_mark(r, ",")) {
                *r = before;
                return reader_take_role(r, ROLE_LINK);
            }
        } else {
            return reader_take_role(r, ROLE_LINK | ROLE_AT) || reader_take_mark(r, ",|");
        }
    }
    for (unsigned i = 0; i < 4; i++)
        if (!reader_take_mark(r, ".,|-()") && !reader_take_role(r, ROLE_LINK | ROLE_AT))
            break;
    return true;
}

static bool read_day_somehow(struct reader *r, struct date_fields *f)
{
    for (unsigned i = 0; i < 4; i++) {
        if (read_day(r, f))
            return true;
        if (!skip_to_day(r, f))
            return false;
    }
    return false;
}

bool date_read_parts(struct reader *r, struct date_fields *f)
{
    struct reader before = *r;
    struct date_fields saved = *f;

    if (read_day_somehow(r, f)) {
        if (f->precision >= DATE_DAY && !f->has_time)
            date_read_time_behind(r, f);
        if (f->precision >= DATE_DAY && !f->has_zone && !f->is_epoch)
            date_read_zone(r, f);
        return true;
    }
    *r = before;
    *f = saved;
    if (!date_read_time(r, f, TIME_FIRST))
        return false;
    date_read_zone(r, f);
    saved = *f;
    if (!read_day_somehow(r, f) || f->precision < DATE_DAY || f->is_epoch)
        return false;
    f->precision = saved.precision;
    if (!f->has_zone)
        date_read_zone(r, f);
    return true;
}

static bool skip_tail(struct reader *r, struct date_fields *f)
{
    for (unsigned i = 0; i < 8 && r->now.kind != PIECE_END; i++)
        if (!reader_take_mark(r, ".,()|") &&
            !reader_take_role(r, ROLE_AFTER_YEAR | ROLE_AFTER_TIME) && !date_take_weekday(r, f))
            return false;
    return r->now.kind == PIECE_END;
}

bool date_parse_ordered(struct slice text, enum date_order order, struct date *out)
{
    struct reader r = {.text = slice_trim(text), .is_whole = true};
    struct date_fields f = {.weekday = -1};

    *out = (struct date){.precision = DATE_NONE};
    if (r.text.len == 0 || r.text.len > TEXT_MAX_BYTES)
        return false;
    if (date_read_common(r.text, &f))
        return date_settle(&r, &f, order, out);
    f = (struct date_fields){.weekday = -1};
    reader_advance(&r);
    if (date_read_parts(&r, &f) && skip_tail(&r, &f) && date_settle(&r, &f, order, out))
        return true;
    *out = (struct date){.precision = DATE_NONE};
    return false;
}

bool date_parse(struct slice text, struct date *out)
{
    return date_parse_ordered(text, DATE_ORDER_UNKNOWN, out);
}

enum date_order date_order_of(struct slice language)
{
    static const char *const month_first[] = {"en-us", "en-ph", "en-pr", "es-us", "es-pr", "chr"};
    static const char *const year_first[] = {"hu", "ja", "ko", "lt", "mn", "zh"};
    struct slice primary = slice_head(language, slice_find_char(language, '-'));

    for (size_t i = 0; i < WW_COUNT(month_first); i++)
        if (slice_equal_nocase(language, slice_from(month_first[i])))
            return DATE_ORDER_MONTH_FIRST;
    for (size_t i = 0; i < WW_COUNT(year_first); i++)
        if (slice_equal_nocase(primary, slice_from(year_first[i])))
            return DATE_ORDER_UNKNOWN;
    if (primary.len < 2 || slice_equal_nocase(language, SLICE("en")) ||
        slice_equal_nocase(language, SLICE("en-ca")))
        return DATE_ORDER_UNKNOWN;
    return DATE_ORDER_DAY_FIRST;
}
