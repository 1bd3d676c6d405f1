/* store_history.c - backfills, their lists and what those name. */
#include "storage/store_history.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/short_key.h"
#include "base/url.h"
#include "storage/history_rows.h"
#include "storage/rows.h"

const char *const history_backfill_states[] = {[BACKFILL_PLANNED] = "planned",
                                               [BACKFILL_OPEN] = "open",
                                               [BACKFILL_DONE] = "done",
                                               [BACKFILL_CANCELLED] = "cancelled",
                                               NULL};
static const char *const captures_names[] = {
    [CAPTURES_MISSING] = "missing", [CAPTURES_BOTH] = "both", [CAPTURES_ONLY] = "only", NULL};
static const char *const list_states[] = {[LIST_QUEUED] = "queued",
                                          [LIST_DONE] = "done",
                                          [LIST_FAILED] = "failed",
                                          [LIST_PASSED] = "passed",
                                          NULL};
const char *const history_find_states[] = {[FIND_FOUND] = "found",
                                           [FIND_QUEUED] = "queued",
                                           [FIND_DONE] = "done",
                                           [FIND_KNOWN] = "known",
                                           [FIND_PASSED] = "passed",
                                           [FIND_FAILED] = "failed",
                                           NULL};

const char *backfill_state_name(enum backfill_state state)
{
    return history_backfill_states[state];
}

const char *backfill_captures_name(enum backfill_captures captures)
{
    return captures_names[captures];
}

bool backfill_captures_parse(struct slice name, enum backfill_captures *out)
{
    unsigned value = 0;
    const bool known = choice_parse(captures_names, name, &value);

    *out = known ? (enum backfill_captures)value : CAPTURES_MISSING;
    return known;
}

const char *find_state_name(enum find_state state)
{
    return history_find_states[state];
}

