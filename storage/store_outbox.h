/*
 * store_outbox.h - messages on their way: exact bytes, one recipient each, and how sending went.
 *
 * A message is stored with its bytes and Message-ID in one transaction with the alerts it tells;
 * from then on neither changes, so that a second try is bit for bit the first. The alerts an
 * analyst has not been told are those without a message of his (alert_filter.not_told_to).
 */
#ifndef WW_STORAGE_STORE_OUTBOX_H
#define WW_STORAGE_STORE_OUTBOX_H

#include "storage/store.h"

enum message_state {
    MESSAGE_QUEUED,
    MESSAGE_SENDING, /* found at start: the last run died with it, the end is not known */
    MESSAGE_SENT,
    MESSAGE_DEFERRED, /* try again from not_before on */
    MESSAGE_FAILED,   /* refused for good */
    MESSAGE_UNKNOWN,  /* cut off after the last byte: once more, with the same bytes */
    MESSAGE_DROPPED   /* by a person */
};

/* Why a message failed, may have, or waits. */
enum message_fault {
    FAULT_NONE,
    FAULT_REFUSED,    /* 5xx: this recipient will never take it */
    FAULT_BOUNCED,    /* it was taken, and a report came back (RFC 3464) */
    FAULT_DOUBTFUL,   /* twice cut off: perhaps theirs, and a person decides */
    FAULT_GIVEN_UP,   /* put off for too long */
    FAULT_UNREACHABLE /* deferred: not for what it is; the server served nobody */
};

const char *message_fault_name(enum message_fault fault);
const char *message_state_name(enum message_state state);
bool message_state_parse(struct slice name, enum message_state *out);

/* Which way a message leaves: its bytes are a mail (RFC 5322), or JSON for a program or a server.
 */
enum message_channel { CHANNEL_MAIL, CHANNEL_COMMAND, CHANNEL_WEBHOOK };

const char *message_channel_name(enum message_channel channel);

struct message_row {
    int64_t id;
    struct slice message_id; /* with its angle brackets; unique */
    struct slice kind;       /* "digest", "immediate", "weekly", "quiet", "test", "canary" */
    struct slice analyst, recipient, subject;
    int64_t n_bytes;
    struct slice sha256; /* of the bytes: SHA256_BYTES bytes; reckoned here */
    enum message_state state;
    int64_t n_tries, not_before;
    int64_t created_at, last_tried_at, sent_at;
    struct slice reply; /* what the server said last */
    int64_t n_alerts;
    enum message_channel channel; /* recipient: a mailbox, a program, an address */
    int64_t story_id;             /* it is about this one alone; 0: about several */
    int64_t returned_at;          /* of a canary: when it came back; 0: it did not */
    int64_t n_doubts;             /* tries that may have delivered it */
    enum message_fault fault;
};

struct message_list {
    struct message_row *rows;
    size_t n_rows;
};

/* A fresh id, so that the Message-ID and the bytes can name it before they are stored. */
enum ww_status store_reserve_message(struct store *s, int64_t *id, struct ww_error *err);
/* row->id as reserved. alerts: ids of those it tells. */
enum ww_status store_add_message(struct store *s, const struct message_row *row, struct slice bytes,
                                 const int64_t *alerts, size_t n_alerts, struct ww_error *err);
/*
 * state, n_tries, not_before, last_tried_at, sent_at, reply, returned_at, n_doubts and fault of
 * row->id.
 */
enum ww_status store_update_message(struct store *s, const struct message_row *row,
                                    struct ww_error *err);

/* WW_NOT_FOUND. */
enum ww_status store_message(struct store *s, int64_t id, struct arena *arena,
                             struct message_row *out, struct ww_error *err);
/* message_id: with its angle brackets. WW_NOT_FOUND. */
enum ww_status store_message_by_name(struct store *s, struct slice message_id, struct arena *arena,
                                     struct message_row *out, struct ww_error *err);
/* WW_NOT_FOUND: no such message, or its bytes were kept long enough (store_prune_messages). */
enum ww_status store_message_bytes(struct store *s, int64_t id, struct arena *arena,
                                   struct slice *out, struct ww_error *err);

struct message_filter {
    struct store_window window; /* of created_at */
    bool has_state;
    enum message_state state;
    bool is_bad;     /* deferred, failed or unknown; state does not count then */
    bool is_waiting; /* neither sent, failed nor dropped; the same holds */
    bool is_held;    /* waiting, for an address whose last hard_max messages all failed; the same */
    int64_t hard_max; /* 0: none is held; else what is held is bad, too */
    int64_t due_by;   /* to be sent now: queued, sending, deferred, unknown; oldest first */
    struct slice analyst, kind;
    int64_t alert_id; /* messages that tell this alert */
    int64_t story_id; /* messages that are about this story alone */
};

/* Newest first. */
enum ww_status store_list_messages(struct store *s, const struct message_filter *filter,
                                   struct arena *arena, struct message_list *out,
                                   struct ww_error *err);

/*
 * Of each address whose last n messages were all refused or came back, the last one: what else
 * waits for it is held.
 */
enum ww_status store_list_held(struct store *s, int64_t n, struct arena *arena,
                               struct message_list *out, struct ww_error *err);

/* The bytes of at most limit messages that were sent or dropped before: the rows stay. */
enum ww_status store_prune_messages(struct store *s, int64_t before, size_t limit,
                                    struct ww_error *err);

/* What a message told was never told: the next digest tells it. */
enum ww_status store_untell_message(struct store *s, const struct message_row *row,
                                    struct ww_error *err);

/* Ids of the alerts a message tells. */
enum ww_status store_message_alerts(struct store *s, int64_t id, struct arena *arena,
                                    int64_t **alerts, size_t *n_alerts, struct ww_error *err);

/*
 * How an analyst came to know an alert. TOLD_OUTSIDE: he did not subscribe to it; that is marked
 * so that it is looked at once, and counts as told to nobody.
 */
enum told_how { TOLD_MESSAGE, TOLD_SEEN, TOLD_OUTSIDE };

/* Mark an alert as one the analyst need not be told of; the first mark stands. */
enum ww_status store_mark_told(struct store *s, struct slice analyst, int64_t alert_id, int64_t at,
                               enum told_how how, struct ww_error *err);

/* Who knows of an alert, by a message or by a mark without one, and since when. */
struct told_row {
    struct slice analyst;
    int64_t alert_id, at;
    enum told_how how; /* never TOLD_OUTSIDE */
};

struct told_list {
    struct told_row *rows;
    size_t n_rows;
};

/* By analyst. */
enum ww_status store_list_told(struct store *s, int64_t alert_id, struct arena *arena,
                               struct told_list *out, struct ww_error *err);

#endif
