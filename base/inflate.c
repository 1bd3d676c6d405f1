/* inflate.c - zlib behind limits on what comes out and on its ratio to what went in. */
#include "base/inflate.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <limits.h>
#include <stdint.h>

#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

#define CHUNK_BYTES 16384

enum inflate_state {
    INFLATE_START, /* the first two bytes are not there yet */
    INFLATE_BODY,
    INFLATE_BETWEEN, /* a gzip member has ended: another one, or the end */
    INFLATE_END,
    INFLATE_FAILED
};

struct inflate {
    z_stream z;
    enum inflate_state state;
    bool is_open; /* z holds memory */
    bool is_gzip;
    unsigned char head[2]; /* kept until the format is known */
    size_t n_head;
    size_t max_bytes;
    uint64_t in_bytes, out_bytes;
};

static void *allocate(void *opaque, unsigned n, unsigned size)
{
    WW_UNUSED(opaque);
    return mem_array(n, size);
}

static void release(void *opaque, void *block)
{
    WW_UNUSED(opaque);
    mem_free(block);
}

bool inflate_is_gzip(struct slice bytes)
{
    return slice_starts(bytes, SLICE("\x1f\x8b\x08"));
}

enum ww_status inflate_open(size_t max_bytes, struct inflate **out, struct ww_error *err)
{
    struct inflate *f = mem_alloc(sizeof(*f));

    *out = f;
    if (f == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    f->max_bytes = max_bytes;
    f->z.zalloc = allocate;
    f->z.zfree = release;
    return WW_OK;
}

void inflate_close(struct inflate *f)
{
    if (f == NULL)
        return;
    if (f->is_open)
        (void)inflateEnd(&f->z);
    mem_free(f);
}

static enum ww_status fail(struct inflate *f, enum ww_status status, const char *why,
                           struct ww_error *err)
{
    f->state = INFLATE_FAILED;
    return ww_fail(err, status, "unpacking: %s after %llu packed and %llu unpacked bytes", why,
                   (unsigned long long)f->in_bytes, (unsigned long long)f->out_bytes);
}

/* The two bytes of the head decide the format (RFC 1950, 1951, 1952). */
static enum ww_status start(struct inflate *f, struct ww_error *err)
{
    unsigned first = f->head[0], second = f->head[1];
    bool is_zlib = (first & 0x0F) == Z_DEFLATED && (first * 256 + second) % 31 == 0;

    f->is_gzip = first == 0x1F && second == 0x8B;
    if (inflateInit2(&f->z, f->is_gzip ? 16 + MAX_WBITS : is_zlib ? MAX_WBITS : -MAX_WBITS) != Z_OK)
        return fail(f, WW_NOMEM, "out of memory", err);
    f->is_open = true;
    f->state = INFLATE_BODY;
    return WW_OK;
}

static enum ww_status count(struct inflate *f, size_t in, size_t out, struct ww_error *err)
{
    f->in_bytes += in;
    f->out_bytes += out;
    if (f->out_bytes > f->max_bytes)
        return fail(f, WW_TOO_BIG, "over the limit", err);
    if (f->out_bytes > BODY_RATIO_FROM_BYTES && f->out_bytes / BODY_RATIO_MAX > f->in_bytes)
        return fail(f, WW_TOO_BIG, "a suspicious ratio", err);
    return WW_OK;
}

/* Run zlib over bytes until they are used up or the packed text ends; *rest is what it left. */
static enum ww_status run(struct inflate *f, struct slice bytes, struct buf *out,
                          struct slice *rest, struct ww_error *err)
{
    unsigned char chunk[CHUNK_BYTES];
    enum ww_status status = WW_OK;
    int code = Z_OK;

    while (status == WW_OK && code != Z_STREAM_END) {
        size_t offered = bytes.len > UINT_MAX ? UINT_MAX : bytes.len;
        size_t used, made;

        f->z.next_in = (const unsigned char *)bytes.ptr;
        f->z.avail_in = (unsigned)offered;
        f->z.next_out = chunk;
        f->z.avail_out = sizeof(chunk);
        code = inflate(&f->z, Z_NO_FLUSH);
        used = offered - f->z.avail_in;
        made = sizeof(chunk) - f->z.avail_out;
        bytes = slice_skip(bytes, used);
        status = count(f, used, made, err);
        buf_add(out, slice_of(chunk, made));
        if (status != WW_OK)
            break;
        if (code == Z_BUF_ERROR && bytes.len == 0)
            break; /* it waits for more */
        if (code == Z_MEM_ERROR)
            status = fail(f, WW_NOMEM, "out of memory", err);
        else if (code != Z_OK && code != Z_STREAM_END)
            status = fail(f, WW_INVALID, f->z.msg != NULL ? f->z.msg : "damaged", err);
    }
    if (status == WW_OK && code == Z_STREAM_END)
        f->state = f->is_gzip ? INFLATE_BETWEEN : INFLATE_END;
    *rest = bytes;
    return status != WW_OK ? status : buf_finish(out, err);
}

enum ww_status inflate_feed(struct inflate *f, struct slice chunk, struct buf *out,
                            struct ww_error *err)
{
    enum ww_status status = WW_OK;
    struct slice none;

