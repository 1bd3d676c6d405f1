/*
 * crawl.c - the loop of pass 1.
 *
 *   due feeds and pages -> queues of their hosts -> fetch -> worker -> store
 *                               ^                      |
 *                               +--- redirects, pages -+
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "storage/store_leases.h"
#include "storage/story_place.h"

#include <stdio.h>

/* A look at the stop flag and the workers' deadlines at least so often. */
#define STEP_MS 200
/* A store that takes longer for one step has kept the connections waiting. */
#define HELD_UP_MS 2000
/* Documents that wait for a worker; more than this and no further fetch begins. */
#define TO_PARSE_MAX 8

/* ---- writing -------------------------------------------------------------------------------- */

enum ww_status crawl_write(struct crawl *c, struct ww_error *err)
{
    enum ww_status status;

    if (store_is_writing(c->store))
        return WW_OK;
    status = store_begin(c->store, err);
    if (status == WW_OK) {
        c->begun_writing_ms = clock_monotonic_ms(c->clock);
        c->n_unsaved = 0;
    }
    return status;
}

enum ww_status crawl_commit(struct crawl *c, struct ww_error *err)
{
    enum ww_status status;

    if (!store_is_writing(c->store))
        return WW_OK;
    status = hosts_save(c->hosts, false, err);
    if (status == WW_OK && c->options->history != NULL && c->options->history->is_claimed)
        status = store_check_backfill(c->store, c->options->history->order->id, err);
    if (status == WW_OK)
        status = store_commit(c->store, err);
    if (status == WW_OK && c->options->history != NULL) /* a run comes first */
        store_let_others_write(c->store, c->clock);
    return status;
}

/* ---- starting ------------------------------------------------------------------------------- */

/* A job that is not done in this run: its feed or page is as due as before. */
static enum ww_status leave(struct crawl *c, struct job *job, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    c->summary->n_pages_left += job->kind == JOB_PAGE;
    if (job->kind == JOB_ROBOTS) {
        job->answer.status = WW_UNREACHABLE;
        job->answer.error = job->host->out_because;
        status = robots_answered(c, job, err);
    }
    if (status == WW_OK)
        status = history_turn_to_copy(c, job, err);
    crawl_drop_job(c, job);
    return status;
}

static enum ww_status prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                              bool *goes, struct ww_error *err)
{
    switch (job->kind) {
    case JOB_FEED:
        return feed_prepare(c, job, request, goes, err);
    case JOB_PAGE:
        return page_prepare(c, job, request, goes, err);
    case JOB_LOOK:
        return look_prepare(c, job, request, goes, err);
    case JOB_LIST:
        return list_prepare(c, job, request, goes, err);
    case JOB_COPY:
        return copy_prepare(c, job, request, goes, err);
    case JOB_ROBOTS:
        request->accept = "text/plain, */*;q=0.1";
        request->cut_at_bytes = ROBOTS_MAX_BYTES + 1; /* to tell whether it was cut */
        if (job->n_redirects == 0) {
            request->etag = job->authority->row.robots_etag;
            request->last_modified = job->authority->row.robots_last_modified;
        }
        return WW_OK;
    }
    return WW_OK;
}

enum ww_status crawl_fail(struct crawl *c, struct job *job, const struct ww_error *why,
                          struct ww_error *err)
{
    switch (job->kind) {
    case JOB_FEED:
        return blame_feed(c, job, why, err);
    case JOB_PAGE:
    case JOB_LIST:
    case JOB_COPY:
        return blame_page(c, job, job->answer.http_status, why, err);
    case JOB_LOOK:
        return look_failed(c, job->id, why, err);
    case JOB_ROBOTS:
        job->answer.status = why->status;
        job->answer.error = *why;
        return robots_answered(c, job, err);
    }
    return WW_OK;
}

/*
 * Feeds tell a portal from a site, pages do not: where feeds are claimed some at a time, the first
 * of them are heard before pages are asked.
 */
static bool waits_for_feeds(struct crawl *c, const struct job *job, int64_t *wait_ms)
{
    *wait_ms = STEP_MS;
    return job->kind == JOB_PAGE && c->options->history == NULL && c->n_genuine == 0 &&
           c->n_diverted < 2 && crawl_has_unclaimed(c);
}

/*
 * Of a list or copy it is known when it is prepared whether an archive is asked; of a page before,
 * and the rules of its site need not be read each time.
 */
