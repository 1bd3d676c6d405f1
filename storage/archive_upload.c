/* archive_upload.c - which files, what they are, and that they arrived. */
#include "storage/archive_upload.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "storage/archive.h"
#include "storage/archive_end.h"
#include "storage/archive_place.h"
#include "storage/bucket.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PIECE_BYTES ((int64_t)1024 * 1024)

struct uploading {
    struct store *store;
    const struct archive_upload_options *options;
    struct archive_upload_summary *summary;
    struct bucket *bucket;
    struct arena arena;
    bool is_over; /* the bucket is to blame */
};

/* What a file is, in hex. */
struct sums {
    char sha256[BUCKET_HASH_BYTES];
    char md5[BUCKET_HASH_BYTES]; /* empty: there is none on this machine */
};

static bool is_stopped(struct uploading *u)
{
    if (u->options->stop != NULL && *u->options->stop != 0)
        u->summary->was_stopped = true;
    return u->summary->was_stopped;
}

/* ---- which ----------------------------------------------------------------------------------- */

/* A row that names no machine is everybody's whose folder has the file. */
static bool is_ours(const struct uploading *u, const struct archive_file_row *row)
{
    const struct slice here = archive_machine(u->store);

    return here.len == 0 || row->machine.len == 0 || slice_equal(row->machine, here);
}

/* Nothing more is added to it: the next record is of another month. */
static bool is_ended(const struct uploading *u, const struct archive_file_row *row)
{
    char at[DATE_TEXT_BYTES];
    const struct slice month = slice_head(slice_from(date_format(u->options->now, at)), 7);

    return row->is_closed || u->options->wants_all ||
           slice_compare(slice_head(row->name, 7), month) < 0;
}

static enum ww_status close_ended(struct uploading *u, struct archive_file_list *files,
                                  struct ww_error *err)
{
    enum ww_status status = WW_OK;
    size_t n = 0;

    for (size_t i = 0; i < files->n_rows; i++)
        n += is_ours(u, &files->rows[i]) && !files->rows[i].is_closed &&
             is_ended(u, &files->rows[i]);
    if (n == 0)
        return WW_OK;
    status = store_begin(u->store, err);
    /* Under the lock of all writers: one may have added to it since. */
    if (status == WW_OK)
        status = store_list_archive_files(u->store, &u->arena, files, err);
    for (size_t i = 0; status == WW_OK && i < files->n_rows; i++) {
        struct archive_file_row *row = &files->rows[i];

        if (!is_ours(u, row) || row->is_closed || !is_ended(u, row))
            continue;
        row->is_closed = true;
        status = store_update_archive_file(u->store, row, err);
    }
    if (status == WW_OK)
        status = store_commit(u->store, err);
    store_rollback(u->store);
    return status;
}

/* ---- one file -------------------------------------------------------------------------------- */

static void finish_sum(struct hasher *h, size_t n, char out[BUCKET_HASH_BYTES])
{
    unsigned char digest[SHA256_BYTES];

    hasher_finish(h, digest);
    hash_hex(digest, n, out);
}

/* Of its committed bytes: what lies behind them is nobody's. */
static enum ww_status sum(const struct uploading *u, const struct warc_file *f, int64_t n_bytes,
                          struct sums *out, struct ww_error *err)
{
    struct hasher *sha256 = hasher_open(), *md5 = hasher_open_md5();
    struct buf piece;
    enum ww_status status = sha256 != NULL ? WW_OK : ww_fail(err, WW_NOMEM, "out of memory");

    *out = (struct sums){.md5 = ""};
    buf_init(&piece, (size_t)PIECE_BYTES);
    for (int64_t at = 0; status == WW_OK && at < n_bytes; at += PIECE_BYTES) {
        const int64_t left = n_bytes - at;

        buf_reset(&piece);
        status = warc_file_read(f, at, left < PIECE_BYTES ? left : PIECE_BYTES, &piece, err);
        hasher_add(sha256, buf_slice(&piece));
        if (md5 != NULL)
            hasher_add(md5, buf_slice(&piece));
        if (status == WW_OK && u->options->stop != NULL && *u->options->stop != 0)
            status = ww_fail(err, WW_UNREACHABLE, "stopped");
    }
    if (sha256 != NULL)
        finish_sum(sha256, SHA256_BYTES, out->sha256);
    if (md5 != NULL)
        finish_sum(md5, MD5_BYTES, out->md5);
    hasher_close(sha256);
    hasher_close(md5);
    buf_release(&piece);
    return status;
}

