/*
 * history.c - a backfill from its order to its end: rounds of the crawl until nothing is left.
 */
#include "crawler/history/history_parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/timetable.h"
#include "crawler/crawl_history.h"
#include "crawler/history/ccnews.h"
#include "storage/store_leases.h"
#include "storage/store_locks.h"
#include "storage/store_pages.h"

/* How often it is looked whether a run has ended, and whether somebody cancelled. */
#define WAIT_STEP_MS 500
#define LOOK_EVERY_MS 2000
/* Finds that a plan left behind, put into the queue at a time. */
#define QUEUE_BATCH 500

/* ---- the order ------------------------------------------------------------------------------- */

static struct source_context context_of(const struct history_options *options,
                                        const struct backfill_row *order, const struct clock *clock)
{
    return (struct source_context){
        .order = order, .bases = &options->bases, .now = clock_now(clock)};
}

static enum ww_status add_lists(struct store *store, int64_t backfill_id, struct list_row *lists,
                                size_t n_lists, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < n_lists; i++) {
        bool is_new = false;

        lists[i].backfill_id = backfill_id;
        status = store_add_list(store, &lists[i], &lists[i].id, &is_new, err);
    }
    return status;
}

enum ww_status history_begin(const struct history_options *options, struct store *store,
                             struct clock *clock, const struct backfill_row *order,
                             struct arena *arena, struct backfill_row *out, bool *is_known,
                             struct ww_error *err)
{
    const struct source *source = source_find(order->source);
    const struct source_context context = context_of(options, order, clock);
    struct list_row *lists = NULL;
    size_t n_lists = 0;
    enum ww_status status = WW_OK;

    *is_known = false;
    if (source != NULL)
        status = source->begin(&context, arena, &lists, &n_lists, err);
    else if (history_is_news(order))
        status = ccnews_check(order, context.now, arena, err);
    if (status == WW_OK)
        status = store_same_backfill(store, order, arena, out, err);
    *is_known = status == WW_OK;
    if (status != WW_NOT_FOUND)
        return status;
    *out = *order;
    out->state = BACKFILL_PLANNED;
    out->created_at = clock_now(clock);
    status = store_begin(store, err);
    if (status == WW_OK)
        status = store_add_backfill(store, out, &out->id, err);
    if (status == WW_OK)
        status = add_lists(store, out->id, lists, n_lists, err);
    if (status == WW_OK)
        status = store_commit(store, err);
    if (status != WW_OK)
        store_rollback(store);
    return status;
}

enum ww_status history_take(struct store *store, int64_t id, struct arena *arena,
                            struct backfill_row *out, bool *is_others, struct ww_error *err)
{
    enum ww_status status;

    store_claim_as(store, "backfill");
    status = store_claim_backfill(store, id, is_others, err);
    if (status == WW_OK)
        status = store_backfill(store, id, arena, out, err);
    if (status != WW_OK || (out->state != BACKFILL_DONE && out->state != BACKFILL_CANCELLED))
        return status;
    (void)store_release_backfill(store, id, NULL); /* else it lapses */
    return ww_fail(err, WW_NOT_FOUND, "backfill %lld is %s", (long long)id,
                   backfill_state_name(out->state));
}

/* ---- what the crawl asks --------------------------------------------------------------------- */

static enum ww_status ask(void *context, const struct list_row *list, struct arena *arena,
                          struct list_question *out, struct ww_error *err)
{
    const struct history *h = context;

    return h->source->ask(&h->context, list, arena, out, err);
}

static enum ww_status read(void *context, const struct list_row *list,
                           const struct list_answer *answer, struct arena *arena,
                           struct list_outcome *out, struct ww_error *err)
{
    const struct history *h = context;

    return h->source->read(&h->context, list, answer, arena, out, err);
}

static bool wants(void *context, struct slice title, struct slice url)
{
    const struct history *h = context;

    return h->options->wants(h->options->context, title, url);
}

