/* test_outbox.c - a message's states by table, and whose turn it is: days pass in no time. */
#include "alerts/mail/outbox.h"

#include "alerts/mail/deliver.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW INT64_C(1790000000)
#define MINUTE INT64_C(60)
#define HOUR INT64_C(3600)
#define DAY INT64_C(86400)
#define NEVER INT64_C(-1)
#define TRIED_MAX 64

/* What the other end says, and what it was given. */
struct fixture {
    char folder[64];
    char path[96];
    struct store *store;
    struct arena arena;
    struct clock clock;
    struct config settings;
    struct outbox_summary sum;
    volatile sig_atomic_t stop;
    FILE *said;
    char *words;
    size_t n_words;

    struct delivery_reply reply;
    enum ww_status ours;
    const char *bad_recipient; /* ours is for this one alone */
    int64_t takes_ms;
    size_t stops_after;             /* so many messages somebody asks to stop; 0: never */
    bool has_bounced, has_returned; /* before the reply comes */
    int64_t tried[TRIED_MAX];
    size_t n_tried;
};

static void change(struct fixture *f, const struct message_row *m)
{
    assert_int_equal(store_begin(f->store, NULL), WW_OK);
    assert_int_equal(store_update_message(f->store, m, NULL), WW_OK);
    assert_int_equal(store_commit(f->store, NULL), WW_OK);
}

static enum ww_status answer(void *data, const struct config *settings, const struct message_row *m,
                             struct slice bytes, struct slice name,
                             const volatile sig_atomic_t *stop, struct delivery_reply *out,
                             struct ww_error *err)
{
    struct fixture *f = data;
    char wanted[64];

    WW_UNUSED(settings);
    WW_UNUSED(stop);
    assert_true(name.len > 0);
    (void)snprintf(wanted, sizeof(wanted), "bytes of %lld", (long long)m->id);
    assert_true(slice_equal(bytes, slice_from(wanted)));
    assert_true(f->n_tried < TRIED_MAX);
    f->tried[f->n_tried++] = m->id;
    f->clock.fixed_ms += f->takes_ms;
    if (f->n_tried == f->stops_after)
        f->stop = 1;
    if (f->ours != WW_OK &&
        (f->bad_recipient == NULL || slice_equal(m->recipient, slice_from(f->bad_recipient))))
        return ww_fail(err, f->ours, "a mistake of ours");
    if (f->has_bounced || f->has_returned) {
        struct message_row now = *m;

        assert_int_equal(m->state, MESSAGE_SENDING);
        if (f->has_returned)
            now.returned_at = NOW + 1;
        if (f->has_bounced) {
            now.state = MESSAGE_FAILED;
            now.fault = FAULT_BOUNCED;
            now.reply = SLICE("bounced: 5.1.1");
        }
        change(f, &now);
    }
    *out = f->reply;
    return WW_OK;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct store_options options = {.may_create = true, .now = NOW};
    struct ww_error err = {0};

    if (f == NULL)
        return -1;
    (void)strcpy(f->folder, "/tmp/wirewatch-outbox-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    (void)snprintf(f->path, sizeof(f->path), "%s/w.db", f->folder);
    options.path = f->path;
    arena_init(&f->arena, (size_t)16 << 20);
    f->clock = clock_fixed(NOW);
    f->settings = (struct config){.transport = TRANSPORT_SMTP, .max_per_run = 1000};
    *state = f;
    return store_open(&options, &f->store, &err) == WW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char path[128];

    store_close(f->store);
    arena_release(&f->arena);
    if (f->said != NULL)
        (void)fclose(f->said);
    free(f->words);
    for (size_t i = 0; i < 5; i++) {
        static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".run.lock"};

        (void)snprintf(path, sizeof(path), "%s%s", f->path, ends[i]);
        (void)unlink(path);
    }
    (void)rmdir(f->folder);
    free(f);
    return 0;
}

