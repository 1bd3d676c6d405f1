/* test_looked_at.c - what might have stopped a mention, in the lines that are stored with it. */
#include "alerts/looked_at.h"

#include "alerts/mentions.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)1024 * 1024 * 1024)
#define COMMON                                                                          \
    "hidden: no longer name over it\nveto: no phrase over it in which no name counts\n" \
    "links: its sentence is no line of links and no caption\n"
#define PLACE COMMON "dateline: no\nphrase-veto: none around it\n"
#define STRONG "term: a strong term"

static void test_lines(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"The Oldmoor Barrage turns fifty.",
         "alone: the name counts without a term; no condition is asked"                                                                 },
        {"A dam failure in Oldmoor.",
         PLACE STRONG "\nfollowed: not by Gazette\nphrase: not in Oldmoor Rovers"                                                       },
        {"A dam failure in \uFF2Fldmoor.",
         "letters: written with wide or mathematical letters\n" PLACE STRONG
         "\nfollowed: not by Gazette\nphrase: not in Oldmoor Rovers"                                                                    },
        {"The Oldm\u043Eor Barrage turns fifty.",
         "letters: written with look-alike letters of another script\n"
         "alone: the name counts without a term; no condition is asked"                                                                 },
        {"A dam failure in Old Moor.",                            "language: the name is en, the article en\n" PLACE STRONG
                                       "\nfollowed: not by Gazette\nphrase: not in Oldmoor Rovers"},
        {"The river sluice in Saint-Aubin is shut.",
         PLACE "term: a weak term, with a word beside it that says whose"                                                               },
        {"A dam failure, wrote the Tern Valley Authority.",
         "language: the name is en, the article en\n" COMMON STRONG                                                                     },
        {"A dam failure shook Great Town.",
         PLACE STRONG "\nmetonym: nothing of a government around it"                                                                    },
        {"A dam failure, a man in Great Town said.",
         PLACE STRONG "\nmetonym: \"@ said\", but a word like \"in\" before it"                                                         },
        {"A dam failure was feared. Mills closed in Great Town.",
         PLACE "term: in a sentence beside its own, in the same paragraph"
               "\nmetonym: nothing of a government around it, a word like \"in\" before it"                                             },
        {"A dam failure in Lakeside.",                            PLACE STRONG
         "\nnegative: not in the article: Ohio|Wyoming\nsame-sentence: the term is in it"         },
        {"A dam failure in Millbrook, on the river.",
         PLACE STRONG "\npositive: \"river\" is in the article"                                                                         },
        {"A dam failure in Millbrook.",
         PLACE STRONG "\npositive: none of river|Tern in the article, but a word like \"in\" before"
                      " the name"                                                                                                       },
        {"A dam failure in Fordham, by the river.",
         PLACE STRONG "\nrequire: river|lake within 6 words: \"river\", 2 words away"
                      "\nexclude: none of boat within 30 words"                                                                         },
        {"A dam failure shook Mill Brook.",
         "language: the name is en, the article en\n" PLACE STRONG
         "\npositive: not asked of the spelling \"Mill Brook\""                                                                         },
    };
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;
    struct mention_report report;
    const struct mention_article asks_not = {.title = SLICE("Dam failure in Oldmoor")};

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read("tests/alerts/data/gates", &arena, &w, NULL), WW_OK);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    assert_int_equal(mentions_find(engine, &asks_not, &arena, &report, NULL), WW_OK);
    assert_int_equal(report.mentions[0].looked_at.len, 0);
    mentions_record(engine);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct mention_article article = {
            .title = SLICE(""), .text = slice_from(cases[i].text), .language = SLICE("en")};

        assert_int_equal(mentions_find(engine, &article, &arena, &report, NULL), WW_OK);
        assert_int_equal(report.n_mentions, 1);
        if (!slice_equal(report.mentions[0].looked_at, slice_from(cases[i].want)))
            fail_msg("%s: got \"%.*s\", want \"%s\"", cases[i].text,
                     SLICE_ARG(report.mentions[0].looked_at), cases[i].want);
    }
    arena_release(&arena);
}

/* A list of a thousand phrases is cut, and so is the whole. */
static void test_long(void **state)
{
    struct slice phrases[1000];
    struct watch_condition conditions[20];
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;
    struct mention_article article = {.title = SLICE("Dam failure in Oldmoor"),
                                      .language = SLICE("en")};
    struct mention_report report;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(watchlist_read("tests/alerts/data/gates", &arena, &w, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(phrases); i++)
        phrases[i] = arena_printf(&arena, "Phrase%zu", i);
    for (size_t i = 0; i < WW_COUNT(conditions); i++)
        conditions[i] = (struct watch_condition){CONDITION_PHRASE, phrases, WW_COUNT(phrases)};
    w.places[0].conditions = conditions;
    w.places[0].n_conditions = 1;
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    mentions_record(engine);
    assert_int_equal(mentions_find(engine, &article, &arena, &report, NULL), WW_OK);
    assert_true(slice_ends(report.mentions[0].looked_at, SLICE("|Phrase13|... (1000)")));
    w.places[0].n_conditions = WW_COUNT(conditions);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    mentions_record(engine);
    assert_int_equal(mentions_find(engine, &article, &arena, &report, NULL), WW_OK);
    assert_int_equal(report.mentions[0].looked_at.len, LOOKED_AT_MAX_BYTES);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
