/* http.c - see http.h. An accepting thread hands connections of all addresses to one MHD daemon. */
#include "tests/support/http.h"

#include "base/attrs.h"
#include "tests/support/http_log.h"
#include "tests/support/http_routes.h"
#include "tests/support/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

enum {
    ADDRESSES_MAX = 2000, /* a bench of 1,000 hosts fits twice */
    HEADERS_MAX_BYTES = 8192,
    DELAY_MAX_MS = 60000,
    CONNECTIONS_MAX = 1000
};

/* One request on its way; MHD carries it from call to call. */
struct exchange {
    char *target; /* as it came: MHD itself decodes and splits it */
    struct http_request request;
    const struct http_route *route;
    bool is_begun;
    bool is_read;                   /* request and route are known */
    bool is_logged;                 /* request belongs to the log */
    struct MHD_Connection *waiting; /* suspended until due_ms */
    int64_t due_ms;
    struct exchange *next; /* in the list of those that wait */
};

struct http_server {
    struct MHD_Daemon *daemon;
    pthread_t acceptor;
    bool has_acceptor;
    int wake[2]; /* a byte in it: the addresses changed, or the end */
    unsigned port;
    char origin[64];
    struct timespec opened;
    http_handler *handler;
    void *context;

    struct http_routes routes;
    struct http_log log;
    pthread_mutex_t lock; /* what follows */
    bool is_closing;
    struct pollfd *sockets;
    size_t n_sockets;
    struct exchange *waiting;
};

/* ---- small tools ----------------------------------------------------------------------------- */

static int64_t elapsed_ms(const struct http_server *s)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)(now.tv_sec - s->opened.tv_sec) * 1000 +
           (now.tv_nsec - s->opened.tv_nsec) / 1000000;
}

static void wake_acceptor(struct http_server *s)
{
    if (s->wake[1] >= 0 && write(s->wake[1], "", 1) < 0)
        return; /* the pipe is full: it wakes up anyway */
}

/* ---- answering ------------------------------------------------------------------------------- */

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0')
        MHD_add_response_header(response, name, value);
}

/* "Name: value" lines; a line without a colon is left out. */
static void add_header_lines(struct MHD_Response *response, const char *lines)
{
    struct slice rest = slice_from(lines);
    struct slice line;

    while (slice_next(&rest, '\n', &line)) {
        size_t colon = slice_find_char(line, ':');
        char name[200];
        char value[HEADERS_MAX_BYTES];

        if (colon == line.len)
            continue;
        struct slice said = slice_trim(slice_skip(line, colon + 1));
        snprintf(name, sizeof(name), "%.*s", SLICE_ARG(slice_head(line, colon)));
        snprintf(value, sizeof(value), "%.*s", SLICE_ARG(said));
        MHD_add_response_header(response, name, value);
    }
}

/* Has the client this state already? If-None-Match decides, and only without it the date. */
static bool is_unchanged(struct MHD_Connection *c, const char *etag, const char *last_modified)
{
    const char *match = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match");
    const char *since = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-Modified-Since");

    if (match != NULL)
        return etag != NULL && etag[0] != '\0' && strstr(match, etag) != NULL;
    return since != NULL && last_modified != NULL && last_modified[0] != '\0' &&
           strcmp(since, last_modified) == 0;
}

static unsigned status_for(struct MHD_Connection *c, const struct http_route *said, unsigned status)
{
    return status == 200 && is_unchanged(c, said->etag, said->last_modified) ? 304 : status;
}

static enum MHD_Result answer(struct MHD_Connection *c, const struct http_route *said,
                              enum MHD_ResponseMemoryMode mode, unsigned status)
{
    struct slice body = said->body;
    struct MHD_Response *response;
    enum MHD_Result result;

