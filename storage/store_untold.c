/* store_untold.c - what is new for an analyst, and marking it as known. */
#include "storage/store_untold.h"

#include "storage/rows.h"

#define AT(member) offsetof(struct alert_row, member)
static const struct member members[] = {
    {MEMBER_NUMBER,  AT(id),         NULL},
    {MEMBER_NUMBER,  AT(story_id),   NULL},
    {MEMBER_TEXT,    AT(item),       NULL},
    {MEMBER_TEXT,    AT(item_kind),  NULL},
    {MEMBER_TEXT,    AT(country),    NULL},
    {MEMBER_ORDINAL, AT(severity),   NULL},
    {MEMBER_NUMBER,  AT(created_at), NULL},
    {MEMBER_TEXT,    AT(tags),       NULL},
};
#undef AT
static const struct shape shape = {sizeof(struct alert_row), {{members, WW_COUNT(members), 0}}};

enum ww_status store_list_untold(struct store *s, const struct untold_look *look, int64_t cursor,
                                 size_t limit, struct arena *arena, struct untold_list *out,
                                 struct ww_error *err)
{
    const struct db_value values[] = {
        db_text(look->analyst),  db_text(look->analysts), db_integer(look->after_id),
        db_integer(look->since), db_integer(cursor),      db_integer((int64_t)limit),
    };
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_UNTOLD_LIST, values, WW_COUNT(values), &shape, arena, &list, err);

    *out = (struct untold_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_has_untold(struct store *s, const struct untold_look *look, bool *out,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_text(look->analyst), db_text(look->analysts),
                                      db_integer(look->after_id), db_integer(look->since)};
    int64_t n = 0;
    enum ww_status status = row_numbers(s, QUERY_UNTOLD_HAS, values, WW_COUNT(values), &n, 1, err);

    *out = n > 0;
    return status;
}

enum ww_status store_read_reach(struct store *s, struct untold_reach *out, struct ww_error *err)
{
    int64_t numbers[3] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_UNTOLD_REACH, NULL, 0, numbers, WW_COUNT(numbers), err);

    *out = (struct untold_reach){numbers[0], numbers[1], numbers[2]};
    return status;
}

enum ww_status store_is_passed_over(struct store *s, struct slice analyst, int64_t alert_id,
                                    bool *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(analyst), db_integer(alert_id)};
    int64_t n = 0;
    enum ww_status status =
        row_numbers(s, QUERY_UNTOLD_PASSED, values, WW_COUNT(values), &n, 1, err);

    *out = n > 0;
    return status;
}

enum ww_status store_mark_seen_span(struct store *s, struct slice analyst, struct slice analysts,
                                    const struct untold_span *span, int64_t now,
                                    struct ww_error *err)
{
    const struct db_value alerts[] = {
        db_text(analyst),  db_integer(span->before),         db_integer(now),
        db_text(analysts), db_integer(span->reach.alert_id), db_integer(span->reach.raised_at)};
    const struct db_value revisions[] = {db_text(analyst), db_integer(span->before),
                                         db_integer(now), db_integer(span->reach.revision_id)};
    const struct db_value troubles[] = {db_text(analyst), db_integer(span->before), db_integer(now),
                                        db_integer(span->from)};
    enum ww_status status = row_write(s, QUERY_SEEN_ALERTS, alerts, WW_COUNT(alerts), err);

    if (status == WW_OK)
        status = row_write(s, QUERY_SEEN_REVISIONS, revisions, WW_COUNT(revisions), err);
    if (status == WW_OK)
        status = row_write(s, QUERY_SEEN_TROUBLES, troubles, WW_COUNT(troubles), err);
    if (status == WW_OK)
        status = row_write(s, QUERY_SEEN_TROUBLE_ENDS, troubles, WW_COUNT(troubles), err);
    return status;
}
