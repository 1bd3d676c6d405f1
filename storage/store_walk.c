/* store_walk.c - blocks of articles for those who walk over all of them. */
#include "storage/store_walk.h"

#include "base/arena.h"
#include "storage/rows.h"

#define AT(member) offsetof(struct walk_row, member)
static const struct member members[] = {
    {MEMBER_NUMBER, AT(id),         NULL},
    {MEMBER_LINK,   AT(story_id),   NULL},
    {MEMBER_NUMBER, AT(at),         NULL},
    {MEMBER_NUMBER, AT(text_bytes), NULL},
    {MEMBER_TEXT,   AT(title),      NULL},
    {MEMBER_TEXT,   AT(language),   NULL},
    {MEMBER_BYTES,  AT(packed),     NULL},
};
#undef AT
static const struct shape shape = {sizeof(struct walk_row), {{members, WW_COUNT(members), 0}}};

#define AT(member) offsetof(struct walk_alert, member)
static const struct member alert_members[] = {
    {MEMBER_NUMBER, AT(id),         NULL},
    {MEMBER_NUMBER, AT(story_id),   NULL},
    {MEMBER_NUMBER, AT(article_id), NULL},
    {MEMBER_TEXT,   AT(item),       NULL},
};
#undef AT
static const struct shape alert_shape = {sizeof(struct walk_alert),
                                         {{alert_members, WW_COUNT(alert_members), 0}}};

static const struct member id_member[] = {
    {MEMBER_NUMBER, 0, NULL}
};
static const struct shape id_shape = {sizeof(int64_t), {{id_member, 1, 0}}};

/* Where a block of texts ends. */
struct measure {
    int64_t bytes, max;
};

static bool is_block(const void *row, void *context)
{
    const struct walk_row *w = row;
    struct measure *m = context;

    m->bytes += w->text_bytes;
    return m->bytes >= m->max;
}

/* As WALK_FILTER of queries_news.h wants them. */
#define VALUES_COUNT 7
static void bind(const struct walk_filter *filter, int64_t after_id, size_t limit,
                 struct db_value values[VALUES_COUNT])
{
    values[0] = window_since(&filter->window);
    values[1] = window_until(&filter->window);
    values[2] = db_text(filter->language);
    values[3] = db_integer(after_id);
    values[4] = db_integer(filter->last_id == 0 ? INT64_MAX : filter->last_id);
    values[5] = db_integer(filter->not_scanned_with);
    values[6] = db_integer((int64_t)limit);
}

enum ww_status store_walk(struct store *s, const struct walk_filter *filter,
                          const struct walk_bounds *bounds, struct arena *arena,
                          struct walk_list *out, struct ww_error *err)
{
    struct measure measure = {0, bounds->bytes_max};
    struct db_value values[VALUES_COUNT];
    struct row_list list;
    enum ww_status status;

    bind(filter, filter->after_id, bounds->n_max, values);
    status = row_list_to(s, filter->is_unscanned ? QUERY_WALK_UNSCANNED : QUERY_WALK, values,
                         WW_COUNT(values), &shape, is_block, &measure, arena, &list, err);
    *out = (struct walk_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_walk_ids(struct store *s, const struct walk_filter *filter, const int64_t *ids,
                              size_t n_ids, const struct walk_bounds *bounds, struct arena *arena,
                              struct walk_list *out, size_t *n_used, struct ww_error *err)
{
    struct measure measure = {0, bounds->bytes_max};
    struct walk_row *rows = arena_array(arena, bounds->n_max, sizeof(*rows));
    enum ww_status status = rows == NULL ? arena_check(arena, err) : WW_OK;
    bool is_over = false;

    *out = (struct walk_list){rows, 0};
    for (*n_used = 0; status == WW_OK && *n_used < n_ids && !is_over; (*n_used)++) {
        struct db_value values[VALUES_COUNT];
        struct walk_row *row = &rows[out->n_rows];

        if (ids[*n_used] <= filter->after_id ||
            (filter->last_id != 0 && ids[*n_used] > filter->last_id))
            continue;
        bind(filter, ids[*n_used], 1, values);
        status = row_read(s, QUERY_WALK_ID, values, WW_COUNT(values), &shape, arena, row, err);
        if (status == WW_OK) {
            out->n_rows++;
            is_over = is_block(row, &measure) || out->n_rows == bounds->n_max;
        }
        if (status == WW_NOT_FOUND)
            status = WW_OK;
    }
    return status;
}

enum ww_status store_walk_last(struct store *s, int64_t *id, struct ww_error *err)
{
    return row_numbers(s, QUERY_WALK_LAST, NULL, 0, id, 1, err);
}

enum ww_status store_walk_mentioned(struct store *s, struct arena *arena, struct walk_ids *out,
                                    struct ww_error *err)
{
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_WALK_MENTIONED, NULL, 0, &id_shape, arena, &list, err);

    *out = (struct walk_ids){list.rows, list.n_rows};
    return status;
}

enum ww_status store_walk_span(struct store *s, const struct walk_filter *filter,
                               struct walk_span *out, struct ww_error *err)
{
    struct db_value values[VALUES_COUNT];
    int64_t numbers[3] = {0};
    enum ww_status status;

    bind(filter, 0, 0, values);
    status = row_numbers(s, QUERY_WALK_SPAN, values, WW_COUNT(values), numbers, 3, err);
    *out = (struct walk_span){numbers[0], numbers[1], numbers[2]};
    return status;
}

static enum ww_status list_alerts(struct store *s, enum query query, const struct db_value *values,
                                  size_t n_values, struct arena *arena, struct walk_alerts *out,
                                  struct ww_error *err)
{
    struct row_list list;
    enum ww_status status = row_list(s, query, values, n_values, &alert_shape, arena, &list, err);

    *out = (struct walk_alerts){list.rows, list.n_rows};
    return status;
}

enum ww_status store_walk_alerts_of(struct store *s, int64_t story_id, struct arena *arena,
                                    struct walk_alerts *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(story_id)};

    return list_alerts(s, QUERY_WALK_ALERTS_OF, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_walk_alerts(struct store *s, int64_t after_id, size_t limit,
                                 struct arena *arena, struct walk_alerts *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(after_id), db_integer((int64_t)limit)};

    return list_alerts(s, QUERY_WALK_ALERTS, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_walk_witnesses(struct store *s, const struct walk_alert *alert,
                                    struct arena *arena, struct walk_ids *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(alert->story_id), db_text(alert->item)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_WALK_WITNESSES, values, WW_COUNT(values), &id_shape, arena, &list, err);

    *out = (struct walk_ids){list.rows, list.n_rows};
    return status;
}
