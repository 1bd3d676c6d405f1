/* candidates.c - sentences to places, what was decided on them, and their order. */
#include "alerts/candidates.h"

#include "alerts/id_table.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"

#include <stdlib.h>

static const char *const state_names[] = {
    [CANDIDATE_OPEN] = "open",
    [CANDIDATE_NEW_EVIDENCE] = "new evidence",
    [CANDIDATE_DISMISSED] = "dismissed",
    [CANDIDATE_LISTED] = "listed",
};

const char *candidate_state_name(enum candidate_state state)
{
    return state_names[state];
}

/* ---- the list's words ------------------------------------------------------------------------ */

struct slice candidates_kind(const struct watchlist *w)
{
    struct slice best = SLICE("site"), kinds[16];
    size_t counts[WW_COUNT(kinds)] = {0}, n = 0, most = 0;

    for (size_t i = 0; i < w->n_items; i++) {
        size_t k = 0;

        if (!w->items[i].is_site)
            continue;
        while (k < n && !slice_equal(kinds[k], w->items[i].kind))
            k++;
        if (k == WW_COUNT(kinds))
            continue;
        if (k == n)
            kinds[n++] = w->items[i].kind;
        if (++counts[k] > most) {
            most = counts[k];
            best = kinds[k];
        }
    }
    return best;
}

struct slice candidate_heading(const struct candidate_group_list *list,
                               const struct candidate_group *g, struct arena *arena)
{
    if (g->is_country)
        return arena_printf(arena, "possible new %.*s: somewhere in %.*s", SLICE_ARG(list->kind),
                            SLICE_ARG(g->place));
    return arena_printf(arena, "possible new %.*s: %.*s, %.*s", SLICE_ARG(list->kind),
                        SLICE_ARG(g->place), SLICE_ARG(g->country_name));
}

/* ---- places ---------------------------------------------------------------------------------- */

/* What is looked up of the watchlist. */
struct places {
    const struct watchlist *w;
    struct id_table by_id;
    struct id_table by_name;   /* country and name: rows of before there were ids */
    struct id_table countries; /* by code */
};

static void index_places(const struct watchlist *w, struct arena *arena, struct places *out)
{
    *out = (struct places){.w = w};
    for (size_t i = 0; i < w->n_places; i++) {
        const struct watch_place *p = &w->places[i];

        id_table_put(&out->by_id, arena, SLICE("place"), p->id, (uint32_t)i);
        id_table_put(&out->by_name, arena, p->country, p->name, (uint32_t)i);
        if (p->is_country)
            id_table_put(&out->countries, arena, SLICE("country"), p->country, (uint32_t)i);
    }
}

static const struct watch_place *place_of(const struct places *places,
                                          const struct candidate_view *v)
{
    const uint32_t at = v->place_id.len > 0
                            ? id_table_get(&places->by_id, SLICE("place"), v->place_id)
                            : id_table_get(&places->by_name, v->country, v->place);

    return at != ID_NONE ? &places->w->places[at] : NULL;
}

/* ---- counting -------------------------------------------------------------------------------- */

static int by_story(const void *a, const void *b)
{
    const struct candidate_view *x = *(const struct candidate_view *const *)a;
    const struct candidate_view *y = *(const struct candidate_view *const *)b;

    if (x->at.story_id != y->at.story_id)
        return x->at.story_id < y->at.story_id ? -1 : 1;
    return (x->at.id > y->at.id) - (x->at.id < y->at.id);
}

static int by_outlet(const void *a, const void *b)
{
    const struct candidate_view *x = *(const struct candidate_view *const *)a;
    const struct candidate_view *y = *(const struct candidate_view *const *)b;
    const int order = slice_compare(x->at.outlet, y->at.outlet);

    return order != 0 ? order : (x->at.id > y->at.id) - (x->at.id < y->at.id);
}

/* Of a story's origins no more can be meant than there are articles of it. */
static int64_t origins_of(const struct candidate_view *v, int64_t n_articles)
{
    const int64_t n = v->at.n_origins > 0 ? v->at.n_origins : 1;

    return n < n_articles ? n : n_articles;
}

static enum ww_status count(struct candidate_group *g, struct arena *arena, struct ww_error *err)
{
    const struct candidate_view **rows = arena_array(arena, g->n_rows, sizeof(*rows));
    int64_t n_in_story = 0;

    if (rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < g->n_rows; i++) {
        rows[i] = &g->rows[i];
        g->n_articles += i == 0 || g->rows[i].at.article_id != g->rows[i - 1].at.article_id;
    }
    qsort(rows, g->n_rows, sizeof(*rows), by_outlet);
    for (size_t i = 0; i < g->n_rows; i++)
        g->n_outlets += i == 0 || !slice_equal(rows[i]->at.outlet, rows[i - 1]->at.outlet);
    qsort(rows, g->n_rows, sizeof(*rows), by_story);
    for (size_t i = 0; i < g->n_rows; i++) {
        n_in_story++;
        if (i + 1 < g->n_rows && rows[i]->at.story_id != 0 &&
            rows[i + 1]->at.story_id == rows[i]->at.story_id)
            continue;
        g->n_stories++;
        g->n_origins += origins_of(rows[i], n_in_story);
        n_in_story = 0;
    }
    return WW_OK;
}

/* What is said outright, in a text, first. */
static bool is_better(const struct candidate_view *a, const struct candidate_view *b)
{
    if (a->stance != b->stance)
        return a->stance < b->stance;
    if (a->at.field != b->at.field)
        return a->at.field == MENTION_TEXT;
    return sighting_at(&a->at) < sighting_at(&b->at);
}

