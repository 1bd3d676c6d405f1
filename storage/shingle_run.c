/* shingle_run.c - finding in all runs at once, with as many filters in memory as may be. */
#include "storage/shingle_run.h"

#include "base/attrs.h"
#include "base/mem.h"
#include "base/shingle.h"

#include <string.h>

#define KEYS ((uint64_t)1 << SHINGLE_KEY_BITS)
#define BLOB_ARENA_MAX_BYTES ((size_t)64 << 20)
#define CHUNKS_MAX ((int64_t)1 << 23)
#define KEYS_AT_ONCE 64
#define BLOCKS_AT_ONCE 32

bool run_is_whole(const struct shingle_run *run)
{
    return run->n_done == run->n_chunks;
}

uint64_t run_chunk(const struct shingle_run *run, uint64_t key)
{
    return key * (uint64_t)run->n_chunks >> SHINGLE_KEY_BITS;
}

uint64_t run_chunk_key(const struct shingle_run *run, int64_t chunk)
{
    uint64_t n = (uint64_t)run->n_chunks;

    return (((uint64_t)chunk << SHINGLE_KEY_BITS) + n - 1) / n;
}

int64_t run_blob_id(const struct shingle_run *run, uint64_t at)
{
    return (int64_t)((uint64_t)run->id << SHINGLE_KEY_BITS | at);
}

static enum ww_status damaged(const struct shingle_run *run, struct ww_error *err)
{
    return ww_fail(err, WW_STORE, "duplicate index: run %lld is damaged", (long long)run->id);
}

/* ---- filters in memory ----------------------------------------------------------------------- */

static void let_go(struct run_set *set, struct open_run *run, size_t chunk)
{
    struct run_filter *filter = &run->filters[chunk];

    if (filter->bytes == NULL)
        return;
    set->kept_bytes -= filter->len;
    run->n_kept--;
    mem_free(filter->bytes);
    *filter = (struct run_filter){0};
}

static void release_run(struct run_set *set, struct open_run *run)
{
    for (size_t i = 0; run->n_kept > 0; i++)
        let_go(set, run, i);
    mem_free(run->filters);
}

/* Room for len more, at the cost of runs that come before this one. */
static bool make_room(struct run_set *set, const struct open_run *run, size_t len)
{
    for (struct open_run *r = set->runs; r < run; r++)
        while (set->kept_bytes + len > set->kept_max && r->n_kept > 0) {
            let_go(set, r, r->hand);
            r->hand = (r->hand + 1) % (size_t)r->row.n_chunks;
        }
    return set->kept_bytes + len <= set->kept_max;
}

/* From memory, or read; what cannot be kept lives in the scratch arena until the next reading. */
static enum ww_status filter_of(struct run_set *set, struct open_run *run, uint64_t chunk,
                                struct run_filter *out, struct ww_error *err)
{
    struct shingle_blob blob;
    enum ww_status status;

    *out = run->filters[chunk];
    if (out->bytes != NULL)
        return WW_OK;
    arena_reset(&set->scratch);
    status = set->io->find_blob(set->io->state, SHINGLE_FILTERS, run_blob_id(&run->row, chunk),
                                &set->scratch, &blob, err);
    if (status != WW_OK && status != WW_NOT_FOUND)
        return status;
    if (status == WW_NOT_FOUND || blob.id != run_blob_id(&run->row, chunk) || blob.bytes.len == 0 ||
        blob.bytes.len % FILTER_BUCKET_BYTES != 0)
        return damaged(&run->row, err);
    out->len = blob.bytes.len;
    if (make_room(set, run, out->len)) {
        out->bytes = (unsigned char *)mem_string(blob.bytes.ptr, out->len);
        if (out->bytes == NULL)
            return ww_fail(err, WW_NOMEM, "duplicate index: no memory for a filter");
        run->filters[chunk] = *out;
        run->n_kept++;
        set->kept_bytes += out->len;
        return WW_OK;
    }
    out->bytes = (unsigned char *)arena_alloc(&set->scratch, out->len);
    if (out->bytes == NULL)
        return arena_check(&set->scratch, err);
    memcpy(out->bytes, blob.bytes.ptr, out->len);
    return WW_OK;
}

