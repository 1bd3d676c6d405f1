/*
 * shingle_merge.h - how runs come to be: from a full tail, and from runs, a few chunks at a time.
 *
 * A merge has one step with an article at most: about SHINGLE_STEP_POSTINGS postings, a
 * millisecond or two. It is due when SHINGLE_MERGE_PACE times as many postings have been given to
 * the index since the merge was begun as it has written, so that it is done long before the next
 * one of its level begins: the fewer runs there are, the less is looked up. What the step took over
 * is dropped in the same transaction.
 */
#ifndef WW_STORAGE_SHINGLE_MERGE_H
#define WW_STORAGE_SHINGLE_MERGE_H

#include "storage/shingle_run.h"

/* One run of level 0; postings are sorted by key, and changed. n_given: as in struct
 * shingle_state. */
enum ww_status merge_write_tail(struct run_set *set, struct posting *postings, size_t n,
                                int64_t n_given, struct ww_error *err);

/* Begin to merge wherever there are enough runs of a level. */
enum ww_status merge_begin(struct run_set *set, int64_t n_given, struct ww_error *err);

/* The step that is most due, if one is. *is_done: runs have changed. */
enum ww_status merge_step(struct run_set *set, int64_t n_given, bool *is_done,
                          struct ww_error *err);

#endif
