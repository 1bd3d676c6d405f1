/* WARC records out of bytes in pieces: plain, packed, damaged, lying; what is whole is found. */
#include "feeds/warc.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include <cmocka.h>

/* ---- files ----------------------------------------------------------------------------------- */

struct file {
    struct buf bytes;
    size_t piece; /* given at once */
    int64_t last_offset;
    bool seeks;
};

static enum ww_status give(void *context, int64_t offset, char *room, size_t len, size_t *got,
                           struct ww_error *err)
{
    struct file *f = context;
    struct slice left = slice_skip(buf_slice(&f->bytes), (size_t)offset);

    WW_UNUSED(err);
    assert_true(f->seeks || offset >= f->last_offset);
    f->last_offset = offset;
    left = slice_head(slice_head(left, len), f->piece);
    if (left.len > 0)
        memcpy(room, left.ptr, left.len);
    *got = left.len;
    return WW_OK;
}

static struct file file_begin(void)
{
    struct file f = {.piece = SIZE_MAX, .seeks = true};

    buf_init(&f.bytes, (size_t)64 * 1024 * 1024);
    return f;
}

static void put_record(struct buf *out, const char *type, const char *target, struct slice block,
                       long long claimed)
{
    buf_printf(out, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:%zu>\r\n", type,
               out->len);
    buf_printf(out, "WARC-Target-URI: %s\r\nWARC-Date: 2022-09-13T10:20:30Z\r\n", target);
    buf_printf(out, "Content-Type: application/http; msgtype=response\r\n");
    buf_printf(out, "Content-Length: %lld\r\n\r\n", claimed);
    buf_add(out, block);
    buf_add_string(out, "\r\n\r\n");
}

static void put_page(struct buf *out, int n)
{
    char target[64], block[64];

    (void)snprintf(target, sizeof(target), "http://news.example/%d", n);
    (void)snprintf(block, sizeof(block), "HTTP/1.1 200 OK\r\n\r\npage %d", n);
    put_record(out, "response", target, slice_from(block), (long long)strlen(block));
}

static void put_member(struct buf *out, struct slice content)
{
    unsigned char room[65536];
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, 0), Z_OK);
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

static void put_packed_page(struct buf *out, int n)
{
    struct buf plain;

    buf_init(&plain, 4096);
    put_page(&plain, n);
    put_member(out, buf_slice(&plain));
    buf_release(&plain);
}

/* ---- what is read of them -------------------------------------------------------------------- */

#define SEEN_MAX 2000

struct seen {
    struct {
        char last; /* of its target */
        int64_t number;
        size_t block_bytes;
    } records[SEEN_MAX];
    size_t n_records, n_damaged;
    int64_t damaged_at; /* the last one's offset */
    char why[240];
    int64_t read_to;
};

static void see(struct seen *s, const struct warc_record *r, struct slice block)
{
    assert_true(s->n_records < SEEN_MAX);
    s->records[s->n_records].last = r->target.len > 0 ? r->target.ptr[r->target.len - 1] : '-';
    s->records[s->n_records].number = warc_place_number(r->place);
    s->records[s->n_records++].block_bytes = block.len;
}

static void read_from(struct file *f, int64_t offset, struct seen *s)
{
    const struct warc_source source = {.read = give,
                                       .context = f,
                                       .bytes = f->seeks ? (int64_t)f->bytes.len : -1,
                                       .seeks = f->seeks};
    struct warc_reader *w = NULL;
    struct buf block;
    enum ww_status status = WW_OK;

    *s = (struct seen){.damaged_at = -1};
    f->last_offset = 0;
    buf_init(&block, 1024 * 1024);
    assert_int_equal(warc_open(&source, offset, &w, NULL), WW_OK);
    for (int i = 0; status != WW_NOT_FOUND; i++) {
        struct warc_record r;
        struct ww_error err = {0};

        assert_true(i < 100000);
        buf_reset(&block);
        status = warc_next(w, &r, &err);
        if (status == WW_OK)
            status = warc_block(w, &block, &err);
        if (status == WW_OK)
            see(s, &r, buf_slice(&block));
        if (status == WW_INVALID) {
            s->n_damaged++;
            s->damaged_at = r.place.offset;
            memcpy(s->why, err.message, sizeof(s->why));
        } else if (status != WW_OK && status != WW_TOO_BIG && status != WW_NOT_FOUND) {
            fail_msg("%s", err.message);
        }
    }
    s->read_to = warc_read_to(w);
    warc_close(w);
    buf_release(&block);
}

