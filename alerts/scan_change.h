/*
 * scan_change.h - which stored articles a change of the watchlist can touch.
 *
 * What is found in an article depends on the names of the list that stand in it, and on their rows.
 * So an article that holds none of the names by which two versions differ has the same mentions
 * under both, and the search index (store_search.h) can say which articles may hold one. It saves
 * work and decides nothing: where it cannot tell, or the change is about more than names, every
 * article is matched.
 *
 * Compared are all versions between the one that has finished the archive and the one at hand:
 * each may have matched some articles. Limits: SCAN_CHANGE_VERSIONS, SCAN_CHANGE_NAMES.
 */
#ifndef WW_ALERTS_SCAN_CHANGE_H
#define WW_ALERTS_SCAN_CHANGE_H

#include "alerts/watchlist.h"
#include "storage/store_walk.h"

struct scan_change {
    bool is_narrowed;         /* these articles, and no others */
    struct walk_ids articles; /* in the arena */
    const char *reason;       /* why it is not narrowed, in words */
    size_t n_names;           /* by which the versions differ */
};

/* w is the list of the version `to`; from 0: no version has finished the archive. */
enum ww_status scan_change_find(struct store *s, int64_t from, int64_t to,
                                const struct watchlist *w, struct arena *arena,
                                struct scan_change *out, struct ww_error *err);

#endif