static bool is_held_up(struct crawl *c, const struct job *job, bool is_prepared, int64_t *wait_ms)
{
    const bool is_told_late = job->kind == JOB_LIST || job->kind == JOB_COPY;

    return is_told_late == is_prepared &&
           (!history_may_ask(c, job, wait_ms) || waits_for_feeds(c, job, wait_ms));
}

static enum ww_status start(struct crawl *c, struct host *host, struct job *job,
                            struct ww_error *err)
{
    struct fetch_request request = {0};
    struct ww_error why = {0};
    int64_t wait_ms = 0;
    bool goes = true;
    enum ww_status status;

    if (host->is_out || look_is_late(c, job)) {
        status = leave(c, job, err);
        return status == WW_OK ? hosts_done(c->hosts, host, 0, err) : status;
    }
    if (is_held_up(c, job, false, &wait_ms))
        return crawl_put_back(c, host, &job->link, wait_ms, err);
    hosts_pace(host, 0, false); /* unless this very request wants another pause */
    status = prepare(c, job, &request, &goes, err);
    if (status != WW_OK || !goes)
        return status == WW_OK ? hosts_done(c->hosts, host, 0, err) : status;
    if (is_held_up(c, job, true, &wait_ms)) {
        arena_release(&job->arena);
        return crawl_put_back(c, host, &job->link, wait_ms, err);
    }
    request.url = slice_from(job->url);
    job->asked_at = clock_now(c->clock);
    job->asked_ms = clock_monotonic_ms(c->clock);
    status = fetch_start(c->fetch, &request, &job->answer, &why);
    if (status == WW_OK) {
        crawl_open_work(c, job);
        return hosts_started(c->hosts, host) ? crawl_write(c, err) : WW_OK;
    }
    if (status == WW_NOMEM)
        return ww_fail(err, status, "%s", why.message);
    status = crawl_fail(c, job, &why, err);
    crawl_drop_job(c, job);
    return status == WW_OK ? hosts_done(c->hosts, host, 0, err) : status;
}

static bool is_stopped(const struct crawl *c)
{
    return c->options->stop != NULL && *c->options->stop != 0;
}

/* *wait_ms: until the next host may be asked; -1: none waits. */
static enum ww_status start_some(struct crawl *c, int64_t *wait_ms, struct ww_error *err)
{
    enum ww_status status = crawl_claim_feeds(c, err);

    *wait_ms = -1;
    while (status == WW_OK && fetch_is_free(c->fetch) && !history_is_spent(c) && !is_stopped(c) &&
           c->n_to_parse < TO_PARSE_MAX && c->bytes_to_parse < BODIES_WAITING_MAX_BYTES) {
        struct host *host = NULL;
        struct host_job *link = hosts_next(c->hosts, &host, wait_ms);
        struct job *job;
        bool goes = true;

        if (link == NULL)
            break;
        status = crawl_lease_host(c, host, link, &goes, err);
        if (status == WW_OK && goes)
            status = crawl_begin_job(c, link, &job, err);
        if (status == WW_OK && goes)
            status = start(c, host, job, err);
    }
    return status;
}

/* ---- results -------------------------------------------------------------------------------- */

static enum ww_status take_results(struct crawl *c, struct ww_error *err)
{
    struct fetch_answer *fetched;
    struct workers_answer parsed;
    enum ww_status status = WW_OK;

    while (status == WW_OK && (fetched = fetch_next(c->fetch)) != NULL)
        status = crawl_take_answer(c, fetched, err);
    if (status == WW_OK)
        status = crawl_submit(c, err);
    while (status == WW_OK && c->n_parsing > 0) {
        status = workers_wait(c->workers, 0, &parsed, err);
        if (status == WW_NOT_FOUND)
            return WW_OK;
        if (status == WW_OK)
            status = crawl_take_parsed(c, &parsed, err);
        if (status == WW_OK)
            status = crawl_submit(c, err);
    }
    return status;
}

/* ---- the loop ------------------------------------------------------------------------------- */

/* Sleep until something can be done: bytes, an answer, or a host whose pause is over. */
static void wait_for_more(struct crawl *c, int64_t wait_ms)
{
    int fds[WORKERS_MAX];
    size_t n_fds = workers_descriptors(c->workers, fds, WORKERS_MAX);
    const int64_t real_ms = clock_real_ms(c->clock, wait_ms);
    int64_t step = real_ms >= 0 && real_ms < STEP_MS ? real_ms : STEP_MS;

    if (c->clock->is_fixed && c->n_parsing == 0 && fetch_in_flight(c->fetch) == 0)
        clock_sleep_ms(c->clock, wait_ms);
    else
        fetch_wait(c->fetch, fds, n_fds, (int)step);
}