/* In pieces of several sizes, back and forth or only forth: what is whole is the same. */
static void assert_seen(struct file *f, const char *expected, size_t n_damaged)
{
    static const size_t pieces[] = {SIZE_MAX, 1000, 7, 1};

    for (size_t i = 0; i < WW_COUNT(pieces) * 2; i++) {
        struct seen s;

        f->piece = pieces[i / 2];
        f->seeks = i % 2 == 0;
        read_from(f, 0, &s);
        if (s.n_records != strlen(expected) || s.n_damaged != n_damaged)
            fail_msg("pieces of %zu, seeks %d: %zu records, %zu damaged (%s), not %zu and %zu",
                     f->piece, f->seeks, s.n_records, s.n_damaged, s.why, strlen(expected),
                     n_damaged);
        for (size_t k = 0; k < s.n_records; k++)
            assert_int_equal(s.records[k].last, expected[k]);
        assert_int_equal(s.read_to, f->bytes.len);
    }
    buf_release(&f->bytes);
}

/* ---- whole files ----------------------------------------------------------------------------- */

static void test_plain(void **state)
{
    struct file f = file_begin();

    WW_UNUSED(state);
    for (int i = 1; i < 10; i++)
        put_page(&f.bytes, i);
    assert_seen(&f, "123456789", 0);
}

static void test_members(void **state)
{
    struct file f = file_begin();
    struct buf both;

    WW_UNUSED(state);
    buf_init(&both, 10000);
    put_packed_page(&f.bytes, 1);
    put_page(&both, 2); /* two records in one member */
    put_page(&both, 3);
    put_member(&f.bytes, buf_slice(&both));
    put_member(&f.bytes, SLICE("")); /* and none in one */
    put_packed_page(&f.bytes, 4);
    buf_reset(&both);
    put_page(&both, 5); /* one record over three */
    put_member(&f.bytes, slice_head(buf_slice(&both), 100));
    put_member(&f.bytes, slice_sub(buf_slice(&both), 100, 90));
    put_member(&f.bytes, slice_skip(buf_slice(&both), 190));
    put_packed_page(&f.bytes, 6);
    buf_reset(&both);
    put_page(&f.bytes, 7); /* and a plain one behind them: cat */
    put_packed_page(&f.bytes, 8);
    buf_release(&both);
    assert_seen(&f, "12345678", 0);
}

/* Old and odd writers: LF alone, folded lines, no line ends behind a block, or too many. */
static void test_odd_writers(void **state)
{
    struct file f = file_begin();

    WW_UNUSED(state);
    buf_add(&f.bytes, SLICE("WARC/0.18\nwarc-type: resource\nCONTENT-LENGTH: 3\n"
                            "WARC-Target-URI:\n <http://news.example/1>\n\nabc\n\n"));
    buf_add(&f.bytes, SLICE("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 0\r\n"
                            "WARC-Target-URI: http://news.example/2\r\n\r\n\r\n\r\n\r\n\r\n"));
    buf_add(&f.bytes, SLICE("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 3\r\n"
                            "WARC-Target-URI: http://news.example/3\r\n\r\nabc"));
    put_page(&f.bytes, 4);
    assert_seen(&f, "1234", 0);
}

static void test_fields(void **state)
{
    static const char text[] =
        "WARC/1.0\r\nWARC-Type: Revisit\r\nContent-Length: 0\r\nwarc-date: "
        "2019-03-04T05:06:07.89Z\r\nWARC-Target-URI: <https://a.example/?x=1:2>\r\n"
        "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
        "WARC-Refers-To-Target-URI: https://b.example/\r\nno colon here\r\n"
        "WARC-Refers-To-Date: 2018-01-01T00:00:00Z\r\nWARC-Payload-Digest: sha1:ABC\r\n"
        "WARC-Segment-Number: 2\r\nWARC-Target-URI: https://second.example/\r\n\r\n\r\n\r\n";
    struct file f = file_begin();
    const struct warc_source source = {.read = give, .context = &f, .bytes = -1};
    struct warc_reader *w = NULL;
    struct warc_record r;

    WW_UNUSED(state);
    buf_add_string(&f.bytes, text);
    assert_int_equal(warc_open(&source, 0, &w, NULL), WW_OK);
    assert_int_equal(warc_next(w, &r, NULL), WW_OK);
    assert_int_equal(r.type, WARC_REVISIT);
    assert_string_equal(warc_type_name(r.type), "revisit");
    assert_true(slice_equal(r.target, SLICE("https://a.example/?x=1:2")));
    assert_true(slice_equal(r.refers_to_target, SLICE("https://b.example/")));
    assert_true(slice_equal(r.payload_digest, SLICE("sha1:ABC")));
    assert_true(slice_ends(r.profile, SLICE("identical-payload-digest")));
    assert_int_equal(r.captured_at, 1551675967);
    assert_int_equal(r.refers_to_at, 1514764800);
    assert_int_equal(r.segment, 2);
    assert_int_equal(warc_next(w, &r, NULL), WW_NOT_FOUND);
    warc_close(w);
    buf_release(&f.bytes);
}

