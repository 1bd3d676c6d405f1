/* Pages as received: kept, handed to the next version, and taken away when they are no evidence. */
#include "storage/store_bodies.h"

#include "base/attrs.h"
#include "storage/rows.h"
#include "storage/store_alerts.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define DAY 86400

static void put(struct test_store *t, int64_t article_id, int64_t at, const char *bytes)
{
    const struct body_row row = {.article_id = article_id,
                                 .fetched_at = at,
                                 .content_type = SLICE("text/html"),
                                 .bytes = slice_from(bytes)};

    OK(store_begin(t->store, NULL));
    OK(store_put_body(t->store, &row, NULL));
    OK(store_commit(t->store, NULL));
}

static bool is_kept(struct test_store *t, int64_t article_id)
{
    struct body_row row;
    enum ww_status status = store_body(t->store, article_id, &t->arena, &row, NULL);

    assert_true(status == WW_OK || status == WW_NOT_FOUND);
    return status == WW_OK;
}

static size_t prune(struct test_store *t, int64_t before, size_t limit)
{
    size_t n = 0;

    OK(store_begin(t->store, NULL));
    OK(store_prune_bodies(t->store, before, limit, &n, NULL));
    OK(store_commit(t->store, NULL));
    return n;
}

static void mention(struct test_store *t, int64_t article_id)
{
    const struct mention_row row = {.article_id = article_id,
                                    .watchlist_id = test_store_watchlist(t, "a list"),
                                    .item = SLICE("pier"),
                                    .kind = SLICE("site"),
                                    .alias = SLICE("Pier"),
                                    .rule = SLICE("name"),
                                    .end = 4,
                                    .quote = SLICE("Pier")};
    int64_t id;

    OK(store_begin(t->store, NULL));
    OK(store_add_mention(t->store, &row, &id, NULL));
    OK(store_commit(t->store, NULL));
}

static void test_there_and_back(void **state)
{
    static char long_page[200000];
    struct test_store t;
    struct body_row row;
    struct store_stats stats;
    int64_t one, two;

    WW_UNUSED(state);
    test_store_open(&t);
    memset(long_page, 'x', sizeof(long_page) - 1);
    one = test_store_article(&t, "https://n.example/1", "One", "The first text.");
    two = test_store_article(&t, "https://n.example/2", "Two", "The second text.");
    put(&t, one, TEST_NOW, long_page);
    OK(store_body(t.store, one, &t.arena, &row, NULL));
    assert_int_equal(row.fetched_at, TEST_NOW);
    assert_true(slice_equal(row.content_type, SLICE("text/html")));
    assert_true(slice_equal(row.bytes, slice_from(long_page)));
    OK(store_read_stats(t.store, &stats, NULL));
    assert_int_equal(stats.n_bodies, 1);
    assert_in_range(stats.body_stored_bytes, 1, 2000);

    OK(store_begin(t.store, NULL));
    OK(store_move_body(t.store, one, two, NULL));
    OK(store_commit(t.store, NULL));
    assert_false(is_kept(&t, one));
    assert_true(is_kept(&t, two));
    put(&t, two, TEST_NOW + 1, "another");
    OK(store_body(t.store, two, &t.arena, &row, NULL));
    assert_true(slice_equal(row.bytes, SLICE("another")));
    test_store_close(&t);
}

/* Only of the newest version: what came of older bytes is not to be read over it. */
static void test_list(void **state)
{
    struct test_store t;
    struct body_list list;
    const struct store_window since = {.since = TEST_NOW + 5, .limit = 10};
    const struct store_window all = {.limit = 10};
    int64_t old, new, other;

    WW_UNUSED(state);
    test_store_open(&t);
    old = test_store_article(&t, "https://n.example/1", "One", "The first text.");
    other = test_store_article(&t, "https://n.example/2", "Two", "The second text.");
    new = test_store_article(&t, "https://n.example/1", "One", "The first text, edited.");
    put(&t, old, TEST_NOW, "a");
    put(&t, new, TEST_NOW + 9, "b");
    put(&t, other, TEST_NOW + 1, "c");
    OK(store_list_bodies(t.store, &all, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 2);
    assert_int_equal(list.rows[0].article_id, other);
    assert_true(slice_equal(list.rows[0].url, SLICE("https://n.example/2")));
    assert_int_equal(list.rows[1].article_id, new);
    OK(store_list_bodies(t.store, &since, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 1);
    assert_int_equal(list.rows[0].article_id, new);
    test_store_close(&t);
}

static void test_prune(void **state)
{
    struct test_store t;
    int64_t ids[6];

    WW_UNUSED(state);
    test_store_open(&t);
    for (int i = 0; i < 6; i++) {
        char url[64], text[64];

        (void)snprintf(url, sizeof(url), "https://n.example/%d", i);
        (void)snprintf(text, sizeof(text), "The text of page %d.", i);
        ids[i] = test_store_article(&t, url, "A title", text);
        put(&t, ids[i], TEST_NOW + i * DAY, "a page");
    }
    mention(&t, ids[1]);
    /* The first version is mentioned, the second one has the page. */
    mention(&t, test_store_article(&t, "https://n.example/2", "A title", "Another text."));
    assert_int_equal(prune(&t, TEST_NOW + 4 * DAY, 1), 1);
    assert_false(is_kept(&t, ids[0]));
    assert_true(is_kept(&t, ids[3]));
    assert_int_equal(prune(&t, TEST_NOW + 4 * DAY, 10), 1);
    assert_true(is_kept(&t, ids[1]));
    assert_true(is_kept(&t, ids[2]));
    assert_false(is_kept(&t, ids[3]));
    assert_true(is_kept(&t, ids[4]));
    assert_int_equal(prune(&t, TEST_NOW + 4 * DAY, 10), 0);
    assert_int_equal(prune(&t, TEST_NOW + 9 * DAY, 10), 2);
    assert_false(is_kept(&t, ids[5]));
    /* What lies behind was judged, and is not looked through in every run. */
    put(&t, ids[0], TEST_NOW, "a page");
    assert_int_equal(prune(&t, TEST_NOW + 9 * DAY, 10), 0);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_prune),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
