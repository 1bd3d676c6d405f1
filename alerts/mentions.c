/* mentions.c - the public entry of matching: an article in, mentions and candidates out. */
#include "alerts/mentions.h"

#include "alerts/combine.h"
#include "alerts/context.h"
#include "alerts/looked_at.h"
#include "alerts/matcher.h"
#include "alerts/query_mentions.h"
#include "alerts/rejection.h"
#include "alerts/statements.h"
#include "alerts/tally.h"
#include "alerts/trace.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/*
 * Stems this long may also be written small where they take an ending: adjectives of places
 * ("budapesti"). Shorter ones are the beginnings of too many other words.
 */
#define ADJECTIVE_STEM_BYTES 5
/* Of an ending behind a hyphen. */
#define ENDING_BYTES 4
/* Names in capitals this short must be written in capitals. */
#define INITIALS_LETTERS 3
/* One-word names this short are left out when nobody knows the article's language. */
#define FOREIGN_WORD_BYTES 5

enum rule {
    RULE_ALIAS,
    RULE_BODY,
    RULE_BODY_PLACE,
    RULE_COUNTRY,
    RULE_BESIDE,
    RULE_HEADLINE,
    RULE_QUERY,
    RULE_SENTENCE
};

static const struct {
    const char *name, *text;
} mention_rules[] = {
    [RULE_ALIAS] = {"alias",         "the name stands for the item alone"                        },
    [RULE_BODY] = {"body",          "the body's name, in an article that holds a term"          },
    [RULE_BODY_PLACE] = {"body-place",    "the body's place, in a sentence with a term"               },
    [RULE_COUNTRY] = {"country",       "the country, in a sentence with a term"                    },
    [RULE_BESIDE] = {"next-sentence", "the place, in the sentence before or after one with a term"},
    [RULE_HEADLINE] = {"headline",      "the place, in the first paragraph; the title has the term" },
    [RULE_QUERY] = {QUERY_RULE,      "the article is what the analyst's own query asks for"      },
    [RULE_SENTENCE] = {"same-sentence", "the place, in a sentence with a term"                      },
};

const char *mention_rule_text(struct slice rule)
{
    for (size_t i = 0; i < WW_COUNT(mention_rules); i++)
        if (slice_equal(rule, slice_from(mention_rules[i].name)))
            return mention_rules[i].text;
    return NULL;
}

struct mention_engine {
    const struct watchlist *watchlist;
    struct matcher *matcher;
    struct rejections *rejections;
    struct statements *statements;
    struct query_rules *queries;
    struct sentence_pool *sentences;
    struct combiner *combiner;
    bool is_recording;
};

/* One article on its way through. */
struct finder {
    const struct mention_engine *e;
    const struct mention_article *article;
    struct arena *arena;
    struct trace *trace; /* NULL: nobody asks why */
    struct context_state state;
    struct context fields[2]; /* by enum mention_field */
    struct match_list matches[2];
    bool is_led;                 /* the title tells what the first paragraph is about */
    unsigned char *place_states; /* of rejections */
    struct tally n_of_item;
    struct tally n_of_name;     /* matches looked at closely */
    unsigned char *is_proposed; /* per place: there is a candidate of it */
    struct query_finder queries;
    enum ww_status guard_status; /* of asking guards */
    struct mention_report report;
    size_t mentions_room, candidates_room;
};

enum ww_status mentions_open(const struct watchlist *w, struct arena *arena,
                             struct mention_engine **out, struct ww_error *err)
{
    struct mention_engine *e = arena_alloc(arena, sizeof(*e));
    size_t n_names;
    const struct watch_name *names = query_rules_names(w, arena, &n_names);
    enum ww_status status;

    if (e == NULL || (names == NULL && n_names > 0))
        return arena_check(arena, err);
    e->watchlist = w;
    e->sentences = sentence_pool_open(arena);
    status = matcher_build(names, n_names, arena, &e->matcher, err);
    if (status == WW_OK)
        status = query_rules_build(w, arena, &e->queries, err);
    if (status == WW_OK)
        status = rejections_build(w, arena, &e->rejections, err);
    if (status == WW_OK)
        status = statements_build(w, arena, &e->statements, err);
    if (status == WW_OK)
        status = combiner_build(w, arena, &e->combiner, err);
    *out = e;
    return status;
}

void mentions_record(struct mention_engine *e)
{
    e->is_recording = true;
}

/* ---- which names may count at all ------------------------------------------------------------ */

/* Is the name of a language that the article is in? Only one-word names belong to a language. */
static bool is_of_language(const struct finder *f, const struct watch_name *name, size_t index)
{
    if (name->language.len == 0 || !matcher_is_one_word(f->e->matcher, index))
        return true;
    if (!watch_knows_language(f->e->watchlist, f->article->language))
        return name->text.len >= FOREIGN_WORD_BYTES;
    return watch_same_language(name->language, f->article->language);
}

