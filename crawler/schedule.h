/*
 * schedule.h - when to ask again: pure functions of what is known, so that a year is tested in a
 * millisecond.
 *
 * A publisher's word (max-age, ttl, skipHours, Retry-After) may only make us ask less often, and
 * for a watched feed never less than once in MAX_AGE_MAX_S. Times are spread by a stable hash of
 * what is asked, so that a thousand feeds do not come due at one second.
 */
#ifndef WW_CRAWLER_SCHEDULE_H
#define WW_CRAWLER_SCHEDULE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct schedule_input {
    int64_t now;
    int64_t feed_id;
    int64_t min_interval_s;
    int64_t last_interval_s;  /* 0: none yet */
    int64_t rhythm_s;         /* usual time between two entries; 0: not known */
    int64_t last_new_at;      /* 0: not known */
    bool has_news;            /* this answer had something new */
    bool is_conditional;      /* the next request can be: the server gave a validator */
    int64_t max_age_s;        /* of Cache-Control or Expires */
    int64_t asked_interval_s; /* of ttl, updatePeriod */
    uint32_t skip_hours;      /* bit h: not in hour h, UTC */
    uint32_t skip_days;       /* bit 0 Monday */
};

/*
 * After an answer: when next. *interval_s is kept with the feed for the next time.
 *
 * News brings the interval down to the least at once. Without news it grows by half each time, up
 * to half the feed's rhythm, or to a share of the silence since its last entry when that is longer:
 * a daily that closed is asked once a day in the end, one that sleeps at night is not late in the
 * morning.
 */
int64_t schedule_feed(const struct schedule_input *in, int64_t *interval_s);

/* After a failure of a feed: the n-th in a row, the first of them at failing_since. */
struct schedule_failure {
    int64_t now;
    int64_t feed_id;
    int64_t min_interval_s, last_interval_s;
    int64_t n_failures, failing_since;
    int64_t max_age_s;
    uint32_t skip_hours, skip_days;
};

/* Never sooner than after a success. */
int64_t schedule_feed_retry(const struct schedule_failure *in);

/*
 * The usual time between two entries: the median of the gaps between the newest of these times;
 * 0 when there are too few to tell. times is sorted here; equal ones count once.
 */
int64_t schedule_rhythm(int64_t *times, size_t n);

/*
 * Is it time to ask without validators, though there are some? Servers say "not modified" of what
 * was: once in FEED_FULL_EVERY_S since the last whole answer, twice as often for each point of
 * distrust.
 */
bool schedule_wants_full(int64_t now, int64_t feed_id, int64_t full_at, int64_t distrust);

/* After the n-th failure of a page; 0: give it up. */
int64_t schedule_page_retry(int64_t now, int64_t page_id, int64_t n_tries);

/* The same of a list of a backfill, which is at work and waits for it. */
int64_t schedule_list_retry(int64_t now, int64_t list_id, int64_t n_tries);

/*
 * Looking again at a page that matters: 1 h, 6 h, 1 d, 7 d and 30 d after it was fetched, each a
 * little later by a share that is the page's own. *step counts from 0 and was done now, whenever it
 * was due; it becomes the next whose time has not come. 0: there is none.
 */
int64_t schedule_look(int64_t now, int64_t began_at, int64_t page_id, int64_t *step);
/* After the n-th look in a row that could not be had; 0: leave it. */
int64_t schedule_look_retry(int64_t now, int64_t page_id, int64_t n_tries);
/* To make sure that a page is not there. */
int64_t schedule_look_confirm(int64_t now, int64_t page_id);

/* After the n-th refusal of a host in a row that says no time of its own. */
int64_t schedule_host_retry(int64_t now, int64_t n_failures);

/* Seconds or an HTTP date; 0 when it says neither, or a time that is over. */
int64_t schedule_retry_after(int64_t now, struct slice header);

/*
 * How long an answer calls itself fresh, at most MAX_AGE_MAX_S; 0 when it does not say. Expires is
 * held against the server's own Date when it gave one: its clock may be wrong.
 */
int64_t schedule_max_age(int64_t now, struct slice cache_control, struct slice expires,
                         struct slice date);

/* What counts as due now: cron comes a moment too early as often as too late. */
int64_t schedule_due_by(int64_t now, int64_t min_interval_s);

#endif
