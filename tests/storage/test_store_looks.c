/* test_store_looks.c - which pages are looked at again, once; and what became of them. */
#include "storage/store_looks.h"

#include "base/attrs.h"
#include "base/limits.h"
#include "storage/store_events.h"
#include "storage/store_pages.h"
#include "storage/store_stories.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define DAY 86400

static int64_t add_page(struct test_store *t, const char *url, enum page_state state)
{
    struct page_row row = {.url = slice_from(url),
                           .canonical = slice_from(url),
                           .host = SLICE("https://a.example"),
                           .state = state,
                           .added_at = TEST_NOW};
    bool is_new;

    OK(store_begin(t->store, NULL));
    OK(store_queue_page(t->store, &row, &row.id, &is_new, NULL));
    OK(store_commit(t->store, NULL));
    return row.id;
}

static int64_t add_article(struct test_store *t, const char *url, int64_t page_id,
                           int64_t fetched_at, bool is_historic)
{
    struct article_row row = {.url = slice_from(url),
                              .canonical = slice_from(url),
                              .title = SLICE("A title"),
                              .first_seen_at = fetched_at,
                              .fetched_at = fetched_at,
                              .page_id = page_id,
                              .is_historic = is_historic};
    const struct article_text text = {slice_from(url), SLICE("")};
    int64_t id;
    bool is_new;

    OK(store_begin(t->store, NULL));
    OK(store_add_article(t->store, &row, &text, &id, &is_new, NULL));
    OK(store_commit(t->store, NULL));
    return id;
}

static void look_at(struct test_store *t, int64_t article_id, int64_t now)
{
    OK(store_begin(t->store, NULL));
    OK(store_look_at(t->store, article_id, now, NULL));
    OK(store_commit(t->store, NULL));
}

static void whose_page_is_looked_at(void **state)
{
    static const struct {
        const char *url;
        enum page_state state;
        bool has_page, is_historic, is_looked_at;
        int64_t age_s;
    } cases[] = {
        {"https://a.example/new",      PAGE_STATE_DONE, true,  false, true,  60         },
        {"https://a.example/late",     PAGE_STATE_DONE, true,  false, true,  20 * DAY   },
        {"https://a.example/old",      PAGE_STATE_DONE, true,  false, false, LOOK_LAST_S},
        {"https://a.example/historic", PAGE_STATE_DONE, true,  true,  false, 60         },
        {"https://a.example/file",     PAGE_STATE_DONE, false, false, false, 60         },
        {"https://a.example/gone",     PAGE_STATE_GONE, true,  false, false, 60         },
    };
    struct test_store t;

    WW_UNUSED(state);
    test_store_open(&t);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const int64_t page = add_page(&t, cases[i].url, cases[i].state);
        const int64_t article = add_article(&t, cases[i].url, cases[i].has_page ? page : 0,
                                            TEST_NOW - cases[i].age_s, cases[i].is_historic);
        struct look_row row;

        look_at(&t, article, TEST_NOW);
        if ((store_look(t.store, page, &t.arena, &row, NULL) == WW_OK) != cases[i].is_looked_at)
            fail_msg("%s", cases[i].url);
        if (cases[i].is_looked_at && (row.began_at != TEST_NOW - cases[i].age_s ||
                                      row.due_at != row.began_at + LOOK_FIRST_S || row.step != 0))
            fail_msg("%s: began %lld due %lld", cases[i].url, (long long)row.began_at,
                     (long long)row.due_at);
    }
    test_store_close(&t);
}

static void a_second_mention_begins_nothing_anew(void **state)
{
    struct test_store t;
    struct look_row row = {0};
    int64_t page, first, second;

    WW_UNUSED(state);
    test_store_open(&t);
    page = add_page(&t, "https://a.example/1", PAGE_STATE_DONE);
    first = add_article(&t, "https://a.example/1", page, TEST_NOW, false);
    second = add_article(&t, "https://a.example/1?v=2", page, TEST_NOW + 7 * DAY, false);
    look_at(&t, first, TEST_NOW);
    OK(store_look(t.store, page, &t.arena, &row, NULL));
    row.step = 5;
    row.due_at = 0; /* all are over */
    row.missing = SLICE("404");
    row.missing_since = TEST_NOW + DAY;
    row.is_removed = true;
    row.n_tries = 2;
    OK(store_begin(t.store, NULL));
    OK(store_update_look(t.store, &row, NULL));
    OK(store_commit(t.store, NULL));
    look_at(&t, second, TEST_NOW + 7 * DAY);
    OK(store_look(t.store, page, &t.arena, &row, NULL));
    assert_int_equal(row.began_at, TEST_NOW);
    assert_int_equal(row.step, 5);
    assert_int_equal(row.due_at, 0);
    assert_int_equal(row.n_tries, 2);
    assert_true(slice_equal(row.missing, SLICE("404")));
    assert_int_equal(row.missing_since, TEST_NOW + DAY);
    assert_true(row.is_removed);
    test_store_close(&t);
}

