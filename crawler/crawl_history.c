/*
 * crawl_history.c - a round of a backfill: what there is to do, and what comes of lists and finds.
 * Archived copies: crawl_copy.c.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/pace.h"
#include "crawler/parse.h"
#include "crawler/schedule.h"
#include "storage/store_articles.h"

#include <stdio.h>

/* A backfill that may not ask now looks again after this. */
#define MAY_NOT_ASK_MS 1000

/* ---- what there is to do --------------------------------------------------------------------- */

/*
 * A page that left the queue while this find still waits for it: another backfill's, or a run's.
 * One that could not be had is read from the text that the list brought.
 */
static enum ww_status settle_left(struct crawl *c, const struct history_due *due,
                                  struct arena *arena, struct ww_error *err)
{
    struct page_row page = {0};
    enum ww_status status = store_page(c->store, due->page_id, arena, &page, err);

    if (status == WW_OK && due->has_text && page.state != PAGE_STATE_DONE)
        return crawl_add_job(c, JOB_COPY, due->find_id, due->url, false, NULL, err);
    if (status == WW_OK)
        status = crawl_write(c, err);
    return status == WW_OK ? history_page_settled(c, &page, false, err) : status;
}

static enum ww_status load_finds(struct crawl *c, struct ww_error *err)
{
    const struct crawl_history *h = c->options->history;
    struct history_due_list due = {0};
    struct arena arena, scratch;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    arena_init(&scratch, LISTS_ARENA_MAX_BYTES);
    status = store_history_due(c->store, h->order->id, clock_now(c->clock), PAGES_PER_HOST_MAX,
                               PAGES_PER_RUN_MAX, &arena, &due, err);
    for (size_t i = 0; status == WW_OK && i < due.n_rows; i++) {
        const struct history_due *d = &due.rows[i];

        if (d->is_page_due && !d->has_text && h->order->captures != CAPTURES_ONLY)
            status = crawl_add_job(c, JOB_PAGE, d->page_id, d->url, false, NULL, err);
        else if (d->has_text && d->is_page_due)
            status = crawl_add_job(c, JOB_COPY, d->find_id, d->url, false, NULL, err);
        else if (d->capture.len > 0)
            status = crawl_add_job(c, JOB_COPY, d->find_id, d->capture, false, NULL, err);
        else
            status = settle_left(c, d, &scratch, err);
        arena_reset(&scratch);
    }
    arena_release(&scratch);
    arena_release(&arena);
    return status;
}

static enum ww_status add_list_job(struct crawl *c, const struct list_row *list, bool is_first,
                                   struct arena *arena, struct ww_error *err)
{
    const struct crawl_history *h = c->options->history;
    struct list_question question = {0};
    struct ww_error why = {0};
    enum ww_status status = h->ask(h->context, list, arena, &question, &why);

    if (status == WW_NOMEM)
        return ww_fail(err, status, "%s", why.message);
    return status == WW_OK ? crawl_add_job(c, JOB_LIST, list->id, question.url, is_first, NULL, err)
                           : list_failed(c, list->id, 0, &why, err);
}

