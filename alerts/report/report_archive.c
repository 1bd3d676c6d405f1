/* report_archive.c - the alerts of the period by story, by time and by item. */
#include "alerts/report/report_parts.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/zone.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- stories --------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const struct report_entry *x = a, *y = b;

    return (x->story->id > y->story->id) - (x->story->id < y->story->id);
}

static int by_time(const void *a, const void *b)
{
    const struct report_entry *x = *(const struct report_entry *const *)a;
    const struct report_entry *y = *(const struct report_entry *const *)b;

    if (x->at != y->at)
        return x->at > y->at ? -1 : 1;
    return (x->story->id < y->story->id) - (x->story->id > y->story->id);
}

const struct report_entry *report_find_entry(const struct report *r, int64_t story_id)
{
    const struct report_story story = {.id = story_id};
    const struct report_entry key = {.story = &story};

    return r->n_entries == 0 ? NULL
                             : bsearch(&key, r->entries, r->n_entries, sizeof(*r->entries), by_id);
}

static void add_alert(struct report_entry *e, const struct report_alert *a)
{
    if (e->n_alerts++ == 0) {
        e->alerts = a;
        e->at = a->at;
    }
    e->at = a->at < e->at ? a->at : e->at;
    e->severity = a->severity > e->severity ? a->severity : e->severity;
    if (!a->is_historic && (!e->is_live || a->at < e->live_at))
        e->live_at = a->at;
    e->is_live |= !a->is_historic;
}

/* Both lists are by the story's id. A run beside us may have added to the second. */
static enum ww_status join_stories(struct report *r, struct ww_error *err)
{
    size_t at = 0;

    r->entries = arena_array(&r->arena, r->stories.n_rows + 1, sizeof(*r->entries));
    r->by_time = arena_array(&r->arena, r->stories.n_rows + 1, sizeof(*r->by_time));
    if (r->entries == NULL || r->by_time == NULL)
        return arena_check(&r->arena, err);
    for (size_t i = 0; i < r->stories.n_rows; i++) {
        struct report_entry *e = &r->entries[r->n_entries];

        *e = (struct report_entry){.story = &r->stories.rows[i]};
        while (at < r->alerts.n_rows && r->alerts.rows[at].story_id < e->story->id)
            at++;
        for (; at < r->alerts.n_rows && r->alerts.rows[at].story_id == e->story->id; at++)
            add_alert(e, &r->alerts.rows[at]);
        if (e->n_alerts > 0)
            r->by_time[r->n_entries++] = e;
    }
    if (r->n_entries > 0)
        qsort(r->by_time, r->n_entries, sizeof(*r->by_time), by_time);
    return WW_OK;
}

struct slice report_headline(const struct report_entry *e)
{
    return text_cut(e->story->title.len > 0 ? e->story->title : e->story->url, REPORT_TITLE_BYTES);
}

/* ---- items ----------------------------------------------------------------------------------- */

static int by_item(const void *a, const void *b)
{
    const struct report_item *x = a, *y = b;

    return slice_compare(x->id, y->id);
}

static int by_item_and_time(const void *a, const void *b)
{
    const struct report_alert *x = *(const struct report_alert *const *)a;
    const struct report_alert *y = *(const struct report_alert *const *)b;
    const int order = slice_compare(x->item, y->item);

    if (order != 0)
        return order;
    if (x->at != y->at)
        return x->at > y->at ? -1 : 1;
    return (x->id < y->id) - (x->id > y->id);
}

const struct report_item *report_find_item(const struct report *r, struct slice id)
{
    const struct report_item key = {.id = id};

    return r->n_items == 0 ? NULL : bsearch(&key, r->items, r->n_items, sizeof(*r->items), by_item);
}

/* A site has a page of its own whether anything was found or not: nothing is an answer too. */
static size_t add_sites(struct report *r)
{
    for (size_t i = 0; i < r->list.n_items; i++)
        if (r->list.items[i].is_site)
            r->items[r->n_items++] = (struct report_item){.id = r->list.items[i].id};
    return r->n_items;
}

/* Equal ids become one. */
static void unite_items(struct report *r)
{
    size_t n = 0;

    if (r->n_items > 0)
        qsort(r->items, r->n_items, sizeof(*r->items), by_item);
    for (size_t i = 0; i < r->n_items; i++)
        if (n == 0 || !slice_equal(r->items[n - 1].id, r->items[i].id))
            r->items[n++] = r->items[i];
    r->n_items = n;
}

