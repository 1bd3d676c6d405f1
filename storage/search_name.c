/* search_name.c - a name as an expression of the index (FTS5's) that misses no place it stands. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "storage/rows.h"
#include "storage/search_index.h"
#include "storage/store_search.h"

#define EXPRESSION_MAX_BYTES (64 * 1024)

static const struct member id_member[] = {
    {MEMBER_NUMBER, 0, NULL}
};
static const struct shape id_shape = {sizeof(int64_t), {{id_member, 1, 0}}};

enum ww_status store_search_reach(struct store *s, struct arena *arena, int64_t *id,
                                  struct ww_error *err)
{
    bool is_ours = false;
    enum ww_status status = search_index_catch_up(s, err);

    if (status == WW_OK)
        status = search_index_is_ours(s, arena, &is_ours, err);
    if (status == WW_OK && !is_ours)
        return ww_fail(err, WW_NOT_FOUND, "the search index was made by other rules");
    return status == WW_OK ? row_numbers(s, QUERY_SEARCH_REACH, NULL, 0, id, 1, err) : status;
}

/* ---- the expression -------------------------------------------------------------------------- */

static void add_and(struct buf *b)
{
    if (buf_slice(b).len > 0)
        buf_add_string(b, " AND ");
}

static void add_word(struct buf *b, struct slice a, struct slice behind, bool is_open)
{
    buf_add_char(b, '"');
    buf_add(b, a);
    buf_add(b, behind);
    buf_add_string(b, is_open ? "\"*" : "\"");
}

/*
 * Two characters in a row: a pair; or, where something stands between them in the text, the last of
 * one run and the first of the next.
 */
static void add_pair(struct buf *b, struct slice first, struct slice second)
{
    add_and(b);
    buf_add_char(b, '(');
    add_word(b, first, second, false);
    buf_add_string(b, " OR (");
    add_word(b, first, slice_from(""), false);
    buf_add_string(b, " AND ");
    add_word(b, second, slice_from(""), true);
    buf_add_string(b, "))");
}

/* Words that stand next to each other in the index, too: one phrase. How many they are. */
static size_t add_phrase(struct buf *b, const struct search_word *words, size_t n)
{
    size_t i = 0;

    add_and(b);
    buf_add_char(b, '"');
    do {
        if (i > 0)
            buf_add_char(b, ' ');
        buf_add(b, words[i].folded);
    } while (!words[i++].is_open && i < n && words[i].is_next && !words[i].is_cjk);
    buf_add_string(b, words[i - 1].is_open ? "\"*" : "\"");
    return i;
}

static void add_name(struct buf *b, const struct search_word *words, size_t n)
{
    for (size_t i = 0; i < n;) {
        const bool goes_on = i + 1 < n && words[i + 1].is_next && words[i + 1].is_cjk;
        const bool went_on = i > 0 && words[i].is_next && words[i - 1].is_cjk;

        if (!words[i].is_cjk) {
            i += add_phrase(b, words + i, n - i);
            continue;
        }
        if (goes_on) {
            add_pair(b, words[i].folded, words[i + 1].folded);
        } else if (!went_on) {
            /* One alone begins some pair, or ends its run. */
            add_and(b);
            add_word(b, words[i].folded, slice_from(""), true);
        }
        i++;
    }
}

enum ww_status store_search_name(struct store *s, const struct search_word *words, size_t n_words,
                                 size_t limit, struct arena *arena, struct walk_ids *out,
                                 struct ww_error *err)
{
    struct row_list list = {NULL, 0};
    struct buf expression;
    enum ww_status status;

    *out = (struct walk_ids){NULL, 0};
    buf_init(&expression, EXPRESSION_MAX_BYTES);
    add_name(&expression, words, n_words);
    status = buf_finish(&expression, err);
    if (status == WW_OK) {
        const struct db_value values[] = {db_text(buf_slice(&expression)),
                                          db_integer((int64_t)limit)};

        status =
            row_list(s, QUERY_SEARCH_IDS, values, WW_COUNT(values), &id_shape, arena, &list, err);
    }
    buf_release(&expression);
    *out = (struct walk_ids){list.rows, list.n_rows};
    return status;
}
