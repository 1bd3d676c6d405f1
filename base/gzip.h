/*
 * gzip.h - gzip members (RFC 1952) made of several pieces, and read one at a time.
 *
 * For files that are many members, one behind the other, each of which is read alone: WARC. What
 * comes from strangers as one text is base/inflate.h's.
 */
#ifndef WW_BASE_GZIP_H
#define WW_BASE_GZIP_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct gzip;

enum ww_status gzip_open(struct gzip **out, struct ww_error *err);
void gzip_close(struct gzip *g);

struct gzip_piece {
    struct slice bytes;
    bool is_packed; /* compressed already: taken as it is, which costs a fiftieth */
};

/* One member of all pieces, appended to out. It has no name and no time: the same pieces make the
 * same bytes. */
enum ww_status gzip_pack(struct gzip *g, const struct gzip_piece *pieces, size_t n, struct buf *out,
                         struct ww_error *err);

/*
 * The member that bytes begin with, appended to out, which says how much may come of it; *used is
 * its length as packed, its checksum was verified. WW_INVALID: damaged, or no gzip; with *is_cut it
 * is whole as far as it goes, and more bytes are needed. WW_TOO_BIG.
 */
enum ww_status gzip_unpack(struct slice bytes, struct buf *out, size_t *used, bool *is_cut,
                           struct ww_error *err);

#endif
