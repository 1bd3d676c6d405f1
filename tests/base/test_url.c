/* test_url.c - resolving, canonical forms, hosts and sites. */
#include "base/url.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)8 * 1024 * 1024)

static void test_resolve(void **state)
{
    static const char rfc[] = "http://a/b/c/d;p?q";
    static const struct {
        const char *reference, *base, *want; /* NULL: no address */
    } cases[] = {
  /* RFC 3986, 5.4 */
        {"g:h",                       rfc,                  "g:h"                                            },
        {"g",                         rfc,                  "http://a/b/c/g"                                 },
        {"g/",                        rfc,                  "http://a/b/c/g/"                                },
        {"//g",                       rfc,                  "http://g/"                                      },
        {"?y",                        rfc,                  "http://a/b/c/d;p?y"                             },
        {"g?y#s",                     rfc,                  "http://a/b/c/g?y#s"                             },
        {"#s",                        rfc,                  "http://a/b/c/d;p?q#s"                           },
        {";x",                        rfc,                  "http://a/b/c/;x"                                },
        {"",                          rfc,                  "http://a/b/c/d;p?q"                             },
        {".",                         rfc,                  "http://a/b/c/"                                  },
        {"..",                        rfc,                  "http://a/b/"                                    },
        {"../..",                     rfc,                  "http://a/"                                      },
        {"../../../../g",             rfc,                  "http://a/g"                                     },
        {"/./g",                      rfc,                  "http://a/g"                                     },
        {"..g",                       rfc,                  "http://a/b/c/..g"                               },
        {"./g/.",                     rfc,                  "http://a/b/c/g/"                                },
        {"g/../h",                    rfc,                  "http://a/b/c/h"                                 },
        {"g;x=1/../y",                rfc,                  "http://a/b/c/y"                                 },
        {"g?y/../x",                  rfc,                  "http://a/b/c/g?y/../x"                          },
        {"g",                         "http://a",           "http://a/g"                                     },
        {"g",                         "http://a?q",         "http://a/g"                                     },
 /* what browsers mend */
        {" \n/x\t/y z\r\n",           "https://e.org/",     "https://e.org/x/y%20z"                          },
        {"https:\\\\e.org\\x",        "",                   "https://e.org/x"                                },
        {"https:////e.org/x",         "",                   "https://e.org/x"                                },
        {"feed:https://e.org/x",      "",                   "https://e.org/x"                                },
        {"feed://e.org/x",            "",                   "http://e.org/x"                                 },
        {"/新闻?q=\"é\"",          "https://e.org/",     "https://e.org/%E6%96%B0%E9%97%BB?q=%22%C3%A9%22"},
        {"/\xFF\x01z",                "https://e.org/",     "https://e.org/%FF%01z"                          },
        {"HTTPS://E.org",             "",                   "HTTPS://E.org/"                                 },
        {"http://[::1]:80/x",         "",                   "http://[::1]:80/x"                              },
        {"/x",                        "http://u:p@e.org/y", "http://u:p@e.org/x"                             },
        {"mailto:a@e.org",            "https://e.org/",     "mailto:a@e.org"                                 },
        {"x/y",                       "",                   "x/y"                                            },
        {"http://:./x",               "",                   NULL                                             },
        {"http://a:80./x",            "",                   NULL                                             },
        {"http://a%41/x",             "",                   NULL                                             },
        {"feed: feed:https://e.org/", "",                   "https://e.org/"                                 },
        {"urn:x:a/../b",              "",                   "urn:x:a/../b"                                   },
        {"http://",                   "https://e.org/",     NULL                                             },
        {"//./x",                     "https://e.org/",     NULL                                             },
        {"https:x",                   "",                   NULL                                             },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct slice got;
        enum ww_status status;

        arena_init(&arena, ARENA_MAX);
        status = url_resolve(slice_from(cases[i].reference), slice_from(cases[i].base), &arena,
                             &got, NULL);
        if ((status == WW_OK) != (cases[i].want != NULL) ||
            !slice_equal(got, slice_from(cases[i].want)))
            fail_msg("'%s' at '%s': got '%.*s'", cases[i].reference, cases[i].base, SLICE_ARG(got));
        arena_release(&arena);
    }
}

