/* lead.c - back from the container to the headline, and what prose there is on the way. */
#include "extractors/lead.h"

#include "extractors/marks.h"

/* Blocks between a headline and its text are hardly more; menus, already cut, are not counted. */
#define BETWEEN_MAX 25
#define BETWEEN_MAX_CUT 200
/* A shorter heading is a label; what is named as a lead may be shorter. */
#define HEADING_MIN_BYTES 60
#define NAMED_MIN_BYTES 30

static bool is_headline(const struct block *b, struct slice title)
{
    if (b->node->tag == DOM_H1)
        return true;
    return title.len > 0 && slice_equal_nocase(b->text, title);
}

/* Behind the nearest headline before the container; the container's first block if none is near. */
static size_t behind_headline(const struct blocks *b, size_t first, struct slice title)
{
    size_t n = 0;

    for (size_t i = first; i > 0 && first - i < BETWEEN_MAX_CUT; i--) {
        if (is_headline(&b->list[i - 1], title))
            return i;
        n += b->list[i - 1].cut == CUT_NOT;
        if (n > BETWEEN_MAX)
            break;
    }
    return first;
}

static bool stands_in(const struct blocks *b, size_t from, size_t end, struct slice text)
{
    for (size_t i = from; i < end && i < from + BETWEEN_MAX; i++)
        if (slice_equal(b->list[i].text, text))
            return true;
    return false;
}

/* Is the block named as a lead, or does an element around it say that it is something else? */
static bool is_aside(const struct blocks *b, const struct dom_node *node,
                     const struct dom_node *container, bool *is_named)
{
    *is_named = false;
    for (; !dom_contains(node, container); node = node->parent) {
        uint32_t marks = b->marks[node->order];

        if (marks & MARK_LEAD) {
            *is_named = true;
            return false;
        }
        if (node->tag == DOM_FIGURE || node->tag == DOM_FIGCAPTION || node->tag == DOM_FORM ||
            marks & (MARK_CAPTION | MARK_META | MARK_AUTHOR | MARK_DATE | MARK_BIO | MARK_SHARE |
                     MARK_SUBSCRIBE | MARK_WIDGET | MARK_RELATED | MARK_AD | MARK_CONSENT))
            return true;
    }
    return false;
}

/* Headlines come again above the text: for print, with the kicker before them. */
static bool repeats(struct slice text, struct slice title)
{
    return title.len > 0 && text.len < 2 * title.len &&
           (slice_contains_nocase(text, title) || slice_contains_nocase(title, text));
}

static bool is_lead(const struct blocks *b, const struct block *block, struct slice title,
                    const struct dom_node *container)
{
    bool is_named;

    if (block->cut != CUT_NOT || 2 * block->link_bytes > block->text.len ||
        block->text.len < NAMED_MIN_BYTES || repeats(block->text, title))
        return false;
    if (is_aside(b, block->node, container, &is_named))
        return false;
    return is_named || block->mass > 0 ||
           (block->kind == BLOCK_HEADING && block->text.len >= HEADING_MIN_BYTES);
}

size_t lead_find(struct blocks *b, const struct dom_node *container, struct slice title)
{
    size_t first = b->first[container->order], end = b->end[container->order];
    size_t lead = first;

    for (size_t i = behind_headline(b, first, title); i < first; i++) {
        struct block *block = &b->list[i];
        bool found = is_lead(b, block, title, container) && !stands_in(b, first, end, block->text);

        if (found && lead == first)
            lead = i;
        if (!found)
            block->cut = CUT_OUTSIDE;
    }
    return lead;
}
