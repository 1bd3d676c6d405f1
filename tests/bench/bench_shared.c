/*
 * bench_shared.c - several machines on one store: feeds claimed a second; articles stored a second,
 * each with its story and indexed, by processes that take turns under the write lock. On PostgreSQL
 * beside SQLite, and beside pgbench, which writes as many bytes by as many statements, waits for no
 * lock and knows nothing of stories. Every commit is on the disk before it counts.
 *
 *   WW_BENCH_SHARED=N   articles (4,000)
 *   WW_BENCH_CLAIMS=N   feeds that are claimed, some at a time (32,000)
 *   WW_BENCH_CLIENTS=N  processes (8)
 */
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "storage/store_articles.h"
#include "storage/store_feeds.h"
#include "storage/store_leases.h"
#include "storage/story_place.h"
#include "tests/bench/bench.h"
#include "tests/bench/bench_texts.h"
#include "tests/support/store_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COPIES_PERCENT 20
#define BATCH 12 /* articles of a transaction: a crawl's commits hold 8 to 16 */
#define NOW 1700000000
#define CLAIMS 64 /* at a time */
#define CLIENTS_MAX 64

static void must(enum ww_status status, const struct ww_error *err)
{
    if (status == WW_OK)
        return;
    (void)fprintf(stderr, "bench_shared: %s\n", err->message);
    _Exit(1);
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Its own, or three quarters of one that came before, from whatever process, and the rest its own.
 */
static struct slice text_of(size_t article, char *text)
{
    static char other[TEXT_BYTES_MAX];
    const uint64_t draw = hash64_mix(article, 43);
    const size_t len = make_text(article, text);
    size_t other_len;

    if (article < 200 || draw % 100 >= COPIES_PERCENT)
        return slice_of(text, len);
    other_len = make_text(draw / 100 % (article - 100), other);
    memcpy(text, other, (len < other_len ? len : other_len) * 3 / 4);
    return slice_of(text, len);
}

/* ---- one process ----------------------------------------------------------------------------- */

static void put(struct store *s, struct story_placer *placer, size_t article, struct slice body,
                struct arena *arena)
{
    struct article_row row = {.title = SLICE("A headline of the usual length, no more"),
                              .author = SLICE("A. Reporter"),
                              .description = SLICE("What the page says of itself in one sentence."),
                              .outlet = SLICE("Outlet"),
                              .language = SLICE("en"),
                              .country = SLICE("GB"),
                              .access = SLICE("free"),
                              .published_at = NOW + (int64_t)article,
                              .published_precision = DATE_SECOND,
                              .first_seen_at = NOW + (int64_t)article,
                              .fetched_at = NOW + (int64_t)article};
    const struct article_text text = {.text = body};
    struct placed_article placed = {.row = &row, .title = row.title, .text = body};
    struct story_placement placement;
    struct ww_error err = {0};
    char url[80];
    bool is_new;

    (void)snprintf(url, sizeof(url), "https://outlet%zu.example/news/2026/11/article-%zu",
                   article % 97, article);
    row.url = row.canonical = slice_from(url);
    must(store_add_article(s, &row, &text, &placed.id, &is_new, &err), &err);
    must(story_place(placer, &placed, arena, &placement, &err), &err);
}

/* Every n_clients-th batch is this one's. */
static void write_articles(const char *address, size_t client, size_t n_clients, size_t n,
                           int ready, int go)
{
    static char texts[BATCH][TEXT_BYTES_MAX];
    const struct store_options options = {
        .path = address, .may_create = true, .lock_wait_ms = 120000, .now = NOW};
    struct story_placer *placer;
    struct slice bodies[BATCH];
    struct store *s;
    struct arena arena;
    struct ww_error err = {0};
    char byte = 0;

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    must(store_open(&options, &s, &err), &err);
    must(story_placer_open(s, &placer, &err), &err);
    if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 0)
        _Exit(1);
    for (size_t at = client * BATCH; at + BATCH <= n; at += n_clients * BATCH) {
        for (size_t i = 0; i < BATCH; i++)
            bodies[i] = text_of(at + i, texts[i]);
        must(store_begin(s, &err), &err);
        for (size_t i = 0; i < BATCH; i++) {
            arena_reset(&arena);
            put(s, placer, at + i, bodies[i], &arena);
        }
        must(store_commit(s, &err), &err);
    }
    story_placer_close(placer);
    store_close(s);
    arena_release(&arena);
}

