/* fuzz_opml.c - any text as a list of feeds; what was read and written is read again the same. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "feeds/opml.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct opml list, again;
    struct buf out, second;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    buf_init(&out, (size_t)64 * 1024 * 1024);
    buf_init(&second, (size_t)64 * 1024 * 1024);
    if (opml_parse(text_clean(slice_of(data, size), &arena), &arena, &list, NULL) == WW_OK) {
        enum ww_status status;

        opml_write(&list, SLICE("title"), &out);
        status = opml_parse(buf_slice(&out), &arena, &again, NULL);
        assert(status == WW_OK);
        (void)status;
        opml_write(&again, SLICE("title"), &second);
        assert(again.lost.len == 0 && !again.is_broken);
        assert(slice_equal(buf_slice(&out), buf_slice(&second)));
    }
    buf_release(&out);
    buf_release(&second);
    arena_release(&arena);
    return 0;
}
