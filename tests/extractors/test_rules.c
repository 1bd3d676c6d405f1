/* test_rules.c - what a person's rules make of a page, and where a wrong rule is wrong. */
#include "extractors/rules.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/date.h"
#include "crawler/parse.h"
#include "extractors/article.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ONE \
    "The harbour office opened again on Monday, two years after the flood, as the mayor had said."
#define TWO                                                                                      \
    "Fishermen said that they had waited long for it, and that the new quay would outlast them " \
    "all."
#define THREE                                                                             \
    "Nobody knows who paid for the granite, which came by ship from a quarry beyond the " \
    "mountains."

#define FOUR \
    "The quarry sent its oldest mason, who cut a date into the last stone and went home on foot."

/* The page says too little of itself for any rule of ours: names mislead, and a box is larger. */
static const char page[] =
    "<html lang=en><head><title>Quay 4 | Harbour Post</title></head><body>"
    "<div class=kopf><b class=h>A quay of granite</b><i class=who>By Mira Tolland and Jan Vos</i>"
    "<span class=when data-x=1>03.04.2023</span><meta class=m content='2023-05-06T07:08:09+02:00'>"
    "</div>"
    "<div class='related one'><p>" ONE "</p><ul class=x><li><a href=/1>A link to a page</a>"
    "<li><a href=/2>One more link</a></ul></div>"
    "<div class=promo><p>" TWO " And again: " TWO " Once more, " TWO " At last, " TWO "</p></div>"
    "<div class='related two'><p>" THREE " " FOUR " " FOUR " " FOUR " " FOUR
    "<a class=more href=/3>More of this</a></p>"
    "<div class=share><p class=keep>Share your memories of the old quay with the museum, "
    "please.</p>"
    "<p>Share this on every network.</p></div></div></body></html>";

/* Through the record, as the crawler does it. */
static enum ww_status extract(const char *rules, const char *html, struct arena *arena,
                              struct article *out, struct ww_error *err)
{
    const struct article_hints hints = {.rules = slice_from(rules), .now = 1763769600};
    struct buf question, answer;
    enum ww_status status;

    buf_init(&question, REQUEST_MAX_BYTES);
    buf_init(&answer, ANSWER_MAX_BYTES);
    parse_request_article(&question, slice_from(html), &hints);
    parse_run(buf_slice(&question), arena, &answer);
    status = parse_answer_article(arena_copy(arena, buf_slice(&answer)), arena, out, err);
    buf_release(&question);
    buf_release(&answer);
    return status;
}

