/*
 * fuzz_warc.c - any bytes as a WARC file, and its blocks as answers: reading ends, places grow, and
 * in one piece and in pieces the same is found.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "feeds/http_message.h"
#include "feeds/warc.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define BLOCK_MAX_BYTES ((size_t)256 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct file {
    struct slice bytes;
    size_t piece;
};

static enum ww_status give(void *context, int64_t offset, char *room, size_t len, size_t *got,
                           struct ww_error *err)
{
    const struct file *f = context;
    struct slice left = slice_skip(f->bytes, (size_t)offset);

    (void)err;
    left = slice_head(slice_head(left, len), f->piece);
    if (left.len > 0)
        memcpy(room, left.ptr, left.len);
    *got = left.len;
    return WW_OK;
}

static void read_answer(struct slice block, struct arena *arena)
{
    struct http_message m;
    struct slice body = {"", 0};

    arena_reset(arena);
    if (http_message_parse(block, arena, &m, NULL) == WW_OK)
        (void)http_message_body(&m, arena, &body, NULL);
    for (size_t i = 0; i < body.len; i += 4096)
        assert(body.ptr[i] == body.ptr[i]); /* it can be read */
}

/* How many records and damages there are, mixed with their places. */
static uint64_t read_all(struct slice bytes, size_t piece, bool seeks, struct arena *arena)
{
    struct file file = {bytes, piece};
    const struct warc_source source = {
        .read = give, .context = &file, .bytes = seeks ? (int64_t)bytes.len : -1, .seeks = seeks};
    struct warc_reader *w = NULL;
    struct buf block;
    uint64_t seen = 0, n = 0;
    int64_t last = -1;
    enum ww_status status = warc_open(&source, 0, &w, NULL);

    assert(status == WW_OK);
    buf_init(&block, BLOCK_MAX_BYTES);
    while (status != WW_NOT_FOUND) {
        struct warc_record r;

        buf_reset(&block);
        status = warc_next(w, &r, NULL);
        assert(status == WW_OK || status == WW_INVALID || status == WW_NOT_FOUND);
        if (status == WW_OK) {
            assert(warc_place_number(r.place) > last);
            last = warc_place_number(r.place);
            status = warc_block(w, n % 3 == 2 ? NULL : &block, NULL);
            assert(status == WW_OK || status == WW_INVALID || status == WW_TOO_BIG);
            read_answer(buf_slice(&block), arena);
        }
        seen = seen * 31 + (uint64_t)status + (uint64_t)warc_place_number(r.place) +
               (status == WW_OK ? block.len : 0);
        assert(++n <= 2048 * bytes.len + 16); /* packed a thousand to one */
    }
    assert(warc_read_to(w) <= (int64_t)bytes.len);
    warc_close(w);
    buf_release(&block);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice bytes = slice_of(data, size);
    struct arena arena;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    assert(read_all(bytes, SIZE_MAX, true, &arena) == read_all(bytes, 5, true, &arena));
    (void)read_all(bytes, 1000, false, &arena);
    arena_release(&arena);
    return 0;
}
