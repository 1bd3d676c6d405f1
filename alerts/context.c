/* context.c - terms to sentences: strong, weak with its anchor, topical; links and captions out. */
#include "alerts/context.h"

#include "alerts/left_out.h"
#include "alerts/trace.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/*
 * Words between a weak term and its anchor. "A police station in a district with many shops of
 * theirs" is eight away and means nothing; what names the station's owner stands closer.
 */
#define ANCHOR_WORDS 6
/*
 * The same where the anchor is a name and comes first: "The country had in two of the cities, the
 * report says, stations". In scripts without spaces these are so many pairs of characters.
 */
#define ANCHOR_BEFORE_WORDS 10
/* "12." may number an item of a list; a longer number is a year or a sum. */
#define LIST_DIGITS 2
/* Sentences of a paragraph that are looked back over for another kind of station. */
#define OTHER_SENTENCES 8

/* ---- orders ---------------------------------------------------------------------------------- */

static int compare_places(const void *a, const void *b)
{
    const struct match *x = a;
    const struct match *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

static int compare_weights(const void *a, const void *b)
{
    const struct match *x = a;
    const struct match *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return compare_places(a, b);
}

void context_sort_by_weight(struct match *rows, size_t n_rows)
{
    if (n_rows > 1)
        qsort(rows, n_rows, sizeof(*rows), compare_weights);
}

void context_sort_by_place(struct match *rows, size_t n_rows)
{
    if (n_rows > 1)
        qsort(rows, n_rows, sizeof(*rows), compare_places);
}

/* ---- terms ----------------------------------------------------------------------------------- */

const struct watch_term *context_term(const struct context_source *source, const struct match *m)
{
    const struct watch_name *name = &source->watchlist->names[m->name];

    return name->class == WATCH_TERM ? &source->watchlist->terms[name->owner] : NULL;
}

/* For the trace: what becomes of the words that could put a sentence in context. */
static void note_term(const struct context_source *source, const struct match *m, enum gate gate)
{
    enum term_role role = context_term(source, m)->role;

    if (role == ROLE_TERM || role == ROLE_OPERATION)
        trace_term(source->trace, source->field, m, gate);
}

/* How terms exclude each other: tokens a term has taken, by its strength; a veto; a bystander. */
enum taken {
    TAKEN_TOPICAL = 1,
    TAKEN_WEAK = 2,
    TAKEN_STRONG = 4,
    TAKEN_VETO = 8,
    TAKEN_BYSTANDER = 16,
    TAKEN_ANY = TAKEN_TOPICAL | TAKEN_WEAK | TAKEN_STRONG | TAKEN_VETO
};

/* A longer weak term does not hide the strong one inside it. */
static const struct {
    unsigned char takes, hidden_by;
} takings[] = {
    [STRENGTH_TOPICAL] = {TAKEN_TOPICAL, TAKEN_ANY                             },
    [STRENGTH_WEAK] = {TAKEN_WEAK,    TAKEN_WEAK | TAKEN_STRONG | TAKEN_VETO},
    [STRENGTH_STRONG] = {TAKEN_STRONG,  TAKEN_STRONG | TAKEN_VETO             },
};

static bool is_taken(const unsigned char *taken, const struct match *m, unsigned char what)
{
    for (size_t i = m->first; i <= m->last; i++)
        if ((taken[i] & what) != 0)
            return true;
    return false;
}

static void take(unsigned char *taken, const struct match *m, unsigned char what)
{
    for (size_t i = m->first; i <= m->last; i++)
        taken[i] |= what;
}

/*
 * Terms that overlap: the longest stays. Anchors are often inside terms and overlap freely. Neither
 * counts across a bystander: a tourist at the police station is no sign of whose station it is.
 */
static enum ww_status split_matches(const struct context_source *source,
                                    const struct match_list *matches, struct arena *arena,
                                    struct context *c, struct ww_error *err)
{
    struct match *terms = arena_array(arena, matches->n_rows + 1, sizeof(*terms));
    struct match *names = arena_array(arena, matches->n_rows + 1, sizeof(*names));
    unsigned char *taken = arena_alloc(arena, c->text.tokens.n_tokens + 1);
    size_t n_terms = 0;

    if (terms == NULL || names == NULL || taken == NULL)
        return arena_check(arena, err);
    c->names = (struct match_list){.rows = names};
    for (size_t i = 0; i < matches->n_rows; i++)
        if (context_term(source, &matches->rows[i]) == NULL)
            names[c->names.n_rows++] = matches->rows[i];
        else
            terms[n_terms++] = matches->rows[i];
    for (size_t i = 0; i < n_terms; i++)
        if (context_term(source, &terms[i])->role == ROLE_BYSTANDER)
            take(taken, &terms[i], TAKEN_BYSTANDER);
    context_sort_by_weight(terms, n_terms);
    c->terms = (struct match_list){.rows = terms};
    for (size_t i = 0; i < n_terms; i++) {
        struct match m = terms[i];
        const struct watch_term *term = context_term(source, &m);
        enum term_role role = term->role;
        unsigned char hidden_by = 0;
        unsigned char takes = 0;

        if (role == ROLE_TERM || role == ROLE_OPERATION) {
            hidden_by = takings[term->strength].hidden_by;
            takes = takings[term->strength].takes;
        } else if (role == ROLE_VETO) {
            hidden_by = TAKEN_ANY;
            takes = TAKEN_VETO;
        }
        if (role == ROLE_TERM || role == ROLE_ANCHOR)
            hidden_by |= TAKEN_BYSTANDER;
        if (is_taken(taken, &m, hidden_by)) {
            note_term(source, &m, GATE_TERM_HIDDEN);
            continue;
        }
        take(taken, &m, takes);
        terms[c->terms.n_rows++] = m;
    }
    context_sort_by_place(terms, c->terms.n_rows);
    context_sort_by_place(names, c->names.n_rows);
    return WW_OK;
}

/* The first match that begins at a token or behind it. */
static size_t match_at_token(const struct match_list *list, size_t token)
{
    size_t low = 0;
    size_t high = list->n_rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (list->rows[middle].first < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t context_term_from(const struct context *c, size_t token)
{
    return match_at_token(&c->terms, token);
}

/* ---- sentences ------------------------------------------------------------------------------- */

static enum ww_status cut_sentences(const struct context_source *source, struct arena *arena,
                                    struct context *c, struct ww_error *err)
{
    const struct token_list *tokens = &c->text.tokens;
    struct sentence_list list;
    enum ww_status status =
        sentence_scan_pooled(source->sentences, c->text.text, source->language, arena, &list, err);
    uint32_t token = 0;

    if (status != WW_OK)
        return status;
    c->sentences = arena_array(arena, list.n_rows + 1, sizeof(*c->sentences));
    if (c->sentences == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list.n_rows; i++) {
        struct context_sentence *s = &c->sentences[c->n_sentences++];

        s->at = list.rows[i];
        s->first = token;
        while (token < tokens->n_tokens && tokens->tokens[token].start < s->at.end)
            token++;
        s->behind = token;
    }
    return WW_OK;
}

const struct context_sentence *context_at(const struct context *c, size_t token)
{
    size_t low = 0;
    size_t high = c->n_sentences;

    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;

        if (c->sentences[middle].first <= token)
            low = middle;
        else
            high = middle;
    }
    return c->n_sentences > 0 ? &c->sentences[low] : NULL;
}

/* What opens speech, in the languages of the world. */
static const char *const speech_marks[] = {
    "\"", "\xE2\x80\x9C", "\xE2\x80\x9E", "\xC2\xAB",     "\xC2\xBB",    "\xE2\x80\x98",
    "'",  "\xE3\x80\x8C", "\xE3\x80\x8E", "\xE2\x80\x94", "\xE2\x80\x93"};

bool context_goes_on(const struct context *c, const struct context_sentence *later,
                     const struct context_sentence *speech)
{
    struct slice text = slice_skip(c->text.text, speech->at.start);

    if (later == c->sentences || later->at.paragraph != later[-1].at.paragraph + 1 ||
        speech->strength < STRENGTH_WEAK)
        return false;
    if (later == speech && later->is_anaphoric)
        return true;
    for (size_t i = 0; i < WW_COUNT(speech_marks); i++)
        if (slice_starts(text, slice_from(speech_marks[i])))
            return true;
    return false;
}

/* ---- made up -------------------------------------------------------------------------------- */

/*
 * "Satire: ...", "GLOSSE" alone: a label begins its line, and a sign or the line's end follows. "A
 * humour-festival" and "humour, she said" are none.
 */
static bool is_label(const struct context *c, const struct match *m)
{
    const struct token_list *tokens = &c->text.tokens;
    size_t end = tokens->tokens[m->last].end;
    struct slice gap;

    if ((tokens->tokens[m->first].flags & TOKEN_PARAGRAPH) == 0 && m->first > 0)
        return false;
    if (m->last + 1 >= tokens->n_tokens)
        return true;
    gap = slice_sub(c->text.text, end, tokens->tokens[m->last + 1].start - end);
    if (slice_find_char(gap, '\n') < gap.len)
        return true;
    return gap.len > 1 && slice_trim(gap).len > 0 && !slice_starts(gap, SLICE(","));
}

static void note_fiction(const struct context_source *source, const struct context *c,
                         struct context_state *state)
{
    for (size_t i = 0; i < c->terms.n_rows; i++) {
        const struct watch_term *term = context_term(source, &c->terms.rows[i]);

        if (term->role == ROLE_FICTION)
            state->is_fiction |=
                term->strength == STRENGTH_STRONG || is_label(c, &c->terms.rows[i]);
    }
}

/* ---- judging --------------------------------------------------------------------------------- */

static size_t distance(const struct match *a, const struct match *b)
{
    if (a->last < b->first)
        return b->first - a->last - 1;
    return b->last < a->first ? a->first - b->last - 1 : 0;
}

static bool overlap(const struct match *a, const struct match *b)
{
    return a->first <= b->last && b->first <= a->last;
}

static bool is_anchor_role(const struct context_source *source, const struct match *m)
{
    const struct watch_term *term = context_term(source, m);

    return term != NULL ? term->role == ROLE_ANCHOR
                        : source->watchlist->names[m->name].class == WATCH_BARE;
}

/* "river" before a sluice says whose it is; "a sluice with river boats" does not. */
static bool is_adjective(const struct context_source *source, const struct match *m)
{
    const struct watch_term *term = context_term(source, m);

    return term != NULL && term->strength == STRENGTH_TOPICAL;
}

/* An anchor that is a noun by itself, and no body's place. */
static bool is_noun(const struct context_source *source, const struct match *m)
{
    return context_term(source, m) != NULL && !is_adjective(source, m);
}

/* "A parcel from there lay in the station": does such a word stand right before the anchor? */
static bool has_origin(const struct context_source *source, const struct context *c,
                       const struct match *m)
{
    if (m->first == 0)
        return false;
    for (size_t i = context_term_from(c, m->first - 1);
         i < c->terms.n_rows && c->terms.rows[i].first < m->first; i++)
        if (context_term(source, &c->terms.rows[i])->role == ROLE_ORIGIN)
            return true;
    return false;
}

/* Is the anchor near enough to the term? */
static bool is_near(const struct context_source *source, const struct context *c,
                    const struct match *m, const struct match *term)
{
    bool is_cjk = (c->text.tokens.tokens[term->first].flags & TOKEN_CJK) != 0;

    if (overlap(term, m))
        return false;
    if (m->first > term->first)
        return !is_adjective(source, m) && distance(term, m) <= ANCHOR_WORDS;
    if (has_origin(source, c, m))
        return false;
    return distance(term, m) <=
           (is_noun(source, m) ? ANCHOR_BEFORE_WORDS * (is_cjk ? 2u : 1u) : ANCHOR_WORDS);
}

/* Does one of the list that could be an anchor stand near the term, in its sentence, not in it? */
static bool is_one_near(const struct context_source *source, const struct context *c,
                        const struct match_list *list, const struct match *term,
                        const struct context_sentence *s)
{
    size_t reach = 2 * ANCHOR_BEFORE_WORDS + ANCHOR_WORDS; /* an anchor has a length itself */
    size_t from = term->first > s->first + reach ? term->first - reach : s->first;

    for (size_t i = match_at_token(list, from); i < list->n_rows; i++) {
        const struct match *m = &list->rows[i];

        if (m->first >= s->behind || m->first > term->last + 1 + ANCHOR_WORDS)
            break;
        if (is_anchor_role(source, m) && is_near(source, c, m, term))
            return true;
    }
    return false;
}

/* Does the sentence, or one beside it in its paragraph, name a body? */
static bool has_body_beside(const struct context *c, const struct context_sentence *s)
{
    const struct context_sentence *end = c->sentences + c->n_sentences;

    return s->has_body ||
           (s > c->sentences && s[-1].has_body && s[-1].at.paragraph == s->at.paragraph) ||
           (s + 1 < end && s[1].has_body && s[1].at.paragraph == s->at.paragraph);
}

/*
 * Does an anchor stand near the term? A watched body in its sentence or one beside it, or its place
 * near the term, does as well, when the sentence leads abroad: at home the body has police stations
 * like any other.
 */
static bool has_anchor(const struct context_source *source, const struct context *c,
                       const struct match *term, const struct context_sentence *s)
{
    if ((s->n_places > 0 || s->has_abroad) &&
        (has_body_beside(c, s) || is_one_near(source, c, &c->names, term, s)))
        return true;
    return is_one_near(source, c, &c->terms, term, s);
}

static void note_names(const struct context_source *source, struct context *c)
{
    for (size_t i = 0; i < c->names.n_rows && c->n_sentences > 0; i++) {
        const struct match *m = &c->names.rows[i];
        enum watch_class class = source->watchlist->names[m->name].class;
        struct context_sentence *s = &c->sentences[context_at(c, m->first) - c->sentences];

        s->has_body |= class == WATCH_BODY;
        s->has_abroad |= class == WATCH_NEAR || class == WATCH_DIRECT; /* a site's own street */
        /* Names are sorted by place: two that begin together are one place. */
        s->n_places += class == WATCH_PLACE && (i == 0 || m[-1].first != m->first);
    }
}

/* Which sentences say "overseas"; before the terms are judged. */
static void note_abroad(const struct context_source *source, struct context *c)
{
    for (size_t i = 0; i < c->terms.n_rows && c->n_sentences > 0; i++)
        if (context_term(source, &c->terms.rows[i])->role == ROLE_ABROAD)
            c->sentences[context_at(c, c->terms.rows[i].first) - c->sentences].has_abroad = true;
}

/* Does a line that starts so belong to a list: "- ", "* ", a bullet, "1. "? */
static bool is_list_item(struct slice line)
{
    size_t digits = 0;

    while (digits < line.len && line.ptr[digits] >= '0' && line.ptr[digits] <= '9')
        digits++;
    if (digits > 0)
        return digits <= LIST_DIGITS && (slice_starts(slice_skip(line, digits), SLICE(". ")) ||
                                         slice_starts(slice_skip(line, digits), SLICE(") ")));
    return slice_starts(line, SLICE("- ")) || slice_starts(line, SLICE("* ")) ||
           slice_starts(line, SLICE("\xE2\x80\xA2")) ||  /* bullet */
           slice_starts(line, SLICE("\xE2\x80\x93 ")) || /* en dash */
           slice_starts(line, SLICE("\xC2\xB7"));        /* middle dot */
}

/* The items of a list speak of what the sentence before the list speaks of. */
static void carry_into_lists(struct context *c)
{
    const struct context_sentence *lead = NULL;
    bool is_item = false;

    for (size_t i = 0; i < c->n_sentences; i++) {
        struct context_sentence *s = &c->sentences[i];

        if (s->first < s->behind && (c->text.tokens.tokens[s->first].flags & TOKEN_PARAGRAPH) != 0)
            is_item = is_list_item(slice_skip(c->text.text, s->at.start));
        if (!is_item) {
            lead = s;
        } else if (lead != NULL && lead->strength > 0 && s->strength == 0 && !s->is_left_out) {
            s->strength = STRENGTH_TOPICAL;
            s->term = lead->term;
        }
    }
}

/*
 * "Another is in ...": the sentence goes on with what the one before it is about, at a paragraph's
 * beginning as well.
 */
static void follow(const struct context *c, const struct match *m, struct context_sentence *s)
{
    const struct context_sentence *before = s - 1;

    if (s == c->sentences || m->first != s->first || s->strength > 0 || s->is_left_out ||
        before->strength == 0 || before->at.paragraph + 1 < s->at.paragraph)
        return;
    s->strength = STRENGTH_TOPICAL;
    s->term = before->term;
}

/*
 * "The bus station moves. The station in ... stays": the paragraph began with another kind of
 * station, and nothing in it has led back since.
 */
static bool is_of_another(const struct context *c, const struct context_sentence *s)
{
    const struct context_sentence *before = s;
    size_t n = 0;

    for (bool is_other = s->has_veto; before->strength == 0; n++) {
        is_other = is_other || before->has_veto;
        if (before == c->sentences || n >= OTHER_SENTENCES ||
            before[-1].at.paragraph != s->at.paragraph)
            return is_other;
        before--;
    }
    return false;
}

static enum gate judge(const struct context_source *source, struct context *c,
                       const struct match *m, struct context_state *state)
{
    const struct watch_term *term = context_term(source, m);
    enum term_strength strength = term->strength;
    struct context_sentence *s;

    if (c->n_sentences == 0)
        return GATE_NONE;
    s = &c->sentences[context_at(c, m->first) - c->sentences];
    s->has_veto |= term->role == ROLE_VETO;
    s->is_anaphoric |= term->role == ROLE_ANAPHOR && m->first == s->first;
    if (term->role == ROLE_FOLLOW)
        follow(c, m, s);
    if (term->role != ROLE_TERM && term->role != ROLE_OPERATION)
        return GATE_NONE;
    if (s->is_left_out)
        return GATE_TERM_LEFT_OUT;
    /* Once in context, a weak term alone says no less than a topical one. */
    if (strength == STRENGTH_WEAK && !has_anchor(source, c, m, s))
        strength = STRENGTH_TOPICAL;
    if (strength == STRENGTH_TOPICAL && !state->has_term)
        return term->strength == STRENGTH_WEAK ? GATE_TERM_WEAK : GATE_TERM_TOPICAL;
    if (term->role == ROLE_OPERATION) {
        s->has_operation = true;
        state->has_operation = true;
        return GATE_TERM_OPERATION;
    }
    if (strength == STRENGTH_TOPICAL && is_of_another(c, s))
        return GATE_TERM_TOPICAL;
    state->has_term = true;
    if (strength > s->strength) {
        s->strength = strength;
        s->term = m;
    }
    return GATE_NONE;
}

static void judge_terms(const struct context_source *source, struct context *c,
                        struct context_state *state)
{
    for (size_t i = 0; i < c->terms.n_rows; i++) {
        const struct match *m = &c->terms.rows[i];

        note_term(source, m, judge(source, c, m, state));
    }
}

enum ww_status context_build(const struct context_source *source, const struct match_text *text,
                             const struct match_list *matches, struct context_state *state,
                             struct arena *arena, struct context *out, struct ww_error *err)
{
    struct context c = {.text = *text};
    enum ww_status status = split_matches(source, matches, arena, &c, err);

    if (status == WW_OK)
        status = cut_sentences(source, arena, &c, err);
    if (status != WW_OK)
        return status;
    left_out_captions(&c);
    left_out_marked(source, &c);
    note_fiction(source, &c, state);
    note_names(source, &c);
    note_abroad(source, &c);
    judge_terms(source, &c, state);
    carry_into_lists(&c);
    *out = c;
    return WW_OK;
}
