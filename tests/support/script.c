/* script.c - see script.h. One thread takes connection after connection. */
#include "tests/support/script.h"

#include "base/buf.h"
#include "tests/support/listen.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWERS_MAX = 16, REQUESTS_MAX = 4096, STEP_MS = 20, PATIENCE_STEPS = 100 };

struct answer {
    char path[512];
    char *bytes; /* head and body as they go out */
    size_t len;
};

struct script_server {
    int listeners[SCRIPT_ADDRESSES_MAX];
    size_t n_listeners;
    unsigned port;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* what follows */
    bool is_closing;
    struct answer answers[ANSWERS_MAX];
    size_t n_answers;
    struct script_request *requests;
    size_t n_requests;
};

/* ---- one connection -------------------------------------------------------------------------- */

static bool read_head(int fd, char *head, size_t size)
{
    size_t len = 0;

    for (int i = 0; i < PATIENCE_STEPS && len + 1 < size; i++) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        ssize_t n;

        if (poll(&p, 1, STEP_MS) <= 0)
            continue;
        n = recv(fd, head + len, size - 1 - len, 0);
        if (n <= 0)
            return false;
        len += (size_t)n;
        head[len] = '\0';
        if (strstr(head, "\r\n\r\n") != NULL)
            return true;
    }
    return false;
}

static void drop_returns(char *s)
{
    char *to = s;

    for (const char *from = s; *from != '\0'; from++)
        if (*from != '\r')
            *to++ = *from;
    *to = '\0';
}

static const struct answer *find(const struct script_server *s, const char *path)
{
    for (size_t i = 0; i < s->n_answers; i++)
        if (strcmp(s->answers[i].path, path) == 0)
            return &s->answers[i];
    return NULL;
}

static void serve(struct script_server *s, int fd)
{
    static const char none[] =
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    struct script_request *request = calloc(1, sizeof(*request));
    const struct answer *answer;

    if (request != NULL && read_head(fd, request->head, sizeof(request->head))) {
        drop_returns(request->head);
        (void)sscanf(request->head, "%*s %511s", request->path);
        pthread_mutex_lock(&s->lock);
        if (s->n_requests < REQUESTS_MAX)
            s->requests[s->n_requests++] = *request;
        answer = find(s, request->path);
        if (answer != NULL)
            (void)send(fd, answer->bytes, answer->len, MSG_NOSIGNAL);
        else
            (void)send(fd, none, sizeof(none) - 1, MSG_NOSIGNAL);
        pthread_mutex_unlock(&s->lock);
    }
    free(request);
    (void)shutdown(fd, SHUT_WR);
    close(fd);
}

static bool is_closing(struct script_server *s)
{
    bool answer;

    pthread_mutex_lock(&s->lock);
    answer = s->is_closing;
    pthread_mutex_unlock(&s->lock);
    return answer;
}

static void *run(void *context)
{
    struct script_server *s = context;

    while (!is_closing(s)) {
        struct pollfd p[SCRIPT_ADDRESSES_MAX];

        for (size_t i = 0; i < s->n_listeners; i++)
            p[i] = (struct pollfd){.fd = s->listeners[i], .events = POLLIN};
        if (poll(p, s->n_listeners, STEP_MS) <= 0)
            continue;
        for (size_t i = 0; i < s->n_listeners; i++) {
            int fd = p[i].revents != 0 ? accept(s->listeners[i], NULL, NULL) : -1;

            if (fd >= 0)
                serve(s, fd);
        }
    }
    return NULL;
}

/* ---- life ------------------------------------------------------------------------------------ */

enum ww_status script_open(const char *const *addresses, size_t n_addresses,
                           struct script_server **out, struct ww_error *err)
{
    struct script_server *s = calloc(1, sizeof(*s));
    enum ww_status status = WW_OK;

    *out = NULL;
    if (s == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for a server");
    pthread_mutex_init(&s->lock, NULL);
    s->requests = calloc(REQUESTS_MAX, sizeof(*s->requests));
    if (s->requests == NULL)
        status = ww_fail(err, WW_NOMEM, "no memory for a server");
    for (size_t i = 0; status == WW_OK && i < n_addresses; i++) {
        status = listen_open(addresses[i], &s->port, &s->listeners[i], err);
        s->n_listeners += status == WW_OK;
    }
    if (status == WW_OK) {
        s->has_thread = pthread_create(&s->thread, NULL, run, s) == 0;
        status = s->has_thread ? WW_OK : ww_fail(err, WW_NOMEM, "no thread for the server");
    }
    if (status == WW_OK)
        *out = s;
    else
        script_close(s);
    return status;
}

void script_close(struct script_server *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    s->is_closing = true;
    pthread_mutex_unlock(&s->lock);
    if (s->has_thread)
        pthread_join(s->thread, NULL);
    for (size_t i = 0; i < s->n_listeners; i++)
        close(s->listeners[i]);
    script_clear(s);
    pthread_mutex_destroy(&s->lock);
    free(s->requests);
    free(s);
}

unsigned script_port(const struct script_server *s)
{
    return s->port;
}

/* ---- what it says and what it heard ------------------------------------------------------------
 */

void script_clear(struct script_server *s)
{
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n_answers; i++)
        free(s->answers[i].bytes);
    s->n_answers = 0;
    pthread_mutex_unlock(&s->lock);
}

void script_answer(struct script_server *s, const char *path, const char *head, struct slice body)
{
    struct slice rest = slice_from(head), line, status = {"", 0};
    struct answer answer = {0};
    struct buf b;

    buf_init(&b, body.len + strlen(head) * 2 + 256);
    (void)slice_next(&rest, '|', &status);
    buf_printf(&b, "HTTP/1.1 %.*s Said\r\n", SLICE_ARG(status));
    while (slice_next(&rest, '|', &line))
        buf_printf(&b, "%.*s\r\n", SLICE_ARG(line));
    if (!slice_equal(status, SLICE("304")))
        buf_printf(&b, "Content-Length: %zu\r\n", body.len);
    buf_add_string(&b, "Connection: close\r\n\r\n");
    buf_add(&b, body);
    (void)snprintf(answer.path, sizeof(answer.path), "%s", path);
    answer.len = b.len;
    answer.bytes = malloc(b.len + 1);
    if (answer.bytes != NULL)
        memcpy(answer.bytes, b.ptr, b.len);
    buf_release(&b);
    pthread_mutex_lock(&s->lock);
    if (answer.bytes != NULL && s->n_answers < ANSWERS_MAX)
        s->answers[s->n_answers++] = answer;
    pthread_mutex_unlock(&s->lock);
}

size_t script_n_requests(struct script_server *s)
{
    size_t n;

    pthread_mutex_lock(&s->lock);
    n = s->n_requests;
    pthread_mutex_unlock(&s->lock);
    return n;
}

bool script_request(struct script_server *s, size_t i, struct script_request *out)
{
    bool is_there;

    pthread_mutex_lock(&s->lock);
    is_there = i < s->n_requests;
    if (is_there)
        *out = s->requests[i];
    pthread_mutex_unlock(&s->lock);
    return is_there;
}

struct slice script_header(const struct script_request *request, const char *name)
{
    struct slice rest = slice_from(request->head), line;

    while (slice_next_line(&rest, &line))
        if (slice_equal_nocase(slice_head(line, slice_find_char(line, ':')), slice_from(name)))
            return line;
    return (struct slice){"", 0};
}
