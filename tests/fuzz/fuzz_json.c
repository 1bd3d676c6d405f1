/* fuzz_json.c - any bytes behind a brace as a JSON Feed, the whole way through a worker. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "crawler/parse.h"
#include "feeds/feed.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena, answer_arena;
    struct buf bytes, request, answer;
    struct feed feed;
    struct slice charset;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    arena_init(&answer_arena, (size_t)64 * 1024 * 1024);
    buf_init(&bytes, (size_t)64 * 1024 * 1024);
    buf_init(&request, (size_t)64 * 1024 * 1024);
    buf_init(&answer, (size_t)64 * 1024 * 1024);
    buf_add_char(&bytes, '{'); /* without it, it is XML's: fuzz_feed.c */
    buf_add(&bytes, slice_of(data, size));
    parse_request_feed(&request, buf_slice(&bytes), SLICE("application/feed+json"),
                       SLICE("https://news.example/feed.json"));
    parse_run(buf_slice(&request), &arena, &answer);
    if (parse_answer_feed(buf_slice(&answer), &answer_arena, &feed, &charset, NULL) == WW_OK) {
        assert(slice_starts(slice_from(feed.format), SLICE("json")));
        assert(feed.n_entries <= FEED_ENTRIES_MAX);
        for (size_t i = 0; i < feed.n_entries; i++) {
            assert(text_is_utf8(feed.entries[i].id) && text_is_utf8(feed.entries[i].link));
            assert(!slice_contains_nocase(feed.entries[i].content, SLICE("<script")));
        }
    }
    buf_release(&bytes);
    buf_release(&request);
    buf_release(&answer);
    arena_release(&arena);
    arena_release(&answer_arena);
    return 0;
}
