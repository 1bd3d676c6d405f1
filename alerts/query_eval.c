/*
 * query_eval.c - the nodes in their order, a stack of lists.
 *
 * A list either borrows an article's hits or has room of its own, which stays with its level of the
 * stack. A result is made in a spare list and then changes places with the operand's.
 */
#include "alerts/query_eval.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Room for hits that is used again. */
struct room {
    struct query_hit *rows;
    size_t n_rows, capacity;
};

struct level {
    struct query_hits hits;
    bool is_true;
    struct room own;
};

struct query_machine {
    struct level *levels;
    size_t n_levels, n_rooms;
    struct room spare;
    uint32_t *lasts;
    size_t lasts_room;
    unsigned char *marks;
    size_t marks_room;
    bool is_out; /* of memory */
};

struct query_machine *query_machine_open(void)
{
    return mem_alloc(sizeof(struct query_machine));
}

void query_machine_close(struct query_machine *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; i < m->n_rooms; i++)
        mem_free(m->levels[i].own.rows);
    mem_free(m->levels);
    mem_free(m->spare.rows);
    mem_free(m->lasts);
    mem_free(m->marks);
    mem_free(m);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void put(struct query_machine *m, const struct query_hit *hit)
{
    struct room *room = &m->spare;
    struct query_hit *rows;

    if (m->is_out)
        return;
    rows = mem_grow(room->rows, room->n_rows, &room->capacity, sizeof(*rows));
    if (rows == NULL) {
        m->is_out = true;
        return;
    }
    room->rows = rows;
    rows[room->n_rows++] = *hit;
}

/* What was put becomes the list of a level; the room that it had is the spare one now. */
static void keep(struct query_machine *m, struct level *level)
{
    struct room made = m->spare;

    m->spare = level->own;
    m->spare.n_rows = 0;
    level->own = made;
    level->hits = (struct query_hits){made.rows, made.n_rows};
}

static int compare_hits(const void *a, const void *b)
{
    const struct query_hit *x = a;
    const struct query_hit *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->last != y->last)
        return x->last < y->last ? -1 : 1;
    return x->word < y->word ? -1 : x->word > y->word;
}

static int compare_ends(const void *a, const void *b)
{
    const struct query_hit *x = a;
    const struct query_hit *y = b;

    if (x->last != y->last)
        return x->last < y->last ? -1 : 1;
    return compare_hits(a, b);
}

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t *x = a;
    const uint32_t *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* By place, each once. */
static void sort_spare(struct query_machine *m)
{
    struct query_hit *rows = m->spare.rows;
    size_t n = 0;
    bool is_sorted = true;

    for (size_t i = 1; i < m->spare.n_rows && is_sorted; i++)
        is_sorted = compare_hits(&rows[i - 1], &rows[i]) <= 0;
    if (!is_sorted)
        qsort(rows, m->spare.n_rows, sizeof(*rows), compare_hits);
    for (size_t i = 0; i < m->spare.n_rows; i++)
        if (n == 0 || compare_hits(&rows[n - 1], &rows[i]) != 0)
            rows[n++] = rows[i];
    m->spare.n_rows = n;
}

/* The last places of a list, sorted: of lists of phrases they need not follow the first ones. */
static bool take_lasts(struct query_machine *m, struct query_hits hits)
{
    bool is_sorted = true;

    while (m->lasts_room < hits.n_rows) {
        uint32_t *lasts = mem_grow(m->lasts, m->lasts_room, &m->lasts_room, sizeof(*lasts));

        if (lasts == NULL) {
            m->is_out = true;
            return false;
        }
        m->lasts = lasts;
    }
    for (size_t i = 0; i < hits.n_rows; i++) {
        m->lasts[i] = hits.rows[i].last;
        is_sorted = is_sorted && (i == 0 || m->lasts[i - 1] <= m->lasts[i]);
    }
    if (!is_sorted)
        qsort(m->lasts, hits.n_rows, sizeof(*m->lasts), compare_numbers);
    return true;
}

