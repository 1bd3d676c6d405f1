/* ranged.c - parts of files over HTTP, asked for slowly. */
#include "crawler/history/ranged.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawler/crawl.h"
#include "crawler/schedule.h"
#include "feeds/warc.h"

#include <string.h>

/* A wait is cut into such steps, in which it may be stopped. */
#define STEP_MS 500
#define WAIT_MS 200

enum ww_status ranged_open(struct ranged *r, const struct ranged_means *means, struct ww_error *err)
{
    struct fetch_options options;

    *r = (struct ranged){.means = *means};
    crawl_user_agent(means->crawl->contact, r->user_agent, sizeof r->user_agent);
    crawl_fetch_options(means->crawl, r->user_agent, &options);
    options.stays_here = clock_is_hurried(means->clock);
    return fetch_open(&options, &r->fetch, err);
}

void ranged_close(struct ranged *r)
{
    fetch_close(r->fetch);
    fetch_answer_release(&r->answer);
    r->fetch = NULL;
}

/* ---- one request ----------------------------------------------------------------------------- */

static bool is_stopped(const struct ranged *r)
{
    return r->means.crawl->stop != NULL && *r->means.crawl->stop != 0;
}

static enum ww_status stop(struct ranged *r, const char *why, struct ww_error *err)
{
    r->is_over = true;
    return ww_fail(err, WW_CONFLICT, "%s", why);
}

static enum ww_status rest(struct ranged *r, struct ww_error *err)
{
    return r->means.rest != NULL ? r->means.rest(r->means.rest_context, err) : WW_OK;
}

static enum ww_status wait_until(struct ranged *r, int64_t then_ms, struct ww_error *err)
{
    struct clock *clock = r->means.clock;
    enum ww_status status = WW_OK;
    int64_t left_ms;

    while (status == WW_OK && !is_stopped(r) &&
           (left_ms = then_ms - clock_monotonic_ms(clock)) > 0) {
        clock_sleep_ms(clock, left_ms < STEP_MS ? left_ms : STEP_MS);
        status = rest(r, err);
    }
    return status == WW_OK && is_stopped(r) ? stop(r, "stopped", err) : status;
}

static bool is_too_long(int64_t wait_ms)
{
    return wait_ms > (int64_t)RANGED_PATIENCE_MAX_S * 1000;
}

/* Not now: whoever waits for so long keeps others from their backfills. */
static enum ww_status refuse(const struct ranged *r, int64_t wait_ms, struct ww_error *err)
{
    char at[DATE_TEXT_BYTES];

    return ww_fail(err, WW_REFUSED, "its server asks to be left alone until %s",
                   date_format(clock_now(r->means.clock) + wait_ms / 1000, at));
}

static enum ww_status await_turn(struct ranged *r, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    int64_t wait_ms = STEP_MS;

    if (r->means.requests_max > 0 && r->n_requests >= r->means.requests_max)
        return stop(r, "the budget is spent", err);
    if (r->asked_ms != 0)
        status = wait_until(r, r->asked_ms + r->means.pause_ms, err);
    while (status == WW_OK && wait_ms > 0) {
        wait_ms = 0;
        if (r->means.may_ask != NULL && !r->means.may_ask(r->means.context))
            wait_ms = STEP_MS;
        else if (r->means.lease != NULL)
            status = r->means.lease(r->means.lease_context, &wait_ms, err);
        if (status == WW_OK && is_too_long(wait_ms))
            return refuse(r, wait_ms, err);
        if (status == WW_OK && wait_ms > 0)
            status = wait_until(r, clock_monotonic_ms(r->means.clock) + wait_ms, err);
    }
    return status;
}

static enum ww_status fetch(struct ranged *r, const struct fetch_request *request,
                            struct ww_error *err)
{
    enum ww_status status = fetch_start(r->fetch, request, &r->answer, err);

    if (status != WW_OK)
        return status;
    r->asked_ms = clock_monotonic_ms(r->means.clock);
    r->n_requests++;
    while (fetch_next(r->fetch) == NULL) {
        if (is_stopped(r))
            return stop(r, "stopped", err);
        fetch_wait(r->fetch, NULL, 0, WAIT_MS);
        status = rest(r, err);
        if (status != WW_OK)
            return status;
    }
    r->n_bytes += r->answer.received_bytes;
    log_event(r->means.log, LOG_DEBUG, "ask", "url=%.*s from=%lld status=%ld bytes=%lld ms=%lld",
              SLICE_ARG(request->url), (long long)request->range_offset, r->answer.http_status,
              (long long)r->answer.received_bytes, (long long)r->answer.duration_ms);
    return WW_OK;
}

/* Whatever came is in r->answer. Failures are ours, or a stop. */
static enum ww_status ask_once(struct ranged *r, const struct fetch_request *request,
                               struct ww_error *err)
{
    enum ww_status status = await_turn(r, err);

    r->not_before = 0;
    if (status != WW_OK)
        return status;
    status = fetch(r, request, err);
    if (status == WW_OK && r->answer.http_status >= 400)
        r->not_before = schedule_retry_after(clock_now(r->means.clock),
                                             fetch_header(&r->answer, "Retry-After"));
    if (r->means.let_go != NULL && status == WW_OK)
        status = r->means.let_go(r->means.lease_context, r->not_before, err);
    else if (r->means.let_go != NULL)
        (void)r->means.let_go(r->means.lease_context, 0, NULL);
    return status;
}

