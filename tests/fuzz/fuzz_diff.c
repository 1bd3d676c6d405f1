/*
 * fuzz_diff.c - two texts, what is before the first byte 1 and what is behind it: rows and pieces
 * are both texts, offsets are in them, and a text does not differ from itself.
 */
#include "base/arena.h"
#include "base/text.h"
#include "base/text_diff.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_pieces(const struct text_diff *d, const struct text_diff_row *row)
{
    struct text_diff_span a = row->before, b = row->after;

    for (size_t i = row->first_piece; i < row->first_piece + row->n_pieces; i++) {
        const struct text_diff_piece *p = &d->pieces[i];

        assert(p->before.start == a.start && p->after.start == b.start);
        assert(p->before.end >= a.start && p->after.end >= b.start);
        assert(p->kind != PIECE_ADDED || p->before.end == a.start);
        assert(p->kind != PIECE_REMOVED || p->after.end == b.start);
        a.start = p->before.end;
        b.start = p->after.end;
    }
    if (row->kind == DIFF_CHANGED)
        assert(a.start == a.end && b.start == b.end);
}

/* Every byte that is no white space is in one row. */
static void check_covered(struct slice text, const uint8_t *seen)
{
    for (size_t at = 0; at < text.len;) {
        const size_t start = at;

        if (text_is_space(text_next_code(text, &at)))
            continue;
        assert(seen[start] == 1);
    }
}

static void mark(uint8_t *seen, struct slice text, struct text_diff_span span)
{
    assert(span.start <= span.end && span.end <= text.len);
    for (size_t i = span.start; i < span.end; i++)
        seen[i]++;
}

static void check(const struct text_diff *d, struct arena *arena)
{
    uint8_t *a = arena_alloc(arena, d->before.text.len + 1);
    uint8_t *b = arena_alloc(arena, d->after.text.len + 1);

    assert(a != NULL && b != NULL);
    for (size_t i = 0; i < d->n_rows; i++) {
        mark(a, d->before.text, d->rows[i].before);
        mark(b, d->after.text, d->rows[i].after);
        check_pieces(d, &d->rows[i]);
        assert(d->rows[i].first_fact + d->rows[i].n_facts <= d->n_facts);
    }
    for (size_t i = 0; i < d->n_facts; i++) {
        assert(d->facts[i].row < d->n_rows);
        assert(d->facts[i].before.len + d->facts[i].after.len > 0);
        assert(slice_ends(d->facts[i].after, d->facts[i].noun));
    }
    check_covered(d->before.text, a);
    check_covered(d->after.text, b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slice words[] = {
        {"closed",   6},
        {"charg~",   6},
        {"set free", 8}
    };
    static const char *const languages[] = {"", "en", "de", "zh", "ja", "ar", "fr"};
    struct text_diff_options options = {.words = words, .n_words = 3};
    struct text_diff_source before, after;
    struct slice all = slice_of(data, size);
    struct text_diff d;
    struct arena arena;

    if (size == 0 || !text_is_utf8(all))
        return 0;
    options.language = slice_from(languages[data[0] % (sizeof(languages) / sizeof(languages[0]))]);
    before = (struct text_diff_source){.text = slice_head(all, slice_find_char(all, '\1'))};
    after = (struct text_diff_source){.text = slice_skip(all, before.text.len + 1)};
    arena_init(&arena, (size_t)64 * 1024 * 1024);
    assert(text_diff(&before, &after, &options, &arena, &d, NULL) == WW_OK);
    check(&d, &arena);
    assert(text_diff(&before, &before, &options, &arena, &d, NULL) == WW_OK);
    assert(!text_diff_differs(&d));
    check(&d, &arena);
    arena_release(&arena);
    return 0;
}
