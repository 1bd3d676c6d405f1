/*
 * query_eval.h - is a query true of an article, and by which places?
 *
 * What each operator means, on places that the operands have:
 *
 *   NEAR/n       those of either side that have one of the other at most n words away; the two
 *                share no word. Side by side is 1.
 *   PRE/n        rows of places, one of each operand, each behind the one before it by at most n.
 *   SENTENCE     as NEAR, in one sentence; PARAGRAPH, in one paragraph.
 *   OR           the places of all.
 *   ATLEAST/n    so many places that do not overlap.
 *
 * The time is that of sorting what is joined, n log n; where only yes or no is wanted the shorter
 * list is walked and the walk ends with the first places that say yes.
 */
#ifndef WW_ALERTS_QUERY_EVAL_H
#define WW_ALERTS_QUERY_EVAL_H

#include "alerts/query_hits.h"

/* Places that a yes or no is shown by. */
#define QUERY_EVIDENCE_MAX 64

/* The alias that a guard is about, and how far it looks. */
struct query_window {
    struct query_hit alias;
    uint32_t from, to; /* places */
};

/* Room that is used again for each query; zeroed is empty. */
struct query_machine;

struct query_machine *query_machine_open(void);
void query_machine_close(struct query_machine *m);

/* evidence may be NULL; it is good until the next call. window is NULL for a rule. */
enum ww_status query_eval(struct query_machine *m, const struct query *q,
                          const struct query_article *a, const struct query_window *window,
                          bool *is_true, struct query_hits *evidence, struct ww_error *err);

#endif
