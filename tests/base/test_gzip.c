/* test_gzip.c - members of several pieces, one behind the other, and what damage makes of them. */
#include "base/gzip.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/head.h"
#include "base/inflate.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOISE_BYTES 300000
#define MAX_BYTES ((size_t)4 * 1024 * 1024)

static char noise[NOISE_BYTES];

static void make_noise(void)
{
    uint32_t x = 1;

    for (size_t i = 0; i < NOISE_BYTES; i++)
        noise[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
}

/* Whatever is marked as packed, the text is the pieces in their order; and so twice in a row. */
static void test_pieces(void **state)
{
    const struct gzip_piece cases[][4] = {
        {{SLICE(""), false}                      },
        {                          {SLICE("WARC/1.1\r\n"), false},
         {SLICE("a head"), false},
         {SLICE("a text"), false},
         {SLICE("\r\n\r\n"), false}},
        {                                          {SLICE("a head"), false},                                                                        {{noise, NOISE_BYTES}, true}, {SLICE("\r\n\r\n"), true}},
        { {{noise, NOISE_BYTES}, true},
         {SLICE("a text, a text, a text"), false},
         {{noise, 70000}, true}},
        {                                              {{noise, NOISE_BYTES}, false},                                                                            {SLICE(""), true}, {{noise, 1}, true}},
    };
    struct gzip *g = NULL;
    struct buf whole, packed, text;
    struct arena arena;
    struct slice other;
    size_t used, at = 0;
    bool is_cut;

    WW_UNUSED(state);
    make_noise();
    buf_init(&whole, MAX_BYTES);
    buf_init(&packed, MAX_BYTES);
    buf_init(&text, MAX_BYTES);
    arena_init(&arena, MAX_BYTES * 2);
    assert_int_equal(gzip_open(&g, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        for (size_t k = 0; k < 4; k++)
            buf_add(&whole, cases[i][k].bytes);
        assert_int_equal(gzip_pack(g, cases[i], 4, &packed, NULL), WW_OK);
    }
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        assert_int_equal(
            gzip_unpack(slice_skip(buf_slice(&packed), at), &text, &used, &is_cut, NULL), WW_OK);
        at += used;
    }
    assert_int_equal(at, packed.len);
    assert_true(slice_equal(buf_slice(&whole), buf_slice(&text)));
    /* Noise grew by its frame alone, and a reader of one text sees the same. */
    assert_in_range(packed.len, (size_t)3 * NOISE_BYTES + 70000, (size_t)3 * NOISE_BYTES + 71000);
    assert_int_equal(inflate_all(buf_slice(&packed), MAX_BYTES, &arena, &other, NULL), WW_OK);
    assert_true(slice_equal(buf_slice(&whole), other));
    gzip_close(g);
    buf_release(&whole);
    buf_release(&packed);
    buf_release(&text);
    arena_release(&arena);
}

/* Each cut asks for more, no turned bit makes another text, too much is too big. */
static void test_damage(void **state)
{
    const struct gzip_piece pieces[] = {
        {SLICE("a head, a head"), false},
        {SLICE("packed"),         true }
    };
    struct gzip *g = NULL;
    struct buf packed, text;
    size_t used;
    bool is_cut;

    WW_UNUSED(state);
    buf_init(&packed, MAX_BYTES);
    buf_init(&text, MAX_BYTES);
    assert_int_equal(gzip_open(&g, NULL), WW_OK);
    assert_int_equal(gzip_pack(g, pieces, 2, &packed, NULL), WW_OK);
    for (size_t n = 0; n < packed.len; n++) {
        buf_reset(&text);
        assert_int_equal(
            gzip_unpack(slice_head(buf_slice(&packed), n), &text, &used, &is_cut, NULL),
            WW_INVALID);
        assert_true(is_cut);
    }
    for (size_t bit = 0; bit < packed.len * 8; bit++) {
        enum ww_status status;

        packed.ptr[bit / 8] ^= (char)(1 << bit % 8);
        buf_reset(&text);
        status = gzip_unpack(buf_slice(&packed), &text, &used, &is_cut, NULL);
        /* Some bits say nothing: those that fill up a byte, and what made it. */
        if (status == WW_OK && !slice_equal(buf_slice(&text), SLICE("a head, a headpacked")))
            fail_msg("bit %zu is not noticed", bit);
        packed.ptr[bit / 8] ^= (char)(1 << bit % 8);
    }
    buf_release(&text);
    buf_init(&text, 10);
    assert_int_equal(gzip_unpack(buf_slice(&packed), &text, &used, &is_cut, NULL), WW_TOO_BIG);
    gzip_close(g);
    gzip_close(NULL);
    buf_release(&packed);
    buf_release(&text);
}

static void test_no_memory(void **state)
{
    const struct gzip_piece piece = {SLICE("a text"), false};
    struct gzip *g = NULL;
    struct buf packed;
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (long n = 1; n < 50 && status == WW_NOMEM; n++) {
        buf_init(&packed, MAX_BYTES);
        mem_fail_after(n);
        status = gzip_open(&g, NULL);
        if (status == WW_OK)
            status = gzip_pack(g, &piece, 1, &packed, NULL);
        mem_fail_after(0);
        gzip_close(g);
        g = NULL;
        buf_release(&packed);
    }
    assert_int_equal(status, WW_OK);
}

static void test_heads(void **state)
{
    const struct slice text =
        SLICE("HTTP/1.1 200 OK\r\nName:  a value \r\nname: another\nno colon\r\n\r\nbody: x\r\n");
    struct slice head, body, name, value;
    size_t n = 0;

    WW_UNUSED(state);
    assert_true(head_split(text, &head, &body));
    assert_true(slice_equal(body, SLICE("body: x\r\n")));
    assert_true(slice_equal(head_value(head, "NAME"), SLICE("a value")));
    assert_int_equal(head_value(head, "body").len, 0);
    while (head_next(&head, &name, &value))
        n++;
    assert_int_equal(n, 2);
    assert_false(head_split(SLICE("a: b\r\nc: d"), &head, &body));
    assert_int_equal(head.len, 10);
    assert_int_equal(body.len, 0);
    assert_true(head_split(SLICE("\nbody"), &head, &body));
    assert_int_equal(head.len, 0);
    assert_true(slice_equal(body, SLICE("body")));
    assert_false(head_split(SLICE(""), &head, &body));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_heads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
