/* test_mutes.c - what a mute covers and when, and that what it withheld is noted once and stays. */
#include "alerts/mutes.h"

#include "alerts/mail/analyst.h"
#include "alerts/mail/digest.h"
#include "alerts/mail/letter.h"
#include "alerts/mail/plan.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "storage/store_articles.h"
#include "storage/store_outbox.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define DAY 86400
#define T INT64_C(1700000000)

static void which_alerts_a_mute_covers(void **state)
{
    static const struct {
        const char *name;
        int64_t story;
        const char *item, *outlet;
        int64_t ended_at, now, at, n_outlets;
        bool covers;
    } cases[] = {
        {"by item",                 0, "pier", "",     0,       T + 1,       T + 1,       1, true },
        {"another item",            0, "bay",  "",     0,       T + 1,       T + 1,       1, false},
        {"by story",                5, "",     "",     0,       T + 1,       T + 1,       1, true },
        {"another story",           6, "",     "",     0,       T + 1,       T + 1,       1, false},
        {"by outlet",               0, "",     "Post", 0,       T + 1,       T + 1,       1, true },
        {"others print it",         0, "",     "Post", 0,       T + 1,       T + 1,       2, false},
        {"another outlet",          0, "",     "Wire", 0,       T + 1,       T + 1,       1, false},
        {"all of three",            5, "pier", "Post", 0,       T + 1,       T + 1,       1, true },
        {"one of three is not",     5, "bay",  "Post", 0,       T + 1,       T + 1,       1, false},
        {"it waited already",       0, "pier", "",     0,       T + 1,       T - DAY,     1, true },
        {"names nothing",           0, "",     "",     0,       T + 1,       T + 1,       1, false},
        {"the first second",        0, "pier", "",     0,       T,           T,           1, true },
        {"not begun",               0, "pier", "",     0,       T - 1,       T - 1,       1, false},
        {"the last second",         0, "pier", "",     0,       T + DAY - 1, T + DAY - 1, 1, true },
        {"over",                    0, "pier", "",     0,       T + DAY,     T + DAY,     1, false},
        {"came before it was over", 0, "pier", "",     0,       T + DAY,     T + 5,       1, true },
        {"ended by hand",           0, "pier", "",     T + 100, T + 100,     T + 100,     1, false},
        {"came before that",        0, "pier", "",     T + 100, T + 200,     T + 99,      1, true },
        {"a mistake, taken back",   0, "pier", "",     T + 100, T + 200,     T - 5,       1, false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct mute_row m = {.story_id = cases[i].story,
                                   .item = slice_from(cases[i].item),
                                   .outlet = slice_from(cases[i].outlet),
                                   .created_at = T,
                                   .until = T + DAY,
                                   .ended_at = cases[i].ended_at};
        const struct mute_subject subject = {.story_id = 5,
                                             .item = SLICE("pier"),
                                             .outlet = SLICE("Post"),
                                             .at = cases[i].at,
                                             .n_outlets = cases[i].n_outlets};

        if (mute_covers(&m, &subject, cases[i].now) != cases[i].covers)
            fail_msg("%s", cases[i].name);
    }
}

/* ---- with a store ---------------------------------------------------------------------------- */

static const struct letter_sender sender = {
    .from = {"Wire Watch <w@example.org>", 26},
      .list_id = {"watch.example.org",          17}
};

static struct analyst analyst_of(const char *name)
{
    return (struct analyst){.name = slice_from(name),
                            .address = SLICE("a@example.org"),
                            .is_every_run = true,
                            .wants_troubles = true,
                            .wants_possible = true,
                            .analysts = SLICE("|ann|bob|")};
}

static void add_alert(struct test_store *t, const char *item, const char *owner, int64_t at)
{
    char url[80];
    int64_t list = test_store_watchlist(t, "a list");
    struct article_row article;
    struct mention_row mention = {.watchlist_id = list,
                                  .item = slice_from(item),
                                  .kind = SLICE("site"),
                                  .alias = SLICE("Pier"),
                                  .rule = SLICE("direct"),
                                  .field = MENTION_TEXT,
                                  .end = 4,
                                  .sentence_end = 4,
                                  .quote = SLICE("Pier")};
    struct alert_row alert = {.watchlist_id = list,
                              .item = slice_from(item),
                              .item_kind = SLICE("site"),
                              .severity = SEVERITY_HIGH,
                              .created_at = at,
                              .owner = slice_from(owner)};
    int64_t id;
    bool is_new;

    (void)snprintf(url, sizeof(url), "https://a.example/%s-%lld", item, (long long)at);
    mention.article_id = alert.article_id = test_store_article(t, url, url, "Pier closed");
    OK(store_article(t->store, alert.article_id, &t->arena, &article, NULL));
    alert.story_id = article.story_id;
    OK(store_begin(t->store, NULL));
    OK(store_add_mention(t->store, &mention, &alert.mention_id, NULL));
    OK(store_add_alert(t->store, &alert, &id, &is_new, NULL));
    OK(store_commit(t->store, NULL));
}

static size_t tell(struct test_store *t, const char *name, int64_t now)
{
    const struct analyst analyst = analyst_of(name);
    struct plan_summary n_told = {0};

    OK(plan_queue_now(t->store, &analyst, &sender, now, &n_told, NULL));
    return n_told.n_told;
}

static int64_t n_withheld(struct test_store *t, const char *name)
{
    struct mute_list list;

    OK(store_list_mutes(t->store, 0, slice_from(name), &t->arena, &list, NULL));
    return list.rows[0].n_withheld;
}

/* Told to the other analyst; withheld once; not sent after all when the mute is over. */
static void what_came_meanwhile_stays_withheld(void **state)
{
    const struct mute_row mute = {
        .item = SLICE("pier"), .analyst = SLICE("ann"), .created_at = T, .until = T + 2 * DAY};
    const struct analyst ann = analyst_of("ann");
    struct digest d;
    struct buf text;
    struct test_store t;
    int64_t id;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_begin(t.store, NULL));
    OK(store_add_mute(t.store, &mute, &id, NULL));
    OK(store_commit(t.store, NULL));
    add_alert(&t, "pier", "", T + 10);
    OK(digest_gather(t.store, &(struct digest_choice){.analyst = &ann, .now = T + 15}, &t.arena, &d,
                     NULL)); /* a preview */
    assert_int_equal(d.n_alerts, 0);
    assert_int_equal(n_withheld(&t, "ann"), 0);
    assert_int_equal(tell(&t, "ann", T + 20), 0);
    assert_int_equal(tell(&t, "ann", T + 30), 0);
    assert_int_equal(n_withheld(&t, "ann"), 1);
    assert_int_equal(tell(&t, "bob", T + 40), 1);
    add_alert(&t, "bay", "", T + 50);
    OK(digest_gather(t.store, &(struct digest_choice){.analyst = &ann, .now = T + 60}, &t.arena, &d,
                     NULL));
    assert_int_equal(d.n_alerts, 1);
    assert_int_equal(d.n_mutes, 1);
    buf_init(&text, DIGEST_MAX_BYTES);
    digest_text(&d, &text);
    assert_true(slice_contains(buf_slice(&text), SLICE("Muted: item pier until")));
    assert_true(slice_contains(buf_slice(&text), SLICE("1 alert withheld")));
    buf_reset(&text);
    digest_html(&d, &text);
    assert_true(slice_contains(buf_slice(&text), SLICE("Muted: item pier until")));
    buf_release(&text);
    assert_int_equal(tell(&t, "ann", T + 60), 1);
    /* Over: the next alert is told, the one that was withheld is not. */
    add_alert(&t, "pier", "", T + 3 * DAY);
    OK(digest_gather(t.store, &(struct digest_choice){.analyst = &ann, .now = T + 3 * DAY},
                     &t.arena, &d, NULL));
    assert_int_equal(d.n_alerts, 1);
    assert_int_equal(d.stories[0].first->alert.created_at, T + 3 * DAY);
    assert_true(slice_contains(d.mutes[0], SLICE("ended")));
    assert_int_equal(tell(&t, "ann", T + 3 * DAY), 1);
    assert_int_equal(tell(&t, "ann", T + 4 * DAY), 0);
    assert_int_equal(n_withheld(&t, "ann"), 1);
    test_store_close(&t);
}

static void an_item_of_one_analyst_is_told_to_him(void **state)
{
    struct test_store t;

    WW_UNUSED(state);
    test_store_open(&t);
    add_alert(&t, "pier", "ann", T);
    add_alert(&t, "bay", "somebody", T);
    assert_int_equal(tell(&t, "bob", T), 1); /* an owner who is nobody: all are told */
    assert_int_equal(tell(&t, "ann", T), 2);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_alerts_a_mute_covers),
        cmocka_unit_test(what_came_meanwhile_stays_withheld),
        cmocka_unit_test(an_item_of_one_analyst_is_told_to_him),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
