/*
 * bench_store.c - articles into the store and out again, beside a bare SQLite loop that inserts the
 * same texts, compressed the plain way, into one table with the same two indexes.
 *
 *   WW_BENCH_STORED=N  articles (3,000)
 *   WW_BENCH_PAGES=DIR pages to keep as received (HTML, perhaps gzipped), else made ones
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "storage/archive.h"
#include "storage/store_alerts.h"
#include "storage/store_articles.h"
#include "storage/store_bodies.h"
#include "storage/store_search.h"
#include "storage/store_stories.h"
#include "tests/bench/bench.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>
#include <zlib.h>

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

/* What a way of writing came to. */
struct figures {
    double articles_s, cpu_us, bytes;
};

static struct figures measured(size_t n, double wall, double cpu, const char *path)
{
    struct stat info = {0};

    (void)stat(path, &info);
    return (struct figures){(double)n / wall, cpu * 1e6 / (double)n,
                            (double)info.st_size / (double)n};
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

static struct figures bench_ours(const char *path, size_t n, size_t batch)
{
    struct store_options options = {.path = path, .may_create = true, .now = NOW};
    struct store *s;
    struct ww_error err = {0};
    double wall, cpu;

    remove_database(path);
    must(store_open(&options, &s, &err), &err);
    wall = bench_wall_s();
    cpu = bench_cpu_s();
    add_articles(s, n, batch, &err);
    wall = bench_wall_s() - wall;
    cpu = bench_cpu_s() - cpu;
    store_close(s);
    return measured(n, wall, cpu, path);
}

static void bare(int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE)
        _Exit(1);
}

static struct figures bench_bare(const char *path, size_t n, size_t batch)
{
    static unsigned char packed[2 * TEXT_BYTES];
    char text[TEXT_BYTES], url[64];
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
    wall = bench_wall_s();
    cpu = bench_cpu_s();
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
    wall = bench_wall_s() - wall;
    cpu = bench_cpu_s() - cpu;
    (void)sqlite3_finalize(insert);
    (void)sqlite3_close(db);
    return measured(n, wall, cpu, path);
}

static void compare(const char *path, size_t n, size_t batch)
{
    struct figures peer = bench_bare(path, n, batch);
    struct figures ours = bench_ours(path, n, batch);
    char what[80];

    (void)snprintf(what, sizeof(what), "store: articles, %zu a commit (peer: bare SQLite)", batch);
    bench_report(what, ours.articles_s, peer.articles_s, "articles/s", true);
    (void)snprintf(what, sizeof(what), "store: CPU an article, %zu a commit", batch);
    bench_report(what, ours.cpu_us, peer.cpu_us, "us", false);
    (void)snprintf(what, sizeof(what), "store: disk an article, with search, %zu a commit", batch);
    bench_report(what, ours.bytes, peer.bytes, "bytes", false);
}

/* ---- pages as they were received ------------------------------------------------------------- */

#define PAGES_MAX 100
#define MADE_PAGES 20

static size_t read_pages(const char *folder, struct slice pages[PAGES_MAX], struct arena *arena)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    size_t n = 0;

    while (dir != NULL && n < PAGES_MAX && (entry = readdir(dir)) != NULL) {
        char path[1024];
        struct slice bytes;

        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.' ||
            file_read_input(path, BODY_INFLATED_MAX_BYTES, arena, &bytes, NULL) != WW_OK)
            continue;
        if (inflate_is_gzip(bytes) &&
            inflate_all(bytes, BODY_INFLATED_MAX_BYTES, arena, &bytes, NULL) != WW_OK)
            continue;
        pages[n++] = bytes;
    }
    if (dir != NULL)
        (void)closedir(dir);
    return n;
}

