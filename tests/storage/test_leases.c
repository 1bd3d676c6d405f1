/* test_leases.c - claims for a time: one holder, lapse, renewal, and what is lost meanwhile. */
#include "base/attrs.h"
#include "storage/rows.h"
#include "storage/schema.h"
#include "storage/store_feeds.h"
#include "storage/store_history.h"
#include "storage/store_hosts.h"
#include "storage/store_leases.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define ALERTS SLICE("alerts")

/* Two processes at one database. */
struct two {
    struct test_store t;
    struct store *other;
    struct ww_error err;
};

static void open_two(struct two *w)
{
    *w = (struct two){0};
    test_store_open(&w->t);
    OK(test_store_at(w->t.path, false, &w->other, &w->err));
    store_claim_as(w->t.store, "run");
    store_claim_as(w->other, "other/run"); /* another name: as good as another machine */
}

static void close_two(struct two *w)
{
    store_close(w->other);
    test_store_close(&w->t);
}

/* By hand, as no function does. */
static void sql(struct store *s, const char *text)
{
    struct ww_error err = {0};

    OK(store_begin(s, &err));
    OK(store_driver(s)->execute(store_db(s), text, &err));
    OK(store_commit(s, &err));
}

static bool take(struct store *s, const char *token, const char *holder)
{
    bool is_mine = false;
    struct ww_error err = {0};

    OK(store_take_lease(s, ALERTS, slice_from(token), slice_from(holder), &is_mine, &err));
    return is_mine;
}

static void a_name_is_one_process_s(void **state)
{
    struct two w;
    struct lease_row row = {0};
    int64_t n = 0;

    WW_UNUSED(state);
    open_two(&w);
    assert_int_equal(store_read_lease(w.other, ALERTS, &w.t.arena, &row, NULL), WW_NOT_FOUND);
    assert_true(take(w.t.store, "a", "fuji"));
    assert_false(take(w.other, "b", "eiger"));
    assert_true(take(w.t.store, "a", "fuji"));
    OK(store_read_lease(w.other, ALERTS, &w.t.arena, &row, NULL));
    assert_true(row.is_held && slice_equal(row.holder, SLICE("fuji")) && row.n_taken == 2);
    OK(store_renew_leases(w.t.store, SLICE("a"), &n, NULL));
    assert_int_equal(n, 1);
    OK(store_renew_leases(w.other, SLICE("b"), &n, NULL));
    assert_int_equal(n, 0);
    /* Nobody lets go of what is another's. */
    OK(store_release_lease(w.other, ALERTS, SLICE("b"), NULL));
    assert_false(take(w.other, "b", "eiger"));
    OK(store_release_lease(w.t.store, ALERTS, SLICE("a"), NULL));
    OK(store_read_lease(w.other, ALERTS, &w.t.arena, &row, NULL));
    assert_false(row.is_held);
    OK(store_renew_leases(w.t.store, SLICE("a"), &n, NULL));
    assert_int_equal(n, 0);
    assert_true(take(w.other, "b", "eiger"));
    close_two(&w);
}

static void a_name_lapses(void **state)
{
    struct two w;
    int64_t n = 0;

    WW_UNUSED(state);
    open_two(&w);
    assert_true(take(w.t.store, "a", "fuji"));
    sql(w.t.store, "UPDATE lease SET until = unixepoch()");
    assert_true(take(w.other, "b", "eiger"));
    assert_false(take(w.t.store, "a", "fuji"));
    OK(store_renew_leases(w.t.store, SLICE("a"), &n, NULL));
    assert_int_equal(n, 0);
    /* Late, but nobody was there meanwhile: it is still its own. */
    sql(w.t.store, "UPDATE lease SET until = unixepoch() - 100");
    OK(store_renew_leases(w.other, SLICE("b"), &n, NULL));
    assert_int_equal(n, 1);
    assert_false(take(w.t.store, "a", "fuji"));
    close_two(&w);
}

