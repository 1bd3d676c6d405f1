/* http_routes.h - the scripted answers of a server of the tests; http.h says what they mean. */
#ifndef WW_TESTS_SUPPORT_HTTP_ROUTES_H
#define WW_TESTS_SUPPORT_HTTP_ROUTES_H

#include "tests/support/http.h"

#include <pthread.h>

struct route;

struct http_routes {
    pthread_mutex_t lock;
    struct route **routes; /* kept until the end: an answer may still point into an old one */
    size_t n_routes;
    size_t first; /* those before it are forgotten */
};

void http_routes_init(struct http_routes *r);
void http_routes_release(struct http_routes *r);
bool http_routes_add(struct http_routes *r, const struct http_route *route);
void http_routes_clear(struct http_routes *r);

/* The answer to this request, or NULL. Lives until http_routes_release. */
const struct http_route *http_routes_find(struct http_routes *r,
                                          const struct http_request *request);

#endif