/* Somebody may have cancelled it or taken it over, the hour may be over: looked at now and then. */
static void look_around(struct history *h)
{
    const int64_t now_ms = clock_monotonic_ms(h->clock);
    struct timetable hours;
    int64_t until = 0;
    bool is_ours = true;

    if (h->looked_at_ms != 0 && now_ms - h->looked_at_ms < LOOK_EVERY_MS)
        return;
    h->looked_at_ms = now_ms;
    h->is_hour = h->options->hours.len == 0 ||
                 (timetable_read_spans(h->options->hours, &hours, NULL) == WW_OK &&
                  timetable_covers(&hours, h->options->timezone, clock_now(h->clock), &until));
    /* The round ends; what is written behind it says why. */
    if (store_holds_backfill(h->store, h->order->id, &is_ours, NULL) != WW_OK)
        is_ours = true; /* nobody has said that it is not */
    h->round.is_over = h->is_lost = !is_ours;
}

static void tell(struct history *h)
{
    h->progress.n_done = h->n_done + h->round.n_pages + h->round.n_copies;
    h->progress.n_total = h->n_total + h->round.n_wanted;
    h->progress.n_articles = h->n_articles + h->round.n_articles;
    h->progress.n_failed = h->n_failed + h->round.n_failed;
    h->progress.n_known = h->n_known + h->round.n_known;
    if (h->options->progress != NULL)
        h->options->progress(h->options->context, &h->progress);
}

static bool may_ask(void *context, bool is_archive)
{
    struct history *h = context;
    const char *waits_for = "";

    h->run_is_on = store_lock_is_held(h->store, LOCK_RUN);
    look_around(h);
    if (!h->is_hour)
        waits_for = "its hours";
    else if (h->run_is_on && !is_archive)
        waits_for = "a run";
    h->progress.waits_for = slice_from(waits_for);
    if (waits_for[0] != '\0')
        tell(h);
    return waits_for[0] == '\0';
}

static void round_progress(void *context)
{
    struct history *h = context;

    h->progress.waits_for = (struct slice){"", 0};
    tell(h);
}

/* ---- rounds ---------------------------------------------------------------------------------- */

bool history_is_stopped(const struct history *h)
{
    return h->is_lost || (h->options->crawl->stop != NULL && *h->options->crawl->stop != 0);
}

/* In a transaction, and then until its end. */
static enum ww_status check_claim(struct history *h, struct ww_error *err)
{
    return h->is_claimed ? store_check_backfill(h->store, h->order->id, err) : WW_OK;
}

/* Before more is asked for it: it may have lapsed while nothing was done. */
static enum ww_status ask_claim(struct history *h, struct ww_error *err)
{
    enum ww_status status;

    status = store_begin(h->store, err);
    if (status == WW_OK)
        status = check_claim(h, err);
    if (status == WW_OK)
        status = store_commit(h->store, err);
    if (status != WW_OK)
        store_rollback(h->store);
    return status;
}

enum ww_status history_write_order(struct history *h, struct ww_error *err)
{
    enum ww_status status;

    h->order->worked_at = clock_now(h->clock);
    status = store_begin(h->store, err);
    if (status == WW_OK)
        status = check_claim(h, err);
    if (status == WW_OK)
        status = store_update_backfill(h->store, h->order, err);
    if (status == WW_OK)
        status = store_commit(h->store, err);
    if (status != WW_OK)
        store_rollback(h->store);
    return status;
}

/* What a plan, or a list read from a file, left behind: into the queue of pages. */
static enum ww_status queue_batch(struct history *h, const struct find_rows *finds,
                                  struct ww_error *err)
{
    struct arena arena;
    enum ww_status status = store_begin(h->store, err);

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    for (size_t i = 0; status == WW_OK && i < finds->n_rows; i++) {
        struct find_row find;

        arena_reset(&arena);
        status = store_find(h->store, finds->rows[i].id, &arena, &find, err);
        if (status != WW_OK)
            break;
        if (h->round.wants != NULL && !h->round.wants(h, find.title, find.url)) {
            find.state = FIND_PASSED;
            find.text = (struct slice){"", 0};
        } else {
            status =
                history_queue_find(h->store, &h->round, clock_now(h->clock), &find, &arena, err);
        }
        if (status == WW_OK)
            status = store_update_find(h->store, &find, err);
    }
    if (status == WW_OK)
        status = check_claim(h, err);
    if (status == WW_OK)
        status = store_commit(h->store, err);
    if (status != WW_OK)
        store_rollback(h->store);
    arena_release(&arena);
    return status;
}

