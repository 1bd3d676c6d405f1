/* fuzz_charset.c - any bytes: an encoding is named, and decoding gives UTF-8 without NUL. */
#include "base/arena.h"
#include "base/charset.h"
#include "base/text.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* The first byte chooses a claim. */
    static const char *const claims[] = {"",          "utf-8",  "gbk",    "big5",   "iso-2022-jp",
                                         "shift_jis", "euc-kr", "utf-16", "koi8-r", "windows-1255"};
    struct slice bytes = slice_skip(slice_of(data, size), 1);
    struct slice claim = slice_from(size > 0 ? claims[data[0] % 10] : "");

    for (int kind = CHARSET_XML; kind <= CHARSET_PLAIN; kind++) {
        const char *name = charset_detect(bytes, (enum charset_kind)kind, claim);
        struct arena arena;
        struct slice text = {0};
        enum ww_status status;

        assert(name != NULL);
        arena_init(&arena, (size_t)64 * 1024 * 1024);
        status = charset_decode(bytes, name, &arena, &text, NULL);
        assert(status == WW_OK);
        (void)status;
        assert(text_is_utf8(text));
        assert(text.len == 0 || memchr(text.ptr, 0, text.len) == NULL);
        arena_release(&arena);
    }
    (void)charset_from_content_type(bytes);
    return 0;
}
