/* mention_judge.c - what a name is worth: by the sentence it stands in, and those beside it. */
#include "alerts/mention_parts.h"

static struct verdict stop(enum gate gate)
{
    return (struct verdict){.gate = gate};
}

static struct verdict count(enum rule rule, enum term_strength strength,
                            const struct context_sentence *because)
{
    return (struct verdict){rule, strength, because, GATE_NONE};
}

bool mention_is_beside(const struct verdict *v)
{
    return v->rule == RULE_BESIDE || v->rule == RULE_HEADLINE;
}

/* In its paragraph; but speech is often one by itself, and where it was spoken the one before it.
 */
static bool has_term_beside(const struct context *c, const struct context_sentence *s,
                            const struct context_sentence *other)
{
    const struct context_sentence *later = s < other ? other : s;

    return (other->at.paragraph == s->at.paragraph || context_goes_on(c, later, other)) &&
           !other->is_left_out && other->strength > 0;
}

bool mention_leads(const struct context *title, const struct context *text)
{
    const struct context_sentence *s = text->sentences;
    uint32_t n_places = 0;
    bool has_term = false;

    for (size_t i = 0; i < title->n_sentences; i++) {
        if (title->sentences[i].n_places > 0)
            return false;
        has_term |= title->sentences[i].strength == STRENGTH_STRONG;
    }
    for (size_t i = 0; i < text->n_sentences && s[i].at.paragraph == s->at.paragraph; i++) {
        if (s[i].strength > 0)
            return false;
        n_places += s[i].n_places;
    }
    return has_term && n_places == 1;
}

/* A place or near alias: its own sentence, else the one before or behind it. */
static struct verdict judge_place(struct finder *f, const struct context *c, const struct match *m,
                                  const struct context_sentence *s)
{
    const struct watch_name *name = &f->e->watchlist->names[m->name];
    const struct context_sentence *end = c->sentences + c->n_sentences;
    const struct context_sentence *beside = NULL;
    enum rule rule = RULE_BESIDE;
    enum gate gate = GATE_NONE;

    if (s->strength > 0)
        return count(RULE_SENTENCE, s->strength, s);
    if (s + 1 < end && has_term_beside(c, s, s + 1))
        beside = s + 1;
    if (s > c->sentences && has_term_beside(c, s, s - 1))
        beside = s - 1;
    if (beside == NULL && f->is_led && c == &f->fields[MENTION_TEXT] &&
        s->at.paragraph == c->sentences->at.paragraph) {
        beside = s;
        rule = RULE_HEADLINE;
    }
    if (beside == NULL)
        return stop(f->state.has_term ? GATE_NO_TERM_NEAR : GATE_NO_TERM);
    /* "The railway station in ...": the veto's sentence is about something else. */
    if (s->has_veto)
        return stop(GATE_VETO_SENTENCE);
    if (name->class == WATCH_PLACE)
        gate = rejections_test_beside(f->e->rejections, c, m, name->owner, f->article->language);
    return gate == GATE_NONE ? count(rule, STRENGTH_TOPICAL, beside) : stop(gate);
}

struct verdict mention_judge(struct finder *f, const struct context *c, const struct match *m)
{
    const struct context_sentence *s = context_at(c, m->first);
    const struct watch_name *name = &f->e->watchlist->names[m->name];
    const enum gate no_term = f->state.has_term ? GATE_NO_TERM_SENTENCE : GATE_NO_TERM;
    enum term_strength strength;

    if (f->state.is_fiction)
        return stop(GATE_FICTION);
    if (s == NULL)
        return stop(GATE_NO_TERM);
    if (s->is_left_out)
        return stop(s->is_caption ? GATE_CAPTION : GATE_LINKS);
    strength = s->strength;
    if (strength < STRENGTH_WEAK && s->has_operation)
        strength = STRENGTH_WEAK;
    switch (name->class) {
    case WATCH_DIRECT:
        return count(RULE_ALIAS, STRENGTH_STRONG, s);
    case WATCH_BODY:
        if (!f->state.has_term && !f->state.has_operation)
            return stop(GATE_NO_TERM);
        return count(RULE_BODY, strength > 0 ? strength : STRENGTH_TOPICAL, s);
    case WATCH_BARE:
        return strength > 0 ? count(RULE_BODY_PLACE, strength, s) : stop(no_term);
    case WATCH_NEAR:
    case WATCH_PLACE:
        return judge_place(f, c, m, s);
    case WATCH_DEMONYM:
        if (s->term != NULL && (s->term->first == m->last + 1 || m->first == s->term->last + 1))
            return count(RULE_COUNTRY, s->strength, s);
        return stop(f->state.has_term ? GATE_NO_TERM_BESIDE : GATE_NO_TERM);
    case WATCH_TERM:
        break;
    }
    return stop(GATE_NO_TERM);
}
