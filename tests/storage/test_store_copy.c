/* test_store_copy.c - a copy has every row, or is none; and what differs is named. */
#include "base/attrs.h"
#include "storage/rows.h"
#include "storage/store_copy.h"
#include "storage/store_feeds.h"
#include "storage/store_search.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static void check(enum ww_status status, const struct ww_error *err, const char *what)
{
    if (status != WW_OK)
        fail_msg("%s: %s: %s", what, ww_status_name(status), err->message);
}
#define OK(call) check(call, &err, #call)

#define ARTICLES 40
#define HOSTS 9
#define LINES 11

static void change(struct store *s, const char *sql)
{
    struct ww_error err = {0};

    OK(store_driver(s)->execute(store_db(s), sql, &err));
}

/* Keys of a text and a number, of which batches end in the midst. */
static void fill_lines(struct store *s)
{
    struct ww_error err = {0};
    char sql[128];

    OK(store_begin(s, &err));
    for (int i = 0; i < HOSTS * LINES; i++) {
        (void)snprintf(sql, sizeof(sql),
                       "INSERT INTO site_line VALUES ('host%d.example', %d, 1, 1)", i / LINES,
                       i % LINES - 5);
        change(s, sql);
    }
    OK(store_commit(s, &err));
}

/* Articles point to stories and stories to articles; a text of some length goes over a batch. */
static void fill(struct test_store *t)
{
    static char text[20000];
    char url[64];

    (void)test_store_feed(t, "https://feeds.example/1");
    (void)test_store_watchlist(t, "a list");
    fill_lines(t->store);
    for (int i = 0; i < ARTICLES; i++) {
        for (size_t k = 0; k + 1 < sizeof(text); k++)
            text[k] = (char)('a' + (k * k + (size_t)i * 7 + k / 31) % 26);
        (void)snprintf(text, 64, "The ferry of pier %d leaves", i);
        text[strlen(text)] = ' ';
        (void)snprintf(url, sizeof(url), "https://news.example/%d", i);
        (void)test_store_article(t, url, "A title", text);
    }
}

static void name_beside(const struct test_store *t, const char *name, char out[128])
{
    (void)snprintf(out, 128, "%s/%s", t->folder, name);
}

static bool is_there(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0;
}

static int64_t count(struct store *s, const char *sql)
{
    const struct db_driver *driver = store_driver(s);
    struct db_value n = db_integer(-1);
    struct ww_error err = {0};

    OK(driver->define(store_db(s), db_slot(0), sql, &err));
    OK(driver->start(store_db(s), db_slot(0), NULL, 0, &err));
    OK(driver->next(store_db(s), db_slot(0), &n, 1, &err));
    driver->end(store_db(s), db_slot(0));
    return n.integer;
}

static void test_copy(void **state)
{
    const struct copy_options options = {0};
    struct search_filter filter = {.query = SLICE("ferry 17")};
    struct search_results results;
    struct copy_summary sum;
    struct store *copy = NULL;
    struct ww_error err = {0};
    struct test_store t;
    char path[128];

    WW_UNUSED(state);
    test_store_open(&t);
    fill(&t);
    name_beside(&t, "copy.db", path);
    /* Who has taken what to work on stays behind. */
    OK(store_begin(t.store, &err));
    change(t.store, "UPDATE feed SET claimed_by = 'fuji', claimed_until = 9");
    change(t.store, "INSERT INTO lease VALUES ('alerts', 'x', 'fuji', 1, 9, 1)");
    OK(store_commit(t.store, &err));
    OK(store_copy(t.store, path, &options, &t.arena, &sum, &err));
    assert_true(sum.n_rows > 3 * ARTICLES && sum.n_different == 0 && sum.n_changed == 0);
    assert_true(sum.n_bytes > 0);
    /* It is a database like any other: its words are found once they are indexed, and it grows. */
    OK(test_store_at(path, false, &copy, &err));
    assert_string_equal(store_id(copy), store_id(t.store));
    assert_int_equal(count(copy, "SELECT COUNT(*) FROM site_line"), HOSTS * LINES);
    assert_int_equal(count(copy, "SELECT COUNT(*) FROM lease"), 0);
    assert_int_equal(count(copy, "SELECT COUNT(*) FROM feed WHERE claimed_by <> ''"), 0);
    for (size_t n = 1; n > 0;)
        OK(store_index_search(copy, &n, &err));
    OK(store_search(copy, &filter, &t.arena, &results, &err));
    assert_int_equal(results.n_found, 1);
    OK(store_begin(copy, &err));
    OK(store_put_meta(copy, SLICE("more"), SLICE("1"), &err));
    OK(store_commit(copy, &err));
    store_close(copy);
    /* What is there is not written over. */
    assert_int_equal(store_copy(t.store, path, &options, &t.arena, &sum, &err), WW_REFUSED);
    assert_non_null(strstr(err.message, "is there already"));
    test_store_close(&t);
}