/* ---- helpers --------------------------------------------------------------------------------- */

static int64_t add(struct fixture *f, const char *analyst, const char *kind, const char *recipient)
{
    struct message_row m = {.kind = slice_from(kind),
                            .analyst = slice_from(analyst),
                            .recipient = slice_from(recipient),
                            .subject = SLICE("subject"),
                            .created_at = clock_now(&f->clock)};
    struct ww_error err = {0};
    char id[64], bytes[64];

    assert_int_equal(store_begin(f->store, &err), WW_OK);
    assert_int_equal(store_reserve_message(f->store, &m.id, &err), WW_OK);
    (void)snprintf(id, sizeof(id), "<digest.%lld@w>", (long long)m.id);
    (void)snprintf(bytes, sizeof(bytes), "bytes of %lld", (long long)m.id);
    m.message_id = slice_from(id);
    assert_int_equal(store_add_message(f->store, &m, slice_from(bytes), NULL, 0, &err), WW_OK);
    assert_int_equal(store_commit(f->store, &err), WW_OK);
    return m.id;
}

static struct message_row row(struct fixture *f, int64_t id)
{
    struct message_row m;

    assert_int_equal(store_message(f->store, id, &f->arena, &m, NULL), WW_OK);
    return m;
}

static enum ww_status send_due(struct fixture *f)
{
    struct log log;
    const struct outbox o = {.store = f->store,
                             .settings = &f->settings,
                             .clock = &f->clock,
                             .log = &log,
                             .stop = &f->stop,
                             .way = answer,
                             .way_data = f};
    struct ww_error err = {0};

    if (f->said == NULL)
        f->said = open_memstream(&f->words, &f->n_words);
    log = (struct log){f->said, LOG_ERROR, &f->clock};
    f->n_tried = 0;
    return outbox_send_due(&o, &f->sum, &err);
}

/* How often the error log has said so. */
static size_t n_said(struct fixture *f, const char *words)
{
    size_t n = 0;

    (void)fflush(f->said);
    for (const char *at = f->words; at != NULL && (at = strstr(at, words)) != NULL; at++)
        n++;
    return n;
}

static void pass(struct fixture *f, int64_t seconds)
{
    f->clock.fixed_ms += seconds * 1000;
}

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

#define ACCEPT                                      \
    {                                               \
        .end = DELIVERY_ACCEPTED, .words = "250 ok" \
    }
#define DEFER                                          \
    {                                                  \
        .end = DELIVERY_DEFERRED, .words = "451 later" \
    }
#define REFUSE                                     \
    {                                              \
        .end = DELIVERY_REFUSED, .words = "550 no" \
    }
#define LOSE                                     \
    {                                            \
        .end = DELIVERY_UNKNOWN, .words = "lost" \
    }
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
    struct fixture *f = *state;

    for (size_t i = 0; i < WW_COUNT(turns); i++) {
        const struct turn *t = &turns[i];
        const int64_t now = clock_now(&f->clock);
        char recipient[32];
        struct message_row m;
        int64_t id;
        bool is_tried = t->n_doubts + (t->state == MESSAGE_SENDING) < 2;

        (void)snprintf(recipient, sizeof(recipient), "r%zu@example.org", i);
        f->clock = clock_fixed(now - t->age_s);
        id = add(f, recipient, "digest", recipient);
        f->clock = clock_fixed(now);
        m = row(f, id);
        m.state = t->state;
        m.n_tries = t->n_tries;
        m.n_doubts = t->n_doubts;
        m.last_tried_at = t->n_tries > 0 ? now - DAY : 0;
        change(f, &m);
        f->reply = t->reply;
        assert_int_equal(send_due(f), WW_OK);
        m = row(f, id);
        if (m.state != t->after || m.fault != t->fault || m.n_doubts != t->doubts_after ||
            f->n_tried != is_tried || m.n_tries != t->n_tries + is_tried)
            fail_msg("%s: %s %s, %lld in doubt, %lld tries", t->name, message_state_name(m.state),
                     message_fault_name(m.fault), (long long)m.n_doubts, (long long)m.n_tries);
        if (t->after == MESSAGE_SENT)
            assert_int_equal(m.sent_at, now);
        assert_int_equal(n_said(f, "state=failed"), t->after == MESSAGE_FAILED);
        (void)fclose(f->said);
        f->said = NULL;
        /* Not a second before, and then. */
        f->reply = (struct delivery_reply)ACCEPT;
        if (t->wait_s != NEVER) {
            pass(f, t->wait_s - 1);
            assert_int_equal(send_due(f), WW_OK);
            assert_int_equal(f->n_tried, 0);
            pass(f, 1);
        } else {
            pass(f, 40 * DAY);
        }
        assert_int_equal(send_due(f), WW_OK);
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
    struct fixture *f = *state;
    int64_t id = add(f, "one", "digest", "one@example.org");

    pass(f, 3650 * DAY);
    f->reply = (struct delivery_reply)DEFER;
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(row(f, id).state, MESSAGE_DEFERRED);
    f->clock = clock_fixed(NOW + MINUTE);
    f->reply = (struct delivery_reply)ACCEPT;
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(row(f, id).state, MESSAGE_SENT);
}

