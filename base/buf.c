/* buf.c - growing bytes. */
#include "base/buf.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *b, size_t max_bytes)
{
    *b = (struct buf){.max_bytes = max_bytes};
}

void buf_release(struct buf *b)
{
    mem_free(b->ptr);
    buf_init(b, b->max_bytes);
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->status = WW_OK;
    if (b->ptr != NULL)
        b->ptr[0] = '\0';
}

char *buf_extend(struct buf *b, size_t len)
{
    if (b->status != WW_OK)
        return NULL;
    if (len > b->max_bytes || b->len > b->max_bytes - len) {
        b->status = WW_TOO_BIG;
        return NULL;
    }
    if (b->capacity < b->len + len + 1) {
        size_t want = b->capacity < 256 ? 256 : b->capacity * 2;
        char *moved;

        if (want < b->len + len + 1)
            want = b->len + len + 1;
        if (want > b->max_bytes + 1)
            want = b->max_bytes + 1;
        moved = mem_resize(b->ptr, want, 1);
        if (moved == NULL) {
            b->status = WW_NOMEM;
            return NULL;
        }
        b->ptr = moved;
        b->capacity = want;
    }
    b->len += len;
    b->ptr[b->len] = '\0';
    return b->ptr + b->len - len;
}

void buf_add_code(struct buf *b, uint32_t code)
{
    char utf8[4];

    buf_add(b, slice_of(utf8, text_put_code(utf8, code)));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    int len;
    char *room;

    va_start(args, fmt);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0)
        return;
    room = buf_extend(b, (size_t)len);
    if (room == NULL)
        return;
    va_start(args, fmt);
    (void)vsnprintf(room, (size_t)len + 1, fmt, args);
    va_end(args);
}

void buf_take_failure(struct buf *b, const struct buf *other)
{
    if (b->status == WW_OK)
        b->status = other->status;
}

void buf_truncate(struct buf *b, size_t len)
{
    if (b->ptr == NULL || len > b->len)
        return;
    b->len = len;
    b->ptr[len] = '\0';
}

struct slice buf_slice(const struct buf *b)
{
    return (struct slice){b->ptr != NULL ? b->ptr : "", b->len};
}

enum ww_status buf_finish(const struct buf *b, struct ww_error *err)
{
    if (b->status == WW_TOO_BIG)
        return ww_fail(err, WW_TOO_BIG, "more than %zu bytes", b->max_bytes);
    if (b->status != WW_OK)
        return ww_fail(err, b->status, "out of memory after %zu bytes", b->len);
    return WW_OK;
}
