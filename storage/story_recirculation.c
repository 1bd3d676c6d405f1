/* story_recirculation.c - what is printed again long after, in either order of arrival. */
#include "storage/story_recirculation.h"

#include "base/arena.h"
#include "storage/story_order.h"

/* So much of a text is another's when it brings nothing new. */
#define SHARE_MIN 0.75

static bool is_long_before(const struct article_row *a, const struct article_row *b)
{
    return story_published_by(a) <= story_published_by(b) - STORY_OLD_S;
}

static bool holds(size_t n_shared, size_t n_all)
{
    return (double)n_shared >= SHARE_MIN * (double)n_all;
}

/* ---- the newcomer is old text ---------------------------------------------------------------- */

/* The earlier article of a relation, or what that one recirculates in its turn. */
static enum ww_status find_original(struct store *s, const struct article_row *other,
                                    struct arena *arena, struct article_row *out,
                                    struct ww_error *err)
{
    *out = *other;
    return other->recirculates_id == 0
               ? WW_OK
               : store_story_member(s, other->recirculates_id, arena, out, err);
}

static enum ww_status look_back(struct store *s, const struct story_newcomer *n,
                                const struct article_row *other, struct arena *arena,
                                struct article_row *original, struct ww_error *err)
{
    struct article_row found;
    enum ww_status status = find_original(s, other, arena, &found, err);

    if (status == WW_OK && is_long_before(&found, &n->row) &&
        (original->id == 0 || story_order(&found, original) < 0))
        *original = found;
    return status;
}

/* ---- the newcomer is where old text came from ------------------------------------------------ */

static enum ww_status tell(struct store *s, const struct article_row *original,
                           const struct article_row *later, struct arena *arena,
                           struct ww_error *err)
{
    struct article_row present;
    enum ww_status status;

    if (!is_long_before(original, later))
        return WW_OK;
    status = find_original(s, later, arena, &present, err);
    if (status == WW_OK && (later->recirculates_id == 0 || story_order(original, &present) < 0))
        status = store_set_recirculates(s, later->id, original->id, err);
    return status;
}

/* What is like `middle`, of which n_shared shingles stand in the original. */
static enum ww_status tell_copies(struct store *s, const struct article_row *original,
                                  int64_t middle, size_t n_shared, struct arena *arena,
                                  struct ww_error *err)
{
    struct relation_list list;
    enum ww_status status = store_list_neighbours(s, middle, STORY_SCAN_MAX, arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct relation_row *r = &list.rows[i];
        bool is_later = r->other_id == middle;
        int64_t id = is_later ? r->article_id : r->other_id;
        int64_t n_own = is_later ? r->n_own : r->n_other;
        int64_t n_middle = is_later ? r->n_other : r->n_own;
        /* What is left in both when all else of the middle one is the other's. */
        int64_t least = r->n_shared + (int64_t)n_shared - n_middle;
        struct article_row copy;

        if (r->n_changes > 0 || least <= 0 || !holds((size_t)least, (size_t)n_own) ||
            id == original->id)
            continue;
        status = store_story_member(s, id, arena, &copy, err);
        if (status == WW_OK && copy.story_id == original->story_id)
            status = tell(s, original, &copy, arena, err);
    }
    return status;
}

static enum ww_status look_ahead(struct store *s, const struct story_newcomer *n,
                                 const struct story_relation *r, const struct article_row *other,
                                 struct arena *arena, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (holds(r->n_shared, r->n_other))
        status = tell(s, &n->row, other, arena, err);
    return status == WW_OK ? tell_copies(s, &n->row, other->id, r->n_shared, arena, err) : status;
}

/* ---- both ------------------------------------------------------------------------------------ */

enum ww_status story_recirculate(struct store *s, const struct story_newcomer *n,
                                 const struct story_standing *standing, struct arena *arena,
                                 int64_t *out, struct ww_error *err)
{
    const bool has_later = story_published_by(&n->row) <= standing->last_published_at - STORY_OLD_S;
    struct article_row original = {0};
    enum ww_status status = WW_OK;

    *out = 0;
    for (size_t i = 0; status == WW_OK && i < n->verdict->n_relations; i++) {
        const struct story_relation *r = &n->verdict->relations[i];
        struct article_row other;

        if (r->story_id != n->row.story_id || !story_kind_joins(r->kind) || r->n_changes > 0)
            continue;
        status = store_story_member(s, r->article_id, arena, &other, err);
        if (status == WW_OK && holds(r->n_shared, r->n_own))
            status = look_back(s, n, &other, arena, &original, err);
        if (status == WW_OK && has_later && story_order(&n->row, &other) < 0)
            status = look_ahead(s, n, r, &other, arena, err);
    }
    if (status == WW_OK && original.id != 0)
        status = store_set_recirculates(s, n->row.id, original.id, err);
    *out = original.id;
    return status;
}
