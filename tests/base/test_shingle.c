/* test_shingle.c - shingles follow Broder's definition, sets are sorted and without repeats. */
#include "base/arena.h"
#include "base/shingle.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
    const char *a, *b;
    size_t n_a, n_b, n_shared;
} cases[] = {
    {"",                                                             "",                           0, 0, 0},
    {"one two three four",                                           "one two three four",         0, 0, 0},
    {"one two three four five",                                      "One, two; three-four FIVE!", 1, 1, 1},
    {"one two three four five",                                      "two one three four five",    1, 1, 0},
    {"a b c d e f g",                                                "x b c d e f g y",            3, 4, 2},
    {"a b c d e a b c d e a b c d e",                                "a b c d e",                  5, 1, 1},
    {"\xE4\xB8\xAD\xE5\x9C\x8B\xE4\xBA\xBA\xE6\xB0\x91\xE9\x8A\x80",
     "\xE4\xB8\xAD\xE5\x9B\xBD\xE4\xBA\xBA\xE6\xB0\x91\xE9\x93\xB6",                               1, 1, 1},
};

static struct shingle_set set_of(const char *text, struct arena *arena)
{
    struct token_list tokens;
    struct shingle_set set;

    assert_int_equal(token_scan(slice_from(text), arena, &tokens, NULL), WW_OK);
    assert_int_equal(shingle_make(&tokens, arena, &set, NULL), WW_OK);
    return set;
}

static void test_sets(void **state)
{
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct shingle_set a = set_of(cases[i].a, &arena), b = set_of(cases[i].b, &arena);

        if (a.n_hashes != cases[i].n_a || b.n_hashes != cases[i].n_b ||
            shingle_shared(&a, &b) != cases[i].n_shared ||
            shingle_shared(&b, &a) != cases[i].n_shared)
            fail_msg("\"%s\" and \"%s\": %zu, %zu, shared %zu", cases[i].a, cases[i].b, a.n_hashes,
                     b.n_hashes, shingle_shared(&a, &b));
    }
    arena_release(&arena);
}

/* Both ways of sorting: below and above the size at which the second takes over. */
static void test_sorting(void **state)
{
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    for (size_t n = 0; n < 400; n += 7) {
        uint64_t hashes[400], x = n + 1;
        struct shingle_set set;

        for (size_t i = 0; i < n; i++) {
            x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
            hashes[i] = i % 5 == 4 ? hashes[i - 1] : x;
        }
        assert_int_equal(shingle_sort(hashes, n, &arena, &set, NULL), WW_OK);
        assert_int_equal(set.n_hashes, n - n / 5);
        for (size_t i = 1; i < set.n_hashes; i++)
            assert_true(set.hashes[i - 1] < set.hashes[i]);
    }
    arena_release(&arena);
}

/* The samples are a twelfth, and the stored hashes are those of this version. */
static void test_stable(void **state)
{
    struct arena arena;
    struct shingle_set set;
    size_t n = 0, n_short = 0;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    for (uint64_t h = 0; h < 12000; h++) {
        uint64_t hash = h * UINT64_C(0x9E3779B97F4A7C15);
        bool is_sampled = shingle_is_sampled(hash, SHINGLE_SHORT);
        bool is_sampled_short = shingle_is_sampled(hash, SHINGLE_SHORT - 1);

        assert_true(is_sampled_short || !is_sampled);
        n += is_sampled;
        n_short += is_sampled_short;
    }
    assert_in_range(n, 900, 1100);
    assert_in_range(n_short, 3800, 4200);
    set = set_of("the same five words everywhere", &arena);
    /* An index on disk holds this number: when it changes, raise SHINGLE_VERSION. */
    assert_int_equal(SHINGLE_VERSION, 1);
    if (set.hashes[0] != UINT64_C(0x35EC129CD451CE9C))
        fail_msg("0x%016llX", (unsigned long long)set.hashes[0]);
    arena_release(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_sorting),
        cmocka_unit_test(test_stable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