/* Ours, not theirs: no try is used up, others have theirs, and the mistake is given back. */
static void our_own_mistakes_cost_no_try(void **state)
{
    struct fixture *f = *state;
    int64_t bad = add(f, "bad", "digest", "bad@example.org");
    int64_t good = add(f, "good", "digest", "good@example.org");

    f->ours = WW_INVALID;
    f->bad_recipient = "bad@example.org";
    f->reply = (struct delivery_reply)ACCEPT;
    assert_int_equal(send_due(f), WW_INVALID);
    assert_int_equal(row(f, good).state, MESSAGE_SENT);
    assert_int_equal(row(f, bad).state, MESSAGE_DEFERRED);
    assert_int_equal(row(f, bad).n_tries, 0);
    f->ours = WW_OK;
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(row(f, bad).state, MESSAGE_SENT);
}

/* ---- several --------------------------------------------------------------------------------- */

static void expect_tried(struct fixture *f, const int64_t *ids, size_t n)
{
    assert_int_equal(f->n_tried, n);
    for (size_t i = 0; i < n; i++)
        if (f->tried[i] != ids[i])
            fail_msg("%zu: message %lld, not %lld", i, (long long)f->tried[i], (long long)ids[i]);
}

/* One analyst's backlog stands before another's only digest in the queue, not in the round. */
static void analysts_take_turns(void **state)
{
    struct fixture *f = *state;
    int64_t a[5], b, c, d, tried;

    tried = add(f, "t", "digest", "t@example.org");
    {
        struct message_row m = row(f, tried);

        m.state = MESSAGE_DEFERRED;
        m.n_tries = 1;
        change(f, &m);
    }
    for (size_t i = 0; i < 4; i++)
        a[i] = add(f, "a", "digest", "a@example.org");
    a[4] = add(f, "a", "immediate", "a@example.org");
    b = add(f, "b", "digest", "b@example.org");
    c = add(f, "c", "immediate", "c@example.org");
    d = add(f, "d", "weekly", "d@example.org");
    f->reply = (struct delivery_reply)ACCEPT;
    f->settings.max_per_run = 4;
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, (const int64_t[]){a[4], c, b, d}, 4);
    assert_int_equal(f->sum.n_left, 5);
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, (const int64_t[]){a[0], a[1], a[2], a[3]}, 4);
    /* What was tried before comes last, and comes. */
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, &tried, 1);
}

