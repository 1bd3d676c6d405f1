/* test_store_marks.c - what analysts say of alerts, what a mute withholds, the control set. */
#include "storage/store_marks.h"

#include "base/attrs.h"
#include "storage/store_outbox.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define NOW INT64_C(1700000000)
#define ANALYSTS SLICE("|asia|europe|")

static int64_t add_alert(struct test_store *t, const char *name, const char *owner,
                         const char *tags)
{
    char url[80];
    int64_t list = test_store_watchlist(t, "a list");
    struct article_row article;
    struct mention_row mention = {.watchlist_id = list,
                                  .item = SLICE("pier"),
                                  .kind = SLICE("site"),
                                  .alias = SLICE("Pier"),
                                  .rule = SLICE("direct"),
                                  .field = MENTION_TEXT,
                                  .end = 4,
                                  .sentence_end = 4,
                                  .quote = SLICE("Pier")};
    struct alert_row alert = {.watchlist_id = list,
                              .item = SLICE("pier"),
                              .item_kind = SLICE("site"),
                              .severity = SEVERITY_HIGH,
                              .created_at = NOW,
                              .owner = slice_from(owner),
                              .tags = slice_from(tags)};
    int64_t id;
    bool is_new;

    (void)snprintf(url, sizeof(url), "https://a.example/%s", name);
    mention.article_id = alert.article_id = test_store_article(t, url, name, "Pier closed");
    OK(store_article(t->store, alert.article_id, &t->arena, &article, NULL));
    alert.story_id = article.story_id;
    OK(store_begin(t->store, NULL));
    OK(store_add_mention(t->store, &mention, &alert.mention_id, NULL));
    OK(store_add_alert(t->store, &alert, &id, &is_new, NULL));
    OK(store_commit(t->store, NULL));
    assert_true(is_new);
    return id;
}

static void mark(struct test_store *t, int64_t alert_id, const char *analyst,
                 enum alert_verdict verdict)
{
    const struct mark_row row = {
        .alert_id = alert_id, .analyst = slice_from(analyst), .verdict = verdict, .at = NOW};
    int64_t id;

    OK(store_begin(t->store, NULL));
    OK(store_add_mark(t->store, &row, &id, NULL));
    OK(store_commit(t->store, NULL));
}

static size_t count(struct test_store *t, struct alert_filter filter)
{
    struct alert_view_list list;

    OK(store_list_alerts(t->store, &filter, &t->arena, &list, NULL));
    return list.n_rows;
}

static void the_newest_mark_of_an_analyst_counts(void **state)
{
    static const struct {
        const char *analyst;
        enum alert_verdict verdict, of_all;
        bool is_disputed;
    } steps[] = {
        {"asia",   MARK_IRRELEVANT, MARK_IRRELEVANT, false},
        {"asia",   MARK_RELEVANT,   MARK_RELEVANT,   false},
        {"europe", MARK_IRRELEVANT, MARK_IRRELEVANT, true },
        {"europe", MARK_NONE,       MARK_RELEVANT,   false},
        {"europe", MARK_KNOWN,      MARK_KNOWN,      false},
        {"europe", MARK_NONE,       MARK_RELEVANT,   false},
        {"asia",   MARK_NONE,       MARK_NONE,       false},
    };
    struct judged_filter filter = {0};
    struct judged_list judged;
    struct mark_list marks;
    struct alert_view v;
    struct test_store t;
    int64_t id;

    WW_UNUSED(state);
    test_store_open(&t);
    id = add_alert(&t, "one", "", "");
    for (size_t i = 0; i < WW_COUNT(steps); i++) {
        mark(&t, id, steps[i].analyst, steps[i].verdict);
        OK(store_alert(t.store, id, &t.arena, &v, NULL));
        assert_int_equal(v.verdict, steps[i].of_all);
        OK(store_list_judged(t.store, &filter, &t.arena, &judged, NULL));
        assert_int_equal(judged.n_rows, 1);
        assert_int_equal(judged.rows[0].verdict, steps[i].of_all);
        assert_int_equal(judged.rows[0].is_disputed, steps[i].is_disputed);
        assert_int_equal(count(&t, (struct alert_filter){.marked = ALERT_MARKED}),
                         steps[i].of_all != MARK_NONE);
        assert_int_equal(count(&t, (struct alert_filter){.marked = ALERT_UNMARKED}),
                         steps[i].of_all == MARK_NONE);
    }
    OK(store_list_marks(t.store, id, &t.arena, &marks, NULL));
    assert_int_equal(marks.n_rows, WW_COUNT(steps));
    mark(&t, id, "asia", MARK_KNOWN);
    filter.analyst = SLICE("europe");
    filter.is_marked = true;
    OK(store_list_judged(t.store, &filter, &t.arena, &judged, NULL));
    assert_int_equal(judged.n_rows, 0);
    assert_int_equal(count(&t, (struct alert_filter){.verdict = MARK_KNOWN}), 1);
    assert_int_equal(count(&t, (struct alert_filter){.verdict = MARK_RELEVANT}), 0);
    test_store_close(&t);
}

