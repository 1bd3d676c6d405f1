/* test_scan.c - pass 2 over a store: alerts once, copies silent, history never live, versions. */
#include "alerts/scan.h"

#include "alerts/watchlist.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/record.h"
#include "storage/store_alerts.h"
#include "storage/store_looks.h"
#include "storage/store_pages.h"
#include "storage/store_stories.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DAMS "tests/alerts/data/dams"
#define DAY 86400

/* The list of dams, or one of a single alias. */
static void read_list(struct arena *arena, const char *alias, struct watchlist *w)
{
    struct buf content;
    struct ww_error err = {0};

    if (alias == NULL) {
        if (watchlist_read(DAMS, arena, w, &err) != WW_OK)
            fail_msg("%s", err.message);
        return;
    }
    buf_init(&content, 10000);
    record_put_text(&content, SLICE("stations.csv"));
    record_put_text(&content, arena_printf(arena, "id,aliases\nother,%s\n", alias));
    if (watchlist_parse(buf_slice(&content), arena, w, &err) != WW_OK)
        fail_msg("%s", err.message);
    buf_release(&content);
}

static struct scan_summary scan(struct test_store *t, const struct watchlist *w)
{
    struct scan_options options = {.folder = SLICE("dams"), .max_age_s = 14 * DAY};
    struct clock clock = clock_fixed(TEST_NOW);
    struct scan_summary summary;
    struct ww_error err = {0};

    if (scan_run(t->store, w, &options, &clock, NULL, &summary, &err) != WW_OK)
        fail_msg("%s", err.message);
    return summary;
}

/* What is stored of an article, beside what add_article_of is given. */
static int64_t recirculates, last_article;

static int64_t add_article_of(struct test_store *t, const char *provenance, const char *url,
                              const char *text, int64_t at, bool is_historic, int64_t story)
{
    struct article_row row = {.url = slice_from(url),
                              .canonical = slice_from(url),
                              .title = SLICE("News"),
                              .language = SLICE("en"),
                              .provenance = slice_from(provenance),
                              .published_at = at,
                              .first_seen_at = TEST_NOW,
                              .fetched_at = TEST_NOW,
                              .recirculates_id = recirculates,
                              .is_historic = is_historic};
    struct article_text texts = {slice_from(text), SLICE("")};
    int64_t id;
    bool is_new;

    assert_int_equal(store_begin(t->store, NULL), WW_OK);
    assert_int_equal(store_add_article(t->store, &row, &texts, &id, &is_new, NULL), WW_OK);
    if (story > 0)
        assert_int_equal(store_join_story(t->store, story, id, TEST_NOW, NULL), WW_OK);
    else
        assert_int_equal(store_add_story(t->store, id, TEST_NOW, &story, NULL), WW_OK);
    assert_int_equal(store_commit(t->store, NULL), WW_OK);
    last_article = id;
    return story;
}

static int64_t add_article(struct test_store *t, const char *url, const char *text, int64_t at,
                           bool is_historic, int64_t story)
{
    return add_article_of(t, "feed", url, text, at, is_historic, story);
}

static struct alert_view_list alerts_of(struct test_store *t, enum store_history history)
{
    struct alert_filter filter = {.history = history, .oldest_first = true};
    struct alert_view_list list;

    assert_int_equal(store_list_alerts(t->store, &filter, &t->arena, &list, NULL), WW_OK);
    return list;
}