static void choose(struct candidate_group *g)
{
    g->best = g->rows;
    g->first_at = g->newest_at = sighting_at(&g->rows[0].at);
    for (size_t i = 1; i < g->n_rows; i++) {
        const int64_t at = sighting_at(&g->rows[i].at);

        if (is_better(&g->rows[i], g->best))
            g->best = &g->rows[i];
        if (at < g->first_at)
            g->first_at = at;
        if (at > g->newest_at)
            g->newest_at = at;
    }
}

/* ---- decisions ------------------------------------------------------------------------------- */

/* Is there an article of a story that had not said so when the place was dismissed? */
static bool has_new_evidence(const struct candidate_group *g)
{
    for (size_t i = 0; i < g->n_rows; i++) {
        const struct candidate_view *v = &g->rows[i];
        bool is_known = v->at.first_seen_at <= g->decision->at || v->stance >= STANCE_DENIED;

        for (size_t k = 0; k < g->n_rows && !is_known; k++)
            is_known = g->rows[k].at.story_id == v->at.story_id && v->at.story_id != 0 &&
                       g->rows[k].at.first_seen_at <= g->decision->at;
        if (!is_known)
            return true;
    }
    return false;
}

static void settle(struct candidate_group *g, const struct watch_place *place,
                   const struct decision_list *decisions)
{
    for (size_t i = 0; i < decisions->n_rows && g->decision == NULL; i++)
        if (slice_equal(decisions->rows[i].country, g->country) &&
            slice_equal(decisions->rows[i].place, g->place_id))
            g->decision = &decisions->rows[i];
    if (place != NULL && (place->item != WATCH_NONE || place->country_item != WATCH_NONE))
        g->state = CANDIDATE_LISTED;
    else if (g->decision != NULL && g->decision->verdict == PLACE_DISMISSED)
        g->state = has_new_evidence(g) ? CANDIDATE_NEW_EVIDENCE : CANDIDATE_DISMISSED;
}

/* ---- groups ---------------------------------------------------------------------------------- */

static bool same_place(const struct candidate_view *a, const struct candidate_view *b)
{
    return slice_equal(a->country, b->country) && slice_equal(a->place, b->place);
}

static enum ww_status make_group(const struct places *places, const struct candidate_view *rows,
                                 size_t n, const struct decision_list *decisions,
                                 struct arena *arena, struct candidate_group *out,
                                 struct ww_error *err)
{
    const struct watch_place *place = place_of(places, &rows[n - 1]);
    const uint32_t country = id_table_get(&places->countries, SLICE("country"), rows->country);

    *out = (struct candidate_group){
        .country = rows->country,
        .place_id = place != NULL ? place->id : rows[n - 1].place_id,
        .place = rows->place,
        .country_name = country != ID_NONE ? places->w->places[country].name : rows->country,
        .is_country = place != NULL && place->is_country,
        .rows = rows,
        .n_rows = n,
    };
    if (out->place_id.len == 0)
        out->place_id = out->place;
    choose(out);
    settle(out, place, decisions);
    return count(out, arena, err);
}

static int by_rank(const void *a, const void *b)
{
    const struct candidate_group *x = a, *y = b;
    const int64_t keys[][2] = {
        {x->best->stance, y->best->stance},
        {x->is_country,   y->is_country  },
        {y->n_origins,    x->n_origins   },
        {y->newest_at,    x->newest_at   },
    };

    for (size_t i = 0; i < WW_COUNT(keys); i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return slice_compare(x->place_id, y->place_id);
}

static bool is_wanted(const struct candidate_group *g, const struct candidates_filter *f)
{
    return (f->is_all || g->state <= CANDIDATE_NEW_EVIDENCE) && g->newest_at >= f->since &&
           (f->until == 0 || g->newest_at < f->until);
}

enum ww_status candidates_list(struct store *s, const struct watchlist *w,
                               const struct candidates_filter *filter, struct arena *arena,
                               struct candidate_group_list *out, struct ww_error *err)
{
    struct candidate_view_list views;
    struct decision_list decisions;
    struct places places;
    enum ww_status status =
        store_list_candidate_views(s, filter->country, CANDIDATES_READ_MAX, arena, &views, err);

    *out = (struct candidate_group_list){.kind = candidates_kind(w)};
    if (status == WW_OK)
        status = store_list_decisions(s, arena, &decisions, err);
    if (status != WW_OK)
        return status;
    index_places(w, arena, &places);
    out->rows = arena_array(arena, views.n_rows + 1, sizeof(*out->rows));
    if (out->rows == NULL)
        return arena_check(arena, err);
    for (size_t first = 0, behind; first < views.n_rows && status == WW_OK; first = behind) {
        struct candidate_group *g = &out->rows[out->n_rows];

        behind = first + 1;
        while (behind < views.n_rows && same_place(&views.rows[first], &views.rows[behind]))
            behind++;
        status = make_group(&places, &views.rows[first], behind - first, &decisions, arena, g, err);
        if (status == WW_OK && is_wanted(g, filter))
            out->n_rows++;
    }
    if (out->n_rows > 1)
        qsort(out->rows, out->n_rows, sizeof(*out->rows), by_rank);
    return status == WW_OK ? arena_check(arena, err) : status;
}

const struct candidate_group *candidates_find(const struct candidate_group_list *list,
                                              struct slice word, size_t *n)
{
    const struct candidate_group *found = NULL;

    *n = 0;
    for (size_t i = 0; i < list->n_rows; i++)
        if (slice_equal_nocase(list->rows[i].place_id, word)) {
            *n = 1;
            return &list->rows[i];
        }
    for (size_t i = 0; i < list->n_rows; i++)
        if (slice_equal_nocase(list->rows[i].place, word)) {
            found = &list->rows[i];
            (*n)++;
        }
    return *n == 1 ? found : NULL;
}
