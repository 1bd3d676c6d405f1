/* store_events.c - what became of articles that were told of. */
#include "storage/store_events.h"

#include "storage/rows.h"

static const char *const kind_names[] = {
    [EVENT_CHANGED] = "changed",
    [EVENT_REMOVED] = "removed",
    [EVENT_RETURNED] = "returned",
    NULL,
};

#define AT(member) offsetof(struct event_row, member)
static const struct member members[] = {
    {MEMBER_NUMBER, AT(id),           NULL      },
    {MEMBER_LINK,   AT(page_id),      NULL      },
    {MEMBER_LINK,   AT(article_id),   NULL      },
    {MEMBER_LINK,   AT(newer_id),     NULL      },
    {MEMBER_CHOICE, AT(kind),         kind_names},
    {MEMBER_TEXT,   AT(how),          NULL      },
    {MEMBER_FLAG,   AT(is_noted),     NULL      },
    {MEMBER_NUMBER, AT(at),           NULL      },
    {MEMBER_LINK,   AT(scanned_with), NULL      },
};
#undef AT
#define N_MEMBERS WW_COUNT(members)
static const struct part part = {members, N_MEMBERS, 0};
static const struct shape shape = {sizeof(struct event_row), {{members, N_MEMBERS, 0}}};

const char *event_kind_name(enum event_kind kind)
{
    return kind_names[kind];
}

enum ww_status store_add_event(struct store *s, const struct event_row *row, int64_t *id,
                               struct ww_error *err)
{
    struct db_value values[N_MEMBERS];
    enum ww_status status = row_bind(s, &part, row, values, err);

    return status == WW_OK ? row_write_returning(s, QUERY_EVENT_ADD, values, N_MEMBERS, id, err)
                           : status;
}

enum ww_status store_set_event_scanned(struct store *s, int64_t event_id, int64_t watchlist_id,
                                       struct ww_error *err)
{
    const struct db_value values[] = {db_integer(event_id), db_link(watchlist_id)};

    return row_write(s, QUERY_EVENT_SCANNED, values, WW_COUNT(values), err);
}

enum ww_status store_event(struct store *s, int64_t id, struct arena *arena, struct event_row *out,
                           struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status =
        row_read(s, QUERY_EVENT_GET, values, WW_COUNT(values), &shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no event %lld", (long long)id)
                                  : status;
}

/* The list whose index leads to the fewest rows. */
static enum query list_query(const struct event_filter *filter)
{
    if (filter->article_id != 0)
        return QUERY_EVENT_LIST_ARTICLE;
    if (filter->story_id != 0)
        return QUERY_EVENT_LIST_STORY;
    return filter->is_unscanned ? QUERY_EVENT_LIST_UNSCANNED : QUERY_EVENT_LIST;
}

enum ww_status store_list_events(struct store *s, const struct event_filter *filter,
                                 struct arena *arena, struct event_list *out, struct ww_error *err)
{
    const struct slice kind =
        filter->has_kind ? slice_from(kind_names[filter->kind]) : (struct slice){"", 0};
    const struct db_value values[] = {
        window_since(&filter->window),    window_until(&filter->window),
        db_integer(filter->after_id),     db_integer(filter->article_id),
        db_integer(filter->story_id),     db_text(kind),
        db_integer(filter->is_unscanned), window_limit(&filter->window),
        window_offset(&filter->window)};
    struct row_list list;
    enum ww_status status =
        row_list(s, list_query(filter), values, WW_COUNT(values), &shape, arena, &list, err);

    *out = (struct event_list){list.rows, list.n_rows};
    return status;
}
