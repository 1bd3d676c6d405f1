/*
 * crawl_robots.c - the gate before every page: robots.txt of its host, asked once a day.
 *
 * RFC 9309: no such file (4xx) allows everything, a server that fails (5xx, no answer) forbids
 * everything until it answers, and after a month of failing its last rules count again, or none if
 * it never had any. A host whose robots.txt cannot be had is left alone for this run; its pages
 * stay due.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/robots.h"
#include "crawler/schedule.h"
#include "storage/store_hosts.h"

#include <string.h>

/* The host of the rules: with its port, when that is not the usual one. */
static struct slice authority_name(struct slice address, struct arena *arena)
{
    struct slice host = url_host(address, arena);
    struct url url;

    url_split(address, &url);
    if (url.port.len == 0 ||
        slice_equal(url.port,
                    slice_equal_nocase(url.scheme, SLICE("https")) ? SLICE("443") : SLICE("80")))
        return host;
    return arena_printf(arena, "%.*s:%.*s", SLICE_ARG(host), SLICE_ARG(url.port));
}

/* A pause that is cut to what a run can keep is said, once a run. */
static void note_delay(struct crawl *c, struct host *host, int64_t delay_ms)
{
    if (delay_ms == CRAWL_DELAY_MAX_MS && host->crawl_delay_ms != delay_ms)
        log_event(c->log, LOG_INFO, "robots", "host=%.*s crawl-delay=%d longest=true",
                  SLICE_ARG(host->row.host), CRAWL_DELAY_MAX_MS / 1000);
    host->crawl_delay_ms = delay_ms;
}

/*
 * Hold the page against the rules. They are read anew for each: there are at least two seconds
 * between two pages of a host, and the rules of all hosts of a run may be half a gigabyte.
 */
static enum ww_status judge(struct crawl *c, const struct host *authority, const struct job *job,
                            enum robots_gate *gate, struct ww_error *err)
{
    struct host_row row = {0};
    struct robots *robots = NULL;
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, ROBOTS_ARENA_MAX_BYTES);
    status = store_host(c->store, authority->row.host, &arena, &row, err);
    if (status == WW_NOT_FOUND)
        status = WW_OK;
    if (status == WW_OK && row.robots.len > 0) {
        robots = robots_parse(row.robots, slice_from(c->user_agent), &arena);
        status = robots == NULL ? ww_fail(err, WW_NOMEM, "out of memory") : WW_OK;
    }
    if (status == WW_OK) {
        note_delay(c, job->host, robots_delay_ms(robots));
        *gate = robots_allows_url(robots, slice_from(job->url), &arena) ? ROBOTS_ALLOWS
                                                                        : ROBOTS_FORBIDS;
    }
    arena_release(&arena);
    return status;
}

/* Is what the store knows young enough, and not from a wrong clock's future? */
static bool is_fresh(const struct crawl *c, const struct host *host)
{
    const int64_t age = clock_now(c->clock) - host->row.robots_fetched_at;

    return host->row.robots_fetched_at > 0 && age >= 0 && age < ROBOTS_CACHE_S;
}

/* robots.txt goes to the front of the queue of the page's host. */
static enum ww_status ask(struct crawl *c, struct job *page, struct host *authority,
                          struct ww_error *err)
{
    struct slice address;
    struct url url;
    enum ww_status status;

    url_split(slice_from(page->url), &url);
    address = arena_printf(&page->arena, "%.*s://%.*s%s%.*s/robots.txt", SLICE_ARG(url.scheme),
                           SLICE_ARG(url.host), url.port.len > 0 ? ":" : "", SLICE_ARG(url.port));
    status = crawl_add_job(c, JOB_ROBOTS, 0, address, true, authority, err);
    if (status == WW_OK)
        authority->robots_state = HOST_ROBOTS_ASKED;
    return status;
}

enum ww_status robots_gate(struct crawl *c, struct job *job, enum robots_gate *gate,
                           struct ww_error *err)
{
    struct host *authority = NULL;
    enum ww_status status =
        hosts_find(c->hosts, authority_name(slice_from(job->url), &job->arena), &authority, err);

    if (status == WW_OK && authority->robots_state == HOST_ROBOTS_UNKNOWN) {
        if (is_fresh(c, authority))
            authority->robots_state = HOST_ROBOTS_STORED;
        else if (authority->is_out)
            *gate = ROBOTS_IS_SILENT;
        else
            status = ask(c, job, authority, err);
    }
    if (status != WW_OK || authority->robots_state == HOST_ROBOTS_UNKNOWN)
        return status;
    if (authority->robots_state == HOST_ROBOTS_ASKED) {
        arena_release(&job->arena);
        job->link.next = authority->parked;
        authority->parked = &job->link;
        *gate = ROBOTS_IS_ASKED;
        return WW_OK;
    }
    return judge(c, authority, job, gate, err);
}

