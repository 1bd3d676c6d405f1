/* nftw */
#define _GNU_SOURCE
/* Mailboxes, Maildirs and single mails into the store; folders of thousands of names. */
#include "crawler/history/documents.h"
#include "crawler/history/file_kind.h"
#include "crawler/history/folder.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "storage/store_history.h"
#include "tests/support/pool.h"
#include "tests/support/store.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include <cmocka.h>

#define TEXT                                                                                   \
    "The harbour office opened its doors on Monday, two years after the flood, and the first " \
    "boats came in before noon. Mail number "
#define FROM "From n@t.example Mon Jan  5 06:42:10 2026\n"

static char folder[64];
static char file[512];

static const char *in_folder(const char *name)
{
    (void)snprintf(file, sizeof(file), "%s/%s", folder, name);
    return file;
}

static void make_folder(const char *name)
{
    assert_int_equal(mkdir(in_folder(name), 0700), 0);
}

static void write_file(const char *name, struct slice bytes)
{
    FILE *out = fopen(in_folder(name), "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
    assert_int_equal(fclose(out), 0);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    WW_UNUSED(about);
    WW_UNUSED(kind);
    WW_UNUSED(where);
    return remove(path);
}

static void remove_all(void)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A mail that is known by its number. */
static void add_mail(struct buf *out, int n)
{
    buf_printf(out,
               "Message-ID: <%d@t.example>\nFrom: The Tidings <n@t.example>\nSubject: Letter %d\n"
               "Date: Mon, 2 Jan 2023 06:42:10 +0100\n\n%s%d, of which there are %d words.\n",
               n, n, TEXT, n, n * n * n);
}

static void add_boxed(struct buf *out, int n)
{
    buf_add_string(out, FROM);
    add_mail(out, n);
    buf_add_char(out, '\n');
}

static void write_mail(const char *name, int n)
{
    struct buf mail;

    buf_init(&mail, 10000);
    add_mail(&mail, n);
    write_file(name, buf_slice(&mail));
    buf_release(&mail);
}

static void write_gzip(const char *name, struct slice bytes)
{
    gzFile out = gzopen(in_folder(name), "wb");

    assert_non_null(out);
    assert_int_equal(gzwrite(out, bytes.ptr, (unsigned)bytes.len), bytes.len);
    assert_int_equal(gzclose(out), Z_OK);
}

/* Mails 1 to 20: twelve in a mailbox, with two that are none between them; four in a Maildir, one
 * of which is in the mailbox, too; and one file of each other kind. */
static void make_files(void)
{
    struct buf box;

    (void)snprintf(folder, sizeof(folder), "/tmp/wirewatch-mail-%ld", (long)getpid());
    assert_int_equal(mkdir(folder, 0700), 0);
    buf_init(&box, 64 * 1024 * 1024);
    for (int n = 1; n <= 6; n++)
        add_boxed(&box, n);
    buf_add_string(&box, FROM "Subject: nothing in it\nFrom: n@t.example\n\n");
    buf_add_string(&box, FROM "Subject: giant\nFrom: n@t.example\n\n");
    memset(buf_extend(&box, 20 * 1024 * 1024), 'x', (size_t)20 * 1024 * 1024);
    buf_add_string(&box, "\n\n");
    for (int n = 7; n <= 12; n++)
        add_boxed(&box, n);
    write_file("box", buf_slice(&box));
    buf_reset(&box);
    for (int n = 13; n <= 16; n++)
        add_boxed(&box, n);
    write_gzip("box2.gz", buf_slice(&box));
    make_folder("Maildir");
    make_folder("Maildir/cur");
    make_folder("Maildir/new");
    make_folder("Maildir/tmp");
    make_folder("Maildir/.Sent");
    make_folder("Maildir/.Sent/cur");
    make_folder("Maildir/.Sent/new");
    make_folder("Maildir/.other");
    write_mail("Maildir/cur/1700000000.M1P1.host:2,S", 17);
    write_mail("Maildir/new/1700000001.M1P1.host", 18);
    write_mail("Maildir/new/1700000002.M1P1.host", 12);
    write_mail("Maildir/tmp/1700000003.M1P1.host", 99);
    write_mail("Maildir/.other/mail.eml", 99);
    write_file("Maildir/dovecot-uidlist", SLICE("3 V1700000000 N4 G1\n"));
    write_mail("Maildir/.Sent/cur/1700000004.M1P1.host:2,", 19);
    write_mail("press.eml", 20);
    write_file("z.eml.gz", SLICE("\x1f\x8b\x08 and no more"));
    buf_release(&box);
}

static const struct {
    enum backfill_end end;
    int64_t n;
} expected[] = {
    {BACKFILL_NEW,      20},
    {BACKFILL_KNOWN,    1 },
    {BACKFILL_EMPTY,    1 },
    {BACKFILL_TOO_BIG,  1 },
    {BACKFILL_DAMAGED,  1 },
    {BACKFILL_NOT_READ, 0 },
    {BACKFILL_DEADLY,   0 },
};

static void check_articles(struct test_store *t)
{
    const struct article_filter filter = {.history = STORE_HISTORIC};
    struct article_list articles = {0};
    bool seen[21] = {false};

    assert_int_equal(store_list_articles(t->store, &filter, &t->arena, &articles, NULL), WW_OK);
    assert_int_equal(articles.n_rows, 20);
    for (size_t i = 0; i < articles.n_rows; i++) {
        const struct article_row *row = &articles.rows[i];
        unsigned long long n = 0;

        assert_true(slice_starts(row->canonical, SLICE("mid:")));
        assert_true(slice_equal(row->url, row->canonical));
        assert_true(slice_number(slice_sub(row->canonical, 4, row->canonical.len - 14), 20, &n));
        assert_false(seen[n]);
        seen[n] = true;
        assert_true(slice_starts(row->title, SLICE("Letter ")));
        assert_true(slice_equal(row->outlet, SLICE("The Tidings")));
        assert_int_equal(row->published_at, 1672638130);
    }
}

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

static bool fill(struct test_store *t, int64_t backfill_id, int n, struct backfill_summary *summary)
{
    struct stopping s = {.n_left = n};
    const struct backfill_options options = {.backfill_id = backfill_id,
                                             .provenance = SLICE("files"),
                                             .stop = &s.stop,
                                             .progress = count_down,
                                             .context = &s};
    struct clock clock = clock_started_at(TEST_NOW);
    struct backfill *b = NULL;
    const char *path = folder;

    assert_int_equal(
        backfill_open(&options, t->store, pool_workers(), &clock, NULL, summary, &b, NULL), WW_OK);
    assert_int_equal(backfill_files(b, &path, 1, NULL), WW_OK);
    if (n % 2 == 0 && s.stop)
        assert_int_equal(backfill_rest(b, NULL), WW_OK); /* what the workers have is lost */
    else
        assert_int_equal(backfill_finish(b, NULL), WW_OK);
    backfill_close(b);
    return s.stop == 0;
}

static void test_files(void **state)
{
    struct test_store t;
    struct backfill_summary s;

    WW_UNUSED(state);
    make_files();
    test_store_open(&t);
    assert_true(fill(&t, 0, 1000, &s));
    for (size_t i = 0; i < WW_COUNT(expected); i++)
        if (s.n_ends[expected[i].end] != expected[i].n)
            fail_msg("%s: %lld", backfill_end_name(expected[i].end),
                     (long long)s.n_ends[expected[i].end]);
    check_articles(&t);
    assert_true(fill(&t, 0, 1000, &s));
    assert_int_equal(s.n_ends[BACKFILL_NEW], 0);
    check_articles(&t);
    test_store_close(&t);
    remove_all();
}

static int64_t add_backfill(struct test_store *t)
{
    const struct backfill_row row = {.source = SLICE("files"), .created_at = TEST_NOW};
    int64_t id = 0;

    assert_int_equal(store_begin(t->store, NULL), WW_OK);
    assert_int_equal(store_add_backfill(t->store, &row, &id, NULL), WW_OK);
    assert_int_equal(store_commit(t->store, NULL), WW_OK);
    return id;
}

static void check_counts(struct test_store *t, int64_t backfill_id)
{
    struct history_counts counts;

    assert_int_equal(store_document_counts(t->store, backfill_id, &t->arena, &counts, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(expected); i++) {
        int64_t n = 0;

        for (size_t j = 0; j < counts.n_rows; j++)
            if (slice_equal(counts.rows[j].name, slice_from(backfill_end_name(expected[i].end))))
                n = counts.rows[j].n;
        if (n != expected[i].n)
            fail_msg("%s: %lld", backfill_end_name(expected[i].end), (long long)n);
    }
}

/* However it was stopped, each mail is counted once, and the mailbox's row says that it was read.
 */
static void test_resumed(void **state)
{
    WW_UNUSED(state);
    make_files();
    for (int n = 1; n < 9; n += 2) {
        const struct store_window all = {.limit = 100};
        struct test_store t;
        struct list_rows lists;
        struct backfill_summary s;
        int64_t id;
        int i = 0;
        bool has_box = false;

        test_store_open(&t);
        id = add_backfill(&t);
        while (!fill(&t, id, n + i % 2, &s))
            assert_true(i++ < 60);
        check_articles(&t);
        check_counts(&t, id);
        assert_int_equal(store_lists(t.store, id, &all, &t.arena, &lists, NULL), WW_OK);
        for (size_t k = 0; k < lists.n_rows; k++) {
            assert_int_equal(lists.rows[k].state, LIST_DONE);
            has_box |= slice_equal(lists.rows[k].url, slice_from(in_folder("box"))) &&
                       slice_equal(lists.rows[k].format, SLICE("mbox"));
        }
        assert_true(has_box);
        assert_int_equal(lists.n_rows, 8);
        test_store_close(&t);
    }
    remove_all();
}

/* Cut short, or with another checksum. */
static void break_gzip(const char *path, bool is_cut)
{
    struct stat about;
    FILE *f;

    assert_int_equal(stat(path, &about), 0);
    if (is_cut) {
        assert_int_equal(truncate(path, about.st_size - 4), 0);
        return;
    }
    f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, -8, SEEK_END), 0);
    assert_int_equal(fwrite("none", 1, 4, f), 4);
    assert_int_equal(fclose(f), 0);
}

