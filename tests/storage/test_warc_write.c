/* One record to one member: its lines, its digests, and an HTTP head that says what is there. */
#include "storage/warc_write.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/gzip.h"
#include "base/head.h"
#include "base/limits.h"
#include "base/mem.h"
#include "storage/wacz_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define AT 1664962200 /* 2022-10-05T09:30:00Z */
#define DATABASE "0123456789abcdef0123456789abcdef"
#define IS(slice, text) assert_true(slice_equal(slice, slice_from(text)))

struct made {
    struct arena arena;
    struct buf packed, text;
    struct slice head, block; /* of the WARC record */
};

static void make(struct made *m, const struct warc_draft *r)
{
    struct gzip *g = NULL;
    struct ww_error err = {0};
    struct slice body;
    unsigned long long n;
    size_t used;
    bool is_cut;

    arena_init(&m->arena, (size_t)8 * 1024 * 1024);
    buf_init(&m->packed, (size_t)8 * 1024 * 1024);
    buf_init(&m->text, (size_t)8 * 1024 * 1024);
    assert_int_equal(gzip_open(&g, NULL), WW_OK);
    if (warc_write(g, r, &m->arena, &m->packed, &err) != WW_OK)
        fail_msg("%s", err.message);
    gzip_close(g);
    assert_int_equal(gzip_unpack(buf_slice(&m->packed), &m->text, &used, &is_cut, NULL), WW_OK);
    assert_int_equal(used, m->packed.len);
    assert_true(head_split(buf_slice(&m->text), &m->head, &body));
    assert_true(slice_starts(m->head, SLICE("WARC/1.1\r\n")));
    assert_true(slice_number(head_value(m->head, "Content-Length"), SIZE_MAX, &n));
    m->block = slice_head(body, n);
    IS(slice_skip(body, n), "\r\n\r\n");
}

static void drop(struct made *m)
{
    arena_release(&m->arena);
    buf_release(&m->packed);
    buf_release(&m->text);
}

static struct warc_draft response(const char *head, const char *payload)
{
    struct warc_draft r = {.kind = WARC_KIND_RESPONSE,
                           .at = AT,
                           .target = SLICE("https://n.example/1"),
                           .address = SLICE("192.0.2.7"),
                           .head = slice_from(head),
                           .payload = slice_from(payload)};

    warc_id_make(DATABASE, SLICE("1"), r.id);
    return r;
}

static void test_response(void **state)
{
    const struct warc_draft r =
        response("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nX-Trailer: 1\r\n", "a page");
    struct made m;

    WW_UNUSED(state);
    make(&m, &r);
    IS(head_value(m.head, "WARC-Type"), "response");
    IS(head_value(m.head, "WARC-Date"), "2022-10-05T09:30:00Z");
    IS(head_value(m.head, "WARC-Target-URI"), "https://n.example/1");
    IS(head_value(m.head, "WARC-IP-Address"), "192.0.2.7");
    IS(head_value(m.head, "Content-Type"), "application/http;msgtype=response");
    assert_int_equal(head_value(m.head, "WARC-Protocol").len, 0);
    /* printf 'a page' | openssl sha1 -binary | base32; and of the whole block. */
    IS(head_value(m.head, "WARC-Payload-Digest"), "sha1:MDZ6I3XRKFYOHT32IPJX2TLBTXH2EFWZ");
    IS(head_value(m.head, "WARC-Block-Digest"), "sha1:DWBAYVL7IGWERQLHJ4M2VAPJO5SXQ7FE");
    IS(m.block, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\na page");
    drop(&m);
}

/* What was received, without what is not true of the bytes that stand behind it. */
static void test_heads(void **state)
{
    static const struct {
        const char *head, *expected, *protocol;
        bool is_coded;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nServer: x\r\n\r\n",
         "HTTP/1.1 200 OK\r\nServer: x\r\n",                                                                                         "",   false},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\ncontent-length: 99\r\nServer: x\r\n\r\n",
         "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nServer: x\r\n",                                                               "",   true },
        {"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n folded\r\nServer: x\r\n  y\r\n\r\n",
         "HTTP/1.1 200 OK\r\nServer: x y\r\n",                                                                                       "",   false},
        {"HTTP/2 200 \r\nserver: x\r\n\r\n",                                                     "HTTP/1.1 200 OK\r\nserver: x\r\n", "h2", false},
        {"HTTP/3 299\r\n\r\n",                                                                   "HTTP/1.1 299 \r\n",                "h3", false},
        {"HTTP/1.0 200\nServer: x\n\n",                                                          "HTTP/1.0 200 \r\nServer: x\r\n",   "",   false},
        {"HTTP/1.1 200 \xC3\xA4\x01\r\nX: a\x07z\r\nrubbish\r\n: none\r\n\r\n",
         "HTTP/1.1 200 \xC3\xA4 \r\nX: a z\r\n",                                                                                     "",   false},
        {"Server: x\r\nB: y\r\n\r\n",                                                            "HTTP/1.1 200 OK\r\nB: y\r\n",      "",   false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct warc_draft r = response(cases[i].head, "a page");
        char expected[300];
        struct made m;

        r.is_coded = cases[i].is_coded;
        make(&m, &r);
        (void)snprintf(expected, sizeof(expected), "%sContent-Length: 6\r\n\r\na page",
                       cases[i].expected);
        if (!slice_equal(m.block, slice_from(expected)))
            fail_msg("case %zu: %.*s", i, SLICE_ARG(m.block));
        IS(head_value(m.head, "WARC-Protocol"), cases[i].protocol);
        drop(&m);
    }
}

