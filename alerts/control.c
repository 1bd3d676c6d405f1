/* control.c - replaying the control set with one list or two, and making cases of marks. */
#include "alerts/control.h"

#include "alerts/mentions.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/store_articles.h"

#include <stdlib.h>

/* ---- what is expected ------------------------------------------------------------------------ */

bool control_next_word(struct slice *rest, struct slice *item, bool *is_wanted)
{
    size_t len;

    *rest = slice_trim(*rest);
    if (rest->len == 0)
        return false;
    len = slice_find_char(*rest, ' ');
    *item = slice_head(*rest, len);
    *rest = slice_skip(*rest, len);
    *is_wanted = item->ptr[0] != '!';
    if (!*is_wanted)
        *item = slice_skip(*item, 1);
    return true;
}

/* 1: wanted, -1: not to be found, 0: not named. */
static int opinion_of(struct slice expected, struct slice item)
{
    struct slice rest = expected, word;
    bool is_wanted;

    while (control_next_word(&rest, &word, &is_wanted))
        if (slice_equal(word, item))
            return is_wanted ? 1 : -1;
    return 0;
}

enum ww_status control_read_expected(struct slice words, struct arena *arena, struct slice *out,
                                     struct ww_error *err)
{
    char *plain = arena_string(arena, words);
    struct slice rest, item;
    bool is_wanted;

    *out = (struct slice){"", 0};
    if (plain == NULL)
        return arena_check(arena, err);
    if (slice_equal(slice_trim(words), SLICE("none")))
        return WW_OK;
    for (size_t i = 0; i < words.len; i++)
        if (plain[i] == ',' || plain[i] == '\t')
            plain[i] = ' ';
    rest = (struct slice){plain, words.len};
    while (control_next_word(&rest, &item, &is_wanted)) {
        const int known = opinion_of(*out, item);

        if (item.len == 0)
            return ww_fail(err, WW_INVALID, "! stands before nothing");
        if (known != 0 && (known > 0) != is_wanted)
            return ww_fail(err, WW_INVALID, "%.*s is to be found, and is not", SLICE_ARG(item));
        if (known == 0)
            *out = arena_printf(arena, "%.*s%s%s%.*s", SLICE_ARG(*out), out->len > 0 ? " " : "",
                                is_wanted ? "" : "!", SLICE_ARG(item));
    }
    return arena_check(arena, err);
}

/* ---- replaying ------------------------------------------------------------------------------- */

struct replay {
    const struct control_list *cases;
    struct arena *arena; /* of the report */
    struct control_report *report;
    size_t room;
};

static struct control_outcome *find_outcome(struct replay *r, size_t first, struct slice item)
{
    for (size_t i = first; i < r->report->n_rows; i++)
        if (slice_equal(r->report->rows[i].item, item))
            return &r->report->rows[i];
    return NULL;
}

static struct control_outcome *add_outcome(struct replay *r, const struct control_row *row,
                                           struct slice item, bool is_wanted)
{
    struct control_report *report = r->report;
    struct control_outcome *grown =
        arena_grow(r->arena, report->rows, report->n_rows, &r->room, sizeof(*grown));

    if (grown == NULL)
        return NULL;
    report->rows = grown;
    report->rows[report->n_rows] =
        (struct control_outcome){.row = row, .item = item, .is_wanted = is_wanted};
    return &report->rows[report->n_rows++];
}

/* What one list finds in a case, set against what is expected. first: the case's outcomes. */
static enum ww_status find(struct replay *r, const struct mention_engine *engine,
                           const struct control_row *row, size_t first, bool is_after,
                           struct arena *page, struct ww_error *err)
{
    const struct mention_article article = {row->title, row->body, row->language};
    const bool takes_others = opinion_of(row->expected, SLICE("*")) > 0;
    struct mention_report found;
    enum ww_status status;

    arena_reset(page);
    status = mentions_find(engine, &article, page, &found, err);
    for (size_t i = 0; i < found.n_mentions && status == WW_OK; i++) {
        const struct watch_item *item = found.mentions[i].item;
        struct control_outcome *o = find_outcome(r, first, item->id);

        if (o == NULL && (takes_others || slice_equal(item->kind, SLICE("country"))))
            continue;
        if (o == NULL)
            o = add_outcome(r, row, arena_copy(r->arena, item->id), false);
        if (o == NULL)
            return arena_check(r->arena, err);
        if (is_after)
            o->is_found_after = true;
        else
            o->is_found_before = true;
    }
    return status;
}

static enum ww_status replay_case(struct replay *r, const struct control_row *row,
                                  const struct mention_engine *const engines[2], struct arena *page,
                                  struct ww_error *err)
{
    const size_t first = r->report->n_rows;
    struct slice rest = row->expected, item;
    bool is_wanted;
    enum ww_status status = WW_OK;

    while (control_next_word(&rest, &item, &is_wanted))
        if (!slice_equal(item, SLICE("*")) && add_outcome(r, row, item, is_wanted) == NULL)
            return arena_check(r->arena, err);
    if (engines[0] != NULL)
        status = find(r, engines[0], row, first, false, page, err);
    if (status == WW_OK)
        status = find(r, engines[1], row, first, true, page, err);
    return status;
}

static struct control_score score_of(const struct control_report *r, bool is_after)
{
    struct control_score s = {.recall = 1, .precision = 1};

    for (size_t i = 0; i < r->n_rows; i++) {
        const struct control_outcome *o = &r->rows[i];
        const bool is_found = is_after ? o->is_found_after : o->is_found_before;

        s.n_wanted += o->is_wanted;
        s.n_found += o->is_wanted && is_found;
        s.n_unexpected += !o->is_wanted && is_found;
    }
    if (s.n_wanted > 0)
        s.recall = (double)s.n_found / (double)s.n_wanted;
    if (s.n_found + s.n_unexpected > 0)
        s.precision = (double)s.n_found / (double)(s.n_found + s.n_unexpected);
    return s;
}