    if (f->state == INFLATE_FAILED)
        return fail(f, WW_INVALID, "already failed", err);
    while (status == WW_OK && chunk.len > 0 && f->state != INFLATE_END) {
        if (f->state == INFLATE_BODY) {
            status = run(f, chunk, out, &chunk, err);
            f->n_head = 0;
            continue;
        }
        f->head[f->n_head++] = (unsigned char)chunk.ptr[0];
        chunk = slice_skip(chunk, 1);
        if (f->n_head < 2)
            continue;
        if (f->state == INFLATE_START) {
            status = start(f, err);
        } else if (f->head[0] != 0x1F || f->head[1] != 0x8B || inflateReset(&f->z) != Z_OK) {
            f->state = INFLATE_END; /* what follows the last member is not ours */
            break;
        } else {
            f->state = INFLATE_BODY;
        }
        if (status == WW_OK)
            status = run(f, slice_of(f->head, 2), out, &none, err);
        f->n_head = 0;
    }
    return status;
}

enum ww_status inflate_finish(struct inflate *f, struct ww_error *err)
{
    if (f->state == INFLATE_FAILED)
        return fail(f, WW_INVALID, "already failed", err);
    if (f->state == INFLATE_START || f->state == INFLATE_BODY)
        return fail(f, WW_INVALID, "truncated", err);
    return WW_OK;
}

void inflate_restart(struct inflate *f)
{
    f->state = INFLATE_BETWEEN;
}

static enum ww_status begin_member(struct inflate *f, struct ww_error *err)
{
    f->in_bytes = f->out_bytes = 0;
    if (f->is_open ? inflateReset(&f->z) != Z_OK : inflateInit2(&f->z, 16 + MAX_WBITS) != Z_OK)
        return fail(f, WW_NOMEM, "out of memory", err);
    f->is_open = f->is_gzip = true;
    f->state = INFLATE_BODY;
    return WW_OK;
}

enum ww_status inflate_step(struct inflate *f, struct slice *packed, char *room, size_t room_bytes,
                            size_t *made, bool *has_ended, struct ww_error *err)
{
    const size_t offered = packed->len > UINT_MAX ? UINT_MAX : packed->len;
    enum ww_status status = WW_OK;
    int code;

    *made = 0;
    *has_ended = false;
    if (f->state == INFLATE_FAILED)
        return fail(f, WW_INVALID, "already failed", err);
    if (f->state != INFLATE_BODY)
        status = begin_member(f, err);
    if (status != WW_OK)
        return status;
    f->z.next_in = (const unsigned char *)packed->ptr;
    f->z.avail_in = (unsigned)offered;
    f->z.next_out = (unsigned char *)room;
    f->z.avail_out = (unsigned)(room_bytes > UINT_MAX ? UINT_MAX : room_bytes);
    room_bytes = f->z.avail_out;
    code = inflate(&f->z, Z_NO_FLUSH);
    *packed = slice_skip(*packed, offered - f->z.avail_in);
    *made = room_bytes - f->z.avail_out;
    status = count(f, offered - f->z.avail_in, *made, err);
    *has_ended = status == WW_OK && code == Z_STREAM_END;
    if (*has_ended)
        f->state = INFLATE_BETWEEN;
    if (status != WW_OK || code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR)
        return status;
    return code == Z_MEM_ERROR ? fail(f, WW_NOMEM, "out of memory", err)
                               : fail(f, WW_INVALID, f->z.msg != NULL ? f->z.msg : "damaged", err);
}

enum ww_status inflate_all(struct slice packed, size_t max_bytes, struct arena *arena,
                           struct slice *out, struct ww_error *err)
{
    struct inflate *f = NULL;
    enum ww_status status;
    struct buf unpacked;

    buf_init(&unpacked, max_bytes < SIZE_MAX - CHUNK_BYTES ? max_bytes + CHUNK_BYTES : SIZE_MAX);
    status = inflate_open(max_bytes, &f, err);
    if (status == WW_OK)
        status = inflate_feed(f, packed, &unpacked, err);
    if (status == WW_OK)
        status = inflate_finish(f, err);
    if (status == WW_OK) {
        *out = arena_copy(arena, buf_slice(&unpacked));
        status = arena_check(arena, err);
    }
    inflate_close(f);
    buf_release(&unpacked);
    return status;
}
