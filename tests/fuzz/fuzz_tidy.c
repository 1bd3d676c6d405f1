/* fuzz_tidy.c - any text as the HTML of an entry: what is tidy gives what its tree gives. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "extractors/sanitize.h"
#include "extractors/tidy.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice html = slice_of(data, size), base = SLICE("https://e.org/a/b"), slow;
    struct arena arena;
    struct buf quick;

    if (!text_is_utf8(html) || memchr(html.ptr, 0, html.len) != NULL)
        return 0;
    arena_init(&arena, (size_t)64 * 1024 * 1024);
    buf_init(&quick, (size_t)16 * 1024 * 1024);
    if (tidy_html(html, base, &arena, &quick) && quick.status == WW_OK) {
        assert(sanitize_tree(html, base, &arena, &slow, NULL) == WW_OK);
        assert(slice_equal(slice_trim(buf_slice(&quick)), slow));
    }
    buf_release(&quick);
    arena_release(&arena);
    return 0;
}
