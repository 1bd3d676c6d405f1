/*
 * test_record.c - messages between processes: what is written is read, what is damaged is refused.
 */
#include "base/record.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void write_sample(struct buf *b)
{
    buf_init(b, 1000);
    record_put_number(b, -5);
    record_put_number(b, 2);
    record_put_text(b, SLICE("first"));
    record_put_text(b, SLICE(""));
}

static void what_is_written_is_read(void **state)
{
    struct buf b;
    struct record r;

    (void)state;
    write_sample(&b);
    r = record_open(buf_slice(&b));
    assert_int_equal(record_number(&r), -5);
    assert_int_equal(record_count(&r, 10), 2);
    assert_true(slice_equal(record_text(&r), SLICE("first")));
    assert_int_equal(record_text(&r).len, 0);
    assert_false(record_failed(&r));
    buf_release(&b);
}

static void every_cut_is_noticed(void **state)
{
    struct buf b;

    (void)state;
    write_sample(&b);
    for (size_t len = 0; len < b.len; len++) {
        struct record r = record_open(slice_head(buf_slice(&b), len));

        (void)record_number(&r);
        (void)record_count(&r, 10);
        (void)record_text(&r);
        (void)record_text(&r);
        assert_true(record_failed(&r));
    }
    buf_release(&b);
}

static void lies_are_refused(void **state)
{
    struct buf b;
    struct record r;

    (void)state;
    buf_init(&b, 1000);
    record_put_number(&b, INT64_MAX);
    r = record_open(buf_slice(&b));
    assert_int_equal(record_text(&r).len, 0);
    assert_true(record_failed(&r));
    r = record_open(buf_slice(&b));
    assert_int_equal(record_count(&r, SIZE_MAX), 0);
    assert_true(record_failed(&r));
    r = record_open(buf_slice(&b));
    assert_int_equal(record_number_in(&r, 1, 3), 1);
    assert_true(record_failed(&r));
    buf_reset(&b);
    record_put_text(&b, SLICE("\xFF\xFE"));
    r = record_open(buf_slice(&b));
    assert_int_equal(record_text(&r).len, 0);
    assert_true(record_failed(&r));
    r = record_open(buf_slice(&b));
    assert_int_equal(record_bytes(&r).len, 2);
    assert_false(record_failed(&r));
    record_put_number(&b, 1);
    r = record_open(buf_slice(&b));
    (void)record_bytes(&r);
    assert_true(record_failed(&r)); /* bytes left over */
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(lies_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
