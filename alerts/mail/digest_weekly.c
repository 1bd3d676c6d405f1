/*
 * digest_weekly.c - a week in numbers beside the week before: by item and country, the stories that
 * matter most, what was claimed, and how well could be watched. It marks nothing as told.
 */
#include "alerts/mail/digest_parts.h"

#include "alerts/claim_groups.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/zone.h"
#include "storage/store_runs.h"
#include "storage/store_stories.h"

#include <inttypes.h>
#include <stdlib.h>

#define WEEK_S (7 * INT64_C(86400))

/* The same hour of the analyst's clocks, a week earlier: an hour more or less when they change. */
static int64_t week_before(struct slice zone, int64_t at)
{
    return at - WEEK_S + zone_offset_s(zone, at) - zone_offset_s(zone, at - WEEK_S);
}

/* ---- counting -------------------------------------------------------------------------------- */

/* An alert under the name it is counted by. */
struct entry {
    struct slice key, name;
    const struct alert_view *alert;
    bool is_now; /* of the week, not of the one before */
};

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = slice_compare(x->key, y->key);

    if (order != 0)
        return order;
    if (x->is_now != y->is_now)
        return x->is_now ? -1 : 1;
    return (x->alert->alert.story_id > y->alert->alert.story_id) -
           (x->alert->alert.story_id < y->alert->alert.story_id);
}

static int by_number(const void *a, const void *b)
{
    const struct digest_count *x = a, *y = b;

    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    if (x->n_before != y->n_before)
        return x->n_before > y->n_before ? -1 : 1;
    return slice_compare(x->label, y->label);
}

/* Stories by key, each once in a week; entries without a key do not count. */
static struct digest_count *count_by_key(struct entry *entries, size_t n, struct arena *arena,
                                         size_t *n_counts)
{
    struct digest_count *counts = arena_array(arena, n + 1, sizeof(*counts));
    const struct entry *last = NULL;

    *n_counts = 0;
    if (counts == NULL)
        return NULL;
    if (n > 0)
        qsort(entries, n, sizeof(*entries), by_key);
    for (size_t i = 0; i < n; i++) {
        const struct entry *e = &entries[i];
        const bool is_other = last == NULL || !slice_equal(last->key, e->key);

        if (e->key.len == 0)
            continue;
        if (is_other)
            counts[(*n_counts)++] = (struct digest_count){.name = e->name, .label = e->key};
        if (is_other || last->is_now != e->is_now ||
            last->alert->alert.story_id != e->alert->alert.story_id) {
            counts[*n_counts - 1].n += e->is_now;
            counts[*n_counts - 1].n_before += !e->is_now;
        }
        last = e;
    }
    if (*n_counts > 0)
        qsort(counts, *n_counts, sizeof(*counts), by_number);
    return counts;
}

static enum ww_status count_alerts(struct digest_week *w, const struct alert_view_list *list,
                                   struct arena *arena, struct ww_error *err)
{
    struct entry *entries = arena_array(arena, list->n_rows + 1, sizeof(*entries));
    const struct digest_count *all;
    size_t n;

    if (entries == NULL)
        return arena_check(arena, err);
    for (int what = 0; what < 3; what++) {
        for (size_t i = 0; i < list->n_rows; i++) {
            const struct alert_view *v = &list->rows[i];
            const struct slice name =
                v->alert.item_name.len > 0 ? v->alert.item_name : v->alert.item;
            const bool is_now = v->alert.created_at >= w->from;

            entries[i] = (struct entry){what == 0   ? v->alert.item
                                        : what == 1 ? v->alert.country
                                                    : SLICE("all"),
                                        what == 0 ? name : SLICE(""), v, is_now};
            w->now.n_alerts += what == 2 && is_now;
            w->before.n_alerts += what == 2 && !is_now;
        }
        if (what == 0)
            w->items = count_by_key(entries, list->n_rows, arena, &w->n_items);
        else if (what == 1)
            w->countries = count_by_key(entries, list->n_rows, arena, &w->n_countries);
    }
    all = count_by_key(entries, list->n_rows, arena, &n);
    if (n > 0) {
        w->now.n_stories = all->n;
        w->before.n_stories = all->n_before;
    }
    w->n_items_shown = w->n_items < DIGEST_WEEK_COUNTS_MAX ? w->n_items : DIGEST_WEEK_COUNTS_MAX;
    w->n_countries_shown =
        w->n_countries < DIGEST_WEEK_COUNTS_MAX ? w->n_countries : DIGEST_WEEK_COUNTS_MAX;
    return arena_check(arena, err);
}

/* ---- the top of the week --------------------------------------------------------------------- */

/* "Lantern Bay light, Ireland": three of them. */
static struct slice items_of(const struct digest_story *story, struct arena *arena)
{
    struct slice s = {"", 0};

    for (size_t i = 0; i < story->n_alerts && i < 3; i++) {
        const struct alert_row *a = &story->alerts[i]->alert;

        s = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(s), i > 0 ? ", " : "",
                         SLICE_ARG(a->item_name.len > 0 ? a->item_name : a->item));
    }
    if (story->n_alerts > 3)
        s = arena_printf(arena, "%.*s and %zu more", SLICE_ARG(s), story->n_alerts - 3);
    return s;
}

static enum ww_status choose_top(struct digest_week *w, const struct alert_view_list *list,
                                 struct arena *arena, struct ww_error *err)
{
    struct alert_view_list newest = *list; /* the newest come first */
    struct digest d = {0};
    enum ww_status status;

