/*
 * warc.h - records of a WARC file, one after another, from bytes that are asked for in pieces.
 *
 * Follows WARC 0.18 to 1.1 (ISO 28500:2017), plain or packed with gzip: a member for each record as
 * the standard has it, several records in one, or a record over several. What is damaged is told
 * with its place and skipped up to the next gzip member that begins with a record, or the next line
 * that begins one: a member whose checksum is wrong or whose ratio is a bomb's, a record without a
 * type or length, a length that the bytes belie.
 *
 * Memory: two windows of WARC_WINDOW_BYTES and a record's head, however long the file and its
 * records are.
 * Limits: WARC_HEAD_MAX_BYTES; BODY_RATIO_MAX for each gzip member; what is read a second time
 * because a length was wrong is bounded by what was read once.
 */
#ifndef WW_FEEDS_WARC_H
#define WW_FEEDS_WARC_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct warc_reader;

/*
 * A supplier of bytes. read gives at most len of them from offset on; *got 0: there are no more. A
 * failure is passed on as it is, and must be none of WW_NOT_FOUND, WW_INVALID and WW_TOO_BIG.
 */
struct warc_source {
    enum ww_status (*read)(void *context, int64_t offset, char *room, size_t len, size_t *got,
                           struct ww_error *err);
    void *context;
    int64_t bytes; /* in all; -1: not known */
    bool seeks;    /* any offset may be asked for at any time; else they only grow, without gaps */
};

enum warc_type {
    WARC_OTHER, /* of a later standard, or somebody's own: to be ignored */
    WARC_CONTINUATION,
    WARC_CONVERSION,
    WARC_METADATA,
    WARC_REQUEST,
    WARC_RESOURCE,
    WARC_RESPONSE,
    WARC_REVISIT,
    WARC_INFO,
    WARC_TYPE_COUNT
};

/* "response", "warcinfo" ... */
const char *warc_type_name(enum warc_type type);

/*
 * Where a record begins: the offset of itself in a plain file, else of the last gzip member that
 * begins with a record, and how many records stand between. As one number it grows along the file.
 */
struct warc_place {
    int64_t offset;
    int64_t nth;
};

int64_t warc_place_number(struct warc_place place);
struct warc_place warc_place_of(int64_t number);

struct warc_record {
    struct warc_place place;
    enum warc_type type;
    int64_t bytes;             /* of its block, as it says */
    int64_t captured_at;       /* WARC-Date; 0: not given, or no time */
    struct slice target;       /* WARC-Target-URI, without the angle brackets some put around it */
    struct slice content_type; /* of the block */
    struct slice id, payload_digest, truncated;
    /* Of a revisit: why it holds no payload, and whose that is. */
    struct slice profile, refers_to_target;
    int64_t refers_to_at;
    int64_t segment; /* above 1: the rest of an earlier record; 0: it is whole */
};

/*
 * Begin to read at an offset: the beginning, or one of a place that was told. source is borrowed
 * until warc_close.
 */
enum ww_status warc_open(const struct warc_source *source, int64_t offset, struct warc_reader **out,
                         struct ww_error *err);
void warc_close(struct warc_reader *w);

/*
 * The next record's head; its texts are borrowed until the next call. WW_NOT_FOUND: there is none.
 * WW_INVALID: something stands there that is no record; out->place and err tell, and the next call
 * goes on behind it. Anything else is a failure of the supplier or of memory.
 */
enum ww_status warc_next(struct warc_reader *w, struct warc_record *out, struct ww_error *err);

/*
 * The block of that record, once: appended to out, or passed over when out is NULL. When it returns
 * WW_OK the length was right and the checksum, when the member ends with it. WW_TOO_BIG: it does
 * not fit into out, which has its first HEADERS_MAX_BYTES; the rest was passed over. WW_INVALID:
 * the record is damaged.
 */
enum ww_status warc_block(struct warc_reader *w, struct buf *out, struct ww_error *err);

/* All before this offset has been read: where a record, a member or something damaged ends. */
int64_t warc_read_to(const struct warc_reader *w);

/* Do these first bytes of a file say that it is one? They may be packed. */
bool warc_is_warc(struct slice head);

#endif
