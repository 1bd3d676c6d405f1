/* rejection.c - vetoes, conditions of places, datelines. */
#include "alerts/rejection.h"

#include "alerts/opening_line.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/text.h"

/* "in Rome, Milan and New York": words a list may go back over to its "in". */
#define LOCATIVE_WORDS 8
/* Longer names without spaces are rarely found by chance. */
#define SHORT_NAME_CHARACTERS 2
/* So many places in a sentence are a list of where something is; governments come in pairs. */
#define LIST_PLACES 3

/* "and", "et", "und" between two names. */
#define LINK_BYTES 3
/* Words of a paper's name before its town. */
#define QUOTED_WORDS 4
/* Words from a name to the station that it describes: "the Paris overseas station". */
#define TERM_BESIDE 2
/* Words that a term may have: it is sought by its first. */
#define TERM_WORDS 12

/* What is known of a place in this article, two bits a kind of condition. */
enum place_state { ABSENT_JUDGED = 1, ABSENT_BAD = 2, NEEDED_JUDGED = 4, NEEDED_BAD = 8 };

/* A condition with its phrases compiled. */
struct test {
    enum condition_kind kind;
    const struct match_phrase **phrases;
    size_t n_phrases;
};

struct tests {
    struct test *rows;
    size_t n_rows;
};

/* What says that a place is meant: words around its name, or, in `ending`, the name's own case. */
struct phrase_of_language {
    struct slice language;
    const struct match_phrase *phrase; /* NULL: it is an ending */
    struct slice ending;
};

struct rejections {
    const struct watchlist *watchlist;
    struct tests *places; /* as watchlist->places */
    const struct match_phrase **vetoes;
    size_t n_vetoes;
    struct phrase_of_language *metonyms;
    size_t n_metonyms;
    struct phrase_of_language *locatives;
    size_t n_locatives;
};

/* ---- building -------------------------------------------------------------------------------- */

static bool build_test(const struct watch_condition *c, struct arena *arena, struct test *out)
{
    *out = (struct test){.kind = c->kind};
    out->phrases = arena_array(arena, c->n_phrases + 1, sizeof(const struct match_phrase *));
    if (out->phrases == NULL)
        return false;
    for (size_t i = 0; i < c->n_phrases; i++) {
        struct slice text = c->phrases[i];

        if (c->kind == CONDITION_FOLLOWED)
            text = arena_printf(arena, "@ %.*s", SLICE_ARG(text));
        out->phrases[out->n_phrases] = match_phrase_build(text, arena);
        out->n_phrases += out->phrases[out->n_phrases] != NULL;
    }
    return true;
}

static bool build_tests(const struct watch_place *place, struct arena *arena, struct tests *out)
{
    out->rows = arena_array(arena, place->n_conditions + 1, sizeof(*out->rows));
    if (out->rows == NULL)
        return false;
    for (size_t i = 0; i < place->n_conditions; i++)
        if (!build_test(&place->conditions[i], arena, &out->rows[out->n_rows++]))
            return false;
    return true;
}

/* "in" stands before the name, "@ hosts" around it; "-ban" is how the name itself ends. */
static void add_locative(struct rejections *r, const struct watch_term *t, struct arena *arena)
{
    struct phrase_of_language *l = &r->locatives[r->n_locatives];
    bool is_around = slice_find_char(t->text, '@') < t->text.len;

    *l = (struct phrase_of_language){.language = t->language, .ending = SLICE("")};
    if (slice_starts(t->text, SLICE("-")))
        l->ending = slice_skip(t->text, 1);
    else
        l->phrase = match_phrase_build(
            is_around ? t->text : arena_printf(arena, "%.*s @", SLICE_ARG(t->text)), arena);
    r->n_locatives += l->phrase != NULL || l->ending.len > 0;
}