/* A packed mailbox that breaks off: what is whole in it counts, and its row says why it ended. */
static void test_cut(void **state)
{
    const struct store_window all = {.limit = 100};

    WW_UNUSED(state);
    for (int is_cut = 0; is_cut < 2; is_cut++) {
        struct test_store t;
        struct backfill_summary s;
        struct list_rows lists;
        struct buf box;
        int64_t id;

        (void)snprintf(folder, sizeof(folder), "/tmp/wirewatch-mail-%ld", (long)getpid());
        assert_int_equal(mkdir(folder, 0700), 0);
        buf_init(&box, 1024 * 1024);
        for (int n = 1; n <= 4; n++)
            add_boxed(&box, n);
        write_gzip("box.gz", buf_slice(&box));
        break_gzip(file, is_cut == 1);
        test_store_open(&t);
        id = add_backfill(&t);
        assert_true(fill(&t, id, 100, &s));
        assert_int_equal(s.n_ends[BACKFILL_NEW], 3);
        assert_int_equal(s.n_ends[BACKFILL_DAMAGED], 1);
        assert_int_equal(store_lists(t.store, id, &all, &t.arena, &lists, NULL), WW_OK);
        assert_int_equal(lists.n_rows, 1);
        assert_int_equal(lists.rows[0].state, LIST_FAILED);
        assert_true(slice_contains(lists.rows[0].last_error, SLICE("unpacking")));
        test_store_close(&t);
        buf_release(&box);
        remove_all();
    }
}

