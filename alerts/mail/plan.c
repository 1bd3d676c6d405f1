/* plan.c - what is due, and the marks that it was. */
#include "alerts/mail/plan.h"

#include "alerts/mail/analyst.h"
#include "alerts/mail/letter.h"
#include "alerts/mail/plan_parts.h"
#include "alerts/mutes.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store.h"
#include "storage/store_outbox.h"
#include "storage/store_troubles.h"
#include "storage/store_untold.h"

#include <inttypes.h>

/* What is remembered: when an hour was used. */
#define DIGEST_SLOT "digest.slot"
#define WEEKLY_SLOT "weekly.slot"
#define QUIET_SLOT "quiet.slot"
/* "All quiet" after runs: once a day, by runs that do not begin on the second. */
#define QUIET_EVERY_S (PLAN_DAY_S - 600)
#define MEMORY_ARENA_BYTES ((size_t)64 * 1024)

/* ---- memory ---------------------------------------------------------------------------------- */

static struct slice key_of(const struct planning *p, const char *what, struct arena *arena)
{
    return arena_printf(arena, "%s.%.*s", what, SLICE_ARG(p->analyst->name));
}

enum ww_status plan_recall(const struct planning *p, const char *what, int64_t facts[PLAN_FACTS],
                           bool *is_known, struct ww_error *err)
{
    struct arena arena;
    struct slice value = {0};
    struct slice number;
    enum ww_status status;

    arena_init(&arena, MEMORY_ARENA_BYTES);
    status = store_meta(p->store, key_of(p, what, &arena), &arena, &value, err);
    *is_known = status == WW_OK;
    for (size_t i = 0; i < PLAN_FACTS; i++) {
        unsigned long long n = 0;

        if (!slice_next(&value, ' ', &number) || !slice_number(number, INT64_MAX, &n))
            n = 0;
        facts[i] = (int64_t)n;
    }
    arena_release(&arena);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status plan_remember(const struct planning *p, const char *what,
                             const int64_t facts[PLAN_FACTS], struct ww_error *err)
{
    struct arena arena;
    struct slice key, value;
    enum ww_status status;

    arena_init(&arena, MEMORY_ARENA_BYTES);
    key = key_of(p, what, &arena);
    value = arena_printf(&arena, "%" PRId64 " %" PRId64 " %" PRId64, facts[0], facts[1], facts[2]);
    status = arena_check(&arena, err);
    if (status == WW_OK)
        status = store_put_meta(p->store, key, value, err);
    arena_release(&arena);
    return status;
}

enum ww_status plan_forget(struct store *s, struct slice analyst, struct ww_error *err)
{
    /* As of one who was never looked at: from the first alert on. */
    const int64_t facts[PLAN_FACTS] = {0};
    const struct analyst a = {.name = analyst};
    const struct planning p = {.store = s, .analyst = &a};
    enum ww_status status = plan_remember(&p, PLAN_LOOKED, facts, err);

    return status == WW_OK ? plan_remember(&p, PLAN_GATHERED, facts, err) : status;
}

/* ---- a message ------------------------------------------------------------------------------- */

static void count(const struct planning *p, const struct digest *d)
{
    struct plan_summary *out = p->out;

    switch (d->kind) {
    case DIGEST_REGULAR:
        out->n_digests++;
        break;
    case DIGEST_IMMEDIATE:
        out->n_immediate++;
        break;
    case DIGEST_WEEKLY:
        out->n_weekly++;
        return;
    case DIGEST_ALL_QUIET:
        out->n_quiet++;
        return;
    }
    out->n_told += d->n_alerts + d->revisions.n_rows + d->told.n_rows;
}

/* Of what is told after runs: from here on there is news again. */
static enum ww_status remember_reach(const struct planning *p, const struct digest *d,
                                     struct ww_error *err)
{
    struct untold_reach reach;
    enum ww_status status = store_read_reach(p->store, &reach, err);
    const int64_t facts[PLAN_FACTS] = {reach.alert_id, reach.revision_id, p->now};

    /* One that was full has left something. */
    if (status != WW_OK || d->n_alerts >= DIGEST_ALERTS_MAX ||
        d->revisions.n_rows >= DIGEST_CHANGES_MAX)
        return status;
    return plan_remember(p, PLAN_GATHERED, facts, err);
}

static enum ww_status take_slots(const struct planning *p, const struct plan_turn *turn,
                                 const struct digest *d, struct ww_error *err)
{
    const int64_t facts[PLAN_FACTS] = {p->now};
    enum ww_status status = WW_OK;

    if (turn->slot != NULL)
        status = plan_remember(p, turn->slot, facts, err);
    if (status == WW_OK && turn->kind == DIGEST_REGULAR && p->analyst->is_every_run) {
        status = remember_reach(p, d, err);
        if (status == WW_OK && turn->is_queued)
            status = plan_remember(p, QUIET_SLOT, facts, err);
    }
    return status;
}

static enum ww_status queue(const struct planning *p, struct plan_turn *turn, struct digest *d,
                            struct arena *arena, struct ww_error *err)
{
    struct digest_choice choice = {.kind = turn->kind,
                                   .analyst = p->analyst,
                                   .now = p->now,
                                   .story_id = turn->story_id,
                                   .report_url =
                                       p->sender->has_pages ? p->sender->report_url : SLICE("")};
    enum ww_status status = digest_gather(p->store, &choice, arena, d, err);
    bool has_news = turn->kind == DIGEST_IMMEDIATE ? d->n_alerts > 0 : digest_has_news(d);

    if (status == WW_OK && !has_news && turn->may_say_quiet) {
        choice.kind = DIGEST_ALL_QUIET;
        status = digest_gather(p->store, &choice, arena, d, err);
        has_news = true;
    }
    if (status != WW_OK || !has_news)
        return status;
    status = letter_queue(p->store, d, p->sender, arena, err);
    turn->is_queued = status == WW_OK;
    return status;
}

enum ww_status plan_take_turn(const struct planning *p, struct plan_turn *turn,
                              struct ww_error *err)
{
    const struct mute_reader reader = {p->analyst->name, p->analyst->analysts};
    struct arena arena;
    struct digest d = {0};
    int64_t n_withheld;
    enum ww_status status;

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = store_begin(p->store, err);
    if (status == WW_OK)
        status = mutes_settle(p->store, &reader, p->now, &arena, &n_withheld, err);
    if (status == WW_OK)
        status = queue(p, turn, &d, &arena, err);
    if (status == WW_OK)
        status = take_slots(p, turn, &d, err);
    if (status == WW_OK)
        status = store_commit(p->store, err);
    if (status == WW_OK && turn->is_queued)
        count(p, &d);
    if (status != WW_OK) {
        turn->is_queued = false;
        store_rollback(p->store);
    }
    arena_release(&arena);
    return status;
}

/* ---- hours ----------------------------------------------------------------------------------- */

/* Of a database that remembered no hours yet. */
static enum ww_status last_digest(const struct planning *p, int64_t *at, struct ww_error *err)
{
    const struct message_filter filter = {
        .window = {.limit = 1}, .analyst = p->analyst->name, .kind = SLICE("digest")};
    struct message_list list = {0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, MEMORY_ARENA_BYTES);
    status = store_list_messages(p->store, &filter, &arena, &list, err);
    *at = status == WW_OK && list.n_rows > 0 ? list.rows[0].created_at : 0;
    arena_release(&arena);
    return status;
}

static enum ww_status use_slot(const struct planning *p, const char *slot, struct ww_error *err)
{
    const int64_t facts[PLAN_FACTS] = {p->now};
    enum ww_status status = store_begin(p->store, err);

    if (status == WW_OK)
        status = plan_remember(p, slot, facts, err);
    if (status == WW_OK)
        status = store_commit(p->store, err);
    if (status != WW_OK)
        store_rollback(p->store);
    return status;
}

/*
 * Has an hour of the table come since one was used? Who is new waits for his first. A use that lies
 * more than a day ahead is of a clock that was wrong, and counts for nothing.
 */
static enum ww_status hour_is_due(const struct planning *p, const struct timetable *hours,
                                  const char *slot, bool *is_due, struct ww_error *err)
{
    int64_t facts[PLAN_FACTS];
    bool is_known = false;
    enum ww_status status = WW_OK;

    *is_due = false;
    if (hours->n_rows == 0)
        return WW_OK;
    status = plan_recall(p, slot, facts, &is_known, err);
    if (status == WW_OK && !is_known && hours == &p->analyst->hours)
        status = last_digest(p, &facts[0], err);
    if (status != WW_OK)
        return status;
    if (facts[0] == 0)
        return use_slot(p, slot, err);
    *is_due = !p->is_quiet && (facts[0] > p->now + PLAN_DAY_S ||
                               facts[0] < timetable_last(hours, p->analyst->timezone, p->now));
    return WW_OK;
}

static enum ww_status begin_hours(const struct planning *p, const struct timetable *hours,
                                  const char *slot, struct ww_error *err)
{
    int64_t facts[PLAN_FACTS];
    bool is_known = true;
    enum ww_status status = WW_OK;

    if (hours->n_rows > 0)
        status = plan_recall(p, slot, facts, &is_known, err);
    return status == WW_OK && !is_known ? use_slot(p, slot, err) : status;
}

enum ww_status plan_begin_hours(const struct planning *p, struct ww_error *err)
{
    enum ww_status status = begin_hours(p, &p->analyst->hours, DIGEST_SLOT, err);

    return status == WW_OK ? begin_hours(p, &p->analyst->weekly, WEEKLY_SLOT, err) : status;
}

/* ---- after runs ------------------------------------------------------------------------------ */

static enum ww_status has_troubles(const struct planning *p, bool *out, struct ww_error *err)
{
    const struct store_window window = {.limit = 1};
    struct trouble_view_list list = {0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = store_list_untold_troubles(p->store, p->analyst->name, p->now - TROUBLE_END_TOLD_S,
                                        &window, &arena, &list, err);
    *out = list.n_rows > 0;
    arena_release(&arena);
    return status;
}

/* Is there anything that the last gathering has not seen? In doubt, and once a day, yes. */
static enum ww_status has_more(const struct planning *p, bool *out, struct ww_error *err)
{
    struct untold_look look = {.analyst = p->analyst->name, .analysts = p->analyst->analysts};
    struct untold_reach reach;
    int64_t facts[PLAN_FACTS];
    enum ww_status status = plan_recall(p, PLAN_GATHERED, facts, out, err);
    const int64_t age_s = p->now - facts[2];

    if (status != WW_OK)
        return status;
    if (!*out || age_s < 0 || age_s >= PLAN_DAY_S) {
        *out = true;
        return WW_OK;
    }
    status = store_read_reach(p->store, &reach, err);
    look.after_id = facts[0];
    look.since = facts[2];
    *out = reach.revision_id != facts[1];
    if (status == WW_OK && !*out)
        status = store_has_untold(p->store, &look, out, err);
    if (status == WW_OK && !*out && p->analyst->wants_troubles)
        status = has_troubles(p, out, err);
    return status;
}

static enum ww_status after_run(const struct planning *p, struct ww_error *err)
{
    struct plan_turn turn = {.kind = DIGEST_REGULAR};
    int64_t facts[PLAN_FACTS] = {0};
    bool is_known = false;
    bool is_due = false;
    enum ww_status status = WW_OK;

    if (p->is_quiet)
        return WW_OK;
    if (p->analyst->wants_all_quiet)
        status = plan_recall(p, QUIET_SLOT, facts, &is_known, err);
    turn.may_say_quiet = p->analyst->wants_all_quiet &&
                         (!is_known || p->now - facts[0] >= QUIET_EVERY_S || facts[0] > p->now);
    if (status == WW_OK && !turn.may_say_quiet)
        status = has_more(p, &is_due, err);
    if (status != WW_OK || (!is_due && !turn.may_say_quiet))
        return status;
    return plan_take_turn(p, &turn, err);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum ww_status at_hours(const struct planning *p, struct ww_error *err)
{
    struct plan_turn turn = {
        .kind = DIGEST_REGULAR, .slot = DIGEST_SLOT, .may_say_quiet = p->analyst->wants_all_quiet};
    bool is_due;
    enum ww_status status = hour_is_due(p, &p->analyst->hours, DIGEST_SLOT, &is_due, err);

    return status == WW_OK && is_due ? plan_take_turn(p, &turn, err) : status;
}

static enum ww_status weekly(const struct planning *p, struct ww_error *err)
{
    struct plan_turn turn = {.kind = DIGEST_WEEKLY, .slot = WEEKLY_SLOT};
    bool is_due;
    enum ww_status status = hour_is_due(p, &p->analyst->weekly, WEEKLY_SLOT, &is_due, err);

    return status == WW_OK && is_due ? plan_take_turn(p, &turn, err) : status;
}

static struct planning planning_of(struct store *s, const struct analyst *analyst,
                                   const struct letter_sender *sender, int64_t now,
                                   struct plan_summary *out)
{
    int64_t until;

    return (struct planning){.store = s,
                             .analyst = analyst,
                             .sender = sender,
                             .now = now,
                             .is_quiet =
                                 analyst->quiet.n_rows > 0 &&
                                 timetable_covers(&analyst->quiet, analyst->timezone, now, &until),
                             .out = out};
}

enum ww_status plan_queue_due(struct store *s, const struct analyst *analyst,
                              const struct letter_sender *sender, int64_t now,
                              struct plan_summary *out, struct ww_error *err)
{
    const struct planning p = planning_of(s, analyst, sender, now, out);
    enum ww_status status = plan_meet(&p, err);

    if (status == WW_OK)
        status = plan_look(&p, err);
    if (status == WW_OK)
        status = analyst->is_every_run ? after_run(&p, err) : at_hours(&p, err);
    return status == WW_OK ? weekly(&p, err) : status;
}

enum ww_status plan_queue_now(struct store *s, const struct analyst *analyst,
                              const struct letter_sender *sender, int64_t now,
                              struct plan_summary *out, struct ww_error *err)
{
    const struct planning p = planning_of(s, analyst, sender, now, out);
    struct plan_turn turn = {.kind = DIGEST_REGULAR};
    enum ww_status status = plan_meet(&p, err);

    return status == WW_OK ? plan_take_turn(&p, &turn, err) : status;
}

int64_t plan_next(const struct timetable *hours, const struct analyst *analyst, int64_t now)
{
    int64_t last = timetable_last(hours, analyst->timezone, now);
    int64_t next = timetable_next(hours, analyst->timezone, now);
    int64_t until = 0;

    if (last != 0 && timetable_covers(&analyst->quiet, analyst->timezone, last, &until) &&
        until > now)
        return until;
    if (next != 0 && timetable_covers(&analyst->quiet, analyst->timezone, next, &until))
        return until;
    return next;
}