/* An ETag is the MD5 of what one PUT brought, where it has that form and no key of theirs is in it.
 */
static bool is_etag_right(const struct bucket_object *o, const struct sums *sums)
{
    return o->is_encrypted || sums->md5[0] == '\0' || strlen(o->etag) != 2 * (size_t)MD5_BYTES ||
           slice_equal_nocase(slice_from(o->etag), slice_from(sums->md5));
}

static bool is_same(const struct bucket_object *o, int64_t n_bytes, const struct sums *sums)
{
    return o->n_bytes == n_bytes && strcmp(o->sha256, sums->sha256) == 0;
}

/* It is to be there, as it is here. */
static enum ww_status check_there(struct uploading *u, const char *url, int64_t n_bytes,
                                  const struct sums *sums, struct ww_error *err)
{
    struct bucket_object there;
    enum ww_status status = bucket_look(u->bucket, url, &there, err);

    if (status != WW_OK)
        return status;
    if (!is_same(&there, n_bytes, sums) || !is_etag_right(&there, sums))
        return ww_fail(err, WW_INVALID,
                       "%.100s holds %" PRId64 " bytes, ETag %.40s, not the %" PRId64 " with %s "
                       "that were sent: it stays here",
                       url, there.n_bytes, there.etag, n_bytes, sums->md5);
    return WW_OK;
}

/* Sent, unless an upload that died did so. */
static enum ww_status send(struct uploading *u, const char *url, const struct warc_file *f,
                           int64_t n_bytes, const struct sums *sums, struct ww_error *err)
{
    struct bucket_object there = {0}, put;
    struct ww_error why = {0};
    enum ww_status status = bucket_look(u->bucket, url, &there, &why);

    if (status == WW_OK && there.n_bytes > 0 && strcmp(there.sha256, sums->sha256) != 0)
        return ww_fail(err, WW_CONFLICT,
                       "%.120s is another file: of another desk? Give each a prefix of its own in "
                       "[archive] s3",
                       url);
    if (status == WW_OK && is_same(&there, n_bytes, sums) && is_etag_right(&there, sums))
        return WW_OK;
    /* Without the right to list, what is not there is forbidden: the PUT will tell. */
    if (status != WW_OK && status != WW_NOT_FOUND && status != WW_REFUSED)
        return ww_fail(err, status, "%s", why.message);
    status = bucket_put(u->bucket, url, f->fd - 1, n_bytes, sums->sha256, &put, err);
    if (status == WW_OK && !is_etag_right(&put, sums))
        status = ww_fail(err, WW_INVALID,
                         "%.100s: the server says ETag %.40s, and %s was sent: it stays here", url,
                         put.etag, sums->md5);
    return status == WW_OK ? check_there(u, url, n_bytes, sums, err) : status;
}

static enum ww_status note_place(struct uploading *u, struct archive_file_row *row,
                                 struct ww_error *err)
{
    enum ww_status status = store_begin(u->store, err);

    if (status == WW_OK)
        status = store_update_archive_file(u->store, row, err);
    if (status == WW_OK)
        status = store_commit(u->store, err);
    store_rollback(u->store);
    return status;
}

/* A file that is longer than its row may hold what another database knows. */
static void remove_local(struct uploading *u, const struct archive_file_row *row,
                         const struct warc_file *f, enum log_level level)
{
    if (u->options->keeps_local)
        return;
    if (f->n_bytes != row->n_bytes)
        log_event(u->options->log, level, "archive",
                  "file=%s: it has bytes that no row knows, so it stays here as well", f->path);
    else if (unlink(f->path) == 0)
        u->summary->n_removed++;
    else if (errno != ENOENT)
        log_event(u->options->log, LOG_WARN, "archive", "file=%s error=cannot be removed: %s",
                  f->path, strerror(errno));
}

