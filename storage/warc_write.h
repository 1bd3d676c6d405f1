/*
 * warc_write.h - one WARC/1.1 record (ISO 28500:2017) as one gzip member.
 *
 * Pure: from a struct to bytes. The HTTP head of an answer is kept as it was received but for what
 * would be wrong by now: chunks were joined, so that Transfer-Encoding goes; Content-Encoding goes
 * when the payload was unpacked; Content-Length is that of the payload; a first line that names
 * HTTP/2 or 3, which have none, is written as readers expect it, and WARC-Protocol says what it
 * was. Digests are SHA-1 in base32, which all readers check. A payload that its server had
 * compressed is not compressed again.
 */
#ifndef WW_STORAGE_WARC_WRITE_H
#define WW_STORAGE_WARC_WRITE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct buf;
struct gzip;

enum warc_kind {
    WARC_KIND_INFO,     /* what a file begins with */
    WARC_KIND_RESPONSE, /* an HTTP answer */
    WARC_KIND_RESOURCE, /* a document without an HTTP head: a file */
    WARC_KIND_REVISIT   /* an answer with the payload of an earlier record */
};

/* "warcinfo", "response" ... as WARC-Type has it. */
const char *warc_kind_name(enum warc_kind kind);

#define WARC_ID_BYTES 16
/* "urn:uuid:" and the hex digits in their groups, and a NUL. */
#define WARC_ID_TEXT_BYTES 46
void warc_id_text(const unsigned char id[WARC_ID_BYTES], char out[WARC_ID_TEXT_BYTES]);
/* The name-based id (RFC 9562, version 5) of name within the database of 32 hex digits. */
void warc_id_make(const char *database, struct slice name, unsigned char out[WARC_ID_BYTES]);

struct warc_draft {
    enum warc_kind kind;
    unsigned char id[WARC_ID_BYTES];
    int64_t at;                /* when it was received; of a capture, when it was captured */
    struct slice target;       /* its address, as people write it; or a path */
    struct slice address;      /* of the server, by number; empty: not known */
    struct slice source;       /* of a capture: where it was read; empty: at its target */
    struct slice content_type; /* of a resource */
    struct slice head;         /* HTTP, up to its empty line or beyond it */
    struct slice protocol;     /* "h2"; empty: the head says it */
    bool is_coded;             /* the payload is as its Content-Encoding says */
    struct slice payload;      /* of WARC_KIND_INFO: the file's name */
    /* Of a revisit: the record whose payload it is. */
    unsigned char refers_to[WARC_ID_BYTES];
    int64_t refers_at;
    struct slice refers_target;
};

/* The address as a URI: what is no ASCII escaped, a path as "file:". */
struct slice warc_uri(struct slice address, struct arena *arena);

/* Appended to out: one gzip member. WW_NOMEM, WW_TOO_BIG. */
enum ww_status warc_write(struct gzip *g, const struct warc_draft *r, struct arena *arena,
                          struct buf *out, struct ww_error *err);

#endif
