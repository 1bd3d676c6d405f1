/* test_links.c - which feeds a page announces. */
#include "extractors/links.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/record.h"
#include "crawler/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)
#define RSS "rel=alternate type=application/rss+xml"

static void test_find(void **state)
{
    static const struct {
        const char *name, *html, *want; /* "url|title" with blanks between */
    } cases[] = {
        {"plain",          "<link " RSS " href=/f title='T &amp; U'>",                                   "https://e.org/f|T & U"     },
        {"two, in order",  "<link " RSS " href=b><link " RSS " href=a>",
         "https://e.org/s/b| https://e.org/s/a|"                                                                                     },
        {"repeated",       "<link " RSS " href=/f><link " RSS " href='/f#x'>",                           "https://e.org/f|"          },
        {"base",           "<base href=//cdn.org/y/><link " RSS " href=f>",                              "https://cdn.org/y/f|"      },
        {"in the body",    "<body><p><link " RSS " href=/f>",                                            "https://e.org/f|"          },
        {"rel list",       "<link rel='ALTERNATE home' type='Application/Atom+XML; charset=x' href=/f>",
         "https://e.org/f|"                                                                                                          },
        {"rel feed",       "<link rel=feed href=/f>",                                                    "https://e.org/f|"          },
        {"JSON Feed",      "<link rel=alternate type=application/feed+json href=/f>",
         "https://e.org/f|"                                                                                                          },
        {"WordPress",      "<link rel=alternate type=application/json href=/wp-json/x>",                 ""                          },
        {"translation",    "<link rel=alternate hreflang=fr href=/fr>",                                  ""                          },
        {"style sheet",    "<link rel='alternate stylesheet' type=text/xml href=/x>",                    ""                          },
        {"empty",          "<link " RSS " href=' '>",                                                    ""                          },
        {"script address", "<link " RSS " href='javascript:alert(1)'>",                                  ""                          },
        {"comment",        "<!-- <link " RSS " href=/f> -->",                                            ""                          },
        {"template",       "<template><link " RSS " href=/f></template>",                                ""                          },
        {"announced wins", "<link " RSS " href=/f><a href=/rss.xml>x</a>",                               "https://e.org/f|"          },
        {"only links",     "<a href=/rss.xml> News <b>feed</b></a><a href=/x>y</a>",
         "https://e.org/rss.xml|News feed"                                                                                           },
        {"WordPress path", "<a href=/news/feed/>x</a>",                                                  "https://e.org/news/feed/|x"},
        {"query",          "<a href='/?feed=rss2'>x</a>",                                                "https://e.org/?feed=rss2|x"},
        {"no feed",        "<a href=/feedback>x</a><a href=/rss-explained>y</a>",                        ""                          },
        {"no page",        "",                                                                           ""                          },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct page_links links;
        struct buf got;

        arena_init(&arena, ARENA_MAX);
        buf_init(&got, 10000);
        assert_int_equal(links_find(slice_from(cases[i].html), SLICE("https://e.org/s/i.html"),
                                    (struct slice){"", 0}, &arena, &links, NULL),
                         WW_OK);
        for (size_t k = 0; k < links.n_feeds; k++)
            buf_printf(&got, "%s%.*s|%.*s", k > 0 ? " " : "", SLICE_ARG(links.feeds[k].url),
                       SLICE_ARG(links.feeds[k].title));
        if (!slice_equal(buf_slice(&got), slice_from(cases[i].want)))
            fail_msg("%s: got %.*s", cases[i].name, SLICE_ARG(buf_slice(&got)));
        buf_release(&got);
        arena_release(&arena);
    }
}

static void test_limit(void **state)
{
    struct arena arena;
    struct page_links links;
    struct buf html;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&html, 1000000);
    for (int i = 0; i < PAGE_LINKS_MAX + 10; i++)
        buf_printf(&html, "<link " RSS " href=/%d>", i);
    assert_int_equal(links_find(buf_slice(&html), SLICE("https://e.org/"), (struct slice){"", 0},
                                &arena, &links, NULL),
                     WW_OK);
    assert_int_equal(links.n_feeds, PAGE_LINKS_MAX);
    buf_release(&html);
    arena_release(&arena);
}

/* What the worker writes, its parent reads; a damaged answer is refused. */
static void test_record(void **state)
{
    static const char html[] = "<link " RSS " href=/f title=\xE9t\xE9>";
    struct arena arena;
    struct page_links links;
    struct buf request, answer;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&request, 10000);
    buf_init(&answer, 10000);
    parse_request_links(&request, slice_from(html), SLICE("https://e.org/"),
                        SLICE("text/html; charset=latin1"));
    parse_run(buf_slice(&request), &arena, &answer);
    assert_int_equal(parse_answer_links(buf_slice(&answer), &arena, &links, NULL), WW_OK);
    assert_int_equal(links.n_feeds, 1);
    assert_true(slice_equal(links.feeds[0].title, SLICE("\xC3\xA9t\xC3\xA9")));
    for (size_t len = 0; len < answer.len; len++)
        assert_int_not_equal(
            parse_answer_links(slice_head(buf_slice(&answer), len), &arena, &links, NULL), WW_OK);
    buf_release(&request);
    buf_release(&answer);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
