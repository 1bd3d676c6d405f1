/*
 * scan_walk.c - a ring of blocks between one thread that reads and tells, and those that match.
 *
 * Threads and no processes: the engine of a long list takes a hundred megabytes and is shared as it
 * is, and a block is handed over without a copy. Only the ring is shared, under one lock that is
 * held for as long as it takes to move an index.
 */
#include "alerts/scan_walk.h"

#include "base/arena.h"
#include "base/deflate.h"
#include "base/limits.h"
#include "base/mem.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

/* Blocks that wait to be matched or told: two for each thread, and what is in their hands. */
#define RING_MAX (3 * SCAN_THREADS_MAX)

struct slot {
    struct arena arena; /* of its rows and hits */
    struct walk_list list;
    struct scan_hit *hits;
    size_t n_hits;
    int64_t last_id;
    bool is_matched;
    enum ww_status status;
    struct ww_error err;
};

struct walk {
    struct store *store;
    const struct scan_walk_options *options;
    struct walk_filter filter;
    size_t n_used; /* of options->only */
    bool is_read;  /* there is no more to read */
    struct arena page;

    /* The ring: numbers of blocks since the beginning; told <= taken <= read. */
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    size_t n_read, n_taken, n_told; /* taken: in some thread's hands, or matched */
    bool is_over;
    size_t n_slots;
    struct slot slots[RING_MAX];
};

static struct slot *slot_of(struct walk *w, size_t number)
{
    return &w->slots[number % w->n_slots];
}

/* ---- matching, in any thread ----------------------------------------------------------------- */

static void count(const struct scan_walk_options *o, const struct mention_report *r,
                  struct scan_hit *hit)
{
    hit->is_unread = r->is_cut;
    hit->n_mentions = (uint32_t)r->n_mentions;
    hit->n_candidates = (uint32_t)r->n_candidates;
    hit->n_claims = (uint32_t)(r->n_proposals + r->n_claims);
    if (o->item == NULL)
        return;
    hit->n_claims = 0;
    hit->n_mentions = hit->n_candidates = 0;
    for (size_t i = 0; i < r->n_mentions; i++)
        hit->n_mentions += r->mentions[i].item == o->item;
}

static enum ww_status match_row(const struct walk *w, const struct walk_row *row,
                                struct arena *page, struct scan_hit *hit, struct ww_error *err)
{
    struct mention_article article = {.title = row->title, .language = row->language};
    struct mention_report report;
    enum ww_status status;

    *hit = (struct scan_hit){.row = row};
    arena_reset(page);
    status = deflate_unpack(row->packed, STORE_BLOB_MAX_BYTES, page, &article.text, err);
    if (status == WW_OK)
        status = mentions_find(w->options->engine, &article, page, &report, err);
    if (status == WW_NOMEM)
        return status;
    if (status == WW_OK)
        count(w->options, &report, hit);
    else
        hit->is_unread = true;
    return WW_OK;
}

static void match_slot(const struct walk *w, struct slot *slot, struct arena *page)
{
    slot->status = WW_OK;
    slot->n_hits = 0;
    for (size_t i = 0; i < slot->list.n_rows && slot->status == WW_OK; i++) {
        struct scan_hit *hit = &slot->hits[slot->n_hits];

        slot->status = match_row(w, &slot->list.rows[i], page, hit, &slot->err);
        slot->n_hits +=
            hit->n_mentions > 0 || hit->n_candidates > 0 || hit->n_claims > 0 || hit->is_unread;
    }
}

/* Under the lock: the oldest block that nobody has taken, or NULL. */
static struct slot *take_slot(struct walk *w)
{
    return w->n_taken < w->n_read ? slot_of(w, w->n_taken++) : NULL;
}

static void *work(void *context)
{
    struct walk *w = context;
    struct arena page;

    arena_init(&page, SCAN_ARENA_MAX_BYTES);
    (void)pthread_mutex_lock(&w->lock);
    while (!w->is_over) {
        struct slot *slot = take_slot(w);

        if (slot == NULL) {
            (void)pthread_cond_wait(&w->work, &w->lock);
            continue;
        }
        (void)pthread_mutex_unlock(&w->lock);
        match_slot(w, slot, &page);
        (void)pthread_mutex_lock(&w->lock);
        slot->is_matched = true;
        (void)pthread_cond_signal(&w->done);
    }
    (void)pthread_mutex_unlock(&w->lock);
    arena_release(&page);
    return NULL;
}

/* ---- reading and telling, in the caller's thread --------------------------------------------- */

static enum ww_status read_rows(struct walk *w, struct slot *slot, struct ww_error *err)
{
    static const struct walk_bounds bounds = {SCAN_BLOCK_ARTICLES, SCAN_BLOCK_BYTES};
    const struct walk_ids *only = w->options->only;
    size_t n_used = 0;
    enum ww_status status;

    if (only == NULL) {
        status = store_walk(w->store, &w->filter, &bounds, &slot->arena, &slot->list, err);
    } else {
        status =
            store_walk_ids(w->store, &w->filter, only->ids + w->n_used, only->n_ids - w->n_used,
                           &bounds, &slot->arena, &slot->list, &n_used, err);
        w->n_used += n_used;
    }
    return status;
}

