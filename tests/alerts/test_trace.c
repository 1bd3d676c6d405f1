/* test_trace.c - each gate of matching names itself, with the words that closed it. */
#include "alerts/trace.h"

#include "alerts/mentions.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)1024 * 1024 * 1024)
#define GATES "tests/alerts/data/gates"

static void describe_row(const struct mention_article *a, const struct trace_row *row,
                         struct buf *out)
{
    struct slice field = row->field == MENTION_TITLE ? a->title : a->text;

    buf_printf(out, "%s%.*s:%s", out->len > 0 ? " " : "",
               SLICE_ARG(slice_sub(field, row->start, row->end - row->start)),
               gate_name(row->gate));
    if (row->also != GATE_NONE)
        buf_printf(out, "+%s", gate_name(row->also));
    if (row->words.len > 0)
        buf_printf(out, "(%.*s)", SLICE_ARG(row->words));
    if (row->term.len > 0)
        buf_printf(out, "[%.*s %u/%u]", SLICE_ARG(row->term), row->term_words, row->term_sentences);
}

/* "quote:gate+also(words)[nearest term words/sentences]" of names, then of terms that fail. */
static void describe(const struct mention_article *a, const struct trace *t, struct buf *out)
{
    for (size_t i = 0; i < t->n_names; i++)
        describe_row(a, &t->names[i], out);
    for (size_t i = 0; i < t->n_terms; i++)
        if (t->terms[i].gate != GATE_NONE)
            describe_row(a, &t->terms[i], out);
}

static void test_gates(void **state)
{
    static const struct {
        const char *language, *title, *text, *want;
    } cases[] = {
        {"en", "",            "The d\u0430m in Oldm\u043Eor was breached.",                    "Oldm\u043Eor:none"                      },
        {"en", "",            "The dam in Oldmoor was breached.",                              "Oldmoor:none"                           },
        {"en", "",            "The Oldmoor Barrage turns fifty.",
         "Oldmoor:hidden(Oldmoor Barrage) Oldmoor Barrage:none"                                                                         },
        {"en", "",            "A dam failure in British lanes.",                               "British:no-term-beside[dam failure 1/0]"},
        {"fr", "",            "Dam failure, a British one.",                                   "British:language"                       },
        {"en", "",            "A dam failure near the oldmoor.",                               "oldmoor:small"                          },
        {"en", "",            "A dam failure in Great Town Mill.",
         "Great Town:hidden(Great Town Mill) Great Town Mill:none"                                                                      },
        {"en", "",            "A fair.\nSee also: Dam failure in Oldmoor",
         "Oldmoor:links Dam failure:term-left-out"                                                                                      },
        {"en", "",            "A dam failure in Oldmoor. (Ann Lee/Wire)",
         "Oldmoor:caption dam failure:term-left-out"                                                                                    },
        {"en", "",            "OLDMOOR, Oct 26 (Wire) - A dam failure was feared.",            "OLDMOOR:dateline"                       },
        {"en", "",            "OLDMOOR, Oct 26 (Wire) - A fair.",                              "OLDMOOR:dateline+no-term"               },
        {"en", "",            "A dam failure, wrote the Oldmoor Chronicle.",
         "Oldmoor:phrase-veto(@ Chronicle)"                                                                                             },
        {"en", "",            "A dam failure, wrote the Great Town Mill Chronicle.",
         "Great Town Mill:phrase-veto(@ Chronicle) Great Town:hidden(Great Town Mill)"                                                  },
        {"en", "",            "A dam failure, wrote the Oldmoor Gazette.",                     "Oldmoor:followed(@ Gazette)"            },
        {"en", "",            "A dam failure stopped Oldmoor Rovers.",                         "Oldmoor:phrase(Oldmoor Rovers)"         },
        {"en", "",            "Great Town said a dam failure was feared.",                     "Great Town:metonym(@ said)"             },
        {"en", "",            "A dam failure shook Newmoor.",                                  "Newmoor:positive(river|Tern)"           },
        {"en", "",            "A dam failure in Lakeside. The governor of Ohio came.",
         "Lakeside:negative(Ohio)"                                                                                                      },
        {"en", "",            "A dam failure in Fordham.",                                     "Fordham:require(river|lake)"            },
        {"en", "",            "A dam failure in Fordham, a boat on the river.",                "Fordham:exclude(boat)"                  },
        {"zh", "",            "\u8BBA\u6587\u6210\u679C\u6E83\u575D\u3002",                    "\u6587\u6210:cut-word"                  },
        {"zh", "",            "\u6587\u6210\u53BF\u6E83\u575D\u3002",                          "\u6587\u6210:none"                      },
        {"en", "",            "Satire: a dam failure in Oldmoor.",                             "Oldmoor:fiction"                        },
        {"en", "",            "A fair was held in Oldmoor.",                                   "Oldmoor:no-term"                        },
        {"en", "",            "A dam failure was feared.\n\nA fair was held in Oldmoor.",
         "Oldmoor:no-term-near[dam failure 7/1]"                                                                                        },
        {"en", "",            "Rain on the Tern. Sun. A dam failure was feared.",
         "Tern:no-term-sentence[dam failure 2/2]"                                                                                       },
        {"en", "",            "Bills, said the Tern Valley Authority.",
         "Tern Valley Authority:no-term Tern:no-term"                                                                                   },
        {"en", "Dam failure", "The sea wall in Oldmoor holds. A dam failure was feared.",
         "Oldmoor:veto-sentence(sea wall)[dam failure 2/1] wall:term-hidden"                                                            },
        {"en", "",            "A dam failure was feared. Lakeside was empty.",
         "Lakeside:same-sentence[dam failure 2/1]"                                                                                      },
        {"en", "",            "A dam failure was feared. Great Town shrugged.",
         "Great Town:metonym+metonym-beside(@ shrugged)[dam failure 2/1]"                                                               },
        {"en", "",            "A dam failure was feared. Mills closed in the United Kingdom.",
         "United Kingdom:country-beside[dam failure 6/1]"                                                                               },
        {"en", "",            "Dam failure: Sea Wall Oldmoor closed.",
         "Oldmoor:veto(Sea Wall Oldmoor) Wall:term-hidden"                                                                              },
        {"en", "",            "The sluice in Oldmoor is shut.",                                "Oldmoor:no-term sluice:term-weak"       },
        {"en", "",            "The wall in Oldmoor holds.",                                    "Oldmoor:no-term wall:term-topical"      },
        {"en", "",            "Operation Dry Bed reached Oldmoor.",
         "Oldmoor:no-term Operation Dry Bed:term-operation"                                                                             },
    };
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read(GATES, &arena, &w, NULL), WW_OK);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct mention_article article = {slice_from(cases[i].title), slice_from(cases[i].text),
                                          slice_from(cases[i].language)};
        struct mention_report report;
        struct trace trace;
        struct buf got;

        buf_init(&got, 10000);
        trace_init(&trace, &arena);
        assert_int_equal(mentions_trace(engine, &article, &trace, &arena, &report, NULL), WW_OK);
        describe(&article, &trace, &got);
        if (!slice_equal(buf_slice(&got), slice_from(cases[i].want)))
            fail_msg("%s: got \"%.*s\", want \"%s\"", cases[i].text, SLICE_ARG(buf_slice(&got)),
                     cases[i].want);
        buf_release(&got);
    }
    arena_release(&arena);
}