static void build_phrases(struct rejections *r, struct arena *arena)
{
    for (size_t i = 0; i < r->watchlist->n_terms; i++) {
        const struct watch_term *t = &r->watchlist->terms[i];

        if (t->role == ROLE_VETO && slice_find_char(t->text, '@') < t->text.len) {
            r->vetoes[r->n_vetoes] = match_phrase_build(t->text, arena);
            r->n_vetoes += r->vetoes[r->n_vetoes] != NULL;
        } else if (t->role == ROLE_METONYM) {
            r->metonyms[r->n_metonyms] = (struct phrase_of_language){
                t->language, match_phrase_build(t->text, arena), SLICE("")};
            r->n_metonyms += r->metonyms[r->n_metonyms].phrase != NULL;
        } else if (t->role == ROLE_LOCATIVE) {
            add_locative(r, t, arena);
        }
    }
}

enum ww_status rejections_build(const struct watchlist *w, struct arena *arena,
                                struct rejections **out, struct ww_error *err)
{
    struct rejections *r = arena_alloc(arena, sizeof(*r));

    if (r == NULL)
        return arena_check(arena, err);
    r->watchlist = w;
    r->places = arena_array(arena, w->n_places + 1, sizeof(*r->places));
    r->vetoes = arena_array(arena, w->n_terms + 1, sizeof(const struct match_phrase *));
    r->metonyms = arena_array(arena, w->n_terms + 1, sizeof(*r->metonyms));
    r->locatives = arena_array(arena, w->n_terms + 1, sizeof(*r->locatives));
    if (r->metonyms == NULL || r->places == NULL || r->vetoes == NULL || r->locatives == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < w->n_places; i++)
        if (!build_tests(&w->places[i], arena, &r->places[i]))
            return arena_check(arena, err);
    build_phrases(r, arena);
    *out = r;
    return arena_check(arena, err);
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* The phrase of them that stands around the match, or NULL. */
static const struct match_phrase *find_around(const struct match_phrase *const *phrases, size_t n,
                                              const struct context *c, const struct match *m)
{
    for (size_t i = 0; i < n; i++)
        if (match_phrase_around(phrases[i], &c->text, m->first, m->last))
            return phrases[i];
    return NULL;
}

/*
 * What makes the place a government, in the article's language: "nie" denies in one and is no more
 * than "not" in another. Of an article whose language nobody knows, or no word of the watchlist is
 * in, in any.
 */
static const struct match_phrase *find_metonym(const struct rejections *r, const struct context *c,
                                               const struct match *m, struct slice language)
{
    bool is_known = watch_knows_language(r->watchlist, language);

    for (size_t i = 0; i < r->n_metonyms; i++)
        if ((!is_known || r->metonyms[i].language.len == 0 ||
             watch_same_language(r->metonyms[i].language, language)) &&
            match_phrase_around(r->metonyms[i].phrase, &c->text, m->first, m->last))
            return r->metonyms[i].phrase;
    return NULL;
}

/* The one that stands anywhere in the article. */
static const struct match_phrase *find_anywhere(const struct test *t,
                                                const struct context fields[2])
{
    for (size_t i = 0; i < t->n_phrases; i++)
        if (match_phrase_anywhere(t->phrases[i], &fields[0].text) ||
            match_phrase_anywhere(t->phrases[i], &fields[1].text))
            return t->phrases[i];
    return NULL;
}

/* The conditions of one kind on the article as a whole. */
static bool suits_article(const struct tests *tests, enum condition_kind kind,
                          const struct context fields[2])
{
    for (size_t i = 0; i < tests->n_rows; i++)
        if (tests->rows[i].kind == kind &&
            (find_anywhere(&tests->rows[i], fields) != NULL) != (kind == CONDITION_NEEDED))
            return false;
    return true;
}

/* The same, judged once an article. */
static bool is_unsuited(const struct tests *tests, enum condition_kind kind,
                        const struct context fields[2], unsigned char *state)
{
    unsigned char judged = kind == CONDITION_NEEDED ? NEEDED_JUDGED : ABSENT_JUDGED;
    unsigned char bad = kind == CONDITION_NEEDED ? NEEDED_BAD : ABSENT_BAD;

    if ((*state & judged) == 0)
        *state |= suits_article(tests, kind, fields) ? judged : judged | bad;
    return (*state & bad) != 0;
}

static bool has_condition(const struct tests *tests, enum condition_kind kind)
{
    for (size_t i = 0; i < tests->n_rows; i++)
        if (tests->rows[i].kind == kind)
            return true;
    return false;
}

/* Two characters out of the middle of two words are no name. */
static bool cuts_word(const struct context *c, const struct match *m)
{
    const struct token *first = &c->text.tokens.tokens[m->first];
    const struct token *last = &c->text.tokens.tokens[m->last];

    return (first->flags & TOKEN_CJK) != 0 && m->last - m->first < SHORT_NAME_CHARACTERS &&
           sentence_cuts_word(c->text.text, first->start, last->end);
}

/* Is token i a part of a list of names: a capital, or a short word between two of them? */
static bool is_list_word(const struct match_text *text, size_t i)
{
    const struct token *t = &text->tokens.tokens[i];

    return (t->flags & TOKEN_CAPITAL) != 0 || t->folded.len <= 3;
}

/* "Londonban", of the name "London~": the case says where. London itself has no such ending. */
static bool has_ending(const struct rejections *r, const struct context *c, const struct match *m,
                       struct slice ending)
{
    const struct token *t = &c->text.tokens.tokens[m->last];
    struct slice name = r->watchlist->names[m->name].text;
    size_t stem = slice_find_char(name, '~');
    struct slice word = slice_sub(c->text.text, c->text.tokens.tokens[m->first].start,
                                  t->end - c->text.tokens.tokens[m->first].start);

