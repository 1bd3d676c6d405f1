/*
 * scan_walk.h - stored articles through the matcher, on as many cores as there are.
 *
 * One thread, the caller's, reads and is told what was found; it alone touches the store. Blocks of
 * articles go from it to the others, who unpack and match them, and come back in the order of their
 * ids: what is told is the same by one thread and by four. Where there is nothing to read and
 * nothing to tell the caller's thread matches, too. The engine is only read (mentions_find).
 *
 * Told is which articles hold something, not what: few do, and those few are matched again by who
 * wants to know, with all that he needs to know of them.
 *
 * Memory:  a few blocks (SCAN_BLOCK_ARTICLES, SCAN_BLOCK_BYTES), and for each thread what matching
 *          one article takes.
 * Errors:  those of the store, of take, and WW_NOMEM. That a text cannot be read is a hit: whoever
 *          matches it again has the error.
 */
#ifndef WW_ALERTS_SCAN_WALK_H
#define WW_ALERTS_SCAN_WALK_H

#include "alerts/mentions.h"
#include "storage/store_walk.h"

#include <signal.h>

/* An article in which there is something. */
struct scan_hit {
    const struct walk_row *row;
    uint32_t n_mentions;
    uint32_t n_candidates;
    uint32_t n_claims; /* and proposals */
    bool is_unread;    /* or cut: matching it again says why */
};

/* What is told at a time: rows in the order of their ids, and the hits among them. */
struct scan_block {
    const struct walk_row *rows;
    size_t n_rows;
    const struct scan_hit *hits;
    size_t n_hits;
    int64_t last_id; /* so far the walk has come; 0 with an empty block: nowhere */
};

/* Everything in the block is borrowed for the call. Not WW_OK ends the walk. */
typedef enum ww_status scan_walk_take(void *context, const struct scan_block *block,
                                      struct ww_error *err);

struct scan_walk_options {
    const struct mention_engine *engine;
    struct walk_filter filter;
    const struct walk_ids *only;   /* these articles alone; NULL: all */
    const struct watch_item *item; /* mentions of this one alone, no candidates; NULL: all */
    unsigned n_threads;            /* 0: one a core, SCAN_THREADS_MAX at most; 1: the caller's */
    const volatile sig_atomic_t *stop; /* set: end behind the block that is told; may be NULL */
};

enum ww_status scan_walk(struct store *s, const struct scan_walk_options *options,
                         scan_walk_take *take, void *context, struct ww_error *err);

#endif
