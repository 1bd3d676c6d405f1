/* test_matcher.c - names in tokens: stems, gaps, capitals, separators, scripts without spaces. */
#include "alerts/matcher.h"

#include "alerts/watchlist.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)

static size_t count(const char *name, bool is_case_sensitive, const char *text, struct slice *quote)
{
    struct watch_name names[] = {
        {.text = slice_from(name), .is_case_sensitive = is_case_sensitive}
    };
    struct arena arena;
    struct matcher *m;
    struct match_text cut;
    struct match_list list;

    arena_init(&arena, ARENA_MAX);
    assert_int_equal(matcher_build(names, 1, &arena, &m, NULL), WW_OK);
    assert_int_equal(match_text_cut(slice_from(text), &arena, &cut, NULL), WW_OK);
    assert_int_equal(matcher_find(m, &cut, &arena, &list, NULL), WW_OK);
    *quote = (struct slice){"", 0};
    if (list.n_rows > 0) {
        uint32_t start = cut.tokens.tokens[list.rows[0].first].start;

        *quote =
            slice_sub(slice_from(text), start, cut.tokens.tokens[list.rows[0].last].end - start);
    }
    arena_release(&arena);
    return list.n_rows;
}

static void test_names(void **state)
{
    static const struct {
        const char *name, *text, *want; /* NULL: no match */
    } cases[] = {
        {"Old Mill",         "the old mill.",               "old mill"               },
        {"Old Mill",         "the Old\nMill",               "Old\nMill"              },
        {"Old Mill",         "the old, mill",               NULL                     },
        {"Old Mill",         "so old. Mill",                NULL                     },
        {"Old Mill",         "old\n\nMill",                 NULL                     },
        {"Old Mill",         "old water mill",              NULL                     },
        {"Mill, B.C.",       "at Mill, B.C. today",         "Mill, B.C"              },
        {"Nan-t'ung",        "in Nan-t’ung now",          "Nan-t’ung"            },
        {"gate~",            "two gateways",                "gateways"               },
        {"gate~",            "a gat",                       NULL                     },
        {"čínsk~ stanic~", "Čínské stanice",           "Čínské stanice"      },
        {"dam * closed",     "the dam closed",              "dam closed"             },
        {"dam * closed",     "dam in the north closed",     "dam in the north closed"},
        {"dam * closed",     "dam in the far north closed", NULL                     },
        {"dam * closed",     "dam. It closed",              NULL                     },
        {"福州",           "位于福州的",             "福州"                 },
        {"福州",           "福\n州",                    "福\n州"               },
        {"溫州",           "在温州市",                "温州"                 },
        {"海外110",        "海外１１０站",          "海外１１０"        },
        {"MPS",              "London MPs want it shut",     NULL                     },
        {"MPS",              "an MPS office",               "MPS"                    },
        {"MILLS",            "the mills",                   "mills"                  },
        {"公安~",          "公安局",                   "公安"                 },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice quote;
        size_t n = count(cases[i].name, false, cases[i].text, &quote);

        if (n != (cases[i].want != NULL) || !slice_equal(quote, slice_from(cases[i].want)))
            fail_msg("%s in %s: %zu, \"%.*s\"", cases[i].name, cases[i].text, n, SLICE_ARG(quote));
    }
}

static void test_capitals(void **state)
{
    struct slice quote;

    WW_UNUSED(state);
    assert_int_equal(count("110 Over", true, "110 Over", &quote), 1);
    assert_int_equal(count("110 Over", true, "110 over", &quote), 0);
    assert_int_equal(count("Net~", true, "Nets", &quote), 1);
    assert_int_equal(count("Net~", true, "nets", &quote), 0);
}

/* A thousand names that begin alike: each is found, none hides another. */
static void test_many(void **state)
{
    struct watch_name names[1000] = {0};
    struct arena arena;
    struct matcher *m;
    struct match_text cut;
    struct match_list list;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < WW_COUNT(names); i++)
        names[i].text = arena_printf(&arena, "the %s w%zu%s", i % 2 == 0 ? "old" : "new", i,
                                     i % 3 == 0 ? "~" : "");
    assert_int_equal(matcher_build(names, WW_COUNT(names), &arena, &m, NULL), WW_OK);
    assert_int_equal(
        match_text_cut(SLICE("the old w998 and the new w999x, the old w997"), &arena, &cut, NULL),
        WW_OK);
    assert_int_equal(matcher_find(m, &cut, &arena, &list, NULL), WW_OK);
    /* w998 exactly; w9~, w99~ and w999~ by their stems. */
    assert_int_equal(list.n_rows, 4);
    assert_int_equal(list.rows[0].name, 998);
    arena_release(&arena);
}

static void test_phrases(void **state)
{
    static const struct {
        const char *phrase, *text;
        size_t first, last;
        bool want;
    } cases[] = {
        {"@ Times",            "the Oldmoor Times",      1, 1, true },
        {"@ Times",            "the Oldmoor times",      1, 1, false},
        {"@ Times",            "in Oldmoor, Times",      1, 1, false},
        {"@, Ohio",            "in Oldmoor, Ohio",       1, 1, true },
        {"based in @",         "based in Oldmoor",       2, 2, true },
        {"based in @",         "based on Oldmoor",       2, 2, false},
        {"@ den~",             "Oldmoor denies",         0, 0, true },
        {"Great Oldmoor Fair", "the Great Oldmoor Fair", 2, 2, true },
        {"Great Oldmoor Fair", "the Great Oldmoor Mill", 2, 2, false},
        {"@ Times",            "Oldmoor",                0, 0, false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct match_phrase *p;
        struct match_text cut;
        struct arena arena;

        arena_init(&arena, ARENA_MAX);
        p = match_phrase_build(slice_from(cases[i].phrase), &arena);
        assert_non_null(p);
        assert_int_equal(match_text_cut(slice_from(cases[i].text), &arena, &cut, NULL), WW_OK);
        if (match_phrase_around(p, &cut, cases[i].first, cases[i].last) != cases[i].want)
            fail_msg("%s in %s", cases[i].phrase, cases[i].text);
        assert_null(match_phrase_build(SLICE("--"), &arena));
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_capitals),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_phrases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
