/* crawl_parse.c - documents on their way to a worker and back, in the order in which they came. */
#include "crawler/crawl_parts.h"

#include "base/limits.h"

void crawl_parse(struct crawl *c, struct job *job)
{
    job->next_to_parse = NULL;
    if (c->last_to_parse != NULL)
        c->last_to_parse->next_to_parse = job;
    else
        c->first_to_parse = job;
    c->last_to_parse = job;
    c->n_to_parse++;
    c->bytes_to_parse += job->answer.body.len + job->answer.received.len;
}

static enum ww_status submit(struct crawl *c, struct job *job, struct ww_error *err)
{
    size_t slot = 0;
    enum ww_status status = WW_OK;

    while (c->parsing[slot] != NULL)
        slot++;
    buf_reset(&c->request);
    if (job->kind == JOB_FEED)
        feed_question(c, job);
    else if (job->kind == JOB_LIST)
        list_question(c, job);
    else if (job->kind == JOB_COPY)
        status = copy_question(c, job, err);
    else
        status = page_question(c, job, err);
    if (status == WW_OK)
        status = buf_finish(&c->request, err);
    if (status == WW_OK)
        status = workers_submit(c->workers, slot, buf_slice(&c->request), err);
    if (status == WW_OK) {
        c->parsing[slot] = job;
        c->n_parsing++;
        return WW_OK;
    }
    if (status == WW_TOO_BIG) {
        const struct ww_error why = *err;

        status = crawl_fail(c, job, &why, err);
    }
    crawl_drop_job(c, job);
    return status;
}

/* What parsing it may take at worst. */
static size_t weigh(const struct job *job)
{
    const size_t len = job->answer.body.len;

    return len < PAGE_ARENA_MAX_BYTES / PARSE_GROWTH_MAX ? len * PARSE_GROWTH_MAX
                                                         : PAGE_ARENA_MAX_BYTES;
}

/* Big documents are parsed one after the other: together they would take what all workers may. */
static bool has_room(const struct crawl *c, const struct job *job)
{
    size_t taken = 0;

    for (size_t i = 0; i < WORKERS_MAX; i++)
        if (c->parsing[i] != NULL)
            taken += weigh(c->parsing[i]);
    return taken == 0 || taken + weigh(job) <= PAGE_ARENA_MAX_BYTES;
}

static bool is_page(const struct job *job)
{
    return job->kind == JOB_PAGE || job->kind == JOB_LOOK;
}

/*
 * In a run the pages of a site are stored in the order in which it gave them, however long each
 * takes to parse: which of an article and its copy for phones comes first is no matter of chance,
 * nor what is learned of the site from both. A backfill asks one site for all, and takes them on
 * all cores.
 */
static bool waits_for_elder(const struct crawl *c, const struct job *job)
{
    const bool has_order = c->options->history == NULL && is_page(job);

    for (size_t i = 0; i < WORKERS_MAX && has_order; i++)
        if (c->parsing[i] != NULL && is_page(c->parsing[i]) && c->parsing[i]->origin == job->origin)
            return true;
    return false;
}

/* The next one for a worker, out of the queue; NULL: none may go now. */
static struct job *take_next(struct crawl *c)
{
    struct job *before = NULL, *job = c->first_to_parse;

    while (job != NULL && waits_for_elder(c, job)) {
        before = job;
        job = job->next_to_parse;
    }
    if (job == NULL || !has_room(c, job))
        return NULL;
    if (before != NULL)
        before->next_to_parse = job->next_to_parse;
    else
        c->first_to_parse = job->next_to_parse;
    if (c->last_to_parse == job)
        c->last_to_parse = before;
    c->n_to_parse--;
    c->bytes_to_parse -= job->answer.body.len + job->answer.received.len;
    return job;
}

enum ww_status crawl_submit(struct crawl *c, struct ww_error *err)
{
    struct job *job;
    enum ww_status status = WW_OK;

    while (status == WW_OK && c->n_parsing < WORKERS_MAX && workers_idle(c->workers) &&
           (job = take_next(c)) != NULL)
        status = submit(c, job, err);
    return status;
}

/* A document that stopped its worker is shown to one more, in case it was the worker. */
enum ww_status crawl_take_parsed(struct crawl *c, const struct workers_answer *answer,
                                 struct ww_error *err)
{
    struct job *job = c->parsing[answer->id];
    bool is_over = true, is_ours = true;
    enum ww_status status;

    c->parsing[answer->id] = NULL;
    c->n_parsing--;
    if (answer->worker_died && ++job->n_deaths < WORKER_DEATHS_MAX) {
        crawl_parse(c, job);
        return WW_OK;
    }
    status = crawl_owns(c, job, &is_ours, err);
    if (status != WW_OK || !is_ours) {
        crawl_drop_job(c, job);
        return status;
    }
    if (job->kind == JOB_FEED)
        status = feed_parsed(c, job, answer, err);
    else if (job->kind == JOB_LOOK)
        status = look_parsed(c, job, answer, err);
    else if (job->kind == JOB_LIST)
        status = list_parsed(c, job, answer, &is_over, err);
    else if (job->kind == JOB_COPY)
        status = copy_parsed(c, job, answer, err);
    else
        status = page_parsed(c, job, answer, err);
    if (is_over)
        crawl_drop_job(c, job);
    return status;
}