    return stem < name.len && word.len > stem && slice_ends(slice_skip(word, stem), ending);
}

/* "in Rome", "in Milan, Rome and Bonn": a locative of the language before the place or its list. */
static bool is_located(const struct rejections *r, const struct context *c, const struct match *m,
                       struct slice language, bool *is_asked)
{
    const struct context_sentence *s = context_at(c, m->first);

    for (size_t i = 0; i < r->n_locatives; i++) {
        size_t first = m->first;

        if (!watch_same_language(r->locatives[i].language, language))
            continue;
        *is_asked = true;
        if (r->locatives[i].phrase == NULL) {
            if (has_ending(r, c, m, r->locatives[i].ending))
                return true;
            continue;
        }
        for (size_t n = 0; n < LOCATIVE_WORDS; n++) {
            if (match_phrase_around(r->locatives[i].phrase, &c->text, first, m->last))
                return true;
            if (first == s->first || !is_list_word(&c->text, first - 1))
                break;
            first--;
        }
    }
    return false;
}

/* Is a term of the watchlist at one of the tokens [first, behind)? */
static bool has_term_in(const struct rejections *r, const struct context *c, size_t first,
                        size_t behind)
{
    size_t from = first > TERM_WORDS ? first - TERM_WORDS : 0;

    for (size_t i = context_term_from(c, from);
         i < c->terms.n_rows && c->terms.rows[i].first < behind; i++)
        if (c->terms.rows[i].last >= first &&
            r->watchlist->terms[r->watchlist->names[c->terms.rows[i].name].owner].role == ROLE_TERM)
            return true;
    return false;
}

/* ---- names of papers ------------------------------------------------------------------------- */

static bool has_quote(struct slice gap)
{
    static const char *const marks[] = {"\"",           "\xC2\xAB",     "\xC2\xBB",
                                        "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E"};

    for (size_t i = 0; i < WW_COUNT(marks); i++)
        if (slice_contains(gap, slice_from(marks[i])))
            return true;
    return false;
}

static bool has_quote_before(const struct context *c, size_t token)
{
    const struct token_list *list = &c->text.tokens;
    size_t start = token > 0 ? list->tokens[token - 1].end : 0;
    size_t end = token < list->n_tokens ? list->tokens[token].start : c->text.text.len;

    return has_quote(slice_sub(c->text.text, start, end - start));
}

/*
 * "Le Courrier de Lyon" in quotation marks: a name that the place closes, with more capitals, and
 * no term of the watchlist in it.
 */
static bool is_quoted_name(const struct rejections *r, const struct context *c,
                           const struct match *m)
{
    const struct token *tokens = c->text.tokens.tokens;
    size_t first = m->first;
    size_t n_capitals = 0;

    if (!has_quote_before(c, (size_t)m->last + 1) || has_quote_before(c, m->first))
        return false;
    while (first > 0 && m->first - first < QUOTED_WORDS && !has_quote_before(c, first)) {
        first--;
        if (!is_list_word(&c->text, first) || (tokens[first + 1].flags & TOKEN_PARAGRAPH) != 0)
            return false;
        n_capitals += (tokens[first].flags & TOKEN_CAPITAL) != 0;
    }
    return n_capitals > 0 && has_quote_before(c, first) &&
           !has_term_in(r, c, first, (size_t)m->last + 1);
}

/* ---- places that act ------------------------------------------------------------------------- */

/* Is the token the only word a locative of the language has: "in"? */
static bool is_preposition(const struct rejections *r, const struct context *c, size_t token,
                           struct slice language)
{
    struct match none = {.first = (uint32_t)token + 1, .last = (uint32_t)token + 1};

