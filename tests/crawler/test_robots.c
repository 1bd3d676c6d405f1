/* test_robots.c - RFC 9309, what publishers write instead, and files made to cost time. */
#include "crawler/robots.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)16 * 1024 * 1024)
#define US "User-agent: wirewatch\n"
#define ALL "User-agent: *\n"

static void test_rules(void **state)
{
    static const struct {
        const char *text, *path;
        bool is_allowed;
    } cases[] = {
        {"",                                                                   "/x",          true },
        {ALL "Disallow: /x",                                                   "/x",          false},
        {ALL "Disallow: /x",                                                   "/xy",         false},
        {ALL "Disallow: /x",                                                   "/X",          true },
        {ALL "Disallow:",                                                      "/x",          true },
        {ALL "Disallow: /",                                                    "/robots.txt", true },
        {ALL "Disallow: /\n" US "Disallow: /x",                                "/y",          true },
        {"user-AGENT: WireWatch/2.0 (x)\nDisallow: /x",                        "/x",          false},
        {"User-agent: wire\nDisallow: /x",                                     "/x",          true },
        {"User-agent: wirewatcher\nDisallow: /x",                              "/x",          true },
        {US "Disallow: /a\nUser-agent: b\nDisallow: /b\n" US "Disallow: /c",   "/c",          false},
        {US "Disallow: /a\nUser-agent: b\nDisallow: /b\n" US "Disallow: /c",   "/a",          false},
        {US "Disallow: /a\nUser-agent: b\nDisallow: /b\n" US "Disallow: /c",   "/b",          true },
        {US "User-agent: b\nDisallow: /x",                                     "/x",          false},
        {US "Crawl-delay: 1\nSitemap: http://e/\nUser-agent: b\nDisallow: /x", "/x",          false},
        {"Disallow: /x\n" ALL "Disallow: /y",                                  "/x",          true },
 /* the longest rule, then leave */
        {ALL "Disallow: /x\nAllow: /x/y",                                      "/x/y/z",      true },
        {ALL "Allow: /x\nDisallow: /x/y",                                      "/x/y/z",      false},
        {ALL "Disallow: /x\nAllow: /x",                                        "/x",          true },
        {ALL "Disallow: /*.html\nAllow: /page",                                "/page.html",  false},
 /* stars and ends */
        {ALL "Disallow: /*.php$",                                              "/a/b.php",    false},
        {ALL "Disallow: /*.php$",                                              "/a/b.php?x",  true },
        {ALL "Disallow: /a*b*c$",                                              "/axbxbc",     false},
        {ALL "Disallow: /a*b*c$",                                              "/axbxbcd",    true },
        {ALL "Disallow: /a*aa$",                                               "/aa",         true },
        {ALL "Disallow: *x",                                                   "/a/x",        false},
        {ALL "Disallow: /x*$",                                                 "/xyz",        false},
        {ALL "Disallow: /$",                                                   "/",           false},
        {ALL "Disallow: /$",                                                   "/a",          true },
        {ALL "Disallow: x",                                                    "/x",          true },
 /* escapes: section 2.2.2 */
        {ALL "Disallow: /a%2fb",                                               "/a%2Fb",      false},
        {ALL "Disallow: /a%2Fb",                                               "/a/b",        true },
        {ALL "Disallow: /%7ejoe",                                              "/~joe",       false},
        {ALL "Disallow: /ツ",                                                 "/%E3%83%84",  false},
        {ALL "Disallow: /%E3%83%84",                                           "/ツ",        false},
        {ALL "Disallow: /a-%2A.html",                                          "/a-*.html",   false},
        {ALL "Disallow: /a-%2A.html",                                          "/a-b.html",   true },
        {ALL "Disallow: /a%24",                                                "/a$",         false},
        {ALL "Disallow: /a%24",                                                "/a",          true },
        {ALL "Disallow: /a$b",                                                 "/a$b",        false},
        {ALL "Disallow: /a%",                                                  "/a%",         false},
 /* what stands in real files */
        {"\xEF\xBB\xBF" ALL "Disallow: /x",                                    "/x",          false},
        {"\xEF\xBB" ALL "Disallow: /x",                                        "/x",          false},
        {"User-agent:*\r\rDisallow:/x # note",                                 "/x",          false},
        {"user-agent *\ndisallow /x",                                          "/x",          false},
        {"user-agent *\ndisallow /x or so",                                    "/x",          true },
        {ALL "Dissallow: /x",                                                  "/x",          false},
        {ALL "Allow: /d/index.html\nDisallow: /",                              "/d/",         true },
        {ALL "Allow: /d/index.html\nDisallow: /",                              "/d/x",        false},
        {"<html><body>User-agent: *<br>Disallow: /</body>",                    "/x",          true },
        {ALL "Disallow: \xFF\xFE\n:\n::\n#\nDisallow: /x",                     "/x",          false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct robots *robots;

        arena_init(&arena, ARENA_MAX);
        robots = robots_parse(slice_from(cases[i].text), SLICE("wirewatch/0.1 (+x)"), &arena);
        assert_non_null(robots);
        if (robots_allows(robots, slice_from(cases[i].path), &arena) != cases[i].is_allowed)
            fail_msg("%s\nand %s: allowed %d", cases[i].text, cases[i].path, !cases[i].is_allowed);
        arena_release(&arena);
    }
}

static void test_urls(void **state)
{
    static const struct {
        const char *rule, *url;
    } cases[] = {
        {"/a/b?c=http://d.e/$", "http://e.org/a/b?c=http://d.e/#f"},
        {"/$",                  "http://e.org"                    },
        {"/$",                  "http://e.org#a/b"                },
        {"/?a$",                "http://e.org?a"                  },
        {"/;p$",                "e.org;p"                         },
        {"/b/c$",               "//a/b/c"                         },
        {"/x$",                 "/x"                              },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct robots *robots;
        struct slice text;

        arena_init(&arena, ARENA_MAX);
        text = arena_printf(&arena, "User-agent: *\nDisallow: %s\n", cases[i].rule);
        robots = robots_parse(text, SLICE("wirewatch"), &arena);
        if (robots_allows_url(robots, slice_from(cases[i].url), &arena))
            fail_msg("%s allows %s", cases[i].rule, cases[i].url);
        assert_true(robots_allows_url(NULL, slice_from(cases[i].url), &arena));
        arena_release(&arena);
    }
}

static void test_delay(void **state)
{
    static const struct {
        const char *text;
        int64_t delay_ms;
    } cases[] = {
        {ALL "Crawl-delay: 10",                                    10000             },
        {ALL "Crawl-delay: 0.5",                                   500               },
        {ALL "Crawl-delay: 977616000",                             CRAWL_DELAY_MAX_MS},
        {ALL "Crawl-delay: 99999999999999999999999",               CRAWL_DELAY_MAX_MS},
        {ALL "Crawl-delay: 59.99999",                              59999             },
        {ALL "Crawl-delay: ten",                                   0                 },
        {ALL "Crawl-delay: -1",                                    0                 },
        {"Crawl-delay: 10\n" ALL "Disallow: /",                    0                 },
        {ALL "Crawl-delay: 10\n\n" US "Disallow: /x",              0                 },
        {ALL "Disallow: /\nCrawl-delay: 10\n" US "Crawl-delay: 2", 2000              },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct robots *robots;

        arena_init(&arena, ARENA_MAX);
        robots = robots_parse(slice_from(cases[i].text), SLICE("wirewatch"), &arena);
        if (robots_delay_ms(robots) != cases[i].delay_ms)
            fail_msg("%s: %d ms", cases[i].text, (int)robots_delay_ms(robots));
        arena_release(&arena);
    }
}

static void test_sitemaps(void **state)
{
    struct arena arena;
    struct robots *robots;
    const struct slice *list;
    size_t n;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    robots = robots_parse(SLICE("Sitemap: https://e.org/1.xml\n" ALL
                                "Disallow: /\nsitemap:https://e.org/2.xml # x\nSitemap:\n"),
                          SLICE("wirewatch"), &arena);
    list = robots_sitemaps(robots, &n);
    assert_int_equal(n, 2);
    assert_true(slice_equal(list[0], SLICE("https://e.org/1.xml")));
    assert_true(slice_equal(list[1], SLICE("https://e.org/2.xml")));
    arena_release(&arena);
}

/* 8,000 stars against an address of 8,000 letters; half a megabyte of rules; a rule at its end. */
static void test_cost(void **state)
{
    struct arena arena;
    struct robots *robots;
    struct buf text, path;
    clock_t begun = clock();

    WW_UNUSED(state);
    arena_init(&arena, (size_t)64 * 1024 * 1024);
    buf_init(&text, (size_t)2 * ROBOTS_MAX_BYTES);
    buf_init(&path, URL_MAX_BYTES);
    buf_add_string(&text, ALL "Disallow: /");
    for (int i = 0; i < 8000; i++)
        buf_add_string(&text, "*a");
    buf_add_string(&text, "b$\n");
    buf_add_char(&path, '/');
    for (int i = 0; i < 8000; i++)
        buf_add_char(&path, 'a');
    while (text.len < ROBOTS_MAX_BYTES - 64)
        buf_add_string(&text, "Disallow: /*a*a*a*a*b$\n");
    buf_add_string(&text, "Disallow: /last\n");
    while (text.len < ROBOTS_MAX_BYTES)
        buf_add_string(&text, "#");
    buf_add_string(&text, "\nDisallow: /\n"); /* too late */
    robots = robots_parse(buf_slice(&text), SLICE("wirewatch"), &arena);
    assert_true(robots_allows(robots, buf_slice(&path), &arena));
    assert_false(robots_allows(robots, SLICE("/last"), &arena));
    assert_true((double)(clock() - begun) / CLOCKS_PER_SEC < 2.0);
    buf_release(&text);
    buf_release(&path);
    arena_release(&arena);
}

/* Out of memory there is no robots.txt, and nothing may be fetched. */
static void test_no_memory(void **state)
{
    struct arena arena;
    struct robots *robots;

    WW_UNUSED(state);
    arena_init(&arena, 16);
    assert_null(robots_parse(SLICE(ALL "Disallow: /x"), SLICE("wirewatch"), &arena));
    arena_release(&arena);
    arena_init(&arena, ARENA_MAX);
    robots = robots_parse(SLICE(ALL "Disallow: /x"), SLICE("wirewatch"), &arena);
    mem_fail_after(1);
    arena.max_bytes = arena.used_bytes;
    while (!arena.failed)
        (void)arena_alloc(&arena, 1000);
    mem_fail_after(0);
    assert_false(robots_allows(robots, SLICE("/y"), &arena));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules), cmocka_unit_test(test_urls),
        cmocka_unit_test(test_delay), cmocka_unit_test(test_sitemaps),
        cmocka_unit_test(test_cost),  cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
