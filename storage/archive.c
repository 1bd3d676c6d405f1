/* archive.c - from the pages that wait to records in a file, a batch a transaction. */
#include "storage/archive.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/gzip.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "storage/archive_end.h"
#include "storage/archive_place.h"
#include "storage/rows.h"
#include "storage/store_archive.h"
#include "storage/store_articles.h"
#include "storage/store_bodies.h"

#include <inttypes.h>
#include <string.h>

struct keeping {
    struct store *store;
    const struct archive_options *options;
    struct archive_summary *summary;
    struct gzip *gzip;
    struct arena lists;  /* those that wait: of the whole call */
    struct arena arena;  /* of a batch */
    struct arena record; /* of one record */
    struct buf bytes;    /* of a batch */
    struct archive_end end;
};

const char *archive_folder(const struct store *s)
{
    return store_archive_folder(s);
}

static bool is_stopped(const struct keeping *k)
{
    return k->options->stop != NULL && *k->options->stop != 0;
}

/* ---- one record ------------------------------------------------------------------------------ */

/* What is written now is behind the end that was checked when the file was opened. */
static enum ww_status is_kept(struct keeping *k, const struct archive_record_row *row, bool *is,
                              struct ww_error *err)
{
    struct archive_file_row file;
    enum ww_status status;

    *is = row->file_id == k->end.row.id;
    if (*is)
        return WW_OK;
    status = store_archive_file(k->store, row->file_id, &k->record, &file, err);
    if (status == WW_OK)
        *is = archive_place_has(k->store, &file, row->offset + row->n_bytes);
    return status;
}

/*
 * The newest record with this payload that can be read from here: a note that refers to what is
 * lost, or lies on another machine's disk, would drop the page that is in hand. The newest, so that
 * one page once more is enough when a file is gone. *out stays as it is when there is none.
 */
static enum ww_status find_original(struct keeping *k, const struct archive_record_row *row,
                                    struct archive_record_row *out, struct ww_error *err)
{
    struct archive_record_list list;
    bool is_found = false;
    enum ww_status status =
        store_list_archive_originals(k->store, row->payload_sha256, row->payload_bytes,
                                     ARCHIVE_ORIGINALS_MAX, &k->record, &list, err);

    for (size_t i = 0; status == WW_OK && !is_found && i < list.n_rows; i++) {
        status = is_kept(k, &list.rows[i], &is_found, err);
        if (status == WW_OK && is_found)
            *out = list.rows[i];
    }
    return status;
}

/* A payload that is kept already is referred to. */
static enum ww_status refer(struct keeping *k, struct warc_draft *record,
                            struct archive_record_row *row, struct ww_error *err)
{
    struct archive_record_row first = {0};
    struct article_row article = {0};
    enum ww_status status = find_original(k, row, &first, err);

    if (status != WW_OK || first.uuid.len != WARC_ID_BYTES)
        return status;
    status = store_article(k->store, first.article_id, &k->record, &article, err);
    if (status != WW_OK)
        return status;
    record->kind = row->kind = WARC_KIND_REVISIT;
    row->refers_id = first.id;
    memcpy(record->refers_to, first.uuid.ptr, WARC_ID_BYTES);
    record->refers_at = first.at;
    record->refers_target = article.url;
    return WW_OK;
}

static struct warc_draft make_record(const struct body_row *body, const struct article_row *a)
{
    const bool is_coded = body->received.len > 0;

    return (struct warc_draft){
        .kind = body->head.len > 0 ? WARC_KIND_RESPONSE : WARC_KIND_RESOURCE,
        .at = body->fetched_at,
        .target = a->url,
        .address = body->address,
        .source = a->capture,
        .content_type = body->content_type,
        .head = body->head,
        .is_coded = is_coded,
        .payload = is_coded ? body->received : body->bytes,
    };
}

static enum ww_status write_record(struct keeping *k, const struct body_row *body,
                                   struct ww_error *err)
{
    const size_t before = k->bytes.len;
    unsigned char sha256[SHA256_BYTES];
    struct article_row article = {0};
    struct archive_record_row row;
    struct warc_draft record;
    int64_t id;
    enum ww_status status = store_article(k->store, body->article_id, &k->record, &article, err);

    if (status != WW_OK)
        return status;
    record = make_record(body, &article);
    archive_record_id(k->store, body->article_id, record.id);
    hash_sha256(record.payload, sha256);
    row = (struct archive_record_row){.article_id = body->article_id,
                                      .file_id = k->end.row.id,
                                      .offset = k->end.row.n_bytes + (int64_t)before,
                                      .kind = record.kind,
                                      .at = record.at,
                                      .uuid = slice_of(record.id, WARC_ID_BYTES),
                                      .payload_sha256 = slice_of(sha256, SHA256_BYTES),
                                      .payload_bytes = (int64_t)record.payload.len};
    status = refer(k, &record, &row, err);
    if (status == WW_OK)
        status = warc_write(k->gzip, &record, &k->record, &k->bytes, err);
    row.n_bytes = (int64_t)(k->bytes.len - before);
    if (status == WW_OK)
        status = store_add_archive_record(k->store, &row, &id, err);
    if (status == WW_OK)
        status = store_drop_body(k->store, body->article_id, err);
    k->summary->n_revisits += row.kind == WARC_KIND_REVISIT;
    return status;
}

/* ---- a batch --------------------------------------------------------------------------------- */