/* ---- the set --------------------------------------------------------------------------------- */

void run_set_init(struct run_set *set, const struct shingle_io *io, size_t kept_max)
{
    *set = (struct run_set){
        .io = io, .kept_max = kept_max, .blocks = {.bytes_max = io->blocks_max_bytes}};
    arena_init(&set->scratch, BLOB_ARENA_MAX_BYTES);
}

void run_set_release(struct run_set *set)
{
    for (size_t i = 0; i < set->n_runs; i++)
        release_run(set, &set->runs[i]);
    mem_free(set->runs);
    shingle_cache_drop(&set->blocks, 0, INT64_MAX);
    arena_release(&set->scratch);
    run_set_init(set, set->io, set->kept_max);
}

/* NULL: there is none. Borrowed until the set changes. */
static struct open_run *run_set_at(struct run_set *set, int64_t run_id)
{
    for (size_t i = 0; i < set->n_runs; i++)
        if (set->runs[i].row.id == run_id)
            return &set->runs[i];
    return NULL;
}

void run_set_remove(struct run_set *set, int64_t run_id)
{
    struct open_run *run = run_set_at(set, run_id);

    if (run == NULL)
        return;
    shingle_cache_drop(&set->blocks, run_blob_id(&run->row, 0),
                       run_blob_id(&run->row, 0) + (int64_t)KEYS);
    release_run(set, run);
    set->n_runs--;
    memmove(run, run + 1, (size_t)(set->runs + set->n_runs - run) * sizeof(*run));
}

/* The same bytes under the same id? An id may come again when a run was never committed. */
static bool is_same(const struct shingle_run *a, const struct shingle_run *b)
{
    return a->version == b->version && a->level == b->level && a->n_chunks == b->n_chunks &&
           a->n_source == b->n_source && a->begun_at == b->begun_at;
}

enum ww_status run_set_put(struct run_set *set, const struct shingle_run *row, struct ww_error *err)
{
    struct open_run *runs, *known = run_set_at(set, row->id);
    struct open_run fresh = {.row = *row};
    size_t at;

    if (row->n_chunks < 1 || row->n_chunks > CHUNKS_MAX || row->n_done < 0 ||
        row->n_done > row->n_chunks || row->id < 1 || row->id > SHINGLE_RUN_ID_MAX)
        return damaged(row, err);
    if (known != NULL && is_same(&known->row, row)) {
        known->row = *row;
        return WW_OK;
    }
    run_set_remove(set, row->id);
    fresh.filters = mem_array((size_t)row->n_chunks, sizeof(*fresh.filters));
    runs = mem_grow(set->runs, set->n_runs, &set->capacity, sizeof(*runs));
    if (runs != NULL)
        set->runs = runs;
    if (runs == NULL || fresh.filters == NULL) {
        mem_free(fresh.filters);
        return ww_fail(err, WW_NOMEM, "duplicate index: no memory for run %lld",
                       (long long)row->id);
    }
    at = set->n_runs;
    while (at > 0 && runs[at - 1].row.level < row->level)
        at--;
    memmove(&runs[at + 1], &runs[at], (set->n_runs - at) * sizeof(*runs));
    runs[at] = fresh;
    set->n_runs++;
    return WW_OK;
}

enum ww_status run_set_load(struct run_set *set, struct ww_error *err)
{
    struct shingle_run_list list;
    enum ww_status status;

    arena_reset(&set->scratch);
    status = set->io->list_runs(set->io->state, &set->scratch, &list, err);
    for (size_t i = set->n_runs; status == WW_OK && i > 0; i--) {
        bool is_there = false;

        for (size_t k = 0; k < list.n_rows; k++)
            is_there |= list.rows[k].id == set->runs[i - 1].row.id &&
                        list.rows[k].version == SHINGLE_VERSION;
        if (!is_there)
            run_set_remove(set, set->runs[i - 1].row.id);
    }
    set->dead = (struct shingle_run){0};
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        if (list.rows[i].version == SHINGLE_VERSION)
            status = run_set_put(set, &list.rows[i], err);
        else
            set->dead = list.rows[i];
    if (status == WW_OK)
        run_set_trim(set);
    return status;
}

