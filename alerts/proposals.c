/* proposals.c - sentences on statuses, grouped, and held against stations.csv. */
#include "alerts/proposals.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/date.h"
#include "base/limits.h"

#include <stdlib.h>

static const char *const state_names[] = {
    [PROPOSAL_OPEN] = "open",
    [PROPOSAL_KNOWN] = "known",
    [PROPOSAL_OVERTAKEN] = "overtaken",
    [PROPOSAL_DENIED] = "denied",
};

const char *proposal_state_name(enum proposal_state state)
{
    return state_names[state];
}

/* ---- what the list says ---------------------------------------------------------------------- */

/* Is the status of a row from after the moment? Dates are to the day, month or year. */
static bool is_after(struct slice date, int64_t at)
{
    char text[DATE_TEXT_BYTES];
    const struct slice day = slice_head(slice_from(date_format(at, text)), 10);

    return slice_compare(slice_head(date, day.len), slice_head(day, date.len)) > 0;
}

static void compare_rows(const struct watchlist *w, struct proposal_group *g, struct arena *arena)
{
    const struct csv_table *t = &w->files[WATCH_STATIONS];
    const size_t id = csv_column(t, SLICE("id")), site = csv_column(t, SLICE("site"));
    const size_t status = csv_column(t, SLICE("status"));
    const size_t date = csv_column(t, SLICE("status_date"));
    bool is_older = false, is_said = false, has_row = false;

    for (size_t i = 0; w->has_file[WATCH_STATIONS] && i < t->n_rows; i++) {
        const struct csv_row *row = &t->rows[i];
        const struct slice at =
            csv_cell(row, site).len > 0 ? csv_cell(row, site) : csv_cell(row, id);
        const struct slice says = csv_cell(row, status);

        if (!slice_equal(at, g->item))
            continue;
        has_row = true;
        is_said |= slice_equal_nocase(says, g->state);
        is_older |= !is_after(csv_cell(row, date), g->newest_at);
        if (!slice_contains(g->current, says))
            g->current = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(g->current),
                                      g->current.len > 0 ? "|" : "", SLICE_ARG(says));
        if (slice_compare(csv_cell(row, date), g->current_date) > 0)
            g->current_date = csv_cell(row, date);
    }
    if (is_said || (has_row && !is_older))
        g->verdict = PROPOSAL_KNOWN;
    else if (g->best->stance >= STANCE_DENIED)
        g->verdict = PROPOSAL_DENIED;
}

static void name_item(const struct watchlist *w, struct proposal_group *g)
{
    for (size_t i = 0; i < w->n_items; i++)
        if (w->items[i].is_site && slice_equal(w->items[i].id, g->item)) {
            g->item_name = w->items[i].name;
            g->country = w->items[i].country;
            return;
        }
}

/* ---- groups ---------------------------------------------------------------------------------- */

static int by_item(const void *a, const void *b)
{
    const struct proposal_view *x = *(const struct proposal_view *const *)a;
    const struct proposal_view *y = *(const struct proposal_view *const *)b;
    int order = slice_compare(x->item, y->item);

    if (order == 0)
        order = slice_compare(x->state, y->state);
    if (order == 0)
        order = slice_compare(x->at.outlet, y->at.outlet);
    return order != 0 ? order : (x->at.id > y->at.id) - (x->at.id < y->at.id);
}

static bool is_better(const struct proposal_view *a, const struct proposal_view *b)
{
    if (a->stance != b->stance)
        return a->stance < b->stance;
    return sighting_at(&a->at) > sighting_at(&b->at);
}

static void make_group(const struct proposal_view *const *rows, size_t n, struct proposal_group *g)
{
    *g = (struct proposal_group){.item = rows[0]->item,
                                 .item_name = rows[0]->item,
                                 .state = rows[0]->state,
                                 .best = rows[0],
                                 .n_articles = (int64_t)n,
                                 .first_at = sighting_at(&rows[0]->at),
                                 .newest_at = sighting_at(&rows[0]->at)};
    for (size_t i = 0; i < n; i++) {
        const int64_t at = sighting_at(&rows[i]->at);

        g->n_outlets += i == 0 || !slice_equal(rows[i]->at.outlet, rows[i - 1]->at.outlet);
        if (is_better(rows[i], g->best))
            g->best = rows[i];
        g->first_at = at < g->first_at ? at : g->first_at;
        g->newest_at = at > g->newest_at ? at : g->newest_at;
    }
}

/* Of the open ones of an item the newest is left open. */
static void overtake(struct proposal_group *rows, size_t n)
{
    struct proposal_group *newest = NULL;

    for (size_t i = 0; i < n; i++)
        if (rows[i].verdict == PROPOSAL_OPEN &&
            (newest == NULL || sighting_at(&rows[i].best->at) > sighting_at(&newest->best->at)))
            newest = &rows[i];
    for (size_t i = 0; i < n; i++)
        if (rows[i].verdict == PROPOSAL_OPEN && &rows[i] != newest)
            rows[i].verdict = PROPOSAL_OVERTAKEN;
}

static int by_rank(const void *a, const void *b)
{
    const struct proposal_group *x = a, *y = b;

    if (x->verdict != y->verdict)
        return x->verdict < y->verdict ? -1 : 1;
    if (x->newest_at != y->newest_at)
        return x->newest_at > y->newest_at ? -1 : 1;
    return slice_compare(x->item, y->item);
}

static bool same_group(const struct proposal_view *a, const struct proposal_view *b)
{
    return slice_equal(a->item, b->item) && slice_equal(a->state, b->state);
}

enum ww_status proposals_list(struct store *s, const struct watchlist *w,
                              const struct sighting_filter *filter, struct arena *arena,
                              struct proposal_group_list *out, struct ww_error *err)
{
    struct sighting_filter all = *filter;
    struct proposal_view_list list;
    const struct proposal_view **sorted;
    size_t begin = 0;
    enum ww_status status;

    *out = (struct proposal_group_list){0};
    all.window.limit = CANDIDATES_READ_MAX;
    all.window.offset = 0;
    status = store_list_proposals(s, &all, arena, &list, err);
    if (status != WW_OK)
        return status;
    sorted = arena_array(arena, list.n_rows + 1, sizeof(*sorted));
    out->rows = arena_array(arena, list.n_rows + 1, sizeof(*out->rows));
    if (sorted == NULL || out->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list.n_rows; i++)
        sorted[i] = &list.rows[i];
    if (list.n_rows > 1)
        qsort(sorted, list.n_rows, sizeof(*sorted), by_item);
    for (size_t first = 0, behind; first < list.n_rows; first = behind) {
        struct proposal_group *g = &out->rows[out->n_rows];

        behind = first + 1;
        while (behind < list.n_rows && same_group(sorted[first], sorted[behind]))
            behind++;
        make_group(&sorted[first], behind - first, g);
        name_item(w, g);
        compare_rows(w, g, arena);
        if (out->n_rows > 0 && !slice_equal(out->rows[out->n_rows - 1].item, g->item)) {
            overtake(&out->rows[begin], out->n_rows - begin);
            begin = out->n_rows;
        }
        out->n_rows++;
    }
    overtake(&out->rows[begin], out->n_rows - begin);
    if (out->n_rows > 1)
        qsort(out->rows, out->n_rows, sizeof(*out->rows), by_rank);
    return arena_check(arena, err);
}
