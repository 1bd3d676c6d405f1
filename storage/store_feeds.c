/* store_feeds.c - subscriptions and the history of their checks. */
#include "storage/store_feeds.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "storage/rows.h"

static const char *const state_names[] = {
    [FEED_STATE_ACTIVE] = "active",
    [FEED_STATE_PAUSED] = "paused",
    [FEED_STATE_GONE] = "gone",
    [FEED_STATE_REMOVED] = "removed",
    NULL,
};

static const char *const kind_names[] = {
    [FEED_KIND_FEED] = "feed",
    [FEED_KIND_PAGE] = "page",
    NULL,
};

static const char *const failure_names[] = {
    [FEED_FAILURE_NONE] = "",
    [FEED_FAILURE_TEMPORARY] = "temporary",
    [FEED_FAILURE_SOFT] = "soft",
    [FEED_FAILURE_HARD] = "hard",
    NULL,
};

static const char *const health_names[] = {
    [FEED_HEALTH_NEW] = "new",           [FEED_HEALTH_OK] = "ok",
    [FEED_HEALTH_RETRYING] = "retrying", [FEED_HEALTH_FAILING] = "failing",
    [FEED_HEALTH_STALE] = "stale",       NULL,
};

static const char *const outcome_names[] = {
    [FEED_CHECK_OK] = "ok",
    [FEED_CHECK_UNCHANGED] = "unchanged",
    [FEED_CHECK_FAILED] = "failed",
    [FEED_CHECK_SKIPPED] = "skipped",
    NULL,
};

#define AT(member) offsetof(struct feed_row, member)
static const struct member feed_members[] = {
    {MEMBER_NUMBER, AT(id),               NULL         },
    {MEMBER_TEXT,   AT(url),              NULL         },
    {MEMBER_TEXT,   AT(title),            NULL         },
    {MEMBER_TEXT,   AT(outlet),           NULL         },
    {MEMBER_TEXT,   AT(folder),           NULL         },
    {MEMBER_TEXT,   AT(country),          NULL         },
    {MEMBER_TEXT,   AT(language),         NULL         },
    {MEMBER_CHOICE, AT(state),            state_names  },
    {MEMBER_NUMBER, AT(added_at),         NULL         },
    {MEMBER_TEXT,   AT(etag),             NULL         },
    {MEMBER_TEXT,   AT(last_modified),    NULL         },
    {MEMBER_NUMBER, AT(next_due_at),      NULL         },
    {MEMBER_NUMBER, AT(interval_s),       NULL         },
    {MEMBER_NUMBER, AT(last_checked_at),  NULL         },
    {MEMBER_NUMBER, AT(last_ok_at),       NULL         },
    {MEMBER_NUMBER, AT(last_new_at),      NULL         },
    {MEMBER_NUMBER, AT(n_failures),       NULL         },
    {MEMBER_NUMBER, AT(first_failed_at),  NULL         },
    {MEMBER_TEXT,   AT(last_error),       NULL         },
    {MEMBER_NUMBER, AT(last_status),      NULL         },
    {MEMBER_TEXT,   AT(new_url),          NULL         },
    {MEMBER_NUMBER, AT(new_url_since),    NULL         },
    {MEMBER_NUMBER, AT(n_new_url_seen),   NULL         },
    {MEMBER_TEXT,   AT(site),             NULL         },
    {MEMBER_TEXT,   AT(note),             NULL         },
    {MEMBER_TEXT,   AT(tags),             NULL         },
    {MEMBER_NUMBER, AT(tier),             NULL         },
    {MEMBER_CHOICE, AT(kind),             kind_names   },
    {MEMBER_TEXT,   AT(selector),         NULL         },
    {MEMBER_LINK,   AT(parent_id),        NULL         },
    {MEMBER_TEXT,   AT(format),           NULL         },
    {MEMBER_TEXT,   AT(validators_url),   NULL         },
    {MEMBER_NUMBER, AT(rhythm_s),         NULL         },
    {MEMBER_NUMBER, AT(body_hash),        NULL         },
    {MEMBER_NUMBER, AT(full_at),          NULL         },
    {MEMBER_NUMBER, AT(n_lies),           NULL         },
    {MEMBER_NUMBER, AT(asked_interval_s), NULL         },
    {MEMBER_NUMBER, AT(skip_hours),       NULL         },
    {MEMBER_NUMBER, AT(skip_days),        NULL         },
    {MEMBER_NUMBER, AT(weight),           NULL         },
    {MEMBER_CHOICE, AT(last_failure),     failure_names},
    {MEMBER_TEXT,   AT(extra),            NULL         },
    {MEMBER_CHOICE, AT(health),           health_names },
    {MEMBER_TEXT,   AT(host),             NULL         },
    {MEMBER_TEXT,   AT(claimed_by),       NULL         },
    {MEMBER_NUMBER, AT(claimed_until),    NULL         },
};
#undef AT
#define N_FEED WW_COUNT(feed_members)
#define HOST_AT (N_FEED - 3)
static const struct part feed_part = {feed_members, N_FEED, 0};
static const struct shape feed_shape = {sizeof(struct feed_row), {{feed_members, N_FEED, 0}}};

