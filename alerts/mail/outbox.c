/* outbox.c - from stored bytes to a reply, one state at a time. */
#include "alerts/mail/outbox.h"

#include "alerts/mail/deliver.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>

#define GIVE_UP_S (5 * 86400)
/* A message that still waits then is somebody's to look at. Tries are half a day apart by now. */
#define LATE_S 86400

/* How long to wait after the n-th try that was deferred. */
static int64_t wait_after(int64_t n_tries)
{
    static const int64_t waits[] = {300, 900, 3600, 4 * 3600, 12 * 3600};

    if (n_tries >= 1 && n_tries <= (int64_t)WW_COUNT(waits))
        return waits[n_tries - 1];
    return 86400;
}

static enum ww_status save(struct store *s, const struct message_row *m, struct ww_error *err)
{
    enum ww_status status = store_begin(s, err);

    if (status == WW_OK)
        status = store_update_message(s, m, err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    return status;
}

/* What the reply makes of the message. */
static void take_reply(struct message_row *m, enum message_state before,
                       const struct delivery_reply *reply, int64_t now, struct outbox_summary *sum)
{
    m->reply = slice_from(reply->words);
    switch (reply->end) {
    case DELIVERY_ACCEPTED:
        m->state = MESSAGE_SENT;
        m->sent_at = now;
        sum->n_sent++;
        return;
    case DELIVERY_REFUSED:
        m->state = MESSAGE_FAILED;
        sum->n_failed++;
        return;
    case DELIVERY_UNKNOWN:
        /* Once more with the same bytes; a second time of not knowing is for a person to settle. */
        m->state = before == MESSAGE_UNKNOWN || before == MESSAGE_SENDING ? MESSAGE_FAILED
                                                                          : MESSAGE_UNKNOWN;
        m->not_before = now + wait_after(1);
        sum->n_unknown++;
        return;
    case DELIVERY_DEFERRED:
        m->state = now - m->created_at > GIVE_UP_S ? MESSAGE_FAILED : MESSAGE_DEFERRED;
        m->not_before = now + wait_after(m->n_tries);
        sum->n_deferred++;
        return;
    }
}

/* Errors are what a quiet cron line still prints, and cron mails: about what does not arrive. */
static enum log_level level_of(const struct message_row *m, int64_t now)
{
    if (m->state == MESSAGE_SENT)
        return LOG_INFO;
    return m->state == MESSAGE_FAILED || now - m->created_at > LATE_S ? LOG_ERROR : LOG_WARN;
}

static enum ww_status send_one(struct store *s, const struct config *settings,
                               const struct clock *clock, const struct log *log,
                               const volatile sig_atomic_t *stop, struct message_row *m,
                               struct outbox_summary *sum, struct ww_error *err)
{
    struct arena arena;
    struct slice bytes;
    struct slice name;
    struct delivery_reply reply = {.end = DELIVERY_DEFERRED};
    const enum message_state before = m->state; /* sending: a crash, so nobody knows */
    enum ww_status status;

    arena_init(&arena, (size_t)4 * DIGEST_MAX_BYTES);
    status = store_message_bytes(s, m->id, &arena, &bytes, err);
    if (status != WW_OK)
        goto out;
    m->state = MESSAGE_SENDING;
    m->n_tries++;
    m->last_tried_at = clock_now(clock);
    status = save(s, m, err);
    if (status != WW_OK)
        goto out;
    /*
     * Stable over tries, so that a file that was written before a crash is replaced, not doubled.
     */
    name = arena_printf(&arena, "%.*s.%" PRId64, 8, store_id(s), m->id);
    status = deliver_send(settings, m, bytes, name, stop, &reply, err);
    if (status != WW_OK) {
        /* Ours: the message waits and its try does not count. */
        m->state = MESSAGE_DEFERRED;
        m->n_tries--;
        m->not_before = clock_now(clock);
        m->reply = err != NULL ? slice_from(err->message) : SLICE("");
        if (save(s, m, NULL) != WW_OK)
            log_event(log, LOG_WARN, "outbox", "message=%" PRId64 " state not saved", m->id);
        goto out;
    }
    take_reply(m, before, &reply, clock_now(clock), sum);
    log_event(log, level_of(m, m->last_tried_at), "outbox",
              "message=%" PRId64 " to=%.*s state=%s reply=%s", m->id, SLICE_ARG(m->recipient),
              message_state_name(m->state), reply.words);
    status = save(s, m, err);
out:
    arena_release(&arena);
    return status;
}

enum ww_status outbox_deliver(struct store *s, const struct config *settings,
                              const struct clock *clock, const struct log *log,
                              volatile sig_atomic_t *stop, struct outbox_summary *out,
                              struct ww_error *err)
{
    struct message_filter filter = {.due_by = clock_now(clock)};
    struct message_list list;
    struct arena arena;
    enum ww_status status;

    *out = (struct outbox_summary){0};
    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = store_list_messages(s, &filter, &arena, &list, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows && *stop == 0; i++)
        status = send_one(s, settings, clock, log, stop, &list.rows[i], out, err);
    arena_release(&arena);
    return status;
}
