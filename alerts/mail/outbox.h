/*
 * outbox.h - sends what waits: at least once, always the same bytes and Message-ID.
 *
 * Before the first byte is sent the message is committed as "sending"; after the reply as sent,
 * deferred or failed. A message found as "sending" was cut off by a crash: its end is unknown and
 * it is sent once more (RFC 1047 shows why more cannot be promised). Deferred ones wait 5 min, 15
 * min, 1 h, 4 h, 12 h, then a day at a time, and fail after five days. What fails, or still waits
 * after a day, is logged as an error.
 */
#ifndef WW_ALERTS_MAIL_OUTBOX_H
#define WW_ALERTS_MAIL_OUTBOX_H

#include "base/error.h"

#include <signal.h>
#include <stddef.h>

struct clock;
struct config;
struct log;
struct store;

struct outbox_summary {
    size_t n_sent, n_deferred, n_failed, n_unknown;
};

/* stop: ends after the message in flight. One message's trouble never holds up another. */
enum ww_status outbox_deliver(struct store *s, const struct config *settings,
                              const struct clock *clock, const struct log *log,
                              volatile sig_atomic_t *stop, struct outbox_summary *out,
                              struct ww_error *err);

#endif
