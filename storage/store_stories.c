/* store_stories.c - stories, and relations between articles. */
#include "storage/store_stories.h"

#include "base/arena.h"
#include "base/limits.h"
#include "storage/rows.h"

#include <string.h>

#define AT(member) offsetof(struct story_row, member)
static const struct member story_members[] = {
    {MEMBER_NUMBER, AT(id),                   NULL},
    {MEMBER_NUMBER, AT(first_article_id),     NULL},
    {MEMBER_NUMBER, AT(canonical_article_id), NULL},
    {MEMBER_NUMBER, AT(first_seen_at),        NULL},
    {MEMBER_NUMBER, AT(last_seen_at),         NULL},
    {MEMBER_NUMBER, AT(n_articles),           NULL},
    {MEMBER_NUMBER, AT(n_outlets),            NULL},
    {MEMBER_LINK,   AT(root_article_id),      NULL},
    {MEMBER_NUMBER, AT(n_origins),            NULL},
    {MEMBER_TEXT,   AT(title),                NULL},
    {MEMBER_TEXT,   AT(url),                  NULL},
    {MEMBER_TEXT,   AT(outlet),               NULL},
    {MEMBER_TEXT,   AT(language),             NULL},
    {MEMBER_NUMBER, AT(published_at),         NULL},
    {MEMBER_NUMBER, AT(n_alerts),             NULL},
    {MEMBER_NUMBER, AT(severity),             NULL},
};
#undef AT
static const struct shape story_shape = {sizeof(struct story_row),
                                         {{story_members, WW_COUNT(story_members), 0}}};

#define AT(member) offsetof(struct relation_row, member)
static const struct member relation_members[] = {
    {MEMBER_NUMBER, AT(article_id),  NULL},
    {MEMBER_NUMBER, AT(other_id),    NULL},
    {MEMBER_TEXT,   AT(kind),        NULL},
    {MEMBER_REAL,   AT(jaccard),     NULL},
    {MEMBER_REAL,   AT(containment), NULL},
    {MEMBER_NUMBER, AT(n_shared),    NULL},
    {MEMBER_NUMBER, AT(n_own),       NULL},
    {MEMBER_NUMBER, AT(n_other),     NULL},
    {MEMBER_NUMBER, AT(n_changes),   NULL},
};
#undef AT
#define N_RELATION WW_COUNT(relation_members)
static const struct part relation_part = {relation_members, N_RELATION, 0};
static const struct shape relation_shape = {sizeof(struct relation_row),
                                            {{relation_members, N_RELATION, 0}}};

#define AT(member) offsetof(struct story_standing, member)
static const struct member standing_members[] = {
    {MEMBER_NUMBER, AT(first_article_id),     NULL},
    {MEMBER_NUMBER, AT(root_article_id),      NULL},
    {MEMBER_NUMBER, AT(canonical_article_id), NULL},
    {MEMBER_NUMBER, AT(fullest_bytes),        NULL},
    {MEMBER_NUMBER, AT(last_published_at),    NULL},
    {MEMBER_NUMBER, AT(n_articles),           NULL},
    {MEMBER_NUMBER, AT(n_origins),            NULL},
    {MEMBER_FLAG,   AT(has_claims),           NULL},
};
#undef AT
#define N_STANDING WW_COUNT(standing_members)
static const struct part standing_part = {standing_members, N_STANDING, 0};
static const struct shape standing_shape = {sizeof(struct story_standing),
                                            {{standing_members, N_STANDING, 0}}};

