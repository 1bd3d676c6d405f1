/* fuzz_sitemap.c - any bytes as a sitemap, the whole way through a worker. */
#include "base/arena.h"
#include "base/buf.h"
#include "crawler/parse.h"
#include "feeds/sitemap.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena, answer_arena;
    struct buf request, answer;
    struct sitemap sitemap;
    struct ww_error err = {0};

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    arena_init(&answer_arena, (size_t)64 * 1024 * 1024);
    buf_init(&request, (size_t)64 * 1024 * 1024);
    buf_init(&answer, (size_t)64 * 1024 * 1024);
    parse_request_sitemap(&request, slice_of(data, size), SLICE("https://news.example/map"));
    parse_run(buf_slice(&request), &arena, &answer);
    if (parse_answer_sitemap(buf_slice(&answer), &answer_arena, &sitemap, &err) == WW_OK)
        assert(sitemap.type[0] != '\0');
    else
        assert(!slice_equal(slice_from(err.message), SLICE("a parser's answer could not be read")));
    buf_release(&request);
    buf_release(&answer);
    arena_release(&arena);
    arena_release(&answer_arena);
    return 0;
}
