/* opening_line.c - "PARIS (Agency) -": the place that a text was written from. */
#include "alerts/opening_line.h"

/* Words of a date behind its number: "3 de noviembre". */
#define DATE_WORDS 2

/* A dash that closes a dateline: with a space behind it, two hyphens, or the Spanish ".-". */
static bool has_dash(struct slice gap)
{
    return slice_contains(gap, SLICE("\xE2\x80\x93")) ||
           slice_contains(gap, SLICE("\xE2\x80\x94")) || slice_contains(gap, SLICE(" - ")) ||
           slice_contains(gap, SLICE("--")) || slice_contains(gap, SLICE(") -")) ||
           slice_contains(gap, SLICE(".-"));
}

/* The token that begins the line of token i, at most OPENING_LINE_WORDS back; false: it is further.
 */
static bool find_line(const struct match_text *text, size_t i, size_t *first)
{
    for (size_t n = 0; n <= OPENING_LINE_WORDS; n++) {
        if ((text->tokens.tokens[i].flags & TOKEN_PARAGRAPH) != 0) {
            *first = i;
            return true;
        }
        if (i == 0)
            return false;
        i--;
    }
    return false;
}

/* Is a token written like one of a dateline: a capital, a number, the month beside a number? */
static bool is_dateline_word(const struct match_text *text, size_t i)
{
    const struct token *tokens = text->tokens.tokens;

    if ((tokens[i].flags & (TOKEN_CAPITAL | TOKEN_NUMBER)) != 0)
        return true;
    for (size_t n = 1; n <= DATE_WORDS && n <= i; n++)
        if ((tokens[i - n].flags & TOKEN_NUMBER) != 0)
            return true;
    return i + 1 < text->tokens.n_tokens && (tokens[i + 1].flags & TOKEN_NUMBER) != 0;
}

/* Does the place open the line, alone or behind "(Agency) -" or "Vienna/"? */
static bool opens_line(const struct match_text *text, const struct match *m, size_t line)
{
    const struct token *tokens = text->tokens.tokens;
    struct slice gap;

    if (m->first == line)
        return true;
    gap = slice_sub(text->text, tokens[m->first - 1].end,
                    tokens[m->first].start - tokens[m->first - 1].end);
    if (!has_dash(gap) && !slice_contains(gap, SLICE(")")) && !slice_contains(gap, SLICE("/")))
        return false;
    for (size_t i = line; i < m->first; i++)
        if ((tokens[i].flags & (TOKEN_CAPITAL | TOKEN_NUMBER)) == 0)
            return false;
    return true;
}

/*
 * "PARIS (Agency) - ", "(AGENCY) - ROME, 12 JAN - ", "Lisboa, 26 out 2022 (Agency) - ": the place
 * opens the line, and a dash follows before any word that is written small. Agencies in brackets
 * may be: "Berlin (agency) -".
 */
static bool is_opening(const struct match_text *text, const struct match *m, size_t line)
{
    const struct token *tokens = text->tokens.tokens;

    bool is_bracketed = false;

    if (!opens_line(text, m, line))
        return false;
    for (size_t i = m->last; i < m->last + OPENING_LINE_WORDS && i + 1 < text->tokens.n_tokens;
         i++) {
        const struct token *next = &tokens[i + 1];
        struct slice gap = slice_sub(text->text, tokens[i].end, next->start - tokens[i].end);

        if ((next->flags & TOKEN_PARAGRAPH) != 0)
            return false;
        if (has_dash(gap))
            return true;
        if (slice_contains(gap, SLICE("(")) || slice_contains(gap, SLICE(")")))
            is_bracketed = slice_find_last_char(gap, '(') < gap.len;
        if (!is_bracketed && !is_dateline_word(text, i + 1))
            return false;
    }
    return false;
}

/* Nothing but a sign or a space may follow: the name of an agency may begin other words. */
static bool ends_word(const struct match_text *text, size_t token)
{
    const struct token *t = &text->tokens.tokens[token];

    return token + 1 >= text->tokens.n_tokens || t[1].start > t->end;
}

/* The dateline word of the watchlist that closes the line's opening behind a token, or NULL. */
static const struct match *find_dateline(const struct watchlist *w, const struct context *c,
                                         size_t token, size_t line)
{
    for (size_t i = context_term_from(c, token + 1); i < c->terms.n_rows; i++) {
        const struct match *t = &c->terms.rows[i];
        const struct watch_name *name = &w->names[t->name];

        if (t->first > token + OPENING_LINE_WORDS ||
            t->first > line + (size_t)2 * OPENING_LINE_WORDS)
            break;
        if (w->terms[name->owner].role == ROLE_DATELINE && ends_word(&c->text, t->last))
            return t;
    }
    return NULL;
}

bool opening_line_is_dateline(const struct watchlist *w, const struct context *c,
                              const struct match *m)
{
    size_t line;

    return find_line(&c->text, m->first, &line) &&
           (is_opening(&c->text, m, line) || find_dateline(w, c, m->last, line) != NULL);
}

size_t opening_line_end(const struct watchlist *w, const struct context *c, size_t line)
{
    const struct token *tokens = c->text.tokens.tokens;
    const struct match opening = {.first = (uint32_t)line, .last = (uint32_t)line};
    const struct match *closing = find_dateline(w, c, line, line);
    bool is_sure = (tokens[line].flags & TOKEN_ALL_CAPITALS) != 0;

    if (closing != NULL)
        return (size_t)closing->last + 1;
    if (!is_opening(&c->text, &opening, line))
        return line;
    for (size_t i = line; i + 1 < c->text.tokens.n_tokens; i++) {
        struct slice gap =
            slice_sub(c->text.text, tokens[i].end, tokens[i + 1].start - tokens[i].end);

        is_sure = is_sure || (tokens[i].flags & TOKEN_NUMBER) != 0 ||
                  slice_find_char(gap, '(') < gap.len || slice_find_char(gap, ')') < gap.len;
        if (has_dash(gap))
            return is_sure ? i + 1 : line;
    }
    return line;
}
