/* archive_verify.c - files against rows, and rows against files. */
#include "storage/archive_verify.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "storage/archive.h"
#include "storage/archive_alone.h"
#include "storage/archive_place.h"
#include "storage/archive_read.h"
#include "storage/locks.h"
#include "storage/rows.h"
#include "storage/warc_file.h"
#include "storage/warc_read.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A writer of a store that machines share adds to a file, then its row, within so long. */
#define TAIL_TRIES 20
#define TAIL_PAUSE_MS 100

struct verifying {
    struct store *store;
    const struct archive_verify_options *options;
    struct archive_verify_summary *summary;
    struct arena arena;
    struct buf packed, member;
};

static void init(struct verifying *v)
{
    arena_init(&v->arena, LISTS_ARENA_MAX_BYTES);
    buf_init(&v->packed, (size_t)2 * ARCHIVE_RECORD_MAX_BYTES);
    buf_init(&v->member, ARCHIVE_RECORD_MAX_BYTES);
}

static void release(struct verifying *v)
{
    arena_release(&v->arena);
    buf_release(&v->packed);
    buf_release(&v->member);
}

static void tell(struct verifying *v, const char *fmt, ...) WW_PRINTF(2, 3);

static void tell(struct verifying *v, const char *fmt, ...)
{
    char message[sizeof(((struct ww_error *)NULL)->message)];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(message, sizeof(message), fmt, args);
    va_end(args);
    v->summary->n_findings++;
    v->options->found(v->options->context, message);
}

static bool is_stopped(struct verifying *v)
{
    if (v->options->stop != NULL && *v->options->stop != 0)
        v->summary->was_stopped = true;
    return v->summary->was_stopped;
}

static void count(struct verifying *v, int64_t n_bytes)
{
    v->summary->n_records++;
    v->summary->n_bytes += n_bytes;
    if (v->options->progress != NULL)
        v->options->progress(v->options->context, v->summary->n_bytes);
}

/* Theirs is a finding; ours ends it. */
static bool is_finding(enum ww_status status)
{
    return status == WW_INVALID || status == WW_NOT_FOUND || status == WW_TOO_BIG;
}

/* ---- its first record ------------------------------------------------------------------------ */

/* The record at offset; *n_packed 0 when nothing can be read from there on. */
static enum ww_status check_member(struct verifying *v, const struct warc_file *f, int64_t offset,
                                   int64_t *n_packed, enum warc_kind *kind, struct ww_error *err)
{
    struct ww_error why = {0};
    struct warc_view view;
    bool is_cut;
    enum ww_status status =
        warc_file_member(f, offset, &v->packed, &v->member, n_packed, &is_cut, &why);

    if (status != WW_OK)
        *n_packed = 0;
    if (status == WW_OK)
        status = warc_view(buf_slice(&v->member), &view, &why);
    if (status == WW_OK)
        status = warc_check(&view, &why);
    *kind = status == WW_OK ? view.kind : WARC_KIND_RESOURCE;
    if (is_finding(status)) {
        tell(v, "%s at %" PRId64 ": %s", f->path, offset, why.message);
        return WW_OK;
    }
    return status == WW_OK ? WW_OK : ww_fail(err, status, "%s", why.message);
}

/* ---- a file and its rows --------------------------------------------------------------------- */

static enum ww_status check_revisit(struct verifying *v, const struct archive_record_row *row,
                                    const struct warc_file *f, struct ww_error *err)
{
    struct archive_record_row original;
    enum ww_status status =
        store_archive_record(v->store, row->refers_id, &v->arena, &original, err);

    if (status == WW_NOT_FOUND ||
        (status == WW_OK && (!slice_equal(original.payload_sha256, row->payload_sha256) ||
                             original.kind == WARC_KIND_REVISIT))) {
        tell(v, "%s at %" PRId64 ": the record that it refers to is not there", f->path,
             row->offset);
        return WW_OK;
    }
    return status;
}

