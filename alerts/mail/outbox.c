/* outbox.c - from stored bytes to a reply: one message through its states. */
#include "alerts/mail/outbox.h"

#include "alerts/mail/deliver.h"
#include "alerts/mail/outbox_hold.h"
#include "alerts/mail/outbox_round.h"
#include "alerts/mail/waiting.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>

#define GIVE_UP_S (5 * 86400)
/* A clock that jumps, or a host that was off for a week, gives up on nothing: so many tries, too.
 */
#define GIVE_UP_TRIES 6
#define ASKED_MAX_S 86400
/* Tries in doubt: the second is one too many. */
#define DOUBTS_MAX 2

/* How long to wait after the n-th try that was deferred. */
static int64_t wait_after(int64_t n_tries)
{
    static const int64_t waits[] = {300, 900, 3600, 4 * 3600, 12 * 3600};

    if (n_tries >= 1 && n_tries <= (int64_t)WW_COUNT(waits))
        return waits[n_tries - 1];
    return 86400;
}

static void fail(struct message_row *m, enum message_fault fault, struct outbox_summary *sum)
{
    m->state = MESSAGE_FAILED;
    m->fault = fault;
    sum->n_failed++;
}

/* Nobody knows whether it arrived: once more with the same bytes, then a person settles it. */
static void doubt(struct message_row *m, int64_t now, struct outbox_summary *sum)
{
    m->n_doubts++;
    if (m->n_doubts >= DOUBTS_MAX) {
        fail(m, FAULT_DOUBTFUL, sum);
        return;
    }
    m->state = MESSAGE_UNKNOWN;
    m->fault = FAULT_NONE;
    m->not_before = now + wait_after(1);
    sum->n_unknown++;
}

/* What the reply makes of the message. */
static void take_reply(struct message_row *m, const struct delivery_reply *reply, int64_t now,
                       struct outbox_summary *sum)
{
    int64_t wait = wait_after(m->n_tries);
    int64_t asked =
        reply->retry_after_s < ASKED_MAX_S ? reply->retry_after_s : (int64_t)ASKED_MAX_S;

    m->reply = slice_from(reply->words);
    switch (reply->end) {
    case DELIVERY_ACCEPTED:
        m->state = MESSAGE_SENT;
        m->fault = FAULT_NONE;
        m->sent_at = now;
        sum->n_sent++;
        return;
    case DELIVERY_REFUSED:
        fail(m, FAULT_REFUSED, sum);
        return;
    case DELIVERY_UNKNOWN:
        doubt(m, now, sum);
        return;
    case DELIVERY_DEFERRED:
        if (now - m->created_at > GIVE_UP_S && m->n_tries >= GIVE_UP_TRIES) {
            fail(m, FAULT_GIVEN_UP, sum);
            return;
        }
        m->state = MESSAGE_DEFERRED;
        m->fault = reply->is_way_down ? FAULT_UNREACHABLE : FAULT_NONE;
        m->not_before = now + (asked > wait ? asked : wait);
        sum->n_deferred++;
        return;
    }
}

/* Errors are what a quiet cron line still prints, and cron mails: about what does not arrive. */
static void say_end(const struct outbox *o, const struct message_row *m)
{
    enum log_level level = m->state == MESSAGE_SENT     ? LOG_INFO
                           : m->state == MESSAGE_FAILED ? LOG_ERROR
                                                        : LOG_WARN;

    log_event(o->log, level, "outbox",
              "message=%" PRId64 " to=%.*s state=%s%s%s tries=%" PRId64 " reply=%.*s%s", m->id,
              SLICE_ARG(m->recipient), message_state_name(m->state),
              m->fault != FAULT_NONE ? " why=" : "", message_fault_name(m->fault), m->n_tries,
              SLICE_ARG(m->reply),
              m->fault == FAULT_DOUBTFUL ? " (perhaps delivered; outbox retry sends it again)"
                                         : "");
}

/*
 * Make it "sending". *is_ours: false when it is no longer to be sent: somebody dropped it since it
 * was listed, a crash leaves it in doubt once too often, or its bytes are gone.
 */
static enum ww_status take(const struct outbox *o, int64_t id, struct arena *arena,
                           struct message_row *m, struct slice *bytes, bool *is_ours,
                           struct outbox_summary *sum, struct ww_error *err)
{
    bool is_gone = false;
    enum ww_status status = store_begin(o->store, err);

    *is_ours = false;
    if (status != WW_OK)
        return status;
    status = store_message(o->store, id, arena, m, err);
    if (status == WW_OK && outbox_is_waiting(m))
        status = store_message_bytes(o->store, id, arena, bytes, err);
    is_gone = status == WW_NOT_FOUND && m->id == id;
    if (is_gone)
        status = WW_OK;
    if (status == WW_OK && outbox_is_waiting(m)) {
        *is_ours = true;
        if (is_gone) {
            m->reply = SLICE("its bytes are no longer kept: there is nothing to send");
            fail(m, FAULT_GIVEN_UP, sum);
            *is_ours = false;
        } else if (m->state == MESSAGE_SENDING && ++m->n_doubts >= DOUBTS_MAX) {
            m->reply = SLICE("cut off twice while it was sent");
            fail(m, FAULT_DOUBTFUL, sum);
            *is_ours = false;
        } else {
            m->state = MESSAGE_SENDING;
            m->n_tries++;
            m->last_tried_at = clock_now(o->clock);
        }
        status = store_update_message(o->store, m, err);
        if (status == WW_OK && !*is_ours)
            say_end(o, m);
    }
    if (status == WW_OK)
        return store_commit(o->store, err);
    store_rollback(o->store);
    return status;
}

