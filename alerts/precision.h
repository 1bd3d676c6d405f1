/*
 * precision.h - how often alerts were right, by what raised them: from the marks of analysts.
 *
 * Right is what was marked relevant or known; wrong is irrelevant. What nobody marked says nothing
 * and is counted apart. The interval is Wilson's score interval for 95 of 100 (E. B. Wilson 1927,
 * JASA 22:209): it is honest for few marks and never leaves 0 to 1. Rows are in the order of what
 * costs most: wrong alerts first, then the lower share.
 */
#ifndef WW_ALERTS_PRECISION_H
#define WW_ALERTS_PRECISION_H

#include "storage/store_marks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum precision_by {
    PRECISION_BY_ITEM,
    PRECISION_BY_ALIAS, /* of an item */
    PRECISION_BY_FEED,
    PRECISION_BY_OUTLET,
    PRECISION_BY_LANGUAGE,
    PRECISION_BY_RULE,
    PRECISION_BY_COUNT
};

const char *precision_by_name(enum precision_by by);
bool precision_by_parse(struct slice name, enum precision_by *out);

struct interval {
    double low, high;
};

/* n of total; total 0: 0 to 1. */
struct interval precision_interval(int64_t n, int64_t total);

struct precision_row {
    struct slice item; /* PRECISION_BY_ITEM, PRECISION_BY_ALIAS; else empty */
    struct slice key;  /* the alias, feed ...; the item again for PRECISION_BY_ITEM */
    int64_t n_alerts, n_marked;
    int64_t n_relevant, n_known, n_irrelevant, n_disputed;
    double share; /* of the marked ones that were right */
    struct interval interval;
    bool is_few; /* under PRECISION_MARKS_MIN: says nothing yet */
};

struct precision_report {
    struct precision_row *rows; /* those with a mark */
    size_t n_rows;
    struct precision_row all;
};

enum ww_status precision_tally(const struct judged_list *list, enum precision_by by,
                               struct arena *arena, struct precision_report *out,
                               struct ww_error *err);

#endif
