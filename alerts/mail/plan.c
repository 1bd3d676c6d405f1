/* plan.c - what is due, and the marks that it was. */
#include "alerts/mail/plan.h"

#include "alerts/mail/analyst.h"
#include "alerts/mail/digest.h"
#include "alerts/mail/letter.h"
#include "alerts/mutes.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store.h"
#include "storage/store_alerts.h"
#include "storage/store_outbox.h"
#include "storage/store_troubles.h"

#include <inttypes.h>

/* ---- hours ----------------------------------------------------------------------------------- */

static struct slice slot_key(const struct analyst *analyst, struct arena *arena)
{
    return arena_printf(arena, "digest.slot.%.*s", SLICE_ARG(analyst->name));
}

/* When the analyst's last slot was used; 0: never. */
static enum ww_status last_slot(struct store *s, const struct analyst *analyst, struct arena *arena,
                                int64_t *at, struct ww_error *err)
{
    struct message_filter filter = {
        .window = {.limit = 1}, .analyst = analyst->name, .kind = SLICE("digest")};
    struct message_list list;
    unsigned long long n = 0;
    struct slice value;
    enum ww_status status = store_meta(s, slot_key(analyst, arena), arena, &value, err);

    if (status != WW_NOT_FOUND) {
        *at = status == WW_OK && slice_number(value, INT64_MAX, &n) ? (int64_t)n : 0;
        return status;
    }
    /* Of a database that kept no slots yet, or a new analyst. */
    status = store_list_messages(s, &filter, arena, &list, err);
    *at = status == WW_OK && list.n_rows > 0 ? list.rows[0].created_at : 0;
    return status;
}

/* Use up the slot that is due; *is_due: it wants a digest. */
static enum ww_status take_slot(struct store *s, const struct analyst *analyst, int64_t now,
                                struct arena *arena, bool *is_due, struct ww_error *err)
{
    int64_t last;
    int64_t slot = timetable_last(&analyst->hours, analyst->timezone, now);
    enum ww_status status;

    *is_due = analyst->is_every_run;
    if (analyst->is_every_run)
        return WW_OK;
    status = last_slot(s, analyst, arena, &last, err);
    if (status != WW_OK)
        return status;
    *is_due = last != 0 && (last < slot || last > now + 86400);
    if (last != 0 && !*is_due)
        return WW_OK;
    return store_put_meta(s, slot_key(analyst, arena), arena_printf(arena, "%" PRId64, now), err);
}

/* ---- queueing -------------------------------------------------------------------------------- */

static enum ww_status queue_at(struct store *s, const struct analyst *analyst,
                               const struct letter_sender *sender, int64_t now, bool at_hour,
                               struct plan_summary *out, struct ww_error *err)
{
    const struct mute_reader reader = {analyst->name, analyst->analysts};
    const struct digest_choice choice = {.analyst = analyst, .now = now};
    struct arena arena;
    struct digest d = {0};
    int64_t n_withheld;
    bool is_due = true;
    bool is_queued = false;
    enum ww_status status;

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = store_begin(s, err);
    if (status != WW_OK)
        goto out;
    status = mutes_settle(s, &reader, now, &arena, &n_withheld, err);
    if (status == WW_OK && at_hour)
        status = take_slot(s, analyst, now, &arena, &is_due, err);
    if (status == WW_OK && is_due)
        status = digest_gather(s, &choice, &arena, &d, err);
    is_queued = status == WW_OK && is_due && digest_has_news(&d);
    if (is_queued)
        status = letter_queue(s, &d, sender, &arena, err);
    if (status == WW_OK)
        status = store_commit(s, err);
    if (status == WW_OK) {
        out->n_digests += is_queued;
        out->n_told += d.n_alerts + d.revisions.n_rows + d.told.n_rows;
    } else {
        store_rollback(s);
    }
out:
    arena_release(&arena);
    return status;
}

enum ww_status plan_queue_now(struct store *s, const struct analyst *analyst,
                              const struct letter_sender *sender, int64_t now,
                              struct plan_summary *out, struct ww_error *err)
{
    return queue_at(s, analyst, sender, now, false, out, err);
}

enum ww_status plan_queue_due(struct store *s, const struct analyst *analyst,
                              const struct letter_sender *sender, int64_t now,
                              struct plan_summary *out, struct ww_error *err)
{
    return queue_at(s, analyst, sender, now, true, out, err);
}

/* ---- first runs ------------------------------------------------------------------------------ */

static enum ww_status mark_troubles(struct store *s, const struct analyst *analyst, int64_t now,
                                    struct arena *arena, struct ww_error *err)
{
    const struct store_window window = {.limit = INT64_MAX};
    struct trouble_view_list list;
    enum ww_status status =
        store_list_untold_troubles(s, analyst->name, 0, &window, arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        status = store_mark_trouble_told(s, analyst->name, &list.rows[i].trouble, now, err);
    return status;
}

enum ww_status plan_mark_seen(struct store *s, const struct analyst *analyst, int64_t now,
                              struct ww_error *err)
{
    const struct alert_filter filter = {.window = {.limit = INT64_MAX},
                                        .history = STORE_LIVE,
                                        .not_told_to = analyst->name,
                                        .for_analyst = analyst->name,
                                        .analysts = analyst->analysts};
    struct alert_view_list list;
    struct arena arena;
    enum ww_status status = store_begin(s, err);

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    if (status == WW_OK)
        status = store_list_alerts(s, &filter, &arena, &list, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        status = store_mark_told(s, analyst->name, list.rows[i].alert.id, now, TOLD_SEEN, err);
    if (status == WW_OK)
        status = mark_troubles(s, analyst, now, &arena, err);
    if (status == WW_OK)
        status = store_commit(s, err);
    if (status != WW_OK)
        store_rollback(s);
    arena_release(&arena);
    return status;
}
