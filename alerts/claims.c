/* claims.c - "N sites in M countries" in a sentence: its numbers, what they count, who says so. */
#include "alerts/statement_words.h"
#include "base/diff_numerals.h"
#include "base/text.h"

/* Words between a number and what it counts: "102 such alleged secret stations". */
#define UNIT_WORDS 4
/* "53 host countries"; in Chinese a counter of one character stands between. */
#define COUNTRIES_WORDS 1
/* Numbers in this range are years more often than counts. */
#define YEAR_FIRST 1900
#define YEAR_LAST 2100
/* No count of a report is higher, and no number of countries. */
#define SITES_LAST 100000
#define COUNTRIES_LAST 300
/* "Amnesty International": capital words in a row, before or behind a verb of saying. */
#define SPEAKER_WORDS_MIN 2
#define SPEAKER_WORDS_MAX 6

/* A number in a sentence. */
struct number {
    uint32_t first, last;
    int64_t value;
};

/* ---- numbers --------------------------------------------------------------------------------- */

/* The digit of a code point: Latin ones after folding, or Arabic ones; -1: none. */
static int digit_of(uint32_t code)
{
    static const uint32_t zeros[] = {'0', 0x660, 0x6F0, 0x966};

    for (size_t i = 0; i < WW_COUNT(zeros); i++)
        if (code >= zeros[i] && code <= zeros[i] + 9)
            return (int)(code - zeros[i]);
    return -1;
}

static int64_t digits_value(struct slice folded)
{
    int64_t value = 0;

    for (size_t at = 0; at < folded.len;) {
        const int digit = digit_of(text_next_code(folded, &at));

        if (digit < 0 || value > SITES_LAST)
            return -1;
        value = 10 * value + digit;
    }
    return folded.len > 0 ? value : -1;
}

static bool is_han_numeral(const struct token *t)
{
    int power = 0;

    return (t->flags & TOKEN_CJK) != 0 && (diff_han_digit(t->folded, &power) >= 0 || power > 0);
}

/* The number that begins at token i of the sentence. */
static bool read_number(const struct sentence_words *words, uint32_t i, struct number *out)
{
    const struct token *tokens = words->c->text.tokens.tokens;
    uint64_t value = 0;
    uint32_t last = i;

    *out = (struct number){i, i, digits_value(tokens[i].folded)};
    if (out->value >= 0)
        return true;
    while (last < words->s->behind && is_han_numeral(&tokens[last]))
        last++;
    if (last == i || !diff_han_value(tokens + i, last - i, &value) || value > SITES_LAST)
        return false;
    *out = (struct number){i, last - 1, (int64_t)value};
    return true;
}

static bool is_year(int64_t value)
{
    return value >= YEAR_FIRST && value <= YEAR_LAST;
}

/* ---- what they count ------------------------------------------------------------------------- */

/* Does m stand behind the number as what it counts? No other number stands between. */
static bool is_counted(const struct sentence_words *words, const struct number *n,
                       const struct match *m, size_t room)
{
    struct number other;

    if (m->last <= n->last || (m->first <= n->last && m->first > n->first))
        return false;
    for (uint32_t i = n->last + 1; i < m->first; i++)
        if (read_number(words, i, &other))
            return false;
    return m->first <= n->last + 1 || (sentence_steps(words->c, n->last + 1, m->first) <= room &&
                                       sentence_is_joined(words->c, n->last, m->first));
}

static bool counts_countries(const struct statements *st, const struct sentence_words *words,
                             const struct number *n, uint32_t *last)
{
    for (size_t i = 0; i < words->list.n_rows; i++)
        if (sentence_word(st, &words->list.rows[i])->term->role == ROLE_COUNTRIES &&
            is_counted(words, n, &words->list.rows[i], COUNTRIES_WORDS)) {
            *last = words->list.rows[i].last;
            return true;
        }
    return false;
}

static bool counts_sites(const struct statements *st, const struct sentence_words *words,
                         const struct number *n, uint32_t *last)
{
    const struct watchlist *w = st->watchlist;

    for (size_t i = 0; i < words->c->terms.n_rows; i++) {
        const struct match *m = &words->c->terms.rows[i];

        if (m->first < words->s->first || m->first >= words->s->behind ||
            w->terms[w->names[m->name].owner].role != ROLE_TERM ||
            !is_counted(words, n, m, UNIT_WORDS))
            continue;
        *last = m->last;
        return true;
    }
    for (size_t i = 0; i < words->list.n_rows; i++)
        if (sentence_word(st, &words->list.rows[i])->term->role == ROLE_COUNTER &&
            is_counted(words, n, &words->list.rows[i], 0)) {
            *last = words->list.rows[i].last;
            return true;
        }
    return false;
}

static struct slice bound_of(const struct statements *st, const struct sentence_words *words,
                             const struct number *n)
{
    for (size_t i = 0; i < words->list.n_rows; i++) {
        const struct match *m = &words->list.rows[i];
        const struct late_word *word = sentence_word(st, m);

        if (word->term->role == ROLE_BOUND && sentence_word_stands(st, words, m, n->first, n->last))
            return word->term->state;
    }
    return SLICE("");
}

