/* statements.c - from words to stances, and to what is said of the status of an item. */
#include "alerts/statements.h"

#include "alerts/statement_words.h"
#include "base/arena.h"
#include "base/limits.h"

/* Further away than this from the item and from any term, a status is about something else. */
#define STATUS_WORDS 12
/* "in A, B and C": what stands so close is one list, and has one status. */
#define LIST_WORDS 2
/* A comma between a status and an item weighs as much as so many words. */
#define COMMA_WORDS 4

/* One article on its way through. */
struct reader {
    const struct statements *st;
    const struct context *fields;
    struct slice language;
    struct arena *arena;
    struct mention_report *report;
    size_t proposals_room, claims_room;
};

/* ---- stances --------------------------------------------------------------------------------- */

static bool is_denial(const struct late_word *word)
{
    return (word->term->role == ROLE_NEGATION && word->side == SIDE_ANY) ||
           (word->term->role == ROLE_STATUS && word->term->strength < STRENGTH_STRONG);
}

enum stance statements_of_existence(const struct statements *st, const struct context *c,
                                    const struct context_sentence *s, struct slice language,
                                    struct arena *arena)
{
    struct sentence_words words;
    enum stance stance = STANCE_ASSERTED;

    if (sentence_words_find(st, c, s, language, arena, &words, NULL) != WW_OK)
        return stance;
    for (size_t i = 0; i < words.list.n_rows; i++) {
        const struct match *m = &words.list.rows[i];
        const struct late_word *word = sentence_word(st, m);
        const bool stands =
            s->term == NULL || sentence_word_stands(st, &words, m, s->term->first, s->term->last);

        if (is_denial(word) || (word->term->role == ROLE_NEGATION && stands))
            return STANCE_DENIED;
        if (word->term->role == ROLE_HEDGE && stands)
            stance = STANCE_ALLEGED;
    }
    return stance;
}

/* Of a status word: is it so, is it said to be so, is it not so, or is it only wanted? */
static enum stance stance_of_status(const struct reader *r, const struct sentence_words *words,
                                    const struct match *status)
{
    enum stance stance = STANCE_ASSERTED;

    for (size_t i = 0; i < words->list.n_rows; i++) {
        const struct match *m = &words->list.rows[i];
        const struct late_word *word = sentence_word(r->st, m);

        if (m->first <= status->last && status->first <= m->last)
            continue;
        if (!sentence_word_stands(r->st, words, m, status->first, status->last))
            continue;
        if (word->term->role == ROLE_UNREAL)
            return STANCE_UNREAL;
        if (word->term->role == ROLE_NEGATION && word->side != SIDE_ANY)
            stance = STANCE_DENIED;
        else if (word->term->role == ROLE_HEDGE && stance == STANCE_ASSERTED)
            stance = STANCE_ALLEGED;
    }
    return stance;
}

/* ---- whose status it is ---------------------------------------------------------------------- */

static struct match match_of_span(const struct context *c, const struct mention *m)
{
    const struct token_list *tokens = &c->text.tokens;
    struct match out = {0};
    size_t low = 0, high = tokens->n_tokens;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (tokens->tokens[middle].end <= m->at.start)
            low = middle + 1;
        else
            high = middle;
    }
    out.first = out.last = (uint32_t)low;
    while (out.last + 1 < tokens->n_tokens && tokens->tokens[out.last + 1].start < m->at.end)
        out.last++;
    return out;
}

/* Words between two matches; a comma makes it more. */
static size_t distance(const struct context *c, const struct match *a, const struct match *b)
{
    const struct match *left = a->first <= b->first ? a : b;
    const struct match *right = left == a ? b : a;
    size_t n;

    if (right->first <= left->last)
        return 0;
    n = sentence_steps(c, left->last + 1, right->first);
    return sentence_is_joined(c, left->last, right->first) ? n : n + COMMA_WORDS;
}

