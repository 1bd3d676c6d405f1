/* watchlist_rules.h - the queries of a watchlist's cells: rules, and what a row requires and
 * excludes. */
#ifndef WW_ALERTS_WATCHLIST_RULES_H
#define WW_ALERTS_WATCHLIST_RULES_H

#include "alerts/watchlist.h"

struct watchlist_cell {
    struct watch_cell cell;
    struct slice text;
};

/*
 * A bad query is a finding, an error with its place. False: there is none, and no rule was added;
 * else it is the last one, and its item is to be filled in.
 */
bool watchlist_add_rule(struct watchlist *w, const struct watchlist_cell *query,
                        struct arena *arena, struct watch_findings *findings);

/* For watch_name.guard: 0 when both cells are empty. */
uint32_t watchlist_add_guard(struct watchlist *w, const struct watchlist_cell *require,
                             const struct watchlist_cell *exclude, struct arena *arena,
                             struct watch_findings *findings);

#endif
