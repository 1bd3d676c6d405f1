/* shingle_store.c - struct shingle_io over the store's rows. */
#include "storage/shingle_store.h"

#include "base/limits.h"
#include "storage/rows.h"

#define AT(member) offsetof(struct shingle_run, member)
static const struct member run_members[] = {
    {MEMBER_NUMBER, AT(id),         NULL},
    {MEMBER_NUMBER, AT(version),    NULL},
    {MEMBER_NUMBER, AT(level),      NULL},
    {MEMBER_NUMBER, AT(n_postings), NULL},
    {MEMBER_NUMBER, AT(n_shingles), NULL},
    {MEMBER_NUMBER, AT(n_source),   NULL},
    {MEMBER_NUMBER, AT(n_chunks),   NULL},
    {MEMBER_NUMBER, AT(n_done),     NULL},
    {MEMBER_NUMBER, AT(into_id),    NULL},
    {MEMBER_NUMBER, AT(begun_at),   NULL},
};
#undef AT
#define N_RUN WW_COUNT(run_members)
static const struct part run_part = {run_members, N_RUN, 0};
static const struct shape run_shape = {sizeof(struct shingle_run), {{run_members, N_RUN, 0}}};

static const struct member blob_members[] = {
    {MEMBER_NUMBER, offsetof(struct shingle_blob, id),    NULL},
    {MEMBER_BYTES,  offsetof(struct shingle_blob, bytes), NULL},
};
static const struct shape blob_shape = {sizeof(struct shingle_blob),
                                        {{blob_members, WW_COUNT(blob_members), 0}}};

static enum ww_status add_run(void *state, const struct shingle_run *run, int64_t *id,
                              struct ww_error *err)
{
    struct db_value values[N_RUN];
    enum ww_status status = row_bind(state, &run_part, run, values, err);

    return status == WW_OK
               ? row_write_returning(state, QUERY_SHINGLE_RUN_ADD, values, N_RUN, id, err)
               : status;
}

static enum ww_status put_run(void *state, const struct shingle_run *run, struct ww_error *err)
{
    struct db_value values[N_RUN];
    enum ww_status status = row_bind(state, &run_part, run, values, err);

    return status == WW_OK ? row_write(state, QUERY_SHINGLE_RUN_PUT, values, N_RUN, err) : status;
}

static enum ww_status drop_run(void *state, int64_t id, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};

    return row_write(state, QUERY_SHINGLE_RUN_DROP, values, WW_COUNT(values), err);
}

static enum ww_status list_runs(void *state, struct arena *arena, struct shingle_run_list *out,
                                struct ww_error *err)
{
    struct row_list list;
    enum ww_status status =
        row_list(state, QUERY_SHINGLE_RUN_LIST, NULL, 0, &run_shape, arena, &list, err);

    *out = (struct shingle_run_list){list.rows, list.n_rows};
    return status;
}

static enum ww_status put_blob(void *state, enum shingle_table table, int64_t id,
                               struct slice bytes, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id), db_blob(bytes)};

    return row_write(state,
                     table == SHINGLE_BLOCKS ? QUERY_SHINGLE_BLOCK_PUT : QUERY_SHINGLE_FILTER_PUT,
                     values, WW_COUNT(values), err);
}

static enum ww_status find_blob(void *state, enum shingle_table table, int64_t id,
                                struct arena *arena, struct shingle_blob *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};

    return row_read(state,
                    table == SHINGLE_BLOCKS ? QUERY_SHINGLE_BLOCK_FIND : QUERY_SHINGLE_FILTER_FIND,
                    values, WW_COUNT(values), &blob_shape, arena, out, err);
}

static enum ww_status foresee_blob(void *state, enum shingle_table table, int64_t id,
                                   struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};

    return row_foresee(
        state, table == SHINGLE_BLOCKS ? QUERY_SHINGLE_BLOCK_FIND : QUERY_SHINGLE_FILTER_FIND,
        values, WW_COUNT(values), err);
}

static enum ww_status list_blocks(void *state, int64_t first_id, int64_t below_id,
                                  struct arena *arena, struct shingle_blob_list *out,
                                  struct ww_error *err)
{
    const struct db_value values[] = {db_integer(first_id), db_integer(below_id)};
    struct row_list list;
    enum ww_status status = row_list(state, QUERY_SHINGLE_BLOCK_LIST, values, WW_COUNT(values),
                                     &blob_shape, arena, &list, err);

    *out = (struct shingle_blob_list){list.rows, list.n_rows};
    return status;
}

static enum ww_status drop_blobs(void *state, enum shingle_table table, int64_t first_id,
                                 int64_t below_id, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(first_id), db_integer(below_id)};

    return row_write(
        state, table == SHINGLE_BLOCKS ? QUERY_SHINGLE_BLOCKS_DROP : QUERY_SHINGLE_FILTERS_DROP,
        values, WW_COUNT(values), err);
}

static enum ww_status put_tail(void *state, int64_t id, struct slice bytes, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id), db_blob(bytes)};

    return row_write(state, QUERY_SHINGLE_TAIL_ADD, values, WW_COUNT(values), err);
}

static enum ww_status list_tail(void *state, int64_t after_id, struct arena *arena,
                                struct shingle_blob_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(after_id)};
    struct row_list list;
    enum ww_status status = row_list(state, QUERY_SHINGLE_TAIL_LIST, values, WW_COUNT(values),
                                     &blob_shape, arena, &list, err);

    *out = (struct shingle_blob_list){list.rows, list.n_rows};
    return status;
}

static enum ww_status drop_tail(void *state, struct ww_error *err)
{
    return row_write(state, QUERY_SHINGLE_TAIL_DROP, NULL, 0, err);
}

static enum ww_status read_state(void *state, struct shingle_state *out, struct ww_error *err)
{
    int64_t numbers[5] = {0};
    enum ww_status status =
        row_numbers(state, QUERY_SHINGLE_STATE, NULL, 0, numbers, WW_COUNT(numbers), err);

    *out = (struct shingle_state){numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]};
    return status;
}

static enum ww_status set_state(void *state, const struct shingle_state *in, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(in->generation), db_integer(in->version),
                                      db_integer(in->n_given), db_integer(in->missing_below)};

    return row_write(state, QUERY_SHINGLE_STATE_SET, values, WW_COUNT(values), err);
}

struct shingle_io shingle_store_io(struct store *store)
{
    return (struct shingle_io){
        .state = store,
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
        .foresee_blob = foresee_blob,
        .blocks_max_bytes = store_driver(store)->is_shared ? SHINGLE_BLOCKS_MAX_BYTES : 0,
    };
}
