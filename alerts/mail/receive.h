/*
 * receive.h - mail that came back: reports of delivery, and canaries.
 *
 * Reports follow RFC 3464 (multipart/report, RFC 6522): which message they are about is read from
 * the Message-ID of the message or the headers they return; whoever knows that was sent the message
 * or has carried it. All of it is hostile: at most RECEIVE_MAX_BYTES are read, what does not fit
 * the standard is WW_INVALID and changes nothing.
 *
 * A report counts when its final or its original recipient is that of the message.
 * "failed" marks the message as failed, whether it was sent or its end was in doubt; status 5.x.x
 * counts towards holding its address (outbox.h). "delayed", "delivered" and the like are noted in
 * its last reply; what comes for one that has failed already changes nothing.
 */
#ifndef WW_ALERTS_MAIL_RECEIVE_H
#define WW_ALERTS_MAIL_RECEIVE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct message_row;
struct store;

enum received_kind {
    RECEIVED_MAIL,    /* no report: perhaps a canary */
    RECEIVED_FAILURE, /* it will not arrive */
    RECEIVED_NOTE     /* delayed, relayed, delivered */
};

struct received {
    enum received_kind kind;
    struct slice
        message_id;     /* with its angle brackets: of the mail, or of the one reported about */
    struct slice words; /* "bounced: 5.1.1 550 no such user"; printable, one line */
    bool is_hard;       /* status 5.x.x */
    struct slice final; /* of a report: whom it is about; and as we wrote him, or empty */
    struct slice original;
};

/* Lives in the arena. WW_INVALID: no mail, or a report that does not say what it is about. */
enum ww_status receive_parse(struct slice bytes, struct arena *arena, struct received *out,
                             struct ww_error *err);

/*
 * What it means for the outbox, in a transaction of its own; *m: the message as it stands now.
 * WW_NOT_FOUND: no message of ours. WW_INVALID: one of ours, but no canary, or about another
 * recipient than that of the message.
 */
enum ww_status receive_take(struct store *s, const struct received *r, int64_t now,
                            struct arena *arena, struct message_row *m, struct ww_error *err);

#endif
