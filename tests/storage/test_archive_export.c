/* What goes out of our archive is whole in itself; what is wrong with it is found. */
#include "storage/archive_export.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "storage/archive.h"
#include "storage/archive_verify.h"
#include "storage/store_alerts.h"
#include "storage/store_bodies.h"
#include "storage/wacz_write.h"
#include "storage/warc_read.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define FIRST "2023-11.warc.gz"

/* An article with a mention of item, whose page waits. */
static void add(struct test_store *t, int n, const char *item, struct slice head,
                struct slice bytes)
{
    const int64_t list = test_store_watchlist(t, "a list");
    struct mention_row mention = {.watchlist_id = list,
                                  .item = slice_from(item),
                                  .kind = SLICE("site"),
                                  .alias = SLICE("Pier"),
                                  .rule = SLICE("name"),
                                  .end = 4,
                                  .quote = SLICE("Pier")};
    struct body_row body = {.fetched_at = TEST_NOW + n,
                            .content_type = SLICE("text/html"),
                            .bytes = bytes,
                            .head = head};
    char url[64], text[64];
    int64_t id;

    (void)snprintf(url, sizeof(url), "https://n.example/%d", n);
    (void)snprintf(text, sizeof(text), "The text of page %d.", n);
    mention.article_id = body.article_id = test_store_article(t, url, "A \"title\" \\ \x01", text);
    OK(store_begin(t->store, NULL));
    OK(store_add_mention(t->store, &mention, &id, NULL));
    OK(store_set_scanned(t->store, mention.article_id, list, NULL));
    OK(store_put_body(t->store, &body, NULL));
    OK(store_commit(t->store, NULL));
}

/* Two addresses with one page, a third with another, a file with the first one's bytes. */
static void make(struct test_store *t)
{
    const struct archive_options options = {.now = TEST_NOW};
    struct archive_summary n;

    test_store_open(t);
    add(t, 1, "pier", SLICE("HTTP/1.1 200 OK\r\nX: one\r\n\r\n"), SLICE("<p>the same page"));
    add(t, 2, "light", SLICE("HTTP/2 200\r\nx: two\r\n\r\n"), SLICE("<p>the same page"));
    add(t, 3, "pier", SLICE("HTTP/1.1 200 OK\r\n\r\n"), SLICE("<p>another page"));
    add(t, 4, "light", SLICE(""), SLICE("<p>the same page"));
    OK(archive_keep(t->store, &options, &n, NULL));
    assert_int_equal(n.n_records, 4);
    assert_int_equal(n.n_revisits, 2);
}

/* ---- export ---------------------------------------------------------------------------------- */

struct sink {
    struct buf bytes;
    size_t n_told, n_noted;
};

static enum ww_status take(void *context, struct slice bytes, struct ww_error *err)
{
    struct sink *s = context;

    buf_add(&s->bytes, bytes);
    return buf_finish(&s->bytes, err);
}

static enum ww_status note(void *context, const struct archive_exported *r, struct ww_error *err)
{
    struct sink *s = context;
    struct buf member;
    size_t used;
    bool is_cut;

    WW_UNUSED(err);
    buf_init(&member, ARCHIVE_RECORD_MAX_BYTES);
    /* Where it says, as long as it says. */
    OK(gzip_unpack(slice_skip(buf_slice(&s->bytes), (size_t)r->offset), &member, &used, &is_cut,
                   NULL));
    assert_int_equal(used, r->n_bytes);
    buf_release(&member);
    s->n_noted++;
    return WW_OK;
}

static void tell(void *context, const char *message)
{
    WW_UNUSED(message);
    ((struct sink *)context)->n_told++;
}

/* The n-th record of the bytes, 0 being the warcinfo; false when there are fewer. */
static bool record_at(struct slice bytes, size_t n, struct buf *member, struct warc_view *out)
{
    size_t used = 0;
    bool is_cut;

    for (size_t i = 0; i <= n; i++) {
        bytes = slice_skip(bytes, used);
        buf_reset(member);
        if (bytes.len == 0)
            return false;
        OK(gzip_unpack(bytes, member, &used, &is_cut, NULL));
    }
    OK(warc_view(buf_slice(member), out, NULL));
    OK(warc_check(out, NULL));
    return true;
}

static void export(struct test_store *t, const char *item, struct sink *s,
                   struct archive_export_summary *n)
{
    const struct archive_export_options options = {.filter = {.item = slice_from(item)},
                                                   .name = SLICE("x.warc.gz"),
                                                   .now = TEST_NOW,
                                                   .write = take,
                                                   .record = note,
                                                   .found = tell,
                                                   .context = s};

    *s = (struct sink){.n_told = 0};
    buf_init(&s->bytes, (size_t)1024 * 1024);
    OK(archive_export(t->store, &options, n, NULL));
    assert_int_equal(s->n_noted, n->n_records);
    assert_int_equal(n->n_bytes, s->bytes.len);
}

