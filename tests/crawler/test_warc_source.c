/* A WARC file into the store: which records become articles, with which time and place, and that
 * a reading that was stopped goes on where it was. */
#include "crawler/history/warc.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawler/history/documents.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "storage/store_history.h"
#include "tests/support/filling.h"
#include "tests/support/pool.h"
#include "tests/support/store.h"
#include "tests/support/warc_file.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void put_others(struct warc_file *f)
{
    static const char *const text = "One more text about the lighthouse, that an old tool stored "
                                    "without header lines, and which nobody has read since then.";
    static char big[17 * 1024 * 1024];

    warc_file_put(f, "warcinfo", "", SLICE("software: x\r\n"));
    warc_file_put(f, "request", "https://news.example/weir/0", SLICE("GET / HTTP/1.1\r\n\r\n"));
    warc_file_put(f, "metadata", "https://news.example/weir/0", SLICE("via: x\r\n"));
    warc_file_put(f, "response", "dns:news.example",
                  SLICE("20220913102030\nnews.example. 1 IN A 1.2.3.4"));
    warc_file_put(
        f, "response", "https://news.example/robots.txt",
        SLICE("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /x"));
    warc_file_put(f, "revisit", "https://news.example/weir/0",
                  SLICE("HTTP/1.1 304 Not Modified\r\n\r\n"));
    warc_file_put(
        f, "response", "https://news.example/gone",
        SLICE("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html>gone</html>"));
    warc_file_put(f, "response", "https://news.example/a.png",
                  SLICE("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"));
    warc_file_put(f, "response", "https://news.example/br",
                  SLICE("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n"
                        "\x1b\x03\x02\x01\x04"));
    warc_file_put(
        f, "response", "https://news.example/cut",
        SLICE("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
              "500\r\nabc"));
    warc_file_put(f, "response", "https://news.example/empty",
                  SLICE("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"));
    memset(big, 'x', sizeof(big));
    memcpy(big, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", 44);
    for (size_t i = 100; i < sizeof(big); i += 7) /* not too well packed */
        big[i] = (char)('a' + (i * 2654435761U >> 16) % 26);
    warc_file_put(f, "response", "https://news.example/big", slice_of(big, sizeof(big)));
    warc_file_put(f, "resource", "https://news.example/lighthouse", slice_from(text));
}

#define N_PAGES 12

static const struct {
    enum backfill_end end;
    int64_t n;
} expected[] = {
    {BACKFILL_NEW,       N_PAGES + 1},
    {BACKFILL_BESIDE,    5          },
    {BACKFILL_UNCHANGED, 1          },
    {BACKFILL_NO_PAGE,   1          },
    {BACKFILL_MEDIA,     1          },
    {BACKFILL_CODING,    1          },
    {BACKFILL_DAMAGED,   2          },
    {BACKFILL_EMPTY,     1          },
    {BACKFILL_TOO_BIG,   1          },
    {BACKFILL_KNOWN,     1          },
};

static void make_file(struct warc_file *f, bool is_packed)
{
    warc_file_begin(f, is_packed);
    for (int i = 0; i < N_PAGES / 2; i++)
        warc_file_put_page(f, i, "");
    put_others(f);
    buf_add_string(&f->bytes, "\r\n\r\nthis belongs to no record\r\n");
    warc_file_put_page(f, 0, ""); /* once more */
    for (int i = N_PAGES / 2; i < N_PAGES; i++)
        warc_file_put_page(f, i, "Content-Length: 3\r\n");
    warc_file_write(f);
}

/* ---- a backfill ------------------------------------------------------------------------------ */

static void check_counts(struct filling *f)
{
    struct history_counts counts;
    size_t n_named = 0;

    assert_int_equal(store_document_counts(f->store.store, f->id, &f->store.arena, &counts, NULL),
                     WW_OK);
    for (size_t i = 0; i < counts.n_rows; i++)
        for (size_t k = 0; k < WW_COUNT(expected); k++) {
            if (!slice_equal(counts.rows[i].name, slice_from(backfill_end_name(expected[k].end))))
                continue;
            n_named++;
            if (counts.rows[i].n != expected[k].n)
                fail_msg("%.*s: %lld", SLICE_ARG(counts.rows[i].name), (long long)counts.rows[i].n);
        }
    assert_int_equal(n_named, WW_COUNT(expected));
    assert_int_equal(counts.n_rows, WW_COUNT(expected));
}

static void check_articles(struct filling *f, const char *path)
{
    const struct article_filter filter = {.history = STORE_HISTORIC};
    struct article_list list = {0};
    bool has_text = false;

    assert_int_equal(store_list_articles(f->store.store, &filter, &f->store.arena, &list, NULL),
                     WW_OK);
    assert_int_equal(list.n_rows, N_PAGES + 1);
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct article_row *row = &list.rows[i];

        assert_true(slice_starts(row->url, SLICE("https://news.example/")));
        assert_true(slice_equal(row->provenance, SLICE("warc")));
        assert_true(slice_starts(row->capture, slice_from(path)));
        assert_int_equal(row->fetched_at, WARC_FILE_CAPTURED_AT);
        assert_in_range(row->first_seen_at, TEST_NOW, TEST_NOW + 60);
        assert_int_equal(row->backfill_id, f->id);
        has_text = has_text || slice_ends(row->url, SLICE("/lighthouse"));
    }
    assert_true(has_text);
}

