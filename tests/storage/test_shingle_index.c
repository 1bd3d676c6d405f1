/* test_shingle_index.c - the index against a plain list, through tails, runs and merges. */
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/shingle.h"
#include "storage/shingle_block.h"
#include "storage/shingle_index.h"
#include "storage/shingle_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_HASHES 300
#define A_ARTICLE 7
#define ARENA_MAX_BYTES ((size_t)16 << 20)

/* An index in memory. */
struct place {
    struct shingle_memory *memory;
    struct shingle_io io;
    struct shingle_index *ix;
    struct arena arena;
};

static void open_place(struct place *p, size_t tail_max)
{
    memset(p, 0, sizeof(*p));
    arena_init(&p->arena, ARENA_MAX_BYTES);
    assert_int_equal(shingle_memory_open(&p->memory, NULL), WW_OK);
    p->io = shingle_memory_io(p->memory);
    assert_int_equal(shingle_index_open(&p->io, tail_max, &p->ix, NULL), WW_OK);
}

static void close_place(struct place *p)
{
    shingle_index_close(p->ix);
    shingle_memory_close(p->memory);
    arena_release(&p->arena);
}

/* What must be found: values of each hash. */
struct plain {
    int64_t values[N_HASHES][SHINGLE_LIST_MAX];
    size_t n[N_HASHES];
};

/* One of those that are indexed of every text. */
static uint64_t made_hash(uint64_t a, uint64_t b)
{
    uint64_t hash = hash64_mix(a, b);

    return hash - hash % SHINGLE_SAMPLE;
}

/* One in eight is of short texts alone. */
static uint64_t hash_at(size_t i)
{
    return made_hash(i + 1, 77) + (i % 8 == 0 ? SHINGLE_SAMPLE_SHORT : 0);
}

