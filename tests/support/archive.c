/* archive.c - the duplicate detector over an array of texts. */
#include "tests/support/archive.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

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
    if (a->texts[article_id] == NULL)
        return ww_fail(err, WW_NOT_FOUND, "no article %lld", (long long)article_id);
    *out = slice_from(a->texts[article_id]);
    return WW_OK;
}

static size_t text_bytes(const struct archive *a, int64_t article_id)
{
    return a->texts[article_id] == NULL ? 0 : strlen(a->texts[article_id]);
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
            if (*fullest == 0 || text_bytes(a, i) > text_bytes(a, *fullest))
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

void archive_open(struct archive *a)
{
    *a = (struct archive){0};
    assert_int_equal(shingle_memory_open(&a->memory, NULL), WW_OK);
    a->io = shingle_memory_io(a->memory);
    a->source = (struct story_source){a, story_of, text_of, anchors_of, parts_of};
    assert_int_equal(stories_open(&a->io, &a->source, &a->stories, NULL), WW_OK);
}

void archive_close(struct archive *a)
{
    stories_close(a->stories);
    shingle_memory_close(a->memory);
}

enum ww_status archive_arrive(struct archive *a, const char *title, const char *text,
                              struct arena *arena, struct story_verdict *out)
{
    enum ww_status status =
        stories_judge(a->stories, slice_from(title), slice_from(text), arena, out, NULL);

    if (status != WW_OK)
        return status;
    a->n++;
    a->texts[a->n] = text;
    a->story_ids[a->n] = out->story_id == 0 ? a->n : out->story_id;
    if (out->kind == STORY_MERGE) {
        int64_t other = out->relations[0].article_id;

        a->is_round_up[text_bytes(a, other) > strlen(text) ? other : a->n] = true;
    }
    if (out->kind == STORY_EXPANSION)
        a->expansion_of[a->n] = out->relations[0].article_id;
    if (out->kind == STORY_EXCERPT)
        a->excerpt_of[a->n] = out->relations[0].article_id;
    return stories_remember(a->stories, a->n, a->story_ids[a->n], out, NULL);
}
