/* warc_bytes.c - two windows: the file's bytes, and what a gzip member holds. */
#include "feeds/warc_bytes.h"

#include "base/inflate.h"
#include "base/mem.h"

#include <assert.h>
#include <string.h>

enum ww_status warc_bytes_open(struct warc_bytes *b, const struct warc_source *source,
                               int64_t offset, struct ww_error *err)
{
    *b = (struct warc_bytes){.source = source, .raw_at = offset};
    b->raw = mem_alloc(WARC_WINDOW_BYTES);
    b->window = mem_alloc(WARC_WINDOW_BYTES);
    if (b->raw == NULL || b->window == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    return inflate_open(SIZE_MAX, &b->inflate, err);
}

void warc_bytes_close(struct warc_bytes *b)
{
    inflate_close(b->inflate);
    mem_free(b->raw);
    mem_free(b->window);
    *b = (struct warc_bytes){0};
}

int64_t warc_bytes_offset(const struct warc_bytes *b)
{
    return b->raw_at + (int64_t)b->raw_pos;
}

/* At least n bytes of the file behind raw_pos, unless it ends. */
static enum ww_status read_raw(struct warc_bytes *b, size_t n, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (b->raw_len - b->raw_pos >= n || b->source_ended)
        return WW_OK;
    if (b->raw_pos > 0) {
        memmove(b->raw, b->raw + b->raw_pos, b->raw_len - b->raw_pos);
        b->raw_at += (int64_t)b->raw_pos;
        b->raw_len -= b->raw_pos;
        b->raw_pos = 0;
    }
    while (status == WW_OK && b->raw_len < n && !b->source_ended) {
        size_t got = 0;

        status = b->source->read(b->source->context, b->raw_at + (int64_t)b->raw_len,
                                 b->raw + b->raw_len, WARC_WINDOW_BYTES - b->raw_len, &got, err);
        b->raw_len += status == WW_OK ? got : 0;
        b->source_ended = status == WW_OK && got == 0;
    }
    return status;
}

/* One step of unpacking into what is free of the window, of at most max packed bytes. */
static enum ww_status unpack(struct warc_bytes *b, size_t max, struct ww_error *err)
{
    const size_t available = b->raw_len - b->raw_pos;
    struct slice packed = {b->raw + b->raw_pos, available < max ? available : max};
    const size_t offered = packed.len;
    size_t made = 0;
    struct ww_error why = {0};
    enum ww_status status =
        inflate_step(b->inflate, &packed, b->window + b->window_len,
                     WARC_WINDOW_BYTES - b->window_len, &made, &b->member_ended, &why);

    b->raw_pos += offered - packed.len;
    b->window_len += made;
    if (status == WW_NOMEM)
        return ww_fail(err, status, "%s", why.message);
    b->broken = status == WW_OK ? (struct ww_error){0} : why;
    return WW_OK;
}

static enum ww_status unpack_until(struct warc_bytes *b, size_t n, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (b->window_pos > 0) {
        memmove(b->window, b->window + b->window_pos, b->window_len - b->window_pos);
        b->window_len -= b->window_pos;
        b->window_pos = 0;
    }
    while (status == WW_OK && b->window_len < n && !b->member_ended && b->broken.status == WW_OK) {
        status = read_raw(b, 1, err);
        if (status == WW_OK && b->raw_pos == b->raw_len)
            return ww_fail(err, WW_INVALID, "the file ends within a gzip member");
        if (status == WW_OK)
            status = unpack(b, SIZE_MAX, err);
    }
    if (status == WW_OK && b->window_len < n && b->broken.status != WW_OK)
        return ww_fail(err, WW_INVALID, "%s", b->broken.message);
    return status;
}

enum ww_status warc_bytes_need(struct warc_bytes *b, size_t n, struct slice *view,
                               struct ww_error *err)
{
    enum ww_status status = WW_OK;

    assert(n <= WARC_TRIAL_BYTES);
    if (!b->in_member) {
        status = read_raw(b, n, err);
        *view = (struct slice){b->raw + b->raw_pos, b->raw_len - b->raw_pos};
        return status;
    }
    if (b->window_len - b->window_pos < n && !b->member_ended)
        status = unpack_until(b, n, err);
    *view = (struct slice){b->window + b->window_pos, b->window_len - b->window_pos};
    return status;
}

void warc_bytes_take(struct warc_bytes *b, size_t n)
{
    if (b->in_member)
        b->window_pos += n;
    else
        b->raw_pos += n;
}

void warc_bytes_enter(struct warc_bytes *b)
{
    inflate_restart(b->inflate);
    b->in_member = true;
    b->member_ended = false;
    b->broken = (struct ww_error){0};
    b->member_at = warc_bytes_offset(b);
    b->window_pos = b->window_len = 0;
}

void warc_bytes_leave(struct warc_bytes *b)
{
    b->in_member = b->member_ended = false;
    b->window_pos = b->window_len = 0;
}

enum ww_status warc_bytes_try(struct warc_bytes *b, struct slice sign, bool *entered,
                              struct ww_error *err)
{
    enum ww_status status = read_raw(b, WARC_TRIAL_BYTES, err);
    const size_t begun = b->raw_pos;

    *entered = false;
    if (status != WW_OK)
        return status;
    warc_bytes_enter(b);
    status = unpack(b, WARC_TRIAL_BYTES, err);
    if (status != WW_OK)
        return status;
    *entered = slice_starts((struct slice){b->window, b->window_len}, sign);
    if (!*entered) {
        warc_bytes_leave(b);
        b->raw_pos = begun;
    }
    return WW_OK;
}

void warc_bytes_seek(struct warc_bytes *b, int64_t offset)
{
    const int64_t now = warc_bytes_offset(b);

    warc_bytes_leave(b);
    if (offset < now) {
        if (b->reread_bytes + (now - offset) > now + WARC_REREAD_MAX_BYTES)
            return;
        b->reread_bytes += now - offset;
    }
    if (offset >= b->raw_at && offset <= b->raw_at + (int64_t)b->raw_len) {
        b->raw_pos = (size_t)(offset - b->raw_at);
    } else if (b->source->seeks) {
        b->raw_at = offset;
        b->raw_pos = b->raw_len = 0;
        b->source_ended = false;
    }
}