    if (status == 304) {
        if (mode == MHD_RESPMEM_MUST_FREE)
            free((void *)(uintptr_t)body.ptr);
        mode = MHD_RESPMEM_PERSISTENT;
        body = (struct slice){0};
    }
    response = MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.ptr, mode);
    if (response == NULL)
        return MHD_NO;
    if (status != 304)
        add_header(response, "Content-Type", said->type);
    add_header(response, "ETag", said->etag);
    add_header(response, "Last-Modified", said->last_modified);
    add_header(response, "Location", said->location);
    add_header(response, "Retry-After", said->retry_after);
    if (said->headers != NULL)
        add_header_lines(response, said->headers);
    result = MHD_queue_response(c, status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- the log --------------------------------------------------------------------------------- */

struct header_text {
    char text[HEADERS_MAX_BYTES];
    size_t len;
};

static enum MHD_Result collect_header(void *context, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    struct header_text *h = context;
    int n;

    WW_UNUSED(kind);
    n = snprintf(h->text + h->len, sizeof(h->text) - h->len, "%s: %s\n", name,
                 value != NULL ? value : "");
    if (n < 0 || (size_t)n >= sizeof(h->text) - h->len) {
        h->text[h->len] = '\0';
        return MHD_NO;
    }
    h->len += (size_t)n;
    return MHD_YES;
}

static void local_address(struct MHD_Connection *c, char out[INET_ADDRSTRLEN])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr_in in = {0};
    socklen_t len = sizeof(in);

    if (info == NULL || getsockname(info->connect_fd, (struct sockaddr *)&in, &len) != 0 ||
        inet_ntop(AF_INET, &in.sin_addr, out, INET_ADDRSTRLEN) == NULL)
        snprintf(out, INET_ADDRSTRLEN, "?");
}

static char *host_of(struct MHD_Connection *c, const char *address)
{
    const char *host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host");
    char *copy = strdup(host != NULL ? host : address);
    char *colon = copy != NULL ? strrchr(copy, ':') : NULL;

    if (colon != NULL)
        *colon = '\0';
    return copy;
}

/* ---- the daemon's call-backs ----------------------------------------------------------------- */

static void *begin_exchange(void *context, const char *target, struct MHD_Connection *c)
{
    struct exchange *x = calloc(1, sizeof(*x));

    WW_UNUSED(context);
    WW_UNUSED(c);
    if (x != NULL)
        x->target = strdup(target);
    return x;
}

static void end_exchange(void *context, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct exchange *x = *state;

    WW_UNUSED(context);
    WW_UNUSED(c);
    WW_UNUSED(code);
    *state = NULL;
    if (x == NULL)
        return;
    if (!x->is_logged)
        http_request_release(&x->request);
    free(x->target);
    free(x);
}

static enum MHD_Result reply(struct http_server *s, struct MHD_Connection *c, struct exchange *x)
{
    struct http_route said;
    struct http_answer computed = {.status = 404, .type = "text/plain"};
    enum MHD_ResponseMemoryMode mode = MHD_RESPMEM_MUST_COPY;

    if (x->route != NULL) {
        said = *x->route;
    } else {
        if (s->handler != NULL)
            s->handler(s->context, &x->request, &computed);
        said = (struct http_route){.status = computed.status,
                                   .type = computed.type,
                                   .etag = computed.etag,
                                   .last_modified = computed.last_modified,
                                   .location = computed.location,
                                   .retry_after = computed.retry_after,
                                   .headers = computed.headers,
                                   .body = slice_of(computed.body, computed.body_len)};
        mode = computed.body != NULL ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT;
    }
    x->request.status = said.status == 0 ? 200 : said.status;
    x->request.status = status_for(c, &said, x->request.status);
    /* Logged before the client can see the answer: it may ask again before we know that it has. */
    x->request.done_ms = elapsed_ms(s);
    x->is_logged = http_log_add(&s->log, &x->request);
    return answer(c, &said, mode, x->request.status);
}

static bool read_request(struct http_server *s, struct MHD_Connection *c, const char *method,
                         struct exchange *x)
{
    struct header_text headers = {.len = 0};
    struct http_request *request = &x->request;
    char address[INET_ADDRSTRLEN];