/* "glasgow-i": the ending stands behind a hyphen. */
static bool has_ending(const struct match_text *text, const struct match *m)
{
    const struct token *t = &text->tokens.tokens[m->last];

    return m->last + 1 < text->tokens.n_tokens && t[1].start == t->end + 1 &&
           text->text.ptr[t->end] == '-' && t[1].end - t[1].start <= ENDING_BYTES;
}

/* "US", "ΗΠΑ": so short a name in capitals is another word where it is written otherwise. */
static bool is_initials(struct slice name)
{
    size_t n = 0;

    for (size_t i = 0; i < name.len; n++)
        if (n >= INITIALS_LETTERS || !text_is_upper(text_next_code(name, &i)))
            return false;
    return n > 1;
}

/* Is the match written as a name is: with a capital, where the watchlist has one? */
static bool is_written_as_name(const struct finder *f, const struct match_text *text,
                               const struct match *m)
{
    const struct watch_name *name = &f->e->watchlist->names[m->name];
    const struct token *t = &text->tokens.tokens[m->first];
    struct slice stem = slice_head(name->text, slice_find_char(name->text, '~'));

    if (name->class == WATCH_TERM || name->class == WATCH_BODY || name->class == WATCH_DIRECT)
        return true;
    if (is_initials(name->text) && (t->flags & TOKEN_ALL_CAPITALS) == 0)
        return false;
    if (!matcher_is_capital(f->e->matcher, m->name) || (t->flags & TOKEN_CAPITAL) != 0)
        return true;
    return stem.len < name->text.len && stem.len >= ADJECTIVE_STEM_BYTES &&
           (t->end - t->start > stem.len || has_ending(text, m));
}

static enum gate admit(const struct finder *f, const struct match_text *text, const struct match *m)
{
    if (!is_of_language(f, &f->e->watchlist->names[m->name], m->name))
        return GATE_LANGUAGE;
    return is_written_as_name(f, text, m) ? GATE_NONE : GATE_SMALL;
}

static enum ww_status find_in_field(struct finder *f, enum mention_field field, struct slice text,
                                    struct ww_error *err)
{
    struct match_text *cut = &f->fields[field].text;
    struct match_list *list = &f->matches[field];
    enum ww_status status;
    size_t n = 0;

    status = match_text_cut(text_cut(text, MENTION_TEXT_MAX_BYTES), f->arena, cut, err);
    if (status == WW_OK)
        status = matcher_find(f->e->matcher, cut, f->arena, list, err);
    f->report.is_cut |= status == WW_OK && list->is_cut;
    if (status == WW_OK)
        status = query_rules_take(&f->queries, field, cut, list, f->arena, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < list->n_rows; i++) {
        struct match m = list->rows[i];
        enum gate gate = admit(f, cut, &m);

        if (gate == GATE_NONE)
            list->rows[n++] = m;
        else
            trace_name(f->trace, field, &m, gate);
    }
    list->n_rows = n;
    return combiner_find(f->e->combiner, cut, f->arena, list, err);
}

/*
 * Could there be a mention at all? Most articles end here: it takes a direct alias, a strong term,
 * or a weak one and, somewhere, a word that could be its anchor.
 */
static bool is_promising(const struct finder *f)
{
    const struct watchlist *w = f->e->watchlist;
    bool has_weak = false;
    bool has_anchor = false;

    for (size_t field = 0; field < 2; field++)
        for (size_t i = 0; i < f->matches[field].n_rows; i++) {
            const struct watch_name *name = &w->names[f->matches[field].rows[i].name];
            const struct watch_term *t = &w->terms[name->class == WATCH_TERM ? name->owner : 0];

            if (name->class == WATCH_DIRECT)
                return true;
            has_anchor |= name->class == WATCH_BODY || name->class == WATCH_BARE;
            if (name->class != WATCH_TERM)
                continue;
            has_anchor |= t->role == ROLE_ANCHOR;
            if (t->role != ROLE_TERM && t->role != ROLE_OPERATION)
                continue;
            if (t->strength == STRENGTH_STRONG)
                return true;
            has_weak |= t->strength == STRENGTH_WEAK;
        }
    return has_weak && has_anchor;
}

/* ---- what a match is worth ------------------------------------------------------------------- */

/* The verdict on one match. strength 0: it does not count, and the gate says why. */
struct verdict {
    enum rule rule;
    enum term_strength strength;
    const struct context_sentence *because; /* the sentence whose term counts */
    enum gate gate;
};

static struct verdict stop(enum gate gate)
{
    return (struct verdict){.gate = gate};
}

static struct verdict count(enum rule rule, enum term_strength strength,
                            const struct context_sentence *because)
{
    return (struct verdict){rule, strength, because, GATE_NONE};
}

/* Does the place stand outside of the sentence with the term? */
static bool is_beside(const struct verdict *v)
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

/*
 * Does the title tell what the first paragraph is about? It holds a strong term and no place, and
 * the paragraph has no term of its own and no second place: of two one may be where somebody spoke.
 */
static bool leads(const struct context *title, const struct context *text)
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

static struct verdict judge(struct finder *f, const struct context *c, const struct match *m)
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

