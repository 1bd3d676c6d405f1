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

void buf_add(struct buf *b, struct slice s);
void buf_add_string(struct buf *b, const char *s);
void buf_add_char(struct buf *b, char c);
void buf_add_code(struct buf *b,
                  uint32_t code_point); /* as UTF-8; U+FFFD for what is no character */
void buf_printf(struct buf *b, const char *fmt, ...) WW_PRINTF(2, 3);

/* len bytes to be written by the caller; NULL when they do not fit. */
char *buf_extend(struct buf *b, size_t len);
/* Cut back to len, which is at most what there is. */
void buf_truncate(struct buf *b, size_t len);

struct slice buf_slice(const struct buf *b);
enum ww_status buf_finish(const struct buf *b, struct ww_error *err);

#endif