#define AT(member) offsetof(struct feed_check_row, member)
static const struct member check_members[] = {
    {MEMBER_NUMBER, AT(id),          NULL         },
    {MEMBER_NUMBER, AT(feed_id),     NULL         },
    {MEMBER_LINK,   AT(run_id),      NULL         },
    {MEMBER_NUMBER, AT(at),          NULL         },
    {MEMBER_CHOICE, AT(outcome),     outcome_names},
    {MEMBER_NUMBER, AT(http_status), NULL         },
    {MEMBER_NUMBER, AT(n_entries),   NULL         },
    {MEMBER_NUMBER, AT(n_new),       NULL         },
    {MEMBER_NUMBER, AT(duration_ms), NULL         },
    {MEMBER_NUMBER, AT(body_bytes),  NULL         },
    {MEMBER_TEXT,   AT(message),     NULL         },
    {MEMBER_CHOICE, AT(failure),     failure_names},
    {MEMBER_TEXT,   AT(said),        NULL         },
};
#undef AT
#define N_CHECK WW_COUNT(check_members)
static const struct part check_part = {check_members, N_CHECK, 0};
static const struct shape check_shape = {sizeof(struct feed_check_row),
                                         {{check_members, N_CHECK, 0}}};

const char *feed_state_name(enum feed_state state)
{
    return state_names[state];
}

bool feed_state_parse(struct slice name, enum feed_state *out)
{
    unsigned choice;

    if (!choice_parse(state_names, name, &choice))
        return false;
    *out = (enum feed_state)choice;
    return true;
}

const char *feed_kind_name(enum feed_kind kind)
{
    return kind_names[kind];
}

const char *feed_failure_name(enum feed_failure failure)
{
    return failure_names[failure];
}

const char *feed_health_name(const struct feed_row *row)
{
    return row->state == FEED_STATE_ACTIVE ? health_names[row->health] : state_names[row->state];
}

bool feed_health_parse(struct slice name, enum feed_health *out)
{
    unsigned choice;

    if (!choice_parse(health_names, name, &choice))
        return false;
    *out = (enum feed_health)choice;
    return true;
}

const char *feed_outcome_name(enum feed_outcome outcome)
{
    return outcome_names[outcome];
}

/* ---- subscriptions --------------------------------------------------------------------------- */

/* A row to be written whole: its host is that of its address, whatever it says. */
static enum ww_status bind_feed(struct store *s, const struct feed_row *row,
                                struct db_value *values, struct ww_error *err)
{
    enum ww_status status = row_bind(s, &feed_part, row, values, err);

    if (status == WW_OK) /* behind what was packed there */
        values[HOST_AT] = db_text(url_host(row->url, store_scratch(s)));
    return status == WW_OK ? arena_check(store_scratch(s), err) : status;
}

