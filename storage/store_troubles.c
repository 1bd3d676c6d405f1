/* store_troubles.c - troubles of feeds, who was told of them, and what no feed reaches. */
#include "storage/store_troubles.h"

#include "storage/rows.h"

static const char *const kind_names[] = {
    [TROUBLE_FAILING] = "failing",
    [TROUBLE_STALE] = "stale",
    [TROUBLE_GONE] = "gone",
    NULL,
};

static const char *const ending_names[] = {
    [TROUBLE_OPEN] = "",
    [TROUBLE_RECOVERED] = "recovered",
    [TROUBLE_IS_GONE] = "gone",
    [TROUBLE_EDITED] = "edited",
    NULL,
};

#define AT(member) offsetof(struct trouble_row, member)
static const struct member trouble_members[] = {
    {MEMBER_NUMBER, AT(id),             NULL        },
    {MEMBER_NUMBER, AT(feed_id),        NULL        },
    {MEMBER_CHOICE, AT(kind),           kind_names  },
    {MEMBER_NUMBER, AT(began_at),       NULL        },
    {MEMBER_NUMBER, AT(persists_since), NULL        },
    {MEMBER_NUMBER, AT(ended_at),       NULL        },
    {MEMBER_CHOICE, AT(ending),         ending_names},
    {MEMBER_TEXT,   AT(message),        NULL        },
};
#undef AT
#define N_TROUBLE WW_COUNT(trouble_members)
static const struct part trouble_part = {trouble_members, N_TROUBLE, 0};
static const struct shape trouble_shape = {sizeof(struct trouble_row),
                                           {{trouble_members, N_TROUBLE, 0}}};

#define AT(member) offsetof(struct trouble_view, member)
static const struct member feed_members[] = {
    {MEMBER_TEXT,   AT(url),         NULL},
    {MEMBER_TEXT,   AT(title),       NULL},
    {MEMBER_TEXT,   AT(country),     NULL},
    {MEMBER_TEXT,   AT(language),    NULL},
    {MEMBER_NUMBER, AT(last_new_at), NULL},
};
#undef AT
static const struct shape view_shape = {
    sizeof(struct trouble_view),
    {{trouble_members, N_TROUBLE, offsetof(struct trouble_view, trouble)},
                           {feed_members, WW_COUNT(feed_members), 0}}
};

#define AT(member) offsetof(struct coverage_row, member)
static const struct member coverage_members[] = {
    {MEMBER_TEXT,   AT(code),       NULL},
    {MEMBER_NUMBER, AT(n_feeds),    NULL},
    {MEMBER_NUMBER, AT(n_healthy),  NULL},
    {MEMBER_NUMBER, AT(last_ok_at), NULL},
};
#undef AT
static const struct shape coverage_shape = {sizeof(struct coverage_row),
                                            {{coverage_members, WW_COUNT(coverage_members), 0}}};

const char *trouble_kind_name(enum trouble_kind kind)
{
    return kind_names[kind];
}

const char *trouble_ending_name(enum trouble_ending ending)
{
    return ending_names[ending];
}

enum ww_status store_note_trouble(struct store *s, const struct trouble_row *row,
                                  struct ww_error *err)
{
    struct db_value values[N_TROUBLE];
    enum ww_status status = row_bind(s, &trouble_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_TROUBLE_NOTE, values, N_TROUBLE, err) : status;
}

enum ww_status store_end_trouble(struct store *s, int64_t feed_id, enum trouble_kind kind,
                                 int64_t at, enum trouble_ending ending, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(feed_id), db_text(slice_from(kind_names[kind])),
                                      db_integer(at), db_text(slice_from(ending_names[ending]))};

    return row_write(s, QUERY_TROUBLE_END, values, WW_COUNT(values), err);
}

enum ww_status store_list_troubles(struct store *s, int64_t feed_id,
                                   const struct store_window *window, struct arena *arena,
                                   struct trouble_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(feed_id), window_since(window),
                                      window_until(window), window_limit(window),
                                      window_offset(window)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_TROUBLE_LIST, values, WW_COUNT(values),
                                     &trouble_shape, arena, &list, err);

    *out = (struct trouble_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_untold_troubles(struct store *s, struct slice analyst,
                                          int64_t ended_since, const struct store_window *window,
                                          struct arena *arena, struct trouble_view_list *out,
                                          struct ww_error *err)
{
    const struct db_value values[] = {db_text(analyst), db_integer(ended_since),
                                      window_limit(window), window_offset(window)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_TROUBLE_LIST_UNTOLD, values, WW_COUNT(values),
                                     &view_shape, arena, &list, err);

    *out = (struct trouble_view_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_recent_troubles(struct store *s, int64_t since, size_t limit,
                                          struct arena *arena, struct trouble_view_list *out,
                                          struct ww_error *err)
{
    const struct db_value values[] = {db_integer(since), db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_TROUBLE_LIST_RECENT, values, WW_COUNT(values),
                                     &view_shape, arena, &list, err);

    *out = (struct trouble_view_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_mark_trouble_told(struct store *s, struct slice analyst,
                                       const struct trouble_row *row, int64_t at,
                                       struct ww_error *err)
{
    const struct db_value values[] = {db_text(analyst), db_integer(row->id),
                                      db_text(row->ended_at != 0 ? SLICE("ended") : SLICE("began")),
                                      db_integer(at)};

    return row_write(s, QUERY_TROUBLE_TELL, values, WW_COUNT(values), err);
}

enum ww_status store_count_troubles(struct store *s, const struct store_window *window,
                                    int64_t *n_began, int64_t *n_ended, struct ww_error *err)
{
    const struct db_value values[] = {window_since(window), window_until(window)};
    int64_t n[2] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_TROUBLE_COUNTS, values, WW_COUNT(values), n, WW_COUNT(n), err);

    *n_began = n[0];
    *n_ended = n[1];
    return status;
}

bool coverage_is_gap(const struct coverage_row *row)
{
    return row->code.len > 0 && row->n_feeds > 0 && row->n_healthy == 0;
}

enum ww_status store_list_coverage(struct store *s, enum coverage_kind kind, struct arena *arena,
                                   struct coverage_list *out, struct ww_error *err)
{
    struct row_list list;
    enum ww_status status =
        row_list(s, kind == COVERAGE_COUNTRY ? QUERY_COVERAGE_COUNTRY : QUERY_COVERAGE_LANGUAGE,
                 NULL, 0, &coverage_shape, arena, &list, err);

    *out = (struct coverage_list){list.rows, list.n_rows};
    return status;
}
