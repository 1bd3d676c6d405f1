/* test_store_memory.c - every allocation of a page's and an alert's way fails once. */
#include "base/attrs.h"
#include "base/mem.h"
#include "storage/store_alerts.h"
#include "storage/store_entries.h"
#include "storage/store_search.h"
#include "storage/store_stories.h"
#include "tests/support/store.h"
#include "tests/support/store_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static enum ww_status write_page(struct store *s, int64_t feed, struct ww_error *err)
{
    struct entry_row entry = {.feed_id = feed,
                              .guid = SLICE("1"),
                              .summary = SLICE("summary"),
                              .content = SLICE("content")};
    struct article_row article = {.url = SLICE("https://a.example/1"),
                                  .canonical = SLICE("https://a.example/1"),
                                  .title = SLICE("A station")};
    struct article_text text = {SLICE("A station in Springfield."), SLICE("menu")};
    int64_t entry_id, id, story;
    bool is_new;
    enum ww_status status = store_begin(s, err);

    if (status == WW_OK)
        status = store_add_entry(s, &entry, &entry_id, &is_new, err);
    if (status == WW_OK)
        status = store_add_article(s, &article, &text, &id, &is_new, err);
    if (status == WW_OK && is_new)
        status = store_add_story(s, id, TEST_NOW, &story, err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    return status;
}

static enum ww_status read_page(struct store *s, struct arena *arena, struct ww_error *err)
{
    struct search_filter search = {.query = SLICE("springfield")};
    struct search_results results;
    struct article_filter filter = {0};
    struct article_list list;
    enum ww_status status = store_list_articles(s, &filter, arena, &list, err);

    if (status == WW_OK)
        status = store_search(s, &search, arena, &results, err);
    if (status == WW_OK &&
        (list.n_rows != 1 || results.n_rows != 1 || results.rows[0].n_marks != 1))
        fail_msg("half a page was stored");
    return status;
}

static void test_walk(void **state)
{
    struct test_store t;
    struct ww_error err = {0};
    struct store_stats stats;
    enum ww_status status = WW_NOMEM;
    int64_t feed;
    long n;

    WW_UNUSED(state);
    test_store_open(&t);
    feed = test_store_feed(&t, "https://a.example/rss");
    store_close(t.store);
    t.store = NULL;
    for (n = 1; status != WW_OK; n++) {
        struct store *s = NULL;
        struct arena arena;
        long at;

        arena_init(&arena, (size_t)64 * 1024 * 1024);
        mem_fail_after(n);
        status = test_store_at(t.path, false, &s, &err);
        if (status == WW_OK)
            status = write_page(s, feed, &err);
        if (status == WW_OK)
            status = read_page(s, &arena, &err);
        at = mem_count();
        mem_fail_after(0);
        store_close(s);
        arena_release(&arena);
        if (status != WW_OK && status != WW_NOMEM)
            fail_msg("allocation %ld of %ld: %s: %s", n, at, ww_status_name(status), err.message);
        assert_true(n < 2000);
    }
    assert_true(n > (test_server() != NULL ? 5 : 10));
    assert_int_equal(test_store_at(t.path, true, &t.store, &err), WW_OK);
    assert_int_equal(store_read_stats(t.store, &stats, &err), WW_OK);
    assert_int_equal(stats.n_articles, 1);
    assert_int_equal(stats.n_stories, 1);
    assert_int_equal(stats.n_entries, 1);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_walk)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
