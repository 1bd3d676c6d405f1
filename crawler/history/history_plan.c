/*
 * history_plan.c - what a backfill would ask, and how long that would take: its lists are read, as
 * many as are allowed, and the rest is reckoned from them.
 */
#include "crawler/history/history_parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"

static int64_t pause_of(const struct history *h)
{
    const int64_t own = h->options->crawl->host_delay_ms;

    return h->order->delay_ms > own ? h->order->delay_ms : own;
}

/* Addresses by what is to become of them. */
static enum ww_status count_finds(struct history *h, struct arena *arena, struct history_plan *out,
                                  struct ww_error *err)
{
    struct history_counts counts = {0};
    enum ww_status status = store_find_counts(h->store, h->order->id, arena, &counts, err);

    for (size_t i = 0; status == WW_OK && i < counts.n_rows; i++) {
        const struct history_count *c = &counts.rows[i];

        out->n_found += c->n;
        if (slice_equal(c->name, slice_from(find_state_name(FIND_KNOWN))))
            out->n_known += c->n;
        else if (slice_equal(c->name, slice_from(find_state_name(FIND_PASSED))))
            out->n_passed += c->n;
        else if (slice_equal(c->name, slice_from(find_state_name(FIND_FOUND))) ||
                 slice_equal(c->name, slice_from(find_state_name(FIND_QUEUED))))
            out->n_wanted += c->n;
    }
    return status;
}

/* What the lists that were read held, is taken for what the others hold. */
static void reckon_lists(struct history_plan *out, const struct list_counts *lists)
{
    const int64_t n_read = lists->n_done;

    out->n_lists_read = n_read;
    out->n_lists_failed = lists->n_failed;
    out->n_lists_left = lists->n_queued + lists->n_left;
    out->is_estimate = out->n_lists_left > 0;
    if (out->is_estimate && n_read > 0) {
        out->n_wanted += out->n_wanted * out->n_lists_left / n_read;
        out->n_passed += out->n_passed * out->n_lists_left / n_read;
        out->n_known += out->n_known * out->n_lists_left / n_read;
        out->n_found += out->n_found * out->n_lists_left / n_read;
    }
}

static enum ww_status reckon_pace(struct history *h, struct arena *arena, struct history_plan *out,
                                  struct ww_error *err)
{
    struct history_counts hosts = {0};
    const int64_t pause = pause_of(h);
    const int64_t copy_pause =
        h->round.copy_pause_ms == 0 || h->round.copy_pause_ms > h->order->delay_ms
            ? h->round.copy_pause_ms
            : h->order->delay_ms;
    const bool asks_sites = h->order->captures != CAPTURES_ONLY || copy_pause == 0;
    int64_t n_first = 0, n_pages = 0, ms = 0;
    enum ww_status status =
        store_history_hosts(h->store, h->order->id, STORE_LIST_MAX, arena, &hosts, err);

    out->n_hosts = (int64_t)hosts.n_rows;
    for (size_t i = 0; i < hosts.n_rows; i++)
        n_pages += hosts.rows[i].n;
    if (hosts.n_rows > 0) {
        n_first = hosts.rows[0].n;
        out->slowest = hosts.rows[0].name;
    }
    if (out->is_estimate && out->n_lists_read > 0) {
        n_pages += n_pages * out->n_lists_left / out->n_lists_read;
        n_first += n_first * out->n_lists_left / out->n_lists_read;
    }
    out->n_requests = out->n_lists_left;
    if (asks_sites) {
        out->n_requests += n_pages;
        ms = n_first * pause;
    }
    if (copy_pause > 0 && h->order->captures != CAPTURES_MISSING) {
        out->n_requests += n_pages;
        if (n_pages * copy_pause > ms)
            ms = n_pages * copy_pause;
    }
    out->takes_s = (ms + out->n_lists_left * pause) / 1000;
    out->rate_per_minute = pause > 0 ? 60000 / pause : 0;
    return status;
}

enum ww_status history_plan(const struct history_options *options, struct store *store,
                            struct workers *workers, struct clock *clock, const struct log *log,
                            struct backfill_row *order, int64_t requests_max, struct arena *arena,
                            struct history_plan *out, struct ww_error *err)
{
    struct history h;
    struct list_counts lists = {0};
    int64_t n_lists = 1, n_finds = 0, budget = order->budget;
    enum ww_status status = WW_OK;

    *out = (struct history_plan){0};
    history_open(&h, options, store, workers, clock, log, order);
    h.round.only_lists = true;
    if (history_is_news(order))
        return history_plan_news(&h, out, err);
    if (h.source == NULL)
        return history_count_documents(order, arena, &out->n_found, err);
    order->budget = order->n_requests + requests_max;
    do {
        status = history_round(&h, err);
        if (status == WW_OK)
            status = history_count_left(&h, &n_lists, &n_finds, err);
    } while (status == WW_OK && n_lists > 0 && h.round.n_lists > 0 && !history_is_over_budget(&h) &&
             !h.round.is_refused && !history_is_stopped(&h));
    order->budget = budget;
    if (status == WW_OK)
        status = history_write_order(&h, err);
    if (status == WW_OK)
        status = store_count_lists(store, order->id, clock_now(clock), &lists, err);
    if (status == WW_OK)
        status = count_finds(&h, arena, out, err);
    if (status == WW_OK)
        reckon_lists(out, &lists);
    return status == WW_OK ? reckon_pace(&h, arena, out, err) : status;
}