enum ww_status history_load(struct crawl *c, struct ww_error *err)
{
    const struct crawl_history *h = c->options->history;
    struct list_rows lists = {0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = store_due_lists(c->store, h->order->id, clock_now(c->clock), HISTORY_LISTS_PER_ROUND,
                             &arena, &lists, err);
    for (size_t i = 0; status == WW_OK && i < lists.n_rows; i++)
        status = add_list_job(c, &lists.rows[i], false, &arena, err);
    arena_release(&arena);
    return status == WW_OK && !h->only_lists ? load_finds(c, err) : status;
}

bool history_is_spent(const struct crawl *c)
{
    const struct crawl_history *h = c->options->history;

    return h != NULL &&
           (h->is_over || (h->requests_max > 0 &&
                           h->n_requests + (int64_t)fetch_in_flight(c->fetch) >= h->requests_max));
}

bool history_may_ask(struct crawl *c, const struct job *job, int64_t *wait_ms)
{
    const struct crawl_history *h = c->options->history;

    *wait_ms = MAY_NOT_ASK_MS;
    if (h == NULL || h->may_ask == NULL)
        return true;
    return h->may_ask(h->context, job->is_archive);
}

int64_t history_pause(const struct crawl *c, int64_t least_ms)
{
    const int64_t ordered = c->options->history->order->delay_ms;

    return ordered > least_ms ? ordered : least_ms;
}

/* The Wayback Machine names in a header why it does not show this copy: that is no refusal. */
static bool is_of_the_copy(const struct job *job)
{
    return job->kind == JOB_COPY &&
           fetch_header(&job->answer, "X-Archive-Wayback-Runtime-Error").len > 0;
}

bool history_learn(struct crawl *c, struct job *job)
{
    struct crawl_history *h = c->options->history;
    const struct fetch_answer *answer = &job->answer;
    struct ww_error why = {0};
    int64_t not_before = 0;
    enum refusal refusal;

    job->is_refused = false;
    if (h == NULL || !job->is_archive || is_of_the_copy(job))
        return false;
    refusal = pace_refusal(answer->http_status, fetch_header(answer, "Retry-After"),
                           clock_now(c->clock), h->n_pauses, h->n_429, &not_before);
    if (refusal == REFUSAL_NONE)
        return false;
    job->is_refused = true;
    h->n_pauses++;
    h->n_429 += answer->http_status == 429;
    (void)ww_fail(&why, WW_UNREACHABLE, "status %ld: %.*s asks for a pause", answer->http_status,
                  SLICE_ARG(job->host->row.host));
    if (refusal == REFUSAL_STOP) {
        h->is_refused = true;
        (void)snprintf(h->refusal, sizeof(h->refusal), "%.*s answers %ld: it is asked no more now",
                       SLICE_ARG(job->host->row.host), answer->http_status);
    }
    hosts_hold(job->host, not_before, &why);
    return true;
}

/* ---- a list is asked ------------------------------------------------------------------------- */

enum ww_status list_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err)
{
    const struct crawl_history *h = c->options->history;
    enum robots_gate gate = ROBOTS_ALLOWS;
    struct ww_error why = {0};
    enum ww_status status = store_list(c->store, job->id, &job->arena, &job->list, err);

    *goes = false;
    if (status != WW_OK)
        return status;
    status = h->ask(h->context, &job->list, &job->arena, &job->question, &why);
    if (status == WW_NOMEM)
        return ww_fail(err, status, "%s", why.message);
    if (status != WW_OK) { /* the list's own fault, as in add_list_job */
        status = list_failed(c, job->id, 0, &why, err);
        crawl_drop_job(c, job);
        return status;
    }
    job->is_archive = job->question.is_archive;
    if (job->is_archive || job->question.pause_ms > 0)
        hosts_pace(job->host, history_pause(c, job->question.pause_ms), job->is_archive);
    request->accept = job->question.accept != NULL ? job->question.accept : "*/*";
    request->is_list = true;
    if (!job->is_archive && !slice_equal(job->list.format, SLICE("robots")))
        status = robots_gate(c, job, &gate, err);
    *goes = status == WW_OK && gate == ROBOTS_ALLOWS;
    if (status == WW_OK && gate == ROBOTS_FORBIDS) {
        (void)ww_fail(&why, WW_REFUSED, "robots.txt of %.*s forbids it",
                      SLICE_ARG(job->host->row.host));
        status = list_failed(c, job->id, 0, &why, err);
    }
    if (gate == ROBOTS_FORBIDS || gate == ROBOTS_IS_SILENT)
        crawl_drop_job(c, job);
    return status;
}

