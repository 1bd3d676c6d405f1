/*
 * opening_line.h - the dateline of a line: where and by whom it was written ("PARIS, Oct. 26, 2022
 * (Agency Name) -"), which says nothing of what it speaks of.
 */
#ifndef WW_ALERTS_OPENING_LINE_H
#define WW_ALERTS_OPENING_LINE_H

#include "alerts/context.h"

/* A dateline is over after so many words. */
#define OPENING_LINE_WORDS 8

/* Does the match stand in one? */
bool opening_line_is_dateline(const struct watchlist *w, const struct context *c,
                              const struct match *m);

/*
 * The token behind the dateline of the line that begins at token `line`; `line` when it has none.
 * Of words with a dash behind them it takes a date, a bracket or capitals throughout to be one:
 * this is asked where no place is known to stand.
 */
size_t opening_line_end(const struct watchlist *w, const struct context *c, size_t line);

#endif