    for (newest.n_rows = 0; newest.n_rows < list->n_rows; newest.n_rows++)
        if (list->rows[newest.n_rows].alert.created_at < w->from)
            break;
    status = digest_group(&d, &newest, arena, err);
    if (status != WW_OK)
        return status;
    digest_order(&d);
    w->n_top = d.n_stories < DIGEST_WEEK_TOP_MAX ? d.n_stories : DIGEST_WEEK_TOP_MAX;
    w->top = arena_array(arena, w->n_top + 1, sizeof(*w->top));
    for (size_t i = 0; w->top != NULL && i < w->n_top; i++)
        w->top[i] = (struct digest_headline){d.stories[i].first, items_of(&d.stories[i], arena)};
    return arena_check(arena, err);
}

/* ---- what was claimed ------------------------------------------------------------------------ */

static enum ww_status gather_claims(struct store *s, struct digest_week *w, struct arena *arena,
                                    struct ww_error *err)
{
    const struct sighting_filter filter = {
        .window = {.since = w->from, .until = w->until}
    };
    struct claim_group_list list;
    enum ww_status status = claim_groups_list(s, &filter, arena, &list, err);

    if (status != WW_OK)
        return status;
    w->n_claims = list.n_rows;
    w->n_claims_shown = list.n_rows < DIGEST_WEEK_CLAIMS_MAX ? list.n_rows : DIGEST_WEEK_CLAIMS_MAX;
    w->claims = arena_array(arena, w->n_claims_shown + 1, sizeof(*w->claims));
    for (size_t i = 0; w->claims != NULL && i < w->n_claims_shown; i++) {
        const struct claim_group *g = &list.rows[i];

        w->claims[i] = (struct digest_claim){
            .words = arena_printf(
                arena, "%s%.*s%s%" PRId64 " sites in %" PRId64 " countries",
                g->bound.len > 0 && !slice_equal(g->bound, SLICE("about")) ? "at " : "",
                SLICE_ARG(g->bound), g->bound.len > 0 ? " " : "", g->n_sites, g->n_countries),
            .evidence =
                arena_printf(arena, "says %.*s; %" PRId64 " article%s in %" PRId64 " outlet%s",
                             SLICE_ARG(g->speakers), g->n_articles, g->n_articles == 1 ? "" : "s",
                             g->n_outlets, g->n_outlets == 1 ? "" : "s"),
            .outlet = g->last->at.outlet,
            .url = g->last->at.url};
    }
    return arena_check(arena, err);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum ww_status count_span(struct store *s, int64_t from, int64_t until,
                                 struct digest_span *out, struct ww_error *err)
{
    const struct store_window window = {.since = from, .until = until};
    struct run_counts runs = {0};
    enum ww_status status = store_count_runs(s, SLICE("run"), &window, &runs, err);

    if (status == WW_OK)
        status = store_count_seen(s, &window, &out->n_articles, err);
    if (status == WW_OK)
        status = store_count_troubles(s, &window, &out->n_began, &out->n_ended, err);
    out->n_runs = runs.n_runs;
    out->n_runs_failed = runs.n_failed;
    out->n_runs_partial = runs.n_partial;
    return status;
}

static enum ww_status list_wanted(struct store *s, const struct digest *d,
                                  const struct digest_week *w, struct arena *arena,
                                  struct alert_view_list *list, struct ww_error *err)
{
    const struct alert_filter filter = {
        .window = {.since = w->before_from, .until = w->until, .limit = DIGEST_ALERTS_MAX},
        .history = STORE_LIVE,
        .for_analyst = d->analyst->name,
        .analysts = d->analyst->analysts,
        .is_light = true
    };
    enum ww_status status = store_list_alerts(s, &filter, arena, list, err);
    size_t n = 0;

    for (size_t i = 0; status == WW_OK && i < list->n_rows; i++)
        if (subscription_takes(&d->analyst->wants, &list->rows[i].alert))
            list->rows[n++] = list->rows[i];
    list->n_rows = n;
    return status;
}

enum ww_status digest_gather_week(struct store *s, struct digest *d, struct arena *arena,
                                  struct ww_error *err)
{
    struct digest_week *w = arena_alloc(arena, sizeof(*w));
    struct alert_view_list list = {0};
    enum ww_status status;

    if (w == NULL)
        return arena_check(arena, err);
    d->week = w;
    w->until = d->now + 1; /* what came in this second, too */
    w->from = d->since = week_before(d->analyst->timezone, w->until);
    w->before_from = week_before(d->analyst->timezone, w->from);
    status = list_wanted(s, d, w, arena, &list, err);
    if (status == WW_OK)
        status = count_alerts(w, &list, arena, err);
    if (status == WW_OK)
        status = choose_top(w, &list, arena, err);
    if (status == WW_OK)
        status = digest_gather_changes(s, d, true, w->from, arena, err);
    if (status == WW_OK && d->analyst->wants_possible)
        status = digest_gather_possible(s, d, true, 0, arena, err);
    if (status == WW_OK)
        status = gather_claims(s, w, arena, err);
    if (status == WW_OK)
        status = count_span(s, w->before_from, w->from, &w->before, err);
    if (status == WW_OK)
        status = count_span(s, w->from, w->until, &w->now, err);
    if (status == WW_OK)
        status = digest_gather_notes(s, d, arena, err);
    if (status == WW_OK)
        status = digest_gather_health(s, d, true, arena, err);
    d->counts =
        arena_printf(arena, "%" PRId64 " stor%s, %" PRId64 " the week before", w->now.n_stories,
                     w->now.n_stories == 1 ? "y" : "ies", w->before.n_stories);
    return status == WW_OK ? arena_check(arena, err) : status;
}
