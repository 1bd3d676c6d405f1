/* story_place.c - the duplicate detector over the store's rows. */
#include "storage/story_place.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/shingle.h"
#include "base/text.h"
#include "storage/rows.h"
#include "storage/shingle_store.h"
#include "storage/store_stories.h"
#include "storage/story_join.h"
#include "storage/story_recirculation.h"
#include "storage/story_text.h"

#include <string.h>

/* Of the shorter version's shingles so many at least stand in both, or they are two texts. */
#define VERSION_SHARE_MIN 0.15

struct story_placer {
    struct store *store;
    struct shingle_io io;
    struct story_source source;
    struct stories *stories;
    struct arena scratch;   /* rows that are read and soon forgotten */
    struct arena work;      /* one comparison */
    int64_t turn;           /* the transaction the index is as new as */
    int64_t asked_story_id; /* of the candidate that is being compared */
};

/* ---- earlier articles ------------------------------------------------------------------------ */

static enum ww_status story_of(void *state, int64_t article_id, int64_t *story_id,
                               struct ww_error *err)
{
    struct story_placer *p = state;
    struct article_row row;
    enum ww_status status;

    arena_reset(&p->scratch);
    status = store_foresee_member(p->store, article_id, true, err);
    if (status == WW_OK)
        status = store_story_member(p->store, article_id, &p->scratch, &row, err);
    /* One without a story was stored by something that places none. */
    if (status == WW_OK && row.story_id == 0)
        return WW_NOT_FOUND;
    *story_id = p->asked_story_id = status == WW_OK ? row.story_id : 0;
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

/* The canonical text is as good as the fullest: nine tenths of it at least. */
static enum ww_status anchors_of(void *state, int64_t story_id, int64_t *first, int64_t *fullest,
                                 struct ww_error *err)
{
    struct story_placer *p = state;
    struct story_standing standing = {0};
    enum ww_status status = store_story_standing(p->store, story_id, &standing, err);

    *first = standing.first_article_id;
    *fullest = standing.canonical_article_id;
    return status;
}

static enum ww_status parts_of(void *state, int64_t article_id, bool *is_round_up, int64_t *ids,
                               size_t max, size_t *n, struct ww_error *err)
{
    struct story_placer *p = state;
    enum ww_status status = store_foresee_parts(p->store, article_id, max, p->asked_story_id, err);

    *n = 0;
    if (status == WW_OK)
        status = store_is_round_up(p->store, article_id, is_round_up, err);
    return status == WW_OK ? store_list_parts(p->store, article_id, ids, max, n, err) : status;
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
    p->turn = 0;
    stories_forget(p->stories);
}

/* What others wrote, once a transaction: the write lock keeps them out until its end. */
static enum ww_status refresh(struct story_placer *p, struct ww_error *err)
{
    int64_t turn = store_turn(p->store);
    enum ww_status status;

    if (turn != 0 && turn == p->turn)
        return WW_OK;
    status = stories_refresh(p->stories, err);
    p->turn = status == WW_OK ? turn : 0;
    return status;
}

/* ---- versions -------------------------------------------------------------------------------- */

static enum ww_status read_shingles(struct slice text, struct arena *arena, struct shingle_set *out,
                                    struct ww_error *err)
{
    struct token_list tokens;
    enum ww_status status = token_scan(text_cut(text, STORY_TEXT_MAX_BYTES), arena, &tokens, err);

    return status == WW_OK ? shingle_make(&tokens, arena, out, err) : status;
}

static const struct story_relation *find_relation(const struct story_verdict *verdict,
                                                  int64_t article_id)
{
    for (size_t i = 0; i < verdict->n_relations; i++)
        if (verdict->relations[i].article_id == article_id)
            return &verdict->relations[i];
    return NULL;
}

/* The same address again; *is_same: and the same text, more or less. Too short ones are. */
static enum ww_status compare_former(struct story_placer *p, const struct article_row *former,
                                     struct slice text, struct story_relation *out, bool *is_same,
                                     struct ww_error *err)
{
    struct shingle_set now, then;
    struct slice before;
    size_t least;
    enum ww_status status = text_of(p, former->id, &p->work, &before, err);