/* The distance to the nearest term of the sentence; SIZE_MAX: it has none. */
static size_t term_distance(const struct reader *r, const struct sentence_words *words,
                            const struct match *status)
{
    const struct watchlist *w = r->st->watchlist;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < words->c->terms.n_rows; i++) {
        const struct match *m = &words->c->terms.rows[i];

        if (m->first >= words->s->behind)
            break;
        if (m->first >= words->s->first && w->terms[w->names[m->name].owner].role == ROLE_TERM &&
            distance(words->c, m, status) < best)
            best = distance(words->c, m, status);
    }
    return best;
}

/* "Shops near the station were closed": the term is a landmark. */
static bool is_aside(const struct reader *r, const struct sentence_words *words)
{
    const struct watchlist *w = r->st->watchlist;

    for (size_t i = 0; i < words->list.n_rows; i++) {
        const struct match *m = &words->list.rows[i];

        if (sentence_word(r->st, m)->term->role != ROLE_ASIDE)
            continue;
        for (size_t k = 0; k < words->c->terms.n_rows; k++) {
            const struct match *term = &words->c->terms.rows[k];

            if (term->first >= words->s->first && term->last < words->s->behind &&
                w->terms[w->names[term->name].owner].role == ROLE_TERM &&
                sentence_word_stands(r->st, words, m, term->first, term->last))
                return true;
        }
    }
    return false;
}

/* The sites that a sentence names, by token. */
struct named {
    struct match at;
    const struct mention *mention;
};

static size_t find_named(const struct reader *r, const struct context *c, size_t field,
                         const struct context_sentence *s, struct named *out, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < r->report->n_mentions && n < room; i++) {
        const struct mention *m = &r->report->mentions[i];

        if ((size_t)m->at.field == field && m->item->is_site && m->at.start >= s->at.start &&
            m->at.start < s->at.end)
            out[n++] = (struct named){match_of_span(c, m), m};
    }
    return n;
}

/* ---- proposals ------------------------------------------------------------------------------- */

static void propose(struct reader *r, const struct sentence_words *words, const struct match *m,
                    size_t field, const struct watch_item *item, enum stance stance)
{
    const struct token *tokens = words->c->text.tokens.tokens;
    const struct mention_proposal new = {
        .item = item,
        .state = sentence_word(r->st, m)->term->state,
        .stance = stance,
        .at = {(enum mention_field)field, tokens[m->first].start, tokens[m->last].end,
               words->s->at.start, words->s->at.end}
    };
    struct mention_proposal *rows = r->report->proposals;

    /* One of a state: what is said outright is kept, not what is said first. */
    for (size_t i = 0; i < r->report->n_proposals; i++)
        if (rows[i].item == item && slice_equal(rows[i].state, new.state)) {
            if (new.stance < rows[i].stance)
                rows[i] = new;
            return;
        }
    if (r->report->n_proposals >= MENTIONS_ARTICLE_MAX)
        return;
    rows = arena_grow(r->arena, rows, r->report->n_proposals, &r->proposals_room, sizeof(*rows));
    if (rows == NULL)
        return;
    r->report->proposals = rows;
    rows[r->report->n_proposals++] = new;
}

/* The nearest of the sites, and with it those that stand in one list with it. */
static void propose_nearest(struct reader *r, const struct sentence_words *words,
                            const struct match *status, size_t field, const struct named *named,
                            size_t n_named, enum stance stance)
{
    const struct context *c = words->c;
    size_t best = 0, first, last;

    for (size_t i = 1; i < n_named; i++)
        if (distance(c, &named[i].at, status) < distance(c, &named[best].at, status))
            best = i;
    first = last = best;
    while (first > 0 && named[first - 1].at.last < named[first].at.first &&
           sentence_steps(c, named[first - 1].at.last + 1, named[first].at.first) < LIST_WORDS)
        first--;
    while (last + 1 < n_named && named[last].at.last < named[last + 1].at.first &&
           sentence_steps(c, named[last].at.last + 1, named[last + 1].at.first) < LIST_WORDS)
        last++;
    /* Words between them may be the status itself: then they are no list. */
    for (size_t i = first; i <= last; i++)
        propose(r, words, status, field, named[i].mention->item, stance);
}