/* Some 180 kB each, as the mean of news pages has; markup repeats itself more than words do. */
static size_t make_pages(struct slice pages[PAGES_MAX], struct arena *arena)
{
    char text[TEXT_BYTES];

    for (size_t i = 0; i < MADE_PAGES; i++) {
        struct slice page = {"", 0};

        for (size_t k = 0; k < 25; k++) {
            struct slice words = make_text(i * 25 + k, text);

            page = arena_printf(arena,
                                "%.*s<div class=\"story-part story-part-%zu\"><p>%.*s</p></div>"
                                "<script>window.parts.push({id: %zu, slot: \"%.*s\"});</script>",
                                SLICE_ARG(page), k, SLICE_ARG(words), k,
                                SLICE_ARG(slice_head(words, 3000)));
        }
        pages[i] = page;
    }
    return MADE_PAGES;
}

/* What it costs to keep a page: beside compressing it, and beside its own bytes. */
static void bench_pages(const char *path)
{
    const char *folder = getenv("WW_BENCH_PAGES");
    struct store_options options = {.path = path, .may_create = true, .now = NOW};
    struct slice pages[PAGES_MAX];
    struct store_stats stats;
    struct store *s;
    struct arena arena;
    struct ww_error err = {0};
    double ours, bare_s;
    size_t n, bytes = 0;

    arena_init(&arena, (size_t)1 << 30);
    n = folder != NULL ? read_pages(folder, pages, &arena) : make_pages(pages, &arena);
    if (n == 0)
        return;
    remove_database(path);
    must(store_open(&options, &s, &err), &err);
    add_articles(s, n, n, &err);
    ours = bench_cpu_s();
    must(store_begin(s, &err), &err);
    for (size_t i = 0; i < n; i++) {
        const struct body_row row = {.article_id = (int64_t)i + 1,
                                     .fetched_at = NOW,
                                     .content_type = SLICE("text/html"),
                                     .bytes = pages[i]};

        bytes += pages[i].len;
        must(store_put_body(s, &row, &err), &err);
    }
    must(store_commit(s, &err), &err);
    ours = bench_cpu_s() - ours;
    bare_s = bench_cpu_s();
    for (size_t i = 0; i < n; i++) {
        unsigned long len = compressBound(pages[i].len);
        unsigned char *packed = arena_alloc(&arena, len);

        if (packed != NULL)
            (void)compress2(packed, &len, (const unsigned char *)pages[i].ptr, pages[i].len, 6);
    }
    bare_s = bench_cpu_s() - bare_s;
    must(store_read_stats(s, &stats, &err), &err);
    bench_report("store: CPU a kept page (peer: compressing it)", ours * 1e3 / (double)n,
                 bare_s * 1e3 / (double)n, "ms", false);
    bench_report("store: disk a kept page (peer: the page)",
                 (double)stats.body_stored_bytes / (double)n / 1e3, (double)bytes / (double)n / 1e3,
                 "kB", false);
    store_close(s);
    arena_release(&arena);
}

/* As pass 2 leaves them. */
static void mark_scanned(struct store *s, size_t n, struct ww_error *err)
{
    const struct watchlist_row list = {
        .folder = SLICE("watchlist"), .loaded_at = NOW, .content = SLICE("a list")};
    int64_t id = 0;
    bool is_new;

    must(store_begin(s, err), err);
    must(store_add_watchlist(s, &list, &id, &is_new, err), err);
    for (size_t i = 0; i < n; i++)
        must(store_set_scanned(s, (int64_t)i + 1, id, err), err);
    must(store_commit(s, err), err);
}

