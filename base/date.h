/*
 * date.h - one date parser for feeds, sitemaps and pages.
 *
 * RFC 822/2822 with every known repair, RFC 3339 and ISO 8601, epoch seconds and milliseconds,
 * month and weekday names of some fifty languages, digits of seven scripts, Japanese and Taiwanese
 * eras, Thai years, Han numerals. No zone means UTC (a time with Hangul: Korea's), a missing time
 * 00:00.
 * An impossible date (30 February, hour 25) is no date: never rolled over, never guessed. Years
 * outside 1583 to 2399 are another calendar's or a placeholder: no date either.
 */
#ifndef WW_BASE_DATE_H
#define WW_BASE_DATE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum date_precision { DATE_NONE, DATE_YEAR, DATE_MONTH, DATE_DAY, DATE_MINUTE, DATE_SECOND };

struct date {
    int64_t at; /* seconds since 1970 UTC */
    enum date_precision precision;
    bool has_zone;
    int32_t zone_s; /* east of UTC: the day in the writer's own zone is that of at + zone_s */
};

/*
 * What "03/04/2023" means is told by, in this order: a number over 12; the weekday; the caller's
 * hint; '.' and '-', which are day first; a weekday in another language than English (day first);
 * am, pm and zones of the United States (month first). With none of these it is no date; a year of
 * two digits that may as well stand first ("13.09.22") needs a weekday or the hint.
 */
enum date_order { DATE_ORDER_UNKNOWN, DATE_ORDER_DAY_FIRST, DATE_ORDER_MONTH_FIRST };

/*
 * The hint that a BCP 47 tag gives: "en-US" month first, "it" day first; "en" unknown, and where
 * the year is written first ("ja"), too.
 */
enum date_order date_order_of(struct slice language);

/* False, and precision DATE_NONE, when text is not a date. The whole text must be one. */
bool date_parse(struct slice text, struct date *out);
bool date_parse_ordered(struct slice text, enum date_order order, struct date *out);

/*
 * The first date inside running text ("By Ana Silva, published 3 de maio de 2023 at 10h"), for
 * pages. *found receives the words it was read from, borrowed from text: to look for the next one,
 * go on behind them. Only days with a four-digit year count. Linear in the length of the text.
 */
bool date_find(struct slice text, enum date_order order, struct date *out, struct slice *found);

/* Days since 1970 of a proleptic Gregorian day, and back. False when there is no such day. */
bool date_from_civil(int64_t year, unsigned month, unsigned day, int64_t *days);
void date_to_civil(int64_t days, int64_t *year, unsigned *month, unsigned *day);

#define DATE_TEXT_BYTES 32
/* "2026-11-22T06:42:10Z"; years outside 0..9999 are clamped. */
const char *date_format(int64_t at, char out[DATE_TEXT_BYTES]);
/* "2026-11-22", in the date's own zone. */
const char *date_format_day(const struct date *d, char out[DATE_TEXT_BYTES]);

const char *date_precision_name(enum date_precision p); /* "second" ... "year", "none" */

#endif
