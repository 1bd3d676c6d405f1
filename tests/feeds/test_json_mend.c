/* test_json_mend.c - JSON that is nearly right, and what becomes of it. */
#include "feeds/json_mend.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_mended(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"right",               "{\"a\": [1, true, \"b\\n\\u00e9\"]}", "{\"a\":[1,true,\"b\\n\\u00e9\"]}"},
        {"commas",              "{\"a\":[1,,2,],,}",                   "{\"a\":[1,2]}"                   },
        {"something behind it", "{\"a\":1}} <!-- x -->",               "{\"a\":1}"                       },
        {"controls in a text",  "{\"a\":\"b\n\tc\x01\"}",              "{\"a\":\"b\\n\\tc\"}"            },
        {"quotes in a text",    "{\"a\":\"b \"c\" d\"}",               "{\"a\":\"b \\\"c\\\" d\"}"       },
        {"unknown escapes",     "{\"a\":\"b\\'c\\x\"}",                "{\"a\":\"b'cx\"}"                },
        {"a whole pair",        "[\"\\ud83d\\ude00\"]",                "[\"\\ud83d\\ude00\"]"            },
        {"half a pair",         "[\"\\ud83d b\\ude00\"]",              "[\"\\ufffd b\\ufffd\"]"          },
        {"words of JavaScript", "{\"a\":undefined,\"b\":NaN}",         "{\"a\":null,\"b\":null}"         },
        {"cut in a text",       "{\"a\":[{\"b\":\"c d",                "{\"a\":[{\"b\":\"c d\"}]}"       },
        {"cut in a name",       "{\"a\":1,\"b",                        "{\"a\":1}"                       },
        {"cut behind a name",   "{\"a\":1,\"b\":",                     "{\"a\":1}"                       },
        {"cut in a number",     "{\"a\":1,\"b\":12",                   "{\"a\":1}"                       },
        {"a bracket too many",  "{\"a\":[1]],\"b\":2}",                "{\"a\":[1],\"b\":2}"             },
        {"a bracket too few",   "{\"a\":[1,2}",                        "{\"a\":[1,2]}"                   },
        {"a comma too few",     "{\"a\":1 \"b\":2}",                   "{\"a\":1,\"b\":2}"               },
        {"nothing in it",       "{version}",                           "{}"                              },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct slice got;

        arena_init(&arena, 65536);
        got = json_mend(slice_from(cases[i].text), &arena);
        if (!slice_equal(got, slice_from(cases[i].want)))
            fail_msg("%s: %.*s", cases[i].name, SLICE_ARG(got));
        arena_release(&arena);
    }
}

static void test_deep(void **state)
{
    char text[JSON_DEPTH_MAX * 2];
    struct arena arena;
    struct slice got;

    WW_UNUSED(state);
    memset(text, '[', sizeof(text));
    arena_init(&arena, 65536);
    got = json_mend(slice_of(text, sizeof(text)), &arena);
    assert_ptr_equal(got.ptr, text);
    got = json_mend(slice_of(text, JSON_DEPTH_MAX), &arena);
    assert_int_equal(got.len, JSON_DEPTH_MAX * 2);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mended), cmocka_unit_test(test_deep)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