/* One trial of 15 minutes, not a hundred. */
static void a_server_that_is_down_is_asked_once(void **state)
{
    struct fixture *f = *state;
    int64_t ids[10];

    for (size_t i = 0; i < WW_COUNT(ids); i++)
        ids[i] = add(f, "a", "digest", i % 2 == 0 ? "a@example.org" : "b@example.org");
    f->reply = (struct delivery_reply){
        .end = DELIVERY_DEFERRED, .words = "no connection", .is_way_down = true};
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, ids, 1);
    assert_int_equal(f->sum.n_deferred, 10);
    for (size_t i = 1; i < WW_COUNT(ids); i++) {
        const struct message_row m = row(f, ids[i]);

        assert_int_equal(m.state, MESSAGE_DEFERRED);
        assert_int_equal(m.n_tries, 0);
        assert_int_equal(m.not_before, row(f, ids[0]).not_before);
        assert_true(slice_contains(m.reply, SLICE("no connection")));
    }
    pass(f, 5 * MINUTE);
    f->reply = (struct delivery_reply)ACCEPT;
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(f->sum.n_sent, 10);
}

/* Another way out is not that server. */
static void another_way_is_not_down(void **state)
{
    struct fixture *f = *state;
    struct config_analyst own = {.name = SLICE("b"), .transport = 1 + TRANSPORT_FILE};

    f->settings.analysts = &own;
    f->settings.n_analysts = 1;
    (void)add(f, "a", "digest", "a@example.org");
    (void)add(f, "b", "digest", "b@example.org");
    (void)add(f, "c", "digest", "c@example.org");
    f->reply =
        (struct delivery_reply){.end = DELIVERY_DEFERRED, .words = "down", .is_way_down = true};
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, (const int64_t[]){1, 2}, 2);
}

/* Minutes for one address are nobody else's. */
static void a_slow_address_waits(void **state)
{
    struct fixture *f = *state;

    (void)add(f, "a", "digest", "a@example.org");
    (void)add(f, "a", "digest", "a@example.org");
    f->reply = (struct delivery_reply)ACCEPT;
    f->takes_ms = 10 * MINUTE * 1000;
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, (const int64_t[]){1}, 1);
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, (const int64_t[]){2}, 1);
    /* And a round has an end. */
    for (int64_t i = 3; i <= 9; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "n%d@example.org", (int)i);
        (void)add(f, name, "digest", name);
    }
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, (const int64_t[]){3, 4, 5}, 3);
    assert_int_equal(f->sum.n_left, 4);
}

static void an_address_that_refuses_is_held(void **state)
{
    struct fixture *f = *state;
    struct message_row m;

    for (int i = 0; i < 5; i++)
        (void)add(f, "a", "digest", "gone@example.org");
    (void)add(f, "b", "digest", "here@example.org");
    f->reply = (struct delivery_reply)REFUSE;
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, (const int64_t[]){1, 6, 2, 3}, 4);
    assert_int_equal(f->sum.n_left, 2);
    assert_int_equal(n_said(f, "to=gone@example.org is held"), 1);
    f->reply = (struct delivery_reply)ACCEPT;
    pass(f, HOUR);
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(f->n_tried, 0);
    assert_int_equal(n_said(f, "is held"), 1);
    /* A person tries one of them again, as outbox retry does. */
    m = row(f, 3);
    m.state = MESSAGE_QUEUED;
    m.fault = FAULT_NONE;
    change(f, &m);
    assert_int_equal(send_due(f), WW_OK);
    expect_tried(f, (const int64_t[]){4, 5, 3}, 3);
}

/* A relay that counts messages a second gets its pause; a stop does not wait for it. */
static void a_pause_stands_between_two(void **state)
{
    struct fixture *f = *state;
    int64_t begun_ms;

    f->clock = clock_started_at(NOW);
    f->settings.pause_s = 1;
    f->reply = (struct delivery_reply)ACCEPT;
    for (int i = 0; i < 2; i++)
        (void)add(f, "a", "digest", "a@example.org");
    begun_ms = clock_monotonic_ms(&f->clock);
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(f->sum.n_sent, 2);
    assert_in_range(clock_monotonic_ms(&f->clock) - begun_ms, 1000, 30000);
    f->settings.pause_s = 3600;
    f->stops_after = 1;
    for (int i = 0; i < 2; i++)
        (void)add(f, "a", "digest", "a@example.org");
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(f->sum.n_sent, 1);
}

