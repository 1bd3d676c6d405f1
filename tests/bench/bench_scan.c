/*
 * bench_scan.c - what it takes to match a whole archive: with one thread and with as many as there
 * are cores, beside what reading and unpacking its texts take alone; after one new name, with the
 * search index and without; with 100,000 names more.
 *   WW_BENCH_ARTICLES=N   how many (100,000)
 *   WW_BENCH_ARCHIVE=F    keep the archive in this file, and take it from there the next time
 */
#include "alerts/scan.h"
#include "alerts/scan_walk.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/deflate.h"
#include "base/limits.h"
#include "base/record.h"
#include "storage/store_stories.h"
#include "tests/bench/bench.h"
#include "tests/bench/bench_tongues.h"
#include "tests/support/store.h"

#include <unistd.h>

#define BATCH 500
/* Every so many articles hold a sentence of what is watched; one in a thousand the new name. */
#define PLANTED_EVERY 100
#define NEW_EVERY 1000
#define NEW_NAME "Vorqualin Harbour Guild"
#define MANY_NAMES 100000
#define LIST "watchlists/overseas-police-stations"
#define LIST_ARENA_BYTES ((size_t)2 * 1024 * 1024 * 1024)

static void check(enum ww_status status, const struct ww_error *err)
{
    if (status == WW_OK)
        return;
    (void)fprintf(stderr, "bench_scan: %s\n", err->message);
    exit(1);
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* A file as it is, and behind it a row with a new name. */
static void put_with_new(struct buf *out, struct slice file, struct arena *arena)
{
    struct slice cells[CSV_COLUMNS_MAX] = {{0}};
    struct csv_table table;
    struct ww_error err = {0};
    struct buf row;

    check(csv_parse(file, "stations.csv", arena, &table, &err), &err);
    cells[csv_column(&table, SLICE("id"))] = SLICE("bench-new");
    cells[csv_column(&table, SLICE("aliases"))] = SLICE(NEW_NAME);
    buf_init(&row, WATCHLIST_MAX_BYTES);
    buf_add(&row, file);
    csv_add_row(&row, cells, table.header.n_cells);
    record_put_text(out, buf_slice(&row));
    buf_release(&row);
}

/* The default list, with a new name or without. */
static void read_list(bool is_with_new, struct arena *arena, struct watchlist *w)
{
    struct buf loaded, content;
    struct record r;
    struct ww_error err = {0};

    buf_init(&loaded, WATCHLIST_MAX_BYTES);
    buf_init(&content, WATCHLIST_MAX_BYTES);
    check(watchlist_load(LIST, &loaded, &err), &err);
    for (r = record_open(buf_slice(&loaded)); r.rest.len > 0 && !r.failed;) {
        const struct slice name = record_text(&r), file = record_bytes(&r);

        record_put_text(&content, name);
        if (is_with_new && slice_equal(name, SLICE("stations.csv")))
            put_with_new(&content, file, arena);
        else
            record_put_text(&content, file);
    }
    check(watchlist_parse(buf_slice(&content), arena, w, &err), &err);
    buf_release(&content);
    buf_release(&loaded);
}

/* A list of its own: one item, with one name or with many. */
static void make_list(size_t n_names, struct arena *arena, struct watchlist *w)
{
    struct buf content, rows;
    struct ww_error err = {0};
    char name[TONGUE_NAME_BYTES];

    buf_init(&content, WATCHLIST_MAX_BYTES);
    buf_init(&rows, WATCHLIST_MAX_BYTES);
    buf_add_string(&rows, "id,aliases\nnew," NEW_NAME "\n");
    for (size_t i = 0; i < n_names; i++) {
        buf_add(&rows, arena_printf(arena, "i%zu,", i));
        buf_add(&rows, slice_of(name, make_name(i, name)));
        buf_add_char(&rows, '\n');
    }
    record_put_text(&content, SLICE("stations.csv"));
    record_put_text(&content, buf_slice(&rows));
    check(buf_finish(&content, &err), &err);
    check(watchlist_parse(buf_slice(&content), arena, w, &err), &err);
    buf_release(&rows);
    buf_release(&content);
}

/* ---- the archive ----------------------------------------------------------------------------- */

/* A name of the list that can be written as it is, from number on. */
static struct slice find_name(const struct watchlist *w, enum watch_class class, size_t number)
{
    for (size_t i = 0;; i++) {
        const struct watch_name *n = &w->names[(number * 31 + i) % w->n_names];
        bool is_plain = n->class == class;

        for (size_t k = 0; k < n->text.len; k++)
            is_plain = is_plain && strchr("~*@", n->text.ptr[k]) == NULL;
        if (is_plain && (class != WATCH_TERM || (w->terms[n->owner].role == ROLE_TERM &&
                                                 w->terms[n->owner].strength == STRENGTH_STRONG)))
            return n->text;
    }
}

static size_t make_article(const struct watchlist *w, size_t number, char *text)
{
    uint64_t x = hash64_mix(number, 44);
    size_t used = make_tongue_text(draw_tongue(&x), number, text);

    if (number % PLANTED_EVERY == 0)
        used += (size_t)sprintf(text + used, "\nOne %.*s is in %.*s.\n",
                                SLICE_ARG(find_name(w, WATCH_TERM, number)),
                                SLICE_ARG(find_name(w, WATCH_PLACE, number)));
    if (number % NEW_EVERY == 0)
        used += (size_t)sprintf(text + used, "\nThe " NEW_NAME " said so.\n");
    return used;
}

static void add_article(struct store *s, const struct watchlist *w, size_t number)
{
    static char text[2 * TONGUE_TEXT_BYTES];
    char url[64];
    struct article_row row = {.title = SLICE("A title of some seven words, no more"),
                              .language = SLICE("en"),
                              .outlet = SLICE("The Bench"),
                              .provenance = SLICE("feed"),
                              .published_at = TEST_NOW - (int64_t)(number % 1000) * 3600,
                              .first_seen_at = TEST_NOW,
                              .fetched_at = TEST_NOW};
    struct article_text texts = {slice_of(text, make_article(w, number, text)), SLICE("")};
    struct ww_error err = {0};
    int64_t id, story;
    bool is_new;

    (void)snprintf(url, sizeof(url), "https://bench.example/%zu", number);
    row.url = row.canonical = slice_from(url);
    check(store_add_article(s, &row, &texts, &id, &is_new, &err), &err);
    check(store_add_story(s, id, TEST_NOW, &story, &err), &err);
}

static void fill(struct store *s, const struct watchlist *w, size_t n)
{
    struct ww_error err = {0};

    for (size_t i = 0; i < n; i += BATCH) {
        check(store_begin(s, &err), &err);
        for (size_t k = i; k < n && k < i + BATCH; k++)
            add_article(s, w, k);
        check(store_commit(s, &err), &err);
    }
}

/* ---- measuring ------------------------------------------------------------------------------- */

struct tally {
    int64_t n_articles, n_hits, bytes;
};

static enum ww_status take(void *context, const struct scan_block *block, struct ww_error *err)
{
    struct tally *t = context;

    WW_UNUSED(err);
    t->n_articles += (int64_t)block->n_rows;
    t->n_hits += (int64_t)block->n_hits;
    for (size_t i = 0; i < block->n_rows; i++)
        t->bytes += block->rows[i].text_bytes;
    return WW_OK;
}

/* CPU seconds of one walk, of all threads; and on the wall, which others share. */
static double walk(struct store *s, const struct mention_engine *engine, unsigned n_threads,
                   struct tally *out, double *wall_s)
{
    const struct scan_walk_options options = {.engine = engine, .n_threads = n_threads};
    struct ww_error err = {0};
    double begun = bench_cpu_s();

    *wall_s = bench_wall_s();
    *out = (struct tally){0};
    check(scan_walk(s, &options, take, out, &err), &err);
    *wall_s = bench_wall_s() - *wall_s;
    return bench_cpu_s() - begun;
}

/* Reading all texts, and unpacking them: nobody can match what he has not read. */
static double read_all(struct store *s, bool unpacks)
{
    static const struct walk_bounds bounds = {SCAN_BLOCK_ARTICLES, SCAN_BLOCK_BYTES};
    struct walk_filter filter = {0};
    struct walk_list list = {NULL, 1};
    struct ww_error err = {0};
    struct arena arena, page;
    struct slice text;
    double begun = bench_cpu_s();

    arena_init(&arena, SCAN_ARENA_MAX_BYTES);
    arena_init(&page, SCAN_ARENA_MAX_BYTES);
    while (list.n_rows > 0) {
        arena_reset(&arena);
        check(store_walk(s, &filter, &bounds, &arena, &list, &err), &err);
        for (size_t i = 0; i < list.n_rows; i++) {
            filter.after_id = list.rows[i].id;
            arena_reset(&page);
            if (unpacks)
                check(deflate_unpack(list.rows[i].packed, STORE_BLOB_MAX_BYTES, &page, &text, &err),
                      &err);
        }
    }
    arena_release(&page);
    arena_release(&arena);
    return bench_cpu_s() - begun;
}

static void bench_walks(struct store *s, const struct watchlist *w, const char *what)
{
    struct mention_engine *engine;
    struct ww_error err = {0};
    struct arena arena;
    struct tally one, all;
    char line[160];
    double one_s, all_s, floor_s, wall_s;

    arena_init(&arena, LIST_ARENA_BYTES);
    check(mentions_open(w, &arena, &engine, &err), &err);
    floor_s = read_all(s, true);
    one_s = walk(s, engine, 1, &one, &wall_s);
    (void)snprintf(line, sizeof(line), "%s: %.0f MB, %lld hits, CPU s (peer: read, unpack)", what,
                   (double)one.bytes / 1e6, (long long)one.n_hits);
    bench_report(line, one_s, floor_s, "s", false);
    (void)snprintf(line, sizeof(line), "%s: CPU s for 100,000 articles (peer: the aim, 2 cores)",
                   what);
    bench_report(line, one_s * 1e5 / (double)one.n_articles, 2 * 4, "s", false);
    all_s = walk(s, engine, 0, &all, &wall_s);
    if (one.n_hits != all.n_hits || one.n_articles != all.n_articles)
        exit(1);
    (void)snprintf(line, sizeof(line), "%s: all cores, CPU s (peer: one thread)", what);
    bench_report(line, all_s, one_s, "s", false);
    (void)snprintf(line, sizeof(line), "%s: all cores, on the wall (peer: CPU s / 2)", what);
    bench_report(line, wall_s, all_s / 2, "s", false);
    arena_release(&arena);
}

/* CPU seconds. */
static double run(struct store *s, const struct watchlist *w, bool is_forced,
                  struct scan_summary *out)
{
    const struct scan_options options = {
        .folder = SLICE("bench"), .max_age_s = 14 * 86400, .is_forced = is_forced};
    const struct clock clock = clock_fixed(TEST_NOW);
    struct ww_error err = {0};
    double begun = bench_cpu_s();

    check(scan_run(s, w, &options, &clock, NULL, out, &err), &err);
    return bench_cpu_s() - begun;
}

/* The list gets a name: what the next run takes, and what it would take without the index. */
static void bench_rescan(struct store *s, const struct watchlist *w)
{
    struct scan_summary first, second, forced;
    struct watchlist more;
    struct arena arena;
    double first_s, second_s, forced_s;

    arena_init(&arena, LIST_ARENA_BYTES);
    read_list(true, &arena, &more);
    first_s = run(s, w, false, &first);
    bench_report("first run over all, CPU s (peer: the aim, 2 cores)", first_s, 8, "s", false);
    second_s = run(s, &more, false, &second);
    forced_s = run(s, &more, true, &forced);
    bench_report("rescan, one new name, with the index, CPU s (peer: the aim)", second_s, 1, "s",
                 false);
    bench_report("rescan of everything, CPU s (peer: with the index)", forced_s, second_s, "s",
                 false);
    if (!second.is_narrowed || second.n_alerts == 0 || forced.n_alerts != 0) {
        (void)fprintf(stderr, "bench_scan: the index was not used, or finds differ\n");
        exit(1);
    }
    arena_release(&arena);
}

static double memory_mb(void)
{
    struct rusage usage;

    return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss / 1024 : 0;
}

int main(void)
{
    const size_t n = (size_t)bench_number("WW_BENCH_ARTICLES", 100000);
    const char *archive = getenv("WW_BENCH_ARCHIVE");
    const bool is_there = archive != NULL && access(archive, R_OK) == 0;
    struct test_store t;
    struct store *s;
    struct watchlist w, many;
    struct arena arena;
    struct ww_error err = {0};

    arena_init(&arena, LIST_ARENA_BYTES);
    read_list(false, &arena, &w);
    test_store_open(&t);
    s = t.store;
    if (archive != NULL)
        check(test_store_at(archive, false, &s, &err), &err);
    if (!is_there)
        fill(s, &w, n);
    if (s == t.store)
        test_store_reopen(&t), s = t.store; /* the index is written */
    bench_walks(s, &w, "default list");
    bench_report("default list: memory (peer: a run's)", memory_mb(), 64, "MB", false);
    bench_rescan(s, &w);
    make_list(MANY_NAMES, &arena, &many);
    bench_walks(s, &many, "100,000 names");
    if (s != t.store)
        store_close(s);
    test_store_close(&t);
    arena_release(&arena);
    return 0;
}
