/*
 * date_common.c - the two forms that nearly all feeds write, letter by letter: "Tue, 13 Sep 2022
 * 10:05:22 +0200" and "2022-09-13T10:05:22+02:00". Whatever differs is for the grammar.
 */
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/date_reader.h"

#include <string.h>

struct cursor {
    struct slice rest;
    bool is_wrong;
};

static unsigned take_digits(struct cursor *c, size_t n)
{
    unsigned value = 0;

    for (size_t i = 0; i < n; i++) {
        if (i >= c->rest.len || !ascii_is_digit(c->rest.ptr[i])) {
            c->is_wrong = true;
            return 0;
        }
        value = value * 10 + (unsigned)(c->rest.ptr[i] - '0');
    }
    c->rest = slice_skip(c->rest, n);
    return value;
}

static void take(struct cursor *c, char mark)
{
    if (c->rest.len == 0 || c->rest.ptr[0] != mark)
        c->is_wrong = true;
    c->rest = slice_skip(c->rest, 1);
}

/* Which of the names of three letters comes next: from 0 on. */
static unsigned take_name(struct cursor *c, const char *names)
{
    const struct slice name = slice_head(c->rest, 3);

    for (unsigned i = 0; name.len == 3 && names[3 * (size_t)i] != '\0'; i++)
        if (memcmp(names + 3 * (size_t)i, name.ptr, 3) == 0) {
            c->rest = slice_skip(c->rest, 3);
            return i;
        }
    c->is_wrong = true;
    return 0;
}

static void take_time(struct cursor *c, struct date_fields *f)
{
    f->hour = take_digits(c, 2);
    take(c, ':');
    f->minute = take_digits(c, 2);
    take(c, ':');
    f->second = take_digits(c, 2);
    if (f->hour > 23 || f->minute > 59 || f->second > 59)
        c->is_wrong = true; /* or 24:00, or a leap second */
}

/* "+0200", "+02:00": colon is its mark, '\0' for none. */
static void take_offset(struct cursor *c, char colon, struct date_fields *f)
{
    const bool is_west = slice_starts(c->rest, SLICE("-"));
    unsigned hours, minutes;

    take(c, is_west ? '-' : '+');
    hours = take_digits(c, 2);
    if (colon != '\0')
        take(c, colon);
    minutes = take_digits(c, 2);
    if (minutes > 59 || hours * 60 + minutes > 14 * 60)
        c->is_wrong = true;
    f->zone_s = (int32_t)(hours * 3600 + minutes * 60) * (is_west ? -1 : 1);
}

/* RFC 5322, with a year of four digits and a weekday or none. */
static void take_mail_form(struct cursor *c, struct date_fields *f)
{
    if (!ascii_is_digit(c->rest.ptr[0])) {
        (void)take_name(c, "MonTueWedThuFriSatSun");
        take(c, ',');
        take(c, ' ');
    }
    f->day = take_digits(c, c->rest.len > 1 && ascii_is_digit(c->rest.ptr[1]) ? 2 : 1);
    take(c, ' ');
    f->month = take_name(c, "JanFebMarAprMayJunJulAugSepOctNovDec") + 1;
    take(c, ' ');
    f->year = take_digits(c, 4);
    take(c, ' ');
    take_time(c, f);
    take(c, ' ');
    if (slice_equal(c->rest, SLICE("GMT")))
        c->rest = slice_skip(c->rest, 3);
    else
        take_offset(c, '\0', f);
}

/* RFC 3339. */
static void take_net_form(struct cursor *c, struct date_fields *f)
{
    f->year = take_digits(c, 4);
    take(c, '-');
    f->month = take_digits(c, 2);
    take(c, '-');
    f->day = take_digits(c, 2);
    take(c, 'T');
    take_time(c, f);
    if (slice_equal(c->rest, SLICE("Z")))
        c->rest = slice_skip(c->rest, 1);
    else
        take_offset(c, ':', f);
}

bool date_read_common(struct slice text, struct date_fields *f)
{
    struct cursor c = {.rest = text};

    if (text.len < 20 || text.len > 31)
        return false;
    if (text.ptr[4] == '-')
        take_net_form(&c, f);
    else
        take_mail_form(&c, f);
    f->year_digits = 4;
    f->precision = DATE_SECOND;
    f->has_time = f->has_zone = true;
    f->zone_kind = ZONE_FIXED;
    return !c.is_wrong && c.rest.len == 0;
}