static enum ww_status queue_found(struct history *h, struct ww_error *err)
{
    struct find_rows finds = {.n_rows = QUEUE_BATCH};
    struct arena arena;
    enum ww_status status = WW_OK;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    while (status == WW_OK && finds.n_rows == QUEUE_BATCH && !history_is_stopped(h)) {
        arena_reset(&arena);
        status = store_finds(h->store, h->order->id, FIND_FOUND, QUEUE_BATCH, &arena, &finds, err);
        if (status == WW_OK && finds.n_rows > 0)
            status = queue_batch(h, &finds, err);
    }
    arena_release(&arena);
    return status;
}

/* Lists and finds that are still to be dealt with. */
enum ww_status history_count_left(struct history *h, int64_t *n_lists, int64_t *n_finds,
                                  struct ww_error *err)
{
    struct list_counts lists = {0};
    enum ww_status status =
        store_count_lists(h->store, h->order->id, clock_now(h->clock), &lists, err);

    *n_lists = lists.n_queued;
    *n_finds = 0;
    return status == WW_OK ? store_count_queued_finds(h->store, h->order->id, n_finds, err)
                           : status;
}

enum ww_status history_round(struct history *h, struct ww_error *err)
{
    struct crawl_options options = *h->options->crawl;
    struct crawl_summary summary;
    struct crawl_history *round = &h->round;
    enum ww_status status = ask_claim(h, err);

    if (status != WW_OK)
        return status;
    options.history = round;
    round->is_claimed = h->is_claimed;
    /* Slower than the settings, never faster. */
    if (h->order->delay_ms > options.host_delay_ms)
        options.host_delay_ms = h->order->delay_ms;
    round->n_lists = round->n_pages = round->n_copies = 0;
    round->n_found = round->n_wanted = round->n_known = round->n_passed = 0;
    round->n_articles = round->n_failed = round->n_requests = round->n_bytes = 0;
    if (h->order->budget > 0)
        round->requests_max = h->order->budget - h->order->n_requests;
    status = crawl_run(&options, h->store, h->workers, h->clock, h->log, &summary, err);
    h->order->n_requests += summary.n_requests;
    h->order->n_bytes += summary.received_bytes;
    h->n_done += round->n_pages + round->n_copies;
    h->n_articles += round->n_articles;
    h->n_failed += round->n_failed;
    h->n_known += round->n_known;
    return status;
}

bool history_is_over_budget(const struct history *h)
{
    return h->order->budget > 0 && h->order->n_requests >= h->order->budget;
}

/* Until something is due again; false: it is not worth waiting for. */
static bool wait_for_more(struct history *h, int64_t idle_since_ms)
{
    const int64_t end_ms =
        clock_monotonic_ms(h->clock) + ((int64_t)HISTORY_IDLE_STEP_MS << h->n_idle);

    const int64_t patience_s = h->round.n_pauses > 0 ? HISTORY_PAUSE_MAX_S : HISTORY_PATIENCE_S;

    if (!h->options->waits || clock_monotonic_ms(h->clock) - idle_since_ms > patience_s * 1000)
        return false;
    h->progress.waits_for = SLICE("hosts that asked for a pause");
    if (h->n_idle < HISTORY_IDLE_DOUBLINGS)
        h->n_idle++;
    while (clock_monotonic_ms(h->clock) < end_ms && !history_is_stopped(h)) {
        tell(h);
        (void)store_keep(h->store, NULL); /* what has become of it is told by the next round */
        look_around(h);
        clock_sleep_ms(h->clock, WAIT_STEP_MS);
    }
    return true;
}

static void say(struct history *h, const char *message)
{
    h->order->message = slice_from(message);
}

static bool did_nothing(const struct history *h)
{
    return h->round.n_lists + h->round.n_pages + h->round.n_copies == 0;
}

