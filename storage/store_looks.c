/* store_looks.c - pages that are looked at again. */
#include "storage/store_looks.h"

#include "base/limits.h"
#include "storage/rows.h"

#define AT(member) offsetof(struct look_row, member)
static const struct member look_members[] = {
    {MEMBER_NUMBER, AT(page_id),       NULL},
    {MEMBER_NUMBER, AT(began_at),      NULL},
    {MEMBER_NUMBER, AT(step),          NULL},
    {MEMBER_NUMBER, AT(due_at),        NULL},
    {MEMBER_NUMBER, AT(n_tries),       NULL},
    {MEMBER_TEXT,   AT(missing),       NULL},
    {MEMBER_NUMBER, AT(missing_since), NULL},
    {MEMBER_FLAG,   AT(is_removed),    NULL},
};
#undef AT
#define N_LOOK WW_COUNT(look_members)
static const struct part look_part = {look_members, N_LOOK, 0};
static const struct shape look_shape = {sizeof(struct look_row), {{look_members, N_LOOK, 0}}};

static const struct member due_members[] = {
    {MEMBER_NUMBER, offsetof(struct look_due, page_id), NULL},
    {MEMBER_TEXT,   offsetof(struct look_due, url),     NULL},
};
static const struct shape due_shape = {sizeof(struct look_due),
                                       {{due_members, WW_COUNT(due_members), 0}}};

enum ww_status store_look_at(struct store *s, int64_t article_id, int64_t now, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id), db_integer(now),
                                      db_integer(LOOK_FIRST_S), db_integer(LOOK_LAST_S)};

    return row_write(s, QUERY_LOOK_BEGIN, values, WW_COUNT(values), err);
}

enum ww_status store_look(struct store *s, int64_t page_id, struct arena *arena,
                          struct look_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(page_id)};

    return row_read(s, QUERY_LOOK_GET, values, WW_COUNT(values), &look_shape, arena, out, err);
}

enum ww_status store_update_look(struct store *s, const struct look_row *row, struct ww_error *err)
{
    struct db_value values[N_LOOK];
    enum ww_status status = row_bind(s, &look_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_LOOK_UPDATE, values, N_LOOK, err) : status;
}

enum ww_status store_list_due_looks(struct store *s, int64_t now, size_t per_host, size_t limit,
                                    struct arena *arena, struct look_list *out,
                                    struct ww_error *err)
{
    const struct db_value values[] = {db_integer(now), db_integer((int64_t)per_host),
                                      db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_LOOK_LIST_DUE, values, WW_COUNT(values), &due_shape, arena, &list, err);

    *out = (struct look_list){list.rows, list.n_rows};
    return status;
}
