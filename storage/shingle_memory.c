/* shingle_memory.c - struct shingle_io over plain arrays. */
#include "storage/shingle_memory.h"

#include "base/arena.h"
#include "base/mem.h"

#include <string.h>

struct memory_block {
    int64_t run_id, number;
    char *bytes;
    size_t len;
};

struct memory_run {
    struct shingle_run row; /* kind and summary are ours */
    struct memory_block *blocks;
    size_t n_blocks, capacity;
};

struct memory_tail {
    char *kind, *bytes;
    size_t len;
    int64_t article_id;
};

struct memory_generation {
    char *kind;
    int64_t number;
};

struct shingle_memory {
    struct memory_run *runs;
    size_t n_runs, runs_capacity;
    struct memory_tail *tails; /* in order of article within a kind */
    size_t n_tails, tails_capacity;
    struct memory_generation *generations;
    size_t n_generations, generations_capacity;
    int64_t last_id;
    size_t n_bytes;
};

static enum ww_status no_memory(struct ww_error *err)
{
    return ww_fail(err, WW_NOMEM, "no memory for the duplicate index");
}

static void free_run(struct shingle_memory *m, struct memory_run *run)
{
    for (size_t i = 0; i < run->n_blocks; i++) {
        m->n_bytes -= run->blocks[i].len;
        mem_free(run->blocks[i].bytes);
    }
    m->n_bytes -= run->row.summary.len;
    mem_free(run->blocks);
    mem_free((void *)(uintptr_t)run->row.kind.ptr); /* ours, const only in the row */
    mem_free((void *)(uintptr_t)run->row.summary.ptr);
}

static enum ww_status add_run(void *state, const struct shingle_run *row, int64_t *id,
                              struct ww_error *err)
{
    struct shingle_memory *m = state;
    struct memory_run *runs = mem_grow(m->runs, m->n_runs, &m->runs_capacity, sizeof(*runs));
    char *kind = mem_string(row->kind.ptr, row->kind.len);
    char *summary = mem_string(row->summary.ptr, row->summary.len);

    if (runs != NULL)
        m->runs = runs;
    if (runs == NULL || kind == NULL || summary == NULL) {
        mem_free(kind);
        mem_free(summary);
        return no_memory(err);
    }
    runs[m->n_runs] = (struct memory_run){.row = *row};
    runs[m->n_runs].row.kind = slice_of(kind, row->kind.len);
    runs[m->n_runs].row.summary = slice_of(summary, row->summary.len);
    runs[m->n_runs].row.id = *id = ++m->last_id;
    m->n_bytes += row->summary.len;
    m->n_runs++;
    return WW_OK;
}

static struct memory_run *find_run(const struct shingle_memory *m, int64_t id)
{
    for (size_t i = 0; i < m->n_runs; i++)
        if (m->runs[i].row.id == id)
            return &m->runs[i];
    return NULL;
}

static enum ww_status drop_run(void *state, int64_t id, struct ww_error *err)
{
    struct shingle_memory *m = state;
    struct memory_run *run = find_run(m, id);

    WW_UNUSED(err);
    if (run == NULL)
        return WW_OK;
    free_run(m, run);
    m->n_runs--;
    memmove(run, run + 1, (size_t)(m->runs + m->n_runs - run) * sizeof(*run));
    return WW_OK;
}

static enum ww_status list_runs(void *state, struct slice kind, struct arena *arena,
                                struct shingle_run_list *out, struct ww_error *err)
{
    struct shingle_memory *m = state;

    *out = (struct shingle_run_list){arena_array(arena, m->n_runs, sizeof(*out->rows)), 0};
    for (size_t i = 0; out->rows != NULL && i < m->n_runs; i++)
        if (slice_equal(m->runs[i].row.kind, kind)) {
            out->rows[out->n_rows] = m->runs[i].row;
            out->rows[out->n_rows++].summary = arena_copy(arena, m->runs[i].row.summary);
        }
    return arena_check(arena, err);
}

static enum ww_status put_block(void *state, int64_t run_id, int64_t number, struct slice bytes,
                                struct ww_error *err)
{
    struct shingle_memory *m = state;
    struct memory_run *run = find_run(m, run_id);
    struct memory_block *blocks;
    char *copy = mem_string(bytes.ptr, bytes.len);

    blocks =
        run == NULL ? NULL : mem_grow(run->blocks, run->n_blocks, &run->capacity, sizeof(*blocks));
    if (blocks != NULL)
        run->blocks = blocks;
    if (blocks == NULL || copy == NULL) {
        mem_free(copy);
        return no_memory(err);
    }
    blocks[run->n_blocks++] = (struct memory_block){run_id, number, copy, bytes.len};
    m->n_bytes += bytes.len;
    return WW_OK;
}

static enum ww_status block(void *state, int64_t run_id, int64_t number, struct arena *arena,
                            struct slice *out, struct ww_error *err)
{
    const struct memory_run *run = find_run(state, run_id);

