/*
 * message.h - one mail as bytes: RFC 5322 headers, RFC 2045 parts, by GMime.
 *
 * multipart/alternative, text first, HTML second; base64 or quoted-printable by content; CRLF line
 * ends. All that varies is given (date, Message-ID, boundaries made from it), so that the same
 * message is the same bytes, which the outbox stores. Text for headers is hostile: line ends,
 * controls and bidi overrides never pass.
 */
#ifndef WW_ALERTS_MAIL_MESSAGE_H
#define WW_ALERTS_MAIL_MESSAGE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdint.h>

struct buf;

struct message {
    struct slice from, to; /* mailboxes: "Name <a@b>" or "a@b" */
    struct slice subject;
    struct slice message_id; /* with its angle brackets */
    struct slice references; /* message ids, or empty */
    int64_t date;            /* seconds since 1970 UTC */
    int32_t zone_s;          /* east of UTC: the Date is written in that zone */
    struct slice list_id;    /* domain: List-Id is "list_name <list_name-as-word.list_id>" */
    struct slice list_name;
    struct slice text, html;
};

/* WW_INVALID names the mailbox that cannot be one. */
enum ww_status message_write(const struct message *m, struct buf *out, struct ww_error *err);

/*
 * The bare address of a mailbox ("a@b" of "Name <a@b>"), for envelopes; empty when there is none.
 */
struct slice message_address(struct slice mailbox);

#endif
