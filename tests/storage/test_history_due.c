/* test_history_due.c - whose turn it is in a backfill, and which pages are left to runs. */
#include "base/attrs.h"
#include "storage/db.h"
#include "storage/rows.h"
#include "storage/store_history.h"
#include "storage/store_pages.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define ENOUGH_S 10

static int64_t add_backfill(struct test_store *t, const char *target, enum backfill_state state)
{
    const struct backfill_row row = {.source = SLICE("sitemap"),
                                     .target = slice_from(target),
                                     .state = state,
                                     .created_at = TEST_NOW};
    int64_t id;

    OK(store_add_backfill(t->store, &row, &id, NULL));
    return id;
}

static int64_t add_list(struct test_store *t, int64_t backfill_id)
{
    const struct list_row row = {.backfill_id = backfill_id,
                                 .url = SLICE("https://a.example/sitemap.xml"),
                                 .format = SLICE("sitemap"),
                                 .n_left = -1};
    bool is_new;
    int64_t id;

    OK(store_add_list(t->store, &row, &id, &is_new, NULL));
    return id;
}

static int64_t add_page(struct test_store *t, const char *url, int64_t not_before, bool is_live)
{
    const struct page_row row = {.url = slice_from(url),
                                 .canonical = slice_from(url),
                                 .host = SLICE("a.example"),
                                 .state = PAGE_STATE_QUEUED,
                                 .is_historic = !is_live,
                                 .not_before = not_before,
                                 .added_at = TEST_NOW};
    bool is_new;
    int64_t id;

    OK(store_queue_page(t->store, &row, &id, &is_new, NULL));
    return id;
}

static int64_t add_find(struct test_store *t, int64_t backfill_id, int64_t list_id, const char *url,
                        int64_t page_id, int64_t published_at)
{
    const struct find_row row = {.backfill_id = backfill_id,
                                 .list_id = list_id,
                                 .page_id = page_id,
                                 .url = slice_from(url),
                                 .canonical = slice_from(url),
                                 .published_at = published_at,
                                 .state = FIND_QUEUED};
    bool is_new;
    int64_t id;

    OK(store_add_find(t->store, &row, &id, &is_new, NULL));
    return id;
}

static struct history_due_list due(struct test_store *t, int64_t backfill_id, size_t per_host,
                                   size_t limit)
{
    struct history_due_list out;

    OK(store_history_due(t->store, backfill_id, TEST_NOW, per_host, limit, &t->arena, &out, NULL));
    return out;
}

static void newest_first_and_some_of_each(void **state)
{
    struct test_store t;
    struct history_due_list list;
    char url[64];
    int64_t id, list_id, late;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_begin(t.store, NULL));
    id = add_backfill(&t, "a", BACKFILL_OPEN);
    list_id = add_list(&t, id);
    for (int i = 0; i < 50; i++) {
        (void)snprintf(url, sizeof(url), "https://large.example/%d", i);
        (void)add_find(&t, id, list_id, url, 0, 1000 + i);
    }
    (void)add_find(&t, id, list_id, "https://small.example/1", 0, 10);
    late = add_find(&t, id, list_id, "https://small.example/2", 0, 2000);
    (void)add_find(&t, id, list_id, "about:nothing", 0, 5); /* it has no host */
    OK(store_commit(t.store, NULL));

    list = due(&t, id, 8, 100);
    assert_int_equal(list.n_rows, 8 + 2 + 1);
    assert_int_equal(list.rows[0].find_id, late);
    assert_int_equal(list.rows[1].published_at, 1049);
    assert_int_equal(list.rows[8].published_at, 1042);
    assert_int_equal(list.rows[9].published_at, 10);
    assert_false(list.rows[0].is_page_due);
    /* A large host does not hide the others, though it has the newest. */
    list = due(&t, id, 100, 6);
    assert_int_equal(list.n_rows, 2 + 2 + 1);
    list = due(&t, id, 100, 2);
    assert_int_equal(list.n_rows, 2);
    assert_int_equal(due(&t, id, 8, 0).n_rows, 0);
    assert_int_equal(due(&t, id + 1, 8, 100).n_rows, 0);
    test_store_close(&t);
}