    if (status == WW_OK)
        status = read_shingles(before, &p->work, &then, err);
    if (status == WW_OK)
        status = read_shingles(text, &p->work, &now, err);
    *out = (struct story_relation){.kind = STORY_NEAR, .article_id = former->id};
    *is_same = true;
    if (status != WW_OK)
        return status == WW_TOO_BIG ? WW_OK : status;
    least = now.n_hashes < then.n_hashes ? now.n_hashes : then.n_hashes;
    if (least == 0)
        return WW_OK;
    out->story_id = former->story_id;
    out->n_shared = shingle_shared(&now, &then);
    out->n_own = now.n_hashes;
    out->n_other = then.n_hashes;
    out->jaccard = (double)out->n_shared / (double)(now.n_hashes + then.n_hashes - out->n_shared);
    out->containment = (double)out->n_shared / (double)least;
    *is_same = out->containment >= VERSION_SHARE_MIN;
    return WW_OK;
}

/* To the front of the verdict's relations, once; the least of them may have to go. */
static void put_first(struct story_verdict *verdict, struct story_relation relation)
{
    size_t at = 0;

    while (at < verdict->n_relations && verdict->relations[at].article_id != relation.article_id)
        at++;
    if (at > 0)
        verdict->n_changed = 0; /* of another comparison */
    if (at == STORY_RELATIONS_MAX)
        at--;
    else if (at == verdict->n_relations)
        verdict->n_relations++;
    memmove(&verdict->relations[1], &verdict->relations[0], at * sizeof(relation));
    verdict->relations[0] = relation;
}

static enum ww_status read_newcomer(struct story_placer *p, const struct placed_article *article,
                                    struct story_newcomer *out, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (article->row != NULL) {
        out->row = *article->row;
        out->row.story_id = out->row.recirculates_id = 0;
        return WW_OK;
    }
    status = store_story_member(p->store, article->id, &p->scratch, &out->row, err);
    out->row.is_followed = true; /* perhaps */
    return status;
}

/* The version before; of a first one that an archive gave later, the one behind it. */
static enum ww_status read_former(struct story_placer *p, struct story_newcomer *n,
                                  struct ww_error *err)
{
    enum ww_status status = WW_NOT_FOUND;

    if (n->row.version > 1)
        status = store_former_version(p->store, &n->row, &p->scratch, &n->former, err);
    if (status == WW_NOT_FOUND && n->row.is_followed)
        status = store_later_version(p->store, &n->row, &p->scratch, &n->former, err);
    return status;
}

/* Another version stays where its address is, whatever else it is like. */
static enum ww_status settle_version(struct story_placer *p, struct story_newcomer *n,
                                     struct slice text, struct story_verdict *verdict,
                                     struct ww_error *err)
{
    const struct story_relation *found;
    struct story_relation relation;
    bool is_same = true;
    enum ww_status status;

    status = read_former(p, n, err);
    if (status == WW_NOT_FOUND || (status == WW_OK && n->former.story_id == 0)) {
        n->former.id = 0;
        return WW_OK;
    }
    if (status != WW_OK)
        return status;
    found = find_relation(verdict, n->former.id);
    if (found != NULL && story_kind_joins(found->kind))
        relation = *found;
    else
        status = compare_former(p, &n->former, text, &relation, &is_same, err);
    if (status == WW_OK && is_same) {
        verdict->story_id = n->former.story_id;
        verdict->kind = relation.kind;
        if (relation.n_shared > 0)
            put_first(verdict, relation);
    }
    if (verdict->story_id != n->former.story_id)
        n->former.id = 0;
    return status;
}

/* ---- placing --------------------------------------------------------------------------------- */

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
                                   .n_shared = (int64_t)r->n_shared,
                                   .n_own = (int64_t)r->n_own,
                                   .n_other = (int64_t)r->n_other,
                                   .n_changes = (int64_t)r->n_changes};
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

/* A flood is said at each doubling of it: a line for each of its articles would be another. */
static enum ww_status say_given_up(const struct placed_article *article,
                                   const struct story_verdict *verdict, int64_t n_articles,
                                   struct arena *arena, struct story_placement *out,
                                   struct ww_error *err)
{
    const struct story_text *t = verdict->text;

    if (t == NULL)
        out->given_up = SLICE("its text is too odd to be compared: a story of its own");
    else if (article->text.len > STORY_TEXT_MAX_BYTES)
        out->given_up = arena_printf(arena, "%zu bytes of text, the first %d were compared",
                                     article->text.len, STORY_TEXT_MAX_BYTES);
    else if (n_articles > SHINGLE_LIST_MAX && (n_articles & (n_articles - 1)) == 0 &&
             t->samples.n_hashes > 0 && t->n_fresh == 0)
        out->given_up = arena_printf(arena, "%lld articles of one text: the first %d are searched",
                                     (long long)n_articles, SHINGLE_LIST_MAX);
    return arena_check(arena, err);
}

