/*
 * canary.h - a mail to ourselves that has to come back: whether mail leaves and arrives at all.
 *
 * [mail] canary names a mailbox; every canary-every one is sent there, and within canary-within it
 * must be back: piped to `wirewatch outbox receive`, or found in canary-maildir, where reports of
 * delivery are read as well. Nothing is moved or deleted there: what came since the last look, the
 * oldest first, at most CANARY_FILES_MAX files (those of one second together); the next look takes
 * the rest. A file of more than RECEIVE_MAX_BYTES is passed over.
 */
#ifndef WW_ALERTS_MAIL_CANARY_H
#define WW_ALERTS_MAIL_CANARY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct config;
struct letter_sender;
struct log;
struct store;

/* Queue one when it is due, and none still waits to leave. id: of the message; 0: none. */
enum ww_status canary_queue_due(struct store *s, const struct config *settings,
                                const struct letter_sender *sender, int64_t now, int64_t *id,
                                struct ww_error *err);
/* One now. */
enum ww_status canary_queue(struct store *s, const struct config *settings,
                            const struct letter_sender *sender, int64_t now, int64_t *id,
                            struct ww_error *err);

/* *n: how many mails in canary-maildir said something of a message of ours. */
enum ww_status canary_look(struct store *s, const struct config *settings, int64_t now,
                           const struct log *log, size_t *n, struct ww_error *err);

struct canary_state {
    int64_t sent_at, returned_at; /* of the last that came back; 0: none did */
    int64_t missing_id;           /* of one that should be back, and nothing later is; 0: none */
    int64_t missing_since;        /* when it was sent */
};

enum ww_status canary_read(struct store *s, const struct config *settings, int64_t now,
                           struct canary_state *out, struct ww_error *err);

/*
 * An error line when one is missing, once for each; and kept for the digests, until one is back:
 * canary_missing_since.
 */
enum ww_status canary_say(struct store *s, const struct config *settings, int64_t now,
                          const struct log *log, struct ww_error *err);

/* When the missing one was sent, as canary_say has found it last; 0: none is missing. */
enum ww_status canary_missing_since(struct store *s, struct arena *arena, int64_t *at,
                                    struct ww_error *err);

#endif
