/* fuzz_links.c - any bytes as a page that announces feeds. */
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/links.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct page_links links;
    struct arena arena;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    if (links_find(slice_of(data, size), SLICE("https://e.org/a/b"), (struct slice){"", 0}, &arena,
                   &links, NULL) == WW_OK)
        for (size_t i = 0; i < links.n_feeds; i++) {
            assert(url_is_fetchable(links.feeds[i].url));
            assert(text_is_utf8(links.feeds[i].title) && text_is_utf8(links.feeds[i].type));
        }
    arena_release(&arena);
    return 0;
}