static void name_item(const struct report *r, struct report_item *item)
{
    const struct report_alert *newest = item->n_alerts > 0 ? item->alerts[0] : NULL;

    for (size_t i = 0; i < r->list.n_items && item->watched == NULL; i++) {
        const struct watch_item *w = &r->list.items[i];

        if (slice_equal(w->id, item->id) && (newest == NULL || slice_equal(w->kind, newest->kind)))
            item->watched = w;
    }
    if (item->watched != NULL) {
        item->kind = item->watched->kind;
        item->name = item->watched->name;
        item->country = item->watched->country;
    } else if (newest != NULL) {
        item->kind = newest->kind;
        item->name = newest->name;
        item->country = newest->country;
    }
    if (item->name.len == 0)
        item->name = item->id;
    for (size_t i = 0; i < item->n_alerts; i++)
        if (item->alerts[i]->severity > item->severity)
            item->severity = item->alerts[i]->severity;
}

static enum ww_status join_items(struct report *r, struct ww_error *err)
{
    const size_t n = r->alerts.n_rows;
    const struct report_alert **sorted = arena_array(&r->arena, n + 1, sizeof(*sorted));
    size_t at = 0;

    r->items = arena_array(&r->arena, n + r->list.n_items + 1, sizeof(*r->items));
    if (sorted == NULL || r->items == NULL)
        return arena_check(&r->arena, err);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &r->alerts.rows[i];
    if (n > 0)
        qsort(sorted, n, sizeof(*sorted), by_item_and_time);
    (void)add_sites(r);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || !slice_equal(sorted[i - 1]->item, sorted[i]->item))
            r->items[r->n_items++] = (struct report_item){.id = sorted[i]->item};
    unite_items(r);
    for (size_t i = 0; i < r->n_items; i++) {
        struct report_item *item = &r->items[i];

        for (; at < n && slice_equal(sorted[at]->item, item->id); at++) {
            if (item->n_alerts++ == 0)
                item->alerts = &sorted[at];
        }
        name_item(r, item);
    }
    return WW_OK;
}

struct slice report_status(const struct report *r, const struct report_item *item)
{
    const struct csv_table *t = &r->list.files[WATCH_STATIONS];
    const size_t id = csv_column(t, SLICE("id")), site = csv_column(t, SLICE("site"));
    const size_t status = csv_column(t, SLICE("status"));

    for (size_t i = 0; r->list.has_file[WATCH_STATIONS] && i < t->n_rows; i++) {
        const struct csv_row *row = &t->rows[i];
        const struct slice at =
            csv_cell(row, site).len > 0 ? csv_cell(row, site) : csv_cell(row, id);

        if (slice_equal(at, item->id))
            return csv_cell(row, status);
    }
    return (struct slice){"", 0};
}

struct slice report_country_name(const struct report *r, struct slice code)
{
    for (size_t i = 0; i < r->list.n_places; i++)
        if (r->list.places[i].is_country && slice_equal_nocase(r->list.places[i].country, code))
            return r->list.places[i].name;
    return code;
}

/* ---- what belongs to an alert or a story -------------------------------------------------------
 */