static size_t last_from(const struct query_machine *m, size_t n, uint32_t place)
{
    size_t low = 0;
    size_t high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (m->lasts[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- NEAR ------------------------------------------------------------------------------------ */

static uint32_t less(uint32_t place, uint32_t n)
{
    return place > n ? place - n : 0;
}

/* Does one of the others end at most n words before the hit? m->lasts are theirs. */
static bool has_before(const struct query_machine *m, size_t n_others, const struct query_hit *hit,
                       uint32_t n)
{
    size_t at = last_from(m, n_others, less(hit->first, n));

    return at < n_others && m->lasts[at] < hit->first;
}

/* Does one of them begin at most n words behind it? */
static bool has_behind(struct query_hits others, const struct query_hit *hit, uint32_t n)
{
    size_t at = query_hits_from(others, hit->last + 1);

    return at < others.n_rows && others.rows[at].first - hit->last <= n;
}

/* Those of hits that have one of the others near; at most limit, with one such other each. */
static void put_near(struct query_machine *m, struct query_hits hits, struct query_hits others,
                     uint32_t n, size_t limit)
{
    if (others.n_rows == 0 || !take_lasts(m, others))
        return;
    for (size_t i = 0; i < hits.n_rows && m->spare.n_rows < limit; i++) {
        const struct query_hit *hit = &hits.rows[i];

        if (has_behind(others, hit, n) || has_before(m, others.n_rows, hit, n))
            put(m, hit);
    }
}

/* The others that stand near what was put: for evidence, of few. */
static void put_partners(struct query_machine *m, struct query_hits others, uint32_t n)
{
    const size_t n_hits = m->spare.n_rows;

    for (size_t i = 0; i < n_hits; i++) {
        struct query_hit hit = m->spare.rows[i];
        size_t at = query_hits_from(others, hit.last + 1);

        if (at < others.n_rows && others.rows[at].first - hit.last <= n)
            put(m, &others.rows[at]);
        /* A phrase that ends before the hit began at most its own length earlier. */
        at = query_hits_from(others, hit.first);
        for (size_t k = 0; k < QUERY_EVIDENCE_MAX && at > 0; k++) {
            at--;
            if (others.rows[at].last < hit.first) {
                if (hit.first - others.rows[at].last <= n)
                    put(m, &others.rows[at]);
                break;
            }
        }
    }
}

static void join_near(struct query_machine *m, const struct query_node *node,
                      struct query_hits left, struct query_hits right)
{
    if (node->wants_places) {
        put_near(m, left, right, node->n, SIZE_MAX);
        put_near(m, right, left, node->n, SIZE_MAX);
        return;
    }
    if (left.n_rows > right.n_rows) {
        struct query_hits other = left;

        left = right;
        right = other;
    }
    put_near(m, left, right, node->n, QUERY_EVIDENCE_MAX);
    put_partners(m, right, node->n);
}

/* ---- SENTENCE, PARAGRAPH --------------------------------------------------------------------- */

static uint32_t unit_of(const struct query_hit *hit, enum query_op op)
{
    return op == QUERY_SENTENCE ? hit->sentence : hit->paragraph;
}

/* The rows of the unit at row `at`, and where they end and begin. */
struct unit {
    size_t from, to;
    uint32_t least_last, most_first;
};

static struct unit find_unit(struct query_hits hits, size_t at, enum query_op op)
{
    const struct query_hit *rows = hits.rows;
    struct unit u = {at, at, UINT32_MAX, 0};

    for (; u.to < hits.n_rows && unit_of(&rows[u.to], op) == unit_of(&rows[at], op); u.to++) {
        if (rows[u.to].last < u.least_last)
            u.least_last = rows[u.to].last;
        if (rows[u.to].first > u.most_first)
            u.most_first = rows[u.to].first;
    }
    return u;
}

/* Those of the unit that share no word with one of the other side. */
static void put_apart(struct query_machine *m, struct query_hits hits, const struct unit *u,
                      const struct unit *other)
{
    for (size_t i = u->from; i < u->to; i++)
        if (other->least_last < hits.rows[i].first || other->most_first > hits.rows[i].last)
            put(m, &hits.rows[i]);
}

static void join_unit(struct query_machine *m, const struct query_node *node,
                      struct query_hits left, struct query_hits right)
{
    const size_t limit = node->wants_places ? SIZE_MAX : QUERY_EVIDENCE_MAX;
    size_t i = 0, k = 0;

    while (i < left.n_rows && k < right.n_rows && m->spare.n_rows < limit) {
        uint32_t x = unit_of(&left.rows[i], node->op);
        uint32_t y = unit_of(&right.rows[k], node->op);

        if (x != y) {
            i += x < y;
            k += y < x;
        } else {
            struct unit u = find_unit(left, i, node->op);
            struct unit v = find_unit(right, k, node->op);

            put_apart(m, left, &u, &v);
            put_apart(m, right, &v, &u);
            i = u.to;
            k = v.to;
        }
    }
}

/* ---- PRE ------------------------------------------------------------------------------------- */

/*
 * Forward, each operand keeps what follows something kept of the one before; backward, what
 * something kept follows. What is left is in some whole row.
 */
static void join_row(struct query_machine *m, const struct query_node *node,
                     const struct query_node *const *children, struct level *levels)
{
    for (uint32_t i = 1; i < node->n_children && !m->is_out; i++) {
        struct query_hits before = levels[i - 1].hits;
        struct query_hits hits = levels[i].hits;

        if (before.n_rows > 0 && take_lasts(m, before))
            for (size_t k = 0; k < hits.n_rows; k++)
                if (has_before(m, before.n_rows, &hits.rows[k], children[i]->gap))
                    put(m, &hits.rows[k]);
        keep(m, &levels[i]);
    }
    for (uint32_t i = node->n_children - 1; i > 0 && !m->is_out; i--) {
        struct query_hits behind = levels[i].hits;
        struct query_hits hits = levels[i - 1].hits;

        for (size_t k = 0; k < hits.n_rows; k++)
            if (has_behind(behind, &hits.rows[k], children[i]->gap))
                put(m, &hits.rows[k]);
        keep(m, &levels[i - 1]);
    }
    for (uint32_t i = 0; i < node->n_children; i++)
        for (size_t k = 0; k < levels[i].hits.n_rows; k++)
            put(m, &levels[i].hits.rows[k]);
}

/* ---- the others ------------------------------------------------------------------------------ */

static bool overlaps(const struct query_hit *a, const struct query_hit *b)
{
    return a->first <= b->last && b->first <= a->last;
}

static void eval_word(struct query_machine *m, const struct query_node *node,
                      const struct query_article *a, const struct query_window *window,
                      struct level *level)
{
    struct query_hits hits = query_hits_of(a, node->word, node->fields);

    level->hits = hits;
    if (window != NULL) {
        /* A phrase that reaches into the window counts, as it does for NEAR. */
        for (size_t i = query_hits_from(hits, less(window->from, QUERY_PHRASE_MAX));
             i < hits.n_rows && hits.rows[i].first <= window->to; i++)
            if (hits.rows[i].last >= window->from && !overlaps(&hits.rows[i], &window->alias))
                put(m, &hits.rows[i]);
        keep(m, level);
    }
    level->is_true = level->hits.n_rows > 0;
    if (!node->wants_places && level->hits.n_rows > QUERY_EVIDENCE_MAX)
        level->hits.n_rows = QUERY_EVIDENCE_MAX;
}

/* As many places as there are without an overlap, up to n: always the one that ends first. */
static bool has_apart(struct query_machine *m, struct query_hits hits, uint32_t n)
{
    uint32_t found = 0, behind = 0;
    bool is_sorted = true;

    for (size_t i = 1; i < hits.n_rows && is_sorted; i++)
        is_sorted = compare_ends(&hits.rows[i - 1], &hits.rows[i]) <= 0;
    if (!is_sorted) {
        for (size_t i = 0; i < hits.n_rows; i++)
            put(m, &hits.rows[i]);
        if (m->is_out)
            return false;
        qsort(m->spare.rows, m->spare.n_rows, sizeof(*m->spare.rows), compare_ends);
        hits = (struct query_hits){m->spare.rows, m->spare.n_rows};
    }
    for (size_t i = 0; i < hits.n_rows && found < n; i++)
        if (hits.rows[i].first >= behind) {
            found++;
            behind = hits.rows[i].last + 1;
        }
    m->spare.n_rows = 0;
    return found >= n;
}

static void put_all(struct query_machine *m, struct query_hits hits)
{
    for (size_t i = 0; i < hits.n_rows; i++)
        put(m, &hits.rows[i]);
}

/* AND, OR: yes or no of all, and the places of those that are true. */
static void eval_choice(struct query_machine *m, const struct query_node *node,
                        struct level *levels)
{
    bool is_any = false, is_all = true;

    for (uint32_t i = 0; i < node->n_children; i++) {
        is_any = is_any || levels[i].is_true;
        is_all = is_all && levels[i].is_true;
        if (levels[i].is_true)
            put_all(m, levels[i].hits);
    }
    levels[0].is_true = node->op == QUERY_OR ? is_any : is_all;
    if (!levels[0].is_true)
        m->spare.n_rows = 0;
    sort_spare(m);
    keep(m, &levels[0]);
}

static void eval_places(struct query_machine *m, const struct query *q, size_t at,
                        struct level *levels)
{
    const struct query_node *node = &q->nodes[at];

    if (node->op == QUERY_PRE) {
        const struct query_node *children[QUERY_CHAIN_MAX];
        size_t child = query_last_child(at);

        for (uint32_t i = node->n_children; i-- > 0; child = query_child_before(q, child))
            children[i] = &q->nodes[child];
        join_row(m, node, children, levels);
    } else if (node->op == QUERY_NEAR) {
        join_near(m, node, levels[0].hits, levels[1].hits);
    } else {
        join_unit(m, node, levels[0].hits, levels[1].hits);
    }
    sort_spare(m);
    keep(m, &levels[0]);
    levels[0].is_true = levels[0].hits.n_rows > 0;
}

static void eval_node(struct query_machine *m, const struct query *q, size_t at,
                      const struct query_article *a, const struct query_window *window)
{
    const struct query_node *node = &q->nodes[at];
    struct level *levels;

    m->n_levels -= node->n_children;
    levels = &m->levels[m->n_levels++];
    switch (node->op) {
    case QUERY_WORD:
        eval_word(m, node, a, window, levels);
        return;
    case QUERY_ALIAS:
        put(m, &window->alias);
        keep(m, levels);
        levels->is_true = true;
        return;
    case QUERY_NOT:
        levels->is_true = !levels->is_true;
        levels->hits.n_rows = 0;
        return;
    case QUERY_ATLEAST:
        levels->is_true = has_apart(m, levels->hits, node->n);
        if (!levels->is_true)
            levels->hits.n_rows = 0;
        else if (levels->hits.n_rows > QUERY_EVIDENCE_MAX)
            levels->hits.n_rows = QUERY_EVIDENCE_MAX;
        return;
    case QUERY_AND:
    case QUERY_OR:
        eval_choice(m, node, levels);
        return;
    case QUERY_NEAR:
    case QUERY_PRE:
    case QUERY_SENTENCE:
    case QUERY_PARAGRAPH:
        eval_places(m, q, at, levels);
        return;
    }
}

enum ww_status query_eval(struct query_machine *m, const struct query *q,
                          const struct query_article *a, const struct query_window *window,
                          bool *is_true, struct query_hits *evidence, struct ww_error *err)
{
    while (m->n_rooms < q->n_nodes + 1) {
        size_t before = m->n_rooms;
        struct level *levels = mem_grow(m->levels, m->n_rooms, &m->n_rooms, sizeof(*levels));

        if (levels == NULL)
            return ww_fail(err, WW_NOMEM, "out of memory");
        m->levels = levels;
        memset(levels + before, 0, (m->n_rooms - before) * sizeof(*levels));
    }
    m->n_levels = 0;
    m->spare.n_rows = 0;
    m->is_out = false;
    for (size_t i = 0; i < q->n_nodes && !m->is_out; i++)
        eval_node(m, q, i, a, window);
    if (m->is_out)
        return ww_fail(err, WW_NOMEM, "out of memory");
    *is_true = m->levels[0].is_true;
    if (evidence != NULL)
        *evidence = m->levels[0].hits;
    return WW_OK;
}
