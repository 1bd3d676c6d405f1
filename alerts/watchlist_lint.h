/*
 * watchlist_lint.h - what is wrong, risky or without effect in a watchlist, cell by cell.
 *
 * Errors are found while reading (watchlist_examine); here come the warnings: a name that means two
 * places or two items, is a term, too, is too short, an everyday word without a condition (the role
 * "ordinary" of terms.csv), mixes scripts, was encoded twice, or can never match; and the notes: a
 * name contained in another, rows that stand there twice, spaces at the end of a cell. Time grows
 * as n log n with the names.
 */
#ifndef WW_ALERTS_WATCHLIST_LINT_H
#define WW_ALERTS_WATCHLIST_LINT_H

#include "alerts/watchlist.h"
#include "storage/store_uses.h"

/* Append to findings, then sort all of them by file, row and column. */
enum ww_status watchlist_lint(const struct watchlist *w, struct arena *arena,
                              struct watch_findings *findings, struct ww_error *err);

/* What was found of the list so far. */
struct watch_uses {
    struct archive_span span;
    const struct use_list *items, *aliases;
};

/* The same of what the archive tells: items that never alerted, names that are found all the time.
 */
enum ww_status watchlist_lint_uses(const struct watchlist *w, const struct watch_uses *uses,
                                   struct arena *arena, struct watch_findings *findings,
                                   struct ww_error *err);

#endif
