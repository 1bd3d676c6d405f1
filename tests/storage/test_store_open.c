/* test_store_open.c - files that are not ours, damaged, newer, older, read-only, or of no room. */
#include "base/attrs.h"
#include "base/clock.h"
#include "base/limits.h"
#include "storage/migrate.h"
#include "storage/rows.h"
#include "storage/store_copy.h"
#include "storage/store_feeds.h"
#include "tests/support/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void check(enum ww_status status, const struct ww_error *err, const char *what)
{
    if (status != WW_OK)
        fail_msg("%s: %s: %s", what, ww_status_name(status), err->message);
}
#define OK(call) check(call, &err, #call)

static void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

/* Overwrite bytes of a file in place. */
static void damage(const char *path, long offset, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "r+b");

    assert_non_null(f);
    assert_int_equal(fseek(f, offset, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static size_t read_file(const char *path, char *out, size_t max)
{
    FILE *f = fopen(path, "rb");
    size_t n;

    assert_non_null(f);
    n = fread(out, 1, max, f);
    (void)fclose(f);
    return n;
}

static void sqlite_shell(const char *path, const char *sql)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        (void)execlp("sqlite3", "sqlite3", path, sql, (char *)NULL);
        _exit(127);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_int_equal(status, 0);
}

/* Both kinds of opening say status and words; the file keeps its bytes, nothing comes beside it. */
static void refuses(struct test_store *t, const char *path, enum ww_status want, const char *words)
{
    static char before[65536], after[65536];
    size_t n_before = read_file(path, before, sizeof(before));
    struct stat info;
    char beside[160];

    WW_UNUSED(t);
    for (int is_reader = 0; is_reader < 2; is_reader++) {
        struct store *store = NULL;
        struct ww_error err = {0};
        enum ww_status got = test_store_at(path, is_reader, &store, &err);

        if (got != want || strstr(err.message, words) == NULL)
            fail_msg("%s: %s: %s", path, ww_status_name(got), err.message);
        assert_null(store);
        assert_int_equal(read_file(path, after, sizeof(after)), n_before);
        assert_memory_equal(before, after, n_before);
    }
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = {"-wal", "-shm", ".write.lock"};

        (void)snprintf(beside, sizeof(beside), "%s%s", path, names[i]);
        if (stat(beside, &info) == 0)
            fail_msg("%s was made", beside);
    }
}

static void test_foreign(void **state)
{
    struct test_store t;
    char path[128];

    WW_UNUSED(state);
    TEST_NEEDS_FILE("files of other programs");
    test_store_open(&t);
    (void)snprintf(path, sizeof(path), "%s/text", t.folder);
    write_file(path, "not a database at all", 21);
    refuses(&t, path, WW_STORE, "is not a database");
    (void)snprintf(path, sizeof(path), "%s/other.db", t.folder);
    sqlite_shell(path, "PRAGMA journal_mode=WAL; PRAGMA application_id=252006673;"
                       "CREATE TABLE a (b); PRAGMA wal_checkpoint(TRUNCATE)");
    refuses(&t, path, WW_STORE, "of another program");
    (void)snprintf(path, sizeof(path), "%s/plain.db", t.folder);
    sqlite_shell(path, "CREATE TABLE a (b)");
    refuses(&t, path, WW_STORE, "of another program");
    test_store_close(&t);
}

static void test_missing(void **state)
{
    struct store_options options = {.now = TEST_NOW};
    struct store *store = NULL;
    struct test_store t;
    struct ww_error err = {0};
    struct stat info;
    char path[128];

    WW_UNUSED(state);
    TEST_NEEDS_FILE("a file that is not there, or empty");
    test_store_open(&t);
    (void)snprintf(path, sizeof(path), "%s/none.db", t.folder);
    options.path = path;
    assert_int_equal(store_open(&options, &store, &err), WW_NOT_FOUND);
    options.is_reader = true;
    assert_int_equal(store_open(&options, &store, &err), WW_NOT_FOUND);
    assert_int_not_equal(stat(path, &info), 0);
    /* An empty file may become ours, but only where a new one may. */
    write_file(path, "", 0);
    assert_int_equal(store_open(&options, &store, &err), WW_NOT_FOUND);
    options.is_reader = false;
    assert_int_equal(store_open(&options, &store, &err), WW_NOT_FOUND);
    options.may_create = true;
    OK(store_open(&options, &store, &err));
    assert_int_equal(strlen(store_id(store)), STORE_ID_BYTES - 1);
    assert_string_not_equal(store_id(store), store_id(t.store));
    store_close(store);
    (void)snprintf(path, sizeof(path), "%s/no/such/folder.db", t.folder);
    assert_int_equal(store_open(&options, &store, &err), WW_STORE);
    test_store_close(&t);
}

