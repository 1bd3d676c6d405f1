/*
 * test_article.c - whole pages in, articles out; hostile pages, and every allocation failing once.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/mem.h"
#include "extractors/article.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PROSE                                                                                  \
    "The harbour office opened its doors on Monday, two years after the flood, and the first " \
    "boats came in before noon, as the mayor had promised."
#define MORE                                                                                \
    "Fishermen said they had waited long enough, and that the new quay, built of granite, " \
    "would outlast all of them."

struct page {
    const char *name, *html, *url;
    const char *title, *author, *day, *language;
    const char *with, *without; /* in the text */
    const char *cut;            /* in what was cut */
    enum article_access access;
};

static const struct page pages[] = {
    {"container by its name, related box cut",
     "<html lang=en><head><title>Harbour opens again - The Tidings</title>"
     "<meta property='og:site_name' content='The Tidings'></head><body>"
     "<nav><a href=/>Home</a></nav><article><h1>Harbour opens again</h1>"
     "<p class=byline>By Ana Silva</p><time datetime='2023-05-03T09:00:00+02:00'>3 May</time>"
     "<div class=entry-content><p>" PROSE "</p><p>" MORE "</p>"
     "<div class=related-posts><p>Station opened in another town and nobody noticed it at all, "
     "they say.</p></div></div></article><footer>All rights reserved</footer></body></html>",                                           "http://tidings.example/harbour", "Harbour opens again",                                       "Ana Silva", "2023-05-03", "en",
     "Fishermen said",                                                                                                                                                                                                                                                                  "Station opened", "Station opened", ARTICLE_OPEN},
    {"the site's name goes from the title",
     "<title>Ein langer Titel über den Hafen | Küstenblatt</title>"
     "<meta property=og:site_name content=Küstenblatt>"
     "<meta name=author content='Redaktion'><p>" PROSE "<p>" MORE,
     "",                                                                                                                                                                  "Ein langer Titel über den Hafen",                          "",          "",           "en",    "granite",   NULL,             NULL,             ARTICLE_OPEN},
    {"schema.org data with their usual faults",
     "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\n\"headline\":\"Quay &amp; "
     "granite in the\nharbour\",\"author\":[{\"@type\":\"Person\",\"name\":\"Bo Lind\"},"
     "{\"@type\":\"Organization\",\"name\":\"Tidings\"}],\"datePublished\":\"2022-01-02\","
     "\"isAccessibleForFree\":false,}</script><meta name=author content='Bo Lind'><h2>Other</h2>"
     "<p>" PROSE "<p>" MORE,
     "",                                                                                                                                                                  "Quay & granite in the harbour",                             "Bo Lind",   "2022-01-02", "en",    "granite",   NULL,             NULL,
     ARTICLE_PAYWALL                                                                                                                                                                                                                                                                                                                    },
    {"the address tells the day, an evening in America",
     "<meta property=article:published_time content='2023-11-09T03:28:35Z'><p>" PROSE "<p>" MORE,
     "https://x.example/2023/11/08/harbour/",                                                                                                                             "",                                                          "",          "2023-11-08", "en",    "granite",   NULL,             NULL,
     ARTICLE_OPEN                                                                                                                                                                                                                                                                                                                       },
    {"lines between the paragraphs",
     "<article><p>" PROSE "</p><p><a href=/x>Read also: the flood of two years ago</a></p>"
     "<p>Advertisement</p><p>" MORE "</p><h3>Related articles</h3><ul><li><a href=/y>One more "
     "thing</a></li></ul></article>",                                                                                                   "",                               "",                                                          "",          "",           "en",    "Fishermen", "Read also",      "One more thing", ARTICLE_OPEN},
    {"comments are not the article",
     "<div class=post-body><p>" PROSE "</p><p>" MORE "</p></div><div id=comments><p>I saw it, and "
     "it was not granite at all, but sandstone, says my uncle, who was there.</p></div>",                                               "",                               "",                                                          "",          "",           "en",    "granite",   "sandstone",      NULL,             ARTICLE_OPEN},
    {"a body in pieces",
     "<main><div class=rich-text><p>" PROSE
     "</p></div><aside>ad</aside><div class=rich-text><p>" MORE "</p></div></main>",
     "",                                                                                                                                                                  "",                                                          "",          "",           "en",    "granite",   NULL,             NULL,             ARTICLE_OPEN},
    {"text that only the data have",
     "<script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"Harbour opens "
     "again\",\"articleBody\":\"" PROSE " " MORE "\"}</script><div id=app></div>",
     "",                                                                                                                                                                  "Harbour opens again",                                       "",          "",           "en",    "granite",   NULL,             NULL,             ARTICLE_OPEN},
    {"a wrapper's name may say anything",
     "<div class='share newsletter comments'><p>" PROSE "</p><p>" MORE "</p></div>",                                                    "",                               "",                                                          "",          "",
     "en",                                                                                                                                                                                                                                                                 "granite",   NULL,             NULL,             ARTICLE_OPEN},
    {"Chinese",
     "<html lang=zh-CN><h1>港口在洪水两年后重新开放并迎来首批渔船</h1><div class=article-content>"
     "<p>来源：海港报 "
     "2023年5月3日</"
     "p><p>"
     "港口办公室周一重新开放，此时距离洪水已经过去两年，正如市长所承诺的那样，第一批船只在中午之前"
     "进港。</p>"
     "<p>渔民们表示，他们已经等了很久，用花岗岩建造的新码头将比他们所有人都更加长久。</p></div>",
     "",                                                                                                                                                                  "港口在洪水两年后重新开放并迎来首批渔船", "",          "2023-05-03", "zh-CN", "花岗岩", NULL,             NULL,
     ARTICLE_OPEN                                                                                                                                                                                                                                                                                                                       },
};