/* Which keys are to be looked for in a run: from <= key < below. */
static void span_of(struct run_set *set, const struct open_run *run, uint64_t *from,
                    uint64_t *below)
{
    const struct open_run *into = run->row.into_id == 0 ? NULL : run_set_at(set, run->row.into_id);

    *from = into == NULL ? 0 : run_chunk_key(&into->row, into->row.n_done);
    *below = run_chunk_key(&run->row, run->row.n_done);
}

void run_set_trim(struct run_set *set)
{
    for (size_t i = 0; i < set->n_runs; i++) {
        struct open_run *run = &set->runs[i];
        size_t n_chunks = (size_t)run->row.n_chunks;
        uint64_t from, below;

        span_of(set, run, &from, &below);
        for (; run->n_trimmed < n_chunks &&
               run_chunk_key(&run->row, (int64_t)run->n_trimmed + 1) <= from;
             run->n_trimmed++)
            let_go(set, run, run->n_trimmed);
    }
}

/* ---- finding --------------------------------------------------------------------------------- */

/* A run whose filter lets a key pass. */
struct suspicion {
    struct open_run *run;
    size_t key; /* its place among those that are looked for */
    bool is_foreseen;
};

struct suspicions {
    struct suspicion *rows;
    size_t n, capacity;
};

/* What is looked for. */
struct quest {
    const uint64_t *keys;
    size_t n, max;
    struct arena *arena;
    struct shingle_list *lists;
};

static enum ww_status foresee(struct run_set *set, enum shingle_table table, int64_t id,
                              struct ww_error *err)
{
    return set->io->foresee_blob == NULL ? WW_OK
                                         : set->io->foresee_blob(set->io->state, table, id, err);
}

/* The filters of some keys, all asked for before the first is looked at: memory is slow. */
static void fetch_filters(const struct open_run *run, const uint64_t *keys, size_t n, uint64_t from,
                          uint64_t below, struct run_filter *filters)
{
    for (size_t i = 0; i < n; i++) {
        if (keys[i] < from || keys[i] >= below)
            continue;
        filters[i] = run->filters[run_chunk(&run->row, keys[i])];
        if (filters[i].bytes != NULL)
            WW_PREFETCH(filter_bucket(filters[i].bytes, filters[i].len, keys[i]));
    }
}

/* And a store that is far away is slower: filters that are not in memory, each once. */
static enum ww_status foresee_filters(struct run_set *set, struct open_run *run,
                                      const uint64_t *keys, size_t n, uint64_t from, uint64_t below,
                                      const struct run_filter *filters, struct ww_error *err)
{
    uint64_t asked[KEYS_AT_ONCE];
    size_t n_asked = 0;
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < n && status == WW_OK && set->io->foresee_blob != NULL; i++) {
        const uint64_t chunk = run_chunk(&run->row, keys[i]);
        bool is_asked = keys[i] < from || keys[i] >= below || filters[i].bytes != NULL;

        for (size_t k = 0; k < n_asked && !is_asked; k++)
            is_asked = asked[k] == chunk;
        if (is_asked)
            continue;
        asked[n_asked++] = chunk;
        status = foresee(set, SHINGLE_FILTERS, run_blob_id(&run->row, chunk), err);
    }
    return status;
}

/* Which of some keys may be in a run? */
static enum ww_status suspect_some(struct run_set *set, struct open_run *run, const struct quest *q,
                                   size_t at, size_t n, struct suspicions *out,
                                   struct ww_error *err)
{
    const uint64_t *keys = q->keys + at;
    struct run_filter filters[KEYS_AT_ONCE] = {0};
    uint64_t from, below;
    enum ww_status status;

    span_of(set, run, &from, &below);
    fetch_filters(run, keys, n, from, below, filters);
    status = foresee_filters(set, run, keys, n, from, below, filters, err);
    for (size_t i = 0; i < n && status == WW_OK; i++) {
        if (keys[i] < from || keys[i] >= below || q->lists[at + i].n >= q->max)
            continue;
        if (filters[i].bytes == NULL)
            status = filter_of(set, run, run_chunk(&run->row, keys[i]), &filters[i], err);
        if (status != WW_OK || !filter_holds(filters[i].bytes, filters[i].len, keys[i]))
            continue;
        out->rows = arena_grow(q->arena, out->rows, out->n, &out->capacity, sizeof(*out->rows));
        if (out->rows == NULL)
            return arena_check(q->arena, err);
        out->rows[out->n++] = (struct suspicion){run, at + i, false};
    }
    return status;
}

