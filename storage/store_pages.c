/* store_pages.c - the fetch queue. */
#include "storage/store_pages.h"

#include "storage/rows.h"

static const char *const state_names[] = {
    [PAGE_STATE_QUEUED] = "queued",
    [PAGE_STATE_DONE] = "done",
    [PAGE_STATE_FAILED] = "failed",
    [PAGE_STATE_REFUSED] = "refused",
    [PAGE_STATE_QUARANTINED] = "quarantined",
    [PAGE_STATE_GONE] = "gone",
    NULL,
};

#define AT(member) offsetof(struct page_row, member)
static const struct member members[] = {
    {MEMBER_NUMBER, AT(id),            NULL       },
    {MEMBER_TEXT,   AT(url),           NULL       },
    {MEMBER_TEXT,   AT(canonical),     NULL       },
    {MEMBER_TEXT,   AT(host),          NULL       },
    {MEMBER_TEXT,   AT(content_type),  NULL       },
    {MEMBER_CHOICE, AT(state),         state_names},
    {MEMBER_NUMBER, AT(priority),      NULL       },
    {MEMBER_NUMBER, AT(n_tries),       NULL       },
    {MEMBER_NUMBER, AT(n_deaths),      NULL       },
    {MEMBER_NUMBER, AT(not_before),    NULL       },
    {MEMBER_NUMBER, AT(last_status),   NULL       },
    {MEMBER_TEXT,   AT(last_error),    NULL       },
    {MEMBER_FLAG,   AT(is_historic),   NULL       },
    {MEMBER_TEXT,   AT(provenance),    NULL       },
    {MEMBER_LINK,   AT(feed_id),       NULL       },
    {MEMBER_NUMBER, AT(added_at),      NULL       },
    {MEMBER_NUMBER, AT(fetched_at),    NULL       },
    {MEMBER_TEXT,   AT(etag),          NULL       },
    {MEMBER_TEXT,   AT(last_modified), NULL       },
    {MEMBER_LINK,   AT(article_id),    NULL       },
};
#undef AT
#define N_MEMBERS WW_COUNT(members)
static const struct part part = {members, N_MEMBERS, 0};
static const struct shape shape = {sizeof(struct page_row), {{members, N_MEMBERS, 0}}};

static const struct member host_members[] = {
    {MEMBER_TEXT,   offsetof(struct page_host, host),     NULL},
    {MEMBER_NUMBER, offsetof(struct page_host, n_due),    NULL},
    {MEMBER_NUMBER, offsetof(struct page_host, priority), NULL},
};
static const struct shape host_shape = {sizeof(struct page_host),
                                        {{host_members, WW_COUNT(host_members), 0}}};

const char *page_state_name(enum page_state state)
{
    return state_names[state];
}

enum ww_status store_queue_page(struct store *s, const struct page_row *row, int64_t *id,
                                bool *is_new, struct ww_error *err)
{
    struct db_value values[N_MEMBERS];
    enum ww_status status = row_bind(s, &part, row, values, err);

    *is_new = false;
    if (status == WW_OK)
        status = row_write_returning(s, QUERY_PAGE_ADD, values, N_MEMBERS, id, err);
    *is_new = status == WW_OK;
    if (status != WW_NOT_FOUND)
        return status;
    status = row->is_historic ? WW_OK : row_write(s, QUERY_PAGE_ANNOUNCE, values, N_MEMBERS, err);
    if (status == WW_OK)
        status = row_numbers(s, QUERY_PAGE_ID, &values[2], 1, id, 1, err);
    return status;
}

enum ww_status store_page(struct store *s, int64_t id, struct arena *arena, struct page_row *out,
                          struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status =
        row_read(s, QUERY_PAGE_GET, values, WW_COUNT(values), &shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no page %lld", (long long)id)
                                  : status;
}

enum ww_status store_page_by_canonical(struct store *s, struct slice canonical, struct arena *arena,
                                       struct page_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(canonical)};

    return row_read(s, QUERY_PAGE_GET_CANONICAL, values, WW_COUNT(values), &shape, arena, out, err);
}

enum ww_status store_update_page(struct store *s, const struct page_row *row, struct ww_error *err)
{
    struct db_value values[N_MEMBERS];
    enum ww_status status = row_bind(s, &part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_PAGE_UPDATE, values, N_MEMBERS, err) : status;
}

enum ww_status store_requeue_page(struct store *s, int64_t id, int64_t now, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id), db_integer(now)};
    int64_t unused;
    enum ww_status status =
        row_write_returning(s, QUERY_PAGE_REQUEUE, values, WW_COUNT(values), &unused, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no page %lld", (long long)id)
                                  : status;
}

enum ww_status store_list_pages(struct store *s, const struct page_filter *filter,
                                struct arena *arena, struct page_list *out, struct ww_error *err)
{
    struct slice state =
        filter->has_state ? slice_from(state_names[filter->state]) : (struct slice){"", 0};
    const struct db_value due[] = {db_integer(filter->due_by),    db_integer(filter->history),
                                   db_text(filter->host),         db_integer(filter->feed_id),
                                   window_limit(&filter->window), window_offset(&filter->window)};
    const struct db_value all[] = {window_since(&filter->window), window_until(&filter->window),
                                   db_integer(filter->history),   db_text(state),
                                   db_text(filter->host),         db_integer(filter->feed_id),
                                   window_limit(&filter->window), window_offset(&filter->window)};
    struct row_list list;
    enum ww_status status;

    if (filter->due_by != 0)
        status = row_list(s, filter->host.len > 0 ? QUERY_PAGE_LIST_DUE_HOST : QUERY_PAGE_LIST_DUE,
                          due, WW_COUNT(due), &shape, arena, &list, err);
    else
        status = row_list(s, QUERY_PAGE_LIST, all, WW_COUNT(all), &shape, arena, &list, err);
    *out = (struct page_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_due_hosts(struct store *s, int64_t now, enum store_history history,
                                    struct arena *arena, struct page_host_list *out,
                                    struct ww_error *err)
{
    const struct db_value values[] = {db_integer(now), db_integer(history)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_PAGE_HOSTS_DUE, values, WW_COUNT(values), &host_shape, arena, &list, err);

    *out = (struct page_host_list){list.rows, list.n_rows};
    return status;
}
