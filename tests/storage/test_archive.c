/* Our archive: what waits goes into files and comes back, whatever dies, fills up or is lost. */
#include "storage/archive.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "base/mem.h"
#include "storage/archive_read.h"
#include "storage/store_alerts.h"
#include "storage/store_bodies.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define HEAD SLICE("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: x\r\n\r\n")
#define CODED_HEAD                                                               \
    SLICE("HTTP/2 200 \r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\n" \
          "transfer-encoding: chunked\r\n\r\n")
/* 2023-11, as TEST_NOW. */
#define FIRST "2023-11.warc.gz"
#define SECOND "2023-11-2.warc.gz"
#define NOISE_BYTES (2 * 1024 * 1024)

static char noise[NOISE_BYTES];

static void make_noise(void)
{
    uint32_t x = 1;

    for (size_t i = 0; i < NOISE_BYTES; i++)
        noise[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
}

/* An article that pass 2 has looked at; with a mention or without. */
static int64_t add_article(struct test_store *t, int n, bool is_mentioned)
{
    char url[64], text[64];
    const int64_t list = test_store_watchlist(t, "a list");
    struct mention_row row = {.watchlist_id = list,
                              .item = SLICE("pier"),
                              .kind = SLICE("site"),
                              .alias = SLICE("Pier"),
                              .rule = SLICE("name"),
                              .end = 4,
                              .quote = SLICE("Pier")};
    int64_t id;

    (void)snprintf(url, sizeof(url), "https://n.example/%d", n);
    (void)snprintf(text, sizeof(text), "The text of page %d.", n);
    row.article_id = test_store_article(t, url, "A title", text);
    OK(store_begin(t->store, NULL));
    if (is_mentioned)
        OK(store_add_mention(t->store, &row, &id, NULL));
    OK(store_set_scanned(t->store, row.article_id, list, NULL));
    OK(store_commit(t->store, NULL));
    return row.article_id;
}

static void put(struct test_store *t, int64_t article_id, struct slice head, struct slice bytes,
                struct slice received)
{
    const struct body_row row = {.article_id = article_id,
                                 .fetched_at = TEST_NOW - 100,
                                 .content_type = SLICE("text/html; charset=utf-8"),
                                 .bytes = bytes,
                                 .received = received,
                                 .head = head,
                                 .address = SLICE("192.0.2.7")};

    OK(store_begin(t->store, NULL));
    OK(store_put_body(t->store, &row, NULL));
    OK(store_commit(t->store, NULL));
}

/* A page like no other of some size. */
static void put_page(struct test_store *t, int64_t article_id, int n, size_t size)
{
    struct slice bytes = slice_of(noise, size);

    (void)snprintf(noise, 32, "<p>page %d", n);
    put(t, article_id, HEAD, bytes, SLICE(""));
}

static enum ww_status keep(struct test_store *t, struct archive_options options,
                           struct archive_summary *out, struct ww_error *err)
{
    struct archive_summary unused;

    if (options.now == 0)
        options.now = TEST_NOW;
    return archive_keep(t->store, &options, out != NULL ? out : &unused, err);
}

static bool waits(struct test_store *t, int64_t article_id)
{
    struct body_row row;

    return store_waiting_body(t->store, article_id, &t->arena, &row, NULL) == WW_OK;
}

static const char *path_of(struct test_store *t, const char *name)
{
    static char path[256];

    (void)snprintf(path, sizeof(path), "%s/warc/%s", t->folder, test_store_warc(name));
    return path;
}

static long size_of(struct test_store *t, const char *name)
{
    struct stat info;

    return stat(path_of(t, name), &info) == 0 ? (long)info.st_size : -1;
}

/* All bytes, for a look at what stays the same. */
static struct slice bytes_of(struct test_store *t, const char *name)
{
    FILE *f = fopen(path_of(t, name), "rb");
    const size_t size = (size_t)size_of(t, name);
    char *bytes = arena_alloc(&t->arena, size + 1);

    assert_non_null(f);
    assert_int_equal(fread(bytes, 1, size, f), size);
    (void)fclose(f);
    return slice_of(bytes, size);
}

static void write_bytes(struct test_store *t, const char *name, struct slice bytes)
{
    FILE *f = fopen(path_of(t, name), "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, f), bytes.len);
    assert_int_equal(fclose(f), 0);
}

/* Members of the file; 0 when it is not members alone. */
static size_t count_members(struct test_store *t, const char *name)
{
    struct slice rest = bytes_of(t, name);
    struct buf member;
    size_t n = 0, used;
    bool is_cut;

    buf_init(&member, ARCHIVE_RECORD_MAX_BYTES);
    while (rest.len > 0) {
        buf_reset(&member);
        if (gzip_unpack(rest, &member, &used, &is_cut, NULL) != WW_OK)
            return 0;
        rest = slice_skip(rest, used);
        n++;
    }
    buf_release(&member);
    return n;
}

/* ---- there and back -------------------------------------------------------------------------- */

static struct slice pack(struct test_store *t, struct slice bytes)
{
    const struct gzip_piece piece = {bytes, false};
    struct gzip *g = NULL;
    struct slice out;
    struct buf b;

    buf_init(&b, (size_t)1024 * 1024);
    OK(gzip_open(&g, NULL));
    OK(gzip_pack(g, &piece, 1, &b, NULL));
    out = arena_copy(&t->arena, buf_slice(&b));
    gzip_close(g);
    buf_release(&b);
    return out;
}

static void is_body(struct test_store *t, int64_t article_id, struct slice bytes,
                    struct slice received, struct slice type)
{
    struct body_row row;
    struct ww_error err = {0};

    if (store_body(t->store, article_id, &t->arena, &row, &err) != WW_OK)
        fail_msg("%s", err.message);
    assert_true(slice_equal(row.bytes, bytes));
    assert_true(slice_equal(row.received, received));
    assert_true(slice_equal(row.content_type, type));
    assert_true(slice_equal(row.address, SLICE("192.0.2.7")));
    assert_int_equal(row.fetched_at, TEST_NOW - 100);
}

static void test_there_and_back(void **state)
{
    static const struct slice types[] = {
        {"text/html; charset=utf-8", 24},
        {"text/html",                9 }
    };
    const struct slice page = SLICE("<p>One page, as it was received.");
    struct test_store t;
    struct archive_summary n;
    struct store_stats stats;
    struct body_list list;
    const struct store_window all = {.limit = 10};
    struct slice packed;
    int64_t ids[5], newer;

    WW_UNUSED(state);
    test_store_open(&t);
    for (int i = 0; i < 5; i++)
        ids[i] = add_article(&t, i, i < 4);
    packed = pack(&t, page);
    put(&t, ids[0], HEAD, page, SLICE(""));
    put(&t, ids[1], CODED_HEAD, page, packed);
    put(&t, ids[2], SLICE(""), page, SLICE("")); /* a file: no head, the same payload */
    put(&t, ids[3], HEAD, SLICE("<p>another"), SLICE(""));
    put(&t, ids[4], HEAD, SLICE("<p>nothing is mentioned"), SLICE(""));
    is_body(&t, ids[1], page, packed, types[0]); /* while it waits */

    OK(keep(&t, (struct archive_options){.now = 0}, &n, NULL));
    assert_int_equal(n.n_records, 4);
    assert_int_equal(n.n_revisits, 1);
    assert_int_equal(count_members(&t, FIRST), 5);
    OK(store_read_stats(t.store, &stats, NULL));
    assert_int_equal(stats.n_bodies, 1);
    assert_int_equal(stats.n_archive_records, 4);
    assert_int_equal(stats.archive_bytes, size_of(&t, FIRST));
    for (int i = 0; i < 4; i++)
        assert_false(waits(&t, ids[i]));
    assert_true(waits(&t, ids[4]));
    is_body(&t, ids[0], page, SLICE(""), types[0]);
    is_body(&t, ids[1], page, packed, types[1]);
    is_body(&t, ids[2], page, SLICE(""), types[0]);
    is_body(&t, ids[3], SLICE("<p>another"), SLICE(""), types[0]);
    /* Whoever lists pages sees all of them, and a new version takes its page along. */
    OK(store_list_bodies(t.store, &all, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 5);
    newer = test_store_article(&t, "https://n.example/1", "A title", "Read by better rules.");
    OK(store_begin(t.store, NULL));
    OK(store_move_body(t.store, ids[1], newer, NULL));
    OK(store_commit(t.store, NULL));
    is_body(&t, newer, page, packed, types[1]);
    test_store_close(&t);
}

static void test_who_goes(void **state)
{
    struct test_store t;
    struct archive_summary n;
    int64_t mentioned, silent, unseen, list;

    WW_UNUSED(state);
    test_store_open(&t);
    silent = add_article(&t, 1, false);
    unseen = test_store_article(&t, "https://n.example/2", "A title", "Not looked at.");
    put_page(&t, silent, 1, 100);
    put_page(&t, unseen, 2, 100);
    OK(keep(&t, (struct archive_options){.now = 0}, &n, NULL));
    assert_int_equal(n.n_records, 0);
    assert_int_equal(size_of(&t, FIRST), -1); /* nothing to write, no file */
    OK(keep(&t, (struct archive_options){.drops_rest = true}, &n, NULL));
    assert_int_equal(n.n_dropped, 1);
    assert_false(waits(&t, silent));
    assert_true(waits(&t, unseen));
    /* Another version of its article mentions something: what it became is evidence, too. */
    mentioned = add_article(&t, 3, true);
    silent = test_store_article(&t, "https://n.example/3", "A title", "Nothing any more.");
    list = test_store_watchlist(&t, "a list");
    OK(store_begin(t.store, NULL));
    OK(store_set_scanned(t.store, silent, list, NULL));
    OK(store_commit(t.store, NULL));
    put_page(&t, mentioned, 3, 100);
    put_page(&t, silent, 4, 100);
    OK(keep(&t, (struct archive_options){.now = 0}, &n, NULL));
    assert_int_equal(n.n_records, 2);
    silent = add_article(&t, 5, false);
    put_page(&t, silent, 5, 100);
    OK(keep(&t, (struct archive_options){.wants_all = true, .drops_rest = true}, &n, NULL));
    assert_int_equal(n.n_records, 1);
    assert_int_equal(n.n_dropped, 0);
    assert_true(waits(&t, unseen));
    test_store_close(&t);
}

static void test_files_of_a_month(void **state)
{
    const struct archive_options options[] = {{.file_max_bytes = 4000},
                                              {.file_max_bytes = 4000},
                                              {.file_max_bytes = 4000},
                                              {.now = TEST_NOW + 31 * 86400}};
    struct test_store t;

    WW_UNUSED(state);
    test_store_open(&t);
    for (int i = 0; i < 4; i++) {
        put_page(&t, add_article(&t, i, true), i, 2500);
        OK(keep(&t, options[i], NULL, NULL));
    }
    assert_int_equal(count_members(&t, FIRST), 3);
    assert_int_equal(count_members(&t, SECOND), 2);
    assert_int_equal(count_members(&t, "2023-12.warc.gz"), 2);
    test_store_close(&t);
}

/* ---- what dies, and what is lost ------------------------------------------------------------- */

/* Killed before the commit: whatever of it reached the disk is cut away, and written once. */
static void test_death(void **state)
{
    struct test_store t;
    struct slice before, after;
    char *empty;
    int64_t ids[3];

    WW_UNUSED(state);
    test_store_open(&t);
    for (int i = 0; i < 3; i++)
        ids[i] = add_article(&t, i, true);
    for (int round = 0; round < 2; round++) { /* the file's first transaction, and a later one */
        const long begun = round == 0 ? 0 : size_of(&t, FIRST);

        for (int i = round; i < round + 2; i++)
            put_page(&t, ids[i], i, 600);
        test_store_keep(&t);
        OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
        after = bytes_of(&t, FIRST);
        for (size_t cut = (size_t)begun; cut <= after.len;
             cut += cut + 500 < after.len ? 500 : 97) {
            struct slice left = arena_copy(&t.arena, slice_head(after, cut));

            test_store_go_back(&t);
            test_store_keep(&t);
            write_bytes(&t, FIRST, left);
            OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
            before = bytes_of(&t, FIRST);
            if (!slice_equal(before, after))
                fail_msg("round %d, cut at %zu: %zu bytes, not %zu", round, cut, before.len,
                         after.len);
        }
        assert_int_equal(size_of(&t, SECOND), -1);
        /* Space that was given, and never written to. */
        test_store_go_back(&t);
        empty = arena_alloc(&t.arena, (size_t)begun + 900);
        memcpy(empty, after.ptr, (size_t)begun);
        write_bytes(&t, FIRST, slice_of(empty, (size_t)begun + 900));
        OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
        assert_true(slice_equal(bytes_of(&t, FIRST), after));
        ids[1] = add_article(&t, 10 + round, true);
    }
    test_store_close(&t);
}

/* Records that this database does not know are never cut: an older copy was put back. */
static void test_strangers(void **state)
{
    struct test_store t;
    struct slice theirs;
    int64_t id;

    WW_UNUSED(state);
    test_store_open(&t);
    put_page(&t, add_article(&t, 1, true), 1, 300);
    OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
    test_store_keep(&t);
    for (int i = 2; i < 5; i++)
        put_page(&t, add_article(&t, i, true), i, 300);
    OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
    theirs = bytes_of(&t, FIRST);
    test_store_go_back(&t);
    id = add_article(&t, 9, true);
    put_page(&t, id, 9, 300);
    (void)add_article(&t, 10, true);
    OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
    /* The first id that is given out again is that of a record which waits; the others are not. */
    assert_true(slice_equal(bytes_of(&t, FIRST), theirs));
    assert_int_equal(count_members(&t, SECOND), 2);
    id = add_article(&t, 11, true);
    put_page(&t, id, 11, 300);
    OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
    assert_true(slice_equal(bytes_of(&t, FIRST), theirs));
    assert_int_equal(count_members(&t, SECOND), 3);
    test_store_close(&t);
}

/* A file of another database, in the way; one that was lost; one that was cut. */
static void test_lost(void **state)
{
    struct test_store t;
    struct ww_error err = {0};
    struct body_row row;
    int64_t ids[4];

    WW_UNUSED(state);
    test_store_open(&t);
    for (int i = 0; i < 4; i++)
        ids[i] = add_article(&t, i, true);
    put_page(&t, ids[0], 0, 300);
    OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
    assert_int_equal(unlink(path_of(&t, FIRST)), 0);
    assert_int_equal(store_body(t.store, ids[0], &t.arena, &row, &err), WW_NOT_FOUND);
    assert_non_null(strstr(err.message, test_store_warc(FIRST)));
    write_bytes(&t, SECOND, SLICE("not ours at all"));
    put_page(&t, ids[1], 1, 300);
    put_page(&t, ids[2], 2, 300);
    OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
    assert_true(slice_equal(bytes_of(&t, SECOND), SLICE("not ours at all")));
    assert_int_equal(count_members(&t, "2023-11-3.warc.gz"), 3);
    assert_int_equal(
        truncate(path_of(&t, "2023-11-3.warc.gz"), size_of(&t, "2023-11-3.warc.gz") - 3), 0);
    OK(store_body(t.store, ids[1], &t.arena, &row, &err));
    assert_int_equal(store_body(t.store, ids[2], &t.arena, &row, &err), WW_NOT_FOUND);
    put_page(&t, ids[3], 3, 300);
    OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
    assert_int_equal(count_members(&t, "2023-11-4.warc.gz"), 2);
    test_store_close(&t);
}

/* A page once more, from another article; *is_whole: with its bytes, not as a note. */
static int64_t keep_again(struct test_store *t, int n, bool *is_whole)
{
    const int64_t id = add_article(t, n, true);
    struct archive_summary sum;

    put_page(t, id, 0, 300);
    OK(keep(t, (struct archive_options){.now = 0}, &sum, NULL));
    assert_int_equal(sum.n_records, 1);
    *is_whole = sum.n_revisits == 0;
    return id;
}

/* It is no longer here: gone, cut within the first page, or in a bucket that no setting names. */
static void lose(struct test_store *t, int how)
{
    struct archive_file_row row;

    if (how == 0)
        assert_int_equal(unlink(path_of(t, FIRST)), 0);
    if (how == 1)
        assert_int_equal(truncate(path_of(t, FIRST), size_of(t, FIRST) / 2), 0);
    if (how != 2)
        return;
    assert_int_equal(unlink(path_of(t, FIRST)), 0);
    OK(store_archive_file(t->store, 1, &t->arena, &row, NULL));
    row.is_closed = true;
    row.place = SLICE("https://bucket.example/" FIRST);
    OK(store_begin(t->store, NULL));
    OK(store_update_archive_file(t->store, &row, NULL));
    OK(store_commit(t->store, NULL));
}

/* A note is written only where what it refers to can be read: the page in hand may be the last. */
static void test_revisit_of_the_lost(void **state)
{
    WW_UNUSED(state);
    for (int how = 0; how < 3; how++) {
        struct test_store t;
        struct body_row row;
        struct ww_error err = {0};
        bool is_whole;
        int64_t id;

        test_store_open(&t);
        (void)keep_again(&t, 0, &is_whole);
        assert_true(is_whole);
        id = keep_again(&t, 1, &is_whole);
        assert_false(is_whole);
        lose(&t, how);
        assert_int_equal(store_body(t.store, id, &t.arena, &row, &err), WW_NOT_FOUND);
        id = keep_again(&t, 2, &is_whole);
        assert_true(is_whole);
        OK(store_body(t.store, id, &t.arena, &row, &err));
        /* Once is enough: the next refers to it. */
        id = keep_again(&t, 3, &is_whole);
        assert_false(is_whole);
        OK(store_body(t.store, id, &t.arena, &row, &err));
        test_store_close(&t);
    }
}

/* ---- our failures ---------------------------------------------------------------------------- */

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The disk is full in the middle of a record: the file is as before, the page waits. */
static void test_full(void **state)
{
    struct test_store t;
    struct ww_error err = {0};
    struct archive_summary n;
    int64_t id = 0;
    long size;

    WW_UNUSED(state);
    test_store_open(&t);
    for (int i = 0; i < 5; i++) { /* the file is the largest by then */
        id = add_article(&t, i, true);
        put_page(&t, id, i, NOISE_BYTES);
        if (i < 4)
            OK(keep(&t, (struct archive_options){.now = 0}, NULL, NULL));
    }
    size = size_of(&t, FIRST);
    limit_files((rlim_t)size + 100000);
    assert_int_equal(keep(&t, (struct archive_options){.now = 0}, &n, &err), WW_STORE);
    limit_files(0);
    assert_non_null(strstr(err.message, test_store_warc(FIRST)));
    assert_int_equal(n.n_records, 0);
    assert_int_equal(size_of(&t, FIRST), size);
    assert_true(waits(&t, id));
    OK(keep(&t, (struct archive_options){.now = 0}, &n, &err));
    assert_int_equal(n.n_records, 1);
    assert_int_equal(count_members(&t, FIRST), 6);
    test_store_close(&t);
}

static void test_no_memory(void **state)
{
    struct test_store t;
    enum ww_status status = WW_NOMEM;
    const int64_t no_file = -1;
    int64_t id;
    long n_failed = 0;

    WW_UNUSED(state);
    test_store_open(&t);
    id = add_article(&t, 1, true);
    put_page(&t, id, 1, 3000);
    for (long n = 1; n < 2000 && status != WW_OK; n++) {
        mem_fail_after(n);
        status = keep(&t, (struct archive_options){.now = 0}, NULL, NULL);
        mem_fail_after(0);
        if (status == WW_OK)
            break;
        n_failed++;
        assert_true(waits(&t, id));
        assert_in_range(size_of(&t, FIRST) - no_file, 0, 1); /* none, or an empty one */
    }
    assert_int_equal(status, WW_OK);
    assert_in_range(n_failed, 5, 2000);
    assert_int_equal(count_members(&t, FIRST), 2);
    test_store_close(&t);
}

/* A run and a backfill at once: each page once, no record in another. */
static void test_two(void **state)
{
    struct test_store t;
    struct store_stats stats;
    pid_t children[2];

    WW_UNUSED(state);
    test_store_open(&t);
    for (int i = 0; i < 140; i++)
        put_page(&t, add_article(&t, i, true), i, 2000);
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            struct archive_options options = {.now = TEST_NOW};
            struct archive_summary n;
            struct store *own = NULL;
            enum ww_status status = test_store_at(t.path, false, &own, NULL);

            if (status == WW_OK)
                status = archive_keep(own, &options, &n, NULL);
            _exit(status == WW_OK ? 0 : 1);
        }
    }
    for (int i = 0; i < 2; i++) {
        int how = 0;

        assert_int_equal(waitpid(children[i], &how, 0), children[i]);
        assert_int_equal(how, 0);
    }
    OK(store_read_stats(t.store, &stats, NULL));
    assert_int_equal(stats.n_bodies, 0);
    assert_int_equal(stats.n_archive_records, 140);
    assert_int_equal(count_members(&t, FIRST), 141);
    assert_int_equal(stats.archive_bytes, size_of(&t, FIRST));
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),      cmocka_unit_test(test_who_goes),
        cmocka_unit_test(test_files_of_a_month),    cmocka_unit_test(test_death),
        cmocka_unit_test(test_strangers),           cmocka_unit_test(test_lost),
        cmocka_unit_test(test_revisit_of_the_lost), cmocka_unit_test(test_full),
        cmocka_unit_test(test_no_memory),           cmocka_unit_test(test_two),
    };

    (void)signal(SIGXFSZ, SIG_IGN);
    make_noise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