    /* Blocks are put in order from 0 and borrowed here: a run does not change. */
    WW_UNUSED(arena);
    if (run == NULL || number < 0 || (size_t)number >= run->n_blocks)
        return ww_fail(err, WW_NOT_FOUND, "no block %lld of run %lld", (long long)number,
                       (long long)run_id);
    *out = slice_of(run->blocks[number].bytes, run->blocks[number].len);
    return WW_OK;
}

static enum ww_status put_tail(void *state, struct slice kind, int64_t article_id,
                               struct slice bytes, struct ww_error *err)
{
    struct shingle_memory *m = state;
    struct memory_tail *tails = mem_grow(m->tails, m->n_tails, &m->tails_capacity, sizeof(*tails));
    char *copy = mem_string(bytes.ptr, bytes.len);
    char *name = mem_string(kind.ptr, kind.len);

    if (tails != NULL)
        m->tails = tails;
    if (tails == NULL || copy == NULL || name == NULL) {
        mem_free(copy);
        mem_free(name);
        return no_memory(err);
    }
    tails[m->n_tails++] = (struct memory_tail){name, copy, bytes.len, article_id};
    m->n_bytes += bytes.len;
    return WW_OK;
}

static bool is_kind(const char *name, struct slice kind)
{
    return slice_equal(slice_from(name), kind);
}

static enum ww_status list_tail(void *state, struct slice kind, int64_t after_article_id,
                                struct arena *arena, struct shingle_tail_list *out,
                                struct ww_error *err)
{
    const struct shingle_memory *m = state;
    size_t first = m->n_tails;

    *out = (struct shingle_tail_list){0};
    while (first > 0 && m->tails[first - 1].article_id > after_article_id)
        first--;
    out->rows = arena_array(arena, m->n_tails - first, sizeof(*out->rows));
    for (size_t i = first; out->rows != NULL && i < m->n_tails; i++)
        if (is_kind(m->tails[i].kind, kind))
            out->rows[out->n_rows++] = (struct shingle_tail){
                m->tails[i].article_id, slice_of(m->tails[i].bytes, m->tails[i].len)};
    return arena_check(arena, err);
}

static enum ww_status drop_tail(void *state, struct slice kind, int64_t last_article_id,
                                struct ww_error *err)
{
    struct shingle_memory *m = state;
    size_t kept = 0;

    WW_UNUSED(err);
    for (size_t i = 0; i < m->n_tails; i++) {
        struct memory_tail *tail = &m->tails[i];

        if (tail->article_id > last_article_id || !is_kind(tail->kind, kind)) {
            m->tails[kept++] = *tail;
            continue;
        }
        m->n_bytes -= tail->len;
        mem_free(tail->kind);
        mem_free(tail->bytes);
    }
    m->n_tails = kept;
    return WW_OK;
}

static enum ww_status generation(void *state, struct slice kind, int64_t *out, struct ww_error *err)
{
    const struct shingle_memory *m = state;

    WW_UNUSED(err);
    *out = 0;
    for (size_t i = 0; i < m->n_generations; i++)
        if (is_kind(m->generations[i].kind, kind))
            *out = m->generations[i].number;
    return WW_OK;
}

static enum ww_status set_generation(void *state, struct slice kind, int64_t number,
                                     struct ww_error *err)
{
    struct shingle_memory *m = state;
    struct memory_generation *list = m->generations;
    char *name;

    for (size_t i = 0; i < m->n_generations; i++)
        if (is_kind(list[i].kind, kind)) {
            list[i].number = number;
            return WW_OK;
        }
    name = mem_string(kind.ptr, kind.len);
    list = mem_grow(list, m->n_generations, &m->generations_capacity, sizeof(*list));
    if (list != NULL)
        m->generations = list;
    if (list == NULL || name == NULL) {
        mem_free(name);
        return no_memory(err);
    }
    list[m->n_generations++] = (struct memory_generation){name, number};
    return WW_OK;
}

enum ww_status shingle_memory_open(struct shingle_memory **out, struct ww_error *err)
{
    *out = mem_alloc(sizeof(**out));
    return *out == NULL ? no_memory(err) : WW_OK;
}

void shingle_memory_close(struct shingle_memory *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; i < m->n_runs; i++)
        free_run(m, &m->runs[i]);
    for (size_t i = 0; i < m->n_tails; i++) {
        mem_free(m->tails[i].kind);
        mem_free(m->tails[i].bytes);
    }
    for (size_t i = 0; i < m->n_generations; i++)
        mem_free(m->generations[i].kind);
    mem_free(m->runs);
    mem_free(m->tails);
    mem_free(m->generations);
    mem_free(m);
}

struct shingle_io shingle_memory_io(struct shingle_memory *m)
{
    return (struct shingle_io){
        .state = m,
        .add_run = add_run,
        .drop_run = drop_run,
        .list_runs = list_runs,
        .put_block = put_block,
        .block = block,
        .put_tail = put_tail,
        .list_tail = list_tail,
        .drop_tail = drop_tail,
        .generation = generation,
        .set_generation = set_generation,
    };
}

size_t shingle_memory_bytes(const struct shingle_memory *m)
{
    return m->n_bytes;
}
