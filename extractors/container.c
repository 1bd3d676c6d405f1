/* container.c - candidates by name and by where the prose stands, and the choice between them. */
#include "extractors/container.h"

#include "base/arena.h"
#include "extractors/marks.h"

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

/* ---- the choice ------------------------------------------------------------------------------ */

/* Least prose of an article, and the share of the best place's prose that a name must hold. */
#define ENOUGH_BYTES 250

struct dom_node *container_find(const struct blocks *b, struct dom_node *body, struct arena *arena)
{
    struct dom_node *best[RANK_COUNT] = {NULL};
    size_t mass[RANK_COUNT] = {0};
    struct dom_node *scored = find_scored(b, body, arena);
    size_t scored_mass = blocks_mass(b, scored);

    for (size_t i = 0; i < b->n_nodes; i++) {
        struct dom_node *node = b->nodes[i];
        enum rank rank;
        size_t own;

        if (node == NULL || b->end[i] == b->first[i])
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
            return best[rank];
    return scored;
}
