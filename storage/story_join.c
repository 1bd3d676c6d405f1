/* story_join.c - root, canonical article and origins of a story that has one more article. */
#include "storage/story_join.h"

#include "base/arena.h"
#include "storage/story_order.h"
#include "storage/story_origins.h"

static bool has_claim(const struct article_row *a)
{
    return a->credit.len > 0 || a->source_url.len > 0;
}

/* Most stories have one article as their root, as the canonical one, and to be like: root is known.
 */
static enum ww_status read_member(struct store *s, int64_t id, const struct article_row *root,
                                  struct arena *arena, struct article_row *out,
                                  struct ww_error *err)
{
    if (id != root->id)
        return store_story_member(s, id, arena, out, err);
    *out = *root;
    return WW_OK;
}

/* ---- root and canonical article -------------------------------------------------------------- */

/* *root: what was the root so far, if that mattered. */
static enum ww_status pick_root(struct store *s, const struct story_newcomer *n,
                                struct story_standing *standing, struct arena *arena,
                                struct article_row *root, struct ww_error *err)
{
    const bool are_two = standing->root_article_id != standing->canonical_article_id;
    enum ww_status status;

    *root = (struct article_row){0};
    if (n->former.id != 0 && n->former.version < n->row.version)
        return WW_OK;
    status = store_foresee_member(s, standing->root_article_id, false, err);
    if (status == WW_OK && are_two)
        status = store_foresee_member(s, standing->canonical_article_id, false, err);
    if (status == WW_OK)
        status = store_story_member(s, standing->root_article_id, arena, root, err);
    if (status == WW_OK &&
        (story_order(&n->row, root) < 0 || story_is_earlier_version(&n->row, root)))
        standing->root_article_id = n->row.id;
    return status;
}

/* The earliest of the full texts; *best is one of them. */
static enum ww_status pick_among_all(struct store *s, int64_t story_id, int64_t fullest_bytes,
                                     struct arena *arena, struct article_row *best,
                                     struct ww_error *err)
{
    struct article_list members;
    enum ww_status status =
        store_list_story_members(s, story_id, STORY_SCAN_MAX, arena, &members, err);

    for (size_t i = 0; status == WW_OK && i < members.n_rows; i++)
        if (story_is_full(&members.rows[i], fullest_bytes) &&
            story_order(&members.rows[i], best) < 0)
            *best = members.rows[i];
    return status;
}

static enum ww_status pick_canonical(struct store *s, const struct story_newcomer *n,
                                     struct story_standing *standing,
                                     const struct article_row *root, struct arena *arena,
                                     struct ww_error *err)
{
    struct article_row best;
    enum ww_status status = read_member(s, standing->canonical_article_id, root, arena, &best, err);

    if (standing->fullest_bytes < n->row.text_bytes)
        standing->fullest_bytes = n->row.text_bytes;
    if (status != WW_OK || !story_is_full(&n->row, standing->fullest_bytes))
        return status;
    if (!story_is_full(&best, standing->fullest_bytes)) {
        best = n->row;
        status = pick_among_all(s, n->row.story_id, standing->fullest_bytes, arena, &best, err);
    } else if (story_order(&n->row, &best) < 0) {
        best = n->row;
    }
    standing->canonical_article_id = best.id;
    return status;
}

/* ---- origins --------------------------------------------------------------------------------- */

/*
 * At least half of its text stands in the only article of the story that it was measured against,
 * and that came out before: it is that one's child, and nobody else's parent.
 */
static enum ww_status is_mere_copy(struct store *s, const struct story_newcomer *n,
                                   const struct article_row *root, struct arena *arena,
                                   bool *is_one, struct ww_error *err)
{
    const struct story_relation *only = NULL;
    struct article_row earlier;
    size_t n_found = 0;
    enum ww_status status;

    *is_one = false;
    for (size_t i = 0; i < n->verdict->n_relations; i++)
        if (n->verdict->relations[i].story_id == n->row.story_id) {
            only = &n->verdict->relations[i];
            n_found++;
        }
    if (n_found != 1 || only->kind == STORY_SERIES || 2 * only->n_shared < only->n_own)
        return WW_OK;
    status = read_member(s, only->article_id, root, arena, &earlier, err);
    *is_one = status == WW_OK && story_order(&earlier, &n->row) < 0;
    return status;
}

/* In a large story not at each article, but with each fourth part more at the latest. */
static bool is_due(int64_t n_articles)
{
    int64_t step = 1;

    if (n_articles <= STORY_ORIGINS_MAX)
        return true;
    while (step <= n_articles / 8)
        step *= 2;
    return n_articles <= STORY_MEMBERS_MAX && n_articles % step == 0;
}

static enum ww_status count_origins(struct store *s, const struct story_newcomer *n,
                                    struct story_standing *standing, const struct article_row *root,
                                    struct arena *arena, struct ww_error *err)
{
    bool is_version = n->former.id != 0, is_copy = false;
    struct article_list members;
    struct relation_list relations;
    struct story_origins origins;
    enum ww_status status = WW_OK;

    standing->has_claims |= has_claim(&n->row);
    if ((is_version && !(has_claim(&n->row) && !has_claim(&n->former))) ||
        !is_due(standing->n_articles))
        return WW_OK;
    if (!is_version && !standing->has_claims)
        status = is_mere_copy(s, n, root, arena, &is_copy, err);
    if (status != WW_OK || is_copy)
        return status;
    status = store_list_story_members(s, n->row.story_id, STORY_MEMBERS_MAX, arena, &members, err);
    if (status == WW_OK)
        status = store_list_story_relations(s, n->row.story_id,
                                            (size_t)STORY_MEMBERS_MAX * STORY_RELATIONS_MAX, arena,
                                            &relations, err);
    if (status == WW_OK)
        status = story_origins_find(&members, &relations, arena, &origins, err);
    if (status == WW_OK)
        standing->n_origins = (int64_t)origins.n_origins;
    return status;
}

/* ---- both ------------------------------------------------------------------------------------ */

static bool is_same(const struct story_standing *a, const struct story_standing *b)
{
    return a->root_article_id == b->root_article_id &&
           a->canonical_article_id == b->canonical_article_id &&
           a->fullest_bytes == b->fullest_bytes && a->last_published_at == b->last_published_at &&
           a->n_origins == b->n_origins && a->has_claims == b->has_claims;
}

enum ww_status story_join(struct store *s, const struct story_newcomer *n, struct arena *arena,
                          struct story_standing *standing, struct ww_error *err)
{
    struct story_standing before;
    struct article_row root;
    enum ww_status status =
        store_join_standing(s, n->row.story_id, n->row.id, n->row.first_seen_at, &before, err);

    if (status != WW_OK)
        return status;
    *standing = before;
    if (standing->last_published_at < story_published_by(&n->row))
        standing->last_published_at = story_published_by(&n->row);
    status = pick_root(s, n, standing, arena, &root, err);
    if (status == WW_OK)
        status = pick_canonical(s, n, standing, &root, arena, err);
    if (status == WW_OK)
        status = count_origins(s, n, standing, &root, arena, err);
    if (status != WW_OK || is_same(&before, standing))
        return status;
    return store_put_story_standing(s, n->row.story_id, standing, err);
}
