/* test_outbox.c - a message's states by table: every reply in every state. Days pass in no time. */
#include "base/attrs.h"
#include "base/slice.h"
#include "storage/store.h"
#include "tests/support/outbox_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEVER INT64_C(-1)

/* ---- one message ----------------------------------------------------------------------------- */

/* Every reply in every state: what it becomes, when it is tried next. */
struct turn {
    const char *name;
    enum message_state state;
    int64_t n_tries, n_doubts, age_s;
    struct delivery_reply reply;
    enum message_state after;
    enum message_fault fault;
    int64_t wait_s; /* until the next try; NEVER */
    int64_t doubts_after;
};

#define ASK(s)                                                         \
    {                                                                  \
        .end = DELIVERY_DEFERRED, .words = "429", .retry_after_s = (s) \
    }

/* clang-format off */
static const struct turn turns[] = {
    {"taken", MESSAGE_QUEUED, 0, 0, 0, ACCEPT, MESSAGE_SENT, FAULT_NONE, NEVER, 0},
    {"refused", MESSAGE_QUEUED, 0, 0, 0, REFUSE, MESSAGE_FAILED, FAULT_REFUSED, NEVER, 0},
    {"1st deferral", MESSAGE_QUEUED, 0, 0, 0, DEFER, MESSAGE_DEFERRED, FAULT_NONE, 5 * MINUTE, 0},
    {"2nd deferral", MESSAGE_DEFERRED, 1, 0, 0, DEFER, MESSAGE_DEFERRED, FAULT_NONE, 15 * MINUTE, 0},
    {"3rd deferral", MESSAGE_DEFERRED, 2, 0, 0, DEFER, MESSAGE_DEFERRED, FAULT_NONE, HOUR, 0},
    {"4th deferral", MESSAGE_DEFERRED, 3, 0, 0, DEFER, MESSAGE_DEFERRED, FAULT_NONE, 4 * HOUR, 0},
    {"5th deferral", MESSAGE_DEFERRED, 4, 0, 0, DEFER, MESSAGE_DEFERRED, FAULT_NONE, 12 * HOUR, 0},
    {"6th deferral", MESSAGE_DEFERRED, 5, 0, 0, DEFER, MESSAGE_DEFERRED, FAULT_NONE, DAY, 0},
    {"asked for more", MESSAGE_QUEUED, 0, 0, 0, ASK(2 * HOUR), MESSAGE_DEFERRED, FAULT_NONE, 2 * HOUR, 0},
    {"asked for less", MESSAGE_QUEUED, 0, 0, 0, ASK(1), MESSAGE_DEFERRED, FAULT_NONE, 5 * MINUTE, 0},
    {"asked for ever", MESSAGE_QUEUED, 0, 0, 0, ASK(INT64_MAX), MESSAGE_DEFERRED, FAULT_NONE, DAY, 0},
    {"asked for the past", MESSAGE_QUEUED, 0, 0, 0, ASK(-5), MESSAGE_DEFERRED, FAULT_NONE, 5 * MINUTE, 0},
    {"given up", MESSAGE_DEFERRED, 9, 0, 6 * DAY, DEFER, MESSAGE_FAILED, FAULT_GIVEN_UP, NEVER, 0},
    {"old, but the host was off", MESSAGE_DEFERRED, 1, 0, 30 * DAY, DEFER, MESSAGE_DEFERRED, FAULT_NONE, 15 * MINUTE, 0},
    {"of the future", MESSAGE_DEFERRED, 9, 0, -3650 * DAY, DEFER, MESSAGE_DEFERRED, FAULT_NONE, DAY, 0},
    {"lost", MESSAGE_QUEUED, 0, 0, 0, LOSE, MESSAGE_UNKNOWN, FAULT_NONE, 5 * MINUTE, 1},
    {"lost, then taken", MESSAGE_UNKNOWN, 1, 1, 0, ACCEPT, MESSAGE_SENT, FAULT_NONE, NEVER, 1},
    {"lost twice", MESSAGE_UNKNOWN, 1, 1, 0, LOSE, MESSAGE_FAILED, FAULT_DOUBTFUL, NEVER, 2},
    {"lost, then deferred", MESSAGE_UNKNOWN, 1, 1, 0, DEFER, MESSAGE_DEFERRED, FAULT_NONE, 15 * MINUTE, 1},
    {"lost, deferred, lost", MESSAGE_DEFERRED, 2, 1, 0, LOSE, MESSAGE_FAILED, FAULT_DOUBTFUL, NEVER, 2},
    {"killed, then taken", MESSAGE_SENDING, 1, 0, 0, ACCEPT, MESSAGE_SENT, FAULT_NONE, NEVER, 1},
    {"killed, then lost", MESSAGE_SENDING, 1, 0, 0, LOSE, MESSAGE_FAILED, FAULT_DOUBTFUL, NEVER, 2},
    {"killed twice", MESSAGE_SENDING, 2, 1, 0, ACCEPT, MESSAGE_FAILED, FAULT_DOUBTFUL, NEVER, 2},
    {"killed, then refused", MESSAGE_SENDING, 1, 0, 0, REFUSE, MESSAGE_FAILED, FAULT_REFUSED, NEVER, 1},
};
/* clang-format on */

