/* Files and folders into the store: what each became, that it is historic, and twice is once. */
#include "crawler/history/documents.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "storage/store_history.h"
#include "storage/store_leases.h"
#include "storage/store_pages.h"
#include "tests/support/pool.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include <cmocka.h>

static const char html[] =
    "<html><head><title>The tram question</title></head><body><article><h1>The tram question</h1>"
    "<p>The council of the old harbour town spent its Tuesday evening on the tram, and the debate "
    "went on for longer than anybody had expected when the doors were opened at six.</p>"
    "<p>Several of those who spoke said that the plans had changed twice since the spring, and "
    "that nobody had told the people who live along the northern quay.</p></article></body></html>";
static const char text[] =
    "By Ana Silva\n\nThe bridge that nobody wanted to pay for\n\nPublished: 4 May 2023\n\n"
    "On 3 March 1999, says the report that was read out yesterday in the large hall of the "
    "ministry, the first stone of the bridge was laid.\r\nIt is still there.";
static const char addresses[] = "# what to fetch\nhttps://news.example/one\n\n"
                                "https://news.example/two\nhttps://news.example/one#again\n";

struct folder {
    char path[64];
    char file[128];
};

static const char *in_folder(struct folder *f, const char *name)
{
    (void)snprintf(f->file, sizeof(f->file), "%s/%s", f->path, name);
    return f->file;
}

