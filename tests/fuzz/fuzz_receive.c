/* fuzz_receive.c - any bytes as a mail that came back: an id is one, words fit a terminal. */
#include "alerts/mail/receive.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct received r;
    struct arena arena;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    if (receive_parse(slice_of(data, size), &arena, &r, NULL) == WW_OK) {
        if (r.message_id.len < 3 || r.message_id.ptr[0] != '<' ||
            r.message_id.ptr[r.message_id.len - 1] != '>')
            abort();
        for (size_t at = 0; at < r.words.len;) {
            uint32_t code = text_next_code(r.words, &at);

            if (text_is_deceiving(code) || code < ' ')
                abort();
        }
        if ((r.words.len == 0) != (r.kind == RECEIVED_MAIL) || !text_is_utf8(r.words))
            abort();
    }
    arena_release(&arena);
    return 0;
}