/* Some at a time, as a crawl does, until there are none left. */
static void claim_feeds(const char *address, size_t client, size_t n_clients, size_t n, int ready,
                        int go)
{
    struct feed_claim_range range = {
        .after_due_at = INT64_MIN, .due_by = NOW, .id_max = INT64_MAX, .limit = CLAIMS};
    struct feed_claims claims;
    char machine[16], byte = 0;
    struct store_options options = {
        .path = address, .lock_wait_ms = 120000, .now = NOW, .machine = machine};
    struct store *s;
    struct arena arena;
    struct ww_error err = {0};

    (void)n_clients;
    (void)n;
    (void)snprintf(machine, sizeof(machine), "m%zu", client);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    must(store_open(&options, &s, &err), &err);
    store_claim_as(s, "bench");
    if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 0)
        _Exit(1);
    for (;;) {
        arena_reset(&arena);
        must(store_claim_feeds(s, &range, &arena, &claims, &err), &err);
        if (claims.n_rows == 0)
            break;
        range.after_due_at = claims.rows[claims.n_rows - 1].next_due_at;
        range.after_id = claims.rows[claims.n_rows - 1].id;
    }
    store_close(s);
    arena_release(&arena);
}

static void add_feeds(const char *address, size_t n)
{
    const struct store_options options = {.path = address, .may_create = true, .now = NOW};
    struct store *s;
    struct ww_error err = {0};

    must(store_open(&options, &s, &err), &err);
    for (size_t i = 0; i < n; i++) {
        char url[64];
        struct feed_row row = {.added_at = NOW};
        bool is_new;
        int64_t id;

        (void)snprintf(url, sizeof(url), "https://h%zu.example/feed", i);
        row.url = slice_from(url);
        if (i % 1000 == 0)
            must(store_begin(s, &err), &err);
        must(store_add_feed(s, &row, &id, &is_new, &err), &err);
        if (i % 1000 == 999 || i + 1 == n)
            must(store_commit(s, &err), &err);
    }
    store_close(s);
}

typedef void client_work(const char *address, size_t client, size_t n_clients, size_t n, int ready,
                         int go);

/* How many of n a second, by all of them. */
static double run(client_work *work, const char *address, size_t n_clients, size_t n)
{
    pid_t pids[CLIENTS_MAX];
    int ready[2], go[2], status;
    double begun;
    char byte;

    if (pipe(ready) != 0 || pipe(go) != 0)
        exit(1);
    for (size_t i = 0; i < n_clients; i++) {
        pids[i] = fork();
        if (pids[i] != 0)
            continue;
        (void)close(go[1]);
        work(address, i, n_clients, n, ready[1], go[0]);
        _Exit(0);
    }
    (void)close(ready[1]);
    (void)close(go[0]);
    for (size_t i = 0; i < n_clients; i++)
        if (read(ready[0], &byte, 1) != 1)
            exit(1);
    begun = bench_wall_s();
    (void)close(go[1]);
    for (size_t i = 0; i < n_clients; i++)
        if (waitpid(pids[i], &status, 0) < 0 || status != 0)
            exit(1);
    (void)close(ready[0]);
    return (double)n / (bench_wall_s() - begun);
}

/* ---- pgbench --------------------------------------------------------------------------------- */

/* An article as it is written here: its row with four more indexes, text, story, index, and what
 * is read before; bytes as many as a packed text has, and as little to be packed again. */
static const char tables[] =
    "CREATE TABLE a (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, story BIGINT,"
    " url TEXT, canonical TEXT UNIQUE, words TEXT, at BIGINT, feed BIGINT);"
    "CREATE INDEX ON a (at); CREATE INDEX ON a (story); CREATE INDEX ON a (feed, at);"
    "CREATE INDEX ON a (words);"
    "CREATE TABLE t (id BIGINT PRIMARY KEY REFERENCES a (id), body BYTEA);"
    "CREATE TABLE s (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,"
    " first BIGINT REFERENCES a (id), at BIGINT);"
    "CREATE INDEX ON s (at);"
    "CREATE TABLE i (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, bytes BYTEA)";

static void write_hex(FILE *script, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)fprintf(script, "%02x", (unsigned)(hash64_mix(i, 9) & 0xFF));
}