#define AT(member) offsetof(struct article_row, member)
static const struct member story_member_members[] = {
    {MEMBER_NUMBER,  AT(id),                  NULL},
    {MEMBER_NUMBER,  AT(version),             NULL},
    {MEMBER_TEXT,    AT(url),                 NULL},
    {MEMBER_TEXT,    AT(canonical),           NULL},
    {MEMBER_TEXT,    AT(outlet),              NULL},
    {MEMBER_TEXT,    AT(credit),              NULL},
    {MEMBER_TEXT,    AT(credit_source),       NULL},
    {MEMBER_TEXT,    AT(source_url),          NULL},
    {MEMBER_NUMBER,  AT(published_at),        NULL},
    {MEMBER_ORDINAL, AT(published_precision), NULL},
    {MEMBER_NUMBER,  AT(first_seen_at),       NULL},
    {MEMBER_NUMBER,  AT(text_bytes),          NULL},
    {MEMBER_LINK,    AT(story_id),            NULL},
    {MEMBER_LINK,    AT(recirculates_id),     NULL},
};
#undef AT
static const struct shape story_member_shape = {
    sizeof(struct article_row), {{story_member_members, WW_COUNT(story_member_members), 0}}};

static enum ww_status set_story(struct store *s, int64_t article_id, int64_t story_id,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id), db_integer(story_id)};

    return row_write(s, QUERY_ARTICLE_SET_STORY, values, WW_COUNT(values), err);
}

/* ---- members --------------------------------------------------------------------------------- */

static enum ww_status fail_placed(int64_t article_id, struct ww_error *err)
{
    return ww_fail(err, WW_CONFLICT, "article %lld is not there or has a story already",
                   (long long)article_id);
}

enum ww_status store_add_story(struct store *s, int64_t article_id, int64_t at, int64_t *id,
                               struct ww_error *err)
{
    enum ww_status status = store_next_id(s, STORE_STORIES, id, err);
    const struct db_value values[] = {db_integer(article_id), db_integer(at), db_integer(*id)};

    if (status == WW_OK)
        status = row_write(s, QUERY_STORY_ADD, values, WW_COUNT(values), err);
    return status == WW_OK ? set_story(s, article_id, *id, err)
                           : ww_context(err, status, "article %lld", (long long)article_id);
}

enum ww_status store_join_standing(struct store *s, int64_t story_id, int64_t article_id,
                                   int64_t at, struct story_standing *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(story_id), db_integer(at), db_integer(article_id)};
    enum ww_status status =
        row_change(s, QUERY_STORY_JOIN, values, WW_COUNT(values), &standing_shape, out, err);

    if (status == WW_NOT_FOUND) {
        status = store_story_standing(s, story_id, out, err);
        return status == WW_OK ? fail_placed(article_id, err) : status;
    }
    return status == WW_OK ? set_story(s, article_id, story_id, err) : status;
}

enum ww_status store_join_story(struct store *s, int64_t story_id, int64_t article_id, int64_t at,
                                struct ww_error *err)
{
    struct story_standing unused;

    return store_join_standing(s, story_id, article_id, at, &unused, err);
}

enum ww_status store_story_standing(struct store *s, int64_t id, struct story_standing *out,
                                    struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status = row_read(s, QUERY_STORY_STANDING, values, WW_COUNT(values),
                                     &standing_shape, NULL, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no story %lld", (long long)id)
                                  : status;
}

enum ww_status store_put_story_standing(struct store *s, int64_t id,
                                        const struct story_standing *standing, struct ww_error *err)
{
    struct db_value values[1 + N_STANDING] = {db_integer(id)};
    enum ww_status status = row_bind(s, &standing_part, standing, values + 1, err);

    return status == WW_OK ? row_write(s, QUERY_STORY_PUT_STANDING, values, WW_COUNT(values), err)
                           : status;
}

enum ww_status store_story_member(struct store *s, int64_t article_id, struct arena *arena,
                                  struct article_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id)};

    *out = (struct article_row){0};
    return row_read(s, QUERY_STORY_MEMBER, values, WW_COUNT(values), &story_member_shape, arena,
                    out, err);
}

enum ww_status store_foresee_member(struct store *s, int64_t article_id, bool with_text,
                                    struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id)};
    enum ww_status status = row_foresee(s, QUERY_STORY_MEMBER, values, WW_COUNT(values), err);

    return status == WW_OK && with_text
               ? row_foresee(s, QUERY_ARTICLE_TEXT, values, WW_COUNT(values), err)
               : status;
}

