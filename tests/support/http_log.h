/* http_log.h - the requests that a server of the tests has met; http.h shows them to the tests. */
#ifndef WW_TESTS_SUPPORT_HTTP_LOG_H
#define WW_TESTS_SUPPORT_HTTP_LOG_H

#include "tests/support/http.h"

#include <pthread.h>

struct http_log {
    pthread_mutex_t lock;
    struct http_request *requests;
    size_t n_requests;
};

void http_log_init(struct http_log *log);
void http_log_release(struct http_log *log);

/* Takes over the strings. False when the log is full: the request is then not kept. */
bool http_log_add(struct http_log *log, const struct http_request *request);

/* The log of a server, for the functions of http.h that read it. */
struct http_log *http_server_log(struct http_server *s);

/* Is this the path? A pattern that ends in '*' fits all that begins so. */
bool http_path_fits(const char *pattern, const char *path);

/* Frees the strings of a request that did not come into the log. */
void http_request_release(struct http_request *request);

#endif
