/* test_digest_health.c - what a digest says of the watch itself: once each, to each analyst. */
#include "alerts/mail/analyst.h"
#include "alerts/mail/digest.h"
#include "alerts/mail/letter.h"
#include "alerts/mail/plan.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "storage/store_feeds.h"
#include "storage/store_runs.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define DAY INT64_C(86400)
#define NOW TEST_NOW /* Tuesday 14 November 2023, 22:13 UTC */

static const struct analyst ann = {
    .name = {"ann",             3 },
    .address = {"ann@example.org", 15},
    .is_every_run = true,
    .wants_troubles = true,
    .wants_possible = true,
};
static const struct analyst bob = {
    .name = {"bob",                                   3          },
    .address = {"bob@example.org",                       15         },
    .wants_troubles = true,
    .hours = {.rows = {{.days = 0x7F, .minute = 450}}, .n_rows = 1}
};
static const struct letter_sender sender = {
    .from = {"Wire Watch <w@example.org>", 26},
      .list_id = {"watch.example.org",          17}
};

static int64_t add_feed(struct test_store *t, const char *title, const char *country,
                        enum feed_health health)
{
    char url[128];
    struct feed_row row = {.title = slice_from(title),
                           .country = slice_from(country),
                           .language = SLICE("en"),
                           .health = health,
                           .last_ok_at = NOW - 31 * DAY,
                           .added_at = NOW - 90 * DAY};
    bool is_new;

    (void)snprintf(url, sizeof(url), "https://%s.example/rss", title);
    row.url = slice_from(url);
    OK(store_begin(t->store, NULL));
    OK(store_add_feed(t->store, &row, &row.id, &is_new, NULL));
    OK(store_commit(t->store, NULL));
    return row.id;
}

static void persist(struct test_store *t, int64_t feed_id, enum trouble_kind kind, int64_t at)
{
    const struct trouble_row row = {.feed_id = feed_id,
                                    .kind = kind,
                                    .began_at = at - 3 * DAY,
                                    .persists_since = at,
                                    .message = SLICE("status 404")};

    OK(store_begin(t->store, NULL));
    OK(store_note_trouble(t->store, &row, NULL));
    OK(store_commit(t->store, NULL));
}

static void recover(struct test_store *t, int64_t feed_id, enum trouble_kind kind, int64_t at)
{
    OK(store_begin(t->store, NULL));
    OK(store_end_trouble(t->store, feed_id, kind, at, TROUBLE_RECOVERED, NULL));
    OK(store_commit(t->store, NULL));
}

static size_t queue(struct test_store *t, const struct analyst *analyst, int64_t now)
{
    struct plan_summary n = {0};

    OK(plan_queue_due(t->store, analyst, &sender, now, &n, NULL));
    return n.n_told;
}

/* The newest message to an analyst. */
static struct message_row newest(struct test_store *t, const struct analyst *analyst)
{
    const struct message_filter filter = {.window = {.limit = 1}, .analyst = analyst->name};
    struct message_list list;

    OK(store_list_messages(t->store, &filter, &t->arena, &list, NULL));
    assert_int_equal(list.n_rows, 1);
    return list.rows[0];
}

/* A trouble is a digest by itself; begin and end are told once, to each at his own hour. */
static void test_each_hears_it_once(void **state)
{
    const int64_t morning = NOW - NOW % DAY + DAY + 7 * 3600 + 1800;
    struct test_store t;
    int64_t dead, quiet;

    WW_UNUSED(state);
    test_store_open(&t);
    dead = add_feed(&t, "Post", "RS", FEED_HEALTH_FAILING);
    quiet = add_feed(&t, "Wire", "IE", FEED_HEALTH_STALE);
    assert_int_equal(queue(&t, &ann, NOW), 0);
    assert_int_equal(queue(&t, &bob, NOW), 0); /* waits for his first hour */
    persist(&t, dead, TROUBLE_FAILING, NOW);
    assert_int_equal(queue(&t, &ann, NOW + 60), 1);
    assert_true(slice_equal(newest(&t, &ann).subject,
                            SLICE("Watch trouble Tue 14 Nov: 1 feed in trouble")));
    assert_int_equal(queue(&t, &ann, NOW + 120), 0);
    assert_int_equal(queue(&t, &bob, NOW + 120), 0);

    test_store_reopen(&t);
    persist(&t, quiet, TROUBLE_STALE, morning - 60);
    assert_int_equal(queue(&t, &ann, morning), 1);
    assert_int_equal(queue(&t, &bob, morning), 2);
    assert_int_equal(queue(&t, &bob, morning + 60), 0);

    recover(&t, dead, TROUBLE_FAILING, morning + 3600);
    assert_int_equal(queue(&t, &ann, morning + 3660), 1);
    assert_true(slice_equal(newest(&t, &ann).subject,
                            SLICE("Watch trouble Wed 15 Nov: 1 feed back again")));
    assert_int_equal(queue(&t, &ann, morning + 3720), 0);
    assert_int_equal(queue(&t, &bob, morning + DAY), 1);
    assert_int_equal(queue(&t, &bob, morning + 2 * DAY), 0);
    test_store_close(&t);
}

