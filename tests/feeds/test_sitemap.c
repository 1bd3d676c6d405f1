/* test_sitemap.c - urlsets, indexes, news, lists of addresses, feeds; and broken ones. */
#include "feeds/sitemap.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "feeds/feed.h"

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

/* What follows a list as a feed: its format, an entry's link, title, published and updated. */
static void test_as_feed(void **state)
{
    static const struct {
        const char *name, *text, *format;
        size_t n_entries;
        const char *title;          /* of the first entry */
        int64_t published, updated; /* of the first entry */
    } cases[] = {
        {"plain",                     "<urlset>" URL("a") URL("b") "</urlset>",                                        "sitemap",       2, "",        0,          0         },
        {"lastmod is no publication",
         "<urlset><url><loc>http://e.org/a</loc><lastmod>2022-09-13T02:05:22Z</lastmod></url>"
         "</urlset>",                                                                                                  "sitemap",       1, "",        0,          1663034722},
        {"news",
         "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url>"
         "<loc>http://e.org/a</loc><n:news><n:publication_date>2022-09-13T02:05:22Z"
         "</n:publication_date><n:title>A tower</n:title></n:news></url></urlset>",                                    "sitemap",       1, "A tower", 1663034722, 0         },
        {"index",                     "<sitemapindex><sitemap><loc>http://e.org/1.xml</loc></sitemap></sitemapindex>",
         "sitemap-index",                                                                                                               1, "",        0,          0         },
        {"empty index",               "<sitemapindex></sitemapindex>",                                                 "sitemap-index", 0, "",        0,          0         },
        {"empty",                     "<urlset/>",                                                                     "sitemap",       0, "",        0,          0         },
        {"text",                      "http://e.org/a\n",                                                              "sitemap-text",  1, "",        0,          0         },
        {"comment first",             "<?xml version='1.0'?><!-- x --><?y?>\n<urlset>" URL("a") "</urlset>",
         "sitemap",                                                                                                                     1, "",        0,          0         },
        {"prefix",
         "<s:urlset xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'><s:url><s:loc>"
         "http://e.org/a</s:loc></s:url></s:urlset>",                                                                  "sitemap",       1, "",        0,          0         },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct sitemap s;
        struct feed f;

        arena_init(&arena, (size_t)1024 * 1024);
        if (!sitemap_is_likely(slice_from(cases[i].text)))
            fail_msg("%s: not taken for a sitemap", cases[i].name);
        assert_int_equal(
            sitemap_parse(slice_from(cases[i].text), SLICE("http://e.org/"), &arena, &s, NULL),
            WW_OK);
        assert_int_equal(sitemap_as_feed(&s, &arena, &f, NULL), WW_OK);
        if (strcmp(f.format, cases[i].format) != 0 || f.n_entries != cases[i].n_entries)
            fail_msg("%s: %s, %zu entries", cases[i].name, f.format, f.n_entries);
        if (f.n_entries > 0 && (!slice_equal(f.entries[0].title, slice_from(cases[i].title)) ||
                                f.entries[0].published.at != cases[i].published ||
                                f.entries[0].updated.at != cases[i].updated))
            fail_msg("%s: \"%.*s\" %lld %lld", cases[i].name, SLICE_ARG(f.entries[0].title),
                     (long long)f.entries[0].published.at, (long long)f.entries[0].updated.at);
        arena_release(&arena);
    }
    assert_false(sitemap_is_likely(SLICE("<?xml version='1.0'?><rss><urlset>")));
    assert_false(sitemap_is_likely(SLICE("<!-- <urlset>")));
    assert_false(sitemap_is_likely(SLICE("{\"url\": \"http://e.org\"}")));
    assert_false(sitemap_is_likely(SLICE("")));
}

/* n pages, the i-th modified i times step seconds after noon. */
static void write_urls(struct buf *out, size_t n, unsigned step)
{
    buf_add_string(out, "<urlset>");
    for (size_t i = 0; i < n; i++)
        buf_printf(out,
                   "<url><loc>http://e.org/%zu</loc><lastmod>2022-09-13T12:%02u:%02uZ</lastmod>"
                   "</url>",
                   i, (unsigned)i * step / 60 % 60, (unsigned)i * step % 60);
    buf_add_string(out, "</urlset>");
}

/* One time for all is that of the file. */
static void test_one_time(void **state)
{
    WW_UNUSED(state);
    for (unsigned step = 0; step < 2; step++)
        for (size_t n = 10; n < 200; n += 90) {
            struct arena arena;
            struct sitemap s;
            struct feed f;
            struct buf text;

            arena_init(&arena, (size_t)1024 * 1024);
            buf_init(&text, 100000);
            write_urls(&text, n, step);
            assert_int_equal(sitemap_parse(buf_slice(&text), SLICE(""), &arena, &s, NULL), WW_OK);
            assert_int_equal(sitemap_as_feed(&s, &arena, &f, NULL), WW_OK);
            assert_int_equal(f.entries[n - 1].updated.precision != DATE_NONE, n == 10 || step == 1);
            buf_release(&text);
            arena_release(&arena);
        }
}

/* Of more than are kept, the newest stay. */
static void test_many(void **state)
{
    struct arena arena;
    struct sitemap s;
    struct buf text;
    const size_t n = (size_t)SITEMAP_URLS_MAX * 2 + 10;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)256 * 1024 * 1024);
    buf_init(&text, (size_t)64 * 1024 * 1024);
    buf_add_string(&text, "<urlset>");
    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "<url><loc>http://e.org/%zu</loc><lastmod>%d-01-01</lastmod></url>", i,
                   i < n - 10 ? 2010 : 2022);
    buf_add_string(&text, "</urlset>");
    assert_int_equal(sitemap_parse(buf_slice(&text), SLICE(""), &arena, &s, NULL), WW_OK);
    assert_int_equal(s.n_urls, SITEMAP_URLS_MAX);
    assert_int_equal(s.n_dropped, n - SITEMAP_URLS_MAX);
    assert_int_equal(s.urls[9].lastmod.at, 1640995200);
    assert_int_equal(s.urls[10].lastmod.at, 1262304000);
    buf_release(&text);
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
        cmocka_unit_test(test_kinds),   cmocka_unit_test(test_news),
        cmocka_unit_test(test_as_feed), cmocka_unit_test(test_one_time),
        cmocka_unit_test(test_many),    cmocka_unit_test(test_none_and_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
