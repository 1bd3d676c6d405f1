/* store_runs.c - the diary of runs and requests. */
#include "storage/store_runs.h"

#include "storage/rows.h"

static const char *const outcome_names[] = {
    [RUN_UNFINISHED] = "unfinished",
    [RUN_OK] = "ok",
    [RUN_PARTIAL] = "partial",
    [RUN_FAILED] = "failed",
    NULL,
};

static const char *const outage_names[] = {
    [RUN_OUTAGE_NONE] = "",
    [RUN_OUTAGE_NETWORK] = "network",
    [RUN_OUTAGE_NAMES] = "names",
    [RUN_OUTAGE_PROXY] = "proxy",
    [RUN_OUTAGE_CERTIFICATES] = "certificates",
    [RUN_OUTAGE_PORTAL] = "portal",
    [RUN_OUTAGE_PART] = "part",
    NULL,
};

#define AT(member) offsetof(struct run_row, member)
static const struct member run_members[] = {
    {MEMBER_NUMBER, AT(id),             NULL         },
    {MEMBER_TEXT,   AT(kind),           NULL         },
    {MEMBER_NUMBER, AT(pid),            NULL         },
    {MEMBER_NUMBER, AT(started_at),     NULL         },
    {MEMBER_NUMBER, AT(ended_at),       NULL         },
    {MEMBER_CHOICE, AT(outcome),        outcome_names},
    {MEMBER_NUMBER, AT(n_feeds),        NULL         },
    {MEMBER_NUMBER, AT(n_feeds_failed), NULL         },
    {MEMBER_NUMBER, AT(n_entries_new),  NULL         },
    {MEMBER_NUMBER, AT(n_pages),        NULL         },
    {MEMBER_NUMBER, AT(n_pages_failed), NULL         },
    {MEMBER_NUMBER, AT(n_articles),     NULL         },
    {MEMBER_NUMBER, AT(n_stories),      NULL         },
    {MEMBER_NUMBER, AT(n_mentions),     NULL         },
    {MEMBER_NUMBER, AT(n_alerts),       NULL         },
    {MEMBER_NUMBER, AT(n_messages),     NULL         },
    {MEMBER_NUMBER, AT(n_requests),     NULL         },
    {MEMBER_NUMBER, AT(received_bytes), NULL         },
    {MEMBER_TEXT,   AT(message),        NULL         },
    {MEMBER_CHOICE, AT(outage),         outage_names },
    {MEMBER_TEXT,   AT(machine),        NULL         },
};
#undef AT
#define N_RUN WW_COUNT(run_members)
static const struct part run_part = {run_members, N_RUN, 0};
static const struct shape run_shape = {sizeof(struct run_row), {{run_members, N_RUN, 0}}};

#define AT(member) offsetof(struct request_row, member)
static const struct member request_members[] = {
    {MEMBER_NUMBER, AT(id),          NULL},
    {MEMBER_LINK,   AT(run_id),      NULL},
    {MEMBER_NUMBER, AT(at),          NULL},
    {MEMBER_TEXT,   AT(url),         NULL},
    {MEMBER_TEXT,   AT(host),        NULL},
    {MEMBER_NUMBER, AT(http_status), NULL},
    {MEMBER_NUMBER, AT(body_bytes),  NULL},
    {MEMBER_NUMBER, AT(duration_ms), NULL},
    {MEMBER_TEXT,   AT(outcome),     NULL},
};
#undef AT
#define N_REQUEST WW_COUNT(request_members)
static const struct part request_part = {request_members, N_REQUEST, 0};
static const struct shape request_shape = {sizeof(struct request_row),
                                           {{request_members, N_REQUEST, 0}}};

enum ww_status store_add_run(struct store *s, const struct run_row *row, int64_t *id,
                             struct ww_error *err)
{
    struct db_value values[N_RUN];
    enum ww_status status = row_bind(s, &run_part, row, values, err);

    return status == WW_OK ? row_write_returning(s, QUERY_RUN_ADD, values, N_RUN, id, err) : status;
}

enum ww_status store_update_run(struct store *s, const struct run_row *row, struct ww_error *err)
{
    struct db_value values[N_RUN];
    enum ww_status status = row_bind(s, &run_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_RUN_UPDATE, values, N_RUN, err) : status;
}

enum ww_status store_list_runs(struct store *s, struct slice kind,
                               const struct store_window *window, struct arena *arena,
                               struct run_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(kind), window_since(window), window_until(window),
                                      window_limit(window), window_offset(window)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_RUN_LIST, values, WW_COUNT(values), &run_shape, arena, &list, err);

    *out = (struct run_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_last_good_run(struct store *s, struct slice kind, struct arena *arena,
                                   struct run_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(kind)};

    return row_read(s, QUERY_RUN_LAST_GOOD, values, WW_COUNT(values), &run_shape, arena, out, err);
}

enum ww_status store_run_outages(struct store *s, int64_t since, struct run_outages *out,
                                 struct ww_error *err)
{
    const struct db_value values[] = {db_integer(since)};
    int64_t n[3] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_RUN_OUTAGES, values, WW_COUNT(values), n, WW_COUNT(n), err);

    *out = (struct run_outages){n[0], n[1], n[2]};
    return status;
}

enum ww_status store_count_runs(struct store *s, struct slice kind,
                                const struct store_window *window, struct run_counts *out,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_text(kind), window_since(window), window_until(window)};
    int64_t n[3] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_RUN_COUNTS, values, WW_COUNT(values), n, WW_COUNT(n), err);

    *out = (struct run_counts){n[0], n[1], n[2]};
    return status;
}

enum ww_status store_add_request(struct store *s, const struct request_row *row,
                                 struct ww_error *err)
{
    struct db_value values[N_REQUEST];
    enum ww_status status = row_bind(s, &request_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_REQUEST_ADD, values, N_REQUEST, err) : status;
}

enum ww_status store_list_requests(struct store *s, int64_t run_id, struct slice host,
                                   const struct store_window *window, struct arena *arena,
                                   struct request_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(run_id),   db_text(host),
                                      window_since(window), window_until(window),
                                      window_limit(window), window_offset(window)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_REQUEST_LIST, values, WW_COUNT(values),
                                     &request_shape, arena, &list, err);

    *out = (struct request_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_prune_requests(struct store *s, int64_t before, size_t limit,
                                    struct ww_error *err)
{
    const struct db_value values[] = {db_integer(before), db_integer((int64_t)limit)};
    enum ww_status status = row_write(s, QUERY_REQUEST_PRUNE, values, WW_COUNT(values), err);

    return status == WW_OK ? row_write(s, QUERY_FEED_CHECK_PRUNE, values, WW_COUNT(values), err)
                           : status;
}
