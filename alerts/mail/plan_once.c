/*
 * plan_once.c - a look at what is new for an analyst: what he did not ask for is passed over, what
 * cannot wait is told by story.
 *
 * The look remembers how far it came. What waits for more on its story, for the end of quiet hours
 * or for the next hour's mails holds it back, and is looked at again.
 */
#include "alerts/mail/analyst.h"
#include "alerts/mail/plan_parts.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store.h"
#include "storage/store_outbox.h"
#include "storage/store_untold.h"

#include <stdlib.h>

#define HOUR_S 3600

/* A story that holds something that cannot wait. */
struct waiting {
    int64_t story_id, oldest_at;
};

struct looking {
    const struct planning *plan;
    struct arena *arena;
    struct waiting *stories;
    size_t n_stories, room;
    int64_t first_id; /* of what waits; INT64_MAX: nothing */
};

/* ---- the look -------------------------------------------------------------------------------- */

static enum ww_status hold(struct looking *l, const struct alert_row *alert, struct ww_error *err)
{
    struct waiting *stories =
        arena_grow(l->arena, l->stories, l->n_stories, &l->room, sizeof(*stories));

    if (stories == NULL)
        return arena_check(l->arena, err);
    l->stories = stories;
    stories[l->n_stories++] = (struct waiting){alert->story_id, alert->created_at};
    l->first_id = alert->id < l->first_id ? alert->id : l->first_id;
    return WW_OK;
}

static enum ww_status look_at(struct looking *l, const struct alert_row *alert, bool *is_outside,
                              struct ww_error *err)
{
    const struct analyst *a = l->plan->analyst;

    *is_outside = !subscription_takes(&a->wants, alert);
    if (*is_outside || !a->has_at_once || !subscription_takes(&a->at_once, alert))
        return WW_OK;
    return hold(l, alert, err);
}

/* Alerts of a batch are marked in a transaction, if any is to be. */
static enum ww_status look_at_batch(struct looking *l, const struct untold_list *list,
                                    struct ww_error *err)
{
    const struct planning *p = l->plan;
    bool has_begun = false;
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < list->n_rows; i++) {
        bool is_outside = false;

        status = look_at(l, &list->rows[i], &is_outside, err);
        if (status != WW_OK || !is_outside)
            continue;
        if (!has_begun)
            status = store_begin(p->store, err);
        has_begun = true;
        if (status == WW_OK)
            status = store_mark_told(p->store, p->analyst->name, list->rows[i].id, p->now,
                                     TOLD_OUTSIDE, err);
    }
    if (!has_begun)
        return status;
    if (status == WW_OK)
        status = store_commit(p->store, err);
    if (status != WW_OK)
        store_rollback(p->store);
    return status;
}

static enum ww_status put_reach(const struct looking *l, int64_t alert_id, struct ww_error *err)
{
    const int64_t facts[PLAN_FACTS] = {l->first_id <= alert_id ? l->first_id - 1 : alert_id,
                                       l->plan->now};
    enum ww_status status = store_begin(l->plan->store, err);

    if (status == WW_OK)
        status = plan_remember(l->plan, PLAN_LOOKED, facts, err);
    if (status == WW_OK)
        status = store_commit(l->plan->store, err);
    if (status != WW_OK)
        store_rollback(l->plan->store);
    return status;
}

static enum ww_status look(struct looking *l, struct ww_error *err)
{
    const struct planning *p = l->plan;
    int64_t facts[PLAN_FACTS];
    struct untold_look from = {.analyst = p->analyst->name, .analysts = p->analyst->analysts};
    struct untold_list list = {0};
    struct untold_reach reach;
    int64_t cursor = 0;
    bool is_known;
    enum ww_status status = store_read_reach(p->store, &reach, err);

