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
#define BYTES(literal)               \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static void check(struct slice text, const char *path, bool is_allowed)
{
    struct arena arena;
    struct robots *robots;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    robots = robots_parse(text, SLICE("wirewatch/0.1 (+x)"), &arena);
    assert_non_null(robots);
    if (robots_allows(robots, slice_from(path), &arena) != is_allowed)
        fail_msg("%.*s\nand %s: allowed %d", SLICE_ARG(slice_head(text, 400)), path, !is_allowed);
    arena_release(&arena);
}

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
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        check(slice_from(cases[i].text), cases[i].path, cases[i].is_allowed);
}

/* Sixty cases made from RFC 9309's text before the reader was looked at; by the section's number.
 */
static void test_sixty(void **state)
{
    static const struct {
        const char *text, *path;
        bool is_allowed;
    } cases[] = {
  /* 2.2.1: groups, and which is ours */
        {US "Disallow: /a\n\n\n" US "Disallow: /b",                            "/b",                false},
        {US "Disallow: /a\n" ALL "Disallow: /b\n" US "Allow: /a/c",            "/a/c",              true },
        {US "Allow: /\n" ALL "Disallow: /\n" US "Disallow: /c",                "/c",                false},
        {ALL "Disallow: /a\nUser-agent: b\nDisallow: /\n" ALL "Allow: /a/x\n", "/a/x",              true },
        {ALL "Disallow: /a\nUser-agent: b\nDisallow: /\n" ALL "Disallow: /c",  "/c",                false},
        {"User-agent: a\nUser-agent: wirewatch\nUser-agent: b\nDisallow: /",   "/x",                false},
        {"User-agent: a\n\nUser-agent: wirewatch\nDisallow: /x",               "/x",                false},
        {ALL "User-agent: wirewatch\nDisallow: /x",                            "/x",                false},
        {ALL "User-agent: other\nDisallow: /x",                                "/x",                false},
        {"User-agent: WIREWATCH\nDisallow: /",                                 "/x",                false},
        {"User-agent: wirewatch/0.9\nDisallow: /",                             "/x",                false},
        {"User-agent: wirewatch-news\nDisallow: /",                            "/x",                true },
        {"User-agent: wire-watch\nDisallow: /",                                "/x",                true },
        {"User-agent: news wirewatch\nDisallow: /",                            "/x",                true },
        {"User-agent: wirewatch news\nDisallow: /",                            "/x",                false},
        {"User-agent: *bot\nDisallow: /",                                      "/x",                true },
        {"User-agent: * # all\nDisallow: /",                                   "/x",                false},
        {"User-agent:\nDisallow: /",                                           "/x",                true },
        {US "\n" ALL "Disallow: /",                                            "/x",                false},
        {ALL "Disallow: /\n" US,                                               "/x",                true },
        {ALL "Disallow: /\n" US "Disallow:",                                   "/x",                true },
        {US "Sitemap: http://e.org/s\nDisallow: /x",                           "/x",                false},
        {US "Noindex: /y\nHost: e.org\nDisallow: /x",                          "/x",                false},
        {"Disallow: /\nAllow: /x",                                             "/y",                true },
 /* 2.2.2: the most octets decide, and of as many, leave */
        {ALL "Allow: /p\nDisallow: /",                                         "/page",             true },
        {ALL "Allow: /folder\nDisallow: /folder",                              "/folder/page",      true },
        {ALL "Disallow: /folder\nAllow: /folder",                              "/folder/page",      true },
        {ALL "Allow: /page\nDisallow: /*.ph",                                  "/page.php5",        true },
        {ALL "Allow: /$\nDisallow: /",                                         "/",                 true },
        {ALL "Allow: /$\nDisallow: /",                                         "/page.htm",         false},
        {ALL "Disallow: /a/b\nAllow: /a/\nDisallow: /",                        "/a/b/c",            false},
        {ALL "Disallow: /a/b\nAllow: /a/\nDisallow: /",                        "/a/c",              true },
        {ALL "Allow: /%C3%A9\nDisallow: /\xC3\xA9/x",                          "/%c3%a9/x",         false},
        {ALL "Disallow: /a\nDisallow: /a\nAllow: /ab",                         "/abc",              true },
        {ALL "Disallow: /\nAllow:",                                            "/x",                false},
        {ALL "Disallow: /fish",                                                "/Fish.asp",         true },
        {ALL "Disallow: /fish/",                                               "/fish",             true },
        {ALL "Disallow: /fish/",                                               "/fish/?id=1",       false},
        {ALL "Disallow: /?",                                                   "/?a=1",             false},
        {ALL "Disallow: /a?b",                                                 "/a?bc",             false},
        {ALL "Disallow: /a?b",                                                 "/a/?b",             true },
 /* 2.2.3: '*' and '$' */
        {ALL "Disallow: /fish*",                                               "/fish",             false},
        {ALL "Disallow: /fish*.php",                                           "/fishes/cat.php?x", false},
        {ALL "Disallow: /*",                                                   "/",                 false},
        {ALL "Disallow: *",                                                    "/x",                false},
        {ALL "Disallow: /**/x",                                                "/a/b/x",            false},
        {ALL "Disallow: /*/x$",                                                "/a/b/x",            false},
        {ALL "Disallow: /*/x$",                                                "/x",                true },
        {ALL "Disallow: /*?*id=1$",                                            "/a?b&id=1",         false},
        {ALL "Disallow: /*?*id=1$",                                            "/a?b&id=12",        true },
        {ALL "Disallow: /a$$",                                                 "/a$",               false},
        {ALL "Disallow: /a$*",                                                 "/a$b",              false},
        {ALL "Disallow: /a$*",                                                 "/ab",               true },
        {ALL "Disallow: /a*$ # end",                                           "/abc",              false},
 /* 2.2.2: octets and their escapes */
        {ALL "Disallow: /%E2%82%AC",                                           "/\xE2\x82\xAC",     false},
        {ALL "Disallow: /\xE2\x82\xAC",                                        "/%e2%82%ac/x",      false},
        {ALL "Disallow: /%61%62",                                              "/ab",               false},
        {ALL "Disallow: /ab",                                                  "/%61b",             false},
        {ALL "Disallow: /a%20b",                                               "/a b",              false},
        {ALL "Disallow: /a b",                                                 "/a%20b",            false},
    };

    WW_UNUSED(state);
    assert_int_equal(WW_COUNT(cases), 60);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        check(slice_from(cases[i].text), cases[i].path, cases[i].is_allowed);
}

