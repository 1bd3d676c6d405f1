/* test_opml.c - lists of feeds in and out. */
#include "feeds/opml.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char list_text[] =
    "<?xml version=\"1.0\"?><opml version=\"1.0\"><head><title>x</title></head><body>"
    "<outline text='Europe'><outline text='It / aly'>"
    "<outline type='rss' text='A &amp; B' xmlUrl=' https://a.org/?x=1&amp;y=2 ' "
    "htmlUrl='https://a.org/' language='it' country='IT' category='x,/y/z' tier='2' "
    "description='a note' isOpen='&lt;1&gt;' Version='RSS' state='paused'/></outline>"
    "<outline title='C' text='other' xmlUrl='https://c.org/feed'/></outline>"
    "<outline text='https://d.org/feed' xmlUrl='https://d.org/feed'/>"
    "<outline type='page' xmlUrl='https://e.org/' selector='main a'/></body></opml>";

static void check(const struct opml *list)
{
    assert_int_equal(list->n_rows, 4);
    assert_true(slice_equal(list->rows[0].title, SLICE("A & B")));
    assert_true(slice_equal(list->rows[0].url, SLICE("https://a.org/?x=1&y=2")));
    assert_true(slice_equal(list->rows[0].page_url, SLICE("https://a.org/")));
    assert_true(slice_equal(list->rows[0].folder, SLICE("Europe/It \\/ aly")));
    assert_true(slice_equal(list->rows[0].language, SLICE("it")));
    assert_true(slice_equal(list->rows[0].country, SLICE("IT")));
    assert_true(slice_equal(list->rows[0].tags, SLICE("x,/y/z")));
    assert_true(slice_equal(list->rows[0].tier, SLICE("2")));
    assert_true(slice_equal(list->rows[0].note, SLICE("a note")));
    assert_true(slice_equal(list->rows[0].state, SLICE("paused")));
    assert_true(slice_equal(list->rows[0].extra, SLICE("isOpen=\"&#60;1&#62;\" Version=\"RSS\"")));
    assert_true(slice_equal(list->rows[1].title, SLICE("other")));
    assert_true(slice_equal(list->rows[1].outlet, SLICE("C")));
    assert_true(slice_equal(list->rows[1].folder, SLICE("Europe")));
    assert_true(slice_equal(list->rows[2].url, SLICE("https://d.org/feed")));
    assert_int_equal(list->rows[2].folder.len, 0);
    assert_int_equal(list->rows[2].title.len, 0);
    assert_int_equal(list->rows[3].kind, OUTLINE_PAGE);
    assert_true(slice_equal(list->rows[3].selector, SLICE("main a")));
    assert_int_equal(list->lost.len, 0);
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
    struct opml list = {.rows = &row, .n_rows = 1}, again;
    struct arena arena;
    struct buf out;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    buf_init(&out, 65536);
    opml_write(&list, SLICE("t"), &out);
    assert_null(strstr(out.ptr, "<x"));
    assert_null(strchr(out.ptr, '\x1B'));
    assert_null(strstr(out.ptr, "\xE2\x80\xAE"));
    assert_non_null(strstr(out.ptr, "&#8238;\""));
    assert_int_equal(opml_parse(buf_slice(&out), &arena, &again, NULL), WW_OK);
    assert_int_equal(again.n_rows, 1);
    buf_release(&out);
    arena_release(&arena);
}

/* What other readers write, and what cannot be kept of it. */
static void test_others(void **state)
{
    static const char text[] =
        "<opml version='1.1' xmlns:frss='https://freshrss.org/opml'><body>"
        "<outline text='Old' type='rss' url='https://old.org/rss'/>"
        "<outline text='A site' htmlUrl='https://site.org/'/>"
        "<outline text='A page' type='link' url='https://page.org/x'/>"
        "<outline text='More' type='include' url='https://more.org/list.opml'/>"
        "<outline text='Scraped' type='HTML+XPath' xmlUrl='https://scraped.org/' "
        "frss:xPathItem='//a' isOpen='true'/>"
        "<outline text='Folder' isOpen='true' collapsed='1'><outline text='Inner'/></outline>"
        "<outline text='Holds'><outline text='Feed' xmlurl='https://feed.org/'/></outline>"
        "</body></opml>";
    static const enum outline_kind kinds[] = {OUTLINE_FEED,    OUTLINE_SITE, OUTLINE_LINK,
                                              OUTLINE_INCLUDE, OUTLINE_FEED, OUTLINE_FEED};
    struct arena arena;
    struct opml list;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    assert_int_equal(opml_parse(slice_from(text), &arena, &list, NULL), WW_OK);
    assert_int_equal(list.n_rows, WW_COUNT(kinds));
    for (size_t i = 0; i < WW_COUNT(kinds); i++)
        assert_int_equal(list.rows[i].kind, kinds[i]);
    assert_true(slice_equal(list.rows[0].url, SLICE("https://old.org/rss")));
    assert_true(slice_equal(list.rows[1].url, SLICE("https://site.org/")));
    assert_true(slice_equal(list.rows[3].url, SLICE("https://more.org/list.opml")));
    assert_true(slice_equal(list.rows[4].extra, SLICE("isOpen=\"true\"")));
    assert_true(slice_equal(list.lost, SLICE("frss:xpathitem, isopen, collapsed")));
    assert_int_equal(list.n_empty, 1);
    assert_true(slice_equal(list.rows[5].folder, SLICE("Holds")));
    arena_release(&arena);
}