/* Why nothing more is asked by this command; NULL: another round is played. */
static const char *why_enough(struct history *h, bool has_played, int64_t idle_since_ms)
{
    if (h->round.is_refused)
        return h->round.refusal;
    if (history_is_over_budget(h))
        return "its budget of requests is spent";
    if (has_played && did_nothing(h) && !wait_for_more(h, idle_since_ms))
        return "what is left waits for its hosts";
    return NULL;
}

static enum ww_status work(struct history *h, struct ww_error *err)
{
    int64_t n_lists = 0, n_finds = 0, idle_since_ms = clock_monotonic_ms(h->clock);
    bool has_played = false;
    enum ww_status status = history_count_left(h, &n_lists, &n_finds, err);

    while (status == WW_OK && n_lists + n_finds > 0 && !history_is_stopped(h)) {
        const char *enough = why_enough(h, has_played, idle_since_ms);

        if (enough != NULL)
            say(h, enough);
        if (enough != NULL || history_is_stopped(h))
            break;
        h->progress.n_lists_left = n_lists;
        h->n_total = h->n_done + n_finds;
        status = history_round(h, err);
        if (status != WW_OK && status != WW_UNREACHABLE)
            break;
        has_played = true;
        if (!did_nothing(h)) {
            idle_since_ms = clock_monotonic_ms(h->clock);
            h->n_idle = 0;
        }
        if (status == WW_OK && h->options->rest != NULL)
            status = h->options->rest(h->options->context, err);
        if (status == WW_UNREACHABLE)
            status = WW_OK; /* nobody answers: that may pass */
        if (status == WW_OK)
            status = history_write_order(h, err);
        if (status == WW_OK)
            status = history_count_left(h, &n_lists, &n_finds, err);
    }
    if (status == WW_OK && n_lists + n_finds == 0 && !history_is_stopped(h)) {
        h->order->state = BACKFILL_DONE;
        h->order->ended_at = clock_now(h->clock);
    }
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

void history_open(struct history *h, const struct history_options *options, struct store *store,
                  struct workers *workers, struct clock *clock, const struct log *log,
                  struct backfill_row *order)
{
    *h = (struct history){.options = options,
                          .store = store,
                          .workers = workers,
                          .clock = clock,
                          .log = log,
                          .order = order,
                          .is_hour = true,
                          .is_claimed = true};
    h->context = context_of(options, order, clock);
    h->source = source_find(order->source);
    h->round = (struct crawl_history){
        .order = order,
        .provenance = order->source,
        .copy_pause_ms = h->source != NULL ? h->source->copy_pause_ms : 0,
        .may_ask = may_ask,
        .ask = ask,
        .read = read,
        .wants = options->wants != NULL && order->matches_first ? wants : NULL,
        .progress = round_progress,
        .context = h};
}

/* Whoever cancelled it took it from us; what was asked is written to a row that is nobody's. */
static bool is_cancelled(struct history *h)
{
    struct backfill_row row = {0};
    struct arena arena;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    if (store_backfill(h->store, h->order->id, &arena, &row, NULL) == WW_OK &&
        row.state == BACKFILL_CANCELLED) {
        h->is_claimed = false;
        h->order->state = row.state;
        h->order->ended_at = row.ended_at;
        say(h, "");
    }
    arena_release(&arena);
    return !h->is_claimed;
}

enum ww_status history_run(const struct history_options *options, struct store *store,
                           struct workers *workers, struct clock *clock, const struct log *log,
                           struct backfill_row *order, struct ww_error *err)
{
    struct history h;
    enum ww_status status;

    history_open(&h, options, store, workers, clock, log, order);
    order->state = BACKFILL_OPEN;
    order->message = (struct slice){"", 0};
    status = history_write_order(&h, err);
    if (status == WW_OK && h.source == NULL)
        status = history_is_news(order) ? history_news(&h, err) : history_documents(&h, err);
    if (status == WW_OK)
        status = queue_found(&h, err);
    if (status == WW_OK && !h.has_documents_left)
        status = work(&h, err);
    if (status == WW_OK)
        status = history_write_order(&h, err);
    if (status == WW_CONFLICT && is_cancelled(&h))
        status = history_write_order(&h, err);
    (void)store_release_backfill(store, order->id, NULL); /* else it lapses */
    order->message = (struct slice){"", 0}; /* its words end here; the store has them */
    return status;
}