/* How long to wait for the next try, in ms. */
static int64_t patience_ms(const struct ranged *r, int n_tries)
{
    const long status = r->answer.http_status;
    const int64_t asked_ms = (r->not_before - clock_now(r->means.clock)) * 1000;
    const int64_t own_ms = status == 429 || status == 503
                               ? (int64_t)RANGED_REST_S * 1000
                               : (int64_t)RANGED_RETRY_S * 1000 << n_tries;

    return asked_ms > own_ms ? asked_ms : own_ms;
}

/* *again: it is worth another try. */
static enum ww_status judge(struct ranged *r, const struct fetch_request *request, bool *again,
                            struct ww_error *err)
{
    const struct fetch_answer *answer = &r->answer;
    const long status = answer->http_status;
    const char *words = answer->status != WW_OK ? answer->error.message : "";

    *again = false;
    if (answer->status == WW_NOMEM)
        return ww_fail(err, WW_NOMEM, "%s", words);
    if (status == 404 || status == 410)
        return ww_fail(err, WW_NOT_FOUND, "%.*s: status %ld", SLICE_ARG(request->url), status);
    r->n_slow_downs += status == 429;
    if (status == 403 || r->n_slow_downs > 1)
        return ww_fail(err, WW_REFUSED, "%.*s: status %ld", SLICE_ARG(request->url), status);
    if (answer->status == WW_OK && (status == 200 || status == 206))
        return WW_OK;
    *again = status == 0 || status == 429 || status >= 500 || answer->status == WW_UNREACHABLE;
    if (*again && is_too_long(patience_ms(r, 0))) {
        *again = false;
        return refuse(r, patience_ms(r, 0), err);
    }
    return ww_fail(err, WW_UNREACHABLE, "%.*s: status %ld%s%s", SLICE_ARG(request->url), status,
                   words[0] != '\0' ? ": " : "", words);
}

static enum ww_status ask(struct ranged *r, const struct fetch_request *request,
                          struct ww_error *err)
{
    enum ww_status status = rest(r, err);
    bool again = status == WW_OK;

    r->has_part = false;
    for (int i = 0; again && i < RANGED_TRIES; i++) {
        if (i > 0)
            status = wait_until(r, clock_monotonic_ms(r->means.clock) + patience_ms(r, i - 1), err);
        if (i == 0 || status == WW_OK)
            status = ask_once(r, request, err);
        if (status != WW_OK)
            return status;
        status = judge(r, request, &again, err);
    }
    return status;
}

/* ---- files ----------------------------------------------------------------------------------- */

enum ww_status ranged_get(struct ranged *r, struct slice url, struct slice *body,
                          struct ww_error *err)
{
    const struct fetch_request request = {.url = url, .accept = "*/*", .is_list = true};
    enum ww_status status = ask(r, &request, err);

    *body = status == WW_OK ? buf_slice(&r->answer.body) : (struct slice){"", 0};
    return status;
}

static enum ww_status get_part(struct ranged *r, int64_t offset, int64_t bytes,
                               struct ww_error *err)
{
    const struct fetch_request request = {
        .url = r->url, .accept = "*/*", .range_offset = offset, .range_bytes = bytes};
    enum ww_status status = ask(r, &request, err);

    r->has_part = status == WW_OK;
    r->part_at = offset;
    return status;
}

/* For the WARC reader, which knows no file that is not there: this one was a moment ago. */
static enum ww_status read(void *context, int64_t offset, char *room, size_t len, size_t *got,
                           struct ww_error *err)
{
    struct ranged *r = context;
    struct slice part;
    enum ww_status status = WW_OK;

    *got = 0;
    if (offset < 0 || offset >= r->bytes)
        return WW_OK;
    if (!r->has_part || offset < r->part_at || offset >= r->part_at + (int64_t)r->answer.body.len) {
        const int64_t left = r->bytes - offset;
        const int64_t most = r->means.part_bytes > 0 ? r->means.part_bytes : RANGED_BYTES;

        status = get_part(r, offset, left < most ? left : most, err);
    }
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? ww_context(err, WW_UNREACHABLE, "is gone") : status;
    part = slice_skip(buf_slice(&r->answer.body), (size_t)(offset - r->part_at));
    *got = part.len < len ? part.len : len;
    memcpy(room, part.ptr, *got);
    return WW_OK;
}

enum ww_status ranged_begin(struct ranged *r, struct slice url, struct warc_source *out,
                            struct ww_error *err)
{
    enum ww_status status;
    struct slice total;
    unsigned long long bytes = 0;

    r->url = url;
    r->bytes = 0;
    status = get_part(r, 0, 1, err);
    if (status != WW_OK)
        return status;
    total = fetch_header(&r->answer, "Content-Range"); /* "bytes 0-0/1073741824" */
    if (!slice_number(slice_skip(total, slice_find_char(total, '/') + 1), INT64_MAX, &bytes))
        return ww_fail(err, WW_UNREACHABLE, "%.*s: does not say how large it is: %.*s",
                       SLICE_ARG(url), SLICE_ARG(slice_head(total, 60)));
    r->bytes = (int64_t)bytes;
    *out = (struct warc_source){.read = read, .context = r, .bytes = r->bytes, .seeks = true};
    return WW_OK;
}