static enum ww_status read_slot(struct walk *w, struct ww_error *err)
{
    struct slot *slot = slot_of(w, w->n_read);
    enum ww_status status;

    arena_reset(&slot->arena);
    slot->is_matched = false;
    status = read_rows(w, slot, err);
    if (status != WW_OK)
        return status;
    if (slot->list.n_rows == 0) {
        w->is_read = true;
        return WW_OK;
    }
    slot->last_id = w->filter.after_id = slot->list.rows[slot->list.n_rows - 1].id;
    slot->hits = arena_array(&slot->arena, slot->list.n_rows + 1, sizeof(*slot->hits));
    if (slot->hits == NULL)
        return arena_check(&slot->arena, err);
    (void)pthread_mutex_lock(&w->lock);
    w->n_read++;
    (void)pthread_cond_signal(&w->work);
    (void)pthread_mutex_unlock(&w->lock);
    return WW_OK;
}

static enum ww_status tell_slot(struct walk *w, scan_walk_take *take, void *context,
                                struct ww_error *err)
{
    struct slot *slot = slot_of(w, w->n_told);
    const struct scan_block block = {slot->list.rows, slot->list.n_rows, slot->hits, slot->n_hits,
                                     slot->last_id};

    if (slot->status != WW_OK) {
        if (err != NULL)
            *err = slot->err;
        return slot->status;
    }
    w->n_told++;
    return take(context, &block, err);
}

/* What the caller's thread does when it can neither tell nor read. */
static void help(struct walk *w)
{
    struct slot *slot;

    (void)pthread_mutex_lock(&w->lock);
    slot = take_slot(w);
    while (slot == NULL && !slot_of(w, w->n_told)->is_matched)
        (void)pthread_cond_wait(&w->done, &w->lock);
    (void)pthread_mutex_unlock(&w->lock);
    if (slot == NULL)
        return;
    match_slot(w, slot, &w->page);
    (void)pthread_mutex_lock(&w->lock);
    slot->is_matched = true;
    (void)pthread_mutex_unlock(&w->lock);
}

static bool is_oldest_matched(struct walk *w)
{
    bool is_matched;

    if (w->n_told == w->n_read)
        return false;
    (void)pthread_mutex_lock(&w->lock);
    is_matched = slot_of(w, w->n_told)->is_matched;
    (void)pthread_mutex_unlock(&w->lock);
    return is_matched;
}

static enum ww_status go(struct walk *w, scan_walk_take *take, void *context, struct ww_error *err)
{
    const volatile sig_atomic_t *stop = w->options->stop;
    enum ww_status status = WW_OK;

    while (status == WW_OK && (stop == NULL || *stop == 0)) {
        if (is_oldest_matched(w))
            status = tell_slot(w, take, context, err);
        else if (!w->is_read && w->n_read - w->n_told < w->n_slots)
            status = read_slot(w, err);
        else if (w->n_told < w->n_read)
            help(w);
        else
            break;
    }
    return status;
}

/* ---- threads --------------------------------------------------------------------------------- */

static unsigned choose_threads(unsigned wanted)
{
    long cores = wanted > 0 ? (long)wanted : sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : cores > SCAN_THREADS_MAX ? SCAN_THREADS_MAX : (unsigned)cores;
}

/* Those that cannot be made are done without. Signals are the caller's thread's. */
static size_t start_threads(struct walk *w, pthread_t *threads, size_t n)
{
    sigset_t all, before;
    size_t n_made = 0;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (n_made < n && pthread_create(&threads[n_made], NULL, work, w) == 0)
        n_made++;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return n_made;
}

static void end_threads(struct walk *w, const pthread_t *threads, size_t n)
{
    (void)pthread_mutex_lock(&w->lock);
    w->is_over = true;
    (void)pthread_cond_broadcast(&w->work);
    (void)pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < n; i++)
        (void)pthread_join(threads[i], NULL);
}

enum ww_status scan_walk(struct store *s, const struct scan_walk_options *options,
                         scan_walk_take *take, void *context, struct ww_error *err)
{
    const unsigned n_threads = choose_threads(options->n_threads);
    pthread_t threads[SCAN_THREADS_MAX];
    struct walk *w = mem_alloc(sizeof(*w));
    size_t n_made;
    enum ww_status status;

    if (w == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory for a walk");
    w->store = s;
    w->options = options;
    w->filter = options->filter;
    w->n_slots = n_threads == 1 ? 1 : 3 * (size_t)n_threads;
    arena_init(&w->page, SCAN_ARENA_MAX_BYTES);
    for (size_t i = 0; i < w->n_slots; i++)
        arena_init(&w->slots[i].arena, SCAN_ARENA_MAX_BYTES);
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->work, NULL);
    (void)pthread_cond_init(&w->done, NULL);
    n_made = start_threads(w, threads, n_threads - 1);
    status = go(w, take, context, err);
    end_threads(w, threads, n_made);
    (void)pthread_cond_destroy(&w->done);
    (void)pthread_cond_destroy(&w->work);
    (void)pthread_mutex_destroy(&w->lock);
    for (size_t i = 0; i < w->n_slots; i++)
        arena_release(&w->slots[i].arena);
    arena_release(&w->page);
    mem_free(w);
    return status;
}
