/*
 * hosts.c - queues, pauses, a heap of hosts by the moment they may be asked, and the addresses that
 * they share. Their rows: hosts_rows.c.
 */
#include "crawler/hosts_parts.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crawler/pace.h"

#include <string.h>

enum ww_status hosts_open(struct store *store, const struct clock *clock, int64_t delay_ms,
                          uint64_t seed, struct hosts **out, struct ww_error *err)
{
    struct hosts *h = mem_alloc(sizeof(*h));

    *out = h;
    if (h == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    h->store = store;
    h->clock = clock;
    h->delay_ms = delay_ms;
    h->seed = seed;
    h->opened_ms = clock_monotonic_ms(clock);
    arena_init(&h->arena, HOSTS_ARENA_MAX_BYTES);
    return WW_OK;
}

void hosts_close(struct hosts *h)
{
    if (h == NULL)
        return;
    arena_release(&h->arena);
    mem_free(h->known);
    mem_free(h->heap);
    mem_free(h);
}

struct slice hosts_keep(struct hosts *h, struct slice text)
{
    return arena_copy(&h->arena, text);
}

/* ---- the table ------------------------------------------------------------------------------ */

enum ww_status hosts_find(struct hosts *h, struct slice name, struct host **out,
                          struct ww_error *err)
{
    struct host **chain = &h->table[hash64(name) % TABLE_SIZE];
    struct host **known;
    struct host *host;
    enum ww_status status;

    for (host = *chain; host != NULL; host = host->next_in_table)
        if (slice_equal(host->row.host, name)) {
            *out = host;
            return WW_OK;
        }
    host = arena_alloc(&h->arena, sizeof(*host));
    known = mem_grow(h->known, h->n_known, &h->known_capacity, sizeof(struct host *));
    if (known != NULL)
        h->known = known;
    if (host == NULL || known == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    status = hosts_load(h, host, name, err);
    if (status != WW_OK)
        return status;
    host->next_in_table = *chain;
    *chain = host;
    h->known[h->n_known++] = host;
    *out = host;
    return WW_OK;
}

struct host *hosts_at(const struct hosts *h, size_t i)
{
    return i < h->n_known ? h->known[i] : NULL;
}

/* ---- the heap ------------------------------------------------------------------------------- */

static enum ww_status push(struct hosts *h, struct host *host, struct ww_error *err)
{
    struct host **heap = mem_grow(h->heap, h->n_heap, &h->heap_capacity, sizeof(struct host *));
    size_t at = h->n_heap;

    if (heap == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    h->heap = heap;
    h->n_heap++;
    while (at > 0 && heap[(at - 1) / 2]->next_start_ms > host->next_start_ms) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = host;
    host->is_queued = true;
    return WW_OK;
}

static struct host *pop(struct hosts *h)
{
    struct host *top = h->heap[0];
    struct host *moved = h->heap[--h->n_heap];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child >= h->n_heap)
            break;
        if (child + 1 < h->n_heap &&
            h->heap[child + 1]->next_start_ms < h->heap[child]->next_start_ms)
            child++;
        if (h->heap[child]->next_start_ms >= moved->next_start_ms)
            break;
        h->heap[at] = h->heap[child];
        at = child;
    }
    if (h->n_heap > 0)
        h->heap[at] = moved;
    top->is_queued = false;
    return top;
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* NULL when memory is out. */
static struct host_address *find_address(struct hosts *h, const char *text)
{
    struct host_address **chain = &h->addresses[hash64(slice_from(text)) % TABLE_SIZE];
    struct host_address *found;

    for (found = *chain; found != NULL; found = found->next_in_table)
        if (strcmp(found->text, text) == 0)
            return found;
    found = arena_alloc(&h->arena, sizeof(*found));
    if (found == NULL)
        return NULL;
    memcpy(found->text, text, strlen(text) + 1);
    found->next_in_table = *chain;
    *chain = found;
    return found;
}

/*
 * The moment of this host's start among those at its address. A turn is taken once and kept until a
 * request was made.
 */
static int64_t take_turn(struct hosts *h, struct host *host, int64_t now_ms)
{
    struct host_address *at = host->at;
    int64_t turn_ms = now_ms;

    if (at == NULL || host->has_turn)
        return turn_ms;
    if (turn_ms < at->next_turn_ms)
        turn_ms = at->next_turn_ms;
    /* An archive has a pace of its own, and none of its neighbours'. */
    at->next_turn_ms = turn_ms + (host->is_archive ? 0 : h->delay_ms / HOSTS_PER_ADDRESS_MAX);
    host->has_turn = true;
    return turn_ms;
}

/* Names cost nothing: a thousand of them at one address are one server, with one turn in a run. */
static bool has_had_turn(const struct host_address *at, int64_t now_ms)
{
    return at->first_start_ms != 0 && now_ms - at->first_start_ms > HOST_TURN_MAX_MS;
}

static void count_out(struct host *host, int64_t now_ms)
{
    if (host->at->first_start_ms == 0 && !host->is_archive)
        host->at->first_start_ms = now_ms;
    host->at->n_out++;
    host->is_counted = true;
}

/* Whoever waits for this address longest may be queued again. */
static enum ww_status let_next_in(struct hosts *h, struct host_address *at, struct ww_error *err)
{
    struct host *next = at->first;

    if (next == NULL)
        return WW_OK;
    at->first = next->next_at_address;
    if (at->first == NULL)
        at->last = NULL;
    next->next_at_address = NULL;
    return push(h, next, err);
}

/* It is no longer out: another may be. */
static enum ww_status count_in(struct hosts *h, struct host *host, struct ww_error *err)
{
    if (!host->is_counted)
        return WW_OK;
    host->is_counted = false;
    host->at->n_out--;
    return let_next_in(h, host->at, err);
}

/* Behind the others; it counts as queued. */
static void wait_at_address(struct host *host)
{
    struct host_address *at = host->at;

    if (at->last != NULL)
        at->last->next_at_address = host;
    else
        at->first = host;
    at->last = host;
    host->is_queued = true;
}

bool hosts_admit(struct hosts *h, struct host *host, const char *address)
{
    const int64_t now_ms = clock_monotonic_ms(h->clock);
    struct host_address *at = find_address(h, address);
    const bool has_turn = host->at == at && host->has_turn;

    if (at == NULL || (host->is_counted && host->at == at))
        return true;
    if (at->n_out >= HOSTS_PER_ADDRESS_MAX || has_had_turn(at, now_ms) ||
        (!has_turn && at->next_turn_ms > now_ms)) {
        host->refused_by = at;
        return false;
    }
    /* Another address than last time, or the second that is tried for one request. */
    if (count_in(h, host, NULL) != WW_OK)
        return true;
    host->at = at;
    host->has_turn = has_turn;
    (void)take_turn(h, host, now_ms);
    count_out(host, now_ms);
    return true;
}

/* ---- jobs ----------------------------------------------------------------------------------- */

static enum ww_status enqueue(struct hosts *h, struct host *host, struct ww_error *err)
{
    if (host->is_busy || host->is_queued || host->first == NULL)
        return WW_OK;
    return push(h, host, err);
}

static void take_back(struct host *host, const struct host_job *job)
{
    struct host_job *before = NULL;

    if (host->first == job) {
        (void)hosts_take(host);
        return;
    }
    for (before = host->first; before->next != job;)
        before = before->next;
    before->next = job->next;
    if (host->last == job)
        host->last = before;
}

enum ww_status hosts_add(struct hosts *h, struct host *host, struct host_job *job, bool is_first,
                         struct ww_error *err)
{
    enum ww_status status;

    job->next = NULL;
    if (host->first == NULL) {
        host->first = host->last = job;
    } else if (is_first) {
        job->next = host->first;
        host->first = job;
    } else {
        host->last->next = job;
        host->last = job;
    }
    status = enqueue(h, host, err);
    if (status != WW_OK) /* whoever brought it lets go of it */
        take_back(host, job);
    return status;
}

struct host_job *hosts_take(struct host *host)
{
    struct host_job *job = host->first;

    if (job == NULL)
        return NULL;
    host->first = job->next;
    if (host->first == NULL)
        host->last = NULL;
    job->next = NULL;
    return job;
}

/*
 * Its own pause is over: is its address free as well? Else it is queued again, for its turn there.
 * A host that is out gives its jobs back at once: the caller sees that it is.
 */
static bool may_start(struct hosts *h, struct host *host, int64_t now_ms)
{
    int64_t turn_ms;

    if (host->at == NULL || host->is_out)
        return true;
    if (has_had_turn(host->at, now_ms)) {
        host->is_out = true;
        (void)ww_fail(&host->out_because, WW_UNREACHABLE, "its address's turn is over");
        (void)let_next_in(h, host->at, NULL); /* it is out as well */
        return true;
    }
    turn_ms = take_turn(h, host, now_ms);
    if (turn_ms > now_ms) {
        host->next_start_ms = turn_ms;
        return push(h, host, NULL) != WW_OK; /* it was popped just now: there is room */
    }
    if (host->at->n_out >= HOSTS_PER_ADDRESS_MAX) {
        wait_at_address(host);
        return false;
    }
    count_out(host, now_ms);
    return true;
}

bool hosts_is_idle(const struct host *host)
{
    return host->first == NULL && !host->is_busy && host->n_starts == 0;
}

bool hosts_are_all_away(const struct hosts *h)
{
    return h->n_heap > 0 && h->n_away == h->n_heap;
}

struct host_job *hosts_next(struct hosts *h, struct host **out, int64_t *wait_ms)
{
    const int64_t now_ms = clock_monotonic_ms(h->clock);

    *wait_ms = -1;
    while (h->n_heap > 0) {
        struct host *host = h->heap[0];

        if (!host->is_out && host->first != NULL && host->next_start_ms > now_ms) {
            *wait_ms = host->next_start_ms - now_ms;
            return NULL;
        }
        (void)pop(h);
        hosts_mark_away(h, host, false);
        if (host->first == NULL || !may_start(h, host, now_ms))
            continue;
        host->is_busy = true;
        *out = host;
        return hosts_take(host);
    }
    return NULL;
}

static int64_t pause_ms(const struct hosts *h, const struct host *host, int64_t took_ms)
{
    const struct pace pace = {.delay_ms = h->delay_ms,
                              .least_ms = host->least_pause_ms,
                              .crawl_delay_ms = host->crawl_delay_ms,
                              .took_ms = took_ms,
                              .n_errors = host->n_errors,
                              .is_archive = host->is_archive,
                              .chance = hash64_mix(hash64(host->row.host), host->n_starts)};

    return pace_pause_ms(&pace);
}

void hosts_pace(struct host *host, int64_t least_ms, bool is_archive)
{
    host->least_pause_ms = least_ms;
    host->is_archive = is_archive;
}

void hosts_share(struct hosts *h)
{
    h->is_shared = true;
}

bool hosts_started(struct hosts *h, struct host *host)
{
    host->was_tried = true;
    if (!h->is_shared)
        return false;
    host->row.last_start_at = clock_now(h->clock);
    if (host->row.delay_ms < h->delay_ms && !host->is_archive)
        host->row.delay_ms = h->delay_ms;
    if (host->row.delay_ms < host->least_pause_ms)
        host->row.delay_ms = host->least_pause_ms;
    host->is_unsaved = true;
    return true;
}

enum ww_status hosts_done(struct hosts *h, struct host *host, int64_t took_ms, struct ww_error *err)
{
    enum ww_status status = count_in(h, host, err);

    host->is_busy = false;
    host->refused_by = NULL;
    hosts_mark_away(h, host, false);
    if (took_ms > 0) {
        /* The pause lies between two starts. */
        const int64_t begun_ms = clock_monotonic_ms(h->clock) - took_ms;
        const int64_t pause = pause_ms(h, host, took_ms);

        if (host->n_starts++ == 0)
            host->first_start_ms = begun_ms;
        host->next_start_ms = begun_ms + pause;
        host->row.delay_ms = pause;
        host->row.last_start_at = clock_now(h->clock) - took_ms / 1000;
        host->busy_ms += took_ms;
        host->is_unsaved = h->is_shared;
        host->has_turn = false;
        if (host->busy_ms > HOST_BUSY_MAX_MS && !host->is_out) {
            host->is_out = true;
            (void)ww_fail(&host->out_because, WW_UNREACHABLE, "its host has used up its time");
        }
        if (host->next_start_ms - host->first_start_ms > HOST_TURN_MAX_MS && !host->is_out) {
            host->is_out = true;
            (void)ww_fail(&host->out_because, WW_UNREACHABLE, "its host's turn is over");
        }
    }
    host->least_pause_ms = 0;
    return status == WW_OK ? enqueue(h, host, err) : status;
}

void hosts_judge(struct host *host, bool is_error)
{
    host->n_errors = is_error ? host->n_errors + 1 : 0;
}

enum ww_status hosts_put_back(struct hosts *h, struct host *host, struct host_job *job,
                              int64_t wait_ms, struct ww_error *err)
{
    enum ww_status status = count_in(h, host, err);

    host->is_busy = false;
    /* It waits for the address that had no room, not for another that it also tried. */
    if (host->refused_by != NULL && host->refused_by != host->at) {
        host->at = host->refused_by;
        host->has_turn = false;
    }
    host->refused_by = NULL;
    host->least_pause_ms = 0;
    host->next_start_ms = clock_monotonic_ms(h->clock) + wait_ms;
    return status == WW_OK ? hosts_add(h, host, job, true, err) : status;
}

void hosts_hold(struct host *host, int64_t not_before, const struct ww_error *because)
{
    host->is_out = true;
    if (because != NULL)
        host->out_because = *because;
    if (not_before > host->row.not_before) {
        host->row.not_before = not_before;
        host->must_save = true;
    }
}
