/* precision_words.c - counting the words around right and wrong mentions. */
#include "alerts/precision_words.h"

#include "alerts/id_table.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/token.h"

#include <stdlib.h>

/* What a right alert that is lost weighs against a wrong one that goes. */
#define LOST_WEIGHT 3

/* A word, and in how many alerts it stands near some mention of the item, and near each. */
struct word {
    struct slice text;
    int64_t n_some[2], n_each[2]; /* wrong, right */
    int64_t alert_seen, mention_seen;
    size_t n_mentions; /* of the alert in hand that have it near */
};

struct counting {
    struct store *store;
    struct arena *arena; /* words */
    struct arena *page;  /* one article */
    struct id_table table;
    struct word *words;
    size_t n_words, room;
    int64_t n_looked_at[2];
    int64_t alert, mention; /* numbers of those in hand */
};

/* ---- the words around a mention -------------------------------------------------------------- */

static bool is_worth(const struct token *t)
{
    return (t->flags & TOKEN_NUMBER) == 0 && ((t->flags & TOKEN_CJK) != 0 || t->folded.len > 2);
}

/* The word that begins at token i: of CJK with the character behind it. Empty: none does. */
static struct slice word_at(const struct token_list *tokens, size_t i, struct arena *page)
{
    const struct token *t = &tokens->tokens[i];

    if (!is_worth(t))
        return (struct slice){"", 0};
    if ((t->flags & TOKEN_CJK) == 0)
        return t->folded;
    if (i + 1 >= tokens->n_tokens || (t[1].flags & TOKEN_CJK) == 0 ||
        (t[1].flags & TOKEN_GLUED) == 0)
        return (struct slice){"", 0};
    return arena_printf(page, "%.*s%.*s", SLICE_ARG(t->folded), SLICE_ARG(t[1].folded));
}

static struct word *find_word(struct counting *c, struct slice text)
{
    uint32_t number = id_table_get(&c->table, SLICE("word"), text);
    struct word *grown;

    if (number != ID_NONE)
        return &c->words[number];
    grown = arena_grow(c->arena, c->words, c->n_words, &c->room, sizeof(*grown));
    if (grown == NULL)
        return NULL;
    c->words = grown;
    c->words[c->n_words] = (struct word){.text = arena_copy(c->arena, text)};
    id_table_put(&c->table, c->arena, SLICE("word"), c->words[c->n_words].text,
                 (uint32_t)c->n_words);
    return &c->words[c->n_words++];
}

static void note_word(struct counting *c, struct slice text, bool is_right)
{
    struct word *w = text.len > 0 ? find_word(c, text) : NULL;

    if (w == NULL || w->mention_seen == c->mention)
        return;
    w->mention_seen = c->mention;
    if (w->alert_seen != c->alert) {
        w->alert_seen = c->alert;
        w->n_mentions = 0;
        w->n_some[is_right]++;
    }
    w->n_mentions++;
}

/* Tokens [first, end) touch the mention; the window is what stands on either side of them. */
static void note_window(struct counting *c, const struct token_list *tokens,
                        const struct mention_row *m, bool is_right)
{
    size_t first = 0, end;

    while (first < tokens->n_tokens && (int64_t)tokens->tokens[first].end <= m->start)
        first++;
    end = first;
    while (end < tokens->n_tokens && (int64_t)tokens->tokens[end].start < m->end)
        end++;
    c->mention++;
    for (size_t i = first > QUERY_WINDOW_WORDS ? first - QUERY_WINDOW_WORDS : 0;
         i < tokens->n_tokens && i < end + QUERY_WINDOW_WORDS; i++)
        if (i < first || i >= end)
            note_word(c, word_at(tokens, i, c->page), is_right);
}

/* ---- an alert -------------------------------------------------------------------------------- */

/* A word that stands near each of its mentions. */
static void close_alert(struct counting *c, size_t n_mentions, bool is_right)
{
    for (size_t i = 0; i < c->n_words; i++)
        c->words[i].n_each[is_right] +=
            c->words[i].alert_seen == c->alert && c->words[i].n_mentions == n_mentions;
}

static enum ww_status look_at(struct counting *c, const struct judged_row *row,
                              struct ww_error *err)
{
    const struct mention_filter filter = {
        .window = {.limit = MENTIONS_MAX}, .article_id = row->article_id, .item = row->item};
    const bool is_right = row->verdict != MARK_IRRELEVANT;
    struct token_list tokens[2] = {0};
    struct mention_list mentions;
    struct article_row article;
    struct article_text text;
    enum ww_status status;

    arena_reset(c->page);
    status = store_article(c->store, row->article_id, c->page, &article, err);
    if (status == WW_OK)
        status = store_article_text(c->store, row->article_id, c->page, &text, err);
    if (status == WW_OK)
        status = store_list_mentions(c->store, &filter, c->page, &mentions, err);
    if (status == WW_OK)
        status = token_scan(article.title, c->page, &tokens[MENTION_TITLE], err);
    if (status == WW_OK)
        status = token_scan(text.text, c->page, &tokens[MENTION_TEXT], err);
    if (status != WW_OK)
        return status;
    c->alert++;
    c->n_looked_at[is_right]++;
    for (size_t i = 0; i < mentions.n_rows; i++)
        note_window(c, &tokens[mentions.rows[i].field], &mentions.rows[i], is_right);
    close_alert(c, mentions.n_rows, is_right);
    return arena_check(c->arena, err);
}

