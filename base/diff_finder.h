/*
 * diff_finder.h - what the finders of facts share: for base/diff_facts.c and diff_status.c alone.
 */
#ifndef WW_BASE_DIFF_FINDER_H
#define WW_BASE_DIFF_FINDER_H

#include "base/diff_words.h"

enum side { BEFORE, AFTER };

struct finder {
    const struct diff_words *w;
    const struct diff_setting *setting;
    struct diff_work *work;
    struct arena *arena;
    struct diff_facts *out;
    size_t row;
    bool has_title_case;
    bool is_good;
};

/* Units [first, end) of one side; none when end is first. */
struct run {
    size_t first, end;
};

const struct diff_sentence_units *finder_side(const struct finder *f, enum side side);
struct run finder_run(const struct diff_region *r, enum side side);
void finder_add(struct finder *f, enum text_diff_fact_kind kind, struct run before,
                struct run after, struct slice noun);

/* What was denied, and what the caller's words say. */
void finder_statuses(struct finder *f);

#endif
