/*
 * fuzz_header.c - any bytes as the header lines of an answer: everything that is read from them
 * stays within its bounds, and no redirect leads to what is not fetched.
 */
#include "base/arena.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "crawler/fetch.h"
#include "crawler/schedule.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A moment of 2025: dates ahead of it and behind it are read. */
#define NOW 1763769600

static void read_times(const struct fetch_answer *answer)
{
    const int64_t retry = schedule_retry_after(NOW, fetch_header(answer, "Retry-After"));
    const int64_t fresh =
        schedule_max_age(NOW, fetch_header(answer, "Cache-Control"),
                         fetch_header(answer, "Expires"), fetch_header(answer, "Date"));

    assert(retry == 0 || (retry >= NOW && retry <= NOW + RETRY_AFTER_MAX_S));
    assert(fresh >= 0 && fresh <= MAX_AGE_MAX_S);
}

static void follow(const struct fetch_answer *answer, struct arena *arena)
{
    struct slice to;
    const char *wire;

    if (fetch_location(answer, SLICE("https://news.example/a/b?c"), arena, &to, NULL) != WW_OK)
        return;
    assert(url_is_fetchable(to) && slice_find_char(to, '#') == to.len);
    if (fetch_wire_url(to, arena, &wire, NULL) != WW_OK)
        return;
    /* Nothing in it may end the line of the request, or begin another. */
    for (const char *c = wire; *c != '\0'; c++)
        assert((unsigned char)*c > ' ' && (unsigned char)*c < 0x7F);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fetch_answer answer = {0};
    struct slice type, charset;
    struct arena arena;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    buf_init(&answer.head, HEADERS_MAX_BYTES);
    buf_add(&answer.head, slice_of(data, size));
    (void)fetch_check_lengths(&answer, NULL);
    read_times(&answer);
    follow(&answer, &arena);
    type = fetch_header(&answer, "Content-Type");
    charset = charset_from_content_type(type);
    assert(charset.len <= type.len);
    (void)charset_from_label(charset);
    fetch_answer_release(&answer);
    arena_release(&arena);
    return 0;
}
