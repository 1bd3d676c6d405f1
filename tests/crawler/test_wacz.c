/* WACZ files: all WARC files in them, stored or deflated, whatever else they hold; broken ones. */
#include "crawler/history/wacz.h"

#include "base/attrs.h"
#include "base/clock.h"
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
#include <unistd.h>

#include <zip.h>

#include <cmocka.h>

struct package {
    char path[80];
    zip_t *zip;
};

static void package_begin(struct package *p)
{
    int code = 0;

    (void)snprintf(p->path, sizeof(p->path), "/tmp/wirewatch-wacz-%ld", (long)getpid());
    (void)unlink(p->path);
    p->zip = zip_open(p->path, ZIP_CREATE, &code);
    assert_non_null(p->zip);
}

static void package_put(struct package *p, const char *name, struct slice bytes, bool is_stored)
{
    zip_source_t *source = zip_source_buffer(p->zip, bytes.ptr, bytes.len, 0);
    const zip_int64_t index = zip_file_add(p->zip, name, source, 0);

    assert_true(index >= 0);
    assert_int_equal(zip_set_file_compression(p->zip, (zip_uint64_t)index,
                                              is_stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 9),
                     0);
}

static void package_end(struct package *p)
{
    assert_int_equal(zip_close(p->zip), 0);
}

/* Bytes of the file changed where a sign stands. */
static void package_damage(const struct package *p, struct slice sign, size_t behind)
{
    static char room[1024 * 1024];
    FILE *file = fopen(p->path, "rb+");
    const size_t n = fread(room, 1, sizeof(room), file);
    const size_t at = slice_find(slice_of(room, n), sign);

    assert_true(at + behind + 20 < n);
    assert_int_equal(fseek(file, (long)(at + behind), SEEK_SET), 0);
    assert_int_equal(fwrite("????????????????????", 1, 20, file), 20);
    assert_int_equal(fclose(file), 0);
}

static int64_t n_articles(struct filling *f, const char *in)
{
    const struct article_filter filter = {.history = STORE_HISTORIC};
    struct article_list list = {0};
    int64_t n = 0;

    assert_int_equal(store_list_articles(f->store.store, &filter, &f->store.arena, &list, NULL),
                     WW_OK);
    for (size_t i = 0; i < list.n_rows; i++)
        n += slice_contains(list.rows[i].capture, slice_from(in));
    return n;
}

/* Two WARC files, one packed and stored, one plain and deflated, and what stands beside them. */
static void make_package(struct package *p)
{
    struct warc_file packed, plain;

    warc_file_begin(&packed, true);
    warc_file_begin(&plain, false);
    for (int i = 0; i < 10; i++)
        warc_file_put_page(i < 5 ? &packed : &plain, i, "");
    package_begin(p);
    package_put(p, "datapackage.json", SLICE("{\"profile\": \"data-package\"}"), false);
    package_put(p, "indexes/index.cdx.gz", SLICE("\x1f\x8b no index at all"), true);
    package_put(p, "archive/data.warc.gz", buf_slice(&packed.bytes), true);
    package_put(p, "archive/more.warc", buf_slice(&plain.bytes), false);
    package_put(p, "pages/pages.jsonl", SLICE("{\"url\": \"https://other.example/\"}"), false);
    package_put(p, "other/x.warc.gz", buf_slice(&packed.bytes), true);
    package_end(p);
    buf_release(&packed.bytes);
    buf_release(&plain.bytes);
}

static void test_whole(void **state)
{
    struct filling f;
    struct package p;

    WW_UNUSED(state);
    make_package(&p);
    filling_open(&f);
    filling_fill(&f, p.path);
    assert_int_equal(f.summary.n_ends[BACKFILL_NEW], 10);
    assert_int_equal(backfill_count(&f.summary), 10);
    assert_int_equal(n_articles(&f, "#archive/data.warc.gz#"), 5);
    assert_int_equal(n_articles(&f, "#archive/more.warc#"), 5);
    filling_fill(&f, p.path);
    assert_int_equal(backfill_count(&f.summary), 0);
    test_store_close(&f.store);
    (void)unlink(p.path);
}

