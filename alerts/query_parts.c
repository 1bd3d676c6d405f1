/*
 * query_parts.c - each part is made a rule of a list of its own, over the same words, and asked of
 * the article as any other.
 */
#include "alerts/query_parts.h"

#include "base/arena.h"
#include "base/limits.h"

/* What is being made. */
struct maker {
    struct query_part *parts;
    struct watchlist list;
    size_t n;
};

static void add_part(struct maker *mk, const struct query *q, size_t root, struct query *room)
{
    const bool is_refused = q->nodes[root].op == QUERY_NOT;
    const size_t at = is_refused ? query_last_child(root) : root;
    const struct query_node *node = &q->nodes[at];
    unsigned char stack[QUERY_NODES_MAX];

    *room = (struct query){.text = slice_sub(q->text, node->start, node->end - node->start),
                           .nodes = q->nodes + at + 1 - node->size,
                           .n_nodes = node->size,
                           .n_words = q->n_words};
    if (query_may_be_true(room, NULL, true, stack))
        return;
    mk->parts[mk->n] = (struct query_part){.text = room->text, .is_refused = is_refused};
    mk->list.items[mk->n] = (struct watch_item){.id = room->text, .kind = SLICE("part")};
    mk->list.rules[mk->n] = (struct watch_rule){.item = (uint32_t)mk->n, .query = room};
    mk->n++;
}

static bool make(struct maker *mk, const struct query *q, struct arena *arena)
{
    const size_t root = q->n_nodes - 1;
    const uint32_t n = q->nodes[root].op == QUERY_AND ? q->nodes[root].n_children : 1;
    struct query *rooms = arena_array(arena, n, sizeof(*rooms));
    size_t *children = arena_array(arena, n, sizeof(*children));
    size_t child = n > 1 ? query_last_child(root) : root;

    mk->parts = arena_array(arena, n, sizeof(*mk->parts));
    mk->list.items = arena_array(arena, n, sizeof(*mk->list.items));
    mk->list.rules = arena_array(arena, n, sizeof(*mk->list.rules));
    if (rooms == NULL || children == NULL || mk->parts == NULL || mk->list.items == NULL ||
        mk->list.rules == NULL)
        return false;
    for (uint32_t i = n; i-- > 0; child = query_child_before(q, child))
        children[i] = child;
    for (uint32_t i = 0; i < n; i++)
        add_part(mk, q, children[i], &rooms[i]);
    mk->list.n_items = mk->n;
    mk->list.n_rules = mk->n;
    return true;
}

enum ww_status query_parts(const struct watchlist *w, const struct watch_rule *rule,
                           const struct mention_article *article, struct arena *arena,
                           struct query_part **out, size_t *n_parts, struct ww_error *err)
{
    struct maker mk = {.list = {.words = w->words}};
    struct mention_engine *engine;
    struct mention_report report = {0};
    enum ww_status status;

    *n_parts = 0;
    if (!make(&mk, rule->query, arena))
        return arena_check(arena, err);
    status = mentions_open(&mk.list, arena, &engine, err);
    if (status == WW_OK)
        status = mentions_find(engine, article, arena, &report, err);
    for (size_t i = 0; i < report.n_mentions && status == WW_OK; i++)
        mk.parts[report.mentions[i].item - mk.list.items].is_there = true;
    *out = mk.parts;
    *n_parts = mk.n;
    return status;
}