static int by_alert(const void *a, const void *b)
{
    const struct revision_row *x = &((const struct revision_view *)a)->revision;
    const struct revision_row *y = &((const struct revision_view *)b)->revision;

    if (x->alert_id != y->alert_id)
        return x->alert_id < y->alert_id ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_sighting(const struct sighting *x, const struct sighting *y)
{
    if (x->story_id != y->story_id)
        return x->story_id < y->story_id ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_state_story(const void *a, const void *b)
{
    return by_sighting(&((const struct proposal_view *)a)->at,
                       &((const struct proposal_view *)b)->at);
}

static int by_claim_story(const void *a, const void *b)
{
    return by_sighting(&((const struct claim_view *)a)->at, &((const struct claim_view *)b)->at);
}

/* The rows whose number is id, which stands at `offset` of each; they are sorted by it. */
static const void *find_rows(const void *rows, size_t n_rows, size_t size, size_t offset,
                             int64_t id, size_t *n)
{
    const char *all = rows;
    size_t low = 0, high = n_rows;

    *n = 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        int64_t there;

        memcpy(&there, all + middle * size + offset, sizeof(there));
        if (there < id)
            low = middle + 1;
        else
            high = middle;
    }
    for (int64_t there; low + *n < n_rows; ++*n) {
        memcpy(&there, all + (low + *n) * size + offset, sizeof(there));
        if (there != id)
            break;
    }
    return *n == 0 ? NULL : all + low * size;
}

const struct revision_view *report_find_revisions(const struct report *r, int64_t alert_id,
                                                  size_t *n)
{
    return find_rows(r->revisions.rows, r->revisions.n_rows, sizeof(*r->revisions.rows),
                     offsetof(struct revision_view, revision.alert_id), alert_id, n);
}

const struct proposal_view *report_find_states(const struct report *r, int64_t story_id, size_t *n)
{
    return find_rows(r->states.rows, r->states.n_rows, sizeof(*r->states.rows),
                     offsetof(struct proposal_view, at.story_id), story_id, n);
}

const struct claim_view *report_find_claims(const struct report *r, int64_t story_id, size_t *n)
{
    return find_rows(r->claims.rows, r->claims.n_rows, sizeof(*r->claims.rows),
                     offsetof(struct claim_view, at.story_id), story_id, n);
}

static enum ww_status read_rest(struct report *r, const struct store_window *window,
                                struct ww_error *err)
{
    const struct sighting_filter filter = {.window = *window};
    const struct revision_filter changes = {
        .window = {.since = r->since, .limit = window->limit},
          .history = STORE_ANY_HISTORY
    };
    enum ww_status status = store_list_revisions(r->store, &changes, &r->arena, &r->revisions, err);

    if (status == WW_OK)
        status = store_list_proposals(r->store, &filter, &r->arena, &r->states, err);
    if (status == WW_OK)
        status = store_list_claims(r->store, &filter, &r->arena, &r->claims, err);
    if (status == WW_OK)
        status = proposals_list(r->store, &r->list, &filter, &r->arena, &r->proposals, err);
    if (status != WW_OK)
        return status;
    if (r->revisions.n_rows > 0)
        qsort(r->revisions.rows, r->revisions.n_rows, sizeof(*r->revisions.rows), by_alert);
    if (r->states.n_rows > 0)
        qsort(r->states.rows, r->states.n_rows, sizeof(*r->states.rows), by_state_story);
    if (r->claims.n_rows > 0)
        qsort(r->claims.rows, r->claims.n_rows, sizeof(*r->claims.rows), by_claim_story);
    return WW_OK;
}

/* ---- the period ------------------------------------------------------------------------------ */

void report_count(const struct report *r, const struct report_alert *const *alerts, size_t n,
                  struct report_chart *out)
{
    report_chart_init(out, r->first_day, r->last_day);
    for (size_t i = 0; i < n; i++)
        report_chart_add(out, report_day(r->page.zone, alerts[i]->at), alerts[i]->severity);
}

/* Whole days of the zone: a timeline stays what it is until the day is over. */
static void choose_period(struct report *r)
{
    const struct report_options *o = r->options;
    const struct slice zone = o->timezone;

    r->until = o->until; /* open: another machine's clock may be ahead of this one */
    r->last_day = report_day(zone, r->until != 0 ? r->until - 1 : o->now);
    r->since = o->since;
    if (r->since == 0) {
        const int64_t days = o->days > 0 ? o->days : 1;

        r->since = (r->last_day - days + 1) * 86400;
        r->since -= zone_offset_s(zone, r->since);
    }
    r->first_day = report_day(zone, r->since);
    if (r->first_day > r->last_day)
        r->first_day = r->last_day;
}

static enum ww_status read_list(struct report *r, struct ww_error *err)
{
    struct watchlist_row row;
    enum ww_status status = store_watchlist(r->store, 0, &r->arena, &row, err);

    if (status == WW_OK)
        status = watchlist_parse(row.content, &r->arena, &r->list, err);
    /* Kept by another version of the program: the report goes without what the list says. */
    if (status == WW_INVALID)
        r->list = (struct watchlist){.n_items = 0};
    return status == WW_NOT_FOUND || status == WW_INVALID ? WW_OK : status;
}

enum ww_status report_read(struct report *r, struct ww_error *err)
{
    struct store_window window;
    enum ww_status status;

    choose_period(r);
    window =
        (struct store_window){.since = r->since, .until = r->until, .limit = REPORT_ALERTS_MAX};
    status = read_list(r, err);
    if (status == WW_OK)
        status = store_list_report_alerts(r->store, &window, &r->arena, &r->alerts, err);
    if (status == WW_OK)
        status = store_list_report_stories(r->store, &window, &r->arena, &r->stories, err);
    if (status == WW_OK)
        status = join_stories(r, err);
    if (status == WW_OK)
        status = join_items(r, err);
    if (status == WW_OK)
        status = read_rest(r, &window, err);
    return status;
}
