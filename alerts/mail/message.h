/*
 * message.h - one mail as bytes: RFC 5322 headers (header.h), RFC 2045 parts by GMime.
 *
 * multipart/alternative, text first, HTML second; with a table multipart/mixed of that and
 * text/csv. A text is quoted-printable, or base64 where that is shorter (over a sixth is not
 * ASCII); a table is base64, byte for byte. Everything is 7 bit, lines end in CR LF, none begins
 * with "From " or '.', which mailboxes and relays would change. All that varies is given (date,
 * Message-ID, boundaries made from it), so that the same message is the same bytes, which the
 * outbox stores.
 */
#ifndef WW_ALERTS_MAIL_MESSAGE_H
#define WW_ALERTS_MAIL_MESSAGE_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

/* A header for filters: X-Wirewatch-<name>. Without a value it is left out. */
struct message_field {
    const char *name;
    struct slice value;
};

struct message {
    struct slice from, to; /* mailboxes: "Name <a@b>" or "a@b" */
    struct slice subject;
    struct slice message_id; /* with its angle brackets */
    struct slice references; /* message ids, a blank between: the last is replied to; or empty */
    int64_t date;            /* seconds since 1970 UTC */
    int32_t zone_s;          /* east of UTC: the Date is written in that zone */
    struct slice language;   /* of most of the text, BCP 47; or empty */
    struct slice list_id;    /* domain: List-Id is "list_name <list_name-as-word.list_id>" */
    struct slice list_name;
    struct slice unsubscribe;     /* mailbox that takes requests to stop; empty: that of from */
    struct slice unsubscribe_url; /* https, takes one-click requests (RFC 8058); or empty */
    struct slice archive_url;     /* where what is mailed can be read, too; or empty */
    const struct message_field *fields;
    size_t n_fields;
    struct slice text, html;
    struct slice csv;      /* a table for a spreadsheet; empty: none */
    struct slice csv_name; /* its file's name: ASCII letters, digits, '-' and '.' */
};

/* WW_INVALID names the mailbox, the domain, the id or the address that cannot be one. */
enum ww_status message_write(const struct message *m, struct buf *out, struct ww_error *err);

/* The mailbox with the domain of its address in A-labels; its name stays. WW_INVALID as above. */
enum ww_status message_mailbox(struct slice mailbox, struct arena *arena, struct slice *out,
                               struct ww_error *err);

/*
 * The bare address of a mailbox ("a@b" of "Name <a@b>"), for envelopes; empty when there is none,
 * or when its domain is none yet without message_mailbox.
 */
struct slice message_address(struct slice mailbox);

#endif