static void test_once(void **state)
{
    struct test_store t;
    struct watchlist w;
    struct scan_summary s;
    struct alert_view_list alerts;
    int64_t story;

    WW_UNUSED(state);
    test_store_open(&t);
    read_list(&t.arena, NULL, &w);
    s = scan(&t, &w);
    assert_int_equal(s.n_articles, 0);
    story = add_article(&t, "http://127.0.0.1/a",
                        "Rain fell. A dam failure in Oldmoor and in Oldmoor again. Newmoor's "
                        "river dam failure.",
                        TEST_NOW, false, 0);
    (void)add_article(&t, "http://127.0.0.1/b", "A fair in Oldmoor.", TEST_NOW, false, 0);
    s = scan(&t, &w);
    assert_int_equal(s.n_articles, 2);
    assert_int_equal(s.n_mentions, 2);
    assert_int_equal(s.n_candidates, 1);
    assert_int_equal(s.n_alerts, 1);
    alerts = alerts_of(&t, STORE_LIVE);
    assert_int_equal(alerts.n_rows, 1);
    assert_true(slice_equal(alerts.rows[0].alert.item, SLICE("oldmoor")));
    assert_true(slice_equal(alerts.rows[0].alert.item_kind, SLICE("dam")));
    assert_true(slice_equal(alerts.rows[0].mention.quote, SLICE("Oldmoor")));
    assert_true(slice_equal(alerts.rows[0].mention.term, SLICE("dam failure")));
    assert_int_equal(alerts.rows[0].alert.severity, SEVERITY_HIGH);
    assert_true(slice_equal(alerts.rows[0].sentence,
                            SLICE("A dam failure in Oldmoor and in Oldmoor again.")));

    /* Nothing new: nothing is read. */
    s = scan(&t, &w);
    assert_int_equal(s.n_articles, 0);

    /* A copy raises no second alert, another item in it does. */
    (void)add_article(&t, "http://127.0.0.1/c", "A dam failure in Oldmoor and on the Tern.",
                      TEST_NOW, false, story);
    s = scan(&t, &w);
    assert_int_equal(s.n_articles, 1);
    assert_int_equal(s.n_alerts, 1);
    alerts = alerts_of(&t, STORE_LIVE);
    assert_int_equal(alerts.n_rows, 2);
    assert_true(slice_equal(alerts.rows[1].alert.item, SLICE("tern-authority")));
    assert_int_equal(alerts.rows[1].alert.severity, SEVERITY_LOW); /* as its row says */
    test_store_close(&t);
}

/* A country that is a site too: one alert, of the site. */
static void test_country_site(void **state)
{
    struct test_store t;
    struct watchlist w;
    struct buf content;
    struct alert_view_list alerts;

    WW_UNUSED(state);
    test_store_open(&t);
    buf_init(&content, 10000);
    record_put_text(&content, SLICE("stations.csv"));
    record_put_text(&content, SLICE("id,kind,site,match_scope\nx1,dam,xx,country\n"));
    record_put_text(&content, SLICE("terms.csv"));
    record_put_text(&content, SLICE("language,term,role\nen,dam failure,term\n"));
    record_put_text(&content, SLICE("places.csv"));
    record_put_text(&content, SLICE("id,type,country,name,demonyms,watch\n"
                                    "xx,country,XX,Xland,en:Xish,named-country\n"));
    assert_int_equal(watchlist_parse(buf_slice(&content), &t.arena, &w, NULL), WW_OK);
    (void)add_article(&t, "http://127.0.0.1/a", "A Xish dam failure. Dam failure in Xland.",
                      TEST_NOW, false, 0);
    assert_int_equal(scan(&t, &w).n_alerts, 1);
    alerts = alerts_of(&t, STORE_LIVE);
    assert_true(slice_equal(alerts.rows[0].alert.item_kind, SLICE("dam")));
    assert_int_equal(alerts.rows[0].alert.severity, SEVERITY_HIGH);
    buf_release(&content);
    test_store_close(&t);
}

static void test_history(void **state)
{
    struct test_store t;
    struct watchlist w;
    struct scan_summary s;

    WW_UNUSED(state);
    test_store_open(&t);
    read_list(&t.arena, NULL, &w);
    (void)add_article(&t, "http://127.0.0.1/old", "A dam failure in Oldmoor.", TEST_NOW - 15 * DAY,
                      false, 0);
    (void)add_article(&t, "http://127.0.0.1/fill", "A dam failure in Oldmoor.", TEST_NOW, true, 0);
    (void)add_article(&t, "http://127.0.0.1/new", "A dam failure in Oldmoor.", TEST_NOW - 13 * DAY,
                      false, 0);
    s = scan(&t, &w);
    assert_int_equal(s.n_alerts, 1);
    assert_int_equal(s.n_alerts_historic, 2);
    assert_int_equal(alerts_of(&t, STORE_LIVE).n_rows, 1);
    assert_int_equal(alerts_of(&t, STORE_HISTORIC).n_rows, 2);
    test_store_close(&t);
}

