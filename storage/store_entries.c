/* store_entries.c - what feeds announced. */
#include "storage/store_entries.h"

#include "base/hash.h"
#include "storage/rows.h"

#define AT(member) offsetof(struct entry_row, member)
static const struct member members[] = {
    {MEMBER_NUMBER, AT(id),            NULL},
    {MEMBER_NUMBER, AT(feed_id),       NULL},
    {MEMBER_TEXT,   AT(guid),          NULL},
    {MEMBER_TEXT,   AT(url),           NULL},
    {MEMBER_TEXT,   AT(canonical),     NULL},
    {MEMBER_TEXT,   AT(title),         NULL},
    {MEMBER_TEXT,   AT(author),        NULL},
    {MEMBER_TEXT,   AT(language),      NULL},
    {MEMBER_NUMBER, AT(published_at),  NULL},
    {MEMBER_NUMBER, AT(updated_at),    NULL},
    {MEMBER_NUMBER, AT(first_seen_at), NULL},
    {MEMBER_NUMBER, AT(n_changes),     NULL},
    {MEMBER_LINK,   AT(page_id),       NULL},
    {MEMBER_LINK,   AT(article_id),    NULL},
 /* lists stop here */
    {MEMBER_PACKED, AT(summary),       NULL},
    {MEMBER_PACKED, AT(content),       NULL},
};
#undef AT
#define N_ALL WW_COUNT(members)
#define N_LIST (N_ALL - 2)
static const struct part part = {members, N_ALL, 0};
static const struct shape shape = {sizeof(struct entry_row), {{members, N_ALL, 0}}};
static const struct shape list_shape = {sizeof(struct entry_row), {{members, N_LIST, 0}}};

/* One number for all that, when it changes, makes an entry a changed one. */
static int64_t fingerprint(const struct entry_row *row)
{
    const struct slice words[] = {row->url, row->title, row->summary, row->content};
    uint64_t hash = hash64_mix(0, (uint64_t)row->updated_at);

    for (size_t i = 0; i < WW_COUNT(words); i++)
        hash = hash64_mix(hash, hash64(words[i]));
    return (int64_t)hash;
}

enum ww_status store_add_entry(struct store *s, const struct entry_row *row, int64_t *id,
                               enum entry_news *news, struct ww_error *err)
{
    const struct db_value key[] = {db_integer(row->feed_id), db_text(row->guid)};
    int64_t print = fingerprint(row), known[2];
    struct db_value values[N_ALL + 1];
    enum ww_status status = row_numbers(s, QUERY_ENTRY_KNOWN, key, WW_COUNT(key), known, 2, err);

    *news = ENTRY_KNOWN;
    if (status == WW_OK)
        *id = known[0];
    if (status != WW_NOT_FOUND && (status != WW_OK || known[1] == print))
        return status;
    *news = status == WW_OK ? ENTRY_CHANGED : ENTRY_NEW;
    status = row_bind(s, &part, row, values, err);
    values[N_ALL] = db_integer(print);
    if (status != WW_OK)
        return status;
    if (*news == ENTRY_NEW)
        return row_write_returning(s, QUERY_ENTRY_ADD, values, WW_COUNT(values), id, err);
    values[0] = db_integer(*id);
    return row_write(s, QUERY_ENTRY_CHANGE, values, WW_COUNT(values), err);
}

enum ww_status store_link_entry(struct store *s, int64_t id, int64_t page_id, int64_t article_id,
                                struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id), db_link(page_id), db_link(article_id)};

    return row_write(s, QUERY_ENTRY_LINK, values, WW_COUNT(values), err);
}

enum ww_status store_link_page_entries(struct store *s, int64_t page_id, int64_t article_id,
                                       struct ww_error *err)
{
    const struct db_value values[] = {db_integer(page_id), db_link(article_id)};

    return row_write(s, QUERY_ENTRY_LINK_PAGE, values, WW_COUNT(values), err);
}

enum ww_status store_entry(struct store *s, int64_t id, struct arena *arena, struct entry_row *out,
                           struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    enum ww_status status =
        row_read(s, QUERY_ENTRY_GET, values, WW_COUNT(values), &shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no entry %lld", (long long)id)
                                  : status;
}

enum ww_status store_entry_by_canonical(struct store *s, int64_t feed_id, struct slice canonical,
                                        struct arena *arena, struct entry_row *out,
                                        struct ww_error *err)
{
    const struct db_value values[] = {db_text(canonical), db_integer(feed_id)};

    return row_read(s, QUERY_ENTRY_GET_CANONICAL, values, WW_COUNT(values), &shape, arena, out,
                    err);
}

enum ww_status store_entry_of_page(struct store *s, int64_t page_id, struct arena *arena,
                                   struct entry_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(page_id)};

    return row_read(s, QUERY_ENTRY_GET_PAGE, values, WW_COUNT(values), &shape, arena, out, err);
}

enum ww_status store_list_entries(struct store *s, int64_t feed_id,
                                  const struct store_window *window, struct arena *arena,
                                  struct entry_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(feed_id), window_since(window),
                                      window_until(window), window_limit(window),
                                      window_offset(window)};
    struct row_list list;
    enum ww_status status = row_list(s, feed_id == 0 ? QUERY_ENTRY_LIST_ALL : QUERY_ENTRY_LIST,
                                     values, WW_COUNT(values), &list_shape, arena, &list, err);

    *out = (struct entry_list){list.rows, list.n_rows};
    return status;
}
