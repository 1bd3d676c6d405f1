/*
 * plan.h - what an analyst is due now: an immediate mail, the digest, the weekly summary.
 *
 * By what was not told, never by clock windows: a day that failed is in the next digest. An hour of
 * the timetable that was missed (the host was down) counts once, when somebody looks again; one in
 * quiet hours when they end. Alerts outside of what the analyst wants are passed over, marked so
 * that they are looked at once. One who is seen for the first time is told of what was found in the
 * last NEW_ANALYST_S; what is older counts as known.
 */
#ifndef WW_ALERTS_MAIL_PLAN_H
#define WW_ALERTS_MAIL_PLAN_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/store_untold.h"

#include <stddef.h>
#include <stdint.h>

struct analyst;
struct arena;
struct letter_sender;
struct store;
struct timetable;

#define NEW_ANALYST_S 86400

/* Messages, by what they are. */
struct plan_summary {
    size_t n_digests, n_immediate, n_weekly;
    size_t n_quiet; /* "all quiet" */
    size_t n_told;  /* alerts, changes and troubles that digests and immediate mails tell */
};

/*
 * Queue what is due; added to *out. Each message and the marks of what it tells are one
 * transaction. Costs what is new, not what was told: it is asked of every analyst at every run.
 */
enum ww_status plan_queue_due(struct store *s, const struct analyst *analyst,
                              const struct letter_sender *sender, int64_t now,
                              struct plan_summary *out, struct ww_error *err);

/* A digest now, whatever the hour, of all that was not told; none when there is nothing. */
enum ww_status plan_queue_now(struct store *s, const struct analyst *analyst,
                              const struct letter_sender *sender, int64_t now,
                              struct plan_summary *out, struct ww_error *err);

/*
 * When the hour of that table comes (the analyst's hours, or weekly) that is next; one in quiet
 * hours when they end, also one that waits for that now. 0: never.
 */
int64_t plan_next(const struct timetable *hours, const struct analyst *analyst, int64_t now);

/*
 * From when on alerts are told that were not: 0, or, of an analyst who was never seen, some time
 * ago. For previews.
 */
enum ww_status plan_since(struct store *s, const struct analyst *analyst, int64_t now,
                          int64_t *since, struct ww_error *err);

/* How many live alerts wait to be told: those he wants and no mute withholds. */
enum ww_status plan_count_untold(struct store *s, const struct analyst *analyst, int64_t now,
                                 size_t *n, struct ww_error *err);

/*
 * Marks of what the analyst was told are gone (store_untell_message): look at all of it again, for
 * what was looked at once is not looked at twice. In the transaction that takes them away.
 */
enum ww_status plan_forget(struct store *s, struct slice analyst, struct ww_error *err);

/*
 * What was there before a run matched anything: it waits, whatever becomes of what the run finds.
 * A zeroed one: there was nothing.
 */
struct plan_subjects {
    const struct slice *rows;
    size_t n_rows;
};

struct plan_before {
    struct untold_reach reach;     /* of alerts and changes */
    int64_t began_at;              /* the run: troubles are of the crawl before */
    struct plan_subjects possible; /* proposals, told or not */
};

/* Under LOCK_ALERTS, before the first alert is raised; *out borrows arena. */
enum ww_status plan_read_before(struct store *s, int64_t began_at, struct arena *arena,
                                struct plan_before *out, struct ww_error *err);

/* The analyst knows all that came since: alerts, changes, troubles, proposals. No message. */
enum ww_status plan_mark_found(struct store *s, const struct analyst *analyst,
                               const struct plan_before *before, int64_t now, struct ww_error *err);

#endif