static int compare_values(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static struct shingle_list *find(struct shingle_index *ix, enum shingle_kind kind,
                                 const uint64_t *hashes, size_t n, struct arena *arena)
{
    struct shingle_list *lists;

    arena_reset(arena);
    assert_int_equal(shingle_index_find(ix, kind, hashes, n, arena, &lists, NULL), WW_OK);
    return lists;
}

static enum ww_status add(struct shingle_index *ix, enum shingle_kind kind, int64_t value,
                          const uint64_t *hashes, size_t n)
{
    struct shingle_group group = {kind, value, hashes, n};

    return shingle_index_add(ix, &group, 1, NULL);
}

static void check(struct shingle_index *ix, const struct plain *plain, struct arena *arena)
{
    uint64_t hashes[N_HASHES];
    struct shingle_list *lists;

    for (size_t i = 0; i < N_HASHES; i++)
        hashes[i] = hash_at(i);
    lists = find(ix, SHINGLE_OF_TEXT, hashes, N_HASHES, arena);
    for (size_t i = 0; i < N_HASHES; i++) {
        assert_int_equal(lists[i].n, plain->n[i]);
        if (lists[i].n > 0)
            qsort(lists[i].values, lists[i].n, sizeof(int64_t), compare_values);
        for (size_t k = 0; k < lists[i].n; k++)
            assert_int_equal(lists[i].values[k], plain->values[i][k]);
    }
    /* No shingle is a sentence. */
    lists = find(ix, SHINGLE_OF_SENTENCE, hashes, N_HASHES, arena);
    for (size_t i = 0; i < N_HASHES; i++)
        assert_int_equal(lists[i].n, 0);
}

/* Add one article with A_ARTICLE hashes, to the index and to the plain list. */
static void add_article(struct shingle_index *ix, struct plain *plain, int64_t article)
{
    uint64_t hashes[A_ARTICLE];
    size_t n = 0;

    for (size_t i = 0; i < A_ARTICLE; i++) {
        size_t h = (size_t)(hash64_mix((uint64_t)article, i) % N_HASHES);

        if (plain->n[h] == SHINGLE_LIST_MAX ||
            (plain->n[h] > 0 && plain->values[h][plain->n[h] - 1] == article))
            continue;
        plain->values[h][plain->n[h]++] = article;
        hashes[n++] = hash_at(h);
    }
    assert_int_equal(add(ix, SHINGLE_OF_TEXT, article, hashes, n), WW_OK);
}

static void test_against_plain_list(void **state)
{
    static const size_t tails[] = {10, 64, 1000, 0};

    WW_UNUSED(state);
    for (size_t t = 0; t < WW_COUNT(tails); t++) {
        struct place p;
        struct shingle_index *again;
        struct plain plain = {0};

        open_place(&p, tails[t]);
        for (int64_t article = 1; article <= 1100; article++) {
            add_article(p.ix, &plain, article);
            if (article % 50 == 0)
                check(p.ix, &plain, &p.arena);
        }
        /* Another process, and this one after it forgot. */
        assert_int_equal(shingle_index_open(&p.io, tails[t], &again, NULL), WW_OK);
        check(again, &plain, &p.arena);
        shingle_index_forget(p.ix);
        check(p.ix, &plain, &p.arena);
        shingle_index_close(again);
        close_place(&p);
    }
}

/* Two writers in turn; each finds what the other wrote. */
static void test_two_writers(void **state)
{
    struct place p;
    struct shingle_index *other;
    struct plain plain = {0};

    WW_UNUSED(state);
    open_place(&p, 40);
    assert_int_equal(shingle_index_open(&p.io, 40, &other, NULL), WW_OK);
    for (int64_t article = 1; article <= 700; article++) {
        struct shingle_index *writer = article / 3 % 2 == 0 ? p.ix : other;

        assert_int_equal(shingle_index_refresh(writer, NULL), WW_OK);
        add_article(writer, &plain, article);
        if (article % 97 == 0) {
            assert_int_equal(shingle_index_refresh(other, NULL), WW_OK);
            check(other, &plain, &p.arena);
        }
    }
    assert_int_equal(shingle_index_refresh(p.ix, NULL), WW_OK);
    check(p.ix, &plain, &p.arena);
    shingle_index_close(other);
    close_place(&p);
}

/* A sentence of one story is forgotten some day, one of two is not. */
static void test_sentences(void **state)
{
    struct place p;
    struct shingle_list *lists;
    uint64_t once = hash_at(1), twice = hash_at(2), hash;

    WW_UNUSED(state);
    open_place(&p, 16);
    assert_int_equal(add(p.ix, SHINGLE_OF_SENTENCE, 7, &once, 1), WW_OK);
    assert_int_equal(add(p.ix, SHINGLE_OF_SENTENCE, 7, &twice, 1), WW_OK);
    assert_int_equal(add(p.ix, SHINGLE_OF_SENTENCE, 8, &twice, 1), WW_OK);
    for (int64_t i = 0; i < 16 * 4 * 4 * 4; i++) {
        hash = made_hash((uint64_t)i, 5);
        assert_int_equal(add(p.ix, SHINGLE_OF_TEXT, i + 1, &hash, 1), WW_OK);
    }
    lists = find(p.ix, SHINGLE_OF_SENTENCE, &once, 1, &p.arena);
    assert_int_equal(lists[0].n, 1);
    assert_int_equal(lists[0].values[0], 7);
    for (int64_t i = 0; i < 2 * 16 * 4 * 4 * 4 * 4; i++) {
        hash = made_hash((uint64_t)i, 6);
        assert_int_equal(add(p.ix, SHINGLE_OF_TEXT, i + 1, &hash, 1), WW_OK);
    }
    assert_int_equal(find(p.ix, SHINGLE_OF_SENTENCE, &once, 1, &p.arena)[0].n, 0);
    assert_int_equal(find(p.ix, SHINGLE_OF_SENTENCE, &twice, 1, &p.arena)[0].n, 2);
    assert_int_equal(find(p.ix, SHINGLE_OF_TEXT, &hash, 1, &p.arena)[0].n, 1);
    close_place(&p);
}

/* ---- bounded work ---------------------------------------------------------------------------- */

/* Counts what is written, on the way to memory. */
struct counting {
    struct shingle_io inner;
    size_t n_put, n_tail, n_tail_read;
};

static enum ww_status counted_put(void *state, enum shingle_table table, int64_t id,
                                  struct slice bytes, struct ww_error *err)
{
    struct counting *c = state;

    c->n_put++;
    return c->inner.put_blob(c->inner.state, table, id, bytes, err);
}

#define PASS(call) (((struct counting *)state)->inner.call)
#define INNER (((struct counting *)state)->inner.state)
static enum ww_status c_add_run(void *state, const struct shingle_run *run, int64_t *id,
                                struct ww_error *err)
{
    return PASS(add_run)(INNER, run, id, err);
}
static enum ww_status c_put_run(void *state, const struct shingle_run *run, struct ww_error *err)
{
    return PASS(put_run)(INNER, run, err);
}
static enum ww_status c_drop_run(void *state, int64_t id, struct ww_error *err)
{
    return PASS(drop_run)(INNER, id, err);
}
static enum ww_status c_list_runs(void *state, struct arena *arena, struct shingle_run_list *out,
                                  struct ww_error *err)
{
    return PASS(list_runs)(INNER, arena, out, err);
}
static enum ww_status c_find_blob(void *state, enum shingle_table table, int64_t id,
                                  struct arena *arena, struct shingle_blob *out,
                                  struct ww_error *err)
{
    return PASS(find_blob)(INNER, table, id, arena, out, err);
}
static enum ww_status c_list_blocks(void *state, int64_t first_id, int64_t below_id,
                                    struct arena *arena, struct shingle_blob_list *out,
                                    struct ww_error *err)
{
    return PASS(list_blocks)(INNER, first_id, below_id, arena, out, err);
}
static enum ww_status c_drop_blobs(void *state, enum shingle_table table, int64_t first_id,
                                   int64_t below_id, struct ww_error *err)
{
    return PASS(drop_blobs)(INNER, table, first_id, below_id, err);
}
static enum ww_status c_put_tail(void *state, int64_t id, struct slice bytes, struct ww_error *err)
{
    ((struct counting *)state)->n_tail++;
    return PASS(put_tail)(INNER, id, bytes, err);
}
static enum ww_status c_list_tail(void *state, int64_t after_id, struct arena *arena,
                                  struct shingle_blob_list *out, struct ww_error *err)
{
    enum ww_status status = PASS(list_tail)(INNER, after_id, arena, out, err);

    ((struct counting *)state)->n_tail_read += out->n_rows;
    return status;
}
static enum ww_status c_drop_tail(void *state, struct ww_error *err)
{
    return PASS(drop_tail)(INNER, err);
}
static enum ww_status c_read_state(void *state, struct shingle_state *out, struct ww_error *err)
{
    return PASS(read_state)(INNER, out, err);
}
static enum ww_status c_set_state(void *state, const struct shingle_state *in, struct ww_error *err)
{
    return PASS(set_state)(INNER, in, err);
}

static struct shingle_io counting_io(struct counting *c)
{
    return (struct shingle_io){c,
                               c_add_run,
                               c_put_run,
                               c_drop_run,
                               c_list_runs,
                               counted_put,
                               c_find_blob,
                               c_list_blocks,
                               c_drop_blobs,
                               c_put_tail,
                               c_list_tail,
                               c_drop_tail,
                               c_read_state,
                               c_set_state,
                               NULL,
                               0};
}

/* Another writer's merges move no row of the tail: what is known of it is not read again. */
static void test_tail_read_once(void **state)
{
    struct place p;
    struct counting counting = {0};
    struct shingle_io io;
    struct shingle_index *reader;
    struct plain plain = {0};

    WW_UNUSED(state);
    open_place(&p, 200);
    counting.inner = p.io;
    io = counting_io(&counting);
    assert_int_equal(shingle_index_open(&io, 200, &reader, NULL), WW_OK);
    for (int64_t article = 1; article <= 700; article++) {
        add_article(p.ix, &plain, article);
        if (article % 5 == 0)
            assert_int_equal(shingle_index_refresh(reader, NULL), WW_OK);
    }
    check(reader, &plain, &p.arena);
    assert_true(counting.n_tail_read <= 700);
    shingle_index_close(reader);
    close_place(&p);
}

/* Made anew by another: as many rows as there were, and none of them the same. */
static void test_tail_made_anew(void **state)
{
    struct place p;
    struct shingle_index *other;
    uint64_t old = hash_at(1), new = hash_at(2);

    WW_UNUSED(state);
    open_place(&p, 0);
    assert_int_equal(shingle_index_open(&p.io, 0, &other, NULL), WW_OK);
    assert_int_equal(shingle_index_refresh(p.ix, NULL), WW_OK);
    for (int64_t article = 1; article <= 20; article++)
        assert_int_equal(add(p.ix, SHINGLE_OF_TEXT, article, &old, 1), WW_OK);
    assert_int_equal(shingle_index_refresh(other, NULL), WW_OK);
    assert_int_equal(find(other, SHINGLE_OF_TEXT, &old, 1, &p.arena)[0].n, 20);
    assert_int_equal(shingle_index_begin_anew(p.ix, NULL), WW_OK);
    for (int64_t article = 1; article <= 20; article++)
        assert_int_equal(add(p.ix, SHINGLE_OF_TEXT, article, &new, 1), WW_OK);
    assert_int_equal(shingle_index_refresh(other, NULL), WW_OK);
    assert_int_equal(find(other, SHINGLE_OF_TEXT, &old, 1, &p.arena)[0].n, 0);
    assert_int_equal(find(other, SHINGLE_OF_TEXT, &new, 1, &p.arena)[0].n, 20);
    shingle_index_close(other);
    close_place(&p);
}

/* 600,000 postings through four levels of runs: no article writes more than some blocks. */
static void test_bounded_work(void **state)
{
    struct place p;
    struct counting counting = {0};
    struct shingle_io io;
    struct shingle_index *ix;
    uint64_t hashes[400];
    size_t n_most = 0, n_all = 0;
    struct shingle_list *lists;

    WW_UNUSED(state);
    open_place(&p, 0);
    counting.inner = p.io;
    io = counting_io(&counting);
    assert_int_equal(shingle_index_open(&io, 4096, &ix, NULL), WW_OK);
    for (int64_t article = 1; article <= 1500; article++) {
        for (size_t i = 0; i < WW_COUNT(hashes); i++)
            hashes[i] = made_hash((uint64_t)article, i);
        counting.n_put = 0;
        assert_int_equal(add(ix, SHINGLE_OF_TEXT, article, hashes, WW_COUNT(hashes)), WW_OK);
        n_most = counting.n_put > n_most ? counting.n_put : n_most;
        n_all += counting.n_put;
    }
    assert_true(n_most <= 24);
    assert_true(n_all > 1250); /* 145 runs of 4 rows, and what they became */
    for (int64_t article = 1; article <= 1500; article += 37) {
        for (size_t i = 0; i < WW_COUNT(hashes); i++)
            hashes[i] = made_hash((uint64_t)article, i);
        lists = find(ix, SHINGLE_OF_TEXT, hashes, WW_COUNT(hashes), &p.arena);
        for (size_t i = 0; i < WW_COUNT(hashes); i++)
            assert_true(lists[i].n >= 1);
    }
    shingle_index_close(ix);
    close_place(&p);
}

/* Documents with the same hashes, on and on: lists end, and so does what is written. */
static void test_flood(void **state)
{
    struct place p;
    struct counting counting = {0};
    struct shingle_io io;
    struct shingle_index *ix;

    WW_UNUSED(state);
    open_place(&p, 0);
    counting.inner = p.io;
    io = counting_io(&counting);
    assert_int_equal(shingle_index_open(&io, 100, &ix, NULL), WW_OK);
    for (int64_t article = 1; article <= 5000; article++) {
        uint64_t hashes[40], fresh[40];
        struct shingle_list *lists;
        size_t n_fresh = 0;

        for (size_t i = 0; i < WW_COUNT(hashes); i++)
            hashes[i] = hash_at(i);
        lists = find(ix, SHINGLE_OF_TEXT, hashes, WW_COUNT(hashes), &p.arena);
        for (size_t i = 0; i < WW_COUNT(hashes); i++) {
            assert_int_equal(lists[i].n,
                             article <= SHINGLE_LIST_MAX ? article - 1 : SHINGLE_LIST_MAX);
            if (lists[i].n < SHINGLE_LIST_MAX)
                fresh[n_fresh++] = hashes[i];
        }
        assert_int_equal(add(ix, SHINGLE_OF_TEXT, article, fresh, n_fresh), WW_OK);
    }
    assert_int_equal(counting.n_tail, SHINGLE_LIST_MAX);
    assert_true(shingle_memory_bytes(p.memory) < 40000);
    shingle_index_close(ix);
    /* Who adds without having looked cannot make a run's lists any longer. */
    for (int64_t article = 1; article <= 2000; article++) {
        uint64_t hash = hash_at(999);

        assert_int_equal(add(p.ix, SHINGLE_OF_TEXT, article, &hash, 1), WW_OK);
    }
    assert_int_equal(find(p.ix, SHINGLE_OF_TEXT, &(uint64_t){hash_at(999)}, 1, &p.arena)[0].n,
                     SHINGLE_LIST_MAX);
    close_place(&p);
}

/* ---- another version ------------------------------------------------------------------------- */

static void test_other_version(void **state)
{
    struct place p;
    struct shingle_state stored;
    struct shingle_run_list runs;
    struct plain plain = {0}, none = {0};

    WW_UNUSED(state);
    open_place(&p, 30);
    assert_int_equal(shingle_index_refresh(p.ix, NULL), WW_OK);
    /* There is no article before the first one. */
    assert_true(shingle_index_missing(p.ix) == INT64_MAX);
    assert_int_equal(shingle_index_set_missing(p.ix, 0, NULL), WW_OK);
    for (int64_t article = 1; article <= 600; article++)
        add_article(p.ix, &plain, article);
    check(p.ix, &plain, &p.arena);

    assert_int_equal(p.io.read_state(p.memory, &stored, NULL), WW_OK);
    assert_int_equal(stored.version, SHINGLE_VERSION);
    stored.version = SHINGLE_VERSION + 1;
    stored.generation++;
    assert_int_equal(p.io.set_state(p.memory, &stored, NULL), WW_OK);
    assert_int_equal(shingle_index_refresh(p.ix, NULL), WW_OK);
    assert_true(shingle_index_missing(p.ix) == INT64_MAX);
    check(p.ix, &none, &p.arena);
    /* What there was goes with what comes. */
    memset(&plain, 0, sizeof(plain));
    for (int64_t article = 601; article <= 1200; article++) {
        add_article(p.ix, &plain, article);
        if (article % 100 == 0)
            check(p.ix, &plain, &p.arena);
    }
    arena_reset(&p.arena);
    assert_int_equal(p.io.list_runs(p.memory, &p.arena, &runs, NULL), WW_OK);
    for (size_t i = 0; i < runs.n_rows; i++)
        assert_int_equal(runs.rows[i].version, SHINGLE_VERSION);
    assert_int_equal(shingle_index_set_missing(p.ix, 300, NULL), WW_OK);
    shingle_index_forget(p.ix);
    assert_int_equal(shingle_index_refresh(p.ix, NULL), WW_OK);
    assert_true(shingle_index_missing(p.ix) == 300);
    assert_int_equal(shingle_index_begin_anew(p.ix, NULL), WW_OK);
    check(p.ix, &none, &p.arena);
    assert_true(shingle_index_missing(p.ix) == INT64_MAX);
    close_place(&p);
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* What a damaged database could hand out. */
static void test_damage(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        {"\1",                                            1 },
        {"\1\0\0\0\0\0\0\0\2\0\0\0abcde",                 17}, /* one key of two */
        {"\0\0\0\0\0\0\0\0\1\0\0\0abcde",                 17}, /* no value */
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\1\0\0\0abcde", 17},
        {"\1\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF"
         "abcde",                                17}
    };
    static const struct shingle_run runs[] = {
        {.version = SHINGLE_VERSION, .n_chunks = 0},
        {                          .version = SHINGLE_VERSION,             .n_chunks = 2,   .n_done = 3},
        {                          .version = SHINGLE_VERSION,     .n_chunks = INT64_MAX             },
        { .version = SHINGLE_VERSION,               .n_chunks = 1,                            .n_done = 1}  /* its filter is not there */
    };
    static const struct shingle_state current = {.version = SHINGLE_VERSION};
    uint64_t hash = 1;

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(rows) + WW_COUNT(runs); i++) {
        struct place p;
        struct shingle_list *lists;
        struct ww_error err;
        int64_t id;

        open_place(&p, 40);
        assert_int_equal(p.io.set_state(p.memory, &current, NULL), WW_OK);
        if (i < WW_COUNT(rows))
            assert_int_equal(p.io.put_tail(p.memory, 1, slice_of(rows[i].bytes, rows[i].len), NULL),
                             WW_OK);
        else
            assert_int_equal(p.io.add_run(p.memory, &runs[i - WW_COUNT(rows)], &id, NULL), WW_OK);
        assert_int_equal(
            shingle_index_find(p.ix, SHINGLE_OF_TEXT, &hash, 1, &p.arena, &lists, &err), WW_STORE);
        close_place(&p);
    }
}

