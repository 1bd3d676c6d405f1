/* survey.c - one pass for each kind of sum. */
#include "extractors/survey.h"

#include "base/arena.h"
#include "extractors/marks.h"
#include "extractors/steps.h"

/* A linked line over no more prose than this announces another article, if it is so long. */
#define TEASER_MAX_BYTES 600
#define TEASER_LINE_MIN_BYTES 10
/* It stands at the head of its element. */
#define TEASER_HEAD_BLOCKS 4
/* An <article> of its own has a first heading, or is long; shorter ones may be parts of one. */
#define WHOLE_MIN_BYTES 1500

static size_t sum_of(const struct survey *s, const size_t *sums, const struct dom_node *node)
{
    uint32_t first = s->b->first[node->order], end = s->b->end[node->order];

    return end > first ? sums[end] - sums[first] : 0;
}

size_t survey_weight(const struct survey *s, const struct dom_node *node)
{
    return sum_of(s, s->weight, node);
}

size_t survey_plain(const struct survey *s, const struct dom_node *node)
{
    return sum_of(s, s->plain, node);
}

static bool is_linked_line(const struct block *block)
{
    return block->text.len >= TEASER_LINE_MIN_BYTES &&
           block->link_bytes * 10 >= block->text.len * 9;
}

bool survey_is_teaser(const struct survey *s, const struct dom_node *node)
{
    const struct blocks *b = s->b;
    size_t first = b->first[node->order], end = b->end[node->order];

    if (step_is_off(s->without, STEP_TEASERS) || sum_of(s, s->mass, node) >= TEASER_MAX_BYTES)
        return false;
    for (size_t i = first; i < end && i < first + TEASER_HEAD_BLOCKS; i++)
        if (is_linked_line(&b->list[i]))
            return true;
    return false;
}

bool survey_is_whole(const struct survey *s, const struct dom_node *node)
{
    uint32_t first = s->b->first[node->order], end = s->b->end[node->order];

    if (end <= first || survey_is_teaser(s, node))
        return false;
    return step_is_off(s->without, STEP_PARTS) || sum_of(s, s->mass, node) >= WHOLE_MIN_BYTES ||
           s->n_h1[end] > s->n_h1[first];
}

static bool is_headline(const struct blocks *b, const struct block *block)
{
    const struct dom_node *node = block->node;

    if (block->kind != BLOCK_HEADING)
        return false;
    return node->tag == DOM_H1 ||
           ((b->marks[node->order] | b->marks[node->parent->order]) & MARK_TITLE) != 0;
}

/* weight, one place a block: less for the prose under linked headings. */
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

bool survey_page(struct survey *s, const struct blocks *b, uint32_t without, struct arena *arena)
{
    *s = (struct survey){.b = b, .without = without};
    s->mass = arena_array(arena, b->n + 1, sizeof(*s->mass));
    s->weight = arena_array(arena, b->n + 1, sizeof(*s->weight));
    s->plain = arena_array(arena, b->n + 1, sizeof(*s->plain));
    s->n_h1 = arena_array(arena, b->n + 1, sizeof(*s->n_h1));
    s->n_whole = arena_array(arena, b->n + 1, sizeof(*s->n_whole));
    s->headline = arena_array(arena, b->n + 1, sizeof(*s->headline));
    if (s->mass == NULL || s->weight == NULL || s->plain == NULL || s->n_h1 == NULL ||
        s->n_whole == NULL || s->headline == NULL)
        return false;
    for (size_t i = 0; i < b->n; i++)
        if (b->list[i].cut == CUT_NOT) {
            s->weight[i + 1] = s->mass[i + 1] = b->list[i].mass;
            s->plain[i + 1] = b->list[i].text.len - b->list[i].link_bytes;
        }
    if (!step_is_off(without, STEP_TEASERS))
        weigh_teasers(b, s->weight + 1);
    for (size_t i = 0; i < b->n; i++) {
        s->mass[i + 1] += s->mass[i];
        s->weight[i + 1] += s->weight[i];
        s->plain[i + 1] += s->plain[i];
        s->n_h1[i + 1] = s->n_h1[i] + (b->list[i].node->tag == DOM_H1);
    }
    for (size_t i = 0; i < b->n_nodes; i++)
        if (b->nodes[i] != NULL && b->nodes[i]->tag == DOM_ARTICLE &&
            survey_is_whole(s, b->nodes[i]))
            s->n_whole[b->first[i] + 1]++;
    s->headline[b->n] = (uint32_t)b->n;
    for (size_t i = 0; i < b->n; i++)
        s->n_whole[i + 1] += s->n_whole[i];
    for (size_t i = b->n; i > 0; i--)
        s->headline[i - 1] = is_headline(b, &b->list[i - 1]) ? (uint32_t)(i - 1) : s->headline[i];
    return true;
}
