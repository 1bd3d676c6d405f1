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

static enum ww_status bind(struct store *s, const struct host_row *row, struct db_value *values,
                           struct ww_error *err)
{
    values[N_ALL] = db_text(slice_from(store_claimant(s)->owner));
    return row_bind(s, &part, row, values, err);
}

static enum ww_status save(struct store *s, enum query query, const struct host_row *row,
                           struct ww_error *err)
{
    struct db_value values[N_ALL + 1];
    enum ww_status status = bind(s, row, values, err);

    return status == WW_OK ? row_write(s, query, values, N_ALL + 1, err) : status;
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

/* ---- leases ---------------------------------------------------------------------------------- */

static enum ww_status add_claimed(struct store *s, struct slice host, struct host_row *out,
                                  struct ww_error *err)
{
    const struct host_row row = {.host = host};
    struct db_value values[N_ALL + 2];
    int64_t unused;
    enum ww_status status = bind(s, &row, values, err);

    values[N_ALL + 1] = db_integer(store_lease_s(s));
    if (status == WW_OK)
        status = row_numbers(s, QUERY_HOST_CLAIM_NEW, values, N_ALL + 2, &unused, 1, err);
    if (status == WW_OK)
        *out = row;
    return status;
}

enum ww_status store_claim_host(struct store *s, struct slice host, int64_t now, int64_t delay_ms,
                                struct arena *arena, struct host_row *out, bool *is_mine,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_text(slice_from(store_claimant(s)->owner)), db_text(host),
                                      db_integer(store_lease_s(s)), db_integer(now),
                                      db_integer(delay_ms)};
    bool is_ours;
    enum ww_status status = row_claim_begin(s, &is_ours, err);

    *is_mine = false;
    if (status != WW_OK)
        return status;
    status = row_read(s, QUERY_HOST_CLAIM, values, WW_COUNT(values), &list_shape, arena, out, err);
    if (status == WW_NOT_FOUND)
        status = add_claimed(s, host, out, err);
    status = row_claim_end(s, is_ours, status, err);
    *is_mine = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status store_release_host(struct store *s, const struct host_row *row, struct ww_error *err)
{
    struct db_value values[N_ALL + 1];
    bool unused;
    enum ww_status status = bind(s, row, values, err);

    return status == WW_OK ? row_claim(s, QUERY_HOST_RELEASE, values, N_ALL + 1, &unused, err)
                           : status;
}
