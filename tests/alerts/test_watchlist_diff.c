/* test_watchlist_diff.c - rows paired by key, cells by title; ids made of words; what was lost. */
#include "alerts/watchlist_diff.h"

#include "alerts/watchlist_derive.h"
#include "alerts/watchlist_import.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/record.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)16 * 1024 * 1024)

static struct slice message(struct arena *arena, const char *file, const char *text)
{
    struct buf b;
    struct slice out;

    buf_init(&b, 10000);
    if (text[0] != '\0') {
        record_put_text(&b, slice_from(file));
        record_put_text(&b, slice_from(text));
    }
    out = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return out;
}

/* As "+key title=old>new ...;" row by row. */
static void describe(const struct watch_diff *diff, struct arena *arena, struct buf *out)
{
    static const char signs[DELTA_KINDS] = {'+', '~', '-'};

    for (size_t i = 0; i < diff->n_rows; i++) {
        struct watch_cell_delta *cells;
        size_t n = watch_diff_cells(diff, &diff->rows[i], arena, &cells);

        buf_printf(out, "%s%c%.*s", i > 0 ? "; " : "", signs[diff->rows[i].kind],
                   SLICE_ARG(diff->rows[i].key));
        for (size_t k = 0; k < n; k++)
            buf_printf(out, " %.*s=%.*s>%.*s", SLICE_ARG(cells[k].title), SLICE_ARG(cells[k].old),
                       SLICE_ARG(cells[k].new));
    }
}

static void test_diff(void **state)
{
    static const struct {
        const char *file, *old, *new, *want;
    } cases[] = {
        {"stations.csv", "id,name\na,x\n",                                   "id,name\na,x\n",             ""                                                                                  },
        {"stations.csv", "id,name\na,x\n",                                   "id;name\r\na; x \r\n",       ""                                                                                  },
        {"stations.csv", "id,name\na,x\nb,y\n",                              "name,id\ny,b\nx,a\n",        ""                                                                                  },
        {"stations.csv", "id,name\na,x\n",                                   "id,name\na,y\n",             "~a name=x>y"                                                                       },
        {"stations.csv", "",                                                 "id,name\na,x\n",             "+a id=>a name=>x"                                                                  },
        {"stations.csv", "id,name\na,x\n",                                   "",                           "-a id=a> name=x>"                                                                  },
        {"stations.csv", "id,name\na,x\n",                                   "id,name,tags\na,x,t\nb,,\n", "~a tags=>t; +b id=>b"                                                              },
        {"stations.csv", "id,name,tags\na,x,t\n",                            "id,name\na,x\n",             "~a tags=t>"                                                                        },
        {"stations.csv", "id,name,tags\na,x,\n",                             "id,name\na,x\n",             ""                                                                                  },
        {"stations.csv", "id\na\na\n",                                       "id\na\n",                    "-a #2 id=a>"                                                                       },
        {"stations.csv", "id,name\n# one,\n",                                "id,name\n# two,\n",
         "+# two id=># two; -# one id=# one>"                                                                                                                                                  },
        {"terms.csv",    "language,term,role\nen,pier,term\nnl,pier,term\n",
         "language,term,role,strength\nnl,pier,term,weak\n",                                               "~nl:pier (term) strength=>weak; -en:pier (term) language=en> term=pier> role=term>"},
        {"rules.csv",    "",                                                 "id,query\nr,a AND b\n",      "+r id=>r query=>a AND b"                                                           },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct watch_diff diff;
        struct buf got;
        struct ww_error err = {0};

        arena_init(&arena, ARENA_MAX);
        buf_init(&got, 10000);
        if (watchlist_diff(message(&arena, cases[i].file, cases[i].old),
                           message(&arena, cases[i].file, cases[i].new), &arena, &diff,
                           &err) != WW_OK)
            fail_msg("%zu: %s", i, err.message);
        describe(&diff, &arena, &got);
        if (!slice_equal(buf_slice(&got), slice_from(cases[i].want)))
            fail_msg("%zu: %.*s", i, SLICE_ARG(buf_slice(&got)));
        buf_release(&got);
        arena_release(&arena);
    }
}

static void test_slug(void **state)
{
    static const char *const cases[][2] = {
        {"Lisbon",                  "lisbon"               },
        {"São Paulo",              "sao-paulo"            },
        {"L'Aquila",                "laquila"              },
        {"Łódź",                 "lodz"                 },
        {"Køge & Ærø",           "koge-aero"            },
        {"里斯本",               ""                     },
        {"  -- ",                   ""                     },
        {"Straße 9",               "strasse-9"            },
        {"Ribeira Brava (Madeira)", "ribeira-brava-madeira"},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct slice slug;

        arena_init(&arena, ARENA_MAX);
        slug = watch_slug(slice_from(cases[i][0]), &arena);
        if (!slice_equal(slug, slice_from(cases[i][1])))
            fail_msg("%s: %.*s", cases[i][0], SLICE_ARG(slug));
        arena_release(&arena);
    }
}

static void test_damaged(void **state)
{
    static const struct {
        const char *old, *new;
        bool is_list, want;
    } cases[] = {
        {"Köln",         "K?ln",       false, true },
        {"Köln",         "K?ln",       true,  true },
        {"福州|Fuzhou", "??|Fuzhou",  true,  true },
        {"福州|Fuzhou", "Fuzhou|?",   true,  false},
        {"Who",           "Who?",       false, false},
        {"Köln",         "Köln?",     false, false},
        {"Köln",         "Kaln",       false, false},
        {"Köln|Bonn",    "Köln|B?nn", true,  false},
        {"",              "?",          false, false},
        {"Köln",         "?",          false, false},
        {"碼頭",        "??",         false, true },
        {"碼頭",        "???",        false, false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (watch_is_damaged(slice_from(cases[i].old), slice_from(cases[i].new),
                             cases[i].is_list) != cases[i].want)
            fail_msg("%s to %s", cases[i].old, cases[i].new);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diff),
        cmocka_unit_test(test_slug),
        cmocka_unit_test(test_damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