static enum ww_status read_neighbour(struct store *s, enum query query,
                                     const struct article_row *member, struct arena *arena,
                                     struct article_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(member->canonical), db_integer(member->version)};

    *out = (struct article_row){0};
    return row_read(s, query, values, WW_COUNT(values), &story_member_shape, arena, out, err);
}

enum ww_status store_former_version(struct store *s, const struct article_row *member,
                                    struct arena *arena, struct article_row *out,
                                    struct ww_error *err)
{
    return read_neighbour(s, QUERY_STORY_FORMER, member, arena, out, err);
}

enum ww_status store_later_version(struct store *s, const struct article_row *member,
                                   struct arena *arena, struct article_row *out,
                                   struct ww_error *err)
{
    return read_neighbour(s, QUERY_STORY_LATTER, member, arena, out, err);
}

enum ww_status store_list_story_members(struct store *s, int64_t story_id, size_t limit,
                                        struct arena *arena, struct article_list *out,
                                        struct ww_error *err)
{
    const struct db_value values[] = {db_integer(story_id), db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_STORY_MEMBERS, values, WW_COUNT(values),
                                     &story_member_shape, arena, &list, err);

    *out = (struct article_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_set_recirculates(struct store *s, int64_t article_id, int64_t original,
                                      struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id), db_integer(original)};

    return row_write(s, QUERY_ARTICLE_SET_RECIRCULATES, values, WW_COUNT(values), err);
}

/* ---- stories --------------------------------------------------------------------------------- */

enum ww_status store_story(struct store *s, int64_t id, struct arena *arena, struct story_row *out,
                           struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status =
        row_read(s, QUERY_STORY_GET, values, WW_COUNT(values), &story_shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no story %lld", (long long)id)
                                  : status;
}

enum ww_status store_list_stories(struct store *s, const struct story_filter *filter,
                                  struct arena *arena, struct story_list *out, struct ww_error *err)
{
    const struct db_value values[] = {
        window_since(&filter->window),  window_until(&filter->window),
        db_integer(filter->history),    db_integer(filter->n_articles_min),
        db_integer(filter->has_alert),  window_limit(&filter->window),
        window_offset(&filter->window),
    };
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_STORY_LIST, values, WW_COUNT(values), &story_shape, arena, &list, err);

    *out = (struct story_list){list.rows, list.n_rows};
    return status;
}

/* ---- relations ------------------------------------------------------------------------------- */

enum ww_status store_add_relation(struct store *s, const struct relation_row *row,
                                  struct ww_error *err)
{
    struct db_value values[N_RELATION];
    enum ww_status status = row_bind(s, &relation_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_RELATION_ADD, values, N_RELATION, err) : status;
}

static enum ww_status list_relations(struct store *s, enum query query, int64_t id, int64_t limit,
                                     struct arena *arena, struct relation_list *out,
                                     struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id), db_integer(limit)};
    struct row_list list;
    enum ww_status status =
        row_list(s, query, values, WW_COUNT(values), &relation_shape, arena, &list, err);

    *out = (struct relation_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_relations(struct store *s, int64_t article_id, struct arena *arena,
                                    struct relation_list *out, struct ww_error *err)
{
    return list_relations(s, QUERY_RELATION_LIST, article_id, 0, arena, out, err);
}

enum ww_status store_list_neighbours(struct store *s, int64_t article_id, size_t limit,
                                     struct arena *arena, struct relation_list *out,
                                     struct ww_error *err)
{
    return list_relations(s, QUERY_RELATION_NEIGHBOURS, article_id, (int64_t)limit, arena, out,
                          err);
}

enum ww_status store_list_story_relations(struct store *s, int64_t story_id, size_t limit,
                                          struct arena *arena, struct relation_list *out,
                                          struct ww_error *err)
{
    return list_relations(s, QUERY_STORY_RELATIONS, story_id, (int64_t)limit, arena, out, err);
}

enum ww_status store_is_round_up(struct store *s, int64_t article_id, bool *out,
                                 struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id), db_integer(STORY_SCAN_MAX)};
    int64_t n = 0;
    enum ww_status status =
        row_numbers(s, QUERY_RELATION_ROUND_UP, values, WW_COUNT(values), &n, 1, err);

    *out = n != 0;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status store_list_parts(struct store *s, int64_t article_id, int64_t *ids, size_t max,
                                size_t *n, struct ww_error *err)
{
    static const struct member members[] = {
        {MEMBER_NUMBER, 0, NULL}
    };
    static const struct shape shape = {sizeof(int64_t), {{members, WW_COUNT(members), 0}}};
    const struct db_value values[] = {db_integer(article_id), db_integer((int64_t)max)};
    struct row_list list;
    enum ww_status status;

    arena_reset(store_scratch(s));
    status = row_list(s, QUERY_RELATION_PARTS, values, WW_COUNT(values), &shape, store_scratch(s),
                      &list, err);
    *n = status == WW_OK ? list.n_rows : 0;
    if (*n > 0)
        memcpy(ids, list.rows, *n * sizeof(*ids));
    return status;
}

