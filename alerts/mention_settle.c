/* mention_settle.c - of names that overlap the longest counts, unless something takes it away. */
#include "alerts/mention_parts.h"

#include "base/arena.h"
#include "base/limits.h"

/*
 * Places, near aliases, demonyms and bodies' places compete: the longest counts ("Dublin" is not
 * "Berlin" in a script without spaces). A direct alias hides the places inside it, but not a body's
 * place; bodies compete among themselves and
 * hide their own places. Inside a veto only a direct alias counts.
 */
enum layer { LAYER_PLACE = 1, LAYER_ALIAS = 2, LAYER_BODY = 4, LAYER_VETO = 8 };

static const struct {
    unsigned char blocked_by, takes;
} layers[] = {
    [WATCH_DIRECT] = {LAYER_ALIAS,                            LAYER_ALIAS},
    [WATCH_NEAR] = {LAYER_PLACE | LAYER_VETO,               LAYER_PLACE},
    [WATCH_BODY] = {LAYER_BODY | LAYER_VETO,                LAYER_BODY },
    [WATCH_BARE] = {LAYER_PLACE | LAYER_BODY | LAYER_VETO,  LAYER_PLACE},
    [WATCH_PLACE] = {LAYER_PLACE | LAYER_ALIAS | LAYER_VETO, LAYER_PLACE},
    [WATCH_DEMONYM] = {LAYER_PLACE | LAYER_ALIAS | LAYER_VETO, LAYER_PLACE},
    [WATCH_TERM] = {0,                                      0          },
};

/* What the row of the name requires and excludes around it. */
static enum gate guard(struct finder *f, const struct context *c, const struct match *m)
{
    const struct watch_name *name = &f->e->watchlist->names[m->name];
    const uint32_t number =
        name->class == WATCH_PLACE ? f->e->watchlist->places[name->owner].guard : name->guard;
    enum gate gate = GATE_NONE;

    if (f->guard_status == WW_OK)
        f->guard_status = query_rules_guard(&f->queries, number, c,
                                            (enum mention_field)(c - f->fields), m, &gate, NULL);
    return gate;
}

static enum gate reject(struct finder *f, const struct context *c, const struct match *m)
{
    const struct watch_name *name = &f->e->watchlist->names[m->name];
    enum gate gate = guard(f, c, m);

    if (gate != GATE_NONE || name->class == WATCH_DIRECT || name->class == WATCH_BODY)
        return gate;
    return rejections_test(f->e->rejections, c, m,
                           name->class == WATCH_PLACE ? name->owner : WATCH_NONE, f->fields,
                           f->article->language, f->place_states);
}

static void take_vetoes(const struct finder *f, const struct context *c, unsigned char *taken)
{
    const struct watchlist *w = f->e->watchlist;

    for (size_t i = 0; i < c->terms.n_rows; i++) {
        const struct match *m = &c->terms.rows[i];

        if (w->terms[w->names[m->name].owner].role == ROLE_VETO)
            for (size_t k = m->first; k <= m->last; k++)
                taken[k] |= LAYER_VETO;
    }
}

/* What of the tokens is taken already. */
struct taken {
    unsigned char *layers; /* per token: enum layer */
    uint32_t *rejected;    /* per token: how long the longest rejected name over it is */
};

static enum gate find_cover(const struct finder *f, const struct taken *taken,
                            const struct match *m)
{
    enum watch_class class = f->e->watchlist->names[m->name].class;
    unsigned char by = 0;

    for (size_t k = m->first; k <= m->last; k++)
        by |= taken->layers[k] & layers[class].blocked_by;
    if ((by & LAYER_VETO) != 0)
        return GATE_VETO;
    return by != 0 || (class != WATCH_DIRECT && taken->rejected[m->first] > m->last - m->first + 1)
               ? GATE_HIDDEN
               : GATE_NONE;
}

/*
 * May the name stay? One that is rejected hides the shorter ones inside it ("Rio" in a newspaper of
 * Rio de Janeiro), but not its equals: another place may have the same name.
 */
static enum gate settle_name(struct finder *f, const struct context *c, const struct match *m,
                             struct taken *taken)
{
    uint32_t n_tokens = m->last - m->first + 1;
    enum gate gate = find_cover(f, taken, m);

    if (gate == GATE_NONE)
        gate = mention_judge(f, c, m).gate;
    if (gate != GATE_NONE)
        return gate;
    if ((*tally_at(&f->n_of_name, m->name))++ >= MENTIONS_NAME_MAX)
        return GATE_NAME_LIMIT;
    gate = reject(f, c, m);
    for (size_t k = m->first; k <= m->last; k++)
        if (gate == GATE_NONE)
            taken->layers[k] |= layers[f->e->watchlist->names[m->name].class].takes;
        else if (taken->rejected[k] < n_tokens)
            taken->rejected[k] = n_tokens;
    return gate;
}

enum ww_status mention_settle(struct finder *f, enum mention_field field, struct ww_error *err)
{
    struct context *c = &f->fields[field];
    struct taken taken = {
        arena_alloc(f->arena, c->text.tokens.n_tokens + 1),
        arena_array(f->arena, c->text.tokens.n_tokens + 1, sizeof(*taken.rejected))};
    struct match_list *names = &c->names;
    size_t n = 0;

    if (taken.layers == NULL || taken.rejected == NULL)
        return arena_check(f->arena, err);
    take_vetoes(f, c, taken.layers);
    context_sort_by_weight(names->rows, names->n_rows);
    for (size_t i = 0; i < names->n_rows; i++) {
        struct match m = names->rows[i];
        enum gate gate = settle_name(f, c, &m, &taken);

        if (gate == GATE_NONE)
            names->rows[n++] = m;
        else
            trace_name(f->trace, field, &m, gate);
    }
    names->n_rows = n;
    context_sort_by_place(names->rows, n);
    return WW_OK;
}
