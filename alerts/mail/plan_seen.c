/* plan_seen.c - what an analyst counts as knowing without a message: a first run, a newcomer. */
#include "alerts/mail/analyst.h"
#include "alerts/mail/digest_parts.h"
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
static enum ww_status gather(struct store *s, struct slice not_told_to, int64_t since,
                             struct arena *arena, struct digest *out, struct ww_error *err)
{
    /* Wants all there is. */
    const struct analyst all = {.name = not_told_to, .timezone = SLICE("UTC")};
    enum ww_status status;

    *out = (struct digest){.analyst = &all};
    status = digest_gather_possible(s, out, not_told_to.len == 0, since, arena, err);
    out->analyst = NULL;
    return status;
}

static enum ww_status list_subjects(const struct digest *d, struct arena *arena,
                                    struct plan_subjects *out, struct ww_error *err)
{
    struct slice *rows = arena_array(arena, d->n_possible + 1, sizeof(*rows));

    if (rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < d->n_possible; i++)
        rows[i] = arena_copy(arena, d->possible[i].subject);
    *out = (struct plan_subjects){rows, d->n_possible};
    return arena_check(arena, err);
}

static bool has_subject(const struct plan_subjects *list, struct slice subject)
{
    for (size_t i = 0; i < list->n_rows; i++)
        if (slice_equal(list->rows[i], subject))
            return true;
    return false;
}

/* All but those that are left to be told. */
static enum ww_status mark_possible(const struct planning *p, const struct plan_subjects *left,
                                    struct arena *arena, struct ww_error *err)
{
    struct digest all;
    enum ww_status status = gather(p->store, p->analyst->name, 0, arena, &all, err);

    for (size_t i = 0; status == WW_OK && i < all.n_possible; i++)
        if (!has_subject(left, all.possible[i].subject))
            status = store_mark_possible_told(p->store, p->analyst->name, all.possible[i].subject,
                                              p->now, err);
    return status;
}

/* ---- all ------------------------------------------------------------------------------------- */

static enum ww_status mark_span(const struct planning *p, const struct untold_span *span,
                                const struct plan_subjects *left, struct arena *arena,
                                struct ww_error *err)
{
    const int64_t facts[PLAN_FACTS] = {p->now};
    enum ww_status status = store_begin(p->store, err);

    if (status == WW_OK)
        status = store_mark_seen_span(p->store, p->analyst->name, p->analyst->analysts, span,
                                      p->now, err);
    if (status == WW_OK)
        status = mark_possible(p, left, arena, err);
    if (status == WW_OK)
        status = plan_remember(p, MET, facts, err);
    if (status == WW_OK)
        status = store_commit(p->store, err);
    if (status != WW_OK)
        store_rollback(p->store);
    return status;
}

static enum ww_status mark_before(const struct planning *p, int64_t before, struct ww_error *err)
{
    const struct untold_span span = {.before = before};
    struct plan_subjects left = {0};
    struct digest recent;
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = gather(p->store, p->analyst->name, before, &arena, &recent, err);
    if (status == WW_OK)
        status = list_subjects(&recent, &arena, &left, err);
    if (status == WW_OK)
        status = mark_span(p, &span, &left, &arena, err);
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

enum ww_status plan_read_before(struct store *s, int64_t began_at, struct arena *arena,
                                struct plan_before *out, struct ww_error *err)
{
    struct digest all;
    struct arena scratch;
    enum ww_status status;

    *out = (struct plan_before){.began_at = began_at};
    arena_init(&scratch, DIGEST_ARENA_MAX_BYTES);
    status = store_read_reach(s, &out->reach, err);
    if (status == WW_OK)
        status = gather(s, SLICE(""), 0, &scratch, &all, err);
    if (status == WW_OK)
        status = list_subjects(&all, arena, &out->possible, err);
    arena_release(&scratch);
    return status;
}

enum ww_status plan_mark_found(struct store *s, const struct analyst *analyst,
                               const struct plan_before *before, int64_t now, struct ww_error *err)
{
    const struct planning p = {.store = s, .analyst = analyst, .now = now};
    const struct untold_span span = {
        .reach = before->reach, .from = before->began_at, .before = INT64_MAX};
    struct arena arena;
    enum ww_status status = plan_meet(&p, err);

    if (status != WW_OK)
        return status;
    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = mark_span(&p, &span, &before->possible, &arena, err);
    arena_release(&arena);
    return status == WW_OK ? plan_begin_hours(&p, err) : status;
}
