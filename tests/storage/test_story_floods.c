/*
 * test_story_floods.c - texts made to be dear: whatever comes, an article is compared with a few
 * earlier ones, takes no more memory than a page may, and adds little to the index.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/shingle_memory.h"
#include "storage/stories.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MIB (1024 * 1024)
/* Texts of earlier articles that are read: the candidates, and for each of them its excerpts. */
#define TEXTS_READ_MAX (STORY_CANDIDATES_MAX * (1 + STORY_EXCERPTS_MAX))
/* A posting in the tail: five bytes, and its share of the row's head. */
#define POSTING_BYTES_MAX 8

/* ---- texts ----------------------------------------------------------------------------------- */

static void add_words(struct buf *out, size_t n, uint64_t seed, size_t letters)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t word = hash64_mix(seed, i + 1);

        for (size_t k = 0; k < letters; k++, word /= 26) {
            if (word == 0)
                word = hash64_mix(seed + k, i + 1);
            buf_add_char(out, (char)('a' + word % 26));
        }
        buf_add_char(out, ' ');
    }
}

static void repeat(struct buf *out, const char *text, size_t n_bytes)
{
    struct slice s = slice_from(text);

    while (buf_slice(out).len + s.len <= n_bytes)
        buf_add(out, s);
}

static void one_word(struct buf *out, size_t number)
{
    WW_UNUSED(number);
    buf_add_string(out, "Cancelled");
}

/* More than an article may have: what stands behind STORY_TEXT_MAX_BYTES does not count. */
static void ten_megabytes(struct buf *out, size_t number)
{
    add_words(out, 40000, 7, 6);
    add_words(out, 1400000, number, 6);
}

static void one_sentence(struct buf *out, size_t number)
{
    WW_UNUSED(number);
    repeat(out, "The ferry did not sail on the day before yesterday either. ", 10 * MIB);
}

static void identical_lines(struct buf *out, size_t number)
{
    WW_UNUSED(number);
    for (size_t i = 0; i < 180000; i++)
        buf_add_string(out, "No trains today.\n");
}

/* About forty of their sampled shingles are the same, in no sentence that could be furniture. */
static void collision(struct buf *out, size_t number)
{
    add_words(out, 484, 1, 5);
    add_words(out, 700, 1000 + number, 5);
}

static void common_paragraph(struct buf *out, size_t number)
{
    add_words(out, 60, 1000 + number, 5);
    buf_add_string(out, ".\n\n");
    for (size_t i = 0; i < 8; i++) {
        add_words(out, 15, i, 5);
        buf_add_string(out, ". ");
    }
}

static void two_letters(struct buf *out, size_t number)
{
    for (size_t i = 0; i < 100000; i++) {
        buf_add_char(out, (char)('a' + hash64_mix(number, i + 1) % 2));
        buf_add_char(out, ' ');
    }
}

static void binary(struct buf *out, size_t number)
{
    WW_UNUSED(number);
    for (size_t i = 0; i < MIB; i++)
        buf_add_char(out, (char)(hash64_mix(1, i + 1) & 0xFF));
}

/* Seven words in common, then 38 names that are in one text alone, again and again. */
static void names_in_gaps(struct buf *out, size_t number)
{
    for (size_t i = 0; i < 40; i++) {
        add_words(out, 12, i, 5);
        for (size_t k = 0; k < 30; k++) {
            buf_add_char(out, 'Q');
            add_words(out, 1, hash64_mix(number + 1, i * 64 + k), 30);
        }
    }
}

/* ---- a detector that counts ------------------------------------------------------------------ */

struct flood {
    const char *name;
    void (*write)(struct buf *out, size_t number);
    size_t n, n_soak;
    bool is_one_story;         /* each joins the first; otherwise none joins any */
    size_t texts_read_max;     /* for the last one */
    size_t postings_added_max; /* by the last one */
};

/* Texts are made again when they are asked for: 100,000 of them need not be kept. */
struct archive {
    const struct flood *flood;
    int64_t *story_ids; /* article n is story_ids[n] */
    int64_t n;
    size_t n_texts_read;
};

static enum ww_status story_of(void *state, int64_t article_id, int64_t *story_id,
                               struct ww_error *err)
{
    const struct archive *a = state;

    WW_UNUSED(err);
    assert_in_range(article_id, 1, a->n);
    *story_id = a->story_ids[article_id];
    return WW_OK;
}

static struct slice text_number(const struct flood *flood, size_t number, struct arena *arena)
{
    struct buf out;
    struct slice text;

    buf_init(&out, 16 * MIB);
    flood->write(&out, number);
    assert_int_equal(buf_finish(&out, NULL), WW_OK);
    text = arena_copy(arena, text_cut(buf_slice(&out), ARTICLE_TEXT_MAX_BYTES));
    buf_release(&out);
    return text_clean(text, arena);
}