static void test_revisit(void **state)
{
    struct warc_draft r = response("HTTP/1.1 200 OK\r\n\r\n", "a page");
    struct made m;

    WW_UNUSED(state);
    r.kind = WARC_KIND_REVISIT;
    warc_id_make(DATABASE, SLICE("2"), r.refers_to);
    r.refers_at = AT - 60;
    r.refers_target = SLICE("https://n.example/0");
    make(&m, &r);
    IS(head_value(m.head, "WARC-Type"), "revisit");
    IS(head_value(m.head, "WARC-Profile"),
       "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest");
    IS(head_value(m.head, "WARC-Refers-To"), "<urn:uuid:122e9759-c4a6-5aef-8829-0897e58be901>");
    IS(head_value(m.head, "WARC-Refers-To-Target-URI"), "https://n.example/0");
    IS(head_value(m.head, "WARC-Refers-To-Date"), "2022-10-05T09:29:00Z");
    IS(head_value(m.head, "WARC-Payload-Digest"), "sha1:MDZ6I3XRKFYOHT32IPJX2TLBTXH2EFWZ");
    IS(m.block, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
    drop(&m);
}

static void test_resource_and_info(void **state)
{
    struct warc_draft r = response("", "a page");
    struct made m;

    WW_UNUSED(state);
    r.kind = WARC_KIND_RESOURCE;
    r.target = SLICE("/old articles/\xC3\xA4.html");
    r.content_type = SLICE("text/html\r\nX: injected");
    make(&m, &r);
    IS(head_value(m.head, "WARC-Target-URI"), "file:///old%20articles/%C3%A4.html");
    IS(head_value(m.head, "Content-Type"), "text/html  X: injected");
    IS(m.block, "a page");
    drop(&m);
    r = (struct warc_draft){.kind = WARC_KIND_INFO, .at = AT, .payload = SLICE("2022-10.warc.gz")};
    make(&m, &r);
    IS(head_value(m.head, "WARC-Type"), "warcinfo");
    IS(head_value(m.head, "WARC-Filename"), "2022-10.warc.gz");
    IS(head_value(m.head, "Content-Type"), "application/warc-fields");
    assert_true(slice_contains(m.block, SLICE("format: WARC File Format 1.1\r\n")));
    drop(&m);
}

static void test_uris(void **state)
{
    static const struct {
        const char *address, *expected;
    } cases[] = {
        {"https://n.example/1?a=b#c",                           "https://n.example/1?a=b#c" },
        {"https://m\xC3\xBCller.example:81/\xE6\x98\xA5 x%20y",
         "https://xn--mller-kva.example:81/%E6%98%A5%20x%20y"                               },
        {"http://[2001:db8::1]/a\nb",                           "http://[2001:db8::1]/a%0Ab"},
        {"old/a<b>.html",                                       "file:old/a%3Cb%3E.html"    },
        {"",                                                    "file:"                     },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct slice uri = warc_uri(slice_from(cases[i].address), &arena);

        if (!slice_equal(uri, slice_from(cases[i].expected)))
            fail_msg("%s: %.*s", cases[i].address, SLICE_ARG(uri));
    }
    arena_release(&arena);
}

/* As warcio.js and pywb have them: a viewer asks its index for this and nothing else. */
static void test_keys(void **state)
{
    static const struct {
        const char *uri, *expected;
    } cases[] = {
        {"https://N.example/A/b?z=1&A=2#c", "example,n)/a/b?a=2&z=1"},
        {"http://www.n.example",            "example,n)/"           },
        {"https://www2.n.example:443/x",    "example,n)/x"          },
        {"https://wwwn.example:8080/x",     "example,wwwn:8080)/x"  },
        {"https://www3/x",                  "www3)/x"               },
        {"file:///a/B.html",                "file:///a/B.html"      },
        {"http://[2001:db8::1]/",           "[2001:db8::1])/"       },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct slice key = wacz_key(slice_from(cases[i].uri), &arena);

        if (!slice_equal(key, slice_from(cases[i].expected)))
            fail_msg("%s: %.*s", cases[i].uri, SLICE_ARG(key));
    }
    arena_release(&arena);
}

/* Hostile sizes and no memory: an error, never half a record that counts as one. */
static void test_limits(void **state)
{
    static char head[HEADERS_MAX_BYTES * 3];
    struct warc_draft r = response("HTTP/1.1 200 OK\r\n\r\n", "a page");
    struct gzip *g = NULL;
    struct arena arena;
    struct buf out;
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    arena_init(&arena, 1);
    buf_init(&out, 1);
    assert_int_equal(gzip_open(&g, NULL), WW_OK);
    for (long n = 1; n < 200 && status == WW_NOMEM; n++) {
        arena_release(&arena);
        buf_release(&out);
        arena_init(&arena, (size_t)8 * 1024 * 1024);
        buf_init(&out, (size_t)8 * 1024 * 1024);
        mem_fail_after(n);
        status = warc_write(g, &r, &arena, &out, NULL);
        mem_fail_after(0);
    }
    assert_int_equal(status, WW_OK);
    memset(head, 'x', sizeof(head));
    memcpy(head, "HTTP/1.1 200 OK\r\nX: ", 20);
    r.head = slice_of(head, sizeof(head));
    assert_int_equal(warc_write(g, &r, &arena, &out, NULL), WW_TOO_BIG);
    gzip_close(g);
    buf_release(&out);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_response), cmocka_unit_test(test_heads),
        cmocka_unit_test(test_revisit),  cmocka_unit_test(test_resource_and_info),
        cmocka_unit_test(test_uris),     cmocka_unit_test(test_keys),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
