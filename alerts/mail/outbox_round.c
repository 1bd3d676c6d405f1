/* outbox_round.c - whose turn it is, who waits for the next round, and what is said once a day. */
#include "alerts/mail/outbox_round.h"

#include "alerts/mail/deliver.h"
#include "alerts/mail/outbox_hold.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LATE_S 86400
#define AHEAD_S (2 * 86400)
#define LATE_SAID SLICE("outbox.late_said")
#define PAUSE_STEP_MS 200

/* A message and its place in the round. */
struct place {
    const struct message_row *m;
    unsigned class; /* 0: cannot wait */
    size_t turn;    /* of its analyst's messages the how manieth */
    bool is_put_off;
    bool is_early; /* not due yet: it waits for a server, and goes when that one serves again */
};

/* A server that serves nobody now, or that took a message in this round. */
struct way {
    unsigned transport;
    struct slice recipient; /* of a program or a web address; else empty */
    int64_t not_before;
    struct slice words;
};

struct round {
    const struct outbox *o;
    struct arena *arena;
    struct place *places;
    size_t n_places;
    struct way *downs;
    size_t n_downs;
    struct way *ups;
    size_t n_ups;
    struct slice *slow; /* addresses */
    size_t n_slow;
    struct outbox_holds holds;
    int64_t begun_ms;
    struct outbox_summary *sum;
};

/* ---- whose turn ------------------------------------------------------------------------------ */

