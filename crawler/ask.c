/* ask.c - fetch one address, with its redirects, and have a worker read it. */
#include "crawler/ask.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/crawl.h"
#include "crawler/parse.h"
#include "crawler/robots.h"
#include "crawler/workers.h"
#include "extractors/links.h"
#include "feeds/feed.h"

#define WAIT_MS 200
#define ACCEPT                                                                    \
    "application/atom+xml, application/rss+xml, application/feed+json, text/xml," \
    " text/html;q=0.8, */*;q=0.5"

enum ww_status ask_open(struct ask *a, const struct ask_means *means, struct ww_error *err)
{
    struct fetch_options fetch_options;

    *a = (struct ask){.means = *means};
    crawl_user_agent(means->options->contact, a->user_agent, sizeof(a->user_agent));
    crawl_fetch_options(means->options, a->user_agent, &fetch_options);
    fetch_options.stays_here = clock_is_hurried(means->clock);
    return fetch_open(&fetch_options, &a->fetch, err);
}

void ask_close(struct ask *a)
{
    fetch_close(a->fetch);
    fetch_answer_release(&a->answer);
    a->fetch = NULL;
}

/* ---- fetching -------------------------------------------------------------------------------- */

static bool is_stopped(const struct ask *a)
{
    return a->means.options->stop != NULL && *a->means.options->stop != 0;
}

static void keep_pause(struct ask *a, struct slice url)
{
    struct slice host = url_host(url, a->means.arena);
    int64_t now_ms = clock_monotonic_ms(a->means.clock);
    int64_t wait_ms = a->last_start_ms + a->means.options->host_delay_ms - now_ms;

    if (slice_equal(host, a->last_host) && wait_ms > 0)
        clock_sleep_ms(a->means.clock, wait_ms);
    a->last_host = host;
    a->last_start_ms = clock_monotonic_ms(a->means.clock);
}

/* One hop. */
static enum ww_status get(struct ask *a, const struct fetch_request *request, struct ww_error *err)
{
    enum ww_status status;

    keep_pause(a, request->url);
    status = fetch_start(a->fetch, request, &a->answer, err);
    if (status != WW_OK)
        return status;
    while (fetch_next(a->fetch) == NULL) {
        if (is_stopped(a))
            return ww_fail(err, WW_CONFLICT, "stopped");
        fetch_wait(a->fetch, NULL, 0, WAIT_MS);
    }
    log_event(a->means.log, LOG_INFO, "ask", "url=%.*s status=%ld bytes=%lld ms=%lld",
              SLICE_ARG(request->url), a->answer.http_status, (long long)a->answer.received_bytes,
              (long long)a->answer.duration_ms);
    if (a->answer.status != WW_OK && err != NULL)
        *err = a->answer.error;
    return a->answer.status;
}

static enum ww_status judge(long http, struct slice url, struct ww_error *err)
{
    enum ww_status status = WW_REFUSED;

    if ((http >= 200 && http <= 299) || http == 304)
        return WW_OK;
    if (http == 404 || http == 410)
        status = WW_NOT_FOUND;
    else if (http == 429 || http >= 500)
        status = WW_UNREACHABLE;
    return ww_fail(err, status, "%.*s answers %ld", SLICE_ARG(url), http);
}

enum ww_status ask_get(struct ask *a, struct slice url, struct slice etag,
                       struct slice last_modified, struct ww_error *err)
{
    struct fetch_request request = {
        .url = url, .etag = etag, .last_modified = last_modified, .accept = ACCEPT};
    bool is_lasting = true;

