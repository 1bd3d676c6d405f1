/* late.c - streamed parts to their places. */
#include "extractors/late.h"

#include "extractors/dom.h"

#include <string.h>

/* More parts than this on one page: the rest stays where it is. Real pages have some dozen. */
#define PARTS_MAX 256

/* The 7 of id="S:7"; ptr is NULL when the id is none of these. */
static struct slice part_number(const struct dom_node *node, struct slice prefix)
{
    struct slice id = dom_get(node, "id");

    if (id.ptr == NULL || id.len == prefix.len || !slice_starts(id, prefix))
        return (struct slice){NULL, 0};
    return slice_skip(id, prefix.len);
}

static size_t collect(const struct dom *dom, struct dom_node **parts, struct dom_node **places,
                      size_t *n_places)
{
    size_t n = 0;

    *n_places = 0;
    for (struct dom_node *node = dom->root; node != NULL; node = dom_next(node, dom->root)) {
        if (node->tag == DOM_DIV && n < PARTS_MAX && dom_has(node, "hidden") &&
            part_number(node, SLICE("S:")).ptr != NULL)
            parts[n++] = node;
        else if (node->tag == DOM_TEMPLATE && dom_has(node, "shadowrootmode"))
            node->tag = DOM_DIV;
        else if (node->tag == DOM_TEMPLATE && *n_places < PARTS_MAX &&
                 part_number(node, SLICE("B:")).ptr != NULL)
            places[(*n_places)++] = node;
    }
    return n;
}

static void put_before(struct dom_node *node, struct dom_node *place)
{
    dom_remove(node);
    node->parent = place->parent;
    node->previous = place->previous;
    node->next = place;
    if (place->previous != NULL)
        place->previous->next = node;
    else
        place->parent->first = node;
    place->previous = node;
}

static void number_anew(struct dom *dom)
{
    uint32_t order = 0;

    for (struct dom_node *node = dom->root; node != NULL; node = dom_next(node, dom->root))
        node->order = order++;
}

void late_place(struct dom *dom)
{
    struct dom_node *parts[PARTS_MAX], *places[PARTS_MAX];
    size_t n_places, n = collect(dom, parts, places, &n_places);

    for (size_t i = 0; i < n; i++) {
        struct dom_node *part = parts[i];
        const struct slice number = part_number(part, SLICE("S:"));

        part->n_attributes = 0; /* neither hidden nor a part any more */
        for (size_t k = 0; k < n_places; k++)
            if (slice_equal(number, part_number(places[k], SLICE("B:"))) &&
                !dom_contains(part, places[k])) {
                put_before(part, places[k]);
                break;
            }
    }
    if (n > 0)
        number_anew(dom);
}