static void check_page(const struct page *p)
{
    struct article_hints hints = {.url = slice_from(p->url), .now = 1763769600};
    struct arena arena;
    struct article a;
    struct ww_error err = {0};
    char day[DATE_TEXT_BYTES] = "";

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    if (article_extract(slice_from(p->html), &hints, &arena, &a, &err) != WW_OK)
        fail_msg("%s: %s", p->name, err.message);
    if (a.published.precision >= DATE_DAY)
        (void)date_format_day(&a.published, day);
    if (!slice_equal(a.title, slice_from(p->title)))
        fail_msg("%s: title '%.*s'", p->name, SLICE_ARG(a.title));
    if (!slice_equal(a.author, slice_from(p->author)))
        fail_msg("%s: author '%.*s'", p->name, SLICE_ARG(a.author));
    if (strcmp(day, p->day) != 0)
        fail_msg("%s: day '%s'", p->name, day);
    if (!slice_equal(a.language, slice_from(p->language)))
        fail_msg("%s: language '%.*s'", p->name, SLICE_ARG(a.language));
    if (!slice_contains(a.text, slice_from(p->with)))
        fail_msg("%s: '%s' is not in '%.*s'", p->name, p->with, SLICE_ARG(a.text));
    if (p->without != NULL && slice_contains(a.text, slice_from(p->without)))
        fail_msg("%s: '%s' is in '%.*s'", p->name, p->without, SLICE_ARG(a.text));
    if (p->cut != NULL && !slice_contains(a.cut, slice_from(p->cut)))
        fail_msg("%s: cut '%.*s'", p->name, SLICE_ARG(a.cut));
    if (a.access != p->access)
        fail_msg("%s: access %d", p->name, (int)a.access);
    arena_release(&arena);
}

static void test_pages(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(pages); i++)
        check_page(&pages[i]);
}

/* Parts that come behind the page, in any order, and one whose place was never sent. */
static void test_late_parts(void **state)
{
    static const char *const html[] = {
        "<main><article><template id='B:0'></template><template id='B:1'></template></article>"
        "<div hidden id='S:1'><p>" MORE "</p></div><div hidden id='S:0'><p>" PROSE "</p></div>"
        "</main><div hidden id=note><p>Hidden for another reason, and never shown to anybody at "
        "all in this long life.</p></div>",
        "<div hidden id='S:7'><p>" PROSE "</p><p>" MORE "</p></div>",
        "<x-story><template shadowrootmode=open><p>" PROSE "</p><p>" MORE
        "</p></template></x-story>"
        "<template><p>" PROSE " Never shown.</p></template>",
        "<div hidden id='S:0'><template id='B:0'></template><p>" PROSE "</p><p>" MORE "</p></div>"};
    struct article_hints hints = {0};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(html); i++) {
        struct arena arena;
        struct article a;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        assert_int_equal(article_extract(slice_from(html[i]), &hints, &arena, &a, NULL), WW_OK);
        assert_true(slice_equal(a.text, SLICE(PROSE "\n\n" MORE)));
        arena_release(&arena);
    }
}

