/* test_watchlist.c - lists of another beat, good and broken. */
#include "alerts/watchlist.h"

#include "alerts/watchlist_lint.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)256 * 1024 * 1024)
#define DAMS "tests/alerts/data/dams"

static void test_read(void **state)
{
    struct arena arena;
    struct watchlist w;
    struct watchlist again;
    struct ww_error err = {0};

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    if (watchlist_read(DAMS, &arena, &w, &err) != WW_OK)
        fail_msg("%s", err.message);
    assert_int_equal(w.n_items, 5); /* three sites of four rows, a body, a country */
    assert_int_equal(w.n_places, 5);
    assert_int_equal(w.n_terms, 32);
    assert_int_equal(strlen(w.version), 64);
    assert_true(slice_equal(w.items[0].kind, SLICE("country")));
    assert_true(slice_equal(w.items[1].id, SLICE("oldmoor")));
    assert_true(slice_equal(w.items[1].kind, SLICE("dam")));
    assert_int_equal(w.places[0].item, 1);
    assert_int_equal(w.places[2].item, WATCH_NONE);
    assert_int_equal(w.places[0].n_conditions, 2);
    assert_int_equal(w.places[0].conditions[0].kind, CONDITION_FOLLOWED);
    assert_true(slice_equal(w.places[0].conditions[1].phrases[0], SLICE("Oldmoor Rovers")));
    assert_true(watch_knows_language(&w, SLICE("zh-Hant")));
    assert_false(watch_knows_language(&w, SLICE("ja")));
    /* A column nobody knows is kept. */
    assert_true(csv_column(&w.files[WATCH_STATIONS], SLICE("owner_note")) == 9);
    /* What was stored gives the same list. */
    assert_int_equal(watchlist_parse(w.content, &arena, &again, NULL), WW_OK);
    assert_string_equal(again.version, w.version);
    assert_int_equal(again.n_names, w.n_names);
    arena_release(&arena);
}

static void test_folder(void **state)
{
    struct arena arena;
    struct watchlist w;
    struct ww_error err = {0};

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read("tests/alerts/data/none", &arena, &w, &err), WW_NOT_FOUND);
    assert_int_equal(watchlist_read("tests/alerts", &arena, &w, &err), WW_INVALID);
    assert_non_null(strstr(err.message, "holds no stations.csv"));
    arena_release(&arena);
}

/* One file, and what is said of it: the first error when it is parsed. */
static void test_broken(void **state)
{
    static const struct {
        const char *file, *text, *want;
    } cases[] = {
        {"stations.csv",      "name\nx\n",                                         "stations.csv:1:1: no column is called \"id\""     },
        {"stations.csv",      "id,aliases\na,x\na,y\n",
         "stations.csv:3:1: the id is taken by an earlier row"                                                                        },
        {"stations.csv",      "id,aliases\n,x\n",                                  "stations.csv:2:1: the row has no id"              },
        {"stations.csv",      "id,aliases\na,Mill|????\n",
         "stations.csv:2:2: the file lost its characters when it was saved (\"??\"); save it as "
         "UTF-8"                                                                                                                      },
        {"stations.csv",      "id,match_scope\na,town\n",
         "stations.csv:2:2: no such scope; there are city, country and none"                                                          },
        {"jurisdictions.csv", "id,place_names\na,\xEF\xBF\xBD\n",
         "jurisdictions.csv:2:2: the file lost its characters when it was saved (\"??\"); save it "
         "as UTF-8"                                                                                                                   },
        {"places.csv",        "id,name\na,x\na,y\n",                               "places.csv:3:1: the id is taken by an earlier row"},
        {"terms.csv",         "term,role\nx,works\n",
         "terms.csv:2:2: no such role; wirewatch-watchlist(5) has them, and any name that ends in "
         "\"term\" is one"                                                                                                            },
        {"terms.csv",         "term,role,strength\nx,term,mighty\n",
         "terms.csv:2:3: no such strength; there are strong, weak, topical, line-start"                                               },
        {"terms.csv",         "term,role\n{wal},term\n",
         "terms.csv:2:1: \"wal\" is a class that no row has: a row of the role word:NAME makes "
         "one"                                                                                                                        },
        {"terms.csv",         "term,role\nx,word:wall\n{wall} near {wall},term\n",
         "terms.csv:3:1: \"near {wall}\" has something between its classes that is neither /NUMBER "
         "nor /s"                                                                                                                     },
        {"terms.csv",         "term,role\nx,word:wall\n{wall} /2 wall,term\n",
         "terms.csv:3:1: \"/2 wall\" is no row of up to four classes in braces"                                                       },
        {"rules.csv",         "id,query,severity\na,mill,hgh\n",
         "rules.csv:2:3: no such severity; there are low, medium and high"                                                            },
        {"terms.csv",         "term,role\n,term\n",                                "terms.csv:2:1: the row has no term"               },
        {"terms.csv",         "term,role\n\"x\n",                                  "terms.csv:2:1: a quote is opened and never closed"},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct watchlist w;
        struct buf content;
        struct ww_error err = {0};

        arena_init(&arena, ARENA_MAX);
        buf_init(&content, 10000);
        record_put_text(&content, slice_from(cases[i].file));
        record_put_text(&content, slice_from(cases[i].text));
        assert_int_equal(watchlist_parse(buf_slice(&content), &arena, &w, &err), WW_INVALID);
        assert_string_equal(err.message, cases[i].want);
        /* A stored list that was cut is refused, wherever. */
        for (size_t n = 1; n < content.len; n += 7)
            assert_int_not_equal(
                watchlist_parse(slice_head(buf_slice(&content), n), &arena, &w, &err), WW_OK);
        buf_release(&content);
        arena_release(&arena);
    }
}

