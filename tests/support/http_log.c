/* http_log.c - see http_log.h. */
#include "tests/support/http_log.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Past it requests are answered but no longer logged. */
enum { REQUESTS_MAX = 200000 };

void http_log_init(struct http_log *log)
{
    *log = (struct http_log){.requests = NULL};
    pthread_mutex_init(&log->lock, NULL);
}

void http_request_release(struct http_request *request)
{
    free((void *)(uintptr_t)request->method);
    free((void *)(uintptr_t)request->address);
    free((void *)(uintptr_t)request->host);
    free((void *)(uintptr_t)request->path);
    free((void *)(uintptr_t)request->headers);
    *request = (struct http_request){.at_ms = 0};
}

void http_log_release(struct http_log *log)
{
    for (size_t i = 0; i < log->n_requests; i++)
        http_request_release(&log->requests[i]);
    free(log->requests);
    pthread_mutex_destroy(&log->lock);
}

bool http_log_add(struct http_log *log, const struct http_request *request)
{
    bool is_kept = false;
    size_t n;

    pthread_mutex_lock(&log->lock);
    n = log->n_requests;
    if (n >= REQUESTS_MAX)
        goto out;
    if ((n & (n - 1)) == 0) { /* grows at each power of two */
        struct http_request *more =
            realloc(log->requests, (n == 0 ? 1 : n * 2) * sizeof(*log->requests));

        if (more == NULL)
            goto out;
        log->requests = more;
    }
    log->requests[n] = *request;
    log->n_requests++;
    is_kept = true;
out:
    pthread_mutex_unlock(&log->lock);
    return is_kept;
}

bool http_path_fits(const char *pattern, const char *path)
{
    size_t len = strlen(pattern);

    if (len > 0 && pattern[len - 1] == '*')
        return strncmp(pattern, path, len - 1) == 0;
    return strcmp(pattern, path) == 0;
}

/* ---- what http.h shows ----------------------------------------------------------------------- */

size_t http_server_n_requests(struct http_server *s)
{
    struct http_log *log = http_server_log(s);
    size_t n;

    pthread_mutex_lock(&log->lock);
    n = log->n_requests;
    pthread_mutex_unlock(&log->lock);
    return n;
}

bool http_server_request(struct http_server *s, size_t i, struct http_request *out)
{
    struct http_log *log = http_server_log(s);
    bool is_there;

    pthread_mutex_lock(&log->lock);
    is_there = i < log->n_requests;
    if (is_there)
        *out = log->requests[i];
    pthread_mutex_unlock(&log->lock);
    return is_there;
}

size_t http_server_count(struct http_server *s, const char *path)
{
    struct http_log *log = http_server_log(s);
    size_t n = 0;

    pthread_mutex_lock(&log->lock);
    for (size_t i = 0; i < log->n_requests; i++)
        if (path == NULL || http_path_fits(path, log->requests[i].path))
            n++;
    pthread_mutex_unlock(&log->lock);
    return n;
}

/* Everybody's highest moment is at somebody's beginning. */
size_t http_server_peak(struct http_server *s, const char *host)
{
    struct http_log *log = http_server_log(s);
    size_t peak = 0;

    pthread_mutex_lock(&log->lock);
    for (size_t i = 0; i < log->n_requests; i++) {
        const struct http_request *a = &log->requests[i];
        size_t n = 1;

        if (host != NULL && strcasecmp(host, a->host) != 0)
            continue;
        for (size_t j = 0; j < log->n_requests; j++) {
            const struct http_request *b = &log->requests[j];

            if (j != i && (host == NULL || strcasecmp(host, b->host) == 0) &&
                b->at_ms <= a->at_ms && b->done_ms > a->at_ms)
                n++;
        }
        peak = n > peak ? n : peak;
    }
    pthread_mutex_unlock(&log->lock);
    return peak;
}

struct slice http_request_header(const struct http_request *request, const char *name)
{
    struct slice rest = slice_from(request->headers);
    struct slice line;

    while (slice_next(&rest, '\n', &line)) {
        size_t colon = slice_find_char(line, ':');

        if (colon < line.len && slice_equal_nocase(slice_head(line, colon), slice_from(name)))
            return slice_trim(slice_skip(line, colon + 1));
    }
    return (struct slice){0};
}
