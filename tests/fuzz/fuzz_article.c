/* fuzz_article.c - any bytes as a page: no crash, texts are UTF-8, dates credible. */
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "extractors/article.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct article_hints hints = {.url = SLICE("https://news.example/2023/05/03/x"),
                                  .now = 1763769600};
    struct arena arena;
    struct article a;

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    if (article_extract(slice_of(data, size), &hints, &arena, &a, NULL) == WW_OK &&
        (!text_is_utf8(a.text) || !text_is_utf8(a.cut) || !text_is_utf8(a.title) ||
         !text_is_utf8(a.author) || !text_is_utf8(a.site) || !text_is_utf8(a.description)))
        abort();
    arena_release(&arena);
    return 0;
}
