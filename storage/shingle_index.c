/* shingle_index.c - the tail in memory, the list of runs, and when one becomes the other. */
#include "storage/shingle_index.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/shingle.h"
#include "storage/shingle_run.h"

#include <stdlib.h>
#include <string.h>

#define KEY_BYTES (SHINGLE_KEY_BITS / 8)
#define VALUE_BYTES 8
#define TABLE_MIN 1024
#define LEVELS_MAX 16

struct shingle_index {
    const struct shingle_io *io;
    struct slice kind;
    size_t tail_max;
    bool is_loaded;
    int64_t generation;
    int64_t last_article_id; /* of the tail */
    struct posting *table;   /* the tail: open addressing, value 0 is an empty slot */
    size_t table_size, n_tail;
    struct shingle_run_list runs;
    struct arena run_arena; /* the runs and their filters */
    struct arena scratch;   /* one look-up, one row */
};

static uint64_t key_of(uint64_t hash)
{
    return hash >> (64 - SHINGLE_KEY_BITS);
}

/* ---- the tail -------------------------------------------------------------------------------- */

static size_t slot_of(const struct shingle_index *ix, uint64_t key)
{
    return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (ix->table_size - 1);
}

/* False when the posting is there already. The table has an empty slot. */
static bool table_put(struct shingle_index *ix, struct posting p)
{
    size_t at = slot_of(ix, p.key);

    for (; ix->table[at].value != 0; at = (at + 1) & (ix->table_size - 1))
        if (ix->table[at].key == p.key && ix->table[at].value == p.value)
            return false;
    ix->table[at] = p;
    return true;
}

/* Room for n more, at most two thirds full. */
static bool table_reserve(struct shingle_index *ix, size_t n)
{
    struct posting *old = ix->table;
    size_t old_size = ix->table_size, size = old_size < TABLE_MIN ? TABLE_MIN : old_size;

    while ((ix->n_tail + n) * 3 > size * 2)
        size *= 2;
    if (size == old_size)
        return true;
    ix->table = mem_array(size, sizeof(*ix->table));
    if (ix->table == NULL) {
        ix->table = old;
        return false;
    }
    ix->table_size = size;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].value != 0)
            (void)table_put(ix, old[i]);
    mem_free(old);
    return true;
}

/* One row of the tail: the value, then the keys. */
static enum ww_status take_row(struct shingle_index *ix, const struct shingle_tail *row,
                               struct ww_error *err)
{
    const unsigned char *at = (const unsigned char *)row->bytes.ptr;
    size_t n = row->bytes.len < VALUE_BYTES ? 0 : (row->bytes.len - VALUE_BYTES) / KEY_BYTES;
    struct posting p = {0};

    for (size_t i = 0; n > 0 && i < VALUE_BYTES; i++)
        p.value |= (int64_t)((uint64_t)at[i] << (8 * i));
    if (n == 0 || p.value <= 0)
        return ww_fail(err, WW_STORE, "duplicate index: row of article %lld is damaged",
                       (long long)row->article_id);
    if (!table_reserve(ix, n))
        return ww_fail(err, WW_NOMEM, "duplicate index: no memory for %zu postings", ix->n_tail);
    at += VALUE_BYTES;
    for (size_t i = 0; i < n; i++, at += KEY_BYTES) {
        p.key = 0;
        for (size_t b = 0; b < KEY_BYTES; b++)
            p.key |= (uint64_t)at[b] << (8 * b);
        ix->n_tail += table_put(ix, p);
    }
    if (row->article_id > ix->last_article_id)
        ix->last_article_id = row->article_id;
    return WW_OK;
}

/* ---- opening, refreshing --------------------------------------------------------------------- */

enum ww_status shingle_index_open(const struct shingle_io *io, const char *kind, size_t tail_max,
                                  struct shingle_index **out, struct ww_error *err)
{
    struct shingle_index *ix = mem_alloc(sizeof(*ix));

    *out = NULL;
    if (ix == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for the duplicate index");
    ix->io = io;
    ix->kind = slice_from(kind);
    ix->tail_max = tail_max == 0 ? SHINGLE_TAIL_MAX : tail_max;
    arena_init(&ix->run_arena, SHINGLE_MEMORY_MAX_BYTES);
    arena_init(&ix->scratch, SHINGLE_MEMORY_MAX_BYTES);
    *out = ix;
    return WW_OK;
}

void shingle_index_close(struct shingle_index *ix)
{
    if (ix == NULL)
        return;
    mem_free(ix->table);
    arena_release(&ix->run_arena);
    arena_release(&ix->scratch);
    mem_free(ix);
}

void shingle_index_forget(struct shingle_index *ix)
{
    ix->is_loaded = false;
}

static enum ww_status load_all(struct shingle_index *ix, struct ww_error *err)
{
    size_t n_kept = 0;
    enum ww_status status;

    if (ix->table != NULL)
        memset(ix->table, 0, ix->table_size * sizeof(*ix->table));
    ix->n_tail = 0;
    ix->last_article_id = 0;
    arena_release(&ix->run_arena);
    status = ix->io->list_runs(ix->io->state, ix->kind, &ix->run_arena, &ix->runs, err);
    if (status != WW_OK)
        return status;
    /* Runs of an older tokeniser hold nothing that could be found. */
    for (size_t i = 0; i < ix->runs.n_rows; i++)
        if (ix->runs.rows[i].version == SHINGLE_VERSION)
            ix->runs.rows[n_kept++] = ix->runs.rows[i];
    ix->runs.n_rows = n_kept;
    return WW_OK;
}

enum ww_status shingle_index_refresh(struct shingle_index *ix, struct ww_error *err)
{
    struct shingle_tail_list tail;
    int64_t generation = 0;
    enum ww_status status = ix->io->generation(ix->io->state, ix->kind, &generation, err);

