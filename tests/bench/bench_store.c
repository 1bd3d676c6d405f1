/*
 * bench_store.c - articles into the store and out again, beside a bare SQLite loop that inserts the
 * same texts, compressed the plain way, into one table with the same two indexes.
 *
 *   bench_store [ARTICLES]
 */
#include "base/attrs.h"
#include "storage/store_search.h"
#include "storage/store_stories.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>
#include <zlib.h>

#include "base/arena.h"

#define TEXT_BYTES 4096
#define NOW 1700000000

/* Words by a steep law, as in any language: about 2.1 times smaller when packed. */
static struct slice make_text(uint64_t seed, char out[TEXT_BYTES])
{
    size_t n = 0;
    uint64_t x = seed * 2862933555777941757ULL + 3037000493ULL;

    while (n + 14 < TEXT_BYTES) {
        uint64_t word;

        x = x * 6364136223846793005ULL + 1442695040888963407ULL;
        word = (x >> 40) % (1 + (x >> 20) % 6000);
        for (uint64_t w = word * 9973 + 3; w > 0 && n + 14 < TEXT_BYTES; w /= 23)
            out[n++] = (char)('a' + w % 23);
        out[n] = n % 700 < 8 ? '\n' : ' ';
        n++;
    }
    return (struct slice){out, n};
}

static double wall_s(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu_s(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void say(const char *what, size_t n, double wall, double cpu, const char *path)
{
    struct stat info = {0};

    (void)stat(path, &info);
    (void)fprintf(stdout, "%-28s %8.0f articles/s %7.0f us CPU %7.0f bytes/article\n", what,
                  (double)n / wall, cpu * 1e6 / (double)n, (double)info.st_size / (double)n);
}

static void must(enum ww_status status, const struct ww_error *err)
{
    if (status == WW_OK)
        return;
    (void)fprintf(stderr, "%s\n", err->message);
    _Exit(1);
}

static void remove_database(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".write.lock"};
    char name[128];

    for (size_t i = 0; i < WW_COUNT(suffixes); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
        (void)unlink(name);
    }
}

static void add_articles(struct store *s, size_t n, size_t batch, struct ww_error *err)
{
    char text[TEXT_BYTES], url[64];

    for (size_t i = 0; i < n; i++) {
        struct article_row row = {.title = SLICE("A headline of the usual length, no more"),
                                  .outlet = SLICE("Outlet"),
                                  .first_seen_at = NOW + (int64_t)i};
        struct article_text texts = {
            make_text(i, text), {"", 0}
        };
        int64_t id, story;
        bool is_new;

        (void)snprintf(url, sizeof(url), "https://a.example/news/2026/11/article-%zu", i);
        row.url = row.canonical = slice_from(url);
        if (i % batch == 0)
            must(store_begin(s, err), err);
        must(store_add_article(s, &row, &texts, &id, &is_new, err), err);
        must(store_add_story(s, id, NOW, &story, err), err);
        if (i % batch == batch - 1 || i == n - 1)
            must(store_commit(s, err), err);
    }
}

static void bench_ours(const char *path, size_t n, size_t batch)
{
    struct store_options options = {.path = path, .may_create = true, .now = NOW};
    struct store *s;
    struct ww_error err = {0};
    char what[64];
    double wall, cpu;

    remove_database(path);
    must(store_open(&options, &s, &err), &err);
    wall = wall_s();
    cpu = cpu_s();
    add_articles(s, n, batch, &err);
    wall = wall_s() - wall;
    cpu = cpu_s() - cpu;
    store_close(s);
    (void)snprintf(what, sizeof(what), "store, %zu a commit", batch);
    say(what, n, wall, cpu, path);
}

static void bare(int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE)
        _Exit(1);
}

