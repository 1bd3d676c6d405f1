/* test_finds_bounds.c - lists that are too long, too deep, too large; pieces; months in names. */
#include "feeds/finds.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "tests/feeds/finds_shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define BASE "https://e.org/lists/1"

/* ---- bounds ---------------------------------------------------------------------------------- */

static void test_many(void **state)
{
    struct arena arena;
    struct buf text;
    struct finds f;
    const size_t n = FINDS_MAX + 7;

    WW_UNUSED(state);
    buf_init(&text, (size_t)16 * 1024 * 1024);
    arena_init(&arena, (size_t)128 * 1024 * 1024);
    buf_add_string(&text, "[[\"timestamp\",\"original\"]");
    for (size_t i = 0; i < n; i++)
        buf_printf(&text, ",\n[\"20220913021530\",\"http://e.org/%zu\"]", i);
    buf_add_string(&text, ",\n[],\n[\"key\"]]");
    assert_int_equal(finds_read(FINDS_CDX, buf_slice(&text), SLICE(""), &arena, &f, NULL), WW_OK);
    assert_int_equal(f.n_rows, FINDS_MAX);
    assert_int_equal(f.n_dropped, 7);
    assert_true(slice_equal(f.next, SLICE("key")));
    assert_false(f.is_cut);
    buf_release(&text);
    arena_release(&arena);
}

/* Brackets in brackets, quotes without end: no deeper than allowed, and in linear time. */
static void test_depth(void **state)
{
    static const char *const pieces[] = {
        "[",     "{",    "{\"articles\":[", "\"", "\" ", "[\"", "\\", "[]", "\n[", "<",
        "<url>", "<!--", "<item><![CDATA["};
    struct buf text;

    WW_UNUSED(state);
    buf_init(&text, (size_t)4 * 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(pieces); i++)
        for (unsigned format = 0; format < FINDS_FORMAT_COUNT; format++) {
            struct arena arena;
            struct finds f;

            arena_init(&arena, (size_t)64 * 1024 * 1024);
            buf_reset(&text);
            buf_add_string(&text, format == FINDS_CDX || format == FINDS_WORDPRESS ? "[" : "");
            while (text.len < 100000)
                buf_add_string(&text, pieces[i]);
            (void)finds_read((enum finds_format)format, buf_slice(&text), SLICE(BASE), &arena, &f,
                             NULL);
            arena_release(&arena);
        }
    buf_release(&text);
}

/* A row with brackets in brackets: as deep as may be, and deeper. */
static void test_deep_row(void **state)
{
    WW_UNUSED(state);
    for (size_t more = 0; more < 2; more++) {
        struct arena arena;
        struct buf text;
        struct finds f;

        arena_init(&arena, (size_t)1024 * 1024);
        buf_init(&text, 10000);
        buf_add_string(&text, "[{\"link\":\"https://e.org/a\",\"x\":");
        for (size_t i = 0; i < JSON_DEPTH_MAX - 2 + more; i++)
            buf_add_char(&text, '[');
        for (size_t i = 0; i < JSON_DEPTH_MAX - 2 + more; i++)
            buf_add_char(&text, ']');
        buf_add_string(&text, "},{\"link\":\"https://e.org/b\"}]");
        assert_int_equal(finds_read(FINDS_WORDPRESS, buf_slice(&text), SLICE(""), &arena, &f, NULL),
                         WW_OK);
        assert_int_equal(f.n_rows, 2 - more);
        assert_int_equal(f.n_bad, more);
        buf_release(&text);
        arena_release(&arena);
    }
}

/* A row may be so large, and takes a hundred times that in memory at worst. */
static void test_large_row(void **state)
{
    static const char begin[] = "[{\"link\":\"https://e.org/a\",\"x\":\"", end[] = "\"}]";

    WW_UNUSED(state);
    for (size_t more = 0; more < 2; more++) {
        struct arena arena;
        struct buf text;
        struct finds f;

        arena_init(&arena, (size_t)1024 * 1024);
        buf_init(&text, (size_t)4 * 1024 * 1024);
        buf_add_string(&text, begin);
        while (text.len - 1 < JSON_ROW_MAX_BYTES + more - 2)
            buf_add_char(&text, 'a');
        buf_add_string(&text, end);
        assert_int_equal(finds_read(FINDS_WORDPRESS, buf_slice(&text), SLICE(""), &arena, &f, NULL),
                         WW_OK);
        assert_int_equal(f.n_rows, 1 - more);
        assert_int_equal(f.n_bad, more);
        buf_release(&text);
        arena_release(&arena);
    }
}