/* An address that needs no work takes a short way: to the same place as the long one. */
static void test_short_way(void **state)
{
    static const char parts[] = "ab.-/?#:@%&\"<>\\\t\x7F\xC3\xA9 1|A";

    WW_UNUSED(state);
    for (unsigned seed = 0; seed < 20000; seed++) {
        char text[40] = " http://e";
        size_t n = 9 + seed % 12;
        unsigned random = seed * 2654435761U;
        struct arena arena;
        struct slice a, b;

        for (size_t i = 9; i < n; i++) {
            random = random * 1103515245U + 12345U;
            text[i] = parts[(random >> 16) % (sizeof(parts) - 1)];
        }
        arena_init(&arena, ARENA_MAX);
        /* The blank before it is taken out, by the long way alone. */
        if (url_resolve(slice_of(text, n), SLICE("https://b.org/c/d"), &arena, &a, NULL) !=
                url_resolve(slice_of(text + 1, n - 1), SLICE("https://b.org/c/d"), &arena, &b,
                            NULL) ||
            !slice_equal(a, b))
            fail_msg("'%.*s': '%.*s' or '%.*s'", (int)n, text, SLICE_ARG(a), SLICE_ARG(b));
        arena_release(&arena);
    }
}

struct pair {
    const char *a, *b;
};

static bool is_same(const struct pair *pair)
{
    struct arena arena;
    struct slice a, b, again;
    bool same;

    arena_init(&arena, ARENA_MAX);
    assert_int_equal(url_canonical(slice_from(pair->a), &arena, &a, NULL), WW_OK);
    assert_int_equal(url_canonical(slice_from(pair->b), &arena, &b, NULL), WW_OK);
    assert_int_equal(url_canonical(a, &arena, &again, NULL), WW_OK);
    if (!slice_equal(a, again))
        fail_msg("%s: %.*s, then %.*s", pair->a, SLICE_ARG(a), SLICE_ARG(again));
    same = slice_equal(a, b);
    arena_release(&arena);
    return same;
}

static void test_canonical(void **state)
{
    static const struct pair same[] = {
        {"HTTP://E.ORG:80",               "http://e.org/"                   },
        {"https://e.org./a?#",            "https://e.org/a"                 },
        {"https://e.org//a///b/./../c",   "https://e.org/a/c"               },
        {"https://e.org/%7eu/%e6%96%b0",  "https://e.org/~u/新"            },
        {"https://e.org/a%2fb",           "https://e.org/a%2Fb"             },
        {"https://e.org/a?b=1&a=%41+%20", "https://e.org/a?a=A%20+&b=1"     },
        {"https://e.org/a?b=1&amp;a=2",   "https://e.org/a?a=2&b=1"         },
        {"https://e.org/a?b&&",           "https://e.org/a?b="              },
        {"https://e.org/a?utm_x=1&ID=2",  "https://e.org/a?ID=2"            },
        {"https://e.org/a?FBCLID=1",      "https://e.org/a"                 },
        {"https://e.org/a?ref=rss&id=7",  "https://e.org/a?id=7&source=mail"},
        {"https://e.org/a;jsessionid=1F", "https://e.org/a"                 },
        {"https://e.org/a#top",           "https://e.org/a"                 },
        {"https://münchen.de/",          "https://XN--mnchen-3ya.de/"      },
        {"https://u:p@e.org/",            "https://e.org/"                  },
    };
    static const struct pair differ[] = {
        {"https://e.org/a",           "https://e.org/A"          },
        {"https://e.org/a",           "https://e.org/a/"         },
        {"https://e.org/a%2Fb",       "https://e.org/a/b"        },
        {"https://e.org/a?id=1",      "https://e.org/a?id=2"     },
        {"https://e.org/a?x=%26y",    "https://e.org/a?x=&y"     },
        {"https://e.org/a?x=a%3Db",   "https://e.org/a?x%3Da=b"  },
        {"https://e.org/a?ref=1",     "https://e.org/a?ref=2"    },
        {"https://e.org/#!/story/1",  "https://e.org/#!/story/2" },
        {"https://e.org:8443/a",      "https://e.org/a"          },
        {"https://e.org/a%3Fb=1",     "https://e.org/a?b=1"      },
        {"https://e.org/a?x=%252F",   "https://e.org/a?x=%2F"    },
        {"https://e.org/%25zz",       "https://e.org/%25%7A%7A0" },
        {"https://e.org/a?sid=1&v=2", "https://e.org/a?sid=1&v=3"},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(same); i++)
        if (!is_same(&same[i]))
            fail_msg("%s and %s are the same", same[i].a, same[i].b);
    for (size_t i = 0; i < WW_COUNT(differ); i++)
        if (is_same(&differ[i]))
            fail_msg("%s and %s are not the same", differ[i].a, differ[i].b);
}

