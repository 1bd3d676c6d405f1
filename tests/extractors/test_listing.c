/* test_listing.c - which links of a page are its articles, with which titles and dates. */
#include "extractors/listing.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/record.h"
#include "crawler/parse.h"
#include "feeds/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)
#define LONG "A headline of some length"

static void test_links(void **state)
{
    static const struct {
        const char *name, *selector, *html;
        const char *want; /* "path|title|day" with " / " between; NULL: an error */
    } cases[] = {
        {"a link",                 "li a", "<ul><li><a href=/1>One</a><li><a href=2#x>Two</a></ul>",
         "/1|One| / /s/2|Two|"                                                                                                                                          },
        {"links inside",           "ul.n", "<a href=/0>x</a><ul class=n><li><a href=/1>One</a></ul>",
         "/1|One|"                                                                                                                                                      },
        {"other site",             "a",    "<a href=https://else.net/1>One</a>",                               "https://else.net/1|One|"                                },
        {"no page",                "a",
         "<a href='#top'>t</a><a href=''>u</a><a href=i.html>self</a>"
         "<a href='mailto:a@b'>m</a><a>n</a><a href=/1>One</a>",                                               "/1|One|"                                                },
        {"once, its longest text", "a",
         "<a href=/1><img src=x></a><a href=/1>The title</a><a href=/1>More</a>",                              "/1|The title|"                                          },
        {"a heading in it",        "a",    "<a href=/1><b>New!</b><h3>The title</h3><p>And a teaser.</a>",
         "/1|The title|"                                                                                                                                                },
        {"in a heading",           "a",
         "<h2><span><a href=/1>The title</a></span></h2><a href=/1>Read it all, "
         "now</a>",                                                                                            "/1|The title|"                                          },
        {"a picture alone",        "a",    "<a href=/1><img alt=' The title '></a>",                           "/1|The title|"                                          },
        {"time",                   "h2 a",
         "<article><h2><a href=/1>One</a></h2><time datetime=2022-09-13T10:00Z>Tuesday</time>"
         "</article><article><time>14 September 2022</time><h2><a href=/2>Two</a></h2></article>",             "/1|One|2022-09-13 / /2|Two|2022-09-14"                  },
        {"time in the link",       "a",
         "<a href=/1>One <time datetime=2022-09-13></time></a>"
         "<a href=/2>Two</a>",                                                                                 "/1|One|2022-09-13 / /2|Two|"                            },
        {"a bare date",            "a",
         "<li><span>13 September 2022</span> <a href=/1>One</a>"
         "<li><span>about 2022</span><a href=/2>Two</a><li><a href=/3>12 May 2021</a>",                        "/1|One|2022-09-13 / /2|Two| / /3|12 May 2021|2021-05-12"},
        {"a date of all",          "a",
         "<div><time datetime=2022-09-13></time><p><a href=/1>One</a>"
         "<p><a href=/2>Two</a></div>",                                                                        "/1|One| / /2|Two|"                                      },
        {"a clock in the foot",    "a",
         "<main><a href=/1>One</a></main><footer><time datetime=2022-09-13></time></footer>",                  "/1|One|"                                                },
        {"base",                   "a",    "<base href=/t/><a href=1>One</a>",                                 "/t/1|One|"                                              },
        {"template",               "ul",   "<ul><template><a href=/0>x</a></template><a href=/1>One</a></ul>",
         "/1|One|"                                                                                                                                                      },
        {"nothing matches",        "h5 a", "<a href=/1>One</a>",                                               NULL                                                     },
        {"no links in it",         "p",    "<p>x</p><a href=/1>One</a>",                                       NULL                                                     },
        {"wrong",                  "a[",   "<a href=/1>One</a>",                                               NULL                                                     },

        {"auto",                   "auto",
         "<header><a href=/h>" LONG "</a></header><nav><a href=/n>" LONG "</a></nav>"
         "<div><a href=/1>" LONG "</a><a href=/2>short</a><a href=//else.net/3>" LONG "</a></div>"
         "<div role=navigation><a href=/r>" LONG "</a></div><aside><a href=/a>" LONG "</a></aside>"
         "<footer><a href=/f>" LONG "</a></footer>",
         "/1|" LONG "|"                                                                                                                                                 },
        {"auto: subdomains",       "",     "<a href=https://news.e.org/1>" LONG "</a>",
         "https://news.e.org/1|" LONG "|"                                                                                                                               },
        {"auto: the main part",    "auto",
         "<a href=/0>" LONG "</a><main><a href=/1>" LONG "</a><article><header><a href=/2>" LONG
         "</a></header></article><a href=/3>" LONG "</a></main>",
         "/1|" LONG "| / /2|" LONG "| / /3|" LONG "|"                                                                                                                   },
        {"auto: Chinese",          "auto",
         "<li><a href=/1>\xE6\xB5\xB7\xE5\xA4\x96\xE6\x9C\x8D\xE5\x8A\xA1\xE7\xAB\x99\xE6\x8C\x82"
         "\xE7\x89\x8C</a>",                                                                                   "/1|\xE6\xB5\xB7\xE5\xA4\x96\xE6\x9C\x8D\xE5\x8A\xA1\xE7\xAB\x99\xE6\x8C\x82"
         "\xE7\x89\x8C|"                                                                                                                    },
        {"auto: a sentence",       "auto",
         "<p>The council said in <a href=/0>" LONG "</a> nothing of it.</p><p>New: <a href=/1>" LONG
         "</a></p><a href='/'>" LONG "</a>",
         "/1|" LONG "|"                                                                                                                                                 },
        {"auto: none",             "auto", "<nav><a href=/1>" LONG "</a></nav>",                               NULL                                                     },
        {"no page",                "auto", "",                                                                 NULL                                                     },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct listing listing;
        struct ww_error err = {0};
        struct buf got;
        char day[DATE_TEXT_BYTES];
        enum ww_status status;

        arena_init(&arena, ARENA_MAX);
        buf_init(&got, 10000);
        status = listing_read(slice_from(cases[i].html), SLICE("https://e.org/s/i.html"),
                              (struct slice){"", 0}, slice_from(cases[i].selector), &arena,
                              &listing, &err);
        for (size_t k = 0; status == WW_OK && k < listing.n_links; k++) {
            struct slice url = listing.links[k].url;

            if (slice_starts(url, SLICE("https://e.org")))
                url = slice_skip(url, 13);
            buf_printf(&got, "%s%.*s|%.*s|%s", k > 0 ? " / " : "", SLICE_ARG(url),
                       SLICE_ARG(listing.links[k].title),
                       listing.links[k].at.precision == DATE_NONE
                           ? ""
                           : date_format_day(&listing.links[k].at, day));
        }
        if ((status != WW_OK) != (cases[i].want == NULL) ||
            (status == WW_OK && !slice_equal(buf_slice(&got), slice_from(cases[i].want))))
            fail_msg("%s: got %.*s%s", cases[i].name, SLICE_ARG(buf_slice(&got)), err.message);
        if (status != WW_OK && (status != WW_INVALID || err.message[0] == '\0'))
            fail_msg("%s: %s: %s", cases[i].name, ww_status_name(status), err.message);
        buf_release(&got);
        arena_release(&arena);
    }
}

