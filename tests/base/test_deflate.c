/* test_deflate.c - packed texts come back; damaged or lying ones do not. */
#include "base/deflate.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TEXT SLICE("A text, a text, and the same text once more: a text, a text.")

static void test_round_trip(void **state)
{
    static char noise[100000];
    const struct slice cases[] = {
        SLICE(""), SLICE("a"), SLICE("\0\0"), TEXT, {noise, 100000}
    };
    struct deflater *d = NULL;
    struct arena arena;
    struct ww_error err = {0};
    uint32_t x = 1;

    WW_UNUSED(state);
    for (size_t i = 0; i < sizeof(noise); i++)
        noise[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
    arena_init(&arena, (size_t)1024 * 1024);
    assert_int_equal(deflater_open(&d, &err), WW_OK);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice packed, text;

        assert_int_equal(deflater_pack(d, cases[i], &arena, &packed, &err), WW_OK);
        if (deflate_unpack(packed, cases[i].len, &arena, &text, &err) != WW_OK ||
            !slice_equal(text, cases[i]))
            fail_msg("case %zu: %s", i, err.message);
        if (cases[i].len > 0)
            assert_int_equal(deflate_unpack(packed, cases[i].len - 1, &arena, &text, &err),
                             WW_INVALID);
    }
    deflater_close(d);
    arena_release(&arena);
}

/* Every cut, and every bit turned, is noticed. */
static void test_damage(void **state)
{
    char bytes[256];
    struct deflater *d = NULL;
    struct arena arena;
    struct slice packed, text;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)64 * 1024 * 1024);
    assert_int_equal(deflater_open(&d, NULL), WW_OK);
    assert_int_equal(deflater_pack(d, TEXT, &arena, &packed, NULL), WW_OK);
    assert_true(packed.len < sizeof(bytes));
    for (size_t len = 1; len < packed.len; len++)
        assert_int_equal(deflate_unpack(slice_head(packed, len), 4096, &arena, &text, NULL),
                         WW_INVALID);
    for (size_t bit = 0; bit < packed.len * 8; bit++) {
        memcpy(bytes, packed.ptr, packed.len);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        if (deflate_unpack(slice_of(bytes, packed.len), 4096, &arena, &text, NULL) == WW_OK &&
            !slice_equal(text, TEXT))
            fail_msg("bit %zu was not noticed", bit);
    }
    deflater_close(d);
    arena_release(&arena);
}

static void test_no_memory(void **state)
{
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (long n = 1; status != WW_OK; n++) {
        struct deflater *d = NULL;
        struct arena arena;
        struct slice packed, text = {"", 0};

        assert_true(n < 100);
        mem_fail_after(n);
        arena_init(&arena, (size_t)1024 * 1024);
        status = deflater_open(&d, NULL);
        if (status == WW_OK)
            status = deflater_pack(d, TEXT, &arena, &packed, NULL);
        if (status == WW_OK)
            status = deflate_unpack(packed, 4096, &arena, &text, NULL);
        assert_true(status == WW_NOMEM || (status == WW_OK && slice_equal(text, TEXT)));
        mem_fail_after(0);
        deflater_close(d);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
