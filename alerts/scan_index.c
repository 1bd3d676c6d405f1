/* scan_index.c - names to words of the index, and answers into one list. */
#include "alerts/scan_index.h"

#include "alerts/matcher.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store_search.h"

#include <stdlib.h>

/* Ids gathered so far; an article that holds three names is in it three times. */
struct gathering {
    int64_t *ids;
    size_t n_ids, capacity;
};

static bool gather(struct gathering *g, struct arena *arena, const int64_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t *room = arena_grow(arena, g->ids, g->n_ids, &g->capacity, sizeof(*room));

        if (room == NULL)
            return false;
        g->ids = room;
        room[g->n_ids++] = ids[i];
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static struct walk_ids settle(struct gathering *g)
{
    size_t n = 0;

    if (g->n_ids > 0)
        qsort(g->ids, g->n_ids, sizeof(*g->ids), compare);
    for (size_t i = 0; i < g->n_ids; i++)
        if (n == 0 || g->ids[i] != g->ids[n - 1])
            g->ids[n++] = g->ids[i];
    return (struct walk_ids){g->ids, n};
}

/* The words of a name, as matching would cut it; *n 0: it has none. */
static enum ww_status read_name(struct slice name, struct arena *arena, struct search_word **out,
                                size_t *n, struct ww_error *err)
{
    struct match_text cut = {0};
    const struct token_list *list = &cut.tokens;
    struct search_word *words;
    enum ww_status status = match_text_cut(name, arena, &cut, err);

    *n = 0;
    if (status != WW_OK)
        return status;
    *out = words = arena_array(arena, list->n_tokens + 1, sizeof(*words));
    if (words == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_tokens; i++) {
        const struct token *t = &list->tokens[i];
        const size_t from = i > 0 ? t[-1].end : 0;
        const struct slice gap = slice_sub(name, from, t->start - from);

        words[i] = (struct search_word){
            .folded = t->folded,
            .is_cjk = (t->flags & TOKEN_CJK) != 0,
            .is_open = t->end < name.len && name.ptr[t->end] == '~',
            .is_next = i > 0 && slice_find_char(gap, '*') == gap.len &&
                       slice_find_char(gap, '@') == gap.len,
        };
    }
    *n = list->n_tokens;
    return WW_OK;
}

/* What is not in the index yet may hold anything. */
static enum ww_status gather_unindexed(struct store *s, int64_t reach, size_t max,
                                       struct arena *arena, struct gathering *g, bool *is_too_many,
                                       struct ww_error *err)
{
    int64_t last;
    enum ww_status status = store_walk_last(s, &last, err);

    *is_too_many = status == WW_OK && last > reach && (uint64_t)(last - reach) > max;
    if (status != WW_OK || *is_too_many)
        return status;
    for (int64_t id = reach + 1; id <= last; id++)
        if (!gather(g, arena, &id, 1))
            return arena_check(arena, err);
    return WW_OK;
}

static enum ww_status gather_name(struct store *s, struct slice name, size_t max,
                                  struct arena *arena, struct gathering *g, bool *is_known,
                                  struct ww_error *err)
{
    struct walk_ids found = {0};
    struct search_word *words;
    size_t n_words;
    enum ww_status status = read_name(name, arena, &words, &n_words, err);

    *is_known = n_words > 0;
    if (status == WW_OK && n_words > 0)
        status = store_search_name(s, words, n_words, max + 1, arena, &found, err);
    if (status == WW_OK && !gather(g, arena, found.ids, found.n_ids))
        status = arena_check(arena, err);
    return status;
}

enum ww_status scan_index_ask(struct store *s, const struct slice *names, size_t n_names,
                              struct arena *arena, struct scan_index_answer *out,
                              struct ww_error *err)
{
    struct gathering g = {0};
    bool is_known = true, is_too_many = false;
    int64_t reach = 0, last = 0;
    size_t max = 0;
    enum ww_status status = store_search_reach(s, arena, &reach, err);

    *out = (struct scan_index_answer){.reason = "the search index was made by other rules"};
    if (status == WW_NOT_FOUND)
        return WW_OK;
    if (status == WW_OK)
        status = store_walk_last(s, &last, err);
    if (last > 0)
        max = (size_t)last / 2; /* of most of the archive a walk in order is faster */
    if (status == WW_OK && n_names > SCAN_INDEX_NAMES) {
        out->reason = "too many names to ask for";
        return WW_OK;
    }
    if (status == WW_OK)
        status = gather_unindexed(s, reach, max, arena, &g, &is_too_many, err);
    for (size_t i = 0; i < n_names && status == WW_OK && is_known && g.n_ids <= max; i++)
        status = gather_name(s, names[i], max, arena, &g, &is_known, err);
    if (status != WW_OK)
        return status;
    if (!is_known)
        out->reason = "a name has no word";
    else if (is_too_many)
        out->reason = "the search index is far behind";
    else if (g.n_ids > max)
        out->reason = "most of the archive may hold one of the names";
    else
        *out = (struct scan_index_answer){.is_known = true, .articles = settle(&g)};
    return WW_OK;
}