static void what_is_due(void **state)
{
    static const char *const urls[] = {"https://a.example/1", "https://a.example/2",
                                       "https://a.example/3"};
    struct test_store t;
    struct look_list list;
    int64_t pages[WW_COUNT(urls)];
    struct page_row page;

    WW_UNUSED(state);
    test_store_open(&t);
    for (size_t i = 0; i < WW_COUNT(urls); i++) {
        pages[i] = add_page(&t, urls[i], PAGE_STATE_DONE);
        look_at(&t, add_article(&t, urls[i], pages[i], TEST_NOW - 60 * (int64_t)i, false),
                TEST_NOW);
    }
    OK(store_list_due_looks(t.store, TEST_NOW + LOOK_FIRST_S - 121, 10, 10, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 0);
    OK(store_list_due_looks(t.store, TEST_NOW + LOOK_FIRST_S - 60, 10, 10, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 2);
    assert_int_equal(list.rows[0].page_id, pages[2]);
    assert_true(slice_equal(list.rows[0].url, slice_from(urls[2])));
    OK(store_list_due_looks(t.store, TEST_NOW + DAY, 2, 10, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 2); /* of one host */
    /* What is queued will be asked anyway. */
    OK(store_page(t.store, pages[2], &t.arena, &page, NULL));
    page.state = PAGE_STATE_QUEUED;
    OK(store_begin(t.store, NULL));
    OK(store_update_page(t.store, &page, NULL));
    OK(store_commit(t.store, NULL));
    OK(store_list_due_looks(t.store, TEST_NOW + DAY, 10, 1, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 1);
    assert_int_equal(list.rows[0].page_id, pages[1]);
    test_store_close(&t);
}

static size_t count(struct test_store *t, const struct event_filter *filter)
{
    struct event_list list;

    OK(store_list_events(t->store, filter, &t->arena, &list, NULL));
    return list.n_rows;
}

static void events_by_filter(void **state)
{
    struct test_store t;
    struct event_list list;
    struct event_row row;
    int64_t page, first, second, other, story, changed, removed, watchlist;

    WW_UNUSED(state);
    test_store_open(&t);
    watchlist = test_store_watchlist(&t, "list");
    page = add_page(&t, "https://a.example/1", PAGE_STATE_DONE);
    first = add_article(&t, "https://a.example/1", page, TEST_NOW, false);
    second = add_article(&t, "https://a.example/1?v=2", page, TEST_NOW + DAY, false);
    other = add_article(&t, "https://a.example/2",
                        add_page(&t, "https://a.example/2", PAGE_STATE_DONE), TEST_NOW, false);
    OK(store_begin(t.store, NULL));
    OK(store_add_story(t.store, other, TEST_NOW, &story, NULL));
    row = (struct event_row){.page_id = page,
                             .article_id = first,
                             .newer_id = second,
                             .kind = EVENT_CHANGED,
                             .is_noted = true,
                             .at = TEST_NOW + DAY};
    OK(store_add_event(t.store, &row, &changed, NULL));
    row = (struct event_row){.page_id = page + 1,
                             .article_id = other,
                             .kind = EVENT_REMOVED,
                             .how = SLICE("front page"),
                             .at = TEST_NOW + 2 * DAY};
    OK(store_add_event(t.store, &row, &removed, NULL));
    OK(store_commit(t.store, NULL));

    OK(store_list_events(t.store, &(struct event_filter){0}, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 2);
    assert_int_equal(list.rows[0].id, removed); /* newest first */
    assert_int_equal(list.rows[0].kind, EVENT_REMOVED);
    assert_true(slice_equal(list.rows[0].how, SLICE("front page")));
    assert_int_equal(list.rows[0].newer_id, 0);
    assert_int_equal(list.rows[1].newer_id, second);
    assert_true(list.rows[1].is_noted);
    /* Of any version of the page. */
    assert_int_equal(count(&t, &(struct event_filter){.article_id = first}), 1);
    assert_int_equal(count(&t, &(struct event_filter){.article_id = second}), 1);
    assert_int_equal(count(&t, &(struct event_filter){.story_id = story}), 1);
    assert_int_equal(count(&t, &(struct event_filter){.story_id = story + 1}), 0);
    assert_int_equal(count(&t, &(struct event_filter){.window = {.since = TEST_NOW + DAY + 1}}), 1);
    assert_int_equal(count(&t, &(struct event_filter){.window = {.until = TEST_NOW + DAY + 1}}), 1);
    assert_int_equal(count(&t, &(struct event_filter){.after_id = changed}), 1);
    assert_int_equal(count(&t, &(struct event_filter){.has_kind = true, .kind = EVENT_CHANGED}), 1);

    OK(store_begin(t.store, NULL));
    OK(store_set_event_scanned(t.store, changed, watchlist, NULL));
    OK(store_commit(t.store, NULL));
    OK(store_list_events(t.store, &(struct event_filter){.is_unscanned = true}, &t.arena, &list,
                         NULL));
    assert_int_equal(list.n_rows, 1);
    assert_int_equal(list.rows[0].id, removed);
    OK(store_event(t.store, changed, &t.arena, &row, NULL));
    assert_int_equal(row.scanned_with, watchlist);
    assert_int_equal(store_event(t.store, 99, &t.arena, &row, NULL), WW_NOT_FOUND);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_page_is_looked_at),
        cmocka_unit_test(a_second_mention_begins_nothing_anew),
        cmocka_unit_test(what_is_due),
        cmocka_unit_test(events_by_filter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