static void test_lint(void **state)
{
    static const struct {
        const char *file;
        const char *text;
        const char *want; /* NULL: nothing at all is said */
    } cases[] = {
        {"places.csv",   "id,name,names\na,Ford,\nb,Ford,\n",
         "places.csv:3:2: \"Ford\" names both a and b; no rejection tells them apart"                                                      },
        {"places.csv",   "id,name,names\na,Ford,zh:柏林|zh:都柏林\nb,柏林,\n",
         "places.csv:2:3: \"都柏林\" holds \"柏林\" (b); the longer name counts"                                                      },
        {"places.csv",   "id,name,names\na,Ford,cs:ab~\n",
         "places.csv:2:3: \"ab~\" can never match: a stem needs three letters"                                                             },
        {"places.csv",   "id,name,names\na,Ford,en:--\n",
         "places.csv:2:3: \"--\" can never match: it holds no letter and no digit"                                                         },
        {"places.csv",   "id,name,names\na,Ford,en:UK\n",                                            "places.csv:2:3: \"UK\" is very short"},
        {"places.csv",   "id,name,disambiguation\na,Ford,beware of cars\n",
         "places.csv:2:3: \"beware of cars\" is not understood; a clause begins with \"reject when "
         "followed by\", \"reject\", \"negative:\", \"positive:\" or is \"metonym\" or \"same "
         "sentence\""                                                                                                                      },
        {"places.csv",   "id,name,names\na,Ford ,\n",
         "places.csv:2:2: white space around the cell is not read"                                                                         },
        {"stations.csv", "id,knd,alaises\na,pier,Ford Pier\n",
         "stations.csv:1:2: the column \"knd\" is not read; did you mean \"kind\"?"                                                        },
        {"stations.csv", "id,knd,alaises\na,pier,Ford Pier\n",
         "stations.csv:1:3: the column \"alaises\" is not read; did you mean \"aliases\"?"                                                 },
        {"stations.csv", "id,Alias\na,Ford Pier\n",
         "stations.csv:1:2: the column \"Alias\" is not read; did you mean \"aliases\"?"                                                   },
        {"stations.csv", "id,aliases,aliasses\na,Ford Pier,\n",
         "stations.csv:1:3: the column \"aliasses\" is not read; did you mean \"aliases\"?"                                                },
        {"stations.csv", "id,kind,aliases,kin,size,site\na,,Ford Pier,,,\n",                         NULL                                  },
        {"stations.csv",
         "id,aliases,city,note,notes,status,level,parent,source,stations\na,Ford Pier,,,,,,,,\n",    NULL                                  },
        {"stations.csv", "id,aliases,note\na,Ford Pier\n",
         "stations.csv:2:1: the row has 2 cells, the header 3: is a comma missing?"                                                        },
        {"stations.csv", "id,aliases\na,Ford Pier,\n",
         "stations.csv:2:1: the row has 3 cells, the header 2: is there a comma too many?"                                                 },
        {"stations.csv", "id,name\na,Ford Pier\n",
         "stations.csv:2:1: \"a\" can never match: it has no aliases, and no names of a place"                                             },
        {"stations.csv", "id,site,aliases\na,pier,\n",
         "stations.csv:2:2: \"pier\" can never match: it has no aliases, and no names of a place"                                          },
        {"stations.csv", "id,country,aliases\na,Ireland,Ford Pier\n",
         "stations.csv:2:2: \"Ireland\" is no country code: two capital letters (IE)"                                                      },
        {"stations.csv", "id,country,aliases\na,ie,Ford Pier\n",
         "stations.csv:2:2: \"ie\" is no country code: two capital letters (IE)"                                                           },
        {"stations.csv", "id,site,country,aliases\na,pier,IE,\nb,pier,,Ford Pier|en:Pier of Ford\n",
         "stations.csv:2:2: places.csv has no row \"pier\": only aliases can match"                                                        },
        {"terms.csv",    "term\npier|quay\n",
         "terms.csv:2:1: \"pier|quay\" is one term with a | in it; each wants its own row"                                                 },
        {"terms.csv",    "language,term,role\nen,shut,status:closed\nen,shut,status:open\n",
         "terms.csv:3:2: \"shut\" is a status:closed and a status:open"                                                                    },
        {"terms.csv",
         "language,term,role\nen,shut,status:closed\nen,closed,status:closed\nen,pier,term\n",       NULL                                  },
        {"terms.csv",    "term,role,note,code\npier,station-term,,\n",                               NULL                                  },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct watchlist w;
        struct watch_findings findings = {0};
        struct buf content;
        struct buf got;
        bool is_said = false;

        arena_init(&arena, ARENA_MAX);
        buf_init(&content, 10000);
        buf_init(&got, 10000);
        record_put_text(&content, slice_from(cases[i].file));
        record_put_text(&content, slice_from(cases[i].text));
        assert_int_equal(watchlist_examine(buf_slice(&content), &arena, &w, &findings, NULL),
                         WW_OK);
        assert_int_equal(watchlist_lint(&w, &arena, &findings, NULL), WW_OK);
        for (size_t k = 0; k < findings.n_rows; k++) {
            const struct watch_finding *f = &findings.rows[k];

            buf_reset(&got);
            buf_printf(&got, "%s:%u:%u: %.*s", watch_file_name(f->cell.file), f->cell.row,
                       f->cell.column, SLICE_ARG(f->text));
            is_said |=
                cases[i].want == NULL || slice_equal(buf_slice(&got), slice_from(cases[i].want));
        }
        if (is_said != (cases[i].want != NULL))
            fail_msg("case %zu: not %s (last: %.*s)", i,
                     cases[i].want != NULL ? cases[i].want : "silent", SLICE_ARG(buf_slice(&got)));
        buf_release(&got);
        buf_release(&content);
        arena_release(&arena);
    }
}

static void test_out_of_memory(void **state)
{
    struct buf content;
    bool is_done = false;

    WW_UNUSED(state);
    buf_init(&content, ARENA_MAX);
    assert_int_equal(watchlist_load(DAMS, &content, NULL), WW_OK);
    for (long n = 1; n < 1000 && !is_done; n++) {
        struct arena arena;
        struct watchlist w;
        struct watch_findings findings = {0};
        enum ww_status status;

        arena_init(&arena, ARENA_MAX);
        mem_fail_after(n);
        status = watchlist_examine(buf_slice(&content), &arena, &w, &findings, NULL);
        if (status == WW_OK)
            status = watchlist_lint(&w, &arena, &findings, NULL);
        mem_fail_after(0);
        is_done = status == WW_OK;
        assert_true(is_done || status == WW_NOMEM);
        arena_release(&arena);
    }
    assert_true(is_done);
    buf_release(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),          cmocka_unit_test(test_folder),
        cmocka_unit_test(test_broken),        cmocka_unit_test(test_lint),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
