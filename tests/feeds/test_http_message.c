/* Archived answers: heads as recorders write them, chunks, packings, and lies about both. */
#include "feeds/http_message.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <zlib.h>

#include <cmocka.h>

static const char page[] = "<html><body><p>What stands in the page, and stands there twice, and "
                           "stands there twice.</p></body></html>";

static void put_packed(struct buf *out, struct slice content, int window)
{
    unsigned char room[65536];
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8, 0), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)content.ptr;
    z.avail_in = (unsigned)content.len;
    do {
        z.next_out = room;
        z.avail_out = sizeof(room);
        (void)deflate(&z, Z_FINISH);
        buf_add(out, slice_of(room, sizeof(room) - z.avail_out));
    } while (z.avail_out == 0);
    assert_int_equal(deflateEnd(&z), Z_OK);
}

/* In chunks of n bytes, and what ends them. */
static void put_chunks(struct buf *out, struct slice content, size_t n, const char *end)
{
    for (; content.len > 0; content = slice_skip(content, n)) {
        const struct slice chunk = slice_head(content, n);

        buf_printf(out, "%zX;x=y\r\n", chunk.len);
        buf_add(out, chunk);
        buf_add_string(out, "\r\n");
    }
    buf_add_string(out, end);
}

static enum ww_status read_answer(struct slice bytes, struct arena *arena, struct http_message *m,
                                  struct slice *body)
{
    enum ww_status status = http_message_parse(bytes, arena, m, NULL);

    *body = (struct slice){"", 0};
    return status == WW_OK ? http_message_body(m, arena, body, NULL) : status;
}

static void test_heads(void **state)
{
    static const struct {
        const char *text;
        int status; /* 0: WW_INVALID */
        const char *type;
        const char *body;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nx",                                  200, "text/html",  "x"     },
        {"HTTP/1.0 404 Not Found\ncontent-type:a/b\n\nx\n",                                      404, "a/b",        "x\n"   },
        {"HTTP/2 200\r\n\r\n",                                                                   200, "",           ""      },
        {"HTTP/1.1  200  OK\r\n\r\nx",                                                           200, "",           "x"     },
        {"HTTP/1.1 200 OK\r\nX: a\r\n b: c\r\nContent-Type: text/html;\r\n\tcharset=x\r\n\r\nx",
         200,                                                                                         "text/html;", "x"     },
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
         "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nx",                               200, "a/b",        "x"     },
        {"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nshort",                                 200, "",           "short" },
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nlonger",                                   200, "",           "longer"},
        {"HTTP/1.1 200 OK\r\nno colon\r\n: no name\r\nContent-Type: a/b\r\n\r\n",                200, "a/b",        ""      },
        {"HTTP/1.1 200 OK\r\nContent-Type: text/html",                                           0,   "",           ""      },
        {"HTTP/1.1 200 OK\r\n",                                                                  0,   "",           ""      },
        {"HTTP/1.1 20 OK\r\n\r\n",                                                               0,   "",           ""      },
        {"HTTP/1.1 2000 OK\r\n\r\n",                                                             0,   "",           ""      },
        {"HTTP/1.1\r\n\r\n",                                                                     0,   "",           ""      },
        {"<html>\r\n\r\n",                                                                       0,   "",           ""      },
        {"\r\n\r\n",                                                                             0,   "",           ""      },
        {"",                                                                                     0,   "",           ""      },
        {"HTTP/1.1 100 Continue\r\n\r\n",                                                        0,   "",           ""      },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct http_message m;
        struct slice body;
        enum ww_status status = read_answer(slice_from(cases[i].text), &arena, &m, &body);

        if ((status == WW_OK) != (cases[i].status != 0))
            fail_msg("%s: %s", cases[i].text, ww_status_name(status));
        if (status != WW_OK)
            continue;
        assert_int_equal(m.status, cases[i].status);
        if (!slice_starts(m.content_type, slice_from(cases[i].type)) ||
            !slice_equal(body, slice_from(cases[i].body)))
            fail_msg("%s: \"%.*s\", \"%.*s\"", cases[i].text, SLICE_ARG(m.content_type),
                     SLICE_ARG(body));
    }
    assert_true(slice_equal(http_media_type(SLICE("text/html ; charset=x")), SLICE("text/html")));
    arena_release(&arena);
}

/* Folded: the second line is of the value, and no field of its own. */
static void test_folded(void **state)
{
    struct arena arena;
    struct http_message m;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    assert_int_equal(
        http_message_parse(SLICE("HTTP/1.1 200 OK\r\nX: a\r\n Content-Type: evil/x\r\n"
                                 "Content-Type: text/html;\r\n  charset=utf-8\r\n\r\n"),
                           &arena, &m, NULL),
        WW_OK);
    assert_true(slice_starts(m.content_type, SLICE("text/html;")));
    assert_true(slice_ends(m.content_type, SLICE("charset=utf-8")));
    arena_release(&arena);
}

