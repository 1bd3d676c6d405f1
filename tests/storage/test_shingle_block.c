/* test_shingle_block.c - blocks and filters against plain arrays, and bytes that are none. */
#include "base/attrs.h"
#include "base/buf.h"
#include "base/hash.h"
#include "storage/shingle_block.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_MAX 3000
#define KEY_MASK (((uint64_t)1 << SHINGLE_KEY_BITS) - 1)

/* n postings, sorted: keys within 2^key_bits of first, every fourth like the one before it. */
static void make(struct posting *p, size_t n, unsigned key_bits, unsigned value_bits)
{
    uint64_t first = (uint64_t)1 << (SHINGLE_KEY_BITS - 1), key = 0;

    for (size_t i = 0; i < n; i++) {
        if (i % 4 != 3)
            key += hash64_mix(i, key_bits) % (((uint64_t)1 << key_bits) / n + 1);
        p[i].key = (first + key) & KEY_MASK;
        p[i].value = (int64_t)(1 + (hash64_mix(i, 9) >> (64 - value_bits)));
    }
}

static void check_find(const struct block *block, const struct posting *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t values[N_MAX];
        size_t n_found, n_expected = 0;

        n_found = block_find(block, p[i].key, values, 0, N_MAX);
        for (size_t k = 0; k < n; k++) {
            bool is_there = false;

            if (p[k].key != p[i].key)
                continue;
            for (size_t v = 0; v < n_found; v++)
                is_there |= values[v] == p[k].value;
            assert_true(is_there);
            n_expected++;
        }
        assert_true(n_found <= n_expected);
        /* A key that is not there, unless it is. */
        if ((i == 0 || p[i - 1].key < p[i].key - 1) && p[i].key > 0)
            assert_int_equal(block_find(block, p[i].key - 1, values, 0, N_MAX), 0);
    }
}

static void test_blocks(void **state)
{
    static const struct {
        size_t n;
        unsigned key_bits, value_bits;
        size_t bytes_max;
    } cases[] = {
        {1,    1,  1,  28   },
        {2,    34, 55, 60   },
        {7,    0,  20, 60   }, /* one key */
        {300,  10, 5,  500  },
        {1800, 26, 20, 8400 }, /* what an archive has: 33 bits a posting */
        {3000, 34, 55, 33000}
    };
    static struct posting p[N_MAX], unpacked[N_MAX];

    WW_UNUSED(state);
    for (size_t c = 0; c < WW_COUNT(cases); c++) {
        struct buf bytes;
        struct block block;
        uint64_t from, below;
        size_t n = cases[c].n, n_within = 0, n_unpacked;

        buf_init(&bytes, 1 << 20);
        make(p, n, cases[c].key_bits, cases[c].value_bits);
        block_pack(p, n, &bytes);
        assert_true(bytes.len <= cases[c].bytes_max);
        assert_true(bytes.len <= block_measure(n, p[n - 1].key - p[0].key, (uint64_t)1 << 55));
        assert_true(block_open(buf_slice(&bytes), p[0].key, &block));
        check_find(&block, p, n);
        assert_int_equal(block_unpack(&block, 0, KEY_MASK + 1, unpacked), n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(unpacked[i].key, p[i].key);
            assert_int_equal(unpacked[i].value, p[i].value);
        }
        from = p[n / 3].key;
        below = p[2 * n / 3].key;
        for (size_t i = 0; i < n; i++)
            n_within += p[i].key >= from && p[i].key < below;
        n_unpacked = block_unpack(&block, from, below, unpacked);
        assert_int_equal(n_unpacked, n_within);
        if (n_within > 0)
            assert_int_equal(unpacked[0].key, from);
        buf_release(&bytes);
    }
}

/* Bytes that were changed or cut are refused, or give something else: never more than is there. */
static void test_damage(void **state)
{
    static struct posting p[N_MAX], unpacked[UINT16_MAX];
    struct buf bytes;
    struct block block;
    char *copy;
    size_t n_refused = 0;

    WW_UNUSED(state);
    buf_init(&bytes, 1 << 20);
    make(p, 500, 20, 12);
    block_pack(p, 500, &bytes);
    for (size_t i = 0; i < 4000; i++) {
        uint64_t draw = hash64_mix(i, 1);
        size_t len = i % 3 == 0 ? draw % (bytes.len + 1) : bytes.len;
        size_t at = i % 2 == 0 ? draw / 7 % 16 : draw / 7 % bytes.len;
        int64_t values[24];

        /* A place of its own, so that a reading behind the end is seen. */
        copy = malloc(len + 1);
        assert_non_null(copy);
        memcpy(copy, bytes.ptr, len);
        if (at < len)
            copy[at] = (char)(draw >> 40);
        if (!block_open(slice_of(copy, len), p[0].key, &block)) {
            n_refused++;
        } else {
            assert_true(block_find(&block, p[i % 500].key, values, 0, 24) <= 24);
            assert_true(block_unpack(&block, 0, KEY_MASK + 1, unpacked) <= block.n_postings);
        }
        free(copy);
    }
    assert_true(n_refused > 1000);
    buf_release(&bytes);
}

static void test_filters(void **state)
{
    static unsigned char bytes[N_MAX * 2];
    size_t len = filter_measure(N_MAX, 12), n_false = 0;

    WW_UNUSED(state);
    assert_int_equal(filter_measure(0, 12), FILTER_BUCKET_BYTES);
    assert_true(len >= N_MAX * 12 / 8 && len <= N_MAX * 12 / 8 + FILTER_BUCKET_BYTES);
    assert_true(len <= sizeof(bytes));
    for (uint64_t i = 0; i < N_MAX; i++)
        filter_add(bytes, len, hash64_mix(i, 3) & KEY_MASK);
    for (uint64_t i = 0; i < N_MAX; i++)
        assert_true(filter_holds(bytes, len, hash64_mix(i, 3) & KEY_MASK));
    for (uint64_t i = 0; i < 100000; i++)
        n_false += filter_holds(bytes, len, hash64_mix(i, 4) & KEY_MASK);
    /* One in two hundred is what the sum of Bloom's rule over buckets gives. */
    assert_true(n_false < 1000);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_filters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
