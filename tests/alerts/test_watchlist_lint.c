/* test_watchlist_lint.c - names in pairs, letters, everyday words; and lists of 100,000 rows. */
#include "alerts/watchlist_lint.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)1024 * 1024 * 1024)

static const char *const levels[] = {"error", "warning", "note"};

static void describe(const struct watch_findings *f, struct buf *out)
{
    buf_reset(out);
    for (size_t i = 0; i < f->n_rows; i++)
        buf_printf(out, "%s:%u:%u: %s: %.*s\n", watch_file_name(f->rows[i].cell.file),
                   f->rows[i].cell.row, f->rows[i].cell.column, levels[f->rows[i].level],
                   SLICE_ARG(f->rows[i].text));
}

/* What is said of places.csv and terms.csv together, and what is not. */
static void test_names(void **state)
{
    static const struct {
        const char *places, *terms;
        const char *want; /* a part of what is said; NULL: no warning at all */
    } cases[] = {
        {"a,city,GB,Ford,\nb,city,US,Ford,",                    "",
         "3:4: warning: \"Ford\" names both a and b; no rejection"                                                                             },
        {"a,city,GB,Ford,reject Ford Motor\nb,city,US,Ford,",   "",                           NULL                                             },
        {"a,country,TN,Tunis,\nb,city,TN,Tunis,",               "",
         "note: \"Tunis\" names both a and b, a country and a place in it"                                                                     },
        {"a,city,GB,Nice,",                                     "en,nice,ordinary",
         "2:4: warning: \"Nice\" is an everyday word (en); its place needs"                                                                    },
        {"a,city,GB,Nice,same sentence",                        "en,nice,ordinary",           NULL                                             },
        {"a,city,GB,fr:Nice,",                                  "en,nice,ordinary",           NULL                                             },
        {"a,city,GB,Pier,",                                     "en,pier,station-term",       "2:4: warning: \"Pier\" is a term, too"          },
        {"a,city,GB,Rotterd\xD0\xB0m,",                         "",
         "2:4: warning: \"Rotterd\xD0\xB0m\" mixes letters of two scripts that look alike, U+0430"                                             },
        {"a,city,GB,Ford|ru:\xD0\xA4\xD0\xBE\xD1\x80\xD0\xB4,", "",                           NULL                                             },
        {"a,city,GB,K\xC3\x83\xC2\xB6ln,",                      "",                           "seems to be UTF-8 that was read as Windows-1252"},
        {"a,city,GB,K\xC3\xB6ln,",                              "",                           NULL                                             },
        {"a,city,GB,Ford; Weir,",                               "",                           "is one name with a ; in it"                     },
        {"a,city,GB,cn:\xE7\xA6\x8F\xE5\xB7\x9E,",              "",
         "\"cn:\" is a country's code; the language is \"zh:\""                                                                                },
        {"a,city,GB,X,",                                        "",                           "\"X\" is one character: it is everywhere"       },
        {"a,city,GB,\xE7\xA6\x8F,",                             "",                           "is one character"                               },
        {"a,city,GB,en:UK,",                                    "",                           "note: \"UK\" is very short"                     },
        {"a,city,GB,Uk,",                                       "",                           "warning: \"Uk\" is very short"                  },
        {"a,city,GB,\xCC\x81\xCC\x82,",                         "",                           "can never match: it holds no letter"            },
        {"a,city,GB,Ford|Ford,",                                "",                           "note: \"Ford\" stands there twice"              },
        {"a b,city,GB,Ford,",                                   "",                           "warning: \"a b\": an id has no blanks"          },
        {"a,city,GB,Ford,",                                     "en,pier,term\nen,pier,term",
         "terms.csv:3:2: note: \"pier\" stands in row 2 too"                                                                                   },
        {"# a, b",                                              "",                           "2:1: warning: \"# a\": an id has no blanks"     },
        {"# a",                                                 "",                           NULL                                             },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct watchlist w;
        struct watch_findings findings = {0};
        struct buf content;
        struct buf said;
        bool is_met;

        arena_init(&arena, ARENA_MAX);
        buf_init(&content, 10000);
        buf_init(&said, 10000);
        record_put_text(&content, SLICE("places.csv"));
        record_put_text(&content, arena_printf(&arena, "id,type,country,names,disambiguation\n%s\n",
                                               cases[i].places));
        record_put_text(&content, SLICE("terms.csv"));
        record_put_text(&content, arena_printf(&arena, "language,term,role\n%s\nen,quay,term\n",
                                               cases[i].terms));
        assert_int_equal(watchlist_examine(buf_slice(&content), &arena, &w, &findings, NULL),
                         WW_OK);
        assert_int_equal(watchlist_lint(&w, &arena, &findings, NULL), WW_OK);
        describe(&findings, &said);
        is_met = cases[i].want != NULL ? slice_contains(buf_slice(&said), slice_from(cases[i].want))
                                       : !slice_contains(buf_slice(&said), SLICE(": warning: "));
        if (!is_met)
            fail_msg("%zu: %.*s", i, SLICE_ARG(buf_slice(&said)));
        buf_release(&said);
        buf_release(&content);
        arena_release(&arena);
    }
}