/* Nothing is kept from the disk while only a long pause is waited for; in a short one more comes.
 */
static bool must_commit(const struct crawl *c, bool goes_on, int64_t wait_ms)
{
    const bool is_idle = fetch_in_flight(c->fetch) == 0 && c->n_parsing == 0;
    const int64_t hold_ms = store_hold_ms(c->store);

    return store_is_writing(c->store) &&
           (!goes_on || (is_idle && wait_ms >= hold_ms) || c->n_unsaved >= COMMIT_PAGES_MAX ||
            clock_monotonic_ms(c->clock) - c->begun_writing_ms >= hold_ms);
}

/*
 * While the store keeps us waiting nobody looks at the connections, and what was in flight comes
 * back as if its server had been silent.
 */
static void note_held_up(struct crawl *c, int64_t since_ms)
{
    const int64_t held_up_ms = clock_real_ms(c->clock, clock_monotonic_ms(c->clock) - since_ms);

    if (held_up_ms < HELD_UP_MS)
        return;
    c->held_up_ms = clock_monotonic_ms(c->clock);
    log_event(c->log, LOG_WARN, "database", "waited_s=%lld: nothing was asked or stored meanwhile",
              (long long)(held_up_ms / 1000));
}

static enum ww_status step(struct crawl *c, bool *goes_on, struct ww_error *err)
{
    int64_t wait_ms = -1, begun_ms = clock_monotonic_ms(c->clock);
    bool is_busy;
    enum ww_status status = store_keep(c->store, err);

    if (status == WW_OK)
        status = start_some(c, &wait_ms, err);
    if (status == WW_OK)
        status = crawl_submit(c, err);
    if (status != WW_OK)
        return status;
    is_busy = fetch_in_flight(c->fetch) > 0 || c->n_parsing > 0 || c->n_to_parse > 0;
    if (is_busy)
        c->away_since_ms = 0;
    *goes_on = is_busy || crawl_has_unclaimed(c) || (wait_ms >= 0 && crawl_waits_for_others(c));
    if (must_commit(c, *goes_on, wait_ms))
        status = crawl_commit(c, err);
    if (status != WW_OK || !*goes_on)
        return status;
    note_held_up(c, begun_ms);
    wait_for_more(c, crawl_wants_feeds(c) ? 0 : wait_ms);
    begun_ms = clock_monotonic_ms(c->clock);
    status = take_results(c, err);
    if (status == WW_OK && store_hold_ms(c->store) == 0)
        status = crawl_commit(c, err);
    note_held_up(c, begun_ms);
    return status;
}

/*
 * Everything that is left goes; the store remembers what is due. A worker that still has a job is
 * waited for: its answer must not meet the next user of the pool.
 */
static void drop_all(struct crawl *c)
{
    struct workers_answer ignored;

    while (c->n_parsing > 0 && workers_wait(c->workers, -1, &ignored, NULL) == WW_OK)
        c->n_parsing--;
    fetch_close(c->fetch);
    crawl_drop_tickets(c);
    while (c->jobs != NULL) {
        c->summary->n_pages_left += c->jobs->kind == JOB_PAGE;
        crawl_drop_job(c, c->jobs);
    }
}

static bool admit(void *context, void *owner, const char *address)
{
    const struct crawl *c = context;
    const struct job *job = owner;

    return hosts_admit(c->hosts, job->host, address);
}

/* The last transaction. */
static enum ww_status settle(struct crawl *c, struct ww_error *err)
{
    enum ww_status status = blame_settle(c, err);

    if (status == WW_OK)
        status = crawl_write(c, err);
    if (status == WW_OK)
        status = hosts_save(c->hosts, true, err);
    if (status == WW_OK) /* feeds that were not asked; no host is left */
        status = store_release_claims(c->store, clock_now(c->clock), 0, err);
    return status == WW_OK ? crawl_commit(c, err) : status;
}

/* Copies of what is not indexed yet are not found. */
static enum ww_status tell_missing(struct crawl *c, struct ww_error *err)
{
    int64_t n = 0;
    enum ww_status status = story_reindex_count(c->store, &n, err);

    if (status == WW_OK && n > 0)
        log_event(c->log, LOG_WARN, "index",
                  "articles_unindexed=%lld: the index of copies is being made anew, %d articles "
                  "with each new one; `wirewatch db reindex` does it at once",
                  (long long)n, STORY_REINDEX_EACH);
    return status;
}

static enum ww_status open_parts(struct crawl *c, struct ww_error *err)
{
    struct fetch_options options;
    enum ww_status status;

