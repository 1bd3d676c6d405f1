/*
 * bench_index.c - what an article costs as the archive grows: stored and placed in its story, with
 * all rows, without packing its text and without search; and the index alone, with made postings.
 *   WW_BENCH_ARTICLES=N   articles that are stored and placed (20,000)
 *   WW_BENCH_POSTINGS=N   articles of made postings (100,000)
 * A mark is 10,000, 30,000, 100,000 and so on: the mean of the tenth of the archive before it.
 */
#include "base/arena.h"
#include "base/deflate.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/shingle.h"
#include "storage/rows.h"
#include "storage/shingle_store.h"
#include "storage/story_place.h"
#include "tests/bench/bench.h"
#include "tests/bench/bench_texts.h"
#include "tests/support/store.h"

#include <sqlite3.h>
#include <string.h>

#define COPIES_PERCENT 8
/* Three copies in four are of the last thousand articles, one of any. */
#define RECENT 1000
#define SAMPLES 40   /* of an article of 470 words */
#define SENTENCES 23 /* the same */
#define BATCH 100

/* ---- texts, by the number of their article --------------------------------------------------- */

/* The text of an article: its own, or three quarters of an earlier one and the rest its own. */
static struct slice text_of(size_t article, char *text, char *other)
{
    uint64_t draw = hash64_mix(article, 43);
    size_t len = make_text(article, text), other_len, of;

    if (article == 0 || draw % 100 >= COPIES_PERCENT)
        return slice_of(text, len);
    draw /= 100;
    of = draw % 4 > 0 && article > RECENT ? article - 1 - draw / 4 % RECENT : draw / 4 % article;
    other_len = make_text(of, other);
    memcpy(text, other, (len < other_len ? len : other_len) * 3 / 4);
    return slice_of(text, len);
}

/* ---- measuring ------------------------------------------------------------------------------- */

/* Marks of a curve; the first is what the others are compared with. */
struct curve {
    const char *what;
    size_t next, n;
    double first, tenth; /* CPU seconds: of the first mark, spent in this tenth */
    size_t n_tenth;
};

static size_t first_mark(size_t n)
{
    return n < 10000 ? n : 10000;
}

static size_t next_mark(size_t mark)
{
    size_t power = 1;

    while (power * 10 <= mark)
        power *= 10;
    return mark == power ? 3 * power : 10 * power;
}

static void note(struct curve *c, size_t article, double cpu_s)
{
    char what[128];
    double each;

    if (article + BATCH > c->next - c->next / 10) {
        c->tenth += cpu_s;
        c->n_tenth += BATCH;
    }
    if (article + BATCH < c->next)
        return;
    each = c->tenth / (double)c->n_tenth * 1e6;
    if (c->first <= 0)
        c->first = each;
    (void)snprintf(what, sizeof(what), "%s, article %zu (peer: the first mark)", c->what, c->next);
    bench_report(what, each, c->first, "us/article", false);
    c->next = next_mark(c->next);
    if (c->next > c->n && article + BATCH < c->n)
        c->next = c->n;
    c->tenth = 0;
    c->n_tenth = 0;
}

/* Pages that the tables of the index fill. */
static double index_bytes(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    double bytes = 0;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db,
                           "SELECT SUM(pgsize) FROM dbstat WHERE name IN"
                           " ('shingle_run', 'shingle_block', 'shingle_filter', 'shingle_tail')",
                           -1, &statement, NULL) != SQLITE_OK)
        exit(1);
    if (sqlite3_step(statement) == SQLITE_ROW)
        bytes = sqlite3_column_double(statement, 0);
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return bytes;
}

static double memory_bytes(void)
{
    struct rusage usage;

    return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss * 1024 : 0;
}

static void report_size(const char *what, const char *path, size_t n)
{
    char name[128];

    (void)snprintf(name, sizeof(name), "%s: index on disk (peer: the aim)", what);
    bench_report(name, index_bytes(path) / (double)n, 400, "bytes/article", false);
    (void)snprintf(name, sizeof(name), "%s: memory (peer: the aim)", what);
    bench_report(name, memory_bytes() / 1e6, 64, "MB", false);
}

/* ---- articles -------------------------------------------------------------------------------- */

static void place(struct test_store *t, struct story_placer *placer, size_t article,
                  struct slice body, struct arena *arena)
{
    struct placed_article placed = {.title = SLICE("A title"), .text = body};
    struct article_row row = {.title = placed.title, .first_seen_at = TEST_NOW};
    struct article_text text = {.text = body};
    struct story_placement placement;
    struct ww_error err;
    char url[64];
    bool is_new;

    (void)snprintf(url, sizeof(url), "https://example.org/%zu", article);
    row.url = row.canonical = slice_from(url);
    arena_reset(arena);
    if (store_add_article(t->store, &row, &text, &placed.id, &is_new, &err) != WW_OK ||
        story_place(placer, &placed, arena, &placement, &err) != WW_OK) {
        (void)fprintf(stderr, "bench_index: %s\n", err.message);
        exit(1);
    }
}

