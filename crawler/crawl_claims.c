/*
 * crawl_claims.c - what of all that is due is this machine's: feeds, some at a time, and hosts, one
 * before each request (storage/store_leases.h).
 *
 * Where machines share a store, each claims as much as it can soon begin, and more when that is
 * under way. A host is this machine's from its first request until its queue is empty and all that
 * came of it is stored; what another asks is left to him.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "crawler/schedule.h"
#include "storage/store_leases.h"

/*
 * Feeds of one statement: an eighth of those so far, so that a short run is shared as evenly as a
 * long one; and twice as many hosts with one that waits for its first moment are enough in hand.
 */
#define CLAIM_BATCH_LEAST 4
#define CLAIM_BATCH_MOST 64
#define CLAIM_BATCH_ALONE 1000
/* What others gave up, or left behind: looked for so often, as long as this run goes on anyway. */
#define CLAIM_AGAIN_MS 5000
/* No feed rests for longer: further ahead it was put by a clock that went wrong. */
#define FEED_REST_MAX_S (8 * 24 * 3600)
/* A host that another asks. */
#define AWAY_RETRY_MS 1000
/* With nothing else left to do, others are waited for as long. */
#define AWAY_WAIT_MS 20000

/* ---- this run's feeds ------------------------------------------------------------------------ */

/* A table of ids, for a power of two above twice FEEDS_PER_RUN_MAX; one that was given up is
 * negative. */
#define TAKEN_SIZE ((size_t)1 << 18)
_Static_assert(TAKEN_SIZE > (size_t)2 * FEEDS_PER_RUN_MAX, "the table is never full");

static int64_t *find_taken(const struct claiming *g, int64_t id)
{
    size_t at = (size_t)hash64_mix((uint64_t)id, 0) % TAKEN_SIZE;

    while (g->taken[at] != 0 && g->taken[at] != id && g->taken[at] != -id)
        at = (at + 1) % TAKEN_SIZE;
    return &g->taken[at];
}

/* Each feed is asked once a run, however soon it is due again. */
static bool take_once(struct claiming *g, int64_t id)
{
    int64_t *at = find_taken(g, id);

    if (*at == id)
        return false;
    *at = id;
    return true;
}

void crawl_give_up_feed(struct crawl *c, int64_t id)
{
    *find_taken(&c->claiming, id) = -id;
}

static void rewind_claims(struct crawl *c)
{
    struct claiming *g = &c->claiming;

    g->is_far = g->is_out = false;
    g->range.after_due_at = INT64_MIN;
    g->range.after_id = 0;
    g->range.due_by = g->due_by;
}

/* Nothing is left where it looked: on to those far ahead, or that was all. */
static void turn_page(struct crawl *c)
{
    struct claiming *g = &c->claiming;

    if (g->range.is_any || g->is_far) {
        g->is_out = true;
        g->again_ms = clock_monotonic_ms(c->clock) + CLAIM_AGAIN_MS;
        return;
    }
    g->is_far = true;
    g->range.after_due_at = clock_now(c->clock) + FEED_REST_MAX_S;
    g->range.after_id = INT64_MAX;
    g->range.due_by = INT64_MAX;
}

/* Where several write at a time a claim is a statement of its own; else it is part of what is
 * written anyway. */
static enum ww_status prepare_claim(struct crawl *c, struct ww_error *err)
{
    return store_is_shared(c->store) ? crawl_commit(c, err) : crawl_write(c, err);
}

static enum ww_status add_feed(struct crawl *c, const struct feed_claim *feed, struct ww_error *err)
{
    struct ww_error why = {0};

    if (!take_once(&c->claiming, feed->id))
        return WW_OK;
    c->claiming.n++;
    if (url_is_fetchable(feed->url))
        return crawl_add_job(c, JOB_FEED, feed->id, feed->url, false, NULL, err);
    (void)ww_fail(&why, WW_INVALID, "not an http or https address");
    return feed_failed(c, feed->id, NULL, &why, err);
}