static void test_folders(void **state)
{
    static const struct {
        const char *path, *want;
    } cases[] = {
        {"",             ""            },
        {"Europe/Italy", "Europe/Italy"},
        {" /a//b/ ",     "a/b"         },
        {"a\\/b/c",      "a\\/b/c"     },
        {"a\\b",         "a\\\\b"      },
        {"a\\",          "a\\\\"       },
        {"a\\\\/b",      "a\\\\/b"     },
    };
    static const char *const sorted[] = {"", "a", "a/b", "a/b/c", "a b", "a-b", "a\\/b", "b"};
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice got = opml_level_folder(slice_from(cases[i].path), &arena);

        if (!slice_equal(got, slice_from(cases[i].want)))
            fail_msg("\"%s\" is \"%.*s\"", cases[i].path, SLICE_ARG(got));
    }
    for (size_t i = 0; i + 1 < WW_COUNT(sorted); i++)
        if (opml_compare_folders(slice_from(sorted[i]), slice_from(sorted[i + 1])) >= 0 ||
            opml_compare_folders(slice_from(sorted[i + 1]), slice_from(sorted[i])) <= 0)
            fail_msg("\"%s\" and \"%s\"", sorted[i], sorted[i + 1]);
    arena_release(&arena);
}

/* Each folder once, however deep the next one is. */
static void test_nesting(void **state)
{
    static const char *const folders[] = {"", "a", "a/b/c", "a/d", "a\\/b", "e/f"};
    struct outline rows[WW_COUNT(folders)] = {0};
    struct opml list = {.rows = rows, .n_rows = WW_COUNT(folders)}, again;
    struct arena arena;
    struct buf out, second;
    size_t n = 0;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    buf_init(&out, 65536);
    buf_init(&second, 65536);
    for (size_t i = 0; i < WW_COUNT(folders); i++)
        rows[i] = (struct outline){.url = SLICE("http://e.org/"), .folder = slice_from(folders[i])};
    opml_write(&list, SLICE("t"), &out);
    for (const char *at = out.ptr; (at = strstr(at, "</outline>")) != NULL; at++)
        n++;
    assert_int_equal(n, 7); /* a, b, c, d, a/b, e, f */
    assert_int_equal(opml_parse(buf_slice(&out), &arena, &again, NULL), WW_OK);
    assert_int_equal(again.n_rows, list.n_rows);
    for (size_t i = 0; i < again.n_rows; i++)
        assert_true(slice_equal(again.rows[i].folder, slice_from(folders[i])));
    opml_write(&again, SLICE("t"), &second);
    assert_string_equal(out.ptr, second.ptr);
    buf_release(&out);
    buf_release(&second);
    arena_release(&arena);
}

/* Whichever allocation fails, it is said: nothing is left out in silence. */
static void test_no_memory(void **state)
{
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (long fail = 1; status != WW_OK && fail < 1000; fail++) {
        struct arena arena;
        struct opml list;

        arena_init(&arena, (size_t)1024 * 1024);
        mem_fail_after(fail);
        status = opml_parse(slice_from(list_text), &arena, &list, NULL);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        if (status == WW_OK)
            check(&list);
        arena_release(&arena);
    }
    assert_int_equal(status, WW_OK);
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
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_hostile_title),
        cmocka_unit_test(test_others),     cmocka_unit_test(test_folders),
        cmocka_unit_test(test_nesting),    cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