/*
 * Those that waited go on, in their order, before all others: they come back undone when the host
 * is out.
 */
static enum ww_status release_parked(struct crawl *c, struct host *authority, struct ww_error *err)
{
    struct host_job *link;
    enum ww_status status = WW_OK;

    while (status == WW_OK && (link = authority->parked) != NULL) {
        authority->parked = link->next;
        status = hosts_add(c->hosts, ((struct job *)link)->host, link, true, err);
    }
    return status;
}

static enum ww_status remember(struct crawl *c, struct job *job, struct slice text,
                               struct ww_error *err)
{
    struct host_row *row = &job->authority->row;
    struct slice etag = fetch_header(&job->answer, "ETag");
    struct slice modified = fetch_header(&job->answer, "Last-Modified");
    struct host_row stored;
    enum ww_status status;

    row->robots_status = job->answer.http_status;
    row->robots_fetched_at = clock_now(c->clock);
    row->robots_failing_since = 0;
    /* Validators belong to the address that was asked first. */
    row->robots_etag = row->robots_last_modified = (struct slice){"", 0};
    if (job->n_redirects == 0 && text.len > 0 && etag.len <= VALIDATOR_MAX_BYTES)
        row->robots_etag = hosts_keep(c->hosts, etag);
    if (job->n_redirects == 0 && text.len > 0 && modified.len <= VALIDATOR_MAX_BYTES)
        row->robots_last_modified = hosts_keep(c->hosts, modified);
    job->authority->robots_state = HOST_ROBOTS_STORED;
    stored = *row;
    stored.robots = text;
    status = crawl_write(c, err);
    return status == WW_OK ? store_save_host(c->store, &stored, err) : status;
}

static void fail(struct crawl *c, struct job *job)
{
    struct host *authority = job->authority;
    const int64_t now = clock_now(c->clock);
    struct ww_error why = {0};

    authority->row.robots_status = job->answer.http_status;
    if (job->answer.status == WW_OK)
        (void)ww_fail(&why, WW_UNREACHABLE, "robots.txt: status %ld", job->answer.http_status);
    else
        (void)ww_fail(&why, WW_UNREACHABLE, "robots.txt: %s", job->answer.error.message);
    if (authority->row.robots_failing_since == 0)
        authority->row.robots_failing_since = now;
    authority->must_save = true;
    if (now - authority->row.robots_failing_since > ROBOTS_FAILING_MAX_S) {
        /*
         * Its last rules, if it ever had any; for a day, because this answer may have put the host
         * out for this run.
         */
        authority->robots_state = HOST_ROBOTS_STORED;
        authority->row.robots_fetched_at = now;
    } else {
        authority->robots_state = HOST_ROBOTS_UNKNOWN;
        hosts_hold(authority, 0, &why);
    }
    log_event(c->log, LOG_WARN, "robots", "host=%.*s error=%s", SLICE_ARG(authority->row.host),
              why.message);
}

enum ww_status robots_answered(struct crawl *c, struct job *job, struct ww_error *err)
{
    struct host *authority = job->authority;
    const struct fetch_answer *answer = &job->answer;
    const long code = answer->http_status;
    enum ww_status status = WW_OK;

    if (answer->status == WW_OK && code == 200 && blame_suspects_portal(c, job)) {
        fail(c, job); /* not its own words */
    } else if (answer->status == WW_OK && code == 200) {
        status = remember(c, job, buf_slice(&answer->body), err);
    } else if (answer->status == WW_OK && code == 304 &&
               authority->row.robots_etag.len + authority->row.robots_last_modified.len > 0) {
        authority->row.robots_fetched_at = clock_now(c->clock);
        authority->row.robots_failing_since = 0;
        authority->must_save = true;
        authority->robots_state = HOST_ROBOTS_STORED;
    } else if ((answer->status == WW_OK && code >= 400 && code < 500 && code != 429) ||
               answer->status == WW_NOT_FOUND || answer->status == WW_REFUSED) {
        /* There is none, or a redirect that leads nowhere. Said when it is kept from us. */
        if (code == 401 || code == 403)
            log_event(c->log, LOG_INFO, "robots", "host=%.*s status=%ld rules=none",
                      SLICE_ARG(authority->row.host), code);
        status = remember(c, job, SLICE(""), err);
    } else {
        fail(c, job);
    }
    return status == WW_OK ? release_parked(c, authority, err) : status;
}

enum ww_status robots_lost(struct crawl *c, struct job *job, struct ww_error *err)
{
    job->authority->robots_state = HOST_ROBOTS_UNKNOWN;
    return release_parked(c, job->authority, err);
}
