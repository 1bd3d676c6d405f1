/* store_archive.c - files and records of our own archive. */
#include "storage/store_archive.h"

#include "base/attrs.h"
#include "storage/rows.h"

#include <stddef.h>

#define AT(member) offsetof(struct archive_file_row, member)
static const struct member file_members[] = {
    {MEMBER_NUMBER, AT(id),         NULL},
    {MEMBER_TEXT,   AT(name),       NULL},
    {MEMBER_NUMBER, AT(n_bytes),    NULL},
    {MEMBER_NUMBER, AT(n_records),  NULL},
    {MEMBER_NUMBER, AT(created_at), NULL},
    {MEMBER_FLAG,   AT(is_closed),  NULL},
    {MEMBER_TEXT,   AT(machine),    NULL},
    {MEMBER_TEXT,   AT(place),      NULL},
    {MEMBER_TEXT,   AT(sha256),     NULL},
};
#undef AT

static const char *const kinds[] = {"warcinfo", "response", "resource", "revisit", NULL};

#define AT(member) offsetof(struct archive_record_row, member)
static const struct member record_members[] = {
    {MEMBER_NUMBER, AT(id),             NULL },
    {MEMBER_NUMBER, AT(article_id),     NULL },
    {MEMBER_NUMBER, AT(file_id),        NULL },
    {MEMBER_NUMBER, AT(offset),         NULL },
    {MEMBER_NUMBER, AT(n_bytes),        NULL },
    {MEMBER_CHOICE, AT(kind),           kinds},
    {MEMBER_NUMBER, AT(at),             NULL },
    {MEMBER_BYTES,  AT(uuid),           NULL },
    {MEMBER_BYTES,  AT(payload_sha256), NULL },
    {MEMBER_NUMBER, AT(payload_bytes),  NULL },
    {MEMBER_LINK,   AT(refers_id),      NULL },
};
#undef AT

static const struct part file_part = {file_members, WW_COUNT(file_members), 0};
static const struct shape file_shape = {sizeof(struct archive_file_row),
                                        {{file_members, WW_COUNT(file_members), 0}}};
static const struct part record_part = {record_members, WW_COUNT(record_members), 0};
static const struct shape record_shape = {sizeof(struct archive_record_row),
                                          {{record_members, WW_COUNT(record_members), 0}}};

/* ---- files
 * --------------------------------------------------------------------------------------- */

enum ww_status store_add_archive_file(struct store *s, const struct archive_file_row *row,
                                      int64_t *id, struct ww_error *err)
{
    struct db_value values[WW_COUNT(file_members)];
    enum ww_status status = row_bind(s, &file_part, row, values, err);

    return status == WW_OK
               ? row_write_returning(s, QUERY_ARCHIVE_FILE_ADD, values, WW_COUNT(values), id, err)
               : status;
}

enum ww_status store_update_archive_file(struct store *s, const struct archive_file_row *row,
                                         struct ww_error *err)
{
    struct db_value values[WW_COUNT(file_members)];
    enum ww_status status = row_bind(s, &file_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_ARCHIVE_FILE_UPDATE, values, WW_COUNT(values), err)
                           : status;
}

static enum ww_status read_file(struct store *s, enum query query, const struct db_value *values,
                                size_t n_values, struct arena *arena, struct archive_file_row *out,
                                struct ww_error *err)
{
    enum ww_status status = row_read(s, query, values, n_values, &file_shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "no such file in the archive") : status;
}

enum ww_status store_archive_file(struct store *s, int64_t id, struct arena *arena,
                                  struct archive_file_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};

    return read_file(s, QUERY_ARCHIVE_FILE_GET, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_archive_file_by_name(struct store *s, struct slice name, struct arena *arena,
                                          struct archive_file_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(name)};

    return read_file(s, QUERY_ARCHIVE_FILE_BY_NAME, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_newest_archive_file(struct store *s, struct slice month, struct slice machine,
                                         struct arena *arena, struct archive_file_row *out,
                                         struct ww_error *err)
{
    const struct db_value values[] = {db_text(month), db_text(machine)};

    return read_file(s, QUERY_ARCHIVE_FILE_NEWEST, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_list_archive_files(struct store *s, struct arena *arena,
                                        struct archive_file_list *out, struct ww_error *err)
{
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_ARCHIVE_FILE_LIST, NULL, 0, &file_shape, arena, &list, err);

    *out = (struct archive_file_list){list.rows, list.n_rows};
    return status;
}

/* ---- records
 * --------------------------------------------------------------------------------------- */

enum ww_status store_add_archive_record(struct store *s, const struct archive_record_row *row,
                                        int64_t *id, struct ww_error *err)
{
    struct db_value values[WW_COUNT(record_members)];
    enum ww_status status = row_bind(s, &record_part, row, values, err);

    return status == WW_OK
               ? row_write_returning(s, QUERY_ARCHIVE_ADD, values, WW_COUNT(values), id, err)
               : status;
}

static enum ww_status read_record(struct store *s, enum query query, const struct db_value *values,
                                  size_t n_values, struct arena *arena,
                                  struct archive_record_row *out, struct ww_error *err)
{
    enum ww_status status = row_read(s, query, values, n_values, &record_shape, arena, out, err);

    return status == WW_NOT_FOUND ? ww_fail(err, status, "no such record in the archive") : status;
}

enum ww_status store_archive_record(struct store *s, int64_t id, struct arena *arena,
                                    struct archive_record_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};

    return read_record(s, QUERY_ARCHIVE_GET, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_archive_of_article(struct store *s, int64_t article_id, struct arena *arena,
                                        struct archive_record_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(article_id)};

    return read_record(s, QUERY_ARCHIVE_OF_ARTICLE, values, WW_COUNT(values), arena, out, err);
}

static enum ww_status list_records(struct store *s, enum query query, const struct db_value *values,
                                   size_t n_values, struct arena *arena,
                                   struct archive_record_list *out, struct ww_error *err)
{
    struct row_list list;
    enum ww_status status = row_list(s, query, values, n_values, &record_shape, arena, &list, err);

    *out = (struct archive_record_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_archive_originals(struct store *s, struct slice sha256,
                                            int64_t payload_bytes, size_t limit,
                                            struct arena *arena, struct archive_record_list *out,
                                            struct ww_error *err)
{
    const struct db_value values[] = {db_blob(sha256), db_integer(payload_bytes),
                                      db_integer((int64_t)limit)};

    return list_records(s, QUERY_ARCHIVE_ORIGINALS, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_list_archive_of_file(struct store *s, int64_t file_id, int64_t offset,
                                          size_t limit, struct arena *arena,
                                          struct archive_record_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(file_id), db_integer(offset),
                                      db_integer((int64_t)limit)};

    return list_records(s, QUERY_ARCHIVE_OF_FILE, values, WW_COUNT(values), arena, out, err);
}

enum ww_status store_list_archive(struct store *s, const struct archive_filter *filter,
                                  struct arena *arena, struct archive_record_list *out,
                                  struct ww_error *err)
{
    const struct db_value values[] = {db_integer(filter->after_id), window_since(&filter->window),
                                      window_until(&filter->window), db_text(filter->item),
                                      window_limit(&filter->window)};

    return list_records(s, QUERY_ARCHIVE_LIST, values, WW_COUNT(values), arena, out, err);
}