static void test_pages(void **state)
{
    static const struct {
        const char *rules;
        const char *with, *without, *cut; /* NULL: not looked at */
        const char *title, *author, *published;
        enum article_text_source source;
        uint32_t matched;
    } cases[] = {
  /* All matches, in the order of the page; names of elements around them do not count. */
        {"body = .two, .one",                ONE "\n\n" THREE,      TWO,                   "links: A link to a page", NULL,                    NULL,                       NULL,
         ARTICLE_TEXT_RULES,                                                                                                                                                                                 1U << RULE_BODY                    },
        {"body = .two\nbody = .one",         ONE "\n\n" THREE,      TWO,                   NULL,                      NULL,                    NULL,                       NULL,
         ARTICLE_TEXT_RULES,                                                                                                                                                                                 1U << RULE_BODY                    },
 /* An element that is named itself stays, its neighbours do not. */
        {"body = .two, .keep",               "Share your memories", "every network",       "name: Share this on",     NULL,
         NULL,                                                                                                                                                             NULL,         ARTICLE_TEXT_RULES, 1U << RULE_BODY                    },
        {"body = .two",                      THREE,                 "Share your memories", NULL,                      NULL,                    NULL,                       NULL,         ARTICLE_TEXT_RULES,
         1U << RULE_BODY                                                                                                                                                                                                                        },
 /* A part of a paragraph goes, the rest of it stays. */
        {"body = .two\nremove = a.more",     THREE,                 "More of this",        "rule: More of this",      NULL,                    NULL,
         NULL,                                                                                                                                                                           ARTICLE_TEXT_RULES, 1U << RULE_BODY | 1U << RULE_REMOVE},
        {"remove = .promo, .promo p",        NULL,                  TWO,                   "rule: " TWO,              NULL,                    NULL,                       NULL,         ARTICLE_TEXT_PAGE,
         1U << RULE_REMOVE                                                                                                                                                                                                                      },
        {"body = .one, .two\nremove = .one", THREE,                 ONE,                   NULL,                      NULL,                    NULL,                       NULL,         ARTICLE_TEXT_RULES,
         1U << RULE_BODY | 1U << RULE_REMOVE                                                                                                                                                                                                    },
 /* Nothing there, or nothing in it: as without the rule. */
        {"body = .nowhere",                  FOUR,                  NULL,                  NULL,                      NULL,                    NULL,                       NULL,         ARTICLE_TEXT_PAGE,  0                                  },
        {"body = meta",                      FOUR,                  NULL,                  NULL,                      NULL,                    NULL,                       NULL,         ARTICLE_TEXT_PAGE,  0                                  },
 /* Fields: the first that matches and says something. */
        {"title = .h",                       NULL,                  NULL,                  NULL,                      "A quay of granite",     NULL,                       NULL,         ARTICLE_TEXT_PAGE,
         1U << RULE_TITLE                                                                                                                                                                                                                       },
        {"title = .none\ntitle = .h",        NULL,                  NULL,                  NULL,                      "A quay of granite",     NULL,                       NULL,
         ARTICLE_TEXT_PAGE,                                                                                                                                                                                  1U << RULE_TITLE                   },
        {"title = .none",                    NULL,                  NULL,                  NULL,                      "Quay 4 | Harbour Post", NULL,                       NULL,         ARTICLE_TEXT_PAGE,
         0                                                                                                                                                                                                                                      },
        {"author = .who",                    NULL,                  NULL,                  NULL,                      NULL,                    "Mira Tolland and Jan Vos", NULL,
         ARTICLE_TEXT_PAGE,                                                                                                                                                                                  1U << RULE_AUTHOR                  },
        {"date = .when",                     NULL,                  NULL,                  NULL,                      NULL,                    NULL,                       "2023-04-03", ARTICLE_TEXT_PAGE,
         1U << RULE_DATE                                                                                                                                                                                                                        },
        {"date = .m",                        NULL,                  NULL,                  NULL,                      NULL,                    NULL,                       "2023-05-06", ARTICLE_TEXT_PAGE,
         1U << RULE_DATE                                                                                                                                                                                                                        },
        {"date = .m\nremove = .kopf",        NULL,                  NULL,                  NULL,                      NULL,                    NULL,                       "2023-05-06", ARTICLE_TEXT_PAGE,
         1U << RULE_DATE | 1U << RULE_REMOVE                                                                                                                                                                                                    },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct article a;
        struct ww_error err = {0};
        char day[DATE_TEXT_BYTES] = "";

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        if (extract(cases[i].rules, page, &arena, &a, &err) != WW_OK)
            fail_msg("%s: %s", cases[i].rules, err.message);
        if (a.published.precision >= DATE_DAY)
            (void)date_format_day(&a.published, day);
        if (cases[i].with != NULL && !slice_contains(a.text, slice_from(cases[i].with)))
            fail_msg("%s: no \"%s\" in \"%.*s\"", cases[i].rules, cases[i].with, SLICE_ARG(a.text));
        if (cases[i].without != NULL && slice_contains(a.text, slice_from(cases[i].without)))
            fail_msg("%s: \"%s\" in \"%.*s\"", cases[i].rules, cases[i].without, SLICE_ARG(a.text));
        if (slice_contains(a.cut, SLICE("rule: rule:")) || slice_contains(a.text, SLICE("rule:")))
            fail_msg("%s: cut \"%.*s\"", cases[i].rules, SLICE_ARG(a.cut));
        if (cases[i].cut != NULL && !slice_contains(a.cut, slice_from(cases[i].cut)))
            fail_msg("%s: cut \"%.*s\"", cases[i].rules, SLICE_ARG(a.cut));
        if (cases[i].title != NULL && !slice_equal(a.title, slice_from(cases[i].title)))
            fail_msg("%s: title \"%.*s\"", cases[i].rules, SLICE_ARG(a.title));
        if (cases[i].author != NULL && !slice_equal(a.author, slice_from(cases[i].author)))
            fail_msg("%s: author \"%.*s\"", cases[i].rules, SLICE_ARG(a.author));
        if (cases[i].published != NULL &&
            (strcmp(day, cases[i].published) != 0 || a.published_source != ARTICLE_DATE_RULES))
            fail_msg("%s: %s by %s", cases[i].rules, day, article_date_sources[a.published_source]);
        if (a.text_source != cases[i].source || a.rules_matched != cases[i].matched)
            fail_msg("%s: source %d, matched %x", cases[i].rules, (int)a.text_source,
                     (unsigned)a.rules_matched);
        arena_release(&arena);
    }
}