/*
 * A story that was history because its feed was new is news when another article tells it. One of a
 * backfill stays what it was, and so does an old one, and one that has only been edited.
 */
static void test_history_ends(void **state)
{
    static const char text[] = "A dam failure in Oldmoor.";
    static const struct {
        const char *provenance, *first, *second;
        int64_t at;
        int64_t n_live;
    } cases[] = {
        {"feed",  "http://127.0.0.1/a", "http://127.0.0.1/b", TEST_NOW - 5 * DAY,  1},
        {"feed",  "http://127.0.0.1/a", "http://127.0.0.1/b", 0,                   1},
        {"feed",  "http://127.0.0.1/a", "http://127.0.0.1/b", TEST_NOW - 15 * DAY, 0},
        {"feed",  "http://127.0.0.1/a", "http://127.0.0.1/a", TEST_NOW - 5 * DAY,  0},
        {"files", "http://127.0.0.1/a", "http://127.0.0.1/b", TEST_NOW - 5 * DAY,  0},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct test_store t;
        struct watchlist w;
        struct scan_summary s;
        int64_t story;

        test_store_open(&t);
        read_list(&t.arena, NULL, &w);
        story = add_article_of(&t, cases[i].provenance, cases[i].first, text, cases[i].at, true, 0);
        s = scan(&t, &w);
        assert_int_equal(s.n_alerts_historic, 1);
        (void)add_article(&t, cases[i].second, "A dam failure in Oldmoor, again.", TEST_NOW, false,
                          story);
        s = scan(&t, &w);
        if (s.n_alerts != cases[i].n_live ||
            alerts_of(&t, STORE_LIVE).n_rows != (size_t)cases[i].n_live)
            fail_msg("case %zu: %d live alerts", i, (int)s.n_alerts);
        assert_int_equal(alerts_of(&t, STORE_HISTORIC).n_rows, 1 - cases[i].n_live);
        if (cases[i].n_live == 1)
            assert_true(slice_equal(alerts_of(&t, STORE_LIVE).rows[0].article.url,
                                    slice_from(cases[i].second)));
        test_store_close(&t);
    }
}

/*
 * Old text under a new date is history, and makes no news of what history raised. What only seems
 * old, because the earlier print is of last week, is news.
 */
static void test_recirculated(void **state)
{
    static const char text[] = "A dam failure in Oldmoor.";
    static const struct {
        int64_t earlier_at;
        bool has_alerted; /* the earlier one, by the time that the new one comes */
        int64_t n_live;
    } cases[] = {
        {TEST_NOW - 400 * DAY, false, 0},
        {TEST_NOW - 400 * DAY, true,  0},
        {TEST_NOW - 5 * DAY,   false, 1},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct test_store t;
        struct watchlist w;
        int64_t story, n_live = 0;

        test_store_open(&t);
        read_list(&t.arena, NULL, &w);
        story = add_article(&t, "http://127.0.0.1/a", cases[i].has_alerted ? text : "Rain.",
                            cases[i].earlier_at, false, 0);
        n_live += scan(&t, &w).n_alerts;
        recirculates = last_article;
        (void)add_article(&t, "http://127.0.0.1/b", text, TEST_NOW, false, story);
        n_live += scan(&t, &w).n_alerts;
        recirculates = 0;
        if (n_live != cases[i].n_live)
            fail_msg("case %zu: %d live alerts", i, (int)n_live);
        /* Nor does another copy, when the old text itself raised the alert. */
        (void)add_article(&t, "http://127.0.0.1/c", text, TEST_NOW, false, story);
        assert_int_equal(scan(&t, &w).n_alerts, 0);
        assert_int_equal(alerts_of(&t, STORE_LIVE).n_rows, cases[i].n_live);
        test_store_close(&t);
    }
}