static enum ww_status check_row(struct verifying *v, const struct archive_record_row *row,
                                const struct warc_file *f, int64_t expected, struct ww_error *err)
{
    struct ww_error why = {0};
    struct warc_view view;
    enum ww_status status;

    if (row->offset != expected)
        tell(v, "%s: bytes %" PRId64 " to %" PRId64 " are of no row, or of two", f->path,
             expected < row->offset ? expected : row->offset,
             expected < row->offset ? row->offset : expected);
    status = archive_read_record(v->store, row, &v->member, &view, &why);
    count(v, row->n_bytes);
    if (is_finding(status)) {
        tell(v, "%s", why.message);
        return WW_OK;
    }
    if (status == WW_OK && row->kind == WARC_KIND_REVISIT)
        status = check_revisit(v, row, f, &why);
    return status == WW_OK ? WW_OK : ww_fail(err, status, "%s", why.message);
}

/* Do bytes stay behind those that the row knows, for longer than a writer takes? */
static enum ww_status find_tail(struct verifying *v, const struct warc_file *f, int64_t id,
                                int64_t *n_tail, struct ww_error *err)
{
    const int n_tries = store_driver(v->store)->is_shared ? TAIL_TRIES : 1;
    struct clock clock = clock_system();
    enum ww_status status = WW_OK;

    *n_tail = 0;
    for (int i = 0; status == WW_OK && i < n_tries && !is_stopped(v); i++) {
        struct archive_file_row now;
        struct stat info;

        if (i > 0)
            clock_sleep_ms(&clock, TAIL_PAUSE_MS);
        status = store_archive_file(v->store, id, &v->arena, &now, err);
        if (status != WW_OK || stat(f->path, &info) != 0)
            return status;
        *n_tail = (int64_t)info.st_size - now.n_bytes;
        if (*n_tail <= 0)
            return WW_OK;
    }
    return status;
}

/*
 * A writer may be at work: under its lock the file and its row are of one mind. The lock of a
 * server is a transaction's, which a reader has none of: there it is waited for.
 */
static enum ww_status check_end(struct verifying *v, struct warc_file *f,
                                const struct archive_file_row *file, int64_t end, int64_t n_records,
                                struct ww_error *err)
{
    struct lock lock = {0};
    int64_t n_tail = 0;
    enum ww_status status = WW_OK;

    if (end != file->n_bytes || n_records != file->n_records)
        tell(v, "%s: %" PRId64 " records end at %" PRId64 "; its row says %" PRId64 " and %" PRId64,
             f->path, n_records, end, file->n_records, file->n_bytes);
    if (f->n_bytes <= file->n_bytes || f->bucket != NULL)
        return WW_OK;
    if (!store_driver(v->store)->is_shared &&
        lock_take(store_path(v->store), LOCK_WRITE, STORE_LOCK_WAIT_MS, NULL, &lock, NULL) != WW_OK)
        return WW_OK; /* whoever holds it so long is at work there */
    status = find_tail(v, f, file->id, &n_tail, err);
    if (status == WW_OK && n_tail > 0)
        tell(v, "%s: %" PRId64 " bytes behind the last record are of no row", f->path, n_tail);
    lock_release(&lock);
    return status;
}

static enum ww_status verify_rows(struct verifying *v, struct warc_file *f,
                                  const struct archive_file_row *file, struct ww_error *err)
{
    struct archive_record_list list = {.n_rows = 1};
    int64_t end = 0, from = 0, n_records = 0;
    enum warc_kind kind;
    enum ww_status status = check_member(v, f, 0, &end, &kind, err);

    if (status == WW_OK && end > 0 && kind != WARC_KIND_INFO)
        tell(v, "%s does not begin with a warcinfo record", f->path);
    while (status == WW_OK && list.n_rows > 0 && !is_stopped(v)) {
        struct arena rows;

        arena_init(&rows, LISTS_ARENA_MAX_BYTES);
        status =
            store_list_archive_of_file(v->store, file->id, from, STORE_LIST_MAX, &rows, &list, err);
        for (size_t i = 0; status == WW_OK && i < list.n_rows && !is_stopped(v); i++) {
            status = check_row(v, &list.rows[i], f, end, err);
            end = list.rows[i].offset + list.rows[i].n_bytes;
            from = list.rows[i].offset + 1;
            n_records++;
            arena_reset(&v->arena);
        }
        arena_release(&rows);
    }
    if (status != WW_OK || is_stopped(v))
        return status;
    return check_end(v, f, file, end, n_records, err);
}

static enum ww_status verify_file(struct verifying *v, const struct archive_file_row *file,
                                  struct ww_error *err)
{
    struct ww_error why = {0};
    struct warc_file f = {.fd = 0};
    struct archive_file_row row = *file;
    enum ww_status status = archive_place_open(v->store, &row, &v->arena, &f, &why);

