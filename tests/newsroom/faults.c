/*
 * faults.c - every fault of tests/support/raw.h as a feed of its own, on an address of its own.
 *
 *     faults --opml FILE [--body FILE] [--seconds N]
 *
 * Writes the list of feeds when all of them answer; each feed's title is the path of its fault.
 * --body: what the faults damage (a feed), else a small page. Ends on SIGTERM or SIGINT, and by
 * itself after --seconds (default 120).
 */
#include "base/attrs.h"
#include "tests/support/raw.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    SERVERS_MAX = 64,
    SECONDS_MAX = 3600,
    CONNECTIONS = 200,     /* of one fault, before it falls silent */
    CONNECTION_MS = 20000, /* longer than a sensible client waits */
    BODY_MAX_BYTES = 256 * 1024
};

struct options {
    const char *opml;
    const char *body;
    long seconds;
};

static bool read_options(int argc, char **argv, struct options *o)
{
    static const struct option table[] = {
        {"opml",    required_argument, NULL, 'o'},
        {"body",    required_argument, NULL, 'b'},
        {"seconds", required_argument, NULL, 'n'},
        {NULL,      0,                 NULL, 0  },
    };
    unsigned long long n = 0;
    int c;

    *o = (struct options){.seconds = 120};
    while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
        if (c == 'o')
            o->opml = optarg;
        else if (c == 'b')
            o->body = optarg;
        else if (c == 'n' && slice_number(slice_from(optarg), SECONDS_MAX, &n))
            o->seconds = (long)n;
        else
            return false;
    }
    return o->opml != NULL && optind == argc;
}

static enum ww_status open_servers(struct raw_server **servers, struct slice body,
                                   struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < raw_n_faults && i < SERVERS_MAX && status == WW_OK; i++) {
        char address[32];

        snprintf(address, sizeof(address), "127.12.0.%zu", i + 1);
        status = raw_server_open(address, 0, CONNECTIONS, CONNECTION_MS, &servers[i], err);
        if (status == WW_OK && body.len > 0)
            raw_server_body(servers[i], "application/rss+xml", body);
    }
    return status;
}

static bool write_opml(struct raw_server *const *servers, const char *path)
{
    char half[1024];
    FILE *f;

    snprintf(half, sizeof(half), "%s.half", path);
    f = fopen(half, "w");
    if (f == NULL)
        return false;
    fprintf(f, "<opml version=\"2.0\"><body>\n");
    for (size_t i = 0; i < raw_n_faults && i < SERVERS_MAX; i++)
        fprintf(f, "<outline type=\"rss\" text=\"%s\" xmlUrl=\"%s%s\"/>\n", raw_faults[i].path,
                raw_server_origin(servers[i]), raw_faults[i].path);
    fprintf(f, "</body></opml>\n");
    return fclose(f) == 0 && rename(half, path) == 0;
}

int main(int argc, char **argv)
{
    static char body[BODY_MAX_BYTES];
    struct raw_server *servers[SERVERS_MAX] = {NULL};
    struct ww_error err = {.status = WW_OK};
    struct options o;
    sigset_t signals;
    size_t len = 0;
    FILE *f;
    int code = 1;

    if (!read_options(argc, argv, &o)) {
        fprintf(stderr, "usage: faults --opml FILE [--body FILE] [--seconds N]\n");
        return 64;
    }
    f = o.body != NULL ? fopen(o.body, "rb") : NULL;
    if (f != NULL) {
        len = fread(body, 1, sizeof(body), f);
        fclose(f);
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* the servers' threads inherit it */
    if (open_servers(servers, slice_of(body, len), &err) != WW_OK) {
        fprintf(stderr, "faults: %s\n", err.message);
    } else if (!write_opml(servers, o.opml)) {
        fprintf(stderr, "faults: cannot write %s\n", o.opml);
    } else {
        sigtimedwait(&signals, NULL, &(struct timespec){.tv_sec = o.seconds});
        code = 0;
    }
    for (size_t i = 0; i < SERVERS_MAX; i++)
        raw_server_close(servers[i]);
    return code;
}
