/*
 * newsroom.c - a loopback news world to crawl: serves tests/newsroom/site on all its addresses.
 *
 *     newsroom --site DIR [--port N] [--clock SECONDS] [--state first|second] [--log FILE]
 *              [--opml FILE] [--ready FILE] [--seconds N]
 *
 * One port for all outlets (0: a free one, written to the --ready file as soon as it answers).
 * SIGUSR1 switches to the second state: edits, a feed moved, one gone, one busy, one broken.
 * Each request is a line of the log: milliseconds, state, method, host, path, status, conditional
 * or plain. Ends on SIGTERM or SIGINT, and by itself after --seconds (default 300).
 */
#include "base/attrs.h"
#include "tests/support/http.h"
#include "tests/support/site.h"

#include <getopt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS_DEFAULT = 300, SECONDS_MAX = 3600, TICK_MS = 20, OPML_MAX_BYTES = 65536 };

struct options {
    const char *site;
    const char *log;
    const char *opml;
    const char *ready;
    unsigned port;
    int64_t clock;
    long seconds;
    unsigned state;
};

struct newsroom {
    struct site *site;
    struct http_server *server;
    atomic_uint state; /* read by the server's thread */
    FILE *log;
    size_t n_logged;
    unsigned logged_state;
};

/* ---- answering ------------------------------------------------------------------------------- */

static void give_page(const struct site_page *page, struct http_answer *answer)
{
    answer->body = malloc(page->body.len + 1);
    if (answer->body == NULL) {
        answer->status = 500;
        return;
    }
    memcpy(answer->body, page->body.ptr, page->body.len);
    answer->body_len = page->body.len;
    answer->status = 200;
    answer->type = page->type;
    snprintf(answer->etag, sizeof(answer->etag), "%s", page->etag);
    snprintf(answer->last_modified, sizeof(answer->last_modified), "%s", page->last_modified);
}

static void answer_request(void *context, const struct http_request *request,
                           struct http_answer *answer)
{
    struct newsroom *n = context;
    unsigned state = atomic_load(&n->state);
    const char *path = request->path;
    const struct site_route *route = site_find_route(n->site, request->address, path, state);
    const struct site_page *page;

    if (route != NULL && route->status != 200) {
        answer->status = route->status;
        if (route->status / 100 == 3)
            snprintf(answer->location, sizeof(answer->location), "%s", route->value);
        else
            snprintf(answer->retry_after, sizeof(answer->retry_after), "%s", route->value);
        return;
    }
    if (route != NULL)
        path = route->value;
    page = site_find_page(n->site, request->address, path, state);
    if (page != NULL)
        give_page(page, answer);
}

/* ---- the log --------------------------------------------------------------------------------- */

static void write_log(struct newsroom *n)
{
    struct http_request r;

    while (http_server_request(n->server, n->n_logged, &r)) {
        bool is_conditional = http_request_header(&r, "If-None-Match").ptr != NULL ||
                              http_request_header(&r, "If-Modified-Since").ptr != NULL;

        if (n->log != NULL)
            fprintf(n->log, "%lld\t%s\t%s\t%s\t%s\t%u\t%s\n", (long long)r.at_ms,
                    n->logged_state == 0 ? "first" : "second", r.method, r.host, r.path, r.status,
                    is_conditional ? "conditional" : "plain");
        n->n_logged++;
    }
    if (n->log != NULL)
        fflush(n->log);
}

/* ---- starting -------------------------------------------------------------------------------- */

static bool read_options(int argc, char **argv, struct options *o)
{
    static const struct option table[] = {
        {"site",    required_argument, NULL, 's'},
        {"port",    required_argument, NULL, 'p'},
        {"clock",   required_argument, NULL, 'c'},
        {"state",   required_argument, NULL, 't'},
        {"log",     required_argument, NULL, 'l'},
        {"opml",    required_argument, NULL, 'o'},
        {"ready",   required_argument, NULL, 'r'},
        {"seconds", required_argument, NULL, 'n'},
        {NULL,      0,                 NULL, 0  },
    };
    int c;

    *o = (struct options){.clock = (int64_t)time(NULL), .seconds = SECONDS_DEFAULT};
    while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
        unsigned long long n = 0;

        if (strchr("pcn", c) != NULL && !slice_number(slice_from(optarg), 1ULL << 40, &n))
            return false;
        switch (c) {
        case 's':
            o->site = optarg;
            break;
        case 'p':
            o->port = (unsigned)(n & 0xffff);
            break;
        case 'c':
            o->clock = (int64_t)n;
            break;
        case 't':
            o->state = strcmp(optarg, "second") == 0 ? 1 : 0;
            break;
        case 'l':
            o->log = optarg;
            break;
        case 'o':
            o->opml = optarg;
            break;
        case 'r':
            o->ready = optarg;
            break;
        case 'n':
            o->seconds = n < SECONDS_MAX ? (long)n : SECONDS_MAX;
            break;
        default:
            return false;
        }
    }
    return o->site != NULL && optind == argc;
}