    a->lasting_url = url;
    for (a->n_redirects = 0; a->n_redirects <= REDIRECT_MAX; a->n_redirects++) {
        enum ww_status status;
        long http;

        a->url = request.url;
        status = get(a, &request, err);
        if (status != WW_OK)
            return ww_context(err, status, "%.*s", SLICE_ARG(a->url));
        http = a->answer.http_status;
        if (http < 300 || http > 399 || http == 304)
            return judge(http, a->url, err);
        status = fetch_location(&a->answer, a->url, a->means.arena, &request.url, err);
        if (status != WW_OK)
            return status;
        is_lasting = is_lasting && (http == 301 || http == 308);
        if (is_lasting)
            a->lasting_url = request.url;
        /* Validators belong to the address that gave them. */
        request.etag = request.last_modified = (struct slice){"", 0};
    }
    return ww_fail(err, WW_REFUSED, "%.*s: more than %d redirects", SLICE_ARG(url), REDIRECT_MAX);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* record outlives the next question. */
static enum ww_status ask_worker(struct ask *a, const struct buf *request, struct slice *record,
                                 struct ww_error *err)
{
    struct workers_answer answer = {0};
    enum ww_status status = buf_finish(request, err);

    if (status == WW_OK)
        status = workers_submit(a->means.workers, 1, buf_slice(request), err);
    if (status == WW_OK)
        status = workers_wait(a->means.workers, -1, &answer, err);
    if (status != WW_OK)
        return status;
    if (answer.status != WW_OK && err != NULL)
        *err = answer.error;
    *record = arena_copy(a->means.arena, answer.record);
    return answer.status != WW_OK ? answer.status : arena_check(a->means.arena, err);
}

/* The answer to request, whose room is given back. */
static enum ww_status read_feed(struct ask *a, struct buf *request, struct feed *out,
                                struct ww_error *err)
{
    struct slice record, charset;
    enum ww_status status = ask_worker(a, request, &record, err);

    if (status == WW_OK)
        status = parse_answer_feed(record, a->means.arena, out, &charset, err);
    buf_release(request);
    return status;
}

enum ww_status ask_read_feed(struct ask *a, struct feed *out, struct ww_error *err)
{
    struct buf request;

    buf_init(&request, REQUEST_MAX_BYTES);
    parse_request_feed(&request, buf_slice(&a->answer.body),
                       fetch_header(&a->answer, "Content-Type"), a->url);
    return read_feed(a, &request, out, err);
}

enum ww_status ask_read_listing(struct ask *a, struct slice selector, struct feed *out,
                                struct ww_error *err)
{
    struct buf request;

    buf_init(&request, REQUEST_MAX_BYTES);
    parse_request_listing(&request, buf_slice(&a->answer.body), a->url,
                          fetch_header(&a->answer, "Content-Type"), selector);
    return read_feed(a, &request, out, err);
}

enum ww_status ask_read_page(struct ask *a, struct page_links *out, struct ww_error *err)
{
    struct buf request;
    struct slice record;
    enum ww_status status;

    buf_init(&request, REQUEST_MAX_BYTES);
    parse_request_links(&request, buf_slice(&a->answer.body), a->url,
                        fetch_header(&a->answer, "Content-Type"));
    status = ask_worker(a, &request, &record, err);
    if (status == WW_OK)
        status = parse_answer_links(record, a->means.arena, out, err);
    buf_release(&request);
    return status;
}

enum ww_status ask_robots(struct ask *a, struct slice url, struct robots **out,
                          struct ww_error *err)
{
    struct slice address;
    enum ww_status status = url_resolve(SLICE("/robots.txt"), url, a->means.arena, &address, err);

    *out = NULL;
    if (status == WW_OK)
        status = ask_get(a, address, SLICE(""), SLICE(""), err);
    if (a->answer.http_status >= 400 && a->answer.http_status <= 499 &&
        a->answer.http_status != 429)
        return WW_OK;
    if (status != WW_OK)
        return status;
    *out = robots_parse(arena_copy(a->means.arena, buf_slice(&a->answer.body)),
                        slice_from(a->user_agent), a->means.arena);
    return *out != NULL ? WW_OK : arena_check(a->means.arena, err);
}