static void test_resumed(void **state)
{
    struct package p;

    WW_UNUSED(state);
    make_package(&p);
    for (int n = 1; n < 5; n++) {
        struct history_counts counts;
        struct filling f;
        int i = 0;

        filling_open(&f);
        do {
            f.stop = 0;
            f.n_left = n;
            filling_fill(&f, p.path);
            assert_true(i++ < 30);
        } while (f.stop);
        assert_int_equal(n_articles(&f, "#archive/"), 10);
        assert_int_equal(store_document_counts(f.store.store, f.id, &f.store.arena, &counts, NULL),
                         WW_OK);
        assert_int_equal(counts.n_rows, 1);
        assert_int_equal(counts.rows[0].n, 10);
        test_store_close(&f.store);
    }
    (void)unlink(p.path);
}

/* A deflated WARC file that is broken in its middle: the other one is read. */
static void test_damaged_member(void **state)
{
    struct filling f;
    struct package p;

    WW_UNUSED(state);
    make_package(&p);
    package_damage(&p, SLICE("archive/more.warc"), 300);
    filling_open(&f);
    filling_fill(&f, p.path);
    assert_int_equal(n_articles(&f, "#archive/data.warc.gz#"), 5);
    assert_true(f.summary.n_ends[BACKFILL_DAMAGED] >= 1);
    test_store_close(&f.store);
    (void)unlink(p.path);
}

static void write_file(const char *path, struct slice bytes)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

static void test_no_package(void **state)
{
    struct filling f;
    struct package p;

    WW_UNUSED(state);
    filling_open(&f);
    package_begin(&p);
    package_put(&p, "archive/data.warc", SLICE("WARC/1.0\r\n"), true);
    package_end(&p);
    filling_fill(&f, p.path);
    assert_int_equal(f.summary.n_ends[BACKFILL_NOT_READ], 1);
    test_store_close(&f.store);

    filling_open(&f);
    assert_int_equal(truncate(p.path, 40), 0);
    filling_fill(&f, p.path);
    assert_int_equal(f.summary.n_ends[BACKFILL_DAMAGED], 1);
    test_store_close(&f.store);
    (void)unlink(p.path);
}

/* An end says how large the directory is; libzip may believe any of them. */
static void test_large_directory(void **state)
{
#define BEGIN "PK\003\004 "
#define END(size) "PK\005\006\0\0\0\0\1\0\1\0" size "\0\0\0\0\0\0"
#define LARGE_END                                                                        \
    "PK\006\006\x2c\0\0\0\0\0\0\0-\0-\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0" \
    "\0\0\0\x7f\0\0\0\0\0\0\0\0\0\0\0\0"
#define LOCATOR "PK\006\007\0\0\0\0\5\0\0\0\0\0\0\0\1\0\0\0"
#define FILE_OF(text)          \
    {                          \
        text, sizeof(text) - 1 \
    }
    static const struct slice files[] = {
        FILE_OF(BEGIN END("\0\0\0\x7f")),
        FILE_OF(BEGIN END("\0\0\0\x7f") END("\0\0\0\0")), /* in the comment of the first */
        FILE_OF(BEGIN END("\0\0\0\0") END("\0\0\0\x7f")),
        FILE_OF(BEGIN LARGE_END LOCATOR END("\xff\xff\xff\xff")),
        FILE_OF(BEGIN LARGE_END LOCATOR END("\0\0\0\0")), /* libzip follows the locator */
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(files); i++) {
        struct filling f;
        struct package p;

        filling_open(&f);
        package_begin(&p);
        package_end(&p);
        write_file(p.path, files[i]);
        filling_fill(&f, p.path);
        if (f.summary.n_ends[BACKFILL_TOO_BIG] != 1)
            fail_msg("file %zu", i);
        test_store_close(&f.store);
        (void)unlink(p.path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),           cmocka_unit_test(test_resumed),
        cmocka_unit_test(test_damaged_member),  cmocka_unit_test(test_no_package),
        cmocka_unit_test(test_large_directory),
    };
    int failed;

    if (!pool_start(parse_run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
