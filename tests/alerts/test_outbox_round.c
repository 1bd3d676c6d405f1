/* test_outbox_round.c - whose turn it is, who waits, what is said, and what stays. */
#include "base/attrs.h"
#include "base/slice.h"
#include "tests/support/outbox_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- several --------------------------------------------------------------------------------- */

/* One analyst's backlog stands before another's only digest in the queue, not in the round. */
static void analysts_take_turns(void **state)
{
    struct outbox_desk *f = *state;
    int64_t a[5], b, c, d, tried;

    tried = outbox_desk_add(f, "t", "digest", "t@example.org");
    {
        struct message_row m = outbox_desk_row(f, tried);

        m.state = MESSAGE_DEFERRED;
        m.n_tries = 1;
        outbox_desk_change(f, &m);
    }
    for (size_t i = 0; i < 4; i++)
        a[i] = outbox_desk_add(f, "a", "digest", "a@example.org");
    a[4] = outbox_desk_add(f, "a", "immediate", "a@example.org");
    b = outbox_desk_add(f, "b", "digest", "b@example.org");
    c = outbox_desk_add(f, "c", "immediate", "c@example.org");
    d = outbox_desk_add(f, "d", "weekly", "d@example.org");
    f->reply = (struct delivery_reply)ACCEPT;
    f->settings.max_per_run = 4;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, (const int64_t[]){a[4], c, b, d}, 4);
    assert_int_equal(f->sum.n_left, 5);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, (const int64_t[]){a[0], a[1], a[2], a[3]}, 4);
    /* What was tried before comes last, and comes. */
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, &tried, 1);
}

/* One trial of 15 minutes, not a hundred. */
static void a_server_that_is_down_is_asked_once(void **state)
{
    struct outbox_desk *f = *state;
    int64_t ids[10];

    for (size_t i = 0; i < WW_COUNT(ids); i++)
        ids[i] = outbox_desk_add(f, "a", "digest", i % 2 == 0 ? "a@example.org" : "b@example.org");
    f->reply = (struct delivery_reply){
        .end = DELIVERY_DEFERRED, .words = "no connection", .is_way_down = true};
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, ids, 1);
    assert_int_equal(f->sum.n_deferred, 10);
    for (size_t i = 1; i < WW_COUNT(ids); i++) {
        const struct message_row m = outbox_desk_row(f, ids[i]);

        assert_int_equal(m.state, MESSAGE_DEFERRED);
        assert_int_equal(m.n_tries, 0);
        assert_int_equal(m.not_before, outbox_desk_row(f, ids[0]).not_before);
        assert_true(slice_contains(m.reply, SLICE("no connection")));
    }
    outbox_desk_pass(f, 5 * MINUTE);
    f->reply = (struct delivery_reply)ACCEPT;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(f->sum.n_sent, 10);
}

/* What waited for the server alone is due when it serves; what it put off for its own sake is not.
 */
static void a_server_that_serves_again_gets_all(void **state)
{
    struct outbox_desk *f = *state;
    struct message_row m;
    int64_t own = outbox_desk_add(f, "c", "digest", "c@example.org");
    int64_t waits[2];

    f->reply = (struct delivery_reply)DEFER;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    m = outbox_desk_row(f, own);
    assert_int_equal(m.fault, FAULT_NONE);
    m.not_before = NOW + 12 * HOUR;
    outbox_desk_change(f, &m);
    for (size_t i = 0; i < 2; i++)
        waits[i] = outbox_desk_add(f, "a", "digest", "a@example.org");
    f->reply = (struct delivery_reply){
        .end = DELIVERY_DEFERRED, .words = "no connection", .is_way_down = true};
    assert_int_equal(outbox_desk_send(f), WW_OK);
    for (size_t i = 0; i < 2; i++) {
        m = outbox_desk_row(f, waits[i]);
        assert_int_equal(m.fault, FAULT_UNREACHABLE);
        m.not_before = NOW + 12 * HOUR;
        outbox_desk_change(f, &m);
    }
    outbox_desk_pass(f, HOUR);
    f->reply = (struct delivery_reply)ACCEPT;
    /* Nothing is due: nobody knows that it serves again. */
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(f->n_tried, 0);
    {
        int64_t fresh = outbox_desk_add(f, "b", "digest", "b@example.org");

        assert_int_equal(outbox_desk_send(f), WW_OK);
        outbox_desk_tried(f, (const int64_t[]){fresh, waits[1], waits[0]}, 3);
    }
    assert_int_equal(outbox_desk_row(f, waits[1]).fault, FAULT_NONE);
    assert_int_equal(outbox_desk_row(f, own).state, MESSAGE_DEFERRED);
}

