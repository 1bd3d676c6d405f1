/* test_parse_article.c - a page through the worker's door and back; damaged answers are refused. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "crawler/parse.h"
#include "extractors/article.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char page[] =
    "<html lang=en><meta property='article:published_time' content='2023-05-03T09:00:00+02:00'>"
    "<meta property='og:site_name' content='Tidings'><link rel=canonical href='/harbour'>"
    "<h1>Harbour opens again after the flood</h1><p>The harbour office opened its doors on Monday, "
    "two years after the flood, and the first boats came in before noon.</p><p>Fishermen said they "
    "had waited long enough, and that the new quay would outlast all of them.</p>";

struct journey {
    struct arena arena;
    struct buf question, answer;
};

static void go(struct journey *j, const char *html)
{
    struct article_hints hints = {.url = SLICE("http://tidings.example/x?y=1"),
                                  .content_type = SLICE("text/html; charset=utf-8"),
                                  .now = 1763769600};

    arena_init(&j->arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&j->question, ANSWER_MAX_BYTES);
    buf_init(&j->answer, ANSWER_MAX_BYTES);
    parse_request_article(&j->question, slice_from(html), &hints);
    parse_run(buf_slice(&j->question), &j->arena, &j->answer);
}

static void end(struct journey *j)
{
    buf_release(&j->answer);
    buf_release(&j->question);
    arena_release(&j->arena);
}

static void test_there_and_back(void **state)
{
    struct journey j;
    struct article a;

    WW_UNUSED(state);
    go(&j, page);
    assert_int_equal(parse_answer_article(buf_slice(&j.answer), &j.arena, &a, NULL), WW_OK);
    assert_true(slice_equal(a.title, SLICE("Harbour opens again after the flood")));
    assert_true(slice_equal(a.site, SLICE("Tidings")));
    assert_true(slice_equal(a.canonical, SLICE("http://tidings.example/harbour")));
    assert_true(slice_contains(a.text, SLICE("outlast all of them")));
    assert_string_equal(a.charset, "UTF-8");
    assert_int_equal(a.published.at, 1683097200);
    assert_int_equal(a.published.zone_s, 7200);
    assert_int_equal(a.published_source, ARTICLE_DATE_META);
    end(&j);
}

static void test_error_travels(void **state)
{
    struct journey j;
    struct article a;
    struct ww_error err = {0};

    WW_UNUSED(state);
    go(&j, "<nav>nothing</nav>");
    assert_int_equal(parse_answer_article(buf_slice(&j.answer), &j.arena, &a, &err), WW_INVALID);
    assert_string_equal(err.message, "no article text in this page");
    end(&j);
}

/* Cut short anywhere, or with any byte changed, an answer is refused or still well-formed. */
static void test_damage(void **state)
{
    struct journey j;
    struct article a;

    WW_UNUSED(state);
    go(&j, page);
    for (size_t len = 0; len < j.answer.len; len++)
        assert_int_not_equal(
            parse_answer_article(slice_head(buf_slice(&j.answer), len), &j.arena, &a, NULL), WW_OK);
    for (size_t i = 0; i < j.answer.len; i++) {
        j.answer.ptr[i] = (char)(j.answer.ptr[i] ^ 0xff);
        if (parse_answer_article(buf_slice(&j.answer), &j.arena, &a, NULL) == WW_OK) {
            assert_non_null(a.charset);
            assert_true(a.access < ARTICLE_ACCESS_COUNT);
        }
        j.answer.ptr[i] = (char)(j.answer.ptr[i] ^ 0xff);
    }
    end(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_error_travels),
        cmocka_unit_test(test_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