static void test_whole(void **state)
{
    WW_UNUSED(state);
    for (int packed = 0; packed < 2; packed++) {
        struct filling f;
        struct warc_file file;

        make_file(&file, packed == 1);
        filling_open(&f);
        filling_fill(&f, file.path);
        assert_int_equal(backfill_count(&f.summary), N_PAGES + 10);
        check_counts(&f);
        check_articles(&f, file.path);
        filling_fill(&f, file.path); /* this backfill has read it */
        assert_int_equal(backfill_count(&f.summary), 0);
        check_counts(&f);
        test_store_close(&f.store);
        warc_file_remove(&file);
    }
}

/* Stopped after every so many documents, in peace or with pages out: the end is the same. */
static void test_resumed(void **state)
{
    struct warc_file file;

    WW_UNUSED(state);
    make_file(&file, true);
    for (int n = 1; n < 24; n += 3) {
        struct filling f;
        int i = 0;

        filling_open(&f);
        f.is_killed = n % 2 == 0;
        do {
            f.stop = 0;
            f.n_left = n;
            filling_fill(&f, file.path);
            assert_true(i++ < 60);
        } while (f.stop);
        check_counts(&f);
        check_articles(&f, file.path);
        test_store_close(&f.store);
    }
    warc_file_remove(&file);
}

/* One address, three times, in no order of time: three versions, the earliest the first. */
static void test_versions(void **state)
{
    static const struct {
        const char *date, *text;
    } captures[] = {
        {"2022-09-14T00:00:00Z", "nine" },
        {"2022-09-12T00:00:00Z", "seven"},
        {"2022-09-13T00:00:00Z", "eight"},
    };
    const struct article_filter filter = {.history = STORE_HISTORIC};
    struct filling f;
    struct warc_file file;
    struct article_list list = {0};

    WW_UNUSED(state);
    warc_file_begin(&file, true);
    for (size_t i = 0; i < WW_COUNT(captures); i++) {
        struct buf page;

        buf_init(&page, 4096);
        buf_printf(&page,
                   "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head><title>The "
                   "lock</title></head><body><article><h1>The lock</h1><p>The keeper of the lock "
                   "has let %s boats pass since the morning, and no more of them are expected "
                   "before the evening comes.</p><p>They carry stones and sand for the new quay "
                   "on the other side of the river.</p></article></body></html>",
                   captures[i].text);
        file.date = captures[i].date;
        warc_file_put(&file, "response", "https://news.example/lock", buf_slice(&page));
        buf_release(&page);
    }
    warc_file_write(&file);
    filling_open(&f);
    filling_fill(&f, file.path);
    assert_int_equal(store_list_articles(f.store.store, &filter, &f.store.arena, &list, NULL),
                     WW_OK);
    assert_int_equal(list.n_rows, 3);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++)
            assert_true((list.rows[i].version < list.rows[k].version) ==
                        (list.rows[i].fetched_at < list.rows[k].fetched_at));
    test_store_close(&f.store);
    warc_file_remove(&file);
}

