/* content.c - from tree to text: the order of the steps, and writing what is left. */
#include "extractors/content.h"

#include "base/arena.h"
#include "extractors/blocks.h"
#include "extractors/container.h"
#include "extractors/lead.h"
#include "extractors/lines.h"
#include "extractors/prune.h"
#include "extractors/rules.h"
#include "extractors/steps.h"

#include <string.h>

/* Of block_cut_names. */
#define CUT_NAME_MAX_BYTES 16

static char *put(char *at, struct slice s)
{
    memcpy(at, s.ptr, s.len);
    return at + s.len;
}

/* What was cut, each with the reason before it, or what was not. */
static struct slice join(const struct blocks *b, const struct dom_node *container, bool is_cut,
                         struct arena *arena)
{
    size_t from = b->first[container->order], len = 0;
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
    struct blocks *b = &c->blocks;

    /* From here on the lead is the container's. */
    if (!step_is_off(c->without, STEP_LEAD) && c->rules == NULL)
        b->first[c->container->order] = (uint32_t)lead_find(b, c->container, title);
    if (!step_is_off(c->without, STEP_LINES))
        lines_cut(b, c->container, title, arena);
    if (c->rules != NULL)
        rules_restore(c->rules, b);
    c->text = join(b, c->container, false, arena);
    c->cut = join(b, c->container, true, arena);
    return arena_check(arena, err);
}
