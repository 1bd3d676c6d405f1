/* story_tree.c - edges turned into a tree, walked without recursion. */
#include "alerts/story_tree.h"

#include "base/arena.h"
#include "base/limits.h"
#include "storage/store_stories.h"

#include <inttypes.h>
#include <stdlib.h>

#define NOBODY SIZE_MAX

static int compare_rows(const void *a, const void *b)
{
    const struct article_row *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

const struct article_row *story_tree_member(const struct story_tree *t, int64_t article_id)
{
    const struct article_row key = {.id = article_id};

    return t->members.n_rows == 0 ? NULL
                                  : bsearch(&key, t->members.rows, t->members.n_rows,
                                            sizeof(*t->members.rows), compare_rows);
}

/* Index of a member, which are sorted by id; NOBODY. */
static size_t index_of(const struct story_tree *t, int64_t article_id)
{
    const struct article_row *row = story_tree_member(t, article_id);

    return row == NULL ? NOBODY : (size_t)(row - t->members.rows);
}

/* By member: its edge, the first that comes from it, the next that comes from its parent. */
struct links {
    const struct story_edge **edge;
    size_t *child, *sibling, *parent;
};

static bool make_links(const struct story_tree *t, struct arena *arena, struct links *out)
{
    const size_t n = t->members.n_rows;

    out->edge = arena_array(arena, n + 1, sizeof(struct story_edge *));
    out->child = arena_array(arena, n + 1, sizeof(*out->child));
    out->sibling = arena_array(arena, n + 1, sizeof(*out->sibling));
    out->parent = arena_array(arena, n + 1, sizeof(*out->parent));
    if (out->edge == NULL || out->child == NULL || out->sibling == NULL || out->parent == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        out->child[i] = out->sibling[i] = out->parent[i] = NOBODY;
    /* From behind, so that the first child is the earliest. */
    for (size_t i = t->origins.n_edges; i-- > 0;) {
        const struct story_edge *edge = &t->origins.edges[i];
        const size_t at = index_of(t, edge->article_id);
        const size_t parent = edge->parent_id != 0 ? index_of(t, edge->parent_id) : NOBODY;

        if (at == NOBODY)
            continue;
        out->edge[at] = edge;
        out->parent[at] = parent;
        if (parent != NOBODY) {
            out->sibling[at] = out->child[parent];
            out->child[parent] = at;
        }
    }
    return true;
}

static void add_branch(struct story_tree *t, const struct links *links, size_t at, size_t depth)
{
    t->branches[t->n_branches++] = (struct story_branch){
        .edge = links->edge[at], .member = &t->members.rows[at], .depth = depth};
}

/* What comes from a root, each before its own children. */
static void walk(struct story_tree *t, const struct links *links, size_t root)
{
    size_t at = root, depth = 0;

    add_branch(t, links, root, 0);
    while (t->n_branches < t->members.n_rows + 1) {
        if (links->child[at] != NOBODY) {
            at = links->child[at];
            depth++;
        } else {
            while (at != root && links->sibling[at] == NOBODY) {
                at = links->parent[at];
                depth--;
            }
            if (at == root)
                return;
            at = links->sibling[at];
        }
        add_branch(t, links, at, depth);
    }
}

/* What is known of a member against its parent counts more than how close it is to others. */
static void offer(struct story_branch *b, const struct relation_row *r, bool is_turned)
{
    const int64_t parent = b->edge->parent_id;
    const bool is_parent = parent != 0 && parent == (is_turned ? r->article_id : r->other_id);

    if (!is_parent &&
        (is_turned || (b->relation != NULL && (b->is_turned || b->relation->other_id == parent ||
                                               b->relation->containment >= r->containment))))
        return;
    b->relation = r;
    b->is_turned = is_turned;
}

static void find_relations(struct story_tree *t, struct story_branch **by_member)
{
    for (size_t i = 0; i < t->n_branches; i++)
        by_member[t->branches[i].member - t->members.rows] = &t->branches[i];
    for (size_t i = 0; i < t->relations.n_rows; i++) {
        const struct relation_row *r = &t->relations.rows[i];
        const size_t at = index_of(t, r->article_id), other = index_of(t, r->other_id);

        if (at == NOBODY || other == NOBODY || by_member[at] == NULL || by_member[other] == NULL)
            continue;
        offer(by_member[at], r, false);
        offer(by_member[other], r, true);
    }
}

static enum ww_status plant(struct story_tree *t, struct arena *arena, struct ww_error *err)
{
    struct story_branch **by_member =
        arena_array(arena, t->members.n_rows + 1, sizeof(struct story_branch *));
    struct links links;

    t->branches = arena_array(arena, t->members.n_rows + 1, sizeof(*t->branches));
    if (by_member == NULL || t->branches == NULL || !make_links(t, arena, &links))
        return arena_check(arena, err);
    /* The origin with the most articles first, and of one origin the earliest. */
    for (size_t origin = 0; origin < t->origins.n_origins; origin++)
        for (size_t i = 0; i < t->origins.n_edges; i++) {
            const struct story_edge *edge = &t->origins.edges[i];
            const size_t at = index_of(t, edge->article_id);

            if (edge->origin == origin && at != NOBODY && links.parent[at] == NOBODY)
                walk(t, &links, at);
        }
    find_relations(t, by_member);
    return WW_OK;
}

enum ww_status story_tree_read(struct store *s, int64_t story_id, struct arena *arena,
                               struct story_tree *out, struct ww_error *err)
{
    enum ww_status status;

    *out = (struct story_tree){.n_branches = 0};
    status =
        store_list_story_members(s, story_id, STORY_MEMBERS_MAX + 1, arena, &out->members, err);
    if (status == WW_OK)
        status =
            store_list_story_relations(s, story_id, (size_t)STORY_MEMBERS_MAX * STORY_RELATIONS_MAX,
                                       arena, &out->relations, err);
    if (status != WW_OK)
        return status;
    out->is_cut = out->members.n_rows > STORY_MEMBERS_MAX;
    if (out->is_cut)
        out->members.n_rows = STORY_MEMBERS_MAX;
    if (out->members.n_rows > 0)
        qsort(out->members.rows, out->members.n_rows, sizeof(*out->members.rows), compare_rows);
    status = story_origins_find(&out->members, &out->relations, arena, &out->origins, err);
    return status == WW_OK ? plant(out, arena, err) : status;
}

struct slice story_tree_kind(const struct story_tree *t, const struct story_branch *b)
{
    if (t->origins.origins[b->edge->origin].article_id == b->edge->article_id)
        return SLICE("origin");
    if (b->relation == NULL)
        return (struct slice){"", 0};
    if (b->is_turned && slice_equal(b->relation->kind, SLICE("excerpt")))
        return SLICE("expansion");
    if (b->is_turned && slice_equal(b->relation->kind, SLICE("expansion")))
        return SLICE("excerpt");
    return b->relation->kind;
}

/* ---- words ----------------------------------------------------------------------------------- */

static struct slice later_words(int64_t seconds, struct arena *arena)
{
    if (seconds < 2 * 3600)
        return arena_printf(arena, "%" PRId64 " min later", seconds / 60);
    if (seconds < 2 * 86400)
        return arena_printf(arena, "%" PRId64 " h later", seconds / 3600);
    return arena_printf(arena, "%" PRId64 " days later", seconds / 86400);
}

static struct slice one_evidence(const struct story_edge *edge, const struct story_evidence *e,
                                 struct arena *arena)
{
    switch (e->kind) {
    case STORY_BY_LINK:
        return arena_printf(arena, "names %.*s", SLICE_ARG(e->words));
    case STORY_BY_CREDIT:
        return arena_printf(arena, "credits %.*s", SLICE_ARG(e->words));
    case STORY_BY_TEXT:
        if (e->article_id == edge->parent_id)
            return arena_printf(arena, "%.0f %% of it in n%" PRId64, 100 * e->share, e->article_id);
        return arena_printf(arena, "%.0f %% of it, by way of n%" PRId64, 100 * e->share,
                            e->article_id);
    case STORY_BY_TIME:
        return later_words(e->seconds, arena);
    case STORY_BY_VERSION:
        return arena_printf(arena, "the page of n%" PRId64 ", changed", e->article_id);
    case STORY_EVIDENCE_COUNT:
        break;
    }
    return (struct slice){"", 0};
}

struct slice story_tree_evidence(const struct story_edge *edge, struct arena *arena)
{
    struct slice out = {"", 0};

    for (size_t i = 0; i < edge->n_evidence; i++)
        out = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(out), i > 0 ? "; " : "",
                           SLICE_ARG(one_evidence(edge, &edge->evidence[i], arena)));
    return out;
}

double story_tree_share(const struct story_edge *edge)
{
    for (size_t i = 0; i < edge->n_evidence; i++)
        if (edge->evidence[i].kind == STORY_BY_TEXT)
            return edge->evidence[i].share;
    return -1;
}
