/* test_opml.c - lists of feeds in and out. */
#include "feeds/opml.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char list_text[] =
    "<?xml version=\"1.0\"?><opml version=\"1.0\"><head><title>x</title></head><body>"
    "<outline text='Europe'><outline text='It / aly'>"
    "<outline type='rss' text='A &amp; B' xmlUrl=' https://a.org/?x=1&amp;y=2 ' "
    "htmlUrl='https://a.org/' language='it' country='IT'/></outline>"
    "<outline title='C' text='other' xmlUrl='https://c.org/feed'/></outline>"
    "<outline xmlUrl='https://d.org/feed'/></body></opml>";

static void check(const struct opml *list)
{
    assert_int_equal(list->n_rows, 3);
    assert_true(slice_equal(list->rows[0].title, SLICE("A & B")));
    assert_true(slice_equal(list->rows[0].url, SLICE("https://a.org/?x=1&y=2")));
    assert_true(slice_equal(list->rows[0].page_url, SLICE("https://a.org/")));
    assert_true(slice_equal(list->rows[0].folder, SLICE("Europe/It \xE2\x88\x95 aly")));
    assert_true(slice_equal(list->rows[0].language, SLICE("it")));
    assert_true(slice_equal(list->rows[0].country, SLICE("IT")));
    assert_true(slice_equal(list->rows[1].title, SLICE("C")));
    assert_true(slice_equal(list->rows[1].folder, SLICE("Europe")));
    assert_true(slice_equal(list->rows[2].url, SLICE("https://d.org/feed")));
    assert_int_equal(list->rows[2].folder.len, 0);
}

static void test_round_trip(void **state)
{
    struct arena arena;
    struct opml list, again;
    struct buf out;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    buf_init(&out, 65536);
    assert_int_equal(opml_parse(slice_from(list_text), &arena, &list, NULL), WW_OK);
    check(&list);
    opml_write(&list, SLICE("my <feeds>"), &out);
    assert_non_null(strstr(out.ptr, "<title>my &#60;feeds&#62;</title>"));
    assert_int_equal(opml_parse(buf_slice(&out), &arena, &again, NULL), WW_OK);
    check(&again);
    buf_release(&out);
    arena_release(&arena);
}

/* Titles come from feeds: they must not break out of an attribute. */
static void test_hostile_title(void **state)
{
    struct outline row = {.title = SLICE("a\"/><x y=\"\n\x1B\x01&\xE2\x80\xAE\xC2\x9B"),
                          .url = SLICE("http://e.org/")};
    struct opml list = {&row, 1}, again;
    struct arena arena;
    struct buf out;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    buf_init(&out, 65536);
    opml_write(&list, SLICE("t"), &out);
    assert_null(strstr(out.ptr, "<x"));
    assert_null(strchr(out.ptr, '\x1B'));
    assert_null(strstr(out.ptr, "\xE2\x80\xAE"));
    assert_non_null(strstr(out.ptr, "&#8238;&#155;"));
    assert_int_equal(opml_parse(buf_slice(&out), &arena, &again, NULL), WW_OK);
    assert_int_equal(again.n_rows, 1);
    buf_release(&out);
    arena_release(&arena);
}

static void test_broken(void **state)
{
    static const struct {
        const char *name, *text;
        enum ww_status want;
        size_t n_rows;
    } cases[] = {
        {"empty",          "",                                                                              WW_INVALID, 0},
        {"a feed",         "<rss><channel/></rss>",                                                         WW_INVALID, 0},
        {"no outline",     "<opml><body/></opml>",                                                          WW_OK,      0},
        {"cut",            "<opml><body><outline xmlUrl='u'/><outline text='f'><outline xmlUrl='v'/><outl",
         WW_OK,                                                                                                         2},
        {"bare ampersand", "<opml><body><outline xmlUrl='http://e.org/?a&b'/></body></opml>",               WW_OK,
         1                                                                                                               },
        {"crossed",        "<opml><body><outline xmlUrl='u'></b></outline><outline xmlUrl='v'/></body>",
         WW_OK,                                                                                                         2},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct opml list;
        enum ww_status status;

        arena_init(&arena, (size_t)1024 * 1024);
        status = opml_parse(slice_from(cases[i].text), &arena, &list, NULL);
        if (status != cases[i].want || (status == WW_OK && list.n_rows != cases[i].n_rows))
            fail_msg("%s: status %d, %zu feeds", cases[i].name, (int)status, list.n_rows);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_hostile_title),
        cmocka_unit_test(test_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