static void reckon(struct control_report *r)
{
    r->after = score_of(r, true);
    if (!r->has_before)
        return;
    r->before = score_of(r, false);
    for (size_t i = 0; i < r->n_rows; i++) {
        const bool was = control_is_right(&r->rows[i], r->rows[i].is_found_before);
        const bool is = control_is_right(&r->rows[i], r->rows[i].is_found_after);

        r->n_lost += was && !is;
        r->n_mended += !was && is;
    }
}

enum ww_status control_compare(const struct control_list *cases, const struct watchlist *before,
                               const struct watchlist *after, struct arena *arena,
                               struct control_report *out, struct ww_error *err)
{
    struct replay r = {.cases = cases, .arena = arena, .report = out};
    struct mention_engine *opened[2] = {NULL, NULL};
    const struct mention_engine *engines[2];
    struct arena lists, page;
    enum ww_status status = WW_OK;

    *out = (struct control_report){.n_cases = cases->n_rows, .has_before = before != NULL};
    arena_init(&lists, 2 * (size_t)WATCHLIST_ARENA_MAX_BYTES);
    arena_init(&page, SCAN_ARENA_MAX_BYTES);
    if (before != NULL)
        status = mentions_open(before, &lists, &opened[0], err);
    if (status == WW_OK)
        status = mentions_open(after, &lists, &opened[1], err);
    engines[0] = opened[0];
    engines[1] = opened[1];
    for (size_t i = 0; i < cases->n_rows && status == WW_OK; i++) {
        status = replay_case(&r, &cases->rows[i], engines, &page, err);
        if (status != WW_OK)
            status = ww_context(err, status, "control case %lld", (long long)cases->rows[i].id);
    }
    arena_release(&page);
    arena_release(&lists);
    if (status == WW_OK)
        reckon(out);
    return status;
}

bool control_has_failed(const struct control_report *r)
{
    return r->n_lost > 0 || r->after.n_found < r->after.n_wanted ||
           (!r->has_before && r->after.n_unexpected > 0);
}

/* ---- cases from marks ------------------------------------------------------------------------ */

static int by_article(const void *a, const void *b)
{
    const struct judged_row *x = a, *y = b;

    if (x->article_id != y->article_id)
        return x->article_id < y->article_id ? -1 : 1;
    return (x->alert_id > y->alert_id) - (x->alert_id < y->alert_id);
}

/* Did a person write this case? Then he knows more than a mark says. */
static bool is_written(const struct control_list *known, const struct control_row *row)
{
    for (size_t i = 0; i < known->n_rows; i++)
        if (slice_equal(known->rows[i].title, row->title) &&
            slice_equal(known->rows[i].body, row->body))
            return !slice_equal(known->rows[i].note, SLICE(CONTROL_NOTE_MARKED));
    return false;
}

/* One article and the marks of its alerts: rows[0, n). */
static enum ww_status add_article(struct store *s, const struct control_list *known,
                                  const struct judged_row *rows, size_t n, int64_t now,
                                  struct arena *arena, bool *is_added, bool *is_new,
                                  struct ww_error *err)
{
    struct slice expected = {"", 0};
    struct control_row row = {.note = SLICE(CONTROL_NOTE_MARKED), .added_at = now};
    struct article_row article;
    struct article_text text = {0};
    int64_t id;
    enum ww_status status = store_article(s, rows[0].article_id, arena, &article, err);

    *is_added = *is_new = false;
    if (status == WW_OK)
        status = store_article_text(s, rows[0].article_id, arena, &text, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < n; i++)
        expected =
            arena_printf(arena, "%.*s%s%.*s ", SLICE_ARG(expected),
                         rows[i].verdict == MARK_IRRELEVANT ? "!" : "", SLICE_ARG(rows[i].item));
    row.expected = arena_printf(arena, "%.*s*", SLICE_ARG(expected));
    row.url = article.url;
    row.title = article.title;
    row.language = article.language;
    row.body = text_cut(text.text, CONTROL_TEXT_MAX_BYTES);
    status = arena_check(arena, err);
    if (status != WW_OK || is_written(known, &row))
        return status;
    *is_added = true;
    return store_add_control(s, &row, &id, is_new, err);
}

enum ww_status control_add_marked(struct store *s, int64_t now, struct arena *arena, size_t *n_new,
                                  size_t *n_changed, struct ww_error *err)
{
    const struct judged_filter filter = {.window = {.limit = CONTROL_CASES_MAX}, .is_marked = true};
    const struct store_window all = {.limit = CONTROL_CASES_MAX};
    struct control_list known;
    struct judged_list list;
    size_t end;
    enum ww_status status = store_list_judged(s, &filter, arena, &list, err);

    *n_new = *n_changed = 0;
    if (status == WW_OK)
        status = store_list_controls(s, &all, arena, &known, err);
    if (status != WW_OK || list.n_rows == 0)
        return status;
    qsort(list.rows, list.n_rows, sizeof(*list.rows), by_article);
    for (size_t first = 0; first < list.n_rows && status == WW_OK; first = end) {
        bool is_added, is_new;

        for (end = first + 1; end < list.n_rows;)
            if (list.rows[end].article_id == list.rows[first].article_id)
                end++;
            else
                break;
        status = add_article(s, &known, &list.rows[first], end - first, now, arena, &is_added,
                             &is_new, err);
        *n_new += is_added && is_new;
        *n_changed += is_added && !is_new;
    }
    return status;
}
