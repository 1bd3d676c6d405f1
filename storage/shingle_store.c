/* shingle_store.c - struct shingle_io over the rows of store_shingles.h. */
#include "storage/shingle_store.h"

#include "base/arena.h"
#include "base/limits.h"
#include "storage/store.h"

#include <stdio.h>

#define META_KEY_BYTES 64

static enum ww_status add_run(void *state, const struct shingle_run *run, int64_t *id,
                              struct ww_error *err)
{
    return store_add_shingle_run(state, run, id, err);
}

static enum ww_status drop_run(void *state, int64_t id, struct ww_error *err)
{
    return store_drop_shingle_run(state, id, err);
}

static enum ww_status list_runs(void *state, struct slice kind, struct arena *arena,
                                struct shingle_run_list *out, struct ww_error *err)
{
    return store_list_shingle_runs(state, kind, arena, out, err);
}

static enum ww_status put_block(void *state, int64_t run_id, int64_t number, struct slice bytes,
                                struct ww_error *err)
{
    return store_put_shingle_block(state, run_id, number, bytes, err);
}

static enum ww_status read_block(void *state, int64_t run_id, int64_t number, struct arena *arena,
                                 struct slice *out, struct ww_error *err)
{
    return store_shingle_block(state, run_id, number, arena, out, err);
}

static enum ww_status put_tail(void *state, struct slice kind, int64_t article_id,
                               struct slice bytes, struct ww_error *err)
{
    return store_put_shingle_tail(state, kind, article_id, bytes, err);
}

static enum ww_status list_tail(void *state, struct slice kind, int64_t after_article_id,
                                struct arena *arena, struct shingle_tail_list *out,
                                struct ww_error *err)
{
    return store_list_shingle_tail(state, kind, after_article_id, arena, out, err);
}

static enum ww_status drop_tail(void *state, struct slice kind, int64_t last_article_id,
                                struct ww_error *err)
{
    return store_drop_shingle_tail(state, kind, last_article_id, err);
}

static struct slice generation_key(struct slice kind, char room[META_KEY_BYTES])
{
    (void)snprintf(room, META_KEY_BYTES, "index.%.*s.generation", SLICE_ARG(kind));
    return slice_from(room);
}

static enum ww_status read_generation(void *state, struct slice kind, int64_t *out,
                                      struct ww_error *err)
{
    char room[META_KEY_BYTES];
    unsigned long long number = 0;
    struct slice value;
    struct arena arena;
    enum ww_status status;

    *out = 0;
    arena_init(&arena, ARTICLE_TEXT_MAX_BYTES);
    status = store_meta(state, generation_key(kind, room), &arena, &value, err);
    if (status == WW_OK && slice_number(value, INT64_MAX, &number))
        *out = (int64_t)number;
    arena_release(&arena);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

static enum ww_status write_generation(void *state, struct slice kind, int64_t generation,
                                       struct ww_error *err)
{
    char room[META_KEY_BYTES], value[32];

    (void)snprintf(value, sizeof(value), "%lld", (long long)generation);
    return store_put_meta(state, generation_key(kind, room), slice_from(value), err);
}

struct shingle_io shingle_store_io(struct store *store)
{
    return (struct shingle_io){
        .state = store,
        .add_run = add_run,
        .drop_run = drop_run,
        .list_runs = list_runs,
        .put_block = put_block,
        .block = read_block,
        .put_tail = put_tail,
        .list_tail = list_tail,
        .drop_tail = drop_tail,
        .generation = read_generation,
        .set_generation = write_generation,
    };
}