/* It was made before they began, and waits behind the door until they end; a test does not. */
static void quiet_hours_hold_at_the_door(void **state)
{
    struct outbox_desk *f = *state;
    struct config_analyst a = {.name = SLICE("a"),
                               .email = SLICE("a@example.org"),
                               .digest = SLICE("run"),
                               .quiet = SLICE("00:00-24:00"),
                               .transport = 1 + TRANSPORT_FILE};
    int64_t id = outbox_desk_add(f, "a", "immediate", "a@example.org");
    int64_t test = outbox_desk_add(f, "a", "test", "a@example.org");

    f->settings.analysts = &a;
    f->settings.n_analysts = 1;
    f->reply = (struct delivery_reply)ACCEPT;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, &test, 1);
    assert_int_equal(f->sum.n_left, 1);
    outbox_desk_pass(f, 3 * DAY);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(outbox_desk_said(f, "more than a day"), 0);
    a.quiet = SLICE("");
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, &id, 1);
}

/* Another way out is not that server. */
static void another_way_is_not_down(void **state)
{
    struct outbox_desk *f = *state;
    struct config_analyst own = {.name = SLICE("b"), .transport = 1 + TRANSPORT_FILE};

    f->settings.analysts = &own;
    f->settings.n_analysts = 1;
    (void)outbox_desk_add(f, "a", "digest", "a@example.org");
    (void)outbox_desk_add(f, "b", "digest", "b@example.org");
    (void)outbox_desk_add(f, "c", "digest", "c@example.org");
    f->reply =
        (struct delivery_reply){.end = DELIVERY_DEFERRED, .words = "down", .is_way_down = true};
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, (const int64_t[]){1, 2}, 2);
}

/* Minutes for one address are nobody else's. */
static void a_slow_address_waits(void **state)
{
    struct outbox_desk *f = *state;

    (void)outbox_desk_add(f, "a", "digest", "a@example.org");
    (void)outbox_desk_add(f, "a", "digest", "a@example.org");
    f->reply = (struct delivery_reply)ACCEPT;
    f->takes_ms = 10 * MINUTE * 1000;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, (const int64_t[]){1}, 1);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, (const int64_t[]){2}, 1);
    /* And a round has an end. */
    for (int64_t i = 3; i <= 9; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "n%d@example.org", (int)i);
        (void)outbox_desk_add(f, name, "digest", name);
    }
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, (const int64_t[]){3, 4, 5}, 3);
    assert_int_equal(f->sum.n_left, 4);
}

static void an_address_that_refuses_is_held(void **state)
{
    struct outbox_desk *f = *state;
    struct message_row m;

    for (int i = 0; i < 5; i++)
        (void)outbox_desk_add(f, "a", "digest", "gone@example.org");
    (void)outbox_desk_add(f, "b", "digest", "here@example.org");
    f->reply = (struct delivery_reply)REFUSE;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, (const int64_t[]){1, 6, 2, 3}, 4);
    assert_int_equal(f->sum.n_left, 2);
    assert_int_equal(
        outbox_desk_said(f, "2 messages to gone@example.org are held since 2026-09-21: its last 3 "
                            "were refused or came back (550 no); when it takes mail again, "
                            "wirewatch outbox retry 3; if it changed, wirewatch outbox drop "
                            "--analyst a --untell"),
        1);
    f->reply = (struct delivery_reply)ACCEPT;
    outbox_desk_pass(f, HOUR);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(f->n_tried, 0);
    /* Said when it begins, not day by day. */
    outbox_desk_pass(f, 3 * DAY);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(outbox_desk_said(f, "are held"), 1);
    assert_int_equal(outbox_desk_said(f, "waits since"), 0);
    /* A person tries one of them again, as outbox retry does. */
    m = outbox_desk_row(f, 3);
    m.state = MESSAGE_QUEUED;
    m.fault = FAULT_NONE;
    outbox_desk_change(f, &m);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, (const int64_t[]){4, 5, 3}, 3);
}

/* Five have failed, and one of them is tried again: it passes, deferred or not, and opens the door.
 */
static void one_that_is_retried_lifts_the_hold(void **state)
{
    struct outbox_desk *f = *state;
    int64_t bounced[5], waits;
    struct message_row m;

    for (size_t i = 0; i < WW_COUNT(bounced); i++) {
        bounced[i] = outbox_desk_add(f, "a", "digest", "back@example.org");
        m = outbox_desk_row(f, bounced[i]);
        m.state = MESSAGE_FAILED;
        m.fault = FAULT_BOUNCED;
        m.n_tries = 1;
        m.last_tried_at = NOW - DAY;
        outbox_desk_change(f, &m);
    }
    waits = outbox_desk_add(f, "a", "digest", "back@example.org");
    f->reply = (struct delivery_reply)DEFER;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(f->n_tried, 0);
    m = outbox_desk_row(f, bounced[1]);
    m.state = MESSAGE_QUEUED;
    m.fault = FAULT_NONE;
    m.n_tries = 0;
    outbox_desk_change(f, &m);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, &bounced[1], 1);
    outbox_desk_pass(f, HOUR);
    f->reply = (struct delivery_reply)ACCEPT;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, &bounced[1], 1);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, &waits, 1);
}

