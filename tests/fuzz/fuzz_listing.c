/* fuzz_listing.c - any first line as a selector, the rest as the page it is used on, in a worker.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/url.h"
#include "crawler/parse.h"
#include "feeds/feed.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size), selector = {"", 0}, charset;
    struct arena arena, answer_arena;
    struct buf request, answer;
    struct feed feed;
    struct ww_error err = {0};

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    arena_init(&answer_arena, (size_t)64 * 1024 * 1024);
    buf_init(&request, (size_t)64 * 1024 * 1024);
    buf_init(&answer, (size_t)64 * 1024 * 1024);
    (void)slice_next_line(&text, &selector);
    parse_request_listing(&request, text, SLICE("https://e.org/a/b"), (struct slice){"", 0},
                          text_is_utf8(selector) ? selector : SLICE("a"));
    parse_run(buf_slice(&request), &arena, &answer);
    if (parse_answer_feed(buf_slice(&answer), &answer_arena, &feed, &charset, &err) == WW_OK) {
        assert(feed.n_entries > 0);
        for (size_t i = 0; i < feed.n_entries; i++)
            assert(url_is_fetchable(feed.entries[i].link));
    } else {
        assert(!slice_starts(slice_from(err.message), SLICE("a parser's answer")));
    }
    buf_release(&request);
    buf_release(&answer);
    arena_release(&arena);
    arena_release(&answer_arena);
    return 0;
}