    if (status == WW_NOT_FOUND && archive_place_is_elsewhere(v->store, &row)) {
        v->summary->n_elsewhere++;
        return WW_OK;
    }
    v->summary->n_files++;
    if (status == WW_OK)
        status = archive_place_measure(&f, &why);
    /* What is in a bucket is what was sent: nothing more, either. */
    if (status == WW_OK &&
        (f.n_bytes < file->n_bytes || (f.bucket != NULL && f.n_bytes != file->n_bytes)))
        tell(v, "%s has %" PRId64 " bytes; its row says %" PRId64, f.path, f.n_bytes,
             file->n_bytes);
    if (status == WW_OK)
        status = verify_rows(v, &f, file, err);
    else if (is_finding(status)) {
        tell(v, "%s", why.message);
        status = WW_OK;
    } else {
        (void)ww_fail(err, status, "%s", why.message);
    }
    warc_file_close(&f);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Of another database, of a person, or of a transaction that never ended; an empty one is no news.
 */
static enum ww_status check_strays(struct verifying *v, struct ww_error *err)
{
    DIR *folder = opendir(archive_folder(v->store));
    enum ww_status status = WW_OK;
    struct dirent *entry;

    while (folder != NULL && status == WW_OK && (entry = readdir(folder)) != NULL) {
        const struct slice name = slice_from(entry->d_name);
        struct archive_file_row row;
        struct warc_file f;

        if (!slice_ends(name, SLICE(".warc.gz")))
            continue;
        status = store_archive_file_by_name(v->store, name, &v->arena, &row, err);
        if (status != WW_NOT_FOUND)
            continue;
        status = WW_OK;
        if (warc_file_open(archive_folder(v->store), name, &f, NULL) == WW_OK && f.n_bytes > 0)
            tell(v, "%s: no row knows this file", f.path);
        warc_file_close(&f);
    }
    if (folder != NULL)
        (void)closedir(folder);
    return status;
}

enum ww_status archive_verify(struct store *s, const struct archive_verify_options *options,
                              struct archive_verify_summary *out, struct ww_error *err)
{
    struct verifying v = {.store = s, .options = options, .summary = out};
    struct archive_file_list files = {0};
    struct arena arena;
    enum ww_status status;

    *out = (struct archive_verify_summary){0};
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    init(&v);
    status = store_list_archive_files(s, &arena, &files, err);
    for (size_t i = 0; status == WW_OK && i < files.n_rows && !is_stopped(&v); i++)
        status = verify_file(&v, &files.rows[i], err);
    if (status == WW_OK && !out->was_stopped)
        status = check_strays(&v, err);
    release(&v);
    arena_release(&arena);
    return status;
}

/* The same file, by whatever path. */
static bool is_same(const char *path, const char *folder, struct slice name)
{
    char other[PATH_MAX];
    struct stat a, b;
    const int n = snprintf(other, sizeof(other), "%s/%.*s", folder, SLICE_ARG(name));

    return n > 0 && (size_t)n < sizeof(other) && stat(path, &a) == 0 && stat(other, &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

enum ww_status archive_verify_file(struct store *s, const char *path,
                                   const struct archive_verify_options *options,
                                   struct archive_verify_summary *out, struct ww_error *err)
{
    struct verifying v = {.store = s, .options = options, .summary = out};
    const char *slash = strrchr(path, '/');
    const struct slice name = slice_from(slash != NULL ? slash + 1 : path);
    struct archive_file_row row;
    struct arena rows;
    enum ww_status status;

    arena_init(&rows, LISTS_ARENA_MAX_BYTES);
    init(&v);
    status = store_archive_file_by_name(s, name, &v.arena, &row, err);
    if (status == WW_OK &&
        (is_same(path, archive_folder(s), name) || (row.place.len > 0 && slash == NULL))) {
        row.name = name; /* v.arena is emptied on the way */
        row.place = arena_copy(&rows, row.place);
        row.machine = arena_copy(&rows, row.machine);
        status = verify_file(&v, &row, err);
    } else if (status == WW_OK || status == WW_NOT_FOUND) {
        status = archive_verify_alone(path, options, out, err);
    }
    arena_release(&rows);
    release(&v);
    return status;
}
