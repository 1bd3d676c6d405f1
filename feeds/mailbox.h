/*
 * mailbox.h - an mbox file as a stream: one mail after the other, whatever the file's size.
 *
 * Reads mboxo and mboxrd (RFC 4155): a mail begins with a line "From SENDER DATE" that a header
 * field follows; of lines that begin with ">From ", one '>' is taken off. Content-Length, which
 * some programs write instead of quoting, is often wrong and is not believed. An empty line before
 * "From " is not asked for, because programs forget it; the date is, because prose has none.
 * Memory: one mail, at most MAILBOX_MESSAGE_MAX_BYTES; of a larger one only its place and size.
 */
#ifndef WW_FEEDS_MAILBOX_H
#define WW_FEEDS_MAILBOX_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct mailbox {
    struct buf text;  /* of the mail at hand */
    struct buf line;  /* a line whose beginning came with an earlier chunk */
    struct buf from;  /* what may be the "From " line of the next mail */
    struct buf first; /* the line behind that, when it was */
    int64_t at;       /* of the line at hand, in the file */
    int64_t begin, from_at;
    bool has_mail, has_from, has_first;
    bool is_too_big, is_line_taken, is_long_line;
};

struct mailbox_mail {
    struct slice bytes; /* borrowed until the next call; without "From ", unquoted */
    int64_t begin, end; /* in the file, "From " included; the next mail begins at end */
    bool is_too_big;    /* then there are no bytes */
};

/* Does a mailbox begin here? */
bool mailbox_is(struct slice head);

/* at: where in the file the first bytes stand that will be fed: 0, or the end of a mail. */
void mailbox_init(struct mailbox *m, int64_t at);
void mailbox_release(struct mailbox *m);

/*
 * WW_OK: a mail; *chunk is moved on. WW_NOT_FOUND: *chunk is used up, and the mail goes on.
 * WW_NOMEM.
 */
enum ww_status mailbox_feed(struct mailbox *m, struct slice *chunk, struct mailbox_mail *out,
                            struct ww_error *err);
/* No more bytes will come: what is left, a mail a call, then WW_NOT_FOUND. */
enum ww_status mailbox_finish(struct mailbox *m, struct mailbox_mail *out, struct ww_error *err);

#endif
