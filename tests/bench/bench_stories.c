/*
 * bench_stories.c - finding copies: the whole detector beside its tokeniser alone, and the index in
 * the store beside the plain way, a SQLite row for each posting.
 */
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/shingle.h"
#include "storage/shingle_memory.h"
#include "storage/shingle_store.h"
#include "storage/stories.h"
#include "storage/story_place.h"
#include "tests/bench/bench.h"
#include "tests/bench/bench_texts.h"
#include "tests/support/store.h"

#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#define COPIES_PERCENT 8
#define SAMPLES 40 /* of an article of 470 words */
#define BATCH 100

/* ---- texts ----------------------------------------------------------------------------------- */

struct texts {
    char **texts;
    size_t *lengths;
    int64_t *stories;
    size_t n_copies;
};

static void make_texts(struct texts *t, size_t n)
{
    static char text[TEXT_BYTES_MAX];
    uint64_t x = 42;

    t->texts = calloc(n, sizeof(*t->texts));
    t->lengths = calloc(n, sizeof(*t->lengths));
    t->stories = calloc(n + 1, sizeof(*t->stories));
    if (t->texts == NULL || t->lengths == NULL || t->stories == NULL)
        exit(1);
    for (size_t i = 0; i < n; i++) {
        t->lengths[i] = make_text(i, text);
        t->texts[i] = malloc(t->lengths[i]);
        if (t->texts[i] == NULL)
            exit(1);
        memcpy(t->texts[i], text, t->lengths[i]);
        if (i > 0 && next_random(&x) % 100 < COPIES_PERCENT) {
            size_t of = next_random(&x) % i;
            size_t len = t->lengths[of] < t->lengths[i] ? t->lengths[of] : t->lengths[i];

            memcpy(t->texts[i], t->texts[of], len * 3 / 4);
            t->n_copies++;
        }
    }
}

static enum ww_status story_of(void *state, int64_t article_id, int64_t *story_id,
                               struct ww_error *err)
{
    WW_UNUSED(err);
    *story_id = ((struct texts *)state)->stories[article_id];
    return WW_OK;
}

static enum ww_status text_of(void *state, int64_t article_id, struct arena *arena,
                              struct slice *out, struct ww_error *err)
{
    const struct texts *t = state;

    WW_UNUSED(arena);
    WW_UNUSED(err);
    *out = slice_of(t->texts[article_id - 1], t->lengths[article_id - 1]);
    return WW_OK;
}

/* Stories go by their first article; copies are never longer. */
static enum ww_status anchors_of(void *state, int64_t story_id, int64_t *first, int64_t *fullest,
                                 struct ww_error *err)
{
    WW_UNUSED(state);
    WW_UNUSED(err);
    *first = *fullest = story_id;
    return WW_OK;
}

static enum ww_status parts_of(void *state, int64_t article_id, bool *is_round_up, int64_t *ids,
                               size_t max, size_t *n, struct ww_error *err)
{
    WW_UNUSED(state);
    WW_UNUSED(article_id);
    WW_UNUSED(ids);
    WW_UNUSED(max);
    WW_UNUSED(err);
    *is_round_up = false;
    *n = 0;
    return WW_OK;
}

/* ---- the detector, in memory ----------------------------------------------------------------- */