static void test_damaged(void **state)
{
    static char noise[8192 * 3];
    struct test_store t;
    struct ww_error err = {0};
    struct slice report;
    char path[128];

    WW_UNUSED(state);
    TEST_NEEDS_FILE("a damaged file");
    test_store_open(&t);
    for (int i = 0; i < 40; i++) {
        (void)snprintf(path, sizeof(path), "https://a.example/%d", i);
        (void)test_store_article(&t, path, "A title", "A text that is long enough to be packed.");
    }
    OK(store_check(t.store, &t.arena, &report, &err));
    assert_int_equal(report.len, 0);
    store_close(t.store);
    t.store = NULL;

    /* One bit inside a packed text: only its checksum can tell. */
    sqlite_shell(t.path, "UPDATE article_text SET body = CAST(substr(body, 1, 12) || x'00' ||"
                         " substr(body, 14) AS BLOB) WHERE article_id = 7");
    OK(test_store_at(t.path, false, &t.store, &err));
    OK(store_check(t.store, &t.arena, &report, &err));
    if (!slice_contains(report, SLICE("text of article 7 ")))
        fail_msg("%.*s", SLICE_ARG(report));
    store_close(t.store);

    /* Whole pages: said in words, whether at opening or at the check. */
    memset(noise, 0xA5, sizeof(noise));
    damage(t.path, 8192 * 2, noise, sizeof(noise));
    if (test_store_at(t.path, true, &t.store, &err) == WW_OK) {
        enum ww_status status = store_check(t.store, &t.arena, &report, &err);

        assert_true(status == WW_OK ? report.len > 0 : status == WW_STORE);
    } else if (strstr(err.message, "damaged") == NULL) {
        fail_msg("%s", err.message);
    }
    store_close(t.store);
    t.store = NULL;
    damage(t.path, 100, noise, 4000);
    assert_int_equal(test_store_at(t.path, false, &t.store, &err), WW_STORE);
    if (strstr(err.message, "damaged") == NULL)
        fail_msg("%s", err.message);
    assert_int_equal(truncate(t.path, 5000), 0);
    assert_int_equal(test_store_at(t.path, false, &t.store, &err), WW_STORE);
    test_store_close(&t);
}

static void test_newer(void **state)
{
    struct test_store t;
    struct ww_error err = {0};

    WW_UNUSED(state);
    TEST_NEEDS_FILE("the version in a file");
    test_store_open(&t);
    store_close(t.store);
    t.store = NULL;
    sqlite_shell(t.path, "PRAGMA user_version = 99");
    for (int is_reader = 0; is_reader < 2; is_reader++) {
        assert_int_equal(test_store_at(t.path, is_reader, &t.store, &err), WW_STORE);
        assert_non_null(strstr(err.message, "newer wirewatch (schema 99"));
    }
    test_store_close(&t);
}

/* ---- migrations ----------------------------------------------------------------------------- */

static enum ww_status open_with(const struct schema *schema, const char *path, bool is_reader,
                                struct ww_error *err)
{
    struct db_options options = {.path = path, .is_reader = is_reader, .may_create = true};
    struct db *db = NULL;
    enum ww_status status = db_sqlite.open(&options, &db, err);

    if (status == WW_OK)
        status = migrate(&db_sqlite, db, schema, &options, 0, TEST_NOW, err);
    db_sqlite.close(db);
    return status;
}

#define STEPS_MAX 32

