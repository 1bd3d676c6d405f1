/* test_nearest.c - what is offered for a mistyped name, and what is not. */
#include "base/attrs.h"
#include "base/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void names_near_are_offered(void **state)
{
    static const char *const names[] = {"backfill", "digest", "feed",
                                        "fetch",    "outbox", "password-command"};
    static const struct {
        const char *word, *best;
    } cases[] = {
        {"feed",            "feed"            },
        {"FEED",            "feed"            },
        {"fede",            "feed"            }, /* a swap is one mistake */
        {"feeds",           "feed"            }, /* one too many */
        {"fech",            "fetch"           }, /* one too few */
        {"digezt",          "digest"          },
        {"backfil",         "backfill"        },
        {"passwrod-comand", "password-command"},
        {"x",               NULL              },
        {"",                NULL              },
        {"watch",           "fetch"           }, /* two mistakes in five letters: the most that is taken for one word */
        {"zebra",           NULL              },
        {"alert",           NULL              },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct nearest n;

        nearest_init(&n, slice_from(cases[i].word));
        for (size_t k = 0; k < WW_COUNT(names); k++)
            nearest_try(&n, names[k]);
        if (n.best == NULL ? cases[i].best != NULL
                           : cases[i].best == NULL || strcmp(n.best, cases[i].best) != 0)
            fail_msg("'%s': '%s'", cases[i].word, n.best != NULL ? n.best : "nothing");
    }
}

static void long_words_are_near_nothing(void **state)
{
    char word[300];
    struct nearest n;

    WW_UNUSED(state);
    memset(word, 'f', sizeof(word));
    nearest_init(&n, slice_of(word, sizeof(word)));
    nearest_try(&n, "feed");
    assert_null(n.best);
    word[sizeof(word) - 1] = '\0';
    nearest_init(&n, SLICE("feed"));
    nearest_try(&n, word);
    assert_null(n.best);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_near_are_offered),
        cmocka_unit_test(long_words_are_near_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