    for (size_t i = 0; i < r->n_locatives; i++)
        if (r->locatives[i].phrase != NULL &&
            watch_same_language(r->locatives[i].language, language) &&
            match_phrase_around(r->locatives[i].phrase, &c->text, none.first, none.last))
            return true;
    return false;
}

static bool is_joined(const struct context *c, size_t token)
{
    const struct token *tokens = c->text.tokens.tokens;

    return tokens[token].start == tokens[token - 1].end + 1 &&
           c->text.text.ptr[tokens[token - 1].end] == ' ';
}

static bool is_comma(const struct context *c, size_t token)
{
    const struct token *tokens = c->text.tokens.tokens;

    return slice_equal(
        slice_sub(c->text.text, tokens[token - 1].end, tokens[token].start - tokens[token - 1].end),
        SLICE(", "));
}

/*
 * Of scripts without spaces: the name opens a clause that goes on at once and holds no term. Where
 * the watchlist has words for where something is, they were asked before.
 */
static bool opens_clause(const struct rejections *r, const struct context *c, const struct match *m,
                         const struct context_sentence *s)
{
    const struct token *tokens = c->text.tokens.tokens;
    size_t behind = m->last + 1;

    if (m->first > s->first && (tokens[m->first].flags & TOKEN_GLUED) != 0)
        return false;
    while (behind < s->behind && (tokens[behind].flags & TOKEN_GLUED) != 0)
        behind++;
    return behind > (size_t)m->last + 1 && !has_term_in(r, c, m->first, behind);
}

/* "Paris, meanwhile, hesitates": one word between commas. */
static bool is_aside(const struct context *c, size_t i, size_t behind)
{
    const struct token *tokens = c->text.tokens.tokens;

    return i + 1 < behind && is_comma(c, i) && is_comma(c, i + 1) &&
           ((tokens[i].flags | tokens[i + 1].flags) & (TOKEN_CAPITAL | TOKEN_NUMBER)) == 0;
}

/* The word that the names joined to this one lead to, "and Bonn" passed over; 0: none. */
static size_t word_behind(const struct context *c, const struct match *m,
                          const struct context_sentence *s)
{
    const struct token *tokens = c->text.tokens.tokens;

    for (size_t i = m->last + 1; i < s->behind && i <= m->last + LOCATIVE_WORDS; i++) {
        bool is_link = i + 1 < s->behind && tokens[i].folded.len <= LINK_BYTES &&
                       (tokens[i + 1].flags & TOKEN_CAPITAL) != 0 && is_joined(c, i + 1);

        if (i == (size_t)m->last + 1 && is_aside(c, i, s->behind))
            return i + 1;
        if (is_comma(c, i) && (tokens[i].flags & TOKEN_CAPITAL) != 0)
            continue; /* "Rome, Bonn and" */
        if (!is_joined(c, i) || (tokens[i].flags & TOKEN_NUMBER) != 0)
            return 0;
        if ((tokens[i].flags & TOKEN_CAPITAL) == 0 && !is_link)
            return i;
        if ((tokens[i].flags & TOKEN_CAPITAL) != 0 && i == (size_t)m->last + 1)
            return 0; /* a longer name */
    }
    return 0;
}

/* The tokens that a term beside the name may have: no sign between, TERM_BESIDE words behind. */
static size_t beside_first(const struct context *c, const struct match *m)
{
    return m->first > 0 && is_joined(c, m->first) ? m->first - 1 : m->first;
}

static size_t beside_behind(const struct context *c, const struct match *m)
{
    size_t i = (size_t)m->last + 1;

    while (i < c->text.tokens.n_tokens && i <= (size_t)m->last + TERM_BESIDE &&
           (is_joined(c, i) || (c->text.tokens.tokens[i].flags & TOKEN_GLUED) != 0))
        i++;
    return i;
}

/*
 * "Paris hesitates", "Rome and Bonn compare notes": a name that a small word follows, with nothing
 * that says a place is meant. Not what a term stands beside ("the Paris station", "station Paris"),
 * nor a list of places in a sentence with a term. 0: it does not act; else the word's token.
 */
static size_t find_act(const struct rejections *r, const struct context *c, const struct match *m,
                       struct slice language)
{
    const struct context_sentence *s = context_at(c, m->first);
    const struct token *t = &c->text.tokens.tokens[m->first];
    struct match chain = *m;
    bool is_asked = false;
    size_t word;

