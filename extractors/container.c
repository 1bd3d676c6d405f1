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

/* ---- a survey of the page -------------------------------------------------------------------- */

/* A linked line over no more prose than this announces another article. */
#define TEASER_MAX_BYTES 600
/* An <article> of its own has a first heading, or is long; shorter ones may be parts of one. */
#define WHOLE_MIN_BYTES 1500

/* Sums over the blocks before each, so that a question about any element is two look-ups. */
struct survey {
    const struct blocks *b;
    size_t *weight; /* prose; what stands in teasers counts a quarter */
    size_t *mass;
    size_t *bytes;  /* text outside links */
    uint32_t *n_whole; /* <article> elements that are articles of their own */
};

static size_t sum_of(const struct survey *s, const size_t *sums, const struct dom_node *node)
{
    uint32_t first = s->b->first[node->order], end = s->b->end[node->order];

    return end > first ? sums[end] - sums[first] : 0;
}

static size_t weight_of(const struct survey *s, const struct dom_node *node)
{
    return sum_of(s, s->weight, node);
}

static bool is_linked_line(const struct block *block)
{
    return block->text.len >= 10 && block->link_bytes * 10 >= block->text.len * 9;
}

/* Marks the prose under linked headings in weight, which has one place a block. */
static void weigh_teasers(const struct blocks *b, size_t *weight)
{
    for (size_t i = 0; i < b->n;) {
        size_t mass = 0, end = i + 1;

        while (end < b->n && b->list[end].kind != BLOCK_HEADING)
            mass += b->list[end++].mass;
        if (b->list[i].kind == BLOCK_HEADING && is_linked_line(&b->list[i]) &&
            mass < TEASER_MAX_BYTES)
            for (size_t k = i + 1; k < end; k++)
                weight[k] /= 4;
        i = end;
    }
}

static bool is_teaser(const struct survey *s, const struct dom_node *node)
{
    const struct blocks *b = s->b;
    size_t first = b->first[node->order], end = b->end[node->order];

    if (sum_of(s, s->mass, node) >= TEASER_MAX_BYTES)
        return false;
    for (size_t i = first; i < end && i < first + 4; i++)
        if (is_linked_line(&b->list[i]))
            return true;
    return false;
}

static bool is_whole(const struct survey *s, const struct dom_node *node)
{
    const struct blocks *b = s->b;

    if (is_teaser(s, node))
        return false;
    if (sum_of(s, s->mass, node) >= WHOLE_MIN_BYTES)
        return true;
    for (size_t i = b->first[node->order]; i < b->end[node->order]; i++)
        if (b->list[i].node->tag == DOM_H1)
            return true;
    return false;
}

static bool survey_page(struct survey *s, const struct blocks *b, struct arena *arena)
{
    *s = (struct survey){.b = b};
    s->weight = arena_array(arena, b->n + 1, sizeof(*s->weight));
    s->mass = arena_array(arena, b->n + 1, sizeof(*s->mass));
    s->bytes = arena_array(arena, b->n + 1, sizeof(*s->bytes));
    s->n_whole = arena_array(arena, b->n + 1, sizeof(*s->n_whole));
    if (s->n_whole == NULL || s->bytes == NULL || s->mass == NULL || s->weight == NULL)
        return false;
    for (size_t i = 0; i < b->n; i++)
        if (b->list[i].cut == CUT_NOT) {
            s->weight[i + 1] = s->mass[i + 1] = b->list[i].mass;
            s->bytes[i + 1] = b->list[i].text.len - b->list[i].link_bytes;
        }
    if (b->n > 0)
        weigh_teasers(b, s->weight + 1);
    for (size_t i = 0; i < b->n; i++) {
        s->weight[i + 1] += s->weight[i];
        s->mass[i + 1] += s->mass[i];
        s->bytes[i + 1] += s->bytes[i];
    }
    for (size_t i = 0; i < b->n_nodes; i++)
        if (b->nodes[i] != NULL && b->nodes[i]->tag == DOM_ARTICLE && b->end[i] > b->first[i] &&
            is_whole(s, b->nodes[i]))
            s->n_whole[b->first[i] + 1]++;
    for (size_t i = 0; i < b->n; i++)
        s->n_whole[i + 1] += s->n_whole[i];
    return true;
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

static struct dom_node *find_scored(const struct survey *s, struct dom_node *body,
                                    struct arena *arena)
{
    const struct blocks *b = s->b;
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
        points *= (double)(s->weight[i + 1] - s->weight[i]) / (double)block->mass;
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

/* Are there articles of their own in top beside those that found is in, or holds? */
static bool holds_other_articles(const struct survey *s, const struct dom_node *top,
                                 const struct dom_node *found)
{
    const struct blocks *b = s->b;
    uint32_t n = s->n_whole[b->end[top->order]] - s->n_whole[b->first[top->order]];

    n -= s->n_whole[b->end[found->order]] - s->n_whole[b->first[found->order]];
    for (const struct dom_node *up = found->parent; n > 0 && up != NULL; up = up->parent) {
        if (up->tag == DOM_ARTICLE && b->first[up->order] < b->first[found->order] &&
            is_whole(s, up))
            n--;
        if (up == top)
            break;
    }
    return n > 0;
}

/* A place that holds less than half of the prose around it is a piece, too. */
static struct dom_node *climb(const struct survey *s, struct dom_node *found,
                              const struct dom_node *body)
{
    struct dom_node *best = found;
    size_t mass = weight_of(s, found);

    for (struct dom_node *up = found; up != body && up->parent != NULL;) {
        size_t all;

        up = up->parent;
        all = weight_of(s, up);
        if (all < 2 * mass)
            continue;
        if (holds_other_articles(s, up, found))
            break;
        best = up;
        mass = all;
    }
    return best;
}

/* ---- the choice ------------------------------------------------------------------------------ */

/* Least prose of an article, and the share of the best place's prose that a name must hold. */
#define ENOUGH_BYTES 250

static struct dom_node *complete(const struct survey *s, struct dom_node *found,
                                 const struct dom_node *body, uint32_t without)
{
    return step_is_off(without, STEP_PIECES) ? found : climb(s, join_pieces(s->b, found), body);
}

struct dom_node *container_find(const struct blocks *b, struct dom_node *body, uint32_t without,
                                struct arena *arena)
{
    struct dom_node *best[RANK_COUNT] = {NULL};
    size_t weight[RANK_COUNT] = {0};
    struct dom_node *scored;
    struct survey s;

    if (!survey_page(&s, b, arena))
        return body;
    scored = find_scored(&s, body, arena);
    for (size_t i = 0; i < b->n_nodes; i++) {
        struct dom_node *node = b->nodes[i];
        enum rank rank;
        size_t own;

        if (node == NULL || b->end[i] == b->first[i] || step_is_off(without, STEP_CONTAINER_NAMES))
            continue;
        rank = rank_of(b, node);
        if (rank == RANK_COUNT || is_teaser(&s, node))
            continue;
        own = weight_of(&s, node);
        if (own > weight[rank]) {
            weight[rank] = own;
            best[rank] = node;
        }
    }
    for (int rank = 0; rank < RANK_COUNT; rank++)
        if (weight[rank] >= ENOUGH_BYTES && 2 * weight[rank] >= weight_of(&s, scored))
            return complete(&s, best[rank], body, without);
    return complete(&s, scored, body, without);
}