static void bench_bare(const char *path, size_t n, size_t batch)
{
    static unsigned char packed[2 * TEXT_BYTES];
    char text[TEXT_BYTES], url[64], what[64];
    sqlite3 *db;
    sqlite3_stmt *insert;
    double wall, cpu;

    remove_database(path);
    bare(sqlite3_open(path, &db));
    bare(sqlite3_exec(db,
                      "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                      "CREATE TABLE a (id INTEGER PRIMARY KEY, url TEXT UNIQUE, title TEXT,"
                      " at INTEGER, body BLOB); CREATE INDEX b ON a (at)",
                      NULL, NULL, NULL));
    bare(sqlite3_prepare_v2(db, "INSERT INTO a (url, title, at, body) VALUES (?, ?, ?, ?)", -1,
                            &insert, NULL));
    wall = wall_s();
    cpu = cpu_s();
    for (size_t i = 0; i < n; i++) {
        struct slice s = make_text(i, text);
        unsigned long len = sizeof(packed);

        (void)snprintf(url, sizeof(url), "https://a.example/news/2026/11/article-%zu", i);
        (void)compress2(packed, &len, (const unsigned char *)s.ptr, s.len, 6);
        if (i % batch == 0)
            bare(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
        (void)sqlite3_bind_text(insert, 1, url, -1, SQLITE_STATIC);
        (void)sqlite3_bind_text(insert, 2, "A headline of the usual length, no more", -1,
                                SQLITE_STATIC);
        (void)sqlite3_bind_int64(insert, 3, NOW + (int64_t)i);
        (void)sqlite3_bind_blob(insert, 4, packed, (int)len, SQLITE_STATIC);
        bare(sqlite3_step(insert));
        bare(sqlite3_reset(insert));
        if (i % batch == batch - 1 || i == n - 1)
            bare(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
    }
    wall = wall_s() - wall;
    cpu = cpu_s() - cpu;
    (void)sqlite3_finalize(insert);
    (void)sqlite3_close(db);
    (void)snprintf(what, sizeof(what), "bare SQLite, %zu a commit", batch);
    say(what, n, wall, cpu, path);
}

static void bench_reading(const char *path, size_t n)
{
    struct store_options options = {.path = path, .is_reader = true};
    struct article_filter filter = {.window.limit = 50};
    struct search_filter search = {.query = SLICE("dwna OR a*"), .window.limit = 20};
    struct article_list list;
    struct search_results results;
    struct article_text text;
    struct store *s;
    struct arena arena;
    struct ww_error err = {0};
    struct rusage usage;
    double t;

    arena_init(&arena, (size_t)1 << 30);
    t = wall_s();
    must(store_open(&options, &s, &err), &err);
    (void)fprintf(stdout, "%-28s %8.2f ms\n", "open for reading", (wall_s() - t) * 1e3);
    t = wall_s();
    must(store_list_articles(s, &filter, &arena, &list, &err), &err);
    (void)fprintf(stdout, "%-28s %8.2f ms\n", "newest 50", (wall_s() - t) * 1e3);
    t = cpu_s();
    for (size_t i = 0; i < 1000; i++) {
        arena_reset(&arena);
        must(store_article_text(s, (int64_t)(1 + i * 7919 % n), &arena, &text, &err), &err);
    }
    (void)fprintf(stdout, "%-28s %8.1f us CPU\n", "one text", (cpu_s() - t) * 1e3);
    t = wall_s();
    must(store_search(s, &search, &arena, &results, &err), &err);
    (void)fprintf(stdout, "%-28s %8.2f ms, %" PRId64 " found\n", "search, two words",
                  (wall_s() - t) * 1e3, results.n_found);
    (void)getrusage(RUSAGE_SELF, &usage);
    (void)fprintf(stdout, "%-28s %8ld MiB\n", "peak memory", usage.ru_maxrss / 1024);
    store_close(s);
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 5000;
    char path[64];

    (void)snprintf(path, sizeof(path), "/tmp/wirewatch-bench-%ld.db", (long)getpid());
    bench_bare(path, n < 500 ? n : 500, 1);
    bench_ours(path, n < 500 ? n : 500, 1);
    bench_bare(path, n, 100);
    bench_ours(path, n, 100);
    bench_reading(path, n);
    remove_database(path);
    return 0;
}
