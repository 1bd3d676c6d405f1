/* container.c - candidates by name and by where the prose stands, and the choice between them. */
#include "extractors/container.h"

#include "base/arena.h"
#include "extractors/marks.h"
#include "extractors/steps.h"

#include <stdint.h>

/* Trust in a name or tag, best first. */
enum rank { RANK_BODY, RANK_ARTICLE, RANK_STORY, RANK_CONTENT, RANK_COUNT };

static enum rank rank_of(const struct blocks *b, const struct dom_node *node)
{
    uint32_t marks = b->marks[node->order];

    if (node->tag != DOM_DIV && node->tag != DOM_ARTICLE && node->tag != DOM_SECTION &&
        node->tag != DOM_MAIN && node->tag != DOM_TD && node->tag != DOM_SPAN)
        return RANK_COUNT;
    if (marks & MARK_BODY)
        return RANK_BODY;
    if (node->tag == DOM_ARTICLE || slice_equal(dom_get(node, "role"), SLICE("article")))
        return RANK_ARTICLE;
    if (marks & MARK_STORY)
        return RANK_STORY;
    if (node->tag == DOM_MAIN || marks & MARK_CONTENT)
        return RANK_CONTENT;
    return RANK_COUNT;
}

/* ---- where the prose is ---------------------------------------------------------------------- */

static size_t count_commas(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == ',' ||
             (i + 2 < s.len && (unsigned char)s.ptr[i] == 0xEF &&
              (unsigned char)s.ptr[i + 1] == 0xBC && (unsigned char)s.ptr[i + 2] == 0x8C);
    return n;
}

static struct dom_node *find_scored(const struct blocks *b, struct dom_node *body,
                                    struct arena *arena)
{
    double *score = arena_array(arena, b->n_nodes, sizeof(*score));
    struct dom_node *best = body;

    if (score == NULL)
        return body;
    for (size_t i = 0; i < b->n; i++) {
        const struct block *block = &b->list[i];
        const struct dom_node *up = block->node;
        double points;

        if (block->cut != CUT_NOT || block->mass == 0)
            continue;
        points = 1.0 + (double)count_commas(block->text) +
                 (block->mass > 300 ? 3.0 : (double)block->mass / 100.0);
        if (block->kind != BLOCK_TEXT && block->kind != BLOCK_CELL && up != body)
            up = up->parent;
        for (unsigned level = 0; level < 5; level++) {
            score[up->order] += level == 0   ? points
                                : level == 1 ? points / 2
                                             : points / (3.0 * level);
            if (up == body)
                break;
            up = up->parent;
        }
    }
    for (size_t i = 0; i < b->n_nodes; i++)
        if (score[i] > score[best->order])
            best = b->nodes[i];
    return best;
}

/* ---- bodies in pieces ------------------------------------------------------------------------ */

static const struct dom_node *article_around(const struct dom_node *node)
{
    while (node != NULL && node->tag != DOM_ARTICLE)
        node = node->parent;
    return node;
}

static struct dom_node *common_ancestor(struct dom_node *a, const struct dom_node *inner)
{
    while (!dom_contains(a, inner))
        a = a->parent;
    return a;
}

/*
 * Elements of the same name and class beside the one that was found hold the rest of the text when
 * a page is laid out in components, with advertisements between. A list of articles looks alike,
 * but has an <article> around each.
 */
static struct dom_node *join_pieces(const struct blocks *b, struct dom_node *found)
{
    struct slice class = dom_get(found, "class");
    const struct dom_node *article = article_around(found);
    struct dom_node *joined = found;
    size_t others = 0;

    if (class.len == 0 || found->tag == DOM_ARTICLE)
        return found;
    for (size_t i = 0; i < b->n_nodes; i++) {
        struct dom_node *node = b->nodes[i];

        if (node == NULL || node->tag != found->tag || b->end[i] == b->first[i] ||
            dom_contains(found, node) || dom_contains(node, found) ||
            !slice_equal(dom_get(node, "class"), class) || article_around(node) != article)
            continue;
        if (blocks_mass(b, node) == 0)
            continue;
        others += blocks_mass(b, node);
        joined = common_ancestor(joined, node);
    }
    return others * 4 >= blocks_mass(b, found) ? joined : found;
}

static bool holds_other_articles(const struct dom_node *top, const struct dom_node *found)
{
    for (const struct dom_node *n = top; n != NULL; n = dom_next(n, top))
        if (n->tag == DOM_ARTICLE && !dom_contains(n, found) && !dom_contains(found, n))
            return true;
    return false;
}

/* A place that holds less than half of the prose around it is a piece, too. */
static struct dom_node *climb(const struct blocks *b, struct dom_node *found,
                              const struct dom_node *body)
{
    struct dom_node *best = found;
    size_t mass = blocks_mass(b, found);

    for (struct dom_node *up = found; up != body && up->parent != NULL;) {
        size_t all;

        up = up->parent;
        all = blocks_mass(b, up);
        if (all < 2 * mass)
            continue;
        if (holds_other_articles(up, found))
            break;
        best = up;
        mass = all;
    }
    return best;
}

/* ---- the choice ------------------------------------------------------------------------------ */

/* Least prose of an article, and the share of the best place's prose that a name must hold. */
#define ENOUGH_BYTES 250

static struct dom_node *complete(const struct blocks *b, struct dom_node *found,
                                 const struct dom_node *body, uint32_t without)
{
    return step_is_off(without, STEP_PIECES) ? found : climb(b, join_pieces(b, found), body);
}

struct dom_node *container_find(const struct blocks *b, struct dom_node *body, uint32_t without,
                                struct arena *arena)
{
    struct dom_node *best[RANK_COUNT] = {NULL};
    size_t mass[RANK_COUNT] = {0};
    struct dom_node *scored = find_scored(b, body, arena);
    size_t scored_mass = blocks_mass(b, scored);

    for (size_t i = 0; i < b->n_nodes; i++) {
        struct dom_node *node = b->nodes[i];
        enum rank rank;
        size_t own;

        if (node == NULL || b->end[i] == b->first[i] || step_is_off(without, STEP_CONTAINER_NAMES))
            continue;
        rank = rank_of(b, node);
        if (rank == RANK_COUNT)
            continue;
        own = blocks_mass(b, node);
        if (own > mass[rank]) {
            mass[rank] = own;
            best[rank] = node;
        }
    }
    for (int rank = 0; rank < RANK_COUNT; rank++)
        if (mass[rank] >= ENOUGH_BYTES && 2 * mass[rank] >= scored_mass)
            return complete(b, best[rank], body, without);
    return complete(b, scored, body, without);
}
