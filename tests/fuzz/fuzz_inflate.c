/* fuzz_inflate.c - any bytes as packed text: in one piece and in pieces the outcome is the same. */
#include "base/buf.h"
#include "base/inflate.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define MAX_BYTES ((size_t)4 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum ww_status unpack(struct slice packed, size_t step, struct buf *out)
{
    struct inflate *f = NULL;
    enum ww_status status = inflate_open(MAX_BYTES, &f, NULL);

    while (status == WW_OK && packed.len > 0) {
        status = inflate_feed(f, slice_head(packed, step), out, NULL);
        packed = slice_skip(packed, step);
    }
    if (status == WW_OK)
        status = inflate_finish(f, NULL);
    inflate_close(f);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole, pieces;
    enum ww_status status;

    buf_init(&whole, 2 * MAX_BYTES);
    buf_init(&pieces, 2 * MAX_BYTES);
    status = unpack(slice_of(data, size), size, &whole);
    assert(whole.len <= MAX_BYTES + 16384);
    if (unpack(slice_of(data, size), 3, &pieces) == WW_OK && status == WW_OK)
        assert(slice_equal(buf_slice(&whole), buf_slice(&pieces)));
    buf_release(&whole);
    buf_release(&pieces);
    return 0;
}