    if (status == WW_OK && (!ix->is_loaded || generation != ix->generation)) {
        ix->is_loaded = false;
        status = load_all(ix, err);
    }
    arena_reset(&ix->scratch);
    if (status == WW_OK)
        status = ix->io->list_tail(ix->io->state, ix->kind, ix->last_article_id, &ix->scratch,
                                   &tail, err);
    for (size_t i = 0; status == WW_OK && i < tail.n_rows; i++)
        status = take_row(ix, &tail.rows[i], err);
    if (status != WW_OK)
        return status;
    ix->generation = generation;
    ix->is_loaded = true;
    return WW_OK;
}

/* ---- from tail to run, from runs to run ------------------------------------------------------ */

static enum ww_status write_tail(struct shingle_index *ix, struct ww_error *err)
{
    struct posting *postings = mem_array(ix->n_tail, sizeof(*postings));
    struct posting_cursor cursor;
    size_t n = 0;
    enum ww_status status;

    if (postings == NULL)
        return ww_fail(err, WW_NOMEM, "duplicate index: no memory for %zu postings", ix->n_tail);
    for (size_t i = 0; i < ix->table_size; i++)
        if (ix->table[i].value != 0)
            postings[n++] = ix->table[i];
    qsort(postings, n, sizeof(*postings), posting_compare);
    cursor = posting_cursor_of_array(postings, n);
    status = run_write(ix->io, ix->kind, 0, &cursor, 1, err);
    mem_free(postings);
    if (status != WW_OK)
        return status;
    return ix->io->drop_tail(ix->io->state, ix->kind, ix->last_article_id, err);
}

/* Merge all runs of a level into one of the next, when there are enough. */
static enum ww_status merge_level(struct shingle_index *ix, int64_t level, bool *is_merged,
                                  struct ww_error *err)
{
    struct posting_cursor cursors[SHINGLE_RUNS_MERGED];
    size_t n = 0;
    enum ww_status status;

    *is_merged = false;
    for (size_t i = 0; i < ix->runs.n_rows && n < SHINGLE_RUNS_MERGED; i++)
        if (ix->runs.rows[i].level == level)
            cursors[n++] = posting_cursor_of_run(&ix->runs.rows[i]);
    if (n < SHINGLE_RUNS_MERGED)
        return WW_OK;
    status = run_write(ix->io, ix->kind, level + 1, cursors, n, err);
    for (size_t i = 0; i < n; i++) {
        posting_cursor_release(&cursors[i]);
        if (status == WW_OK)
            status = ix->io->drop_run(ix->io->state, cursors[i].run->id, err);
    }
    *is_merged = status == WW_OK;
    return status;
}

static enum ww_status settle(struct shingle_index *ix, struct ww_error *err)
{
    bool is_merged = true;
    enum ww_status status = write_tail(ix, err);

    for (int64_t level = 0; status == WW_OK && is_merged && level < LEVELS_MAX; level++) {
        status = load_all(ix, err);
        if (status == WW_OK)
            status = merge_level(ix, level, &is_merged, err);
    }
    ix->is_loaded = false;
    if (status == WW_OK)
        status = ix->io->set_generation(ix->io->state, ix->kind, ix->generation + 1, err);
    return status == WW_OK ? shingle_index_refresh(ix, err) : status;
}

/* ---- finding, adding ------------------------------------------------------------------------- */

enum ww_status shingle_index_find(struct shingle_index *ix, uint64_t hash, int64_t *values,
                                  size_t max, size_t *n, struct ww_error *err)
{
    uint64_t key = key_of(hash);
    enum ww_status status = ix->is_loaded ? WW_OK : shingle_index_refresh(ix, err);

    *n = 0;
    if (status != WW_OK)
        return status;
    if (ix->table_size > 0) {
        size_t at = slot_of(ix, key);

        for (; ix->table[at].value != 0 && *n < max; at = (at + 1) & (ix->table_size - 1))
            if (ix->table[at].key == key)
                values[(*n)++] = ix->table[at].value;
    }
    arena_reset(&ix->scratch);
    for (size_t i = ix->runs.n_rows; i > 0 && *n < max && status == WW_OK; i--)
        status = run_find(ix->io, &ix->runs.rows[i - 1], key, &ix->scratch, values, max, n, err);
    return status;
}

enum ww_status shingle_index_add(struct shingle_index *ix, int64_t article_id, int64_t value,
                                 const uint64_t *hashes, size_t n, struct ww_error *err)
{
    struct shingle_tail row = {.article_id = article_id};
    struct buf bytes;
    enum ww_status status = ix->is_loaded ? WW_OK : shingle_index_refresh(ix, err);

    if (status != WW_OK || n == 0)
        return status;
    buf_init(&bytes, SHINGLE_MEMORY_MAX_BYTES);
    for (size_t b = 0; b < VALUE_BYTES; b++)
        buf_add_char(&bytes, (char)((uint64_t)value >> (8 * b) & 0xFF));
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < KEY_BYTES; b++)
            buf_add_char(&bytes, (char)(key_of(hashes[i]) >> (8 * b) & 0xFF));
    row.bytes = buf_slice(&bytes);
    status = buf_finish(&bytes, err);
    if (status == WW_OK)
        status = ix->io->put_tail(ix->io->state, ix->kind, article_id, row.bytes, err);
    if (status == WW_OK)
        status = take_row(ix, &row, err);
    buf_release(&bytes);
    if (status == WW_OK && ix->n_tail >= ix->tail_max)
        status = settle(ix, err);
    if (status != WW_OK)
        ix->is_loaded = false;
    return status;
}
