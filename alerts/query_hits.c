/* query_hits.c - matches sorted by word, with their sentences; what does not count left out. */
#include "alerts/query_hits.h"

#include "alerts/opening_line.h"
#include "base/arena.h"
#include "base/limits.h"

/* One field on its way: what of it is known at the match at hand. */
struct walk {
    const struct context *c;
    const struct watchlist *watchlist;
    bool is_text;
    uint32_t base, units;      /* where places, sentences and paragraphs are counted from */
    size_t sentence;           /* that the last match was in */
    size_t line, dateline_end; /* of the line looked at last; SIZE_MAX: none yet */
};

static struct query_hit hit_of(struct walk *w, const struct match *m)
{
    const struct context *c = w->c;
    struct query_hit hit = {
        .first = w->base + m->first, .last = w->base + m->last, .word = m->name};

    while (w->sentence + 1 < c->n_sentences && c->sentences[w->sentence + 1].first <= m->first)
        w->sentence++;
    hit.sentence = w->units + (uint32_t)w->sentence;
    hit.paragraph = w->units;
    if (c->n_sentences > 0)
        hit.paragraph += c->sentences[w->sentence].at.paragraph;
    return hit;
}

/* Does the place count: no caption, no link line, no dateline? After hit_of of the same match. */
static bool counts(struct walk *w, const struct match *m)
{
    const struct token *tokens = w->c->text.tokens.tokens;
    size_t line = m->first;

    if (w->c->n_sentences > 0 && w->c->sentences[w->sentence].is_left_out)
        return false;
    if (!w->is_text)
        return true;
    for (size_t i = 0; i < OPENING_LINE_WORDS && line > 0; i++) {
        if ((tokens[line].flags & TOKEN_PARAGRAPH) != 0)
            break;
        line--;
    }
    if ((tokens[line].flags & TOKEN_PARAGRAPH) == 0)
        return true;
    if (line != w->line)
        w->dateline_end = opening_line_end(w->watchlist, w->c, line);
    w->line = line;
    return m->first >= w->dateline_end;
}

static uint32_t find_lead_end(const struct context *c, uint32_t base)
{
    size_t n_words = 0;
    size_t i = 0;

    for (; i < c->n_sentences && n_words < QUERY_LEAD_WORDS; i++)
        if (!c->sentences[i].is_left_out)
            n_words += c->sentences[i].behind - c->sentences[i].first;
    while (i > 0 && i < c->n_sentences &&
           c->sentences[i].at.paragraph == c->sentences[i - 1].at.paragraph)
        i++;
    return base + (i < c->n_sentences ? c->sentences[i].first : (uint32_t)c->text.tokens.n_tokens);
}

/* Where the rows of each word begin. */
static uint32_t *count(const struct query_words *list, const struct match_list words[2],
                       struct arena *arena)
{
    uint32_t *first = arena_array(arena, list->n_rows + 2, sizeof(*first));

    if (first == NULL)
        return NULL;
    for (size_t f = 0; f < 2; f++)
        for (size_t i = 0; i < words[f].n_rows; i++)
            first[words[f].rows[i].name + 1]++;
    for (size_t i = 0; i < list->n_rows; i++)
        first[i + 1] += first[i];
    return first;
}

static void walk_field(struct walk *w, const struct match_list *words, struct query_article *a,
                       uint32_t *next, bool *is_counted)
{
    for (size_t i = 0; i < words->n_rows; i++) {
        const struct match *m = &words->rows[i];
        uint32_t at = next[m->name]++;

        a->hits[0][at] = hit_of(w, m);
        is_counted[at] = counts(w, m);
    }
}

enum ww_status query_hits_build(const struct query_words *list, const struct match_list words[2],
                                const struct context fields[2], const struct watchlist *watchlist,
                                struct arena *arena, struct query_article *out,
                                struct ww_error *err)
{
    const size_t n = words[0].n_rows + words[1].n_rows;
    const struct context *title = &fields[MENTION_TITLE];
    struct query_article a = {.base =
                                  (uint32_t)title->text.tokens.n_tokens + QUERY_DISTANCE_MAX + 1,
                              .units = (uint32_t)title->n_sentences + 1};
    uint32_t *next = arena_array(arena, list->n_rows + 2, sizeof(*next));
    bool *is_counted = arena_array(arena, n + 1, sizeof(*is_counted));
    uint32_t n_counted = 0;

    a.first[0] = count(list, words, arena);
    a.first[1] = arena_array(arena, list->n_rows + 2, sizeof(*a.first[1]));
    a.hits[0] = arena_array(arena, n + 1, sizeof(*a.hits[0]));
    a.hits[1] = arena_array(arena, n + 1, sizeof(*a.hits[1]));
    if (next == NULL || is_counted == NULL || a.first[0] == NULL || a.first[1] == NULL ||
        a.hits[0] == NULL || a.hits[1] == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_rows; i++)
        next[i] = a.first[0][i];
    for (size_t f = 0; f < 2; f++) {
        struct walk w = {.c = &fields[f],
                         .watchlist = watchlist,
                         .is_text = f == MENTION_TEXT,
                         .base = f == MENTION_TEXT ? a.base : 0,
                         .units = f == MENTION_TEXT ? a.units : 0,
                         .line = SIZE_MAX};

        walk_field(&w, &words[f], &a, next, is_counted);
    }
    for (size_t i = 0; i < list->n_rows; i++) {
        a.first[1][i] = n_counted;
        for (uint32_t k = a.first[0][i]; k < a.first[0][i + 1]; k++)
            if (is_counted[k])
                a.hits[1][n_counted++] = a.hits[0][k];
    }
    a.first[1][list->n_rows] = n_counted;
    a.lead_end = find_lead_end(&fields[MENTION_TEXT], a.base);
    *out = a;
    return WW_OK;
}

size_t query_hits_from(struct query_hits hits, uint32_t place)
{
    size_t low = 0;
    size_t high = hits.n_rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (hits.rows[middle].first < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct query_hits part(struct query_hits hits, uint32_t from, uint32_t to)
{
    size_t first = query_hits_from(hits, from);

    return (struct query_hits){hits.rows + first, query_hits_from(hits, to) - first};
}

struct query_hits query_hits_of(const struct query_article *a, uint32_t word, uint32_t fields)
{
    const size_t which = (fields & QUERY_IN_ALL) != 0 ? 0 : 1;
    struct query_hits hits = {a->hits[which] + a->first[which][word],
                              a->first[which][word + 1] - a->first[which][word]};

    if ((fields & QUERY_IN_LEAD) != 0)
        return part(hits, a->base, a->lead_end);
    if ((fields & QUERY_IN_TITLE) == 0)
        return part(hits, a->base, UINT32_MAX);
    return (fields & QUERY_IN_BODY) == 0 ? part(hits, 0, a->base) : hits;
}

enum mention_field query_hit_field(const struct query_article *a, uint32_t place, uint32_t *token)
{
    const bool is_text = place >= a->base;

    *token = is_text ? place - a->base : place;
    return is_text ? MENTION_TEXT : MENTION_TITLE;
}
