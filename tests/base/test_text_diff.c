/* test_text_diff.c - rows, pieces and facts of two texts, in many languages, and bounded work. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/diff_numerals.h"
#include "base/diff_words.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text_diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

static struct text_diff compare(struct arena *arena, const char *language, const char *before,
                                const char *after)
{
    static const struct slice words[] = {
        {"closed",   6},
        {"denied",   6},
        {"charg~",   6},
        {"set free", 8}
    };
    const struct text_diff_options options = {slice_from(language), words, WW_COUNT(words)};
    const struct text_diff_source a = {.text = slice_from(before)}, b = {.text = slice_from(after)};
    struct text_diff d;

    assert_int_equal(text_diff(&a, &b, &options, arena, &d, NULL), WW_OK);
    return d;
}

static void add_pieces(const struct text_diff *d, const struct text_diff_row *row, struct buf *out)
{
    static const char *const marks[][2] = {
        {"",   ""  },
        {"[-", "-]"},
        {"{+", "+}"}
    };

    for (size_t i = row->first_piece; i < row->first_piece + row->n_pieces; i++) {
        const struct text_diff_piece *p = &d->pieces[i];

        buf_add_string(out, marks[p->kind][0]);
        buf_add(out, p->kind == PIECE_REMOVED ? text_diff_before(d, row->part, p->before)
                                              : text_diff_after(d, row->part, p->after));
        buf_add_string(out, marks[p->kind][1]);
    }
}

/* One line: rows with | between, a mark before each but the same ones, which are an =. */
static void render(const struct text_diff *d, struct buf *out)
{
    static const char marks[] = {'=', '>', '~', '-', '+'};

    for (size_t i = 0; i < d->n_rows; i++) {
        const struct text_diff_row *row = &d->rows[i];

        if (i > 0)
            buf_add_string(out, "|");
        buf_add(out, slice_of(&marks[row->kind], 1));
        if (row->part == DIFF_DATELINE)
            buf_add_string(out, "dateline ");
        if (row->kind == DIFF_CHANGED)
            add_pieces(d, row, out);
        else if (row->kind == DIFF_REMOVED)
            buf_add(out, text_diff_before(d, row->part, row->before));
        else if (row->kind != DIFF_SAME)
            buf_add(out, text_diff_after(d, row->part, row->after));
    }
}

static void render_facts(const struct text_diff *d, struct buf *out)
{
    for (size_t i = 0; i < d->n_facts; i++)
        buf_printf(out, "%s%s %.*s>%.*s", i > 0 ? "|" : "", text_diff_fact_kinds[d->facts[i].kind],
                   SLICE_ARG(d->facts[i].before), SLICE_ARG(d->facts[i].after));
}

/* What holds for any two texts: every byte of a sentence in one piece, rows and offsets in order.
 */
static void check_whole(const struct text_diff *d, const char *name)
{
    for (size_t i = 0; i < d->n_rows; i++) {
        const struct text_diff_row *row = &d->rows[i];
        uint32_t a = row->before.start, b = row->after.start;

        for (size_t k = row->first_piece; k < row->first_piece + row->n_pieces; k++) {
            const struct text_diff_piece *p = &d->pieces[k];

            if (p->before.start != a || p->after.start != b || p->before.end < a ||
                p->after.end < b)
                fail_msg("%s: row %zu, piece %zu leaves a hole", name, i, k);
            a = p->before.end;
            b = p->after.end;
        }
        if (row->kind == DIFF_CHANGED && (a != row->before.end || b != row->after.end))
            fail_msg("%s: row %zu: pieces end at %u and %u", name, i, a, b);
    }
}

struct example {
    const char *name, *language, *before, *after, *rows, *facts;
};