/* A spelling said more often than is looked at; an item mentioned more often than is kept. */
static void test_limits(void **state)
{
    struct mention_article article = {.title = SLICE(""), .language = SLICE("en")};
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;
    struct mention_report report;
    struct trace trace;
    struct buf text;
    size_t n[GATE_COUNT] = {0};

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&text, 1000000);
    for (size_t i = 0; i < MENTIONS_NAME_MAX + 7; i++)
        buf_add_string(&text, "Dam failure in Oldmoor. ");
    article.text = buf_slice(&text);
    assert_int_equal(watchlist_read(GATES, &arena, &w, NULL), WW_OK);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    trace_init(&trace, &arena);
    assert_int_equal(mentions_trace(engine, &article, &trace, &arena, &report, NULL), WW_OK);
    for (size_t i = 0; i < trace.n_names; i++)
        n[trace.names[i].gate]++;
    assert_int_equal(report.n_mentions, MENTIONS_MAX);
    assert_int_equal(n[GATE_NONE], MENTIONS_MAX);
    assert_int_equal(n[GATE_ITEM_LIMIT], MENTIONS_NAME_MAX - MENTIONS_MAX);
    assert_int_equal(n[GATE_NAME_LIMIT], 7);
    assert_int_equal(trace.n_more, 0);
    while (text.len < 24 * (TRACE_ROWS_MAX + 5))
        buf_add_string(&text, "Dam failure in Oldmoor. ");
    article.text = buf_slice(&text);
    trace_init(&trace, &arena);
    assert_int_equal(mentions_trace(engine, &article, &trace, &arena, &report, NULL), WW_OK);
    assert_int_equal(trace.n_names, TRACE_ROWS_MAX);
    assert_int_equal(trace.n_more, 10); /* names and terms */
    buf_release(&text);
    arena_release(&arena);
}

