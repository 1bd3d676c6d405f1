/* store_stories.c - stories, and relations between articles. */
#include "storage/store_stories.h"

#include "storage/rows.h"

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
};
#undef AT
#define N_RELATION WW_COUNT(relation_members)
static const struct part relation_part = {relation_members, N_RELATION, 0};
static const struct shape relation_shape = {sizeof(struct relation_row),
                                            {{relation_members, N_RELATION, 0}}};

#define AT(member) offsetof(struct article_row, member)
static const struct member story_member_members[] = {
    {MEMBER_NUMBER,  AT(id),                  NULL},
    {MEMBER_NUMBER,  AT(version),             NULL},
    {MEMBER_TEXT,    AT(url),                 NULL},
    {MEMBER_TEXT,    AT(canonical),           NULL},
    {MEMBER_TEXT,    AT(outlet),              NULL},
    {MEMBER_TEXT,    AT(credit),              NULL},
    {MEMBER_TEXT,    AT(source_url),          NULL},
    {MEMBER_NUMBER,  AT(published_at),        NULL},
    {MEMBER_ORDINAL, AT(published_precision), NULL},
    {MEMBER_NUMBER,  AT(first_seen_at),       NULL},
    {MEMBER_NUMBER,  AT(text_bytes),          NULL},
};
#undef AT
static const struct shape story_member_shape = {
    sizeof(struct article_row), {{story_member_members, WW_COUNT(story_member_members), 0}}};

/* WW_CONFLICT: the article has a story, and keeps it. */
static enum ww_status set_story(struct store *s, int64_t article_id, int64_t story_id,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id), db_integer(story_id)};
    int64_t unused;
    enum ww_status status =
        row_write_returning(s, QUERY_ARTICLE_SET_STORY, values, WW_COUNT(values), &unused, err);

    return status == WW_NOT_FOUND
               ? ww_fail(err, WW_CONFLICT, "article %lld is not there or has a story already",
                         (long long)article_id)
               : status;
}

enum ww_status store_add_story(struct store *s, int64_t article_id, int64_t at, int64_t *id,
                               struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id), db_integer(at)};
    enum ww_status status =
        row_write_returning(s, QUERY_STORY_ADD, values, WW_COUNT(values), id, err);

    return status == WW_OK ? set_story(s, article_id, *id, err) : status;
}

enum ww_status store_join_story(struct store *s, int64_t story_id, int64_t article_id, int64_t at,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_integer(story_id), db_integer(at)};
    int64_t unused;
    enum ww_status status = set_story(s, article_id, story_id, err);

    if (status == WW_OK)
        status = row_write_returning(s, QUERY_STORY_JOIN, values, WW_COUNT(values), &unused, err);
    return status == WW_NOT_FOUND
               ? ww_fail(err, status, "there is no story %lld", (long long)story_id)
               : status;
}

enum ww_status store_set_canonical_article(struct store *s, int64_t story_id, int64_t article_id,
                                           struct ww_error *err)
{
    const struct db_value values[] = {db_integer(story_id), db_integer(article_id)};

    return row_write(s, QUERY_STORY_SET_CANONICAL, values, WW_COUNT(values), err);
}

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

enum ww_status store_add_relation(struct store *s, const struct relation_row *row,
                                  struct ww_error *err)
{
    struct db_value values[N_RELATION];
    enum ww_status status = row_bind(s, &relation_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_RELATION_ADD, values, N_RELATION, err) : status;
}

enum ww_status store_list_relations(struct store *s, int64_t article_id, struct arena *arena,
                                    struct relation_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_RELATION_LIST, values, WW_COUNT(values),
                                     &relation_shape, arena, &list, err);

    *out = (struct relation_list){list.rows, list.n_rows};
    return status;
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

enum ww_status store_list_story_relations(struct store *s, int64_t story_id, size_t limit,
                                          struct arena *arena, struct relation_list *out,
                                          struct ww_error *err)
{
    const struct db_value values[] = {db_integer(story_id), db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_STORY_RELATIONS, values, WW_COUNT(values),
                                     &relation_shape, arena, &list, err);

    *out = (struct relation_list){list.rows, list.n_rows};
    return status;
}
