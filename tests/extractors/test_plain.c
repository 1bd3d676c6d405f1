/* test_plain.c - which texts are plain, and what stands at their head. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/date.h"
#include "base/limits.h"
#include "extractors/article.h"
#include "extractors/plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PROSE                                                                                    \
    "The harbour bridge will close to traffic for three weeks while its bearings are replaced, " \
    "the port authority said."

static void plain_is_told_by_name_or_by_bytes(void **state)
{
    static const struct {
        const char *text, *type;
        bool is_plain;
    } cases[] = {
        {"Fog <b>and</b> rain",       "text/plain",                true },
        {"Fog and rain",              "Text/Plain; charset=utf-8", true },
        {" <!DOCTYPE html><p>Fog",    "text/plain",                false},
        {"<HTML><p>Fog",              "text/plain",                false},
        {"Fog <b>and</b> rain",       "text/html",                 false},
        {"Fog <b>and</b> rain",       "",                          false},
        {"Fog & rain, 3 < 4, 5 <6 <", "text/html",                 true },
        {"Fog</p>",                   "text/html",                 false},
        {"",                          "text/html",                 true },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (plain_is(slice_from(cases[i].text), slice_from(cases[i].type)) != cases[i].is_plain)
            fail_msg("'%s' as '%s'", cases[i].text, cases[i].type);
}

static void titles_are_lines_that_say_something(void **state)
{
    static const struct {
        const char *text, *title;
    } cases[] = {
        {"Bridge to close in May\n\n" PROSE,                                            "Bridge to close in May"           },
        {"Top of page\nBy Ana Silva\nBridge to close in May\n\n" PROSE,                 "Bridge to close in May"           },
        {"Advertisement\r\nMonday, 4 May 2026\r\nBridge to close in May\r\n\r\n" PROSE,
         "Bridge to close in May"                                                                                          },
        {"World news\nIs the bridge safe?\n\n" PROSE,                                   "Is the bridge safe?"              },
        {"港口大桥五月起封闭三周\n\n" PROSE,                                 "港口大桥五月起封闭三周"},
 /* No line of its own: how the text begins. */
        {"By Ana Silva\n\n" PROSE "\nHow it went on",                                   PROSE                              },
        {PROSE " " PROSE "\nBridge to close in May\n" PROSE,
         "The harbour bridge will close to traffic for three weeks while its bearings are "
         "replaced, "
         "the port authority said. The\u2026"                                                                              },
 /* Nothing follows: what there is. */
        {"Bridge to close in May",                                                      "Bridge to close in May"           },
        {"Home\nBy Ana Silva\n",                                                        "Home"                             },
        {"\n\n",                                                                        ""                                 },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct article_hints hints = {0};
        struct article a = {0};
        struct arena arena;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        plain_read(slice_from(cases[i].text), &hints, &arena, &a);
        if (!slice_equal(a.title, slice_from(cases[i].title)))
            fail_msg("'%s': '%.*s', not '%s'", cases[i].text, SLICE_ARG(a.title), cases[i].title);
        arena_release(&arena);
    }
}

static void all_of_it_is_text(void **state)
{
    struct slice text =
        SLICE("\n\n  Bridge to close \r\n\r\n\n\n\tFirst line\nsecond line  \n\n\nLast\n");
    struct article_hints hints = {0};
    struct article a = {0};
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    plain_read(text, &hints, &arena, &a);
    assert_true(slice_equal(a.text, SLICE("Bridge to close\n\nFirst line\nsecond line\n\nLast")));
    arena_release(&arena);
}

static void dates_are_near_the_top_and_not_to_come(void **state)
{
    struct slice text = SLICE("Bridge to close\n4 May 2026\n\n" PROSE);
    struct article_hints hints = {0};
    struct article a = {0};
    struct arena arena;
    char day[DATE_TEXT_BYTES];

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    plain_read(text, &hints, &arena, &a);
    assert_string_equal(date_format(a.published.at, day), "2026-05-04T00:00:00Z");
    assert_int_equal(a.published_source, ARTICLE_DATE_TEXT);
    hints.now = a.published.at - 10 * 86400;
    a = (struct article){0};
    plain_read(text, &hints, &arena, &a);
    assert_int_equal(a.published.precision, DATE_NONE);
    /* What the feed said comes first. */
    hints.feed_published = (struct date){.at = 1700000000, .precision = DATE_SECOND};
    hints.feed_title = SLICE("As the feed has it");
    plain_read(text, &hints, &arena, &a);
    assert_int_equal(a.published.at, 1700000000);
    assert_int_equal(a.published_source, ARTICLE_DATE_FEED);
    assert_true(slice_equal(a.title, hints.feed_title));
    arena_release(&arena);
}

#define TWICE(text) text "\n" text
#define LONG TWICE(TWICE(TWICE(TWICE(PROSE))))

static void authors_stand_near_the_top(void **state)
{
    static const struct {
        const char *text, *feed_author, *author;
    } cases[] = {
        {"Bridge to close\nBy Ana Silva\n4 May 2026\n\n" PROSE,                 "",                        "Ana Silva"},
        {"Brücke wird gesperrt\nVon Jens Ohlsen und Sabine Krüger\n\n" PROSE, "",
         "Jens Ohlsen und Sabine Krüger"                                                                             },
        {"Bridge to close\n\n" PROSE,                                           "Ana Silva, staff writer", "Ana Silva"},
        {"Bridge to close\nBy noon all was over.\n\n" PROSE,                    "",                        ""         },
        {LONG "\n\nBy Ana Silva\n",                                             "",                        ""         },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct article_hints hints = {.feed_author = slice_from(cases[i].feed_author)};
        struct article a = {0};
        struct arena arena;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        plain_read(slice_from(cases[i].text), &hints, &arena, &a);
        if (!slice_equal(a.author, slice_from(cases[i].author)))
            fail_msg("case %zu: '%.*s'", i, SLICE_ARG(a.author));
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_is_told_by_name_or_by_bytes),
        cmocka_unit_test(titles_are_lines_that_say_something),
        cmocka_unit_test(all_of_it_is_text),
        cmocka_unit_test(authors_stand_near_the_top),
        cmocka_unit_test(dates_are_near_the_top_and_not_to_come),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