static void test_chunks(void **state)
{
    static const struct {
        const char *body, *expected; /* NULL: damaged */
    } cases[] = {
        {"5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n",           "abcdefgh"                   },
        {"5\nabcde\n3\nfgh\n0\n\n",                       "abcdefgh"                   },
        {"005;a=b\r\nabcde\r\n0;c\r\nTrailer: x\r\n\r\n", "abcde"                      },
        {"5\r\nabcde\r\n",                                "abcde"                      }, /* no last chunk */
        {"0\r\n\r\n",                                     ""                           },
        {"<html>joined already</html>",                   "<html>joined already</html>"},
        {"",                                              ""                           },
        {"5\r\nabc",                                      NULL                         },
        {"5\r\nabcde\r\nnonsense\r\n",                    NULL                         },
        {"ffffffffffffffff\r\nabc",                       NULL                         },
        {"7fffffffffffffff\r\nabc",                       NULL                         },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct http_message m = {
            .status = 200, .is_chunked = true, .body = slice_from(cases[i].body)};
        struct slice body;
        enum ww_status status = http_message_body(&m, &arena, &body, NULL);

        if (cases[i].expected == NULL
                ? status != WW_INVALID && i < 9 /* a size over what there can be is no chunk */
                : status != WW_OK || !slice_equal(body, slice_from(cases[i].expected)))
            fail_msg("%s: %s \"%.*s\"", cases[i].body, ww_status_name(status), SLICE_ARG(body));
    }
    arena_release(&arena);
}

/* Whatever was sent around it, the page is the page. */
static void test_packings(void **state)
{
    static const struct {
        const char *fields;
        int window, window2; /* of zlib; 0: not packed */
        size_t chunk;
    } cases[] = {
        {"Content-Encoding: gzip\r\n",                                  31,  0,  0 },
        {"Content-Encoding: x-gzip\r\nTransfer-Encoding: chunked\r\n",  31,  0,  7 },
        {"Content-Encoding: DEFLATE\r\n",                               15,  0,  0 },
        {"Content-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n", -15, 0,  40},
        {"Content-Encoding: gzip, deflate\r\n",                         31,  15, 0 },
        {"Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"
         "Transfer-Encoding: chunked\r\n",                     31,  31, 1 },
        {"Content-Encoding: identity\r\n",                              0,   0,  0 },
 /* Unpacked by the recorder, who left the lines as they were. */
        {"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",    0,   0,  0 },
        {"Content-Encoding: br\r\n",                                    0,   0,  0 },
        {"Content-Encoding: gzip, br\r\n",                              0,   0,  0 },
        {"Content-Encoding: deflate\r\n",                               0,   0,  0 },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct buf once, twice, whole;
        struct http_message m;
        struct slice body = slice_of(page, sizeof(page) - 1);
        enum ww_status status;

        buf_init(&once, 4096);
        buf_init(&twice, 4096);
        buf_init(&whole, 8192);
        if (cases[i].window != 0) {
            put_packed(&once, body, cases[i].window);
            body = buf_slice(&once);
        }
        if (cases[i].window2 != 0) {
            put_packed(&twice, body, cases[i].window2);
            body = buf_slice(&twice);
        }
        buf_printf(&whole, "HTTP/1.1 200 OK\r\n%s\r\n", cases[i].fields);
        if (cases[i].chunk > 0)
            put_chunks(&whole, body, cases[i].chunk, "0\r\n\r\n");
        else
            buf_add(&whole, body);
        status = read_answer(buf_slice(&whole), &arena, &m, &body);
        if (status != WW_OK || !slice_equal(body, slice_of(page, sizeof(page) - 1)))
            fail_msg("%s: %s", cases[i].fields, ww_status_name(status));
        buf_release(&once);
        buf_release(&twice);
        buf_release(&whole);
    }
    arena_release(&arena);
}

static void test_refused(void **state)
{
    static const struct {
        const char *coding;
        struct slice body;
        enum ww_status status;
    } cases[] = {
        {"br",                        {"\x1b\x03\x00\xf8\xa5\x5b", 6},         WW_REFUSED},
        {"zstd",                      {"\x28\xb5\x2f\xfd\x04\x00\x01", 7},     WW_REFUSED},
        {"gzip, gzip, gzip, gzip, x", {"x", 1},                                WW_REFUSED},
        {"gzip",                      {"\x1f\x8b\x08\x00\x00\x00\x00\x00", 8}, WW_INVALID},
        {"gzip",                      {"\x01\x02\x03", 3},                     WW_INVALID},
        {"deflate",                   {"\x78\x9c\x01", 3},                     WW_INVALID},
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct buf whole;
        struct http_message m;
        struct slice body;

        buf_init(&whole, 4096);
        buf_printf(&whole, "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n", cases[i].coding);
        buf_add(&whole, cases[i].body);
        assert_int_equal(read_answer(buf_slice(&whole), &arena, &m, &body), cases[i].status);
        buf_release(&whole);
    }
    arena_release(&arena);
}

static void test_bomb(void **state)
{
    static char zeros[1024 * 1024];
    struct arena arena;
    struct http_message m;
    struct slice body;
    struct buf whole, big;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)64 * 1024 * 1024);
    buf_init(&big, (size_t)32 * 1024 * 1024);
    buf_init(&whole, (size_t)1024 * 1024);
    for (int i = 0; i < 20; i++)
        buf_add(&big, slice_of(zeros, sizeof(zeros)));
    buf_add_string(&whole, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
    put_packed(&whole, buf_slice(&big), 31);
    assert_int_equal(read_answer(buf_slice(&whole), &arena, &m, &body), WW_TOO_BIG);
    buf_release(&whole);
    buf_release(&big);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heads),   cmocka_unit_test(test_folded),
        cmocka_unit_test(test_chunks),  cmocka_unit_test(test_packings),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_bomb),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
