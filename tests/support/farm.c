/* farm.c - see farm.h. Forked before any thread; the counts lie in shared memory. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, usleep */
#include "tests/support/farm.h"

#include "base/attrs.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <microhttpd.h>

enum { CONNECTIONS_MAX = 8000, IDLE_S = 20, LIFE_S = 600, FEED_MAX_BYTES = 64 * 1024 };

#define PAGES_HOST "127.250.0.1"

/* In memory that both processes see. */
struct farm {
    pid_t pid;
    atomic_int port; /* 0: not yet, -1: none could be had */
    atomic_size_t n_whole, n_unchanged;
};

/* ---- the feeds ------------------------------------------------------------------------------- */

/* A sentence that is another for every number, of some 100 bytes. */
static int add_sentence(char *out, size_t size, unsigned n)
{
    static const char *const who[] = {"The harbour board", "A court in the valley", "The ministry",
                                      "The ferry company", "Teachers of the island"};
    static const char *const did[] = {"has put off", "wants to look again at",
                                      "gave its consent to", "was told to end",
                                      "has asked neighbours about"};
    static const char *const what[] = {
        "the dredging of the north quay",  "a bridge for goods trains",
        "last year's contract for tugs",   "night work at the cannery",
        "a school for the outer villages", "its list of old wrecks"};

    return snprintf(out, size, "%s %s %s, %u days after the storm of %u.", who[n % WW_COUNT(who)],
                    did[n / 5 % WW_COUNT(did)], what[n / 25 % WW_COUNT(what)], n % 90 + 2,
                    1900 + n % 120);
}

static size_t make_feed(const char *host, int port, unsigned seed, char *out, size_t size)
{
    size_t len = 0;

#define ADD(...) len += (size_t)snprintf(out + len, size - len, __VA_ARGS__)
    ADD("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>News of %s</title>"
        "<link>http://%s/</link><description>All of it</description><language>en</language>\n",
        host, host);
    for (unsigned i = 0; i < FARM_ENTRIES; i++) {
        const unsigned n = seed * FARM_ENTRIES + i;

        ADD("<item><title>");
        len += (size_t)add_sentence(out + len, size - len, n);
        ADD("</title><link>http://" PAGES_HOST ":%d/%s/2026/10/%02u/story-%u.html</link>"
            "<guid isPermaLink=\"false\">%s-%u</guid>"
            "<pubDate>%02u Oct 2026 %02u:%02u:00 GMT</pubDate><dc:creator>Desk %u</dc:creator>"
            "<category>Harbour</category><category>Council</category><description><![CDATA[<p>",
            port, host, i + 1, n, host, n, i + 1, n % 24, n % 60, n % 9);
        for (unsigned k = 1; k <= 4; k++) {
            len += (size_t)add_sentence(out + len, size - len, n * 7 + k);
            ADD(k == 2 ? "</p><p>" : " ");
        }
        ADD("<a href=\"http://%s/more/%u\">Read on</a></p>]]></description></item>\n", host, n);
    }
    ADD("</channel></rss>\n");
#undef ADD
    return len;
}

/* ---- the process ----------------------------------------------------------------------------- */

static enum MHD_Result send_feed(struct MHD_Connection *connection, int port)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr_in at = {0};
    socklen_t len = sizeof(at);
    char host[INET_ADDRSTRLEN] = "", *body = malloc(FEED_MAX_BYTES);
    struct MHD_Response *response;
    enum MHD_Result result;
    size_t body_len;

    if (body == NULL || getsockname(info->connect_fd, (struct sockaddr *)&at, &len) != 0 ||
        inet_ntop(AF_INET, &at.sin_addr, host, sizeof(host)) == NULL) {
        free(body);
        return MHD_NO;
    }
    body_len = make_feed(host, port, ntohl(at.sin_addr.s_addr) & 0xFFFF, body, FEED_MAX_BYTES);
    response = MHD_create_response_from_buffer(body_len, body, MHD_RESPMEM_MUST_FREE);
    (void)MHD_add_response_header(response, "ETag", FARM_ETAG);
    (void)MHD_add_response_header(response, "Content-Type", "application/rss+xml");
    result = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_nothing(struct MHD_Connection *connection, unsigned status)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result;

    (void)MHD_add_response_header(response, "ETag", FARM_ETAG);
    result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer(void *state, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_bytes, void **request)
{
    struct farm *f = state;
    const char *known = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");

    WW_UNUSED(method);
    WW_UNUSED(version);
    WW_UNUSED(upload);
    WW_UNUSED(upload_bytes);
    WW_UNUSED(request);
    if (strcmp(url, "/feed.xml") != 0)
        return send_nothing(connection, 503);
    if (known != NULL && strcmp(known, FARM_ETAG) == 0) {
        atomic_fetch_add(&f->n_unchanged, 1);
        return send_nothing(connection, 304);
    }
    atomic_fetch_add(&f->n_whole, 1);
    return send_feed(connection, atomic_load(&f->port));
}

static void serve(struct farm *f)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    struct rlimit files;
    struct MHD_Daemon *daemon;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    daemon = MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer,
                              f, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&any,
                              MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                              MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    atomic_store(&f->port, daemon == NULL
                               ? -1
                               : (int)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    (void)alarm(LIFE_S);
    for (;;)
        (void)pause();
}

enum ww_status farm_open(struct farm **out, struct ww_error *err)
{
    struct farm *f =
        mmap(NULL, sizeof(*f), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    pid_t pid;

    *out = NULL;
    if (f == MAP_FAILED)
        return ww_fail(err, WW_NOMEM, "no memory for a farm");
    pid = fork();
    if (pid == 0)
        serve(f);
    f->pid = pid;
    while (f->pid > 0 && atomic_load(&f->port) == 0)
        (void)usleep(1000);
    if (f->pid > 0 && atomic_load(&f->port) > 0) {
        *out = f;
        return WW_OK;
    }
    farm_close(f);
    return ww_fail(err, WW_UNREACHABLE, "no farm could be opened");
}

void farm_close(struct farm *f)
{
    if (f == NULL)
        return;
    if (f->pid > 0) {
        (void)kill(f->pid, SIGKILL);
        (void)waitpid(f->pid, NULL, 0);
    }
    (void)munmap(f, sizeof(*f));
}

void farm_url(const struct farm *f, size_t i, char out[FARM_URL_BYTES])
{
    (void)snprintf(out, FARM_URL_BYTES, "http://127.1.%zu.%zu:%d/feed.xml", i / 250, i % 250 + 1,
                   atomic_load(&f->port));
}

size_t farm_n_whole(const struct farm *f)
{
    return atomic_load(&f->n_whole);
}

size_t farm_n_unchanged(const struct farm *f)
{
    return atomic_load(&f->n_unchanged);
}
