/*
 * fuzz_finds.c - any bytes as a list of history, the whole way through a worker, whole and in
 * pieces. The first byte says which kind of list, the second how large a piece is.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/url.h"
#include "crawler/parse.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_list(enum finds_format format, struct slice bytes)
{
    struct arena arena, answer_arena;
    struct buf request, answer;
    struct finds finds;
    struct ww_error err = {0};

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    arena_init(&answer_arena, (size_t)64 * 1024 * 1024);
    buf_init(&request, (size_t)64 * 1024 * 1024);
    buf_init(&answer, (size_t)64 * 1024 * 1024);
    parse_request_finds(&request, format, bytes, SLICE(""), SLICE("https://news.example/list"));
    parse_run(buf_slice(&request), &arena, &answer);
    if (parse_answer_finds(buf_slice(&answer), &answer_arena, &finds, &err) == WW_OK) {
        for (size_t i = 0; i < finds.n_rows; i++)
            assert(url_is_fetchable(finds.rows[i].url));
        for (size_t i = 0; i < finds.n_lists; i++)
            assert(finds.lists[i].url.len > 0);
    } else {
        assert(!slice_equal(slice_from(err.message), SLICE("a parser's answer could not be read")));
    }
    buf_release(&request);
    buf_release(&answer);
    arena_release(&arena);
    arena_release(&answer_arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct finds_pieces pieces;
    struct slice document, piece;
    struct buf room;
    enum finds_format format;
    size_t max, n = 0;

    if (size < 2)
        return 0;
    format = (enum finds_format)(data[0] % FINDS_FORMAT_COUNT);
    max = (size_t)data[1] * 16 + FINDS_TAIL_MAX_BYTES / 2;
    document = slice_of(data + 2, size - 2);
    read_list(format, document);
    buf_init(&room, (size_t)1024 * 1024);
    finds_pieces_init(&pieces, document);
    while (finds_next_piece(&pieces, max, &room, &piece)) {
        assert(piece.len > 0 && ++n <= size);
        assert(piece.len <= max || (pieces.element.len == 0 && !pieces.is_lines) ||
               piece.len <= pieces.head.len + FINDS_TAIL_MAX_BYTES);
        if (n <= 3)
            read_list(format, piece);
    }
    assert(pieces.rest.len == 0);
    buf_release(&room);
    return 0;
}
