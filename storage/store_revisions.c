/* store_revisions.c - revisions of alerts, and whom they were told. */
#include "storage/store_revisions.h"

#include "storage/article_rows.h"
#include "storage/rows.h"

static const char *const kind_names[] = {
    [REVISION_NUMBER] = "number",
    [REVISION_NAME] = "name",
    [REVISION_STATUS] = "status",
    [REVISION_CHANGED] = "changed",
    [REVISION_REMOVED] = "removed",
    [REVISION_RETURNED] = "returned",
    NULL,
};

#define AT(member) offsetof(struct revision_row, member)
static const struct member members[] = {
    {MEMBER_NUMBER, AT(id),          NULL      },
    {MEMBER_NUMBER, AT(alert_id),    NULL      },
    {MEMBER_NUMBER, AT(article_id),  NULL      },
    {MEMBER_LINK,   AT(event_id),    NULL      },
    {MEMBER_CHOICE, AT(kind),        kind_names},
    {MEMBER_TEXT,   AT(before),      NULL      },
    {MEMBER_TEXT,   AT(after),       NULL      },
    {MEMBER_TEXT,   AT(sentence),    NULL      },
    {MEMBER_NUMBER, AT(mark_start),  NULL      },
    {MEMBER_NUMBER, AT(mark_end),    NULL      },
    {MEMBER_NUMBER, AT(n_still),     NULL      },
    {MEMBER_NUMBER, AT(created_at),  NULL      },
    {MEMBER_FLAG,   AT(is_historic), NULL      },
};
#undef AT
#define N_MEMBERS WW_COUNT(members)
static const struct part part = {members, N_MEMBERS, 0};
static const struct shape shape = {sizeof(struct revision_row), {{members, N_MEMBERS, 0}}};

#define AT(member) offsetof(struct alert_told, member)
static const struct member told_members[] = {
    {MEMBER_NUMBER, AT(alert_id),     NULL},
    {MEMBER_NUMBER, AT(article_id),   NULL},
    {MEMBER_NUMBER, AT(watchlist_id), NULL},
    {MEMBER_FLAG,   AT(is_historic),  NULL},
    {MEMBER_TEXT,   AT(item),         NULL},
};
#undef AT
static const struct shape told_shape = {sizeof(struct alert_told),
                                        {{told_members, WW_COUNT(told_members), 0}}};

#define AT(member) offsetof(struct revision_view, member)
static const struct member view_members[] = {
    {MEMBER_NUMBER,  AT(story_id),      NULL},
    {MEMBER_TEXT,    AT(item),          NULL},
    {MEMBER_TEXT,    AT(item_name),     NULL},
    {MEMBER_TEXT,    AT(country),       NULL},
    {MEMBER_ORDINAL, AT(severity),      NULL},
    {MEMBER_TEXT,    AT(title),         NULL},
    {MEMBER_TEXT,    AT(url),           NULL},
    {MEMBER_TEXT,    AT(outlet),        NULL},
    {MEMBER_NUMBER,  AT(event_at),      NULL},
    {MEMBER_TEXT,    AT(how),           NULL},
    {MEMBER_FLAG,    AT(is_noted),      NULL},
    {MEMBER_NUMBER,  AT(n_articles),    NULL},
    {MEMBER_NUMBER,  AT(n_outlets),     NULL},
    {MEMBER_NUMBER,  AT(n_origins),     NULL},
    {MEMBER_FLAG,    AT(is_alert_told), NULL},
};
static const struct shape view_shape = {
    sizeof(struct revision_view),
    {{members, N_MEMBERS, AT(revision)},
                            {article_members, ARTICLE_MEMBERS_COUNT, AT(article)},
                            {view_members, WW_COUNT(view_members), 0}}
};
#undef AT

const char *revision_kind_name(enum revision_kind kind)
{
    return kind_names[kind];
}

enum ww_status store_add_revision(struct store *s, const struct revision_row *row, int64_t *id,
                                  bool *is_new, struct ww_error *err)
{
    struct db_value values[N_MEMBERS];
    enum ww_status status = row_bind(s, &part, row, values, err);

    if (status == WW_OK)
        status = row_write_returning(s, QUERY_REVISION_ADD, values, N_MEMBERS, id, err);
    *is_new = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status store_count_still(struct store *s, int64_t revision_id, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(revision_id)};

    return row_write(s, QUERY_REVISION_STILL, values, WW_COUNT(values), err);
}

enum ww_status store_list_alert_revisions(struct store *s, int64_t alert_id, size_t limit,
                                          struct arena *arena, struct revision_list *out,
                                          struct ww_error *err)
{
    const struct db_value values[] = {db_integer(alert_id), db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_REVISION_LIST_ALERT, values, WW_COUNT(values), &shape, arena, &list, err);

    *out = (struct revision_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_mark_revision_told(struct store *s, struct slice analyst, int64_t revision_id,
                                        int64_t at, struct ww_error *err)
{
    const struct db_value values[] = {db_text(analyst), db_integer(revision_id), db_integer(at)};

    return row_write(s, QUERY_REVISION_TELL, values, WW_COUNT(values), err);
}

enum ww_status store_alert_told(struct store *s, int64_t story_id, struct slice item,
                                struct arena *arena, struct alert_told *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(story_id), db_text(item)};

    return row_read(s, QUERY_ALERT_TOLD, values, WW_COUNT(values), &told_shape, arena, out, err);
}

enum ww_status store_list_alerts_of_page(struct store *s, int64_t article_id, size_t limit,
                                         struct arena *arena, struct alert_told_list *out,
                                         struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id), db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_ALERT_LIST_PAGE, values, WW_COUNT(values),
                                     &told_shape, arena, &list, err);

    *out = (struct alert_told_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_event_waits(struct store *s, int64_t article_id, bool *out,
                                 struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id)};
    int64_t n = 0;
    enum ww_status status = row_numbers(s, QUERY_EVENT_WAITS, values, WW_COUNT(values), &n, 1, err);

    *out = n > 0;
    return status;
}

enum ww_status store_list_revisions(struct store *s, const struct revision_filter *filter,
                                    struct arena *arena, struct revision_view_list *out,
                                    struct ww_error *err)
{
    const struct db_value values[] = {
        window_since(&filter->window),  window_until(&filter->window),
        db_integer(filter->history),    db_integer(filter->alert_id),
        db_text(filter->not_told_to),   window_limit(&filter->window),
        window_offset(&filter->window), db_text(filter->for_analyst),
        db_text(filter->analysts),
    };
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_REVISION_LIST, values, WW_COUNT(values), &view_shape, arena, &list, err);

    *out = (struct revision_view_list){list.rows, list.n_rows};
    return status;
}