    if (has_term_in(r, c, beside_first(c, m), beside_behind(c, m)) ||
        is_located(r, c, m, language, &is_asked) || !is_asked)
        return 0;
    if ((t->flags & TOKEN_CJK) != 0)
        return opens_clause(r, c, m, s) ? (size_t)m->last + 1 : 0;
    word = (t->flags & TOKEN_CAPITAL) != 0 ? word_behind(c, m, s) : 0;
    if (word == 0 || is_preposition(r, c, word, language))
        return 0;
    chain.last = (uint32_t)word - 1;
    return is_located(r, c, &chain, language, &is_asked) ? 0 : word;
}

/* The gate of a condition that looks at the words around the match. */
static enum gate gate_around(enum condition_kind kind)
{
    return kind == CONDITION_FOLLOWED ? GATE_FOLLOWED
           : kind == CONDITION_PHRASE ? GATE_PHRASE
                                      : GATE_NONE;
}

enum gate rejections_test(const struct rejections *r, const struct context *c,
                          const struct match *m, uint32_t place, const struct context fields[2],
                          struct slice language, unsigned char *states)
{
    const struct tests *tests;
    bool is_asked = false;

    if (cuts_word(c, m))
        return GATE_CUT_WORD;
    if (opening_line_is_dateline(r->watchlist, c, m))
        return GATE_DATELINE;
    if (find_around(r->vetoes, r->n_vetoes, c, m) != NULL || is_quoted_name(r, c, m))
        return GATE_PHRASE_VETO;
    if (place == WATCH_NONE)
        return GATE_NONE;
    tests = &r->places[place];
    /* "Prague said" is a government; "the station in Prague said" is not. */
    if (has_condition(tests, CONDITION_METONYM) &&
        (find_act(r, c, m, language) > 0 ||
         (find_metonym(r, c, m, language) != NULL && !is_located(r, c, m, language, &is_asked))))
        return GATE_METONYM;
    for (size_t i = 0; i < tests->n_rows; i++) {
        const struct test *t = &tests->rows[i];

        if (gate_around(t->kind) != GATE_NONE &&
            find_around(t->phrases, t->n_phrases, c, m) != NULL)
            return gate_around(t->kind);
    }
    if (is_unsuited(tests, CONDITION_ABSENT, fields, &states[place]))
        return GATE_ABSENT;
    /* Only the name itself is ambiguous: Florence may be a person; Firenze, or in Florence, no. */
    if (slice_equal(r->watchlist->names[m->name].text, r->watchlist->places[place].name) &&
        is_unsuited(tests, CONDITION_NEEDED, fields, &states[place]) &&
        !is_located(r, c, m, language, &is_asked))
        return GATE_NEEDED;
    return GATE_NONE;
}

/* ---- the sentence beside --------------------------------------------------------------------- */

enum gate rejections_test_beside(const struct rejections *r, const struct context *c,
                                 const struct match *m, uint32_t place, struct slice language)
{
    const struct tests *tests = &r->places[place];
    bool is_asked = false;

    if (has_condition(tests, CONDITION_SAME_SENTENCE))
        return GATE_SAME_SENTENCE;
    if (context_at(c, m->first)->n_places >= LIST_PLACES)
        return GATE_NONE;
    return !has_condition(tests, CONDITION_METONYM) || is_located(r, c, m, language, &is_asked) ||
                   !is_asked
               ? GATE_NONE
               : GATE_METONYM_BESIDE;
}

/* ---- which words it was ---------------------------------------------------------------------- */

static struct slice words_of(const struct match_phrase *phrase)
{
    return phrase != NULL ? match_phrase_text(phrase) : SLICE("");
}

/* The phrase of the watchlist, else the name and the word right behind it: "@ hesitates". */
static struct slice words_of_act(const struct rejections *r, const struct context *c,
                                 const struct match *m, struct slice language, struct arena *arena)
{
    const struct match_phrase *phrase = find_metonym(r, c, m, language);

    if (phrase != NULL || find_act(r, c, m, language) == 0)
        return words_of(phrase);
    return arena_printf(arena, "@ %.*s", SLICE_ARG(c->text.tokens.tokens[m->last + 1].folded));
}

/* The phrases of a place's conditions of that gate: the one that stands there, or all that miss. */
static struct slice words_of_place(const struct tests *tests, const struct context *c,
                                   const struct match *m, const struct context fields[2],
                                   enum gate gate, struct arena *arena)
{
    struct slice all = SLICE("");

