/*
 * diff_pairs.h - sentences that were changed, by the words they share, for base/text_diff alone.
 */
#ifndef WW_BASE_DIFF_PAIRS_H
#define WW_BASE_DIFF_PAIRS_H

#include "base/diff_match.h"
#include "base/error.h"
#include "base/slice.h"

/*
 * Match sentences without a match that stand between the same two anchors: the pairs in order that
 * are most alike all together (Needleman and Wunsch, 1970), when each two share half of their words
 * or one nearly stands in the other; and a line of a word or two that alone stands for another.
 * a and b are the texts of the sides.
 */
enum ww_status diff_pairs_match(struct diff_side *before, struct slice a, struct diff_side *after,
                                struct slice b, struct diff_work *work, struct ww_error *err);

#endif