static enum ww_status claim_batch(struct crawl *c, struct ww_error *err)
{
    struct claiming *g = &c->claiming;
    struct feed_claims claims = {0};
    struct arena arena;
    enum ww_status status = prepare_claim(c, err);

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    if (status == WW_OK)
        status = store_claim_feeds(c->store, &g->range, &arena, &claims, err);
    for (size_t i = 0; status == WW_OK && i < claims.n_rows; i++) {
        g->range.after_due_at = claims.rows[i].next_due_at;
        g->range.after_id = claims.rows[i].id;
        status = add_feed(c, &claims.rows[i], err);
    }
    if (status == WW_OK && claims.n_rows < g->range.limit)
        turn_page(c);
    arena_release(&arena);
    return status;
}

/* Nobody else comes: all that is due. */
static bool is_alone(const struct crawl *c)
{
    return c->options->claims_ahead == 0 && !store_is_shared(c->store);
}

static size_t batch_of(const struct crawl *c)
{
    const size_t share = c->claiming.n / 8;

    if (is_alone(c))
        return CLAIM_BATCH_ALONE;
    if (c->options->claims_ahead > 0)
        return c->options->claims_ahead;
    return share < CLAIM_BATCH_LEAST  ? CLAIM_BATCH_LEAST
           : share > CLAIM_BATCH_MOST ? CLAIM_BATCH_MOST
                                      : share;
}

static bool has_enough(const struct crawl *c)
{
    const size_t n = batch_of(c);

    return !is_alone(c) && c->claiming.n_waiting >= (c->options->claims_ahead > 0 ? n : 2 * n);
}

enum ww_status crawl_claim_feeds(struct crawl *c, struct ww_error *err)
{
    struct claiming *g = &c->claiming;
    enum ww_status status = WW_OK;

    if (g->taken == NULL)
        return WW_OK; /* a backfill's */
    if (g->is_out && !is_alone(c) && !g->range.is_any &&
        clock_monotonic_ms(c->clock) >= g->again_ms)
        rewind_claims(c);
    do {
        if (g->is_out || has_enough(c) || g->n >= FEEDS_PER_RUN_MAX)
            break;
        g->range.limit = batch_of(c);
        status = claim_batch(c, err);
    } while (status == WW_OK && is_alone(c));
    return status;
}

bool crawl_has_unclaimed(const struct crawl *c)
{
    const struct claiming *g = &c->claiming;

    return g->taken != NULL && g->again_ms == 0 && !g->is_out && g->n < FEEDS_PER_RUN_MAX;
}

bool crawl_wants_feeds(const struct crawl *c)
{
    return crawl_has_unclaimed(c) && !has_enough(c);
}

enum ww_status crawl_load_feeds(struct crawl *c, struct ww_error *err)
{
    struct claiming *g = &c->claiming;
    enum ww_status status;

    g->taken = mem_array(TAKEN_SIZE, sizeof(*g->taken));
    if (g->taken == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    g->due_by = schedule_due_by(clock_now(c->clock), c->options->min_interval_s);
    g->range.is_any = c->options->asks_all;
    rewind_claims(c);
    status = store_last_feed_id(c->store, &g->range.id_max, err);
    return status == WW_OK ? crawl_claim_feeds(c, err) : status;
}

enum ww_status crawl_claims_open(struct crawl *c, struct ww_error *err)
{
    store_claim_as(c->store, c->options->history != NULL ? "backfill" : "run");
    c->claiming.turn = store_claims_turn(c->store);
    return store_release_claims(c->store, clock_now(c->clock), c->options->host_delay_ms, err);
}

void crawl_claims_close(struct crawl *c, bool is_settled)
{
    /* What cannot be given back lapses. */
    if (c->store != NULL && !is_settled)
        (void)store_release_claims(c->store, clock_now(c->clock), c->options->host_delay_ms, NULL);
    if (c->options->history == NULL) /* a backfill goes on to its next round */
        store_claim_as(c->store, NULL);
    mem_free(c->claiming.taken);
}

/* ---- hosts ----------------------------------------------------------------------------------- */

/* Whoever asks its host may have it. */
static enum ww_status leave_feed(struct crawl *c, struct host_job *link, int64_t id, bool *is_left,
                                 struct ww_error *err)
{
    enum ww_status status = store_leave_feed(c->store, id, is_left, err);