/* ---- backfills ------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct backfill_row, member)
static const struct member backfill_members[] = {
    {MEMBER_NUMBER, AT(id),            NULL                   },
    {MEMBER_TEXT,   AT(source),        NULL                   },
    {MEMBER_TEXT,   AT(target),        NULL                   },
    {MEMBER_NUMBER, AT(since_at),      NULL                   },
    {MEMBER_NUMBER, AT(until_at),      NULL                   },
    {MEMBER_FLAG,   AT(matches_first), NULL                   },
    {MEMBER_CHOICE, AT(captures),      captures_names         },
    {MEMBER_NUMBER, AT(delay_ms),      NULL                   },
    {MEMBER_NUMBER, AT(budget),        NULL                   },
    {MEMBER_CHOICE, AT(state),         history_backfill_states},
    {MEMBER_NUMBER, AT(created_at),    NULL                   },
    {MEMBER_NUMBER, AT(worked_at),     NULL                   },
    {MEMBER_NUMBER, AT(ended_at),      NULL                   },
    {MEMBER_NUMBER, AT(n_requests),    NULL                   },
    {MEMBER_NUMBER, AT(n_bytes),       NULL                   },
    {MEMBER_TEXT,   AT(message),       NULL                   },
};
#undef AT
#define N_BACKFILL WW_COUNT(backfill_members)
static const struct part backfill_part = {backfill_members, N_BACKFILL, 0};
static const struct shape backfill_shape = {sizeof(struct backfill_row),
                                            {{backfill_members, N_BACKFILL, 0}}};

enum ww_status store_add_backfill(struct store *s, const struct backfill_row *row, int64_t *id,
                                  struct ww_error *err)
{
    struct db_value values[N_BACKFILL];
    enum ww_status status = row_bind(s, &backfill_part, row, values, err);

    return status == WW_OK ? row_write_returning(s, QUERY_BACKFILL_ADD, values, N_BACKFILL, id, err)
                           : status;
}

enum ww_status store_backfill(struct store *s, int64_t id, struct arena *arena,
                              struct backfill_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status =
        row_read(s, QUERY_BACKFILL_GET, values, WW_COUNT(values), &backfill_shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no backfill %lld", (long long)id)
                                  : status;
}

enum ww_status store_same_backfill(struct store *s, const struct backfill_row *like,
                                   struct arena *arena, struct backfill_row *out,
                                   struct ww_error *err)
{
    struct db_value values[N_BACKFILL];
    enum ww_status status = row_bind(s, &backfill_part, like, values, err);

    return status == WW_OK ? row_read(s, QUERY_BACKFILL_SAME, values, N_BACKFILL, &backfill_shape,
                                      arena, out, err)
                           : status;
}

enum ww_status store_update_backfill(struct store *s, const struct backfill_row *row,
                                     struct ww_error *err)
{
    struct db_value values[N_BACKFILL];
    enum ww_status status = row_bind(s, &backfill_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_BACKFILL_UPDATE, values, N_BACKFILL, err) : status;
}

enum ww_status store_list_backfills(struct store *s, const struct store_window *window,
                                    struct arena *arena, struct backfill_rows *out,
                                    struct ww_error *err)
{
    const struct db_value values[] = {window_since(window), window_until(window),
                                      window_limit(window), window_offset(window)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_BACKFILL_LIST, values, WW_COUNT(values),
                                     &backfill_shape, arena, &list, err);

    *out = (struct backfill_rows){list.rows, list.n_rows};
    return status;
}

enum ww_status store_cancel_backfill(struct store *s, int64_t id, int64_t now, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id), db_integer(now)};
    int64_t unused = 0;
    enum ww_status status =
        row_write_returning(s, QUERY_BACKFILL_CANCEL, values, WW_COUNT(values), &unused, err);

    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "there is no backfill %lld that goes on", (long long)id);
    return status == WW_OK ? row_write(s, QUERY_BACKFILL_CANCEL_PAGES, values, 1, err) : status;
}

/* ---- lists ----------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct list_row, member)
static const struct member list_members[] = {
    {MEMBER_NUMBER, AT(id),          NULL       },
    {MEMBER_NUMBER, AT(backfill_id), NULL       },
    {MEMBER_TEXT,   AT(url),         NULL       },
    {MEMBER_TEXT,   AT(format),      NULL       },
    {MEMBER_NUMBER, AT(covers_at),   NULL       },
    {MEMBER_NUMBER, AT(depth),       NULL       },
    {MEMBER_TEXT,   AT(cursor),      NULL       },
    {MEMBER_CHOICE, AT(state),       list_states},
    {MEMBER_NUMBER, AT(n_tries),     NULL       },
    {MEMBER_NUMBER, AT(not_before),  NULL       },
    {MEMBER_NUMBER, AT(last_status), NULL       },
    {MEMBER_TEXT,   AT(last_error),  NULL       },
    {MEMBER_NUMBER, AT(n_found),     NULL       },
    {MEMBER_NUMBER, AT(n_bad),       NULL       },
    {MEMBER_NUMBER, AT(n_left),      NULL       },
    {MEMBER_NUMBER, AT(fetched_at),  NULL       },
};
#undef AT
#define N_LIST WW_COUNT(list_members)
static const struct part list_part = {list_members, N_LIST, 0};
static const struct shape list_shape = {sizeof(struct list_row), {{list_members, N_LIST, 0}}};

/* A row that may be there: its id either way. id_query finds it by what was bound. */
static enum ww_status add_once(struct store *s, enum query add, enum query find,
                               const struct db_value *values, size_t n_values, size_t n_known_by,
                               int64_t *id, bool *is_new, struct ww_error *err)
{
    enum ww_status status = row_write_returning(s, add, values, n_values, id, err);

    *is_new = status == WW_OK;
    return status == WW_NOT_FOUND ? row_numbers(s, find, values, n_known_by, id, 1, err) : status;
}

enum ww_status store_add_list(struct store *s, const struct list_row *row, int64_t *id,
                              bool *is_new, struct ww_error *err)
{
    struct db_value values[N_LIST];
    enum ww_status status = row_bind(s, &list_part, row, values, err);

    *is_new = false;
    return status == WW_OK
               ? add_once(s, QUERY_LIST_ADD, QUERY_LIST_ID, values, N_LIST, 3, id, is_new, err)
               : status;
}

enum ww_status store_list(struct store *s, int64_t id, struct arena *arena, struct list_row *out,
                          struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};

    return row_read(s, QUERY_LIST_GET, values, WW_COUNT(values), &list_shape, arena, out, err);
}

enum ww_status store_update_list(struct store *s, const struct list_row *row, struct ww_error *err)
{
    struct db_value values[N_LIST];
    enum ww_status status = row_bind(s, &list_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_LIST_UPDATE, values, N_LIST, err) : status;
}

enum ww_status store_due_lists(struct store *s, int64_t backfill_id, int64_t now, size_t limit,
                               struct arena *arena, struct list_rows *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), db_integer(now),
                                      db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_LIST_DUE, values, WW_COUNT(values), &list_shape, arena, &list, err);

    *out = (struct list_rows){list.rows, list.n_rows};
    return status;
}

