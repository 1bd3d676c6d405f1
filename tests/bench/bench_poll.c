/*
 * bench_poll.c - a run over 1,000 unchanged feeds, each on an address of its own, beside a bare
 * libcurl loop that makes the same conditional requests: seconds, CPU and memory of whole
 * processes.
 */
#define _DEFAULT_SOURCE /* wait4, usleep */
#include "base/attrs.h"
#include "base/date.h"
#include "tests/bench/bench.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define FEEDS 1000
#define IN_FLIGHT 64
#define ETAG "\"unchanged\""
#define FOLDER_BYTES 64

static const char feed[] =
    "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Nothing new</title>"
    "<link>http://example.org/</link><description>d</description></channel></rss>";

/* ---- the farm: another process --------------------------------------------------------------- */

struct counts {
    atomic_int port, n_unchanged, n_whole;
};

static enum MHD_Result answer(void *state, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_bytes, void **request)
{
    struct counts *counts = state;
    const char *validator =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    unsigned status = 404;
    struct MHD_Response *response;
    enum MHD_Result result;

    WW_UNUSED(method);
    WW_UNUSED(version);
    WW_UNUSED(upload);
    WW_UNUSED(upload_bytes);
    WW_UNUSED(request);
    if (strcmp(url, "/feed") == 0)
        status = validator != NULL && strcmp(validator, ETAG) == 0 ? 304 : 200;
    response = status == 200 ? MHD_create_response_from_buffer(
                                   strlen(feed), (void *)(uintptr_t)feed, MHD_RESPMEM_PERSISTENT)
                             : MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    (void)MHD_add_response_header(response, "ETag", ETAG);
    (void)MHD_add_response_header(response, "Content-Type", "application/rss+xml");
    result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    atomic_fetch_add(status == 304 ? &counts->n_unchanged : &counts->n_whole, status != 404);
    return result;
}

static pid_t open_farm(struct counts *counts)
{
    pid_t pid = fork();
    struct sockaddr_in any = {.sin_family = AF_INET};
    struct MHD_Daemon *daemon;

    if (pid != 0)
        return pid;
    daemon = MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer,
                              counts, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&any,
                              MHD_OPTION_CONNECTION_LIMIT, 4000u, MHD_OPTION_END);
    atomic_store(
        &counts->port,
        daemon == NULL ? -1 : (int)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    (void)alarm(300); /* whatever happens, it ends */
    for (;;)
        (void)pause();
}

static void feed_url(int i, int port, char *out, size_t size)
{
    (void)snprintf(out, size, "http://127.1.%d.%d:%d/feed", i / 250, i % 250 + 1, port);
}

/* ---- both sides, each in a process of its own ------------------------------------------------ */

struct spent {
    double wall_s, cpu_s, rss_mb;
    int status;
};

static struct spent wait_for(pid_t pid, double begun)
{
    struct rusage use;
    struct spent out = {0};

    if (wait4(pid, &out.status, 0, &use) != pid)
        out.status = -1;
    out.wall_s = bench_wall_s() - begun;
    out.cpu_s = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
    out.rss_mb = (double)use.ru_maxrss / 1024;
    return out;
}

