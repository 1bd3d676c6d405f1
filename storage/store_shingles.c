/* store_shingles.c - the duplicate index's runs, blocks and tail. */
#include "storage/store_shingles.h"

#include "storage/rows.h"

#define AT(member) offsetof(struct shingle_run, member)
static const struct member run_members[] = {
    {MEMBER_NUMBER, AT(id),               NULL},
    {MEMBER_TEXT,   AT(kind),             NULL},
    {MEMBER_NUMBER, AT(version),          NULL},
    {MEMBER_NUMBER, AT(level),            NULL},
    {MEMBER_NUMBER, AT(n_postings),       NULL},
    {MEMBER_NUMBER, AT(n_blocks),         NULL},
    {MEMBER_NUMBER, AT(first_article_id), NULL},
    {MEMBER_NUMBER, AT(last_article_id),  NULL},
    {MEMBER_BYTES,  AT(summary),          NULL},
};
#undef AT
#define N_RUN WW_COUNT(run_members)
static const struct part run_part = {run_members, N_RUN, 0};
static const struct shape run_shape = {sizeof(struct shingle_run), {{run_members, N_RUN, 0}}};

static const struct member block_member[] = {
    {MEMBER_BYTES, 0, NULL}
};
static const struct shape block_shape = {sizeof(struct slice), {{block_member, 1, 0}}};

static const struct member tail_members[] = {
    {MEMBER_NUMBER, offsetof(struct shingle_tail, article_id), NULL},
    {MEMBER_BYTES,  offsetof(struct shingle_tail, bytes),      NULL},
};
static const struct shape tail_shape = {sizeof(struct shingle_tail),
                                        {{tail_members, WW_COUNT(tail_members), 0}}};

enum ww_status store_add_shingle_run(struct store *s, const struct shingle_run *run, int64_t *id,
                                     struct ww_error *err)
{
    struct db_value values[N_RUN];
    enum ww_status status = row_bind(s, &run_part, run, values, err);

    return status == WW_OK ? row_write_returning(s, QUERY_SHINGLE_RUN_ADD, values, N_RUN, id, err)
                           : status;
}

enum ww_status store_drop_shingle_run(struct store *s, int64_t id, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status = row_write(s, QUERY_SHINGLE_BLOCKS_DROP, values, WW_COUNT(values), err);

    return status == WW_OK ? row_write(s, QUERY_SHINGLE_RUN_DROP, values, WW_COUNT(values), err)
                           : status;
}

enum ww_status store_list_shingle_runs(struct store *s, struct slice kind, struct arena *arena,
                                       struct shingle_run_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(kind)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_SHINGLE_RUN_LIST, values, WW_COUNT(values),
                                     &run_shape, arena, &list, err);

    *out = (struct shingle_run_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_put_shingle_block(struct store *s, int64_t run_id, int64_t number,
                                       struct slice bytes, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(run_id), db_integer(number), db_blob(bytes)};

    return row_write(s, QUERY_SHINGLE_BLOCK_PUT, values, WW_COUNT(values), err);
}

enum ww_status store_shingle_block(struct store *s, int64_t run_id, int64_t number,
                                   struct arena *arena, struct slice *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(run_id), db_integer(number)};

    return row_read(s, QUERY_SHINGLE_BLOCK_GET, values, WW_COUNT(values), &block_shape, arena, out,
                    err);
}

enum ww_status store_put_shingle_tail(struct store *s, struct slice kind, int64_t article_id,
                                      struct slice bytes, struct ww_error *err)
{
    const struct db_value values[] = {db_text(kind), db_integer(article_id), db_blob(bytes)};

    return row_write(s, QUERY_SHINGLE_TAIL_PUT, values, WW_COUNT(values), err);
}

enum ww_status store_list_shingle_tail(struct store *s, struct slice kind, int64_t after_article_id,
                                       struct arena *arena, struct shingle_tail_list *out,
                                       struct ww_error *err)
{
    const struct db_value values[] = {db_text(kind), db_integer(after_article_id)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_SHINGLE_TAIL_LIST, values, WW_COUNT(values),
                                     &tail_shape, arena, &list, err);

    *out = (struct shingle_tail_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_drop_shingle_tail(struct store *s, struct slice kind, int64_t last_article_id,
                                       struct ww_error *err)
{
    const struct db_value values[] = {db_text(kind), db_integer(last_article_id)};

    return row_write(s, QUERY_SHINGLE_TAIL_DROP, values, WW_COUNT(values), err);
}
