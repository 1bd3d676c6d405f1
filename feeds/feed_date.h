/*
 * feed_date.h - dates in feeds, whose language tells whether the day or the month comes first.
 */
#ifndef WW_FEEDS_FEED_DATE_H
#define WW_FEEDS_FEED_DATE_H

#include "base/date.h"
#include "base/slice.h"

#include <stdbool.h>

/*
 * language: of the entry or the feed (BCP 47), or empty. "it" says that 3/4 is in April. "en-us"
 * says nothing: it is what programs put there, whatever their owner writes. As date_parse
 * otherwise.
 */
bool feed_date_parse(struct slice text, struct slice language, struct date *out);

#endif
