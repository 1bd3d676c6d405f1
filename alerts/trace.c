/* trace.c - rows while matching goes on; words, sentences and nearest terms behind it. */
#include "alerts/trace.h"

#include "alerts/query.h"
#include "base/arena.h"
#include "base/limits.h"

void trace_init(struct trace *t, struct arena *arena)
{
    *t = (struct trace){.arena = arena};
}

/* ---- rows ------------------------------------------------------------------------------------ */

static struct trace_row *add(struct trace *t, struct trace_row **rows, size_t *n, size_t *room)
{
    struct trace_row *grown;

    if (*n >= TRACE_ROWS_MAX) {
        t->n_more++;
        return NULL;
    }
    grown = arena_grow(t->arena, *rows, *n, room, sizeof(*grown));
    if (grown == NULL)
        return NULL; /* the arena remembers */
    *rows = grown;
    return &grown[(*n)++];
}

void trace_item(struct trace *t, enum mention_field field, const struct match *m, uint32_t item,
                enum gate gate)
{
    struct trace_row *row = t != NULL ? add(t, &t->names, &t->n_names, &t->names_room) : NULL;

    if (row != NULL)
        *row = (struct trace_row){
            .gate = gate, .field = field, .name = m->name, .item = item, .match = *m};
}

void trace_name(struct trace *t, enum mention_field field, const struct match *m, enum gate gate)
{
    trace_item(t, field, m, WATCH_NONE, gate);
}

void trace_term(struct trace *t, enum mention_field field, const struct match *m, enum gate gate)
{
    struct trace_row *row = t != NULL ? add(t, &t->terms, &t->n_terms, &t->terms_room) : NULL;

    if (row != NULL)
        *row = (struct trace_row){
            .gate = gate, .field = field, .name = m->name, .item = WATCH_NONE, .match = *m};
}

size_t trace_items(const struct watchlist *w, const struct trace_row *row, uint32_t out[2])
{
    const struct watch_name *name = &w->names[row->name];
    uint32_t items[2] = {row->item, WATCH_NONE};
    size_t n = 0;

    if (row->item == WATCH_NONE && (name->class == WATCH_PLACE || name->class == WATCH_DEMONYM)) {
        items[0] = w->places[name->owner].item;
        items[1] = w->places[name->owner].country_item;
    } else if (row->item == WATCH_NONE && name->class != WATCH_TERM) {
        items[0] = name->owner;
    }
    for (size_t i = 0; i < 2; i++)
        if (items[i] != WATCH_NONE)
            out[n++] = items[i];
    return n;
}

/* ---- where it stands ------------------------------------------------------------------------- */

static struct slice text_of(const struct context *c, const struct match *m)
{
    const struct token *tokens = c->text.tokens.tokens;

    return slice_sub(c->text.text, tokens[m->first].start,
                     tokens[m->last].end - tokens[m->first].start);
}

static void locate(struct trace_row *row, const struct context *c)
{
    const struct token *tokens = c->text.tokens.tokens;
    const struct context_sentence *s = context_at(c, row->match.first);

    row->start = tokens[row->match.first].start;
    row->end = tokens[row->match.last].end;
    row->sentence_start = s != NULL ? s->at.start : row->start;
    row->sentence_end = s != NULL && s->at.end > row->end ? s->at.end : row->end;
}

static bool covers(const struct match *a, const struct match *b)
{
    return a->first <= b->last && b->first <= a->last && a->weight > b->weight;
}

/*
 * The name over it: one that counts, or one that was turned away for what it is itself. Names that
 * were kept are in the trace as well, once for each of their items.
 */
static struct slice find_longer(const struct trace *t, const struct trace_row *row,
                                const struct context *c)
{
    for (size_t i = 0; i < t->n_names; i++) {
        const struct trace_row *other = &t->names[i];

        if (other->field == row->field && other->gate != GATE_HIDDEN &&
            covers(&other->match, &row->match))
            return text_of(c, &other->match);
    }
    for (size_t i = 0; i < c->names.n_rows; i++) /* candidates are in no row */
        if (covers(&c->names.rows[i], &row->match))
            return text_of(c, &c->names.rows[i]);
    return SLICE("");
}

static bool is_role(const struct watchlist *w, const struct match *m, enum term_role role)
{
    return w->terms[w->names[m->name].owner].role == role;
}

/* The phrase of terms.csv over the name. */
static struct slice find_veto(const struct watchlist *w, const struct match *m,
                              const struct context *c)
{
    for (size_t i = 0; i < c->terms.n_rows; i++) {
        const struct match *term = &c->terms.rows[i];

        if (term->first <= m->last && m->first <= term->last && is_role(w, term, ROLE_VETO))
            return text_of(c, term);
    }
    return SLICE("");
}