/* ---- who says so ----------------------------------------------------------------------------- */

static bool is_capital(const struct sentence_words *words, uint32_t i)
{
    return (words->c->text.tokens.tokens[i].flags & TOKEN_CAPITAL) != 0;
}

/* The capital words right before token `at`, or behind it; first > last: none. */
static void find_capitals(const struct sentence_words *words, uint32_t at, bool is_behind,
                          uint32_t *first, uint32_t *last)
{
    const struct context_sentence *s = words->s;

    *first = 1;
    *last = 0;
    if (is_behind) {
        uint32_t i = at + 1;

        if (i + 1 < s->behind && !is_capital(words, i))
            i++; /* "according to the Society" */
        *first = i;
        while (i < s->behind && is_capital(words, i) && i < *first + SPEAKER_WORDS_MAX &&
               sentence_is_joined(words->c, i == *first ? i : i - 1, i))
            i++;
        *last = i - 1;
        return;
    }
    if (at == s->first)
        return;
    *last = at - 1;
    *first = at;
    while (*first > s->first && is_capital(words, *first - 1) &&
           *last - *first + 2 <= SPEAKER_WORDS_MAX && sentence_is_joined(words->c, *first - 1, at))
        (*first)--;
}

/* A speaker that the watchlist knows; else a name of several capital words that says so. */
static struct slice speaker_of(const struct statements *st, const struct sentence_words *words)
{
    const struct match_text *text = &words->c->text;

    for (size_t i = 0; i < words->list.n_rows; i++)
        if (sentence_word(st, &words->list.rows[i])->term->role == ROLE_SPEAKER)
            return sentence_word(st, &words->list.rows[i])->term->state;
    for (size_t i = 0; i < words->list.n_rows; i++) {
        const struct match *m = &words->list.rows[i];
        const struct late_word *word = sentence_word(st, m);
        uint32_t first, last;

        if (word->term->role != ROLE_SAYING || word->side == SIDE_ANY)
            continue;
        /* "@ said": the verb stands behind its subject. */
        find_capitals(words, word->side == SIDE_BEHIND ? m->first : m->last,
                      word->side == SIDE_BEFORE, &first, &last);
        if (last + 1 >= first + SPEAKER_WORDS_MIN)
            return slice_sub(text->text, text->tokens.tokens[first].start,
                             text->tokens.tokens[last].end - text->tokens.tokens[first].start);
    }
    return SLICE("");
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool find_countries(const struct statements *st, const struct sentence_words *words,
                           struct number *out, uint32_t *last)
{
    for (uint32_t i = words->s->first; i < words->s->behind; i = out->last + 1)
        if (!read_number(words, i, out))
            out->last = i;
        else if (out->value > 0 && out->value <= COUNTRIES_LAST &&
                 counts_countries(st, words, out, last))
            return true;
    return false;
}

/* The number of sites: what a term is counted by, or what stands before "in M countries". */
static bool find_sites(const struct statements *st, const struct sentence_words *words,
                       const struct number *countries, struct number *out, uint32_t *last)
{
    struct number bare = {0};

    for (uint32_t i = words->s->first; i < words->s->behind; i = out->last + 1) {
        if (!read_number(words, i, out)) {
            out->last = i;
            continue;
        }
        if (out->first == countries->first || out->value <= 0 || is_year(out->value))
            continue;
        if (counts_sites(st, words, out, last))
            return true;
        if (out->last < countries->first &&
            sentence_steps(words->c, out->last + 1, countries->first) <= 1 &&
            sentence_is_joined(words->c, out->last, countries->first))
            bare = *out;
    }
    *out = bare;
    *last = bare.last;
    return bare.value > 0;
}

/* "110 stations; officials of 12 countries": two statements, and no claim. */
static bool is_one_statement(const struct sentence_words *words, uint32_t first, uint32_t last)
{
    const struct token *tokens = words->c->text.tokens.tokens;
    const struct slice s =
        slice_sub(words->c->text.text, tokens[first].start, tokens[last].end - tokens[first].start);

    return !slice_contains(s, SLICE(";")) && !slice_contains(s, SLICE("\xEF\xBC\x9B"));
}

bool claim_find(const struct statements *st, const struct sentence_words *words,
                struct mention_claim *out)
{
    const struct token *tokens = words->c->text.tokens.tokens;
    struct number countries, sites;
    uint32_t countries_end, sites_end, first, last;

    if (!find_countries(st, words, &countries, &countries_end) ||
        !find_sites(st, words, &countries, &sites, &sites_end))
        return false;
    first = sites.first < countries.first ? sites.first : countries.first;
    last = sites_end > countries_end ? sites_end : countries_end;
    if (!is_one_statement(words, first, last))
        return false;
    *out = (struct mention_claim){
        .n_sites = sites.value,
        .n_countries = countries.value,
        .bound = bound_of(st, words, &sites),
        .speaker = speaker_of(st, words),
        .at = {MENTION_TEXT, tokens[first].start, tokens[last].end, words->s->at.start,
               words->s->at.end},
    };
    if (out->bound.len == 0)
        out->bound = bound_of(st, words, &countries);
    return true;
}
