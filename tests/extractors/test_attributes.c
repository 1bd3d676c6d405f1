/* test_attributes.c - attributes of a tag, and what is borrowed and what is made anew. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "extractors/attributes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void attributes_are_those_of_the_standard(void **state)
{
    static const struct {
        const char *text, *read;
    } cases[] = {
        {"",                       ""                       },
        {" / ",                    ""                       },
        {" a b",                   "[a=][b=]"               },
        {" a=b/c d",               "[a=b/c][d=]"            },
        {" Data-X = \"1 2\"e='f'", "[data-x=1 2][e=f]"      },
        {" a=1 b=2 A=3",           "[a=1][b=2]"             },
        {" a=&amp;&copy=1&lt;",    "[a=&&copy=1<]"          },
        {" =x \"y z=",             "[=x=][\"y=][z=]"        },
        {" a='x\r\ny\rz'",         "[a=x\ny\nz]"            },
        {" \xC3\x89=\x01",         "[\xC3\x89=\xEF\xBF\xBD]"},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct dom_attribute room[HTML_ATTRIBUTES_MAX];
        const struct dom_attribute *list;
        struct arena arena;
        struct buf out;
        size_t n;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        buf_init(&out, 4096);
        n = attributes_read(slice_from(cases[i].text), room, &arena, &list);
        for (size_t k = 0; k < n; k++)
            buf_printf(&out, "[%.*s=%.*s]", SLICE_ARG(list[k].name), SLICE_ARG(list[k].value));
        if (!slice_equal(buf_slice(&out), slice_from(cases[i].read)))
            fail_msg("%s: %.*s", cases[i].text, SLICE_ARG(buf_slice(&out)));
        buf_release(&out);
        arena_release(&arena);
    }
}

static void what_needs_no_change_is_borrowed(void **state)
{
    const struct slice plain = SLICE("caf\xC3\xA9 \xC2\xA0 \xEF\xBC\x8C \xF0\x9F\x98\x80");
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_ptr_equal(attributes_decode(plain, false, &arena).ptr, plain.ptr);
    assert_int_equal(arena.used_bytes, 0);
    assert_true(slice_equal(attributes_decode(SLICE("a &amp;\r\n&bogus; \x7F"), false, &arena),
                            SLICE("a &\n&bogus; \xEF\xBF\xBD")));
    arena_release(&arena);
}

static void more_than_the_limit_is_left_out(void **state)
{
    static struct dom_attribute room[HTML_ATTRIBUTES_MAX];
    const struct dom_attribute *list;
    struct arena arena;
    struct buf text;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&text, BODY_INFLATED_MAX_BYTES);
    for (unsigned i = 0; i < HTML_ATTRIBUTES_MAX + 5; i++)
        buf_printf(&text, " a%u=%u", i, i);
    assert_int_equal(attributes_read(buf_slice(&text), room, &arena, &list), HTML_ATTRIBUTES_MAX);
    buf_release(&text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_are_those_of_the_standard),
        cmocka_unit_test(what_needs_no_change_is_borrowed),
        cmocka_unit_test(more_than_the_limit_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
