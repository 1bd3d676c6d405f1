/*
 * revision_words.h - what has changed, in a line that a person reads.
 */
#ifndef WW_ALERTS_REVISION_WORDS_H
#define WW_ALERTS_REVISION_WORDS_H

#include "base/slice.h"
#include "storage/store_revisions.h"

struct arena;

/* When it came to be: an event's time, or when the article that says it was published or seen. */
int64_t revision_time(const struct revision_view *v);

/*
 * "12 → 14 stations, at The Ledger 09:20; 3 copies still say 12", "page removed (404) since 09:20".
 * at: revision_time in words.
 */
struct slice revision_words(const struct revision_view *v, const char *at, struct arena *arena);

#endif