/* Whatever fails on the way, a trouble is told by one message or waits. */
static void test_marks_go_with_the_message(void **state)
{
    struct test_store t;
    bool is_reached = true;
    size_t n_messages = 0;

    WW_UNUSED(state);
    test_store_open(&t);
    for (long n = 1; is_reached; n++) {
        const struct message_filter filter = {.window = {.limit = 100000}};
        struct message_list list;
        struct trouble_view_list waiting;
        struct arena arena;
        enum ww_status status;
        char title[32];
        struct plan_summary n_told = {0};

        arena_init(&arena, 16 << 20);
        (void)snprintf(title, sizeof(title), "n%ld", n);
        if (n == 1 || n_messages > 0)
            persist(&t, add_feed(&t, title, "IE", FEED_HEALTH_FAILING), TROUBLE_FAILING, NOW);
        mem_fail_after(n);
        status = plan_queue_now(t.store, &ann, &sender, NOW, &n_told, NULL);
        is_reached = mem_count() >= n;
        mem_fail_after(0);
        n_messages += status == WW_OK;
        OK(store_list_messages(t.store, &filter, &arena, &list, NULL));
        OK(store_list_untold_troubles(t.store, ann.name, 0, &filter.window, &arena, &waiting,
                                      NULL));
        if (list.n_rows != n_messages || (waiting.n_rows == 0) != (status == WW_OK))
            fail_msg("allocation %ld: %zu messages, %zu troubles wait", n, list.n_rows,
                     waiting.n_rows);
        arena_release(&arena);
    }
    assert_true(n_messages >= 1);
    test_store_close(&t);
}

static void assert_says(const struct buf *out, const char *words)
{
    if (!slice_contains(buf_slice(out), slice_from(words)))
        fail_msg("no \"%s\" in:\n%.*s", words, SLICE_ARG(buf_slice(out)));
}

static void test_words(void **state)
{
    static const char *const words[] = {
        "No alerts\n",
        "WATCH TROUBLE\n\n   * Post [f1, RS] fails since 2023-11-11 22:13: status 404\n",
        "   * Wire [f2, IE] answers, but has had no news since 2023-11-11 22:13\n",
        ("BACK AGAIN\n\n   * Herald [f3, IE] answers again since 2023-11-14 21:13; it had failed\n"
         "     since 2023-11-11 20:13\n"),
        "Feeds: 1 in order, 2 failing, 1 stale\n1 feed is still in trouble, as told before\n",
        "No healthy feed: HU (31 days), RS (31 days)\n",
        "Own network: 1 of 2 runs could not watch",
        "Why a feed is in trouble: wirewatch feed show f1\n",
        "All feeds in trouble: wirewatch feed list --state bad\n",
    };
    const struct run_row run = {.kind = SLICE("run"), .pid = 1, .started_at = NOW - 60};
    struct run_row outage = run;
    struct digest d;
    struct slice rest, line;
    struct test_store t;
    struct buf out;
    int64_t id;

    WW_UNUSED(state);
    test_store_open(&t);
    persist(&t, add_feed(&t, "Post", "RS", FEED_HEALTH_FAILING), TROUBLE_FAILING, NOW);
    persist(&t, add_feed(&t, "Wire", "IE", FEED_HEALTH_STALE), TROUBLE_STALE, NOW);
    id = add_feed(&t, "Herald", "IE", FEED_HEALTH_OK);
    persist(&t, id, TROUBLE_FAILING, NOW - 7200);
    recover(&t, id, TROUBLE_FAILING, NOW - 3600);
    (void)add_feed(&t, "<b>Old\x1B[31m</b>", "HU", FEED_HEALTH_FAILING); /* told before */
    OK(store_begin(t.store, NULL));
    OK(store_add_run(t.store, &run, &id, NULL));
    OK(store_add_run(t.store, &run, &outage.id, NULL));
    outage.outage = RUN_OUTAGE_NAMES;
    OK(store_update_run(t.store, &outage, NULL));
    OK(store_commit(t.store, NULL));

    OK(digest_gather(t.store, &(struct digest_choice){.analyst = &ann, .now = NOW}, &t.arena, &d,
                     NULL));
    buf_init(&out, 1 << 20);
    digest_text(&d, &out);
    for (size_t i = 0; i < WW_COUNT(words); i++)
        assert_says(&out, words[i]);
    for (rest = buf_slice(&out); slice_next_line(&rest, &line);)
        if (text_width(line) > 72)
            fail_msg("%zu columns: %.*s", text_width(line), SLICE_ARG(line));
    buf_reset(&out);
    digest_html(&d, &out);
    assert_says(&out, "<b>Post</b> <span style=\"color:#57606a\">f1, RS</span> fails since");
    assert_says(&out, "wirewatch feed show f1<");
    assert_says(&out, ">2 feeds in trouble, 1 back again</h1>");
    buf_release(&out);
    test_store_close(&t);
}

/* A thousand at once: a few are named, all are counted and told, and the mail stays small. */
static void test_many(void **state)
{
    struct test_store t;
    struct digest d;
    struct buf out;

    WW_UNUSED(state);
    test_store_open(&t);
    for (int i = 0; i < 100; i++) {
        char title[128];

        (void)snprintf(title, sizeof(title), "<script>%d\x1B[31m\xE2\x80\xAE", i);
        persist(&t, add_feed(&t, title, "RS", FEED_HEALTH_FAILING), TROUBLE_FAILING, NOW);
    }
    OK(digest_gather(t.store, &(struct digest_choice){.analyst = &ann, .now = NOW}, &t.arena, &d,
                     NULL));
    buf_init(&out, 1 << 20);
    digest_html(&d, &out);
    assert_says(&out, "and 80 more");
    assert_false(slice_contains(buf_slice(&out), SLICE("<script")));
    assert_false(slice_contains(buf_slice(&out), SLICE("\x1B")));
    assert_true(out.len < 20000);
    buf_release(&out);
    assert_int_equal(queue(&t, &ann, NOW), 100);
    assert_int_equal(queue(&t, &ann, NOW), 0);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_hears_it_once),
        cmocka_unit_test(test_marks_go_with_the_message),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
