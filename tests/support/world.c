/* world.c - see world.h. */
#include "tests/support/world.h"

#include "base/attrs.h"
#include "base/clock.h"
#include "base/log.h"
#include "tests/support/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void world_open(struct world *w, const char *const *hosts, size_t n_hosts)
{
    *w = (struct world){.port = 0};
    test_store_open(&w->t);
    assert_int_equal(address_parse_range(SLICE("127.0.0.0/8"), &w->loopback, NULL), WW_OK);
    assert_int_equal(http_server_open(hosts[0], 0, &w->http, &w->err), WW_OK);
    for (size_t i = 1; i < n_hosts; i++)
        assert_int_equal(http_server_listen(w->http, hosts[i], &w->err), WW_OK);
    w->port = http_server_port(w->http);
    w->options = (struct crawl_options){.contact = "test@example.org",
                                        .allowed = &w->loopback,
                                        .n_allowed = 1,
                                        .min_interval_s = 3600,
                                        .connect_timeout_ms = 10000,
                                        .transfer_timeout_ms = 20000};
}

void world_close(struct world *w)
{
    http_server_close(w->http);
    test_store_close(&w->t);
}

int64_t world_add_feed(struct world *w, const char *host, const char *path)
{
    char url[128];

    (void)snprintf(url, sizeof(url), "http://%s:%u%s", host, w->port, path);
    return test_store_feed(&w->t, url);
}

struct feed_row world_feed(struct world *w, int64_t id)
{
    struct feed_row row = {0};

    assert_int_equal(store_feed(w->t.store, id, &w->t.arena, &row, NULL), WW_OK);
    return row;
}

enum ww_status world_crawl(struct world *w, int64_t now)
{
    struct clock clock = clock_started_at(now);

    return world_crawl_by(w, &clock);
}

enum ww_status world_crawl_by(struct world *w, struct clock *clock)
{
    const struct log log = {.out = NULL, .level = LOG_DEBUG, .clock = clock};

    return crawl_run(&w->options, w->t.store, pool_workers(), clock, &log, &w->summary, &w->err);
}

void world_serve_article(void *context, const struct http_request *request,
                         struct http_answer *answer)
{
    const int len = (int)strcspn(request->path, "?");
    const char *path = request->path;
    char *body = malloc(2048);
    int n = 0;

    WW_UNUSED(context);
    if (body != NULL && strcmp(path, "/robots.txt") != 0)
        n = snprintf(
            body, 2048,
            "<html><head><title>The question of %.*s</title></head><body><article>"
            "<h1>The question of %.*s</h1><p>The council of the town spent its evening on %.*s, "
            "and the debate went on for longer than anybody had expected at six.</p><p>Several of "
            "those who spoke about %.*s said that the plans had changed twice since spring, and "
            "that nobody had told the people along the quay of %.*s.</p></article></body></html>",
            len, path, len, path, len, path, len, path, len, path);
    answer->status = n > 0 ? 200 : 404;
    answer->type = "text/html";
    answer->body = body;
    answer->body_len = (size_t)n;
}