enum ww_status store_add_feed(struct store *s, const struct feed_row *row, int64_t *id,
                              bool *is_new, struct ww_error *err)
{
    struct db_value values[N_FEED];
    enum ww_status status;

    *is_new = false;
    if (row->url.len > LISTED_URL_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "a feed's address of %zu bytes, limit %d: %.*s...",
                       row->url.len, LISTED_URL_MAX_BYTES, SLICE_ARG(text_cut(row->url, 60)));
    status = bind_feed(s, row, values, err);
    if (status == WW_OK)
        status = row_write_returning(s, QUERY_FEED_ADD, values, N_FEED, id, err);
    *is_new = status == WW_OK;
    if (status != WW_NOT_FOUND)
        return status;
    status = row_write(s, QUERY_FEED_REVIVE, values, N_FEED, err);
    if (status == WW_OK)
        status = row_numbers(s, QUERY_FEED_ID, &values[1], 1, id, 1, err);
    return status;
}

enum ww_status store_feed(struct store *s, int64_t id, struct arena *arena, struct feed_row *out,
                          struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status =
        row_read(s, QUERY_FEED_GET, values, WW_COUNT(values), &feed_shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no feed %lld", (long long)id)
                                  : status;
}

enum ww_status store_feed_by_url(struct store *s, struct slice url, struct arena *arena,
                                 struct feed_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(url)};
    enum ww_status status =
        row_read(s, QUERY_FEED_GET_URL, values, WW_COUNT(values), &feed_shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no feed %.*s", SLICE_ARG(url))
                                  : status;
}

/* text as a LIKE pattern that finds it anywhere in lower case (ASCII's); empty stays empty. */
static struct slice like_pattern(struct slice text, struct arena *arena)
{
    char *out;
    size_t n = 0;

    if (text.len == 0)
        return (struct slice){"", 0};
    out = text.len < SIZE_MAX / 4 ? arena_alloc(arena, 2 * text.len + 2) : NULL;
    if (out == NULL)
        return (struct slice){NULL, 0};
    out[n++] = '%';
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '%' || text.ptr[i] == '_' || text.ptr[i] == '\\')
            out[n++] = '\\';
        out[n++] = ascii_lower(text.ptr[i]);
    }
    out[n++] = '%';
    return (struct slice){out, n};
}

enum ww_status store_list_feeds(struct store *s, const struct feed_filter *filter,
                                struct arena *arena, struct feed_list *out, struct ww_error *err)
{
    struct slice pattern = like_pattern(filter->text, arena);
    struct slice tag =
        filter->tag.len > 0
            ? like_pattern(arena_printf(arena, ",%.*s,", SLICE_ARG(filter->tag)), arena)
            : (struct slice){"", 0};
    struct slice state =
        filter->has_state ? slice_from(state_names[filter->state]) : (struct slice){"", 0};
    struct slice health = filter->is_bad       ? SLICE("bad")
                          : filter->has_health ? slice_from(health_names[filter->health])
                                               : SLICE("");
    const struct db_value due[] = {db_integer(filter->due_by), window_limit(&filter->window),
                                   window_offset(&filter->window)};
    const struct db_value all[] = {
        db_text(state),
        db_text(health),
        db_text(filter->folder),
        db_text(filter->country),
        db_text(filter->language),
        db_text(pattern),
        window_limit(&filter->window),
        window_offset(&filter->window),
        db_text(tag),
        db_integer(filter->tier),
        db_integer(filter->has_no_children ? 1 : 0),
    };
    struct row_list list = {NULL, 0};
    enum ww_status status = arena_check(arena, err);

