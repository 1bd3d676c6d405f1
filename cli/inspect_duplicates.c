/*
 * inspect_duplicates.c - `wirewatch inspect duplicates`: which of these texts are copies of an
 * earlier one. Jobs are articles in order of arrival; what came before is remembered in memory.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/inspect.h"
#include "storage/shingle_memory.h"
#include "storage/stories.h"

#include <string.h>

struct seen_article {
    char *id, *text;
    size_t text_bytes;
    int64_t story_id;
    int64_t fullest_id; /* of the story that goes by this article */
    int64_t excerpts[STORY_EXCERPTS_MAX];
    size_t n_excerpts;
    bool is_round_up;
};

struct duplicates {
    struct shingle_memory *memory;
    struct shingle_io io;
    struct story_source source;
    struct stories *stories;
    struct seen_article *seen; /* article n is seen[n - 1] */
    size_t n_seen, capacity;
};

static enum ww_status story_of(void *state, int64_t article_id, int64_t *story_id,
                               struct ww_error *err)
{
    const struct duplicates *d = state;

    WW_UNUSED(err);
    *story_id = d->seen[article_id - 1].story_id;
    return WW_OK;
}

static enum ww_status text_of(void *state, int64_t article_id, struct arena *arena,
                              struct slice *out, struct ww_error *err)
{
    const struct duplicates *d = state;
    const struct seen_article *seen = &d->seen[article_id - 1];

    WW_UNUSED(arena);
    WW_UNUSED(err);
    *out = slice_of(seen->text, seen->text_bytes);
    return WW_OK;
}

static enum ww_status anchors_of(void *state, int64_t story_id, int64_t *first, int64_t *fullest,
                                 struct ww_error *err)
{
    const struct duplicates *d = state;

    WW_UNUSED(err);
    *first = story_id;
    *fullest = d->seen[story_id - 1].fullest_id;
    return WW_OK;
}

static enum ww_status parts_of(void *state, int64_t article_id, bool *is_round_up, int64_t *ids,
                               size_t max, size_t *n, struct ww_error *err)
{
    const struct duplicates *d = state;
    const struct seen_article *seen = &d->seen[article_id - 1];

    WW_UNUSED(err);
    *n = seen->n_excerpts < max ? seen->n_excerpts : max;
    memcpy(ids, seen->excerpts, *n * sizeof(*ids));
    *is_round_up = seen->is_round_up;
    return WW_OK;
}

static void release(void *state)
{
    struct duplicates *d = state;

    stories_close(d->stories);
    shingle_memory_close(d->memory);
    for (size_t i = 0; i < d->n_seen; i++) {
        mem_free(d->seen[i].id);
        mem_free(d->seen[i].text);
    }
    mem_free(d->seen);
    mem_free(d);
}

static enum ww_status open_state(struct inspect *in, struct ww_error *err)
{
    struct duplicates *d = mem_alloc(sizeof(*d));
    enum ww_status status;

    if (d == NULL)
        return ww_fail(err, WW_NOMEM, "no memory");
    status = shingle_memory_open(&d->memory, err);
    if (status == WW_OK) {
        d->io = shingle_memory_io(d->memory);
        d->source = (struct story_source){d, story_of, text_of, anchors_of, parts_of};
        status = stories_open(&d->io, &d->source, &d->stories, err);
    }
    if (status != WW_OK) {
        release(d);
        return status;
    }
    in->state = d;
    in->release = release;
    return WW_OK;
}

/* What later articles ask of the earlier ones. */
static void note_relations(struct duplicates *d, int64_t article_id,
                           const struct story_verdict *verdict)
{
    struct seen_article *seen = &d->seen[article_id - 1];
    struct seen_article *head = &d->seen[seen->story_id - 1];

    if (seen->text_bytes > d->seen[head->fullest_id - 1].text_bytes)
        head->fullest_id = article_id;
    for (size_t i = 0; i < verdict->n_relations; i++) {
        const struct story_relation *r = &verdict->relations[i];
        struct seen_article *other = &d->seen[r->article_id - 1];

        if (r->kind == STORY_MERGE)
            *(other->text_bytes > seen->text_bytes ? &other->is_round_up : &seen->is_round_up) =
                true;
        if (r->kind == STORY_EXCERPT && other->n_excerpts < STORY_EXCERPTS_MAX)
            other->excerpts[other->n_excerpts++] = article_id;
        if (r->kind == STORY_EXPANSION && seen->n_excerpts < STORY_EXCERPTS_MAX)
            seen->excerpts[seen->n_excerpts++] = r->article_id;
    }
}