/* Read again from any place that was told: the same records, with the same numbers, come. */
static void test_places(void **state)
{
    struct file f = file_begin();
    struct buf both;
    struct seen all, rest;

    WW_UNUSED(state);
    buf_init(&both, 10000);
    put_packed_page(&f.bytes, 1);
    for (int i = 2; i < 5; i++)
        put_page(&both, i);
    put_member(&f.bytes, buf_slice(&both));
    put_packed_page(&f.bytes, 5);
    put_page(&f.bytes, 6);
    put_page(&f.bytes, 7);
    read_from(&f, 0, &all);
    assert_int_equal(all.n_records, 7);
    for (size_t i = 0; i < all.n_records; i++) {
        const int64_t number = all.records[i].number;
        size_t k = 0;

        assert_true(i == 0 || number > all.records[i - 1].number);
        assert_int_equal(warc_place_number(warc_place_of(number)), number);
        read_from(&f, warc_place_of(number).offset, &rest);
        assert_int_equal(rest.n_damaged, 0);
        while (k < rest.n_records && rest.records[k].number != number)
            k++;
        assert_true(k < rest.n_records);
        assert_int_equal(rest.records[k].last, all.records[i].last);
        assert_int_equal(rest.n_records - k, all.n_records - i);
    }
    buf_release(&both);
    buf_release(&f.bytes);
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* A byte of the third of five members changed, wherever: the other four are found. */
static void test_damaged_member(void **state)
{
    size_t begins[6];
    struct file f = file_begin();

    WW_UNUSED(state);
    for (int i = 0; i < 5; i++) {
        begins[i] = f.bytes.len;
        put_packed_page(&f.bytes, i + 1);
    }
    begins[5] = f.bytes.len;
    for (size_t at = begins[2]; at < begins[3]; at++) {
        struct seen s;

        if (at >= begins[2] + 4 && at < begins[2] + 10)
            continue; /* time and system of the header: nobody looks at them */
        f.bytes.ptr[at] = (char)(f.bytes.ptr[at] ^ 0x55);
        read_from(&f, 0, &s);
        f.bytes.ptr[at] = (char)(f.bytes.ptr[at] ^ 0x55);
        if (s.n_records != 4 || s.n_damaged != 1 || s.records[2].last != '4')
            fail_msg("byte %zu: %zu records, %zu damaged: %s", at - begins[2], s.n_records,
                     s.n_damaged, s.why);
        assert_int_equal(s.damaged_at, begins[2]);
    }
    buf_release(&f.bytes);
}

/* Cut anywhere: all before the cut is found, and one is damaged unless it is between two. */
static void test_cut(void **state)
{
    WW_UNUSED(state);
    for (int packed = 0; packed < 2; packed++) {
        struct file f = file_begin();
        size_t begin, end;

        for (int i = 0; i < 2; i++)
            packed ? put_packed_page(&f.bytes, i) : put_page(&f.bytes, i);
        begin = f.bytes.len;
        packed ? put_packed_page(&f.bytes, 2) : put_page(&f.bytes, 2);
        end = f.bytes.len - (packed ? 1 : 5); /* the line ends behind a block are no loss */
        for (size_t cut = begin + 1; cut <= end; cut++) {
            struct seen s;

            f.bytes.len = cut;
            f.seeks = cut % 2 == 0;
            read_from(&f, 0, &s);
            if (s.n_records != 2 || s.n_damaged != 1 || s.damaged_at != (int64_t)begin)
                fail_msg("packed %d, cut at %zu of %zu: %zu records, %zu damaged at %lld", packed,
                         cut - begin, end - begin, s.n_records, s.n_damaged,
                         (long long)s.damaged_at);
        }
        buf_release(&f.bytes);
    }
}

static void test_wrong_lengths(void **state)
{
    static const long long claims[] = {0, 5, 23, 40, 60, 250, 100000, INT64_MAX};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(claims); i++)
        for (int packed = 0; packed < 2; packed++) {
            struct file f = file_begin();
            struct buf bad;
            struct seen s;

            buf_init(&bad, 4096);
            put_record(&bad, "response", "http://news.example/2",
                       SLICE("HTTP/1.1 200 OK\r\n\r\npage2"), claims[i]);
            packed ? put_packed_page(&f.bytes, 1) : put_page(&f.bytes, 1);
            packed ? put_member(&f.bytes, buf_slice(&bad)) : buf_add(&f.bytes, buf_slice(&bad));
            packed ? put_packed_page(&f.bytes, 3) : put_page(&f.bytes, 3);
            read_from(&f, 0, &s);
            if (s.n_records != 2 || s.n_damaged != 1 || s.records[1].last != '3')
                fail_msg("packed %d, length %lld: %zu records, %zu damaged: %s", packed, claims[i],
                         s.n_records, s.n_damaged, s.why);
            buf_release(&bad);
            buf_release(&f.bytes);
        }
}

