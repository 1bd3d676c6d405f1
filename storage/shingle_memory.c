/* shingle_memory.c - struct shingle_io over plain arrays. */
#include "storage/shingle_memory.h"

#include "base/arena.h"
#include "base/mem.h"

#include <string.h>

/* Rows of bytes, sorted by id. */
struct blobs {
    struct memory_blob {
        int64_t id;
        char *bytes;
        size_t len;
    } * rows;
    size_t n, capacity;
};

struct shingle_memory {
    struct shingle_run *runs; /* in order of id */
    size_t n_runs, runs_capacity;
    struct blobs tables[2]; /* enum shingle_table */
    struct blobs tail;
    struct shingle_state index_state;
    int64_t last_run_id;
    size_t n_bytes;
};

static enum ww_status no_memory(struct ww_error *err)
{
    return ww_fail(err, WW_NOMEM, "no memory for the duplicate index");
}

/* ---- rows of bytes --------------------------------------------------------------------------- */

/* The first row with an id of at least this. */
static size_t first_from(const struct blobs *b, int64_t id)
{
    size_t low = 0, high = b->n;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (b->rows[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum ww_status add(struct shingle_memory *m, struct blobs *b, int64_t id, struct slice bytes,
                          struct ww_error *err)
{
    struct memory_blob *rows = mem_grow(b->rows, b->n, &b->capacity, sizeof(*rows));
    char *copy = mem_string(bytes.ptr, bytes.len);
    size_t at;

    if (rows != NULL)
        b->rows = rows;
    if (rows == NULL || copy == NULL) {
        mem_free(copy);
        return no_memory(err);
    }
    at = first_from(b, id);
    memmove(&rows[at + 1], &rows[at], (b->n - at) * sizeof(*rows));
    rows[at] = (struct memory_blob){id, copy, bytes.len};
    b->n++;
    m->n_bytes += bytes.len;
    return WW_OK;
}

static void drop(struct shingle_memory *m, struct blobs *b, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++) {
        m->n_bytes -= b->rows[i].len;
        mem_free(b->rows[i].bytes);
    }
    if (from < end)
        memmove(&b->rows[from], &b->rows[end], (b->n - end) * sizeof(*b->rows));
    b->n -= end - from;
}

/* Borrowed: a row does not change while it is there. */
static struct shingle_blob blob_at(const struct blobs *b, size_t i)
{
    return (struct shingle_blob){b->rows[i].id, slice_of(b->rows[i].bytes, b->rows[i].len)};
}

static enum ww_status list(const struct blobs *b, size_t from, size_t end, struct arena *arena,
                           struct shingle_blob_list *out, struct ww_error *err)
{
    *out = (struct shingle_blob_list){arena_array(arena, end - from, sizeof(*out->rows)), 0};
    for (size_t i = from; out->rows != NULL && i < end; i++)
        out->rows[out->n_rows++] = blob_at(b, i);
    return arena_check(arena, err);
}

static enum ww_status put_blob(void *state, enum shingle_table table, int64_t id,
                               struct slice bytes, struct ww_error *err)
{
    struct shingle_memory *m = state;

    return add(m, &m->tables[table], id, bytes, err);
}

static enum ww_status find_blob(void *state, enum shingle_table table, int64_t id,
                                struct arena *arena, struct shingle_blob *out, struct ww_error *err)
{
    const struct shingle_memory *m = state;
    size_t end = first_from(&m->tables[table], id + 1);

    WW_UNUSED(arena);
    if (end == 0)
        return ww_fail(err, WW_NOT_FOUND, "no row up to %lld", (long long)id);
    *out = blob_at(&m->tables[table], end - 1);
    return WW_OK;
}

static enum ww_status list_blocks(void *state, int64_t first_id, int64_t below_id,
                                  struct arena *arena, struct shingle_blob_list *out,
                                  struct ww_error *err)
{
    const struct shingle_memory *m = state;
    const struct blobs *b = &m->tables[SHINGLE_BLOCKS];
    size_t from = first_from(b, first_id + 1);

    return list(b, from == 0 ? 0 : from - 1, first_from(b, below_id), arena, out, err);
}

static enum ww_status drop_blobs(void *state, enum shingle_table table, int64_t first_id,
                                 int64_t below_id, struct ww_error *err)
{
    struct shingle_memory *m = state;
    struct blobs *b = &m->tables[table];

    WW_UNUSED(err);
    drop(m, b, first_from(b, first_id), first_from(b, below_id));
    return WW_OK;
}

static enum ww_status put_tail(void *state, int64_t id, struct slice bytes, struct ww_error *err)
{
    struct shingle_memory *m = state;

    return add(m, &m->tail, id, bytes, err);
}

static enum ww_status list_tail(void *state, int64_t after_id, struct arena *arena,
                                struct shingle_blob_list *out, struct ww_error *err)
{
    const struct shingle_memory *m = state;

    return list(&m->tail, first_from(&m->tail, after_id + 1), m->tail.n, arena, out, err);
}

static enum ww_status drop_tail(void *state, struct ww_error *err)
{
    struct shingle_memory *m = state;

    WW_UNUSED(err);
    drop(m, &m->tail, 0, m->tail.n);
    return WW_OK;
}

/* ---- runs and state -------------------------------------------------------------------------- */

static enum ww_status add_run(void *state, const struct shingle_run *run, int64_t *id,
                              struct ww_error *err)
{
    struct shingle_memory *m = state;
    struct shingle_run *runs = mem_grow(m->runs, m->n_runs, &m->runs_capacity, sizeof(*runs));

    if (runs == NULL)
        return no_memory(err);
    m->runs = runs;
    runs[m->n_runs] = *run;
    runs[m->n_runs++].id = *id = ++m->last_run_id;
    return WW_OK;
}

static enum ww_status put_run(void *state, const struct shingle_run *run, struct ww_error *err)
{
    struct shingle_memory *m = state;

    WW_UNUSED(err);
    for (size_t i = 0; i < m->n_runs; i++)
        if (m->runs[i].id == run->id)
            m->runs[i] = *run;
    return WW_OK;
}

static enum ww_status drop_run(void *state, int64_t id, struct ww_error *err)
{
    struct shingle_memory *m = state;
    size_t kept = 0;

    WW_UNUSED(err);
    for (size_t i = 0; i < m->n_runs; i++)
        if (m->runs[i].id != id)
            m->runs[kept++] = m->runs[i];
    m->n_runs = kept;
    return WW_OK;
}

static enum ww_status list_runs(void *state, struct arena *arena, struct shingle_run_list *out,
                                struct ww_error *err)
{
    const struct shingle_memory *m = state;
    struct shingle_run *rows = arena_array(arena, m->n_runs, sizeof(*rows));
    size_t n = 0;

    if (rows == NULL)
        return arena_check(arena, err);
    for (; n < m->n_runs; n++) {
        size_t at = n;

        for (; at > 0 && rows[at - 1].level < m->runs[n].level; at--)
            rows[at] = rows[at - 1];
        rows[at] = m->runs[n];
    }
    *out = (struct shingle_run_list){rows, n};
    return WW_OK;
}

static enum ww_status read_state(void *state, struct shingle_state *out, struct ww_error *err)
{
    const struct shingle_memory *m = state;

    WW_UNUSED(err);
    *out = m->index_state;
    out->first_tail_id = m->tail.n == 0 ? 0 : m->tail.rows[0].id;
    return WW_OK;
}

static enum ww_status set_state(void *state, const struct shingle_state *in, struct ww_error *err)
{
    WW_UNUSED(err);
    ((struct shingle_memory *)state)->index_state = *in;
    return WW_OK;
}

/* ---- opening --------------------------------------------------------------------------------- */

enum ww_status shingle_memory_open(struct shingle_memory **out, struct ww_error *err)
{
    *out = mem_alloc(sizeof(**out));
    return *out == NULL ? no_memory(err) : WW_OK;
}

void shingle_memory_close(struct shingle_memory *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; i < WW_COUNT(m->tables); i++) {
        drop(m, &m->tables[i], 0, m->tables[i].n);
        mem_free(m->tables[i].rows);
    }
    drop(m, &m->tail, 0, m->tail.n);
    mem_free(m->tail.rows);
    mem_free(m->runs);
    mem_free(m);
}

struct shingle_io shingle_memory_io(struct shingle_memory *m)
{
    return (struct shingle_io){
        .state = m,
        .add_run = add_run,
        .put_run = put_run,
        .drop_run = drop_run,
        .list_runs = list_runs,
        .put_blob = put_blob,
        .find_blob = find_blob,
        .list_blocks = list_blocks,
        .drop_blobs = drop_blobs,
        .put_tail = put_tail,
        .list_tail = list_tail,
        .drop_tail = drop_tail,
        .read_state = read_state,
        .set_state = set_state,
    };
}

size_t shingle_memory_bytes(const struct shingle_memory *m)
{
    return m->n_bytes;
}
