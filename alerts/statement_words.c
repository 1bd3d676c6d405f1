/* statement_words.c - the words that are looked for late: compiled, and found in one sentence. */
#include "alerts/statement_words.h"

#include "alerts/watchlist_roles.h"
#include "base/arena.h"
#include "base/limits.h"

/* A word of a script without spaces is about two characters long. */
#define CJK_STEP 1
#define WORD_STEP 2

/* "will * @" to "will", which stands before it with up to some words between. */
static struct slice cut_place(struct slice text, struct late_word *word)
{
    if (slice_ends(text, SLICE("@"))) {
        word->side = SIDE_BEFORE;
        text = slice_trim(slice_head(text, text.len - 1));
        word->has_gap = slice_ends(text, SLICE("*"));
        text = slice_head(text, text.len - word->has_gap);
    } else if (slice_starts(text, SLICE("@"))) {
        word->side = SIDE_BEHIND;
        text = slice_trim(slice_skip(text, 1));
        word->has_gap = slice_starts(text, SLICE("*"));
        text = slice_skip(text, word->has_gap);
    }
    return slice_trim(text);
}

enum ww_status statements_build(const struct watchlist *w, struct arena *arena,
                                struct statements **out, struct ww_error *err)
{
    struct statements *st = arena_alloc(arena, sizeof(*st));
    struct watch_name *names = arena_array(arena, w->n_terms + 1, sizeof(*names));

    if (st == NULL || names == NULL)
        return arena_check(arena, err);
    *st = (struct statements){.watchlist = w, .names = names};
    st->words = arena_array(arena, w->n_terms + 1, sizeof(*st->words));
    if (st->words == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < w->n_terms; i++) {
        const struct watch_term *t = &w->terms[i];
        struct late_word *word = &st->words[st->n_words];

        if (!watch_role_is_late(t->role) || t->role == ROLE_LOCATIVE || t->role == ROLE_ORDINARY)
            continue;
        *word = (struct late_word){.term = t};
        names[st->n_words] = (struct watch_name){.text = cut_place(t->text, word),
                                                 .language = t->language,
                                                 .class = WATCH_TERM,
                                                 .owner = (uint32_t)st->n_words,
                                                 .cell = t->cell};
        st->n_words += names[st->n_words].text.len > 0;
    }
    *out = st;
    return matcher_build(names, st->n_words, arena, &st->matcher, err);
}

const struct late_word *sentence_word(const struct statements *st, const struct match *m)
{
    return &st->words[m->name];
}

/* A word in another language's letters is no other word: names and CJK counters are for all. */
static bool is_of_language(const struct statements *st, const struct match *m,
                           struct slice language)
{
    const struct watch_term *t = st->words[m->name].term;

    return t->language.len == 0 || t->role == ROLE_SPEAKER ||
           !watch_knows_language(st->watchlist, language) ||
           watch_same_language(t->language, language);
}

static bool overlap(const struct match *a, const struct match *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* Does a longer status lie over it: "ordered closed" over "closed"? */
static bool is_hidden(const struct statements *st, const struct match_list *list, size_t i)
{
    const struct match *m = &list->rows[i];

    if (st->words[m->name].term->role != ROLE_STATUS)
        return false;
    for (size_t k = 0; k < list->n_rows; k++)
        if (st->words[list->rows[k].name].term->role == ROLE_STATUS && overlap(m, &list->rows[k]) &&
            list->rows[k].weight > m->weight)
            return true;
    return false;
}

enum ww_status sentence_words_find(const struct statements *st, const struct context *c,
                                   const struct context_sentence *s, struct slice language,
                                   struct arena *arena, struct sentence_words *out,
                                   struct ww_error *err)
{
    const struct match_text part = {
        .text = c->text.text,
        .tokens = {c->text.tokens.tokens + s->first, s->behind - s->first},
        .joints = c->text.joints + s->first
    };
    struct match_list all;
    enum ww_status status;
    size_t n = 0;

    *out = (struct sentence_words){c, s, {0}};
    if (part.tokens.n_tokens > STATEMENT_WORDS_MAX)
        return WW_OK; /* each word is asked of each other one */
    status = matcher_find(st->matcher, &part, arena, &all, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < all.n_rows; i++) {
        struct match m = all.rows[i];

        m.first += s->first;
        m.last += s->first;
        if (is_of_language(st, &m, language))
            all.rows[n++] = m;
    }
    all.n_rows = n;
    out->list.rows = arena_array(arena, n + 1, sizeof(*out->list.rows));
    if (out->list.rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < n; i++)
        if (!is_hidden(st, &all, i))
            out->list.rows[out->list.n_rows++] = all.rows[i];
    context_sort_by_place(out->list.rows, out->list.n_rows);
    return WW_OK;
}

size_t sentence_steps(const struct context *c, uint32_t from, uint32_t to)
{
    size_t n = 0;

    for (uint32_t i = from; i < to; i++)
        n += (c->text.tokens.tokens[i].flags & TOKEN_CJK) != 0 ? CJK_STEP : WORD_STEP;
    return n / WORD_STEP;
}

bool sentence_is_joined(const struct context *c, uint32_t from, uint32_t to)
{
    for (uint32_t i = from + 1; i <= to; i++)
        if (c->text.joints[i] != JOINT_PLAIN)
            return false;
    return true;
}

bool sentence_word_stands(const struct statements *st, const struct sentence_words *words,
                          const struct match *m, uint32_t first, uint32_t last)
{
    const struct late_word *word = &st->words[m->name];
    const size_t room = word->has_gap ? MATCH_GAP_WORDS : 0;

    if (word->side == SIDE_BEFORE)
        return m->last < first && sentence_steps(words->c, m->last + 1, first) <= room &&
               sentence_is_joined(words->c, m->last, first);
    if (word->side == SIDE_BEHIND)
        return m->first > last && sentence_steps(words->c, last + 1, m->first) <= room &&
               sentence_is_joined(words->c, last, m->first);
    return true;
}
