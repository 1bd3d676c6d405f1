/*
 * scan_mark.h - which version of the watchlist has seen the archive, and how far a newer one has
 * come.
 *
 * Two notes instead of a column in a hundred thousand rows. A mark is put in the transaction of
 * what was found up to it, so that a walk that was killed goes on behind what it has stored.
 */
#ifndef WW_ALERTS_SCAN_MARK_H
#define WW_ALERTS_SCAN_MARK_H

#include "base/error.h"

#include <stdint.h>

struct arena;
struct store;

struct scan_mark {
    int64_t finished; /* the version that has seen every article; 0: none has */
    int64_t walking;  /* the version that was about to; 0: none */
    int64_t id;       /* and the article up to which it has come */
};

enum ww_status scan_mark_read(struct store *s, struct arena *arena, struct scan_mark *out,
                              struct ww_error *err);
/* Inside a transaction. */
enum ww_status scan_mark_put(struct store *s, int64_t version, int64_t id, struct ww_error *err);
/* In a transaction of its own. */
enum ww_status scan_mark_finish(struct store *s, int64_t version, struct ww_error *err);

#endif