/* An owner whom nobody knows must not make an alert vanish. */
static void an_owners_alert_is_his_alone(void **state)
{
    static const struct {
        const char *owner, *analyst;
        size_t n;
    } cases[] = {
        {"",       "asia",   1},
        {"asia",   "asia",   1},
        {"asia",   "europe", 0},
        {"nobody", "asia",   1},
        {"as",     "europe", 1},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct test_store t;

        test_store_open(&t);
        (void)add_alert(&t, "one", cases[i].owner, "north harbour");
        assert_int_equal(
            count(&t, (struct alert_filter){.for_analyst = slice_from(cases[i].analyst),
                                            .analysts = ANALYSTS}),
            cases[i].n);
        assert_int_equal(count(&t, (struct alert_filter){.tag = SLICE("harbour")}), 1);
        assert_int_equal(count(&t, (struct alert_filter){.tag = SLICE("harb")}), 0);
        test_store_close(&t);
    }
}

static int64_t mute(struct test_store *t, struct mute_row row)
{
    int64_t id;

    row.created_at = NOW;
    row.until = NOW + 1000;
    OK(store_begin(t->store, NULL));
    OK(store_add_mute(t->store, &row, &id, NULL));
    OK(store_commit(t->store, NULL));
    return id;
}

static size_t n_mutes(struct test_store *t, int64_t after, const char *analyst)
{
    struct mute_list list;

    OK(store_list_mutes(t->store, after, slice_from(analyst), &t->arena, &list, NULL));
    return list.n_rows;
}

static void a_mute_ends_once(void **state)
{
    struct test_store t;
    int64_t id;

    WW_UNUSED(state);
    test_store_open(&t);
    id = mute(&t, (struct mute_row){.item = SLICE("pier"), .analyst = SLICE("asia")});
    assert_int_equal(n_mutes(&t, NOW + 999, ""), 1);
    assert_int_equal(n_mutes(&t, NOW + 1000, ""), 0);
    assert_int_equal(n_mutes(&t, 0, "asia"), 1);
    assert_int_equal(n_mutes(&t, 0, "europe"), 0);
    OK(store_begin(t.store, NULL));
    assert_int_equal(store_end_mute(t.store, id, NOW + 1000, NULL), WW_NOT_FOUND);
    OK(store_end_mute(t.store, id, NOW + 10, NULL));
    assert_int_equal(store_end_mute(t.store, id, NOW + 11, NULL), WW_NOT_FOUND);
    OK(store_commit(t.store, NULL));
    assert_int_equal(n_mutes(&t, NOW + 9, ""), 1);
    assert_int_equal(n_mutes(&t, NOW + 10, ""), 0);
    test_store_close(&t);
}

/* Withheld is withheld, but what another outlet prints is no longer that outlet's. */
static void what_was_withheld_is_listed(void **state)
{
    const struct alert_filter his = {.for_analyst = SLICE("asia"), .analysts = ANALYSTS};
    struct withheld_row row = {.analyst = SLICE("asia"), .at = NOW};
    struct withheld_list list;
    struct mute_list mutes;
    struct alert_view v;
    struct test_store t;

    WW_UNUSED(state);
    test_store_open(&t);
    row.alert_id = add_alert(&t, "one", "", "");
    row.mute_id = mute(&t, (struct mute_row){.item = SLICE("pier")});
    assert_int_equal(count(&t, his), 1);
    OK(store_begin(t.store, NULL));
    OK(store_withhold(t.store, &row, NULL));
    OK(store_withhold(t.store, &row, NULL));
    OK(store_commit(t.store, NULL));
    assert_int_equal(count(&t, his), 0);
    assert_int_equal(count(&t, (struct alert_filter){.is_muted = true}), 1);
    OK(store_list_withheld(t.store, row.alert_id, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 1);
    OK(store_list_mutes(t.store, 0, SLICE("asia"), &t.arena, &mutes, NULL));
    assert_int_equal(mutes.rows[0].n_withheld, 1);
    OK(store_alert(t.store, row.alert_id, &t.arena, &v, NULL));
    assert_int_equal(v.n_withheld, 1);
    OK(store_begin(t.store, NULL));
    OK(store_mark_told(t.store, SLICE("asia"), row.alert_id, NOW, TOLD_SEEN, NULL));
    OK(store_commit(t.store, NULL));
    assert_int_equal(count(&t, (struct alert_filter){.is_muted = true}), 0);
    OK(store_alert(t.store, row.alert_id, &t.arena, &v, NULL));
    assert_true(v.is_told);
    test_store_close(&t);
}

static void a_control_case_is_kept_once(void **state)
{
    struct control_row row = {.url = SLICE("https://a.example/1"),
                              .title = SLICE("A title"),
                              .body = SLICE("The pier is closed."),
                              .expected = SLICE("pier"),
                              .added_at = NOW};
    struct control_list list;
    struct test_store t;
    int64_t id;
    bool is_new;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_begin(t.store, NULL));
    OK(store_add_control(t.store, &row, &id, &is_new, NULL));
    assert_true(is_new);
    row.expected = SLICE("!pier *");
    OK(store_add_control(t.store, &row, &id, &is_new, NULL));
    assert_false(is_new);
    OK(store_commit(t.store, NULL));
    OK(store_list_controls(t.store, &(struct store_window){0}, &t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 1);
    assert_true(slice_equal(list.rows[0].expected, SLICE("!pier *")));
    assert_true(slice_equal(list.rows[0].body, row.body));
    OK(store_begin(t.store, NULL));
    OK(store_remove_control(t.store, id, NULL));
    assert_int_equal(store_remove_control(t.store, id, NULL), WW_NOT_FOUND);
    OK(store_commit(t.store, NULL));
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_mark_of_an_analyst_counts),
        cmocka_unit_test(an_owners_alert_is_his_alone),
        cmocka_unit_test(a_mute_ends_once),
        cmocka_unit_test(what_was_withheld_is_listed),
        cmocka_unit_test(a_control_case_is_kept_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
