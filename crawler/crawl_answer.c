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

/* A body for which there was no room, after this. */
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

static bool is_redirect(long http_status)
{
    return http_status == 301 || http_status == 302 || http_status == 303 || http_status == 307 ||
           http_status == 308;
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
    if (job->answer.status == WW_OK && is_redirect(job->answer.http_status))
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

static bool is_our_silence(const struct crawl *c, const struct job *job)
{
    return job->answer.status == WW_UNREACHABLE && job->answer.http_status == 0 &&
           c->held_up_at != 0 && job->asked_at <= c->held_up_at;
}

enum ww_status crawl_take_answer(struct crawl *c, struct fetch_answer *answer, struct ww_error *err)
{
    struct job *job = answer->owner;
    struct host *host = job->host;
    bool is_over = true, is_ours = true;
    enum ww_status status;

    if (is_our_silence(c, job))
        return hosts_put_back(c->hosts, host, &job->link, 0, err);
    if (!history_learn(c, job))
        learn(c, host, answer);
    if (answer->status == WW_CONFLICT && job->n_redirects == 0)
        crawl_close_work(job); /* nothing came of it yet */
    if (answer->status == WW_CONFLICT)
        return hosts_put_back(c->hosts, host, &job->link,
                              answer->received_bytes > 0 ? NO_ROOM_MS : 0, err);
    if (answer->status == WW_NOMEM)
        return ww_fail(err, WW_NOMEM, "%s", answer->error.message);
    c->summary->n_requests++;
    if (c->options->history != NULL)
        c->options->history->n_requests++;
    c->summary->received_bytes += answer->received_bytes;
    status = hosts_done(c->hosts, host, answer->duration_ms > 0 ? answer->duration_ms : 1, err);
    if (status == WW_OK)
        status = write_request(c, job, err);
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