static void write_file(struct folder *f, const char *name, struct slice bytes)
{
    FILE *out = fopen(in_folder(f, name), "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
    assert_int_equal(fclose(out), 0);
}

static void write_gzip(struct folder *f, const char *name, const char *bytes, size_t cut)
{
    gzFile out = gzopen(in_folder(f, name), "wb");
    struct stat about;

    assert_non_null(out);
    assert_true(gzputs(out, bytes) > 0);
    assert_int_equal(gzclose(out), Z_OK);
    assert_int_equal(stat(f->file, &about), 0);
    assert_int_equal(truncate(f->file, about.st_size - (off_t)cut), 0);
}

static enum ww_status fill(struct test_store *t, const char *path, struct backfill_summary *summary,
                           const volatile sig_atomic_t *stop)
{
    const struct backfill_options options = {.provenance = SLICE("files"), .stop = stop};
    struct clock clock = clock_started_at(TEST_NOW);
    struct backfill *b = NULL;
    struct ww_error err = {0};
    enum ww_status status =
        backfill_open(&options, t->store, pool_workers(), &clock, NULL, summary, &b, &err);

    if (status == WW_OK)
        status = backfill_files(b, &path, 1, &err);
    if (status == WW_OK)
        status = backfill_finish(b, &err);
    backfill_close(b);
    return status;
}

static const struct {
    enum backfill_end end;
    int64_t n;
} expected[] = {
    {BACKFILL_NEW,        3},
    {BACKFILL_KNOWN,      1},
    {BACKFILL_EMPTY,      2},
    {BACKFILL_TOO_BIG,    1},
    {BACKFILL_DAMAGED,    1},
    {BACKFILL_NOT_READ,   1},
    {BACKFILL_DEADLY,     1},
    {BACKFILL_UNREADABLE, 0},
};

static void make_files(struct folder *f)
{
    static char letters[1024 * 1024];
    gzFile big;

    (void)snprintf(f->path, sizeof(f->path), "/tmp/wirewatch-backfill-%ld", (long)getpid());
    assert_int_equal(mkdir(f->path, 0700), 0);
    assert_int_equal(mkdir(in_folder(f, "deeper"), 0700), 0);
    write_file(f, "a.html", slice_from(html));
    write_file(f, "deeper/same.html", slice_from(html));
    write_gzip(f, "deeper/packed.gz",
               "<html><body><p>Another page, of which there is not much, but "
               "it has a sentence or two about the weir.</p><p>And a second "
               "paragraph about who built the weir, and when.</p></html>",
               0);
    write_gzip(f, "cut.gz", html, 12);
    write_file(f, "b.txt", slice_from(text));
    write_file(f, "c.csv", slice_from(addresses));
    write_file(f, "c2.csv",
               SLICE("date,Link,title\r\n2022-10-01,https://news.example/three,\"a, b\"\r\n"
                     "2022-10-02,https://news.example/one,c\r\n"));
    write_file(f, "d.png", SLICE("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
    write_file(f, "e.html", SLICE(""));
    write_file(f, "f.html", SLICE("<html><body></body></html>"));
    write_file(f, "g.html", SLICE("<p>DEADLY</p>"));
    write_file(f, ".hidden.html", SLICE("<p>not meant</p>"));
    memset(letters, 'a', sizeof(letters));
    big = gzopen(in_folder(f, "h.gz"), "wb");
    for (int i = 0; i < 40; i++)
        (void)gzwrite(big, letters, sizeof(letters));
    (void)gzclose(big);
    assert_int_equal(symlink(f->path, in_folder(f, "deeper/round")), 0);
}

static void remove_files(struct folder *f)
{
    static const char *const names[] = {"a.html",
                                        "deeper/same.html",
                                        "deeper/packed.gz",
                                        "cut.gz",
                                        "b.txt",
                                        "c.csv",
                                        "c2.csv",
                                        "d.png",
                                        "e.html",
                                        "f.html",
                                        "g.html",
                                        ".hidden.html",
                                        "h.gz",
                                        "deeper/round"};

    for (size_t i = 0; i < WW_COUNT(names); i++)
        (void)unlink(in_folder(f, names[i]));
    (void)rmdir(in_folder(f, "deeper"));
    (void)rmdir(f->path);
}

static void check_articles(struct test_store *t)
{
    const struct article_filter filter = {.history = STORE_HISTORIC};
    struct article_list articles = {0};
    bool has_text = false;

    assert_int_equal(store_list_articles(t->store, &filter, &t->arena, &articles, NULL), WW_OK);
    assert_int_equal(articles.n_rows, 3);
    for (size_t i = 0; i < articles.n_rows; i++) {
        const struct article_row *row = &articles.rows[i];

        assert_true(row->story_id > 0);
        assert_true(row->page_id > 0);
        if (!slice_ends(row->url, SLICE("b.txt")))
            continue;
        has_text = true;
        assert_true(slice_equal(row->title, SLICE("The bridge that nobody wanted to pay for")));
        assert_int_equal(row->published_at, 1683158400); /* not 1999 */
    }
    assert_true(has_text);
}

/* Without a row of its own a backfill queues the addresses of lists; else they are its finds. */
static void check_queued(struct test_store *t)
{
    const struct page_filter queued = {.has_state = true, .state = PAGE_STATE_QUEUED};
    struct page_list pages = {0};

    assert_int_equal(store_list_pages(t->store, &queued, &t->arena, &pages, NULL), WW_OK);
    assert_int_equal(pages.n_rows, 3);
    for (size_t i = 0; i < pages.n_rows; i++)
        assert_true(pages.rows[i].is_historic);
}

static void check_finds(struct test_store *t, int64_t backfill_id)
{
    struct find_rows finds;

    assert_int_equal(store_finds(t->store, backfill_id, FIND_FOUND, 100, &t->arena, &finds, NULL),
                     WW_OK);
    assert_int_equal(finds.n_rows, 3);
}

static void test_files(void **state)
{
    struct folder f;
    struct test_store t;
    struct backfill_summary s;

    WW_UNUSED(state);
    make_files(&f);
    test_store_open(&t);
    assert_int_equal(fill(&t, f.path, &s, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(expected); i++)
        if (s.n_ends[expected[i].end] != expected[i].n)
            fail_msg("%s: %lld", backfill_end_name(expected[i].end),
                     (long long)s.n_ends[expected[i].end]);
    assert_int_equal(s.n_addresses, 3);
    assert_int_equal(s.n_addresses_known, 2);
    check_articles(&t);
    check_queued(&t);

    /* Again: nothing is read a second time, and nothing stands there twice. */
    assert_int_equal(fill(&t, f.path, &s, NULL), WW_OK);
    assert_int_equal(s.n_ends[BACKFILL_NEW], 0);
    assert_int_equal(s.n_ends[BACKFILL_KNOWN], 6);
    assert_int_equal(s.n_ends[BACKFILL_DEADLY], 0);
    assert_int_equal(s.n_addresses, 0);
    check_articles(&t);
    test_store_close(&t);
    remove_files(&f);
}

/* ---- a backfill with a row, stopped again and again ------------------------------------------ */

struct stopping {
    volatile sig_atomic_t stop;
    int n_left;
};

static void count_down(void *context, const struct backfill_summary *so_far)
{
    struct stopping *s = context;

    WW_UNUSED(so_far);
    s->stop = --s->n_left <= 0;
}

/* is_killed: what was not committed is lost. */
static bool fill_some(struct test_store *t, const char *path, int64_t backfill_id, int n,
                      bool is_killed)
{
    struct stopping s = {.n_left = n};
    const struct backfill_options options = {.backfill_id = backfill_id,
                                             .provenance = SLICE("files"),
                                             .stop = &s.stop,
                                             .progress = count_down,
                                             .context = &s};
    struct clock clock = clock_started_at(TEST_NOW);
    struct backfill_summary summary;
    struct backfill *b = NULL;

    assert_int_equal(
        backfill_open(&options, t->store, pool_workers(), &clock, NULL, &summary, &b, NULL), WW_OK);
    assert_int_equal(backfill_files(b, &path, 1, NULL), WW_OK);
    if (is_killed && s.stop)
        assert_int_equal(backfill_rest(b, NULL), WW_OK); /* with documents still out */
    else
        assert_int_equal(backfill_finish(b, NULL), WW_OK);
    backfill_close(b);
    return s.stop == 0;
}

static void check_counts(struct test_store *t, int64_t backfill_id)
{
    struct history_counts counts;
    struct history_gain gain;

    assert_int_equal(store_document_counts(t->store, backfill_id, &t->arena, &counts, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(expected); i++) {
        int64_t n = 0;

        for (size_t j = 0; j < counts.n_rows; j++)
            if (slice_equal(counts.rows[j].name, slice_from(backfill_end_name(expected[i].end))))
                n = counts.rows[j].n;
        if (n != expected[i].n)
            fail_msg("%s: %lld", backfill_end_name(expected[i].end), (long long)n);
    }
    assert_int_equal(store_history_gain(t->store, backfill_id, &gain, NULL), WW_OK);
    assert_int_equal(gain.n_articles, 3);
}

static void check_lists(struct test_store *t, int64_t backfill_id)
{
    struct list_counts lists;

    assert_int_equal(store_count_lists(t->store, backfill_id, TEST_NOW, &lists, NULL), WW_OK);
    assert_int_equal(lists.n_done, 12);
    assert_int_equal(lists.n_queued + lists.n_failed + lists.n_passed, 0);
}

struct theft {
    struct store *store;
    int n_left;
};

static void be_robbed(void *context, const struct backfill_summary *so_far)
{
    struct theft *t = context;

    WW_UNUSED(so_far);
    if (--t->n_left == 0)
        store_claim_as(t->store, "backfill on another machine");
}

/* What the one who lost it has in hand is not stored. */
static void test_taken_over(void **state)
{
    const struct backfill_row row = {.source = SLICE("files"), .created_at = TEST_NOW};
    struct test_store t;
    struct theft theft = {.n_left = 3};
    struct backfill_options options = {
        .provenance = SLICE("files"), .is_claimed = true, .progress = be_robbed, .context = &theft};
    struct article_filter filter = {.window = {.limit = 100}};
    struct article_list articles = {0};
    struct clock clock = clock_started_at(TEST_NOW);
    struct backfill_summary summary;
    struct ww_error err = {0};
    struct backfill *b = NULL;
    enum ww_status status;
    struct folder f;
    bool is_others;

    WW_UNUSED(state);
    make_files(&f);
    test_store_open(&t);
    theft.store = t.store;
    store_claim_as(t.store, "backfill");
    assert_int_equal(store_begin(t.store, NULL), WW_OK);
    assert_int_equal(store_add_backfill(t.store, &row, &options.backfill_id, NULL), WW_OK);
    assert_int_equal(store_commit(t.store, NULL), WW_OK);
    assert_int_equal(store_claim_backfill(t.store, options.backfill_id, &is_others, NULL), WW_OK);
    assert_int_equal(
        backfill_open(&options, t.store, pool_workers(), &clock, NULL, &summary, &b, NULL), WW_OK);
    status = backfill_files(b, (const char *const[]){f.path}, 1, &err);
    if (status == WW_OK)
        status = backfill_finish(b, &err);
    assert_int_equal(status, WW_CONFLICT);
    backfill_close(b);
    assert_int_equal(store_list_articles(t.store, &filter, &t.arena, &articles, NULL), WW_OK);
    assert_int_equal(articles.n_rows, 0);
    test_store_close(&t);
    remove_files(&f);
}

/* However it was stopped, in the end the store is the same, and nothing is counted twice. */
static void test_resumed(void **state)
{
    const struct backfill_row row = {.source = SLICE("files"), .created_at = TEST_NOW};
    struct folder f;

    WW_UNUSED(state);
    make_files(&f);
    for (int n = 1; n < 8; n++) {
        struct test_store t;
        int64_t id = 0;
        int i = 0;

        test_store_open(&t);
        assert_int_equal(store_begin(t.store, NULL), WW_OK);
        assert_int_equal(store_add_backfill(t.store, &row, &id, NULL), WW_OK);
        assert_int_equal(store_commit(t.store, NULL), WW_OK);
        while (!fill_some(&t, f.path, id, n, n % 2 == 0))
            assert_true(i++ < 40);
        check_articles(&t);
        check_finds(&t, id);
        check_counts(&t, id);
        check_lists(&t, id);
        assert_true(fill_some(&t, f.path, id, 100, false)); /* it has read all */
        check_counts(&t, id);
        test_store_close(&t);
    }
    remove_files(&f);
}

/* The n-th allocation fails: all is found afterwards, nothing is taken for known that is not. */
static void test_no_memory(void **state)
{
    struct folder f;

    WW_UNUSED(state);
    make_files(&f);
    for (long n = 1; n < 200; n += 11) {
        struct test_store t;
        struct backfill_summary s;
        enum ww_status status;

        test_store_open(&t);
        mem_fail_after(n);
        status = fill(&t, f.path, &s, NULL);
        mem_fail_after(0);
        if (status != WW_OK && status != WW_NOMEM && status != WW_STORE)
            fail_msg("allocation %ld: %s", n, ww_status_name(status));
        assert_int_equal(fill(&t, f.path, &s, NULL), WW_OK);
        check_articles(&t);
        check_queued(&t);
        test_store_close(&t);
    }
    remove_files(&f);
}

static void test_missing_and_stopped(void **state)
{
    static volatile sig_atomic_t stop = 1;
    struct test_store t;
    struct backfill_summary s;

    WW_UNUSED(state);
    test_store_open(&t);
    assert_int_equal(fill(&t, "/nowhere/at/all", &s, NULL), WW_OK);
    assert_int_equal(s.n_ends[BACKFILL_UNREADABLE], 1);
    assert_int_equal(fill(&t, "/usr/share", &s, &stop), WW_OK);
    assert_true(s.was_stopped);
    assert_int_equal(backfill_count(&s), 0);
    test_store_close(&t);
}

static void run(struct slice request, struct arena *arena, struct buf *answer)
{
    if (slice_contains(request, SLICE("<p>DEADLY</p>")))
        (void)raise(SIGSEGV);
    parse_run(request, arena, answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_resumed),
        cmocka_unit_test(test_taken_over),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_missing_and_stopped),
    };
    int failed;

    if (!pool_start(run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
