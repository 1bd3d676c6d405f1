/* test_language_tag.c - tags as people and feeds write them, and what is none. */
#include "base/language_tag.h"

#include "base/arena.h"
#include "base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void tags_and_others(void **state)
{
    static const char *const cases[][2] = {
        {"en",                                   "en"        },
        {" EN_gb ",                              "en-GB"     },
        {"zh-hANT-tw",                           "zh-Hant-TW"},
        {"es-419",                               "es-419"    },
        {"de-CH-1996",                           "de-CH-1996"},
        {"",                                     ""          },
        {"english",                              NULL        },
        {"en-",                                  NULL        },
        {"-en",                                  NULL        },
        {"en--GB",                               NULL        },
        {"en GB",                                NULL        },
        {"d\u00e9",                              NULL        },
        {"en-abcdefghi",                         NULL        },
        {"en-GB-aaaaaaaa-bbbbbbbb-cccccccc-ddd", NULL        },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct slice tag;
        bool is_tag;

        arena_init(&arena, 4096);
        is_tag = language_tag_read(slice_from(cases[i][0]), &arena, &tag);
        if (is_tag != (cases[i][1] != NULL) ||
            (is_tag && !slice_equal(tag, slice_from(cases[i][1]))))
            fail_msg("\"%s\": %d, %.*s", cases[i][0], is_tag, SLICE_ARG(tag));
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tags_and_others)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
