/*
 * crawl_answer.c - an answer that came: its host learns from it, its request is noted, a redirect
 * goes on, anything else goes to the file that asked.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "crawler/schedule.h"
#include "storage/store_runs.h"

/* An answer for which there was no room or no ear is asked for again after so long. */
#define NO_ROOM_MS 5000

static enum ww_status write_request(struct crawl *c, const struct job *job, struct ww_error *err)
{
    const struct fetch_answer *answer = &job->answer;
    const struct request_row row = {.run_id = c->options->run_id,
                                    .at = job->asked_at,
                                    .url = slice_from(job->url),
                                    .host = job->host->row.host,
                                    .http_status = answer->http_status,
                                    .body_bytes = answer->received_bytes,
                                    .duration_ms = answer->duration_ms,
                                    .outcome = answer->status != WW_OK
                                                   ? slice_from(answer->error.message)
                                               : answer->http_status == 304 ? SLICE("unchanged")
                                                                            : SLICE("ok")};
    enum ww_status status = crawl_write(c, err);

    log_event(c->log, LOG_DEBUG, "fetch", "url=%s status=%ld bytes=%lld ms=%lld%s%s", job->url,
              answer->http_status, (long long)answer->received_bytes,
              (long long)answer->duration_ms,
              answer->status == WW_OK ? "" : " error=", answer->error.message);
    return status == WW_OK ? store_add_request(c->store, &row, err) : status;
}

/* An archive answers for itself: what it has elsewhere is no copy, and no list of its own. */
static bool leaves_archive(struct job *job, struct slice url)
{
    return job->is_archive &&
           !slice_equal(url_host(url, &job->arena), url_host(slice_from(job->url), &job->arena));
}

/* The job goes on at another address, in the queue of that one's host. */
static enum ww_status follow(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err)
{
    struct slice url = {"", 0};
    struct ww_error why = {0};
    char *copy;
    enum ww_status status = WW_OK;

    if (job->n_redirects >= REDIRECT_MAX)
        status = ww_fail(&why, WW_NOT_FOUND, "more than %d redirects", REDIRECT_MAX);
    if (status == WW_OK)
        status = fetch_location(&job->answer, slice_from(job->url), &job->arena, &url, &why);
    if (status == WW_OK && leaves_archive(job, url))
        status = ww_fail(&why, WW_REFUSED, "the archive leads to another host");
    if (status != WW_OK)
        return crawl_fail(c, job, &why, err);
    copy = mem_string(url.ptr, url.len);
    if (copy == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    mem_free(job->url);
    job->url = copy;
    job->n_redirects++;
    job->is_permanent =
        job->is_permanent && (job->answer.http_status == 301 || job->answer.http_status == 308);
    status = hosts_find(c->hosts, url_host(url, &job->arena), &job->host, err);
    if (status == WW_OK)
        blame_follow(job->origin, job->host);
    *is_over = false;
    arena_release(&job->arena);
    return status == WW_OK ? hosts_add(c->hosts, job->host, &job->link, true, err) : status;
}

/* What an answer says of its host, whatever it was asked for. */
static void learn(struct crawl *c, struct host *host, const struct fetch_answer *answer)
{
    const int64_t now = clock_now(c->clock);
    const bool is_gateway = blame_is_gateway(c, answer);
    int64_t not_before;

    blame_learn(c, host, answer);
    if (answer->http_status > 0 && !is_gateway)
        hosts_judge(host, answer->http_status >= 500 || answer->http_status == 429);
    /* It answers nothing, or takes for ever: one such wait a run is enough. */
    if (answer->status == WW_UNREACHABLE &&
        (answer->http_status == 0 || answer->duration_ms > 5000))
        hosts_hold(host, 0, &answer->error);
    if (!is_gateway && (answer->http_status == 429 || answer->http_status == 503)) {
        struct ww_error why = {0};

        host->row.n_failures++;
        not_before = schedule_retry_after(now, fetch_header(answer, "Retry-After"));
        if (not_before < schedule_host_retry(now, host->row.n_failures))
            not_before = schedule_host_retry(now, host->row.n_failures);
        (void)ww_fail(&why, WW_UNREACHABLE, "status %ld: its host asks for a pause",
                      answer->http_status);
        hosts_hold(host, not_before, &why);
    } else if (answer->status == WW_OK && answer->http_status < 500 && host->row.n_failures > 0) {
        host->row.n_failures = 0;
        host->must_save = true;
    }
}

static enum ww_status dispatch(struct crawl *c, struct job *job, bool *is_over,
                               struct ww_error *err)
{
    if (job->answer.status == WW_OK && crawl_is_redirect(job->answer.http_status))
        return follow(c, job, is_over, err);
    switch (job->kind) {
    case JOB_FEED:
        return feed_answered(c, job, is_over, err);
    case JOB_PAGE:
        return page_answered(c, job, is_over, err);
    case JOB_LOOK:
        return look_answered(c, job, is_over, err);
    case JOB_LIST:
        return list_answered(c, job, is_over, err);
    case JOB_COPY:
        return copy_answered(c, job, is_over, err);
    case JOB_ROBOTS:
        return robots_answered(c, job, err);
    }
    return WW_OK;
}

/* The store kept us waiting while it was out: once, that is no word of its host. */
static bool is_our_silence(const struct crawl *c, const struct job *job)
{
    return job->answer.status == WW_UNREACHABLE && job->answer.http_status == 0 &&
           c->held_up_ms != 0 && job->asked_ms <= c->held_up_ms && !job->was_asked_again;
}

/* Its host was asked, whatever came of it. */
static enum ww_status count_request(struct crawl *c, struct job *job, int64_t took_ms,
                                    struct ww_error *err)
{
    enum ww_status status;

