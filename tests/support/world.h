/*
 * world.h - what the tests of pass 1 stand in: a store, a server at several addresses, and crawls
 * at times that are made up. Different hosts are different addresses 127.x.y.z.
 *
 * Whatever cannot be set up fails the test.
 */
#ifndef WW_TESTS_SUPPORT_WORLD_H
#define WW_TESTS_SUPPORT_WORLD_H

#include "base/address.h"
#include "crawler/crawl.h"
#include "storage/store_feeds.h"
#include "tests/support/http.h"
#include "tests/support/store.h"

#include <stddef.h>
#include <stdint.h>

struct clock;

struct world {
    struct test_store t;
    struct http_server *http;
    unsigned port;
    /*
     * Loopback allowed, a feed once an hour, no pauses, and time limits that no good answer comes
     * near: a run that is busy with its store does not look at what came in meanwhile.
     */
    struct crawl_options options;
    struct address_range loopback;
    struct crawl_summary summary; /* of the last crawl */
    struct ww_error err;
};

/* Nobody is polled yet, and no path is served. w must stay where it is. */
void world_open(struct world *w, const char *const *hosts, size_t n_hosts);
void world_close(struct world *w);

int64_t world_add_feed(struct world *w, const char *host, const char *path);
struct feed_row world_feed(struct world *w, int64_t id);

/* One run, with the workers of pool.h. */
enum ww_status world_crawl(struct world *w, int64_t now);
/* By a clock that others go by too. */
enum ww_status world_crawl_by(struct world *w, struct clock *clock);

/* For http_server_handle: every path is an article of its own, whatever its query; no robots.txt.
 */
void world_serve_article(void *context, const struct http_request *request,
                         struct http_answer *answer);

#endif
