/*
 * finds_month.c - the month that the name of a list says.
 *
 * Sites part their sitemaps by month and name them so: then a search that asks for one month needs
 * no other. The names are nobody's standard, so only what cannot well be something else counts: a
 * year, then a month, with one sign between them or none; or a parameter for each. A name that says
 * two months says none.
 *
 * "2022-1" may be January, and may be the first part of a year. Padded numbers are months unless
 * there is a 13 among them. Others are, when some year has a last one of 12 or a first one that is
 * not 1; parts of years begin at 1 and end anywhere. In doubt it is no month: that costs requests,
 * the other mistake would cost articles.
 */
#include "feeds/finds_parts.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "base/url.h"

/* The digits at the beginning of s; *n: how many. Of more than nine the value is not right. */
static unsigned read_digits(struct slice s, size_t *n)
{
    unsigned value = 0;

    for (*n = 0; *n < s.len && ascii_is_digit(s.ptr[*n]); ++*n)
        if (*n < 9)
            value = value * 10 + (unsigned)(s.ptr[*n] - '0');
    return value;
}

static bool is_year(unsigned year)
{
    return year >= FINDS_YEAR_MIN && year <= FINDS_YEAR_MAX;
}

static void say_month(struct finds_month *m, unsigned year, unsigned month, bool is_sure)
{
    if (!is_year(year) || month < 1 || month > 12)
        return;
    m->is_doubtful = m->is_doubtful || (m->year != 0 && (m->year != year || m->month != month));
    m->is_sure = m->is_sure || is_sure;
    m->year = year;
    m->month = month;
}

/* "2022-09", "2022_9", "2022/09", "202209", "20220913": digits that begin at s, none before them.
 */
static size_t read_month(struct slice s, struct finds_month *m)
{
    size_t n, n_month;
    unsigned value = read_digits(s, &n), month;

    if (n == 6)
        say_month(m, value / 100, value % 100, true);
    else if (n == 8 && value % 100 >= 1 && value % 100 <= 31)
        say_month(m, value / 10000, value / 100 % 100, true);
    if (n != 4 || n == s.len || !is_year(value) || slice_find_char(SLICE("-_/."), s.ptr[n]) == 4)
        return n;
    month = read_digits(slice_skip(s, n + 1), &n_month);
    if (n_month < 1 || n_month > 3)
        return n;
    m->is_over = m->is_over || month > 12;
    m->is_bare = m->is_bare || n_month == 1;
    if (n_month < 3)
        say_month(m, value, month, false);
    return n + 1 + n_month;
}

static void read_path(struct slice path, struct finds_month *m)
{
    for (size_t i = 0; i < path.len;)
        i += ascii_is_digit(path.ptr[i]) ? read_month(slice_skip(path, i), m) : 1;
}

static void read_query(struct slice query, struct finds_month *m)
{
    static const char *const years[] = {"yyyy", "year", "y"};
    static const char *const months[] = {"mm", "month", "m", "monthnum"};
    struct slice pair;
    unsigned year = 0, month = 0;

    while (slice_next(&query, '&', &pair)) {
        size_t at = slice_find_char(pair, '='), n;
        struct slice name = slice_head(pair, at), value = slice_skip(pair, at + 1);
        unsigned number = read_digits(value, &n);

        if (n == 0 || n < value.len) {
            read_path(value, m); /* "?date=2022-09" */
            continue;
        }
        for (size_t i = 0; i < WW_COUNT(years); i++)
            if (slice_equal_nocase(name, slice_from(years[i])))
                year = number;
        for (size_t i = 0; i < WW_COUNT(months); i++)
            if (slice_equal_nocase(name, slice_from(months[i])))
                month = number;
    }
    say_month(m, year, month, true);
}

void finds_month_read(struct slice url, struct finds_month *out)
{
    struct url parts;

    *out = (struct finds_month){0};
    url_split(url, &parts);
    read_path(parts.path, out);
    read_query(parts.query, out);
}

void finds_months_note(struct finds_months *all, const struct finds_month *m)
{
    const size_t year = m->year - FINDS_YEAR_MIN;

    all->is_over = all->is_over || m->is_over;
    all->is_bare = all->is_bare || m->is_bare;
    if (m->year == 0 || m->is_sure)
        return;
    if (all->first[year] == 0 || m->month < all->first[year])
        all->first[year] = (unsigned char)m->month;
    if (m->month > all->last[year])
        all->last[year] = (unsigned char)m->month;
}

/* Are the numbers behind years those of months? */
static bool has_months(const struct finds_months *all)
{
    bool is_shown = !all->is_bare;

    for (size_t i = 0; i < WW_COUNT(all->first); i++)
        is_shown = is_shown || all->first[i] > 1 || all->last[i] == 12;
    return is_shown && !all->is_over;
}

bool finds_month_is(const struct finds_months *all, const struct finds_month *m, struct date *out)
{
    int64_t days;

    if (m->year == 0 || m->is_doubtful || (!m->is_sure && !has_months(all)) ||
        !date_from_civil(m->year, m->month, 1, &days))
        return false;
    *out = (struct date){.at = days * 86400, .precision = DATE_MONTH, .has_zone = true};
    return true;
}
