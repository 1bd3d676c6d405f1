/* store_entries.c - what feeds announced. */
#include "storage/store_entries.h"

#include "base/hash.h"
#include "base/limits.h"
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

static const struct member brief_members[] = {
    {MEMBER_NUMBER, offsetof(struct entry_brief, id),           NULL},
    {MEMBER_TEXT,   offsetof(struct entry_brief, guid),         NULL},
    {MEMBER_TEXT,   offsetof(struct entry_brief, canonical),    NULL},
    {MEMBER_TEXT,   offsetof(struct entry_brief, title),        NULL},
    {MEMBER_NUMBER, offsetof(struct entry_brief, published_at), NULL},
    {MEMBER_NUMBER, offsetof(struct entry_brief, updated_at),   NULL},
    {MEMBER_NUMBER, offsetof(struct entry_brief, fingerprint),  NULL},
    {MEMBER_NUMBER, offsetof(struct entry_brief, words),        NULL},
    {MEMBER_LINK,   offsetof(struct entry_brief, page_id),      NULL},
};
static const struct shape brief_shape = {sizeof(struct entry_brief),
                                         {{brief_members, WW_COUNT(brief_members), 0}}};

/* ---- what it is known by --------------------------------------------------------------------- */

int64_t entry_fingerprint(const struct entry_row *row)
{
    const struct slice words[] = {row->url, row->title, row->summary, row->content};
    uint64_t hash = hash64_mix(0, (uint64_t)row->updated_at);

    for (size_t i = 0; i < WW_COUNT(words); i++)
        hash = hash64_mix(hash, hash64(words[i]));
    return (int64_t)hash;
}

/* The text between the tags of sanitised HTML, in which '<' begins a tag and nothing else. */
static uint64_t hash_text(uint64_t hash, struct slice html, size_t *text_bytes)
{
    struct slice piece;

    for (bool is_tag = false; slice_next(&html, '<', &piece); is_tag = true) {
        if (is_tag)
            piece = slice_skip(piece, slice_find_char(piece, '>') + 1);
        piece = slice_trim(piece);
        if (piece.len > 0)
            hash = hash64_mix(hash, hash64(piece));
        *text_bytes += piece.len;
    }
    return hash;
}

int64_t entry_words(const struct entry_row *row, size_t *text_bytes)
{
    uint64_t hash = hash64(row->title);

    *text_bytes = 0;
    hash = hash_text(hash, row->summary, text_bytes);
    hash = hash_text(hash, row->content, text_bytes);
    if (row->title.len == 0 && *text_bytes == 0)
        return 0;
    return hash != 0 ? (int64_t)hash : 1;
}

struct slice entry_guid_key(struct slice guid)
{
    struct slice rest = {NULL, 0};

    if (slice_starts_nocase(guid, SLICE("http://")))
        rest = slice_skip(guid, 7);
    else if (slice_starts_nocase(guid, SLICE("https://")))
        rest = slice_skip(guid, 8);
    rest = slice_skip(rest, slice_find_char(rest, '/'));
    return rest.len > 1 ? rest : (struct slice){"", 0};
}

enum ww_status store_entry_known(struct store *s, const struct entry_row *row, int64_t *id,
                                 int64_t *fingerprint, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(row->feed_id), db_text(row->guid)};
    int64_t known[2] = {0, 0};
    enum ww_status status =
        row_numbers(s, QUERY_ENTRY_KNOWN, values, WW_COUNT(values), known, WW_COUNT(known), err);

    *id = known[0];
    *fingerprint = known[1];
    return status;
}

enum ww_status store_find_entries(struct store *s, enum entry_key key, const struct entry_row *row,
                                  struct arena *arena, struct entry_brief_list *out,
                                  struct ww_error *err)
{
    struct db_value values[] = {db_integer(row->feed_id), db_text(row->guid),
                                db_integer(ENTRY_CANDIDATES_MAX)};
    enum query query = QUERY_ENTRY_BRIEF_GUID;
    size_t n_values = WW_COUNT(values), text_bytes;
    struct row_list list;
    enum ww_status status;

    switch (key) {
    case ENTRY_BY_GUID:
        n_values = 2;
        break;
    case ENTRY_BY_WORDS:
        query = QUERY_ENTRY_BRIEF_WORDS;
        values[1] = db_integer(entry_words(row, &text_bytes));
        break;
    case ENTRY_BY_CANONICAL:
        query = QUERY_ENTRY_BRIEF_CANONICAL;
        values[1] = db_text(row->canonical);
        break;
    case ENTRY_BY_GUID_KEY:
        query = QUERY_ENTRY_BRIEF_KEY;
        values[1] = db_text(entry_guid_key(row->guid));
        break;
    }
    status = row_list(s, query, values, n_values, &brief_shape, arena, &list, err);
    *out = (struct entry_brief_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_newest_entries(struct store *s, int64_t feed_id, size_t limit,
                                    struct arena *arena, struct entry_brief_list *out,
                                    struct ww_error *err)
{
    const struct db_value values[] = {db_integer(feed_id), db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_ENTRY_BRIEF_NEWEST, values, WW_COUNT(values),
                                     &brief_shape, arena, &list, err);

    *out = (struct entry_brief_list){list.rows, list.n_rows};
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

#define N_WRITTEN (N_ALL + 3)

/* The row, and behind it what is reckoned of it. */
static enum ww_status bind_entry(struct store *s, const struct entry_row *row,
                                 struct db_value values[N_WRITTEN], struct ww_error *err)
{
    size_t text_bytes;

    values[N_ALL] = db_text(entry_guid_key(row->guid));
    values[N_ALL + 1] = db_integer(entry_fingerprint(row));
    values[N_ALL + 2] = db_integer(entry_words(row, &text_bytes));
    return row_bind(s, &part, row, values, err);
}

enum ww_status store_add_entry(struct store *s, const struct entry_row *row, int64_t *id,
                               bool *is_new, struct ww_error *err)
{
    struct db_value values[N_WRITTEN];
    enum ww_status status = bind_entry(s, row, values, err);

    if (status == WW_OK)
        status = row_write_returning(s, QUERY_ENTRY_ADD, values, N_WRITTEN, id, err);
    *is_new = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status store_change_entry(struct store *s, const struct entry_row *row,
                                  struct ww_error *err)
{
    struct db_value values[N_WRITTEN];
    enum ww_status status = bind_entry(s, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_ENTRY_CHANGE, values, N_WRITTEN, err) : status;
}

enum ww_status store_rename_entry(struct store *s, const struct entry_row *row,
                                  struct ww_error *err)
{
    const struct db_value values[] = {db_integer(row->id), db_integer(row->feed_id),
                                      db_text(row->guid), db_text(entry_guid_key(row->guid))};

    return row_write(s, QUERY_ENTRY_RENAME, values, WW_COUNT(values), err);
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

enum ww_status store_entry_of_page(struct store *s, int64_t page_id, struct arena *arena,
                                   struct entry_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(page_id)};

    return row_read(s, QUERY_ENTRY_GET_PAGE, values, WW_COUNT(values), &shape, arena, out, err);
}

enum ww_status store_list_announcements(struct store *s, struct slice canonical, size_t limit,
                                        struct arena *arena, struct entry_list *out,
                                        struct ww_error *err)
{
    const struct db_value values[] = {db_text(canonical), db_integer((int64_t)limit)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_ENTRY_LIST_CANONICAL, values, WW_COUNT(values),
                                     &list_shape, arena, &list, err);

    *out = (struct entry_list){list.rows, list.n_rows};
    return status;
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
