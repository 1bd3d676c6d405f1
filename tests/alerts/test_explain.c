/* test_explain.c - a mention traced back to its rule, its cell and its rows. */
#include "alerts/explain.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

static void test_explain(void **state)
{
    static const struct {
        struct mention_row mention;
        const char *cell; /* "" when the list has no such name */
        const char *facts;
    } cases[] = {
        {{.item = {"oldmoor", 7},
          .kind = {"dam", 3},
          .alias = {"Oldm\xC3\xB3r~", 8},
          .rule = {"same-sentence", 13}},
         "places.csv:2:5",   "name=Upper dam;city=Oldmoor;country=GB;match_scope=city;owner_note=kept as it is;"
         "name=Second wall;city=Oldmoor;country=GB;match_scope=city;"},
        {{.item = {"oldmoor", 7},
          .kind = {"dam", 3},
          .alias = {"Heron Lane", 10},
          .rule = {"same-sentence", 13}},
         "stations.csv:2:9", NULL                                                              },
        {{.item = {"gb", 2},
          .kind = {"country", 7},
          .alias = {"British", 7},
          .rule = {"country", 7}},
         "places.csv:6:6",   "type=country;country=GB;name=United Kingdom;watch=named-country;"},
        {{.item = {"oldmoor", 7},
          .kind = {"dam", 3},
          .alias = {"Gone", 4},
          .rule = {"same-sentence", 13}},
         "",                 NULL                                                              },
    };
    struct arena arena;
    struct watchlist w;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read("tests/alerts/data/dams", &arena, &w, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct explanation e;
        struct buf got;

        buf_init(&got, 10000);
        assert_int_equal(explain_mention(w.content, &cases[i].mention, &arena, &e, NULL), WW_OK);
        assert_non_null(e.rule);
        if (e.has_name)
            buf_printf(&got, "%s:%u:%u", watch_file_name(e.name.file), e.name.row, e.name.column);
        if (!slice_equal(buf_slice(&got), slice_from(cases[i].cell)))
            fail_msg("%zu: got %.*s", i, SLICE_ARG(buf_slice(&got)));
        buf_reset(&got);
        for (size_t k = 0; k < e.n_facts; k++)
            buf_printf(&got, "%.*s=%.*s;", SLICE_ARG(e.facts[k].title),
                       SLICE_ARG(e.facts[k].value));
        if (cases[i].facts != NULL && !slice_equal(buf_slice(&got), slice_from(cases[i].facts)))
            fail_msg("%zu: got %.*s", i, SLICE_ARG(buf_slice(&got)));
        buf_release(&got);
    }
    arena_release(&arena);
}

static void test_out_of_memory(void **state)
{
    struct mention_row mention = {
        .item = SLICE("oldmoor"), .kind = SLICE("dam"), .alias = SLICE("Oldmoor")};
    struct arena arena;
    struct watchlist w;
    bool is_done = false;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read("tests/alerts/data/dams", &arena, &w, NULL), WW_OK);
    for (long n = 1; n < 200 && !is_done; n++) {
        struct arena own;
        struct explanation e;
        enum ww_status status;

        arena_init(&own, ARENA_MAX);
        mem_fail_after(n);
        status = explain_mention(w.content, &mention, &own, &e, NULL);
        mem_fail_after(0);
        is_done = status == WW_OK;
        assert_true(is_done || status == WW_NOMEM);
        arena_release(&own);
    }
    assert_true(is_done);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_explain),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
