/*
 * hosts_rows.c - what of a host lies in the store: read when it is met and again with its lease,
 * written behind its requests.
 */
#include "crawler/hosts_parts.h"
#include "crawler/pace.h"

#include "base/hash.h"
#include "base/limits.h"
#include "storage/store_leases.h"

/* First starts are spread over so many moments: hosts of one moment share a wake and a commit. */
#define START_MOMENTS 40

/* ---- reading -------------------------------------------------------------------------------- */

/* Its row without the robots text: that may be long, and the hosts of a run are many. */
static enum ww_status read_row(struct hosts *h, struct slice name, struct host_row *row,
                               struct ww_error *err)
{
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, (size_t)4 * ROBOTS_MAX_BYTES);
    status = store_host(h->store, name, &arena, row, err);
    if (status == WW_NOT_FOUND)
        status = WW_OK;
    row->host = arena_copy(&h->arena, name);
    row->robots = (struct slice){"", 0};
    row->robots_etag = arena_copy(&h->arena, row->robots_etag);
    row->robots_last_modified = arena_copy(&h->arena, row->robots_last_modified);
    arena_release(&arena);
    return status == WW_OK ? arena_check(&h->arena, err) : status;
}

static int64_t pause_left_ms(const struct hosts *h, const struct host_row *row)
{
    return pace_left_ms(row->last_start_at, row->delay_ms, clock_now_ms(h->clock));
}

static void heed_row(struct host *host, int64_t now)
{
    /* A clock that was wrong once must not silence a host for years. */
    if (host->row.not_before > now + RETRY_AFTER_MAX_S)
        host->row.not_before = 0;
    if (host->row.not_before > now) {
        host->is_out = true;
        (void)ww_fail(&host->out_because, WW_REFUSED, "its host asked for a pause");
    }
}

enum ww_status hosts_load(struct hosts *h, struct host *host, struct slice name,
                          struct ww_error *err)
{
    const int64_t now = clock_now(h->clock);
    enum ww_status status = read_row(h, name, &host->row, err);
    int64_t left_ms;

    if (status != WW_OK)
        return status;
    heed_row(host, now);
    host->next_start_ms = h->opened_ms + (int64_t)(hash64_seeded(name, h->seed) % START_MOMENTS) *
                                             2 * h->delay_ms / START_MOMENTS;
    left_ms = pause_left_ms(h, &host->row);
    if (left_ms > 0)
        host->next_start_ms += left_ms + clock_monotonic_ms(h->clock) - h->opened_ms;
    return WW_OK;
}

/* ---- leases --------------------------------------------------------------------------------- */

bool hosts_is_leased(const struct hosts *h, const struct host *host)
{
    return host->is_leased && host->lease_turn == store_claims_turn(h->store);
}

void hosts_mark_away(struct hosts *h, struct host *host, bool is_away)
{
    h->n_away += (size_t)is_away - (size_t)host->is_away;
    host->is_away = is_away;
}

/* Nobody else asked it since: then our own reckoning, which is finer, counts. */
static void adopt(struct hosts *h, struct host *host, const struct host_row *row)
{
    const int64_t now = clock_now(h->clock), now_ms = clock_monotonic_ms(h->clock);
    const bool is_as_left =
        host->row.last_start_at == row->last_start_at && host->row.delay_ms == row->delay_ms;
    const struct host_row before = host->row;
    int64_t left_ms;

    host->row = *row;
    host->row.host = before.host;
    host->row.robots = before.robots;
    host->row.robots_etag = before.robots_etag;
    host->row.robots_last_modified = before.robots_last_modified;
    if (!slice_equal(before.robots_etag, row->robots_etag))
        host->row.robots_etag = hosts_keep(h, row->robots_etag);
    if (!slice_equal(before.robots_last_modified, row->robots_last_modified))
        host->row.robots_last_modified = hosts_keep(h, row->robots_last_modified);
    heed_row(host, now);
    left_ms = pause_left_ms(h, &host->row);
    if (!is_as_left && host->next_start_ms < now_ms + left_ms)
        host->next_start_ms = now_ms + left_ms;
}

enum ww_status hosts_lease(struct hosts *h, struct host *host, enum host_lease *out,
                           int64_t *wait_ms, struct ww_error *err)
{
    const int64_t now_ms = clock_monotonic_ms(h->clock);
    struct host_row row = {0};
    struct arena arena;
    bool is_mine = false;
    enum ww_status status;

    arena_init(&arena, ROBOTS_MAX_BYTES);
    host->lease_turn = store_claims_turn(h->store);
    status = store_claim_host(h->store, host->row.host, clock_now(h->clock), h->delay_ms, &arena,
                              &row, &is_mine, err);
    host->is_leased = status == WW_OK && is_mine;
    host->was_leased = host->was_leased || host->is_leased;
    hosts_mark_away(h, host, status == WW_OK && !is_mine);
    *out = host->is_leased ? HOST_IS_OURS : HOST_IS_AWAY;
    if (host->is_leased) {
        adopt(h, host, &row);
        *wait_ms = host->next_start_ms - now_ms;
        if (!host->is_out && *wait_ms > 0)
            *out = HOST_IS_EARLY;
    }
    arena_release(&arena);
    return status == WW_OK ? arena_check(&h->arena, err) : status;
}

/* ---- to the store --------------------------------------------------------------------------- */

/* Nothing of it is under way, and no job waits; one that is shared is free between two. */
static bool is_done_with(const struct hosts *h, const struct host *host)
{
    return !host->is_busy && host->n_open == 0 &&
           (h->is_shared || (host->first == NULL && host->parked == NULL));
}

static enum ww_status release(struct hosts *h, struct host *host, struct ww_error *err)
{
    if (host->is_busy) { /* the end of a run: it was asked until now */
        host->row.last_start_at = clock_now(h->clock);
        if (host->row.delay_ms < h->delay_ms)
            host->row.delay_ms = h->delay_ms;
    }
    host->is_leased = false;
    return store_release_host(h->store, &host->row, err);
}

enum ww_status hosts_let_go(struct hosts *h, struct host *host, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (host->is_leased && is_done_with(h, host)) {
        status = release(h, host, err);
        host->must_save = host->is_unsaved = false;
    }
    return status;
}

enum ww_status hosts_save(struct hosts *h, bool is_end, struct ww_error *err)
{
    const int64_t now = clock_now(h->clock);

    for (size_t i = 0; i < h->n_known; i++) {
        struct host *host = h->known[i];
        const bool is_over = host->is_leased && (is_end || is_done_with(h, host));
        /* Of the pause between two runs only one that is still going on is worth a write. */
        const bool is_pausing = is_end && host->n_starts > 0 &&
                                host->row.last_start_at + host->row.delay_ms / 1000 + 1 > now;
        const bool is_changed = host->must_save || host->is_unsaved || is_pausing;
        enum ww_status status = WW_OK;

        if (is_over)
            status = release(h, host, err);
        else if (is_changed && (host->is_leased || !host->was_leased))
            status = store_update_host(h->store, &host->row, err);
        if (status != WW_OK)
            return status;
        host->must_save = host->is_unsaved = false;
    }
    return WW_OK;
}
