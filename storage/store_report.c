/* store_report.c - alerts and stories of a period, in rows as slim as they can be. */
#include "storage/store_report.h"

#include "base/attrs.h"
#include "storage/rows.h"

#define AT(member) offsetof(struct report_alert, member)
static const struct member alert_members[] = {
    {MEMBER_NUMBER,  AT(id),          NULL},
    {MEMBER_NUMBER,  AT(story_id),    NULL},
    {MEMBER_TEXT,    AT(item),        NULL},
    {MEMBER_TEXT,    AT(kind),        NULL},
    {MEMBER_TEXT,    AT(name),        NULL},
    {MEMBER_TEXT,    AT(country),     NULL},
    {MEMBER_ORDINAL, AT(severity),    NULL},
    {MEMBER_NUMBER,  AT(at),          NULL},
    {MEMBER_FLAG,    AT(is_historic), NULL},
    {MEMBER_NUMBER,  AT(n_revisions), NULL},
};
#undef AT
static const struct shape alert_shape = {sizeof(struct report_alert),
                                         {{alert_members, WW_COUNT(alert_members), 0}}};

#define AT(member) offsetof(struct report_story, member)
static const struct member story_members[] = {
    {MEMBER_NUMBER, AT(id),            NULL},
    {MEMBER_TEXT,   AT(title),         NULL},
    {MEMBER_TEXT,   AT(url),           NULL},
    {MEMBER_TEXT,   AT(outlet),        NULL},
    {MEMBER_TEXT,   AT(language),      NULL},
    {MEMBER_NUMBER, AT(n_articles),    NULL},
    {MEMBER_NUMBER, AT(n_outlets),     NULL},
    {MEMBER_NUMBER, AT(n_origins),     NULL},
    {MEMBER_NUMBER, AT(first_seen_at), NULL},
    {MEMBER_NUMBER, AT(last_seen_at),  NULL},
    {MEMBER_NUMBER, AT(state),         NULL},
};
#undef AT
static const struct shape story_shape = {sizeof(struct report_story),
                                         {{story_members, WW_COUNT(story_members), 0}}};

static enum ww_status list(struct store *s, enum query query, const struct store_window *window,
                           const struct shape *shape, struct arena *arena, struct row_list *out,
                           struct ww_error *err)
{
    const struct db_value values[] = {window_since(window), window_until(window),
                                      window_limit(window)};

    return row_list(s, query, values, WW_COUNT(values), shape, arena, out, err);
}

enum ww_status store_list_report_alerts(struct store *s, const struct store_window *window,
                                        struct arena *arena, struct report_alert_list *out,
                                        struct ww_error *err)
{
    struct row_list rows = {0};
    enum ww_status status = list(s, QUERY_REPORT_ALERTS, window, &alert_shape, arena, &rows, err);

    *out = (struct report_alert_list){rows.rows, rows.n_rows};
    return status;
}

enum ww_status store_list_report_stories(struct store *s, const struct store_window *window,
                                         struct arena *arena, struct report_story_list *out,
                                         struct ww_error *err)
{
    struct row_list rows = {0};
    enum ww_status status = list(s, QUERY_REPORT_STORIES, window, &story_shape, arena, &rows, err);

    *out = (struct report_story_list){rows.rows, rows.n_rows};
    return status;
}
