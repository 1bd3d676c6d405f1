/*
 * bench_poll.c - runs over 100, 1,000 and 10,000 feeds of 20 entries, each at an address of its
 * own, beside a bare libcurl loop that makes the same requests to the same server, and beside
 * sfeed_update and newsboat where they are installed. Seconds and memory are those of whole
 * processes.
 *
 * A first run is feeds alone, as it is for the peers: their entries and the queue of pages are
 * stored, and the pages are left to later runs, because their host answers 503. In the run after it
 * those pages count as fetched, and every feed answers 304. Hosts are asked at the usual pace: a
 * run begins with up to four seconds of waiting.
 */
#define _DEFAULT_SOURCE /* mkdtemp, setenv */
#include "base/attrs.h"
#include "base/date.h"
#include "tests/bench/bench.h"
#include "tests/support/farm.h"
#include "tests/support/spent.h"

#include <string.h>
#include <unistd.h>

#include <curl/curl.h>
#include <sqlite3.h>

#define IN_FLIGHT 64
#define FOLDER_BYTES 64
#define PATH_BYTES (FOLDER_BYTES + 32)
#define PEER_FEEDS 1000

struct bench {
    struct farm *farm;
    char folder[FOLDER_BYTES];
    char program[512];
};

static int fail(const char *what)
{
    (void)fprintf(stderr, "bench_poll: %s\n", what);
    return 1;
}

static FILE *create(const struct bench *b, const char *name, char path[PATH_BYTES])
{
    (void)snprintf(path, PATH_BYTES, "%s/%s", b->folder, name);
    return fopen(path, "w");
}

/* ---- the bare loop --------------------------------------------------------------------------- */

static size_t drop(char *bytes, size_t size, size_t n, void *context)
{
    WW_UNUSED(bytes);
    WW_UNUSED(context);
    return size * n;
}