static enum ww_status remember(struct duplicates *d, struct slice id, struct slice text,
                               const struct story_verdict *verdict, struct ww_error *err)
{
    struct seen_article *list = mem_grow(d->seen, d->n_seen, &d->capacity, sizeof(*list));
    struct seen_article seen = {.id = mem_string(id.ptr, id.len),
                                .text = mem_string(text.ptr, text.len),
                                .text_bytes = text.len,
                                .story_id = verdict->story_id};
    int64_t article_id = (int64_t)d->n_seen + 1;

    if (list != NULL)
        d->seen = list;
    if (list == NULL || seen.id == NULL || seen.text == NULL) {
        mem_free(seen.id);
        mem_free(seen.text);
        return ww_fail(err, WW_NOMEM, "no memory for article %zu", d->n_seen + 1);
    }
    if (seen.story_id == 0)
        seen.story_id = seen.fullest_id = article_id; /* a story goes by its first article */
    list[d->n_seen++] = seen;
    note_relations(d, article_id, verdict);
    return stories_remember(d->stories, article_id, seen.story_id, verdict, err);
}

static json_t *make_answer(const struct duplicates *d, struct slice id,
                           const struct story_verdict *verdict)
{
    json_t *answer = json_object(), *changed = json_array();
    const struct story_relation *best = &verdict->relations[0];
    bool is_new = verdict->n_relations == 0;
    double similarity = best->jaccard > best->containment ? best->jaccard : best->containment;

    for (size_t i = 0; i < verdict->n_changed; i++)
        (void)json_array_append_new(changed, inspect_string(verdict->changed[i]));
    (void)json_object_set_new(answer, "id", inspect_string(id));
    (void)json_object_set_new(
        answer, "duplicate_of",
        is_new ? json_null() : inspect_string(slice_from(d->seen[best->article_id - 1].id)));
    (void)json_object_set_new(answer, "similarity", is_new ? json_null() : json_real(similarity));
    (void)json_object_set_new(answer, "kind",
                              is_new ? json_null() : json_string(story_kind_name(verdict->kind)));
    (void)json_object_set_new(answer, "changed", changed);
    return answer;
}

/* A job from the command line names a file; one of a batch brings its text. */
static enum ww_status read_job(struct inspect *in, const json_t *job, struct slice *id,
                               struct slice *title, struct slice *text, struct ww_error *err)
{
    *text = inspect_text(job, "text");
    *id = inspect_text(job, "id");
    if (!json_is_string(json_object_get(job, "text"))) {
        enum ww_status status = inspect_file(in, job, text, err);

        if (status != WW_OK)
            return status;
        *id = inspect_text(job, "path");
    }
    if (text->len > ARTICLE_TEXT_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "text of %zu bytes, limit %d", text->len,
                       ARTICLE_TEXT_MAX_BYTES);
    *text = text_clean(*text, &in->arena);
    *title = text_clean(inspect_text(job, "title"), &in->arena);
    return arena_check(&in->arena, err);
}

enum ww_status inspect_duplicates(struct inspect *in, const json_t *job, json_t **answer,
                                  struct ww_error *err)
{
    struct duplicates *d;
    struct story_verdict verdict;
    struct slice id, title, text;
    enum ww_status status = in->state == NULL ? open_state(in, err) : WW_OK;

    d = in->state;
    if (status == WW_OK)
        status = read_job(in, job, &id, &title, &text, err);
    if (status == WW_OK)
        status = stories_judge(d->stories, title, text, &in->arena, &verdict, err);
    if (status == WW_OK)
        status = remember(d, id, text, &verdict, err);
    if (status == WW_OK)
        *answer = make_answer(d, id, &verdict);
    return status;
}
