/* query_rules.c - which rules an article may be of, which it is of, and by which of its words. */
#include "alerts/query_rules.h"

#include "alerts/query_eval.h"
#include "base/arena.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

struct query_rules {
    const struct watchlist *list;
    uint32_t *first; /* per word and one more: the rules that need it, in by_word */
    uint32_t *by_word;
    size_t max_nodes;
};

/* ---- building -------------------------------------------------------------------------------- */

const struct watch_name *query_rules_names(const struct watchlist *w, struct arena *arena,
                                           size_t *n_names)
{
    struct watch_name *names;

    *n_names = w->n_names + w->words.n_rows;
    if (w->words.n_rows == 0)
        return w->names;
    names = arena_array(arena, *n_names + 1, sizeof(*names));
    if (names == NULL)
        return NULL;
    if (w->n_names > 0)
        memcpy(names, w->names, w->n_names * sizeof(*names));
    for (size_t i = 0; i < w->words.n_rows; i++)
        names[w->n_names + i] = (struct watch_name){.text = w->words.rows[i].name,
                                                    .class = WATCH_DIRECT,
                                                    .is_case_sensitive = w->words.rows[i].is_exact,
                                                    .cell = {.file = WATCH_RULES}};
    return names;
}

/* The words that a rule needs one of. */
struct needed {
    const uint32_t *words;
    size_t n_words;
};

enum ww_status query_rules_build(const struct watchlist *w, struct arena *arena,
                                 struct query_rules **out, struct ww_error *err)
{
    struct query_rules *r = arena_alloc(arena, sizeof(*r));
    struct needed *needed = arena_array(arena, w->n_rules + 1, sizeof(*needed));
    enum ww_status status = WW_OK;

    if (r == NULL || needed == NULL)
        return arena_check(arena, err);
    *r = (struct query_rules){.list = w};
    r->first = arena_array(arena, w->words.n_rows + 2, sizeof(*r->first));
    if (r->first == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < w->n_rules && status == WW_OK; i++) {
        const struct query *q = w->rules[i].query;

        status = query_needed_words(q, &w->words, arena, &needed[i].words, &needed[i].n_words, err);
        for (size_t k = 0; k < needed[i].n_words; k++)
            r->first[needed[i].words[k] + 2]++;
        if (q->n_nodes > r->max_nodes)
            r->max_nodes = q->n_nodes;
    }
    if (status != WW_OK)
        return status;
    for (size_t i = 1; i < w->words.n_rows + 2; i++)
        r->first[i] += r->first[i - 1];
    r->by_word = arena_array(arena, (size_t)r->first[w->words.n_rows + 1] + 1, sizeof(uint32_t));
    if (r->by_word == NULL)
        return arena_check(arena, err);
    /* Filling moves each beginning to where the next word's are: first[i] then is as it says. */
    for (size_t i = 0; i < w->n_rules; i++)
        for (size_t k = 0; k < needed[i].n_words; k++)
            r->by_word[r->first[needed[i].words[k] + 1]++] = (uint32_t)i;
    *out = r;
    return WW_OK;
}

const struct watchlist *query_rules_list(const struct query_rules *r)
{
    return r->list;
}

/* ---- what the matcher found ------------------------------------------------------------------ */

/* Every token like its glob: what ~ cannot say. */
static bool fits(const struct query_word *w, const struct match_text *text, const struct match *m)
{
    for (size_t i = 0; i < w->n_globs && m->first + i <= m->last; i++) {
        const struct token *t = &text->tokens.tokens[m->first + i];

        if (w->globs[i].len > 0 &&
            !query_glob_fits(w->globs[i], w->is_exact
                                              ? slice_sub(text->text, t->start, t->end - t->start)
                                              : t->folded))
            return false;
    }
    return true;
}

enum ww_status query_rules_take(struct query_finder *f, enum mention_field field,
                                const struct match_text *text, struct match_list *list,
                                struct arena *arena, struct ww_error *err)
{
    const struct watchlist *w = f->rules->list;
    struct match_list *words = &f->words[field];
    size_t n = 0, n_words = 0;

