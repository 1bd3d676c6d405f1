/* shingle_index.c - the tail in memory, what is stored of it, and when it becomes a run. */
#include "storage/shingle_index.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/lowest_first.h"
#include "base/mem.h"
#include "base/shingle.h"
#include "storage/shingle_merge.h"

#include <string.h>

#define KEY_BYTES ((SHINGLE_KEY_BITS + 7) / 8)
#define VALUE_BYTES 8
#define COUNT_BYTES 4
#define TABLE_MIN 1024
/* The number of a slot fits beside a key in 64 bits. */
#define TABLE_MAX ((size_t)1 << (64 - SHINGLE_KEY_BITS))
#define TAIL_ARENA_MAX_BYTES ((size_t)256 << 20)
/* More rows than a tail has: the rest of a row's id is the generation in which its tail began. */
#define TAIL_ID_BITS 24

struct shingle_index {
    const struct shingle_io *io;
    size_t tail_max;
    bool is_loaded;
    struct shingle_state state; /* as stored */
    int64_t last_tail_id;       /* 0: the tail is empty */
    struct posting *table;      /* the tail: open addressing, value 0 is an empty slot */
    size_t table_size, n_tail;
    struct run_set runs;
    struct arena scratch;
};

static uint64_t key_of(enum shingle_kind kind, uint64_t hash)
{
    uint64_t key = hash >> (65 - SHINGLE_KEY_BITS), short_part = key / SHINGLE_SHORT_PART;

    if (kind == SHINGLE_OF_TEXT && !shingle_is_sampled(hash, SHINGLE_SHORT))
        key = (SHINGLE_SHORT_FIRST >> 1) + short_part;
    else
        key -= short_part;
    return key << 1 | (uint64_t)kind;
}

static size_t list_max(enum shingle_kind kind)
{
    return kind == SHINGLE_OF_SENTENCE ? STORY_FURNITURE : SHINGLE_LIST_MAX;
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
static enum ww_status table_reserve(struct shingle_index *ix, size_t n, struct ww_error *err)
{
    struct posting *old = ix->table;
    size_t old_size = ix->table_size, size = old_size < TABLE_MIN ? TABLE_MIN : old_size;

    while ((ix->n_tail + n) * 3 > size * 2)
        size *= 2;
    if (size == old_size)
        return WW_OK;
    if (size > TABLE_MAX)
        return ww_fail(err, WW_STORE, "duplicate index: the tail has %zu postings", ix->n_tail + n);
    ix->table = mem_array(size, sizeof(*ix->table));
    if (ix->table == NULL) {
        ix->table = old;
        return ww_fail(err, WW_NOMEM, "duplicate index: no memory for %zu postings", ix->n_tail);
    }
    ix->table_size = size;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].value != 0)
            (void)table_put(ix, old[i]);
    mem_free(old);
    return WW_OK;
}

static void store(struct buf *out, uint64_t value, unsigned n)
{
    char *p = buf_extend(out, n);

    if (p != NULL)
        lowest_first_put(p, n, value);
}

/* A row of the tail: of each group the value, the number of keys, the keys. */
static void write_row(struct buf *out, const struct shingle_group *groups, size_t n)
{
    for (size_t g = 0; g < n; g++) {
        if (groups[g].n_hashes == 0)
            continue;
        store(out, (uint64_t)groups[g].value, VALUE_BYTES);
        store(out, groups[g].n_hashes, COUNT_BYTES);
        for (size_t i = 0; i < groups[g].n_hashes; i++)
            store(out, key_of(groups[g].kind, groups[g].hashes[i]), KEY_BYTES);
    }
}

static enum ww_status take_row(struct shingle_index *ix, int64_t id, struct slice row,
                               struct ww_error *err)
{
    const unsigned char *at = (const unsigned char *)row.ptr, *end = at + row.len;
    enum ww_status status = WW_OK;

    while (status == WW_OK && at < end) {
        struct posting p = {0};
        size_t n = 0;

        if (end - at >= VALUE_BYTES + COUNT_BYTES) {
            p.value = (int64_t)lowest_first_get(at, VALUE_BYTES);
            n = (size_t)lowest_first_get(at + VALUE_BYTES, COUNT_BYTES);
            at += VALUE_BYTES + COUNT_BYTES;
        }
        if (p.value <= 0 || p.value >> SHINGLE_VALUE_BITS != 0 ||
            n > (size_t)(end - at) / KEY_BYTES)
            return ww_fail(err, WW_STORE, "duplicate index: row %lld of the tail is damaged",
                           (long long)id);
        status = table_reserve(ix, n, err);
        for (size_t i = 0; status == WW_OK && i < n; i++, at += KEY_BYTES) {
            p.key = lowest_first_get(at, KEY_BYTES);
            ix->n_tail += table_put(ix, p);
        }
    }
    ix->last_tail_id = id;
    if (ix->state.first_tail_id == 0)
        ix->state.first_tail_id = id;
    return status;
}