static void test_parts(void **state)
{
    static const struct {
        const char *url, *host, *site;
        bool is_fetchable;
    } cases[] = {
        {"https://News.BBC.co.uk:8080/x", "news.bbc.co.uk",              "bbc.co.uk",               true },
        {"http://127.0.0.1/x",            "127.0.0.1",                   "127.0.0.1",               true },
        {"http://[::1]:80/",              "[::1]",                       "[::1]",                   true },
        {"https://www.例子.测试/",    "www.xn--fsqu00a.xn--0zwm56d", "xn--fsqu00a.xn--0zwm56d", true },
        {"https://u@e.org/",              "e.org",                       "e.org",                   false},
        {"https://localhost/",            "localhost",                   "localhost",               true },
        {"https://co.uk/",                "co.uk",                       "co.uk",                   true },
        {"ftp://e.org/",                  "e.org",                       "e.org",                   false},
        {"https://e.org:99999/",          "e.org",                       "e.org",                   false},
        {"https://e.org/a b",             "e.org",                       "e.org",                   false},
        {"/x",                            "",                            "",                        false},
        {"",                              "",                            "",                        false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice url = slice_from(cases[i].url);
        struct arena arena;

        arena_init(&arena, ARENA_MAX);
        if (!slice_equal(url_host(url, &arena), slice_from(cases[i].host)) ||
            !slice_equal(url_site(url, &arena), slice_from(cases[i].site)) ||
            url_is_fetchable(url) != cases[i].is_fetchable)
            fail_msg("%s: host %.*s, site %.*s, fetchable %d", cases[i].url,
                     SLICE_ARG(url_host(url, &arena)), SLICE_ARG(url_site(url, &arena)),
                     url_is_fetchable(url));
        arena_release(&arena);
    }
}

static void test_limits(void **state)
{
    struct arena arena;
    struct slice out;
    char *text = malloc(URL_MAX_BYTES + 2);

    WW_UNUSED(state);
    assert_non_null(text);
    arena_init(&arena, (size_t)64 * 1024 * 1024);
    memset(text, '\xFF', URL_MAX_BYTES + 2);
    memcpy(text, "http://e.org/", 13);
    assert_int_equal(url_resolve(slice_of(text, URL_MAX_BYTES + 1), SLICE(""), &arena, &out, NULL),
                     WW_TOO_BIG);
    assert_int_equal(url_resolve(slice_of(text, URL_MAX_BYTES), SLICE(""), &arena, &out, NULL),
                     WW_OK);
    for (size_t i = 13; i < URL_MAX_BYTES; i++)
        text[i] = "/../"[i % 4];
    assert_int_equal(url_canonical(slice_of(text, URL_MAX_BYTES), &arena, &out, NULL), WW_OK);
    memset(text + 13, '&', URL_MAX_BYTES - 13);
    text[13] = '?';
    assert_int_equal(url_canonical(slice_of(text, URL_MAX_BYTES), &arena, &out, NULL), WW_OK);
    memcpy(text, "http://", 7);
    memset(text + 7, 'a', 300);
    assert_int_equal(url_canonical(slice_of(text, 307), &arena, &out, NULL), WW_INVALID);
    arena_release(&arena);
    free(text);
}

/* A key: short, another for another address, its own canonical form, and it says whose it is. */
static void test_long_address_is_shortened(void **state)
{
    static const char *const heads[] = {"https://e.org/",       "https://e.org/a/b/c?x=",
                                        "https://e.org?x=",     "https://e.org/%C3%A9/../d/x",
                                        "https://e.org/#!/a/b", "mid:one@e.org/"};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(heads); i++) {
        struct arena arena;
        struct slice keys[2], again;
        char text[2048];

        arena_init(&arena, (size_t)4 * 1024 * 1024);
        for (unsigned k = 0; k < 2; k++) {
            int n = snprintf(text, sizeof(text), "%s", heads[i]);

            for (; n < 2000; n++)
                text[n] = n % 97 == 5 ? '/' : n % 89 == 7 ? '&' : (char)('a' + n % 23);
            text[n - 1] = (char)('x' + k);
            assert_int_equal(url_canonical(slice_of(text, (size_t)n), &arena, &keys[k], NULL),
                             WW_OK);
            assert_true(keys[k].len <= SHORT_KEY_MAX_BYTES);
            assert_int_equal(url_canonical(keys[k], &arena, &again, NULL), WW_OK);
            if (!slice_equal(again, keys[k]))
                fail_msg("%.*s, then %.*s", SLICE_ARG(keys[k]), SLICE_ARG(again));
        }
        assert_false(slice_equal(keys[0], keys[1]));
        assert_true(slice_contains(keys[0], SLICE("e.org")));
        arena_release(&arena);
    }
}