/* Another file by the time it is gone on with: said, and not read as if it were the same. */
static void test_changed(void **state)
{
    const struct store_window all = {.limit = 100};
    struct test_store t;
    struct backfill_summary s;
    struct list_rows lists;
    struct buf box;
    int64_t id;

    WW_UNUSED(state);
    (void)snprintf(folder, sizeof(folder), "/tmp/wirewatch-mail-%ld", (long)getpid());
    assert_int_equal(mkdir(folder, 0700), 0);
    buf_init(&box, 1024 * 1024);
    for (int n = 1; n <= 9; n++)
        add_boxed(&box, n);
    write_file("box", buf_slice(&box));
    test_store_open(&t);
    id = add_backfill(&t);
    assert_false(fill(&t, id, 3, &s));
    buf_reset(&box);
    for (int n = 100; n <= 109; n++)
        add_boxed(&box, n);
    write_file("box", buf_slice(&box));
    assert_true(fill(&t, id, 100, &s));
    assert_int_equal(s.n_ends[BACKFILL_NEW], 0);
    assert_int_equal(s.n_ends[BACKFILL_DAMAGED], 1);
    assert_int_equal(store_lists(t.store, id, &all, &t.arena, &lists, NULL), WW_OK);
    assert_int_equal(lists.rows[0].state, LIST_FAILED);
    assert_true(slice_contains(lists.rows[0].last_error, SLICE("changed")));
    test_store_close(&t);
    buf_release(&box);
    remove_all();
}

/* ---- kinds ----------------------------------------------------------------------------------- */

