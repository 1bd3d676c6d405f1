/* capture_head.c - headers that an archive handed on, under their own names. */
#include "crawler/capture_head.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/head.h"
#include "base/limits.h"

#define PREFIX SLICE("x-archive-orig-")

struct slice capture_head(struct slice head, struct arena *arena)
{
    struct slice name, value, out = {"", 0};
    struct buf b;
    size_t n = 0;

    buf_init(&b, HEADERS_MAX_BYTES + 64);
    buf_add_string(&b, "HTTP/1.1 200 OK\r\n");
    while (head_next(&head, &name, &value)) {
        if (!slice_starts_nocase(name, PREFIX))
            continue;
        buf_printf(&b, "%.*s: %.*s\r\n", SLICE_ARG(slice_skip(name, PREFIX.len)), SLICE_ARG(value));
        n++;
    }
    if (n > 0)
        out = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return out;
}