/*
 * What came of it. A report of its bounce, or the canary itself, may have been quicker than the
 * server's reply: what it says stays.
 */
static enum ww_status settle_once(const struct outbox *o, struct message_row *m,
                                  const struct delivery_reply *reply, struct arena *arena,
                                  struct outbox_summary *sum, struct ww_error *err)
{
    struct message_row stored = *m;
    enum ww_status status = store_begin(o->store, err);

    if (status == WW_OK)
        status = store_message(o->store, m->id, arena, &stored, err);
    if (status == WW_OK) {
        m->returned_at = stored.returned_at;
        take_reply(m, reply, clock_now(o->clock), sum);
        if (stored.state != MESSAGE_SENDING) {
            m->state = stored.state;
            m->fault = stored.fault;
            m->reply = stored.reply;
        }
        status = store_update_message(o->store, m, err);
    }
    if (status == WW_OK)
        return store_commit(o->store, err);
    store_rollback(o->store);
    return status;
}

/* While the store's server is away the reply is not forgotten: else nobody would know of it. */
static enum ww_status settle(const struct outbox *o, struct message_row *m,
                             const struct delivery_reply *reply, struct arena *arena,
                             struct outbox_summary *sum, struct ww_error *err)
{
    const struct message_row was = *m;
    const struct outbox_summary before = *sum;
    enum ww_status status = settle_once(o, m, reply, arena, sum, err);

    for (int i = 0; status == WW_AWAY && i < STORE_AWAY_TIMES; i++) {
        *m = was;
        *sum = before;
        if (store_await(o->store, o->stop, err) != WW_OK)
            break;
        status = settle_once(o, m, reply, arena, sum, err);
    }
    return status;
}

/*
 * A mistake of ours: the message waits, and its try does not count. What came meanwhile stays here,
 * too.
 */
static enum ww_status take_back(const struct outbox *o, struct message_row *m, struct slice words,
                                struct arena *arena, struct outbox_summary *sum,
                                struct ww_error *err)
{
    enum ww_status status = store_begin(o->store, err);

    if (status == WW_OK)
        status = store_message(o->store, m->id, arena, m, err);
    if (status == WW_OK && m->state == MESSAGE_SENDING) {
        m->state = m->n_doubts > 0 ? MESSAGE_UNKNOWN : MESSAGE_DEFERRED;
        m->fault = FAULT_NONE;
        m->n_tries--;
        m->not_before = clock_now(o->clock);
        m->reply = words;
        sum->n_deferred++;
        status = store_update_message(o->store, m, err);
    }
    if (status == WW_OK)
        return store_commit(o->store, err);
    store_rollback(o->store);
    return status;
}

/* The right to send is kept while a server is waited for. */
static bool is_kept(void *context)
{
    return store_keep(context, NULL) != WW_CONFLICT;
}

enum ww_status outbox_try(const struct outbox *o, int64_t id, struct arena *arena,
                          struct outbox_trial *out, struct outbox_summary *sum,
                          struct ww_error *err)
{
    const struct waiting waiting = {o->stop, is_kept, o->store};
    struct message_row *m = &out->m;
    struct slice bytes = {"", 0};
    struct slice name;
    struct ww_error ours = {0};
    bool is_ours = false;
    enum ww_status status, kept;

    *out = (struct outbox_trial){.reply = {.end = DELIVERY_DEFERRED}};
    status = take(o, id, arena, m, &bytes, &is_ours, sum, err);
    if (status != WW_OK || !is_ours)
        return status;
    /*
     * Stable over tries, so that a file that was written before a crash is replaced, not doubled.
     */
    name = arena_printf(arena, "%.*s.%" PRId64, 8, store_id(o->store), m->id);
    status = arena_check(arena, &ours);
    /* The last moment: from here on it may arrive. */
    kept = store_keep(o->store, err);
    if (kept != WW_OK)
        return kept;
    if (status == WW_OK)
        status =
            o->way != NULL
                ? o->way(o->way_data, o->settings, m, bytes, name, &waiting, &out->reply, &ours)
                : deliver_send(o->settings, m, bytes, name, &waiting, &out->reply, &ours);
    if (status != WW_OK) {
        (void)ww_fail(&out->mistake, status, "message %" PRId64 ": %s", m->id, ours.message);
        return take_back(o, m, slice_from(ours.message), arena, sum, err);
    }
    status = settle(o, m, &out->reply, arena, sum, err);
    if (status == WW_OK)
        say_end(o, m);
    return status;
}

enum ww_status outbox_send_one(const struct outbox *o, int64_t id, struct outbox_summary *out,
                               struct ww_error *err)
{
    struct outbox_trial trial;
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, (size_t)4 * DIGEST_MAX_BYTES);
    status = outbox_try(o, id, &arena, &trial, out, err);
    arena_release(&arena);
    return status == WW_OK && trial.mistake.status != WW_OK
               ? ww_fail(err, trial.mistake.status, "%s", trial.mistake.message)
               : status;
}

enum ww_status outbox_deliver(struct store *s, const struct config *settings,
                              const struct clock *clock, const struct log *log,
                              volatile sig_atomic_t *stop, struct outbox_summary *out,
                              struct ww_error *err)
{
    const struct outbox o = {
        .store = s, .settings = settings, .clock = clock, .log = log, .stop = stop};

    return outbox_send_due(&o, out, err);
}