/* Under a name of its own first: whoever waits for the file never sees half of it. */
static bool write_file(const char *path, const char *bytes, size_t len)
{
    char half[1024];
    FILE *f;
    bool is_written;

    snprintf(half, sizeof(half), "%s.half", path);
    f = fopen(half, "wb");
    if (f == NULL)
        return false;
    is_written = fwrite(bytes, 1, len, f) == len;
    return fclose(f) == 0 && is_written && rename(half, path) == 0;
}

static enum ww_status write_opml(struct newsroom *n, const struct options *o, struct ww_error *err)
{
    static char text[OPML_MAX_BYTES];
    char path[1024];
    struct slice filled = {0};
    enum ww_status status;
    FILE *f;
    size_t len;

    snprintf(path, sizeof(path), "%s/newsroom.opml", o->site);
    f = fopen(path, "rb");
    if (f == NULL)
        return ww_fail(err, WW_NOT_FOUND, "%s is missing", path);
    len = fread(text, 1, sizeof(text), f);
    fclose(f);
    status = site_expand(n->site, slice_of(text, len), &filled, err);
    if (status == WW_OK && !write_file(o->opml, filled.ptr, filled.len))
        status = ww_fail(err, WW_STORE, "cannot write %s", o->opml);
    return status;
}

/* The first outlet's address decides the port; the site is rendered with it; then all answer. */
static enum ww_status open_newsroom(struct newsroom *n, const struct options *o,
                                    struct ww_error *err)
{
    char ready[64];
    enum ww_status status = site_open(o->site, o->clock, o->port, &n->site, err);

    if (status == WW_OK)
        status = http_server_open(site_address(n->site, 0), o->port, &n->server, err);
    if (status == WW_OK && o->port == 0) {
        site_close(n->site);
        n->site = NULL;
        status = site_open(o->site, o->clock, http_server_port(n->server), &n->site, err);
    }
    if (status != WW_OK)
        return status;
    atomic_store(&n->state, o->state);
    n->logged_state = o->state;
    http_server_handle(n->server, answer_request, n);
    for (size_t i = 1; site_address(n->site, i) != NULL && status == WW_OK; i++)
        status = http_server_listen(n->server, site_address(n->site, i), err);
    if (status == WW_OK && o->opml != NULL)
        status = write_opml(n, o, err);
    if (status == WW_OK && o->ready != NULL) {
        int len =
            snprintf(ready, sizeof(ready), "%u %ld\n", http_server_port(n->server), (long)getpid());

        if (!write_file(o->ready, ready, (size_t)len))
            status = ww_fail(err, WW_STORE, "cannot write %s", o->ready);
    }
    return status;
}

/* ---- running --------------------------------------------------------------------------------- */

static void serve(struct newsroom *n, const sigset_t *signals, long seconds)
{
    const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
    long ticks = seconds * 1000 / TICK_MS;

    for (long i = 0; i < ticks; i++) {
        int got = sigtimedwait(signals, NULL, &tick);

        write_log(n);
        if (got == SIGTERM || got == SIGINT)
            return;
        if (got == SIGUSR1) {
            atomic_store(&n->state, 1);
            n->logged_state = 1;
        }
    }
}

int main(int argc, char **argv)
{
    struct newsroom n = {.site = NULL};
    struct options o;
    struct ww_error err = {.status = WW_OK};
    sigset_t signals;
    int code = 0;

    if (!read_options(argc, argv, &o)) {
        fprintf(stderr, "usage: newsroom --site DIR [--port N] [--clock SECONDS] "
                        "[--state first|second] [--log FILE] [--opml FILE] [--ready FILE] "
                        "[--seconds N]\n");
        return 64;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* the server's threads inherit it */
    if (o.log != NULL)
        n.log = fopen(o.log, "w");
    if (open_newsroom(&n, &o, &err) == WW_OK) {
        serve(&n, &signals, o.seconds);
        write_log(&n);
    } else {
        fprintf(stderr, "newsroom: %s\n", err.message);
        code = 1;
    }
    http_server_close(n.server);
    site_close(n.site);
    if (n.log != NULL)
        fclose(n.log);
    return code;
}