enum ww_status store_foresee_parts(struct store *s, int64_t article_id, size_t max,
                                   int64_t story_id, struct ww_error *err)
{
    const struct db_value round_up[] = {db_integer(article_id), db_integer(STORY_SCAN_MAX)};
    const struct db_value parts[] = {db_integer(article_id), db_integer((int64_t)max)};
    const struct db_value standing[] = {db_integer(story_id)};
    enum ww_status status =
        row_foresee(s, QUERY_RELATION_ROUND_UP, round_up, WW_COUNT(round_up), err);

    if (status == WW_OK)
        status = row_foresee(s, QUERY_RELATION_PARTS, parts, WW_COUNT(parts), err);
    return status == WW_OK ? row_foresee(s, QUERY_STORY_STANDING, standing, WW_COUNT(standing), err)
                           : status;
}

static const struct member placed_members[] = {
    {MEMBER_NUMBER, offsetof(struct placed_id, article_id), NULL},
    {MEMBER_NUMBER, offsetof(struct placed_id, story_id),   NULL},
};
static const struct shape placed_shape = {sizeof(struct placed_id),
                                          {{placed_members, WW_COUNT(placed_members), 0}}};

enum ww_status store_list_placed(struct store *s, int64_t below_id, size_t max, struct arena *arena,
                                 struct placed_id_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(below_id), db_integer((int64_t)max)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_ARTICLE_LIST_PLACED, values, WW_COUNT(values),
                                     &placed_shape, arena, &list, err);

    *out = (struct placed_id_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_count_placed(struct store *s, int64_t below_id, int64_t *n,
                                  struct ww_error *err)
{
    const struct db_value values[] = {db_integer(below_id)};

    return row_numbers(s, QUERY_ARTICLE_COUNT_PLACED, values, WW_COUNT(values), n, 1, err);
}

enum ww_status store_story_told(struct store *s, int64_t story_id, struct slice analyst,
                                struct story_told *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(story_id), db_text(analyst)};
    int64_t n[2] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_STORY_TOLD, values, WW_COUNT(values), n, WW_COUNT(n), err);

    *out = (struct story_told){n[0], n[1]};
    return status;
}

enum ww_status store_count_copies(struct store *s, int64_t story_id, int64_t after,
                                  int64_t *n_copies, int64_t *n_outlets, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(story_id), db_integer(after)};
    int64_t n[2] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_STORY_COPIES, values, WW_COUNT(values), n, WW_COUNT(n), err);

    *n_copies = n[0];
    *n_outlets = n[1];
    return status;
}

enum ww_status store_count_seen(struct store *s, const struct store_window *window, int64_t *n,
                                struct ww_error *err)
{
    const struct db_value values[] = {window_since(window), window_until(window)};

    return row_numbers(s, QUERY_ARTICLE_COUNT_SEEN, values, WW_COUNT(values), n, 1, err);
}