    if (status == WW_OK && *is_left) {
        crawl_give_up_feed(c, id);
        crawl_drop_ticket(c, link);
    }
    return status;
}

enum ww_status crawl_lease_host(struct crawl *c, struct host *host, struct host_job *link,
                                bool *goes, struct ww_error *err)
{
    enum host_lease lease = HOST_IS_OURS;
    int64_t wait_ms = 0, feed_id;
    bool is_left = false;
    enum ww_status status = WW_OK;

    *goes = true;
    if (host->is_out || hosts_is_leased(c->hosts, host))
        return WW_OK;
    status = prepare_claim(c, err);
    if (status == WW_OK)
        status = hosts_lease(c->hosts, host, &lease, &wait_ms, err);
    *goes = status == WW_OK && lease == HOST_IS_OURS;
    if (status == WW_OK && lease == HOST_IS_AWAY && crawl_is_feed_ticket(link, &feed_id))
        status = leave_feed(c, link, feed_id, &is_left, err);
    if (status != WW_OK || *goes)
        return status;
    return is_left ? hosts_done(c->hosts, host, 0, err)
                   : crawl_put_back(c, host, link, lease == HOST_IS_AWAY ? AWAY_RETRY_MS : wait_ms,
                                    err);
}

enum ww_status crawl_put_back(struct crawl *c, struct host *host, struct host_job *link,
                              int64_t wait_ms, struct ww_error *err)
{
    enum ww_status status = hosts_put_back(c->hosts, host, link, wait_ms, err);

    /* In a file it goes back with what is written now. */
    return status == WW_OK && c->options->history != NULL && store_is_shared(c->store)
               ? hosts_let_go(c->hosts, host, err)
               : status;
}

bool crawl_waits_for_others(struct crawl *c)
{
    const int64_t now_ms = clock_monotonic_ms(c->clock);

    if (!hosts_are_all_away(c->hosts)) {
        c->away_since_ms = 0;
        return true;
    }
    if (c->away_since_ms == 0)
        c->away_since_ms = now_ms;
    return now_ms - c->away_since_ms < AWAY_WAIT_MS;
}

/* ---- is it still ours? ----------------------------------------------------------------------- */

void crawl_open_work(struct crawl *c, struct job *job)
{
    if (job->is_open)
        return; /* a redirect: what is held was claimed before its first request */
    job->origin->n_open++;
    job->is_open = true;
    job->claims_turn = store_claims_turn(c->store);
}

void crawl_close_work(struct job *job)
{
    if (job->is_open)
        job->origin->n_open--;
    job->is_open = false;
}

enum ww_status crawl_owns_feed(struct crawl *c, const struct job *job, bool *out,
                               struct ww_error *err)
{
    enum ww_status status;

    *out = true;
    if (store_claims_turn(c->store) == c->claiming.turn)
        return WW_OK;
    status = crawl_write(c, err);
    if (status == WW_OK)
        status = store_holds_feed(c->store, job->id, out, err);
    if (status == WW_OK && !*out)
        log_event(c->log, LOG_WARN, "lease",
                  "url=%s lost=true: this machine was not heard of for too long, and its feed is "
                  "left to whoever has it now",
                  job->url);
    return status;
}

enum ww_status crawl_owns(struct crawl *c, const struct job *job, bool *out, struct ww_error *err)
{
    enum ww_status status;

    *out = true;
    if (!job->is_open || job->claims_turn == store_claims_turn(c->store))
        return WW_OK;
    status = crawl_write(c, err);
    if (status == WW_OK && job->kind == JOB_FEED)
        status = store_holds_feed(c->store, job->id, out, err);
    else if (status == WW_OK)
        status = store_holds_host(c->store, job->origin->row.host, out, err);
    if (status == WW_OK && !*out)
        log_event(c->log, LOG_WARN, "lease",
                  "url=%s lost=true: this machine was not heard of for too long, and what came is "
                  "left to whoever asks again",
                  job->url);
    return status;
}