    if (status == WW_OK && filter->due_by != 0)
        status =
            row_list(s, QUERY_FEED_LIST_DUE, due, WW_COUNT(due), &feed_shape, arena, &list, err);
    else if (status == WW_OK)
        status = row_list(s, QUERY_FEED_LIST, all, WW_COUNT(all), &feed_shape, arena, &list, err);
    *out = (struct feed_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_child_feeds(struct store *s, int64_t parent_id, struct arena *arena,
                                      struct feed_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(parent_id)};
    struct row_list list = {NULL, 0};
    enum ww_status status = row_list(s, QUERY_FEED_LIST_CHILDREN, values, WW_COUNT(values),
                                     &feed_shape, arena, &list, err);

    *out = (struct feed_list){list.rows, list.n_rows};
    return status;
}

/* What the row in the database has that the edit makes void. */
static enum ww_status is_fresh_start(struct store *s, const struct feed_row *row, bool *out,
                                     bool *is_move, struct ww_error *err)
{
    struct arena arena;
    struct feed_row old;
    enum ww_status status;

    arena_init(&arena, STORE_BLOB_MAX_BYTES);
    status = store_feed(s, row->id, &arena, &old, err);
    if (status == WW_OK)
        *out = !slice_equal(old.url, row->url) || !slice_equal(old.selector, row->selector) ||
               old.kind != row->kind ||
               (old.state != FEED_STATE_ACTIVE && row->state == FEED_STATE_ACTIVE);
    *is_move = status == WW_OK && old.new_url.len > 0 && slice_equal(old.new_url, row->url);
    arena_release(&arena);
    return status;
}

enum ww_status store_update_feed(struct store *s, const struct feed_row *row, struct ww_error *err)
{
    struct db_value values[N_FEED];
    bool is_fresh = false, is_move = false;
    int64_t id;
    enum ww_status status = is_fresh_start(s, row, &is_fresh, &is_move, err);

    if (status == WW_OK)
        status = bind_feed(s, row, values, err);
    if (status == WW_OK)
        status = row_write_returning(s, QUERY_FEED_UPDATE, values, N_FEED, &id, err);
    if (status == WW_CONFLICT)
        return ww_fail(err, status, "another feed has the address %.*s", SLICE_ARG(row->url));
    if (status == WW_OK && is_fresh)
        status = row_write(s, QUERY_FEED_FORGET, values, N_FEED, err);
    /* Where its publisher has moved it, it is as silent as it was. */
    if (status == WW_OK && ((is_fresh && !is_move) || row->state != FEED_STATE_ACTIVE))
        status = row_write(s, QUERY_TROUBLE_VOID, values, 1, err);
    if (status == WW_OK && row->state == FEED_STATE_REMOVED)
        status = row_write(s, QUERY_FEED_REMOVE_BELOW, values, 1, err);
    if (status == WW_OK && row->state == FEED_STATE_REMOVED)
        status = row_write(s, QUERY_TROUBLE_VOID_BELOW, values, 1, err);
    return status;
}

enum ww_status store_note_feed_news(struct store *s, int64_t id, int64_t at, int64_t rhythm_s,
                                    struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id), db_integer(at), db_integer(rhythm_s)};

    return row_write(s, QUERY_FEED_HAS_NEWS, values, WW_COUNT(values), err);
}

/* ---- checks ---------------------------------------------------------------------------------- */

enum ww_status store_add_feed_check(struct store *s, const struct feed_row *row,
                                    const struct feed_check_row *check, struct ww_error *err)
{
    struct db_value feed[N_FEED], values[N_CHECK];
    enum ww_status status = row_bind(s, &feed_part, row, feed, err);

    if (status == WW_OK)
        status = row_write(s, QUERY_FEED_POLLED, feed, N_FEED, err);
    if (status == WW_OK)
        status = row_bind(s, &check_part, check, values, err);
    if (status == WW_OK)
        status = row_write(s, QUERY_FEED_CHECK_ADD, values, N_CHECK, err);
    return status;
}

enum ww_status store_list_feed_checks(struct store *s, int64_t feed_id,
                                      const struct store_window *window, struct arena *arena,
                                      struct feed_check_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(feed_id), window_since(window),
                                      window_until(window), window_limit(window),
                                      window_offset(window)};
    struct row_list list;
    enum ww_status status =
        row_list(s, feed_id == 0 ? QUERY_FEED_CHECK_LIST_ALL : QUERY_FEED_CHECK_LIST, values,
                 WW_COUNT(values), &check_shape, arena, &list, err);

    *out = (struct feed_check_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_feed_tally(struct store *s, int64_t feed_id, const struct store_window *window,
                                struct feed_tally *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(feed_id), window_since(window),
                                      window_until(window)};
    int64_t n[6] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_FEED_TALLY, values, WW_COUNT(values), n, WW_COUNT(n), err);

    *out = (struct feed_tally){n[0], n[1], n[2], n[3], n[4], n[5]};
    return status;
}
