/* plan_seen.c - what an analyst counts as knowing without a message: a first run, a newcomer. */
#include "alerts/mail/analyst.h"
#include "alerts/mail/plan_parts.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store.h"
#include "storage/store_claims.h"
#include "storage/store_outbox.h"
#include "storage/store_untold.h"

#define MET "plan.met"

/* ---- what is possible ------------------------------------------------------------------------ */

/* Of what was said since then; proposals have no mark but their words, so a digest makes these. */
static enum ww_status gather(const struct planning *p, int64_t since, struct arena *arena,
                             struct analyst *copy, struct digest *d, struct ww_error *err)
{
    const struct digest_choice choice = {
        .kind = DIGEST_REGULAR, .analyst = copy, .now = p->now, .since = since};

    *copy = *p->analyst;
    copy->wants_possible = true;
    copy->wants = (struct subscription){0}; /* all there is */
    return digest_gather(p->store, &choice, arena, d, err);
}

static bool has_subject(const struct digest *d, struct slice subject)
{
    for (size_t i = 0; i < d->n_possible; i++)
        if (slice_equal(d->possible[i].subject, subject))
            return true;
    return false;
}

/* before: those that nothing was said about since then; INT64_MAX: all. */
static enum ww_status mark_possible(const struct planning *p, int64_t before, struct arena *arena,
                                    struct ww_error *err)
{
    struct analyst copy;
    struct digest all = {0};
    struct digest recent = {0};
    bool has_any = false;
    enum ww_status status = store_has_possible(p->store, &has_any, err);

    if (status != WW_OK || !has_any)
        return status;
    status = gather(p, 0, arena, &copy, &all, err);
    if (status == WW_OK && before != INT64_MAX)
        status = gather(p, before, arena, &copy, &recent, err);
    for (size_t i = 0; status == WW_OK && i < all.n_possible; i++)
        if (!has_subject(&recent, all.possible[i].subject))
            status = store_mark_possible_told(p->store, p->analyst->name, all.possible[i].subject,
                                              p->now, err);
    return status;
}

/* ---- all ------------------------------------------------------------------------------------- */

static enum ww_status mark_before(const struct planning *p, int64_t before, struct ww_error *err)
{
    const int64_t facts[PLAN_FACTS] = {p->now};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = store_begin(p->store, err);
    if (status == WW_OK)
        status = store_mark_all_seen(p->store, p->analyst->name, p->analyst->analysts, before,
                                     p->now, err);
    if (status == WW_OK)
        status = mark_possible(p, before, &arena, err);
    if (status == WW_OK)
        status = plan_remember(p, MET, facts, err);
    if (status == WW_OK)
        status = store_commit(p->store, err);
    if (status != WW_OK)
        store_rollback(p->store);
    arena_release(&arena);
    return status;
}

/* Told before this was remembered: whatever waits for him is to be told, however old. */
static enum ww_status was_told(const struct planning *p, bool *out, struct ww_error *err)
{
    const struct message_filter filter = {.window = {.limit = 1}, .analyst = p->analyst->name};
    struct message_list list = {0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = store_list_messages(p->store, &filter, &arena, &list, err);
    *out = list.n_rows > 0;
    arena_release(&arena);
    return status;
}

/* Remembered, or told something: no newcomer. *is_met: remembered. */
static enum ww_status is_known(const struct planning *p, bool *is_met, bool *out,
                               struct ww_error *err)
{
    int64_t facts[PLAN_FACTS];
    enum ww_status status = plan_recall(p, MET, facts, is_met, err);

    *out = *is_met;
    return status != WW_OK || *is_met ? status : was_told(p, out, err);
}

enum ww_status plan_meet(const struct planning *p, struct ww_error *err)
{
    bool is_met = false;
    bool is_old = false;
    enum ww_status status = is_known(p, &is_met, &is_old, err);

    if (status != WW_OK || is_met)
        return status;
    return mark_before(p, is_old ? 0 : p->now - NEW_ANALYST_S, err);
}

enum ww_status plan_since(struct store *s, const struct analyst *analyst, int64_t now,
                          int64_t *since, struct ww_error *err)
{
    const struct planning p = {.store = s, .analyst = analyst, .now = now};
    bool is_met = false;
    bool is_old = false;
    enum ww_status status = is_known(&p, &is_met, &is_old, err);

    *since = status != WW_OK || is_old ? 0 : now - NEW_ANALYST_S;
    return status;
}

enum ww_status plan_count_untold(struct store *s, const struct analyst *analyst, int64_t now,
                                 size_t *n, struct ww_error *err)
{
    struct untold_look look = {.analyst = analyst->name, .analysts = analyst->analysts};
    struct untold_list list = {.n_rows = PLAN_BATCH};
    struct arena arena;
    int64_t since = 0;
    int64_t cursor = 0;
    enum ww_status status = plan_since(s, analyst, now, &since, err);

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    look.after_id = since > 0 ? INT64_MAX : 0;
    look.since = since;
    *n = 0;
    while (status == WW_OK && list.n_rows == PLAN_BATCH) {
        arena_reset(&arena);
        status = store_list_untold(s, &look, cursor, PLAN_BATCH, &arena, &list, err);
        for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
            *n += subscription_takes(&analyst->wants, &list.rows[i]);
        if (status == WW_OK && list.n_rows > 0)
            cursor = list.rows[list.n_rows - 1].id;
    }
    arena_release(&arena);
    return status;
}

enum ww_status plan_mark_seen(struct store *s, const struct analyst *analyst, int64_t now,
                              struct ww_error *err)
{
    const struct planning p = {.store = s, .analyst = analyst, .now = now};
    enum ww_status status = mark_before(&p, INT64_MAX, err);

    return status == WW_OK ? plan_begin_hours(&p, err) : status;
}
