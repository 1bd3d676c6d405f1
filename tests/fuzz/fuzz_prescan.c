/*
 * fuzz_prescan.c - scan and parser together: the tree is never deeper than the scan allows, and
 * hardly deeper than it counted.
 */
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "extractors/dom.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct prescan scan;
    struct dom dom;
    struct slice html;

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    html = text_clean(slice_of(data, size), &arena);
    if (dom_parse(html, &arena, &dom, NULL) == WW_OK) {
        /* html, head or body, implied table parts, formatting elements opened again, one text. */
        if (dom.depth > dom.prescan.depth + HTML_FORMATTING_MAX + 16)
            abort();
        if (prescan_html(html, &arena, &scan, NULL) == WW_OK && scan.html.len > html.len + 16)
            abort();
        for (const struct dom_node *n = dom.root; n != NULL; n = dom_next(n, dom.root))
            if (n->tag == DOM_TEXT && !text_is_utf8(n->text))
                abort();
    }
    arena_release(&arena);
    return 0;
}