#define TEN                                                                            \
    "http://t.example/0\nhttp://t.example/1\nhttp://t.example/2\nhttp://t.example/3\n" \
    "http://t.example/4\nhttp://t.example/5\nhttp://t.example/6\nhttp://t.example/7\n" \
    "http://t.example/8\nhttp://t.example/9\n"

static void test_kinds(void **state)
{
    const struct {
        const char *path;
        struct slice head;
        enum file_kind kind;
    } kinds[] = {
        {"a",           SLICE(FROM "Subject: a\n\nx"),                                 FILE_MAILBOX  },
        {"a.mbox",      SLICE("From here on\nall is prose"),                           FILE_TEXT     },
        {"a.txt",       SLICE("Subject: a\nDate: b\n\nx"),                             FILE_MAIL     },
        {"a.txt",       SLICE("Note: a\n\nx"),                                         FILE_TEXT     },
        {"a.EML",       SLICE("Note: a\n\n<html>"),                                    FILE_MAIL     },
        {"x/cur/1:2,S", SLICE("Delivered-To: a\n\nx"),                                 FILE_MAIL     },
        {"a.html",      SLICE("Subject: a\nDate: b\n\nx"),                             FILE_HTML     },
        {"a",           SLICE("Subject: a\nMIME-Version: 1.0\n\n<html><body>"),        FILE_MAIL     },
        {"a",           SLICE("\xff\xfe<\0h\0t\0m\0l\0>\0"),                           FILE_HTML     },
        {"a",           SLICE("id,URL,x\n1,https://t.example/a,y\n"),                  FILE_TABLE    },
        {"a",           SLICE("\xff\xfeu\0r\0l\0;\0x\0\n\0"),                          FILE_TABLE    },
        {"a",           SLICE("url\nhttps://t.example/a\n"),                           FILE_TABLE    },
        {"a",           SLICE("Link\nsome words about it\n"),                          FILE_TEXT     },
        {"a.csv",       SLICE("a,b\n1,2\n"),                                           FILE_TABLE    },
        {"a",           SLICE("https://t.example/a\r\n# x\r\n\r\nhttp://t.example/b"), FILE_ADDRESSES},
        {"a",           SLICE("https://t.example/a\nand so on\n"),                     FILE_TEXT     },
        {"a",           SLICE("\x89PNG\r\n\x1a\n\0\0"),                                FILE_OTHER    },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(kinds); i++) {
        const struct file_head head = {.bytes = kinds[i].head};
        enum file_kind kind = file_kind_tell(&head, kinds[i].path, &arena);

        if (kind != kinds[i].kind)
            fail_msg("%s, %.20s: %d", kinds[i].path, kinds[i].head.ptr, (int)kind);
    }
    arena_release(&arena);
}

/* ---- folders --------------------------------------------------------------------------------- */

/* Two and a half batches: each name once, in order, in little memory. */
static void test_thousands(void **state)
{
    const unsigned n_names = FOLDER_BATCH_NAMES * 5 / 2;
    struct folder f;
    char last[32] = "";
    unsigned n = 0;

    WW_UNUSED(state);
    (void)snprintf(folder, sizeof(folder), "/tmp/wirewatch-mail-%ld", (long)getpid());
    assert_int_equal(mkdir(folder, 0700), 0);
    for (unsigned i = 0; i < n_names; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "%08x", i * 2654435761u % 0x7fffffffu);
        assert_true(close(open(in_folder(name), O_CREAT | O_WRONLY | O_EXCL, 0600)) == 0);
    }
    folder_init(&f, false);
    do {
        assert_int_equal(folder_next(&f, folder, NULL), WW_OK);
        assert_true(f.n_names <= FOLDER_BATCH_NAMES);
        for (size_t i = 0; i < f.n_names; i++, n++) {
            assert_true(strcmp(last, f.names[i]) < 0);
            (void)snprintf(last, sizeof(last), "%s", f.names[i]);
        }
        assert_true(f.arenas[0].used_bytes + f.arenas[1].used_bytes < 2 * 1024 * 1024);
    } while (f.n_names > 0);
    assert_int_equal(n, n_names);
    folder_release(&f);
    folder_init(&f, false);
    assert_int_equal(folder_next(&f, in_folder("nowhere"), NULL), WW_NOT_FOUND);
    folder_release(&f);
    assert_false(folder_is_maildir(folder));
    remove_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files), cmocka_unit_test(test_resumed),
        cmocka_unit_test(test_cut),   cmocka_unit_test(test_changed),
        cmocka_unit_test(test_kinds), cmocka_unit_test(test_thousands),
    };
    int failed;

    if (!pool_start(parse_run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
