/* raw.c - see raw.h. One thread a connection; every wait is short, so that closing is quick. */
#include "tests/support/raw.h"

#include "tests/support/listen.h"
#include "tests/support/raw_connection.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 4096, REQUEST_MAX_BYTES = 16 * 1024 };

int64_t raw_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_closing(struct raw_server *s)
{
    bool answer;

    pthread_mutex_lock(&s->lock);
    answer = s->is_closing;
    pthread_mutex_unlock(&s->lock);
    return answer;
}

bool raw_may_go_on(struct connection *c)
{
    if (!c->is_over && (raw_now_ms() >= c->until_ms || c->sent_bytes >= RAW_FLOOD_MAX_BYTES ||
                        is_closing(c->server)))
        c->is_over = true;
    return !c->is_over;
}

/* ---- connections ----------------------------------------------------------------------------- */

/* The path of "GET /path HTTP/1.1"; false when the peer says nothing of the kind in time. */
static bool read_path(struct connection *c, char *request, size_t size, struct slice *path)
{
    size_t len = 0;

    while (raw_may_go_on(c) && len + 1 < size) {
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        ssize_t n;

        if (poll(&p, 1, RAW_STEP_MS) <= 0)
            continue;
        n = recv(c->fd, request + len, size - 1 - len, 0);
        if (n <= 0)
            return false;
        len += (size_t)n;
        request[len] = '\0';
        if (strstr(request, "\r\n\r\n") != NULL) {
            struct slice rest = slice_of(request, len);
            struct slice method;

            return slice_next(&rest, ' ', &method) && slice_next(&rest, ' ', path);
        }
    }
    return false;
}

static void *serve(void *context)
{
    struct connection *c = context;
    char request[REQUEST_MAX_BYTES];
    struct slice path;

    if (read_path(c, request, sizeof(request), &path))
        raw_act(c, path);
    close(c->fd);
    free(c);
    return NULL;
}

static void accept_one(struct raw_server *s, int fd)
{
    struct connection *c = calloc(1, sizeof(*c));
    bool is_started = false;

    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (c != NULL) {
        *c = (struct connection){.server = s, .fd = fd, .until_ms = raw_now_ms() + s->max_ms};
        pthread_mutex_lock(&s->lock);
        is_started = pthread_create(&s->threads[s->n_threads], NULL, serve, c) == 0;
        if (is_started)
            s->n_threads++;
        pthread_mutex_unlock(&s->lock);
    }
    if (!is_started) {
        close(fd);
        free(c);
    }
}

static void *accept_all(void *context)
{
    struct raw_server *s = context;

    while (!is_closing(s) && s->n_threads < s->max_connections) {
        struct pollfd p = {.fd = s->listener, .events = POLLIN};
        int fd;

        if (poll(&p, 1, RAW_STEP_MS) <= 0)
            continue;
        fd = accept(s->listener, NULL, NULL);
        if (fd >= 0)
            accept_one(s, fd);
    }
    return NULL;
}

/* ---- life ------------------------------------------------------------------------------------ */

enum ww_status raw_server_open(const char *address, unsigned port, unsigned max_connections,
                               unsigned max_ms, struct raw_server **out, struct ww_error *err)
{
    struct raw_server *s = calloc(1, sizeof(*s));
    enum ww_status status;

    *out = NULL;
    if (s == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for a server");
    s->listener = -1;
    s->port = port;
    s->max_connections = max_connections < CONNECTIONS_MAX ? max_connections : CONNECTIONS_MAX;
    s->max_ms = max_ms;
    pthread_mutex_init(&s->lock, NULL);
    s->threads = calloc(s->max_connections + 1, sizeof(*s->threads));
    raw_server_body(s, "text/html; charset=utf-8",
                    SLICE("<!DOCTYPE html><title>A page</title><p>It has a sentence.</p>\n"));
    if (s->threads == NULL || s->body == NULL || !raw_make_bombs()) {
        status = ww_fail(err, WW_NOMEM, "no memory for a server");
        goto out;
    }
    status = listen_open(address, &s->port, &s->listener, err);
    if (status != WW_OK)
        goto out;
    snprintf(s->origin, sizeof(s->origin), "http://%s:%u", address, s->port);
    if (pthread_create(&s->acceptor, NULL, accept_all, s) != 0) {
        status = ww_fail(err, WW_NOMEM, "no thread for the server");
        goto out;
    }
    s->has_acceptor = true;
    *out = s;
out:
    if (status != WW_OK)
        raw_server_close(s);
    return status;
}

void raw_server_close(struct raw_server *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    s->is_closing = true;
    pthread_mutex_unlock(&s->lock);
    if (s->has_acceptor)
        pthread_join(s->acceptor, NULL);
    for (size_t i = 0; i < s->n_threads; i++)
        pthread_join(s->threads[i], NULL);
    if (s->listener >= 0)
        close(s->listener);
    pthread_mutex_destroy(&s->lock);
    free(s->threads);
    free(s->body);
    free(s);
}

unsigned raw_server_port(const struct raw_server *s)
{
    return s->port;
}

const char *raw_server_origin(const struct raw_server *s)
{
    return s->origin;
}

void raw_server_body(struct raw_server *s, const char *type, struct slice body)
{
    char *copy = malloc(body.len + 1);

    if (copy == NULL)
        return;
    memcpy(copy, body.ptr, body.len);
    free(s->body);
    s->type = type;
    s->body = copy;
    s->body_len = body.len;
}

size_t raw_server_n_connections(struct raw_server *s)
{
    size_t n;

    pthread_mutex_lock(&s->lock);
    n = s->n_threads;
    pthread_mutex_unlock(&s->lock);
    return n;
}
