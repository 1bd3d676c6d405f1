/*
 * watchlist_titles.h - the columns of a watchlist's files, and what people call them.
 *
 * A spreadsheet says "Stadt", "CITY" or "Context aliases"; the file's column is city, city,
 * context_aliases. Case, blanks, signs and accents make no difference (text_skeleton).
 */
#ifndef WW_ALERTS_WATCHLIST_TITLES_H
#define WW_ALERTS_WATCHLIST_TITLES_H

#include "alerts/watchlist.h"
#include "base/slice.h"

#include <stddef.h>

struct arena;

/* The i-th column that is read in this file; NULL behind the last one. */
const char *watch_title(enum watch_file file, size_t i);

/*
 * The column that is meant: one that is read, or one of those for people that every list has; NULL
 * for a title of somebody's own.
 */
const char *watch_title_meant(enum watch_file file, struct slice title, struct arena *arena);

#endif