/* One step more than today's. */
static void test_migration(void **state)
{
    const int next = (int)schema_sqlite.n_migrations + 1;
    char version[40], copy[TEST_ADDRESS_BYTES + 40], older[60];
    const char *const good[] = {"ALTER TABLE feed ADD COLUMN spare TEXT", version};
    const char *const bad[] = {"ALTER TABLE feed ADD COLUMN spare TEXT",
                               "ALTER TABLE no_such_table ADD COLUMN spare TEXT", version};
    struct migration steps[STEPS_MAX];
    struct schema schema = {steps, (size_t)next};
    struct test_store t;
    struct ww_error err = {0};
    struct stat info;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("the copy of a file before a change of schema");
    assert_true(next <= STEPS_MAX);
    memcpy(steps, schema_sqlite.migrations, schema_sqlite.n_migrations * sizeof(steps[0]));
    steps[next - 1] = (struct migration){bad, WW_COUNT(bad)};
    (void)snprintf(version, sizeof(version), "PRAGMA user_version = %d", next);
    test_store_open(&t);
    (void)test_store_feed(&t, "https://a.example/rss");
    store_close(t.store);
    t.store = NULL;
    (void)snprintf(copy, sizeof(copy), "%s.schema-%d-%d", t.path, next - 1, TEST_NOW);
    (void)snprintf(older, sizeof(older), "older schema (%d of %d)", next - 1, next);

    assert_int_equal(open_with(&schema, t.path, true, &err), WW_STORE);
    assert_non_null(strstr(err.message, older));
    /* A step that fails leaves everything as it was. */
    assert_int_equal(open_with(&schema, t.path, false, &err), WW_STORE);
    assert_int_equal(stat(copy, &info), 0);
    OK(test_store_at(t.path, false, &t.store, &err));
    store_close(t.store);
    t.store = NULL;
    assert_int_equal(unlink(copy), 0);

    steps[next - 1] = (struct migration){good, WW_COUNT(good)};
    OK(open_with(&schema, t.path, false, &err));
    OK(open_with(&schema, t.path, true, &err));
    sqlite_shell(t.path, "UPDATE feed SET spare = 'x'");
    assert_int_equal(test_store_at(t.path, false, &t.store, &err), WW_STORE);
    assert_non_null(strstr(err.message, "newer"));
    /* The copy is a whole database of the old form. */
    OK(test_store_at(copy, true, &t.store, &err));
    test_store_close(&t);
}

/* A database of the first release: its feeds are there after it was opened by this one. */
static void test_from_the_first(void **state)
{
    const struct schema first = {schema_sqlite.migrations, 1};
    struct test_store t;
    struct ww_error err = {0};
    struct feed_row feed;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("files of the first release");
    test_store_open(&t);
    store_close(t.store);
    t.store = NULL;
    assert_int_equal(unlink(t.path), 0);
    OK(open_with(&first, t.path, false, &err));
    sqlite_shell(t.path,
                 "INSERT INTO feed VALUES (7, 'https://a.example/rss', 'A', '', 'news', 'IE',"
                 " 'en', 'active', 5, '\"e\"', 'then', 9, 3600, 8, 8, 8, 0, 0, '', 200, '',"
                 " 0, 0)");
    OK(test_store_at(t.path, false, &t.store, &err));
    OK(store_feed(t.store, 7, &t.arena, &feed, &err));
    assert_true(slice_equal(feed.etag, SLICE("\"e\"")));
    assert_int_equal(feed.interval_s, 3600);
    assert_int_equal(feed.kind, FEED_KIND_FEED);
    assert_int_equal(feed.parent_id, 0);
    assert_int_equal(feed.last_failure, FEED_FAILURE_NONE);
    test_store_close(&t);
}

/* ---- rights and room ------------------------------------------------------------------------- */

