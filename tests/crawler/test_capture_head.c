/* What a page's own server said, out of the answer of an archive. */
#include "crawler/capture_head.h"

#include "base/arena.h"
#include "base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_heads(void **state)
{
    static const char wayback[] = "HTTP/2 200 \r\nserver: nginx\r\nx-archive-orig-server: x\r\n"
                                  "X-Archive-Orig-Date: today\r\nmemento-datetime: now\r\n\r\n";
    static const struct {
        const char *head, *expected;
    } cases[] = {
        {wayback,                                    "HTTP/1.1 200 OK\r\nserver: x\r\nDate: today\r\n"},
        {"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n", ""                                               },
        {"",                                         ""                                               },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct slice head = capture_head(slice_from(cases[i].head), &arena);

        if (!slice_equal(head, slice_from(cases[i].expected)))
            fail_msg("case %zu: %.*s", i, SLICE_ARG(head));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_heads)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