    if (w->words.n_rows == 0)
        return WW_OK;
    for (size_t i = 0; i < list->n_rows; i++)
        n_words += list->rows[i].name >= w->n_names;
    if (n_words == 0)
        return WW_OK;
    words->rows = arena_array(arena, n_words, sizeof(*words->rows));
    if (words->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_rows; i++) {
        struct match m = list->rows[i];

        if (m.name < w->n_names) {
            list->rows[n++] = m;
            continue;
        }
        m.name -= (uint32_t)w->n_names;
        if (w->words.rows[m.name].n_globs == 0 || fits(&w->words.rows[m.name], text, &m))
            words->rows[words->n_rows++] = m;
    }
    list->n_rows = n;
    return WW_OK;
}

/* What is known of words and rules while an article is looked at, a byte each. */
struct seen {
    unsigned char *words; /* it is there; 2: its rules were asked, too */
    unsigned char *rules; /* it was asked */
    unsigned char *stack;
    size_t room; /* of candidates */
};

/* The rules that need a word, unless they were asked before. */
static bool consider_word(struct query_finder *f, uint32_t word, struct seen *seen,
                          struct arena *arena)
{
    const struct query_rules *r = f->rules;

    for (uint32_t i = r->first[word]; i < r->first[word + 1]; i++) {
        const uint32_t rule = r->by_word[i];
        uint32_t *candidates;

        if (seen->rules[rule] != 0)
            continue;
        seen->rules[rule] = 1;
        if (!query_may_be_true(r->list->rules[rule].query, seen->words, false, seen->stack))
            continue;
        candidates =
            arena_grow(arena, f->candidates, f->n_candidates, &seen->room, sizeof(*candidates));
        if (candidates == NULL)
            return false;
        f->candidates = candidates;
        candidates[f->n_candidates++] = rule;
    }
    return true;
}

static int compare_rules(const void *a, const void *b)
{
    const uint32_t *x = a;
    const uint32_t *y = b;

    return *x < *y ? -1 : *x > *y;
}

enum ww_status query_rules_consider(struct query_finder *f, struct arena *arena, bool *is_promising,
                                    struct ww_error *err)
{
    const struct watchlist *w = f->rules->list;
    struct seen seen = {0};

    *is_promising = false;
    if (w->n_rules == 0 || f->words[0].n_rows + f->words[1].n_rows == 0)
        return WW_OK;
    seen.words = arena_alloc(arena, w->words.n_rows);
    seen.rules = arena_alloc(arena, w->n_rules);
    seen.stack = arena_alloc(arena, f->rules->max_nodes + 1);
    if (seen.words == NULL || seen.rules == NULL || seen.stack == NULL)
        return arena_check(arena, err);
    for (size_t field = 0; field < 2; field++)
        for (size_t i = 0; i < f->words[field].n_rows; i++)
            seen.words[f->words[field].rows[i].name] = 1;
    for (size_t field = 0; field < 2; field++)
        for (size_t i = 0; i < f->words[field].n_rows; i++) {
            const uint32_t word = f->words[field].rows[i].name;

            if (seen.words[word] == 1 && !consider_word(f, word, &seen, arena))
                return arena_check(arena, err);
            seen.words[word] = 2;
        }
    if (f->n_candidates > 1)
        qsort(f->candidates, f->n_candidates, sizeof(*f->candidates), compare_rules);
    *is_promising = f->n_candidates > 0;
    return WW_OK;
}

bool query_rules_need_any(const struct query_rules *r, const struct match_list *words)
{
    for (size_t i = 0; i < words->n_rows; i++)
        if (r->first[words->rows[i].name] < r->first[words->rows[i].name + 1])
            return true;
    return false;
}

enum ww_status query_rules_prepare(struct query_finder *f, const struct context fields[2],
                                   const struct watchlist *watchlist, struct arena *arena,
                                   struct ww_error *err)
{
    if (f->n_candidates == 0 && f->rules->list->n_guards == 0)
        return WW_OK;
    f->has_article = true;
    return query_hits_build(&f->rules->list->words, f->words, fields, watchlist, arena, &f->article,
                            err);
}