static void test_limit(void **state)
{
    struct arena arena;
    struct listing listing;
    struct buf html;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&html, 1000000);
    for (int i = 0; i < LISTING_LINKS_MAX + 10; i++)
        buf_printf(&html, "<a href=/%d>x</a>", i);
    assert_int_equal(listing_read(buf_slice(&html), SLICE("https://e.org/"), (struct slice){"", 0},
                                  SLICE("a"), &arena, &listing, NULL),
                     WW_OK);
    assert_int_equal(listing.n_links, LISTING_LINKS_MAX);
    assert_int_equal(listing.n_dropped, 10);
    buf_release(&html);
    arena_release(&arena);
}

/* What the worker writes, its parent reads as a feed. */
static void test_record(void **state)
{
    static const char html[] = "<html lang=fr><title>Les r\xE9"
                               "cits</title><li>13/09/2022 "
                               "<a href=/1>\xC9t\xE9</a>";
    struct arena arena;
    struct feed feed;
    struct slice charset;
    struct buf request, answer;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&request, 10000);
    buf_init(&answer, 10000);
    parse_request_listing(&request, slice_from(html), SLICE("https://e.org/"),
                          SLICE("text/html; charset=latin1"), SLICE("li a"));
    parse_run(buf_slice(&request), &arena, &answer);
    assert_int_equal(parse_answer_feed(buf_slice(&answer), &arena, &feed, &charset, NULL), WW_OK);
    assert_string_equal(feed.format, "page");
    assert_true(slice_equal(feed.title, SLICE("Les r\xC3\xA9"
                                              "cits")));
    assert_true(slice_equal(feed.language, SLICE("fr")));
    assert_int_equal(feed.n_entries, 1);
    assert_true(slice_equal(feed.entries[0].title, SLICE("\xC3\x89t\xC3\xA9")));
    assert_true(slice_equal(feed.entries[0].link, SLICE("https://e.org/1")));
    assert_int_equal(feed.entries[0].published.at, 1663027200);
    buf_release(&request);
    buf_release(&answer);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
