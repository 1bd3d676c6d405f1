/*
 * pace.h - how long a host is left alone: pure functions of what is known.
 *
 * Sites are asked as we would be: the longest of the set delay, their Crawl-delay, what the request
 * itself asks for and five times what the answer took. Archives are made to be asked and say how
 * often: their limit holds whatever is set, and an answer that takes longer than it makes the pause
 * longer by twice that. Errors in a row double either.
 */
#ifndef WW_CRAWLER_PACE_H
#define WW_CRAWLER_PACE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct pace {
    int64_t delay_ms;       /* between two requests to a site; 0, in tests: no pause of our own */
    int64_t least_ms;       /* for this request; 0: as usual */
    int64_t crawl_delay_ms; /* of robots.txt */
    int64_t took_ms;
    unsigned n_errors; /* in a row */
    bool is_archive;   /* least_ms is its limit */
    uint64_t chance;   /* a site's is up to a quarter longer, by this */
};

/* From the start of the request to the start of the next, in ms. */
int64_t pace_pause_ms(const struct pace *pace);

/*
 * What is left at now_ms of a pause behind a request that the store says was made at asked_at,
 * seconds since 1970, by whatever machine; 0: none.
 */
int64_t pace_left_ms(int64_t asked_at, int64_t pause_ms, int64_t now_ms);

/* What an archive's answer comes to. */
enum refusal {
    REFUSAL_NONE,
    REFUSAL_PAUSE, /* leave it alone until not_before */
    REFUSAL_STOP   /* and ask it nothing more by this command */
};

/*
 * The second 429 of one command, and any 403, stop it: an archive that is asked on locks a whole
 * address out, for an hour and more. n_before: pauses that archives asked for in this command.
 * *not_before: at least REFUSAL_PAUSE_S ahead, twice that for each pause before, or as long as
 * Retry-After says; 0: no refusal.
 */
enum refusal pace_refusal(long http_status, struct slice retry_after, int64_t now,
                          unsigned n_before, unsigned n_429_before, int64_t *not_before);

#endif
