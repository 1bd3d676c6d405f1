/* claim_groups.c - counts that were said, grouped by their numbers. */
#include "alerts/claim_groups.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"

#include <stdlib.h>

/* By numbers, then by outlet, so that each is counted once. */
static int by_numbers(const void *a, const void *b)
{
    const struct claim_view *x = *(const struct claim_view *const *)a;
    const struct claim_view *y = *(const struct claim_view *const *)b;
    int order;

    if (x->n_sites != y->n_sites)
        return x->n_sites < y->n_sites ? -1 : 1;
    if (x->n_countries != y->n_countries)
        return x->n_countries < y->n_countries ? -1 : 1;
    order = slice_compare(x->at.outlet, y->at.outlet);
    if (order != 0)
        return order;
    if (x->at.article_id != y->at.article_id)
        return x->at.article_id < y->at.article_id ? -1 : 1;
    return (x->at.id > y->at.id) - (x->at.id < y->at.id);
}

static int by_last(const void *a, const void *b)
{
    const struct claim_group *x = a, *y = b;
    const int64_t s = sighting_at(&x->last->at), t = sighting_at(&y->last->at);

    if (s != t)
        return s > t ? -1 : 1;
    return x->n_sites != y->n_sites ? (x->n_sites > y->n_sites ? -1 : 1)
                                    : (x->n_countries > y->n_countries ? -1 : 1);
}

static struct slice who(const struct claim_view *v)
{
    if (v->speaker.len > 0)
        return v->speaker;
    return v->at.outlet.len > 0 ? v->at.outlet : v->at.site;
}

static void make_group(const struct claim_view *const *rows, size_t n, struct arena *arena,
                       struct claim_group *g)
{
    struct slice known[CLAIM_SPEAKERS_MAX];
    size_t n_known = 0;

    *g = (struct claim_group){.n_sites = rows[0]->n_sites,
                              .n_countries = rows[0]->n_countries,
                              .speakers = SLICE(""),
                              .first = rows[0],
                              .last = rows[0]};
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;

        g->n_articles += i == 0 || rows[i]->at.article_id != rows[i - 1]->at.article_id;
        g->n_outlets += i == 0 || !slice_equal(rows[i]->at.outlet, rows[i - 1]->at.outlet);
        if (g->bound.len == 0)
            g->bound = rows[i]->bound;
        if (sighting_at(&rows[i]->at) < sighting_at(&g->first->at))
            g->first = rows[i];
        if (sighting_at(&rows[i]->at) > sighting_at(&g->last->at))
            g->last = rows[i];
        while (k < n_known && !slice_equal_nocase(known[k], who(rows[i])))
            k++;
        if (k < n_known || n_known == CLAIM_SPEAKERS_MAX || who(rows[i]).len == 0)
            continue;
        known[n_known++] = who(rows[i]);
        g->speakers = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(g->speakers),
                                   g->speakers.len > 0 ? ", " : "", SLICE_ARG(who(rows[i])));
    }
}

enum ww_status claim_groups_list(struct store *s, const struct sighting_filter *filter,
                                 struct arena *arena, struct claim_group_list *out,
                                 struct ww_error *err)
{
    struct sighting_filter all = *filter;
    struct claim_view_list list;
    const struct claim_view **sorted;
    enum ww_status status;

    *out = (struct claim_group_list){0};
    all.window.limit = CANDIDATES_READ_MAX;
    all.window.offset = 0;
    status = store_list_claims(s, &all, arena, &list, err);
    if (status != WW_OK)
        return status;
    sorted = arena_array(arena, list.n_rows + 1, sizeof(*sorted));
    out->rows = arena_array(arena, list.n_rows + 1, sizeof(*out->rows));
    if (sorted == NULL || out->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list.n_rows; i++)
        sorted[i] = &list.rows[i];
    if (list.n_rows > 1)
        qsort(sorted, list.n_rows, sizeof(*sorted), by_numbers);
    for (size_t first = 0, behind; first < list.n_rows; first = behind) {
        behind = first + 1;
        while (behind < list.n_rows && sorted[behind]->n_sites == sorted[first]->n_sites &&
               sorted[behind]->n_countries == sorted[first]->n_countries)
            behind++;
        make_group(&sorted[first], behind - first, arena, &out->rows[out->n_rows++]);
    }
    if (out->n_rows > 1)
        qsort(out->rows, out->n_rows, sizeof(*out->rows), by_last);
    return arena_check(arena, err);
}