static unsigned class_of(const struct message_row *m)
{
    static const struct {
        struct slice kind;
        unsigned class;
    } classes[] = {
        {{"test", 4},      0},
        {{"canary", 6},    0},
        {{"immediate", 9}, 0},
        {{"weekly", 6},    2},
        {{"quiet", 5},     2},
    };

    for (size_t i = 0; i < WW_COUNT(classes); i++)
        if (slice_equal(classes[i].kind, m->kind))
            return classes[i].class;
    return 1;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* The messages of one analyst together, in the order in which that analyst is told. */
static int by_analyst(const void *x, const void *y)
{
    const struct place *a = x;
    const struct place *b = y;
    int order = slice_compare(a->m->analyst, b->m->analyst);

    if (order == 0)
        order = compare_numbers(a->m->n_tries > 0, b->m->n_tries > 0);
    if (order == 0)
        order = compare_numbers(a->class, b->class);
    return order != 0 ? order : compare_numbers(a->m->id, b->m->id);
}

static int by_turn(const void *x, const void *y)
{
    const struct place *a = x;
    const struct place *b = y;
    int order = compare_numbers(a->is_early, b->is_early);

    if (order == 0)
        order = compare_numbers(a->m->n_tries > 0, b->m->n_tries > 0);

    if (order == 0)
        order = compare_numbers((int64_t)a->turn, (int64_t)b->turn);
    if (order == 0)
        order = compare_numbers(a->class, b->class);
    return order != 0 ? order : compare_numbers(a->m->id, b->m->id);
}

/* Not among those that are due: see QUERY_MESSAGE_LIST_DUE. */
static bool is_early(const struct message_row *m, int64_t now)
{
    return m->fault == FAULT_UNREACHABLE && m->not_before > now && m->not_before - now <= AHEAD_S;
}

static enum ww_status make_room(struct round *r, size_t n, struct ww_error *err)
{
    r->places = arena_array(r->arena, n, sizeof(*r->places));
    r->downs = arena_array(r->arena, n, sizeof(*r->downs));
    r->ups = arena_array(r->arena, n, sizeof(*r->ups));
    r->slow = arena_array(r->arena, n, sizeof(*r->slow));
    return r->places == NULL || r->downs == NULL || r->ups == NULL || r->slow == NULL
               ? arena_check(r->arena, err)
               : WW_OK;
}

/* Those that are due, and those that wait for nothing but their server. */
static enum ww_status line_up(struct round *r, struct ww_error *err)
{
    const int64_t now = clock_now(r->o->clock);
    const struct message_filter due = {.due_by = now, .window = {.limit = OUTBOX_LIST_MAX}};
    const struct message_filter deferred = {
        .has_state = true, .state = MESSAGE_DEFERRED, .window = {.limit = OUTBOX_LIST_MAX}};
    struct message_list list, others;
    enum ww_status status = store_list_messages(r->o->store, &due, r->arena, &list, err);

    if (status == WW_OK)
        status = store_list_messages(r->o->store, &deferred, r->arena, &others, err);
    if (status == WW_OK)
        status = outbox_holds_read(r->o->store, r->o->settings, now, r->arena, &r->holds, err);
    if (status == WW_OK)
        status = make_room(r, list.n_rows + others.n_rows, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < list.n_rows; i++)
        r->places[r->n_places++] =
            (struct place){.m = &list.rows[i], .class = class_of(&list.rows[i])};
    for (size_t i = 0; i < others.n_rows; i++)
        if (is_early(&others.rows[i], now))
            r->places[r->n_places++] = (struct place){
                .m = &others.rows[i], .class = class_of(&others.rows[i]), .is_early = true};
    if (r->n_places > 0)
        qsort(r->places, r->n_places, sizeof(*r->places), by_analyst);
    for (size_t i = 1; i < r->n_places; i++)
        if (slice_equal(r->places[i].m->analyst, r->places[i - 1].m->analyst))
            r->places[i].turn = r->places[i - 1].turn + 1;
    if (r->n_places > 0)
        qsort(r->places, r->n_places, sizeof(*r->places), by_turn);
    return WW_OK;
}

/* ---- who waits ------------------------------------------------------------------------------- */

static struct way way_of(const struct round *r, const struct message_row *m)
{
    return (struct way){.transport = deliver_transport(r->o->settings, m),
                        .recipient = m->channel == CHANNEL_MAIL ? SLICE("") : m->recipient};
}

static const struct way *find_way(const struct round *r, const struct way *ways, size_t n_ways,
                                  const struct message_row *m)
{
    const struct way way = way_of(r, m);

    for (size_t i = 0; i < n_ways; i++)
        if (ways[i].transport == way.transport && slice_equal(ways[i].recipient, way.recipient))
            return &ways[i];
    return NULL;
}

static const struct way *find_down(const struct round *r, const struct message_row *m)
{
    return find_way(r, r->downs, r->n_downs, m);
}

/* At the door: for an address that is held, or in quiet hours. */
static bool stays(const struct round *r, const struct message_row *m)
{
    return outbox_hold_of(&r->holds, m) != NULL || outbox_quiet_until(&r->holds, m) != 0;
}

static bool is_slow(const struct round *r, const struct message_row *m)
{
    for (size_t i = 0; i < r->n_slow; i++)
        if (slice_equal(r->slow[i], m->recipient))
            return true;
    return false;
}

/* Those that were not tried, because their server serves nobody: one transaction. */
static enum ww_status put_off(struct round *r, struct ww_error *err)
{
    size_t n = 0;
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < r->n_places; i++)
        n += r->places[i].is_put_off;
    if (n == 0)
        return WW_OK;
    status = store_begin(r->o->store, err);
    for (size_t i = 0; i < r->n_places && status == WW_OK; i++) {
        const struct way *down = find_down(r, r->places[i].m);
        struct message_row m;

        if (!r->places[i].is_put_off || down == NULL)
            continue;
        status = store_message(r->o->store, r->places[i].m->id, r->arena, &m, err);
        if (status != WW_OK || m.state != r->places[i].m->state || m.state == MESSAGE_SENDING)
            continue; /* of a crash: what is in doubt is settled by a try */
        if (m.state == MESSAGE_QUEUED && m.last_tried_at == 0)
            m.state = MESSAGE_DEFERRED;
        m.fault = FAULT_UNREACHABLE;
        m.not_before = down->not_before;
        m.reply = arena_printf(r->arena, "not tried: %.*s", SLICE_ARG(down->words));
        status = store_update_message(r->o->store, &m, err);
    }
    if (status == WW_OK) {
        r->sum->n_deferred += n;
        return store_commit(r->o->store, err);
    }
    store_rollback(r->o->store);
    return status;
}

