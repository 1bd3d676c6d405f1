/*
 * buf.h - bytes that grow, up to a limit set at the start.
 *
 * A failed append marks the buffer failed and later ones do nothing, so appends need no check each:
 * buf_finish reports once. The content is always followed by a NUL that does not count.
 */
#ifndef WW_BASE_BUF_H
#define WW_BASE_BUF_H

#include "base/attrs.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
    char *ptr;
    size_t len;
    size_t capacity;
    size_t max_bytes;
    enum ww_status status; /* WW_OK, WW_TOO_BIG or WW_NOMEM */
};

void buf_init(struct buf *b, size_t max_bytes);
void buf_release(struct buf *b);
/* Empty again; keeps its memory. */
void buf_reset(struct buf *b);

/* len bytes to be written by the caller; NULL when they do not fit. */
char *buf_extend(struct buf *b, size_t len);

/* Mostly a few bytes for which there is room: inline, as those of base/slice.h are. */
static inline void buf_add(struct buf *b, struct slice s)
{
    char *room;

    if (s.len < b->capacity - b->len && b->status == WW_OK) {
        room = b->ptr + b->len;
        b->len += s.len;
        b->ptr[b->len] = '\0';
    } else {
        room = buf_extend(b, s.len);
    }
    if (room != NULL && s.len > 0)
        memcpy(room, s.ptr, s.len);
}

static inline void buf_add_string(struct buf *b, const char *s)
{
    buf_add(b, slice_from(s));
}

static inline void buf_add_char(struct buf *b, char c)
{
    buf_add(b, slice_of(&c, 1));
}

void buf_add_code(struct buf *b,
                  uint32_t code_point); /* as UTF-8; U+FFFD for what is no character */
void buf_printf(struct buf *b, const char *fmt, ...) WW_PRINTF(2, 3);

/* When another has failed, whose content went into this one, this one has failed, too. */
void buf_take_failure(struct buf *b, const struct buf *other);

/* Cut back to len, which is at most what there is. */
void buf_truncate(struct buf *b, size_t len);

struct slice buf_slice(const struct buf *b);
enum ww_status buf_finish(const struct buf *b, struct ww_error *err);

#endif
