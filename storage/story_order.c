/* story_order.c - a total order of articles by publication. */
#include "storage/story_order.h"

/* A text is as full as another from nine tenths of its length on. */
#define FULL_TENTHS 9

#define DAY_S 86400

/* What a date of this precision leaves open. */
static int64_t leeway(enum date_precision precision)
{
    switch (precision) {
    case DATE_YEAR:
        return (int64_t)366 * DAY_S - 1;
    case DATE_MONTH:
        return (int64_t)31 * DAY_S - 1;
    case DATE_DAY:
        return DAY_S - 1;
    case DATE_NONE: /* rows of tests and imports: the date is what it says */
    case DATE_MINUTE:
    case DATE_SECOND:
        break;
    }
    return 0;
}

int64_t story_published_by(const struct article_row *a)
{
    int64_t latest = a->published_at + leeway(a->published_precision);

    if (a->published_at == 0 || (a->first_seen_at != 0 && a->first_seen_at < latest))
        return a->first_seen_at;
    return latest;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int story_order(const struct article_row *a, const struct article_row *b)
{
    int order = compare(story_published_by(a), story_published_by(b));

    if (order == 0)
        order = compare(b->text_bytes, a->text_bytes);
    if (order == 0)
        order = slice_compare(a->canonical, b->canonical);
    if (order == 0)
        order = compare(a->version, b->version);
    return order != 0 ? order : compare(a->id, b->id);
}

bool story_is_earlier_version(const struct article_row *a, const struct article_row *b)
{
    return a->version < b->version && slice_equal(a->canonical, b->canonical) &&
           story_published_by(a) <= story_published_by(b);
}

bool story_is_full(const struct article_row *a, int64_t fullest_bytes)
{
    return a->text_bytes * 10 >= fullest_bytes * FULL_TENTHS;
}