/* ---- what is said ---------------------------------------------------------------------------- */

/* Once, when it begins. */
static enum ww_status say_held(struct round *r, const struct message_row *m, struct ww_error *err)
{
    struct outbox_holds holds;
    const struct outbox_hold *hold;
    enum ww_status status;

    if (m->state != MESSAGE_FAILED || outbox_find_hold(&r->holds, m->recipient) != NULL)
        return WW_OK;
    status = outbox_holds_read(r->o->store, r->o->settings, clock_now(r->o->clock), r->arena,
                               &holds, err);
    if (status != WW_OK)
        return status;
    hold = outbox_find_hold(&holds, m->recipient);
    if (hold != NULL)
        log_event(r->o->log, LOG_ERROR, "outbox", "%.*s",
                  SLICE_ARG(outbox_hold_words(hold, r->arena)));
    r->holds.rows = holds.rows;
    r->holds.n_rows = holds.n_rows;
    return WW_OK;
}

/* Neither held, which was said when it began, nor as its analyst wishes it. */
static bool is_late(const struct round *r, const struct message_row *m)
{
    return outbox_hold_of(&r->holds, m) == NULL && outbox_quiet_until(&r->holds, m) == 0;
}

/* What waits for more than a day: one line a day, however many there are. */
static enum ww_status say_late(struct round *r, struct ww_error *err)
{
    const int64_t now = clock_now(r->o->clock);
    const struct message_filter filter = {
        .window = {.until = now - LATE_S, .limit = OUTBOX_LIST_MAX},
          .is_waiting = true
    };
    const struct message_row *oldest = NULL;
    struct message_list list;
    struct slice text = {"", 0};
    char since[DATE_TEXT_BYTES];
    unsigned long long said = 0;
    size_t n_late = 0;
    enum ww_status status = store_list_messages(r->o->store, &filter, r->arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        if (is_late(r, &list.rows[i])) {
            oldest = &list.rows[i];
            n_late++;
        }
    if (status != WW_OK || oldest == NULL)
        return status;
    status = store_meta(r->o->store, LATE_SAID, r->arena, &text, err);
    if (status != WW_OK && status != WW_NOT_FOUND)
        return status;
    if (status == WW_OK && slice_number(text, INT64_MAX, &said) && (int64_t)said <= now &&
        now - (int64_t)said < LATE_S)
        return WW_OK;
    log_event(r->o->log, LOG_ERROR, "outbox",
              "%zu message%s for more than a day: wirewatch outbox list --state waiting; the "
              "oldest, %" PRId64 " to %.*s, waits since %s%s%.*s",
              n_late, n_late == 1 ? " waits" : "s wait", oldest->id, SLICE_ARG(oldest->recipient),
              date_format(oldest->created_at, since), oldest->reply.len > 0 ? ": " : "",
              SLICE_ARG(oldest->reply));
    return store_note_number(r->o->store, LATE_SAID, now, err);
}

/* ---- one round ------------------------------------------------------------------------------- */

/* In steps: a pause ends when it is told to. */
static void pause_between(const struct round *r)
{
    struct clock clock = *r->o->clock;
    int64_t left_ms = r->o->settings->pause_s * 1000;

    for (; left_ms > 0 && *r->o->stop == 0; left_ms -= PAUSE_STEP_MS) {
        (void)store_keep(r->o->store, NULL); /* what has become of it is told by the next try */
        clock_sleep_ms(&clock, left_ms < PAUSE_STEP_MS ? left_ms : PAUSE_STEP_MS);
    }
}

static enum ww_status try_one(struct round *r, struct place *p, struct ww_error *mistake,
                              struct ww_error *err)
{
    const int64_t begun_ms = clock_monotonic_ms(r->o->clock);
    struct outbox_trial t;
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, (size_t)4 * DIGEST_MAX_BYTES);
    status = outbox_try(r->o, p->m->id, &arena, &t, r->sum, err);
    *mistake = t.mistake;
    if (status == WW_OK)
        status = say_held(r, &t.m, err);
    if (status == WW_OK && t.reply.is_way_down && t.m.state == MESSAGE_DEFERRED) {
        struct way down = way_of(r, p->m);

        down.not_before = t.m.not_before;
        down.words = arena_copy(r->arena, slice_from(t.reply.words));
        r->downs[r->n_downs++] = down;
    }
    if (status == WW_OK && t.reply.end == DELIVERY_ACCEPTED &&
        find_way(r, r->ups, r->n_ups, p->m) == NULL)
        r->ups[r->n_ups++] = way_of(r, p->m);
    if (clock_monotonic_ms(r->o->clock) - begun_ms >= OUTBOX_SLOW_MS)
        r->slow[r->n_slow++] = p->m->recipient;
    arena_release(&arena);
    return status;
}

