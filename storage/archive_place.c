/* archive_place.c - from the row of a file to its bytes. */
#include "storage/archive_place.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/url.h"
#include "storage/archive.h"
#include "storage/archive_end.h"
#include "storage/bucket.h"
#include "storage/rows.h"

#include <string.h>

enum ww_status archive_place_bucket(struct store *s, struct bucket **out, struct ww_error *err)
{
    struct bucket **kept = store_bucket(s);
    const struct bucket_options *options = store_bucket_options(s);
    enum ww_status status = WW_OK;

    *out = NULL;
    if (options == NULL)
        return ww_fail(err, WW_NOT_FOUND, "the settings name no bucket: [archive] s3");
    if (*kept == NULL)
        status = bucket_open(options, kept, err);
    *out = *kept;
    return status;
}

struct slice archive_place_address(const struct store *s, struct slice name, struct arena *arena)
{
    return arena_printf(arena, "%s/%.*s", store_bucket_options(s)->url, SLICE_ARG(name));
}

bool archive_place_is_elsewhere(const struct store *s, const struct archive_file_row *row)
{
    const struct slice here = archive_machine(s);

    return row->place.len == 0 && row->machine.len > 0 && here.len > 0 &&
           !slice_equal(row->machine, here);
}

/* Up to its path: what has moved to another server keeps its name there. */
static bool is_same_server(struct slice a, struct slice b)
{
    struct url x, y;

    url_split(a, &x);
    url_split(b, &y);
    return slice_equal_nocase(x.scheme, y.scheme) && slice_equal_nocase(x.host, y.host) &&
           slice_equal(x.port, y.port);
}

static enum ww_status open_far(struct store *s, const struct archive_file_row *row,
                               struct arena *arena, struct warc_file *out, struct ww_error *err)
{
    struct slice address = row->place;
    enum ww_status status = archive_place_bucket(s, &out->bucket, err);

    if (status != WW_OK)
        return ww_context(err, status, "it is at %.*s", SLICE_ARG(slice_head(row->place, 120)));
    if (!is_same_server(address, slice_from(store_bucket_options(s)->url)))
        address = archive_place_address(s, row->name, arena);
    if (address.len >= sizeof(out->path))
        return ww_fail(err, WW_STORE, "the address of %.*s is too long", SLICE_ARG(row->name));
    memcpy(out->path, address.ptr, address.len);
    out->path[address.len] = '\0';
    out->n_bytes = row->n_bytes;
    return WW_OK;
}

enum ww_status archive_place_open(struct store *s, struct archive_file_row *row,
                                  struct arena *arena, struct warc_file *out, struct ww_error *err)
{
    struct ww_error why = {0};
    enum ww_status status = warc_file_open(archive_folder(s), row->name, out, &why);

    if (status == WW_NOT_FOUND && row->place.len == 0) { /* it may just have been sent */
        const int64_t id = row->id;

        if (store_archive_file(s, id, arena, row, NULL) != WW_OK)
            return ww_fail(err, status, "%s", why.message);
    }
    if (status == WW_NOT_FOUND && row->place.len > 0)
        return open_far(s, row, arena, out, err);
    if (status == WW_NOT_FOUND && archive_place_is_elsewhere(s, row))
        return ww_fail(err, status, "%.*s is on %.*s, and in no bucket yet", SLICE_ARG(row->name),
                       SLICE_ARG(row->machine));
    return status == WW_OK ? WW_OK : ww_fail(err, status, "%s", why.message);
}

bool archive_place_has(const struct store *s, const struct archive_file_row *row, int64_t end)
{
    struct warc_file f = {.fd = 0};
    const enum ww_status status = warc_file_open(archive_folder(s), row->name, &f, NULL);
    const int64_t n_bytes = f.n_bytes;

    warc_file_close(&f);
    if (status == WW_NOT_FOUND)
        return row->place.len > 0 && store_bucket_options(s) != NULL && end <= row->n_bytes;
    return status == WW_OK && end <= n_bytes;
}

bool archive_place_is_far(struct store *s, int64_t article_id)
{
    struct archive_record_row record;
    struct archive_file_row file;
    struct warc_file f = {.fd = 0};
    struct arena arena;
    bool is_far = false;

    if (store_bucket_options(s) == NULL)
        return false;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    if (store_archive_of_article(s, article_id, &arena, &record, NULL) == WW_OK &&
        store_archive_file(s, record.file_id, &arena, &file, NULL) == WW_OK)
        is_far = file.place.len > 0 &&
                 warc_file_open(archive_folder(s), file.name, &f, NULL) == WW_NOT_FOUND;
    warc_file_close(&f);
    arena_release(&arena);
    return is_far;
}

enum ww_status archive_place_measure(struct warc_file *f, struct ww_error *err)
{
    struct bucket_object object;
    enum ww_status status;

    if (f->bucket == NULL)
        return WW_OK;
    status = bucket_look(f->bucket, f->path, &object, err);
    if (status == WW_OK)
        f->n_bytes = object.n_bytes;
    return status;
}
