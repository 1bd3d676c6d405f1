/*
 * health.h - how a feed is, and whose fault it is when it is not well: pure functions of what is
 * known, so that a year is tested in a millisecond.
 *
 * A bad answer has a weight: temporary 1 (it passes by itself), soft 3 (it may), hard 10 (somebody
 * has to look). Until the feed answers well again, weights add up. A failing feed persists when
 *
 *     time since the first failure  >=  HEALTH_PATIENCE_S / mean weight of its failures
 *
 * and it failed at least twice: after three days of no answer, one of 404, seven hours without a
 * name. So neither an hour's outage that is polled every minute is told, nor does one that is
 * polled once a week go unsaid. 410 alone needs no patience. Nothing here ever stops a feed from
 * being asked: that is schedule_feed_retry's, and it goes on for ever.
 *
 * A feed that answers and has no news for longer than its own rhythm explains is stale. It is not
 * broken, and told apart.
 *
 * When most hosts fail at once it is not them: a dead network, name server or proxy, a wrong clock,
 * or a captive portal that answers in everybody's place. Then nobody is blamed. Hosts that failed
 * before say nothing about that: a run in which only dead ones are due is no outage.
 */
#ifndef WW_CRAWLER_HEALTH_H
#define WW_CRAWLER_HEALTH_H

#include "base/error.h"
#include "storage/store_feeds.h"
#include "storage/store_runs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- one feed ------------------------------------------------------------------------------- */

struct health_fault {
    enum ww_status status; /* of the fetch, or of the parse; WW_OK: an answer with http_status */
    long http_status;      /* 0: none came */
    bool is_dark;          /* its name was not found, or there is no way to it */
};

enum feed_failure health_failure(const struct health_fault *fault);
int64_t health_weight(enum feed_failure failure);

/* Is it time to tell of a feed that has failed n times in a row, with that weight in all? */
bool health_persists(int64_t now, int64_t first_failed_at, int64_t n_failures, int64_t weight);

/* How long a feed of that rhythm (0: not known) may go without news. */
int64_t health_quiet_s(int64_t rhythm_s);

/*
 * The word for an active feed, of its row with the polling part of its last check in it: counts of
 * failures, times of answers and news, and its health until then. What is failing stays so until
 * the first good answer.
 */
enum feed_health health_judge(const struct feed_row *feed, int64_t now);

/* ---- all hosts of a run --------------------------------------------------------------------- */

/* What was seen of a host; of several answers the last in this order counts. */
enum health_sign {
    HEALTH_NONE,       /* nothing yet */
    HEALTH_NAMELESS,   /* no name server knew it, or there is no way to it */
    HEALTH_SILENT,     /* no connection */
    HEALTH_GATEWAY,    /* the proxy said that it could not reach it */
    HEALTH_MUTE,       /* a connection, and not a byte */
    HEALTH_DISTRUSTED, /* its certificate was refused */
    HEALTH_REACHED,    /* an answer, which may be anybody's */
    HEALTH_DIVERTED,   /* a useless one, which others gave too */
    HEALTH_GENUINE     /* an answer of its own */
};

#define HEALTH_SIGNS (HEALTH_GENUINE + 1)

struct health_run {
    int64_t n[HEALTH_SIGNS]; /* hosts by sign; those that failed before count when they were
                                reached, and not when they failed again */
    int64_t n_expected;      /* hosts that had answered well the last time */
    int64_t n_lost;          /* of them: not even reached, or diverted */
};

enum run_outage health_outage(const struct health_run *run);

/*
 * May this outage excuse a feed whose last good answer was at last_ok_at? A doubtful one (few
 * hosts, or a part of many) does so for a limited time: two feeds that die are two dead feeds.
 */
bool health_excuses(enum run_outage outage, const struct health_run *run, int64_t now,
                    int64_t last_ok_at);

/* "no network: hardly any host could be reached": for the log, the run's row and the user. */
const char *health_outage_words(enum run_outage outage);

#endif
