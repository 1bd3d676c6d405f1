/* test_process.c - what is kept of a program's words: as much as fits. */
#include "alerts/mail/process.h"
#include "base/attrs.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define ROOM 100

/* One chunk is longer than the room: what fits of it is kept, not nothing. */
static void what_fits_is_kept(void **state)
{
    static const struct {
        enum process_voice voice;
        size_t n_bytes;
    } cases[] = {
        {PROCESS_OUTPUT, ROOM},
        {PROCESS_BOTH,   ROOM},
        {PROCESS_ERRORS, 0   }, /* it says nothing there */
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct process_call call = {
            .command = SLICE("seq 1 2000"), .voice = cases[i].voice, .timeout_ms = 10000};
        struct process_end end;
        struct buf output;

        buf_init(&output, ROOM);
        assert_int_equal(process_run(&call, &output, &end, NULL), WW_OK);
        assert_true(end.has_exited);
        assert_int_equal(output.len, cases[i].n_bytes);
        if (output.len > 0)
            assert_true(slice_starts(buf_slice(&output), SLICE("1\n2\n3\n")));
        buf_release(&output);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
