/* date.c - the calendar: days and civil dates, and how a moment is written. */
#include "base/date.h"

#include <stdio.h>

#define DAY_S 86400
#define YEAR_LIMIT 1000000 /* far outside any date, far inside int64 seconds */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

static unsigned days_in_month(int64_t year, unsigned month)
{
    static const unsigned char lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return lengths[month - 1] + (month == 2 && is_leap ? 1U : 0U);
}

/* Years that begin in March put the leap day last; 400 of them are 146,097 days. */
bool date_from_civil(int64_t year, unsigned month, unsigned day, int64_t *days)
{
    int64_t era, year_of_era, day_of_year;

    if (year < -YEAR_LIMIT || year > YEAR_LIMIT || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return false;
    year -= month <= 2;
    era = floor_div(year, 400);
    year_of_era = year - era * 400;
    day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    *days = era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
            719468;
    return true;
}

void date_to_civil(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    int64_t era = floor_div(days + 719468, 146097);
    int64_t day_of_era = days + 719468 - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;

    *day = (unsigned)(day_of_year - (153 * march_month + 2) / 5 + 1);
    *month = (unsigned)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

/* Clamped to the four digits of RFC 3339. */
static int64_t clamp(int64_t at)
{
    const int64_t first = -62167219200; /* 0000-01-01T00:00:00Z */
    const int64_t last = 253402300799;  /* 9999-12-31T23:59:59Z */

    return at < first ? first : at > last ? last : at;
}

const char *date_format(int64_t at, char out[DATE_TEXT_BYTES])
{
    int64_t days, year;
    unsigned month, day, second;

    at = clamp(at);
    days = floor_div(at, DAY_S);
    second = (unsigned)(at - days * DAY_S);
    date_to_civil(days, &year, &month, &day);
    (void)snprintf(out, DATE_TEXT_BYTES, "%04d-%02u-%02uT%02u:%02u:%02uZ", (int)year, month, day,
                   second / 3600, second / 60 % 60, second % 60);
    return out;
}

const char *date_format_day(const struct date *d, char out[DATE_TEXT_BYTES])
{
    int64_t year;
    unsigned month, day;

    date_to_civil(floor_div(clamp(clamp(d->at) + d->zone_s), DAY_S), &year, &month, &day);
    (void)snprintf(out, DATE_TEXT_BYTES, "%04d-%02u-%02u", (int)year, month, day);
    return out;
}

const char *date_precision_name(enum date_precision p)
{
    switch (p) {
    case DATE_NONE:
        return "none";
    case DATE_YEAR:
        return "year";
    case DATE_MONTH:
        return "month";
    case DATE_DAY:
        return "day";
    case DATE_MINUTE:
        return "minute";
    case DATE_SECOND:
        return "second";
    }
    return "none";
}
