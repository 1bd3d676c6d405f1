/*
 * ask.h - one address at a time, asked because a person named it, outside of a run.
 *
 * Follows redirects, keeps a pause between two requests to one host, and reads what came through
 * the jail. The person asked for this address, so robots.txt is not; whoever asks for addresses
 * that nobody named has to (ask_robots).
 * Errors of ask_get: those of a fetch; WW_NOT_FOUND for 404 and 410, WW_UNREACHABLE for 429 and
 *   5xx, WW_REFUSED for other statuses and too many redirects. What came is in the struct even
 * then. Limits: REDIRECT_MAX.
 */
#ifndef WW_CRAWLER_ASK_H
#define WW_CRAWLER_ASK_H

#include "base/error.h"
#include "base/slice.h"
#include "crawler/fetch.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct clock;
struct crawl_options;
struct feed;
struct log;
struct page_links;
struct robots;
struct workers;

#define ASK_AGENT_BYTES 256

/* What asking takes; all of it outlives the ask. */
struct ask_means {
    const struct crawl_options *options;
    struct workers *workers;
    struct clock *clock;
    const struct log *log; /* may be NULL; each request is told as info */
    struct arena *arena;
};

struct ask {
    struct fetch_answer answer; /* the last one */
    struct slice url;           /* where it came from */
    struct slice lasting_url;   /* as far as redirects were permanent: the address to remember */
    int n_redirects;
    /* ask.c's own */
    struct ask_means means;
    struct fetch *fetch;
    char user_agent[ASK_AGENT_BYTES]; /* the fetch borrows it */
    struct slice last_host;
    int64_t last_start_ms;
};

enum ww_status ask_open(struct ask *a, const struct ask_means *means, struct ww_error *err);
void ask_close(struct ask *a);

/* etag and last_modified may be empty; a 304 is WW_OK. */
enum ww_status ask_get(struct ask *a, struct slice url, struct slice etag,
                       struct slice last_modified, struct ww_error *err);

/* What came, read as a feed; WW_INVALID when it is none. Lives in the arena. */
enum ww_status ask_read_feed(struct ask *a, struct feed *out, struct ww_error *err);

/* What came, read as a page of links (listing.h), in the form of a feed. Lives in the arena. */
enum ww_status ask_read_listing(struct ask *a, struct slice selector, struct feed *out,
                                struct ww_error *err);

/* What came, read as a page. Lives in the arena. */
enum ww_status ask_read_page(struct ask *a, struct page_links *out, struct ww_error *err);

/*
 * The robots.txt of an address's host. NULL in *out: there is none, and all is allowed. A failure:
 * none of its addresses may be tried (RFC 9309, 2.3.1.4).
 */
enum ww_status ask_robots(struct ask *a, struct slice url, struct robots **out,
                          struct ww_error *err);

#endif
