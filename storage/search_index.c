/* search_index.c - what was stored after the index's mark is indexed, and the mark moved. */
#include "storage/search_index.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "storage/rows.h"
#include "storage/search_words.h"
#include "storage/store_search.h"

#include <inttypes.h>

/* The print of today's folding, by a text with letters, marks and scripts of every kind in it. */
#define PRINT SLICE("search.print")
/* A writer that goes on with something else makes so many, with what others left. */
#define BATCHES_IN_PASSING 2
/* Texts that are read at once; each is asked for, and waited for, otherwise. */
#define TOGETHER_MAX_BYTES (256 * 1024)
static const char kinds[] =
    "Straße ÉCOLE Don’t l'été co-operate co\u00ADoperate re-\nmake naïve ＦＵＬＬ ﬁn İstanbul "
    "ISTANBUL "
    "ΔΟΚΟΣ δόκος Київ йод ёлка a.b@c.d U.S. 3,5 1.000 x_y e\u0301t\u0301 東京都 圣約翰 カタカナ "
    "ｶﾀｶﾅ 한국어 "
    "Оldmoor wеir ไทย ภาษา עִבְרִית عَرَبِيّ a\u200Bb a\u00A0b ½ ² ① Ⅳ Ђорђе Łódź Ørsted æther ıI";

static enum ww_status make_print(struct arena *arena, struct slice *out, struct ww_error *err)
{
    struct slice words;
    enum ww_status status = search_words(slice_from(kinds), arena, &words, err);

    if (status == WW_OK)
        *out = arena_printf(arena, "%016" PRIx64, hash64(words));
    return status;
}

enum ww_status search_index_is_ours(struct store *s, struct arena *arena, bool *out,
                                    struct ww_error *err)
{
    struct slice today = {"", 0}, stored = {"", 0};
    enum ww_status status = make_print(arena, &today, err);

    if (status == WW_OK)
        status = store_meta(s, PRINT, arena, &stored, err);
    *out = status == WW_OK && slice_equal(today, stored);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

struct source {
    int64_t id;
    struct slice title, text;
};

static const struct member members[] = {
    {MEMBER_NUMBER, offsetof(struct source, id),    NULL},
    {MEMBER_TEXT,   offsetof(struct source, title), NULL},
    {MEMBER_PACKED, offsetof(struct source, text),  NULL},
};
static const struct shape shape = {sizeof(struct source), {{members, WW_COUNT(members), 0}}};

struct pending {
    int64_t id, text_bytes;
};

static const struct member pending_members[] = {
    {MEMBER_NUMBER, offsetof(struct pending, id),         NULL},
    {MEMBER_NUMBER, offsetof(struct pending, text_bytes), NULL},
};
static const struct shape pending_shape = {sizeof(struct pending),
                                           {{pending_members, WW_COUNT(pending_members), 0}}};

void search_index_expect(struct store *s, int64_t id)
{
    if (id % SEARCH_BATCH == 0)
        *store_index_is_due(s) = true;
}

static enum ww_status add(struct store *s, const struct source *article, struct arena *arena,
                          struct ww_error *err)
{
    struct token_list tokens;
    struct slice title, text;
    enum ww_status status = search_words(article->title, store_scratch(s), &title, err);

    if (status == WW_OK)
        status = search_text(article->text, arena, &tokens, &text, err);
    if (status == WW_OK) {
        const struct db_value values[] = {db_integer(article->id), db_text(title), db_text(text)};

        status = row_write(s, QUERY_SEARCH_ADD, values, WW_COUNT(values), err);
    }
    return status;
}

/* As many as are read at once, one at least: a batch of the longest would be a gigabyte. */
static size_t count_together(const struct pending *pending, size_t n)
{
    int64_t bytes = pending[0].text_bytes;
    size_t i = 1;

    while (i < n && (bytes += pending[i].text_bytes) <= TOGETHER_MAX_BYTES)
        i++;
    return i;
}

static enum ww_status add_all(struct store *s, const struct pending *pending, size_t n,
                              struct ww_error *err)
{
    struct arena arena;
    enum ww_status status = WW_OK;

    arena_init(&arena, SEARCH_ARENA_MAX_BYTES);
    for (size_t i = 0, n_now; status == WW_OK && i < n; i += n_now) {
        struct db_value range[2];
        struct row_list list;

        n_now = count_together(pending + i, n - i);
        range[0] = db_integer(pending[i].id);
        range[1] = db_integer(pending[i + n_now - 1].id);
        arena_reset(store_scratch(s));
        status = row_list(s, QUERY_SEARCH_SOURCES, range, WW_COUNT(range), &shape, store_scratch(s),
                          &list, err);
        for (size_t k = 0; status == WW_OK && k < list.n_rows; k++)
            status = add(s, (struct source *)list.rows + k, &arena, err);
    }
    arena_release(&arena);
    return status;
}

/* An index that begins is all of today's folding. */
static enum ww_status begin_index(struct store *s, struct arena *arena, struct ww_error *err)
{
    struct slice print;
    int64_t reach = 0;
    enum ww_status status = row_numbers(s, QUERY_SEARCH_REACH, NULL, 0, &reach, 1, err);