/* Search is for another bench: whoever closes the store is told that it is up to date. */
static void skip_search(struct store *s)
{
    const struct db_value mark[] = {db_integer(INT64_MAX)};

    *store_index_is_due(s) = false;
    if (row_write(s, QUERY_SEARCH_MARK, mark, WW_COUNT(mark), NULL) != WW_OK)
        exit(1);
}

static void bench_articles(size_t n)
{
    static char texts[BATCH][TEXT_BYTES_MAX], other[TEXT_BYTES_MAX];
    struct curve curve = {.what = "store and place", .next = first_mark(n), .n = n};
    struct slice bodies[BATCH];
    struct story_placer *placer;
    struct test_store t;
    struct arena arena;
    double all = 0;

    test_store_open(&t);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    deflater_set_level(store_deflater(t.store), 0);
    if (story_placer_open(t.store, &placer, NULL) != WW_OK)
        exit(1);
    for (size_t a = 0; a + BATCH <= n; a += BATCH) {
        double begun;

        for (size_t i = 0; i < BATCH; i++)
            bodies[i] = text_of(a + i, texts[i], other);
        begun = bench_cpu_s();
        if (store_begin(t.store, NULL) != WW_OK)
            exit(1);
        for (size_t i = 0; i < BATCH; i++)
            place(&t, placer, a + i, bodies[i], &arena);
        skip_search(t.store);
        if (store_commit(t.store, NULL) != WW_OK)
            exit(1);
        begun = bench_cpu_s() - begun;
        all += begun;
        note(&curve, a, begun);
    }
    bench_report("store and place (peer: the aim)", (double)n / all, 5000, "articles/CPU s", true);
    report_size("store and place", t.path, n);
    story_placer_close(placer);
    arena_release(&arena);
    test_store_close(&t);
}

/* ---- made postings --------------------------------------------------------------------------- */

/* Hash i of an article: one in ten is an earlier article's. */
static uint64_t hash_of(size_t article, size_t i)
{
    uint64_t h = hash64_mix(article, i);

    if (h % 10 == 0 && article > 0)
        h = hash64_mix(hash64_mix(h, 1) % article, i);
    return h - h % SHINGLE_SAMPLE;
}

static void add_postings(struct shingle_index *ix, size_t article, struct arena *arena)
{
    uint64_t hashes[SAMPLES + SENTENCES];
    int64_t value = (int64_t)article + 1;
    struct shingle_group groups[] = {
        {SHINGLE_OF_TEXT,     value, hashes,           SAMPLES  },
        {SHINGLE_OF_SENTENCE, value, hashes + SAMPLES, SENTENCES}
    };
    struct ww_error err;

    arena_reset(arena);
    for (size_t i = 0; i < WW_COUNT(hashes); i++)
        hashes[i] = hash_of(article, i);
    for (size_t g = 0; g < WW_COUNT(groups); g++) {
        struct shingle_list *lists;

        if (shingle_index_find(ix, groups[g].kind, groups[g].hashes, groups[g].n_hashes, arena,
                               &lists, &err) != WW_OK) {
            (void)fprintf(stderr, "bench_index: %s\n", err.message);
            exit(1);
        }
    }
    if (shingle_index_add(ix, groups, WW_COUNT(groups), &err) != WW_OK) {
        (void)fprintf(stderr, "bench_index: %s\n", err.message);
        exit(1);
    }
}

static void bench_postings(size_t n)
{
    struct curve curve = {.what = "index alone", .next = first_mark(n), .n = n};
    struct shingle_index *ix;
    struct shingle_io io;
    struct test_store t;
    struct arena arena;

    test_store_open(&t);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    io = shingle_store_io(t.store);
    if (shingle_index_open(&io, 0, &ix, NULL) != WW_OK)
        exit(1);
    for (size_t a = 0; a + BATCH <= n; a += BATCH) {
        double begun = bench_cpu_s();

        if (store_begin(t.store, NULL) != WW_OK || shingle_index_refresh(ix, NULL) != WW_OK)
            exit(1);
        for (size_t i = 0; i < BATCH; i++)
            add_postings(ix, a + i, &arena);
        if (store_commit(t.store, NULL) != WW_OK)
            exit(1);
        note(&curve, a, bench_cpu_s() - begun);
    }
    report_size("index alone", t.path, n);
    shingle_index_close(ix);
    arena_release(&arena);
    test_store_close(&t);
}

int main(void)
{
    bench_articles((size_t)bench_number("WW_BENCH_ARTICLES", 20000));
    bench_postings((size_t)bench_number("WW_BENCH_POSTINGS", 100000));
    return 0;
}
