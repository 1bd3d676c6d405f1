/*
 * scan.h - pass 2 of a run: stored articles that this version of the watchlist has not seen, to
 * mentions and alerts.
 *
 * What is found in a block of articles is one transaction: mentions, candidates, alerts and the
 * mark "scanned with version n" land together or not at all. An alert is one story and one watched
 * item, once. Articles of a backfill, those published longer ago than max_age_s, and what a feed
 * held when it was first read raise historic alerts: listed, never mailed. One of the last kind
 * becomes live when its story is news elsewhere. An article of a story that has alerted on the
 * item, and what has become of its page, may make a revision of the alert (revisions.h). The
 * version of the watchlist is stored whole before the first mention that names it.
 */
#ifndef WW_ALERTS_SCAN_H
#define WW_ALERTS_SCAN_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/store.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct clock;
struct log;
struct watchlist;

/* How far the walk over the archive has come, by ids of articles. */
typedef void scan_progress(void *context, int64_t id, int64_t last_id);

struct scan_options {
    struct slice folder; /* where the watchlist was read, for the version's row */
    int64_t max_age_s;
    const volatile sig_atomic_t *stop; /* set: end after the batch in hand; may be NULL */
    unsigned n_threads;                /* 0: one a core (scan_walk.h) */
    /* Of the archive so much alone, and the version has not finished it then. */
    struct store_window window; /* since and until, of when articles were published */
    struct slice language;
    bool is_forced;          /* match all of it again, whatever this version has seen */
    scan_progress *progress; /* may be NULL */
    void *context;
};

struct scan_summary {
    int64_t watchlist_id; /* the version in use */
    int64_t n_articles, n_mentions, n_candidates;
    int64_t n_alerts, n_alerts_historic; /* new ones */
    int64_t n_alerts_rescan;             /* of both, those that the archive gave */
    int64_t n_revisions;                 /* new ones, no history (revisions.h) */
    bool was_finished;                   /* this version had seen the whole archive */
    bool is_narrowed; /* and now saw the articles alone that the change can touch */
};

enum ww_status scan_run(struct store *s, const struct watchlist *w,
                        const struct scan_options *options, const struct clock *clock,
                        const struct log *log, struct scan_summary *out, struct ww_error *err);

#endif