static enum ww_status upload_one(struct uploading *u, struct archive_file_row *row,
                                 const struct warc_file *f, struct ww_error *err)
{
    const struct slice url = archive_place_address(u->store, row->name, &u->arena);
    struct sums sums;
    enum ww_status status = arena_check(&u->arena, err);

    if (status == WW_OK && f->n_bytes < row->n_bytes)
        status = ww_fail(err, WW_INVALID, "%s has %" PRId64 " bytes; its row says %" PRId64,
                         f->path, f->n_bytes, row->n_bytes);
    if (status == WW_OK)
        status = sum(u, f, row->n_bytes, &sums, err);
    if (status == WW_OK)
        status = send(u, url.ptr, f, row->n_bytes, &sums, err);
    u->is_over = status == WW_UNREACHABLE || status == WW_REFUSED;
    if (status != WW_OK)
        return status;
    row->place = url;
    row->sha256 = slice_from(sums.sha256);
    status = note_place(u, row, err);
    u->is_over = status != WW_OK;
    if (status == WW_OK)
        remove_local(u, row, f, LOG_WARN);
    return status;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static void count_failure(struct uploading *u, const char *words)
{
    u->summary->n_failed++;
    if (u->options->failed != NULL)
        u->options->failed(u->options->context, words);
}

static enum ww_status upload_row(struct uploading *u, struct archive_file_row *row,
                                 struct ww_error *err)
{
    struct warc_file f = {.fd = 0};
    struct ww_error why = {0};
    const bool is_there = row->place.len > 0;
    enum ww_status status = warc_file_open(archive_folder(u->store), row->name, &f, &why);

    /* Another upload is at it. */
    if (status == WW_OK && flock(f.fd - 1, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        warc_file_close(&f);
        return WW_OK;
    }
    /* Of all machines that may have it, one does. */
    if (status == WW_NOT_FOUND &&
        (is_there || (row->machine.len == 0 && archive_machine(u->store).len > 0)))
        return WW_OK;
    if (status == WW_OK && is_there) {
        remove_local(u, row, &f, LOG_DEBUG);
    } else if (status == WW_OK) {
        status = upload_one(u, row, &f, &why);
        u->summary->n_files += status == WW_OK;
        u->summary->n_bytes += status == WW_OK ? row->n_bytes : 0;
    }
    warc_file_close(&f);
    if (status == WW_OK && u->options->sent != NULL)
        u->options->sent(u->options->context, u->summary->n_bytes);
    if (status == WW_OK)
        return WW_OK;
    if (u->is_over || status == WW_NOMEM)
        return ww_fail(err, status, "%s", why.message);
    count_failure(u, why.message);
    return WW_OK;
}

enum ww_status archive_upload(struct store *s, const struct archive_upload_options *options,
                              struct archive_upload_summary *out, struct ww_error *err)
{
    struct uploading u = {.store = s, .options = options, .summary = out};
    struct archive_file_list files = {0};
    enum ww_status status = archive_place_bucket(s, &u.bucket, err);

    *out = (struct archive_upload_summary){0};
    arena_init(&u.arena, LISTS_ARENA_MAX_BYTES);
    if (status == WW_OK)
        status = store_list_archive_files(s, &u.arena, &files, err);
    if (status == WW_OK)
        status = close_ended(&u, &files, err);
    for (size_t i = 0; status == WW_OK && i < files.n_rows && !is_stopped(&u); i++) {
        if (is_ours(&u, &files.rows[i]) && files.rows[i].is_closed)
            status = upload_row(&u, &files.rows[i], err);
        else
            out->n_open += is_ours(&u, &files.rows[i]);
    }
    if (out->was_stopped && status == WW_UNREACHABLE)
        status = WW_OK;
    if (out->n_files + out->n_failed > 0)
        log_event(options->log, LOG_INFO, "archive",
                  "sent=%" PRId64 " bytes=%" PRId64 " removed=%" PRId64 " failed=%" PRId64,
                  out->n_files, out->n_bytes, out->n_removed, out->n_failed);
    arena_release(&u.arena);
    return status;
}

enum ww_status archive_upload_due(struct store *s, const struct archive_upload_options *options,
                                  int64_t *n_bytes, struct ww_error *err)
{
    struct uploading u = {.store = s, .options = options};
    struct archive_file_list files = {0};
    enum ww_status status;

    arena_init(&u.arena, LISTS_ARENA_MAX_BYTES);
    status = store_list_archive_files(s, &u.arena, &files, err);
    *n_bytes = 0;
    for (size_t i = 0; status == WW_OK && i < files.n_rows; i++)
        if (is_ours(&u, &files.rows[i]) && files.rows[i].place.len == 0 &&
            is_ended(&u, &files.rows[i]))
            *n_bytes += files.rows[i].n_bytes;
    arena_release(&u.arena);
    return status;
}