/* A row that is missing, one too many, one that is other: each is named by its key. */
static void test_differences(void **state)
{
    static const char *const changes[] = {
        "UPDATE article SET title = 'another' WHERE id = 3",
        "DELETE FROM meta WHERE key = 'next_message'",
        "INSERT INTO meta VALUES ('zeal', '')",
        "UPDATE story SET n_outlets = 9 WHERE id = 7",
    };
    static const char *const said[] = {
        "article (3): title\n",
        "meta (next_message): is missing in the second\n",
        "meta (zeal): is in the second alone\n",
        "story (7): n_outlets\n",
    };
    const struct copy_options options = {0};
    struct copy_summary sum;
    struct store *copy = NULL;
    struct ww_error err = {0};
    struct test_store t;
    char path[128];

    WW_UNUSED(state);
    test_store_open(&t);
    fill(&t);
    name_beside(&t, "copy.db", path);
    OK(store_copy(t.store, path, &options, &t.arena, &sum, &err));
    OK(test_store_at(path, false, &copy, &err));
    OK(store_compare(t.store, copy, &options, &t.arena, &sum, &err));
    assert_int_equal(sum.n_different, 0);
    OK(store_begin(copy, &err));
    for (size_t i = 0; i < WW_COUNT(changes); i++)
        change(copy, changes[i]);
    OK(store_commit(copy, &err));
    OK(store_compare(t.store, copy, &options, &t.arena, &sum, &err));
    assert_int_equal(sum.n_different, WW_COUNT(changes));
    for (size_t i = 0; i < WW_COUNT(said); i++)
        if (!slice_contains(sum.different, slice_from(said[i])))
            fail_msg("%.*s says nothing of %s", SLICE_ARG(sum.different), said[i]);
    store_close(copy);
    test_store_close(&t);
}

static volatile sig_atomic_t stop;

static void stop_at(void *context, int64_t done, int64_t total, const char *what)
{
    WW_UNUSED(what);
    assert_true(done <= total);
    if (done >= *(const int64_t *)context)
        stop = 1;
}

/* Stopped anywhere, nothing stays. */
static void test_stopped(void **state)
{
    int64_t at = 0;
    const struct copy_options options = {.stop = &stop, .show = stop_at, .context = &at};
    struct copy_summary sum;
    struct ww_error err = {0};
    struct test_store t;
    char path[128], part[128];

    WW_UNUSED(state);
    test_store_open(&t);
    fill(&t);
    name_beside(&t, "copy.db", path);
    name_beside(&t, "copy.db.copying", part);
    for (int64_t i = 0; i < 8; i++) {
        stop = 0;
        at = i * 40;
        OK(store_copy(t.store, path, &options, &t.arena, &sum, &err));
        assert_true(sum.was_stopped);
        assert_false(is_there(path) || is_there(part));
    }
    stop = 0;
    test_store_close(&t);
}

/* A row that points to one that is not there, and what a killed copy has left. */
static void test_damaged(void **state)
{
    const struct copy_options options = {0};
    struct copy_summary sum;
    struct ww_error err = {0};
    struct test_store t;
    char path[128], part[128];
    FILE *left;

    WW_UNUSED(state);
    test_store_open(&t);
    fill(&t);
    name_beside(&t, "copy.db", path);
    name_beside(&t, "copy.db.copying", part);
    left = fopen(part, "w");
    assert_non_null(left);
    (void)fputs("half a database, and no more", left);
    (void)fclose(left);
    OK(store_copy(t.store, path, &options, &t.arena, &sum, &err));
    assert_true(is_there(path) && !is_there(part));
    (void)remove(path);
    if (!test_store_is_file()) { /* a server has no such rows */
        test_store_close(&t);
        return;
    }
    change(t.store, "PRAGMA foreign_keys = OFF");
    OK(store_begin(t.store, &err));
    change(t.store, "DELETE FROM story WHERE id = 5");
    OK(store_commit(t.store, &err));
    assert_int_equal(store_copy(t.store, path, &options, &t.arena, &sum, &err), WW_STORE);
    assert_non_null(strstr(err.message, "damaged"));
    assert_false(is_there(path) || is_there(part));
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_differences),
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
