/* test_digest.c - known answers: others will check them. */
#include "base/attrs.h"
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void sha1_and_base32_are_those_of_the_field(void **state)
{
    const struct slice pieces[] = {
        SLICE("a"), {NULL, 0},
         SLICE("bc")
    };
    unsigned char digest[SHA1_BYTES];
    char text[SHA1_TEXT_BYTES], hex[2 * SHA1_BYTES + 1];

    WW_UNUSED(state);
    hash_sha1(pieces, WW_COUNT(pieces), digest);
    hash_hex(digest, sizeof(digest), hex);
    assert_string_equal(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
    hash_base32(digest, sizeof(digest), text);
    assert_string_equal(text, "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
    hash_sha1(NULL, 0, digest); /* the digest that every CDX has of an empty page */
    hash_base32(digest, sizeof(digest), text);
    assert_string_equal(text, "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
    hash_base32((const unsigned char *)"foob", 4, text); /* RFC 4648, 10 */
    assert_string_equal(text, "MZXW6YQ");
}

static void bytes_that_pass_make_the_same_digest(void **state)
{
    struct hasher *h = hasher_open();
    unsigned char whole[SHA256_BYTES], parts[SHA256_BYTES];

    WW_UNUSED(state);
    assert_non_null(h);
    hasher_add(h, SLICE("a"));
    hasher_add(h, SLICE(""));
    hasher_add(h, SLICE("bc"));
    hasher_finish(h, parts);
    hasher_close(h);
    hasher_close(NULL);
    hash_sha256(SLICE("abc"), whole);
    assert_memory_equal(whole, parts, SHA256_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha1_and_base32_are_those_of_the_field),
        cmocka_unit_test(bytes_that_pass_make_the_same_digest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
