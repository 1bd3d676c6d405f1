/*
 * test_parse_finds.c - lists of history through a worker's question and answer: what comes out is
 * what the reader made of it, in whatever encoding it came; a damaged answer is none.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "crawler/parse.h"
#include "tests/feeds/finds_shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BASE "https://e.org/lists/1"
/* Bytes, with what stands among them that would end a string. */
#define BYTES(literal)                  \
    {                                   \
        "" literal, sizeof(literal) - 1 \
    }

struct list_case {
    enum finds_format format;
    struct slice bytes;
    const char *content_type, *expected;
};

static const struct list_case lists[] = {
    {FINDS_CDX,
     BYTES("[[\"timestamp\",\"original\",\"statuscode\",\"length\"],[\"20220913021530\","
           "\"http://e.org/a\",\"200\",\"5\"],[],[\"k\"]]"),
     "application/json",                                                                                                         "http://e.org/a captured=2022-09-13T02:15:30Z/second bytes=0+5 status=200\nnext k\n"},
    {FINDS_CDX_LINES,
     BYTES(
         "{\"url\":\"http://e.org/a\",\"timestamp\":\"2022\",\"mime\":\"text/"
         "html\",\"filename\":\"f\","
         "\"offset\":\"7\",\"length\":\"9\",\"digest\":\"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567\"}\n{}"),
     "",                                                                                                                         "http://e.org/a capture=f captured=2022-01-01/year bytes=7+9"
     " sha1=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567 mime=text/html\nbad 1\n"                                                                                                                                        },
    {FINDS_COLLECTIONS,
     BYTES("[{\"id\":\"a\",\"cdx-api\":\"https://i.org/a\",\"from\":\"2022-09-13\",\"to\":"
           "\"2022-09-20\"}]"),
     "",                                                                                                                         "list https://i.org/a name=a about=2022-09-13/day until=2022-09-20/day\n"           },
    {FINDS_PAGE_COUNT,  BYTES("{\"pages\":3}"),                                                      "",                         "pages 3\n"                                                                         },
    {FINDS_GDELT,       BYTES("Too many."),                                                          "text/html; charset=utf-8", "about Too many.\n"                                                                 },
    {FINDS_SITEMAP,
     BYTES("<sitemapindex><sitemap><loc>/2022/09/s.xml</loc></sitemap></sitemapindex>"),             "",
     "list https://e.org/2022/09/s.xml about=2022-09-01/month month\n"                                                                                                                                               },
    {FINDS_FEED,
     BYTES("<rss xmlns:fh='http://purl.org/syndication/history/1.0'><channel><fh:complete/><title>E"
           "</title><item><link>/a</link><author>Ana</author></item></channel></rss>"),
     "",                                                                                                                         "https://e.org/a by=Ana from=E\ncomplete\n"                                         },
 /* Encodings: declared in the document, said in the header, two bytes a letter. */
    {FINDS_MEDIACLOUD,
     BYTES("<?xml version='1.0' "
           "encoding='ISO-8859-7'?><rss><channel><item><link>http://e.org/a</link>"
           "<title>\xE1</title></item></channel></rss>"),
     "",                                                                                                                         "http://e.org/a title=\xCE\xB1\n"                                                   },
    {FINDS_WORDPRESS,   BYTES("[{\"link\":\"/a\",\"title\":\"caf\xE9\",\"content\":\"<p>x</p>\"}]"),
     "application/json; charset=iso-8859-1",                                                                                     "https://e.org/a title=caf\xC3\xA9 text=<p>x</p>\n"                                 },
    {FINDS_PATHS,
     BYTES("\xFF\xFE"
           "a\0.\0g\0z\0"),
     "",                                                                                                                         "list a.gz\n"                                                                       },
};

/* The answer of a worker. */
static void ask(const struct list_case *c, struct buf *answer)
{
    struct arena arena;
    struct buf request;

    arena_init(&arena, (size_t)1024 * 1024);
    buf_init(&request, (size_t)1024 * 1024);
    buf_reset(answer);
    parse_request_finds(&request, c->format, c->bytes, slice_from(c->content_type), SLICE(BASE));
    parse_run(buf_slice(&request), &arena, answer);
    buf_release(&request);
    arena_release(&arena);
}

static void test_answers(void **state)
{
    struct buf answer, shown;

    WW_UNUSED(state);
    buf_init(&answer, (size_t)1024 * 1024);
    buf_init(&shown, (size_t)1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(lists); i++) {
        struct arena arena;
        struct finds finds;
        struct ww_error err = {0};

        arena_init(&arena, (size_t)1024 * 1024);
        buf_reset(&shown);
        ask(&lists[i], &answer);
        if (parse_answer_finds(buf_slice(&answer), &arena, &finds, &err) != WW_OK)
            fail_msg("%s: %s", finds_format_name(lists[i].format), err.message);
        show_finds(&shown, &finds);
        if (!slice_equal(buf_slice(&shown), slice_from(lists[i].expected)))
            fail_msg("%s: %.*s", finds_format_name(lists[i].format), SLICE_ARG(buf_slice(&shown)));
        arena_release(&arena);
    }
    buf_release(&answer);
    buf_release(&shown);
}

/* What the reader refuses, the parent hears in its words. */
static void test_refusal(void **state)
{
    static const struct list_case page = {FINDS_CDX, BYTES("<title>429</title>"), "text/html",
                                          NULL};
    struct arena arena;
    struct finds finds;
    struct buf answer;
    struct ww_error err = {0};

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    buf_init(&answer, (size_t)1024 * 1024);
    ask(&page, &answer);
    assert_int_equal(parse_answer_finds(buf_slice(&answer), &arena, &finds, &err), WW_INVALID);
    assert_string_equal(err.message, "not an index of captures (\"429\")");
    buf_release(&answer);
    arena_release(&arena);
}

/* Every answer cut at every byte, and every byte of it changed: read or refused, never believed. */
static void test_damage(void **state)
{
    struct buf answer;

    WW_UNUSED(state);
    buf_init(&answer, (size_t)1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(lists); i++) {
        ask(&lists[i], &answer);
        for (size_t n = 0; n < answer.len; n++) {
            struct arena arena;
            struct finds finds;

            arena_init(&arena, (size_t)64 * 1024 * 1024);
            assert_int_not_equal(
                parse_answer_finds(slice_head(buf_slice(&answer), n), &arena, &finds, NULL), WW_OK);
            answer.ptr[n] = (char)~answer.ptr[n];
            if (parse_answer_finds(buf_slice(&answer), &arena, &finds, NULL) == WW_OK)
                assert_true(finds.n_rows <= FINDS_MAX && finds.n_pages >= -1);
            answer.ptr[n] = (char)~answer.ptr[n];
            arena_release(&arena);
        }
    }
    buf_release(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_refusal),
        cmocka_unit_test(test_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
