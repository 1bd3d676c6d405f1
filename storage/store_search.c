/*
 * store_search.c - a query becomes phrases of tokens: asked of the index in the engine's form, and
 * looked for in the text, for the snippet.
 */
#include "storage/store_search.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/token.h"
#include "storage/article_rows.h"
#include "storage/search_form.h"
#include "storage/search_index.h"
#include "storage/search_words.h"
#include "storage/store_articles.h"

#include <string.h>

/* What the words a person types may come to; the expression is at most three times as long. */
#define QUERY_MAX_BYTES 4096
#define PHRASES_MAX 64
#define SNIPPET_BYTES 240
#define SNIPPET_BEFORE_BYTES 80
#define SNIPPET_MARKS_MAX 16

struct phrase {
    const struct token *tokens;
    size_t n_tokens;
    bool is_prefix;  /* the last token may go on */
    bool is_refused; /* -word */
    bool is_choice;  /* OR with the phrase before */
};

struct search_query {
    struct phrase phrases[PHRASES_MAX];
    size_t n_phrases;
};

/* ---- reading a query ------------------------------------------------------------------------- */

/* The next word or quoted phrase off *rest, without its quotes; false at the end. */
static bool next_piece(struct slice *rest, struct slice *piece, bool *is_quoted, bool *is_refused,
                       bool *is_prefix)
{
    size_t len;

    *rest = slice_trim(*rest);
    *is_refused = rest->len > 1 && rest->ptr[0] == '-';
    if (*is_refused)
        *rest = slice_skip(*rest, 1);
    if (rest->len == 0)
        return false;
    *is_quoted = rest->ptr[0] == '"';
    if (*is_quoted) {
        *rest = slice_skip(*rest, 1);
        len = slice_find_char(*rest, '"');
        *piece = slice_head(*rest, len);
        *rest = slice_skip(*rest, len + 1);
    } else {
        for (len = 0; len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t' &&
                      rest->ptr[len] != '\n' && rest->ptr[len] != '"';)
            len++;
        *piece = slice_head(*rest, len);
        *rest = slice_skip(*rest, len);
    }
    *is_prefix = slice_ends(*piece, SLICE("*")) || slice_starts(*rest, SLICE("*"));
    if (slice_starts(*rest, SLICE("*")))
        *rest = slice_skip(*rest, 1);
    return true;
}

/*
 * One phrase a run of like tokens: between Han and Latin the index has one word more (the last
 * character alone), which no phrase could bridge.
 */
static enum ww_status add_phrases(struct search_query *q, const struct token_list *list,
                                  const struct phrase *like, struct ww_error *err)
{
    size_t begin = 0;

    for (size_t i = 1; i <= list->n_tokens; i++) {
        bool ends = i == list->n_tokens ||
                    ((list->tokens[i].flags ^ list->tokens[i - 1].flags) & TOKEN_CJK) != 0;

        /* Characters with a blank between them are two runs in the index. */
        ends = ends || ((list->tokens[i].flags & TOKEN_CJK) != 0 &&
                        (list->tokens[i].flags & TOKEN_GLUED) == 0);
        if (!ends)
            continue;
        if (q->n_phrases == PHRASES_MAX)
            return ww_fail(err, WW_INVALID, "the query has more than %d words", PHRASES_MAX);
        q->phrases[q->n_phrases] = *like;
        q->phrases[q->n_phrases].tokens = list->tokens + begin;
        q->phrases[q->n_phrases].n_tokens = i - begin;
        q->phrases[q->n_phrases].is_prefix = like->is_prefix && i == list->n_tokens;
        q->phrases[q->n_phrases].is_choice = like->is_choice && begin == 0;
        q->n_phrases++;
        begin = i;
    }
    return WW_OK;
}

static enum ww_status read_query(struct slice text, struct arena *arena, struct search_query *q,
                                 struct ww_error *err)
{
    struct slice rest = text, piece;
    struct phrase like = {0};
    bool is_quoted, is_wanted = false;

