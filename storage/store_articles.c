/* store_articles.c - articles, their versions and their texts. */
#include "storage/store_articles.h"

#include "base/arena.h"
#include "base/deflate.h"
#include "base/limits.h"
#include "storage/article_rows.h"
#include "storage/search_index.h"

#include <string.h>

/* Between a headline and a site's name: " :: ". */
#define SEPARATOR_MAX_BYTES 8

#define AT(member) offsetof(struct article_row, member)
const struct member article_members[ARTICLE_MEMBERS_COUNT] = {
    {MEMBER_NUMBER,  AT(id),                  NULL},
    {MEMBER_NUMBER,  AT(version),             NULL},
    {MEMBER_TEXT,    AT(url),                 NULL},
    {MEMBER_TEXT,    AT(canonical),           NULL},
    {MEMBER_TEXT,    AT(title),               NULL},
    {MEMBER_TEXT,    AT(author),              NULL},
    {MEMBER_TEXT,    AT(description),         NULL},
    {MEMBER_TEXT,    AT(site),                NULL},
    {MEMBER_TEXT,    AT(outlet),              NULL},
    {MEMBER_TEXT,    AT(language),            NULL},
    {MEMBER_TEXT,    AT(country),             NULL},
    {MEMBER_TEXT,    AT(access),              NULL},
    {MEMBER_TEXT,    AT(provenance),          NULL},
    {MEMBER_NUMBER,  AT(published_at),        NULL},
    {MEMBER_ORDINAL, AT(published_precision), NULL},
    {MEMBER_TEXT,    AT(published_source),    NULL},
    {MEMBER_NUMBER,  AT(modified_at),         NULL},
    {MEMBER_NUMBER,  AT(first_seen_at),       NULL},
    {MEMBER_NUMBER,  AT(fetched_at),          NULL},
    {MEMBER_LINK,    AT(feed_id),             NULL},
    {MEMBER_LINK,    AT(entry_id),            NULL},
    {MEMBER_LINK,    AT(page_id),             NULL},
    {MEMBER_LINK,    AT(story_id),            NULL},
    {MEMBER_LINK,    AT(scanned_with),        NULL},
    {MEMBER_FLAG,    AT(is_historic),         NULL},
    {MEMBER_NUMBER,  AT(text_bytes),          NULL},
    {MEMBER_BYTES,   AT(sha256),              NULL},
    {MEMBER_TEXT,    AT(section),             NULL},
    {MEMBER_TEXT,    AT(text_source),         NULL},
    {MEMBER_TEXT,    AT(published_zone),      NULL},
    {MEMBER_ORDINAL, AT(modified_precision),  NULL},
    {MEMBER_TEXT,    AT(modified_source),     NULL},
    {MEMBER_TEXT,    AT(dateline),            NULL},
    {MEMBER_TEXT,    AT(credit),              NULL},
    {MEMBER_TEXT,    AT(credit_source),       NULL},
    {MEMBER_TEXT,    AT(source_url),          NULL},
    {MEMBER_LINK,    AT(recirculates_id),     NULL},
    {MEMBER_LINK,    AT(backfill_id),         NULL},
    {MEMBER_TEXT,    AT(capture),             NULL},
};
#undef AT
static const struct part part = {article_members, ARTICLE_MEMBERS_COUNT, 0};
static const struct shape shape = {sizeof(struct article_row),
                                   {{article_members, ARTICLE_MEMBERS_COUNT, 0}}};

static const struct member text_members[] = {
    {MEMBER_PACKED, offsetof(struct article_text, text), NULL},
    {MEMBER_PACKED, offsetof(struct article_text, cut),  NULL},
};
static const struct part text_part = {text_members, WW_COUNT(text_members), 0};
static const struct shape text_shape = {sizeof(struct article_text),
                                        {{text_members, WW_COUNT(text_members), 0}}};

struct version {
    int64_t id, version;
    struct slice sha256, title;
    int64_t fetched_at;
};

static const struct member version_members[] = {
    {MEMBER_NUMBER, offsetof(struct version, id),         NULL},
    {MEMBER_NUMBER, offsetof(struct version, version),    NULL},
    {MEMBER_BYTES,  offsetof(struct version, sha256),     NULL},
    {MEMBER_TEXT,   offsetof(struct version, title),      NULL},
    {MEMBER_NUMBER, offsetof(struct version, fetched_at), NULL},
};
static const struct shape version_shape = {sizeof(struct version),
                                           {{version_members, WW_COUNT(version_members), 0}}};

/* ---- writing --------------------------------------------------------------------------------- */

