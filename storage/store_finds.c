/* store_finds.c - finds of backfills as people ask for them. */
#include "storage/store_finds.h"

#include "storage/history_rows.h"
#include "storage/rows.h"

#define AT(member) offsetof(struct find_view, member)
static const struct member view_members[] = {
    {MEMBER_NUMBER, AT(id),             NULL                   },
    {MEMBER_NUMBER, AT(backfill_id),    NULL                   },
    {MEMBER_LINK,   AT(page_id),        NULL                   },
    {MEMBER_TEXT,   AT(source),         NULL                   },
    {MEMBER_CHOICE, AT(backfill_state), history_backfill_states},
    {MEMBER_TEXT,   AT(list_url),       NULL                   },
    {MEMBER_TEXT,   AT(url),            NULL                   },
    {MEMBER_TEXT,   AT(title),          NULL                   },
    {MEMBER_TEXT,   AT(capture),        NULL                   },
    {MEMBER_NUMBER, AT(published_at),   NULL                   },
    {MEMBER_CHOICE, AT(state),          history_find_states    },
    {MEMBER_TEXT,   AT(message),        NULL                   },
};
#undef AT
static const struct shape view_shape = {sizeof(struct find_view),
                                        {{view_members, WW_COUNT(view_members), 0}}};

#define AT(member) offsetof(struct list_row, member)
static const struct member saying_members[] = {
    {MEMBER_NUMBER, AT(id),          NULL},
    {MEMBER_NUMBER, AT(backfill_id), NULL},
    {MEMBER_TEXT,   AT(url),         NULL},
    {MEMBER_TEXT,   AT(format),      NULL},
    {MEMBER_NUMBER, AT(last_status), NULL},
    {MEMBER_TEXT,   AT(last_error),  NULL},
};
#undef AT
static const struct shape saying_shape = {sizeof(struct list_row),
                                          {{saying_members, WW_COUNT(saying_members), 0}}};

static enum ww_status list_views(struct store *s, enum query query, const struct db_value *values,
                                 size_t n_values, struct arena *arena, struct find_views *out,
                                 struct ww_error *err)
{
    struct row_list list;
    enum ww_status status = row_list(s, query, values, n_values, &view_shape, arena, &list, err);

    *out = (struct find_views){list.rows, list.n_rows};
    return status;
}

enum ww_status store_finds_of_address(struct store *s, struct slice canonical, size_t limit,
                                      struct arena *arena, struct find_views *out,
                                      struct ww_error *err)
{
    const struct db_value values[] = {db_text(canonical), db_integer((int64_t)limit)};

    return list_views(s, QUERY_FIND_OF_ADDRESS, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_finds_done(struct store *s, int64_t backfill_id, int64_t after_id,
                                size_t limit, struct arena *arena, struct find_views *out,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), db_integer(after_id),
                                      db_integer((int64_t)limit)};

    return list_views(s, QUERY_FIND_DONE, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_find_mentions(struct store *s, int64_t id, bool *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    int64_t n = 0;
    enum ww_status status = row_numbers(s, QUERY_FIND_MENTIONS, values, 1, &n, 1, err);

    *out = n > 0;
    return status;
}

static enum ww_status lists_saying(struct store *s, int64_t backfill_id, const char *state,
                                   size_t limit, struct arena *arena, struct list_rows *out,
                                   struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), db_text(slice_from(state)),
                                      db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_LIST_SAYING, values, WW_COUNT(values), &saying_shape, arena, &list, err);

    *out = (struct list_rows){list.rows, list.n_rows};
    return status;
}

enum ww_status store_failed_lists(struct store *s, int64_t backfill_id, size_t limit,
                                  struct arena *arena, struct list_rows *out, struct ww_error *err)
{
    return lists_saying(s, backfill_id, "failed", limit, arena, out, err);
}

enum ww_status store_noted_lists(struct store *s, int64_t backfill_id, size_t limit,
                                 struct arena *arena, struct list_rows *out, struct ww_error *err)
{
    return lists_saying(s, backfill_id, "done", limit, arena, out, err);
}

enum ww_status store_standing_backfills(struct store *s, int64_t since,
                                        struct standing_backfills *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(since)};
    int64_t n[3] = {0};
    enum ww_status status = row_numbers(s, QUERY_BACKFILL_STANDING, values, 1, n, 3, err);

    *out = (struct standing_backfills){n[0], n[1], n[2]};
    return status;
}