static bool write_script(const char *path)
{
    FILE *script = fopen(path, "w");

    if (script == NULL)
        return false;
    (void)fprintf(script, "BEGIN;\n");
    for (size_t i = 0; i < BATCH; i++) {
        (void)fprintf(
            script, "\\set r random(1, 1000000000000000)\n"
                    "SELECT id FROM a WHERE canonical = 'https://outlet.example/news/' || :r;\n"
                    "INSERT INTO a (url, canonical, words, at, feed) VALUES"
                    " ('https://outlet.example/news/' || :r, 'https://outlet.example/news/' || :r,"
                    " 'A headline of the usual length', :r, 7);\n"
                    "INSERT INTO t VALUES (currval('a_id_seq'), '\\x");
        write_hex(script, 2000);
        (void)fprintf(script, "');\n"
                              "INSERT INTO s (first, at) VALUES (currval('a_id_seq'), :r);\n"
                              "UPDATE a SET story = currval('s_id_seq') WHERE id ="
                              " (SELECT currval('a_id_seq'));\n" /* bare: no index is used */
                              "INSERT INTO i (bytes) VALUES ('\\x");
        write_hex(script, 320);
        (void)fprintf(script, "');\n");
    }
    (void)fprintf(script, "COMMIT;\n");
    return fclose(script) == 0;
}

/* Articles a second; 0: it is not here. */
static double run_pgbench(const char *address, const char *folder, size_t n_clients, size_t n)
{
    char script[96], command[2048], line[256];
    double tps = 0;
    FILE *out;

    (void)snprintf(script, sizeof(script), "%s/script.sql", folder);
    (void)snprintf(command, sizeof(command),
                   "psql -X -q -d '%s' -c \"%s\" && "
                   "pgbench -n -M prepared -c %zu -j 2 -t %zu -f %s '%s' 2>&1",
                   address, tables, n_clients, n / BATCH / n_clients + 1, script, address);
    if (!write_script(script))
        return 0;
    out = popen(command, "r");
    while (out != NULL && fgets(line, sizeof(line), out) != NULL)
        if (strncmp(line, "tps = ", 6) == 0)
            tps = strtod(line + 6, NULL);
    if (out != NULL)
        (void)pclose(out);
    return tps * BATCH;
}

/* ---- all ------------------------------------------------------------------------------------- */

static void bench_articles(const char *folder, size_t n_clients, size_t n)
{
    char path[96], address[160], bare[160];
    double ours, sqlite, pgbench;

    (void)snprintf(path, sizeof(path), "%s/wirewatch.db", folder);
    sqlite = run(write_articles, path, n_clients, n);
    (void)test_server_make("bench_shared", address, sizeof(address));
    ours = run(write_articles, address, n_clients, n);
    bench_report("shared: articles by 8 clients (peer: the same on SQLite)", ours, sqlite,
                 "articles/s", true);
    test_server_drop(address);
    (void)test_server_make("bench_bare", bare, sizeof(bare));
    pgbench = run_pgbench(bare, folder, n_clients, n);
    if (pgbench > 0)
        bench_report("shared: articles by 8 clients (peer: pgbench, without stories)", ours,
                     pgbench, "articles/s", true);
    test_server_drop(bare);
}

static void bench_claims(const char *folder, size_t n_clients, size_t n)
{
    char path[96], address[160];
    double ours, sqlite;

    (void)snprintf(path, sizeof(path), "%s/claims.db", folder);
    add_feeds(path, n);
    sqlite = run(claim_feeds, path, n_clients, n);
    (void)test_server_make("bench_claims", address, sizeof(address));
    add_feeds(address, n);
    ours = run(claim_feeds, address, n_clients, n);
    bench_report("shared: feeds claimed by 8 clients (peer: the same on SQLite)", ours, sqlite,
                 "feeds/s", true);
    test_server_drop(address);
}

/* Without a server there is to be one: this program once more, beside it. */
static int run_beside_server(const char *program)
{
    (void)setenv("WW_TEST_DURABLE", "1", 1);
    (void)execl("tests/support/cluster.sh", "cluster.sh", program, (char *)NULL);
    return 77;
}

int main(int argc, char **argv)
{
    const size_t n = (size_t)bench_number("WW_BENCH_SHARED", 4000) / BATCH * BATCH;
    const size_t n_feeds = (size_t)bench_number("WW_BENCH_CLAIMS", 32000);
    const size_t n_clients = (size_t)bench_number("WW_BENCH_CLIENTS", 8) % (CLIENTS_MAX + 1);
    char folder[] = "/tmp/wirewatch-bench-XXXXXX", command[64];

    if (test_server() == NULL)
        return argc > 0 ? run_beside_server(argv[0]) : 77;
    if (mkdtemp(folder) == NULL)
        return 1;
    bench_claims(folder, n_clients, n_feeds);
    bench_articles(folder, n_clients, n);
    (void)snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command) == 0 ? 0 : 1;
}