static enum ww_status read_newest(struct store *s, struct slice canonical, struct arena *arena,
                                  struct version *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(canonical)};
    enum ww_status status = row_read(s, QUERY_ARTICLE_NEWEST, values, WW_COUNT(values),
                                     &version_shape, arena, out, err);

    if (status != WW_NOT_FOUND)
        return status;
    *out = (struct version){0};
    return WW_OK;
}

static enum ww_status add_text(struct store *s, int64_t id, const struct article_text *text,
                               struct ww_error *err)
{
    struct db_value values[1 + WW_COUNT(text_members)] = {db_integer(id)};
    enum ww_status status = row_bind(s, &text_part, text, values + 1, err);

    return status == WW_OK ? row_write(s, QUERY_ARTICLE_TEXT_ADD, values, WW_COUNT(values), err)
                           : status;
}

bool article_is_same_title(struct slice a, struct slice b, struct slice site_name)
{
    struct slice shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a, rest;

    if (slice_equal(a, b))
        return true;
    if (shorter.len == 0 || site_name.len == 0 ||
        longer.len > shorter.len + site_name.len + SEPARATOR_MAX_BYTES)
        return false;
    if (slice_starts(longer, shorter))
        rest = slice_skip(longer, shorter.len);
    else if (slice_ends(longer, shorter))
        rest = slice_head(longer, longer.len - shorter.len);
    else
        return false;
    return slice_contains_nocase(rest, site_name);
}

/* Among the versions of its address. */
struct place {
    unsigned char sha256[SHA256_BYTES]; /* of the text at hand */
    int64_t same_id;                    /* that says the same; 0: none */
    int64_t version;                    /* where it belongs */
    bool makes_room;                    /* later ones are there */
};

static bool says_the_same(const struct version *v, const struct article_row *row,
                          const struct place *place)
{
    return slice_equal(v->sha256, slice_of(place->sha256, SHA256_BYTES)) &&
           article_is_same_title(v->title, row->title, row->site_name);
}

/* A copy of a time before the newest version: behind what is older, and no version twice. */
static enum ww_status find_place_in_past(struct store *s, const struct article_row *row,
                                         struct place *place, struct ww_error *err)
{
    const struct db_value values[] = {db_text(row->canonical)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_ARTICLE_VERSIONS, values, WW_COUNT(values),
                                     &version_shape, store_scratch(s), &list, err);
    const struct version *versions = list.rows;

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        if (place->same_id == 0 && says_the_same(&versions[i], row, place))
            place->same_id = versions[i].id;
        if (!place->makes_room && versions[i].fetched_at > row->fetched_at) {
            place->version = versions[i].version;
            place->makes_room = true;
        }
    }
    return status;
}

/*
 * Live pages are told from the newest version alone: one that says again what it said before is a
 * change. Nor is their time believed, for a clock may have gone wrong.
 */
static enum ww_status find_place(struct store *s, const struct article_row *row,
                                 const struct article_text *text, struct place *out,
                                 struct ww_error *err)
{
    const bool is_copy = row->backfill_id != 0 || row->capture.len > 0;
    struct version newest;
    enum ww_status status;

    *out = (struct place){0};
    hash_sha256(row->whole.len > 0 ? row->whole : text->text, out->sha256);
    arena_reset(store_scratch(s));
    status = read_newest(s, row->canonical, store_scratch(s), &newest, err);
    if (status != WW_OK)
        return status;
    out->version = newest.version + 1;
    if (newest.id == 0)
        return WW_OK;
    if (is_copy && row->fetched_at > 0 && row->fetched_at < newest.fetched_at)
        return find_place_in_past(s, row, out, err);
    out->same_id = says_the_same(&newest, row, out) ? newest.id : 0;
    return WW_OK;
}

static enum ww_status make_room(struct store *s, const struct article_row *row,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_text(row->canonical), db_integer(row->version)};
    enum ww_status status = row_write(s, QUERY_ARTICLE_SHIFT_OUT, values, 2, err);

    return status == WW_OK ? row_write(s, QUERY_ARTICLE_SHIFT_IN, values, 1, err) : status;
}

enum ww_status store_article_differs(struct store *s, const struct article_row *row,
                                     const struct article_text *text, bool *differs,
                                     struct ww_error *err)
{
    struct place place;
    enum ww_status status = find_place(s, row, text, &place, err);

    *differs = place.same_id == 0;
    return status;
}

enum ww_status store_add_article(struct store *s, struct article_row *row,
                                 const struct article_text *text, int64_t *id, bool *is_new,
                                 struct ww_error *err)
{
    struct article_row stored;
    struct place place;
    struct db_value values[ARTICLE_MEMBERS_COUNT];
    enum ww_status status = find_place(s, row, text, &place, err);