/* The block that holds a key if any does. WW_NOT_FOUND. */
static enum ww_status block_of(struct run_set *set, const struct suspicion *s, uint64_t key,
                               struct block *out, struct ww_error *err)
{
    const int64_t least = run_blob_id(&s->run->row, 0);
    const struct kept_block *kept =
        s->is_foreseen ? NULL : shingle_cache_find(&set->blocks, run_blob_id(&s->run->row, key));
    struct shingle_blob blob;
    enum ww_status status = WW_OK;

    if (kept != NULL) {
        blob = (struct shingle_blob){kept->id, slice_of(kept->bytes, kept->len)};
    } else {
        arena_reset(&set->scratch);
        status = set->io->find_blob(set->io->state, SHINGLE_BLOCKS, run_blob_id(&s->run->row, key),
                                    &set->scratch, &blob, err);
    }
    if (status == WW_OK && blob.id < least)
        return WW_NOT_FOUND;
    if (status == WW_OK && !block_open(blob.bytes, (uint64_t)(blob.id - least), out))
        return damaged(&s->run->row, err);
    if (status == WW_OK && kept == NULL)
        shingle_cache_put(&set->blocks, blob.id, least + (int64_t)block_last_key(out), blob.bytes);
    return status;
}

static enum ww_status follow(struct run_set *set, const struct suspicion *s, const struct quest *q,
                             struct ww_error *err)
{
    struct shingle_list *list = &q->lists[s->key];
    struct block block;
    enum ww_status status;

    if (list->n >= q->max && !s->is_foreseen)
        return WW_OK;
    status = block_of(set, s, q->keys[s->key], &block, err);
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    if (list->values == NULL)
        list->values = arena_array(q->arena, q->max, sizeof(*list->values));
    if (list->values == NULL)
        return arena_check(q->arena, err);
    list->n = block_find(&block, q->keys[s->key], list->values, list->n, q->max);
    return WW_OK;
}

/* Blocks that are not in memory are asked for together. */
static enum ww_status follow_some(struct run_set *set, struct suspicion *rows, size_t n,
                                  const struct quest *q, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < n && status == WW_OK && set->io->foresee_blob != NULL; i++) {
        const int64_t id = run_blob_id(&rows[i].run->row, q->keys[rows[i].key]);

        rows[i].is_foreseen =
            q->lists[rows[i].key].n < q->max && shingle_cache_find(&set->blocks, id) == NULL;
        if (rows[i].is_foreseen)
            status = foresee(set, SHINGLE_BLOCKS, id, err);
    }
    for (size_t i = 0; i < n && status == WW_OK; i++)
        status = follow(set, &rows[i], q, err);
    return status;
}

/* The newest run first, whose values are the ones to be found when there are too many. */
enum ww_status run_set_find(struct run_set *set, const uint64_t *keys, size_t n, size_t max,
                            struct arena *arena, struct shingle_list *lists, struct ww_error *err)
{
    const struct quest q = {keys, n, max, arena, lists};
    struct suspicions all = {0};
    enum ww_status status = WW_OK;

    for (size_t i = set->n_runs; i > 0 && status == WW_OK; i--)
        for (size_t at = 0; at < n && status == WW_OK; at += KEYS_AT_ONCE)
            status = suspect_some(set, &set->runs[i - 1], &q, at,
                                  n - at < KEYS_AT_ONCE ? n - at : KEYS_AT_ONCE, &all, err);
    for (size_t at = 0; at < all.n && status == WW_OK; at += BLOCKS_AT_ONCE)
        status = follow_some(set, all.rows + at,
                             all.n - at < BLOCKS_AT_ONCE ? all.n - at : BLOCKS_AT_ONCE, &q, err);
    return status;
}