static void bench_detector(struct texts *t, size_t n)
{
    struct story_source source = {t, story_of, text_of, anchors_of, parts_of};
    struct shingle_memory *memory;
    struct shingle_io io;
    struct stories *stories;
    struct arena arena;
    double begun, ours, tokens, tenth = 0, last_tenth;
    size_t n_joined = 0;

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    begun = bench_cpu_s();
    for (size_t i = 0; i < n; i++) {
        struct token_list list;
        struct shingle_set set;

        arena_reset(&arena);
        (void)token_scan(slice_of(t->texts[i], t->lengths[i]), &arena, &list, NULL);
        (void)shingle_make(&list, &arena, &set, NULL);
    }
    tokens = bench_cpu_s() - begun;

    if (shingle_memory_open(&memory, NULL) != WW_OK)
        exit(1);
    io = shingle_memory_io(memory);
    if (stories_open(&io, &source, &stories, NULL) != WW_OK)
        exit(1);
    begun = last_tenth = bench_cpu_s();
    for (size_t i = 0; i < n; i++) {
        struct story_verdict v;
        int64_t id = (int64_t)i + 1;

        if (i == n / 10)
            tenth = bench_cpu_s() - begun;
        if (i == n - n / 10)
            last_tenth = bench_cpu_s();
        arena_reset(&arena);
        if (stories_judge(stories, slice_of("", 0), slice_of(t->texts[i], t->lengths[i]), &arena,
                          &v, NULL) != WW_OK)
            exit(1);
        t->stories[id] = v.story_id == 0 ? id : v.story_id;
        n_joined += v.story_id != 0;
        if (stories_remember(stories, id, t->stories[id], &v, NULL) != WW_OK)
            exit(1);
    }
    ours = bench_cpu_s() - begun;
    bench_report("stories: judge and remember (peer: tokens and shingles alone)", (double)n / ours,
                 (double)n / tokens, "articles/CPU s", true);
    bench_report("stories: last tenth of the archive (peer: first tenth)",
                 (bench_cpu_s() - last_tenth) / (double)(n / 10) * 1e6,
                 tenth / (double)(n / 10) * 1e6, "us/article", false);
    bench_report("stories: copies joined (peer: copies made)", (double)n_joined,
                 (double)t->n_copies, "articles", true);
    bench_report("stories: index (peer: a row for each posting, as measured on 100,000 articles)",
                 (double)shingle_memory_bytes(memory) / (double)n, 947, "bytes/article", false);
    stories_close(stories);
    shingle_memory_close(memory);
    arena_release(&arena);
}

/* ---- the index alone, in the database -------------------------------------------------------- */

/* Hash i of an article: one in twenty is an earlier article's. */
static uint64_t sample_of(size_t article, size_t i)
{
    uint64_t h = hash64_mix(article, i);

    return h % 20 == 0 && article > 0 ? hash64_mix(h % article, i) : h;
}

static double bench_runs(size_t n, double *bytes)
{
    struct test_store t;
    struct shingle_io io;
    struct shingle_index *ix;
    struct arena arena;
    struct stat st;
    double begun;

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    test_store_open(&t);
    io = shingle_store_io(t.store);
    if (shingle_index_open(&io, 0, &ix, NULL) != WW_OK)
        exit(1);
    begun = bench_cpu_s();
    for (size_t a = 0; a < n; a++) {
        uint64_t hashes[SAMPLES];
        struct shingle_group group = {.hashes = hashes, .n_hashes = SAMPLES};
        struct shingle_list *lists;

        if (a % BATCH == 0 && store_begin(t.store, NULL) != WW_OK)
            exit(1);
        arena_reset(&arena);
        for (size_t i = 0; i < SAMPLES; i++)
            hashes[i] = sample_of(a, i);
        if (shingle_index_find(ix, SHINGLE_OF_TEXT, hashes, SAMPLES, &arena, &lists, NULL) != WW_OK)
            exit(1);
        group.value = (int64_t)a + 1;
        if (shingle_index_add(ix, &group, 1, NULL) != WW_OK)
            exit(1);
        if ((a % BATCH == BATCH - 1 || a == n - 1) && store_commit(t.store, NULL) != WW_OK)
            exit(1);
    }
    begun = bench_cpu_s() - begun;
    shingle_index_close(ix);
    arena_release(&arena);
    test_store_reopen(&t);
    *bytes = stat(t.path, &st) == 0 ? (double)st.st_size / (double)n : 0;
    test_store_close(&t);
    return (double)n / begun;
}