/* A damaged database is an error like any other, not the end of the process. */
static void a_table_is_gone(void **state)
{
    struct two w;
    bool is_mine = true;

    WW_UNUSED(state);
    open_two(&w);
    sql(w.t.store, "DROP TABLE lease");
    assert_int_equal(store_take_lease(w.other, ALERTS, SLICE("a"), SLICE("fuji"), &is_mine, &w.err),
                     WW_STORE);
    assert_false(is_mine);
    assert_non_null(strstr(w.err.message, "lease"));
    close_two(&w);
}

/* ---- feeds ----------------------------------------------------------------------------------- */

#define N_FEEDS 20
#define HOST SLICE("site0.example")

static void add_feeds(struct two *w)
{
    char url[64];

    for (int i = 0; i < N_FEEDS; i++) {
        (void)snprintf(url, sizeof(url), "https://Site%d.example:8443/feed-%d", i / 2, i);
        (void)test_store_feed(&w->t, url);
    }
}

static size_t claim(struct two *w, struct store *s, size_t limit, struct feed_claims *out)
{
    const struct feed_claim_range range = {
        .after_due_at = INT64_MIN, .due_by = TEST_NOW, .id_max = INT64_MAX, .limit = limit};

    OK(store_claim_feeds(s, &range, &w->t.arena, out, &w->err));
    return out->n_rows;
}

static struct feed_row read_feed(struct two *w, int64_t id)
{
    struct feed_row row = {0};

    OK(store_feed(w->other, id, &w->t.arena, &row, NULL));
    return row;
}

static bool holds(struct store *s, int64_t id)
{
    bool is_held = false;

    OK(store_begin(s, NULL));
    OK(store_holds_feed(s, id, &is_held, NULL));
    OK(store_commit(s, NULL));
    return is_held;
}

static void no_feed_is_claimed_twice(void **state)
{
    struct two w;
    struct feed_claims mine, theirs, none;
    size_t n_seen[N_FEEDS + 1] = {0};

    WW_UNUSED(state);
    open_two(&w);
    add_feeds(&w);
    assert_int_equal(claim(&w, w.t.store, 8, &mine), 8);
    assert_int_equal(claim(&w, w.other, N_FEEDS, &theirs), N_FEEDS - 8);
    /* The answer may have been lost on its way: what is its own already is told again. */
    assert_int_equal(claim(&w, w.t.store, N_FEEDS, &none), 8);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(none.rows[i].id, mine.rows[i].id);
    for (size_t i = 0; i < mine.n_rows; i++)
        n_seen[mine.rows[i].id]++;
    for (size_t i = 0; i < theirs.n_rows; i++)
        n_seen[theirs.rows[i].id]++;
    for (size_t i = 1; i <= N_FEEDS; i++)
        assert_int_equal(n_seen[i], 1);
    assert_true(slice_equal(read_feed(&w, mine.rows[0].id).claimed_by, SLICE("fuji/run")));
    /* A new run of a process that died finds its own free. */
    OK(store_release_claims(w.other, TEST_NOW, 2000, NULL));
    assert_int_equal(claim(&w, w.t.store, N_FEEDS, &none), N_FEEDS);
    close_two(&w);
}

static void a_lapsed_feed_is_lost(void **state)
{
    struct two w;
    struct feed_claims mine, theirs;
    uint64_t turn;

    WW_UNUSED(state);
    open_two(&w);
    add_feeds(&w);
    assert_int_equal(claim(&w, w.t.store, 4, &mine), 4);
    turn = store_claims_turn(w.t.store);
    sql(w.other, "UPDATE feed SET claimed_until = unixepoch() WHERE claimed_by <> '' AND id < 3");
    assert_int_equal(claim(&w, w.other, 2, &theirs), 2);
    assert_false(holds(w.t.store, theirs.rows[0].id));
    assert_true(holds(w.other, theirs.rows[0].id));
    assert_true(holds(w.t.store, 4));
    /* Not heard of for a minute: its owner looks at each. */
    assert_int_equal(store_claims_turn(w.t.store), turn);
    store_claimant(w.t.store)->renewed_ms -= 60000;
    assert_int_not_equal(store_claims_turn(w.t.store), turn);
    /* Renewing does not bring back what is another's. */
    store_claimant(w.t.store)->renewed_ms -= 60000;
    sql(w.other, "UPDATE feed SET claimed_until = unixepoch() WHERE id = 4");
    OK(store_keep(w.t.store, NULL));
    assert_true(slice_equal(read_feed(&w, theirs.rows[0].id).claimed_by, SLICE("fuji/other/run")));
    assert_true(read_feed(&w, 4).claimed_until > TEST_NOW);
    assert_int_equal(claim(&w, w.other, N_FEEDS, &theirs), N_FEEDS - 4 + 2);
    close_two(&w);
}

