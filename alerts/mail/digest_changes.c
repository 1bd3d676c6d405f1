/*
 * digest_changes.c - what has changed in stories that the analyst knows, and in those that the same
 * digest tells first.
 */
#include "alerts/mail/digest_parts.h"

#include "alerts/revision_words.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store_stories.h"

#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* By story; in it, by item and then as they came. */
static int by_story(const void *a, const void *b)
{
    const struct revision_view *x = a, *y = b;

    if (x->story_id != y->story_id)
        return x->story_id < y->story_id ? -1 : 1;
    if (x->revision.alert_id != y->revision.alert_id)
        return x->revision.alert_id < y->revision.alert_id ? -1 : 1;
    return (x->revision.id > y->revision.id) - (x->revision.id < y->revision.id);
}

/* What matters most first, then what changed last. */
static int by_weight(const void *a, const void *b)
{
    const struct digest_developing *x = a, *y = b;
    const int64_t x_id = x->changes[x->n_changes - 1].view->revision.id;
    const int64_t y_id = y->changes[y->n_changes - 1].view->revision.id;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    return (x_id < y_id) - (x_id > y_id);
}

/* The ids of all alerts of the digest, sorted. */
static int64_t *list_alerts(const struct digest *d, struct arena *arena)
{
    int64_t *ids = arena_array(arena, d->n_alerts + 1, sizeof(*ids));
    size_t n = 0;

    if (ids == NULL)
        return NULL;
    for (size_t i = 0; i < d->n_stories; i++)
        for (size_t k = 0; k < d->stories[i].n_alerts; k++)
            ids[n++] = d->stories[i].alerts[k]->alert.id;
    qsort(ids, n, sizeof(*ids), by_id);
    return ids;
}

static struct digest_change change_of(const struct digest *d, const struct revision_view *v,
                                      struct arena *arena)
{
    char at[DIGEST_TIME_BYTES];

    return (struct digest_change){v,
                                  revision_words(v, digest_time(d, revision_time(v), at), arena)};
}

/* Those of the run [first, first + n) of revisions, which are all of one story. */
static struct digest_change *changes_of(const struct digest *d, size_t first, size_t n,
                                        struct arena *arena)
{
    struct digest_change *changes = arena_array(arena, n, sizeof(*changes));

    for (size_t i = 0; changes != NULL && i < n; i++)
        changes[i] = change_of(d, &d->revisions.rows[first + i], arena);
    return changes;
}

/* The story that this digest tells as new, if it is shown. */
static struct digest_story *find_story(struct digest *d, int64_t story_id)
{
    for (size_t i = 0; i < d->n_shown; i++)
        if (d->stories[i].first->alert.story_id == story_id)
            return &d->stories[i];
    return NULL;
}

static struct digest_developing developing_of(const struct digest *d, size_t first, size_t n,
                                              struct digest_change *changes)
{
    const struct revision_view *rows = d->revisions.rows;
    struct digest_developing story = {.first = &rows[first], .changes = changes, .n_changes = n};

    for (size_t i = first; i < first + n; i++)
        if (rows[i].severity > story.severity)
            story.severity = rows[i].severity;
    return story;
}

/* A story stands in a digest once: what has changed goes with what is new. */
static enum ww_status divide(struct digest *d, struct arena *arena, struct ww_error *err)
{
    const struct revision_view *rows = d->revisions.rows;
    size_t n = 0;

    for (size_t first = 0; first < d->revisions.n_rows; first += n) {
        struct digest_story *story = find_story(d, rows[first].story_id);
        struct digest_change *changes;
        bool is_known = true;

        for (n = 0; first + n < d->revisions.n_rows; n++) {
            if (rows[first + n].story_id != rows[first].story_id)
                break;
            is_known &= rows[first + n].is_alert_told;
        }
        changes = changes_of(d, first, n, arena);
        if (changes == NULL)
            return arena_check(arena, err);
        if (story != NULL) {
            story->changes = changes;
            story->n_changes = n;
        } else if (is_known) { /* else it is one of the stories that are counted */
            d->developing[d->n_developing++] = developing_of(d, first, n, changes);
        }
    }
    if (d->n_developing > 0)
        qsort(d->developing, d->n_developing, sizeof(*d->developing), by_weight);
    d->n_developing_shown =
        d->n_developing < DIGEST_DEVELOPING_MAX ? d->n_developing : DIGEST_DEVELOPING_MAX;
    return WW_OK;
}

/* How many more print what was told: of those that are shown. */
static enum ww_status count_copies(struct store *s, struct digest *d, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < d->n_developing_shown; i++) {
        struct digest_developing *story = &d->developing[i];
        const int64_t id = story->first->story_id;
        struct story_told told = {0};

        status = store_story_told(s, id, d->analyst->name, &told, err);
        if (status == WW_OK && told.at != 0)
            status =
                store_count_copies(s, id, told.at, &story->n_more, &story->n_more_outlets, err);
    }
    return status;
}

enum ww_status digest_gather_changes(struct store *s, struct digest *d, bool include_told,
                                     int64_t since, struct arena *arena, struct ww_error *err)
{
    const struct revision_filter filter = {
        .window = {.since = since, .limit = DIGEST_CHANGES_MAX},
        .history = STORE_LIVE,
        .not_told_to = include_told ? SLICE("") : d->analyst->name,
        .for_analyst = d->analyst->name,
        .analysts = d->analyst->analysts
    };
    struct revision_view_list *list = &d->revisions;
    enum ww_status status = store_list_revisions(s, &filter, arena, list, err);
    const int64_t *ids;
    size_t n = 0;

    if (status != WW_OK)
        return status;
    ids = list_alerts(d, arena);
    d->developing = arena_array(arena, list->n_rows + 1, sizeof(*d->developing));
    if (ids == NULL || d->developing == NULL)
        return arena_check(arena, err);
    /* Of an alert that waits for a later digest: with that one. */
    for (size_t i = 0; i < list->n_rows; i++) {
        struct revision_view *v = &list->rows[i];
        const bool is_here =
            bsearch(&v->revision.alert_id, ids, d->n_alerts, sizeof(*ids), by_id) != NULL;

        if (!is_here && d->kind == DIGEST_IMMEDIATE)
            continue;
        if (!is_here && !v->is_alert_told && !include_told)
            continue;
        v->is_alert_told = !is_here;
        list->rows[n++] = *v;
    }
    list->n_rows = n;
    if (n > 0)
        qsort(list->rows, n, sizeof(*list->rows), by_story);
    if (divide(d, arena, err) != WW_OK)
        return arena_check(arena, err);
    return count_copies(s, d, err);
}

enum ww_status digest_mark_changes(struct store *s, const struct digest *d, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (d->kind == DIGEST_WEEKLY)
        return WW_OK;
    for (size_t i = 0; status == WW_OK && i < d->revisions.n_rows; i++)
        status = store_mark_revision_told(s, d->analyst->name, d->revisions.rows[i].revision.id,
                                          d->now, err);
    return status;
}