/* ---- guards ---------------------------------------------------------------------------------- */

static struct query_window window_of(const struct query_finder *f, const struct context *c,
                                     enum mention_field field, const struct match *m,
                                     uint32_t n_words)
{
    const struct query_article *a = &f->article;
    const uint32_t base = field == MENTION_TEXT ? a->base : 0;
    const struct context_sentence *s = context_at(c, m->first);
    const uint32_t units = field == MENTION_TEXT ? a->units : 0;
    struct query_window w = {
        .alias = {.first = base + m->first, .last = base + m->last}
    };

    if (s != NULL) {
        w.alias.sentence = (uint32_t)(s - c->sentences) + units;
        w.alias.paragraph = s->at.paragraph + units;
    }
    w.from = base + (m->first > n_words ? m->first - n_words : 0);
    w.to = w.alias.last + n_words;
    return w;
}

static enum ww_status ask(const struct query_finder *f, struct query_machine *machine,
                          const struct query *q, const struct context *c, enum mention_field field,
                          const struct match *m, bool *answer, struct query_hits *evidence,
                          struct ww_error *err)
{
    struct query_window window = window_of(f, c, field, m, q->window);

    return query_eval(machine, q, &f->article, &window, answer, evidence, err);
}

enum ww_status query_rules_guard(const struct query_finder *f, uint32_t guard,
                                 const struct context *c, enum mention_field field,
                                 const struct match *m, enum gate *gate, struct ww_error *err)
{
    const struct watch_guard *g;
    struct query_machine *machine;
    enum ww_status status = WW_OK;
    bool is_true = true;

    *gate = GATE_NONE;
    if (guard == 0)
        return WW_OK;
    g = &f->rules->list->guards[guard - 1];
    machine = query_machine_open();
    if (machine == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (g->require != NULL)
        status = ask(f, machine, g->require, c, field, m, &is_true, NULL, err);
    if (status == WW_OK && !is_true)
        *gate = GATE_REQUIRE;
    is_true = false;
    if (status == WW_OK && *gate == GATE_NONE && g->exclude != NULL)
        status = ask(f, machine, g->exclude, c, field, m, &is_true, NULL, err);
    if (status == WW_OK && is_true)
        *gate = GATE_EXCLUDE;
    query_machine_close(machine);
    return status;
}

static uint32_t words_between(const struct match *m, uint32_t first, uint32_t last)
{
    if (last < m->first)
        return m->first - last - 1;
    return first > m->last ? first - m->last - 1 : 0;
}

/* The hit nearest to the match, of those in its field. */
static void choose_witness(const struct query_finder *f, const struct context *c,
                           enum mention_field field, const struct match *m,
                           struct query_hits evidence, struct query_witness *out)
{
    const struct token *tokens = c->text.tokens.tokens;

    for (size_t i = 0; i < evidence.n_rows; i++) {
        uint32_t first;
        uint32_t last;
        uint32_t n;

        if (query_hit_field(&f->article, evidence.rows[i].first, &first) != field ||
            query_hit_field(&f->article, evidence.rows[i].last, &last) != field)
            continue;
        n = words_between(m, first, last);
        if (out->text.len > 0 && n >= out->n_words)
            continue;
        out->n_words = n;
        out->text =
            slice_sub(c->text.text, tokens[first].start, tokens[last].end - tokens[first].start);
    }
}

enum ww_status query_rules_witness(const struct query_finder *f, uint32_t guard,
                                   const struct context *c, enum mention_field field,
                                   const struct match *m, struct query_witness *out,
                                   struct ww_error *err)
{
    const struct query *q = guard != 0 ? f->rules->list->guards[guard - 1].require : NULL;
    struct query_machine *machine = q != NULL ? query_machine_open() : NULL;
    struct query_hits evidence = {0};
    enum ww_status status;
    bool is_true = false;

    *out = (struct query_witness){0};
    if (q == NULL)
        return WW_OK;
    if (machine == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    status = ask(f, machine, q, c, field, m, &is_true, &evidence, err);
    if (status == WW_OK && is_true)
        choose_witness(f, c, field, m, evidence, out);
    query_machine_close(machine);
    return status;
}

/* ---- rules ----------------------------------------------------------------------------------- */

static struct match match_of(const struct query_finder *f, const struct query_hit *hit)
{
    uint32_t first;
    uint32_t last;

    (void)query_hit_field(&f->article, hit->first, &first);
    (void)query_hit_field(&f->article, hit->last, &last);
    return (struct match){.name = hit->word, .first = first, .last = last};
}

static bool is_heavier(const struct query_words *words, const struct query_hit *a,
                       const struct query_hit *b)
{
    uint32_t x = a->last - a->first;
    uint32_t y = b->last - b->first;

    if (x != y)
        return x > y;
    return words->rows[a->word].name.len > words->rows[b->word].name.len;
}

/* The two different words that stand closest; *b is NULL when there is one word alone. */
static void choose(const struct query_finder *f, struct query_hits evidence,
                   const struct query_hit **a, const struct query_hit **b)
{
    uint32_t least = UINT32_MAX;

    *a = &evidence.rows[0];
    *b = NULL;
    for (size_t i = 1; i < evidence.n_rows; i++) {
        const struct query_hit *x = &evidence.rows[i - 1];
        const struct query_hit *y = &evidence.rows[i];
        uint32_t distance = y->first > x->last ? y->first - x->last : UINT32_MAX - 1;

        if (x->word == y->word || distance >= least ||
            (x->first < f->article.base) != (y->first < f->article.base))
            continue;
        least = distance;
        *a = x;
        *b = y;
    }
}

/*
 * NOT (NOT a) has no place of its own to show: then the first place of any of its words. There is
 * one, for without any the rule is not true.
 */
static struct query_hits any_hit(const struct query_finder *f, const struct query *q)
{
    struct query_hits hits = {0};

    for (size_t i = 0; i < q->n_nodes && hits.n_rows == 0; i++)
        if (q->nodes[i].op == QUERY_WORD)
            hits = query_hits_of(&f->article, q->nodes[i].word, q->nodes[i].fields);
    hits.n_rows = hits.n_rows > 0;
    return hits;
}

static void note(const struct query_finder *f, uint32_t rule, struct query_hits evidence,
                 struct query_finding *out)
{
    const struct query_words *words = &f->rules->list->words;
    const struct query_hit *a;
    const struct query_hit *b;
    uint32_t token;

    choose(f, evidence, &a, &b);
    if (b != NULL && is_heavier(words, b, a)) {
        const struct query_hit *other = a;

        a = b;
        b = other;
    }
    *out = (struct query_finding){.rule = rule, .word = a->word, .at = match_of(f, a)};
    out->field = query_hit_field(&f->article, a->first, &token);
    out->has_term = b != NULL;
    if (b != NULL)
        out->term = match_of(f, b);
}

enum ww_status query_rules_find(const struct query_finder *f, struct arena *arena,
                                struct query_finding **out, size_t *n_findings,
                                struct ww_error *err)
{
    struct query_machine *machine;
    enum ww_status status = WW_OK;

    *out = NULL;
    *n_findings = 0;
    if (f->n_candidates == 0)
        return WW_OK;
    *out = arena_array(arena, f->n_candidates, sizeof(**out));
    if (*out == NULL)
        return arena_check(arena, err);
    machine = query_machine_open();
    if (machine == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    for (size_t i = 0; i < f->n_candidates && status == WW_OK; i++) {
        const uint32_t rule = f->candidates[i];
        struct query_hits evidence;
        bool is_true;

        status = query_eval(machine, f->rules->list->rules[rule].query, &f->article, NULL, &is_true,
                            &evidence, err);
        if (status == WW_OK && is_true && evidence.n_rows == 0)
            evidence = any_hit(f, f->rules->list->rules[rule].query);
        if (status == WW_OK && is_true && evidence.n_rows > 0)
            note(f, rule, evidence, &(*out)[(*n_findings)++]);
    }
    query_machine_close(machine);
    return status;
}