/* Every dropping of a tail is followed by another generation. */
static int64_t next_tail_id(const struct shingle_index *ix)
{
    return (ix->last_tail_id != 0 ? ix->last_tail_id : ix->state.generation << TAIL_ID_BITS) + 1;
}

static void empty_tail(struct shingle_index *ix)
{
    if (ix->table != NULL)
        memset(ix->table, 0, ix->table_size * sizeof(*ix->table));
    ix->n_tail = 0;
    ix->state.first_tail_id = ix->last_tail_id = 0;
}

/* ---- opening, refreshing --------------------------------------------------------------------- */

enum ww_status shingle_index_open(const struct shingle_io *io, size_t tail_max,
                                  struct shingle_index **out, struct ww_error *err)
{
    struct shingle_index *ix = mem_alloc(sizeof(*ix));

    *out = NULL;
    if (ix == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for the duplicate index");
    ix->io = io;
    ix->tail_max = tail_max == 0 ? SHINGLE_TAIL_MAX : tail_max;
    run_set_init(&ix->runs, io, SHINGLE_FILTERS_MAX_BYTES);
    arena_init(&ix->scratch, TAIL_ARENA_MAX_BYTES);
    *out = ix;
    return WW_OK;
}

void shingle_index_close(struct shingle_index *ix)
{
    if (ix == NULL)
        return;
    mem_free(ix->table);
    run_set_release(&ix->runs);
    arena_release(&ix->scratch);
    mem_free(ix);
}

void shingle_index_forget(struct shingle_index *ix)
{
    ix->is_loaded = false;
    run_set_release(&ix->runs);
}

/* What was changed is stored, and seen by others. */
static enum ww_status write_state(struct shingle_index *ix, struct ww_error *err)
{
    ix->state.generation++;
    return ix->io->set_state(ix->io->state, &ix->state, err);
}

/* All that there is becomes of version 0, to be dropped by the steps to come. */
static enum ww_status begin_anew(struct shingle_index *ix, struct ww_error *err)
{
    struct shingle_run_list list;
    enum ww_status status = ix->io->drop_tail(ix->io->state, err);

    empty_tail(ix);
    arena_reset(&ix->scratch);
    if (status == WW_OK)
        status = ix->io->list_runs(ix->io->state, &ix->scratch, &list, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        list.rows[i].version = 0;
        status = ix->io->put_run(ix->io->state, &list.rows[i], err);
    }
    ix->state.version = SHINGLE_VERSION;
    ix->state.n_given = 0;
    ix->state.missing_below = INT64_MAX;
    return status == WW_OK ? write_state(ix, err) : status;
}

/* The rows behind those in memory. */
static enum ww_status read_tail(struct shingle_index *ix, struct ww_error *err)
{
    struct shingle_blob_list tail;
    enum ww_status status;

    arena_reset(&ix->scratch);
    status = ix->io->list_tail(ix->io->state, ix->last_tail_id, &ix->scratch, &tail, err);
    for (size_t i = 0; status == WW_OK && i < tail.n_rows; i++)
        status = take_row(ix, tail.rows[i].id, tail.rows[i].bytes, err);
    return status;
}

enum ww_status shingle_index_refresh(struct shingle_index *ix, struct ww_error *err)
{
    struct shingle_state state;
    bool has_runs, has_tail;
    enum ww_status status = ix->io->read_state(ix->io->state, &state, err);

    if (status != WW_OK)
        return status;
    has_runs = ix->is_loaded && state.generation == ix->state.generation;
    has_tail = ix->is_loaded && state.first_tail_id == ix->state.first_tail_id;
    ix->is_loaded = false;
    if (!has_tail)
        empty_tail(ix);
    ix->state = state;
    if (state.version != SHINGLE_VERSION)
        status = begin_anew(ix, err);
    if (status == WW_OK && !has_runs)
        status = run_set_load(&ix->runs, err);
    if (status == WW_OK)
        status = read_tail(ix, err);
    ix->is_loaded = status == WW_OK;
    return status;
}

static enum ww_status ensure_loaded(struct shingle_index *ix, struct ww_error *err)
{
    return ix->is_loaded ? WW_OK : shingle_index_refresh(ix, err);
}

/* ---- finding --------------------------------------------------------------------------------- */

static enum ww_status find_in_tail(const struct shingle_index *ix, uint64_t key, size_t max,
                                   struct arena *arena, struct shingle_list *list,
                                   struct ww_error *err)
{
    size_t at = slot_of(ix, key);

