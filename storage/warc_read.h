/*
 * warc_read.h - a record of our own, from its unpacked gzip member back to its parts.
 *
 * Only what storage/warc_write.h writes is read here; strangers' files are feeds/ matter.
 */
#ifndef WW_STORAGE_WARC_READ_H
#define WW_STORAGE_WARC_READ_H

#include "base/error.h"
#include "storage/warc_write.h"

struct warc_view {
    struct slice heads; /* the WARC header lines */
    enum warc_kind kind;
    struct slice id; /* "urn:uuid:...", without its brackets */
    struct slice block;
    struct slice http_head; /* without its empty line; empty: none */
    struct slice payload;   /* of a revisit: empty */
    bool is_coded;          /* the payload, or that of the original, is as Content-Encoding says */
};

/* Everything borrows from member. WW_INVALID: no record of ours, or its length is not as it says.
 */
enum ww_status warc_view(struct slice member, struct warc_view *out, struct ww_error *err);

/* Do the digests fit the bytes? WW_INVALID: the message says which does not. */
enum ww_status warc_check(const struct warc_view *v, struct ww_error *err);

#endif
