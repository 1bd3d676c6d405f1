/*
 * warc_bytes.h - the bytes of a WARC file, unpacked, as far as a window goes. For warc.c.
 *
 * Outside of a gzip member the view is of the file's own bytes, within one of what comes out of it,
 * and ends with it: what stands behind a member's end is only seen when that was acknowledged.
 */
#ifndef WW_FEEDS_WARC_BYTES_H
#define WW_FEEDS_WARC_BYTES_H

#include "base/limits.h"
#include "feeds/warc.h"

struct inflate;

struct warc_bytes {
    const struct warc_source *source;
    char *raw; /* WARC_WINDOW_BYTES each */
    char *window;
    size_t raw_pos, raw_len;
    size_t window_pos, window_len;
    int64_t raw_at; /* offset of raw[0] in the file */
    int64_t reread_bytes;
    int64_t member_at;
    bool source_ended;
    bool in_member, member_ended;
    struct ww_error broken; /* behind what is in the window, the member is */
    struct inflate *inflate;
};

enum ww_status warc_bytes_open(struct warc_bytes *b, const struct warc_source *source,
                               int64_t offset, struct ww_error *err);
void warc_bytes_close(struct warc_bytes *b);

/*
 * At least n bytes (at most WARC_TRIAL_BYTES) in view, unless there are fewer: the member, or the
 * file, ends with them. WW_INVALID: the member is damaged or cut off.
 */
enum ww_status warc_bytes_need(struct warc_bytes *b, size_t n, struct slice *view,
                               struct ww_error *err);
void warc_bytes_take(struct warc_bytes *b, size_t n);

/* Of the file: what was not looked at yet begins there. */
int64_t warc_bytes_offset(const struct warc_bytes *b);

/* The view is at the magic of a gzip member: begin with it. */
void warc_bytes_enter(struct warc_bytes *b);
/* Enter it when it begins with these bytes; else nothing is taken, and *entered is false. */
enum ww_status warc_bytes_try(struct warc_bytes *b, struct slice sign, bool *entered,
                              struct ww_error *err);
/* Out of the member, wherever in it: the view is of the file behind what was unpacked. */
void warc_bytes_leave(struct warc_bytes *b);

/*
 * Out of any member, and on from an offset of the file: back, as far as WARC_REREAD_MAX_BYTES and
 * the source allow; else from where it is. Forwards only when source->seeks.
 */
void warc_bytes_seek(struct warc_bytes *b, int64_t offset);

#endif