static void test_plain_text(void **state)
{
    struct article_hints hints = {.content_type = SLICE("text/plain; charset=utf-8")};
    struct slice text = SLICE("Harbour opens <again>\n\n" PROSE "\n\n" MORE "\n");
    struct arena arena;
    struct article a;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(article_extract(text, &hints, &arena, &a, NULL), WW_OK);
    assert_true(slice_equal(a.title, SLICE("Harbour opens <again>")));
    assert_true(slice_equal(a.text, slice_trim(text)));
    assert_true(slice_equal(a.language, SLICE("en")));
    arena_release(&arena);
}

static void test_nothing(void **state)
{
    static const char *const empty[] = {"", "<nav><a href=/>Home</a></nav>", "<script>x</script>",
                                        "\xff\xfe", "<html><body></body></html>"};
    struct article_hints hints = {0};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(empty); i++) {
        struct arena arena;
        struct article a;
        struct ww_error err = {0};

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        assert_int_equal(article_extract(slice_from(empty[i]), &hints, &arena, &a, &err),
                         WW_INVALID);
        assert_string_equal(err.message, "no article text in this page");
        arena_release(&arena);
    }
}

static void test_no_text(void **state)
{
    /* A gzip header and what deflate makes of a sentence; a picture; a document to print. */
    const struct slice cases[] = {
        SLICE("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x0b\xc9\x48\x55\x28\x2c\xcd\x4c\xce\x56"),
        SLICE("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06"),
        SLICE("%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n"),
    };
    static const char *const types[] = {"text/html", "text/plain", ""};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases) * WW_COUNT(types); i++) {
        struct article_hints hints = {.content_type = slice_from(types[i % WW_COUNT(types)])};
        struct arena arena;
        struct article a;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        if (article_extract(cases[i / WW_COUNT(types)], &hints, &arena, &a, NULL) != WW_INVALID)
            fail_msg("case %zu: text '%.*s'", i, SLICE_ARG(a.text));
        arena_release(&arena);
    }
}

/* A page with one stray control character, and one in UTF-16, where every second byte is 0. */
static void test_odd_text(void **state)
{
    struct slice cases[] = {SLICE("<p>" PROSE "\x03</p><p>" MORE "\x0b</p>"),
                            SLICE("\xff\xfe<\0p\0>\0O\0p\0e\0n\0.\0")};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct article_hints hints = {0};
        struct arena arena;
        struct article a;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        if (article_extract(cases[i], &hints, &arena, &a, NULL) != WW_OK)
            fail_msg("case %zu", i);
        arena_release(&arena);
    }
}

/* Every allocation fails once: no crash, and an error unless the page came out whole. */
static void test_memory(void **state)
{
    struct article_hints hints = {.url = slice_from(pages[0].url)};

    WW_UNUSED(state);
    for (size_t k = 0; k < 3; k++)
        for (long n = 1; n < 400; n++) {
            struct arena arena;
            struct article a;
            enum ww_status status;
            long used;

            arena_init(&arena, PAGE_ARENA_MAX_BYTES);
            mem_fail_after(n);
            status = article_extract(slice_from(pages[k].html), &hints, &arena, &a, NULL);
            used = mem_count();
            mem_fail_after(0);
            arena_release(&arena);
            if (used < n) {
                assert_int_equal(status, WW_OK);
                break;
            }
        }
}

/* A small arena is full early: refused in words, never a crash. */
static void test_full_arena(void **state)
{
    struct article_hints hints = {0};

    WW_UNUSED(state);
    for (size_t bytes = 1000; bytes < 2000000; bytes += bytes / 3) {
        struct arena arena;
        struct article a;
        enum ww_status status;

        arena_init(&arena, bytes);
        status = article_extract(slice_from(pages[0].html), &hints, &arena, &a, NULL);
        assert_true(status == WW_OK || status == WW_TOO_BIG || status == WW_NOMEM);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),      cmocka_unit_test(test_late_parts),
        cmocka_unit_test(test_plain_text), cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_no_text),    cmocka_unit_test(test_odd_text),
        cmocka_unit_test(test_memory),     cmocka_unit_test(test_full_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
