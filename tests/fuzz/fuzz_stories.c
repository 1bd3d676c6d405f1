/*
 * fuzz_stories.c - texts in a row, cut from the input at NUL bytes: a verdict is always in order.
 *
 * Bytes alone would hardly ever make two texts that have twelve shingles in common, so a text is a
 * little program: a byte from 0x80 on stands for one of 64 sentences of ours (0xC0 and on: with
 * other figures and names in it), 0x01 for all of the text before, 0x02 for its first half, and
 * 0x03 for a new paragraph; every other byte is itself.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/text.h"
#include "storage/shingle_memory.h"
#include "storage/stories.h"

#include <stdlib.h>

#define TEXTS_MAX 16
#define TEXT_MAX_BYTES 2000
#define SENTENCES 64
#define SENTENCE_WORDS 14
/* Sentences from this one on are written without blanks. */
#define HAN_FROM 48

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct archive {
    struct slice texts[TEXTS_MAX + 1];
    int64_t story_ids[TEXTS_MAX + 1];
    int64_t excerpt_of[TEXTS_MAX + 1];
    int64_t expansion_of[TEXTS_MAX + 1];
    bool is_round_up[TEXTS_MAX + 1];
    int64_t n;
};

static enum ww_status story_of(void *state, int64_t article_id, int64_t *story_id,
                               struct ww_error *err)
{
    const struct archive *a = state;

    WW_UNUSED(err);
    *story_id = a->story_ids[article_id];
    return WW_OK;
}

static enum ww_status text_of(void *state, int64_t article_id, struct arena *arena,
                              struct slice *out, struct ww_error *err)
{
    const struct archive *a = state;

    WW_UNUSED(arena);
    WW_UNUSED(err);
    *out = a->texts[article_id];
    return WW_OK;
}

static enum ww_status anchors_of(void *state, int64_t story_id, int64_t *first, int64_t *fullest,
                                 struct ww_error *err)
{
    const struct archive *a = state;

    WW_UNUSED(err);
    *first = *fullest = 0;
    for (int64_t i = 1; i <= a->n; i++)
        if (a->story_ids[i] == story_id) {
            *first = *first == 0 ? i : *first;
            if (*fullest == 0 || a->texts[i].len > a->texts[*fullest].len)
                *fullest = i;
        }
    return *first == 0 ? WW_NOT_FOUND : WW_OK;
}

static enum ww_status parts_of(void *state, int64_t article_id, bool *is_round_up, int64_t *ids,
                               size_t max, size_t *n, struct ww_error *err)
{
    const struct archive *a = state;

    WW_UNUSED(err);
    *n = 0;
    for (int64_t i = 1; i <= a->n && *n < max; i++)
        if (a->excerpt_of[i] == article_id || a->expansion_of[article_id] == i)
            ids[(*n)++] = i;
    *is_round_up = a->is_round_up[article_id];
    return WW_OK;
}

static void check(const struct archive *a, const struct story_verdict *v)
{
    if (v->n_relations > STORY_RELATIONS_MAX || story_kind_joins(v->kind) != (v->story_id != 0) ||
        (v->kind == STORY_NEW) != (v->n_relations == 0))
        abort();
    for (size_t i = 0; i < v->n_relations; i++)
        if (v->relations[i].article_id < 1 || v->relations[i].article_id > a->n ||
            v->relations[i].jaccard > 1 || v->relations[i].containment > 1 ||
            v->relations[i].n_shared > v->relations[i].n_own ||
            v->relations[i].n_shared > v->relations[i].n_other)
            abort();
    for (size_t i = 0; i < v->n_changed; i++)
        if (!text_is_utf8(v->changed[i]))
            abort();
}

/* Han characters; two of them a name. */
static void add_han_sentence(struct buf *out, uint64_t number, uint64_t facts)
{
    for (uint64_t i = 0; i < 2 * SENTENCE_WORDS; i++)
        buf_add_code(out, (uint32_t)(0x4E00 + hash64_mix(number * 2 * SENTENCE_WORDS + i,
                                                         i / 2 == 4 ? facts : 0) %
                                                  0x5000));
    buf_add_code(out, 0x3002);
}

/* Words of four letters; every fourth of them a name and every seventh a figure. */
static void add_sentence(struct buf *out, uint64_t number, uint64_t facts)
{
    if (number >= HAN_FROM) {
        add_han_sentence(out, number, facts);
        return;
    }
    for (uint64_t i = 0; i < SENTENCE_WORDS; i++) {
        bool is_name = i % 4 == 0, is_figure = i % 7 == 3;
        uint64_t word = hash64_mix(number * SENTENCE_WORDS + i, is_name || is_figure ? facts : 0);

        if (is_figure) {
            buf_printf(out, "%u", (unsigned)(word % 900 + 100));
        } else {
            buf_add_char(out, (char)((is_name ? 'A' : 'a') + word % 26));
            for (int shift = 8; shift <= 24; shift += 8)
                buf_add_char(out, (char)('a' + (word >> shift) % 26));
        }
        buf_add_char(out, i + 1 < SENTENCE_WORDS ? ' ' : '.');
    }
    buf_add_char(out, ' ');
}

static struct slice write_text(struct slice program, struct slice before, struct arena *arena)
{
    struct buf out;
    struct slice text;

    buf_init(&out, TEXT_MAX_BYTES);
    for (size_t i = 0; i < program.len; i++) {
        unsigned char op = (unsigned char)program.ptr[i];

        if (op >= 0x80)
            add_sentence(&out, op % SENTENCES, op >= 0xC0 ? i + 1 : 0);
        else if (op == 0x01)
            buf_add(&out, before);
        else if (op == 0x02)
            buf_add(&out, text_cut(before, before.len / 2));
        else if (op == 0x03)
            buf_add_char(&out, '\n');
        else
            buf_add_char(&out, (char)op);
    }
    text = text_clean(buf_slice(&out), arena);
    text = arena_copy(arena, text);
    buf_release(&out);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct archive a = {0};
    struct story_source source = {&a, story_of, text_of, anchors_of, parts_of};
    struct slice rest = {(const char *)data, size}, piece;
    struct shingle_memory *memory;
    struct shingle_io io;
    struct stories *stories;
    struct arena arena;

    if (shingle_memory_open(&memory, NULL) != WW_OK)
        return 0;
    io = shingle_memory_io(memory);
    arena_init(&arena, (size_t)256 << 20);
    if (stories_open(&io, &source, &stories, NULL) != WW_OK)
        abort();
    while (a.n < TEXTS_MAX && slice_next(&rest, '\0', &piece)) {
        struct story_verdict v;
        struct slice text = write_text(piece, a.texts[a.n], &arena);

        if (stories_judge(stories, slice_head(text, 0), text, &arena, &v, NULL) != WW_OK)
            break;
        check(&a, &v);
        a.n++;
        a.texts[a.n] = text;
        a.story_ids[a.n] = v.story_id == 0 ? a.n : v.story_id;
        if (v.kind == STORY_MERGE)
            a.is_round_up[a.texts[v.relations[0].article_id].len > text.len
                              ? v.relations[0].article_id
                              : a.n] = true;
        if (v.kind == STORY_EXPANSION)
            a.expansion_of[a.n] = v.relations[0].article_id;
        if (v.kind == STORY_EXCERPT)
            a.excerpt_of[a.n] = v.relations[0].article_id;
        if (stories_remember(stories, a.n, a.story_ids[a.n], &v, NULL) != WW_OK)
            break;
    }
    stories_close(stories);
    shingle_memory_close(memory);
    arena_release(&arena);
    return 0;
}