static void settled_pages_and_those_that_wait(void **state)
{
    struct test_store t;
    struct history_due_list list;
    struct find_row find;
    struct page_row page = {0};
    int64_t id, list_id, waits, done, now;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_begin(t.store, NULL));
    id = add_backfill(&t, "a", BACKFILL_OPEN);
    list_id = add_list(&t, id);
    waits = add_page(&t, "https://a.example/waits", TEST_NOW + 60, false);
    done = add_page(&t, "https://a.example/done", 0, false);
    now = add_page(&t, "https://a.example/now", TEST_NOW, false);
    (void)add_find(&t, id, list_id, "https://a.example/waits", waits, 3);
    (void)add_find(&t, id, list_id, "https://a.example/done", done, 2);
    (void)add_find(&t, id, list_id, "https://a.example/now", now, 1);
    OK(store_page(t.store, done, &t.arena, &page, NULL));
    page.state = PAGE_STATE_GONE;
    page.not_before = TEST_NOW + 60;
    OK(store_update_page(t.store, &page, NULL));
    OK(store_commit(t.store, NULL));

    list = due(&t, id, 8, 100);
    assert_int_equal(list.n_rows, 2);
    assert_int_equal(list.rows[0].page_id, done);
    assert_false(list.rows[0].is_page_due);
    assert_int_equal(list.rows[1].page_id, now);
    assert_true(list.rows[1].is_page_due);
    assert_false(list.rows[1].has_text);

    OK(store_find(t.store, list.rows[1].find_id, &t.arena, &find, NULL));
    find.text = SLICE("<p>All of it");
    OK(store_begin(t.store, NULL));
    OK(store_update_find(t.store, &find, NULL));
    OK(store_commit(t.store, NULL));
    list = due(&t, id, 8, 100);
    assert_true(list.rows[1].has_text);

    find.state = FIND_DONE;
    OK(store_begin(t.store, NULL));
    OK(store_update_find(t.store, &find, NULL));
    OK(store_commit(t.store, NULL));
    assert_int_equal(due(&t, id, 8, 100).n_rows, 1);
    test_store_close(&t);
}

static int64_t add_copy(struct test_store *t, int64_t backfill_id, int64_t list_id, int64_t page_id,
                        int64_t captured_at)
{
    char capture[64];
    struct find_row row = {.backfill_id = backfill_id,
                           .list_id = list_id,
                           .page_id = page_id,
                           .url = SLICE("https://a.example/x"),
                           .canonical = SLICE("https://a.example/x"),
                           .published_at = 1000,
                           .captured_at = captured_at,
                           .state = FIND_QUEUED};
    bool is_new;
    int64_t id;

    (void)snprintf(capture, sizeof(capture), "https://web.example/%lld", (long long)captured_at);
    row.capture = slice_from(capture);
    OK(store_add_find(t->store, &row, &id, &is_new, NULL));
    return id;
}

/* Of a page one copy at a time: the others wait while it does, and are known when it is read. */
static void copies_one_by_one(void **state)
{
    struct test_store t;
    struct history_due_list list;
    struct find_row find;
    struct page_row page = {0};
    int64_t id, list_id, page_id, first, second, turn, n;
    bool is_read;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_begin(t.store, NULL));
    id = add_backfill(&t, "a", BACKFILL_OPEN);
    list_id = add_list(&t, id);
    page_id = add_page(&t, "https://a.example/x", TEST_NOW + 60, false);
    (void)add_copy(&t, id, list_id, page_id, 900); /* before publication */
    second = add_copy(&t, id, list_id, page_id, 1200);
    first = add_copy(&t, id, list_id, page_id, 1100);
    (void)add_copy(&t, id, list_id, page_id, 1300);
    assert_int_equal(due(&t, id, 8, 100).n_rows, 0); /* their page waits */

    OK(store_find(t.store, first, &t.arena, &find, NULL));
    find.n_tries = 1; /* it was asked for though its page waits: so it is again */
    OK(store_update_find(t.store, &find, NULL));
    list = due(&t, id, 8, 100);
    assert_int_equal(list.n_rows, 1);
    assert_int_equal(list.rows[0].find_id, first);
    assert_false(list.rows[0].is_page_due);
    OK(store_page(t.store, page_id, &t.arena, &page, NULL));
    page.state = PAGE_STATE_GONE;
    OK(store_update_page(t.store, &page, NULL));
    find.not_before = TEST_NOW + 1;
    OK(store_update_find(t.store, &find, NULL));
    assert_int_equal(due(&t, id, 8, 100).n_rows, 0);

    find.state = FIND_FAILED;
    OK(store_update_find(t.store, &find, NULL));
    list = due(&t, id, 8, 100);
    assert_int_equal(list.n_rows, 1);
    assert_int_equal(list.rows[0].find_id, second);
    OK(store_copy_turn(t.store, id, page_id, &turn, &is_read, NULL));
    assert_int_equal(turn, second);
    assert_false(is_read);

    OK(store_find(t.store, second, &t.arena, &find, NULL));
    find.state = FIND_DONE;
    OK(store_update_find(t.store, &find, NULL));
    OK(store_count_queued_finds(t.store, id, &n, NULL));
    assert_int_equal(n, 2);
    OK(store_copies_known(t.store, id, page_id, &n, NULL));
    assert_int_equal(n, 2);
    OK(store_copy_turn(t.store, id, page_id, &turn, &is_read, NULL));
    assert_int_equal(turn, 0);
    assert_true(is_read);
    OK(store_count_queued_finds(t.store, id, &n, NULL));
    assert_int_equal(n, 0);
    OK(store_commit(t.store, NULL));
    test_store_close(&t);
}

