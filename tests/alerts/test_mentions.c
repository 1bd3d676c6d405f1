/* test_mentions.c - the rules, on a beat of dams and floods, and on hostile text. */
#include "alerts/mentions.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)1024 * 1024 * 1024)
#define DAMS "tests/alerts/data/dams"

/* "item:quote:rule" of every mention with spaces between, then "?place" of every candidate. */
static void describe(const struct mention_article *a, const struct mention_report *r,
                     struct buf *out)
{
    for (size_t i = 0; i < r->n_mentions; i++) {
        const struct mention *m = &r->mentions[i];
        struct slice field = m->at.field == MENTION_TITLE ? a->title : a->text;

        buf_printf(out, "%s%.*s:%.*s:%s", out->len > 0 ? " " : "", SLICE_ARG(m->item->id),
                   SLICE_ARG(slice_sub(field, m->at.start, m->at.end - m->at.start)), m->rule);
    }
    for (size_t i = 0; i < r->n_candidates; i++)
        buf_printf(out, "%s?%.*s", out->len > 0 ? " " : "", SLICE_ARG(r->candidates[i].place->id));
}

static void test_rules(void **state)
{
    static const struct {
        const char *name, *language, *title, *text, *want;
    } cases[] = {
        {"same sentence",                     "en",      "",                             "The dam in Oldmoor was breached.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"gap",                               "en",      "",                             "A dam wall was breached in Oldmoor.",                                   "oldmoor:Oldmoor:same-sentence"                                      },
        {"gap too wide",                      "en",      "",                             "A dam that stood since 1890 was breached in Oldmoor.",                  ""                                                                   },
        {"no term",                           "en",      "",                             "A fair was held in Oldmoor.",                                           ""                                                                   },
        {"direct alias alone",                "en",      "",                             "The Oldmoor Barrage turns fifty.",
         "oldmoor:Oldmoor Barrage:alias"                                                                                                                                                                                               },
        {"near alias",                        "en",      "",                             "A dam failure flooded Heron Lane.",
         "oldmoor:Heron Lane:same-sentence"                                                                                                                                                                                            },
        {"near alias alone",                  "en",      "",                             "A bakery opened on Heron Lane.",                                        ""                                                                   },
        {"two sites",                         "en",      "",                             "Dam failures in Oldmoor and Saint-Aubin.",
         "oldmoor:Oldmoor:same-sentence saint-aubin:Saint-Aubin:same-sentence"                                                                                                                                                         },
        {"next sentence",                     "en",      "",                             "A dam failure was feared. Oldmoor was empty.",
         "oldmoor:Oldmoor:next-sentence"                                                                                                                                                                                               },
        {"not said to be there",              "en",      "",                             "A dam failure was feared. Great Town shrugged.",                        ""                                                                   },
        {"said to be there",                  "en",      "",                             "A dam failure was feared. Mills closed in Great Town.",
         "great-town:Great Town:next-sentence"                                                                                                                                                                                         },
        {"said of a list",                    "en",      "",
         "A dam failure was feared. Mills closed in Ayr and Great Town.",                                                                                         "great-town:Great Town:next-sentence"                                },
        {"capital in the sentence",           "en",      "",                             "The Great Town dam failure was feared.",
         "great-town:Great Town:same-sentence"                                                                                                                                                                                         },
        {"said by someone there",             "en",      "",                             "A dam failure, a man in Great Town said.",
         "great-town:Great Town:same-sentence"                                                                                                                                                                                         },
        {"a government that feared",          "en",      "",                             "Great Town feared a dam failure.",                                      ""                                                                   },
        {"governments, and a verb",           "en",      "",                             "Oldmoor and Great Town feared a dam failure.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"a paper's town",                    "en",      "",                             "A dam failure was feared, says \"The Mail of Oldmoor\".",               ""                                                                   },
        {"a quoted town",                     "en",      "",                             "A dam failure was feared in \"Oldmoor\".",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"a government",                      "en",      "",                             "Great Town said a dam failure was feared.",                             ""                                                                   },
        {"no government",                     "en",      "",                             "Oldmoor said a dam failure was feared.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"a comma before the verb",           "en",      "",                             "A dam failure in Great Town, said the mayor.",
         "great-town:Great Town:same-sentence"                                                                                                                                                                                         },
        {"other paragraph",                   "en",      "",                             "A dam failure was feared.\n\nA fair was held in Oldmoor.",
         ""                                                                                                                                                                                                                            },
        {"headline",                          "en",      "A dam failure",                "Mills closed in Oldmoor on Friday.",
         "oldmoor:Oldmoor:headline"                                                                                                                                                                                                    },
        {"headline with a place",             "en",      "A dam failure in Saint-Aubin", "Mills closed in Oldmoor.",
         "saint-aubin:Saint-Aubin:same-sentence"                                                                                                                                                                                       },
        {"two places below a headline",       "en",      "A dam failure",
         "Mills closed in Oldmoor and Saint-Aubin.",                                                                                                              ""                                                                   },
        {"second paragraph below a headline", "en",      "A dam failure",
         "Mills closed.\n\nA fair was held in Oldmoor.",                                                                                                          ""                                                                   },
        {"speech and where it was",           "en",      "",
         "Mills closed in Oldmoor.\n\n\"It was a dam failure,\" a man said.",                                                                                     "oldmoor:Oldmoor:next-sentence"                                      },
        {"no speech",                         "en",      "",                             "Mills closed in Oldmoor.\n\nThen a dam failure was feared.",            ""                                                                   },
        {"weak alone",                        "en",      "",                             "The sluice in Oldmoor is shut.",                                        ""                                                                   },
        {"weak and anchor",                   "en",      "",                             "The river sluice in Oldmoor is shut.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"anchor far away",                   "en",      "",
         "The sluice in Oldmoor that they built for the new mill is by the river.",                                                                               ""                                                                   },
        {"bystander",                         "en",      "",                             "The sluice in Oldmoor drew river boats.",                               ""                                                                   },
        {"bystander in a term",               "en",      "",                             "A dam river boat breached in Oldmoor.",                                 ""                                                                   },
        {"body at home",                      "en",      "",                             "The Tern Valley Authority shut a sluice.",                              ""                                                                   },
        {"body abroad",                       "en",      "",                             "The Tern Valley Authority shut a sluice elsewhere.",
         "tern-authority:Tern Valley Authority:body"                                                                                                                                                                                   },
        {"list",                              "en",      "",
         "Dam failures in the year:\n- Oldmoor, by the mill. Two fled.\n2. Saint-Aubin",                                                                          "oldmoor:Oldmoor:same-sentence saint-aubin:Saint-Aubin:same-sentence"},
        {"list of other things",              "en",      "",                             "Next week:\n- a talk on dam failures\n- Oldmoor fair",
         ""                                                                                                                                                                                                                            },
        {"topical first",                     "en",      "",                             "The wall in Oldmoor holds.",                                            ""                                                                   },
        {"topical later",                     "en",      "",                             "A dam failure was feared.\n\nThe wall in Oldmoor holds.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"topical after the title",           "en",      "Dam failure",                  "The wall in Oldmoor holds.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"veto",                              "en",      "Dam failure",                  "The sea wall in Oldmoor holds.",                                        ""                                                                   },
        {"body",                              "en",      "",                             "A dam failure, said the Tern Valley Authority.",
         "tern-authority:Tern Valley Authority:body"                                                                                                                                                                                   },
        {"body without a term",               "en",      "",                             "Bills, said the Tern Valley Authority.",                                ""                                                                   },
        {"body's place",                      "en",      "",                             "A dam failure on the Tern.",                                            "tern-authority:Tern:body-place"                                     },
        {"body and operation",                "en",      "",                             "The Tern Valley Authority ran Operation Dry Bed.",
         "tern-authority:Tern Valley Authority:body"                                                                                                                                                                                   },
        {"small letters",                     "en",      "",                             "The Tern Valley Authority ran operation dry bed.",                      ""                                                                   },
        {"newspaper",                         "en",      "",                             "A dam failure, wrote the Oldmoor Gazette.",                             ""                                                                   },
        {"newspaper by veto",                 "en",      "",                             "A dam failure, wrote the Oldmoor Chronicle.",                           ""                                                                   },
        {"newspaper hides the shorter name",  "en",      "",
         "A dam failure, wrote the Great Town Mill Chronicle.",                                                                                                   ""                                                                   },
        {"club",                              "en",      "",                             "A dam failure stopped Oldmoor Rovers.",                                 ""                                                                   },
        {"dateline",                          "en",      "",                             "OLDMOOR, Oct 26 (Wire) - A dam failure was feared.",                    ""                                                                   },
        {"agency before the place",           "en",      "",
         "(WIRE) - OLDMOOR, 12 JAN - A dam failure was feared.",                                                                                                  ""                                                                   },
        {"month written small",               "en",      "",
         "Oldmoor, 26 oct 2022 (Wire) \u2013 A dam failure was feared.",                                                                                          ""                                                                   },
        {"two cities before",                 "en",      "",                             "Newmoor/Oldmoor (Wire) - A dam failure was feared.",                    ""                                                                   },
        {"agency written small",              "en",      "",                             "Oldmoor (wire/loc) - A dam failure was feared.",                        ""                                                                   },
        {"no dateline",                       "en",      "",                             "DAM FAILURE IN OLDMOOR - MINISTER",
         "oldmoor:OLDMOOR:same-sentence"                                                                                                                                                                                               },
        {"small place",                       "en",      "",                             "A dam failure near the oldmoor.",                                       ""                                                                   },
        {"upper case",                        "en",      "",                             "DAM FAILURE IN OLDMOOR.",                                               "oldmoor:OLDMOOR:same-sentence"                                      },
        {"cut word",                          "en",      "",                             "A dam failure in Old-\nmoor flooded all.",
         "oldmoor:Old-\nmoor:same-sentence"                                                                                                                                                                                            },
        {"links",                             "en",      "",                             "A fair.\nSee also: Dam failure in Oldmoor\nDam failure in Saint-Aubin",
         ""                                                                                                                                                                                                                            },
        {"links behind a sentence",           "en",      "",                             "A fair. See also: Dam failure in Oldmoor",                              ""                                                                   },
        {"no links",                          "en",      "",                             "See also how the dam failure in Oldmoor ended.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"caption",                           "en",      "",                             "A dam failure in Oldmoor. (Ann Lee/Wire)",                              ""                                                                   },
        {"candidate",                         "en",      "",                             "A dam failure in Newmoor, on the river.",                               "?newmoor"                                                           },
        {"candidate unfit",                   "en",      "",                             "A dam failure shook Newmoor.",                                          ""                                                                   },
        {"candidate located",                 "en",      "",                             "A dam failure in Newmoor.",                                             "?newmoor"                                                           },
        {"country",                           "en",      "",                             "A dam failure in the United Kingdom.",                                  "gb:United Kingdom:country"                                          },
        {"demonym",                           "en",      "",                             "A British dam failure.",                                                "gb:British:country"                                                 },
        {"demonym far away",                  "en",      "",                             "A British paper wrote of a dam failure.",                               ""                                                                   },
        {"French",                            "fr",      "",                             "Rupture de barrage à Saint-Aubin.",
         "saint-aubin:Saint-Aubin:same-sentence"                                                                                                                                                                                       },
        {"Chinese",                           "zh-Hant", "",                             "聖歐班發生潰壩。",                                              "saint-aubin:聖歐班:same-sentence"                                },
        {"stem with an ending",               "cs",      "",                             "Dam failure v Oldmóru.",
         "oldmoor:Oldmóru:same-sentence"                                                                                                                                                                                              },
        {"made up by its label",              "en",      "",                             "Fable: a dam failure in Oldmoor.",                                      ""                                                                   },
        {"made up by its title",              "en",      "FABLE",                        "A dam failure in Oldmoor.",                                             ""                                                                   },
        {"made up by its own words",          "en",      "",                             "A dam failure in Oldmoor. But this is a fable.",
         ""                                                                                                                                                                                                                            },
        {"made up, direct alias",             "en",      "",                             "Fable. The Oldmoor Barrage turns fifty.",                               ""                                                                   },
        {"no label",                          "en",      "",                             "Fable-tellers saw a dam failure in Oldmoor.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"a word within a sentence",          "en",      "",                             "A dam failure in Oldmoor is no fable.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"the sentence goes on",              "en",      "",
         "A dam failure was feared. Another shook the mill. Another was in Oldmoor.",                                                                             "oldmoor:Oldmoor:same-sentence"                                      },
        {"adjective before",                  "en",      "",                             "The brook sluice in Oldmoor is shut.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"adjective behind",                  "en",      "",                             "The sluice in Oldmoor got brook boats.",                                ""                                                                   },
        {"noun far before",                   "en",      "",
         "Dry Land had, as all the papers say, a new sluice in Oldmoor.",                                                                                         "oldmoor:Oldmoor:same-sentence"                                      },
        {"noun of where it came from",        "en",      "",
         "A parcel from Dry Land lay at the sluice in Oldmoor.",                                                                                                  ""                                                                   },
        {"strong in a longer weak one",       "en",      "",                             "A sluice dam failure in Oldmoor.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"combination",                       "en",      "",                             "A river pump in a hut in Oldmoor leaks.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"combination in another order",      "en",      "",                             "The hut for a river pump in Oldmoor leaks.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"combination too wide",              "en",      "",                             "A river pump stands close to a new hut in Oldmoor.",
         ""                                                                                                                                                                                                                            },
        {"combination over a comma",          "en",      "",                             "The hut, river pumps and mills of Oldmoor leak.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"close words over a comma",          "en",      "",                             "By the river, pumps without a hut in Oldmoor leak.",
         ""                                                                                                                                                                                                                            },
        {"combination over a stop",           "en",      "",                             "He saw a river pump! Huts in Oldmoor leak.",                            ""                                                                   },
        {"weak combination",                  "en",      "",                             "A pump hut in Oldmoor leaks.",                                          ""                                                                   },
        {"weak combination and anchor",       "en",      "",                             "A pump hut in Oldmoor is by the river.",
         "oldmoor:Oldmoor:same-sentence"                                                                                                                                                                                               },
        {"word of a class in a veto",         "en",      "",                             "A river pump lay on the shed roof in Oldmoor.",
         ""                                                                                                                                                                                                                            },
        {"body by its place",                 "en",      "",                             "A dam failure, said the trust of the Tern.",
         "tern-authority:trust of the Tern:body"                                                                                                                                                                                       },
        {"body's place far from the word",    "en",      "",                             "Trust in dams fell. The Tern rose.",                                    ""                                                                   },
        {"body in a combination",             "en",      "",
         "The Tern trust left elsewhere, before the winter, the keys of a hut in Oldmoor.",                                                                       "tern-authority:Tern trust:body oldmoor:Oldmoor:same-sentence"       },
        {"veto by combination",               "en",      "",                             "A dam failure, wrote the rowers of Oldmoor.",                           ""                                                                   },
        {"title",                             "en",      "Dam failure in Oldmoor",       "Nothing here.",                                                         "oldmoor:Oldmoor:same-sentence"                                      },
    };
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read(DAMS, &arena, &w, NULL), WW_OK);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct mention_article article = {slice_from(cases[i].title), slice_from(cases[i].text),
                                          slice_from(cases[i].language)};
        struct mention_report report;
        struct buf got;

        buf_init(&got, 10000);
        assert_int_equal(mentions_find(engine, &article, &arena, &report, NULL), WW_OK);
        describe(&article, &report, &got);
        if (!slice_equal(buf_slice(&got), slice_from(cases[i].want)))
            fail_msg("%s: got \"%.*s\", want \"%s\"", cases[i].name, SLICE_ARG(buf_slice(&got)),
                     cases[i].want);
        buf_release(&got);
    }
    arena_release(&arena);
}

static void test_reason(void **state)
{
    struct mention_article article = {SLICE(""), SLICE("Rain. A dam wall was breached in Oldmoor!"),
                                      SLICE("en")};
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;
    struct mention_report report;
    const struct mention *m;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read(DAMS, &arena, &w, NULL), WW_OK);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    assert_int_equal(mentions_find(engine, &article, &arena, &report, NULL), WW_OK);
    assert_int_equal(report.n_mentions, 1);
    m = &report.mentions[0];
    assert_true(slice_equal(m->term, SLICE("dam wall was breached")));
    assert_int_equal(m->term_start, 8);
    assert_int_equal(m->strength, STRENGTH_STRONG);
    assert_int_equal(m->at.sentence_start, 6);
    assert_int_equal(m->at.sentence_end, article.text.len);
    assert_true(slice_equal(m->alias, SLICE("Oldmoor")));
    assert_non_null(mention_rule_text(slice_from(m->rule)));
    assert_null(mention_rule_text(SLICE("no-rule")));
    arena_release(&arena);
}

/* What a hostile page could hold must not cost more than a moment. */
static void test_hostile(void **state)
{
    static const char *const pieces[] = {
        "dam ",
        "Oldmoor ",
        "sluice river ",
        "See also: x\n",
        "- Oldmoor. Old. ",
        "dam failure\n1. Oldmoor\n",
        "(a/b)\n",
        "dam failure in Oldmoor, ",
        "Oldmoor. ",
        "Newmoor dam failure ",
        "The Tern Valley Authority ",
        "Oldmoor Oldmoor Gazette dam failure. ",
    };
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;
    clock_t begun = clock();

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read(DAMS, &arena, &w, NULL), WW_OK);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(pieces); i++) {
        struct mention_article article = {.language = SLICE("en")};
        struct mention_report report;
        struct arena page;
        struct buf text;

        buf_init(&text, 1000000);
        arena_init(&page, ARENA_MAX);
        buf_add_string(&text, "Dam failure. ");
        while (text.len < 300000)
            buf_add_string(&text, pieces[i]);
        article.text = buf_slice(&text);
        assert_int_equal(mentions_find(engine, &article, &page, &report, NULL), WW_OK);
        assert_true(report.n_mentions <= 2000);
        arena_release(&page);
        buf_release(&text);
    }
    /* 3 MB in well under a second; the bound is for sanitizers on a busy machine. */
    assert_true((clock() - begun) / CLOCKS_PER_SEC < 20);
    arena_release(&arena);
}

static void test_out_of_memory(void **state)
{
    struct mention_article article = {SLICE("Dam failure"),
                                      SLICE("A dam failure in Oldmoor and Newmoor, on the Tern. "
                                            "The Tern Valley Authority and Oldmór."),
                                      SLICE("en")};
    struct arena arena;
    struct watchlist w;
    bool is_done = false;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read(DAMS, &arena, &w, NULL), WW_OK);
    for (long n = 1; n < 1000 && !is_done; n++) {
        struct arena page;
        struct mention_engine *engine;
        struct mention_report report;
        enum ww_status status;

        arena_init(&page, ARENA_MAX);
        mem_fail_after(n);
        status = mentions_open(&w, &page, &engine, NULL);
        if (status == WW_OK)
            status = mentions_find(engine, &article, &page, &report, NULL);
        mem_fail_after(0);
        is_done = status == WW_OK;
        assert_true(is_done || status == WW_NOMEM);
        arena_release(&page);
    }
    assert_true(is_done);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_reason),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