    if (status == WW_OK)
        status = plan_recall(p, PLAN_LOOKED, facts, &is_known, err);
    if (status != WW_OK)
        return status;
    from.after_id = facts[0];
    from.since = facts[1] < p->now ? facts[1] : p->now; /* a clock that was set back */
    do {
        status = store_list_untold(p->store, &from, cursor, PLAN_BATCH, l->arena, &list, err);
        if (status == WW_OK)
            status = look_at_batch(l, &list, err);
        if (status == WW_OK && list.n_rows > 0)
            cursor = list.rows[list.n_rows - 1].id;
    } while (status == WW_OK && list.n_rows == PLAN_BATCH);
    if (status != WW_OK || (is_known && l->n_stories == 0 && reach.alert_id == facts[0]))
        return status;
    return put_reach(l, reach.alert_id, err);
}

/* ---- telling --------------------------------------------------------------------------------- */

static int by_story(const void *a, const void *b)
{
    const struct waiting *x = a, *y = b;

    if (x->story_id != y->story_id)
        return x->story_id < y->story_id ? -1 : 1;
    return (x->oldest_at > y->oldest_at) - (x->oldest_at < y->oldest_at);
}

static int by_age(const void *a, const void *b)
{
    const struct waiting *x = a, *y = b;

    if (x->oldest_at != y->oldest_at)
        return x->oldest_at < y->oldest_at ? -1 : 1;
    return (x->story_id > y->story_id) - (x->story_id < y->story_id);
}

/* Each story once, the one that waits longest first; those that have waited long enough. */
static size_t keep_due(struct looking *l)
{
    const int64_t now = l->plan->now;
    const int64_t wait_s = l->plan->analyst->wait_s;
    size_t n = 0;

    qsort(l->stories, l->n_stories, sizeof(*l->stories), by_story);
    for (size_t i = 0; i < l->n_stories; i++) {
        const struct waiting w = l->stories[i];
        const bool is_first = i == 0 || l->stories[i - 1].story_id != w.story_id;

        /* One from the future (the clock was wrong) has waited long enough, too. */
        if (is_first && (w.oldest_at > now || now - w.oldest_at >= wait_s))
            l->stories[n++] = w;
    }
    qsort(l->stories, n, sizeof(*l->stories), by_age);
    return n;
}

static enum ww_status count_left(const struct looking *l, size_t *left, struct ww_error *err)
{
    const struct planning *p = l->plan;
    const size_t max = (size_t)p->analyst->max_per_hour;
    const struct message_filter filter = {
        .window = {.since = p->now - HOUR_S + 1, .until = p->now + 1, .limit = max},
        .analyst = p->analyst->name,
        .kind = SLICE("immediate")
    };
    struct message_list list;
    enum ww_status status = store_list_messages(p->store, &filter, l->arena, &list, err);

    *left = status == WW_OK && list.n_rows < max ? max - list.n_rows : 0;
    return status;
}

/* When more is due than may go, the last mail that may carries all that cannot wait. */
static enum ww_status tell(struct looking *l, struct ww_error *err)
{
    const size_t n_due = keep_due(l);
    size_t left = 0;
    enum ww_status status = n_due > 0 ? count_left(l, &left, err) : WW_OK;

    for (size_t i = 0; status == WW_OK && i < n_due && left > 0; i++) {
        const bool is_all = left == 1 && i + 1 < n_due;
        struct plan_turn turn = {.kind = DIGEST_IMMEDIATE,
                                 .story_id = is_all ? 0 : l->stories[i].story_id};

        status = plan_take_turn(l->plan, &turn, err);
        left -= turn.is_queued;
    }
    return status;
}

enum ww_status plan_look(const struct planning *p, struct ww_error *err)
{
    struct arena arena;
    struct looking l = {.plan = p, .arena = &arena, .first_id = INT64_MAX};
    enum ww_status status;

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = look(&l, err);
    if (status == WW_OK && l.n_stories > 0 && !p->is_quiet)
        status = tell(&l, err);
    arena_release(&arena);
    return status;
}
