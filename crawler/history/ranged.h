/*
 * ranged.h - files of one server, read in parts: one request at a time, with a pause before each.
 *
 * For archives whose files are larger than anything that is kept here. A part that does not come is
 * asked for again after a while, some times; redirects are not followed.
 *
 * Errors: WW_NOT_FOUND: no such file (404, 410). WW_REFUSED: 403, the second 429 of this reader, or
 * a pause over RANGED_PATIENCE_MAX_S: it is not to be asked any more. WW_UNREACHABLE: tried so
 * often in vain, or what comes is not what was asked for. WW_CONFLICT: stopped, or the budget is
 * spent; is_over says so. What rest fails with.
 */
#ifndef WW_CRAWLER_HISTORY_RANGED_H
#define WW_CRAWLER_HISTORY_RANGED_H

#include "base/error.h"
#include "base/slice.h"
#include "crawler/fetch.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct clock;
struct crawl_options;
struct log;
struct warc_source;

#define RANGED_AGENT_BYTES 256

/* All of it outlives the reader. */
struct ranged_means {
    const struct crawl_options *crawl; /* contact, proxy, limits, stop */
    struct clock *clock;
    const struct log *log; /* may be NULL */
    int64_t pause_ms;
    int64_t part_bytes;             /* 0: RANGED_BYTES */
    int64_t requests_max;           /* 0: no bound */
    bool (*may_ask)(void *context); /* asked again while it says no; NULL: always */
    void *context;
    /* Around each request: the host is ours, when *wait_ms is 0; and it is free, and not to be
     * asked before that time, if it is not 0. NULL: nobody else asks it. */
    enum ww_status (*lease)(void *lease_context, int64_t *wait_ms, struct ww_error *err);
    enum ww_status (*let_go)(void *lease_context, int64_t not_before, struct ww_error *err);
    void *lease_context;
    /*
     * Called before whatever waits and again while it does: let go of what others want, and keep
     * what is ours. NULL: there is nothing.
     */
    enum ww_status (*rest)(void *rest_context, struct ww_error *err);
    void *rest_context;
};

struct ranged {
    struct ranged_means means;
    struct fetch *fetch;
    struct fetch_answer answer;
    char user_agent[RANGED_AGENT_BYTES]; /* the fetch borrows it */
    int64_t asked_ms;                    /* when the last request began; 0: there was none */
    int64_t n_requests, n_bytes;
    int64_t not_before; /* what the last answer asked for: Retry-After; 0: nothing */
    int n_slow_downs;   /* 429 */
    bool is_over;       /* stopped, or out of budget */
    struct slice url;   /* the file in hand, borrowed */
    int64_t bytes;      /* of it */
    int64_t part_at;    /* what answer.body holds of it */
    bool has_part;
};

enum ww_status ranged_open(struct ranged *r, const struct ranged_means *means,
                           struct ww_error *err);
void ranged_close(struct ranged *r);

/* All of a small file; *body is borrowed until the next call. */
enum ww_status ranged_get(struct ranged *r, struct slice url, struct slice *body,
                          struct ww_error *err);

/* Take a file in hand, which costs one request for its size. url and *out are borrowed from r. */
enum ww_status ranged_begin(struct ranged *r, struct slice url, struct warc_source *out,
                            struct ww_error *err);

#endif
