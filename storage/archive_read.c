/* archive_read.c - from the row of an article to the bytes of its page. */
#include "storage/archive_read.h"

#include "base/arena.h"
#include "base/gzip.h"
#include "base/hash.h"
#include "base/head.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "storage/archive_place.h"
#include "storage/store_bodies.h"
#include "storage/warc_file.h"
#include "storage/warc_read.h"

#include <inttypes.h>

/* A file that was put in the way of our own names, or a damaged row: nothing as large is ours. */
static bool is_possible(const struct archive_record_row *row)
{
    return row->offset >= 0 && row->n_bytes > 0 && row->n_bytes <= 2 * ARCHIVE_RECORD_MAX_BYTES;
}

static enum ww_status unpack(const struct warc_file *f, const struct archive_record_row *row,
                             struct buf *packed, struct buf *member, struct ww_error *err)
{
    size_t used = 0;
    bool is_cut = false;
    enum ww_status status = is_possible(row)
                                ? warc_file_read(f, row->offset, row->n_bytes, packed, err)
                                : ww_fail(err, WW_INVALID, "no record is that long");

    if (status == WW_OK)
        status = gzip_unpack(buf_slice(packed), member, &used, &is_cut, err);
    if (status == WW_OK && (int64_t)used != row->n_bytes)
        status =
            ww_fail(err, WW_INVALID, "it is %zu bytes long, and was %" PRId64, used, row->n_bytes);
    return status;
}

enum ww_status archive_check_record(const struct archive_record_row *row, const struct warc_view *v,
                                    struct ww_error *err)
{
    unsigned char sha256[SHA256_BYTES];
    char id[WARC_ID_TEXT_BYTES];
    enum ww_status status = warc_check(v, err);

    if (status != WW_OK)
        return status;
    if (row->uuid.len != WARC_ID_BYTES || row->payload_sha256.len != SHA256_BYTES)
        return ww_fail(err, WW_INVALID, "its row is damaged");
    warc_id_text((const unsigned char *)row->uuid.ptr, id);
    if (v->kind != row->kind || !slice_equal(v->id, slice_from(id)))
        return ww_fail(err, WW_INVALID, "another record stands there: a %s, %.*s",
                       warc_kind_name(v->kind), SLICE_ARG(slice_head(v->id, 60)));
    if (v->kind == WARC_KIND_REVISIT)
        return WW_OK;
    hash_sha256(v->payload, sha256);
    if ((int64_t)v->payload.len != row->payload_bytes ||
        !slice_equal(row->payload_sha256, slice_of(sha256, SHA256_BYTES)))
        return ww_fail(err, WW_INVALID, "its payload is not the one that was archived");
    return WW_OK;
}

enum ww_status archive_read_packed(struct store *s, const struct archive_record_row *row,
                                   struct buf *packed, struct buf *member, struct warc_view *out,
                                   struct ww_error *err)
{
    struct archive_file_row file_row = {0};
    struct warc_file file = {.fd = 0};
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = store_archive_file(s, row->file_id, &arena, &file_row, err);
    if (status == WW_OK)
        status = archive_place_open(s, &file_row, &arena, &file, err);
    buf_reset(member);
    if (status == WW_OK)
        status = unpack(&file, row, packed, member, err);
    warc_file_close(&file);
    if (status == WW_OK)
        status = warc_view(buf_slice(member), out, err);
    if (status == WW_OK)
        status = archive_check_record(row, out, err);
    if (status != WW_OK && status != WW_NOT_FOUND)
        ww_context(err, status, "%.*s at %" PRId64, SLICE_ARG(file_row.name), row->offset);
    arena_release(&arena);
    return status;
}

enum ww_status archive_read_record(struct store *s, const struct archive_record_row *row,
                                   struct buf *member, struct warc_view *out, struct ww_error *err)
{
    struct buf packed;
    enum ww_status status;

    buf_init(&packed, (size_t)2 * ARCHIVE_RECORD_MAX_BYTES);
    status = archive_read_packed(s, row, &packed, member, out, err);
    buf_release(&packed);
    return status;
}

/* Its head is its own, its payload that of the record it refers to. */
static enum ww_status read_payload(struct store *s, const struct archive_record_row *row,
                                   struct arena *arena, struct slice *out, struct ww_error *err)
{
    struct archive_record_row original;
    struct warc_view view;
    struct buf member;
    enum ww_status status = store_archive_record(s, row->refers_id, arena, &original, err);

    buf_init(&member, ARCHIVE_RECORD_MAX_BYTES);
    if (status == WW_OK)
        status = archive_read_record(s, &original, &member, &view, err);
    if (status == WW_OK)
        *out = arena_copy(arena, view.payload);
    buf_release(&member);
    return status == WW_OK ? arena_check(arena, err) : status;
}

static enum ww_status read_body(struct store *s, const struct archive_record_row *row,
                                struct arena *arena, struct body_row *out, struct ww_error *err)
{
    struct slice payload, type;
    struct warc_view view;
    struct buf member;
    bool is_coded = false;
    enum ww_status status;

    buf_init(&member, ARCHIVE_RECORD_MAX_BYTES);
    status = archive_read_record(s, row, &member, &view, err);
    if (status == WW_OK) {
        is_coded = view.is_coded;
        payload = arena_copy(arena, view.payload);
        out->head = arena_copy(arena, view.http_head);
        out->address = arena_copy(arena, head_value(view.heads, "WARC-IP-Address"));
        type = view.http_head.len > 0 ? head_value(view.http_head, "Content-Type")
                                      : head_value(view.heads, "Content-Type");
        out->content_type = arena_copy(arena, type);
    }
    buf_release(&member);
    if (status == WW_OK && row->kind == WARC_KIND_REVISIT)
        status = read_payload(s, row, arena, &payload, err);
    if (status == WW_OK)
        status = arena_check(arena, err);
    if (status != WW_OK)
        return status;
    out->bytes = payload;
    if (!is_coded)
        return WW_OK;
    out->received = payload;
    return inflate_all(payload, BODY_INFLATED_MAX_BYTES, arena, &out->bytes, err);
}

enum ww_status archive_body(struct store *s, int64_t article_id, struct arena *arena,
                            struct body_row *out, struct ww_error *err)
{
    struct archive_record_row row;
    struct ww_error why = {0};
    enum ww_status status = store_archive_of_article(s, article_id, arena, &row, &why);

    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "the page of article %lld is not kept", (long long)article_id);
    *out = (struct body_row){.article_id = article_id, .fetched_at = row.at, .kept_at = row.at};
    if (status == WW_OK)
        status = read_body(s, &row, arena, out, &why);
    if (status == WW_INVALID || status == WW_NOT_FOUND || status == WW_TOO_BIG)
        return ww_fail(err, WW_NOT_FOUND, "the page of article %lld cannot be read: %s",
                       (long long)article_id, why.message);
    return status == WW_OK ? WW_OK : ww_fail(err, status, "%s", why.message);
}