enum ww_status store_lists(struct store *s, int64_t backfill_id, const struct store_window *window,
                           struct arena *arena, struct list_rows *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), window_limit(window),
                                      window_offset(window)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_LIST_OF, values, WW_COUNT(values), &list_shape, arena, &list, err);

    *out = (struct list_rows){list.rows, list.n_rows};
    return status;
}

enum ww_status store_count_lists(struct store *s, int64_t backfill_id, int64_t now,
                                 struct list_counts *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), db_integer(now)};
    int64_t n[7] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_LIST_COUNTS, values, WW_COUNT(values), n, WW_COUNT(n), err);

    *out = (struct list_counts){n[0], n[1], n[2], n[3], n[4], n[5], n[6]};
    return status;
}

/* ---- finds ----------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct find_row, member)
static const struct member find_members[] = {
    {MEMBER_NUMBER,  AT(id),                  NULL               },
    {MEMBER_NUMBER,  AT(backfill_id),         NULL               },
    {MEMBER_NUMBER,  AT(list_id),             NULL               },
    {MEMBER_LINK,    AT(page_id),             NULL               },
    {MEMBER_TEXT,    AT(url),                 NULL               },
    {MEMBER_TEXT,    AT(canonical),           NULL               },
    {MEMBER_TEXT,    AT(title),               NULL               },
    {MEMBER_TEXT,    AT(author),              NULL               },
    {MEMBER_TEXT,    AT(language),            NULL               },
    {MEMBER_NUMBER,  AT(published_at),        NULL               },
    {MEMBER_ORDINAL, AT(published_precision), NULL               },
    {MEMBER_NUMBER,  AT(modified_at),         NULL               },
    {MEMBER_PACKED,  AT(text),                NULL               },
    {MEMBER_TEXT,    AT(capture),             NULL               },
    {MEMBER_NUMBER,  AT(captured_at),         NULL               },
    {MEMBER_NUMBER,  AT(capture_offset),      NULL               },
    {MEMBER_NUMBER,  AT(capture_bytes),       NULL               },
    {MEMBER_TEXT,    AT(digest),              NULL               },
    {MEMBER_CHOICE,  AT(state),               history_find_states},
    {MEMBER_TEXT,    AT(message),             NULL               },
    {MEMBER_NUMBER,  AT(n_tries),             NULL               },
    {MEMBER_NUMBER,  AT(not_before),          NULL               },
};
#undef AT
#define N_FIND WW_COUNT(find_members)
#define FIND_CAPTURE 13 /* where among its members that is */
static const struct part find_part = {find_members, N_FIND, 0};
static const struct shape find_shape = {sizeof(struct find_row), {{find_members, N_FIND, 0}}};

enum ww_status store_add_find(struct store *s, const struct find_row *row, int64_t *id,
                              bool *is_new, struct ww_error *err)
{
    struct db_value values[N_FIND + 1];
    enum ww_status status = row_bind(s, &find_part, row, values, err);

    *is_new = false;
    if (status != WW_OK)
        return status;
    /* Nothing is fetched from a place that long: it only tells copies apart. */
    if (row->capture.len > CAPTURE_KEY_MAX_BYTES)
        values[FIND_CAPTURE] = db_text(short_key(row->capture, store_scratch(s)));
    values[N_FIND] = db_text(url_host(row->url, store_scratch(s)));
    status = arena_check(store_scratch(s), err);
    return status == WW_OK
               ? add_once(s, QUERY_FIND_ADD, QUERY_FIND_ID, values, N_FIND + 1, 14, id, is_new, err)
               : status;
}

enum ww_status store_update_find(struct store *s, const struct find_row *row, struct ww_error *err)
{
    struct db_value values[N_FIND];
    enum ww_status status = row_bind(s, &find_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_FIND_UPDATE, values, N_FIND, err) : status;
}

enum ww_status store_find(struct store *s, int64_t id, struct arena *arena, struct find_row *out,
                          struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};

    return row_read(s, QUERY_FIND_GET, values, WW_COUNT(values), &find_shape, arena, out, err);
}

enum ww_status store_finds(struct store *s, int64_t backfill_id, enum find_state state,
                           size_t limit, struct arena *arena, struct find_rows *out,
                           struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id),
                                      db_text(slice_from(history_find_states[state])),
                                      db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_FIND_IN_STATE, values, WW_COUNT(values), &find_shape, arena, &list, err);

    *out = (struct find_rows){list.rows, list.n_rows};
    return status;
}

enum ww_status store_finds_of_page(struct store *s, int64_t backfill_id, int64_t page_id,
                                   struct arena *arena, struct find_rows *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), db_integer(page_id)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_FIND_OF_PAGE, values, WW_COUNT(values), &find_shape, arena, &list, err);

    *out = (struct find_rows){list.rows, list.n_rows};
    return status;
}