/* A time that all pages share is when the file was made. */
static void test_one_time(void **state)
{
    struct arena arena;
    struct buf text;
    struct finds f;

    WW_UNUSED(state);
    for (size_t step = 0; step < 2; step++) {
        arena_init(&arena, (size_t)1024 * 1024);
        buf_init(&text, 10000);
        buf_add_string(&text, "<urlset>");
        for (size_t i = 0; i < 30; i++)
            buf_printf(&text,
                       "<url><loc>http://e.org/%zu</loc><lastmod>2022-09-%02zu</lastmod></url>", i,
                       1 + i * step);
        buf_add_string(&text, "</urlset>");
        assert_int_equal(finds_read(FINDS_SITEMAP, buf_slice(&text), SLICE(""), &arena, &f, NULL),
                         WW_OK);
        assert_int_equal(f.n_rows, 30);
        assert_int_equal(f.rows[7].modified.precision, step == 0 ? DATE_NONE : DATE_DAY);
        buf_release(&text);
        arena_release(&arena);
    }
}

static void test_long_text(void **state)
{
    struct arena arena;
    struct buf text;
    struct finds f;

    WW_UNUSED(state);
    for (size_t more = 0; more < 2; more++) {
        buf_init(&text, (size_t)4 * 1024 * 1024);
        arena_init(&arena, (size_t)32 * 1024 * 1024);
        buf_add_string(&text, "[{\"link\":\"https://e.org/a\",\"content\":{\"rendered\":\"");
        for (size_t i = 0; i < FIND_TEXT_MAX_BYTES + more; i++)
            buf_add_char(&text, 'a');
        buf_add_string(&text, "\"}}]");
        assert_int_equal(finds_read(FINDS_WORDPRESS, buf_slice(&text), SLICE(""), &arena, &f, NULL),
                         WW_OK);
        assert_int_equal(f.n_rows, 1);
        assert_int_equal(f.rows[0].text.len, more == 0 ? FIND_TEXT_MAX_BYTES : 0);
        buf_release(&text);
        arena_release(&arena);
    }
}

/* ---- months ---------------------------------------------------------------------------------- */

static void test_months(void **state)
{
    static const struct {
        const char *url, *month; /* "": none is said */
    } cases[] = {
        {"http://e.org/2017_1.xml",                               ""       },
        {"http://e.org/2017_2.xml",                               "2017-02"},
        {"http://e.org/2017_12.xml",                              "2017-12"},
        {"http://e.org/2017_01.xml",                              "2017-01"},
        {"http://e.org/sitemap-2022-09.xml",                      "2022-09"},
        {"http://e.org/post-sitemap-202209.xml",                  "2022-09"},
        {"http://e.org/sitemap.xml?yyyy=2022&amp;mm=09",          "2022-09"},
        {"http://e.org/sitemap.xml?yyyy=2022&amp;mm=9&amp;dd=13", "2022-09"},
        {"http://e.org/sitemap.xml?date=2022-09",                 "2022-09"},
        {"http://e.org/2022/09/sitemap.xml",                      "2022-09"},
        {"http://e.org/2022/09/13/sitemap.xml",                   "2022-09"},
        {"http://e.org/sitemap_20220913.xml.gz",                  "2022-09"},
        {"http://e.org/2022/09/sitemap-2022-09-2.xml",            "2022-09"},
        {"http://e.org/sitemap_20220913-20220914.xml",            "2022-09"},
        {"http://e.org/sitemap_20220930-20221001.xml",            ""       },
        {"http://e.org/2022/sitemap-09.xml",                      ""       },
        {"http://e.org/sitemap-2022.xml",                         ""       },
        {"http://e.org/post-sitemap20.xml",                       ""       },
        {"http://e.org/sitemap-2022-13.xml",                      ""       },
        {"http://e.org/sitemap-2022-0.xml",                       ""       },
        {"http://e.org/sitemap-2022-009.xml",                     ""       },
        {"http://e.org/sitemap-2022-100.xml",                     ""       },
        {"http://e.org/sitemap-1922-10.xml",                      ""       },
        {"http://e.org/sitemap-12022-10.xml",                     ""       },
        {"http://e.org/sitemap-20220900000001.xml",               ""       },
        {"http://e.org/sitemap-20220999.xml",                     ""       },
        {"http://2022-09.example/sitemap.xml",                    ""       },
        {"http://e.org/sitemap.xml?page=202213",                  ""       },
        {"http://e.org/sitemap.xml?mm=09",                        ""       },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct buf text;
        struct finds f;
        char shown[DATE_TEXT_BYTES];

        arena_init(&arena, (size_t)1024 * 1024);
        buf_init(&text, 10000);
        buf_printf(&text, "<sitemapindex><sitemap><loc>%s</loc></sitemap></sitemapindex>",
                   cases[i].url);
        assert_int_equal(finds_read(FINDS_SITEMAP, buf_slice(&text), SLICE(""), &arena, &f, NULL),
                         WW_OK);
        assert_int_equal(f.n_lists, 1);
        (void)date_format_day(&f.lists[0].about, shown);
        if (f.lists[0].is_month != (cases[i].month[0] != '\0') ||
            (f.lists[0].is_month && strncmp(shown, cases[i].month, 7) != 0))
            fail_msg("%s: %d %s", cases[i].url, f.lists[0].is_month, shown);
        buf_release(&text);
        arena_release(&arena);
    }
}

