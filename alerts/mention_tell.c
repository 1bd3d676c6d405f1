/* mention_tell.c - a name that counts to a mention, one of no site to a candidate. */
#include "alerts/mention_parts.h"

#include "alerts/looked_at.h"
#include "base/arena.h"
#include "base/limits.h"

static struct mention_span span_of(const struct context *c, enum mention_field field,
                                   const struct match *m)
{
    const struct token *tokens = c->text.tokens.tokens;
    const struct context_sentence *s = context_at(c, m->first);

    return (struct mention_span){field, tokens[m->first].start, tokens[m->last].end, s->at.start,
                                 s->at.end > tokens[m->last].end ? s->at.end : tokens[m->last].end};
}

static struct slice look(const struct finder *f, enum mention_field field, const struct match *m,
                         const struct verdict *v)
{
    const struct looked_at what = {.watchlist = f->e->watchlist,
                                   .rejections = f->e->rejections,
                                   .fields = f->fields,
                                   .field = field,
                                   .match = m,
                                   .language = f->article->language,
                                   .strength = v->strength,
                                   .is_beside = mention_is_beside(v),
                                   .queries = &f->queries};

    return f->e->is_recording ? looked_at_write(&what, f->arena) : SLICE("");
}

static enum gate add_mention(struct finder *f, enum mention_field field, const struct match *m,
                             uint32_t item, enum rule rule, const struct verdict *v)
{
    const struct context *c = &f->fields[field];
    const struct match *term = v->because->term;
    struct mention *rows;

    if (*tally_at(&f->n_of_item, item) >= MENTIONS_MAX)
        return GATE_ITEM_LIMIT;
    if (f->report.n_mentions >= MENTIONS_ARTICLE_MAX)
        return GATE_ARTICLE_LIMIT;
    ++*tally_at(&f->n_of_item, item);
    rows = arena_grow(f->arena, f->report.mentions, f->report.n_mentions, &f->mentions_room,
                      sizeof(*rows));
    if (rows == NULL)
        return GATE_NONE; /* which is said at the end */
    f->report.mentions = rows;
    rows += f->report.n_mentions++;
    *rows = (struct mention){
        .item = &f->e->watchlist->items[item],
        .at = span_of(c, field, m),
        .alias = f->e->watchlist->names[m->name].text,
        .rule = mention_rule_name(rule),
        .strength = v->strength,
        .looked_at = look(f, field, m, v),
    };
    if (term == NULL)
        return GATE_NONE;
    rows->term_start = c->text.tokens.tokens[term->first].start;
    rows->term_end = c->text.tokens.tokens[term->last].end;
    rows->term = slice_sub(c->text.text, rows->term_start, rows->term_end - rows->term_start);
    return GATE_NONE;
}

/* What put a sentence in context, as it is written. */
static struct slice term_text(const struct context *c, const struct match *term)
{
    const struct token *tokens = c->text.tokens.tokens;

    return term == NULL ? SLICE("")
                        : slice_sub(c->text.text, tokens[term->first].start,
                                    tokens[term->last].end - tokens[term->first].start);
}

/* One candidate a place: of its sentences the first that says so outright. */
static void add_candidate(struct finder *f, enum mention_field field, const struct match *m,
                          uint32_t place, const struct verdict *v)
{
    const struct context *c = &f->fields[field];
    struct mention_candidate new = {&f->e->watchlist->places[place], span_of(c, field, m),
                                    v->strength, term_text(c, v->because->term), STANCE_ASSERTED};
    struct mention_candidate *rows = f->report.candidates;
    struct mention_candidate *known = NULL;

    for (size_t i = 0; f->is_proposed[place] && i < f->report.n_candidates; i++)
        if (rows[i].place == new.place)
            known = &rows[i];
    if (known != NULL && known->stance == STANCE_ASSERTED)
        return;
    new.stance =
        statements_of_existence(f->e->statements, c, v->because, f->article->language, f->arena);
    if (known != NULL && new.stance < known->stance)
        *known = new;
    if (known != NULL)
        return;
    f->is_proposed[place] = 1;
    rows = arena_grow(f->arena, rows, f->report.n_candidates, &f->candidates_room, sizeof(*rows));
    if (rows == NULL)
        return;
    f->report.candidates = rows;
    rows[f->report.n_candidates++] = new;
}

/* A country that is not watched is proposed too; its people ("a Ruritanian post") are not. */
static bool may_be_proposed(const struct finder *f, const struct match *m,
                            const struct watch_place *place, const struct verdict *v)
{
    return !place->is_country || (place->country_item == WATCH_NONE && !mention_is_beside(v) &&
                                  f->e->watchlist->names[m->name].class == WATCH_PLACE);
}

/* Does the report name a place in that country? */
static bool has_place_in(const struct mention_report *r, struct slice country)
{
    for (size_t i = 0; i < r->n_candidates; i++)
        if (!r->candidates[i].place->is_country &&
            slice_equal(r->candidates[i].place->country, country))
            return true;
    for (size_t i = 0; i < r->n_mentions; i++)
        if (slice_equal(r->mentions[i].item->country, country))
            return true;
    return false;
}

void mention_drop_countries(struct mention_report *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_candidates; i++)
        if (!r->candidates[i].place->is_country ||
            !has_place_in(r, r->candidates[i].place->country))
            r->candidates[n++] = r->candidates[i];
    r->n_candidates = n;
}

static void tell_place(struct finder *f, enum mention_field field, const struct match *m,
                       const struct verdict *v)
{
    uint32_t index = f->e->watchlist->names[m->name].owner;
    const struct watch_place *place = &f->e->watchlist->places[index];
    enum gate gate = GATE_COUNTRY_BESIDE;

    if (place->item != WATCH_NONE)
        trace_item(f->trace, field, m, place->item,
                   add_mention(f, field, m, place->item, v->rule, v));
    if (place->country_item != WATCH_NONE && !mention_is_beside(v))
        gate = add_mention(f, field, m, place->country_item, RULE_COUNTRY, v);
    if (place->country_item != WATCH_NONE)
        trace_item(f->trace, field, m, place->country_item, gate);
    if (place->item == WATCH_NONE && may_be_proposed(f, m, place, v))
        add_candidate(f, field, m, index, v);
}

void mention_tell(struct finder *f, enum mention_field field, const struct match *m,
                  const struct verdict *v)
{
    const struct watch_name *name = &f->e->watchlist->names[m->name];

    if (v->strength == 0)
        return;
    if (name->class == WATCH_PLACE || name->class == WATCH_DEMONYM)
        tell_place(f, field, m, v);
    else
        trace_item(f->trace, field, m, name->owner,
                   add_mention(f, field, m, name->owner, v->rule, v));
}
