/* content.c - from tree to text: the order of the steps, and writing what is left. */
#include "extractors/content.h"

#include "base/arena.h"
#include "extractors/blocks.h"
#include "extractors/container.h"
#include "extractors/lines.h"
#include "extractors/prune.h"

#include <string.h>

static struct slice join(const struct blocks *b, const struct dom_node *container, bool is_cut,
                         struct arena *arena)
{
    size_t len = 0;
    char *out, *at;

    for (size_t i = b->first[container->order]; i < b->end[container->order]; i++)
        len += b->list[i].text.len + 2;
    out = at = arena_alloc(arena, len + 1);
    if (out == NULL)
        return (struct slice){"", 0};
    for (size_t i = b->first[container->order]; i < b->end[container->order]; i++) {
        const struct block *block = &b->list[i];

        if ((block->cut != CUT_NOT) != is_cut)
            continue;
        if (at > out) {
            memcpy(at, "\n\n", 2);
            at += 2;
        }
        memcpy(at, block->text.ptr, block->text.len);
        at += block->text.len;
    }
    return slice_of(out, (size_t)(at - out));
}

/* Which blocks are the article's. Returns its container. */
static const struct dom_node *decide(struct blocks *b, const struct dom *dom, struct slice title,
                                     struct arena *arena)
{
    struct dom_node *container;

    prune_page(b, dom->body);
    container = container_find(b, dom->body, arena);
    prune_container(b, container);
    lines_cut(b, container, title, arena);
    return container;
}

enum ww_status content_find(const struct dom *dom, struct slice title, struct arena *arena,
                            struct content *out, struct ww_error *err)
{
    struct blocks b;
    const struct dom_node *container;
    enum ww_status status;

    *out = (struct content){0};
    status = blocks_make(dom, dom->body, arena, &b, err);
    if (status != WW_OK)
        return status;
    container = decide(&b, dom, title, arena);
    out->container = container;
    out->text = join(&b, container, false, arena);
    out->cut = join(&b, container, true, arena);
    return arena_check(arena, err);
}