/* Tried again later, or given up: what cannot change is given up at once. */
enum ww_status list_failed(struct crawl *c, int64_t list_id, long http_status,
                           const struct ww_error *why, struct ww_error *err)
{
    struct list_row list = {0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = crawl_write(c, err);
    if (status == WW_OK)
        status = store_list(c->store, list_id, &arena, &list, err);
    if (status == WW_OK) {
        list.n_tries++;
        list.last_status = http_status;
        list.last_error = slice_from(why->message);
        list.fetched_at = clock_now(c->clock);
        list.not_before = schedule_list_retry(list.fetched_at, list.id, list.n_tries);
        if (list.not_before == 0 || why->status == WW_REFUSED || why->status == WW_INVALID ||
            why->status == WW_TOO_BIG)
            list.state = LIST_FAILED;
        log_event(c->log, LOG_WARN, "backfill", "list=%.*s state=%s tries=%lld error=%s",
                  SLICE_ARG(list.url), list.state == LIST_FAILED ? "failed" : "queued",
                  (long long)list.n_tries, why->message);
        status = store_update_list(c->store, &list, err);
    }
    arena_release(&arena);
    return status;
}

/* ---- an answer ------------------------------------------------------------------------------- */

static enum ww_status apply(struct crawl *c, struct job *job, const struct finds *finds,
                            const struct ww_error *unread, struct ww_error *err);

/* A file in gzip, not a transfer in it: unpacked here, within bounds. */
static enum ww_status unpack(struct job *job, struct ww_error *why)
{
    struct slice body = buf_slice(&job->answer.body);
    enum ww_status status = WW_OK;

    if (inflate_is_gzip(body))
        status = inflate_all(body, LIST_INFLATED_MAX_BYTES, &job->arena, &body, why);
    finds_pieces_init(&job->pieces, body);
    job->n_found_before = job->list.n_found;
    return status;
}

/* The piece stays the job's until the next is taken: a worker that dies is asked for it again. */
static bool take_piece(struct job *job)
{
    job->piece = (struct slice){"", 0};
    return finds_next_piece(&job->pieces, LIST_PIECE_MAX_BYTES, &job->piece_room, &job->piece);
}

enum ww_status list_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err)
{
    const struct fetch_answer *answer = &job->answer;
    struct ww_error why = answer->error;

    if (answer->status != WW_OK)
        return blame_page(c, job, answer->http_status, &why, err);
    if (blame_suspects_portal(c, job))
        return WW_OK;
    c->options->history->n_lists++;
    if (answer->http_status != 200 || job->question.format == FINDS_FORMAT_COUNT)
        return apply(c, job, NULL, NULL, err);
    if (unpack(job, &why) != WW_OK)
        return apply(c, job, NULL, &why, err);
    (void)take_piece(job);
    *is_over = false;
    crawl_parse(c, job);
    return WW_OK;
}

void list_question(struct crawl *c, const struct job *job)
{
    parse_request_finds(&c->request, job->question.format, job->piece,
                        fetch_header(&job->answer, "Content-Type"), slice_from(job->url));
}

enum ww_status list_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           bool *is_over, struct ww_error *err)
{
    struct finds finds = {0};
    struct ww_error why = answer->error;
    enum ww_status status = answer->status;

    arena_reset(&job->piece_arena);
    if (status == WW_OK)
        status = parse_answer_finds(answer->record, &job->piece_arena, &finds, &why);
    if (status == WW_NOMEM && job->piece_arena.failed)
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (status != WW_OK)
        return apply(c, job, NULL, &why, err);
    job->is_last_piece = job->pieces.rest.len == 0 || !take_piece(job);
    status = apply(c, job, &finds, NULL, err);
    if (status != WW_OK || job->is_last_piece)
        return status;
    *is_over = false;
    crawl_parse(c, job);
    return WW_OK;
}

/* ---- what it names --------------------------------------------------------------------------- */