/* Sixty items, each of them a hundred times. */
static void test_article_limit(void **state)
{
    static const char path[] = "/tmp/wirewatch-gates.XXXXXX";
    char folder[sizeof(path)], name[sizeof(path) + 20];
    struct mention_article article = {.title = SLICE(""), .language = SLICE("en")};
    struct mention_engine *engine;
    struct mention_report report;
    struct trace trace;
    struct arena arena;
    struct watchlist w;
    struct buf text;
    size_t n_over = 0;
    FILE *file;

    WW_UNUSED(state);
    memcpy(folder, path, sizeof(path));
    assert_non_null(mkdtemp(folder));
    (void)snprintf(name, sizeof(name), "%s/stations.csv", folder);
    file = fopen(name, "w");
    assert_non_null(file);
    (void)fputs("id,site,kind,aliases\n", file);
    buf_init(&text, 1000000);
    for (int i = 0; i < 60; i++) {
        (void)fprintf(file, "i%d,i%d,dam,Mill Pond%d\n", i, i, i);
        for (int k = 0; k < MENTIONS_MAX; k++)
            buf_printf(&text, "Mill Pond%d. ", i);
    }
    assert_int_equal(fclose(file), 0);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read(folder, &arena, &w, NULL), WW_OK);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    trace_init(&trace, &arena);
    article.text = buf_slice(&text);
    assert_int_equal(mentions_trace(engine, &article, &trace, &arena, &report, NULL), WW_OK);
    assert_int_equal(report.n_mentions, MENTIONS_ARTICLE_MAX);
    for (size_t i = 0; i < trace.n_names; i++)
        n_over += trace.names[i].gate == GATE_ARTICLE_LIMIT;
    assert_int_equal(n_over, 60 * MENTIONS_MAX - MENTIONS_ARTICLE_MAX);
    assert_int_equal(unlink(name), 0);
    assert_int_equal(rmdir(folder), 0);
    buf_release(&text);
    arena_release(&arena);
}

/* Whoever asks why gets the same mentions as whoever does not. */
static void test_same_report(void **state)
{
    struct mention_article article = {SLICE("Dam failure"),
                                      SLICE("A dam failure in Oldmoor and Newmoor, on the Tern. "
                                            "The Tern Valley Authority and Great Town."),
                                      SLICE("en")};
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;
    struct mention_report a, b;
    struct trace trace;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read(GATES, &arena, &w, NULL), WW_OK);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    trace_init(&trace, &arena);
    assert_int_equal(mentions_trace(engine, &article, &trace, &arena, &a, NULL), WW_OK);
    assert_int_equal(mentions_find(engine, &article, &arena, &b, NULL), WW_OK);
    assert_int_equal(a.n_mentions, 3);
    assert_int_equal(a.n_mentions, b.n_mentions);
    assert_int_equal(a.n_candidates, b.n_candidates);
    for (size_t i = 0; i < a.n_mentions; i++) {
        assert_ptr_equal(a.mentions[i].item, b.mentions[i].item);
        assert_int_equal(a.mentions[i].at.start, b.mentions[i].at.start);
    }
    arena_release(&arena);
}

static void test_names_of_gates(void **state)
{
    WW_UNUSED(state);
    for (enum gate g = GATE_NONE; g < GATE_COUNT; g++) {
        assert_non_null(gate_name(g));
        assert_non_null(gate_text(g));
        assert_non_null(gate_needs(g));
        for (enum gate other = GATE_NONE; other < g; other++)
            assert_string_not_equal(gate_name(g), gate_name(other));
    }
}

static void test_out_of_memory(void **state)
{
    struct mention_article article = {SLICE("Dam failure"),
                                      SLICE("In Oldmoor Gazette and Newmoor, on the Tern. Lakeside "
                                            "of Ohio. A sea wall."),
                                      SLICE("en")};
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;
    bool is_done = false;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read(GATES, &arena, &w, NULL), WW_OK);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    for (long n = 1; n < 1000 && !is_done; n++) {
        struct arena page, own;
        struct mention_report report;
        struct trace trace;
        enum ww_status status;

        arena_init(&page, ARENA_MAX);
        arena_init(&own, ARENA_MAX);
        trace_init(&trace, &own);
        mem_fail_after(n);
        status = mentions_trace(engine, &article, &trace, &page, &report, NULL);
        mem_fail_after(0);
        is_done = status == WW_OK;
        assert_true(is_done || status == WW_NOMEM);
        arena_release(&page);
        arena_release(&own);
    }
    assert_true(is_done);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gates),          cmocka_unit_test(test_limits),
        cmocka_unit_test(test_article_limit),  cmocka_unit_test(test_same_report),
        cmocka_unit_test(test_names_of_gates), cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