    if (status != WW_OK || reach != 0)
        return status;
    status = make_print(arena, &print, err);
    return status == WW_OK ? store_put_meta(s, PRINT, print, err) : status;
}

static enum ww_status finish_index(struct store *s, struct ww_error *err)
{
    int64_t is_whole = 0;
    enum ww_status status = row_numbers(s, QUERY_SEARCH_IS_WHOLE, NULL, 0, &is_whole, 1, err);

    return status == WW_OK && is_whole == 0 ? row_write(s, QUERY_SEARCH_FINISH, NULL, 0, err)
                                            : status;
}

static enum ww_status has_pending(struct store *s, bool *out, struct ww_error *err)
{
    const struct db_value one[] = {db_integer(1)};
    int64_t id;
    enum ww_status status = row_numbers(s, QUERY_SEARCH_PENDING, one, WW_COUNT(one), &id, 1, err);

    *out = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* The next batch, in a transaction: read inside it, since another writer may be as far. */
static enum ww_status add_batch(struct store *s, struct arena *arena, size_t *n_added,
                                struct ww_error *err)
{
    const struct db_value limit[] = {db_integer(SEARCH_BATCH)};
    struct row_list list;
    const struct pending *pending;
    enum ww_status status = row_list(s, QUERY_SEARCH_PENDING, limit, WW_COUNT(limit),
                                     &pending_shape, arena, &list, err);

    pending = list.rows;
    if (status == WW_OK)
        status = begin_index(s, arena, err);
    if (status == WW_OK)
        status = add_all(s, pending, list.n_rows, err);
    if (status == WW_OK && list.n_rows > 0) {
        bool is_pending = true;
        const struct db_value mark[] = {db_integer(pending[list.n_rows - 1].id)};

        status = row_write(s, QUERY_SEARCH_MARK, mark, WW_COUNT(mark), err);
        if (status == WW_OK)
            status = has_pending(s, &is_pending, err);
        if (status == WW_OK && !is_pending)
            status = finish_index(s, err);
    }
    *n_added = list.n_rows;
    return status;
}

enum ww_status store_renew_search(struct store *s, struct ww_error *err)
{
    const struct db_value mark[] = {db_integer(0)};
    enum ww_status status = store_begin_words(s, true, err);

    if (status == WW_OK)
        status = row_write(s, QUERY_SEARCH_EMPTY, NULL, 0, err);
    if (status == WW_OK)
        status = row_write(s, QUERY_SEARCH_MARK, mark, WW_COUNT(mark), err);
    if (status == WW_OK)
        status = store_commit(s, err);
    store_rollback(s);
    return status == WW_OK ? search_index_catch_up(s, true, err) : status;
}

static enum ww_status index_batch(struct store *s, bool is_patient, size_t *n_added,
                                  struct ww_error *err)
{
    struct arena arena;
    bool is_pending = false;
    enum ww_status status = has_pending(s, &is_pending, err);

    *n_added = 0;
    if (status != WW_OK || !is_pending)
        return status;
    arena_init(&arena, (size_t)64 * 1024);
    status = store_begin_words(s, is_patient, err);
    if (status == WW_OK)
        status = add_batch(s, &arena, n_added, err);
    if (status == WW_OK)
        status = store_commit(s, err);
    store_rollback(s);
    arena_release(&arena);
    return status;
}

enum ww_status store_index_search(struct store *s, size_t *n_added, struct ww_error *err)
{
    return index_batch(s, true, n_added, err);
}

enum ww_status store_search_behind(struct store *s, int64_t *n, int64_t *since,
                                   struct ww_error *err)
{
    int64_t numbers[2] = {0, 0};
    enum ww_status status =
        row_numbers(s, QUERY_SEARCH_BEHIND, NULL, 0, numbers, WW_COUNT(numbers), err);

    *n = numbers[0];
    *since = numbers[1];
    return status;
}

enum ww_status search_index_catch_up(struct store *s, bool is_patient, struct ww_error *err)
{
    size_t n_added;
    int n_batches = 0;
    enum ww_status status;

    if (store_is_reader(s) || store_is_writing(s))
        return WW_OK;
    *store_index_is_due(s) = false;
    do
        status = index_batch(s, is_patient, &n_added, err);
    while (status == WW_OK && n_added > 0 && (is_patient || ++n_batches < BATCHES_IN_PASSING));
    return status;
}
