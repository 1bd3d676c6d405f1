/* fuzz_token.c - any UTF-8: tokens lie in order inside the text, and cutting is stable. */
#include "base/arena.h"
#include "base/text.h"
#include "base/token.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct token_list list;
    struct slice text;
    size_t before = 0;

    arena_init(&arena, (size_t)64 << 20);
    text = text_clean(slice_of(data, size), &arena);
    if (token_scan(text, &arena, &list, NULL) == WW_OK) {
        for (size_t i = 0; i < list.n_tokens; i++) {
            const struct token *t = &list.tokens[i];

            if (t->start >= t->end || t->end > text.len || t->start < before ||
                t->folded.len == 0 || !text_is_utf8(t->folded))
                abort();
            before = t->start;
        }
    }
    arena_release(&arena);
    return 0;
}
