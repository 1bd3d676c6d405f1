/* container.c - candidates by name and by where the prose stands, and the choice between them. */
#include "extractors/container.h"

#include "base/arena.h"
#include "extractors/marks.h"
#include "extractors/steps.h"
#include "extractors/survey.h"

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

/* Prose that may be all of an article, and that under a headline which begins another. */
#define LONG_BYTES 2200
#define NEXT_MIN_BYTES 1000

/* Is found long enough for an article, so that a headline behind it may begin the next one? */
static bool is_long(const struct survey *s, const struct dom_node *found)
{
    return survey_weight(s, found) >= LONG_BYTES && !step_is_off(s->without, STEP_NEIGHBOURS);
}

/*
 * Elements of the same name and class beside the one that was found hold the rest of the text when
 * a page is laid out in components, with advertisements between. A list of articles looks alike,
 * but has an <article> around each, or a headline before it.
 */
static struct dom_node *join_pieces(const struct survey *s, struct dom_node *found)
{
    const struct blocks *b = s->b;
    struct slice class = dom_get(found, "class");
    const struct dom_node *article = article_around(found);
    struct dom_node *joined = found;
    bool may_end = is_long(s, found);
    size_t others = 0;

    if (class.len == 0 || found->tag == DOM_ARTICLE)
        return found;
    for (size_t i = 0; i < b->n_nodes; i++) {
        struct dom_node *node = b->nodes[i];

        if (node == NULL || node->tag != found->tag || b->end[i] == b->first[i] ||
            !slice_equal(dom_get(node, "class"), class) || dom_contains(found, node) ||
            dom_contains(node, found) || article_around(node) != article)
            continue;
        if (survey_weight(s, node) == 0 ||
            (may_end && s->n_h1[b->first[i]] > s->n_h1[b->end[found->order]]))
            continue;
        others += survey_weight(s, node);
        joined = common_ancestor(joined, node);
    }
    return others * 4 >= survey_weight(s, found) ? joined : found;
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
            survey_is_whole(s, up))
            n--;
        if (up == top)
            break;
    }
    return n > 0;
}

/* A page that goes on with the next article when its reader comes to the end holds several. */
static bool goes_on(const struct survey *s, const struct dom_node *top,
                    const struct dom_node *found)
{
    size_t end = s->b->end[top->order];
    size_t headline = s->headline[s->b->end[found->order]];

    return headline < end && s->mass[end] - s->mass[headline] >= NEXT_MIN_BYTES;
}

/* A place that holds less than half of the prose around it is a piece, too. */
static struct dom_node *climb(const struct survey *s, struct dom_node *found,
                              const struct dom_node *body)
{
    struct dom_node *best = found;
    size_t mass = survey_weight(s, found);
    bool may_end = is_long(s, found);

    for (struct dom_node *up = found; up != body && up->parent != NULL;) {
        size_t all;

        up = up->parent;
        all = survey_weight(s, up);
        if (all < 2 * mass)
            continue;
        if (holds_other_articles(s, up, found) || (may_end && goes_on(s, up, found)))
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
    return step_is_off(without, STEP_PIECES) ? found : climb(s, join_pieces(s, found), body);
}

/* A page with so little prose may have its text in a table, a list or short lines. */
#define THIN_BYTES 300
#define THIN_TEXT_BYTES 150

/* The element that a trusted name calls the text; NULL unless it says more than scored does. */
static struct dom_node *find_thin(const struct survey *s, const struct dom_node *scored)
{
    const struct blocks *b = s->b;
    struct dom_node *best[RANK_CONTENT] = {NULL};
    size_t plain[RANK_CONTENT] = {0};

    for (size_t i = 0; i < b->n_nodes; i++) {
        struct dom_node *node = b->nodes[i];
        enum rank rank;
        size_t own;

        if (node == NULL || b->end[i] == b->first[i])
            continue;
        rank = rank_of(b, node);
        own = survey_plain(s, node);
        if (rank < RANK_CONTENT && own > plain[rank] && !survey_is_teaser(s, node)) {
            plain[rank] = own;
            best[rank] = node;
        }
    }
    for (int rank = 0; rank < RANK_CONTENT; rank++)
        if (plain[rank] >= THIN_TEXT_BYTES && plain[rank] >= survey_plain(s, scored))
            return best[rank];
    return NULL;
}

struct dom_node *container_find(const struct blocks *b, struct dom_node *body, uint32_t without,
                                struct arena *arena)
{
    struct dom_node *best[RANK_COUNT] = {NULL};
    size_t weight[RANK_COUNT] = {0};
    struct dom_node *scored;
    struct survey s;

    if (!survey_page(&s, b, without, arena))
        return body;
    scored = find_scored(&s, body, arena);
    for (size_t i = 0; i < b->n_nodes; i++) {
        struct dom_node *node = b->nodes[i];
        enum rank rank;
        size_t own;

        if (node == NULL || b->end[i] == b->first[i] || step_is_off(without, STEP_CONTAINER_NAMES))
            continue;
        rank = rank_of(b, node);
        if (rank == RANK_COUNT || survey_is_teaser(&s, node))
            continue;
        own = survey_weight(&s, node);
        /* The first of several, unless a later one is much more than it. */
        if (own > 2 * weight[rank]) {
            weight[rank] = own;
            best[rank] = node;
        }
    }
    if (survey_weight(&s, scored) < THIN_BYTES && !step_is_off(without, STEP_THIN)) {
        struct dom_node *named = find_thin(&s, scored);

        if (named != NULL)
            return complete(&s, named, body, without);
    }
    for (int rank = 0; rank < RANK_COUNT; rank++)
        if (weight[rank] >= ENOUGH_BYTES && 2 * weight[rank] >= survey_weight(&s, scored))
            return complete(&s, best[rank], body, without);
    return complete(&s, scored, body, without);
}