/* ---- what is said, and what stays ------------------------------------------------------------ */

static void what_waits_is_said_once_a_day(void **state)
{
    struct fixture *f = *state;
    static const size_t wanted[] = {0, 1, 2, 3}; /* at the end of the n-th day */

    (void)add(f, "a", "digest", "a@example.org");
    (void)add(f, "b", "digest", "b@example.org");
    f->reply = (struct delivery_reply)DEFER;
    for (size_t day = 0; day < WW_COUNT(wanted); day++) {
        for (int64_t i = 0; i < 24; i++) {
            assert_int_equal(send_due(f), WW_OK);
            pass(f, HOUR);
        }
        assert_int_equal(n_said(f, "waits since"), wanted[day]);
    }
    assert_int_equal(n_said(f, "as 2 in all"), 3);
}

/* The report of a bounce, or the canary, was quicker than the reply. */
static void what_came_meanwhile_stays(void **state)
{
    struct fixture *f = *state;
    int64_t canary = add(f, "a", "canary", "c@example.org");
    int64_t bounce = 0;

    f->reply = (struct delivery_reply)ACCEPT;
    f->has_returned = true;
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(row(f, canary).state, MESSAGE_SENT);
    assert_int_equal(row(f, canary).returned_at, NOW + 1);
    bounce = add(f, "a", "digest", "d@example.org");
    f->has_returned = false;
    f->has_bounced = true;
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(row(f, bounce).state, MESSAGE_FAILED);
    assert_int_equal(row(f, bounce).fault, FAULT_BOUNCED);
    assert_true(slice_starts(row(f, bounce).reply, SLICE("bounced")));
}

static void bytes_are_kept_as_long_as_wished(void **state)
{
    struct fixture *f = *state;
    int64_t id = add(f, "a", "canary", "a@example.org");
    struct message_row m = row(f, id);

    m.state = MESSAGE_SENT;
    m.sent_at = m.last_tried_at = NOW - DAY;
    m.returned_at = NOW - 5;
    change(f, &m);
    pass(f, 100 * DAY);
    f->settings.keep_mail_s = 90 * DAY;
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(row(f, id).returned_at, NOW - 5);
    /* The bytes were kept long enough; the row is there. */
    {
        struct slice bytes;

        assert_int_equal(store_message_bytes(f->store, id, &f->arena, &bytes, NULL), WW_NOT_FOUND);
        assert_int_equal(row(f, id).state, MESSAGE_SENT);
    }
}

static void bytes_of_what_waits_are_kept(void **state)
{
    struct fixture *f = *state;
    int64_t id = add(f, "a", "digest", "a@example.org");
    struct slice bytes;

    f->settings.keep_mail_s = DAY;
    f->reply = (struct delivery_reply)REFUSE;
    assert_int_equal(send_due(f), WW_OK);
    pass(f, 100 * DAY);
    assert_int_equal(send_due(f), WW_OK);
    assert_int_equal(store_message_bytes(f->store, id, &f->arena, &bytes, NULL), WW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        T(a_reply_makes_a_state),
        T(a_wrong_clock_holds_nothing),
        T(our_own_mistakes_cost_no_try),
        T(analysts_take_turns),
        T(a_server_that_is_down_is_asked_once),
        T(another_way_is_not_down),
        T(a_slow_address_waits),
        T(an_address_that_refuses_is_held),
        T(a_pause_stands_between_two),
        T(what_waits_is_said_once_a_day),
        T(what_came_meanwhile_stays),
        T(bytes_are_kept_as_long_as_wished),
        T(bytes_of_what_waits_are_kept),
#undef T
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
