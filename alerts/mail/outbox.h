/*
 * outbox.h - sends what waits: at least once, always the same bytes and Message-ID.
 *
 * Before the first byte is sent the message is committed as "sending"; after the reply as sent,
 * deferred or failed. A message found as "sending" was cut off by a crash: its end is in doubt
 * (RFC 1047 shows why that cannot be helped), as it is when the link is lost behind the last byte.
 * It is sent once more; in doubt twice it has failed, and a person decides. Deferred ones wait 5
 * min, 15 min, 1 h, 4 h, 12 h, then a day at a time, never less than the server asks, and fail
 * when they are five days old and had six tries; one that a person queues again has six again. What
 * is not tried (held, quiet, a server that is down) fails of nothing.
 *
 * One round sends [mail] max-per-run messages at most and ends after OUTBOX_RUN_MAX_MS; the rest
 * waits for the next. Analysts take turns, each with what cannot wait first; what was tried before
 * comes behind what was not, so that nobody's backlog or slow server holds up the others. When a
 * server serves nobody, what else leaves by it waits with that one message; when it serves again,
 * what waited for it alone leaves in the same round. An address that refused three in a row gets no
 * more before a person retries one, and nobody gets mail in quiet hours (outbox_hold.h).
 *
 * Errors, which even a quiet run prints: each message that fails, once; an address that is held,
 * once; and once a day that something else waits for more than a day.
 */
#ifndef WW_ALERTS_MAIL_OUTBOX_H
#define WW_ALERTS_MAIL_OUTBOX_H

#include "base/error.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct config;
struct delivery_reply;
struct log;
struct message_row;
struct store;
struct waiting;

/* So many refused or returned in a row, and an address is held. */
#define OUTBOX_HARD_MAX 3

struct outbox_summary {
    size_t n_sent, n_deferred, n_failed, n_unknown;
    size_t n_left; /* for the next round: too many, too slow, held, quiet hours */
};

/* As deliver_send, which is what NULL stands for. */
typedef enum ww_status outbox_way(void *data, const struct config *settings,
                                  const struct message_row *m, struct slice bytes,
                                  struct slice name, const struct waiting *waiting,
                                  struct delivery_reply *out, struct ww_error *err);

struct outbox {
    struct store *store;
    const struct config *settings;
    const struct clock *clock;
    const struct log *log;
    const volatile sig_atomic_t *stop; /* ends after the message in flight */
    outbox_way *way;
    void *way_data;
};

/*
 * One round. One message's trouble never holds up another; a mistake of ours (settings, a password
 * that cannot be read) costs no try, and is given back when the others had theirs.
 */
enum ww_status outbox_send_due(const struct outbox *o, struct outbox_summary *out,
                               struct ww_error *err);

/* This message now, whoever else waits; added to *out. */
enum ww_status outbox_send_one(const struct outbox *o, int64_t id, struct outbox_summary *out,
                               struct ww_error *err);

enum ww_status outbox_deliver(struct store *s, const struct config *settings,
                              const struct clock *clock, const struct log *log,
                              volatile sig_atomic_t *stop, struct outbox_summary *out,
                              struct ww_error *err);

#endif