/* ---- pieces ---------------------------------------------------------------------------------- */

/* Reads a document in pieces of at most max bytes; what they hold together. */
static void read_pieces(enum finds_format format, struct slice document, size_t max,
                        struct buf *shown, size_t *n_pieces, size_t *n_left_out)
{
    struct finds_pieces pieces;
    struct slice piece;
    struct buf room;

    buf_init(&room, (size_t)16 * 1024 * 1024);
    buf_reset(shown);
    finds_pieces_init(&pieces, document);
    for (*n_pieces = 0; finds_next_piece(&pieces, max, &room, &piece); ++*n_pieces) {
        struct arena arena;
        struct finds f;
        struct ww_error err = {0};

        arena_init(&arena, (size_t)64 * 1024 * 1024);
        assert_true(piece.len <= max);
        if (finds_read(format, piece, SLICE(BASE), &arena, &f, &err) != WW_OK)
            fail_msg("piece %zu of %zu: %s\n%.*s", *n_pieces, document.len, err.message,
                     SLICE_ARG(piece));
        assert_int_equal(f.is_cut, 0);
        show_finds(shown, &f);
        arena_release(&arena);
    }
    assert_int_equal(pieces.rest.len, 0);
    *n_left_out = pieces.n_left_out;
    buf_release(&room);
}

/* Whatever the size of the pieces, what is read is the same. */
static void test_pieces(void **state)
{
    static const struct {
        const char *name;
        enum finds_format format;
        const char *head, *element, *tail;
    } cases[] = {
        {"sitemap",   FINDS_SITEMAP,
         "<?xml version='1.0'?>\n<!-- <url> --><urlset xmlns:n='http://www.google.com/schemas/"
         "sitemap-news/0.9'>\n",                                                                      "<url><loc>http://e.org/%zu</loc><n:news><n:title>t</n:title></n:news></url>\n",
         "</urlset>\n"                                                                                                                                                                                            },
        {"prefix",    FINDS_SITEMAP,
         "\xEF\xBB\xBF<S:urlset xmlns:S='http://www.sitemaps.org/schemas/sitemap/0.9'>",              "<S:url a='>'><S:loc>http://e.org/%zu</S:loc><!-- </S:url> --></S:url>",
         "</S:urlset><!-- </x> -->"                                                                                                                                                                               },
        {"index",     FINDS_SITEMAP,    "<sitemapindex>",
         "<sitemap><loc>http://e.org/%zu.xml</loc></sitemap>",                                                                                                                                   "</sitemapindex>"},
        {"rss",       FINDS_MEDIACLOUD,
         "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><image><url>x</url>"
         "</image>",                                                                                  "<item><link>http://e.org/%zu</link><title><![CDATA[a </item> b <item>]]></title></item>",
         "</channel></rss>"                                                                                                                                                                                       },
        {"feed",      FINDS_FEED,       "<feed xmlns='http://www.w3.org/2005/Atom'><title>E</title>",
         "<entry><title>t</title><link href='http://e.org/%zu'/></entry>",                                                                                                                       "</feed>"        },
        {"rdf",       FINDS_FEED,
         "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
         "xmlns='http://purl.org/rss/1.0/'><channel><title>E</title></channel>",                      "<item><title>t</title><link>http://e.org/%zu</link></item>",                              "</rdf:RDF>"     },
        {"lines",     FINDS_PATHS,      "",                                                           "a/%zu.gz\n",                                                                              ""               },
        {"captures",  FINDS_CDX_LINES,  "",
         "{\"url\": \"http://e.org/%zu\", \"timestamp\": \"20220913\"}\n",                                                                                                                       ""               },
        {"addresses", FINDS_SITEMAP,    "",                                                           "http://e.org/%zu\n",                                                                      ""               },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct buf text, whole, parts;
        size_t n_pieces, n_left_out;

        buf_init(&text, 1000000);
        buf_init(&whole, 1000000);
        buf_init(&parts, 1000000);
        buf_add_string(&text, cases[i].head);
        for (size_t n = 0; n < 60; n++) {
            struct slice element = slice_from(cases[i].element);
            size_t at = slice_find(element, SLICE("%zu"));

            buf_add(&text, slice_head(element, at));
            buf_printf(&text, "%zu", n);
            buf_add(&text, slice_skip(element, at + 3));
        }
        buf_add_string(&text, cases[i].tail);
        read_pieces(cases[i].format, buf_slice(&text), text.len + 2000, &whole, &n_pieces,
                    &n_left_out);
        assert_int_equal(n_pieces, 1);
        assert_int_equal(n_left_out, 0);
        for (size_t max = 1500; max < text.len; max += 37) {
            read_pieces(cases[i].format, buf_slice(&text), max, &parts, &n_pieces, &n_left_out);
            if (n_pieces < 2 || n_left_out != 0 ||
                !slice_equal(buf_slice(&parts), buf_slice(&whole)))
                fail_msg("%s, %zu of %zu: %zu pieces, %zu left out\n%.*s", cases[i].name, max,
                         text.len, n_pieces, n_left_out, SLICE_ARG(buf_slice(&parts)));
        }
        assert_true(slice_contains(buf_slice(&whole), SLICE("e.org/59")) ||
                    slice_contains(buf_slice(&whole), SLICE("a/59.gz")));
        buf_release(&text);
        buf_release(&whole);
        buf_release(&parts);
    }
}

