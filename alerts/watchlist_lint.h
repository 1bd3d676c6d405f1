/*
 * watchlist_lint.h - what is wrong, risky or without effect in a watchlist, cell by cell.
 *
 * Errors are found while reading (watchlist_examine); here come the warnings: a name that means two
 * places or two items, is contained in another, too short, an ordinary word without a condition, or
 * can never match; and the notes: a clause nobody understands, spaces at the end of a cell.
 */
#ifndef WW_ALERTS_WATCHLIST_LINT_H
#define WW_ALERTS_WATCHLIST_LINT_H

#include "alerts/watchlist.h"

/* Append to findings, then sort all of them by file, row and column. */
enum ww_status watchlist_lint(const struct watchlist *w, struct arena *arena,
                              struct watch_findings *findings, struct ww_error *err);

#endif