static void a_reply_makes_a_state(void **state)
{
    struct outbox_desk *f = *state;

    for (size_t i = 0; i < WW_COUNT(turns); i++) {
        const struct turn *t = &turns[i];
        const int64_t now = clock_now(&f->clock);
        char recipient[32];
        struct message_row m;
        int64_t id;
        bool is_tried = t->n_doubts + (t->state == MESSAGE_SENDING) < 2;

        (void)snprintf(recipient, sizeof(recipient), "r%zu@example.org", i);
        f->clock = clock_fixed(now - t->age_s);
        id = outbox_desk_add(f, recipient, "digest", recipient);
        f->clock = clock_fixed(now);
        m = outbox_desk_row(f, id);
        m.state = t->state;
        m.n_tries = t->n_tries;
        m.n_doubts = t->n_doubts;
        m.last_tried_at = t->n_tries > 0 ? now - DAY : 0;
        outbox_desk_change(f, &m);
        f->reply = t->reply;
        assert_int_equal(outbox_desk_send(f), WW_OK);
        m = outbox_desk_row(f, id);
        if (m.state != t->after || m.fault != t->fault || m.n_doubts != t->doubts_after ||
            f->n_tried != is_tried || m.n_tries != t->n_tries + is_tried)
            fail_msg("%s: %s %s, %lld in doubt, %lld tries", t->name, message_state_name(m.state),
                     message_fault_name(m.fault), (long long)m.n_doubts, (long long)m.n_tries);
        if (t->after == MESSAGE_SENT)
            assert_int_equal(m.sent_at, now);
        assert_int_equal(outbox_desk_said(f, "state=failed"), t->after == MESSAGE_FAILED);
        (void)fclose(f->said);
        f->said = NULL;
        free(f->words);
        f->words = NULL;
        /* Not a second before, and then. */
        f->reply = (struct delivery_reply)ACCEPT;
        if (t->wait_s != NEVER) {
            outbox_desk_pass(f, t->wait_s - 1);
            assert_int_equal(outbox_desk_send(f), WW_OK);
            assert_int_equal(f->n_tried, 0);
            outbox_desk_pass(f, 1);
        } else {
            outbox_desk_pass(f, 40 * DAY);
        }
        assert_int_equal(outbox_desk_send(f), WW_OK);
        if (f->n_tried != (t->wait_s != NEVER))
            fail_msg("%s: tried %zu times when it was due", t->name, f->n_tried);
        (void)fclose(f->said);
        f->said = NULL;
        free(f->words);
        f->words = NULL;
    }
}

