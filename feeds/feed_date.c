/* feed_date.c - what a feed's language says about its dates. */
#include "feeds/feed_date.h"

bool feed_date_parse(struct slice text, struct slice language, struct date *out)
{
    enum date_order order = date_order_of(language);

    if (order == DATE_ORDER_MONTH_FIRST)
        order = DATE_ORDER_UNKNOWN;
    return date_parse_ordered(text, order, out);
}