static enum ww_status text_of(void *state, int64_t article_id, struct arena *arena,
                              struct slice *out, struct ww_error *err)
{
    struct archive *a = state;

    WW_UNUSED(err);
    a->n_texts_read++;
    *out = text_number(a->flood, (size_t)article_id, arena);
    return WW_OK;
}

static enum ww_status anchors_of(void *state, int64_t story_id, int64_t *first, int64_t *fullest,
                                 struct ww_error *err)
{
    WW_UNUSED(state);
    WW_UNUSED(err);
    *first = *fullest = story_id;
    return WW_OK;
}

static enum ww_status parts_of(void *state, int64_t article_id, bool *is_round_up, int64_t *ids,
                               size_t max, size_t *n, struct ww_error *err)
{
    WW_UNUSED(state);
    WW_UNUSED(article_id);
    WW_UNUSED(ids);
    WW_UNUSED(max);
    WW_UNUSED(err);
    *is_round_up = false;
    *n = 0;
    return WW_OK;
}

static void check_verdict(const struct archive *a, const struct story_verdict *v)
{
    int64_t expected = a->flood->is_one_story && a->n > 0 ? 1 : 0;

    if (v->story_id != expected)
        fail_msg("%s: number %lld joins story %lld (%s)", a->flood->name, (long long)a->n + 1,
                 (long long)v->story_id, story_kind_name(v->kind));
    assert_in_range(v->n_relations, 0, STORY_RELATIONS_MAX);
    assert_in_range(v->n_changed, 0, STORY_CHANGES_MAX);
}

static void run_flood(const struct flood *flood)
{
    size_t n = getenv("SOAK") != NULL ? flood->n_soak : flood->n, bytes = 0, added = 0;
    struct archive archive = {.flood = flood, .story_ids = calloc(n + 1, sizeof(int64_t))};
    struct story_source source = {&archive, story_of, text_of, anchors_of, parts_of};
    struct shingle_memory *memory;
    struct stories *stories;
    struct shingle_io io;
    struct arena arena;

    assert_non_null(archive.story_ids);
    assert_int_equal(shingle_memory_open(&memory, NULL), WW_OK);
    io = shingle_memory_io(memory);
    assert_int_equal(stories_open(&io, &source, &stories, NULL), WW_OK);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 1; i <= n; i++) {
        struct story_verdict verdict;
        struct slice text;

        arena_reset(&arena);
        text = text_number(flood, i, &arena);
        archive.n_texts_read = 0;
        assert_int_equal(stories_judge(stories, slice_from("Title"), text, &arena, &verdict, NULL),
                         WW_OK);
        assert_in_range(archive.n_texts_read, 0, TEXTS_READ_MAX);
        check_verdict(&archive, &verdict);
        archive.story_ids[i] = verdict.story_id == 0 ? (int64_t)i : verdict.story_id;
        archive.n = (int64_t)i;
        bytes = shingle_memory_bytes(memory);
        assert_int_equal(stories_remember(stories, archive.n, archive.story_ids[i], &verdict, NULL),
                         WW_OK);
        added = shingle_memory_bytes(memory);
        added = added > bytes ? added - bytes : 0; /* less: a run was made of the tail */
    }
    if (archive.n_texts_read > flood->texts_read_max)
        fail_msg("%s: %zu texts read", flood->name, archive.n_texts_read);
    if (added > flood->postings_added_max * POSTING_BYTES_MAX)
        fail_msg("%s: %zu bytes added to the index", flood->name, added);
    arena_release(&arena);
    stories_close(stories);
    shingle_memory_close(memory);
    free(archive.story_ids);
}

/*
 * A posting list stops at SHINGLE_LIST_MAX: of the last collision only the samples of its own 700
 * words are added. Sentences of STORY_FURNITURE stories are neither looked for nor added.
 */
static const struct flood floods[] = {
    {"one word",                  one_word,         50,   50,     false, 0,                    0   },
    {"10 MB",                     ten_megabytes,    4,    40,     true,  1,                    3300},
    {"one sentence of 10 MB",     one_sentence,     4,    40,     false, 0,                    2   },
    {"180,000 identical lines",   identical_lines,  4,    40,     false, 0,                    4   },
    {"collisions in the index",   collision,        2000, 100000, false, STORY_CANDIDATES_MAX, 62  },
    {"a paragraph that all have", common_paragraph, 2000, 100000, false, 0,                    8   },
    {"words of two letters",      two_letters,      6,    60,     true,  1,                    8   },
    {"bytes that are no text",    binary,           6,    60,     true,  1,                    2400},
    {"names in gaps of thirty",   names_in_gaps,    3,    20,     false, STORY_CANDIDATES_MAX, 150 },
};

static void test_floods(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(floods); i++)
        run_flood(&floods[i]);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_floods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