    MHD_get_connection_values(c, MHD_HEADER_KIND, collect_header, &headers);
    local_address(c, address);
    request->at_ms = elapsed_ms(s);
    request->method = strdup(method);
    request->address = strdup(address);
    request->host = host_of(c, address);
    request->path = x->target != NULL ? strdup(x->target) : NULL;
    request->headers = strdup(headers.text);
    if (request->method == NULL || request->address == NULL || request->host == NULL ||
        request->path == NULL || request->headers == NULL)
        return false;
    x->route = http_routes_find(&s->routes, request);
    x->is_read = true;
    return true;
}

/* Put the connection aside; the accepting thread resumes it and MHD calls on_request again. */
static enum MHD_Result wait_first(struct http_server *s, struct MHD_Connection *c,
                                  struct exchange *x, unsigned ms)
{
    MHD_suspend_connection(c);
    pthread_mutex_lock(&s->lock);
    x->due_ms = elapsed_ms(s) + (ms < DELAY_MAX_MS ? ms : DELAY_MAX_MS);
    x->waiting = c;
    x->next = s->waiting;
    s->waiting = x;
    pthread_mutex_unlock(&s->lock);
    wake_acceptor(s);
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **state)
{
    struct http_server *s = context;
    struct exchange *x = *state;

    WW_UNUSED(url);
    WW_UNUSED(version);
    WW_UNUSED(upload);
    if (x == NULL)
        return MHD_NO;
    if (!x->is_begun) { /* an answer to this first call would close the connection */
        x->is_begun = true;
        return MHD_YES;
    }
    if (*upload_len > 0) { /* a body of the client is read and dropped */
        *upload_len = 0;
        return MHD_YES;
    }
    if (!x->is_read) {
        if (!read_request(s, c, method, x))
            return MHD_NO;
        if (x->route != NULL && x->route->delay_ms > 0)
            return wait_first(s, c, x, x->route->delay_ms);
    }
    return reply(s, c, x);
}

/* ---- accepting ------------------------------------------------------------------------------- */

static void accept_one(struct http_server *s, int listener)
{
    struct sockaddr_in peer = {0};
    socklen_t len = sizeof(peer);
    int fd = accept(listener, (struct sockaddr *)&peer, &len);

    if (fd < 0)
        return;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    MHD_add_connection(s->daemon, fd, (struct sockaddr *)&peer, len); /* closes fd when it fails */
}

/* Resumes the answers whose time has come; ms until the next one, -1 when none waits. */
static int resume_due(struct http_server *s, bool all)
{
    struct exchange **at = &s->waiting;
    int64_t now = elapsed_ms(s);
    int64_t next_ms = -1;

    while (*at != NULL) {
        struct exchange *x = *at;

        if (all || x->due_ms <= now) {
            *at = x->next;
            MHD_resume_connection(x->waiting);
            continue;
        }
        if (next_ms < 0 || x->due_ms - now < next_ms)
            next_ms = x->due_ms - now;
        at = &x->next;
    }
    return (int)next_ms;
}

static void *accept_all(void *context)
{
    struct http_server *s = context;
    struct pollfd *set = malloc((ADDRESSES_MAX + 1) * sizeof(*set));
    bool is_closing = set == NULL;

    while (!is_closing) {
        size_t n;
        char drained[16];
        int wait_ms;

        pthread_mutex_lock(&s->lock);
        n = s->n_sockets;
        memcpy(set, s->sockets, n * sizeof(*set));
        is_closing = s->is_closing;
        wait_ms = resume_due(s, is_closing);
        pthread_mutex_unlock(&s->lock);
        set[n] = (struct pollfd){.fd = s->wake[0], .events = POLLIN};
        if (is_closing || poll(set, (nfds_t)(n + 1), wait_ms) <= 0)
            continue;
        if (set[n].revents != 0 && read(s->wake[0], drained, sizeof(drained)) < 0)
            continue;
        for (size_t i = 0; i < n; i++)
            if ((set[i].revents & POLLIN) != 0)
                accept_one(s, set[i].fd);
    }
    free(set);
    return NULL;
}

