/*
 * rejection.h - what looks like a place of the watchlist and is none.
 *
 * Vetoes of terms.csv with an @ ("@ Times", "based in @"), the clauses of a place's column
 * `disambiguation`, and datelines ("PARIS, Oct. 26 (Agency) -"). Also, for a capital in the
 * sentence beside the one with the term: it must be said that something is there ("in", "near"),
 * because capitals stand for governments as well.
 */
#ifndef WW_ALERTS_REJECTION_H
#define WW_ALERTS_REJECTION_H

#include "alerts/context.h"

struct rejections;

enum ww_status rejections_build(const struct watchlist *w, struct arena *arena,
                                struct rejections **out, struct ww_error *err);

/*
 * Is the match no mention of what it looks like? place is WATCH_NONE when it is none. fields are
 * both fields of the article; states has a zeroed byte for each place and is used for one article.
 */
bool rejections_test(const struct rejections *r, const struct context *c, const struct match *m,
                     uint32_t place, const struct context fields[2], struct slice language,
                     unsigned char *states);

/* May the place count though only a sentence beside its own holds a term? */
bool rejections_allow_beside(const struct rejections *r, const struct context *c,
                             const struct match *m, uint32_t place, struct slice language);

#endif