    for (size_t i = 0; i < tests->n_rows; i++) {
        const struct test *t = &tests->rows[i];
        struct slice found = {"", 0};

        if (gate_around(t->kind) == gate)
            found = words_of(find_around(t->phrases, t->n_phrases, c, m));
        else if (t->kind == CONDITION_ABSENT && gate == GATE_ABSENT)
            found = words_of(find_anywhere(t, fields));
        if (found.len > 0)
            return found;
        for (size_t k = 0; t->kind == CONDITION_NEEDED && gate == GATE_NEEDED && k < t->n_phrases;
             k++)
            all = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(all), all.len > 0 ? "|" : "",
                               SLICE_ARG(words_of(t->phrases[k])));
    }
    return all;
}

struct slice rejections_words(const struct rejections *r, const struct context *c,
                              const struct match *m, uint32_t place, const struct context fields[2],
                              struct slice language, enum gate gate, struct arena *arena)
{
    if (gate == GATE_PHRASE_VETO && is_quoted_name(r, c, m))
        return SLICE("... @\"");
    if (gate == GATE_PHRASE_VETO)
        return words_of(find_around(r->vetoes, r->n_vetoes, c, m));
    if (gate == GATE_METONYM)
        return words_of_act(r, c, m, language, arena);
    return place == WATCH_NONE ? SLICE("")
                               : words_of_place(&r->places[place], c, m, fields, gate, arena);
}

struct slice rejections_found(const struct rejections *r, uint32_t place,
                              const struct context fields[2], enum condition_kind kind)
{
    const struct tests *tests = &r->places[place];
    const struct match_phrase *found = NULL;

    for (size_t i = 0; i < tests->n_rows && found == NULL; i++)
        if (tests->rows[i].kind == kind)
            found = find_anywhere(&tests->rows[i], fields);
    return words_of(found);
}

bool rejections_is_located(const struct rejections *r, const struct context *c,
                           const struct match *m, struct slice language)
{
    bool is_asked = false;

    return is_located(r, c, m, language, &is_asked);
}