/* ---- the best ones --------------------------------------------------------------------------- */

static int64_t gain_of(const struct word_proposal *p)
{
    return p->n_removed - LOST_WEIGHT * p->n_lost;
}

/* The most gained; among equals the longer word, which is seldom one of a language's commonest. */
static int by_gain(const void *a, const void *b)
{
    const struct word_proposal *x = a, *y = b;

    if (gain_of(x) != gain_of(y))
        return gain_of(x) > gain_of(y) ? -1 : 1;
    if (x->word.len != y->word.len)
        return x->word.len > y->word.len ? -1 : 1;
    return slice_compare(x->word, y->word);
}

static struct word_proposal proposal_of(const struct counting *c, const struct word *w,
                                        struct slice item, bool is_exclude)
{
    return (struct word_proposal){
        .item = item,
        .word = w->text,
        .is_exclude = is_exclude,
        .n_wrong = c->n_looked_at[0],
        .n_right = c->n_looked_at[1],
        .n_removed = is_exclude ? w->n_each[0] : c->n_looked_at[0] - w->n_some[0],
        .n_lost = is_exclude ? w->n_each[1] : c->n_looked_at[1] - w->n_some[1],
    };
}

static enum ww_status add_best(const struct counting *c, struct slice item, bool is_exclude,
                               struct word_proposals *out, struct arena *arena,
                               struct ww_error *err)
{
    struct word_proposal *all = arena_array(arena, c->n_words + 1, sizeof(*all));
    size_t n = 0;

    if (all == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < c->n_words; i++) {
        all[n] = proposal_of(c, &c->words[i], item, is_exclude);
        n += all[n].n_removed >= 2 && gain_of(&all[n]) > 0;
    }
    qsort(all, n, sizeof(*all), by_gain);
    for (size_t i = 0; i < n && i < PRECISION_WORDS_MAX; i++) {
        out->rows[out->n_rows] = all[i];
        out->rows[out->n_rows++].word = arena_copy(arena, all[i].word);
    }
    return WW_OK;
}

/* The alerts rows[0, n) of one item. */
static enum ww_status propose(struct store *s, const struct judged_row *const *rows, size_t n,
                              struct word_proposals *out, struct arena *arena, struct ww_error *err)
{
    struct arena words, page;
    struct counting c = {.store = s, .arena = &words, .page = &page};
    int64_t n_of[2] = {0};
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < n; i++)
        n_of[rows[i]->verdict != MARK_IRRELEVANT]++;
    if (n_of[0] < 2 || n_of[1] < 1)
        return WW_OK;
    arena_init(&words, SCAN_ARENA_MAX_BYTES);
    arena_init(&page, SCAN_ARENA_MAX_BYTES);
    for (size_t i = n > PRECISION_TEXTS_MAX ? n - PRECISION_TEXTS_MAX : 0; i < n && status == WW_OK;
         i++)
        status = look_at(&c, rows[i], err);
    if (status == WW_OK)
        status = add_best(&c, rows[0]->item, true, out, arena, err);
    if (status == WW_OK)
        status = add_best(&c, rows[0]->item, false, out, arena, err);
    arena_release(&page);
    arena_release(&words);
    return status;
}

static int by_item(const void *a, const void *b)
{
    const struct judged_row *x = *(const struct judged_row *const *)a;
    const struct judged_row *y = *(const struct judged_row *const *)b;
    int order = slice_compare(x->item, y->item);

    return order != 0 ? order : (x->alert_id > y->alert_id) - (x->alert_id < y->alert_id);
}

enum ww_status precision_words(struct store *s, const struct judged_list *list, struct arena *arena,
                               struct word_proposals *out, struct ww_error *err)
{
    const struct judged_row **rows = arena_array(arena, list->n_rows + 1, sizeof(*rows));
    size_t n = 0, end;
    enum ww_status status = WW_OK;

    /* An item with proposals has three alerts at least, and two lists of words. */
    *out = (struct word_proposals){
        .rows = arena_array(arena, (list->n_rows / 3 + 1) * 2 * PRECISION_WORDS_MAX,
                            sizeof(*out->rows))};
    if (rows == NULL || out->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_rows; i++)
        if (list->rows[i].verdict != MARK_NONE)
            rows[n++] = &list->rows[i];
    qsort(rows, n, sizeof(*rows), by_item);
    for (size_t first = 0; first < n && status == WW_OK; first = end) {
        for (end = first + 1; end < n && slice_equal(rows[end]->item, rows[first]->item);)
            end++;
        status = propose(s, &rows[first], end - first, out, arena, err);
    }
    return status;
}
