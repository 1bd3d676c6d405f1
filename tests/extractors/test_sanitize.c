/* test_sanitize.c - nothing active comes through, and nothing visible is lost. */
#include "extractors/sanitize.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct sanitize_case {
    const char *name, *html, *want;
};

static const struct sanitize_case cases[] = {
    {"plain",                  "a &amp; b",                                                       "a &amp; b"                               },
    {"kept",                   "<p>a <b>b</b><br>c</p>",                                          "<p>a <b>b</b><br>c</p>"                  },
    {"script",                 "a<script>alert(1)</script>b",                                     "ab"                                      },
    {"style",                  "a<style>p{}</style>b",                                            "ab"                                      },
    {"events",                 "<p onclick='x' title='t'>a</p>",                                  "<p title=\"t\">a</p>"                    },
    {"frame",                  "a<iframe src='http://x/'></iframe>b",                             "ab"                                      },
    {"form",                   "<form action='/x'><input>a</form>",                               "a"                                       },
    {"relative",               "<a href='/x'>a</a>",                                              "<a href=\"https://e.org/x\">a</a>"       },
    {"javascript:",            "<a href='javascript:alert(1)'>a</a>",                             "<a>a</a>"                                },
    {"in pieces",              "<a href=' java&#10;script:alert(1)'>a</a>",                       "<a>a</a>"                                },
    {"control before it",      "<a href='&#1;javascript:alert(1)'>a</a>",                         "<a>a</a>"                                },
    {"data:",                  "<img src='data:text/html,x' alt='a'>",                            "<img alt=\"a\">"                         },
    {"attribute break-out",    "<a title='\"><script>x</script>'>a</a>",
     "<a title=\"&quot;&gt;&lt;script&gt;x&lt;/script&gt;\">a</a>"                                                                          },
    {"raw text is text",       "<xmp><script>x</script></xmp>",                                   "&lt;script&gt;x&lt;/script&gt;"          },
    {"SVG",                    "<svg><script>x</script><a xlink:href='javascript:x'>a</a></svg>", "a"                                       },
    {"unclosed",               "<div><p>a",                                                       "<div><p>a</p></div>"                     },
    {"comment",                "a<!-- <b> -->b",                                                  "ab"                                      },
    {"template",               "a<template><p>x</p></template>b",                                 "ab"                                      },
    {"a section in a section", "a <![CDATA[<b>b</b> c]]> d",                                      "a <b>b</b> c d"                          },
    {"half a section",         "<![CDATA[<script>x</script>]]&gt;",                               "&lt;![CDATA[]]&gt;"                      },
    {"no declaration",         "<!' <a href='/x'>a</a>",                                          "&lt;!' <a href=\"https://e.org/x\">a</a>"},
    {"Word's condition",       "<![if !mso]>a<![endif]><!--[if mso]>b<![endif]-->",               "a"                                       },
};

static void test_html(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct slice got = {0};

        arena_init(&arena, (size_t)16 * 1024 * 1024);
        assert_int_equal(
            sanitize_html(slice_from(cases[i].html), SLICE("https://e.org/p/"), &arena, &got, NULL),
            WW_OK);
        if (!slice_equal(got, slice_from(cases[i].want)))
            fail_msg("%s: %.*s", cases[i].name, SLICE_ARG(got));
        arena_release(&arena);
    }
}

static void test_text(void **state)
{
    static const struct sanitize_case texts[] = {
        {"one line",              "a <b>b</b> c",                "a b c"      },
        {"paragraphs",            "<p>a</p><p>b</p>",            "a\n\nb"     },
        {"a block in the middle", "a<div>b</div>c",              "a\n\nb\n\nc"},
        {"a list",                "<ul><li>a<li>b</ul>",         "a\n\nb"     },
        {"line break",            "a<br>b",                      "a b"        },
        {"script",                "<p>a<script>x</script>b</p>", "ab"         },
        {"references",            "&lt;b&gt; &amp;",             "<b> &"      },
        {"nothing",               "",                            ""           },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(texts); i++) {
        struct arena arena;
        struct slice got = {0};

        arena_init(&arena, (size_t)16 * 1024 * 1024);
        assert_int_equal(sanitize_text(slice_from(texts[i].html), &arena, &got, NULL), WW_OK);
        if (!slice_equal(got, slice_from(texts[i].want)))
            fail_msg("%s: %.*s", texts[i].name, SLICE_ARG(got));
        arena_release(&arena);
    }
}

static void test_no_memory(void **state)
{
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (long fail = 1; status != WW_OK && fail < 200; fail++) {
        struct arena arena;
        struct slice got;

        arena_init(&arena, (size_t)16 * 1024 * 1024);
        mem_fail_after(fail);
        status = sanitize_html(SLICE("<p>a <a href='/b'>c</a>"), SLICE("https://e.org/"), &arena,
                               &got, NULL);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        arena_release(&arena);
    }
    assert_int_equal(status, WW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