static void add_transfer(CURLM *multi, struct curl_slist *headers, int i, int port)
{
    CURL *easy = curl_easy_init();
    char url[64];

    feed_url(i, port, url, sizeof(url));
    (void)curl_easy_setopt(easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    (void)curl_multi_add_handle(multi, easy);
}

static void poll_with_curl(int port)
{
    CURLM *multi = curl_multi_init();
    struct curl_slist *headers = curl_slist_append(NULL, "If-None-Match: " ETAG);
    int next = 0, n_running = 0, n_done = 0;

    while (n_done < FEEDS) {
        CURLMsg *message;
        int n_left;

        for (; next < FEEDS && next - n_done < IN_FLIGHT; next++)
            add_transfer(multi, headers, next, port);
        (void)curl_multi_perform(multi, &n_running);
        while ((message = curl_multi_info_read(multi, &n_left)) != NULL) {
            CURL *easy = message->easy_handle;

            (void)curl_multi_remove_handle(multi, easy);
            curl_easy_cleanup(easy);
            n_done++;
        }
        (void)curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
    curl_slist_free_all(headers);
    (void)curl_multi_cleanup(multi);
}

static struct spent run_curl(int port)
{
    double begun = bench_wall_s();
    pid_t pid = fork();

    if (pid == 0) {
        poll_with_curl(port);
        _exit(0);
    }
    return wait_for(pid, begun);
}

/* wirewatch with the desk's own files and up to five words. */
static struct spent run_wirewatch(const char *folder, const char *const words[5])
{
    char program[512], config[FOLDER_BYTES + 32], db[FOLDER_BYTES + 32];
    const char *build = getenv("B");
    double begun = bench_wall_s();
    pid_t pid;

    (void)snprintf(program, sizeof(program), "%s/wirewatch", build == NULL ? "build/cc" : build);
    (void)snprintf(config, sizeof(config), "%s/wirewatch.conf", folder);
    (void)snprintf(db, sizeof(db), "%s/wirewatch.db", folder);
    pid = fork();
    if (pid == 0) {
        if (freopen("/dev/null", "w", stdout) == NULL)
            _exit(127);
        (void)execl(program, "wirewatch", "-q", "-c", config, "-D", db, words[0], words[1],
                    words[2], words[3], words[4], (char *)NULL);
        _exit(127);
    }
    return wait_for(pid, begun);
}

/* A desk in a folder: init, settings for loopback, the feeds. False when something fails. */
static bool make_desk(const char *folder, int port)
{
    char path[FOLDER_BYTES + 32], url[64];
    FILE *f;

    (void)snprintf(path, sizeof(path), "%s/wirewatch.conf", folder);
    f = fopen(path, "w");
    if (f == NULL)
        return false;
    (void)fprintf(f, "[wirewatch]\ncontact = bench@example.org\n[fetch]\nallow = 127.0.0.0/8\n"
                     "per-host-interval = 0s\n");
    (void)fclose(f);
    if (run_wirewatch(folder, (const char *const[5]){"init"}).status != 0)
        return false;
    (void)snprintf(path, sizeof(path), "%s/feeds.txt", folder);
    f = fopen(path, "w");
    if (f == NULL)
        return false;
    for (int i = 0; i < FEEDS; i++) {
        feed_url(i, port, url, sizeof(url));
        (void)fprintf(f, "%s\n", url);
    }
    (void)fclose(f);
    return run_wirewatch(folder, (const char *const[5]){"feed", "import", path}).status == 0;
}

static int measure(struct counts *counts, const char *folder)
{
    char now[DATE_TEXT_BYTES];
    struct spent first, again, curl;
    int n_unchanged;

    if (!make_desk(folder, atomic_load(&counts->port))) {
        (void)fprintf(stderr, "bench_poll: no desk in %s\n", folder);
        return 1;
    }
    first = run_wirewatch(folder, (const char *const[5]){"run", "--only", "crawl"});
    /* Every feed is due again, robots.txt is not: it is kept for a day. */
    (void)date_format((int64_t)time(NULL) + 12 * 3600, now);
    n_unchanged = atomic_load(&counts->n_unchanged);
    again = run_wirewatch(folder, (const char *const[5]){"run", "--only", "crawl", "--now", now});
    n_unchanged = atomic_load(&counts->n_unchanged) - n_unchanged;
    if (first.status != 0 || again.status != 0 || n_unchanged != FEEDS) {
        (void)fprintf(stderr, "bench_poll: runs ended %d and %d, %d of %d feeds answered 304\n",
                      first.status, again.status, n_unchanged, FEEDS);
        return 1;
    }
    curl = run_curl(atomic_load(&counts->port));
    bench_report("run over 1,000 unchanged feeds, wall (peer: bare libcurl loop)", again.wall_s,
                 curl.wall_s, "s", false);
    bench_report("run over 1,000 unchanged feeds, CPU (peer: bare libcurl loop)", again.cpu_s,
                 curl.cpu_s, "s", false);
    bench_report("run over 1,000 unchanged feeds, largest process (peer: the same)", again.rss_mb,
                 curl.rss_mb, "MB", false);
    bench_report("first run over 1,000 feeds, CPU (peer: bare libcurl loop)", first.cpu_s,
                 curl.cpu_s, "s", false);
    return 0;
}

int main(void)
{
    struct counts *counts =
        mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char folder[FOLDER_BYTES] = "/tmp/wirewatch-bench-XXXXXX", command[FOLDER_BYTES + 16];
    pid_t farm;
    int status = 1;

    if (counts == MAP_FAILED || mkdtemp(folder) == NULL)
        return 1;
    farm = open_farm(counts);
    while (farm > 0 && atomic_load(&counts->port) == 0)
        (void)usleep(1000);
    if (farm > 0 && atomic_load(&counts->port) > 0)
        status = measure(counts, folder);
    if (farm > 0) {
        (void)kill(farm, SIGKILL);
        (void)waitpid(farm, NULL, 0);
    }
    (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
    if (system(command) != 0)
        return 1;
    return status;
}