/* But for the message that they name: "message 3: ...". */
static bool is_same_mistake(const struct ww_error *a, const struct ww_error *b)
{
    const char *x = strchr(a->message, ':');
    const char *y = strchr(b->message, ':');

    return a->status == b->status && x != NULL && y != NULL && strcmp(x, y) == 0;
}

/* *ours: the first mistake of ours; the round goes on. */
static enum ww_status go_round(struct round *r, struct ww_error *ours, struct ww_error *err)
{
    int64_t n_tried = 0;
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < r->n_places && status == WW_OK && *r->o->stop == 0; i++) {
        struct place *p = &r->places[i];
        struct ww_error mistake = {0};

        if (p->is_early && find_way(r, r->ups, r->n_ups, p->m) == NULL)
            continue;
        if (stays(r, p->m)) {
            r->sum->n_left++;
            continue;
        }
        if (find_down(r, p->m) != NULL) {
            p->is_put_off = true;
            continue;
        }
        if (is_slow(r, p->m) ||
            (r->o->settings->max_per_run > 0 && n_tried >= r->o->settings->max_per_run) ||
            clock_monotonic_ms(r->o->clock) - r->begun_ms >= OUTBOX_RUN_MAX_MS) {
            r->sum->n_left++;
            continue;
        }
        if (n_tried++ > 0)
            pause_between(r);
        status = try_one(r, p, &mistake, err);
        if (status == WW_OK && mistake.status != WW_OK) {
            /* The same mistake stands in the way of each of them: said once. */
            log_event(r->o->log, is_same_mistake(ours, &mistake) ? LOG_DEBUG : LOG_WARN, "outbox",
                      "%s", mistake.message);
            if (ours->status == WW_OK)
                *ours = mistake;
        }
    }
    return status;
}

static enum ww_status prune(const struct outbox *o, struct ww_error *err)
{
    const int64_t before = clock_now(o->clock) - o->settings->keep_mail_s;
    enum ww_status status = WW_OK;

    if (o->settings->keep_mail_s == 0)
        return WW_OK;
    status = store_begin(o->store, err);
    if (status == WW_OK)
        status = store_prune_messages(o->store, before, OUTBOX_PRUNE_MAX, err);
    if (status == WW_OK)
        return store_commit(o->store, err);
    store_rollback(o->store);
    return status;
}

enum ww_status outbox_send_due(const struct outbox *o, struct outbox_summary *out,
                               struct ww_error *err)
{
    struct arena arena;
    struct ww_error ours = {0};
    struct round r = {
        .o = o, .arena = &arena, .begun_ms = clock_monotonic_ms(o->clock), .sum = out};
    enum ww_status status;

    *out = (struct outbox_summary){0};
    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    status = line_up(&r, err);
    if (status == WW_OK)
        status = go_round(&r, &ours, err);
    if (status == WW_OK)
        status = put_off(&r, err);
    if (status == WW_OK)
        status = say_late(&r, err);
    if (status == WW_OK)
        status = prune(o, err);
    if (out->n_left > 0)
        log_event(o->log, LOG_INFO, "outbox", "left=%zu for the next run", out->n_left);
    if (status == WW_OK && ours.status != WW_OK) {
        status = ours.status;
        if (err != NULL)
            *err = ours;
    }
    arena_release(&arena);
    return status;
}