static void run(const struct example *e)
{
    struct arena arena;
    struct buf rows, facts;
    struct text_diff d;

    arena_init(&arena, ARENA_MAX);
    buf_init(&rows, 100000);
    buf_init(&facts, 100000);
    d = compare(&arena, e->language, e->before, e->after);
    check_whole(&d, e->name);
    render(&d, &rows);
    render_facts(&d, &facts);
    if (e->rows != NULL && !slice_equal(buf_slice(&rows), slice_from(e->rows)))
        fail_msg("%s: rows\n%.*s\nnot\n%s", e->name, SLICE_ARG(buf_slice(&rows)), e->rows);
    if (e->facts != NULL && !slice_equal(buf_slice(&facts), slice_from(e->facts)))
        fail_msg("%s: facts\n%.*s\nnot\n%s", e->name, SLICE_ARG(buf_slice(&facts)), e->facts);
    buf_release(&rows);
    buf_release(&facts);
    arena_release(&arena);
}

static void test_rows(void **state)
{
    static const struct example cases[] = {
        {"the same",              "en", "One is here. Two.",                                                "One is here. Two.",                        "=|=",                                                                 ""            },
        {"nothing",               "en", "",                                                                 "",                                         "",                                                                    ""            },
        {"from nothing",          "en", "",                                                                 "One is here.",                             "+One is here.",                                                       ""            },
        {"to nothing",            "en", "One is here.",                                                     "",                                         "-One is here.",                                                       ""            },
        {"a word",                "en", "The pier is shut now.",                                            "The pier is open now.",
         "~The pier is [-shut-]{+open+} now.",                                                                                                                                                                                 ""            },
        {"a word more",           "en", "The pier is shut.",                                                "The old pier is shut.",
         "~The {+old +}pier is shut.",                                                                                                                                                                                         ""            },
        {"more at the end",       "en", "It rained for days.",                                              "It rained for days on us.",
         "~It rained for days{+ on us+}.",                                                                                                                                                                                     ""            },
        {"added",                 "en", "One is here. Three is not.",                                       "One is here. Now two came. Three is not.",
         "=|+Now two came.|=",                                                                                                                                                                                                 ""            },
        {"removed",               "en", "One is here. Now two came. Three is not.",                         "One is here. Three is not.",
         "=|-Now two came.|=",                                                                                                                                                                                                 ""            },
        {"moved",                 "en", "One is here. Two is too. Three came late.",
         "Three came late. One is here. Two is too.",                                                                                                   ">Three came late.|=|=",                                               ""            },
        {"another sentence",      "en", "A b c d. The mayor rode a horse to work.",
         "A b c d. Nobody knows what became of it.",                                                                                                    "=|-The mayor rode a horse to work.|+Nobody knows what became of it.", ""            },
        {"a sentence within one", "en", "The pier is shut today.",
         "The pier is shut today, said the mayor of the town, who had come by boat that morning.",                                                      NULL,                                                                  ""            },
        {"repeated lines",        "en", "a b.\na b.\na b.\nc d.\n",                                         "a b.\na b.\nc d.\na b.\n",
         "=|=|=|>a b.",                                                                                                                                                                                                        ""            },
        {"dateline",              "en", "PORTO, Oct 21 (Wire) - The pier was shut on Friday by the mayor.",
         "LISBON, Oct 22 (Wire) - The pier was shut on Friday by the mayor.",                                                                           "~dateline [-PORTO-]{+LISBON+}, Oct [-21-]{+22+} (Wire) - |=",         ""            },
        {"a line in capitals",    "en", "PORTO (Wire)\nIt was shut.",                                       "LISBON (Wire)\nIt was shut.",
         "~[-PORTO-]{+LISBON+} (Wire)|=",                                                                                                                                                                                      NULL          },
        {"no dateline",           "en", "The mayor - of all people - was there at 12.",
         "The mayor - of all people - was there at 14.",                                                                                                "~The mayor - of all people - was there at [-12-]{+14+}.",             "number 12>14"},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        run(&cases[i]);
}

/* What no reader would call a change. */
static void test_same(void **state)
{
    static const struct example cases[] = {
        {"case",                 "en", "The Pier IS shut.",              "the pier is shut.",             "=", ""},
        {"quotes",               "en", "\"The pier\" is shut.",          "“The pier” is shut!",       "=", ""},
        {"spacing",              "en", "The pier  is\tshut.",            "The pier is shut.",             "=", ""},
        {"width",                "ja", "ＡＢＣが来た。",          "ABCが来た。",               "=", ""},
        {"Traditional",          "zh", "港口關閉了。",             "港口关闭了。",            "=", ""},
        {"soft hyphen",          "en", "The gov\u00ADern\u00ADment.",    "The government.",               "=", ""},
        {"accents",              "es", "Marta Diaz vino.",               "Marta Díaz vino.",             "=", ""},
        {"thousands",            "en", "He saw 1,200 of 12.300.400.",    "He saw 1 200 of 12 300 400.",   "=", ""},
        {"Swiss thousands",      "de", "Es waren 1'200.",                "Es waren 1\u202F200.",          "=", ""},
        {"decimals",             "de", "Es waren 3.5 km.",               "Es waren 3,50 km.",             "=", ""},
        {"million",              "en", "It cost 17m.",                   "It cost 17 million.",           "=", ""},
        {"million in figures",   "en", "It cost 1.5 million.",           "It cost 1,500,000.",            "=", ""},
        {"Milliarde",            "de", "Es kostete 2 Mrd Euro.",         "Es kostete 2 Milliarden Euro.", "=", ""},
        {"time",                 "en", "It closed at 8:12.",             "It closed at 08:12.",           "=", ""},
        {"date",                 "en", "On 21.10.2022 it shut.",         "On 21/10/2022 it shut.",        "=", ""},
        {"unit written onto it", "en", "It is 5km long.",                "It is 5 km long.",              "=", ""},
        {"Arabic digits",        "ar", "جاء ١٢ رجلا",           "جاء 12 رجلا",            "=", ""},
        {"Han numeral",          "zh", "有十二家商店。",          "有12家商店。",             "=", ""},
        {"Han numeral of many",  "zh", "有三万五千零二十人。", "有35,020人。",               "=", ""},
        {"Han year",             "zh", "二〇二二年关闭。",       "2022年关闭。",              "=", ""},
        {"wan",                  "zh", "有1.2万人。",                "有12000人。",                "=", ""},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        run(&cases[i]);
}

static void test_numbers(void **state)
{
    static const struct example cases[] = {
        {"with what it counts",       "en", "He said 12 stations were open.",
         "He said 14 stations were open.",                                                                                                                NULL,                  "number 12 stations>14 stations"},
        {"written otherwise",         "en", "The tower is 17m tall.",                          "The tower is 17 metres tall.",                            NULL,
         ""                                                                                                                                                                                                      },
        {"per cent as a word",        "en", "He has 12% of it.",                               "He has 12 percent of it.",                                NULL,                  ""                              },
        {"currency",                  "en", "He paid $12 for it.",                             "He paid €12 for it.",                                   NULL,                  "number $12>€12"              },
        {"minus",                     "en", "It was -5 degrees there.",                        "It was 5 degrees there.",                                 NULL,
         "number -5 degrees>5 degrees"                                                                                                                                                                           },
        {"a year",                    "en", "It was opened in 2021 by him.",                   "It was opened in 2022 by him.",                           NULL,
         "number 2021>2022"                                                                                                                                                                                      },
        {"moved",                     "en", "On 5 May, 12 people came to it.",                 "Then 12 people came to it on 5 May.",
         NULL,                                                                                                                                                                   ""                              },
        {"one more",                  "en", "The men came to town.",                           "The 12 men came to town.",                                NULL,                  "number >12"                    },
        {"one that stands elsewhere", "en", "All 12 left. The men came to town.",
         "All 12 left. The 12 men came to town.",                                                                                                         NULL,                  ""                              },
        {"ordinals",                  "en", "The 21st man came to town.",                      "The 22nd man came to town.",                              NULL,
         "number 21st>22nd"                                                                                                                                                                                      },
        {"millions",                  "ru", "Там было 12 участков вчера.", "Там было 1,2 млн участков вчера.", NULL,
         "number 12 участков>1,2 млн участков"                                                                                                                                                },
        {"Arabic",                    "ar", "جاء ١٢ رجلا الى البيت",          "جاء ١٤ رجلا الى البيت",                  NULL,
         "number ١٢ رجلا>١٤ رجلا"                                                                                                                                                                    },
        {"Chinese",                   "zh", "港口有十二家商店关闭。",               "港口有十四家商店关闭。",                       NULL,
         "number 十二家>十四家"                                                                                                                                                                            },
        {"one Han numeral",           "zh", "港口有两家商店关闭。",                  "港口有三家商店关闭。",                          NULL,
         "number 两家>三家"                                                                                                                                                                                  },
        {"in a word",                 "zh", "港口有一些人来了。",                     "港口有十分人来了。",                             NULL,                  ""                              },
        {"a unit that changed",       "en", "It was 5km long then.",                           "It was 5mi long then.",
         "~It was 5[-km-]{+mi+} long then.",                                                                                                                                     ""                              },
        {"in another order",          "en", "There were 12 men, 14 women and a dog.",
         "There were 14 women, 12 men and a dog.",                                                                                                        NULL,                  ""                              },
        {"a line of its own",         "en", "Open stations\n12\nClosed stations\n3\n",
         "Open stations\n14\nClosed stations\n3\n",                                                                                                       "=|~[-12-]{+14+}|=|=", "number 12>14"                  },
        {"of a dateline",             "en", "The pier was shut by the mayor.",
         "PORTO, Oct 21 (Wire) - The pier was shut by the mayor.",                                                                                        NULL,                  ""                              },
        {"of a dateline inside",      "zh", "第一行。\n港口有很多商店关闭。",
         "第一行。\n某社北方10月16日电（记者）港口有很多商店关闭。",                                                             NULL,                  ""                              },
        {"decimals in a list",        "en", "He saw 1, 2, 3 of them.",                         "He saw 1, 2, 4 of them.",                                 NULL,
         "number 3>4"                                                                                                                                                                                            },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        run(&cases[i]);
}

#define GERMAN                                                                                   \
    "Am Abend kamen die Beamten mit dem Bus in die Stadt und sahen den Schaden an der Brücke. " \
    "Die Leitung der Behörde wollte am Morgen keine Auskunft über den Vorgang geben. "

static void test_names(void **state)
{
    static const struct example cases[] = {
        {"last name",             "en", "Marta Díaz denied all of it.",                        "Marta Vidal denied all of it.",                  NULL,
         "name Marta Díaz>Marta Vidal"                                                                                                                                                  },
        {"both",                  "cs", "Podle policie Jan Novák nic nevěděl.",
         "Podle policie Jana Nováková nic nevěděla.",                                                                                         NULL, "name Jan Novák>Jana Nováková"},
        {"particle",              "en", "So Jan de Vries was there, so with a dog.",
         "So Piet de Boer was there, so with a dog.",                                                                                             NULL, "name Jan de Vries>Piet de Boer" },
        {"first word",            "en", "Men sat in town today.",                               "Women sat in town today.",                       NULL, ""                               },
        {"first word, known",     "en", "Díaz sat in town then. Then Díaz left it for good.",
         "Vidal sat in town then. Then Vidal left it for good.",                                                                                  NULL,
         "name Díaz>Vidal|name Díaz>Vidal"                                                                                                                                             },
        {"one for none",          "en", "A man sat in town with Ann today.",
         "A man sat in town with them today.",                                                                                                    NULL, ""                               },
        {"weekday",               "en", "It was shut on Monday by them.",                       "It was shut on Tuesday by them.",                NULL,
         "date Monday>Tuesday"                                                                                                                                                           },
        {"month",                 "es", "El muelle cerró en octubre pasado.",                  "El muelle cerró en enero pasado.",
         NULL,                                                                                                                                          "date octubre>enero"             },
        {"headline",              "en", "Police Close Twelve Of The Stations In Town",
         "Police Close Twelve Of The Stations In Port",                                                                                           NULL, ""                               },
        {"German noun",           "de", "Gestern ging der Lehrer nach Hause.",
         "Gestern ging der Bäcker nach Hause.",                                                                                                  NULL, ""                               },
        {"German name",           "de", "Gestern ging Peter Müller nach Hause.",
         "Gestern ging Peter Meier nach Hause.",                                                                                                  NULL, "name Peter Müller>Peter Meier" },
        {"nouns by their number", "",   GERMAN "Gestern ging der Lehrer nach Hause.",
         GERMAN "Gestern ging der Bäcker nach Hause.",                                                                                           NULL, ""                               },
        {"Chinese",               "zh", "王小明周二说港口关闭。",                    "李小红周二说港口关闭。",              NULL,
         "name 王小明>李小红"                                                                                                                                                      },
        {"Korean",                "ko", "김철수가 항구를 닫았다고 말했다.",       "박영희가 항구를 닫았다고 밝혔다.",
         NULL,                                                                                                                                          "name 김철수>박영희"       },
        {"hiragana",              "ja", "港は火曜日にとても静かだった。",        "港は火曜日にかなり静かだった。",  NULL,
         ""                                                                                                                                                                              },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        run(&cases[i]);
}

static void test_statuses(void **state)
{
    static const struct example cases[] = {
        {"of the caller",          "en", "The pier is closed to all of us.",
         "The pier is open to all of us.",                                                                                                          NULL, "status closed>"   },
        {"one for another",        "en", "He was charged on Monday.",                      "He was set free on Monday.",                            NULL,
         "status charged>set free"                                                                                                                                           },
        {"moved",                  "en", "The closed pier is there.",                      "The pier there is closed.",                             NULL, ""                 },
        {"not",                    "en", "He did say so to us.",                           "He did not say so to us.",                              NULL, "status >not"      },
        {"never for not",          "en", "He did not say so.",                             "He did never say so.",                                  NULL, ""                 },
        {"isn't",                  "en", "It isn't true that he left.",                    "It is true that he left.",                              NULL,
         "status isn't>"                                                                                                                                                     },
        {"French",                 "fr", "Le maire dit qu'il est parti.",                  "Le maire dit qu'il n'est pas parti.",
         NULL,                                                                                                                                            "status >pas"      },
        {"no of another language", "pt", "Ele mora aqui na cidade.",                       "Ele mora aqui no cidade.",
         NULL,                                                                                                                                            ""                 },
        {"German",                 "de", "Er war gestern dort.",                           "Er war gestern nicht dort.",                            NULL,
         "status >nicht"                                                                                                                                                     },
        {"Chinese",                "zh", "港口的商店已经关闭。",                 "港口的商店没有关闭。",                        NULL, NULL               },
        {"Chinese, no denial",     "zh", "港口有很多商店关闭。",                 "港口有不少商店关闭。",                        NULL,
         "name 很多>不少"                                                                                                                                                },
        {"Japanese",               "ja", "港を閉鎖した。",                          "港を閉鎖しなかった。",                        NULL, "status >なかっ"},
        {"Arabic",                 "ar", "قال إن الميناء مغلق اليوم", "قال إن الميناء ليس مغلق اليوم", NULL,
         "status >ليس"                                                                                                                                                    },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        run(&cases[i]);
}

/* A title is compared with the title, whatever it says, and its names are known from the text. */
static void test_titles(void **state)
{
    const struct text_diff_source a = {SLICE("Marta Vidal In Court"),
                                       SLICE("Then Marta Vidal came.")};
    const struct text_diff_source b = {SLICE("Nobody knows"), SLICE("Then Marta Vidal came.")};
    const struct text_diff_options options = {.n_words = 0};
    struct arena arena;
    struct text_diff d;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(text_diff(&a, &b, &options, &arena, &d, NULL), WW_OK);
    assert_int_equal(d.n_rows, 2);
    assert_int_equal(d.rows[0].kind, DIFF_CHANGED);
    assert_int_equal(d.rows[0].part, DIFF_TITLE);
    assert_int_equal(d.rows[1].kind, DIFF_SAME);
    assert_int_equal(d.rows[1].before_sentence, 2);
    assert_true(text_diff_differs(&d));
    arena_release(&arena);
}

/* text over and over, up to n bytes. */
static struct slice repeat(struct arena *arena, const char *text, size_t n)
{
    const size_t len = strlen(text);
    char *out = arena_alloc(arena, n + len);
    size_t at = 0;

    assert_non_null(out);
    for (; at + len <= n; at += len)
        memcpy(out + at, text, len);
    return slice_of(out, at);
}

/* More words of a title differ than are followed: it is still one change, and said to be coarse. */
static void test_long_titles(void **state)
{
    const struct text_diff_options options = {.n_words = 0};
    struct text_diff_source a = {.text = SLICE("One.")}, b = {.text = SLICE("One.")};
    struct arena arena;
    struct text_diff d;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    a.title = slice_trim(repeat(&arena, "a ", TEXT_DIFF_EDITS_MAX + 2));
    b.title = slice_trim(repeat(&arena, "b ", TEXT_DIFF_EDITS_MAX + 2));
    assert_int_equal(text_diff(&a, &b, &options, &arena, &d, NULL), WW_OK);
    assert_true(d.is_coarse);
    assert_int_equal(d.rows[0].kind, DIFF_CHANGED);
    assert_int_equal(d.rows[0].n_pieces, 2);
    check_whole(&d, "long titles");
    b.title = repeat(&arena, "b ", TEXT_DIFF_EDITS_MAX - 4);
    assert_int_equal(text_diff(&a, &b, &options, &arena, &d, NULL), WW_OK);
    assert_false(d.is_coarse);
    arena_release(&arena);
}

/* ---- hostile texts --------------------------------------------------------------------------- */

#define BIG_BYTES ((size_t)ARTICLE_TEXT_MAX_BYTES)

static struct text_diff compare_big(struct arena *arena, struct slice before, struct slice after)
{
    const struct text_diff_options options = {.n_words = 0};
    const struct text_diff_source a = {.text = before}, b = {.text = after};
    struct text_diff d;

    assert_int_equal(text_diff(&a, &b, &options, arena, &d, NULL), WW_OK);
    check_whole(&d, "big");
    return d;
}

static void test_identical_lines(void **state)
{
    struct arena arena;
    struct text_diff d;
    struct slice a, b;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    a = repeat(&arena, "The same line.\n", (size_t)180000 * 15);
    b = repeat(&arena, "The same line.\n", (size_t)179998 * 15);
    d = compare_big(&arena, a, b);
    assert_int_equal(d.n_of[DIFF_SAME], 179998);
    assert_int_equal(d.n_of[DIFF_REMOVED], 2);
    assert_int_equal(d.n_rows, 180000);
    assert_false(d.is_coarse);
    arena_release(&arena);
}

/* Nothing in common, one endless word, one endless sentence, more sentences than are counted. */
static void test_bounded(void **state)
{
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"a.\n",   "b.\n" },
        {"a ",     "b "   },
        {"aaaa",   "bbbb" },
        {"中文", "字"  },
        {"1 ",     "2,"   },
        {"A b. ",  "B a. "},
        {"\n \n",  "--- " },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct text_diff d;
        struct slice a, b;

        arena_init(&arena, ARENA_MAX);
        a = repeat(&arena, cases[i].before, i == 0 ? BIG_BYTES : BIG_BYTES / 16);
        b = repeat(&arena, cases[i].after, i == 0 ? BIG_BYTES : BIG_BYTES / 16);
        d = compare_big(&arena, a, b);
        if (d.n_rows > 2 * (size_t)TEXT_DIFF_SENTENCES_MAX || d.n_facts > TEXT_DIFF_FACTS_MAX)
            fail_msg("case %zu: %zu rows, %zu facts", i, d.n_rows, d.n_facts);
        d = compare_big(&arena, a, a);
        if (text_diff_differs(&d))
            fail_msg("case %zu differs from itself", i);
        arena_release(&arena);
    }
}

/* Sentences that all differ and all are alike: too many to be paired, and said so. */
static void test_coarse(void **state)
{
    struct buf a, b;
    struct arena arena;
    struct text_diff d;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&a, BIG_BYTES);
    buf_init(&b, BIG_BYTES);
    for (unsigned i = 0; i <= TEXT_DIFF_GAP_MAX; i++) {
        buf_printf(&a, "It was day %u of the flood in town.\n", i);
        buf_printf(&b, "It was day %u of the flood in town.\n", i + 1000);
    }
    d = compare_big(&arena, buf_slice(&a), buf_slice(&b));
    assert_true(d.is_coarse);
    assert_int_equal(d.n_of[DIFF_REMOVED], TEXT_DIFF_GAP_MAX + 1);
    d = compare_big(&arena, slice_skip(buf_slice(&a), slice_find_char(buf_slice(&a), '\n') + 1),
                    slice_skip(buf_slice(&b), slice_find_char(buf_slice(&b), '\n') + 1));
    assert_false(d.is_coarse);
    assert_int_equal(d.n_of[DIFF_CHANGED], TEXT_DIFF_GAP_MAX);
    assert_int_equal(d.n_facts, TEXT_DIFF_GAP_MAX);
    buf_release(&a);
    buf_release(&b);
    arena_release(&arena);
}

/* More edits than are followed at once, between sentences that stand once: each is found. */
static void test_anchors(void **state)
{
    struct buf a, b;
    struct arena arena;
    struct text_diff d;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&a, BIG_BYTES);
    buf_init(&b, BIG_BYTES);
    for (unsigned i = 0; i < 2 * TEXT_DIFF_EDITS_MAX; i++) {
        buf_printf(&a, "Line %u stays as it was.\nBefore were x%u and y%u.\n", i, i, i);
        buf_printf(&b, "Line %u stays as it was.\nNow come q%u, r%u, s%u.\n", i, i, i, i);
    }
    d = compare_big(&arena, buf_slice(&a), buf_slice(&b));
    assert_false(d.is_coarse);
    assert_int_equal(d.n_of[DIFF_SAME], 2 * TEXT_DIFF_EDITS_MAX);
    assert_int_equal(d.n_of[DIFF_MOVED], 0);
    assert_int_equal(d.n_of[DIFF_ADDED], 2 * TEXT_DIFF_EDITS_MAX);
    buf_release(&a);
    buf_release(&b);
    arena_release(&arena);
}

/* Each allocation fails once: it is said, and nothing is lost. */
static void test_no_memory(void **state)
{
    const struct text_diff_options options = {.language = SLICE("en")};
    const struct text_diff_source a = {SLICE("A title of 12 words"),
                                       SLICE("One is here. Two men came. Three of them left.")};
    const struct text_diff_source b = {SLICE("A title of 14 words"),
                                       SLICE("Two women came. One is here. Four of them left.")};
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (unsigned n = 1; status != WW_OK; n++) {
        struct arena arena;
        struct text_diff d;

        arena_init(&arena, ARENA_MAX);
        mem_fail_after(n);
        status = text_diff(&a, &b, &options, &arena, &d, NULL);
        mem_fail_after(0);
        if (status != WW_OK && status != WW_NOMEM)
            fail_msg("allocation %u: status %d", n, status);
        arena_release(&arena);
    }
}

static void test_tables(void **state)
{
    WW_UNUSED(state);
    assert_true(diff_numerals_are_sorted());
    assert_true(diff_status_is_sorted());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_identical_lines),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_coarse),
        cmocka_unit_test(test_long_titles),
        cmocka_unit_test(test_anchors),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
