/*
 * query_search.c - what every article that a query is true of must hold, in the words of the
 * search index: (a OR b) and (c), a clause each.
 *
 * Each node gives the clauses that follow from it. AND, NEAR and the like give those of all their
 * children; OR gives one, of the surest clause of each; NOT gives none. Characters of a script
 * without spaces are asked for one by one: the index has them in pairs of those that touch, and in
 * an article there may be a line break between them.
 */
#include "alerts/query.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

/* What store_search takes: phrases in all, and bytes. */
#define PHRASES_MAX 60
#define SEARCH_MAX_BYTES 4000
/* Of a phrase of characters so many are asked for. */
#define CHARACTERS_MAX 4

/* Words of the list, one of which must be in the article. */
struct clause {
    const uint32_t *words;
    size_t n_words;
};

/* What follows from a node. */
struct follows {
    struct clause *clauses;
    size_t n_clauses, room;
};

struct maker {
    const struct query *q;
    const struct query_words *words;
    struct arena *arena;
    struct follows *stack;
    size_t n;
};

/* The fewer words in the clause, and the longer, the fewer articles have one of them. */
static size_t worth(const struct maker *mk, const struct clause *c)
{
    size_t least = SIZE_MAX;

    for (size_t i = 0; i < c->n_words; i++)
        if (mk->words->rows[c->words[i]].name.len < least)
            least = mk->words->rows[c->words[i]].name.len;
    return c->n_words == 0 || c->n_words > PHRASES_MAX ? 0 : 1 + least * PHRASES_MAX / c->n_words;
}

static const struct clause *best_of(const struct maker *mk, const struct follows *f)
{
    const struct clause *best = NULL;

    for (size_t i = 0; i < f->n_clauses; i++)
        if (best == NULL || worth(mk, &f->clauses[i]) > worth(mk, best))
            best = &f->clauses[i];
    return best;
}

static void add_clause(struct maker *mk, struct follows *f, struct clause c)
{
    struct clause *clauses =
        arena_grow(mk->arena, f->clauses, f->n_clauses, &f->room, sizeof(*clauses));

    if (clauses == NULL || c.n_words == 0)
        return;
    f->clauses = clauses;
    clauses[f->n_clauses++] = c;
}

/* One of the children is true: a word of the best clause of one of them is there. */
static struct follows any_of(struct maker *mk, const struct follows *children, size_t n)
{
    struct follows f = {0};
    uint32_t *words;
    size_t n_words = 0;

    for (size_t i = 0; i < n; i++) {
        const struct clause *best = best_of(mk, &children[i]);

        if (best == NULL)
            return f;
        n_words += best->n_words;
    }
    words = arena_array(mk->arena, n_words + 1, sizeof(*words));
    n_words = 0;
    for (size_t i = 0; i < n && words != NULL; i++) {
        const struct clause *best = best_of(mk, &children[i]);

        for (size_t k = 0; k < best->n_words; k++)
            words[n_words++] = best->words[k];
    }
    if (words != NULL)
        add_clause(mk, &f, (struct clause){words, n_words});
    return f;
}

/* All of them are. */
static struct follows all_of(struct maker *mk, const struct follows *children, size_t n)
{
    struct follows f = {0};

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < children[i].n_clauses; k++)
            add_clause(mk, &f, children[i].clauses[k]);
    return f;
}

static void take(struct maker *mk, const struct query_node *node)
{
    struct follows f = {0};
    const struct follows *children;

    mk->n -= node->n_children;
    children = mk->stack + mk->n;
    switch (node->op) {
    case QUERY_WORD:
        add_clause(mk, &f, (struct clause){&node->word, 1});
        break;
    case QUERY_OR:
        f = any_of(mk, children, node->n_children);
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
        f = all_of(mk, children, node->n_children);
        break;
    }
    mk->stack[mk->n++] = f;
}

/* ---- in words -------------------------------------------------------------------------------- */

static bool is_character(struct slice folded)
{
    return folded.len >= 3 && (unsigned char)folded.ptr[0] >= 0xE1;
}

/* The longest token of the word. */
static size_t longest(const struct query_word *w)
{
    size_t best = 0;

    for (size_t i = 1; i < w->n_tokens; i++)
        if (w->folded[i].len > w->folded[best].len)
            best = i;
    return best;
}

