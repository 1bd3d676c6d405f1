/*
 * proposals.h - changes of status that articles propose, beside what the list says.
 *
 * The sentences of all articles, grouped by item and state. A proposal is open when no row of the
 * item in stations.csv says that state, the sentence is not older than the status of one of them,
 * it is no denial, and no other state of the item was said outright later. It is never a statement:
 * the list changes when a person says so.
 *
 * Ownership: lists live in the arena and borrow the watchlist.
 */
#ifndef WW_ALERTS_PROPOSALS_H
#define WW_ALERTS_PROPOSALS_H

#include "alerts/watchlist.h"
#include "base/error.h"
#include "storage/store_claims.h"

struct arena;
struct store;

enum proposal_state {
    PROPOSAL_OPEN,
    PROPOSAL_KNOWN,     /* the list says so, or something newer */
    PROPOSAL_OVERTAKEN, /* a newer state is proposed */
    PROPOSAL_DENIED
};

const char *proposal_state_name(enum proposal_state state);

struct proposal_group {
    struct slice item, item_name, country, state;
    struct slice current, current_date; /* of the rows: "closed|reported", the newest date */
    const struct proposal_view *best;   /* said outright rather than alleged, then the newest */
    int64_t n_articles, n_outlets;
    int64_t first_at, newest_at;
    enum proposal_state verdict;
};

struct proposal_group_list {
    struct proposal_group *rows;
    size_t n_rows;
};

/* Open ones first, then the newest first. filter->window.limit does not count here. */
enum ww_status proposals_list(struct store *s, const struct watchlist *w,
                              const struct sighting_filter *filter, struct arena *arena,
                              struct proposal_group_list *out, struct ww_error *err);

#endif