/* What the bytes of real files hold besides rules, with their lengths: NUL ends nothing. */
static void test_bytes(void **state)
{
    static const struct {
        struct slice text;
        const char *path;
        bool is_allowed;
    } cases[] = {
        {BYTES("\xEF\xBB\xBFUser-agent: *\nDisallow: /x"),          "/x", false},
        {BYTES("\n\xEF\xBB\xBFUser-agent: *\nDisallow: /x"),        "/x", true },
        {BYTES("User-agent: *\rDisallow: /x\r"),                    "/x", false},
        {BYTES("User-agent: *\r\nDisallow: /x\r\n"),                "/x", false},
        {BYTES("User-agent: *\n\rDisallow: /x"),                    "/x", false},
        {BYTES("User-agent: *\nDisallow: /a\0b\nDisallow: /x"),     "/x", false},
        {BYTES("\0\0\0\nUser-agent: *\nDisallow: /x"),              "/x", false},
        {BYTES("User-agent: *\0\nDisallow: /x"),                    "/x", false},
        {BYTES("User-agent: *\n\tDisallow :\t/x\t"),                "/x", false},
        {BYTES("User-agent: *\n\vDisallow: /x\f"),                  "/x", false},
        {BYTES("\xFF\xFEU\0s\0e\0r\0"),                             "/x", true },
        {BYTES("User-agent: *\nDisallow: /\xE6\xFF\nDisallow: /x"), "/x", false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        check(cases[i].text, cases[i].path, cases[i].is_allowed);
}

/* What is cut in a line at the end of what counts is no rule: "/private" must not become "/". */
static void test_huge(void **state)
{
    static const char rule[] = "Disallow: /private\n";
    struct buf text;

    WW_UNUSED(state);
    buf_init(&text, (size_t)4 * ROBOTS_MAX_BYTES);
    buf_add_string(&text, ALL);
    while (text.len < ROBOTS_MAX_BYTES - 11)
        buf_add_string(&text, text.len == ROBOTS_MAX_BYTES - 12 ? "\n" : "#");
    buf_add_string(&text, rule);
    check(buf_slice(&text), "/x", true);
    check(buf_slice(&text), "/private", true);
    buf_truncate(&text, ROBOTS_MAX_BYTES);
    check(buf_slice(&text), "/x", false); /* all of a file that ends there */
    buf_release(&text);
    /* Three megabytes, a rule at 486 KiB: it counts. The same behind the limit does not. */
    buf_init(&text, (size_t)4 * 1024 * 1024);
    buf_add_string(&text, ALL);
    while (text.len < (size_t)486 * 1024)
        buf_add_string(&text, "Disallow: /bbbbbbbbbbbbbbbbbbbb\n");
    buf_add_string(&text, "Disallow: /early\n");
    while (text.len < (size_t)3 * 1024 * 1024)
        buf_add_string(&text, "Disallow: /bbbbbbbbbbbbbbbbbbbb\n");
    buf_add_string(&text, "Disallow: /late\n");
    check(buf_slice(&text), "/early", false);
    check(buf_slice(&text), "/late", true);
    buf_release(&text);
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

/* RFC 9309, 2.2.3, as plainly as it can be said; what it costs does not matter here. */
static bool fits(const char *pattern, const char *path)
{
    if (pattern[0] == '\0')
        return true;
    if (pattern[0] == '$' && pattern[1] == '\0')
        return path[0] == '\0';
    if (pattern[0] == '*')
        return fits(pattern + 1, path) || (path[0] != '\0' && fits(pattern, path + 1));
    return pattern[0] == path[0] && fits(pattern + 1, path + 1);
}

/* The n-th text over an alphabet: no letter, one letter each, two ... */
static void nth_text(size_t n, const char *alphabet, char *out)
{
    size_t base = strlen(alphabet);

    *out++ = '/';
    for (; n > 0; n = (n - 1) / base)
        *out++ = alphabet[(n - 1) % base];
    *out = '\0';
}

/* Every rule of up to five characters against every path of up to five. */
static void test_all_short(void **state)
{
    enum { RULES = 1365, PATHS = 63 };

    WW_UNUSED(state);
    for (size_t i = 0; i < RULES; i++) {
        struct arena arena;
        struct robots *robots;
        char pattern[16], path[16];

        nth_text(i, "ab*$", pattern);
        arena_init(&arena, ARENA_MAX);
        robots = robots_parse(arena_printf(&arena, ALL "Disallow: %s\n", pattern),
                              SLICE("wirewatch"), &arena);
        for (size_t k = 0; k < PATHS; k++) {
            nth_text(k, "ab", path);
            if (robots_allows(robots, slice_from(path), &arena) == fits(pattern, path))
                fail_msg("%s and %s", pattern, path);
        }
        arena_release(&arena);
    }
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
        cmocka_unit_test(test_rules),     cmocka_unit_test(test_sixty),
        cmocka_unit_test(test_bytes),     cmocka_unit_test(test_huge),
        cmocka_unit_test(test_all_short), cmocka_unit_test(test_urls),
        cmocka_unit_test(test_delay),     cmocka_unit_test(test_sitemaps),
        cmocka_unit_test(test_cost),      cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