/* As root every file may be written: become somebody else in a child. */
static int as_nobody(const char *path, bool is_reader)
{
    pid_t child = fork();
    int status = -1;

    if (child == 0) {
        struct store *store = NULL;
        struct ww_error err = {0};
        enum ww_status got;

        if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(99);
        got = test_store_at(path, is_reader, &store, &err);
        if (got != WW_OK)
            (void)fprintf(stderr, "%s\n", err.message);
        store_close(store);
        _exit((int)got);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_read_only(void **state)
{
    struct test_store t;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("rights of a file");
    test_store_open(&t);
    (void)test_store_feed(&t, "https://a.example/rss");
    store_close(t.store);
    t.store = NULL;
    assert_int_equal(chmod(t.path, 0444), 0);
    assert_int_equal(chmod(t.folder, 0555), 0);
    assert_int_equal(as_nobody(t.path, false), WW_STORE);
    /* -wal and -shm stayed: a reader needs no right to write. */
    assert_int_equal(as_nobody(t.path, true), WW_OK);
    assert_int_equal(chmod(t.folder, 0755), 0);
    test_store_close(&t);
}

static void test_no_write_outside(void **state)
{
    struct feed_row row = {.url = SLICE("https://a.example/")};
    struct test_store t;
    struct store *reader;
    struct ww_error err = {0};
    int64_t id;
    bool is_new;

    WW_UNUSED(state);
    test_store_open(&t);
    assert_int_equal(store_add_feed(t.store, &row, &id, &is_new, &err), WW_STORE);
    assert_non_null(strstr(err.message, "outside a transaction"));
    assert_int_equal(store_commit(t.store, &err), WW_STORE);
    OK(test_store_at(t.path, true, &reader, &err));
    assert_int_equal(store_begin(reader, &err), WW_STORE);
    store_close(reader);
    OK(store_begin(t.store, &err));
    assert_int_equal(store_begin(t.store, &err), WW_STORE);
    store_rollback(t.store);
    store_rollback(t.store);
    test_store_close(&t);
}

/* The limit on the size of files is what a full disk looks like from here. */
static void test_disk_full(void **state)
{
    static char text[256 * 1024];
    struct rlimit old, tight;
    struct article_row row = {.url = SLICE("https://b.example/"),
                              .canonical = SLICE("https://b.example/")};
    struct article_text texts = {
        {text, sizeof(text)},
        {"",   0           }
    };
    struct article_list list;
    struct article_filter filter = {0};
    struct test_store t;
    struct ww_error err = {0};
    struct slice report;
    enum ww_status status;
    int64_t id;
    bool is_new;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("the disk of a file");
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + (i * 2654435761U >> 13) % 26);
    test_store_open(&t);
    (void)test_store_article(&t, "https://a.example/", "Kept", "A text.");
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    tight = old;
    tight.rlim_cur = (rlim_t)300 * 1024;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    OK(store_begin(t.store, &err));
    status = store_add_article(t.store, &row, &texts, &id, &is_new, &err);
    if (status == WW_OK)
        status = store_commit(t.store, &err);
    store_rollback(t.store);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    if (status != WW_STORE || strstr(err.message, "disk is full") == NULL)
        fail_msg("%s: %s", ww_status_name(status), err.message);

    /* With room again everything goes on, and nothing is half there. */
    OK(store_list_articles(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    OK(store_begin(t.store, &err));
    OK(store_add_article(t.store, &row, &texts, &id, &is_new, &err));
    OK(store_commit(t.store, &err));
    OK(store_check(t.store, &t.arena, &report, &err));
    assert_int_equal(report.len, 0);
    test_store_close(&t);
}

static void test_backup(void **state)
{
    struct test_store t;
    struct store *copy;
    struct feed_list list;
    struct feed_filter filter = {0};
    struct copy_summary sum;
    struct ww_error err = {0};
    char path[128];

    WW_UNUSED(state);
    TEST_NEEDS_FILE("a copy that is a file");
    test_store_open(&t);
    (void)test_store_feed(&t, "https://a.example/rss");
    (void)snprintf(path, sizeof(path), "%s/copy.db", t.folder);
    OK(store_backup(t.store, path, &(struct copy_options){0}, &t.arena, &sum, &err));
    assert_int_equal(store_backup(t.store, path, &(struct copy_options){0}, &t.arena, &sum, &err),
                     WW_REFUSED);
    assert_non_null(strstr(err.message, "copy.db is there already"));
    OK(test_store_at(path, true, &copy, &err));
    OK(store_list_feeds(copy, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    assert_string_equal(store_id(copy), store_id(t.store));
    store_close(copy);
    test_store_close(&t);
}

/* A pause, and only then, and not behind each commit. A server lets them in by turns. */
static void test_others_are_let_in(void **state)
{
    struct test_store t;
    struct store *other = NULL;
    struct ww_error err = {0};
    struct clock clock = clock_fixed(TEST_NOW);

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_open(&(struct store_options){.path = t.path, .lock_wait_ms = 50}, &other, &err));
    clock_sleep_ms(&clock, COMMIT_EVERY_MS);
    for (int i = 0; i < 4; i++) {
        const bool is_waited_for = i == 1 || i == 2, is_soon = i == 2;
        const int64_t before_ms = clock_monotonic_ms(&clock);

        OK(store_begin(t.store, &err));
        if (is_waited_for)
            assert_int_equal(store_begin(other, NULL), WW_CONFLICT);
        OK(store_commit(t.store, &err));
        store_let_others_write(t.store, &clock);
        assert_int_equal(clock_monotonic_ms(&clock) > before_ms,
                         is_waited_for && !is_soon && test_store_is_file());
    }
    store_close(other);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_foreign),           cmocka_unit_test(test_missing),
        cmocka_unit_test(test_damaged),           cmocka_unit_test(test_newer),
        cmocka_unit_test(test_migration),         cmocka_unit_test(test_from_the_first),
        cmocka_unit_test(test_read_only),         cmocka_unit_test(test_backup),
        cmocka_unit_test(test_others_are_let_in), cmocka_unit_test(test_no_write_outside),
        cmocka_unit_test(test_disk_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
