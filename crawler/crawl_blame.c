/*
 * crawl_blame.c - whose fault it is that a feed or page could not be read.
 *
 * An answer of its own (404, 503, what is no feed under its own address) is judged at once. What a
 * dead network, a proxy, a wrong clock or a captive portal would look like too waits for the end of
 * the run, when it is known how all other hosts fared.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>

/* What an address that may not be connected to, and status 511, are taken for. */
#define HASH_INSIDE 1
#define HASH_LOGIN 2

/* ---- what is seen of hosts ------------------------------------------------------------------ */

static void see(struct crawl *c, struct host *host, enum health_sign sign)
{
    if (sign <= host->sign)
        return;
    c->n_genuine += sign == HEALTH_GENUINE;
    c->n_diverted += sign == HEALTH_DIVERTED;
    host->sign = sign;
}

static void see_diverted(struct crawl *c, struct host *host, uint64_t answer_hash)
{
    if (host->sign < HEALTH_DIVERTED)
        host->answer_hash = answer_hash;
    see(c, host, HEALTH_DIVERTED);
}

void blame_recall(struct job *job)
{
    if (job->feed.n_failures > 0)
        job->origin->was_bad = true;
    else if (job->feed.last_ok_at > 0)
        job->origin->was_well = true;
}

bool blame_is_gateway(const struct crawl *c, const struct fetch_answer *answer)
{
    const long code = answer->http_status;

    if (c->options->proxy == NULL || c->options->proxy[0] == '\0')
        return false;
    return code == 407 || code == 502 || code == 503 || code == 504 ||
           (answer->status == WW_UNREACHABLE && code == 0);
}

bool crawl_is_redirect(long http_status)
{
    return http_status == 301 || http_status == 302 || http_status == 303 || http_status == 307 ||
           http_status == 308;
}

void blame_learn(struct crawl *c, struct host *host, const struct fetch_answer *answer)
{
    const bool is_mute = answer->status == WW_UNREACHABLE && answer->http_status == 0;

    if (answer->status == WW_CONFLICT || answer->status == WW_NOMEM)
        return;
    if (blame_is_gateway(c, answer))
        see(c, host, HEALTH_GATEWAY);
    else if (answer->status == WW_REFUSED)
        see_diverted(c, host, HASH_INSIDE);
    else if (answer->http_status == 511)
        see_diverted(c, host, HASH_LOGIN);
    else if (is_mute && answer->is_distrusted)
        see(c, host, HEALTH_DISTRUSTED);
    else if (is_mute && answer->is_dark)
        see(c, host, HEALTH_NAMELESS);
    else if (is_mute)
        see(c, host, answer->had_contact ? HEALTH_MUTE : HEALTH_SILENT);
    else if (answer->status != WW_OK || !crawl_is_redirect(answer->http_status))
        see(c, host, HEALTH_REACHED);
}

void blame_nobody(struct crawl *c, struct job *job)
{
    see(c, job->origin, HEALTH_GENUINE);
}

void blame_follow(struct host *from, struct host *to)
{
    if (to->led_from == NULL)
        to->led_from = from;
    to->is_crossroads = to->is_crossroads || (to->led_from != from && to != from);
}

bool blame_suspects_portal(const struct crawl *c, const struct job *job)
{
    return c->n_genuine == 0 &&
           (c->n_diverted >= 2 || (job->host != job->origin && job->host->is_crossroads));
}

/* ---- failures ------------------------------------------------------------------------------- */

/* Could somebody between us and it have failed in its place? */
static bool is_suspect(const struct crawl *c, const struct job *job)
{
    const struct fetch_answer *answer = &job->answer;

    return job->host != job->origin || answer->status == WW_REFUSED || answer->http_status == 511 ||
           blame_is_gateway(c, answer) ||
           (answer->status == WW_UNREACHABLE && answer->http_status == 0);
}

