/* Troubles from the first sign to the end, who is told of them, and what no feed reaches. */
#include "storage/store_troubles.h"

#include "base/attrs.h"
#include "storage/store_feeds.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define DAY 86400

static const struct store_window all = {0};

static void note(struct test_store *t, int64_t feed_id, enum trouble_kind kind, int64_t began_at,
                 int64_t persists_since)
{
    const struct trouble_row row = {.feed_id = feed_id,
                                    .kind = kind,
                                    .began_at = began_at,
                                    .persists_since = persists_since,
                                    .message = SLICE("status 404")};

    OK(store_begin(t->store, NULL));
    OK(store_note_trouble(t->store, &row, NULL));
    OK(store_commit(t->store, NULL));
}

static void end(struct test_store *t, int64_t feed_id, enum trouble_kind kind, int64_t at,
                enum trouble_ending ending)
{
    OK(store_begin(t->store, NULL));
    OK(store_end_trouble(t->store, feed_id, kind, at, ending, NULL));
    OK(store_commit(t->store, NULL));
}

/* What an analyst has not been told; then told, when tell says so. */
static struct trouble_view_list untold(struct test_store *t, const char *analyst, bool tell)
{
    struct trouble_view_list list = {0};

    OK(store_list_untold_troubles(t->store, slice_from(analyst), TEST_NOW - 7 * DAY, &all,
                                  &t->arena, &list, NULL));
    OK(store_begin(t->store, NULL));
    for (size_t i = 0; tell && i < list.n_rows; i++)
        OK(store_mark_trouble_told(t->store, slice_from(analyst), &list.rows[i].trouble, TEST_NOW,
                                   NULL));
    OK(store_commit(t->store, NULL));
    return list;
}

static void test_told_once(void **state)
{
    struct trouble_view_list list;
    struct trouble_list history;
    struct test_store t;
    int64_t id;

    WW_UNUSED(state);
    test_store_open(&t);
    id = test_store_feed(&t, "https://a.example/rss");
    note(&t, id, TROUBLE_FAILING, TEST_NOW - 4 * DAY, 0);
    assert_int_equal(untold(&t, "ann", true).n_rows, 0); /* it may pass */
    note(&t, id, TROUBLE_FAILING, TEST_NOW - 1, TEST_NOW - DAY);
    note(&t, id, TROUBLE_FAILING, TEST_NOW, TEST_NOW);

    list = untold(&t, "ann", true);
    assert_int_equal(list.n_rows, 1);
    assert_int_equal(list.rows[0].trouble.began_at, TEST_NOW - 4 * DAY);
    assert_int_equal(list.rows[0].trouble.persists_since, TEST_NOW - DAY);
    assert_true(slice_equal(list.rows[0].url, SLICE("https://a.example/rss")));
    assert_int_equal(untold(&t, "ann", true).n_rows, 0);
    assert_int_equal(untold(&t, "bob", true).n_rows, 1);

    end(&t, id, TROUBLE_FAILING, TEST_NOW, TROUBLE_RECOVERED);
    list = untold(&t, "ann", true);
    assert_int_equal(list.n_rows, 1);
    assert_int_equal(list.rows[0].trouble.ended_at, TEST_NOW);
    assert_int_equal(untold(&t, "ann", true).n_rows, 0);
    /* One that came in between hears of the gap that there was; once, and not of its begin. */
    assert_int_equal(untold(&t, "eve", true).n_rows, 1);
    assert_int_equal(untold(&t, "eve", true).n_rows, 0);

    /* The next one is another. */
    note(&t, id, TROUBLE_FAILING, TEST_NOW, TEST_NOW);
    assert_int_equal(untold(&t, "ann", true).n_rows, 1);
    OK(store_list_troubles(t.store, id, &all, &t.arena, &history, NULL));
    assert_int_equal(history.n_rows, 2);
    assert_int_equal(history.rows[0].ended_at, 0);
    assert_int_equal(history.rows[1].ending, TROUBLE_RECOVERED);
    test_store_close(&t);
}

/* What ended long ago, by its owner's hand, or by something worse is no news of a recovery. */
static void test_untold_ends(void **state)
{
    struct test_store t;
    struct trouble_list history;
    struct feed_row feed;
    int64_t old, gone, paused;

    WW_UNUSED(state);
    test_store_open(&t);
    old = test_store_feed(&t, "https://old.example/rss");
    gone = test_store_feed(&t, "https://gone.example/rss");
    paused = test_store_feed(&t, "https://paused.example/rss");
    note(&t, old, TROUBLE_STALE, TEST_NOW - 90 * DAY, TEST_NOW - 30 * DAY);
    end(&t, old, TROUBLE_STALE, TEST_NOW - 8 * DAY, TROUBLE_RECOVERED);
    note(&t, gone, TROUBLE_FAILING, TEST_NOW - 9 * DAY, TEST_NOW - 8 * DAY);
    end(&t, gone, TROUBLE_FAILING, TEST_NOW, TROUBLE_IS_GONE);
    note(&t, paused, TROUBLE_FAILING, TEST_NOW - 9 * DAY, TEST_NOW - 8 * DAY);
    OK(store_begin(t.store, NULL));
    OK(store_feed(t.store, paused, &t.arena, &feed, NULL));
    feed.state = FEED_STATE_PAUSED;
    OK(store_update_feed(t.store, &feed, NULL));
    OK(store_commit(t.store, NULL));
    assert_int_equal(untold(&t, "ann", true).n_rows, 0);
    OK(store_list_troubles(t.store, paused, &all, &t.arena, &history, NULL));
    assert_int_equal(history.rows[0].ending, TROUBLE_EDITED);
    assert_int_equal(history.rows[0].ended_at, TEST_NOW - 9 * DAY);
    test_store_close(&t);
}