/* Runs take what no open backfill works on. */
static void pages_of_runs(void **state)
{
    static const struct {
        const char *url;
        enum backfill_state of;
        bool has_find, is_live, is_done, is_runs;
    } cases[] = {
        {"https://a.example/live",      BACKFILL_OPEN,      false, true,  false, true },
        {"https://a.example/before",    BACKFILL_OPEN,      false, false, false, true },
        {"https://a.example/open",      BACKFILL_OPEN,      true,  false, false, false},
        {"https://a.example/planned",   BACKFILL_PLANNED,   true,  false, false, false},
        {"https://a.example/cancelled", BACKFILL_CANCELLED, true,  false, false, true },
        {"https://a.example/ended",     BACKFILL_DONE,      true,  false, false, true },
        {"https://a.example/settled",   BACKFILL_OPEN,      true,  false, true,  true },
        {"https://a.example/announced", BACKFILL_OPEN,      true,  true,  false, true },
    };
    struct page_filter filter = {.due_by = TEST_NOW, .host = SLICE("a.example")};
    struct page_host_list hosts;
    struct page_list pages;
    struct test_store t;
    size_t n = 0;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_begin(t.store, NULL));
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const int64_t page_id = add_page(&t, cases[i].url, 0, cases[i].is_live);
        const int64_t id = add_backfill(&t, cases[i].url, cases[i].of);
        struct find_row find;

        n += cases[i].is_runs;
        if (!cases[i].has_find)
            continue;
        OK(store_find(t.store, add_find(&t, id, add_list(&t, id), cases[i].url, page_id, 0),
                      &t.arena, &find, NULL));
        find.state = cases[i].is_done ? FIND_FAILED : FIND_QUEUED;
        OK(store_update_find(t.store, &find, NULL));
    }
    OK(store_commit(t.store, NULL));

    for (enum store_history whose = STORE_LIVE; whose <= STORE_HISTORIC; whose++) {
        const size_t expected = whose == STORE_LIVE ? n : WW_COUNT(cases) - n;

        filter.history = whose;
        filter.host = SLICE("a.example");
        OK(store_list_pages(t.store, &filter, &t.arena, &pages, NULL));
        assert_int_equal(pages.n_rows, expected);
        for (size_t i = 0; i < pages.n_rows; i++)
            for (size_t k = 0; k < WW_COUNT(cases); k++)
                if (slice_equal(pages.rows[i].url, slice_from(cases[k].url)))
                    assert_int_equal(cases[k].is_runs, whose == STORE_LIVE);
        filter.host = SLICE("");
        OK(store_list_pages(t.store, &filter, &t.arena, &pages, NULL));
        assert_int_equal(pages.n_rows, expected);
        OK(store_list_due_hosts(t.store, TEST_NOW, whose, &t.arena, &hosts, NULL));
        assert_int_equal(hosts.n_rows, 1);
        assert_int_equal(hosts.rows[0].n_due, expected);
    }
    test_store_close(&t);
}

static double seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What a server would find out by itself, a moment later. */
static void learn_what_came(struct test_store *t)
{
    if (!test_store_is_file())
        OK(store_driver(t->store)->execute(store_db(t->store), "ANALYZE", NULL));
}

/*
 * 100,000 finds and pages, of one host or of many: a round begins at once. Whoever looks at each
 * for each takes minutes.
 */
static void a_large_backfill(void **state)
{
    static const int n_hosts[] = {1, 20000};

    WW_UNUSED(state);
    for (size_t k = 0; k < WW_COUNT(n_hosts); k++) {
        struct page_host_list hosts;
        struct history_due_list list;
        struct test_store t;
        char url[96];
        int64_t id, list_id;
        double began, took;

        test_store_open(&t);
        OK(store_begin(t.store, NULL));
        id = add_backfill(&t, "a", BACKFILL_OPEN);
        list_id = add_list(&t, id);
        for (int i = 0; i < 100000; i++) {
            (void)snprintf(url, sizeof(url), "https://h%d.example/%d", i % n_hosts[k], i);
            (void)add_find(&t, id, list_id, url, add_page(&t, url, 0, false), i);
        }
        OK(store_commit(t.store, NULL));
        learn_what_came(&t);
        began = seconds();
        list = due(&t, id, 500, 2000);
        took = seconds() - began;
        print_message("%d hosts: %zu due after %.1f ms", n_hosts[k], list.n_rows, took * 1000);
        assert_int_equal(list.n_rows, n_hosts[k] == 1 ? 500 : 2000);
        assert_int_equal(list.rows[0].published_at, 99999);
        assert_true(took < ENOUGH_S);
        began = seconds();
        OK(store_list_due_hosts(t.store, TEST_NOW, STORE_LIVE, &t.arena, &hosts, NULL));
        took = seconds() - began;
        print_message("; a run knows after %.1f ms that none is its\n", took * 1000);
        assert_int_equal(hosts.n_rows, 0);
        assert_true(took < ENOUGH_S);
        test_store_close(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_first_and_some_of_each),
        cmocka_unit_test(settled_pages_and_those_that_wait),
        cmocka_unit_test(copies_one_by_one),
        cmocka_unit_test(pages_of_runs),
        cmocka_unit_test(a_large_backfill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