static void put_pages(struct store *s, const struct slice *pages, const struct slice *received,
                      size_t n, struct ww_error *err)
{
    must(store_begin(s, err), err);
    for (size_t i = 0; i < n; i++) {
        const struct body_row row = {
            .article_id = (int64_t)i + 1,
            .fetched_at = NOW,
            .content_type = SLICE("text/html"),
            .bytes = pages[i],
            .received = received[i],
            .head = received[i].len > 0
                        ? SLICE("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                                "Content-Encoding: gzip\r\n\r\n")
                        : SLICE("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")};

        must(store_put_body(s, &row, err), err);
    }
    must(store_commit(s, err), err);
}

/* All of it: into the database as it came, and from there into a WARC file. */
static void bench_archived(const char *path, const struct slice *pages,
                           const struct slice *received, size_t n, const char *folder,
                           const char *what)
{
    const struct archive_options keep = {.wants_all = true, .now = NOW};
    struct store_options options = {
        .path = path, .may_create = true, .now = NOW, .archive = folder};
    struct archive_summary summary;
    struct store *s;
    struct ww_error err = {0};
    double put_s, keep_s;
    char text[300];

    remove_database(path);
    must(store_open(&options, &s, &err), &err);
    add_articles(s, n, n, &err);
    mark_scanned(s, n, &err);
    put_s = bench_cpu_s();
    put_pages(s, pages, received, n, &err);
    put_s = bench_cpu_s() - put_s;
    keep_s = bench_cpu_s();
    must(archive_keep(s, &keep, &summary, &err), &err);
    keep_s = bench_cpu_s() - keep_s;
    if (summary.n_records != (int64_t)n)
        must(ww_fail(&err, WW_STORE, "%lld archived", (long long)summary.n_records), &err);
    (void)snprintf(text, sizeof(text), "archive: CPU a page, %s (peer: keeping it in the database)",
                   what);
    bench_report(text, keep_s * 1e6 / (double)n, put_s * 1e6 / (double)n, "us", false);
    store_close(s);
    (void)snprintf(text, sizeof(text), "%s/2023-11.warc.gz", folder);
    (void)unlink(text);
    (void)rmdir(folder);
}

/* What its server had compressed, and what not. */
static void bench_archive(const char *path)
{
    const char *folder = getenv("WW_BENCH_PAGES");
    struct slice pages[PAGES_MAX], packed[PAGES_MAX], none[PAGES_MAX];
    struct gzip *g = NULL;
    struct arena arena;
    struct ww_error err = {0};
    char warc[300];
    size_t n;

    arena_init(&arena, (size_t)1 << 30);
    n = folder != NULL ? read_pages(folder, pages, &arena) : make_pages(pages, &arena);
    must(gzip_open(&g, &err), &err);
    for (size_t i = 0; i < n; i++) {
        const struct gzip_piece piece = {pages[i], false};
        struct buf b;

        buf_init(&b, (size_t)64 * 1024 * 1024);
        must(gzip_pack(g, &piece, 1, &b, &err), &err);
        packed[i] = arena_copy(&arena, buf_slice(&b));
        none[i] = SLICE("");
        buf_release(&b);
    }
    gzip_close(g);
    (void)snprintf(warc, sizeof(warc), "%s.warc", path);
    bench_archived(path, pages, packed, n, warc, "gzip");
    bench_archived(path, pages, none, n, warc, "plain");
    arena_release(&arena);
}

/* A search needs no peer to be judged: a person waits for it. */
static void bench_search(const char *path)
{
    struct store_options options = {.path = path, .is_reader = true};
    struct search_filter search = {.query = SLICE("dwna OR a*"), .window.limit = 20};
    struct search_results results;
    struct store *s;
    struct arena arena;
    struct ww_error err = {0};
    double t;

    arena_init(&arena, (size_t)1 << 30);
    must(store_open(&options, &s, &err), &err);
    t = bench_wall_s();
    must(store_search(s, &search, &arena, &results, &err), &err);
    bench_report("store: a search that finds every article (peer: half a second)",
                 (bench_wall_s() - t) * 1e3, 500, "ms", false);
    store_close(s);
    arena_release(&arena);
}

int main(void)
{
    size_t n = (size_t)bench_number("WW_BENCH_STORED", 3000);
    char path[64];

    (void)snprintf(path, sizeof(path), "/tmp/wirewatch-bench-%ld.db", (long)getpid());
    compare(path, n / 10 + 1, 1);
    compare(path, n, 100);
    bench_search(path);
    bench_pages(path);
    bench_archive(path);
    remove_database(path);
    return 0;
}
