/* gzip.c - zlib with the frame of RFC 1952; level 6, and none for what is packed already. */
#include "base/gzip.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"

#include <limits.h>

#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

#define LEVEL 6
#define CHUNK_BYTES 16384

struct gzip {
    z_stream z;
};

static void *allocate(void *unused, unsigned n, unsigned size)
{
    WW_UNUSED(unused);
    return mem_array(n, size);
}

static void release(void *unused, void *block)
{
    WW_UNUSED(unused);
    mem_free(block);
}

enum ww_status gzip_open(struct gzip **out, struct ww_error *err)
{
    struct gzip *g = mem_alloc(sizeof(*g));

    *out = NULL;
    if (g == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory for a compressor");
    g->z.zalloc = allocate;
    g->z.zfree = release;
    if (deflateInit2(&g->z, LEVEL, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        mem_free(g);
        return ww_fail(err, WW_NOMEM, "out of memory for a compressor");
    }
    *out = g;
    return WW_OK;
}

void gzip_close(struct gzip *g)
{
    if (g == NULL)
        return;
    (void)deflateEnd(&g->z);
    mem_free(g);
}

/* Room behind what out holds; false when it is full. */
static bool give_room(z_stream *z, struct buf *out, size_t n)
{
    char *room = buf_extend(out, n);

    z->next_out = (unsigned char *)room;
    z->avail_out = room != NULL ? (unsigned)n : 0;
    return room != NULL;
}

static enum ww_status press(struct gzip *g, int flush, struct buf *out, struct ww_error *err)
{
    int code;

    do {
        if (!give_room(&g->z, out, CHUNK_BYTES))
            return buf_finish(out, err);
        code = deflate(&g->z, flush);
        buf_truncate(out, out->len - g->z.avail_out);
        if (code == Z_STREAM_ERROR)
            return ww_fail(err, WW_STORE, "the compressor failed");
    } while (flush == Z_FINISH ? code != Z_STREAM_END : g->z.avail_out == 0);
    return WW_OK;
}

static enum ww_status set_level(struct gzip *g, int level, struct buf *out, struct ww_error *err)
{
    int code;

    do {
        if (!give_room(&g->z, out, CHUNK_BYTES))
            return buf_finish(out, err);
        code = deflateParams(&g->z, level, Z_DEFAULT_STRATEGY);
        buf_truncate(out, out->len - g->z.avail_out);
    } while (code == Z_BUF_ERROR);
    return code == Z_OK ? WW_OK : ww_fail(err, WW_STORE, "the compressor failed");
}

enum ww_status gzip_pack(struct gzip *g, const struct gzip_piece *pieces, size_t n, struct buf *out,
                         struct ww_error *err)
{
    enum ww_status status = WW_OK;
    bool is_packed = false;

    g->z.next_in = NULL;
    g->z.avail_in = 0;
    if (deflateReset(&g->z) != Z_OK)
        return ww_fail(err, WW_STORE, "the compressor could not be reset");
    status = set_level(g, LEVEL, out, err);
    for (size_t i = 0; status == WW_OK && i < n; i++) {
        if (pieces[i].bytes.len > UINT_MAX)
            return ww_fail(err, WW_TOO_BIG, "%zu bytes are too many for one piece",
                           pieces[i].bytes.len);
        if (pieces[i].bytes.len == 0)
            continue;
        if (pieces[i].is_packed != is_packed)
            status = set_level(g, pieces[i].is_packed ? 0 : LEVEL, out, err);
        is_packed = pieces[i].is_packed;
        g->z.next_in = (const unsigned char *)pieces[i].bytes.ptr;
        g->z.avail_in = (unsigned)pieces[i].bytes.len;
        if (status == WW_OK)
            status = press(g, Z_NO_FLUSH, out, err);
    }
    return status == WW_OK ? press(g, Z_FINISH, out, err) : status;
}

enum ww_status gzip_unpack(struct slice bytes, struct buf *out, size_t *used, bool *is_cut,
                           struct ww_error *err)
{
    const size_t len = bytes.len < UINT_MAX ? bytes.len : UINT_MAX;
    z_stream z = {.zalloc = allocate, .zfree = release};
    int code;

    *used = 0;
    *is_cut = false;
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return ww_fail(err, WW_NOMEM, "out of memory for a decompressor");
    z.next_in = (const unsigned char *)bytes.ptr;
    z.avail_in = (unsigned)len;
    do {
        if (!give_room(&z, out, CHUNK_BYTES)) {
            (void)inflateEnd(&z);
            return buf_finish(out, err);
        }
        code = inflate(&z, Z_NO_FLUSH);
        buf_truncate(out, out->len - z.avail_out);
    } while (code == Z_OK && (z.avail_in > 0 || z.avail_out == 0));
    *used = len - z.avail_in;
    (void)inflateEnd(&z);
    if (code == Z_STREAM_END)
        return WW_OK;
    *is_cut = code == Z_OK || code == Z_BUF_ERROR;
    return code == Z_MEM_ERROR
               ? ww_fail(err, WW_NOMEM, "out of memory for a decompressor")
               : ww_fail(err, WW_INVALID, "%s", *is_cut ? "it is cut off" : "damaged");
}