/* The phrase in the name's sentence that says what else it is about. */
static struct slice find_veto_beside(const struct watchlist *w, const struct match *m,
                                     const struct context *c)
{
    const struct context_sentence *s = context_at(c, m->first);

    for (size_t i = 0; i < c->terms.n_rows && s != NULL; i++)
        if (c->terms.rows[i].first >= s->first && c->terms.rows[i].first < s->behind &&
            is_role(w, &c->terms.rows[i], ROLE_VETO))
            return text_of(c, &c->terms.rows[i]);
    return SLICE("");
}

/* ---- terms ----------------------------------------------------------------------------------- */

static uint32_t words_between(const struct match *a, const struct match *b)
{
    if (a->last < b->first)
        return b->first - a->last - 1;
    return b->last < a->first ? a->first - b->last - 1 : 0;
}

/* The nearest term of the same field that counts. */
static void find_term(const struct trace *t, struct trace_row *row, const struct trace_source *src)
{
    const struct context *c = &src->fields[row->field];
    const struct match *nearest = NULL;

    for (size_t i = 0; i < t->n_terms; i++) {
        const struct trace_row *term = &t->terms[i];

        if (term->field != row->field || term->gate != GATE_NONE ||
            !is_role(src->watchlist, &term->match, ROLE_TERM) ||
            (nearest != NULL &&
             words_between(nearest, &row->match) <= words_between(&term->match, &row->match)))
            continue;
        nearest = &term->match;
    }
    if (nearest == NULL || c->n_sentences == 0)
        return;
    row->term = text_of(c, nearest);
    row->term_words = words_between(nearest, &row->match);
    row->term_sentences =
        nearest->first < row->match.first
            ? (uint32_t)(context_at(c, row->match.first) - context_at(c, nearest->first))
            : (uint32_t)(context_at(c, nearest->first) - context_at(c, row->match.first));
}

/* Is it the terms that are missing? Then the name itself may have been no good either. */
static bool is_about_terms(enum gate gate)
{
    return gate >= GATE_NO_TERM && gate <= GATE_COUNTRY_BESIDE;
}

/* ---- the end of an article ------------------------------------------------------------------- */

static uint32_t place_of(const struct watch_name *name)
{
    return name->class == WATCH_PLACE ? name->owner : WATCH_NONE;
}

/*
 * What is wrong with a name itself says more than that no term was near, and neither gate waits for
 * the other: it goes first.
 */
static void test_again(struct trace_row *row, const struct trace_source *src, unsigned char *states)
{
    const struct watch_name *name = &src->watchlist->names[row->name];
    const struct context *c = &src->fields[row->field];
    enum gate gate;

    if (!is_about_terms(row->gate) || name->class == WATCH_DIRECT || name->class == WATCH_BODY)
        return;
    gate = rejections_test(src->rejections, c, &row->match, place_of(name), src->fields,
                           src->language, states);
    if (gate == GATE_NONE)
        return;
    row->also = row->gate;
    row->gate = gate;
}

/* What the list asks to stand around the name, or not to. */
static struct slice guard_words(const struct watchlist *w, const struct watch_name *name,
                                enum gate gate)
{
    const uint32_t number = name->class == WATCH_PLACE ? w->places[name->owner].guard : name->guard;
    const struct query *q = NULL;

    if (number != 0 && gate == GATE_REQUIRE)
        q = w->guards[number - 1].require;
    else if (number != 0)
        q = w->guards[number - 1].exclude;
    return q != NULL ? q->text : SLICE("");
}

static void finish_name(struct trace *t, struct trace_row *row, const struct trace_source *src,
                        unsigned char *states)
{
    const struct watchlist *w = src->watchlist;
    const struct context *c = &src->fields[row->field];

    locate(row, c);
    test_again(row, src, states);
    if (is_about_terms(row->gate) || is_about_terms(row->also))
        find_term(t, row, src);
    if (row->gate == GATE_HIDDEN)
        row->words = find_longer(t, row, c);
    else if (row->gate == GATE_VETO)
        row->words = find_veto(w, &row->match, c);
    else if (row->gate == GATE_REQUIRE || row->gate == GATE_EXCLUDE)
        row->words = guard_words(w, &w->names[row->name], row->gate);
    else if (row->gate == GATE_VETO_SENTENCE)
        row->words = find_veto_beside(w, &row->match, c);
    else if (row->gate != GATE_NONE && row->words.len == 0)
        row->words =
            rejections_words(src->rejections, c, &row->match, place_of(&w->names[row->name]),
                             src->fields, src->language, row->gate, t->arena);
}

enum ww_status trace_finish(struct trace *t, const struct trace_source *source,
                            struct ww_error *err)
{
    unsigned char *states = arena_alloc(t->arena, source->watchlist->n_places + 1);

    if (states == NULL)
        return arena_check(t->arena, err);
    for (size_t i = 0; i < t->n_terms; i++)
        locate(&t->terms[i], &source->fields[t->terms[i].field]);
    for (size_t i = 0; i < t->n_names; i++)
        finish_name(t, &t->names[i], source, states);
    return arena_check(t->arena, err);
}