    for (; ix->table[at].value != 0 && list->n < max; at = (at + 1) & (ix->table_size - 1)) {
        if (ix->table[at].key != key)
            continue;
        if (list->values == NULL)
            list->values = arena_array(arena, max, sizeof(*list->values));
        if (list->values == NULL)
            return arena_check(arena, err);
        list->values[list->n++] = ix->table[at].value;
    }
    return WW_OK;
}

enum ww_status shingle_index_find(struct shingle_index *ix, enum shingle_kind kind,
                                  const uint64_t *hashes, size_t n, struct arena *arena,
                                  struct shingle_list **lists, struct ww_error *err)
{
    uint64_t *keys = arena_array(arena, n, sizeof(*keys));
    enum ww_status status = ensure_loaded(ix, err);

    *lists = arena_array(arena, n, sizeof(**lists));
    if (status != WW_OK)
        return status;
    if (keys == NULL || *lists == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < n && status == WW_OK; i++) {
        keys[i] = key_of(kind, hashes[i]);
        if (ix->table_size > 0)
            status = find_in_tail(ix, keys[i], list_max(kind), arena, &(*lists)[i], err);
    }
    if (status != WW_OK)
        return status;
    return run_set_find(&ix->runs, keys, n, list_max(kind), arena, *lists, err);
}

/* ---- adding ---------------------------------------------------------------------------------- */

/* All postings of the tail, sorted by key. */
static enum ww_status sort_tail(struct shingle_index *ix, struct posting **out,
                                struct ww_error *err)
{
    uint64_t *packed; /* key, slot */
    struct shingle_set sorted;
    size_t n = 0;
    enum ww_status status;

    arena_reset(&ix->scratch);
    packed = arena_array(&ix->scratch, ix->n_tail, sizeof(*packed));
    *out = arena_array(&ix->scratch, ix->n_tail, sizeof(**out));
    if (packed == NULL || *out == NULL)
        return arena_check(&ix->scratch, err);
    for (size_t i = 0; i < ix->table_size; i++)
        if (ix->table[i].value != 0)
            packed[n++] = ix->table[i].key * TABLE_MAX | i;
    status = shingle_sort(packed, n, &ix->scratch, &sorted, err);
    for (size_t i = 0; status == WW_OK && i < n; i++)
        (*out)[i] = ix->table[sorted.hashes[i] % TABLE_MAX];
    return status;
}

static enum ww_status write_tail(struct shingle_index *ix, struct ww_error *err)
{
    struct posting *postings;
    int64_t n_given = ix->state.n_given + (int64_t)ix->n_tail;
    enum ww_status status = sort_tail(ix, &postings, err);

    if (status == WW_OK)
        status = merge_write_tail(&ix->runs, postings, ix->n_tail, n_given, err);
    if (status == WW_OK)
        status = ix->io->drop_tail(ix->io->state, err);
    if (status != WW_OK)
        return status;
    empty_tail(ix);
    ix->state.n_given = n_given;
    return merge_begin(&ix->runs, n_given, err);
}

/* The work behind an article: a full tail becomes a run, or a merge goes on. */
static enum ww_status settle(struct shingle_index *ix, struct ww_error *err)
{
    bool is_changed = ix->n_tail >= ix->tail_max;
    enum ww_status status;

    if (is_changed)
        status = write_tail(ix, err);
    else
        status = merge_step(&ix->runs, ix->state.n_given + (int64_t)ix->n_tail, &is_changed, err);
    return status == WW_OK && is_changed ? write_state(ix, err) : status;
}

enum ww_status shingle_index_add(struct shingle_index *ix, const struct shingle_group *groups,
                                 size_t n_groups, struct ww_error *err)
{
    struct buf row;
    int64_t id;
    enum ww_status status = ensure_loaded(ix, err);

    if (status != WW_OK)
        return status;
    id = next_tail_id(ix);
    buf_init(&row, TAIL_ARENA_MAX_BYTES);
    write_row(&row, groups, n_groups);
    status = buf_finish(&row, err);
    /* One more of many copies adds nothing. */
    if (status == WW_OK && row.len > 0)
        status = ix->io->put_tail(ix->io->state, id, buf_slice(&row), err);
    if (status == WW_OK && row.len > 0)
        status = take_row(ix, id, buf_slice(&row), err);
    buf_release(&row);
    if (status == WW_OK)
        status = settle(ix, err);
    if (status != WW_OK)
        shingle_index_forget(ix);
    return status;
}

/* ---- made anew ------------------------------------------------------------------------------- */

int64_t shingle_index_missing(const struct shingle_index *ix)
{
    return ix->is_loaded ? ix->state.missing_below : 0;
}

enum ww_status shingle_index_set_missing(struct shingle_index *ix, int64_t article_id,
                                         struct ww_error *err)
{
    enum ww_status status = ensure_loaded(ix, err);

    if (status != WW_OK)
        return status;
    ix->state.missing_below = article_id;
    return write_state(ix, err);
}

enum ww_status shingle_index_begin_anew(struct shingle_index *ix, struct ww_error *err)
{
    enum ww_status status = ensure_loaded(ix, err);

    if (status == WW_OK)
        status = begin_anew(ix, err);
    shingle_index_forget(ix);
    return status;
}