/* The name of a feed's host, and what a claim asks of it. */
static void a_host_keeps_its_feeds(void **state)
{
    struct two w;
    struct host_row row = {0};
    struct feed_claims claims;
    struct feed_row feed;
    bool is_mine;

    WW_UNUSED(state);
    open_two(&w);
    add_feeds(&w);
    assert_true(slice_equal(read_feed(&w, 1).host, HOST));
    OK(store_claim_host(w.t.store, HOST, TEST_NOW, 2000, &w.t.arena, &row, &is_mine, NULL));
    assert_true(is_mine);
    OK(store_claim_host(w.other, HOST, TEST_NOW, 2000, &w.t.arena, &row, &is_mine, NULL));
    assert_false(is_mine);
    assert_int_equal(claim(&w, w.other, N_FEEDS, &claims), N_FEEDS - 2);
    OK(store_begin(w.other, NULL));
    feed = read_feed(&w, 2);
    feed.url = SLICE("https://other.example/feed");
    OK(store_update_feed(w.other, &feed, NULL));
    OK(store_commit(w.other, NULL));
    assert_true(slice_equal(read_feed(&w, 2).host, SLICE("other.example")));
    assert_int_equal(claim(&w, w.other, N_FEEDS, &claims), N_FEEDS - 2 + 1);
    assert_int_equal(claim(&w, w.t.store, N_FEEDS, &claims), 1);
    close_two(&w);
}

/* Its owner leaves a feed to the run that asks its host, and to no backfill. */
static void a_feed_goes_where_its_host_is(void **state)
{
    struct two w;
    struct host_row row = {0};
    struct feed_claims claims;
    bool is_mine, is_left;

    WW_UNUSED(state);
    open_two(&w);
    add_feeds(&w);
    assert_int_equal(claim(&w, w.t.store, N_FEEDS, &claims), N_FEEDS);
    OK(store_leave_feed(w.t.store, 1, &is_left, NULL));
    assert_false(is_left); /* nobody asks its host */
    OK(store_claim_host(w.other, HOST, TEST_NOW, 2000, &w.t.arena, &row, &is_mine, NULL));
    assert_true(is_mine);
    OK(store_leave_feed(w.other, 1, &is_left, NULL));
    assert_true(is_left); /* it is not its own */
    assert_true(slice_equal(read_feed(&w, 1).claimed_by, SLICE("fuji/run")));
    sql(w.other, "UPDATE host SET claimed_by = 'fuji/backfill'");
    OK(store_leave_feed(w.t.store, 1, &is_left, NULL));
    assert_false(is_left);
    sql(w.other, "UPDATE host SET claimed_by = 'fuji/other/run'");
    OK(store_leave_feed(w.t.store, 1, &is_left, NULL));
    assert_true(is_left);
    OK(store_leave_feed(w.t.store, 1, &is_left, NULL));
    assert_true(is_left); /* the answer was lost on its way */
    assert_int_equal(claim(&w, w.t.store, N_FEEDS, &claims), N_FEEDS - 2);
    assert_int_equal(claim(&w, w.other, N_FEEDS, &claims), 1);
    assert_int_equal(claims.rows[0].id, 1);
    close_two(&w);
}

/* ---- hosts ----------------------------------------------------------------------------------- */

