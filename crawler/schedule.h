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
#include <stdint.h>

struct schedule_input {
    int64_t now;
    int64_t feed_id;
    int64_t min_interval_s;
    int64_t last_interval_s; /* 0: none yet */
    bool has_news;           /* this answer had something new */
    int64_t max_age_s;       /* of Cache-Control or Expires */
    int64_t ttl_minutes;
    int64_t update_period_s;
    uint32_t skip_hours; /* bit h: not in hour h, UTC */
    uint32_t skip_days;  /* bit 0 Monday */
};

/* After an answer: when next. *interval_s is kept with the feed for the next time. */
int64_t schedule_feed(const struct schedule_input *in, int64_t *interval_s);

/* After the n-th failure in a row, the first of them at failing_since. */
int64_t schedule_feed_retry(int64_t now, int64_t feed_id, int64_t n_failures,
                            int64_t failing_since);

/* After the n-th failure of a page; 0: give it up. */
int64_t schedule_page_retry(int64_t now, int64_t page_id, int64_t n_tries);

/* After the n-th refusal of a host in a row that says no time of its own. */
int64_t schedule_host_retry(int64_t now, int64_t n_failures);

/* Seconds or an HTTP date; 0 when it says neither, or a time that is over. */
int64_t schedule_retry_after(int64_t now, struct slice header);

/* How long an answer calls itself fresh, at most MAX_AGE_MAX_S; 0 when it does not say. */
int64_t schedule_max_age(int64_t now, struct slice cache_control, struct slice expires);

/* What counts as due now: cron comes a moment too early as often as too late. */
int64_t schedule_due_by(int64_t now, int64_t min_interval_s);

#endif
