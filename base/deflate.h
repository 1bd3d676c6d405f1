/*
 * deflate.h - texts as they are stored: compressed with zlib, and read back within a limit.
 *
 * One stream is kept and reset: starting a new one costs half as much again as packing a 4 kB text.
 * Form of a packed text: its length (4 bytes, little-endian), then RFC 1950 data, whose checksum
 * is verified. An empty text packs to nothing.
 */
#ifndef WW_BASE_DEFLATE_H
#define WW_BASE_DEFLATE_H

#include "base/error.h"
#include "base/slice.h"

struct arena;
struct deflater;

enum ww_status deflater_open(struct deflater **out, struct ww_error *err);
void deflater_close(struct deflater *d);

/* 0: texts are kept as they are, 9: as small as may be. For measuring what packing costs. */
void deflater_set_level(struct deflater *d, int level);

/* text into the arena, packed. Texts from 4 GiB on are WW_TOO_BIG. */
enum ww_status deflater_pack(struct deflater *d, struct slice text, struct arena *arena,
                             struct slice *out, struct ww_error *err);

/* WW_INVALID: damaged, or it claims to be longer than max_bytes. */
enum ww_status deflate_unpack(struct slice packed, size_t max_bytes, struct arena *arena,
                              struct slice *out, struct ww_error *err);

#endif