static void test_export(void **state)
{
    static const enum warc_kind all[] = {WARC_KIND_INFO, WARC_KIND_RESPONSE, WARC_KIND_REVISIT,
                                         WARC_KIND_RESPONSE, WARC_KIND_REVISIT};
    struct archive_export_summary n;
    struct test_store t;
    struct warc_view v;
    struct buf member;
    struct sink s;
    char path[256];

    WW_UNUSED(state);
    make(&t);
    buf_init(&member, ARCHIVE_RECORD_MAX_BYTES);
    export(&t, "", &s, &n);
    for (size_t i = 0; i < WW_COUNT(all); i++) {
        assert_true(record_at(buf_slice(&s.bytes), i, &member, &v));
        assert_int_equal(v.kind, all[i]);
    }
    assert_false(record_at(buf_slice(&s.bytes), WW_COUNT(all), &member, &v));
    buf_release(&s.bytes);

    /* Without the record they refer to: the first is whole, the second refers to it. */
    export(&t, "light", &s, &n);
    assert_int_equal(n.n_records, 2);
    assert_true(record_at(buf_slice(&s.bytes), 1, &member, &v));
    assert_int_equal(v.kind, WARC_KIND_RESPONSE);
    assert_true(slice_equal(v.payload, SLICE("<p>the same page")));
    assert_true(slice_contains(v.http_head, SLICE("x: two")));
    assert_true(slice_contains(v.heads, SLICE("WARC-Protocol: h2\r\n")));
    assert_true(slice_contains(v.heads, SLICE("WARC-Target-URI: https://n.example/2\r\n")));
    assert_true(record_at(buf_slice(&s.bytes), 2, &member, &v));
    assert_int_equal(v.kind, WARC_KIND_RESOURCE);
    assert_true(slice_equal(v.payload, SLICE("<p>the same page")));
    buf_release(&s.bytes);

    /* Of nothing: no warcinfo either. Without the file: told once. */
    export(&t, "nothing", &s, &n);
    assert_int_equal(n.n_bytes, 0);
    buf_release(&s.bytes);
    (void)snprintf(path, sizeof(path), "%s/warc/%s", t.folder, test_store_warc(FIRST));
    assert_int_equal(unlink(path), 0);
    export(&t, "", &s, &n);
    assert_int_equal(s.n_told, 1);
    assert_int_equal(n.n_damaged, 4);
    assert_int_equal(n.n_bytes, 0);
    buf_release(&s.bytes);
    buf_release(&member);
    test_store_close(&t);
}

static void test_wacz(void **state)
{
    struct archive_export_options options = {.name = SLICE("data.warc.gz"),
                                             .now = TEST_NOW,
                                             .write = wacz_write,
                                             .record = wacz_record,
                                             .found = tell};
    struct archive_export_summary n;
    struct test_store t;
    struct wacz *w = NULL;
    struct stat info;
    char path[256], part[300];

    WW_UNUSED(state);
    make(&t);
    (void)snprintf(path, sizeof(path), "%s/x.wacz", t.folder);
    (void)snprintf(part, sizeof(part), "%s.part", path);
    for (int round = 0; round < 3; round++) {
        const enum ww_status status = wacz_open(path, TEST_NOW, &w, NULL);

        assert_int_equal(status, round < 2 ? WW_OK : WW_STORE); /* there is one by now */
        if (status == WW_OK) {
            options.context = w;
            OK(archive_export(t.store, &options, &n, NULL));
            assert_int_equal(n.n_records, 4);
        }
        if (round == 1)
            OK(wacz_finish(w, NULL));
        wacz_close(w);
        assert_int_equal(stat(part, &info), -1);
        assert_int_equal(stat(path, &info), round == 0 ? -1 : 0);
    }
    test_store_close(&t);
}

/* ---- verify ---------------------------------------------------------------------------------- */

static size_t findings(struct test_store *t)
{
    struct sink s = {.n_told = 0};
    const struct archive_verify_options options = {.found = tell, .context = &s};
    struct archive_verify_summary n;

    OK(archive_verify(t->store, &options, &n, NULL));
    assert_int_equal(n.n_findings, s.n_told);
    return s.n_told;
}

/* No byte of it can be another without being noticed, but for what gzip says of its maker. */
static void test_verify(void **state)
{
    struct test_store t;
    char path[256], bytes[8192];
    size_t n_bytes, n_unnoticed = 0;
    FILE *f;

    WW_UNUSED(state);
    make(&t);
    assert_int_equal(findings(&t), 0);
    (void)snprintf(path, sizeof(path), "%s/warc/%s", t.folder, test_store_warc(FIRST));
    f = fopen(path, "r+b");
    assert_non_null(f);
    n_bytes = fread(bytes, 1, sizeof(bytes), f);
    assert_in_range(n_bytes, 1000, sizeof(bytes) - 1);
    for (size_t i = 0; i < n_bytes; i += 3) {
        assert_int_equal(fseek(f, (long)i, SEEK_SET), 0);
        (void)fputc(bytes[i] ^ 0x11, f);
        assert_int_equal(fflush(f), 0);
        n_unnoticed += findings(&t) == 0;
        assert_int_equal(fseek(f, (long)i, SEEK_SET), 0);
        (void)fputc(bytes[i], f);
        assert_int_equal(fflush(f), 0);
    }
    (void)fclose(f);
    assert_in_range(n_unnoticed, 0, 5 * 3);
    assert_int_equal(findings(&t), 0);
    assert_int_equal(truncate(path, (off_t)n_bytes - 1), 0);
    assert_in_range(findings(&t), 1, 3);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(findings(&t), 1);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_export),
        cmocka_unit_test(test_wacz),
        cmocka_unit_test(test_verify),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
