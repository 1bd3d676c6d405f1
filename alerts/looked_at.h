/*
 * looked_at.h - what might have taken a mention away and did not, in lines of words.
 *
 * One line a condition, "name: what was found", names as the gates have them (gate.h). The lines
 * are stored with the mention: an alert is explained by what was looked at when it was found, even
 * when the list has changed since.
 */
#ifndef WW_ALERTS_LOOKED_AT_H
#define WW_ALERTS_LOOKED_AT_H

#include "alerts/query_rules.h"
#include "alerts/rejection.h"
#include "storage/store_alerts.h"

struct looked_at {
    const struct watchlist *watchlist;
    const struct rejections *rejections;
    const struct context *fields; /* both */
    enum mention_field field;
    const struct match *match;
    struct slice language; /* of the article */
    enum term_strength strength;
    bool is_beside; /* the term stands in a sentence beside */
    const struct query_finder *queries;
};

/* At most LOOKED_AT_MAX_BYTES, in the arena; empty when there is no memory. */
struct slice looked_at_write(const struct looked_at *l, struct arena *arena);

#endif
