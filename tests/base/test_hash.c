/* test_hash.c - known answers: what is stored today must be found again by every later version. */
#include "base/attrs.h"
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void hashes_are_those_of_the_standards(void **state)
{
    static const struct {
        const char *text, *sha256;
        uint64_t xxh3;
    } cases[] = {
  /* FIPS 180-4 and its examples; XXH3 from the reference implementation. */
        {"",    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         UINT64_C(0x2D06800538D394C2)},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
         UINT64_C(0x78AF5F94892F3950)},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice text = slice_from(cases[i].text);
        unsigned char digest[SHA256_BYTES];
        char hex[2 * SHA256_BYTES + 1];

        hash_sha256(text, digest);
        hash_hex(digest, sizeof(digest), hex);
        if (strcmp(hex, cases[i].sha256) != 0)
            fail_msg("'%s': sha256 %s", cases[i].text, hex);
        if (hash64(text) != cases[i].xxh3)
            fail_msg("'%s': xxh3 %llx", cases[i].text, (unsigned long long)hash64(text));
    }
}

static void empty_slices_are_equal(void **state)
{
    WW_UNUSED(state);
    assert_true(hash64((struct slice){NULL, 0}) == hash64(SLICE("")));
    assert_true(hash64_seeded((struct slice){NULL, 0}, 7) == hash64_seeded(SLICE(""), 7));
}

static void seeds_and_order_count(void **state)
{
    WW_UNUSED(state);
    assert_true(hash64_seeded(SLICE("abc"), 0) == hash64(SLICE("abc")));
    assert_true(hash64_seeded(SLICE("abc"), 1) != hash64(SLICE("abc")));
    assert_true(hash64_mix(1, 2) != hash64_mix(2, 1));
    /* One bit of the input changes about half of the output. */
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t changed = hash64_mix(0, 42) ^ hash64_mix(0, 42 ^ (UINT64_C(1) << bit));
        unsigned n = 0;

        for (; changed != 0; changed &= changed - 1)
            n++;
        if (n < 12 || n > 52)
            fail_msg("bit %u changes %u bits", bit, n);
    }
}

static void hex_is_lower_case_and_ends(void **state)
{
    const unsigned char bytes[] = {0x00, 0x0F, 0xA5, 0xFF};
    char out[16];

    WW_UNUSED(state);
    memset(out, 'x', sizeof(out));
    hash_hex(bytes, sizeof(bytes), out);
    assert_string_equal(out, "000fa5ff");
    hash_hex(bytes, 0, out);
    assert_string_equal(out, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_the_standards),
        cmocka_unit_test(empty_slices_are_equal),
        cmocka_unit_test(seeds_and_order_count),
        cmocka_unit_test(hex_is_lower_case_and_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
