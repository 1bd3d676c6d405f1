/*
 * feed_words.h - how a feed is, in words for a person: since when, why, what comes next, what to
 * do.
 */
#ifndef WW_CLI_FEED_WORDS_H
#define WW_CLI_FEED_WORDS_H

#include "base/slice.h"

#include <stdint.h>

struct arena;
struct feed_row;

/* "3 days", "7 hours", "12 minutes". */
struct slice feed_words_span(int64_t seconds, struct arena *arena);
/* "every 3 days", "every day". */
struct slice feed_words_every(int64_t seconds, struct arena *arena);
/* Where its site begins: what its owner said, or the root of its address. */
struct slice feed_words_home(const struct feed_row *f);

/* Since when it is as it is: its first failure, its last news; 0 when all is well, or not known. */
int64_t feed_words_since(const struct feed_row *f);
/* "status 404, 12 times in a row"; empty when all is well. */
struct slice feed_words_why(const struct feed_row *f, struct arena *arena);
/* What makes the time of its next check; not_before: of its host, 0: none. */
struct slice feed_words_next(const struct feed_row *f, int64_t not_before, struct arena *arena);
/* What its owner can do about it, in lines, commands by themselves; empty when there is nothing. */
struct slice feed_words_advice(const struct feed_row *f, struct arena *arena);
/* "every hour; not in hours 0, 1 (UTC)": what its publisher asks for; empty when nothing. */
struct slice feed_words_wishes(const struct feed_row *f, struct arena *arena);

#endif