static void a_host_is_handed_over_with_its_pace(void **state)
{
    struct two w;
    struct host_row row = {0};
    bool is_mine;

    WW_UNUSED(state);
    open_two(&w);
    OK(store_claim_host(w.t.store, HOST, TEST_NOW, 2000, &w.t.arena, &row, &is_mine, NULL));
    row.last_start_at = TEST_NOW + 7;
    row.delay_ms = 4000;
    OK(store_begin(w.t.store, NULL));
    OK(store_release_host(w.t.store, &row, NULL));
    OK(store_commit(w.t.store, NULL));
    row = (struct host_row){0};
    OK(store_claim_host(w.other, HOST, TEST_NOW + 9, 2000, &w.t.arena, &row, &is_mine, NULL));
    assert_true(is_mine && row.last_start_at == TEST_NOW + 7 && row.delay_ms == 4000);
    /* What is another's is not written. */
    row.delay_ms = 1;
    OK(store_begin(w.t.store, NULL));
    OK(store_update_host(w.t.store, &row, NULL));
    OK(store_release_host(w.t.store, &row, NULL));
    OK(store_commit(w.t.store, NULL));
    OK(store_host(w.t.store, HOST, &w.t.arena, &row, NULL));
    assert_int_equal(row.delay_ms, 4000);
    /* One whose owner died counts as asked just now. */
    sql(w.other, "UPDATE host SET claimed_until = unixepoch()");
    OK(store_claim_host(w.t.store, HOST, TEST_NOW + 80, 5000, &w.t.arena, &row, &is_mine, NULL));
    assert_true(is_mine && row.last_start_at == TEST_NOW + 80 && row.delay_ms == 5000);
    close_two(&w);
}

/* ---- backfills ------------------------------------------------------------------------------- */

static void a_backfill_is_one_machine_s(void **state)
{
    const struct backfill_row row = {
        .source = SLICE("sitemap"), .target = SLICE("a.example"), .state = BACKFILL_OPEN};
    struct two w;
    int64_t id = 0;
    bool is_others;

    WW_UNUSED(state);
    open_two(&w);
    OK(store_begin(w.t.store, NULL));
    OK(store_add_backfill(w.t.store, &row, &id, NULL));
    OK(store_commit(w.t.store, NULL));
    OK(store_claim_backfill(w.t.store, id, &is_others, &w.err));
    OK(store_claim_backfill(w.t.store, id, &is_others, &w.err));
    assert_int_equal(store_claim_backfill(w.other, id, &is_others, &w.err), WW_CONFLICT);
    assert_true(is_others);
    assert_non_null(strstr(w.err.message, "fuji/run works on backfill 1"));
    OK(store_release_backfill(w.t.store, id, &w.err));
    OK(store_claim_backfill(w.other, id, &is_others, &w.err));
    close_two(&w);
}

/* ---- an older database ----------------------------------------------------------------------- */

static void hosts_of_older_feeds_are_known(void **state)
{
    static const struct {
        const char *url, *host;
    } cases[] = {
        {"https://News.Example/feed", "news.example" },
        {"http://a.example:8080",     "a.example"    },
        {"http://me:x@b.example/f",   "b.example"    },
        {"http://c.example?x=/y:z",   "c.example"    },
        {"http://[2001:db8::1]:80/",  "[2001:db8::1]"},
        {"not an address",            ""             },
    };
    struct two w;
    char text[256];

    WW_UNUSED(state);
    open_two(&w);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        (void)test_store_feed(&w.t, cases[i].url);
    sql(w.t.store, "UPDATE feed SET host = ''");
    for (size_t i = 0; i < schema_sqlite.migrations[7].n_statements; i++)
        if (strncmp(schema_sqlite.migrations[7].statements[i], "UPDATE feed SET host", 20) == 0)
            sql(w.t.store, schema_sqlite.migrations[7].statements[i]);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        (void)snprintf(text, sizeof(text), "%.*s", SLICE_ARG(read_feed(&w, (int64_t)i + 1).host));
        assert_string_equal(text, cases[i].host);
    }
    close_two(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_one_process_s),
        cmocka_unit_test(a_name_lapses),
        cmocka_unit_test(no_feed_is_claimed_twice),
        cmocka_unit_test(a_lapsed_feed_is_lost),
        cmocka_unit_test(a_table_is_gone),
        cmocka_unit_test(a_host_keeps_its_feeds),
        cmocka_unit_test(a_feed_goes_where_its_host_is),
        cmocka_unit_test(a_host_is_handed_over_with_its_pace),
        cmocka_unit_test(a_backfill_is_one_machine_s),
        cmocka_unit_test(hosts_of_older_feeds_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