/* What the end of the run needs to know of the job, which goes; its body takes too much room. */
static enum ww_status blame_later(struct crawl *c, struct job *job, long http_status,
                                  const struct ww_error *why, struct ww_error *err)
{
    struct blame *blames =
        mem_grow(c->blames, c->n_blames, &c->blames_capacity, sizeof(struct blame));
    struct blame *b;

    if (blames == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    c->blames = blames;
    b = &blames[c->n_blames++];
    *b = (struct blame){.kind = job->kind,
                        .id = job->id,
                        .host = job->host,
                        .origin = job->origin,
                        .is_permanent = job->is_permanent,
                        .feed_reading = job->feed_reading,
                        .http_status = http_status,
                        .answer = job->answer};
    b->answer.error = *why;
    buf_release(&b->answer.body);
    buf_release(&b->answer.received);
    job->answer.head = job->answer.body = job->answer.received = (struct buf){.ptr = NULL};
    return WW_OK;
}

enum ww_status blame_feed(struct crawl *c, struct job *job, const struct ww_error *why,
                          struct ww_error *err)
{
    const struct fetch_answer *answer = &job->answer;
    const bool is_no_feed = answer->status == WW_OK && answer->http_status == 200;

    if (job->host != job->origin)
        see_diverted(c, job->origin, hash64(job->host->row.host));
    else if (is_no_feed) /* a login page has one title, whatever else it says */
        see_diverted(c, job->origin, hash64(slice_from(why->message)));
    else if (!is_suspect(c, job) && answer->status == WW_OK)
        see(c, job->origin, HEALTH_GENUINE);
    return is_no_feed || is_suspect(c, job) ? blame_later(c, job, answer->http_status, why, err)
                                            : feed_failed(c, job->id, job, why, err);
}

static enum ww_status blame_page_now(struct crawl *c, enum job_kind kind, int64_t id,
                                     long http_status, const struct ww_error *why,
                                     struct ww_error *err)
{
    if (kind == JOB_LOOK)
        return look_failed(c, id, why, err);
    if (kind == JOB_LIST)
        return list_failed(c, id, http_status, why, err);
    if (kind == JOB_COPY)
        return copy_failed(c, id, why, err);
    return why->status == WW_REFUSED ? page_refused(c, id, http_status, why, err)
                                     : page_failed(c, id, http_status, why, err);
}

enum ww_status blame_page(struct crawl *c, struct job *job, long http_status,
                          const struct ww_error *why, struct ww_error *err)
{
    return is_suspect(c, job) ? blame_later(c, job, http_status, why, err)
                              : blame_page_now(c, job->kind, job->id, http_status, why, err);
}

/* ---- the end of a run ----------------------------------------------------------------------- */

static int compare_hashes(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Did another host give it as well? hashes is sorted. */
static bool is_shared(const uint64_t *hashes, size_t n, uint64_t hash)
{
    const uint64_t *at = bsearch(&hash, hashes, n, sizeof(*hashes), compare_hashes);

    return at != NULL &&
           ((at > hashes && at[-1] == hash) || (at + 1 < hashes + n && at[1] == hash));
}

static bool is_bad(enum health_sign sign)
{
    return sign != HEALTH_NONE && sign != HEALTH_REACHED && sign != HEALTH_GENUINE;
}

static enum ww_status count_hosts(struct crawl *c, struct health_run *run, struct ww_error *err)
{
    uint64_t *hashes = mem_array(c->n_diverted + 1, sizeof(*hashes));
    struct host *host;
    size_t n = 0;

    if (hashes == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    for (size_t i = 0; (host = hosts_at(c->hosts, i)) != NULL; i++)
        if (host->sign == HEALTH_DIVERTED)
            hashes[n++] = host->answer_hash;
    qsort(hashes, n, sizeof(*hashes), compare_hashes);
    for (size_t i = 0; (host = hosts_at(c->hosts, i)) != NULL; i++) {
        if (host->sign == HEALTH_DIVERTED && !is_shared(hashes, n, host->answer_hash))
            host->sign = HEALTH_REACHED;
        run->n_expected += host->was_well;
        run->n_lost += host->was_well && is_bad(host->sign);
        if (!is_bad(host->sign) || host->was_well || !host->was_bad)
            run->n[host->sign]++;
    }
    mem_free(hashes);
    return WW_OK;
}

/* Is it of those that the outage explains? A part of one explains those that it struck. */
static enum ww_status is_excused(struct crawl *c, const struct blame *b, enum run_outage outage,
                                 const struct health_run *run, bool *out, struct ww_error *err)
{
    struct feed_row feed = {0};
    struct arena arena;
    enum ww_status status = WW_OK;

    *out = outage != RUN_OUTAGE_NONE &&
           (outage != RUN_OUTAGE_PART || (b->origin->was_well && is_bad(b->origin->sign)));
    if (!*out || b->kind != JOB_FEED)
        return WW_OK;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = store_feed(c->store, b->id, &arena, &feed, err);
    if (status == WW_OK)
        *out = health_excuses(outage, run, clock_now(c->clock),
                              feed.last_ok_at > 0 ? feed.last_ok_at : feed.added_at);
    arena_release(&arena);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

static enum ww_status blame(struct crawl *c, const struct blame *b, struct ww_error *err)
{
    struct job job = {.kind = b->kind,
                      .id = b->id,
                      .host = b->host,
                      .origin = b->origin,
                      .is_permanent = b->is_permanent,
                      .feed_reading = b->feed_reading,
                      .answer = b->answer};

    if (b->kind == JOB_FEED && store_claims_turn(c->store) != c->claiming.turn) {
        bool is_ours = false;
        enum ww_status status = crawl_write(c, err);

        if (status == WW_OK)
            status = store_holds_feed(c->store, b->id, &is_ours, err);
        if (status != WW_OK || !is_ours)
            return status;
    }
    return b->kind == JOB_FEED
               ? feed_failed(c, b->id, &job, &b->answer.error, err)
               : blame_page_now(c, b->kind, b->id, b->http_status, &b->answer.error, err);
}

static void report(const struct crawl *c, const struct health_run *run, size_t n_excused)
{
    if (c->summary->outage != RUN_OUTAGE_NONE)
        log_event(c->log, LOG_WARN, "network",
                  "outage=\"%s\" nameless=%lld silent=%lld gateway=%lld mute=%lld distrusted=%lld"
                  " diverted=%lld genuine=%lld excused=%zu",
                  health_outage_words(c->summary->outage), (long long)run->n[HEALTH_NAMELESS],
                  (long long)run->n[HEALTH_SILENT], (long long)run->n[HEALTH_GATEWAY],
                  (long long)run->n[HEALTH_MUTE], (long long)run->n[HEALTH_DISTRUSTED],
                  (long long)run->n[HEALTH_DIVERTED], (long long)run->n[HEALTH_GENUINE], n_excused);
}

enum ww_status blame_settle(struct crawl *c, struct ww_error *err)
{
    struct health_run run = {.n_expected = 0};
    enum run_outage outage = RUN_OUTAGE_NONE;
    size_t n_excused = 0;
    enum ww_status status = count_hosts(c, &run, err);

    if (status == WW_OK)
        outage = health_outage(&run);
    for (size_t i = 0; status == WW_OK && i < c->n_blames; i++) {
        const struct blame *b = &c->blames[i];
        bool excused = false;

        status = is_excused(c, b, outage, &run, &excused, err);
        n_excused += excused;
        c->summary->n_pages_left += excused && b->kind == JOB_PAGE;
        if (status == WW_OK && !excused)
            status = blame(c, b, err);
    }
    /* A run that was told to stop has not heard enough to say what is down. */
    if (!c->summary->was_stopped)
        c->summary->outage = outage;
    report(c, &run, n_excused);
    return status;
}

void blame_release(struct crawl *c)
{
    for (size_t i = 0; i < c->n_blames; i++)
        fetch_answer_release(&c->blames[i].answer);
    mem_free(c->blames);
}
