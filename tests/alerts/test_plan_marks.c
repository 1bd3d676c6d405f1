/*
 * test_plan_marks.c - what an analyst counts as knowing: newcomers, first runs, what is outside of
 * a subscription; clocks that were wrong; and whatever fails.
 */
#include "alerts/mail/plan.h"
#include "base/mem.h"
#include "storage/store_outbox.h"
#include "storage/store_revisions.h"
#include "storage/store_troubles.h"
#include "storage/store_untold.h"
#include "tests/support/alerts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define STEP (15 * MINUTE)

static const struct plan_before nothing_before = {0};

/* ---- newcomers, first runs ------------------------------------------------------------------- */

static struct plan_summary plan_at(struct alert_desk *f, const struct analyst *a, int64_t now)
{
    struct plan_summary n = {0};
    struct ww_error err = {0};

    alert_desk_must(plan_queue_due(f->t.store, a, &alert_desk_sender, now, &n, &err), &err);
    return n;
}

static enum told_how how_told(struct alert_desk *f, int64_t alert, bool *is_told)
{
    struct told_list list;
    struct ww_error err = {0};

    alert_desk_must(store_list_told(f->t.store, alert, &f->t.arena, &list, &err), &err);
    *is_told = list.n_rows > 0;
    return *is_told ? list.rows[0].how : TOLD_MESSAGE;
}

static void a_newcomer_knows_what_is_old(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes every_run = {0};
    const struct analyst a = alert_desk_analyst(f, &every_run);
    struct alert_stories r = {{0}};
    int64_t old = alert_desk_raise(f, &alert_desk_usual[0], &r, MONDAY - 2 * DAY);
    int64_t new = alert_desk_raise(f, &alert_desk_usual[2], &r, MONDAY - HOUR);
    struct plan_summary n = plan_at(f, &a, MONDAY);
    bool is_told = false;

    assert_int_equal(n.n_digests, 1);
    assert_int_equal(n.n_told, 1);
    assert_int_equal(how_told(f, old, &is_told), TOLD_SEEN);
    assert_true(is_told);
    assert_int_equal(how_told(f, new, &is_told), TOLD_MESSAGE);
    /* From now on whatever waits is told, however old. */
    (void)alert_desk_raise(f, &alert_desk_usual[4], &r, MONDAY - 3 * DAY);
    assert_int_equal(plan_at(f, &a, MONDAY + STEP).n_told, 1);
}