    c->summary->n_requests++;
    if (c->options->history != NULL)
        c->options->history->n_requests++;
    c->summary->received_bytes += job->answer.received_bytes;
    status = hosts_done(c->hosts, job->host, took_ms > 0 ? took_ms : 1, err);
    return status == WW_OK ? write_request(c, job, err) : status;
}

/*
 * We had no ear or no room for the answer: the same is asked again, behind a pause of its host. How
 * long it took is not the host's doing.
 */
static enum ww_status ask_again(struct crawl *c, struct job *job, struct ww_error *err)
{
    struct host *host = job->host;
    enum ww_status status;

    if (host->least_pause_ms < NO_ROOM_MS)
        hosts_pace(host, NO_ROOM_MS, host->is_archive);
    job->was_asked_again = true;
    if (job->n_redirects == 0)
        crawl_close_work(job); /* nothing came of it yet */
    status = count_request(c, job, 1, err);
    arena_release(&job->arena);
    return status == WW_OK ? hosts_add(c->hosts, host, &job->link, true, err) : status;
}

enum ww_status crawl_take_answer(struct crawl *c, struct fetch_answer *answer, struct ww_error *err)
{
    struct job *job = answer->owner;
    bool is_over = true, is_ours = true;
    enum ww_status status;

    if (answer->status == WW_NOMEM)
        return ww_fail(err, WW_NOMEM, "%s", answer->error.message);
    if (answer->status == WW_CONFLICT && answer->received_bytes == 0) { /* it was not asked */
        if (job->n_redirects == 0)
            crawl_close_work(job);
        return hosts_put_back(c->hosts, job->host, &job->link, 0, err);
    }
    if (answer->status == WW_CONFLICT || is_our_silence(c, job))
        return ask_again(c, job, err);
    if (!history_learn(c, job))
        learn(c, job->host, answer);
    status = count_request(c, job, answer->duration_ms, err);
    if (status == WW_OK)
        status = crawl_owns(c, job, &is_ours, err);
    if (status == WW_OK && is_ours)
        status = dispatch(c, job, &is_over, err);
    else if (status == WW_OK && job->kind == JOB_ROBOTS)
        status = robots_lost(c, job, err);
    if (is_over)
        crawl_drop_job(c, job);
    return status;
}
