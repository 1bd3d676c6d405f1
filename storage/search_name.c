/* search_name.c - a name as phrases of the index that miss no place it stands. */
#include "base/arena.h"
#include "storage/rows.h"
#include "storage/search_form.h"
#include "storage/search_index.h"
#include "storage/store_search.h"

static const struct member id_member[] = {
    {MEMBER_NUMBER, 0, NULL}
};
static const struct shape id_shape = {sizeof(int64_t), {{id_member, 1, 0}}};

enum ww_status store_search_reach(struct store *s, struct arena *arena, int64_t *id,
                                  struct ww_error *err)
{
    bool is_ours = false;
    enum ww_status status = search_index_catch_up(s, true, err);

    if (status == WW_OK)
        status = search_index_is_ours(s, arena, &is_ours, err);
    if (status == WW_OK && !is_ours)
        return ww_fail(err, WW_NOT_FOUND, "the search index was made by other rules");
    return status == WW_OK ? row_numbers(s, QUERY_SEARCH_REACH, NULL, 0, id, 1, err) : status;
}

/* ---- the phrases ----------------------------------------------------------------------------- */

struct phrases {
    struct search_phrase *list;
    size_t n;
    struct arena *arena;
};

static void add(struct phrases *p, struct slice words, bool is_open, bool is_choice)
{
    p->list[p->n++] =
        (struct search_phrase){.words = words, .is_open = is_open, .is_choice = is_choice};
}

/*
 * Two characters in a row: a pair; or, where something stands between them in the text, the last of
 * one run and the first of the next. (pair OR (first AND second*)), as groups.
 */
static void add_pair(struct phrases *p, struct slice first, struct slice second)
{
    const struct slice pair =
        arena_printf(p->arena, "%.*s%.*s", SLICE_ARG(first), SLICE_ARG(second));

    add(p, pair, false, false);
    add(p, first, false, true);
    add(p, pair, false, false);
    add(p, second, true, true);
}

/* Words that stand next to each other in the index, too: one phrase. How many they are. */
static size_t add_phrase(struct phrases *p, const struct search_word *words, size_t n)
{
    struct slice whole = words[0].folded;
    size_t i = 1;

    for (; i < n && !words[i - 1].is_open && words[i].is_next && !words[i].is_cjk; i++)
        whole = arena_printf(p->arena, "%.*s %.*s", SLICE_ARG(whole), SLICE_ARG(words[i].folded));
    add(p, whole, words[i - 1].is_open, false);
    return i;
}

static void add_name(struct phrases *p, const struct search_word *words, size_t n)
{
    for (size_t i = 0; i < n;) {
        const bool goes_on = i + 1 < n && words[i + 1].is_next && words[i + 1].is_cjk;
        const bool went_on = i > 0 && words[i].is_next && words[i - 1].is_cjk;

        if (!words[i].is_cjk) {
            i += add_phrase(p, words + i, n - i);
            continue;
        }
        if (goes_on)
            add_pair(p, words[i].folded, words[i + 1].folded);
        else if (!went_on)
            add(p, words[i].folded, true, false); /* alone: it begins some pair, or ends its run */
        i++;
    }
}

enum ww_status store_search_name(struct store *s, const struct search_word *words, size_t n_words,
                                 size_t limit, struct arena *arena, struct walk_ids *out,
                                 struct ww_error *err)
{
    struct phrases phrases = {arena_array(arena, n_words, 4 * sizeof(*phrases.list)), 0, arena};
    struct row_list list = {NULL, 0};
    struct search_form form;
    enum ww_status status = arena_check(arena, err);

    *out = (struct walk_ids){NULL, 0};
    if (status != WW_OK)
        return status;
    add_name(&phrases, words, n_words);
    status = arena_check(arena, err);
    if (status == WW_OK)
        status = store_driver(s)->form_search(phrases.list, phrases.n, arena, &form, err);
    if (status == WW_OK) {
        const struct db_value values[] = {db_text(form.match),   db_text(form.checks),
                                          db_text(form.all),     db_text(form.needles),
                                          db_text(form.matches), db_integer((int64_t)limit)};

        status =
            row_list(s, QUERY_SEARCH_IDS, values, WW_COUNT(values), &id_shape, arena, &list, err);
    }
    *out = (struct walk_ids){list.rows, list.n_rows};
    return status;
}
