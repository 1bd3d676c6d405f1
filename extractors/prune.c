/* prune.c - cutting by elements, by their names, by links. */
#include "extractors/prune.h"

#include "extractors/marks.h"
#include "extractors/steps.h"

static void cut_range(struct blocks *b, const struct dom_node *node, enum block_cut why)
{
    for (size_t i = b->first[node->order]; i < b->end[node->order]; i++)
        if (b->list[i].cut == CUT_NOT) {
            b->list[i].cut = why;
            b->list[i].cut_by = node;
        }
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

/* ---- names ----------------------------------------------------------------------------------- */

/* What must speak against an element beside its name. */
enum evidence {
    NAME_ALONE,
    NAME_AND_LINK, /* it leads elsewhere */
    NAME_AND_PLACE /* prose of the scope stands before it */
};

/* What a name may take: of each element, and of all elements with this name together. */
struct name_rule {
    uint32_t marks;
    unsigned percent;     /* of the scope's prose, for one element */
    unsigned percent_all; /* the name is not believed on this page when all would take more */
    enum evidence evidence;
};

#define RULES_MAX 8

/* The whole block, not a link or a word inside a sentence? */
static bool is_own_block(const struct blocks *b, const struct dom_node *node)
{
    size_t own = 0, all = 0;

    if (b->list[b->first[node->order]].node != node &&
        b->end[node->order] - b->first[node->order] > 1)
        return true;
    for (const struct dom_node *up = b->list[b->first[node->order]].node; up != NULL;
         up = up->parent)
        if (up == node)
            return true; /* a block-level element, or it has one inside */
    for (const struct dom_node *n = node; n != NULL; n = dom_next(n, node))
        own += n->text.len;
    all = b->list[b->first[node->order]].text.len;
    return own * 10 >= all * 8;
}

static bool may_be_cut(const struct blocks *b, const struct dom_node *node)
{
    size_t i;

    if (node == NULL)
        return false;
    i = node->order;
    return b->end[i] > b->first[i] && node->tag != DOM_BODY && !(b->marks[i] & MARK_BODY) &&
           is_own_block(b, node);
}

static bool has_link(const struct blocks *b, const struct dom_node *node)
{
    for (size_t i = b->first[node->order]; i < b->end[node->order]; i++)
        if (b->list[i].link_bytes > 0)
            return true;
    return false;
}

/* Index of the first block with prose. */
static size_t find_prose(const struct blocks *b, const struct dom_node *scope)
{
    size_t i = b->first[scope->order];

    while (i < b->end[scope->order] && (b->list[i].cut != CUT_NOT || b->list[i].mass == 0))
        i++;
    return i;
}

static void cut_names(struct blocks *b, const struct dom_node *scope, const struct name_rule *rules,
                      size_t n_rules)
{
    size_t total = blocks_mass(b, scope);
    size_t sum[RULES_MAX] = {0}, covered[RULES_MAX] = {0};
    size_t last = b->end[scope->order], prose = find_prose(b, scope);

    for (int applies = 0; applies < 2; applies++)
        for (size_t i = scope->order + 1; i < b->n_nodes; i++) {
            const struct dom_node *node = b->nodes[i];

            if (node == NULL || b->marks[i] == 0 || b->first[i] >= last || !may_be_cut(b, node))
                continue;
            for (size_t r = 0; r < n_rules; r++) {
                size_t mass;

                if (!(b->marks[i] & rules[r].marks) ||
                    (rules[r].evidence == NAME_AND_LINK && !has_link(b, node)) ||
                    (rules[r].evidence == NAME_AND_PLACE && b->first[i] <= prose))
                    continue;
                mass = blocks_mass(b, node);
                if (mass * 100 > total * rules[r].percent)
                    continue;
                if (applies == 0 && b->first[i] >= covered[r]) {
                    sum[r] += mass;
                    covered[r] = b->end[i];
                } else if (applies == 1 && sum[r] * 100 <= total * rules[r].percent_all) {
                    cut_range(b, node, CUT_NAME);
                }
            }
        }
}

/* ---- the page -------------------------------------------------------------------------------- */

void prune_page(struct blocks *b, const struct dom_node *body, uint32_t without)
{
    static const struct name_rule rules[] = {
        {MARK_COMMENTS,              80, 90, NAME_ALONE   },
        {MARK_CONSENT | MARK_HIDDEN, 40, 50, NAME_ALONE   },
        {MARK_SIDE | MARK_AD,        35, 60, NAME_ALONE   },
        {MARK_RELATED,               35, 60, NAME_ALONE   },
        {MARK_TEASER,                20, 60, NAME_AND_LINK},
    };
    size_t total = blocks_mass(b, body);

    for (size_t i = 0; i < b->n_nodes; i++) {
        const struct dom_node *node = b->nodes[i];

        if (node == NULL || b->end[i] == b->first[i] || node == body)
            continue;
        if (node->tag == DOM_NAV || node->tag == DOM_MENU)
            cut_within(b, node, total, 50, CUT_ELEMENT);
        else if (node->tag == DOM_FOOTER || node->tag == DOM_ASIDE)
            cut_within(b, node, total, 35, CUT_ELEMENT);
    }
    if (!step_is_off(without, STEP_NAMES))
        cut_names(b, body, rules, sizeof(rules) / sizeof(rules[0]));
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

static bool is_list(const struct dom_node *node)
{
    return node->tag == DOM_UL || node->tag == DOM_OL;
}

/* Does the prose before a list announce it: "These are the best:"? */
static bool is_introduced(const struct blocks *b, const struct dom_node *node)
{
    size_t first = b->first[node->order];
    const struct block *before = first > 0 ? &b->list[first - 1] : NULL;

    return is_list(node) && before != NULL && before->cut == CUT_NOT &&
           before->kind != BLOCK_HEADING && before->text.len > 30 &&
           (slice_ends(before->text, SLICE(":")) || slice_ends(before->text, SLICE("：")));
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
    if (n == 0 || link_bytes * 10 < bytes * (is_list(node) ? 8 : 6) || is_introduced(b, node))
        return;
    if (node->tag == DOM_P && (mass > 0 || bytes - link_bytes > 40))
        return;
    if (mass > 0 && link_bytes * 10 < bytes * 8)
        return;
    cut_range(b, node, CUT_LINKS);
}

void prune_container(struct blocks *b, const struct dom_node *container, uint32_t without)
{
    static const struct name_rule rules[] = {
        {MARK_TEASER,                               15, 40, NAME_AND_PLACE},
        {MARK_BIO,                                  35, 40, NAME_ALONE    },
        {MARK_SHARE | MARK_SUBSCRIBE | MARK_WIDGET, 15, 30, NAME_ALONE    },
        {MARK_META | MARK_AUTHOR | MARK_DATE,       8,  20, NAME_ALONE    },
        {MARK_CAPTION,                              12, 25, NAME_ALONE    },
    };
    size_t total = blocks_mass(b, container);

    if (!step_is_off(without, STEP_NAMES_INSIDE))
        cut_names(b, container, rules, sizeof(rules) / sizeof(rules[0]));
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
        if (step_is_off(without, STEP_LINKS))
            continue;
        switch ((int)node->tag) {
        case DOM_UL:
        case DOM_OL:
        case DOM_DL:
        case DOM_TABLE:
        case DOM_DIV:
        case DOM_SECTION:
        case DOM_P:
            cut_links(b, node);
            break;
        }
    }
}