/* Garbage in front, between and behind, magic bytes in it; a page that holds a WARC file. */
static void test_garbage(void **state)
{
    static const char garbage[] = "\x1f\x8b\x08 this is no member \x1f\x8b\x08\xff\xff"
                                  "WARC/1.0 in a line, \x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03";
    struct file f = file_begin();
    struct buf inner;

    WW_UNUSED(state);
    put_packed_page(&f.bytes, 1);
    buf_add(&f.bytes, slice_of(garbage, sizeof(garbage) - 1));
    put_packed_page(&f.bytes, 2);
    for (int i = 0; i < 3000; i++)
        buf_add(&f.bytes, slice_of(garbage, sizeof(garbage) - 1));
    put_packed_page(&f.bytes, 3);
    buf_add(&f.bytes, slice_of(garbage, sizeof(garbage) - 1));
    assert_seen(&f, "123", 3);

    f = file_begin();
    buf_init(&inner, 4096);
    put_page(&inner, 8);
    put_page(&inner, 9);
    put_page(&f.bytes, 1);
    put_record(&f.bytes, "response", "http://news.example/2", buf_slice(&inner),
               (long long)inner.len);
    put_page(&f.bytes, 3);
    assert_seen(&f, "123", 0);
    buf_release(&inner);
}

static void test_heads(void **state)
{
    static const char *const heads[] = {
        "WARC/1.0\r\nContent-Length: 1\r\n\r\nx\r\n\r\n",
        "WARC/1.0\r\nWARC-Type: response\r\n\r\nx\r\n\r\n",
        "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -1\r\n\r\nx\r\n\r\n",
        "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9223372036854775808\r\n\r\nx\r\n\r\n",
        "WARC/2.0\r\nWARC-Type: response\r\nContent-Length: 1\r\n\r\nx\r\n\r\n",
        "WARC/0.9 170 response http://a.example/ 20060101000000\r\n\r\nx\r\n\r\n",
        "\r\n\r\nx\r\n\r\n",
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(heads); i++) {
        struct file f = file_begin();

        put_page(&f.bytes, 1);
        buf_add_string(&f.bytes, heads[i]);
        put_page(&f.bytes, 2);
        assert_seen(&f, "12", 1);
    }
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void test_bombs(void **state)
{
    struct file f = file_begin();
    struct buf bomb;

    WW_UNUSED(state);
    buf_init(&bomb, (size_t)64 * 1024 * 1024);
    buf_add_string(&bomb, "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 40000000\r\n\r\n");
    memset(buf_extend(&bomb, 40000000), ' ', 40000000);
    put_packed_page(&f.bytes, 1);
    put_member(&f.bytes, buf_slice(&bomb)); /* a ratio of 1,000 */
    put_packed_page(&f.bytes, 2);
    buf_reset(&bomb);
    buf_add_string(&bomb, "WARC/1.0\r\nWARC-Type: response\r\nX: ");
    for (int i = 0; i < 100000; i++)
        buf_printf(&bomb, "%x", (unsigned)i * 2654435761U);
    put_member(&f.bytes, buf_slice(&bomb)); /* a head without end */
    put_packed_page(&f.bytes, 3);
    buf_release(&bomb);
    assert_seen(&f, "123", 2);
}

/* Lengths that lie again and again: what is read twice is bounded, and it comes to an end. */
static void test_rereading(void **state)
{
    struct file f = file_begin();
    struct seen s;

    WW_UNUSED(state);
    for (int i = 0; i < 1500; i++)
        put_record(&f.bytes, "response", "http://news.example/x", SLICE("abc"),
                   (long long)(1500 - i) * 190);
    read_from(&f, 0, &s);
    assert_true(s.n_records < 10); /* where two of these lengths meet */
    assert_true(s.n_damaged <= 1501);
    buf_release(&f.bytes);
}

static void test_too_big(void **state)
{
    struct file f = file_begin();
    const struct warc_source source = {.read = give, .context = &f, .bytes = -1};
    struct warc_reader *w = NULL;
    struct warc_record r;
    struct buf block;

    WW_UNUSED(state);
    buf_init(&block, 500000);
    memset(buf_extend(&block, 400000), 'x', 400000);
    put_record(&f.bytes, "response", "http://news.example/1", buf_slice(&block), 400000);
    put_page(&f.bytes, 2);
    buf_release(&block);
    buf_init(&block, 399999);
    assert_int_equal(warc_open(&source, 0, &w, NULL), WW_OK);
    assert_int_equal(warc_next(w, &r, NULL), WW_OK);
    assert_int_equal(warc_block(w, &block, NULL), WW_TOO_BIG);
    assert_int_equal(block.len, HEADERS_MAX_BYTES);
    assert_int_equal(warc_next(w, &r, NULL), WW_OK);
    assert_true(slice_ends(r.target, SLICE("/2")));
    warc_close(w);
    buf_release(&block);
    buf_release(&f.bytes);
}

static enum ww_status break_off(void *context, int64_t offset, char *room, size_t len, size_t *got,
                                struct ww_error *err)
{
    if (offset > 100)
        return ww_fail(err, WW_UNREACHABLE, "the line is gone");
    return give(context, offset, room, len < 50 ? len : 50, got, err);
}

/* A failure of the supplier is told as it is, and is no damage. */
static void test_supplier_fails(void **state)
{
    struct file f = file_begin();
    const struct warc_source source = {.read = break_off, .context = &f, .bytes = -1};
    struct warc_reader *w = NULL;
    struct warc_record r;
    struct ww_error err = {0};

    WW_UNUSED(state);
    put_packed_page(&f.bytes, 1);
    assert_int_equal(warc_open(&source, 0, &w, NULL), WW_OK);
    assert_int_equal(warc_next(w, &r, &err), WW_UNREACHABLE);
    assert_string_equal(err.message, "the line is gone");
    warc_close(w);
    buf_release(&f.bytes);
}

static void test_no_memory(void **state)
{
    struct file f = file_begin();
    const struct warc_source source = {.read = give, .context = &f, .bytes = -1};
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    put_packed_page(&f.bytes, 1);
    f.piece = SIZE_MAX;
    for (long n = 1; status == WW_NOMEM; n++) {
        struct warc_reader *w = NULL;
        struct warc_record r;
        struct buf block;

        assert_true(n < 100);
        buf_init(&block, 1000);
        mem_fail_after(n);
        status = warc_open(&source, 0, &w, NULL);
        if (status == WW_OK)
            status = warc_next(w, &r, NULL);
        if (status == WW_OK)
            status = warc_block(w, &block, NULL);
        mem_fail_after(0);
        warc_close(w);
        buf_release(&block);
    }
    assert_int_equal(status, WW_OK);
    buf_release(&f.bytes);
}

static void test_told_by_content(void **state)
{
    struct file f = file_begin();

    WW_UNUSED(state);
    put_packed_page(&f.bytes, 1);
    assert_true(warc_is_warc(buf_slice(&f.bytes)));
    assert_true(warc_is_warc(SLICE("WARC/1.0\r\n")));
    assert_false(warc_is_warc(SLICE("WARC is a format")));
    assert_false(warc_is_warc(SLICE("")));
    assert_false(warc_is_warc(SLICE("\x1f\x8b\x08")));
    buf_release(&f.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),       cmocka_unit_test(test_members),
        cmocka_unit_test(test_odd_writers), cmocka_unit_test(test_fields),
        cmocka_unit_test(test_places),      cmocka_unit_test(test_damaged_member),
        cmocka_unit_test(test_cut),         cmocka_unit_test(test_wrong_lengths),
        cmocka_unit_test(test_garbage),     cmocka_unit_test(test_heads),
        cmocka_unit_test(test_bombs),       cmocka_unit_test(test_rereading),
        cmocka_unit_test(test_too_big),     cmocka_unit_test(test_supplier_fails),
        cmocka_unit_test(test_no_memory),   cmocka_unit_test(test_told_by_content),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
