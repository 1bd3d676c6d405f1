/* test_shingle_index.c - the index against a plain list, through tails, runs and merges. */
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/shingle.h"
#include "storage/shingle_index.h"
#include "storage/shingle_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define N_HASHES 300
#define A_ARTICLE 7

/* What must be found: values of each hash. */
struct plain {
    int64_t values[N_HASHES][SHINGLE_LIST_MAX];
    size_t n[N_HASHES];
};

static uint64_t hash_at(size_t i)
{
    return hash64_mix(i + 1, 77);
}

static int compare_values(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void check(struct shingle_index *ix, const struct plain *plain)
{
    for (size_t i = 0; i < N_HASHES; i++) {
        int64_t found[SHINGLE_LIST_MAX];
        size_t n;

        assert_int_equal(shingle_index_find(ix, hash_at(i), found, SHINGLE_LIST_MAX, &n, NULL),
                         WW_OK);
        assert_int_equal(n, plain->n[i]);
        qsort(found, n, sizeof(found[0]), compare_values);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(found[k], plain->values[i][k]);
    }
}

/* Add one article with A_ARTICLE hashes, to the index and to the plain list. */
static void add(struct shingle_index *ix, struct plain *plain, int64_t article)
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
    assert_int_equal(shingle_index_add(ix, article, article, hashes, n, NULL), WW_OK);
}

static void test_against_plain_list(void **state)
{
    static const size_t tails[] = {10, 64, 1000, 0};

    WW_UNUSED(state);
    for (size_t t = 0; t < WW_COUNT(tails); t++) {
        struct shingle_memory *memory;
        struct shingle_io io;
        struct shingle_index *ix, *again;
        struct plain plain = {0};

        assert_int_equal(shingle_memory_open(&memory, NULL), WW_OK);
        io = shingle_memory_io(memory);
        assert_int_equal(shingle_index_open(&io, "a", tails[t], &ix, NULL), WW_OK);
        for (int64_t article = 1; article <= 900; article++) {
            add(ix, &plain, article);
            if (article % 150 == 0)
                check(ix, &plain);
        }
        /* Another process, and this one after it forgot. */
        assert_int_equal(shingle_index_open(&io, "a", tails[t], &again, NULL), WW_OK);
        check(again, &plain);
        shingle_index_forget(ix);
        check(ix, &plain);
        assert_true(shingle_memory_bytes(memory) < (size_t)900 * A_ARTICLE * 20 + 40000);
        shingle_index_close(again);
        shingle_index_close(ix);
        shingle_memory_close(memory);
    }
}

/* Two writers in turn, two kinds in one place. */
static void test_two_writers(void **state)
{
    struct shingle_memory *memory;
    struct shingle_io io;
    struct shingle_index *ix[3];
    struct plain plain = {0}, other = {0};

    WW_UNUSED(state);
    assert_int_equal(shingle_memory_open(&memory, NULL), WW_OK);
    io = shingle_memory_io(memory);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(shingle_index_open(&io, i == 2 ? "b" : "a", 40, &ix[i], NULL), WW_OK);
    for (int64_t article = 1; article <= 300; article++) {
        struct shingle_index *writer = ix[article / 3 % 2];

        assert_int_equal(shingle_index_refresh(writer, NULL), WW_OK);
        add(writer, &plain, article);
        if (article % 2 == 0)
            add(ix[2], &other, article);
    }
    assert_int_equal(shingle_index_refresh(ix[0], NULL), WW_OK);
    assert_int_equal(shingle_index_refresh(ix[1], NULL), WW_OK);
    check(ix[0], &plain);
    check(ix[1], &plain);
    check(ix[2], &other);
    for (size_t i = 0; i < 3; i++)
        shingle_index_close(ix[i]);
    shingle_memory_close(memory);
}

/* What a damaged database could hand out. */
static void test_damage(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        {"",                      0 },
        {"\1\0\0\0\0\0\0",        7 },
        {"\0\0\0\0\0\0\0\0abcde", 13},
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
         "abcde",        13}
    };
    struct shingle_run run = {
        .kind = SLICE("a"), .version = SHINGLE_VERSION, .n_postings = 5, .n_blocks = 3};
    int64_t id, values[4];
    size_t n;

    WW_UNUSED(state);
    for (size_t i = 0; i <= WW_COUNT(rows); i++) {
        struct shingle_memory *memory;
        struct shingle_io io;
        struct shingle_index *ix;
        struct ww_error err;

        assert_int_equal(shingle_memory_open(&memory, NULL), WW_OK);
        io = shingle_memory_io(memory);
        if (i < WW_COUNT(rows))
            assert_int_equal(
                io.put_tail(memory, SLICE("a"), 1, slice_of(rows[i].bytes, rows[i].len), NULL),
                WW_OK);
        else
            assert_int_equal(io.add_run(memory, &run, &id, NULL), WW_OK);
        assert_int_equal(shingle_index_open(&io, "a", 40, &ix, NULL), WW_OK);
        assert_int_equal(shingle_index_find(ix, 1, values, 4, &n, &err), WW_STORE);
        shingle_index_close(ix);
        shingle_memory_close(memory);
    }
}

/* Every allocation fails once. The caller rolls back then, so nothing more is asked of it. */
static void test_no_memory(void **state)
{
    size_t n_failed = 0;

    WW_UNUSED(state);
    for (long at = 1; at < 400; at++) {
        struct shingle_memory *memory;
        struct shingle_io io;
        struct shingle_index *ix;
        uint64_t hashes[] = {hash_at(1), hash_at(2), hash_at(3)};
        enum ww_status status = WW_OK;

        assert_int_equal(shingle_memory_open(&memory, NULL), WW_OK);
        io = shingle_memory_io(memory);
        assert_int_equal(shingle_index_open(&io, "a", 9, &ix, NULL), WW_OK);
        mem_fail_after(at);
        for (int64_t article = 1; article <= 24 && status == WW_OK; article++)
            status = shingle_index_add(ix, article, article, hashes, 3, NULL);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        n_failed += status != WW_OK;
        shingle_index_close(ix);
        shingle_memory_close(memory);
    }
    assert_true(n_failed > 50);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_plain_list),
        cmocka_unit_test(test_two_writers),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
