/* store_history_due.c - whose turn it is: the finds of one round, some of each host. */
#include "storage/store_history.h"

#include "base/arena.h"
#include "storage/rows.h"

#include <stdlib.h>

#define AT(member) offsetof(struct history_due, member)
static const struct member due_members[] = {
    {MEMBER_NUMBER, AT(find_id),        NULL},
    {MEMBER_LINK,   AT(page_id),        NULL},
    {MEMBER_TEXT,   AT(url),            NULL},
    {MEMBER_NUMBER, AT(published_at),   NULL},
    {MEMBER_TEXT,   AT(capture),        NULL},
    {MEMBER_NUMBER, AT(capture_offset), NULL},
    {MEMBER_NUMBER, AT(capture_bytes),  NULL},
    {MEMBER_FLAG,   AT(has_text),       NULL},
    {MEMBER_FLAG,   AT(is_page_due),    NULL},
    {MEMBER_NUMBER, AT(n_tries),        NULL},
};
#undef AT
static const struct shape due_shape = {sizeof(struct history_due),
                                       {{due_members, WW_COUNT(due_members), 0}}};

struct due_host {
    struct slice host;
    int64_t newest;
};

static const struct member due_host_members[] = {
    {MEMBER_TEXT,   offsetof(struct due_host, host),   NULL},
    {MEMBER_NUMBER, offsetof(struct due_host, newest), NULL},
};
static const struct shape due_host_shape = {sizeof(struct due_host),
                                            {{due_host_members, WW_COUNT(due_host_members), 0}}};

/* What failed before comes last: others are not kept waiting by what is always refused. */
static int by_turn(const void *a, const void *b)
{
    const struct history_due *x = a, *y = b;

    if (x->n_tries != y->n_tries)
        return x->n_tries < y->n_tries ? -1 : 1;
    if (x->published_at != y->published_at)
        return x->published_at > y->published_at ? -1 : 1;
    return x->find_id < y->find_id ? -1 : x->find_id > y->find_id;
}

/* Those of one host, behind the rows there are. */
static enum ww_status add_due(struct store *s, struct db_value *values, struct arena *arena,
                              struct history_due_list *out, struct ww_error *err)
{
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_FIND_DUE, values, 4, &due_shape, arena, &list, err);
    const struct history_due *rows = list.rows;

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        out->rows[out->n_rows++] = rows[i];
    return status;
}

enum ww_status store_history_due(struct store *s, int64_t backfill_id, int64_t now, size_t per_host,
                                 size_t limit, struct arena *arena, struct history_due_list *out,
                                 struct ww_error *err)
{
    struct db_value values[4] = {db_integer(backfill_id), db_integer(now)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_FIND_HOSTS_DUE, values, 1, &due_host_shape, arena, &list, err);
    const struct due_host *hosts = list.rows;
    size_t share;

    *out = (struct history_due_list){0};
    if (status != WW_OK || list.n_rows == 0 || limit == 0)
        return status;
    share = (limit - 1) / list.n_rows + 1;
    if (share > per_host)
        share = per_host;
    out->rows = arena_array(arena, limit, sizeof(*out->rows));
    status = arena_check(arena, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows && out->n_rows < limit; i++) {
        const size_t room = limit - out->n_rows;

        values[2] = db_text(hosts[i].host);
        values[3] = db_integer((int64_t)(share < room ? share : room));
        status = add_due(s, values, arena, out, err);
    }
    if (status == WW_OK && out->n_rows > 1)
        qsort(out->rows, out->n_rows, sizeof(*out->rows), by_turn);
    return status;
}
