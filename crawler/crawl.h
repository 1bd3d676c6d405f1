/*
 * crawl.h - pass 1 of a run: due feeds, new entries, their pages, articles and stories, to the
 * store.
 *
 * A feed's entries and validators go into one transaction, a page's article, story and mark into
 * another; several of them share a commit. A crash between two loses nothing, it only asks again.
 *
 * Whose fault: an answer that is bad counts against its feed or page, with back-off. A store that
 * fails ends the run. When most hosts fail at once (health.h) it is ours: the run ends with
 * WW_UNREACHABLE, after all that could be done, and nobody is blamed.
 */
#ifndef WW_CRAWLER_CRAWL_H
#define WW_CRAWLER_CRAWL_H

#include "base/error.h"
#include "storage/store_runs.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address_range;
struct clock;
struct crawl_history;
struct fetch_options;
struct log;
struct site_rules;
struct store;
struct workers;

struct crawl_options {
    const char *contact; /* address or mail of whoever runs this: part of the User-Agent */
    const char *proxy;   /* NULL: none */
    const char *ca_file; /* authorities believed in place of the system's; NULL: those */
    const struct address_range *allowed; /* besides public addresses */
    size_t n_allowed;
    int64_t min_interval_s; /* between two polls of a feed */
    /* What a feed held when it was first read is history if it is older, or undated; 0: news. */
    int64_t first_read_s;
    int64_t host_delay_ms; /* between two requests to a host; 0 in tests alone */
    int64_t connect_timeout_ms, transfer_timeout_ms; /* 0: those of limits.h */
    int64_t body_max_bytes;                          /* as received; 0: the same */
    size_t in_flight_max;                            /* 0: the same */
    size_t claims_ahead; /* hosts with claimed feeds that wait for their first moment; 0: as many as
                            the store makes it wise to have */
    int64_t run_id;      /* of the store's diary; 0: none */
    const struct site_rules *rules;    /* may be NULL */
    bool keeps_pages;                  /* as they are received, with their articles */
    bool obeys_robots_for_feeds;       /* else for pages alone */
    bool asks_all;                     /* tests: every active feed, due or not, once */
    struct crawl_history *history;     /* a round of a backfill, and nothing else; NULL: a run */
    const volatile sig_atomic_t *stop; /* set: end soon, with what is committed; may be NULL */
};

struct crawl_summary {
    int64_t n_feeds;           /* asked */
    int64_t n_feeds_unchanged; /* of them: 304, or nothing new */
    int64_t n_feeds_failed;
    int64_t n_troubles, n_recovered; /* feeds that are newly in trouble, and well again */
    int64_t n_entries_new;
    int64_t n_pages; /* asked */
    int64_t n_pages_failed;
    int64_t n_pages_left; /* due, but not asked in this run: pace, pauses, hosts that are out */
    int64_t n_articles;   /* new */
    int64_t n_stories;    /* new */
    int64_t n_looks;      /* pages looked at again */
    int64_t n_changed;    /* in substance, of articles that were told of */
    int64_t n_removed;    /* pages of such articles that are no longer there */
    int64_t n_requests, received_bytes;
    bool was_stopped;
    enum run_outage outage; /* of ours: who was excused is not among the failed */
};

/* What of them is the fetcher's. */
void crawl_fetch_options(const struct crawl_options *options, const char *user_agent,
                         struct fetch_options *out);

/* "wirewatch/0.1.0 (+contact)" into out, cut to fit. */
void crawl_user_agent(const char *contact, char *out, size_t size);

enum ww_status crawl_run(const struct crawl_options *options, struct store *store,
                         struct workers *workers, struct clock *clock, const struct log *log,
                         struct crawl_summary *summary, struct ww_error *err);

#endif