/* ---- another supplier, and what is wanted ---------------------------------------------------- */

struct supplier {
    const struct warc_file *file;
    struct filling *filling;
    int64_t breaks_at;
    int n_reads;
};

static enum ww_status supply(void *context, int64_t offset, char *room, size_t len, size_t *got,
                             struct ww_error *err)
{
    struct supplier *s = context;
    struct slice left = slice_skip(buf_slice(&s->file->bytes), (size_t)offset);

    assert_false(store_is_writing(s->filling->store.store)); /* others may write meanwhile */
    s->n_reads++;
    if (offset >= s->breaks_at)
        return ww_fail(err, WW_UNREACHABLE, "the line is gone");
    left = slice_head(slice_head(left, len), 700);
    memcpy(room, left.ptr != NULL ? left.ptr : "", left.len);
    *got = left.len;
    return WW_OK;
}

/* Two pages; every head is asked about, with its time. */
static bool wants(void *context, const struct warc_record *head)
{
    int *n_asked = context;

    ++*n_asked;
    assert_int_equal(head->captured_at, WARC_FILE_CAPTURED_AT);
    return slice_ends(head->target, SLICE("/8")) || slice_ends(head->target, SLICE("/9"));
}

static enum ww_status supply_all(struct filling *f, struct supplier *s, int *n_asked,
                                 int64_t *read_to, bool *is_whole)
{
    const struct backfill_options options = filling_options(f);
    const struct warc_source source = {.read = supply, .context = s, .bytes = -1};
    struct warc_options warc = {.path = SLICE("https://archive.example/x.warc.gz"),
                                .waits_to_read = true,
                                .wants = wants,
                                .context = n_asked};
    struct clock clock = clock_started_at(TEST_NOW);
    struct backfill *b = NULL;
    enum ww_status status;

    assert_int_equal(backfill_open(&options, f->store.store, pool_workers(), &clock, NULL,
                                   &f->summary, &b, NULL),
                     WW_OK);
    assert_int_equal(backfill_begin_file(b, warc.path, SLICE("ccnews"), &warc.from, NULL), WW_OK);
    status = warc_documents(b, &source, &warc, read_to, is_whole, NULL);
    if (*is_whole)
        assert_int_equal(backfill_end_file(b, NULL, NULL), WW_OK);
    assert_int_equal(backfill_finish(b, NULL), WW_OK);
    backfill_close(b);
    return status;
}

static void test_supplied(void **state)
{
    struct filling f;
    struct warc_file file;
    struct supplier s = {.file = &file, .filling = &f};
    struct history_gain gain;
    int64_t read_to = 0;
    int n_asked = 0;
    bool is_whole = false;

    WW_UNUSED(state);
    make_file(&file, true);
    filling_open(&f);
    s.breaks_at = (int64_t)file.bytes.len / 2;
    assert_int_equal(supply_all(&f, &s, &n_asked, &read_to, &is_whole), WW_UNREACHABLE);
    assert_false(is_whole);
    assert_true(read_to > 0 && read_to <= s.breaks_at);
    s.breaks_at = INT64_MAX;
    s.n_reads = 0;
    assert_int_equal(supply_all(&f, &s, &n_asked, &read_to, &is_whole), WW_OK);
    assert_true(is_whole);
    assert_int_equal(read_to, file.bytes.len);
    assert_true(s.n_reads < (int)(file.bytes.len / 700)); /* not from the beginning */
    assert_int_equal(n_asked, N_PAGES + 1 + 8 + 1);       /* the one that broke off: twice */
    assert_int_equal(store_history_gain(f.store.store, f.id, &gain, NULL), WW_OK);
    assert_int_equal(gain.n_articles, 2);
    test_store_close(&f.store);
    warc_file_remove(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_resumed),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_supplied),
    };
    int failed;

    if (!pool_start(parse_run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