/* Short text by a rule is not replaced by what the page's data say. */
static void test_data_do_not_outbid(void **state)
{
    static const char html[] =
        "<script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"The "
        "quay\",\"articleBody\":\"" ONE " " TWO " " THREE " " ONE " " TWO
        "\"}</script><div class=b><p>The quay is open.</p></div>";
    struct arena arena;
    struct article a;
    struct ww_error err = {0};

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(extract("", html, &arena, &a, &err), WW_OK);
    assert_int_equal(a.text_source, ARTICLE_TEXT_DATA);
    assert_int_equal(extract("body = .b", html, &arena, &a, &err), WW_OK);
    assert_int_equal(a.text_source, ARTICLE_TEXT_RULES);
    assert_true(slice_equal(a.text, SLICE("The quay is open.")));
    arena_release(&arena);
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *rules, *says;
    } cases[] = {
        {"body = .a\nbdoy = .b", "line 2: unknown key \"bdoy\"; did you mean \"body\"?"    },
        {"colour = .b",          "line 1: unknown key \"colour\" (body, remove, title, "   },
        {"body = .a > ",         "line 1: body: an element, .class, #id or [attribute] is "},
        {"title",                "line 1: title: an element"                               },
        {"body = p:first-child", "line 1: body: only element .class #id"                   },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct article a;
        struct ww_error err = {0};

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        assert_int_equal(extract(cases[i].rules, page, &arena, &a, &err), WW_INVALID);
        if (strstr(err.message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].rules, err.message);
        arena_release(&arena);
    }
}

static void test_columns(void **state)
{
    static const struct {
        const char *value;
        size_t column;
    } cases[] = {
        {"div[",            5},
        {".\xE6\x96\xB0 >", 5},
        {"p:hover",         2},
        {".a",              0},
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct rules rules = {0};
        size_t column = 99;

        (void)rules_add(&rules, SLICE("body"), slice_from(cases[i].value), &arena, &column, NULL);
        if (column != cases[i].column)
            fail_msg("%s: column %zu", cases[i].value, column);
    }
    arena_release(&arena);
}

/* A rule that selects everything of a page made to be deep and wide takes no time. */
static void test_everything(void **state)
{
    struct arena arena;
    struct article a;
    struct buf html;
    struct ww_error err = {0};

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&html, BODY_INFLATED_MAX_BYTES);
    for (size_t i = 0; i < 500; i++)
        buf_add_string(&html, "<div class=share>");
    for (size_t i = 0; i < 20000; i++)
        buf_printf(&html, "<p>%zu</p>", i);
    assert_int_equal(extract("body = *\nbody = div\nremove = .none", html.ptr, &arena, &a, &err),
                     WW_OK);
    assert_int_equal(a.text_source, ARTICLE_TEXT_RULES);
    buf_release(&html);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),      cmocka_unit_test(test_data_do_not_outbid),
        cmocka_unit_test(test_mistakes),   cmocka_unit_test(test_columns),
        cmocka_unit_test(test_everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
