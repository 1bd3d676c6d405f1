/* watchlist_cells.h - what a single cell says: the language before a name, tags. */
#ifndef WW_ALERTS_WATCHLIST_CELLS_H
#define WW_ALERTS_WATCHLIST_CELLS_H

#include "base/slice.h"

struct arena;

/*
 * "zh-Hans:name" to its two halves, the name left in *s; empty without a language, and for a
 * spelling that belongs to none ("pinyin:", "old:"). A colon in a name without a language stays.
 */
struct slice watch_take_language(struct slice *s);

/* Words with one blank between, whatever a person put there; a copy in the arena. */
struct slice watch_clean_tags(struct slice tags, struct arena *arena);

#endif
