/*
 * story_order.h - which of two articles was published first, whatever order they arrived in.
 *
 * A date says more than the hour it names: what was published on a day may have been so at its last
 * second, and is no earlier than an hour of that day. So a date counts by the end of what it names,
 * and nobody has published later than when the article was seen. An undated article counts by when
 * it was seen. Of equal times the fuller text is the earlier: the other was cut out of it.
 */
#ifndef WW_STORAGE_STORY_ORDER_H
#define WW_STORAGE_STORY_ORDER_H

#include "storage/store_articles.h"

/* By when it was published at the latest; never 0 for an article that was seen. */
int64_t story_published_by(const struct article_row *a);

/* Below 0: a is the earlier. 0 for one and the same row alone. */
int story_order(const struct article_row *a, const struct article_row *b);

/*
 * Is a an earlier version of b's address that was published no later, for all that its page says?
 * An archive may give one long after b was stored.
 */
bool story_is_earlier_version(const struct article_row *a, const struct article_row *b);

/* Is a text of a's length as full as one of so many bytes? */
bool story_is_full(const struct article_row *a, int64_t fullest_bytes);

#endif