/* A piece holds so many elements, however short; one that is too large is left out and counted. */
static void test_piece_bounds(void **state)
{
    static const char big[FINDS_WHOLE_MAX_BYTES + 1] = "[";
    struct finds_pieces pieces;
    struct buf text, room;
    struct slice piece;
    size_t n = 0;

    WW_UNUSED(state);
    buf_init(&text, (size_t)4 * 1024 * 1024);
    buf_init(&room, (size_t)4 * 1024 * 1024);
    buf_add_string(&text, "<urlset>");
    for (size_t i = 0; i < FINDS_PIECE_ROWS * 2 + 1; i++)
        buf_add_string(&text, "<url/>");
    buf_add_string(&text, "</urlset>");
    finds_pieces_init(&pieces, buf_slice(&text));
    while (finds_next_piece(&pieces, text.len * 2, &room, &piece))
        n++;
    assert_int_equal(n, 3);

    buf_reset(&text);
    buf_add_string(&text, "<urlset><url><loc>http://e.org/a</loc></url><url><loc>");
    for (size_t i = 0; i < 5000; i++)
        buf_add_char(&text, 'x');
    buf_add_string(&text, "</loc></url><url><loc>http://e.org/b</loc></url></urlset>");
    finds_pieces_init(&pieces, buf_slice(&text));
    for (n = 0; finds_next_piece(&pieces, 2000, &room, &piece); n++)
        assert_true(slice_ends(piece, SLICE("</loc></url></urlset>")));
    assert_int_equal(n, 2);
    assert_int_equal(pieces.n_left_out, 1);

    finds_pieces_init(&pieces, slice_of(big, FINDS_WHOLE_MAX_BYTES + 1));
    assert_true(finds_next_piece(&pieces, 2000, &room, &piece));
    assert_int_equal(piece.len, FINDS_WHOLE_MAX_BYTES);
    assert_int_equal(pieces.n_left_out, 1);
    assert_false(finds_next_piece(&pieces, 2000, &room, &piece));
    buf_release(&text);
    buf_release(&room);
}

/* Comments without end are looked for once, and not for each element. */
static void test_piece_time(void **state)
{
    static const char *const elements[] = {"<url><!--</url>", "<url><![CDATA[</url>", "<url a='",
                                           "<url>", "</url><!--"};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(elements); i++) {
        const clock_t begun = clock();
        struct finds_pieces pieces;
        struct buf text, room;
        struct slice piece;

        buf_init(&text, (size_t)8 * 1024 * 1024);
        buf_init(&room, (size_t)1024 * 1024);
        buf_add_string(&text, "<urlset>");
        while (text.len < (size_t)4 * 1024 * 1024)
            buf_add_string(&text, elements[i]);
        finds_pieces_init(&pieces, buf_slice(&text));
        while (finds_next_piece(&pieces, 100000, &room, &piece))
            ;
        if (clock() - begun > 2 * CLOCKS_PER_SEC)
            fail_msg("%s: %.1f s", elements[i], (double)(clock() - begun) / CLOCKS_PER_SEC);
        buf_release(&text);
        buf_release(&room);
    }
}

