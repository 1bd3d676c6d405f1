/*
 * letter.h - from a digest to a message in the outbox: its bytes, and the marks of what it tells.
 *
 * The bytes are a mail (message.h), or JSON for a program or a web address (digest_json); both have
 * the same Message-ID, which every retry repeats. The caller holds the transaction: bytes, marks
 * and whatever made the letter due land together or not at all.
 */
#ifndef WW_ALERTS_MAIL_LETTER_H
#define WW_ALERTS_MAIL_LETTER_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct analyst;
struct arena;
struct digest;
struct store;

struct letter_sender {
    struct slice from;            /* mailbox */
    struct slice list_id;         /* domain of List-Id and Message-ID */
    struct slice unsubscribe;     /* mailbox or empty: that of from */
    struct slice unsubscribe_url; /* https, or empty */
    struct slice report_url;      /* where the report is read, or empty */
    bool has_pages;               /* the report is written there, with a page of each story */
};

/* Queue d, and mark what it tells as told to its analyst. */
enum ww_status letter_queue(struct store *s, const struct digest *d,
                            const struct letter_sender *sender, struct arena *arena,
                            struct ww_error *err);

/* A mail that tells nothing: a test or a canary. *id: of its row. */
enum ww_status letter_queue_test(struct store *s, struct slice kind, struct slice mailbox,
                                 const struct letter_sender *sender, int64_t now, int64_t *id,
                                 struct ww_error *err);

#endif