/* Articles a CPU second into the store, each with its story or without. */
static double bench_place(const struct texts *t, size_t n, bool with_stories)
{
    struct test_store store;
    struct story_placer *placer;
    struct arena arena;
    double begun;

    test_store_open(&store);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    if (story_placer_open(store.store, &placer, NULL) != WW_OK)
        exit(1);
    begun = bench_cpu_s();
    for (size_t a = 0; a < n; a++) {
        struct placed_article placed = {.title = SLICE("A title")};
        struct article_row row = {.title = placed.title, .first_seen_at = TEST_NOW};
        struct article_text text = {.text = slice_of(t->texts[a], t->lengths[a])};
        struct story_placement placement;
        char url[64];
        bool is_new;

        if (a % BATCH == 0 && store_begin(store.store, NULL) != WW_OK)
            exit(1);
        arena_reset(&arena);
        (void)snprintf(url, sizeof(url), "https://example.org/%zu", a);
        row.url = row.canonical = slice_from(url);
        placed.text = text.text;
        if (store_add_article(store.store, &row, &text, &placed.id, &is_new, NULL) != WW_OK)
            exit(1);
        if (with_stories && story_place(placer, &placed, &arena, &placement, NULL) != WW_OK)
            exit(1);
        if ((a % BATCH == BATCH - 1 || a == n - 1) && store_commit(store.store, NULL) != WW_OK)
            exit(1);
    }
    begun = bench_cpu_s() - begun;
    story_placer_close(placer);
    arena_release(&arena);
    test_store_close(&store);
    return (double)n / begun;
}

static void run_sql(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        (void)fprintf(stderr, "bench_stories: %s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
}

static double bench_rows(size_t n, double *bytes)
{
    struct test_store t; /* for its folder */
    sqlite3_stmt *find, *add;
    sqlite3 *db;
    struct stat st;
    char path[128];
    double begun;

    test_store_open(&t);
    (void)snprintf(path, sizeof(path), "%s/rows.db", t.folder);
    if (sqlite3_open(path, &db) != SQLITE_OK)
        exit(1);
    run_sql(db, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                "CREATE TABLE posting (hash INTEGER, article INTEGER, PRIMARY KEY (hash, article))"
                " WITHOUT ROWID");
    (void)sqlite3_prepare_v2(db, "SELECT article FROM posting WHERE hash = ? LIMIT 24", -1, &find,
                             NULL);
    (void)sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO posting VALUES (?, ?)", -1, &add, NULL);
    begun = bench_cpu_s();
    for (size_t a = 0; a < n; a++) {
        if (a % BATCH == 0)
            run_sql(db, "BEGIN");
        for (size_t i = 0; i < SAMPLES; i++) {
            (void)sqlite3_bind_int64(find, 1, (sqlite3_int64)sample_of(a, i));
            while (sqlite3_step(find) == SQLITE_ROW)
                continue;
            (void)sqlite3_reset(find);
        }
        for (size_t i = 0; i < SAMPLES; i++) {
            (void)sqlite3_bind_int64(add, 1, (sqlite3_int64)sample_of(a, i));
            (void)sqlite3_bind_int64(add, 2, (sqlite3_int64)a + 1);
            (void)sqlite3_step(add);
            (void)sqlite3_reset(add);
        }
        if (a % BATCH == BATCH - 1 || a == n - 1)
            run_sql(db, "COMMIT");
    }
    begun = bench_cpu_s() - begun;
    (void)sqlite3_finalize(find);
    (void)sqlite3_finalize(add);
    (void)sqlite3_close(db);
    *bytes = stat(path, &st) == 0 ? (double)st.st_size / (double)n : 0;
    test_store_close(&t);
    return (double)n / begun;
}

int main(void)
{
    size_t n = (size_t)bench_number("WW_BENCH_ARTICLES", 20000);
    struct texts texts = {0};
    double runs, rows, runs_bytes, rows_bytes;

    make_texts(&texts, n);
    bench_detector(&texts, n);
    runs = bench_runs(n, &runs_bytes);
    rows = bench_rows(n, &rows_bytes);
    bench_report("story index in the store (peer: a SQLite row for each posting)", runs, rows,
                 "articles/CPU s", true);
    bench_report("story index in the store, file (peer: the same)", runs_bytes, rows_bytes,
                 "bytes/article", false);
    bench_report("store an article and place it (peer: store it alone)",
                 bench_place(&texts, n / 4, true), bench_place(&texts, n / 4, false),
                 "articles/CPU s", true);
    for (size_t i = 0; i < n; i++)
        free(texts.texts[i]);
    free(texts.texts);
    free(texts.lengths);
    free(texts.stories);
    return 0;
}