/* The page of what is told of is looked at again; of history and of the rest it is not. */
static void test_looks(void **state)
{
    static const struct {
        const char *url, *text;
        int64_t age_s;
        bool is_looked_at;
    } cases[] = {
        {"https://h.example/told",  "They closed Oldmoor Barrage.", 0,        true },
        {"https://h.example/other", "Fair weather.",                0,        false},
        {"https://h.example/old",   "They closed Oldmoor Barrage.", 90 * DAY, false},
    };
    struct test_store t;
    struct watchlist w;
    struct arena arena;

    WW_UNUSED(state);
    test_store_open(&t);
    arena_init(&arena, WATCHLIST_ARENA_MAX_BYTES);
    read_list(&arena, NULL, &w);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct slice url = slice_from(cases[i].url);
        struct page_row page = {.url = url, .canonical = url, .state = PAGE_STATE_DONE};
        struct article_row row = {.url = url,
                                  .canonical = url,
                                  .title = SLICE("News"),
                                  .language = SLICE("en"),
                                  .published_at = TEST_NOW - cases[i].age_s,
                                  .first_seen_at = TEST_NOW,
                                  .fetched_at = TEST_NOW};
        const struct article_text text = {slice_from(cases[i].text), SLICE("")};
        bool is_new;

        assert_int_equal(store_begin(t.store, NULL), WW_OK);
        assert_int_equal(store_queue_page(t.store, &page, &row.page_id, &is_new, NULL), WW_OK);
        assert_int_equal(store_add_article(t.store, &row, &text, &row.id, &is_new, NULL), WW_OK);
        assert_int_equal(store_commit(t.store, NULL), WW_OK);
    }
    assert_int_equal(scan(&t, &w).n_mentions, 2);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct look_row look;

        if ((store_look(t.store, (int64_t)i + 1, &t.arena, &look, NULL) == WW_OK) !=
            cases[i].is_looked_at)
            fail_msg("%s", cases[i].url);
    }
    arena_release(&arena);
    test_store_close(&t);
}

/* Another watchlist sees the whole archive once; going back is another version again. */
static size_t count_alerts(struct test_store *t, enum alert_choice cause)
{
    struct alert_filter filter = {.cause = cause};
    struct alert_view_list list;

    assert_int_equal(store_list_alerts(t->store, &filter, &t->arena, &list, NULL), WW_OK);
    for (size_t i = 0; i < list.n_rows && cause != ALERTS_ANY; i++)
        assert_true((list.rows[i].alert.cause == CAUSE_RESCAN) == (cause == ALERTS_RESCAN));
    return list.n_rows;
}

static void test_versions(void **state)
{
    struct test_store t;
    struct watchlist dams;
    struct watchlist other;
    struct scan_summary s;
    struct watchlist_row row;
    int64_t first;

    WW_UNUSED(state);
    test_store_open(&t);
    read_list(&t.arena, NULL, &dams);
    read_list(&t.arena, "Grand Fair", &other);
    for (int i = 0; i < 150; i++) { /* more than a batch */
        struct slice url = arena_printf(&t.arena, "http://127.0.0.1/%d", i);

        (void)add_article(&t, url.ptr, i % 2 == 0 ? "A dam failure in Oldmoor." : "The Grand Fair.",
                          TEST_NOW, false, 0);
    }
    s = scan(&t, &dams);
    first = s.watchlist_id;
    assert_int_equal(s.n_articles, 150);
    assert_int_equal(s.n_alerts, 75);
    assert_int_equal(scan(&t, &dams).n_articles, 0);
    s = scan(&t, &other);
    assert_int_equal(s.n_articles, 150);
    assert_int_equal(s.n_alerts, 75);
    assert_int_not_equal(s.watchlist_id, first);
    /* What the archive gave to the new list stands apart. */
    assert_int_equal(count_alerts(&t, ALERTS_NOT_RESCAN), 75);
    assert_int_equal(count_alerts(&t, ALERTS_RESCAN), 75);
    assert_int_equal(count_alerts(&t, ALERTS_ANY), 150);
    assert_int_equal(scan(&t, &other).n_articles, 0);
    s = scan(&t, &dams);
    assert_int_equal(s.n_articles, 150);
    assert_int_equal(s.n_alerts, 0); /* the same stories and items */
    /* The version that an alert names can be read back whole. */
    assert_int_equal(store_watchlist(t.store, first, &t.arena, &row, NULL), WW_OK);
    assert_int_equal(watchlist_parse(row.content, &t.arena, &other, NULL), WW_OK);
    assert_string_equal(other.version, dams.version);
    test_store_close(&t);
}