static void start(const struct bench *b, CURLM *multi, CURL *easy, struct curl_slist *headers,
                  size_t i)
{
    char url[FARM_URL_BYTES];

    farm_url(b->farm, i, url);
    (void)curl_easy_setopt(easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    (void)curl_multi_add_handle(multi, easy);
}

static void loop(const struct bench *b, size_t n, bool is_conditional)
{
    CURLM *multi = curl_multi_init();
    struct curl_slist *headers =
        is_conditional ? curl_slist_append(NULL, "If-None-Match: " FARM_ETAG) : NULL;
    CURL *easy[IN_FLIGHT];
    size_t next = 0, n_done = 0;

    for (; next < IN_FLIGHT && next < n; next++) {
        easy[next] = curl_easy_init();
        start(b, multi, easy[next], headers, next);
    }
    while (n_done < n) {
        CURLMsg *message;
        int unused;

        (void)curl_multi_perform(multi, &unused);
        while ((message = curl_multi_info_read(multi, &unused)) != NULL) {
            CURL *done = message->easy_handle;

            (void)curl_multi_remove_handle(multi, done);
            n_done++;
            if (next < n)
                start(b, multi, done, headers, next++);
        }
        (void)curl_multi_perform(multi, &unused);
        (void)curl_multi_poll(multi, NULL, 0, 20, NULL);
    }
    for (size_t i = 0; i < IN_FLIGHT && i < n; i++)
        curl_easy_cleanup(easy[i]);
    curl_slist_free_all(headers);
    (void)curl_multi_cleanup(multi);
}

static struct spent run_loop(const struct bench *b, size_t n, bool is_conditional)
{
    const double begun_s = spent_now();
    pid_t pid = fork();

    if (pid == 0) {
        loop(b, n, is_conditional);
        _exit(0);
    }
    return spent_wait(pid, begun_s);
}

/* ---- wirewatch ------------------------------------------------------------------------------- */

/* With the desk's own files and up to five words. */
static struct spent run_wirewatch(const struct bench *b, const char *const words[5])
{
    char config[PATH_BYTES], db[PATH_BYTES];

    (void)snprintf(config, sizeof(config), "%s/wirewatch.conf", b->folder);
    (void)snprintf(db, sizeof(db), "%s/wirewatch.db", b->folder);
    return spent_run((const char *const[]){b->program, "-q", "-c", config, "-D", db, words[0],
                                           words[1], words[2], words[3], words[4], NULL});
}

static bool write_settings(const struct bench *b, const char *pause)
{
    char path[PATH_BYTES];
    FILE *f = create(b, "wirewatch.conf", path);

    if (f == NULL)
        return false;
    (void)fprintf(f,
                  "[wirewatch]\ncontact = bench@example.org\n[fetch]\nallow = 127.0.0.0/8\n"
                  "per-host-interval = %s\n",
                  pause);
    return fclose(f) == 0;
}

/* A fresh desk with n feeds. */
static bool make_desk(const struct bench *b, size_t n)
{
    static const char *const old[] = {"wirewatch.db", "wirewatch.db-wal", "wirewatch.db-shm"};
    char path[PATH_BYTES], url[FARM_URL_BYTES];
    FILE *f;

    for (size_t i = 0; i < WW_COUNT(old); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", b->folder, old[i]);
        (void)unlink(path);
    }
    if (!write_settings(b, "2s") || run_wirewatch(b, (const char *const[5]){"init"}).status != 0)
        return false;
    f = create(b, "feeds.txt", path);
    if (f == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        farm_url(b->farm, i, url);
        (void)fprintf(f, "%s\n", url);
    }
    (void)fclose(f);
    return run_wirewatch(b, (const char *const[5]){"feed", "import", path}).status == 0;
}

/* One number of the database, after a statement that may change it; -1: that failed. */
static long ask_database(const struct bench *b, const char *change, const char *question)
{
    char path[PATH_BYTES];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    long n = -1;

    (void)snprintf(path, sizeof(path), "%s/wirewatch.db", b->folder);
    if (sqlite3_open(path, &db) == SQLITE_OK &&
        sqlite3_exec(db, change, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, question, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        n = (long)sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return n;
}

/* ---- a first run and one with nothing changed ------------------------------------------------ */

struct measured {
    size_t n_feeds;
    struct spent first, again;           /* ours */
    struct spent quick;                  /* again, without pauses: as the loop does it */
    struct spent loop_first, loop_again; /* the bare loop's */
};

/* A run hours from now: every feed is due again. False when not all of them are asked. */
static bool run_again(const struct bench *b, size_t n, int hours, struct spent *out)
{
    const size_t n_unchanged = farm_n_unchanged(b->farm);
    char now[DATE_TEXT_BYTES];

    (void)date_format((int64_t)time(NULL) + (int64_t)hours * 3600, now);
    *out = run_wirewatch(b, (const char *const[5]){"run", "--only", "crawl", "--now", now});
    return out->status == 0 && farm_n_unchanged(b->farm) - n_unchanged >= n * 9 / 10;
}

static int measure(const struct bench *b, size_t n, struct measured *out)
{
    *out = (struct measured){.n_feeds = n};
    if (!make_desk(b, n))
        return fail("no desk could be made");
    out->first = run_wirewatch(b, (const char *const[5]){"run", "--only", "crawl"});
    if (out->first.status != 0 ||
        ask_database(b, "", "SELECT COUNT(*) FROM entry") != (long)n * FARM_ENTRIES)
        return fail("the first run did not store every entry");
    if (ask_database(b, "UPDATE page SET state = 'done'", "SELECT COUNT(*) FROM page") !=
        (long)n * FARM_ENTRIES)
        return fail("the first run did not queue every page");
    if (!run_again(b, n, 30, &out->again) || !write_settings(b, "0s") ||
        !run_again(b, n, 60, &out->quick))
        return fail("a later run did not ask every feed");
    out->loop_first = run_loop(b, n, false);
    out->loop_again = run_loop(b, n, true);
    return 0;
}

static void report(const struct measured *m)
{
    const struct {
        const char *what;
        double ours, peer;
        const char *unit;
    } lines[] = {
        {"first run, CPU (peer: bare libcurl loop)",                       m->first.cpu_s,  m->loop_first.cpu_s,  "s" },
        {"first run, wall (peer: bare libcurl loop)",                      m->first.wall_s, m->loop_first.wall_s, "s" },
        {"first run, PSS of all processes (peer: 64 MB)",                  m->first.pss_mb, 64,                   "MB"},
        {"nothing changed, CPU (peer: bare libcurl loop)",                 m->again.cpu_s,  m->loop_again.cpu_s,
         "s"                                                                                                          },
        {"nothing changed, without pauses, CPU (peer: bare libcurl loop)", m->quick.cpu_s,
         m->loop_again.cpu_s,                                                                                     "s" },
        {"nothing changed, wall (peer: bare libcurl loop)",                m->again.wall_s, m->loop_again.wall_s,
         "s"                                                                                                          },
        {"nothing changed, PSS of all processes (peer: 64 MB)",            m->again.pss_mb, 64,                   "MB"},
    };

    for (size_t i = 0; i < WW_COUNT(lines); i++) {
        char what[128];

        (void)snprintf(what, sizeof(what), "%zu feeds: %s", m->n_feeds, lines[i].what);
        bench_report(what, lines[i].ours, lines[i].peer, lines[i].unit, false);
    }
}

/* Microseconds of processor time a feed. */
static void report_growth(const struct measured *few, const struct measured *many)
{
    bench_report("first run, CPU a feed, 10,000 feeds (peer: ours, 1,000)",
                 many->first.cpu_s / (double)many->n_feeds * 1e6,
                 few->first.cpu_s / (double)few->n_feeds * 1e6, "us", false);
    bench_report("nothing changed, CPU a feed, 10,000 feeds (peer: ours, 1,000)",
                 many->again.cpu_s / (double)many->n_feeds * 1e6,
                 few->again.cpu_s / (double)few->n_feeds * 1e6, "us", false);
}

/* ---- peers ----------------------------------------------------------------------------------- */

static bool is_installed(const char *name)
{
    char command[64];

    (void)snprintf(command, sizeof(command), "command -v %s >/dev/null", name);
    if (system(command) == 0)
        return true;
    (void)fprintf(stderr, "bench_poll: %s is not installed: no figures beside it\n", name);
    return false;
}

static int run_sfeed(const struct bench *b, struct spent *out)
{
    char path[PATH_BYTES], url[FARM_URL_BYTES];
    FILE *f = create(b, "sfeedrc", path);

    if (f == NULL)
        return fail("no settings for sfeed_update");
    (void)fprintf(f, "sfeedpath=%s/sfeed\nmaxjobs=16\nfeeds() {\n", b->folder);
    for (size_t i = 0; i < PEER_FEEDS; i++) {
        farm_url(b->farm, i, url);
        (void)fprintf(f, "feed 'feed%zu' '%s'\n", i, url);
    }
    (void)fprintf(f, "}\n");
    (void)fclose(f);
    *out = spent_run((const char *const[]){"sfeed_update", path, NULL});
    return out->status == 0 ? 0 : fail("sfeed_update failed");
}

static int run_newsboat(const struct bench *b, struct spent *out)
{
    char urls[PATH_BYTES], config[PATH_BYTES], cache[PATH_BYTES], url[FARM_URL_BYTES];
    FILE *f = create(b, "urls", urls);

    if (f == NULL)
        return fail("no settings for newsboat");
    for (size_t i = 0; i < PEER_FEEDS; i++) {
        farm_url(b->farm, i, url);
        (void)fprintf(f, "%s\n", url);
    }
    (void)fclose(f);
    f = create(b, "newsboat.conf", config);
    if (f == NULL)
        return fail("no settings for newsboat");
    (void)fprintf(f, "reload-threads 16\n");
    (void)fclose(f);
    (void)snprintf(cache, sizeof(cache), "%s/newsboat.db", b->folder);
    *out = spent_run((const char *const[]){"newsboat", "-q", "-u", urls, "-C", config, "-c", cache,
                                           "-x", "reload", NULL});
    return out->status == 0 ? 0 : fail("newsboat failed");
}

static int measure_peers(const struct bench *b, const struct measured *ours)
{
    static const struct {
        const char *name;
        int (*run)(const struct bench *b, struct spent *out);
    } peers[] = {
        {"newsboat",     run_newsboat},
        {"sfeed_update", run_sfeed   },
    };

    (void)setenv("HOME", b->folder, 1);
    for (size_t i = 0; i < WW_COUNT(peers); i++) {
        size_t n_whole = farm_n_whole(b->farm);
        struct spent first;
        char what[128];

        if (!is_installed(peers[i].name))
            continue;
        if (peers[i].run(b, &first) != 0)
            return 1;
        if (farm_n_whole(b->farm) - n_whole != PEER_FEEDS)
            return fail("a peer did not fetch every feed");
        (void)snprintf(what, sizeof(what), "1,000 feeds: first run, CPU (peer: %s)", peers[i].name);
        bench_report(what, ours->first.cpu_s, first.cpu_s, "s", false);
        (void)snprintf(what, sizeof(what),
                       "1,000 feeds: first run, PSS of all processes (peer: %s)", peers[i].name);
        bench_report(what, ours->first.pss_mb, first.pss_mb, "MB", false);
    }
    return 0;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int measure_all(const struct bench *b)
{
    static const size_t sizes[] = {100, PEER_FEEDS, 10000};
    const size_t most = (size_t)bench_number("WW_BENCH_FEEDS", 10000);
    struct measured all[WW_COUNT(sizes)];

    for (size_t i = 0; i < WW_COUNT(sizes) && sizes[i] <= most; i++) {
        if (measure(b, sizes[i], &all[i]) != 0)
            return 1;
        report(&all[i]);
    }
    if (most >= sizes[2])
        report_growth(&all[1], &all[2]);
    return most >= PEER_FEEDS ? measure_peers(b, &all[1]) : 0;
}

int main(void)
{
    struct bench b = {.folder = "/tmp/wirewatch-bench-XXXXXX"};
    const char *build = getenv("B");
    struct ww_error err = {0};
    char command[FOLDER_BYTES + 16];
    int status = 1;

    (void)snprintf(b.program, sizeof(b.program), "%s/wirewatch",
                   build == NULL ? "build/cc" : build);
    if (mkdtemp(b.folder) == NULL)
        return fail("no folder in /tmp");
    if (farm_open(&b.farm, &err) == WW_OK)
        status = measure_all(&b);
    else
        (void)fail(err.message);
    farm_close(b.farm);
    (void)snprintf(command, sizeof(command), "rm -rf %s", b.folder);
    return system(command) == 0 ? status : 1;
}
