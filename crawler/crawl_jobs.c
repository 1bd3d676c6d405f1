/*
 * crawl_jobs.c - what there is to do in a run: due feeds, due pages, and the jobs made of them.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/url.h"

#include <stdint.h>
#include <string.h>

/* A small page takes 2 KiB of this, the largest possible answer all of it. */
#define JOB_ARENA_MAX_BYTES (128 * 1024 * 1024)

/* What waits in the queue of a host, of which there are many: it becomes a job in its turn. */
struct ticket {
    struct host_job link; /* first: queues hand it back as this */
    enum job_kind kind;
    bool is_counted; /* among the feeds whose hosts wait for their first moment */
    int64_t id;
    struct host *host, *authority;
    char url[];
};

enum ww_status crawl_add_job(struct crawl *c, enum job_kind kind, int64_t id, struct slice url,
                             bool is_first, struct host *authority, struct ww_error *err)
{
    struct ticket *ticket;
    struct arena arena;
    struct slice host;
    enum ww_status status;

    if (kind == JOB_PAGE && c->n_page_jobs >= PAGES_PER_RUN_MAX) {
        c->summary->n_pages_left++; /* as due in the next run as it is now */
        return WW_OK;
    }
    c->n_page_jobs += kind == JOB_PAGE;
    ticket = url.len < SIZE_MAX - sizeof(*ticket) ? mem_alloc(sizeof(*ticket) + url.len + 1) : NULL;
    if (ticket == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    ticket->link.is_ticket = true;
    ticket->kind = kind;
    ticket->id = id;
    ticket->authority = authority;
    memcpy(ticket->url, url.ptr, url.len);
    arena_init(&arena, JOB_ARENA_MAX_BYTES);
    host = url_host(url, &arena);
    status = arena_check(&arena, err);
    if (status == WW_OK)
        status = hosts_find(c->hosts, host, &ticket->host, err);
    arena_release(&arena);
    if (status == WW_OK && kind == JOB_FEED && hosts_is_idle(ticket->host)) {
        ticket->is_counted = true;
        c->claiming.n_waiting++;
    }
    if (status == WW_OK)
        status = hosts_add(c->hosts, ticket->host, &ticket->link, is_first, err);
    if (status != WW_OK)
        mem_free(ticket);
    return status;
}

bool crawl_is_feed_ticket(const struct host_job *link, int64_t *id)
{
    const struct ticket *ticket = (const struct ticket *)link;

    if (!link->is_ticket || ticket->kind != JOB_FEED)
        return false;
    *id = ticket->id;
    return true;
}

void crawl_drop_ticket(struct crawl *c, struct host_job *link)
{
    c->claiming.n_waiting -= ((struct ticket *)link)->is_counted;
    mem_free(link);
}

enum ww_status crawl_begin_job(struct crawl *c, struct host_job *link, struct job **out,
                               struct ww_error *err)
{
    struct ticket *ticket = (struct ticket *)link;
    struct job *job;

    *out = (struct job *)link;
    if (!link->is_ticket)
        return WW_OK;
    job = mem_alloc(sizeof(*job));
    if (job != NULL)
        job->url = mem_string(ticket->url, strlen(ticket->url));
    if (job == NULL || job->url == NULL) {
        mem_free(job);
        mem_free(ticket);
        return ww_fail(err, WW_NOMEM, "out of memory");
    }
    c->claiming.n_waiting -= ticket->is_counted;
    job->kind = ticket->kind;
    job->id = ticket->id;
    job->host = job->origin = ticket->host;
    job->authority = ticket->authority;
    job->answer.owner = job;
    job->is_permanent = true;
    job->after = c->jobs;
    if (c->jobs != NULL)
        c->jobs->before = job;
    c->jobs = job;
    arena_init(&job->arena, JOB_ARENA_MAX_BYTES);
    arena_init(&job->piece_arena, JOB_ARENA_MAX_BYTES);
    buf_init(&job->piece_room, LIST_PIECE_MAX_BYTES * 2);
    mem_free(ticket);
    *out = job;
    return WW_OK;
}

/* Jobs that were begun stand in a list of their own. */
void crawl_drop_tickets(struct crawl *c)
{
    struct host *host;

    for (size_t i = 0; c->hosts != NULL && (host = hosts_at(c->hosts, i)) != NULL; i++) {
        struct host_job *link;

        while ((link = hosts_take(host)) != NULL) {
            if (!link->is_ticket)
                continue;
            c->summary->n_pages_left += ((struct ticket *)link)->kind == JOB_PAGE;
            crawl_drop_ticket(c, link);
        }
    }
}

void crawl_drop_job(struct crawl *c, struct job *job)
{
    crawl_close_work(job);
    if (job->before != NULL)
        job->before->after = job->after;
    else
        c->jobs = job->after;
    if (job->after != NULL)
        job->after->before = job->before;
    c->n_unsaved++;
    fetch_answer_release(&job->answer);
    arena_release(&job->arena);
    arena_release(&job->piece_arena);
    buf_release(&job->piece_room);
    mem_free(job->url);
    mem_free(job);
}

enum ww_status crawl_load_pages(struct crawl *c, struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    struct page_host_list hosts = {0};
    struct arena arena, rows;
    size_t n = 0;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    arena_init(&rows, LISTS_ARENA_MAX_BYTES);
    status = store_list_due_hosts(c->store, now, STORE_LIVE, &arena, &hosts, err);
    for (size_t i = 0; status == WW_OK && i < hosts.n_rows && n < PAGES_PER_RUN_MAX; i++) {
        const struct page_filter filter = {.window = {.limit = PAGES_PER_HOST_MAX},
                                           .has_state = true,
                                           .state = PAGE_STATE_QUEUED,
                                           .due_by = now,
                                           .history = STORE_LIVE,
                                           .host = hosts.rows[i].host};
        struct page_list pages = {0};

        status = store_list_pages(c->store, &filter, &rows, &pages, err);
        for (size_t k = 0; status == WW_OK && k < pages.n_rows; k++, n++)
            status =
                crawl_add_job(c, JOB_PAGE, pages.rows[k].id, pages.rows[k].url, false, NULL, err);
        arena_reset(&rows);
    }
    arena_release(&rows);
    arena_release(&arena);
    return status;
}
