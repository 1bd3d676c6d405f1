/*
 * test_memory.c - arena, growing buffer and the allocation hook: limits hold, failures are told
 * once.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void pieces_are_zeroed_and_aligned(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a, 1 << 20);
    for (int round = 0; round < 2; round++) {
        for (size_t size = 1; size < 300; size++) {
            unsigned char *piece = arena_alloc(&a, size);

            assert_non_null(piece);
            assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(piece[i], 0);
            memset(piece, 0xAA, size);
        }
        arena_reset(&a);
    }
    arena_release(&a);
    arena_release(&a);
}

static void what_is_cut_off_is_used_again(void **state)
{
    struct arena a;
    char *piece;

    (void)state;
    arena_init(&a, 1 << 20);
    piece = arena_alloc(&a, 1000);
    memset(piece, 0xAA, 20);
    arena_cut(&a, piece + 20);
    assert_ptr_equal(arena_alloc(&a, 16), piece + 32);
    assert_int_equal(piece[32], 0);
    arena_release(&a);
}

static void arena_keeps_its_limit(void **state)
{
    struct arena a;
    struct ww_error err;

    (void)state;
    arena_init(&a, 200000);
    assert_non_null(arena_alloc(&a, 100000));
    assert_null(arena_alloc(&a, 150000));
    assert_int_equal(arena_check(&a, &err), WW_TOO_BIG);
    assert_non_null(arena_alloc(&a, 10));
    assert_null(arena_array(&a, SIZE_MAX / 2, 4));
    arena_release(&a);
    assert_int_equal(arena_check(&a, &err), WW_OK);
}

static void arena_survives_each_failed_allocation(void **state)
{
    (void)state;
    for (long n = 1; n < 6; n++) {
        struct arena a;
        struct ww_error err;
        bool failed = false;

        arena_init(&a, 1 << 20);
        mem_fail_after(n);
        for (int i = 0; i < 4; i++)
            failed |= arena_alloc(&a, 60000) == NULL;
        mem_fail_after(0);
        /*
         * A block that cannot be had whole is tried again at its real size: one failure is mended.
         */
        assert_int_equal(arena_check(&a, &err) != WW_OK, failed);
        arena_release(&a);
    }
}

static void arena_arrays_grow(void **state)
{
    struct arena a;
    size_t capacity = 0;
    int *items = NULL;

    (void)state;
    arena_init(&a, 1 << 20);
    for (int i = 0; i < 1000; i++) {
        items = arena_grow(&a, items, (size_t)i, &capacity, sizeof(*items));
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    assert_true(slice_equal(arena_printf(&a, "%d-%s", 7, "x"), SLICE("7-x")));
    assert_string_equal(arena_string(&a, SLICE("abc")), "abc");
    arena_release(&a);
}

static void buffer_keeps_its_limit(void **state)
{
    struct buf b;
    struct ww_error err;

    (void)state;
    buf_init(&b, 10);
    buf_add(&b, SLICE("12345"));
    buf_printf(&b, "%d", 678);
    assert_int_equal(buf_finish(&b, &err), WW_OK);
    assert_string_equal(b.ptr, "12345678");
    buf_add(&b, SLICE("abc"));
    buf_add_char(&b, 'x');
    assert_int_equal(buf_finish(&b, &err), WW_TOO_BIG);
    assert_int_equal(b.len, 8);
    buf_reset(&b);
    buf_add(&b, SLICE("0123456789"));
    assert_int_equal(buf_finish(&b, &err), WW_OK);
    buf_truncate(&b, 3);
    assert_string_equal(b.ptr, "012");
    buf_release(&b);
    assert_int_equal(buf_slice(&b).len, 0);
}

static void buffer_writes_utf8(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 100);
    buf_add_code(&b, 'a');
    buf_add_code(&b, 0xE9);
    buf_add_code(&b, 0x5DDE);
    buf_add_code(&b, 0x1F600);
    buf_add_code(&b, 0xD800);
    buf_add_code(&b, 0x110000);
    assert_string_equal(b.ptr, "a\xC3\xA9\xE5\xB7\x9E\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD");
    buf_release(&b);
}

static void buffer_survives_a_failed_allocation(void **state)
{
    struct buf b;
    struct ww_error err;

    (void)state;
    buf_init(&b, 1 << 20);
    mem_fail_after(2);
    for (int i = 0; i < 1000; i++)
        buf_add(&b, SLICE("0123456789"));
    mem_fail_after(0);
    assert_int_equal(buf_finish(&b, &err), WW_NOMEM);
    buf_release(&b);
}

static void sizes_are_multiplied_with_care(void **state)
{
    (void)state;
    assert_null(mem_array(SIZE_MAX / 2, 3));
    assert_null(mem_resize(NULL, SIZE_MAX / 2, 3));
}

static void note_release(void *object)
{
    char *said = object;
    const size_t len = strlen(said);

    said[len] = (char)('a' + len);
}

/* What is deferred happens once, at a reset as at a release, in whatever order they come. */
static void test_deferred(void **state)
{
    struct arena arena;
    char one[8] = "", two[8] = "";

    WW_UNUSED(state);
    arena_init(&arena, 1000);
    assert_true(arena_defer(&arena, note_release, one));
    assert_true(arena_defer(&arena, note_release, two));
    assert_true(arena_defer(&arena, note_release, two));
    arena_reset(&arena);
    assert_string_equal(one, "a");
    assert_string_equal(two, "ab");
    assert_true(arena_defer(&arena, note_release, one));
    arena_release(&arena);
    arena_release(&arena);
    assert_string_equal(one, "ab");
    while (arena_alloc(&arena, 16) != NULL)
        continue;
    assert_false(arena_defer(&arena, note_release, one));
    arena_release(&arena);
    assert_string_equal(one, "ab");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_and_aligned),
        cmocka_unit_test(what_is_cut_off_is_used_again),
        cmocka_unit_test(arena_keeps_its_limit),
        cmocka_unit_test(arena_survives_each_failed_allocation),
        cmocka_unit_test(arena_arrays_grow),
        cmocka_unit_test(buffer_keeps_its_limit),
        cmocka_unit_test(buffer_writes_utf8),
        cmocka_unit_test(buffer_survives_a_failed_allocation),
        cmocka_unit_test(sizes_are_multiplied_with_care),
        cmocka_unit_test(test_deferred),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