/* The last piece of what breaks off says so; what cannot be parted is one piece. */
static void test_cut_pieces(void **state)
{
    static const struct {
        const char *text, *last;
        size_t max, n_pieces, n_left_out;
    } cases[] = {
        {"<urlset><url>1</url><url>2</url><url>3",                    "<urlset><url>2</url><url>3", 1052, 2, 0},
        {"[[1],[2],[3]]",                                             "[[1],[2],[3]]",              5,    1, 0},
        {"<html><url>1</url></html>",                                 "<html><url>1</url></html>",  11,   1, 0},
        {"<urlset><url>1</url><url>2 is far too long</url></urlset>", "<urlset></urlset>",          1052, 2,
         1                                                                                                    },
        {"<urlset><url>1</url><url>never ending, and long",           "<urlset></urlset>",          1052, 2, 1},
        {"<urlset></urlset>",                                         "<urlset></urlset>",          100,  1, 0},
        {"{\"a\": 1,\n\"b\": 2}",                                     "{\"a\": 1,\n\"b\": 2}",      8,    1, 0},
        {"a\nlonger\nb",                                              "b",                          3,    2, 1},
        {"<",                                                         "<",                          3,    1, 0},
        {"",                                                          NULL,                         3,    0, 0},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct finds_pieces pieces;
        struct slice piece, last = {NULL, 0};
        struct buf room;
        size_t n = 0;

        buf_init(&room, 10000);
        finds_pieces_init(&pieces, slice_from(cases[i].text));
        for (; finds_next_piece(&pieces, cases[i].max, &room, &piece); n++)
            last = piece;
        if (n != cases[i].n_pieces || pieces.n_left_out != cases[i].n_left_out ||
            !slice_equal(last, slice_from(cases[i].last)))
            fail_msg("%s: %zu pieces, %zu left out, %.*s", cases[i].text, n, pieces.n_left_out,
                     SLICE_ARG(last));
        buf_release(&room);
    }
}

/* What a number behind a year means, the index tells as a whole. */
static void test_parts_of_years(void **state)
{
    static const struct {
        const char *names; /* parted by spaces */
        size_t n_months;
    } cases[] = {
        {"2022_1 2022_2 2022_3",                     0},
        {"2022_8 2022_9 2022_10",                    3},
        {"2021_1 2021_12 2022_1",                    3},
        {"2021-1 2021-12 2022-13",                   0},
        {"2021-01 2021-02",                          2},
        {"2021-01 2021-02 2021-13",                  0},
        {"2021-01 2021-013 202101",                  1},
        {"2021-1 x?yyyy=2021&amp;mm=3 a/2020/01/05", 1},
        {"2021/3 2021/1",                            0},
        {"2021/3 2022/2",                            2},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice names = slice_from(cases[i].names), name;
        struct arena arena;
        struct buf text;
        struct finds f;
        size_t n = 0;

        arena_init(&arena, (size_t)1024 * 1024);
        buf_init(&text, 10000);
        buf_add_string(&text, "<sitemapindex>");
        while (slice_next(&names, ' ', &name))
            buf_printf(&text, "<sitemap><loc>http://e.org/%.*s</loc></sitemap>", SLICE_ARG(name));
        buf_add_string(&text, "</sitemapindex>");
        assert_int_equal(finds_read(FINDS_SITEMAP, buf_slice(&text), SLICE(""), &arena, &f, NULL),
                         WW_OK);
        for (size_t k = 0; k < f.n_lists; k++)
            n += f.lists[k].is_month;
        if (n != cases[i].n_months)
            fail_msg("%s: %zu months", cases[i].names, n);
        buf_release(&text);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many),       cmocka_unit_test(test_depth),
        cmocka_unit_test(test_long_text),  cmocka_unit_test(test_deep_row),
        cmocka_unit_test(test_large_row),  cmocka_unit_test(test_one_time),
        cmocka_unit_test(test_months),     cmocka_unit_test(test_parts_of_years),
        cmocka_unit_test(test_pieces),     cmocka_unit_test(test_piece_bounds),
        cmocka_unit_test(test_piece_time), cmocka_unit_test(test_cut_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