/* Is it a status of what the sentence names, or of somebody else in it? */
static bool is_near(const struct reader *r, const struct sentence_words *words,
                    const struct match *status, const struct named *named, size_t n_named)
{
    if (term_distance(r, words, status) <= STATUS_WORDS)
        return true;
    for (size_t i = 0; i < n_named; i++)
        if (distance(words->c, &named[i].at, status) <= STATUS_WORDS)
            return true;
    return false;
}

/*
 * The sites that a sentence is about: those it names; or, when it names no place and goes on about
 * the stations, the one that the sentence before names alone.
 */
static size_t find_subjects(const struct reader *r, const struct context *c, size_t field,
                            const struct context_sentence *s, struct named *out, size_t room)
{
    size_t n = find_named(r, c, field, s, out, room);

    if (n > 0 || s->n_places > 0 || s->strength == 0 || s == c->sentences ||
        s[-1].at.paragraph != s->at.paragraph)
        return n;
    n = find_named(r, c, field, s - 1, out, room);
    for (size_t i = 1; i < n; i++)
        if (out[i].mention->item != out[0].mention->item)
            return 0;
    return n > 0 ? 1 : 0;
}

static enum ww_status read_sentence(struct reader *r, const struct context *c, size_t field,
                                    const struct context_sentence *s, struct ww_error *err)
{
    struct named named[MENTIONS_MAX];
    const size_t n_named = find_subjects(r, c, field, s, named, MENTIONS_MAX);
    struct sentence_words words;
    enum ww_status status;

    if (n_named == 0)
        return WW_OK;
    status = sentence_words_find(r->st, c, s, r->language, r->arena, &words, err);
    if (status != WW_OK || is_aside(r, &words))
        return status;
    for (size_t i = 0; i < words.list.n_rows; i++) {
        const struct match *m = &words.list.rows[i];
        const struct watch_term *term = sentence_word(r->st, m)->term;
        enum stance stance;

        if (term->role != ROLE_STATUS || term->strength < STRENGTH_STRONG ||
            !is_near(r, &words, m, named, n_named))
            continue;
        stance = stance_of_status(r, &words, m);
        if (stance != STANCE_UNREAL)
            propose_nearest(r, &words, m, field, named, n_named, stance);
    }
    return WW_OK;
}

/* ---- claims ---------------------------------------------------------------------------------- */

static enum ww_status read_claim(struct reader *r, const struct context *c, size_t field,
                                 const struct context_sentence *s, struct ww_error *err)
{
    struct mention_claim claim;
    struct mention_claim *rows;
    struct sentence_words words;
    enum ww_status status;

    if (s->strength == 0 || r->report->n_claims >= MENTIONS_MAX)
        return WW_OK;
    status = sentence_words_find(r->st, c, s, r->language, r->arena, &words, err);
    if (status != WW_OK || !claim_find(r->st, &words, &claim))
        return status;
    claim.at.field = (enum mention_field)field;
    rows = arena_grow(r->arena, r->report->claims, r->report->n_claims, &r->claims_room,
                      sizeof(*rows));
    if (rows == NULL)
        return arena_check(r->arena, err);
    r->report->claims = rows;
    rows[r->report->n_claims++] = claim;
    return WW_OK;
}

enum ww_status statements_find(const struct statements *st, const struct context fields[2],
                               struct slice language, struct arena *arena,
                               struct mention_report *report, struct ww_error *err)
{
    struct reader r = {
        .st = st, .fields = fields, .language = language, .arena = arena, .report = report};
    enum ww_status status = WW_OK;

    for (size_t field = 0; field < 2; field++)
        for (size_t i = 0; i < fields[field].n_sentences && status == WW_OK; i++) {
            const struct context_sentence *s = &fields[field].sentences[i];

            if (s->is_left_out)
                continue;
            status = read_sentence(&r, &fields[field], field, s, err);
            if (status == WW_OK)
                status = read_claim(&r, &fields[field], field, s, err);
        }
    return status;
}
