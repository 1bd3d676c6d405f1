/* store_hosts.c - robots.txt and pace of each host. */
#include "storage/store_hosts.h"

#include "storage/rows.h"

#define AT(member) offsetof(struct host_row, member)
static const struct member members[] = {
    {MEMBER_TEXT,   AT(host),                 NULL},
    {MEMBER_NUMBER, AT(robots_status),        NULL},
    {MEMBER_NUMBER, AT(robots_fetched_at),    NULL},
    {MEMBER_NUMBER, AT(robots_failing_since), NULL},
    {MEMBER_TEXT,   AT(robots_etag),          NULL},
    {MEMBER_TEXT,   AT(robots_last_modified), NULL},
    {MEMBER_NUMBER, AT(not_before),           NULL},
    {MEMBER_NUMBER, AT(last_start_at),        NULL},
    {MEMBER_NUMBER, AT(delay_ms),             NULL},
    {MEMBER_NUMBER, AT(n_failures),           NULL},
 /* lists stop here */
    {MEMBER_PACKED, AT(robots),               NULL},
};
#undef AT
#define N_ALL WW_COUNT(members)
static const struct part part = {members, N_ALL, 0};
static const struct shape shape = {sizeof(struct host_row), {{members, N_ALL, 0}}};
static const struct shape list_shape = {sizeof(struct host_row), {{members, N_ALL - 1, 0}}};

enum ww_status store_host(struct store *s, struct slice host, struct arena *arena,
                          struct host_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(host)};

    return row_read(s, QUERY_HOST_GET, values, WW_COUNT(values), &shape, arena, out, err);
}

static enum ww_status save(struct store *s, enum query query, const struct host_row *row,
                           struct ww_error *err)
{
    struct db_value values[N_ALL];
    enum ww_status status = row_bind(s, &part, row, values, err);

    return status == WW_OK ? row_write(s, query, values, N_ALL, err) : status;
}

enum ww_status store_save_host(struct store *s, const struct host_row *row, struct ww_error *err)
{
    return save(s, QUERY_HOST_SAVE, row, err);
}

enum ww_status store_update_host(struct store *s, const struct host_row *row, struct ww_error *err)
{
    return save(s, QUERY_HOST_UPDATE, row, err);
}

enum ww_status store_list_hosts(struct store *s, const struct store_window *window,
                                struct arena *arena, struct host_list *out, struct ww_error *err)
{
    const struct db_value values[] = {window_limit(window), window_offset(window)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_HOST_LIST, values, WW_COUNT(values), &list_shape, arena, &list, err);

    *out = (struct host_list){list.rows, list.n_rows};
    return status;
}