/* The store may have the article already, whoever brought it. */
static enum ww_status is_stored(struct crawl *c, struct slice canonical, struct arena *arena,
                                bool *out, struct ww_error *err)
{
    struct article_row row;
    enum ww_status status = store_article_by_canonical(c->store, canonical, arena, &row, err);

    *out = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status history_queue_find(struct store *store, const struct crawl_history *h, int64_t now,
                                  struct find_row *find, struct arena *arena, struct ww_error *err)
{
    struct page_row page = {.url = find->url,
                            .canonical = find->canonical,
                            .host = url_host(find->url, arena),
                            .state = PAGE_STATE_QUEUED,
                            .is_historic = true,
                            .provenance = h->provenance,
                            .added_at = now};
    bool is_new = false;
    enum ww_status status = store_queue_page(store, &page, &find->page_id, &is_new, err);

    find->state = FIND_QUEUED;
    if (status != WW_OK || is_new)
        return status;
    status = store_page(store, find->page_id, arena, &page, err);
    if (status != WW_OK || page.state == PAGE_STATE_QUEUED)
        return status;
    if (page.state == PAGE_STATE_REFUSED && page.fetched_at == 0) /* of a cancelled backfill */
        return store_requeue_page(store, page.id, now, err);
    if (page.state == PAGE_STATE_DONE) {
        if (find->capture.len == 0 || h->order->captures != CAPTURES_BOTH)
            find->state = FIND_KNOWN;
    } else if (find->capture.len == 0 && find->text.len == 0) { /* given up once before */
        find->state = FIND_FAILED;
        find->message = page.last_error;
    }
    return WW_OK;
}

/* Judge one find and write it. */
static enum ww_status keep_find(struct crawl *c, const struct list_row *list, struct find_row *find,
                                struct arena *arena, struct list_row *counts, struct ww_error *err)
{
    struct crawl_history *h = c->options->history;
    struct ww_error why = {0};
    bool is_known = false, is_new = false;
    enum ww_status status = WW_INVALID;

    if (url_is_fetchable(find->url))
        status = url_canonical(find->url, arena, &find->canonical, &why);
    if (status == WW_INVALID) {
        counts->n_bad++;
        return WW_OK;
    }
    find->backfill_id = h->order->id;
    find->list_id = list->id;
    find->state = FIND_FOUND;
    if (status == WW_OK)
        status = is_stored(c, find->canonical, arena, &is_known, err);
    if (status == WW_OK && is_known &&
        (find->capture.len == 0 || h->order->captures != CAPTURES_BOTH))
        find->state = FIND_KNOWN;
    else if (status == WW_OK && h->wants != NULL && !h->wants(h->context, find->title, find->url))
        find->state = FIND_PASSED;
    else if (status == WW_OK && !h->only_lists)
        status = history_queue_find(c->store, h, clock_now(c->clock), find, arena, err);
    if (find->state == FIND_KNOWN || find->state == FIND_PASSED)
        find->text = (struct slice){"", 0};
    if (status == WW_OK)
        status = store_add_find(c->store, find, &find->id, &is_new, err);
    counts->n_found += is_new;
    h->n_found += is_new;
    h->n_known += is_new && find->state == FIND_KNOWN;
    h->n_passed += is_new && find->state == FIND_PASSED;
    h->n_wanted += is_new && (find->state == FIND_QUEUED || find->state == FIND_FOUND);
    h->n_failed += is_new && find->state == FIND_FAILED;
    return status;
}

/* A chain of lists that leads on and on is no history but a trap. */
static enum ww_status keep_lists(struct crawl *c, struct job *job, struct list_outcome *outcome,
                                 struct ww_error *err)
{
    const struct list_row *from = &job->list;
    struct list_counts counts = {0};
    enum ww_status status =
        store_count_lists(c->store, from->backfill_id, clock_now(c->clock), &counts, err);
    int64_t n = counts.n_queued + counts.n_done + counts.n_failed + counts.n_passed;

    for (size_t i = 0; status == WW_OK && i < outcome->n_lists; i++) {
        struct list_row *list = &outcome->lists[i];
        bool is_new = false;

        if (n >= HISTORY_LISTS_MAX || from->depth >= HISTORY_DEPTH_MAX) {
            job->n_lists_left_out += outcome->n_lists - i;
            break;
        }
        list->url = slice_head(list->url, slice_find_char(list->url, '#')); /* the same list */
        list->backfill_id = from->backfill_id;
        list->depth = from->depth + 1;
        status = store_add_list(c->store, list, &list->id, &is_new, err);
        n += is_new;
    }
    return status;
}

/* What it led to and nobody will read is a hole, and said. */
static void note_left_out(struct job *job, struct list_outcome *outcome)
{
    const size_t n = job->n_lists_left_out;

    if (n == 0)
        return;
    outcome->message =
        arena_printf(&job->piece_arena,
                     "leads to %zu list%s more than the %d of a backfill, or than %d behind "
                     "one another, which are left out",
                     n, n == 1 ? "" : "s", HISTORY_LISTS_MAX, HISTORY_DEPTH_MAX);
    job->list.last_error = outcome->message;
    if (job->list.state == LIST_DONE)
        job->list.state = LIST_FAILED;
}

static void judge_outcome(const struct crawl *c, struct list_row *list,
                          const struct list_outcome *outcome, bool has_news)
{
    const int64_t now = clock_now(c->clock);
    const bool is_over = outcome->is_over || (outcome->needs_news && !has_news);

    list->last_error = outcome->message;
    list->fetched_at = now;
    list->n_left = outcome->n_left;
    if (outcome->is_refused && list->last_status == 429)
        return; /* how often the archive is asked is no fault of this list */
    if (outcome->is_failed || outcome->is_refused) {
        list->n_tries++;
        list->not_before = schedule_list_retry(outcome->is_refused ? now + REFUSED_AGAIN_S : now,
                                               list->id, list->n_tries);
        list->state = is_over || list->not_before == 0 ? LIST_FAILED : LIST_QUEUED;
        return;
    }
    list->n_tries = 0;
    if (is_over)
        list->state = LIST_DONE;
    else
        list->cursor = outcome->cursor;
}

static enum ww_status keep_finds(struct crawl *c, struct job *job, const struct finds *finds,
                                 struct list_outcome *outcome, struct ww_error *err)
{
    struct arena arena;
    enum ww_status status = WW_OK;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    for (size_t i = 0; status == WW_OK && i < outcome->n_finds; i++) {
        status = keep_find(c, &job->list, &outcome->finds[i], &arena, &job->list, err);
        arena_reset(&arena);
    }
    arena_release(&arena);
    if (finds != NULL)
        job->list.n_bad += (int64_t)(finds->n_bad + finds->n_dropped);
    return status;
}

/*
 * What came as the source understands it, written with the list's next step in one transaction. Of
 * a list in pieces the last one moves it on: a crash before it asks for the list again, and what it
 * named is known then.
 */
static enum ww_status apply(struct crawl *c, struct job *job, const struct finds *finds,
                            const struct ww_error *unread, struct ww_error *err)
{
    struct crawl_history *h = c->options->history;
    const bool is_last = finds == NULL || job->is_last_piece;
    const struct list_answer answer = {.fetched = &job->answer,
                                       .url = slice_from(job->url),
                                       .finds = finds,
                                       .why = unread,
                                       .is_last_piece = is_last,
                                       .now = clock_now(c->clock)};
    struct list_outcome outcome = {.is_over = true, .n_left = -1};
    struct ww_error why = {0};
    bool has_news = false;
    enum ww_status status =
        h->read(h->context, &job->list, &answer, &job->piece_arena, &outcome, &why);

    if (status == WW_NOMEM)
        return ww_fail(err, status, "%s", why.message);
    if (status != WW_OK) {
        job->is_last_piece = true;
        return list_failed(c, job->id, job->answer.http_status, &why, err);
    }
    if (!outcome.is_failed && !outcome.is_refused)
        blame_nobody(c, job);
    status = crawl_write(c, err);
    if (status == WW_OK)
        status = keep_finds(c, job, finds, &outcome, err);
    has_news = job->list.n_found > job->n_found_before;
    if (status == WW_OK && (has_news || !outcome.needs_news))
        status = keep_lists(c, job, &outcome, err);
    if (status != WW_OK || !is_last)
        return status;
    job->list.last_status = job->answer.http_status;
    judge_outcome(c, &job->list, &outcome, has_news);
    note_left_out(job, &outcome);
    job->list.n_bad += (int64_t)job->pieces.n_left_out;
    status = store_update_list(c->store, &job->list, err);
    if (outcome.message.len > 0)
        log_event(c->log, outcome.is_failed || outcome.is_refused ? LOG_WARN : LOG_INFO, "backfill",
                  "list=%s status=%ld said=%.*s", job->url, job->answer.http_status,
                  SLICE_ARG(outcome.message));
    if (status == WW_OK && job->list.state == LIST_QUEUED && !outcome.is_failed &&
        !outcome.is_refused)
        status = add_list_job(c, &job->list, true, &job->piece_arena, err);
    if (h->progress != NULL)
        h->progress(h->context);
    return status;
}

/* ---- what came of a page --------------------------------------------------------------------- */

static enum ww_status settle_find(struct crawl *c, struct find_row *find,
                                  const struct page_row *page, bool is_new, struct ww_error *err)
{
    struct crawl_history *h = c->options->history;
    const bool is_done = page->state == PAGE_STATE_DONE;

    if (find->state != FIND_QUEUED || (find->text.len > 0 && !is_done) ||
        (find->capture.len > 0 && (!is_done || h->order->captures != CAPTURES_MISSING)))
        return WW_OK; /* the copy is still to be asked for, the text to be read */
    find->state = !is_done ? FIND_FAILED : is_new ? FIND_DONE : FIND_KNOWN;
    find->message = is_done ? (struct slice){"", 0} : page->last_error;
    find->text = (struct slice){"", 0};
    h->n_failed += !is_done;
    h->n_articles += is_done && is_new;
    h->n_known += is_done && !is_new;
    return store_update_find(c->store, find, err);
}

enum ww_status history_page_settled(struct crawl *c, const struct page_row *page, bool is_new,
                                    struct ww_error *err)
{
    struct crawl_history *h = c->options->history;
    struct find_rows finds = {0};
    struct arena arena;
    enum ww_status status = WW_OK;

    if (h == NULL || page->state == PAGE_STATE_QUEUED)
        return WW_OK;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = store_finds_of_page(c->store, h->order->id, page->id, &arena, &finds, err);
    for (size_t i = 0; status == WW_OK && i < finds.n_rows; i++)
        status = settle_find(c, &finds.rows[i], page, is_new, err);
    arena_release(&arena);
    h->n_pages++;
    if (h->progress != NULL)
        h->progress(h->context);
    return status;
}

/* Nothing of its site's own came: neither an answer nor a refusal. */
static bool is_dead(const struct host *host)
{
    return host->sign >= HEALTH_NAMELESS && host->sign <= HEALTH_DISTRUSTED;
}

enum ww_status history_turn_to_copy(struct crawl *c, const struct job *job, struct ww_error *err)
{
    const struct crawl_history *h = c->options->history;
    struct find_rows finds = {0};
    struct arena arena;
    enum ww_status status;

    if (h == NULL || job->kind != JOB_PAGE || !is_dead(job->host))
        return WW_OK;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = store_finds_of_page(c->store, h->order->id, job->id, &arena, &finds, err);
    for (size_t i = 0; status == WW_OK && i < finds.n_rows; i++) {
        const struct find_row *find = &finds.rows[i];

        if (find->state == FIND_QUEUED && find->capture.len > 0)
            status = crawl_add_job(c, JOB_COPY, find->id, find->capture, false, NULL, err);
    }
    arena_release(&arena);
    return status;
}

/* What a list says of a page, for where the page does not. */
enum ww_status history_recall(struct crawl *c, struct job *job, struct ww_error *err)
{
    struct find_rows finds = {0};
    enum ww_status status = store_finds_of_page(c->store, c->options->history->order->id, job->id,
                                                &job->arena, &finds, err);

    if (status == WW_OK && finds.n_rows > 0)
        job->find = finds.rows[0];
    return status;
}