/* ---- life ------------------------------------------------------------------------------------ */

enum ww_status http_server_listen(struct http_server *s, const char *address, struct ww_error *err)
{
    enum ww_status status;
    int fd = -1;

    if (s->n_sockets >= ADDRESSES_MAX)
        return ww_fail(err, WW_TOO_BIG, "%s: more than %d addresses", address, ADDRESSES_MAX);
    status = listen_open(address, &s->port, &fd, err);
    if (status != WW_OK)
        return status;
    pthread_mutex_lock(&s->lock);
    s->sockets[s->n_sockets++] = (struct pollfd){.fd = fd, .events = POLLIN};
    pthread_mutex_unlock(&s->lock);
    wake_acceptor(s);
    return WW_OK;
}

enum ww_status http_server_open(const char *address, unsigned port, struct http_server **out,
                                struct ww_error *err)
{
    struct http_server *s = calloc(1, sizeof(*s));
    enum ww_status status = WW_OK;

    *out = NULL;
    if (s == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for a server");
    s->wake[0] = s->wake[1] = -1;
    s->port = port;
    clock_gettime(CLOCK_MONOTONIC, &s->opened);
    pthread_mutex_init(&s->lock, NULL);
    http_log_init(&s->log);
    http_routes_init(&s->routes);
    s->sockets = calloc(ADDRESSES_MAX, sizeof(*s->sockets));
    if (s->sockets == NULL || pipe(s->wake) != 0) {
        status = ww_fail(err, WW_NOMEM, "no memory for a server");
        goto out;
    }
    status = http_server_listen(s, address, err);
    if (status != WW_OK)
        goto out;
    snprintf(s->origin, sizeof(s->origin), "http://%s:%u", address, s->port);
    s->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC |
                                     MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME,
                                 0, NULL, NULL, on_request, s, MHD_OPTION_URI_LOG_CALLBACK,
                                 begin_exchange, s, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, s,
                                 MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                                 MHD_OPTION_CONNECTION_TIMEOUT, 60U, MHD_OPTION_END);
    if (s->daemon == NULL) {
        status = ww_fail(err, WW_UNREACHABLE, "the HTTP library did not start");
        goto out;
    }
    if (pthread_create(&s->acceptor, NULL, accept_all, s) != 0) {
        status = ww_fail(err, WW_NOMEM, "no thread for the server");
        goto out;
    }
    s->has_acceptor = true;
    *out = s;
out:
    if (status != WW_OK)
        http_server_close(s);
    return status;
}

void http_server_close(struct http_server *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    s->is_closing = true;
    pthread_mutex_unlock(&s->lock);
    wake_acceptor(s);
    if (s->has_acceptor)
        pthread_join(s->acceptor, NULL);
    if (s->daemon != NULL)
        MHD_stop_daemon(s->daemon);
    for (size_t i = 0; i < s->n_sockets; i++)
        close(s->sockets[i].fd);
    for (int i = 0; i < 2; i++)
        if (s->wake[i] >= 0)
            close(s->wake[i]);
    http_routes_release(&s->routes);
    http_log_release(&s->log);
    free(s->sockets);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

unsigned http_server_port(const struct http_server *s)
{
    return s->port;
}

const char *http_server_origin(const struct http_server *s)
{
    return s->origin;
}

bool http_server_route(struct http_server *s, const struct http_route *route)
{
    return http_routes_add(&s->routes, route);
}

void http_server_clear(struct http_server *s)
{
    http_routes_clear(&s->routes);
}

void http_server_handle(struct http_server *s, http_handler *handler, void *context)
{
    s->handler = handler;
    s->context = context;
}

struct http_log *http_server_log(struct http_server *s)
{
    return &s->log;
}
