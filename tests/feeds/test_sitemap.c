/* test_sitemap.c - urlsets, indexes, news, lists of addresses, feeds; and broken ones. */
#include "feeds/sitemap.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define URL(n) "<url><loc>http://e.org/" n "</loc></url>"

static void test_kinds(void **state)
{
    static const struct {
        const char *name, *text, *type;
        size_t n_urls, n_sitemaps;
        bool is_malformed;
    } cases[] = {
        {"urlset",                                "<urlset>" URL("a") URL("b") "</urlset>",                                        "urlset", 2, 0, false},
        {"empty",                                 "<?xml version=\"1.0\"?><urlset></urlset>",                                      "urlset", 0, 0, false},
        {"index",                                 "<sitemapindex><sitemap><loc>http://e.org/1.xml</loc></sitemap></sitemapindex>",
         "index",                                                                                                                            0, 1, false},
        {"text",                                  "http://e.org/a\r\n\r\nhttps://e.org/b\nno address\n",                           "text",   2, 0, false},
        {"feed",                                  "<rss><channel><item><link>http://e.org/a</link></item></channel></rss>",        "feed",
         1,                                                                                                                                     0, false},
        {"space before it",                       "\n <?xml version=\"1.0\"?><urlset>" URL("a") "</urlset>",                       "urlset", 1,
         0,                                                                                                                                        true },
        {"cut",                                   "<urlset>" URL("a") "<url><loc>http://e.org/b</lo",                              "urlset", 2, 0, true },
        {"unclosed",                              "<urlset><url><loc>http://e.org/a<url><loc>http://e.org/b",                      "urlset", 1, 0,
         true                                                                                                                                           },
        {"no address",                            "<urlset><url><lastmod>2020</lastmod></url></urlset>",                           "urlset", 0, 0,
         false                                                                                                                                          },
        {"a picture's address is not the page's",
         "<urlset><url><image:image><image:loc>http://e.org/i</image:loc></image:image>"
         "<loc>http://e.org/a</loc></url></urlset>",                                                                               "urlset", 1, 0, true },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct sitemap s;
        struct ww_error err = {0};

        arena_init(&arena, (size_t)1024 * 1024);
        if (sitemap_parse(slice_from(cases[i].text), SLICE("http://e.org/"), &arena, &s, &err) !=
            WW_OK)
            fail_msg("%s: %s", cases[i].name, err.message);
        if (strcmp(s.type, cases[i].type) != 0 || s.n_urls != cases[i].n_urls ||
            s.n_sitemaps != cases[i].n_sitemaps || s.is_malformed != cases[i].is_malformed)
            fail_msg("%s: %s, %zu pages, %zu sitemaps, malformed %d", cases[i].name, s.type,
                     s.n_urls, s.n_sitemaps, s.is_malformed);
        arena_release(&arena);
    }
}

static void test_news(void **state)
{
    static const char text[] =
        "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/a</loc>"
        "<lastmod>2022-09-13T10:05:22+08:00</lastmod><n:news><n:publication><n:name>The E</n:name>"
        "<n:language>en</n:language></n:publication><n:publication_date>2022-09-12"
        "</n:publication_date><n:title>a &amp;amp; b</n:title></n:news></url></urlset>";
    struct arena arena;
    struct sitemap s;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    assert_int_equal(sitemap_parse(slice_from(text), SLICE("http://e.org/"), &arena, &s, NULL),
                     WW_OK);
    assert_int_equal(s.n_urls, 1);
    assert_true(slice_equal(s.urls[0].loc, SLICE("http://e.org/a")));
    assert_int_equal(s.urls[0].lastmod.at, 1663034722);
    assert_true(s.urls[0].has_news);
    assert_true(slice_equal(s.urls[0].news_title, SLICE("a & b")));
    assert_true(slice_equal(s.urls[0].news_publication, SLICE("The E")));
    assert_true(slice_equal(s.urls[0].news_language, SLICE("en")));
    assert_int_equal(s.urls[0].news_date.precision, DATE_DAY);
    arena_release(&arena);
}

static void test_none_and_no_memory(void **state)
{
    static const char *const none[] = {"", "hello", "<html><p>x</p></html>", "{}"};
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(none); i++) {
        struct arena arena;
        struct sitemap s;

        arena_init(&arena, (size_t)1024 * 1024);
        assert_int_equal(sitemap_parse(slice_from(none[i]), SLICE(""), &arena, &s, NULL),
                         WW_INVALID);
        arena_release(&arena);
    }
    for (long fail = 1; status != WW_OK && fail < 100; fail++) {
        struct arena arena;
        struct sitemap s;

        arena_init(&arena, (size_t)1024 * 1024);
        mem_fail_after(fail);
        status =
            sitemap_parse(SLICE("<urlset>" URL("a") "<b></urlset>"), SLICE(""), &arena, &s, NULL);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        arena_release(&arena);
    }
    assert_int_equal(status, WW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_news),
        cmocka_unit_test(test_none_and_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
