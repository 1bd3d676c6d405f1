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
         "places.csv:2:5/2",   "name=Upper dam;city=Oldmoor;country=GB;match_scope=city;owner_note=kept as it is;"
         "name=Second wall;city=Oldmoor;country=GB;match_scope=city;"},
        {{.item = {"oldmoor", 7},
          .kind = {"dam", 3},
          .alias = {"Heron Lane", 10},
          .rule = {"same-sentence", 13}},
         "stations.csv:2:9/1", NULL                                                              },
        {{.item = {"gb", 2},
          .kind = {"country", 7},
          .alias = {"British", 7},
          .rule = {"country", 7}},
         "places.csv:6:6/1",   "type=country;country=GB;name=United Kingdom;watch=named-country;"},
        {{.item = {"oldmoor", 7},
          .kind = {"dam", 3},
          .alias = {"Gone", 4},
          .rule = {"same-sentence", 13}},
         "",                   NULL                                                              },
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
            buf_printf(&got, "%s:%u:%u/%u", watch_file_name(e.name.file), e.name.row, e.name.column,
                       e.n_in_cell);
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

/* Sentence and distance, as a person counts. */
static void test_where(void **state)
{
    static const struct {
        const char *text, *quote, *term;
        int64_t sentence_start, sentence_end;
        const char *want;
    } cases[] = {
        {"Rain. A dam in Oldmoor failed.",                   "Oldmoor",            "dam",          6,  30, "2 of 2, in, 1 words"     },
        {"A dam failed. Rain fell on Oldmoor.",              "Oldmoor",            "dam",          14, 35,
         "2 of 2, beside, 4 words"                                                                                                   },
        {"In Oldmoor, rain. A dam failed.",                  "Oldmoor",            "dam",          0,  17, "1 of 2, beside, 2 words" },
        {"Oldmoor Dam fair.",                                "Oldmoor Dam",        "Dam",          0,  17, "1 of 1, in, 0 words"     },
        {"A fair in Oldmoor.",                               "Oldmoor",            "",             0,  18, "1 of 1"                  },
        {"\u8056\u6b50\u73ed\u6628\u65e5\u6f70\u58e9\u3002", "\u8056\u6b50\u73ed", "\u6f70\u58e9",
         0,                                                                                            24, "1 of 1, in, 2 characters"},
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice text = slice_from(cases[i].text);
        const char *quote = strstr(cases[i].text, cases[i].quote);
        const char *term = cases[i].term[0] != '\0' ? strstr(cases[i].text, cases[i].term) : NULL;
        struct mention_row m = {.field = MENTION_TEXT, .start = quote - text.ptr};
        struct explain_place place;
        struct slice got;

        m.end = m.start + (int64_t)strlen(cases[i].quote);
        m.term_start = term != NULL ? term - text.ptr : 0;
        m.term_end = term != NULL ? m.term_start + (int64_t)strlen(cases[i].term) : 0;
        m.sentence_start = cases[i].sentence_start;
        m.sentence_end = cases[i].sentence_end;
        assert_int_equal(explain_where(text, SLICE("en"), &m, &arena, &place, NULL), WW_OK);
        got = arena_printf(&arena, "%zu of %zu", place.sentence, place.n_sentences);
        if (place.has_term)
            got = arena_printf(&arena, "%.*s, %s, %zu %s", SLICE_ARG(got),
                               place.is_in_sentence ? "in" : "beside", place.n_between,
                               place.counts_characters ? "characters" : "words");
        if (!slice_equal(got, slice_from(cases[i].want)))
            fail_msg("%s: got %.*s", cases[i].text, SLICE_ARG(got));
    }
    arena_release(&arena);
}

/* A row from another text must not be read outside of this one. */
static void test_where_misfit(void **state)
{
    static const int64_t rows[][4] = {
  /* start, end, those of the term */
        {5,  3,         0,         0        },
        {-1, 3,         0,         0        },
        {0,  300,       0,         0        },
        {0,  INT64_MAX, INT64_MIN, 4        },
        {1,  2,         50,        INT64_MAX},
        {2,  3,         0,         1        },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < WW_COUNT(rows); i++) {
        const struct mention_row m = {.field = MENTION_TEXT,
                                      .start = rows[i][0],
                                      .end = rows[i][1],
                                      .term_start = rows[i][2],
                                      .term_end = rows[i][3]};
        struct explain_place place;

        assert_int_equal(
            explain_where(SLICE("\u6f70\u58e9 x"), SLICE(""), &m, &arena, &place, NULL), WW_OK);
        assert_int_equal(place.n_between, 0);
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
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_where_misfit),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
