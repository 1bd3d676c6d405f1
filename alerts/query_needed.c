/*
 * query_needed.c - words of which every article that a query is true of must hold one.
 *
 * Each node gives one clause that follows from it. AND, NEAR and the like give the surest one of
 * their children; OR the clauses of all its children in one; NOT gives none.
 */
#include "alerts/query.h"

#include "base/arena.h"

/* A clause of more words says little. */
#define CLAUSE_WORDS_MAX 60

/* Words of the list, one of which must be in the article; none: nothing follows. */
struct clause {
    const uint32_t *words;
    size_t n_words;
};

struct maker {
    const struct query_words *words;
    struct arena *arena;
    struct clause *stack;
    size_t n;
};

/* The fewer words in the clause, and the longer, the fewer articles have one of them. */
static size_t worth(const struct maker *mk, const struct clause *c)
{
    size_t least = SIZE_MAX;

    for (size_t i = 0; i < c->n_words; i++)
        if (mk->words->rows[c->words[i]].name.len < least)
            least = mk->words->rows[c->words[i]].name.len;
    return c->n_words == 0 || c->n_words > CLAUSE_WORDS_MAX
               ? 0
               : 1 + least * CLAUSE_WORDS_MAX / c->n_words;
}

/* One of the children is true. */
static struct clause any_of(struct maker *mk, const struct clause *children, size_t n)
{
    uint32_t *words;
    size_t n_words = 0;

    for (size_t i = 0; i < n; i++) {
        if (children[i].n_words == 0)
            return (struct clause){0};
        n_words += children[i].n_words;
    }
    words = arena_array(mk->arena, n_words + 1, sizeof(*words));
    if (words == NULL)
        return (struct clause){0};
    n_words = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < children[i].n_words; k++)
            words[n_words++] = children[i].words[k];
    return (struct clause){words, n_words};
}

/* All of them are. */
static struct clause best_of(struct maker *mk, const struct clause *children, size_t n)
{
    struct clause best = {0};

    for (size_t i = 0; i < n; i++)
        if (best.n_words == 0 || worth(mk, &children[i]) > worth(mk, &best))
            best = children[i];
    return best;
}

static void take(struct maker *mk, const struct query_node *node)
{
    struct clause c = {0};
    const struct clause *children;

    mk->n -= node->n_children;
    children = mk->stack + mk->n;
    switch (node->op) {
    case QUERY_WORD:
        c = (struct clause){&node->word, 1};
        break;
    case QUERY_OR:
        c = any_of(mk, children, node->n_children);
        break;
    case QUERY_ALIAS:
    case QUERY_NOT:
        break;
    case QUERY_AND:
    case QUERY_NEAR:
    case QUERY_PRE:
    case QUERY_SENTENCE:
    case QUERY_PARAGRAPH:
    case QUERY_ATLEAST:
        c = best_of(mk, children, node->n_children);
        break;
    }
    mk->stack[mk->n++] = c;
}

enum ww_status query_needed_words(const struct query *q, const struct query_words *words,
                                  struct arena *arena, const uint32_t **out, size_t *n_words,
                                  struct ww_error *err)
{
    struct maker mk = {.words = words,
                       .arena = arena,
                       .stack = arena_array(arena, q->n_nodes + 1, sizeof(*mk.stack))};
    uint32_t *all;

    *out = NULL;
    *n_words = 0;
    if (mk.stack == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < q->n_nodes; i++)
        take(&mk, &q->nodes[i]);
    if (mk.n == 1 && mk.stack[0].n_words > 0) {
        *out = mk.stack[0].words;
        *n_words = mk.stack[0].n_words;
        return arena_check(arena, err);
    }
    all = arena_array(arena, q->n_words + 1, sizeof(*all));
    for (size_t i = 0; all != NULL && i < q->n_nodes; i++)
        if (q->nodes[i].op == QUERY_WORD)
            all[(*n_words)++] = q->nodes[i].word;
    *out = all;
    return arena_check(arena, err);
}
