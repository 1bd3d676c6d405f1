/* scan_lost.c - the articles behind each alert, matched with the new list and with the old one. */
#include "alerts/scan_lost.h"

#include "alerts/mentions.h"
#include "alerts/scan_change.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store_alerts.h"

#include <stdlib.h>

struct losing {
    struct store *store;
    const struct scan_lost_options *options;
    const struct mention_engine *before, *after;
    struct scan_change change;
    struct arena *arena; /* of the answer */
    struct arena batch, page;
    size_t room;
    struct scan_lost *out;
};

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Can the change have touched one of them? */
static bool may_differ(const struct losing *l, const struct walk_ids *articles)
{
    if (!l->change.is_narrowed)
        return true;
    for (size_t i = 0; i < articles->n_ids; i++)
        if (l->change.articles.n_ids > 0 &&
            bsearch(&articles->ids[i], l->change.articles.ids, l->change.articles.n_ids,
                    sizeof(int64_t), compare) != NULL)
            return true;
    return false;
}

static enum ww_status is_mentioned(struct losing *l, const struct mention_engine *engine,
                                   int64_t article, struct slice item, bool *out,
                                   struct ww_error *err)
{
    struct mention_article words = {0};
    struct mention_report report;
    struct article_row row;
    struct article_text text;
    enum ww_status status;

    arena_reset(&l->page);
    status = store_article(l->store, article, &l->page, &row, err);
    if (status == WW_OK)
        status = store_article_text(l->store, article, &l->page, &text, err);
    if (status != WW_OK)
        return status;
    words =
        (struct mention_article){.title = row.title, .text = text.text, .language = row.language};
    status = mentions_find(engine, &words, &l->page, &report, err);
    for (size_t i = 0; status == WW_OK && i < report.n_mentions && !*out; i++)
        *out = slice_equal(report.mentions[i].item->id, item);
    return status;
}

static enum ww_status is_in_any(struct losing *l, const struct mention_engine *engine,
                                const struct walk_ids *articles, struct slice item, bool *out,
                                struct ww_error *err)
{
    enum ww_status status = WW_OK;

    *out = false;
    for (size_t i = 0; i < articles->n_ids && status == WW_OK && !*out; i++)
        status = is_mentioned(l, engine, articles->ids[i], item, out, err);
    return status;
}

static enum ww_status look_at(struct losing *l, const struct walk_alert *alert,
                              struct ww_error *err)
{
    const struct scan_lost_options *o = l->options;
    const struct walk_filter window = {.window = o->window};
    const struct walk_bounds one = {1, 1};
    struct walk_ids articles;
    struct walk_list raised;
    bool is_found = true, was_found = false;
    size_t n_used;
    int64_t *ids;
    enum ww_status status;

    arena_reset(&l->page);
    status = store_walk_ids(l->store, &window, &alert->article_id, 1, &one, &l->page, &raised,
                            &n_used, err);
    if (status != WW_OK || raised.n_rows == 0)
        return status;
    l->out->n_alerts++;
    status = store_walk_witnesses(l->store, alert, &l->batch, &articles, err);
    if (status != WW_OK || !may_differ(l, &articles))
        return status;
    status = is_in_any(l, l->after, &articles, alert->item, &is_found, err);
    if (status == WW_OK && !is_found && o->is_full)
        was_found = true;
    else if (status == WW_OK && !is_found)
        status = is_in_any(l, l->before, &articles, alert->item, &was_found, err);
    if (status != WW_OK || is_found || !was_found)
        return status;
    ids = arena_grow(l->arena, l->out->ids, l->out->n_ids, &l->room, sizeof(*ids));
    if (ids == NULL)
        return arena_check(l->arena, err);
    l->out->ids = ids;
    ids[l->out->n_ids++] = alert->id;
    return WW_OK;
}

static enum ww_status look_at_all(struct losing *l, struct ww_error *err)
{
    const volatile sig_atomic_t *stop = l->options->stop;
    struct walk_alerts list = {NULL, 1};
    int64_t after_id = 0;
    enum ww_status status = WW_OK;

    while (status == WW_OK && list.n_rows > 0) {
        arena_reset(&l->batch);
        status = store_walk_alerts(l->store, after_id, SCAN_BLOCK_ARTICLES, &l->batch, &list, err);
        for (size_t i = 0; i < list.n_rows && status == WW_OK; i++) {
            if (stop != NULL && *stop != 0)
                return WW_OK;
            after_id = list.rows[i].id;
            status = look_at(l, &list.rows[i], err);
        }
    }
    return status;
}

/* The list of an earlier version, ready to match; NULL: it cannot be had. */
static enum ww_status open_before(struct losing *l, struct watchlist *w, struct arena *arena,
                                  struct ww_error *err)
{
    struct mention_engine *engine = NULL;
    struct watchlist_row row;
    enum ww_status status = store_watchlist(l->store, l->options->from, arena, &row, err);

    if (status == WW_OK)
        status = watchlist_parse(row.content, arena, w, err);
    if (status == WW_NOT_FOUND || status == WW_INVALID)
        return WW_OK;
    if (status == WW_OK)
        status = mentions_open(w, arena, &engine, err);
    l->before = engine;
    return status;
}

enum ww_status scan_lost_find(struct store *s, const struct scan_lost_options *options,
                              struct arena *arena, struct scan_lost *out, struct ww_error *err)
{
    struct losing l = {.store = s, .options = options, .arena = arena, .out = out};
    struct mention_engine *after = NULL;
    struct watchlist before;
    struct arena lists;
    enum ww_status status = WW_OK;

    *out = (struct scan_lost){0};
    arena_init(&lists, WATCHLIST_ARENA_MAX_BYTES);
    arena_init(&l.batch, SCAN_ARENA_MAX_BYTES);
    arena_init(&l.page, SCAN_ARENA_MAX_BYTES);
    if (options->from > 0 && !options->is_full)
        status = open_before(&l, &before, &lists, err);
    if (status == WW_OK && (l.before != NULL || options->is_full))
        status = mentions_open(options->watchlist, &lists, &after, err);
    l.after = after;
    if (status == WW_OK && l.before != NULL)
        status = scan_change_find(s, options->from, options->to, options->watchlist, &lists,
                                  &l.change, err);
    if (status == WW_OK && after != NULL)
        status = look_at_all(&l, err);
    arena_release(&l.page);
    arena_release(&l.batch);
    arena_release(&lists);
    return status;
}