enum ww_status store_copy_turn(struct store *s, int64_t backfill_id, int64_t page_id,
                               int64_t *find_id, bool *is_read, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), db_integer(page_id)};
    int64_t n[2] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_FIND_COPY_TURN, values, WW_COUNT(values), n, WW_COUNT(n), err);

    *find_id = n[0];
    *is_read = n[1] != 0;
    return status;
}

enum ww_status store_copies_known(struct store *s, int64_t backfill_id, int64_t page_id, int64_t *n,
                                  struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), db_integer(page_id)};
    enum ww_status status =
        row_numbers(s, QUERY_FIND_COPIES_LEFT, values, WW_COUNT(values), n, 1, err);

    return status == WW_OK && *n > 0
               ? row_write(s, QUERY_FIND_COPIES_KNOWN, values, WW_COUNT(values), err)
               : status;
}

/* ---- what came of it ------------------------------------------------------------------------- */

static const struct member count_members[] = {
    {MEMBER_TEXT,   offsetof(struct history_count, name), NULL},
    {MEMBER_NUMBER, offsetof(struct history_count, n),    NULL},
};
static const struct shape count_shape = {sizeof(struct history_count),
                                         {{count_members, WW_COUNT(count_members), 0}}};

#define AT(member) offsetof(struct timeline_row, member)
static const struct member timeline_members[] = {
    {MEMBER_TEXT,   AT(item),       NULL},
    {MEMBER_TEXT,   AT(month),      NULL},
    {MEMBER_NUMBER, AT(n_articles), NULL},
    {MEMBER_NUMBER, AT(n_stories),  NULL},
};
#undef AT
static const struct shape timeline_shape = {sizeof(struct timeline_row),
                                            {{timeline_members, WW_COUNT(timeline_members), 0}}};

enum ww_status store_count_document(struct store *s, int64_t backfill_id, struct slice name,
                                    int64_t n, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), db_text(name), db_integer(n)};

    return row_write(s, QUERY_DOCUMENT_COUNT, values, WW_COUNT(values), err);
}

static enum ww_status list_counts(struct store *s, enum query query, int64_t backfill_id,
                                  size_t limit, struct arena *arena, struct history_counts *out,
                                  struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id), db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status =
        row_list(s, query, values, limit > 0 ? 2 : 1, &count_shape, arena, &list, err);

    *out = (struct history_counts){list.rows, list.n_rows};
    return status;
}

enum ww_status store_document_counts(struct store *s, int64_t backfill_id, struct arena *arena,
                                     struct history_counts *out, struct ww_error *err)
{
    return list_counts(s, QUERY_DOCUMENT_COUNTS, backfill_id, 0, arena, out, err);
}

enum ww_status store_find_counts(struct store *s, int64_t backfill_id, struct arena *arena,
                                 struct history_counts *out, struct ww_error *err)
{
    return list_counts(s, QUERY_FIND_COUNTS, backfill_id, 0, arena, out, err);
}

enum ww_status store_count_queued_finds(struct store *s, int64_t backfill_id, int64_t *out,
                                        struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id)};

    return row_numbers(s, QUERY_FIND_COUNT_QUEUED, values, WW_COUNT(values), out, 1, err);
}

enum ww_status store_find_failures(struct store *s, int64_t backfill_id, size_t limit,
                                   struct arena *arena, struct history_counts *out,
                                   struct ww_error *err)
{
    return list_counts(s, QUERY_FIND_FAILURES, backfill_id, limit, arena, out, err);
}

enum ww_status store_history_hosts(struct store *s, int64_t backfill_id, size_t limit,
                                   struct arena *arena, struct history_counts *out,
                                   struct ww_error *err)
{
    return list_counts(s, QUERY_HISTORY_HOSTS, backfill_id, limit, arena, out, err);
}

enum ww_status store_history_gain(struct store *s, int64_t backfill_id, struct history_gain *out,
                                  struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id)};
    int64_t n[6] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_HISTORY_GAIN, values, WW_COUNT(values), n, WW_COUNT(n), err);

    *out = (struct history_gain){n[0], n[1], n[2], n[3], n[4], n[5]};
    return status;
}

enum ww_status store_history_timeline(struct store *s, int64_t backfill_id, struct arena *arena,
                                      struct timeline_rows *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(backfill_id)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_HISTORY_TIMELINE, values, WW_COUNT(values),
                                     &timeline_shape, arena, &list, err);

    *out = (struct timeline_rows){list.rows, list.n_rows};
    return status;
}