    q->n_phrases = 0;
    if (text.len > QUERY_MAX_BYTES || !text_is_utf8(text))
        return ww_fail(err, WW_INVALID, "the query is %s",
                       text.len > QUERY_MAX_BYTES ? "too long" : "not UTF-8");
    if (slice_find_char(text, '\0') < text.len) /* with a mark behind it, it would be a word */
        return ww_fail(err, WW_INVALID, "the query has a NUL in it");
    while (next_piece(&rest, &piece, &is_quoted, &like.is_refused, &like.is_prefix)) {
        struct token_list list;
        enum ww_status status;

        if (!is_quoted && slice_equal(piece, SLICE("OR")) && q->n_phrases > 0) {
            like.is_choice = true;
            continue;
        }
        status = search_tokens(piece, arena, &list, err);
        if (status == WW_OK && list.n_tokens > 0)
            status = add_phrases(q, &list, &like, err);
        if (status != WW_OK)
            return status;
        is_wanted = is_wanted || (list.n_tokens > 0 && !like.is_refused);
        like.is_choice = false;
    }
    if (!is_wanted)
        return ww_fail(err, WW_INVALID, "the query \"%.*s\" has no word to look for",
                       SLICE_ARG(text));
    return WW_OK;
}

/* ---- the question to the index --------------------------------------------------------------- */

static char *add_bytes(char *at, struct slice s)
{
    memcpy(at, s.ptr, s.len);
    return at + s.len;
}

/* As search_words has them. */
static struct slice phrase_words(const struct phrase *p, struct arena *arena)
{
    const bool is_cjk = (p->tokens[0].flags & TOKEN_CJK) != 0;
    /* A run of n characters is n - 1 pairs; one alone begins some pair, or ends its run. */
    const size_t n = is_cjk && p->n_tokens > 1 ? p->n_tokens - 1 : p->n_tokens;
    size_t room = 0;
    char *words, *at;

    for (size_t i = 0; i < p->n_tokens; i++)
        room += 2 * p->tokens[i].folded.len + 1;
    words = at = arena_alloc(arena, room);
    if (words == NULL)
        return (struct slice){"", 0};
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            *at++ = ' ';
        at = add_bytes(at, p->tokens[i].folded);
        if (is_cjk && i + 1 < p->n_tokens)
            at = add_bytes(at, p->tokens[i + 1].folded);
    }
    return slice_of(words, (size_t)(at - words));
}

static enum ww_status form_query(struct store *s, const struct search_query *q, struct arena *arena,
                                 struct search_form *out, struct ww_error *err)
{
    struct search_phrase phrases[PHRASES_MAX];
    size_t n = 0;

    for (int refused = 0; refused < 2; refused++) {
        for (size_t i = 0; i < q->n_phrases; i++) {
            const struct phrase *p = &q->phrases[i];

            if (p->is_refused != (refused == 1))
                continue;
            phrases[n++] = (struct search_phrase){
                .words = phrase_words(p, arena),
                .is_open =
                    p->is_prefix || (p->n_tokens == 1 && (p->tokens[0].flags & TOKEN_CJK) != 0),
                .is_refused = p->is_refused,
                .is_choice = p->is_choice,
            };
        }
    }
    if (arena_check(arena, err) != WW_OK)
        return WW_NOMEM;
    return store_driver(s)->form_search(phrases, n, arena, out, err);
}

/* ---- snippets -------------------------------------------------------------------------------- */

/* How many tokens from at on are the phrase; 0: not here. */
static size_t phrase_at(const struct phrase *p, const struct token_list *list, size_t at)
{
    if (p->is_refused || p->n_tokens > list->n_tokens - at)
        return 0;
    for (size_t i = 0; i < p->n_tokens; i++) {
        struct slice word = list->tokens[at + i].folded;
        bool is_open = p->is_prefix && i + 1 == p->n_tokens;

        if (is_open ? !slice_starts(word, p->tokens[i].folded)
                    : !slice_equal(word, p->tokens[i].folded))
            return 0;
    }
    return p->n_tokens;
}

/* From a little before the first place found; whole characters, and whole words where it can. */
static void place_snippet(struct slice text, size_t found, size_t *start, size_t *end)
{
    size_t from = found > SNIPPET_BEFORE_BYTES ? found - SNIPPET_BEFORE_BYTES : 0;
    size_t line = found;

    while (line > from && text.ptr[line - 1] != '\n')
        line--;
    *start = line;
    while (*start < found && ((unsigned char)text.ptr[*start] & 0xC0) == 0x80)
        (*start)++;
    *end = *start + text_cut(slice_skip(text, *start), SNIPPET_BYTES).len;
}

