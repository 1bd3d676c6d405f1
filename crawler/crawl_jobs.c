/*
 * crawl_jobs.c - what there is to do in a run: due feeds, due pages, and the jobs made of them.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/url.h"
#include "crawler/schedule.h"

/* A small page takes 2 KiB of this, the largest possible answer all of it. */
#define JOB_ARENA_MAX_BYTES (128 * 1024 * 1024)

enum ww_status crawl_add_job(struct crawl *c, enum job_kind kind, int64_t id, struct slice url,
                             bool is_first, struct job **out, struct ww_error *err)
{
    struct job *job;
    char *copy;
    struct slice name;
    enum ww_status status;

    if (kind == JOB_PAGE && c->n_page_jobs >= PAGES_PER_RUN_MAX) {
        c->summary->n_pages_left++; /* as due in the next run as it is now */
        return WW_OK;
    }
    c->n_page_jobs += kind == JOB_PAGE;
    job = mem_alloc(sizeof(*job));
    copy = mem_string(url.ptr, url.len);
    if (job == NULL || copy == NULL) {
        mem_free(job);
        mem_free(copy);
        return ww_fail(err, WW_NOMEM, "out of memory");
    }
    job->kind = kind;
    job->id = id;
    job->url = copy;
    job->answer.owner = job;
    job->is_permanent = true;
    job->after = c->jobs;
    if (c->jobs != NULL)
        c->jobs->before = job;
    c->jobs = job;
    arena_init(&job->arena, JOB_ARENA_MAX_BYTES);
    name = url_host(url, &job->arena);
    status = hosts_find(c->hosts, name, &job->host, err);
    arena_release(&job->arena);
    if (status == WW_OK)
        status = hosts_add(c->hosts, job->host, &job->link, is_first, err);
    if (status != WW_OK)
        crawl_drop_job(c, job);
    else if (out != NULL)
        *out = job;
    return status;
}

void crawl_drop_job(struct crawl *c, struct job *job)
{
    if (job->before != NULL)
        job->before->after = job->after;
    else
        c->jobs = job->after;
    if (job->after != NULL)
        job->after->before = job->before;
    fetch_answer_release(&job->answer);
    arena_release(&job->arena);
    mem_free(job->url);
    mem_free(job);
}

enum ww_status crawl_blame_later(struct crawl *c, const struct job *job, const struct ww_error *why,
                                 struct ww_error *err)
{
    struct blame *blames =
        mem_grow(c->blames, c->n_blames, &c->blames_capacity, sizeof(struct blame));

    if (blames == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    c->blames = blames;
    blames[c->n_blames++] = (struct blame){job->kind, job->id, *why};
    return WW_OK;
}

enum ww_status crawl_load_feeds(struct crawl *c, struct ww_error *err)
{
    struct feed_filter filter = {.has_state = true, .state = FEED_STATE_ACTIVE};
    struct feed_list feeds = {0};
    struct arena arena;
    enum ww_status status = WW_OK;
    const int64_t now = clock_now(c->clock);

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    filter.window.limit = FEEDS_PER_RUN_MAX;
    if (!c->options->asks_all)
        filter.due_by = schedule_due_by(now, c->options->min_interval_s);
    status = store_list_feeds(c->store, &filter, &arena, &feeds, err);
    for (size_t i = 0; status == WW_OK && i < feeds.n_rows; i++) {
        struct ww_error why = {0};

        if (url_is_fetchable(feeds.rows[i].url)) {
            status =
                crawl_add_job(c, JOB_FEED, feeds.rows[i].id, feeds.rows[i].url, false, NULL, err);
            continue;
        }
        (void)ww_fail(&why, WW_INVALID, "not an http or https address");
        status = feed_failed(c, feeds.rows[i].id, NULL, &why, err);
    }
    arena_release(&arena);
    return status;
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
    status = store_list_due_hosts(c->store, now, STORE_ANY_HISTORY, &arena, &hosts, err);
    for (size_t i = 0; status == WW_OK && i < hosts.n_rows && n < PAGES_PER_RUN_MAX; i++) {
        const struct page_filter filter = {.window = {.limit = PAGES_PER_HOST_MAX},
                                           .has_state = true,
                                           .state = PAGE_STATE_QUEUED,
                                           .due_by = now,
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
