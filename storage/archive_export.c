/* archive_export.c - records by number, copied or made whole. */
#include "storage/archive_export.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/gzip.h"
#include "base/head.h"
#include "base/limits.h"
#include "base/mem.h"
#include "storage/archive.h"
#include "storage/archive_end.h"
#include "storage/archive_place.h"
#include "storage/archive_read.h"
#include "storage/store_articles.h"
#include "storage/store_bodies.h"
#include "storage/warc_file.h"
#include "storage/warc_read.h"

#include <inttypes.h>
#include <string.h>

/* A file that is not there: told once. */
struct missing {
    int64_t file_id, n_records;
};

struct exporting {
    struct store *store;
    const struct archive_export_options *options;
    struct archive_export_summary *summary;
    struct gzip *gzip;
    struct arena arena;        /* of one record */
    struct buf member, packed; /* of one record */
    int64_t *written;          /* records whose payload is in the file, ascending */
    size_t n_written, capacity;
    struct missing *missing;
    size_t n_missing, missing_capacity;
};

static bool is_written(const struct exporting *e, int64_t id)
{
    size_t low = 0, high = e->n_written;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (e->written[middle] == id)
            return true;
        if (e->written[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static enum ww_status note_written(struct exporting *e, int64_t id, struct ww_error *err)
{
    int64_t *longer = mem_grow(e->written, e->n_written, &e->capacity, sizeof(*longer));

    if (longer == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    e->written = longer;
    e->written[e->n_written++] = id;
    return WW_OK;
}

/* With the first record of it: of none there is nothing. */
static enum ww_status begin(struct exporting *e, struct ww_error *err)
{
    struct warc_draft info = {
        .kind = WARC_KIND_INFO, .at = e->options->now, .payload = e->options->name};
    struct buf packed; /* e->packed has the record that is to follow */
    enum ww_status status;

    buf_init(&packed, (size_t)2 * ARCHIVE_RECORD_MAX_BYTES);
    archive_info_id(e->store, arena_printf(&e->arena, "export %" PRId64, e->options->now), info.id);
    status = warc_write(e->gzip, &info, &e->arena, &packed, err);
    if (status == WW_OK)
        status = e->options->write(e->options->context, buf_slice(&packed), err);
    e->summary->n_bytes += (int64_t)packed.len;
    buf_release(&packed);
    return status;
}

/* A revisit as the full record that it stands for; *view is of that one. */
static enum ww_status make_whole(struct exporting *e, const struct archive_record_row *row,
                                 const struct article_row *article, struct warc_view *view,
                                 struct ww_error *err)
{
    struct body_row body;
    struct warc_draft record;
    size_t used;
    bool is_cut;
    enum ww_status status = archive_body(e->store, row->article_id, &e->arena, &body, err);

    if (status != WW_OK)
        return status;
    record = (struct warc_draft){
        .kind = body.head.len > 0 ? WARC_KIND_RESPONSE : WARC_KIND_RESOURCE,
        .at = row->at,
        .target = article->url,
        .address = body.address,
        .source = article->capture,
        .content_type = body.content_type,
        .head = body.head,
        .protocol = arena_copy(&e->arena, head_value(view->heads, "WARC-Protocol")),
        .is_coded = body.received.len > 0,
        .payload = body.received.len > 0 ? body.received : body.bytes};
    memcpy(record.id, row->uuid.ptr, WARC_ID_BYTES);
    buf_reset(&e->packed);
    buf_reset(&e->member);
    status = warc_write(e->gzip, &record, &e->arena, &e->packed, err);
    if (status == WW_OK)
        status = gzip_unpack(buf_slice(&e->packed), &e->member, &used, &is_cut, err);
    return status == WW_OK ? warc_view(buf_slice(&e->member), view, err) : status;
}

static enum ww_status read_one(struct exporting *e, const struct archive_record_row *row,
                               struct article_row *article, struct warc_view *view,
                               struct ww_error *err)
{
    enum ww_status status = store_article(e->store, row->article_id, &e->arena, article, err);

    buf_reset(&e->packed);
    if (status == WW_OK)
        status = archive_read_packed(e->store, row, &e->packed, &e->member, view, err);
    if (status == WW_OK && row->kind == WARC_KIND_REVISIT && !is_written(e, row->refers_id))
        status = make_whole(e, row, article, view, err);
    return status;
}

/* ---- files that are not there ---------------------------------------------------------------- */

static struct missing *find_missing(const struct exporting *e, int64_t file_id)
{
    for (size_t i = 0; i < e->n_missing; i++)
        if (e->missing[i].file_id == file_id)
            return &e->missing[i];
    return NULL;
}

static bool is_there(struct exporting *e, int64_t file_id, struct archive_file_row *file)
{
    struct warc_file f = {.fd = 0};
    const bool is_known = store_archive_file(e->store, file_id, &e->arena, file, NULL) == WW_OK;
    const bool is_missing =
        is_known && archive_place_open(e->store, file, &e->arena, &f, NULL) == WW_NOT_FOUND;

    warc_file_close(&f);
    return !is_missing;
}

/* Counts the record for the file of which the absence keeps it out; false: that is not it. */
static bool count_missing(struct exporting *e, int64_t file_id)
{
    struct missing *m = find_missing(e, file_id);
    struct archive_file_row file;

    if (m == NULL && !is_there(e, file_id, &file)) {
        m = mem_grow(e->missing, e->n_missing, &e->missing_capacity, sizeof(*m));
        if (m == NULL)
            return false; /* told a record at a time, then */
        e->missing = m;
        m = &e->missing[e->n_missing++];
        *m = (struct missing){.file_id = file_id};
    }
    if (m != NULL)
        m->n_records++;
    return m != NULL;
}

/* Its own, or of a revisit that of the page. */
static bool is_missing(struct exporting *e, const struct archive_record_row *row)
{
    struct archive_record_row original;

    if (count_missing(e, row->file_id))
        return true;
    return row->kind == WARC_KIND_REVISIT &&
           store_archive_record(e->store, row->refers_id, &e->arena, &original, NULL) == WW_OK &&
           count_missing(e, original.file_id);
}

static void tell_missing(struct exporting *e)
{
    for (size_t i = 0; i < e->n_missing; i++) {
        const struct missing *m = &e->missing[i];
        struct archive_file_row file = {.id = 0};
        struct warc_file f = {.fd = 0};
        struct ww_error why = {0};

        arena_reset(&e->arena);
        (void)store_archive_file(e->store, m->file_id, &e->arena, &file, NULL);
        if (archive_place_open(e->store, &file, &e->arena, &f, &why) == WW_OK)
            (void)ww_fail(&why, WW_NOT_FOUND, "%s is not there", f.path);
        warc_file_close(&f);
        (void)ww_context(&why, WW_NOT_FOUND, "%" PRId64 " record%s", m->n_records,
                         m->n_records == 1 ? "" : "s");
        e->options->found(e->options->context, why.message);
    }
}

/* ---- records --------------------------------------------------------------------------------- */

static enum ww_status export_one(struct exporting *e, const struct archive_record_row *row,
                                 struct ww_error *err)
{
    const struct archive_export_options *o = e->options;
    struct article_row article = {0};
    struct ww_error why = {0};
    struct warc_view view;
    enum ww_status status = read_one(e, row, &article, &view, &why);

    if (status == WW_INVALID || status == WW_NOT_FOUND || status == WW_TOO_BIG) {
        e->summary->n_damaged++;
        if (status != WW_NOT_FOUND || !is_missing(e, row))
            o->found(o->context, why.message);
        return WW_OK;
    }
    if (status != WW_OK)
        return ww_fail(err, status, "%s", why.message);
    status = e->summary->n_bytes == 0 ? begin(e, err) : WW_OK;
    if (status == WW_OK)
        status = o->write(o->context, buf_slice(&e->packed), err);
    if (status == WW_OK && o->record != NULL) {
        const struct archive_exported r = {.article = &article,
                                           .view = &view,
                                           .offset = e->summary->n_bytes,
                                           .n_bytes = (int64_t)e->packed.len};

        status = o->record(o->context, &r, err);
    }
    if (status == WW_OK && view.kind != WARC_KIND_REVISIT)
        status = note_written(e, row->id, err);
    e->summary->n_records++;
    e->summary->n_bytes += (int64_t)e->packed.len;
    if (o->progress != NULL)
        o->progress(o->context, e->summary->n_records);
    return status;
}

static enum ww_status export_all(struct exporting *e, struct ww_error *err)
{
    struct archive_filter filter = e->options->filter;
    struct archive_record_list list = {.n_rows = 1};
    struct arena rows;
    enum ww_status status = WW_OK;

    arena_init(&rows, LISTS_ARENA_MAX_BYTES);
    filter.window.limit = STORE_LIST_MAX;
    while (status == WW_OK && list.n_rows > 0 && !e->summary->was_stopped) {
        arena_reset(&rows);
        status = store_list_archive(e->store, &filter, &rows, &list, err);
        for (size_t i = 0; status == WW_OK && i < list.n_rows && !e->summary->was_stopped; i++) {
            arena_reset(&e->arena);
            status = export_one(e, &list.rows[i], err);
            filter.after_id = list.rows[i].id;
            e->summary->was_stopped = e->options->stop != NULL && *e->options->stop != 0;
        }
    }
    arena_release(&rows);
    return status;
}

enum ww_status archive_export(struct store *s, const struct archive_export_options *options,
                              struct archive_export_summary *out, struct ww_error *err)
{
    struct exporting e = {.store = s, .options = options, .summary = out};
    enum ww_status status = gzip_open(&e.gzip, err);

    *out = (struct archive_export_summary){0};
    arena_init(&e.arena, (size_t)6 * ARCHIVE_RECORD_MAX_BYTES);
    buf_init(&e.member, ARCHIVE_RECORD_MAX_BYTES);
    buf_init(&e.packed, (size_t)2 * ARCHIVE_RECORD_MAX_BYTES);
    if (status == WW_OK)
        status = export_all(&e, err);
    if (status == WW_OK)
        tell_missing(&e);
    gzip_close(e.gzip);
    arena_release(&e.arena);
    buf_release(&e.member);
    buf_release(&e.packed);
    mem_free(e.written);
    mem_free(e.missing);
    return status;
}
