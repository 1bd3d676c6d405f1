/* story_place.c - the duplicate detector over the store's rows. */
#include "storage/story_place.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "storage/shingle_store.h"
#include "storage/store.h"
#include "storage/store_articles.h"
#include "storage/store_stories.h"

/* A text is as full as another from nine tenths of its length on. */
#define FULL_TENTHS 9

struct story_placer {
    struct store *store;
    struct shingle_io io;
    struct story_source source;
    struct stories *stories;
    struct arena scratch; /* rows that are read and soon forgotten */
    struct arena work;    /* one comparison */
};

/* ---- earlier articles ------------------------------------------------------------------------ */

static enum ww_status story_of(void *state, int64_t article_id, int64_t *story_id,
                               struct ww_error *err)
{
    struct story_placer *p = state;
    struct article_row row;
    enum ww_status status;

    arena_reset(&p->scratch);
    status = store_article(p->store, article_id, &p->scratch, &row, err);
    /* One without a story was stored by something that places none. */
    if (status == WW_OK && row.story_id == 0)
        return WW_NOT_FOUND;
    *story_id = status == WW_OK ? row.story_id : 0;
    return status;
}

static enum ww_status text_of(void *state, int64_t article_id, struct arena *arena,
                              struct slice *out, struct ww_error *err)
{
    struct story_placer *p = state;
    struct article_text text;
    enum ww_status status = store_article_text(p->store, article_id, arena, &text, err);

    if (status == WW_OK)
        *out = text.text;
    return status;
}

static enum ww_status anchors_of(void *state, int64_t story_id, int64_t *first, int64_t *fullest,
                                 struct ww_error *err)
{
    struct story_placer *p = state;
    struct story_row row;
    enum ww_status status;

    arena_reset(&p->scratch);
    status = store_story(p->store, story_id, &p->scratch, &row, err);
    *first = status == WW_OK ? row.first_article_id : 0;
    *fullest = status == WW_OK ? row.canonical_article_id : 0;
    return status;
}

static enum ww_status text_bytes(struct story_placer *p, int64_t article_id, int64_t *out,
                                 struct ww_error *err)
{
    struct article_row row;
    enum ww_status status = store_article(p->store, article_id, &p->scratch, &row, err);

    *out = status == WW_OK ? row.text_bytes : 0;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

static enum ww_status parts_of(void *state, int64_t article_id, bool *is_round_up, int64_t *ids,
                               size_t max, size_t *n, struct ww_error *err)
{
    struct story_placer *p = state;
    struct relation_list list;
    int64_t own_bytes = 0, other_bytes = 0;
    enum ww_status status;

    *n = 0;
    *is_round_up = false;
    arena_reset(&p->scratch);
    status = store_list_relations(p->store, article_id, &p->scratch, &list, err);
    if (status == WW_OK)
        status = text_bytes(p, article_id, &own_bytes, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows && !*is_round_up; i++) {
        const struct relation_row *row = &list.rows[i];
        bool is_other = row->other_id == article_id;

        if (slice_equal(row->kind, slice_from(story_kind_name(STORY_MERGE)))) {
            status = text_bytes(p, is_other ? row->article_id : row->other_id, &other_bytes, err);
            *is_round_up = own_bytes > other_bytes;
        } else if (*n < max &&
                   slice_equal(row->kind, slice_from(story_kind_name(
                                              is_other ? STORY_EXCERPT : STORY_EXPANSION)))) {
            ids[(*n)++] = is_other ? row->article_id : row->other_id;
        }
    }
    return status;
}

/* ---- opening --------------------------------------------------------------------------------- */

enum ww_status story_placer_open(struct store *store, struct story_placer **out,
                                 struct ww_error *err)
{
    struct story_placer *p = mem_alloc(sizeof(*p));
    enum ww_status status;