/* Only what a change can touch is matched again, and says so; the rest stays as it was. */
static void test_change(void **state)
{
    struct test_store t;
    struct watchlist fair, lamp;
    struct scan_summary s;
    struct article_row article;
    int64_t first;

    WW_UNUSED(state);
    test_store_open(&t);
    read_list(&t.arena, "Quay Lamp", &lamp);
    read_list(&t.arena, "Grand Fair", &fair);
    for (int i = 0; i < 200; i++) {
        struct slice url = arena_printf(&t.arena, "http://127.0.0.1/%d", i);

        (void)add_article(&t, url.ptr, i % 50 == 49 ? "The Grand Fair." : "A fair, and rain fell.",
                          TEST_NOW, false, 0);
    }
    s = scan(&t, &lamp);
    first = s.watchlist_id;
    assert_false(s.is_narrowed);
    assert_int_equal(s.n_articles, 200);
    s = scan(&t, &fair);
    assert_true(s.is_narrowed);
    assert_int_equal(s.n_articles, 4);
    assert_int_equal(s.n_alerts, 4);
    assert_int_equal(s.n_alerts_rescan, 4);
    assert_int_equal(store_article(t.store, last_article, &t.arena, &article, NULL), WW_OK);
    assert_int_equal(article.scanned_with, s.watchlist_id);
    assert_int_equal(store_article(t.store, last_article - 1, &t.arena, &article, NULL), WW_OK);
    assert_int_equal(article.scanned_with, first);

    /* Back again: what was a mention is none now, and its article says so. */
    s = scan(&t, &lamp);
    assert_true(s.is_narrowed);
    assert_int_equal(s.n_articles, 4);
    assert_int_equal(s.n_mentions, 0);
    assert_int_equal(store_article(t.store, last_article, &t.arena, &article, NULL), WW_OK);
    assert_int_equal(article.scanned_with, s.watchlist_id);
    assert_int_equal(scan(&t, &lamp).n_articles, 0);
    test_store_close(&t);
}

static void test_stop(void **state)
{
    struct test_store t;
    struct watchlist w;
    volatile sig_atomic_t stop = 1;
    struct scan_options options = {.folder = SLICE("dams"), .max_age_s = DAY, .stop = &stop};
    struct clock clock = clock_fixed(TEST_NOW);
    struct scan_summary s;

    WW_UNUSED(state);
    test_store_open(&t);
    read_list(&t.arena, NULL, &w);
    (void)add_article(&t, "http://127.0.0.1/a", "A dam failure in Oldmoor.", TEST_NOW, false, 0);
    assert_int_equal(scan_run(t.store, &w, &options, &clock, NULL, &s, NULL), WW_OK);
    assert_int_equal(s.n_articles, 0);
    assert_int_equal(scan(&t, &w).n_articles, 1);
    test_store_close(&t);
}

/* Whatever allocation fails: nothing half-stored, and the next run does the work. */
static void test_out_of_memory(void **state)
{
    struct scan_options options = {.folder = SLICE("dams"), .max_age_s = DAY};
    struct clock clock = clock_fixed(TEST_NOW);
    struct test_store t;
    struct watchlist w;
    bool is_done = false;

    WW_UNUSED(state);
    test_store_open(&t);
    read_list(&t.arena, NULL, &w);
    (void)add_article(&t, "http://127.0.0.1/a", "A dam failure in Oldmoor, on the Tern.", TEST_NOW,
                      false, 0);
    for (long n = 1; n < 2000 && !is_done; n++) {
        struct scan_summary s;

        mem_fail_after(n);
        is_done = scan_run(t.store, &w, &options, &clock, NULL, &s, NULL) == WW_OK;
        mem_fail_after(0);
        assert_false(store_is_writing(t.store));
        assert_int_equal(alerts_of(&t, STORE_LIVE).n_rows, is_done || s.n_articles > 0 ? 2 : 0);
        if (s.n_articles > 0 && !is_done)
            is_done = true; /* stored, and failed behind it */
    }
    assert_true(is_done);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once),          cmocka_unit_test(test_country_site),
        cmocka_unit_test(test_history),       cmocka_unit_test(test_history_ends),
        cmocka_unit_test(test_recirculated),  cmocka_unit_test(test_versions),
        cmocka_unit_test(test_change),        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_out_of_memory), cmocka_unit_test(test_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