/* As a database of an older version has it: messages, and nothing remembered. */
static void who_was_told_before_is_no_newcomer(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes every_run = {0};
    const struct analyst a = alert_desk_analyst(f, &every_run);
    struct message_row row = {.kind = SLICE("digest"),
                              .message_id = SLICE("<1@example.org>"),
                              .analyst = a.name,
                              .recipient = a.address,
                              .state = MESSAGE_SENT,
                              .created_at = MONDAY - 9 * DAY};
    struct alert_stories r = {{0}};
    struct ww_error err = {0};

    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_reserve_message(f->t.store, &row.id, &err), &err);
    alert_desk_must(store_add_message(f->t.store, &row, SLICE("x"), NULL, 0, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    (void)alert_desk_raise(f, &alert_desk_usual[0], &r, MONDAY - 3 * DAY);
    assert_int_equal(plan_at(f, &a, MONDAY).n_told, 1);
}

/* After runs, each of these alone is news; once. */
static void a_change_or_a_trouble_is_news(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes every_run = {0};
    const struct analyst a = alert_desk_analyst(f, &every_run);
    struct alert_stories r = {{0}};
    struct ww_error err = {0};
    struct trouble_row trouble = {.feed_id = test_store_feed(&f->t, "https://one.example/"),
                                  .kind = TROUBLE_FAILING,
                                  .began_at = MONDAY,
                                  .persists_since = MONDAY + HOUR,
                                  .message = SLICE("status 503")};
    struct revision_row change = {.kind = REVISION_NUMBER,
                                  .before = SLICE("12"),
                                  .after = SLICE("14"),
                                  .article_id = 1,
                                  .created_at = MONDAY + 1};
    bool is_new;

    change.alert_id = alert_desk_raise(f, &alert_desk_usual[0], &r, MONDAY);
    assert_int_equal(plan_at(f, &a, MONDAY).n_digests, 1);
    assert_int_equal(plan_at(f, &a, MONDAY + STEP).n_digests, 0);
    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_add_revision(f->t.store, &change, &change.id, &is_new, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    assert_int_equal(plan_at(f, &a, MONDAY + 2 * STEP).n_digests, 1);
    assert_int_equal(plan_at(f, &a, MONDAY + 3 * STEP).n_digests, 0);
    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_note_trouble(f->t.store, &trouble, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    assert_int_equal(plan_at(f, &a, MONDAY + 5 * STEP).n_digests, 1);
    assert_int_equal(plan_at(f, &a, MONDAY + 6 * STEP).n_digests, 0);
}

static void no_send_marks_all_as_seen(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes hour = {.digest = "07:30", .immediate = "severity:high"};
    const struct analyst a = alert_desk_analyst(f, &hour);
    struct alert_stories r = {{0}};
    struct ww_error err = {0};
    struct trouble_row trouble = {.feed_id = test_store_feed(&f->t, "https://one.example/"),
                                  .kind = TROUBLE_FAILING,
                                  .began_at = MONDAY - DAY,
                                  .persists_since = MONDAY - HOUR,
                                  .message = SLICE("status 503")};
    struct revision_row change = {
        .kind = REVISION_NUMBER, .before = SLICE("12"), .after = SLICE("14"), .created_at = MONDAY};
    int64_t ids[3];
    bool is_new;
    bool is_told = false;

    for (size_t i = 0; i < WW_COUNT(ids); i++)
        ids[i] = alert_desk_raise(f, &alert_desk_usual[i], &r, MONDAY - HOUR);
    change.alert_id = ids[0];
    change.article_id = 1;
    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_note_trouble(f->t.store, &trouble, &err), &err);
    alert_desk_must(store_add_revision(f->t.store, &change, &change.id, &is_new, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    alert_desk_must(plan_mark_found(f->t.store, &a, &nothing_before, MONDAY, &err), &err);
    for (size_t i = 0; i < WW_COUNT(ids); i++)
        if (how_told(f, ids[i], &is_told) != TOLD_SEEN || !is_told)
            fail_msg("alert %zu is not known", i);
    for (int64_t now = MONDAY; now < MONDAY + 2 * DAY; now += STEP) {
        struct plan_summary n = plan_at(f, &a, now);

        if (n.n_digests + n.n_immediate > 0)
            fail_msg("told of what was seen, %lld s later", (long long)(now - MONDAY));
    }
}

static void what_waited_before_a_run_stays_waiting(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes hour = {.digest = "07:30"};
    const struct analyst a = alert_desk_analyst(f, &hour);
    struct alert_stories r = {{0}};
    struct plan_before before;
    struct ww_error err = {0};
    bool is_told = true;
    int64_t ids[2];

    /* Of one second: what is before and what is found is told apart by more than a clock. */
    ids[0] = alert_desk_raise(f, &alert_desk_usual[0], &r, MONDAY);
    alert_desk_must(plan_read_before(f->t.store, MONDAY, &f->t.arena, &before, &err), &err);
    ids[1] = alert_desk_raise(f, &alert_desk_usual[1], &r, MONDAY);
    alert_desk_must(plan_mark_found(f->t.store, &a, &before, MONDAY, &err), &err);
    (void)how_told(f, ids[0], &is_told);
    assert_false(is_told);
    assert_int_equal(how_told(f, ids[1], &is_told), TOLD_SEEN);
    assert_true(is_told);
    assert_int_equal(plan_at(f, &a, MONDAY + DAY).n_told, 1);
}

/* The hours begin with it: the first one that comes is used. */
static void a_first_run_unsent_begins_the_hours(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes hour = {.digest = "07:30", .weekly = "Mon 07:30", .all_quiet = true};
    const struct analyst a = alert_desk_analyst(f, &hour);
    struct ww_error err = {0};
    struct plan_summary n;

    alert_desk_must(plan_mark_found(f->t.store, &a, &nothing_before, MONDAY, &err), &err);
    n = plan_at(f, &a, MONDAY + 12 * HOUR);
    assert_int_equal(n.n_quiet, 1);
    assert_int_equal(n.n_weekly, 1);
    n = plan_at(f, &a, MONDAY + 13 * HOUR);
    assert_int_equal(n.n_quiet + n.n_weekly, 0);
}

/* ---- what is outside, and whose it is -------------------------------------------------------- */

static void what_is_outside_is_looked_at_once(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes other = {.subscribe = "country:NL"};
    const struct analyst a = alert_desk_analyst(f, &other);
    const struct untold_look all = {.analyst = a.name, .analysts = a.analysts};
    struct alert_stories r = {{0}};
    struct untold_list list;
    struct ww_error err = {0};
    int64_t id = alert_desk_raise(f, &alert_desk_usual[0], &r, MONDAY);
    bool is_told = true;

    assert_int_equal(plan_at(f, &a, MONDAY).n_digests, 0);
    alert_desk_must(store_list_untold(f->t.store, &all, 0, 10, &f->t.arena, &list, &err), &err);
    assert_int_equal(list.n_rows, 0);
    (void)how_told(f, id, &is_told);
    assert_false(is_told); /* it counts as told to nobody */
}

/* A look goes in batches. */
static void many_are_looked_at(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes other = {.subscribe = "country:NL"};
    const struct analyst a = alert_desk_analyst(f, &other);
    const struct untold_look all = {.analyst = a.name, .analysts = a.analysts};
    struct untold_list list;
    struct ww_error err = {0};

    alert_desk_must(store_begin(f->t.store, &err), &err);
    for (int i = 0; i < 4100; i++) {
        struct alert_stories r = {{0}};

        (void)alert_desk_add(f, &alert_desk_usual[i % 2 == 0 ? 0 : 2], &r, MONDAY);
    }
    alert_desk_must(store_commit(f->t.store, &err), &err);
    assert_int_equal(plan_at(f, &a, MONDAY).n_told, 2050);
    alert_desk_must(store_list_untold(f->t.store, &all, 0, 10, &f->t.arena, &list, &err), &err);
    assert_int_equal(list.n_rows, 0);
}

/* ---- clocks that jump ------------------------------------------------------------------------ */

static void a_clock_that_was_wrong_stops_nobody(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes hour = {
        .digest = "07:30", .immediate = "severity:high", .wait_s = 5 * MINUTE};
    const struct analyst a = alert_desk_analyst(f, &hour);
    struct alert_stories r = {{0}};

    (void)plan_at(f, &a, MONDAY);
    /* A year ahead, an hour is used and things are found; then the clock is right again. */
    (void)alert_desk_raise(f, &alert_desk_usual[0], &r, MONDAY + 365 * DAY);
    (void)alert_desk_raise(f, &alert_desk_usual[1], &r, MONDAY + 365 * DAY);
    assert_int_equal(plan_at(f, &a, MONDAY + 365 * DAY).n_digests, 1);
    (void)alert_desk_raise(f, &alert_desk_usual[2], &r, MONDAY + 365 * DAY + 1);
    assert_int_equal(plan_at(f, &a, MONDAY + HOUR).n_immediate, 1);
    (void)alert_desk_raise(f, &alert_desk_usual[4], &r, MONDAY + HOUR);
    assert_int_equal(plan_at(f, &a, MONDAY + DAY).n_digests, 1);
    assert_int_equal(plan_at(f, &a, MONDAY + 2 * DAY).n_digests, 0);
}

static void an_alert_that_was_history_is_found(void **state)
{
    struct alert_desk *f = *state;
    const struct alert_wishes every_run = {.digest = "07:30", .immediate = "severity:high"};
    const struct analyst a = alert_desk_analyst(f, &every_run);
    struct untold_look look = {.analyst = a.name, .analysts = a.analysts};
    struct alert_stories r = {{0}};
    struct untold_list list;
    struct ww_error err = {0};
    int64_t id = alert_desk_raise(f, &alert_desk_usual[0], &r, MONDAY);
    int64_t later = alert_desk_raise(f, &alert_desk_usual[2], &r, MONDAY + HOUR);

    /* An old id with a new time: as store_revive_alert leaves it. */
    look.after_id = later;
    look.since = MONDAY;
    alert_desk_must(store_list_untold(f->t.store, &look, 0, 10, &f->t.arena, &list, &err), &err);
    assert_int_equal(list.n_rows, 2);
    look.since = MONDAY + 1;
    alert_desk_must(store_list_untold(f->t.store, &look, 0, 10, &f->t.arena, &list, &err), &err);
    assert_int_equal(list.n_rows, 1);
    alert_desk_must(store_list_untold(f->t.store, &look, id, 10, &f->t.arena, &list, &err), &err);
    assert_int_equal(list.n_rows, 1);
    alert_desk_must(store_list_untold(f->t.store, &look, later, 10, &f->t.arena, &list, &err),
                    &err);
    assert_int_equal(list.n_rows, 0);
}

/* ---- whatever fails -------------------------------------------------------------------------- */

/* No alert is lost, none is told twice, and what failed is done by the next run. */
static void memory_fails_in_any_place(void **state)
{
    const struct alert_wishes hour = {
        .digest = "07:30", .immediate = "severity:high", .all_quiet = true};
    bool is_reached = true;
    long n = 1;

    (void)state;
    for (; is_reached; n += n < 60 ? 1 : 7) {
        void *own = NULL;
        struct alert_desk *f;
        struct analyst a;
        struct alert_stories r = {{0}};
        struct plan_summary sum = {0};
        struct buf diary;
        enum ww_status status;

        assert_int_equal(alert_desk_open(&own), 0);
        f = own;
        a = alert_desk_analyst(f, &hour);
        (void)plan_at(f, &a, MONDAY);
        (void)alert_desk_raise(f, &alert_desk_usual[0], &r, MONDAY);
        (void)alert_desk_raise(f, &alert_desk_usual[1], &r, MONDAY);
        (void)alert_desk_raise(f, &alert_desk_usual[2], &r, MONDAY);
        (void)alert_desk_raise(f, &alert_desk_usual[4], &r, MONDAY);
        mem_fail_after(n);
        status = plan_queue_due(f->t.store, &a, &alert_desk_sender, MONDAY + 6 * HOUR, &sum, NULL);
        is_reached = mem_count() >= n;
        mem_fail_after(0);
        if (status != WW_OK)
            (void)plan_at(f, &a, MONDAY + 6 * HOUR);
        buf_init(&diary, 1 << 20);
        alert_desk_write(f, &a, &diary);
        if (!slice_equal(buf_slice(&diary),
                         SLICE("Mon 19 08:00 immediate 2\nMon 19 08:00 immediate 1\n"
                               "Mon 19 08:00 digest 1\n")))
            fail_msg("allocation %ld: %.*s", n, SLICE_ARG(buf_slice(&diary)));
        buf_release(&diary);
        (void)alert_desk_close(&own);
    }
    assert_true(n > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_newcomer_knows_what_is_old, alert_desk_open,
                                        alert_desk_close),
        cmocka_unit_test_setup_teardown(who_was_told_before_is_no_newcomer, alert_desk_open,
                                        alert_desk_close),
        cmocka_unit_test_setup_teardown(a_change_or_a_trouble_is_news, alert_desk_open,
                                        alert_desk_close),
        cmocka_unit_test_setup_teardown(what_waited_before_a_run_stays_waiting, alert_desk_open,
                                        alert_desk_close),
        cmocka_unit_test_setup_teardown(no_send_marks_all_as_seen, alert_desk_open,
                                        alert_desk_close),
        cmocka_unit_test_setup_teardown(a_first_run_unsent_begins_the_hours, alert_desk_open,
                                        alert_desk_close),
        cmocka_unit_test_setup_teardown(what_is_outside_is_looked_at_once, alert_desk_open,
                                        alert_desk_close),
        cmocka_unit_test_setup_teardown(many_are_looked_at, alert_desk_open, alert_desk_close),
        cmocka_unit_test_setup_teardown(a_clock_that_was_wrong_stops_nobody, alert_desk_open,
                                        alert_desk_close),
        cmocka_unit_test_setup_teardown(an_alert_that_was_history_is_found, alert_desk_open,
                                        alert_desk_close),
        cmocka_unit_test(memory_fails_in_any_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
