/* wacz.c - libzip as a supplier of WARC files. */
#include "crawler/history/wacz.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/zipped.h"
#include "crawler/history/documents.h"
#include "crawler/history/warc.h"

#include <stdio.h>
#include <string.h>

#include <zip.h>

bool wacz_is_zip(struct slice head)
{
    return slice_starts(head, SLICE("PK\003\004")) || slice_starts(head, SLICE("PK\005\006"));
}

/* ---- the zip ------------------------------------------------------------------------------------
 */

static enum ww_status open_zip(const char *path, zip_t **out, struct ww_error *err)
{
    int code = 0;
    zip_error_t error;
    enum ww_status status = zipped_check_directory(path, WACZ_DIRECTORY_MAX_BYTES, err);

    *out = NULL;
    if (status != WW_OK)
        return status;
    *out = zip_open(path, ZIP_RDONLY, &code);
    if (*out == NULL) {
        zip_error_init_with_code(&error, code);
        status = code == ZIP_ER_MEMORY ? WW_NOMEM : WW_INVALID;
        (void)ww_fail(err, status, "%s", zip_error_strerror(&error));
        zip_error_fini(&error);
        return status;
    }
    if (zip_name_locate(*out, "datapackage.json", 0) >= 0)
        return WW_OK;
    zip_discard(*out);
    *out = NULL;
    return ww_fail(err, WW_REFUSED, "a zip file that is no WACZ");
}

/* ---- one of its files ------------------------------------------------------------------------ */

struct member {
    zip_file_t *file;
    int64_t at;
    int64_t packed_bytes;
    bool is_stored;
    struct ww_error damage; /* its end came too early */
};

static enum ww_status judge(struct member *m, struct ww_error *err)
{
    zip_error_t *error = zip_file_get_error(m->file);
    const int code = zip_error_code_zip(error);

    if (code == ZIP_ER_MEMORY)
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (code == ZIP_ER_READ)
        return ww_fail(err, WW_UNREACHABLE, "%s", zip_error_strerror(error));
    (void)ww_fail(&m->damage, WW_INVALID, "%s", zip_error_strerror(error));
    return WW_OK;
}

/* The next bytes in their order. *got 0: there are no more, or none that can be unpacked. */
static enum ww_status read_on(struct member *m, char *room, size_t len, size_t *got,
                              struct ww_error *err)
{
    zip_int64_t n;

    *got = 0;
    if (m->damage.status != WW_OK)
        return WW_OK;
    n = zip_fread(m->file, room, len);
    if (n < 0)
        return judge(m, err);
    m->at += n;
    if (m->at > BODY_RATIO_FROM_BYTES && m->at / BODY_RATIO_MAX > m->packed_bytes) {
        (void)ww_fail(&m->damage, WW_INVALID, "a suspicious ratio");
        return WW_OK;
    }
    *got = (size_t)n;
    return WW_OK;
}

static enum ww_status read_member(void *context, int64_t offset, char *room, size_t len,
                                  size_t *got, struct ww_error *err)
{
    struct member *m = context;
    enum ww_status status = WW_OK;

    *got = 0;
    if (m->is_stored && offset != m->at && zip_fseek(m->file, offset, SEEK_SET) == 0)
        m->at = offset;
    while (status == WW_OK && m->at < offset) { /* where a stopped backfill was */
        const int64_t left = offset - m->at;

        status = read_on(m, room, left < (int64_t)len ? (size_t)left : len, got, err);
        if (*got == 0)
            return status;
    }
    return status == WW_OK ? read_on(m, room, len, got, err) : status;
}

/* What stands at the end of a file that could not be unpacked to its end. */
static void count_damage(struct backfill *b, const struct member *m, struct slice place)
{
    const struct warc_place at = {m->at + 1, 0};

    if (backfill_reach(b, warc_place_number(at)))
        backfill_count_end(b, place, BACKFILL_DAMAGED, &m->damage);
}

static enum ww_status read_warc(struct backfill *b, zip_t *zip, zip_uint64_t index,
                                struct slice place, int64_t from, bool *is_whole,
                                struct ww_error *err)
{
    struct member m = {.at = 0};
    struct warc_source source = {.read = read_member, .context = &m, .bytes = -1};
    const struct warc_options options = {.path = place, .from = from};
    struct zip_stat about;
    int64_t read_to;
    enum ww_status status;