/* A block that is no block, behind a filter that lets everything pass. */
static void test_damaged_block(void **state)
{
    static const struct shingle_run run = {.version = SHINGLE_VERSION, .n_chunks = 1, .n_done = 1};
    static const struct shingle_state current = {.version = SHINGLE_VERSION};
    char all[FILTER_BUCKET_BYTES];
    struct place p;
    struct shingle_list *lists;
    struct ww_error err;
    uint64_t hash = made_hash(1, 1);
    int64_t id;

    WW_UNUSED(state);
    memset(all, 0xFF, sizeof(all));
    open_place(&p, 40);
    assert_int_equal(p.io.set_state(p.memory, &current, NULL), WW_OK);
    assert_int_equal(p.io.add_run(p.memory, &run, &id, NULL), WW_OK);
    assert_int_equal(p.io.put_blob(p.memory, SHINGLE_FILTERS, id << SHINGLE_KEY_BITS,
                                   slice_of(all, sizeof(all)), NULL),
                     WW_OK);
    assert_int_equal(find(p.ix, SHINGLE_OF_TEXT, &hash, 1, &p.arena)[0].n, 0);
    assert_int_equal(
        p.io.put_blob(p.memory, SHINGLE_BLOCKS, id << SHINGLE_KEY_BITS, SLICE("no block"), NULL),
        WW_OK);
    assert_int_equal(shingle_index_find(p.ix, SHINGLE_OF_TEXT, &hash, 1, &p.arena, &lists, &err),
                     WW_STORE);
    close_place(&p);
}

/* Every allocation fails once. The caller rolls back then, so nothing more is asked of it. */
static void test_no_memory(void **state)
{
    size_t n_failed = 0;

    WW_UNUSED(state);
    for (long at = 1; at < 400; at++) {
        struct place p;
        uint64_t hashes[] = {hash_at(1), hash_at(2), hash_at(3)};
        struct shingle_list *lists;
        enum ww_status status = WW_OK;

        open_place(&p, 9);
        mem_fail_after(at);
        for (int64_t article = 1; article <= 60 && status == WW_OK; article++) {
            status = shingle_index_find(p.ix, SHINGLE_OF_TEXT, hashes, 3, &p.arena, &lists, NULL);
            if (status == WW_OK)
                status = add(p.ix, SHINGLE_OF_TEXT, article, hashes, 3);
        }
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        n_failed += status != WW_OK;
        close_place(&p);
    }
    assert_true(n_failed > 100);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_plain_list),
        cmocka_unit_test(test_two_writers),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_tail_read_once),
        cmocka_unit_test(test_tail_made_anew),
        cmocka_unit_test(test_bounded_work),
        cmocka_unit_test(test_flood),
        cmocka_unit_test(test_other_version),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_damaged_block),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
