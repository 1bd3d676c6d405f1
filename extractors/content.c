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

enum ww_status content_find(const struct dom *dom, struct arena *arena, struct content *out,
                            struct ww_error *err)
{
    enum ww_status status;
    struct dom_node *container;

    *out = (struct content){0};
    status = blocks_make(dom, dom->body, arena, &out->blocks, err);
    if (status != WW_OK)
        return status;
    prune_page(&out->blocks, dom->body);
    container = container_find(&out->blocks, dom->body, arena);
    prune_container(&out->blocks, container);
    out->container = container;
    return arena_check(arena, err);
}

enum ww_status content_write(struct content *c, struct slice title, struct arena *arena,
                             struct ww_error *err)
{
    lines_cut(&c->blocks, c->container, title, arena);
    c->text = join(&c->blocks, c->container, false, arena);
    c->cut = join(&c->blocks, c->container, true, arena);
    return arena_check(arena, err);
}