/* Its publisher moves it, its owner edits it: only he makes a fresh start of it. */
static void test_other_address(void **state)
{
    static const struct {
        const char *url;
        enum trouble_ending ending;
    } cases[] = {
        {"https://a.example/moved", TROUBLE_OPEN  },
        {"https://a.example/typed", TROUBLE_EDITED},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct feed_check_row check = {.feed_id = 1, .at = TEST_NOW};
        struct trouble_list history;
        struct test_store t;
        struct feed_row feed;
        int64_t id;

        test_store_open(&t);
        id = test_store_feed(&t, "https://a.example/rss");
        note(&t, id, TROUBLE_STALE, TEST_NOW - 90 * DAY, TEST_NOW - 30 * DAY);
        OK(store_feed(t.store, id, &t.arena, &feed, NULL));
        feed.new_url = SLICE("https://a.example/moved");
        OK(store_begin(t.store, NULL));
        OK(store_add_feed_check(t.store, &feed, &check, NULL));
        feed.url = slice_from(cases[i].url);
        OK(store_update_feed(t.store, &feed, NULL));
        OK(store_commit(t.store, NULL));
        OK(store_list_troubles(t.store, id, &all, &t.arena, &history, NULL));
        assert_int_equal(history.n_rows, 1);
        assert_int_equal(history.rows[0].ending, cases[i].ending);
        test_store_close(&t);
    }
}

static void put_feed(struct test_store *t, const char *url, const char *country,
                     const char *language, enum feed_state state, enum feed_health health,
                     int64_t last_ok_at, int64_t last_new_at)
{
    const struct feed_check_row check = {.at = TEST_NOW};
    struct feed_row row = {.url = slice_from(url),
                           .country = slice_from(country),
                           .language = slice_from(language),
                           .state = state,
                           .health = health,
                           .last_ok_at = last_ok_at,
                           .last_new_at = last_new_at};
    struct feed_check_row of_feed = check;
    bool is_new;

    OK(store_begin(t->store, NULL));
    OK(store_add_feed(t->store, &row, &row.id, &is_new, NULL));
    of_feed.feed_id = row.id;
    OK(store_add_feed_check(t->store, &row, &of_feed, NULL));
    OK(store_commit(t->store, NULL));
}

static void test_coverage(void **state)
{
    static const struct coverage_row wanted[] = {
        {{"HU", 2}, 1, 0, TEST_NOW - 40 * DAY},
        {{"IE", 2}, 2, 1, TEST_NOW           },
        {{"RS", 2}, 2, 0, TEST_NOW - 31 * DAY},
    };
    struct feed_row child = {.url = SLICE("http://a/map.xml"), .parent_id = 1};
    struct coverage_list list;
    struct test_store t;
    bool is_new;

    WW_UNUSED(state);
    test_store_open(&t);
    put_feed(&t, "http://a/1", "IE", "en-IE", FEED_STATE_ACTIVE, FEED_HEALTH_RETRYING, TEST_NOW, 0);
    put_feed(&t, "http://a/2", "IE", "ga", FEED_STATE_ACTIVE, FEED_HEALTH_FAILING, 5, 5);
    put_feed(&t, "http://a/3", "IE", "", FEED_STATE_PAUSED, FEED_HEALTH_OK, 5, 5);
    put_feed(&t, "http://b/1", "RS", "sr", FEED_STATE_GONE, FEED_HEALTH_FAILING,
             TEST_NOW - 31 * DAY, 1);
    put_feed(&t, "http://b/2", "RS", "EN", FEED_STATE_ACTIVE, FEED_HEALTH_FAILING, 7, 7);
    put_feed(&t, "http://c/1", "HU", "", FEED_STATE_ACTIVE, FEED_HEALTH_STALE, TEST_NOW,
             TEST_NOW - 40 * DAY);
    put_feed(&t, "http://d/1", "CZ", "cs", FEED_STATE_REMOVED, FEED_HEALTH_OK, TEST_NOW, TEST_NOW);
    OK(store_begin(t.store, NULL));
    OK(store_add_feed(t.store, &child, &child.id, &is_new, NULL));
    OK(store_commit(t.store, NULL));
    OK(store_list_coverage(t.store, COVERAGE_COUNTRY, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, WW_COUNT(wanted));
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct coverage_row *got = &list.rows[i], *want = &wanted[i];

        if (!slice_equal(got->code, want->code) || got->n_feeds != want->n_feeds ||
            got->n_healthy != want->n_healthy || got->last_ok_at != want->last_ok_at)
            fail_msg("%.*s: %lld feeds, %lld healthy, last at %lld", SLICE_ARG(got->code),
                     (long long)got->n_feeds, (long long)got->n_healthy,
                     (long long)got->last_ok_at);
    }
    OK(store_list_coverage(t.store, COVERAGE_LANGUAGE, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 4);
    assert_int_equal(list.rows[0].code.len, 0);
    assert_int_equal(list.rows[0].n_feeds, 1);    /* the index speaks for its sitemaps */
    assert_false(coverage_is_gap(&list.rows[0])); /* none is no language */
    assert_true(slice_equal(list.rows[1].code, SLICE("en")));
    assert_int_equal(list.rows[1].n_feeds, 2);
    assert_false(coverage_is_gap(&list.rows[1]));
    assert_true(coverage_is_gap(&list.rows[2]));
    assert_true(slice_equal(list.rows[3].code, SLICE("sr")));
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_told_once),
        cmocka_unit_test(test_untold_ends),
        cmocka_unit_test(test_other_address),
        cmocka_unit_test(test_coverage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