/* Sites, their severities, and bodies that share a name with one. */
static void test_sites(void **state)
{
    static const struct {
        const char *stations, *want;
    } cases[] = {
        {"a,s,high,,Mill One\nb,s,low,,Mill Two",
         "3:3: warning: \"s\" is \"high\" in row 2, which counts"                         },
        {"a,s,high,,Mill One\nb,s,,,Mill Two",    ""                                      },
        {"a,s,,me,Mill One\nb,s,,you,Mill Two",   "3:4: warning: \"s\" is \"me\" in row 2"},
        {"a,,,,Harbour Office",                   "names both a and body: both are told"  },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct watchlist w;
        struct watch_findings findings = {0};
        struct buf content;
        struct buf said;

        arena_init(&arena, ARENA_MAX);
        buf_init(&content, 10000);
        buf_init(&said, 10000);
        record_put_text(&content, SLICE("stations.csv"));
        record_put_text(&content, arena_printf(&arena, "id,site,severity,owner,aliases\n%s\n",
                                               cases[i].stations));
        record_put_text(&content, SLICE("jurisdictions.csv"));
        record_put_text(&content, SLICE("id,aliases\nbody,Harbour Office\n"));
        assert_int_equal(watchlist_examine(buf_slice(&content), &arena, &w, &findings, NULL),
                         WW_OK);
        assert_int_equal(watchlist_lint(&w, &arena, &findings, NULL), WW_OK);
        describe(&findings, &said);
        if (!slice_contains(buf_slice(&said), slice_from(cases[i].want)))
            fail_msg("%zu: %.*s", i, SLICE_ARG(buf_slice(&said)));
        buf_release(&said);
        buf_release(&content);
        arena_release(&arena);
    }
}

/* What the archive tells: too few articles tell nothing. */
static void test_uses(void **state)
{
    struct use_row alerted[] = {
        {SLICE("a"), 3, 1, 2}
    };
    struct use_row found[] = {
        {SLICE("Ford"), 300, 0, 0},
        {SLICE("Weir"), 3,   0, 0}
    };
    const struct use_list items = {alerted, 1};
    const struct use_list aliases = {found, 2};
    const struct watch_uses uses = {
        {1000, 1662000000},
        &items, &aliases
    };
    const struct watch_uses young = {
        {LINT_ARTICLES_MIN - 1, 1662000000},
        &items, &aliases
    };
    struct arena arena;
    struct watchlist w;
    struct watch_findings findings = {0};
    struct buf b;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&b, 10000);
    record_put_text(&b, SLICE("stations.csv"));
    record_put_text(&b, SLICE("id,aliases\na,Ford|Weir\nb,Mill Two\n"));
    assert_int_equal(watchlist_examine(buf_slice(&b), &arena, &w, &findings, NULL), WW_OK);
    assert_int_equal(watchlist_lint_uses(&w, &young, &arena, &findings, NULL), WW_OK);
    assert_int_equal(findings.n_rows, 0);
    assert_int_equal(watchlist_lint_uses(&w, &uses, &arena, &findings, NULL), WW_OK);
    describe(&findings, &b);
    assert_string_equal(b.ptr,
                        "stations.csv:2:2: warning: \"Ford\" was found 300 times in 1000 articles "
                        "since 2022-09-01: an everyday word?\n"
                        "stations.csv:3:2: note: \"b\" has raised no alert in 1000 articles since "
                        "2022-09-01\n");
    buf_release(&b);
    arena_release(&arena);
}

/* Seconds of processor for a list of so many sites, each with a place and a term. */
static double lint_many(int n)
{
    struct arena arena;
    struct watchlist w;
    struct watch_findings findings = {0};
    struct buf content;
    struct buf files[3];
    static const char *const names[] = {"stations.csv", "places.csv", "terms.csv"};
    static const char *const headers[] = {"id,site,aliases\n", "id,name\n",
                                          "language,term,role,strength\n"};
    clock_t start;
    double spent;

    arena_init(&arena, ARENA_MAX);
    buf_init(&content, 2 * (size_t)WATCHLIST_MAX_BYTES);
    for (size_t i = 0; i < 3; i++) {
        buf_init(&files[i], WATCHLIST_MAX_BYTES);
        buf_add_string(&files[i], headers[i]);
    }
    for (int i = 0; i < n; i++) {
        buf_printf(&files[0], "r%d,s%d,Mill House %d\n", i, i, i);
        buf_printf(&files[1], "s%d,Ford%d\n", i, i);
        buf_printf(&files[2], "en,weir %d,term,weak\n", i);
    }
    for (size_t i = 0; i < 3; i++) {
        record_put_text(&content, slice_from(names[i]));
        record_put_text(&content, buf_slice(&files[i]));
        buf_release(&files[i]);
    }
    start = clock();
    assert_int_equal(watchlist_examine(buf_slice(&content), &arena, &w, &findings, NULL), WW_OK);
    assert_int_equal(watchlist_lint(&w, &arena, &findings, NULL), WW_OK);
    spent = (double)(clock() - start) / CLOCKS_PER_SEC;
    buf_release(&content);
    arena_release(&arena);
    return spent;
}

/* Twice the rows take about twice the time: n squared would take four times. */
static void test_many(void **state)
{
    double small;
    double large;

    WW_UNUSED(state);
    (void)lint_many(1000);
    small = lint_many(12500);
    large = lint_many(100000);
    if (large > 24 * small + 0.2)
        fail_msg("12,500 rows took %.3f s, 100,000 %.3f s", small, large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_sites),
        cmocka_unit_test(test_uses),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