/* A clock that was years ahead must not keep a message for years. */
static void a_wrong_clock_holds_nothing(void **state)
{
    struct outbox_desk *f = *state;
    int64_t id = outbox_desk_add(f, "one", "digest", "one@example.org");

    outbox_desk_pass(f, 3650 * DAY);
    f->reply = (struct delivery_reply)DEFER;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(outbox_desk_row(f, id).state, MESSAGE_DEFERRED);
    f->clock = clock_fixed(NOW + MINUTE);
    f->reply = (struct delivery_reply)ACCEPT;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    assert_int_equal(outbox_desk_row(f, id).state, MESSAGE_SENT);
}

/* Ours, not theirs: no try is used up, others have theirs, and the mistake is given back. */
static void our_own_mistakes_cost_no_try(void **state)
{
    /* WW_STORE: a folder of mails that is full is no database that is. */
    static const enum ww_status mistakes[] = {WW_INVALID, WW_STORE, WW_NOMEM};
    struct outbox_desk *f = *state;

    for (size_t i = 0; i < WW_COUNT(mistakes); i++) {
        int64_t bad = outbox_desk_add(f, "bad", "digest", "bad@example.org");
        int64_t good = outbox_desk_add(f, "good", "digest", "good@example.org");

        f->ours = mistakes[i];
        f->bad_recipient = "bad@example.org";
        f->reply = (struct delivery_reply)ACCEPT;
        assert_int_equal(outbox_desk_send(f), mistakes[i]);
        assert_int_equal(outbox_desk_row(f, good).state, MESSAGE_SENT);
        assert_int_equal(outbox_desk_row(f, bad).state, MESSAGE_DEFERRED);
        assert_int_equal(outbox_desk_row(f, bad).n_tries, 0);
        f->ours = WW_OK;
        assert_int_equal(outbox_desk_send(f), WW_OK);
        assert_int_equal(outbox_desk_row(f, bad).state, MESSAGE_SENT);
    }
}

/* A report of its bounce came while our own mistake stood in the way: it stays. */
static void a_mistake_keeps_what_came_meanwhile(void **state)
{
    struct outbox_desk *f = *state;
    int64_t id = outbox_desk_add(f, "a", "digest", "a@example.org");

    f->has_bounced = true;
    f->ours = WW_INVALID;
    assert_int_equal(outbox_desk_send(f), WW_INVALID);
    assert_int_equal(outbox_desk_row(f, id).state, MESSAGE_FAILED);
    assert_int_equal(outbox_desk_row(f, id).fault, FAULT_BOUNCED);
}

/* Whatever a person or a disk did: said, failed, and nobody else's matter. */
static void without_bytes_it_fails(void **state)
{
    struct outbox_desk *f = *state;
    int64_t gone = outbox_desk_add(f, "a", "digest", "a@example.org");
    int64_t good = outbox_desk_add(f, "b", "digest", "b@example.org");
    struct message_row m = outbox_desk_row(f, gone);

    m.state = MESSAGE_SENT;
    m.sent_at = m.last_tried_at = NOW - DAY;
    outbox_desk_change(f, &m);
    assert_int_equal(store_begin(f->store, NULL), WW_OK);
    assert_int_equal(store_prune_messages(f->store, NOW + DAY, 10, NULL), WW_OK);
    assert_int_equal(store_commit(f->store, NULL), WW_OK);
    m.state = MESSAGE_QUEUED;
    outbox_desk_change(f, &m);
    f->reply = (struct delivery_reply)ACCEPT;
    assert_int_equal(outbox_desk_send(f), WW_OK);
    outbox_desk_tried(f, &good, 1);
    assert_int_equal(outbox_desk_row(f, gone).state, MESSAGE_FAILED);
    assert_int_equal(outbox_desk_row(f, gone).fault, FAULT_GIVEN_UP);
    assert_int_equal(outbox_desk_said(f, "no longer kept"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, outbox_desk_open, outbox_desk_close)
        T(a_reply_makes_a_state),        T(a_wrong_clock_holds_nothing),
        T(our_own_mistakes_cost_no_try), T(a_mistake_keeps_what_came_meanwhile),
        T(without_bytes_it_fails),
#undef T
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
