/* fuzz_fold.c - any bytes, folded: the way back stays inside and in order. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct text_folded f;
    struct slice clean;
    struct buf shown;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    buf_init(&shown, (size_t)64 * 1024 * 1024);
    clean = text_clean(slice_of(data, size), &arena);
    assert(text_is_utf8(clean));
    if (text_fold(clean, &arena, &f, NULL) == WW_OK) {
        assert(text_is_utf8(f.text));
        for (size_t i = 0; i < f.text.len; i++) {
            assert(f.start[i] < f.end[i] && f.end[i] <= clean.len);
            assert(f.start[i] <= f.start[i + 1]);
        }
        assert(slice_equal(text_fold_key(clean, &arena), f.text));
    }
    (void)text_squeeze(clean, &arena);
    (void)text_width(clean);
    text_add_visible(&shown, slice_of(data, size));
    assert(text_is_utf8(buf_slice(&shown)));
    buf_release(&shown);
    arena_release(&arena);
    return 0;
}
