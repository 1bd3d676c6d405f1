/* query_lint.c - what is odd about a rule, with the place in its query. */
#include "alerts/query_lint.h"

#include "alerts/id_table.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/store_alerts.h"

/* All answers of so many parts are tried: 4,096 times a query. */
#define PARTS_MAX 12
#define NO_PART UINT32_MAX

static void say(struct watch_findings *f, struct arena *arena, enum finding_level level,
                const struct watch_rule *rule, size_t at, struct slice text)
{
    if (!watch_find(f, arena, level, rule->cell, text))
        return;
    f->rows[f->n_rows - 1].query = rule->query->text;
    f->rows[f->n_rows - 1].at = at;
}

/* ---- never true ------------------------------------------------------------------------------ */

/*
 * The yes and no of a query: AND, OR and NOT over parts. A part is a word in its fields, or a whole
 * group that gives places, which may be true or not whatever else is; so what is said to be never
 * true is.
 */
struct parts {
    const struct query *q;
    uint32_t of_node[QUERY_NODES_MAX]; /* its part; NO_PART: an operator, or inside of one */
    size_t n;
};

static bool is_boolean(enum query_op op)
{
    return op == QUERY_AND || op == QUERY_OR || op == QUERY_NOT;
}

static uint32_t part_of(const struct parts *p, size_t node)
{
    const struct query_node *a = &p->q->nodes[node];

    for (size_t i = 0; i < node && a->op == QUERY_WORD; i++) {
        const struct query_node *b = &p->q->nodes[i];

        if (p->of_node[i] != NO_PART && b->op == QUERY_WORD && b->word == a->word &&
            b->fields == a->fields)
            return p->of_node[i];
    }
    return (uint32_t)p->n;
}

static void find_parts(struct parts *p)
{
    for (size_t i = 0; i < p->q->n_nodes && p->n <= PARTS_MAX; i++) {
        p->of_node[i] = NO_PART;
        if (p->q->nodes[i].wants_places || is_boolean(p->q->nodes[i].op))
            continue;
        p->of_node[i] = part_of(p, i);
        p->n += p->of_node[i] == p->n;
    }
}

/* Is the query true when the parts are as the bits say? */
static bool is_true(const struct parts *p, uint32_t bits)
{
    unsigned char stack[QUERY_NODES_MAX];
    size_t n = 0;

    for (size_t i = 0; i < p->q->n_nodes; i++) {
        const struct query_node *node = &p->q->nodes[i];
        bool is_any = false, is_all = true;

        if (p->of_node[i] != NO_PART) {
            stack[n++] = bits >> p->of_node[i] & 1;
            continue;
        }
        if (!is_boolean(node->op) || node->wants_places)
            continue; /* inside of a part */
        n -= node->n_children;
        for (uint32_t k = 0; k < node->n_children; k++) {
            is_any = is_any || stack[n + k] != 0;
            is_all = is_all && stack[n + k] != 0;
        }
        stack[n++] = node->op == QUERY_NOT ? !is_any : node->op == QUERY_OR ? is_any : is_all;
    }
    return n == 1 && stack[0] != 0;
}

static bool is_never_true(const struct query *q)
{
    struct parts p = {.q = q};

    find_parts(&p);
    if (p.n > PARTS_MAX)
        return false;
    for (uint32_t bits = 0; bits < 1U << p.n; bits++)
        if (is_true(&p, bits))
            return false;
    return true;
}

/* ---- words ----------------------------------------------------------------------------------- */

static size_t count_letters(struct slice s)
{
    size_t n = 0;

    for (size_t at = 0; at < s.len; n++)
        (void)text_next_code(s, &at);
    return n;
}

static void lint_word(struct watch_findings *f, struct arena *arena,
                      const struct query_words *words, const struct watch_rule *rule,
                      const struct query_node *node)
{
    const struct query_word *w = &words->rows[node->word];

    if (w->n_tokens != 1 || count_letters(w->folded[0]) != 1)
        return;
    say(f, arena, FINDING_WARNING, rule, node->at,
        arena_printf(arena, "\"%.*s\" is one %s: most articles have it", SLICE_ARG(w->text),
                     w->is_cjk ? "character" : "letter"));
}

/* a OR b AND c: the AND has no bracket of its own behind its last operand. */
static void lint_brackets(struct watch_findings *f, struct arena *arena,
                          const struct watch_rule *rule, size_t at)
{
    const struct query *q = rule->query;
    const struct query_node *node = &q->nodes[at];
    size_t child = query_last_child(at);

    for (uint32_t i = 0; i < node->n_children; i++, child = query_child_before(q, child)) {
        const struct query_node *inner = &q->nodes[child];

        if (inner->op != QUERY_AND || inner->end != q->nodes[query_last_child(child)].end)
            continue;
        say(f, arena, FINDING_NOTE, rule, inner->at,
            SLICE("AND binds tighter than the OR beside it; brackets would say so"));
        return;
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void lint_rule(struct watch_findings *f, struct arena *arena, const struct watchlist *w,
                      const struct watch_rule *rule)
{
    const struct query *q = rule->query;

    if (is_never_true(q))
        say(f, arena, FINDING_WARNING, rule, q->nodes[q->n_nodes - 1].at,
            SLICE("the rule can never be true: what it asks for, it also rules out"));
    for (size_t i = 0; i < q->n_nodes; i++)
        if (q->nodes[i].op == QUERY_WORD)
            lint_word(f, arena, &w->words, rule, &q->nodes[i]);
        else if (q->nodes[i].op == QUERY_OR)
            lint_brackets(f, arena, rule, i);
}

enum ww_status query_lint(const struct watchlist *w, struct arena *arena,
                          struct watch_findings *findings, struct ww_error *err)
{
    struct id_table queries = {0};

    for (size_t i = 0; i < w->n_rules; i++) {
        const struct watch_rule *rule = &w->rules[i];
        const uint32_t first = id_table_get(&queries, SLICE("query"), rule->query->text);

        lint_rule(findings, arena, w, rule);
        if (first == ID_NONE)
            id_table_put(&queries, arena, SLICE("query"), rule->query->text, (uint32_t)i);
        else
            say(findings, arena, FINDING_WARNING, rule, 0,
                arena_printf(arena, "the same query as in row %u", w->rules[first].cell.row));
    }
    return arena_check(arena, err);
}
