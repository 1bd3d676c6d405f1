/*
 * inflate.h - unpacking gzip, zlib and raw deflate within bounds.
 *
 * Which of the three it is, is told from the first two bytes: servers that say "deflate" send
 * either form. Several gzip members in a row are one text. Bytes after the end are ignored; a body
 * that ends too early, or whose checksum is wrong, is an error and never a success. WW_TOO_BIG:
 * more than the most that was allowed, or past BODY_RATIO_FROM_BYTES a ratio above BODY_RATIO_MAX.
 */
#ifndef WW_BASE_INFLATE_H
#define WW_BASE_INFLATE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct inflate;

/* A stream that is fed as bytes arrive; max_bytes bounds what comes out of it in all. */
enum ww_status inflate_open(size_t max_bytes, struct inflate **out, struct ww_error *err);
void inflate_close(struct inflate *f);

/* Unpack one more chunk and append the result to out. After a failure the stream is dead. */
enum ww_status inflate_feed(struct inflate *f, struct slice chunk, struct buf *out,
                            struct ww_error *err);
/* No more bytes will come: WW_INVALID when the packed text has not ended. */
enum ww_status inflate_finish(struct inflate *f, struct ww_error *err);

/*
 * For readers of gzip files of many members, which hold no more than a piece of what comes out: one
 * step within one member. Takes bytes off *packed and writes at most room_bytes of them unpacked;
 * *has_ended: with this step the member, whose checksum is right. The next step, or the one behind
 * inflate_restart, begins another. The ratio is that of one member; max_bytes does not count.
 */
enum ww_status inflate_step(struct inflate *f, struct slice *packed, char *room, size_t room_bytes,
                            size_t *made, bool *has_ended, struct ww_error *err);
/* Forget the member in hand, damaged or not. */
void inflate_restart(struct inflate *f);

/* Gzip by content: the two magic bytes and the one method there is. */
bool inflate_is_gzip(struct slice bytes);
/* All at once, into the arena. */
enum ww_status inflate_all(struct slice packed, size_t max_bytes, struct arena *arena,
                           struct slice *out, struct ww_error *err);

#endif