    *out = NULL;
    if (p == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for the duplicate index");
    p->store = store;
    p->io = shingle_store_io(store);
    p->source = (struct story_source){p, story_of, text_of, anchors_of, parts_of};
    arena_init(&p->scratch, PAGE_ARENA_MAX_BYTES);
    arena_init(&p->work, PAGE_ARENA_MAX_BYTES);
    status = stories_open(&p->io, &p->source, &p->stories, err);
    if (status != WW_OK) {
        story_placer_close(p);
        return status;
    }
    *out = p;
    return WW_OK;
}

void story_placer_close(struct story_placer *p)
{
    if (p == NULL)
        return;
    stories_close(p->stories);
    arena_release(&p->scratch);
    arena_release(&p->work);
    mem_free(p);
}

void story_placer_forget(struct story_placer *p)
{
    stories_forget(p->stories);
}

/* ---- placing --------------------------------------------------------------------------------- */

/* Show the new article in place of the story's canonical one? */
static bool is_better(const struct placed_article *article, const struct article_row *canonical)
{
    int64_t length = (int64_t)article->text.len, other = canonical->text_bytes;

    if (length * FULL_TENTHS > other * 10)
        return true;
    if (length * 10 < other * FULL_TENTHS)
        return false;
    return article->published_at != 0 &&
           (canonical->published_at == 0 || article->published_at < canonical->published_at);
}

static enum ww_status join(struct story_placer *p, const struct placed_article *article,
                           int64_t story_id, struct ww_error *err)
{
    struct story_row story;
    struct article_row canonical;
    enum ww_status status =
        store_join_story(p->store, story_id, article->id, article->seen_at, err);

    arena_reset(&p->scratch);
    if (status == WW_OK)
        status = store_story(p->store, story_id, &p->scratch, &story, err);
    if (status == WW_OK)
        status = store_article(p->store, story.canonical_article_id, &p->scratch, &canonical, err);
    if (status == WW_OK && is_better(article, &canonical))
        status = store_set_canonical_article(p->store, story_id, article->id, err);
    return status;
}

static enum ww_status add_relations(struct story_placer *p, int64_t article_id,
                                    const struct story_verdict *verdict, struct ww_error *err)
{
    for (size_t i = 0; i < verdict->n_relations; i++) {
        const struct story_relation *r = &verdict->relations[i];
        struct relation_row row = {.article_id = article_id,
                                   .other_id = r->article_id,
                                   .kind = slice_from(story_kind_name(r->kind)),
                                   .jaccard = r->jaccard,
                                   .containment = r->containment,
                                   .n_shared = (int64_t)r->n_shared};
        enum ww_status status = store_add_relation(p->store, &row, err);

        if (status != WW_OK)
            return status;
    }
    return WW_OK;
}

/* What the analyst sees of a verdict; arena keeps it. */
static enum ww_status describe(const struct story_verdict *verdict, struct arena *arena,
                               struct story_placement *out, struct ww_error *err)
{
    *out = (struct story_placement){.story_id = verdict->story_id,
                                    .is_new_story = verdict->story_id == 0,
                                    .kind = verdict->kind};
    if (verdict->n_relations > 0) {
        const struct story_relation *best = &verdict->relations[0];

        out->other_article_id = best->article_id;
        out->similarity = best->jaccard > best->containment ? best->jaccard : best->containment;
    }
    out->changed = arena_array(arena, verdict->n_changed, sizeof(*out->changed));
    for (size_t i = 0; out->changed != NULL && i < verdict->n_changed; i++)
        out->changed[out->n_changed++] = arena_copy(arena, verdict->changed[i]);
    return arena_check(arena, err);
}

enum ww_status story_place(struct story_placer *p, const struct placed_article *article,
                           struct arena *arena, struct story_placement *out, struct ww_error *err)
{
    struct story_verdict verdict;
    enum ww_status status = stories_refresh(p->stories, err);

    *out = (struct story_placement){0};
    arena_reset(&p->work);
    if (status == WW_OK)
        status = stories_judge(p->stories, article->title, article->text, &p->work, &verdict, err);
    /* A text too odd to be compared is a story of its own; it must not stop a run. */
    if (status == WW_TOO_BIG) {
        verdict = (struct story_verdict){0};
        status = WW_OK;
    }
    if (status == WW_OK)
        status = describe(&verdict, arena, out, err);
    if (status != WW_OK)
        return status;
    if (out->is_new_story)
        status = store_add_story(p->store, article->id, article->seen_at, &out->story_id, err);
    else
        status = join(p, article, out->story_id, err);
    if (status == WW_OK)
        status = add_relations(p, article->id, &verdict, err);
    if (status == WW_OK && verdict.text != NULL)
        status = stories_remember(p->stories, article->id, out->story_id, &verdict, err);
    if (status != WW_OK)
        story_placer_forget(p);
    return status;
}
