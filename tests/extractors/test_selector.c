/* test_selector.c - what a selector matches, and where a wrong one is wrong. */
#include "extractors/selector.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "extractors/dom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)

/* Every element that a test asks for has an id of one letter. */
static const char page[] =
    "<html lang=en><body id=b class='home wide'>"
    "<main id=m><article id=c class='teaser first'><h2 id=d><a id=e href='/en/1' title='A b'>x</a>"
    "</h2><p id=f><a id=g href='/de/2' rel='next nofollow'>y</a></p></article>"
    "<ul id=h class=news><li id=i><a id=j href='/en/3.html'>z</a><ul id=k><li id=l></li></ul></li>"
    "</ul></main><div id=n data-x='1'><div id=o><a id=p class='md:flex "
    "\xE6\x96\xB0'></a></div></div>"
    "<template><a id=q></a></template></body></html>";

static enum ww_status find(const char *text, struct slice html, struct buf *out,
                           struct ww_error *err)
{
    struct arena arena;
    struct selector *selector = NULL;
    struct selected found = {0};
    struct dom dom;
    enum ww_status status;

    arena_init(&arena, ARENA_MAX);
    status = selector_parse(slice_from(text), &arena, &selector, err);
    if (status == WW_OK)
        status = dom_parse(html, &arena, &dom, err);
    if (status == WW_OK)
        status = selector_find(selector, &dom, &arena, &found, err);
    for (size_t i = 0; i < found.n_nodes; i++)
        buf_add(out, dom_get(found.nodes[i], "id"));
    arena_release(&arena);
    return status;
}

static void test_matches(void **state)
{
    static const struct {
        const char *selector, *ids;
    } cases[] = {
        {"a",                                  "egjp" },
        {"A",                                  "egjp" },
        {"main a",                             "egj"  },
        {"main > a",                           ""     },
        {"main article h2 a",                  "e"    },
        {"main h2>a",                          "e"    },
        {"article > * > a",                    "eg"   },
        {".teaser",                            "c"    },
        {".teaser.first",                      "c"    },
        {".tea",                               ""     },
        {".Teaser",                            ""     },
        {"#h",                                 "h"    },
        {"ul#h.news > li > a",                 "j"    },
        {"h2 a, .news a",                      "ej"   },
        {"a, main a",                          "egjp" },
        {"[data-x]",                           "n"    },
        {"[DATA-X='1'] a",                     "p"    },
        {"a[href]",                            "egj"  },
        {"a[href^='/en/']",                    "ej"   },
        {"a[href^=\"/en/\"][href$=\".html\"]", "j"    },
        {"a[href*=de]",                        "g"    },
        {"a[rel~=nofollow]",                   "g"    },
        {"a[rel~=follow]",                     ""     },
        {"a[title = 'A b']",                   "e"    },
        {"a[href^='']",                        ""     },
        {"li li",                              "l"    },
        {"li > ul > li",                       "l"    },
        {"div div a",                          "p"    },
        {"div > div > div a",                  ""     },
        {"ul *",                               "ijkl" },
        {".md\\:flex",                         "p"    },
        {".\xE6\x96\xB0",                      "p"    },
        {"  a\t,\nh2  ",                       "degjp"},
        {"nav",                                ""     },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct buf got;
        struct ww_error err = {0};

        buf_init(&got, 1000);
        if (find(cases[i].selector, slice_from(page), &got, &err) != WW_OK)
            fail_msg("%s: %s", cases[i].selector, err.message);
        if (!slice_equal(buf_slice(&got), slice_from(cases[i].ids)))
            fail_msg("%s: %.*s, not %s", cases[i].selector, SLICE_ARG(buf_slice(&got)),
                     cases[i].ids);
        buf_release(&got);
    }
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *selector;
        int column;
        const char *why;
    } cases[] = {
        {"",                          1,  "is missing"          },
        {"  ",                        3,  "is missing"          },
        {"a,",                        3,  "is missing"          },
        {"a >",                       4,  "is missing"          },
        {"> a",                       1,  "is missing"          },
        {"a > > b",                   5,  "is missing"          },
        {"a,,b",                      3,  "is missing"          },
        {".",                         2,  "name of a class"     },
        {"main #",                    7,  "an id"               },
        {"a[",                        3,  "name of an attribute"},
        {"a[href",                    7,  "\"]\" is missing"    },
        {"a[href=]",                  8,  "a value is missing"  },
        {"a[href^=/en/]",             9,  "a value is missing"  },
        {"a[href='x]",                8,  "does not end"        },
        {"a[href='x' i]",             12, "\"]\" is missing"    },
        {"a:first-child",             2,  "are known"           },
        {"h2 + a",                    4,  "is missing"          },
        {"h2~a",                      3,  "are known"           },
        {"\xE6\x96\xB0\xE9\x97\xBB[", 4,  "name of an attribute"},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct buf got;
        struct ww_error err = {0};
        char column[32];

        buf_init(&got, 1000);
        (void)snprintf(column, sizeof(column), ", column %d: ", cases[i].column);
        if (find(cases[i].selector, slice_from(page), &got, &err) != WW_INVALID ||
            strstr(err.message, column) == NULL || strstr(err.message, cases[i].why) == NULL)
            fail_msg("%s: %s", cases[i].selector, err.message);
        buf_release(&got);
    }
}

/* Too long, too many parts; and a page so deep that trying all ways would never end. */
static void test_limits(void **state)
{
    struct buf text, html, got;

    WW_UNUSED(state);
    buf_init(&text, 10000);
    buf_init(&html, 100000);
    buf_init(&got, 10000);
    for (int i = 0; i < SELECTOR_PARTS_MAX + 1; i++)
        buf_add_string(&text, "b ");
    buf_add_char(&text, '\0');
    assert_int_equal(find(text.ptr, slice_from(page), &got, NULL), WW_INVALID);
    buf_reset(&text);
    for (int i = 0; i < SELECTOR_MAX_BYTES + 1; i++)
        buf_add_char(&text, 'b');
    buf_add_char(&text, '\0');
    assert_int_equal(find(text.ptr, slice_from(page), &got, NULL), WW_INVALID);

    buf_reset(&text);
    buf_add_string(&text, "#none ");
    for (int i = 0; i < SELECTOR_PARTS_MAX - 2; i++)
        buf_add_string(&text, "div ");
    buf_add_string(&text, "a");
    buf_add_char(&text, '\0');
    for (int i = 0; i < HTML_DEPTH_MAX; i++)
        buf_add_string(&html, "<div>");
    for (int i = 0; i < 1000; i++)
        buf_add_string(&html, "<a id=x></a>");
    assert_int_equal(find(text.ptr, buf_slice(&html), &got, NULL), WW_OK);
    assert_int_equal(got.len, 0);
    buf_release(&text);
    buf_release(&html);
    buf_release(&got);
}

static void test_no_memory(void **state)
{
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (long n = 1; status != WW_OK && n < 1000; n++) {
        struct buf got;

        buf_init(&got, 1000);
        buf_add_char(&got, ' ');
        mem_fail_after(n);
        status = find("main a[href^='/en/'], li.x", slice_from(page), &got, NULL);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        buf_release(&got);
    }
    assert_int_equal(status, WW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