static enum ww_status join(struct story_placer *p, struct story_newcomer *n, int64_t *n_articles,
                           struct story_placement *out, struct ww_error *err)
{
    struct story_standing standing;
    enum ww_status status;

    n->row.story_id = out->story_id;
    status = story_join(p->store, n, &p->scratch, &standing, err);
    if (status == WW_OK)
        status = story_recirculate(p->store, n, &standing, &p->scratch, &out->recirculates_id, err);
    *n_articles = standing.n_articles;
    return status;
}

static enum ww_status place(struct story_placer *p, const struct placed_article *article,
                            struct story_verdict *verdict, struct arena *arena,
                            struct story_placement *out, struct ww_error *err)
{
    struct story_newcomer n = {.verdict = verdict};
    int64_t n_articles = 1;
    enum ww_status status;

    arena_reset(&p->scratch);
    status = read_newcomer(p, article, &n, err);
    if (status == WW_OK)
        status = settle_version(p, &n, article->text, verdict, err);
    if (status == WW_OK)
        status = describe(verdict, arena, out, err);
    if (status == WW_OK)
        status = add_relations(p, article->id, verdict, err);
    if (status != WW_OK)
        return status;
    if (out->is_new_story)
        status = store_add_story(p->store, article->id, n.row.first_seen_at, &out->story_id, err);
    else
        status = join(p, &n, &n_articles, out, err);
    return status == WW_OK ? say_given_up(article, verdict, n_articles, arena, out, err) : status;
}

enum ww_status story_place(struct story_placer *p, const struct placed_article *article,
                           struct arena *arena, struct story_placement *out, struct ww_error *err)
{
    struct story_verdict verdict;
    size_t n_reindexed;
    enum ww_status status = refresh(p, err);

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
        status = place(p, article, &verdict, arena, out, err);
    if (status == WW_OK && verdict.text != NULL)
        status = stories_remember(p->stories, article->id, out->story_id, &verdict, err);
    /* Whatever is older than the first article of an index is missing in it. */
    if (status == WW_OK && stories_missing(p->stories) > article->id)
        status = stories_set_missing(p->stories, article->id, err);
    if (status == WW_OK && stories_missing(p->stories) != 0)
        status = story_reindex(p, STORY_REINDEX_EACH, &n_reindexed, err);
    if (status != WW_OK)
        story_placer_forget(p);
    return status;
}

/* ---- made anew ------------------------------------------------------------------------------- */

enum ww_status story_reindex_count(struct store *store, int64_t *n, struct ww_error *err)
{
    struct shingle_io io = shingle_store_io(store);
    struct shingle_state state;
    enum ww_status status = io.read_state(io.state, &state, err);

    *n = 0;
    if (status == WW_OK && state.version != SHINGLE_VERSION)
        state.missing_below = INT64_MAX;
    if (status != WW_OK || state.missing_below == 0)
        return status;
    return store_count_placed(store, state.missing_below, n, err);
}

enum ww_status story_reindex_begin(struct story_placer *p, struct ww_error *err)
{
    enum ww_status status = refresh(p, err);

    if (status == WW_OK)
        status = stories_begin_anew(p->stories, err);
    story_placer_forget(p);
    return status;
}

static enum ww_status learn(struct story_placer *p, const struct placed_id *article,
                            struct ww_error *err)
{
    struct slice text;
    enum ww_status status;

    arena_reset(&p->work);
    status = text_of(p, article->article_id, &p->work, &text, err);
    /* One text that is damaged must not be in the way of all others. */
    if (status != WW_OK)
        return status == WW_NOMEM ? status : WW_OK;
    return stories_learn(p->stories, article->article_id, article->story_id, text, &p->work, err);
}

enum ww_status story_reindex(struct story_placer *p, size_t max, size_t *n, struct ww_error *err)
{
    struct arena arena;
    struct placed_id_list list;
    int64_t below;
    enum ww_status status = refresh(p, err);

    *n = 0;
    below = stories_missing(p->stories);
    if (status != WW_OK || below == 0)
        return status;
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    status = store_list_placed(p->store, below, max, &arena, &list, err);
    for (; status == WW_OK && *n < list.n_rows; (*n)++)
        status = learn(p, &list.rows[*n], err);
    if (status == WW_OK)
        status = stories_set_missing(p->stories,
                                     *n < max ? 0 : list.rows[list.n_rows - 1].article_id, err);
    arena_release(&arena);
    if (status != WW_OK)
        story_placer_forget(p);
    return status;
}
