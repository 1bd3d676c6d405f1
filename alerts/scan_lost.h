/*
 * scan_lost.h - which alerts a change of the list would not raise any more.
 *
 * An alert is lost when the new list finds its item in no article of its story in which a version
 * ever did, and the old list still finds it in one: what an earlier change lost is not told again,
 * unless it is asked for everything (is_full), whatever was scanned before.
 * Nothing is stored, and no alert is taken away: it was told.
 */
#ifndef WW_ALERTS_SCAN_LOST_H
#define WW_ALERTS_SCAN_LOST_H

#include "alerts/watchlist.h"
#include "storage/store_walk.h"

#include <signal.h>
#include <stdbool.h>

struct scan_lost_options {
    int64_t from, to; /* versions; to: of watchlist, stored or not */
    const struct watchlist *watchlist;
    bool is_full; /* all that the list would not raise, not only by the change from `from` */
    struct store_window window; /* of the articles that raised them */
    const volatile sig_atomic_t *stop;
};

struct scan_lost {
    int64_t *ids; /* of alerts, rising; in the arena */
    size_t n_ids;
    int64_t n_alerts; /* that were looked at */
};

/* A version `from` that is not there or cannot be read loses nothing; is_full needs none. */
enum ww_status scan_lost_find(struct store *s, const struct scan_lost_options *options,
                              struct arena *arena, struct scan_lost *out, struct ww_error *err);

#endif