/* ---- telling --------------------------------------------------------------------------------- */

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
                                   .is_beside = is_beside(v),
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
        .rule = mention_rules[rule].name,
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
    return !place->is_country || (place->country_item == WATCH_NONE && !is_beside(v) &&
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

/* A country beside one of its places says nothing more. */
static void drop_countries(struct mention_report *r)
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
    if (place->country_item != WATCH_NONE && !is_beside(v))
        gate = add_mention(f, field, m, place->country_item, RULE_COUNTRY, v);
    if (place->country_item != WATCH_NONE)
        trace_item(f->trace, field, m, place->country_item, gate);
    if (place->item == WATCH_NONE && may_be_proposed(f, m, place, v))
        add_candidate(f, field, m, index, v);
}

static void tell(struct finder *f, enum mention_field field, const struct match *m,
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

/* ---- overlaps -------------------------------------------------------------------------------- */

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
        gate = judge(f, c, m).gate;
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

/* Keep of the names those that no longer one hides and nothing rejects, by place again. */
static enum ww_status settle(struct finder *f, enum mention_field field, struct ww_error *err)
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

/* ---- the whole ------------------------------------------------------------------------------- */

static enum ww_status prepare(struct finder *f, struct ww_error *err)
{
    const struct watchlist *w = f->e->watchlist;
    struct context_source source = {w,        f->e->matcher, f->article->language,
                                    f->trace, MENTION_TITLE, f->e->sentences};
    const size_t n_matches = f->matches[0].n_rows + f->matches[1].n_rows;
    enum ww_status status = WW_OK;

    f->place_states = arena_alloc(f->arena, w->n_places + 1);
    f->is_proposed = arena_alloc(f->arena, w->n_places + 1);
    /* A match may tell of a site and of its country. */
    if (f->place_states == NULL || f->is_proposed == NULL ||
        !tally_init(&f->n_of_name, n_matches, f->arena) ||
        !tally_init(&f->n_of_item, 2 * n_matches, f->arena))
        return arena_check(f->arena, err);
    for (size_t field = 0; field < 2 && status == WW_OK; field++) {
        struct match_text text = f->fields[field].text;

        source.field = (enum mention_field)field;
        status = context_build(&source, &text, &f->matches[field], &f->state, f->arena,
                               &f->fields[field], err);
    }
    if (status == WW_OK)
        f->is_led = leads(&f->fields[MENTION_TITLE], &f->fields[MENTION_TEXT]);
    return status;
}

static enum ww_status judge_field(struct finder *f, enum mention_field field, struct ww_error *err)
{
    enum ww_status status = settle(f, field, err);
    const struct context *c = &f->fields[field];

    for (size_t i = 0; i < c->names.n_rows && status == WW_OK; i++) {
        struct verdict v = judge(f, c, &c->names.rows[i]);

        tell(f, field, &c->names.rows[i], &v);
    }
    return status;
}

enum ww_status mentions_trace(const struct mention_engine *e, const struct mention_article *article,
                              struct trace *trace, struct arena *arena, struct mention_report *out,
                              struct ww_error *err)
{
    struct finder f = {.e = e,
                       .article = article,
                       .arena = arena,
                       .trace = trace,
                       .queries = {.rules = e->queries}};
    struct trace_source source = {e->watchlist, e->rejections, f.fields, article->language};
    enum ww_status status = find_in_field(&f, MENTION_TITLE, article->title, err);
    bool has_rule = false;

    f.report.is_cut |= article->text.len > MENTION_TEXT_MAX_BYTES;
    if (status == WW_OK)
        status = find_in_field(&f, MENTION_TEXT, article->text, err);
    *out = f.report;
    if (status == WW_OK)
        status = query_rules_consider(&f.queries, arena, &has_rule, err);
    if (status != WW_OK || (trace == NULL && !has_rule && !is_promising(&f)))
        return status;
    status = prepare(&f, err);
    if (status == WW_OK)
        status = query_rules_prepare(&f.queries, f.fields, e->rejections, arena, err);
    for (size_t field = 0; field < 2 && status == WW_OK; field++)
        status = judge_field(&f, (enum mention_field)field, err);
    drop_countries(&f.report);
    if (status == WW_OK)
        status = statements_find(e->statements, f.fields, article->language, arena, &f.report, err);
    if (status == WW_OK && f.guard_status != WW_OK)
        status = ww_fail(err, f.guard_status, "require and exclude cannot be asked");
    if (status == WW_OK)
        status = query_mentions_add(&f.queries, f.fields, arena, &f.report, &f.mentions_room, err);
    *out = f.report;
    if (status == WW_OK && trace != NULL)
        status = trace_finish(trace, &source, err);
    return status == WW_OK ? arena_check(arena, err) : status;
}

enum ww_status mentions_find(const struct mention_engine *e, const struct mention_article *article,
                             struct arena *arena, struct mention_report *out, struct ww_error *err)
{
    return mentions_trace(e, article, NULL, arena, out, err);
}