/* Each allocation fails once: an error, never a crash, never half an address. */
static void test_no_memory(void **state)
{
    WW_UNUSED(state);
    for (long n = 1;; n++) {
        struct arena arena;
        struct slice out;
        enum ww_status status;

        arena_init(&arena, ARENA_MAX);
        mem_fail_after(n);
        status = url_resolve(SLICE("../x?b=1&a=é"), SLICE("http://e.org/y/z"), &arena, &out, NULL);
        if (status == WW_OK)
            status = url_canonical(out, &arena, &out, NULL);
        if (status == WW_OK)
            (void)url_site(out, &arena);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        if (status == WW_OK)
            assert_true(slice_equal(out, SLICE("http://e.org/x?a=%C3%A9&b=1")));
        arena_release(&arena);
        if (status == WW_OK && n > 20)
            break;
    }
}

/* What needs no mending is passed on as it is: a blank before it takes the long way. */
static void test_settled(void **state)
{
    static const char *const addresses[] = {
        "https://e.org/",
        "https://e.org/2026/11/a-b_c~d.html?x=1&y=%C3%A4;z#top",
        "http://sub.e-f.org/a//b/c:d@e!f*(g)$,",
        "https://e.org/a/../b",
        "https://e.org/a/./b?c/../d",
        "https://e.org/a/%2e%2E/b",
        "https://e.org/.well-known/x",
        "https://e.org",
        "https://E.org/a",
        "HTTPS://e.org/a",
        "https://e.org:443/a",
        "https://user@e.org/a",
        "https://1.2/a",
        "https://.../a",
        "https:///e.org/a",
        "https://e.org/a\\b",
        "https://e.org/a b<c>\"d\"",
        "https://e.org/\xc3\xa4",
        "https://e.org/a|b[c]^d`{e}",
        "https://e.org?a",
        "https://e.org#a",
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(addresses); i++) {
        struct arena arena;
        struct slice quick = {"", 0}, slow = {"", 0};
        enum ww_status status, other;

        arena_init(&arena, (size_t)1 << 20);
        status =
            url_resolve(slice_from(addresses[i]), SLICE("http://b.org/"), &arena, &quick, NULL);
        other = url_resolve(arena_printf(&arena, " %s", addresses[i]), SLICE("http://b.org/"),
                            &arena, &slow, NULL);
        assert_int_equal(status, other);
        if (!slice_equal(quick, slow))
            fail_msg("%s: %.*s, not %.*s", addresses[i], SLICE_ARG(quick), SLICE_ARG(slow));
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolve),   cmocka_unit_test(test_short_way),
        cmocka_unit_test(test_settled),   cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_parts),     cmocka_unit_test(test_limits),
        cmocka_unit_test(test_no_memory), cmocka_unit_test(test_long_address_is_shortened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
