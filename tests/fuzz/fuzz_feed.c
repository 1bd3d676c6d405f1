/*
 * fuzz_feed.c - any bytes as a feed, the whole way through a worker: what it answers, we can read.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "crawler/parse.h"
#include "feeds/feed.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena, answer_arena;
    struct buf request, answer;
    struct feed feed;
    struct slice charset;
    struct ww_error err = {0};

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    arena_init(&answer_arena, (size_t)64 * 1024 * 1024);
    buf_init(&request, (size_t)64 * 1024 * 1024);
    buf_init(&answer, (size_t)64 * 1024 * 1024);
    parse_request_feed(&request, slice_of(data, size), SLICE("text/xml"),
                       SLICE("https://news.example/feed"));
    parse_run(buf_slice(&request), &arena, &answer);
    if (parse_answer_feed(buf_slice(&answer), &answer_arena, &feed, &charset, &err) == WW_OK) {
        assert(feed.format[0] != '\0');
        for (size_t i = 0; i < feed.n_entries; i++)
            assert(!slice_contains_nocase(feed.entries[i].content, SLICE("<script")));
    } else {
        assert(!slice_equal(slice_from(err.message), SLICE("a parser's answer could not be read")));
    }
    buf_release(&request);
    buf_release(&answer);
    arena_release(&arena);
    arena_release(&answer_arena);
    return 0;
}
