/* test_file.c - files of any size up to the limit; what cannot be read is told by name. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/file.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LIMIT 40000

static char path[] = "/tmp/wirewatch-file-XXXXXX";

static int make_file(void **state)
{
    int fd = mkstemp(path);

    WW_UNUSED(state);
    return fd >= 0 ? close(fd) : -1;
}

static int remove_file(void **state)
{
    WW_UNUSED(state);
    return unlink(path);
}

static void fill_file(size_t n)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    for (size_t i = 0; i < n; i++)
        assert_true(fputc((int)(i % 251), file) != EOF);
    assert_int_equal(fclose(file), 0);
}

static void all_bytes_up_to_the_limit(void **state)
{
    static const struct {
        size_t n;
        enum ww_status status;
    } cases[] = {
        {0,         WW_OK     },
        {1,         WW_OK     },
        {16384,     WW_OK     },
        {LIMIT - 1, WW_OK     },
        {LIMIT,     WW_OK     },
        {LIMIT + 1, WW_TOO_BIG}
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice bytes = {NULL, 1};
        struct arena arena;
        struct ww_error err = {0};

        fill_file(cases[i].n);
        arena_init(&arena, 1 << 20);
        if (file_read_input(path, LIMIT, &arena, &bytes, &err) != cases[i].status)
            fail_msg("%zu bytes: %s", cases[i].n, err.message);
        if (cases[i].status == WW_OK) {
            assert_int_equal(bytes.len, cases[i].n);
            for (size_t k = 0; k < bytes.len; k++)
                assert_int_equal((unsigned char)bytes.ptr[k], k % 251);
        } else {
            assert_non_null(strstr(err.message, path));
        }
        arena_release(&arena);
    }
}

static void files_are_appended(void **state)
{
    struct buf out;

    WW_UNUSED(state);
    fill_file(3);
    buf_init(&out, LIMIT);
    buf_add_string(&out, "x");
    assert_int_equal(file_read(path, &out, NULL), WW_OK);
    assert_int_equal(file_read(path, &out, NULL), WW_OK);
    assert_int_equal(out.len, 7);
    assert_memory_equal(out.ptr, "x\0\1\2\0\1\2", 7);
    buf_release(&out);
}

static void what_cannot_be_read_is_told(void **state)
{
    static const struct {
        const char *path;
        enum ww_status status;
    } cases[] = {
        {"/nowhere/at-all", WW_NOT_FOUND},
        {"",                WW_NOT_FOUND},
        {"/tmp",            WW_INVALID  }
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct ww_error err = {0};
        struct buf out;

        buf_init(&out, LIMIT);
        if (file_read(cases[i].path, &out, &err) != cases[i].status)
            fail_msg("'%s': %s", cases[i].path, err.message);
        assert_memory_equal(err.message, cases[i].path, strlen(cases[i].path));
        buf_release(&out);
    }
}

/* Whole or not at all; an equal one is left as it is; everybody may read it. */
static void a_file_is_replaced_at_once(void **state)
{
    struct ww_error err = {0};
    struct stat before, after;
    struct buf out;
    bool is_changed = false;

    WW_UNUSED(state);
    assert_int_equal(file_replace(path, SLICE("first"), &is_changed, &err), WW_OK);
    assert_true(is_changed);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(before.st_mode & 0777, 0644);
    assert_int_equal(file_replace(path, SLICE("first"), &is_changed, &err), WW_OK);
    assert_false(is_changed);
    assert_int_equal(stat(path, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    assert_int_equal(file_replace(path, SLICE("firs"), &is_changed, &err), WW_OK);
    assert_true(is_changed);
    buf_init(&out, LIMIT);
    assert_int_equal(file_read(path, &out, &err), WW_OK);
    assert_string_equal(out.ptr, "firs");
    buf_release(&out);
    assert_int_equal(file_replace("/none/such", SLICE("x"), &is_changed, &err), WW_STORE);
    assert_false(is_changed);
    assert_non_null(strstr(err.message, "/none/such"));
    assert_int_equal(file_replace("/tmp", SLICE("x"), &is_changed, &err), WW_STORE);
    assert_int_not_equal(access("/tmp.part", F_OK), 0);
}

static void each_failed_allocation_is_told(void **state)
{
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    fill_file(LIMIT);
    for (long n = 1; status != WW_OK; n++) {
        struct slice bytes;
        struct arena arena;

        assert_true(n < 100);
        arena_init(&arena, 1 << 20);
        mem_fail_after(n);
        status = file_read_input(path, LIMIT, &arena, &bytes, NULL);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_bytes_up_to_the_limit),
        cmocka_unit_test(files_are_appended),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(a_file_is_replaced_at_once),
        cmocka_unit_test(each_failed_allocation_is_told),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
