/*
 * history.h - a backfill from its order to its end.
 *
 * history_begin writes the order, or finds the one that was begun with the same words: nothing is
 * asked twice. history_take claims it, of which it is read anew. history_run works on it in rounds
 * (crawl_history.h) until nothing is left, the budget is spent, an archive refuses, or it is told
 * to stop or cancelled; the store holds all that is needed to go on. Sources of documents (files,
 * mail, WARC, CC-NEWS) are read in the same order of events.
 *
 * The caller holds the lock for a backfill. A failure of our own is returned; theirs are in the
 * store, with their reasons.
 */
#ifndef WW_CRAWLER_HISTORY_HISTORY_H
#define WW_CRAWLER_HISTORY_HISTORY_H

#include "crawler/crawl.h"
#include "crawler/history/source.h"

struct history_progress {
    int64_t n_done, n_total; /* pages and documents; total as far as it is known */
    int64_t n_articles;      /* new */
    int64_t n_known, n_failed;
    int64_t n_lists_left;
    int64_t waits_until;    /* monotonic ms; 0: it does not */
    struct slice waits_for; /* "a run", "the hours", "web.archive.org" */
};

struct history_options {
    const struct crawl_options *crawl;
    struct source_bases bases;
    struct slice hours, timezone; /* spans of the day it may ask in; empty: always */
    bool keeps_files;
    bool waits; /* for hosts that ask for a long pause; else it ends and says when to go on */
    bool (*wants)(void *context, struct slice title, struct slice url); /* NULL: everything */
    void (*progress)(void *context, const struct history_progress *so_far);
    /* Between two rounds, outside of a transaction: pass 2. */
    enum ww_status (*rest)(void *context, struct ww_error *err);
    void *context;
};

/* order: source, target, window, matches_first, captures, delay_ms, budget. *is_known: it goes on
 * with one that was there. */
enum ww_status history_begin(const struct history_options *options, struct store *store,
                             struct clock *clock, const struct backfill_row *order,
                             struct arena *arena, struct backfill_row *out, bool *is_known,
                             struct ww_error *err);

/*
 * Claims a backfill, and reads it as it stands then: others may have worked on it, finished or
 * cancelled it since it was found. history_run gives it back.
 *
 * WW_NOT_FOUND: it is done or cancelled. *is_others, with WW_CONFLICT: another machine works on it.
 */
enum ww_status history_take(struct store *store, int64_t id, struct arena *arena,
                            struct backfill_row *out, bool *is_others, struct ww_error *err);

/*
 * Of an order that was taken. What it says in the end (its message) is in the store. WW_CONFLICT:
 * another machine has taken it over; when it was cancelled its state says so.
 */
enum ww_status history_run(const struct history_options *options, struct store *store,
                           struct workers *workers, struct clock *clock, const struct log *log,
                           struct backfill_row *order, struct ww_error *err);

/* What a plan says. Rates are requests a minute. */
struct history_plan {
    int64_t n_lists_read, n_lists_left; /* left: requests, as far as the lists say */
    int64_t n_lists_failed;
    bool is_estimate;                   /* lists are left: addresses are reckoned from those read */
    int64_t n_found, n_known, n_passed; /* addresses */
    int64_t n_wanted;                   /* of them, to be fetched */
    int64_t n_requests;                 /* in all, that are still to be made */
    int64_t takes_s;                    /* at the pace of the slowest host */
    int64_t rate_per_minute;
    struct slice slowest; /* that host */
    int64_t n_hosts;
};

/*
 * Of an order that was taken: asks lists alone, at most requests_max of them, and reckons. Local
 * sources are counted, not read.
 */
enum ww_status history_plan(const struct history_options *options, struct store *store,
                            struct workers *workers, struct clock *clock, const struct log *log,
                            struct backfill_row *order, int64_t requests_max, struct arena *arena,
                            struct history_plan *out, struct ww_error *err);

#endif
