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
struct csv_table;
struct nearest;

/* The i-th column that is read in this file; NULL behind the last one. */
const char *watch_title(enum watch_file file, size_t i);

/*
 * The column that is meant: one that is read, or one of those for people that every list has; NULL
 * for a title of somebody's own.
 */
const char *watch_title_meant(enum watch_file file, struct slice title, struct arena *arena);

/* The column that is read and that this one of a table is with a mistake in it; NULL. */
const char *watch_title_mistaken(enum watch_file file, const struct csv_table *t, size_t column);

/* Try all columns that this file is known to have, those for people too. */
void watch_title_try(enum watch_file file, struct nearest *near);

#endif
