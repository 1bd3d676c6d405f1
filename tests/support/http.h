/*
 * http.h - a real HTTP server on loopback (libmicrohttpd) for tests, the newsroom and benches.
 *
 * One server answers on any number of addresses 127.x.y.z of one port: fixtures that stand for
 * different hosts live on different addresses. What it answers is said by routes (scripted answers)
 * or by a handler; conditional requests get their 304 here. Every request is logged. Served by two
 * threads of its own, so a cmocka test can run the client in its own thread. It allocates with
 * malloc, not base/mem, so that a walk of failing allocations does not hit the server.
 *
 *     struct http_server *server = NULL;
 *     http_server_open("127.0.0.1", 0, &server, &err);
 *     http_server_route(server, &(struct http_route){.path = "/feed", .etag = "\"1\"",
 *                                                    .type = "application/rss+xml",
 *                                                    .body = slice_from(rss)});
 *     ... http_server_origin(server) is "http://127.0.0.1:40123" ...
 *     assert_int_equal(http_server_count(server, "/feed"), 1);
 *     http_server_close(server);
 *
 * What a well-behaved library cannot say (cut, dripping, lying answers) is raw.h's.
 */
#ifndef WW_TESTS_SUPPORT_HTTP_H
#define WW_TESTS_SUPPORT_HTTP_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_server;

/* A scripted answer. Strings are copied by http_server_route; members left out are 0 or empty. */
struct http_route {
    const char *host; /* "127.0.0.2": only requests for that host; NULL: any */
    const char *path; /* with the query; one that ends in '*' takes all that begins so */
    unsigned status;  /* 0 is 200 */
    const char *type; /* Content-Type */
    const char *etag; /* as sent, quotes included: If-None-Match with it gives 304 */
    const char *last_modified;
    const char *location;    /* for 3xx */
    const char *retry_after; /* for 429, 503 */
    const char *headers;     /* more: "Name: value" lines, each ending in '\n' */
    struct slice body;
    unsigned delay_ms; /* waits before it answers; other requests go on */
    unsigned times;    /* answers so often, then the next route of the path does; 0 is for ever */
};

/* One request as it came. The strings belong to the server and live until it is closed. */
struct http_request {
    int64_t at_ms;   /* since the server was opened */
    int64_t done_ms; /* when its answer was ready to go */
    const char *method;
    const char *address; /* the local address it came to: "127.0.0.2" */
    const char *host;    /* Host without the port; address when there is none */
    const char *path;    /* with the query */
    const char *headers; /* "Name: value\n" lines, in order */
    unsigned status;     /* what it was answered */
};

/* Port 0: one that is free, see http_server_port. */
enum ww_status http_server_open(const char *address, unsigned port, struct http_server **out,
                                struct ww_error *err);
/* Answer on one more address, same port. */
enum ww_status http_server_listen(struct http_server *s, const char *address, struct ww_error *err);
/* Ends within a moment, answers in flight are dropped. NULL is fine. */
void http_server_close(struct http_server *s);

unsigned http_server_port(const struct http_server *s);
/* "http://127.0.0.1:40123", of the first address. */
const char *http_server_origin(const struct http_server *s);

/*
 * Add an answer. Routes are asked in the order they came; the first that fits and is not used up
 * (times) answers, nothing that fits is 404. False when memory is out.
 */
bool http_server_route(struct http_server *s, const struct http_route *route);
/* Forget all routes so far: the next crawl meets another world. */
void http_server_clear(struct http_server *s);

/* A computed answer: fill *answer; malloc'ed *body (may stay NULL) is freed by the server. */
struct http_answer {
    unsigned status;
    const char *type;
    char etag[80];
    char last_modified[40];
    char location[512];
    char retry_after[40];
    char headers[200]; /* more: "Name: value" lines */
    char *body;
    size_t body_len;
};
typedef void http_handler(void *context, const struct http_request *request,
                          struct http_answer *answer);
/* Asked when no route fits. Runs in the server's thread. */
void http_server_handle(struct http_server *s, http_handler *handler, void *context);

/* The log, oldest first. Copies: safe while the server runs. */
size_t http_server_n_requests(struct http_server *s);
bool http_server_request(struct http_server *s, size_t i, struct http_request *out);
/* Requests for that path (NULL: all). */
size_t http_server_count(struct http_server *s, const char *path);
/* Most requests for that host (NULL: all together) that were being answered at one time. */
size_t http_server_peak(struct http_server *s, const char *host);

/* The value of a header of a logged request, without its name; empty when it was not sent. */
struct slice http_request_header(const struct http_request *request, const char *name);

#endif