    *is_whole = false;
    if (zip_stat_index(zip, index, 0, &about) == 0)
        m.file = zip_fopen_index(zip, index, 0);
    if (m.file == NULL) { /* encrypted, or packed in a way libzip does not know */
        struct ww_error why;

        (void)ww_fail(&why, WW_INVALID, "%s", zip_strerror(zip));
        backfill_count_end(b, place, BACKFILL_UNREADABLE, &why);
        *is_whole = true;
        return WW_OK;
    }
    m.packed_bytes = (int64_t)(about.comp_size & INT64_MAX);
    m.is_stored = about.comp_method == ZIP_CM_STORE;
    source.seeks = m.is_stored;
    source.bytes = m.is_stored ? (int64_t)(about.size & INT64_MAX) : -1;
    status = warc_documents(b, &source, &options, &read_to, is_whole, err);
    if (status == WW_OK && m.damage.status != WW_OK)
        count_damage(b, &m, place);
    (void)zip_fclose(m.file);
    if (status != WW_UNREACHABLE)
        return status;
    backfill_count_end(b, place, BACKFILL_UNREADABLE, NULL);
    *is_whole = true;
    return WW_OK;
}

static enum ww_status visit(struct backfill *b, zip_t *zip, zip_uint64_t index, struct slice place,
                            bool *is_whole, struct ww_error *err)
{
    int64_t from = 0;
    enum ww_status status = backfill_begin_file(b, place, SLICE("warc"), &from, err);

    *is_whole = true;
    if (status == WW_NOT_FOUND)
        return WW_OK;
    if (status == WW_OK)
        status = read_warc(b, zip, index, place, from, is_whole, err);
    if (status == WW_OK && *is_whole)
        status = backfill_end_file(b, NULL, err);
    return status;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static bool is_warc_name(struct slice name)
{
    return slice_starts(name, SLICE("archive/")) && text_is_utf8(name) &&
           (slice_ends_nocase(name, SLICE(".warc")) || slice_ends_nocase(name, SLICE(".warc.gz")));
}

static enum ww_status visit_all(struct backfill *b, zip_t *zip, const char *path, bool *is_whole,
                                struct ww_error *err)
{
    const zip_int64_t n = zip_get_num_entries(zip, 0);
    struct buf place;
    enum ww_status status = WW_OK;

    *is_whole = true;
    buf_init(&place, URL_MAX_BYTES);
    for (zip_int64_t i = 0; status == WW_OK && i < n && *is_whole; i++) {
        const struct slice name = slice_from(zip_get_name(zip, (zip_uint64_t)i, 0));

        if (!is_warc_name(name))
            continue;
        *is_whole = !backfill_is_stopped(b);
        buf_reset(&place);
        buf_printf(&place, "%s#%.*s", path, SLICE_ARG(name));
        if (*is_whole && buf_finish(&place, NULL) == WW_OK)
            status = visit(b, zip, (zip_uint64_t)i, buf_slice(&place), is_whole, err);
    }
    buf_release(&place);
    return status;
}

/* A zip file of which nothing is read is a file of the backfill itself. */
static enum ww_status count_bad(struct backfill *b, const char *path, enum ww_status why_not,
                                const struct ww_error *why, struct ww_error *err)
{
    const enum backfill_end end = why_not == WW_TOO_BIG       ? BACKFILL_TOO_BIG
                                  : why_not == WW_UNREACHABLE ? BACKFILL_UNREADABLE
                                  : why_not == WW_REFUSED     ? BACKFILL_NOT_READ
                                                              : BACKFILL_DAMAGED;
    int64_t from = 0;
    enum ww_status status = backfill_begin_file(b, slice_from(path), SLICE("wacz"), &from, err);

    if (status == WW_NOT_FOUND)
        return WW_OK;
    if (status != WW_OK)
        return status;
    backfill_count_end(b, slice_from(path), end, why);
    return backfill_end_file(b, why, err);
}

enum ww_status wacz_documents(struct backfill *b, const char *path, bool *is_whole,
                              struct ww_error *err)
{
    struct ww_error why = {0};
    zip_t *zip = NULL;
    enum ww_status status = open_zip(path, &zip, &why);

    *is_whole = true;
    if (status == WW_NOMEM)
        return ww_fail(err, status, "%s", why.message);
    if (status != WW_OK)
        return count_bad(b, path, status, &why, err);
    status = visit_all(b, zip, path, is_whole, err);
    zip_discard(zip);
    return status;
}