    crawl_fetch_options(c->options, c->user_agent, &options);
    options.stays_here = clock_is_hurried(c->clock);
    options.admit = admit;
    options.admit_context = c;
    status = fetch_open(&options, &c->fetch, err);
    if (status == WW_OK)
        status = crawl_claims_open(c, err);
    if (status == WW_OK) /* each machine has an order of its own: they meet less */
        status = hosts_open(c->store, c->clock, c->options->host_delay_ms,
                            hash64_mix(hash64(slice_from(c->user_agent)),
                                       hash64(slice_from(store_owner(c->store)))),
                            &c->hosts, err);
    if (status == WW_OK && c->options->history != NULL)
        hosts_share(c->hosts);
    if (status == WW_OK)
        status = keeper_open(c->store, c->log, &c->keeper, err);
    return status == WW_OK ? tell_missing(c, err) : status;
}

void crawl_fetch_options(const struct crawl_options *options, const char *user_agent,
                         struct fetch_options *out)
{
    *out = (struct fetch_options){.user_agent = user_agent,
                                  .proxy = options->proxy,
                                  .ca_file = options->ca_file,
                                  .allowed = options->allowed,
                                  .n_allowed = options->n_allowed,
                                  .connect_timeout_ms = options->connect_timeout_ms,
                                  .transfer_timeout_ms = options->transfer_timeout_ms,
                                  .body_max_bytes = options->body_max_bytes,
                                  .in_flight_max = options->in_flight_max};
}

void crawl_user_agent(const char *contact, char *out, size_t size)
{
    (void)snprintf(out, size, "wirewatch/%s (+%s)", WW_VERSION, contact);
}

/* A run ends at once: its next one is minutes away. A backfill stores what it has fetched. */
static bool must_end(struct crawl *c)
{
    const int64_t now_ms = clock_monotonic_ms(c->clock);

    if (!is_stopped(c))
        return false;
    if (c->stopped_ms == 0)
        c->stopped_ms = now_ms;
    return c->options->history == NULL || now_ms - c->stopped_ms > STOP_GRACE_MS;
}

static enum ww_status work(struct crawl *c, struct ww_error *err)
{
    bool goes_on = true;
    enum ww_status status = WW_OK;

    while (status == WW_OK && goes_on && !must_end(c))
        status = step(c, &goes_on, err);
    return status;
}

static enum ww_status work_live(struct crawl *c, struct ww_error *err)
{
    enum ww_status status = crawl_load_feeds(c, err);

    if (status == WW_OK)
        status = crawl_load_pages(c, err);
    if (status == WW_OK)
        status = work(c, err);
    if (status == WW_OK && !is_stopped(c)) /* behind all that is new */
        status = looks_load(c, err);
    return status == WW_OK ? work(c, err) : status;
}

static enum ww_status work_history(struct crawl *c, struct ww_error *err)
{
    enum ww_status status = history_load(c, err);

    return status == WW_OK ? work(c, err) : status;
}

enum ww_status crawl_run(const struct crawl_options *options, struct store *store,
                         struct workers *workers, struct clock *clock, const struct log *log,
                         struct crawl_summary *summary, struct ww_error *err)
{
    struct crawl c = {.options = options,
                      .store = store,
                      .workers = workers,
                      .clock = clock,
                      .log = log,
                      .summary = summary};
    struct ww_error local = {0};
    enum ww_status status;

    if (err == NULL)
        err = &local;
    *summary = (struct crawl_summary){0};
    crawl_user_agent(options->contact, c.user_agent, sizeof(c.user_agent));
    buf_init(&c.request, REQUEST_MAX_BYTES);
    status = open_parts(&c, err);
    if (status == WW_OK)
        status = options->history != NULL ? work_history(&c, err) : work_live(&c, err);
    summary->was_stopped = is_stopped(&c);
    if (status == WW_OK)
        status = settle(&c, err);
    if (status != WW_OK)
        store_rollback(store);
    /* Away: the next one does it. Another of our name is at work: they are his. */
    crawl_claims_close(&c, status == WW_OK || status == WW_AWAY || status == WW_CONFLICT);
    drop_all(&c);
    hosts_close(c.hosts);
    keeper_close(c.keeper);
    buf_release(&c.request);
    blame_release(&c);
    if (status == WW_OK && summary->outage != RUN_OUTAGE_NONE && summary->outage != RUN_OUTAGE_PART)
        status = ww_fail(err, WW_UNREACHABLE, "%s", health_outage_words(summary->outage));
    return status;
}
