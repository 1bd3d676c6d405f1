/* content.c - from tree to text: the order of the steps, and writing what is left. */
#include "extractors/content.h"

#include "base/arena.h"
#include "extractors/blocks.h"
#include "extractors/container.h"
#include "extractors/lines.h"
#include "extractors/prune.h"
#include "extractors/rules.h"
#include "extractors/steps.h"

#include <string.h>

/* Blocks between a headline and its text are hardly more; a lead is prose. */
#define LEAD_BLOCKS_MAX 15
/* Of block_cut_names. */
#define CUT_NAME_MAX_BYTES 16

static bool stands_in(const struct blocks *b, size_t from, size_t end, struct slice text)
{
    for (size_t i = from; i < end && i < from + LEAD_BLOCKS_MAX; i++)
        if (slice_equal(b->list[i].text, text))
            return true;
    return false;
}

/*
 * The standfirst stands between the headline and the container on many pages. Returns the first
 * block that belongs to the text; what is no prose on the way is marked as outside.
 */
static size_t find_lead(struct blocks *b, const struct dom_node *container)
{
    size_t first = b->first[container->order], end = b->end[container->order];
    size_t head = first, lead = first;

    while (head > 0 && first - head < LEAD_BLOCKS_MAX && b->list[head - 1].node->tag != DOM_H1)
        head--;
    if (head == 0 || b->list[head - 1].node->tag != DOM_H1)
        return first;
    for (size_t i = head; i < first; i++) {
        struct block *block = &b->list[i];
        bool is_lead =
            block->cut == CUT_NOT && block->mass > 0 && !stands_in(b, first, end, block->text);

        if (is_lead && lead == first)
            lead = i;
        if (!is_lead)
            block->cut = CUT_OUTSIDE;
    }
    return lead;
}

static char *put(char *at, struct slice s)
{
    memcpy(at, s.ptr, s.len);
    return at + s.len;
}

/* What was cut, each with the reason before it, or what was not. */
static struct slice join(const struct blocks *b, size_t from, const struct dom_node *container,
                         bool is_cut, struct arena *arena)
{
    size_t len = 0;
    char *out, *at;

    for (size_t i = from; i < b->end[container->order]; i++)
        len += b->list[i].text.len + CUT_NAME_MAX_BYTES + 4;
    out = at = arena_alloc(arena, len + 1);
    if (out == NULL)
        return (struct slice){"", 0};
    for (size_t i = from; i < b->end[container->order]; i++) {
        const struct block *block = &b->list[i];

        if ((block->cut != CUT_NOT) != is_cut || block->cut == CUT_OUTSIDE)
            continue;
        if (at > out)
            at = put(at, SLICE("\n\n"));
        if (is_cut)
            at = put(put(at, slice_from(block_cut_names[block->cut])), SLICE(": "));
        at = put(at, block->text);
    }
    return slice_of(out, (size_t)(at - out));
}

enum ww_status content_find(const struct dom *dom, struct rules_found *rules, uint32_t without,
                            struct arena *arena, struct content *out, struct ww_error *err)
{
    enum ww_status status;
    const struct dom_node *container = NULL;

    *out = (struct content){.without = without};
    status = blocks_make(dom, dom->body, arena, &out->blocks, err);
    if (status != WW_OK)
        return status;
    prune_page(&out->blocks, dom->body, without);
    if (rules != NULL)
        container = rules_enclose(rules, &out->blocks, arena);
    if (container != NULL) {
        out->rules = rules;
        rules_restore(rules, &out->blocks); /* what goes inside is told below */
    } else {
        container = container_find(&out->blocks, dom->body, without, arena);
    }
    prune_container(&out->blocks, container, without);
    if (out->rules != NULL)
        rules_restore(rules, &out->blocks);
    out->container = container;
    return arena_check(arena, err);
}

enum ww_status content_write(struct content *c, struct slice title, struct arena *arena,
                             struct ww_error *err)
{
    size_t from = c->blocks.first[c->container->order];

    if (!step_is_off(c->without, STEP_LEAD) && c->rules == NULL)
        from = find_lead(&c->blocks, c->container);
    if (!step_is_off(c->without, STEP_LINES))
        lines_cut(&c->blocks, c->container, title, arena);
    if (c->rules != NULL)
        rules_restore(c->rules, &c->blocks);
    c->text = join(&c->blocks, from, c->container, false, arena);
    c->cut = join(&c->blocks, from, c->container, true, arena);
    return arena_check(arena, err);
}