/* A phrase of whole words is one in the index, too; of others a token is asked for. */
static bool is_phrase(const struct query_word *w)
{
    for (size_t i = 0; i < w->n_tokens; i++)
        if (w->n_globs > 0 || is_character(w->folded[i]) || (w->is_open[i] && i + 1 < w->n_tokens))
            return false;
    return true;
}

static void put_tokens(struct buf *b, const struct query_word *w, size_t from, size_t to)
{
    buf_add_char(b, '"');
    for (size_t i = from; i < to; i++) {
        if (i > from)
            buf_add_char(b, ' ');
        buf_add(b, w->folded[i]);
    }
    buf_add_char(b, '"');
    if (w->is_open[to - 1])
        buf_add_char(b, '*');
}

/* How many phrases the word takes when it stands alone in its clause. */
static size_t put_alone(struct buf *b, const struct query_word *w)
{
    size_t n = 0;

    if (is_phrase(w) || !w->is_cjk) {
        size_t at = longest(w);

        put_tokens(b, w, is_phrase(w) ? 0 : at, is_phrase(w) ? w->n_tokens : at + 1);
        return 1;
    }
    for (; n < w->n_tokens && n < CHARACTERS_MAX; n++) {
        if (n > 0)
            buf_add_char(b, ' ');
        put_tokens(b, w, n, n + 1);
    }
    return n;
}

static size_t put_clause(struct buf *b, const struct query_words *words, const struct clause *c)
{
    if (c->n_words == 1)
        return put_alone(b, &words->rows[c->words[0]]);
    for (size_t i = 0; i < c->n_words; i++) {
        const struct query_word *w = &words->rows[c->words[i]];
        size_t at = longest(w);

        if (i > 0)
            buf_add_string(b, " OR ");
        put_tokens(b, w, is_phrase(w) ? 0 : at, is_phrase(w) ? w->n_tokens : at + 1);
    }
    return c->n_words;
}

/* The surest clauses first, as many as the search takes. */
static void put_clauses(struct maker *mk, struct follows *f, struct buf *b)
{
    size_t n_phrases = 0;

    while (f->n_clauses > 0) {
        size_t best = (size_t)(best_of(mk, f) - f->clauses);
        struct clause c = f->clauses[best];
        size_t before = b->len;

        f->clauses[best] = f->clauses[--f->n_clauses];
        if (n_phrases + c.n_words + CHARACTERS_MAX > PHRASES_MAX)
            continue;
        if (before > 0)
            buf_add_char(b, ' ');
        n_phrases += put_clause(b, mk->words, &c);
        if (b->len > SEARCH_MAX_BYTES)
            b->len = before;
    }
}

/* Runs through all nodes; false: no memory. */
static bool follow(struct maker *mk)
{
    mk->stack = arena_array(mk->arena, mk->q->n_nodes + 1, sizeof(*mk->stack));
    for (size_t i = 0; mk->stack != NULL && i < mk->q->n_nodes; i++)
        take(mk, &mk->q->nodes[i]);
    return mk->stack != NULL && mk->n == 1;
}

enum ww_status query_needed_words(const struct query *q, const struct query_words *words,
                                  struct arena *arena, const uint32_t **out, size_t *n_words,
                                  struct ww_error *err)
{
    struct maker mk = {.q = q, .words = words, .arena = arena};
    const struct clause *best = follow(&mk) ? best_of(&mk, &mk.stack[0]) : NULL;
    uint32_t *all;

    *out = best != NULL ? best->words : NULL;
    *n_words = best != NULL ? best->n_words : 0;
    if (best != NULL)
        return arena_check(arena, err);
    all = arena_array(arena, q->n_words + 1, sizeof(*all));
    for (size_t i = 0; all != NULL && i < q->n_nodes; i++)
        if (q->nodes[i].op == QUERY_WORD)
            all[(*n_words)++] = q->nodes[i].word;
    *out = all;
    return arena_check(arena, err);
}

enum ww_status query_search_text(const struct query *q, const struct query_words *words,
                                 struct arena *arena, struct slice *out, struct ww_error *err)
{
    struct maker mk = {.q = q, .words = words, .arena = arena};
    struct buf b;
    enum ww_status status;

    *out = (struct slice){"", 0};
    buf_init(&b, (size_t)16 * QUERY_TEXT_MAX_BYTES);
    if (follow(&mk))
        put_clauses(&mk, &mk.stack[0], &b);
    status = buf_finish(&b, err);
    if (status == WW_OK && b.len > 0)
        *out = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return status == WW_OK ? arena_check(arena, err) : status;
}