/* *i moves past those that are in it, or are no longer there. */
static enum ww_status write_records(struct keeping *k, const struct body_list *waiting, size_t *i,
                                    struct ww_error *err)
{
    size_t n = 0;
    enum ww_status status = WW_OK;

    for (; status == WW_OK && *i < waiting->n_rows && n < ARCHIVE_BATCH_RECORDS &&
           k->bytes.len < ARCHIVE_BATCH_BYTES;
         (*i)++) {
        struct body_row body = {0};

        arena_reset(&k->record);
        status = store_waiting_body(k->store, waiting->rows[*i].article_id, &k->record, &body, err);
        if (status == WW_NOT_FOUND) { /* another process was here */
            status = WW_OK;
            continue;
        }
        if (status == WW_OK)
            status = write_record(k, &body, err);
        if (status != WW_OK)
            ww_context(err, status, "article %" PRId64, waiting->rows[*i].article_id);
        n++;
    }
    k->end.row.n_records += (int64_t)n;
    k->summary->n_records += (int64_t)n;
    return status;
}

static enum ww_status write_batch(struct keeping *k, const struct body_list *waiting, size_t *i,
                                  struct ww_error *err)
{
    const struct archive_summary before = *k->summary;
    enum ww_status status;

    k->end = (struct archive_end){.store = k->store,
                                  .max_bytes = k->options->file_max_bytes > 0
                                                   ? k->options->file_max_bytes
                                                   : ARCHIVE_FILE_MAX_BYTES};
    arena_reset(&k->arena);
    buf_reset(&k->bytes);
    status = store_begin(k->store, err);
    if (status == WW_OK)
        status = archive_end_open(&k->end, waiting, k->options->now, k->gzip, &k->arena,
                                  k->options->log, err);
    if (status == WW_OK)
        status = write_records(k, waiting, i, err);
    if (status == WW_OK)
        status = archive_end_append(&k->end, buf_slice(&k->bytes), err);
    k->summary->n_bytes += (int64_t)k->bytes.len;
    /*
     * Before the lock goes. After a commit that failed it is gone, and what lies behind the last
     * record is for the next one to cut.
     */
    if (status == WW_OK)
        status = store_commit(k->store, err);
    else
        archive_end_undo(&k->end);
    store_rollback(k->store);
    if (status != WW_OK)
        *k->summary = before;
    archive_end_close(&k->end);
    return status;
}

static enum ww_status keep_wanted(struct keeping *k, struct ww_error *err)
{
    struct body_list waiting = {0};
    size_t i = 0;
    enum ww_status status =
        store_list_seen_bodies(k->store, k->options->wants_all ? BODIES_ALL : BODIES_OF_EVIDENCE, 0,
                               ARCHIVE_WAITING_MAX, &k->lists, &waiting, err);

    while (status == WW_OK && i < waiting.n_rows && !is_stopped(k))
        status = write_batch(k, &waiting, &i, err);
    return status;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static enum ww_status drop_some(struct keeping *k, size_t *n, struct ww_error *err)
{
    struct body_list rest = {0};
    enum ww_status status = store_begin(k->store, err);

    arena_reset(&k->arena);
    if (status == WW_OK)
        status = store_list_seen_bodies(k->store, BODIES_OF_NONE, 0, PRUNE_BATCH_PAGES, &k->arena,
                                        &rest, err);
    for (size_t i = 0; status == WW_OK && i < rest.n_rows; i++)
        status = store_drop_body(k->store, rest.rows[i].article_id, err);
    if (status == WW_OK)
        status = store_commit(k->store, err);
    store_rollback(k->store);
    *n = status == WW_OK ? rest.n_rows : 0;
    k->summary->n_dropped += (int64_t)*n;
    return status;
}

static enum ww_status drop_rest(struct keeping *k, struct ww_error *err)
{
    size_t n = PRUNE_BATCH_PAGES;
    enum ww_status status = WW_OK;

    while (status == WW_OK && n == PRUNE_BATCH_PAGES && !is_stopped(k))
        status = drop_some(k, &n, err);
    return status;
}

enum ww_status archive_keep(struct store *s, const struct archive_options *options,
                            struct archive_summary *out, struct ww_error *err)
{
    struct keeping k = {.store = s, .options = options, .summary = out};
    enum ww_status status = gzip_open(&k.gzip, err);

    *out = (struct archive_summary){0};
    arena_init(&k.lists, LISTS_ARENA_MAX_BYTES);
    arena_init(&k.arena, LISTS_ARENA_MAX_BYTES);
    arena_init(&k.record, (size_t)4 * ARCHIVE_RECORD_MAX_BYTES);
    buf_init(&k.bytes, ARCHIVE_BATCH_BYTES + (size_t)2 * ARCHIVE_RECORD_MAX_BYTES);
    if (status == WW_OK)
        status = keep_wanted(&k, err);
    if (status == WW_OK && options->drops_rest && !options->wants_all)
        status = drop_rest(&k, err);
    if (out->n_records + out->n_dropped > 0)
        log_event(options->log, LOG_INFO, "archive",
                  "records=%" PRId64 " revisits=%" PRId64 " bytes=%" PRId64 " dropped=%" PRId64,
                  out->n_records, out->n_revisits, out->n_bytes, out->n_dropped);
    gzip_close(k.gzip);
    buf_release(&k.bytes);
    arena_release(&k.record);
    arena_release(&k.arena);
    arena_release(&k.lists);
    return status == WW_OK ? WW_OK : ww_context(err, status, "the archive");
}
