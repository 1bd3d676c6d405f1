/* test_tags.c - tags between whatever people put there. */
#include "alerts/tags.h"

#include "base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void each_is_one(void **state)
{
    static const char *const want[] = {"coast", "light", "old", "north", "x"};
    struct slice tags = SLICE(" coast,light ; old|north\tx, ");
    struct slice tag;
    size_t n = 0;

    (void)state;
    while (tags_next(&tags, &tag)) {
        assert_true(n < WW_COUNT(want) && slice_equal(tag, slice_from(want[n])));
        n++;
    }
    assert_int_equal(n, WW_COUNT(want));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