/* A relay that counts messages a second gets its pause; a stop does not wait for it. */
static void a_pause_stands_between_two(void **state)
{
    struct outbox_desk *f = *state;
    int64_t begun_ms;

    f->clock = clock_started_at(NOW);
    f->settings.pause_s = 1;
    f->reply = (struct delivery_reply)ACCEPT;
    for (int i = 0; i < 2; i++)
        (void)outbox_desk_add(f, "a", "digest", "a@example.org");
    begun_ms = clock_monotonic_ms(&f->clock);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(f->sum.n_sent, 2);
    assert_in_range(clock_monotonic_ms(&f->clock) - begun_ms, 1000, 30000);
    f->settings.pause_s = 3600;
    f->stops_after = 1;
    for (int i = 0; i < 2; i++)
        (void)outbox_desk_add(f, "a", "digest", "a@example.org");
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(f->sum.n_sent, 1);
}

/* ---- what is said, and what stays ------------------------------------------------------------ */

static void what_waits_is_said_once_a_day(void **state)
{
    struct outbox_desk *f = *state;
    static const size_t wanted[] = {0, 1, 2, 3}; /* at the end of the n-th day */

    (void)outbox_desk_add(f, "a", "digest", "a@example.org");
    (void)outbox_desk_add(f, "b", "digest", "b@example.org");
    f->reply = (struct delivery_reply)DEFER;
    for (size_t day = 0; day < WW_COUNT(wanted); day++) {
        for (int64_t i = 0; i < 24; i++) {
            assert_int_equal(outbox_desk_send(f), WW_OK);
            outbox_desk_pass(f, HOUR);
        }
        assert_int_equal(outbox_desk_said(f, "waits since"), wanted[day]);
    }
    assert_int_equal(outbox_desk_said(f, "2 messages wait for more than a day"), 3);
    assert_int_equal(outbox_desk_said(f, ": 451 later"), 3);
}

/* The report of a bounce, or the canary, was quicker than the reply. */
static void what_came_meanwhile_stays(void **state)
{
    struct outbox_desk *f = *state;
    int64_t canary = outbox_desk_add(f, "a", "canary", "c@example.org");
    int64_t bounce = 0;

    f->reply = (struct delivery_reply)ACCEPT;
    f->has_returned = true;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(outbox_desk_row(f, canary).state, MESSAGE_SENT);
    assert_int_equal(outbox_desk_row(f, canary).returned_at, NOW + 1);
    bounce = outbox_desk_add(f, "a", "digest", "d@example.org");
    f->has_returned = false;
    f->has_bounced = true;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(outbox_desk_row(f, bounce).state, MESSAGE_FAILED);
    assert_int_equal(outbox_desk_row(f, bounce).fault, FAULT_BOUNCED);
    assert_true(slice_starts(outbox_desk_row(f, bounce).reply, SLICE("bounced")));
}

/* The round began before a person dropped it: it does not leave. */
static void what_is_dropped_meanwhile_stays(void **state)
{
    struct outbox_desk *f = *state;

    (void)outbox_desk_add(f, "a", "digest", "a@example.org");
    f->drops = outbox_desk_add(f, "b", "digest", "b@example.org");
    f->reply = (struct delivery_reply)ACCEPT;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, (const int64_t[]){1}, 1);
    assert_int_equal(outbox_desk_row(f, 2).state, MESSAGE_DROPPED);
}

static void bytes_are_kept_as_long_as_wished(void **state)
{
    struct outbox_desk *f = *state;
    int64_t id = outbox_desk_add(f, "a", "canary", "a@example.org");
    struct message_row m = outbox_desk_row(f, id);

    m.state = MESSAGE_SENT;
    m.sent_at = m.last_tried_at = NOW - DAY;
    m.returned_at = NOW - 5;
    outbox_desk_change(f, &m);
    outbox_desk_pass(f, 100 * DAY);
    f->settings.keep_mail_s = 90 * DAY;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(outbox_desk_row(f, id).returned_at, NOW - 5);
    /* The bytes were kept long enough; the row is there. */
    {
        struct slice bytes;

        assert_int_equal(store_message_bytes(f->store, id, &f->arena, &bytes, NULL), WW_NOT_FOUND);
        assert_int_equal(outbox_desk_row(f, id).state, MESSAGE_SENT);
    }
}

static void bytes_of_what_waits_are_kept(void **state)
{
    struct outbox_desk *f = *state;
    int64_t id = outbox_desk_add(f, "a", "digest", "a@example.org");
    struct slice bytes;

    f->settings.keep_mail_s = DAY;
    f->reply = (struct delivery_reply)REFUSE;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_pass(f, 100 * DAY);
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(store_message_bytes(f->store, id, &f->arena, &bytes, NULL), WW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, outbox_desk_open, outbox_desk_close)
        T(analysts_take_turns),
        T(a_server_that_is_down_is_asked_once),
        T(a_server_that_serves_again_gets_all),
        T(quiet_hours_hold_at_the_door),
        T(another_way_is_not_down),
        T(a_slow_address_waits),
        T(an_address_that_refuses_is_held),
        T(one_that_is_retried_lifts_the_hold),
        T(a_pause_stands_between_two),
        T(what_waits_is_said_once_a_day),
        T(what_came_meanwhile_stays),
        T(what_is_dropped_meanwhile_stays),
        T(bytes_are_kept_as_long_as_wished),
        T(bytes_of_what_waits_are_kept),
#undef T
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
