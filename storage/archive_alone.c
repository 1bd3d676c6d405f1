/* archive_alone.c - member by member, out of a file or out of a zip, and on behind damage. */
#include "storage/archive_alone.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/gzip.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "base/zipped.h"
#include "storage/warc_read.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <zip.h>

/* What is read at once; the first look at a member: most are smaller. */
#define CHUNK_BYTES ((size_t)128 * 1024)
/* Of what may be a member, to see how it begins; they unpack to a thousand times as much at most.
 */
#define TRIAL_BYTES ((size_t)4096)
/* datapackage.json has a line for each part. */
#define PACKAGE_MAX_BYTES ((size_t)4 * 1024 * 1024)

struct reading {
    const char *path;
    const struct archive_verify_options *options;
    struct archive_verify_summary *summary;
    char name[PATH_MAX + 256]; /* in findings: the path, and the part of a zip */
    FILE *file;                /* or: */
    zip_file_t *part;
    struct hasher *hasher; /* of a part; else NULL */
    struct buf window;     /* of it, from `from` on, which stands `at` in it */
    size_t from;
    int64_t at;
    bool has_ended;
    bool is_damaged; /* a part that cannot be unpacked from here on, or is not as its CRC says */
    struct buf record, trial;
};

static void tell(struct reading *r, const char *fmt, ...) WW_PRINTF(2, 3);

static void tell(struct reading *r, const char *fmt, ...)
{
    char message[sizeof(((struct ww_error *)NULL)->message)];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(message, sizeof(message), fmt, args);
    va_end(args);
    r->summary->n_findings++;
    r->options->found(r->options->context, message);
}

