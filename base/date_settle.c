/*
 * date_settle.c - which moment the parts of a date name: order of day and month, zones, the
 * calendar.
 */
#include "base/date_reader.h"

/* Other calendars (1402, 2565) and placeholders (0001, 9999) use years outside of these. */
#define YEAR_MIN 1583
#define YEAR_MAX 2399
#define BUDDHIST_YEARS 543
#define THAI_TWO_DIGITS_MIN 43 /* 2543 was 2000; smaller ones may be ours */
#define NEPALI_YEAR_MIN 2050
#define KOREA_S (9 * 3600)
#define DAY_S 86400

static bool is_on_weekday(int64_t year, unsigned month, unsigned day, int weekday)
{
    int64_t days;

    return date_from_civil(year, month, day, &days) && ((days + 3) % 7 + 7) % 7 == weekday;
}

/* Is there such a day, and on this weekday (where one is known)? */
static bool is_possible(const struct date_fields *f, int64_t year, unsigned month, unsigned day)
{
    int64_t days;

    if (f->weekday >= 0 && f->weekday < 7)
        return is_on_weekday(year, month, day, f->weekday);
    return date_from_civil(year, month, day, &days);
}

/* The United States write 12 hours, have zones of their own, and put the month first. */
static bool is_american(const struct date_fields *f)
{
    return f->is_twelve_hours || f->zone_kind == ZONE_UNITED_STATES || f->zone_kind == ZONE_GENERIC;
}

/* May "13.09.22" begin with its year, as East Asia and Hungary write it? */
static bool may_begin_with_year(const struct date_fields *f)
{
    int64_t year = f->day + (f->day < 50 ? 2000 : 1900);

    return f->year_digits == 2 && !(f->numeric_mark == '/' && is_american(f)) &&
           is_possible(f, year, f->month, (unsigned)(f->year % 100));
}

/*
 * Day before month or after it? What cannot be the other way round decides; then the weekday; then
 * the caller's hint; then marks that only day-first countries use; then signs of the United States
 * (their zones, am and pm). "03/04/2023" with none of these is no date: better none than a wrong
 * one.
 */
static bool settle_order(struct date_fields *f, enum date_order hint)
{
    unsigned first = f->day;
    unsigned second = f->month;
    bool is_day_first = first > 12 || first == second;
    bool is_month_first = second > 12;

    if (!is_day_first && !is_month_first && f->weekday >= 0 && f->weekday < 7) {
        is_day_first = is_on_weekday(f->year, second, first, f->weekday);
        is_month_first = is_on_weekday(f->year, first, second, f->weekday);
        if (is_day_first && is_month_first)
            is_day_first = is_month_first = false;
    }
    if (hint == DATE_ORDER_UNKNOWN && !is_month_first && may_begin_with_year(f))
        return false;
    if (!is_day_first && !is_month_first) {
        is_day_first = hint == DATE_ORDER_DAY_FIRST;
        is_month_first = hint == DATE_ORDER_MONTH_FIRST;
    }
    if (!is_day_first && !is_month_first)
        is_day_first = f->numeric_mark != '/' || f->is_foreign;
    if (!is_day_first && !is_month_first)
        is_month_first = is_american(f);
    if (!is_day_first && !is_month_first)
        return false;
    if (is_month_first) {
        f->day = second;
        f->month = first;
    }
    return true;
}

/* The n-th Sunday of a month (n 0: the last), as days since 1970. */
static int64_t sunday_of(int64_t year, unsigned month, unsigned n)
{
    int64_t first = 0;
    int64_t sunday;

    if (n == 0) {
        (void)date_from_civil(month == 12 ? year + 1 : year, month % 12 + 1, 1, &first);
        return first - 7 + (6 - ((first - 7 + 3) % 7 + 7) % 7);
    }
    (void)date_from_civil(year, month, 1, &first);
    sunday = first + (6 - ((first + 3) % 7 + 7) % 7);
    return sunday + (int64_t)(n - 1) * 7;
}

/* Summer time of the United States: the law of 1986, and that of 2005 since 2007. */
static bool is_american_summer(int64_t year, int64_t local)
{
    int64_t begin = year >= 2007 ? sunday_of(year, 3, 2) : sunday_of(year, 4, 1);
    int64_t end = year >= 2007 ? sunday_of(year, 11, 1) : sunday_of(year, 10, 0);

    return year >= 1987 && local >= begin * DAY_S + 2 * 3600 && local < end * DAY_S + 2 * 3600;
}

/* Years of other calendars become ours, or false: which one it is cannot be told. */
static bool settle_calendar(const struct reader *r, struct date_fields *f)
{
    unsigned two_digits = (unsigned)(f->year % 100);

    if (f->is_thai && f->year_digits == 2 && two_digits < THAI_TWO_DIGITS_MIN)
        return false;
    if (f->is_thai && f->year_digits == 2)
        f->year = 2500 + two_digits;
    if (f->is_thai && f->year >= 2400)
        f->year -= BUDDHIST_YEARS;
    /* Nepal's digits and years: 2080 there was 2023 here. */
    if (r->has_devanagari && f->year >= NEPALI_YEAR_MIN)
        return false;
    return f->year >= YEAR_MIN && f->year <= YEAR_MAX;
}

bool date_settle(const struct reader *r, struct date_fields *f, enum date_order hint,
                 struct date *out)
{
    int64_t days;
    int64_t local;

    if (f->is_epoch) {
        *out = (struct date){f->epoch, DATE_SECOND, true, 0};
        return true;
    }
    if (!settle_calendar(r, f))
        return false;
    if (f->numeric_mark != 0 && !settle_order(f, hint))
        return false;
    if (f->precision < DATE_DAY)
        f->day = 1;
    if (f->precision == DATE_YEAR)
        f->month = 1;
    if (f->is_day_of_year) {
        bool is_leap = date_from_civil(f->year, 2, 29, &days);

        if (f->day < 1 || f->day > (is_leap ? 366U : 365U) ||
            !date_from_civil(f->year, 1, 1, &days))
            return false;
        days += f->day - 1;
    } else if (!date_from_civil(f->year, f->month, f->day, &days)) {
        return false;
    }
    local = days * DAY_S + (int64_t)f->hour * 3600 + f->minute * 60 + f->second;
    if (r->has_hangul && f->has_time && !f->has_zone) {
        /* The language is written in one zone alone. */
        f->has_zone = true;
        f->zone_s = KOREA_S;
    }
    if (f->zone_kind == ZONE_GENERIC && is_american_summer(f->year, local))
        f->zone_s += 3600;
    *out = (struct date){local - f->zone_s, f->precision, f->has_zone, f->zone_s};
    /* A leap second is the last of a day in UTC. */
    return f->second < 60 || ((out->at % DAY_S) + DAY_S) % DAY_S == 0;
}