    *is_new = false;
    if (status != WW_OK)
        return status;
    if (place.same_id != 0) {
        *id = place.same_id;
        return WW_OK;
    }
    row->text_bytes = (int64_t)text->text.len;
    row->version = place.version;
    row->is_followed = place.makes_room;
    stored = *row;
    stored.sha256 = slice_of(place.sha256, sizeof(place.sha256));
    if (place.makes_room)
        status = make_room(s, &stored, err);
    if (status == WW_OK)
        status = store_next_id(s, STORE_ARTICLES, &stored.id, err);
    if (status == WW_OK)
        status = row_bind(s, &part, &stored, values, err);
    if (status == WW_OK)
        status = row_write(s, QUERY_ARTICLE_ADD, values, WW_COUNT(values), err);
    *id = stored.id;
    if (status == WW_OK)
        status = add_text(s, *id, text, err);
    *is_new = status == WW_OK;
    if (*is_new) {
        row->id = *id;
        search_index_expect(s, *id);
    }
    return status;
}

enum ww_status store_set_scanned(struct store *s, int64_t article_id, int64_t watchlist_id,
                                 struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id), db_link(watchlist_id)};

    return row_write(s, QUERY_ARTICLE_SCANNED, values, WW_COUNT(values), err);
}

enum ww_status store_announce_article(struct store *s, int64_t article_id, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id)};

    return row_write(s, QUERY_ARTICLE_ANNOUNCE, values, WW_COUNT(values), err);
}

/* ---- reading --------------------------------------------------------------------------------- */

enum ww_status store_article(struct store *s, int64_t id, struct arena *arena,
                             struct article_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status =
        row_read(s, QUERY_ARTICLE_GET, values, WW_COUNT(values), &shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no article %lld", (long long)id)
                                  : status;
}

enum ww_status store_article_by_canonical(struct store *s, struct slice canonical,
                                          struct arena *arena, struct article_row *out,
                                          struct ww_error *err)
{
    const struct db_value values[] = {db_text(canonical)};
    enum ww_status status =
        row_read(s, QUERY_ARTICLE_GET_CANONICAL, values, WW_COUNT(values), &shape, arena, out, err);

    return status == WW_NOT_FOUND
               ? ww_fail(err, status, "there is no article %.*s", SLICE_ARG(canonical))
               : status;
}

enum ww_status store_article_by_url(struct store *s, struct slice url, struct arena *arena,
                                    struct article_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(url)};
    enum ww_status status =
        row_read(s, QUERY_ARTICLE_GET_URL, values, WW_COUNT(values), &shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no article %.*s", SLICE_ARG(url))
                                  : status;
}

enum ww_status store_article_text(struct store *s, int64_t id, struct arena *arena,
                                  struct article_text *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status =
        row_read(s, QUERY_ARTICLE_TEXT, values, WW_COUNT(values), &text_shape, arena, out, err);

    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "there is no article %lld", (long long)id);
    return status == WW_OK ? WW_OK : ww_context(err, status, "article %lld", (long long)id);
}

/* The list whose index leads to the fewest rows. */
static enum query list_query(const struct article_filter *filter)
{
    if (filter->canonical.len > 0)
        return QUERY_ARTICLE_LIST_CANONICAL;
    if (filter->story_id != 0)
        return QUERY_ARTICLE_LIST_STORY;
    if (filter->is_unscanned)
        return QUERY_ARTICLE_LIST_UNSCANNED;
    if (filter->order == ARTICLE_BY_ID || filter->not_scanned_with != 0)
        return QUERY_ARTICLE_LIST_ID;
    if (filter->by_published)
        return QUERY_ARTICLE_LIST_PUBLISHED;
    if (filter->backfill_id != 0)
        return QUERY_ARTICLE_LIST_BACKFILL;
    return filter->feed_id != 0 ? QUERY_ARTICLE_LIST_FEED : QUERY_ARTICLE_LIST;
}

enum ww_status store_list_articles(struct store *s, const struct article_filter *filter,
                                   struct arena *arena, struct article_list *out,
                                   struct ww_error *err)
{
    const struct db_value values[] = {
        window_since(&filter->window),
        window_until(&filter->window),
        db_integer(filter->history),
        db_integer(filter->after_id),
        db_integer(filter->feed_id),
        db_integer(filter->story_id),
        db_text(filter->canonical),
        db_text(filter->outlet),
        db_text(filter->language),
        db_text(filter->country),
        db_integer(filter->not_scanned_with),
        window_limit(&filter->window),
        window_offset(&filter->window),
        db_text(filter->access),
        db_integer(filter->backfill_id),
    };
    struct row_list list;
    enum ww_status status =
        row_list(s, list_query(filter), values, WW_COUNT(values), &shape, arena, &list, err);

    *out = (struct article_list){list.rows, list.n_rows};
    return status;
}