static bool is_stopped(struct reading *r)
{
    if (r->options->stop != NULL && *r->options->stop != 0)
        r->summary->was_stopped = true;
    return r->summary->was_stopped;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static enum ww_status read_some(struct reading *r, char *room, size_t len, size_t *got,
                                struct ww_error *err)
{
    if (r->part != NULL) {
        const zip_int64_t n = zip_fread(r->part, room, len);

        *got = n > 0 ? (size_t)n : 0;
        r->is_damaged = r->is_damaged || n < 0;
    } else {
        *got = fread(room, 1, len, r->file);
        if (*got == 0 && ferror(r->file))
            return ww_fail(err, WW_STORE, "%s cannot be read: %s", r->path, strerror(errno));
    }
    if (r->hasher != NULL)
        hasher_add(r->hasher, slice_of(room, *got));
    r->has_ended = *got == 0;
    return WW_OK;
}

static struct slice rest(const struct reading *r)
{
    return slice_skip(buf_slice(&r->window), r->from);
}

static void take(struct reading *r, size_t n)
{
    r->from += n;
    r->at += (int64_t)n;
    r->summary->n_bytes += (int64_t)n;
    if (r->options->progress != NULL)
        r->options->progress(r->options->context, r->summary->n_bytes);
}

/* The rest has as many bytes, or no more come. */
static enum ww_status fill(struct reading *r, size_t want, struct ww_error *err)
{
    const size_t left = r->window.len - r->from;

    if (left >= want || r->has_ended)
        return WW_OK;
    if (left > 0 && r->from > 0)
        memmove(r->window.ptr, r->window.ptr + r->from, left);
    buf_truncate(&r->window, left);
    r->from = 0;
    while (r->window.len < want && !r->has_ended) {
        const size_t before = r->window.len;
        const size_t len = want - before > CHUNK_BYTES ? want - before : CHUNK_BYTES;
        char *room = buf_extend(&r->window, len);
        size_t got = 0;
        enum ww_status status =
            room != NULL ? read_some(r, room, len, &got, err) : buf_finish(&r->window, err);

        if (status != WW_OK)
            return status;
        buf_truncate(&r->window, before + got);
    }
    return WW_OK;
}

static void begin(struct reading *r)
{
    buf_reset(&r->window);
    r->from = 0;
    r->at = 0;
    r->has_ended = r->is_damaged = false;
}

/* ---- records --------------------------------------------------------------------------------- */

/* A page may hold what looks like a member: it is one when it begins as a record does. */
static bool begins_record(struct reading *r, struct slice bytes)
{
    size_t used;
    bool is_cut;

    if (!inflate_is_gzip(bytes))
        return false;
    buf_reset(&r->trial);
    (void)gzip_unpack(slice_head(bytes, TRIAL_BYTES), &r->trial, &used, &is_cut, NULL);
    return slice_starts(buf_slice(&r->trial), SLICE("WARC/"));
}

/* The rest begins with a record, or is empty. */
static enum ww_status find_record(struct reading *r, struct ww_error *err)
{
    for (;;) {
        enum ww_status status = fill(r, TRIAL_BYTES, err);
        const struct slice bytes = rest(r);
        const size_t magic = slice_find_char(bytes, '\x1f');

        if (status != WW_OK || bytes.len == 0 || is_stopped(r))
            return status;
        if (magic == 0 && begins_record(r, bytes))
            return WW_OK;
        take(r, magic > 0 ? magic : 1);
    }
}

/* Into r->record; *used is how long it was. WW_INVALID, WW_TOO_BIG: damaged. */
static enum ww_status unpack(struct reading *r, size_t *used, struct ww_error *err)
{
    for (size_t want = CHUNK_BYTES;; want *= 4) {
        enum ww_status status = fill(r, want, err);
        const struct slice bytes = rest(r);
        bool is_cut = false;

        *used = 0;
        buf_reset(&r->record);
        if (status == WW_OK)
            status = gzip_unpack(bytes, &r->record, used, &is_cut, err);
        if (status == WW_OK || !is_cut || bytes.len < want)
            return status;
        if (want > ARCHIVE_RECORD_MAX_BYTES)
            return ww_fail(err, WW_INVALID, "a member over %d bytes", ARCHIVE_RECORD_MAX_BYTES);
    }
}

static enum ww_status pass_over(struct reading *r, const char *why, struct ww_error *err)
{
    const int64_t at = r->at;
    enum ww_status status;

    take(r, 1);
    status = find_record(r, err);
    if (status != WW_OK || r->summary->was_stopped)
        return status;
    if (rest(r).len > 0)
        tell(r, "%s at %" PRId64 ": %s; %" PRId64 " bytes passed over, up to the next record",
             r->name, at, why, r->at - at);
    else
        tell(r, "%s at %" PRId64 ": %s; %" PRId64 " bytes passed over, up to the end", r->name, at,
             why, r->at - at);
    r->summary->n_passed_over += r->at - at;
    return WW_OK;
}

static enum ww_status check_record(struct reading *r, struct ww_error *err)
{
    const bool is_first = r->at == 0, is_record = inflate_is_gzip(rest(r));
    struct warc_view view = {.kind = WARC_KIND_RESOURCE};
    struct ww_error why = {0};
    size_t used;
    enum ww_status status = unpack(r, &used, &why);

    if (status == WW_INVALID || status == WW_TOO_BIG) {
        r->summary->n_records += is_record;
        return pass_over(r, is_record ? why.message : "no record", err);
    }
    if (status == WW_OK)
        status = warc_view(buf_slice(&r->record), &view, &why);
    if (status == WW_OK && is_first && view.kind != WARC_KIND_INFO)
        tell(r, "%s does not begin with a warcinfo record", r->name);
    if (status == WW_OK)
        status = warc_check(&view, &why);
    if (status == WW_INVALID)
        tell(r, "%s at %" PRId64 ": %s", r->name, r->at, why.message);
    else if (status != WW_OK)
        return ww_fail(err, status, "%s", why.message);
    r->summary->n_records += status != WW_OK || view.kind != WARC_KIND_INFO;
    take(r, used);
    return WW_OK;
}

/* *has_any: else it is something else. */
static enum ww_status check_records(struct reading *r, bool *has_any, struct ww_error *err)
{
    enum ww_status status = find_record(r, err);

    *has_any = rest(r).len > 0;
    if (status == WW_OK && *has_any && r->at > 0) {
        tell(r, "%s at 0: no record; %" PRId64 " bytes passed over, up to the next record", r->name,
             r->at);
        r->summary->n_passed_over += r->at;
    }
    while (status == WW_OK && !is_stopped(r)) {
        status = fill(r, TRIAL_BYTES, err);
        if (status != WW_OK || rest(r).len == 0)
            break;
        status = check_record(r, err);
    }
    return status;
}

/* ---- a zip ----------------------------------------------------------------------------------- */

/* Appended to out. It need not be there. */
static enum ww_status read_part(zip_t *zip, const char *name, struct buf *out, struct ww_error *err)
{
    zip_file_t *part = zip_fopen(zip, name, 0);
    zip_int64_t n = part != NULL ? 1 : 0;

    while (n > 0) {
        const size_t before = out->len;
        char *room = buf_extend(out, TRIAL_BYTES);

        if (room == NULL)
            break;
        n = zip_fread(part, room, TRIAL_BYTES);
        buf_truncate(out, before + (n > 0 ? (size_t)n : 0));
    }
    if (part != NULL)
        (void)zip_fclose(part);
    return buf_finish(out, err);
}

/* Do the words that describe it know its SHA-256? */
static void check_hash(struct reading *r, struct slice package, struct slice digest,
                       const char *name)
{
    const bool is_package = strcmp(name, "datapackage.json") == 0;
    const struct slice words = is_package ? digest : package;
    unsigned char sha256[SHA256_BYTES];
    char hex[2 * SHA256_BYTES + 1], quoted[PATH_MAX];

    hasher_finish(r->hasher, sha256);
    hash_hex(sha256, sizeof(sha256), hex);
    (void)snprintf(quoted, sizeof(quoted), "\"%s\"", name);
    if (slice_contains(words, slice_from(quoted)) && !slice_contains(words, slice_from(hex)))
        tell(r, "%s: its SHA-256 is not the one that %s says", r->name,
             is_package ? "datapackage-digest.json" : "datapackage.json");
}

static enum ww_status check_part(struct reading *r, zip_t *zip, zip_uint64_t i,
                                 struct slice package, struct slice digest, size_t *n_warc,
                                 struct ww_error *err)
{
    const char *name = zip_get_name(zip, i, 0);
    const bool is_warc = name != NULL && slice_starts(slice_from(name), SLICE("archive/")) &&
                         slice_ends(slice_from(name), SLICE(".warc.gz"));
    bool has_any = true;
    enum ww_status status = WW_OK;

    (void)snprintf(r->name, sizeof(r->name), "%s: %s", r->path, name != NULL ? name : "");
    *n_warc += is_warc;
    r->part = zip_fopen_index(zip, i, 0);
    r->hasher = hasher_open();
    begin(r);
    if (r->hasher == NULL)
        status = ww_fail(err, WW_NOMEM, "out of memory");
    else if (r->part == NULL || name == NULL)
        tell(r, "%s cannot be read: %s", r->name, zip_strerror(zip));
    else if (is_warc)
        status = check_records(r, &has_any, err);
    while (status == WW_OK && r->part != NULL && !r->has_ended && !is_stopped(r)) {
        take(r, rest(r).len);
        status = fill(r, 1, err);
    }
    if (status == WW_OK && !has_any)
        tell(r, "%s: not a WARC file", r->name);
    if (status == WW_OK && r->is_damaged)
        tell(r, "%s: not what the zip's checksum says, or cut off", r->name);
    else if (status == WW_OK && r->part != NULL && name != NULL && !is_stopped(r))
        check_hash(r, package, digest, name);
    if (r->part != NULL)
        (void)zip_fclose(r->part);
    r->part = NULL;
    hasher_close(r->hasher);
    r->hasher = NULL;
    return status;
}

static enum ww_status check_parts(struct reading *r, zip_t *zip, struct ww_error *err)
{
    const zip_int64_t n = zip_get_num_entries(zip, 0);
    struct buf package, digest;
    size_t n_warc = 0;
    enum ww_status status;

    buf_init(&package, PACKAGE_MAX_BYTES);
    buf_init(&digest, PACKAGE_MAX_BYTES);
    status = read_part(zip, "datapackage.json", &package, err);
    if (status == WW_OK)
        status = read_part(zip, "datapackage-digest.json", &digest, err);
    for (zip_int64_t i = 0; status == WW_OK && i < n && !is_stopped(r); i++)
        status = check_part(r, zip, (zip_uint64_t)i, buf_slice(&package), buf_slice(&digest),
                            &n_warc, err);
    buf_release(&package);
    buf_release(&digest);
    if (status == WW_OK && n_warc == 0 && !is_stopped(r))
        return ww_fail(err, WW_INVALID, "%s is a zip file without archive/*.warc.gz: no WACZ file",
                       r->path);
    return status;
}

static enum ww_status check_zip(struct reading *r, struct ww_error *err)
{
    int code = 0;
    zip_t *zip = NULL;
    zip_error_t error;
    struct ww_error why = {0};
    enum ww_status status = zipped_check_directory(r->path, WACZ_DIRECTORY_MAX_BYTES, &why);

    if (status != WW_OK)
        return ww_fail(err, status == WW_TOO_BIG ? WW_INVALID : WW_STORE, "%s cannot be read: %s",
                       r->path, why.message);
    zip = zip_open(r->path, ZIP_RDONLY, &code);
    if (zip == NULL) {
        zip_error_init_with_code(&error, code);
        tell(r, "%s is a zip file that is cut off or damaged: %s", r->path,
             zip_error_strerror(&error));
        zip_error_fini(&error);
        return WW_OK;
    }
    status = check_parts(r, zip, err);
    zip_discard(zip);
    return status;
}

/* ---- a file ---------------------------------------------------------------------------------- */

static enum ww_status check_file(struct reading *r, struct ww_error *err)
{
    bool has_any = true;
    enum ww_status status = fill(r, TRIAL_BYTES, err);

    if (status != WW_OK)
        return status;
    if (slice_starts(rest(r), SLICE("PK\003\004")) || slice_starts(rest(r), SLICE("PK\005\006")))
        return check_zip(r, err);
    if (slice_starts(rest(r), SLICE("WARC/")))
        return ww_fail(err, WW_INVALID,
                       "%s is a WARC file without gzip: archive verify reads those with it",
                       r->path);
    status = check_records(r, &has_any, err);
    if (status == WW_OK && !has_any && !is_stopped(r))
        return ww_fail(err, WW_INVALID, "%s is not a WARC file", r->path);
    return status;
}

static enum ww_status open_file(struct reading *r, struct ww_error *err)
{
    struct stat info;

    if (stat(r->path, &info) == 0 && !S_ISREG(info.st_mode))
        return ww_fail(err, WW_STORE, "%s is no file", r->path);
    r->file = fopen(r->path, "rbe");
    if (r->file == NULL && errno == ENOENT)
        return ww_fail(err, WW_NOT_FOUND, "%s is not there", r->path);
    if (r->file == NULL)
        return ww_fail(err, WW_STORE, "%s cannot be opened: %s", r->path, strerror(errno));
    return WW_OK;
}

enum ww_status archive_verify_alone(const char *path, const struct archive_verify_options *options,
                                    struct archive_verify_summary *out, struct ww_error *err)
{
    struct reading r = {.path = path, .options = options, .summary = out};
    enum ww_status status;

    (void)snprintf(r.name, sizeof(r.name), "%s", path);
    buf_init(&r.window, (size_t)16 * ARCHIVE_RECORD_MAX_BYTES);
    buf_init(&r.record, ARCHIVE_RECORD_MAX_BYTES);
    buf_init(&r.trial, (size_t)2048 * TRIAL_BYTES);
    status = open_file(&r, err);
    if (status == WW_OK)
        status = check_file(&r, err);
    out->n_files += status == WW_OK;
    if (r.file != NULL)
        (void)fclose(r.file);
    buf_release(&r.window);
    buf_release(&r.record);
    buf_release(&r.trial);
    return status;
}