static enum ww_status make_snippet(const struct search_query *q, struct slice text,
                                   struct arena *scratch, struct arena *arena,
                                   struct search_hit *hit, struct ww_error *err)
{
    struct search_mark marks[SNIPPET_MARKS_MAX];
    struct token_list list;
    struct slice words;
    size_t start = 0, end = 0, n_marks = 0;
    bool is_found = false;
    enum ww_status status = search_text(text, scratch, &list, &words, err);

    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < list.n_tokens && n_marks < SNIPPET_MARKS_MAX; i++) {
        size_t n = 0;

        if (is_found && list.tokens[i].start >= end)
            break;
        for (size_t k = 0; n == 0 && k < q->n_phrases; k++)
            n = phrase_at(&q->phrases[k], &list, i);
        if (n == 0)
            continue;
        if (!is_found)
            place_snippet(text, list.tokens[i].start, &start, &end);
        is_found = true;
        if (list.tokens[i + n - 1].end <= end)
            marks[n_marks++] = (struct search_mark){list.tokens[i].start - start,
                                                    list.tokens[i + n - 1].end - start};
        i += n - 1;
    }
    if (!is_found)
        place_snippet(text, 0, &start, &end); /* it stands in the title */
    hit->snippet = arena_copy(arena, slice_sub(text, start, end - start));
    hit->marks = arena_array(arena, n_marks, sizeof(*hit->marks));
    hit->n_marks = n_marks;
    for (size_t i = 0; hit->marks != NULL && i < n_marks; i++)
        hit->marks[i] = marks[i];
    return arena_check(arena, err);
}

/* ---- searching ------------------------------------------------------------------------------- */

static const struct shape hit_shape = {
    sizeof(struct search_hit),
    {{article_members, ARTICLE_MEMBERS_COUNT, offsetof(struct search_hit, article)}}};

static enum ww_status read_hits(struct store *s, const struct search_filter *filter,
                                const struct search_form *form, struct arena *arena,
                                struct search_results *out, struct ww_error *err)
{
    const struct db_value values[] = {
        db_text(form->match),
        db_text(form->checks),
        db_text(form->all),
        db_text(form->needles),
        db_text(form->matches),
        window_since(&filter->window),
        window_until(&filter->window),
        db_integer(filter->history),
        db_text(filter->outlet),
        db_text(filter->language),
        window_limit(&filter->window),
        window_offset(&filter->window),
        db_integer(filter->backfill_id),
    };
    struct row_list list;
    enum ww_status status = row_list(s, filter->by_rank ? QUERY_SEARCH_BEST : QUERY_SEARCH_NEWEST,
                                     values, WW_COUNT(values), &hit_shape, arena, &list, err);

    out->rows = list.rows;
    out->n_rows = list.n_rows;
    if (status == WW_OK)
        status =
            row_numbers(s, QUERY_SEARCH_COUNT, values, WW_COUNT(values), &out->n_found, 1, err);
    return status;
}

enum ww_status store_search(struct store *s, const struct search_filter *filter,
                            struct arena *arena, struct search_results *out, struct ww_error *err)
{
    struct search_query query;
    struct arena scratch, texts;
    struct search_form form;
    enum ww_status status;

    *out = (struct search_results){NULL, 0, 0};
    arena_init(&scratch, SEARCH_ARENA_MAX_BYTES);
    arena_init(&texts, (size_t)2 * STORE_BLOB_MAX_BYTES);
    status = read_query(filter->query, arena, &query, err);
    if (status == WW_OK)
        status = form_query(s, &query, arena, &form, err);
    if (status == WW_OK)
        status = search_index_catch_up(s, true, err);
    if (status == WW_OK)
        status = read_hits(s, filter, &form, arena, out, err);
    for (size_t i = 0; status == WW_OK && i < out->n_rows; i++) {
        struct article_text text;

        arena_reset(&texts);
        status = store_article_text(s, out->rows[i].article.id, &texts, &text, err);
        if (status == WW_OK)
            status = make_snippet(&query, text.text, &scratch, arena, &out->rows[i], err);
    }
    arena_release(&scratch);
    arena_release(&texts);
    return status;
}
