/* discover.c - fetch one address and say which feeds are behind it. */
#include "crawler/discover.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/url.h"
#include "crawler/crawl.h"
#include "crawler/fetch.h"
#include "crawler/parse.h"
#include "crawler/workers.h"
#include "extractors/links.h"
#include "feeds/feed.h"

#define WAIT_MS 200
#define USER_AGENT_BYTES 256

struct looking {
    struct fetch *fetch;
    struct workers *workers;
    struct arena *arena;
    struct fetch_answer answer; /* of the last fetch */
    struct slice url;           /* where it answered */
};

/* One hop. */
static enum ww_status get(struct looking *l, struct slice url, struct ww_error *err)
{
    struct fetch_request request = {.url = url,
                                    .accept = "application/atom+xml, application/rss+xml, "
                                              "application/feed+json, text/html;q=0.8, */*;q=0.5"};
    enum ww_status status = fetch_start(l->fetch, &request, &l->answer, err);

    if (status != WW_OK)
        return status;
    while (fetch_next(l->fetch) == NULL)
        fetch_wait(l->fetch, NULL, 0, WAIT_MS);
    if (l->answer.status != WW_OK && err != NULL)
        *err = l->answer.error;
    return l->answer.status;
}

static enum ww_status judge(long http, struct slice url, struct ww_error *err)
{
    enum ww_status status = WW_REFUSED;

    if (http >= 200 && http <= 299)
        return WW_OK;
    if (http == 404 || http == 410)
        status = WW_NOT_FOUND;
    else if (http == 429 || http >= 500)
        status = WW_UNREACHABLE;
    return ww_fail(err, status, "%.*s answers %ld", SLICE_ARG(url), http);
}

static enum ww_status get_following(struct looking *l, struct slice url, struct ww_error *err)
{
    for (int hop = 0; hop <= REDIRECT_MAX; hop++) {
        enum ww_status status = get(l, url, err);
        long http = l->answer.http_status;

        l->url = url;
        if (status != WW_OK)
            return status;
        if (http < 300 || http > 399)
            return judge(http, url, err);
        status = fetch_location(&l->answer, url, l->arena, &url, err);
        if (status != WW_OK)
            return status;
    }
    return ww_fail(err, WW_REFUSED, "%.*s: more than %d redirects", SLICE_ARG(url), REDIRECT_MAX);
}

static enum ww_status ask_worker(struct looking *l, const struct buf *request,
                                 struct workers_answer *answer, struct ww_error *err)
{
    enum ww_status status = buf_finish(request, err);

    if (status == WW_OK)
        status = workers_submit(l->workers, 1, buf_slice(request), err);
    if (status == WW_OK)
        status = workers_wait(l->workers, -1, answer, err);
    if (status != WW_OK)
        return status;
    if (answer->status != WW_OK && err != NULL)
        *err = answer->error;
    return answer->status;
}

static enum ww_status read_feed(struct looking *l, struct found_feed *out, struct ww_error *err)
{
    struct workers_answer answer = {0};
    struct buf request;
    struct feed feed;
    struct slice charset;
    enum ww_status status;

    buf_init(&request, REQUEST_MAX_BYTES);
    parse_request_feed(&request, buf_slice(&l->answer.body),
                       fetch_header(&l->answer, "Content-Type"), l->url);
    status = ask_worker(l, &request, &answer, err);
    if (status == WW_OK)
        status = parse_answer_feed(answer.record, l->arena, &feed, &charset, err);
    buf_release(&request);
    if (status != WW_OK)
        return status;
    *out = (struct found_feed){.url = arena_copy(l->arena, l->url),
                               .title = arena_copy(l->arena, feed.title),
                               .language = arena_copy(l->arena, feed.language),
                               .format = arena_string(l->arena, slice_from(feed.format)),
                               .n_entries = feed.n_entries};
    for (size_t i = 0; i < feed.n_entries; i++) {
        const struct entry *e = &feed.entries[i];

        out->n_full_text += e->content.len > 0;
        if (e->published.precision != DATE_NONE && e->published.at > out->newest_at)
            out->newest_at = e->published.at;
    }
    return arena_check(l->arena, err);
}

static enum ww_status read_links(struct looking *l, struct page_links *out, struct ww_error *err)
{
    struct workers_answer answer = {0};
    struct buf request;
    struct slice record;
    enum ww_status status;

    buf_init(&request, REQUEST_MAX_BYTES);
    parse_request_links(&request, buf_slice(&l->answer.body), l->url,
                        fetch_header(&l->answer, "Content-Type"));
    status = ask_worker(l, &request, &answer, err);
    if (status == WW_OK) {
        record = arena_copy(l->arena, answer.record); /* outlives the next question */
        status = parse_answer_links(record, l->arena, out, err);
    }
    buf_release(&request);
    return status;
}

/* The feeds a page announces; those that cannot be had are left out. */
static enum ww_status follow_links(struct looking *l, struct found_feeds *out, struct ww_error *err)
{
    struct page_links links = {0};
    enum ww_status status = read_links(l, &links, err);
    size_t n = links.n_feeds < DISCOVER_MAX ? links.n_feeds : DISCOVER_MAX;

    for (size_t i = 0; status == WW_OK && i < n; i++)
        if (get_following(l, links.feeds[i].url, NULL) == WW_OK &&
            read_feed(l, &out->rows[out->n_rows], NULL) == WW_OK)
            out->n_rows++;
    return status;
}

enum ww_status discover_feeds(const struct crawl_options *options, struct slice url,
                              struct workers *workers, struct arena *arena, struct found_feeds *out,
                              struct ww_error *err)
{
    struct looking l = {.workers = workers, .arena = arena};
    char user_agent[USER_AGENT_BYTES];
    struct fetch_options fetch_options;
    enum ww_status status;

    crawl_user_agent(options->contact, user_agent, sizeof(user_agent));
    crawl_fetch_options(options, user_agent, &fetch_options);
    *out = (struct found_feeds){.rows = arena_array(arena, DISCOVER_MAX, sizeof(*out->rows))};
    if (out->rows == NULL)
        return arena_check(arena, err);
    status = fetch_open(&fetch_options, &l.fetch, err);
    if (status == WW_OK)
        status = get_following(&l, url, err);
    if (status == WW_OK && read_feed(&l, &out->rows[0], NULL) == WW_OK)
        out->n_rows = 1;
    else if (status == WW_OK)
        status = follow_links(&l, out, err);
    fetch_close(l.fetch);
    fetch_answer_release(&l.answer);
    if (status == WW_OK && out->n_rows == 0)
        return ww_fail(err, WW_NOT_FOUND, "%.*s is no feed and announces none", SLICE_ARG(url));
    return status;
}
