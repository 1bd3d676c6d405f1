/* test_inflate.c - the three formats, in one piece and byte by byte; cuts, lies and bombs. */
#include "base/inflate.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

enum { RAW = -MAX_WBITS, ZLIB = MAX_WBITS, GZIP = 16 + MAX_WBITS };

/* Packs n bytes into memory of the caller's; level 9. */
static size_t pack(int format, const char *text, size_t n, unsigned char *out, size_t room)
{
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (const unsigned char *)text;
    z.avail_in = (unsigned)n;
    z.next_out = out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    (void)deflateEnd(&z);
    return room - z.avail_out;
}

static const char text[] = "A text that is packed, a text that is unpacked, a text like any other.";

static enum ww_status unpack(const unsigned char *packed, size_t n, size_t step, size_t max,
                             struct buf *out)
{
    struct inflate *f = NULL;
    enum ww_status status = inflate_open(max, &f, NULL);

    for (size_t at = 0; status == WW_OK && at < n; at += step)
        status = inflate_feed(f, slice_of(packed + at, n - at < step ? n - at : step), out, NULL);
    if (status == WW_OK)
        status = inflate_finish(f, NULL);
    inflate_close(f);
    return status;
}

static void test_formats(void **state)
{
    static const int formats[] = {RAW, ZLIB, GZIP};
    unsigned char packed[512];

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(formats); i++)
        for (size_t step = 1; step < 200; step += 33) {
            size_t n = pack(formats[i], text, sizeof(text), packed, sizeof(packed));
            struct buf out;

            buf_init(&out, 4096);
            assert_int_equal(unpack(packed, n, step, 4096, &out), WW_OK);
            assert_int_equal(out.len, sizeof(text));
            assert_memory_equal(out.ptr, text, sizeof(text));
            /* Any cut is an error, never a shorter success. */
            for (size_t cut = 0; cut < n; cut++) {
                buf_reset(&out);
                assert_int_equal(unpack(packed, cut, step, 4096, &out), WW_INVALID);
            }
            buf_release(&out);
        }
}

static void test_members_and_tails(void **state)
{
    static const struct {
        const char *name, *tail;
        size_t copies, tail_bytes;
        enum ww_status want;
    } cases[] = {
        {"one member",         "",             1, 0, WW_OK     },
        {"three members",      "",             3, 0, WW_OK     },
        {"garbage behind it",  "<!-- x -->",   2, 9, WW_OK     },
        {"zeros behind it",    "\0\0\0\0",     1, 4, WW_OK     },
        {"half a magic",       "\x1f",         1, 1, WW_OK     },
        {"a member that lies", "\x1f\x8b\x08", 1, 3, WW_INVALID},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        for (size_t step = 1; step < 500; step += 249) {
            unsigned char packed[1024];
            size_t n = 0;
            struct buf out;

            for (size_t k = 0; k < cases[i].copies; k++)
                n += pack(GZIP, text, sizeof(text), packed + n, sizeof(packed) - n);
            memcpy(packed + n, cases[i].tail, cases[i].tail_bytes);
            n += cases[i].tail_bytes;
            buf_init(&out, 4096);
            if (unpack(packed, n, step, 4096, &out) != cases[i].want)
                fail_msg("%s, step %zu", cases[i].name, step);
            if (cases[i].want == WW_OK)
                assert_int_equal(out.len, cases[i].copies * sizeof(text));
            buf_release(&out);
        }
}

static void test_checksum(void **state)
{
    unsigned char packed[512];
    size_t n = pack(GZIP, text, sizeof(text), packed, sizeof(packed));
    struct buf out;

    WW_UNUSED(state);
    packed[n - 6] ^= 1;
    buf_init(&out, 4096);
    assert_int_equal(unpack(packed, n, n, 4096, &out), WW_INVALID);
    buf_release(&out);
}

static void test_bombs(void **state)
{
    const size_t big = (size_t)8 * 1024 * 1024;
    char *zeros = test_calloc(big, 1);
    unsigned char *packed = test_malloc(65536);
    size_t n = pack(GZIP, zeros, big, packed, 65536);
    struct buf out;

    WW_UNUSED(state);
    buf_init(&out, BODY_INFLATED_MAX_BYTES);
    /* 1 : 1000, stopped soon after the first MiB. */
    assert_int_equal(unpack(packed, n, 1000, BODY_INFLATED_MAX_BYTES, &out), WW_TOO_BIG);
    assert_true(out.len < 2 * BODY_RATIO_FROM_BYTES);
    buf_reset(&out);
    assert_int_equal(unpack(packed, n, n, 100000, &out), WW_TOO_BIG);
    assert_true(out.len < 200000);
    buf_release(&out);
    test_free(packed);
    test_free(zeros);
}

static void test_no_memory(void **state)
{
    unsigned char packed[512];
    size_t n = pack(GZIP, text, sizeof(text), packed, sizeof(packed));
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (long fail = 1; status != WW_OK && fail < 100; fail++) {
        struct arena arena;
        struct slice out;

        arena_init(&arena, 65536);
        mem_fail_after(fail);
        status = inflate_all(slice_of(packed, n), 4096, &arena, &out, NULL);
        mem_fail_after(0);
        if (status == WW_OK)
            assert_int_equal(out.len, sizeof(text));
        else
            assert_int_equal(status, WW_NOMEM);
        arena_release(&arena);
    }
    assert_int_equal(status, WW_OK);
}

/* Member by member, into room of any size; a damaged one is left, and the next one read. */
static void test_steps(void **state)
{
    unsigned char packed[1024];
    const size_t n = pack(GZIP, text, sizeof(text), packed, sizeof(packed));

    WW_UNUSED(state);
    memcpy(packed + n, packed, n);
    for (size_t room_bytes = 1; room_bytes < 200; room_bytes += 99)
        for (int damaged = 0; damaged < 2; damaged++) {
            struct slice left = slice_of(packed, 2 * n);
            struct inflate *f = NULL;
            size_t got = 0, ends = 0;
            enum ww_status status = WW_OK;

            packed[n - 5] ^= damaged ? 1 : 0; /* of the checksum */
            assert_int_equal(inflate_open(SIZE_MAX, &f, NULL), WW_OK);
            while (left.len > 0) {
                char room[200];
                size_t made;
                bool has_ended;

                status = inflate_step(f, &left, room, room_bytes, &made, &has_ended, NULL);
                got += made;
                ends += has_ended;
                if (status == WW_OK)
                    continue;
                assert_int_equal(status, WW_INVALID);
                inflate_restart(f);
                left = slice_of(packed + n, n);
            }
            assert_int_equal(got, 2 * sizeof(text));
            assert_int_equal(ends, damaged ? 1 : 2);
            inflate_close(f);
            packed[n - 5] ^= damaged ? 1 : 0;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),   cmocka_unit_test(test_members_and_tails),
        cmocka_unit_test(test_checksum),  cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_no_memory), cmocka_unit_test(test_steps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
