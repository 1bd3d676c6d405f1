/* prune.c - cutting by elements, by their names, by links. */
#include "extractors/prune.h"

#include "extractors/marks.h"

static void cut_range(struct blocks *b, const struct dom_node *node, enum block_cut why)
{
    for (size_t i = b->first[node->order]; i < b->end[node->order]; i++)
        if (b->list[i].cut == CUT_NOT)
            b->list[i].cut = why;
}

static bool is_cut(const struct blocks *b, const struct dom_node *node)
{
    for (size_t i = b->first[node->order]; i < b->end[node->order]; i++)
        if (b->list[i].cut == CUT_NOT)
            return false;
    return true;
}

/* Cut node unless it holds more than percent of the prose in its scope. */
static bool cut_within(struct blocks *b, const struct dom_node *node, size_t scope_mass,
                       size_t percent, enum block_cut why)
{
    if (is_cut(b, node) || blocks_mass(b, node) * 100 > scope_mass * percent)
        return false;
    cut_range(b, node, why);
    return true;
}

/* ---- the page -------------------------------------------------------------------------------- */

void prune_page(struct blocks *b, const struct dom_node *body)
{
    size_t total = blocks_mass(b, body);

    for (size_t i = 0; i < b->n_nodes; i++) {
        const struct dom_node *node = b->nodes[i];
        uint32_t marks = b->marks[i];

        if (node == NULL || b->end[i] == b->first[i] || node == body)
            continue;
        if (node->tag == DOM_NAV || node->tag == DOM_MENU)
            cut_within(b, node, total, 50, CUT_ELEMENT);
        else if (node->tag == DOM_FOOTER || node->tag == DOM_ASIDE)
            cut_within(b, node, total, 35, CUT_ELEMENT);
        if (marks & MARK_BODY)
            continue;
        if (marks & MARK_COMMENTS)
            cut_within(b, node, total, 80, CUT_NAME);
        else if (marks & (MARK_CONSENT | MARK_HIDDEN))
            cut_within(b, node, total, 40, CUT_NAME);
        else if (marks & (MARK_SIDE | MARK_AD | MARK_RELATED))
            cut_within(b, node, total, 35, CUT_NAME);
    }
}

/* ---- the container --------------------------------------------------------------------------- */

/* Figures hold captions, but also tables and quotations. */
static bool is_picture(const struct dom_node *node)
{
    for (const struct dom_node *n = node; n != NULL; n = dom_next(n, node))
        if (n->tag == DOM_TABLE || n->tag == DOM_BLOCKQUOTE || n->tag == DOM_PRE)
            return false;
    return true;
}

static void cut_by_name(struct blocks *b, const struct dom_node *node, size_t total)
{
    uint32_t marks = b->marks[node->order];

    if (marks & (MARK_SHARE | MARK_SUBSCRIBE | MARK_BIO | MARK_WIDGET))
        cut_within(b, node, total, 20, CUT_NAME);
    if (marks & (MARK_META | MARK_AUTHOR | MARK_DATE | MARK_CAPTION))
        cut_within(b, node, total, 10, CUT_NAME);
}

/* Lists, tables and boxes that are mostly links. */
static void cut_links(struct blocks *b, const struct dom_node *node)
{
    size_t bytes = 0, link_bytes = 0, n = 0, mass = 0;

    for (size_t i = b->first[node->order]; i < b->end[node->order]; i++)
        if (b->list[i].cut == CUT_NOT) {
            bytes += b->list[i].text.len;
            link_bytes += b->list[i].link_bytes;
            mass += b->list[i].mass;
            n++;
        }
    if (n == 0 || link_bytes * 10 < bytes * 6)
        return;
    if (node->tag == DOM_P && (mass > 0 || bytes - link_bytes > 40))
        return;
    if (mass > 0 && link_bytes * 10 < bytes * 8)
        return;
    cut_range(b, node, CUT_LINKS);
}

void prune_container(struct blocks *b, const struct dom_node *container)
{
    size_t total = blocks_mass(b, container);

    for (size_t i = container->order + 1; i < b->n_nodes; i++) {
        const struct dom_node *node = b->nodes[i];

        if (node == NULL || b->end[i] == b->first[i])
            continue;
        if (b->first[i] >= b->end[container->order])
            break;
        if (node->tag == DOM_FIGCAPTION || node->tag == DOM_CAPTION)
            cut_within(b, node, total, 20, CUT_ELEMENT);
        else if (node->tag == DOM_FORM || node->tag == DOM_FIELDSET || node->tag == DOM_LABEL)
            cut_within(b, node, total, 20, CUT_ELEMENT);
        else if (node->tag == DOM_FIGURE && is_picture(node))
            cut_within(b, node, total, 20, CUT_ELEMENT);
        cut_by_name(b, node, total);
        switch ((int)node->tag) {
        case DOM_UL:
        case DOM_OL:
        case DOM_DL:
        case DOM_TABLE:
        case DOM_DIV:
        case DOM_SECTION:
        case DOM_P:
        case DOM_LI:
            cut_links(b, node);
            break;
        }
    }
}
