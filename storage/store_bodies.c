/* store_bodies.c - pages as they were received. */
#include "storage/store_bodies.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "storage/archive_read.h"
#include "storage/rows.h"

#include <inttypes.h>

/* Of those fetched before, every one was judged: it is evidence, or gone. */
#define PRUNED_TO SLICE("bodies.pruned_to")

#define AT(member) offsetof(struct body_row, member)
static const struct member body_members[] = {
    {MEMBER_NUMBER, AT(article_id),   NULL},
    {MEMBER_NUMBER, AT(fetched_at),   NULL},
    {MEMBER_NUMBER, AT(kept_at),      NULL},
    {MEMBER_TEXT,   AT(content_type), NULL},
    {MEMBER_PACKED, AT(bytes),        NULL},
    {MEMBER_BYTES,  AT(received),     NULL},
    {MEMBER_PACKED, AT(head),         NULL},
    {MEMBER_TEXT,   AT(address),      NULL},
};
#undef AT
static const struct part body_part = {body_members, WW_COUNT(body_members), 0};
static const struct shape body_shape = {sizeof(struct body_row),
                                        {{body_members, WW_COUNT(body_members), 0}}};

static const struct member place_members[] = {
    {MEMBER_NUMBER, offsetof(struct body_place, article_id), NULL},
    {MEMBER_TEXT,   offsetof(struct body_place, url),        NULL},
};
static const struct shape place_shape = {sizeof(struct body_place),
                                         {{place_members, WW_COUNT(place_members), 0}}};

enum ww_status store_put_body(struct store *s, const struct body_row *row, struct ww_error *err)
{
    struct db_value values[WW_COUNT(body_members)];
    struct body_row stored = *row;
    enum ww_status status;

    if (stored.received.len > 0) /* what its server compressed is not compressed again */
        stored.bytes = (struct slice){"", 0};
    if (stored.kept_at == 0)
        stored.kept_at = stored.fetched_at;
    status = row_bind(s, &body_part, &stored, values, err);
    return status == WW_OK ? row_write(s, QUERY_BODY_PUT, values, WW_COUNT(values), err) : status;
}

enum ww_status store_waiting_body(struct store *s, int64_t article_id, struct arena *arena,
                                  struct body_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id)};
    enum ww_status status =
        row_read(s, QUERY_BODY_GET, values, WW_COUNT(values), &body_shape, arena, out, err);

    return status == WW_NOT_FOUND
               ? ww_fail(err, status, "the page of article %lld is not kept", (long long)article_id)
               : status;
}

enum ww_status store_body(struct store *s, int64_t article_id, struct arena *arena,
                          struct body_row *out, struct ww_error *err)
{
    enum ww_status status = store_waiting_body(s, article_id, arena, out, err);

    if (status == WW_NOT_FOUND)
        return archive_body(s, article_id, arena, out, err);
    if (status == WW_OK && out->received.len > 0)
        status = inflate_all(out->received, BODY_INFLATED_MAX_BYTES, arena, &out->bytes, err);
    return status;
}

enum ww_status store_move_body(struct store *s, int64_t from_id, int64_t to_id,
                               struct ww_error *err)
{
    const struct db_value values[] = {db_integer(from_id), db_integer(to_id)};
    enum ww_status status = row_write(s, QUERY_BODY_MOVE, values, WW_COUNT(values), err);

    return status == WW_OK ? row_write(s, QUERY_ARCHIVE_MOVE, values, WW_COUNT(values), err)
                           : status;
}

enum ww_status store_drop_body(struct store *s, int64_t article_id, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id)};

    return row_write(s, QUERY_BODY_DROP, values, WW_COUNT(values), err);
}

enum ww_status store_list_seen_bodies(struct store *s, enum body_choice choice, int64_t after_id,
                                      size_t limit, struct arena *arena, struct body_list *out,
                                      struct ww_error *err)
{
    const struct db_value values[] = {db_integer(after_id), db_integer((int64_t)choice),
                                      db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_BODY_LIST_SEEN, values, WW_COUNT(values),
                                     &place_shape, arena, &list, err);

    *out = (struct body_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_bodies(struct store *s, const struct store_window *window,
                                 struct arena *arena, struct body_list *out, struct ww_error *err)
{
    const struct db_value values[] = {window_since(window), window_until(window),
                                      window_limit(window), window_offset(window)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_BODY_LIST, values, WW_COUNT(values), &place_shape, arena, &list, err);

    *out = (struct body_list){list.rows, list.n_rows};
    return status;
}

/* ---- pruning --------------------------------------------------------------------------------- */

static enum ww_status read_pruned_to(struct store *s, struct arena *arena, int64_t *at,
                                     struct ww_error *err)
{
    struct slice text = {"", 0};
    unsigned long long n = 0;
    enum ww_status status = store_meta(s, PRUNED_TO, arena, &text, err);

    *at = status == WW_OK && slice_number(text, INT64_MAX, &n) ? (int64_t)n : 0;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

static enum ww_status prune(struct store *s, int64_t before, size_t limit, struct arena *arena,
                            size_t *n_pruned, struct ww_error *err)
{
    int64_t since = 0;
    struct row_list list = {0};
    enum ww_status status = read_pruned_to(s, arena, &since, err);
    const struct db_value values[] = {db_integer(since), db_integer(before),
                                      db_integer((int64_t)limit)};

    if (status == WW_OK && since < before)
        status = row_list(s, QUERY_BODY_LIST_STALE, values, WW_COUNT(values), &place_shape, arena,
                          &list, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        status = store_drop_body(s, ((const struct body_place *)list.rows)[i].article_id, err);
    }
    *n_pruned = list.n_rows;
    if (status == WW_OK && since < before && list.n_rows < limit)
        status = store_put_meta(s, PRUNED_TO, arena_printf(arena, "%" PRId64, before), err);
    return status;
}

enum ww_status store_prune_bodies(struct store *s, int64_t before, size_t limit, size_t *n_pruned,
                                  struct ww_error *err)
{
    struct arena arena;
    enum ww_status status;

    *n_pruned = 0;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = prune(s, before, limit, &arena, n_pruned, err);
    arena_release(&arena);
    return status;
}
