/* warc_file.c - open, append, cut and read, with every error of the disk in words. */
#include "storage/warc_file.h"

#include "base/gzip.h"
#include "base/limits.h"
#include "storage/bucket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first look at a member: most are smaller. */
#define WINDOW_BYTES ((int64_t)128 * 1024)

static int descriptor(const struct warc_file *f)
{
    return f->fd - 1;
}

static enum ww_status fail(const struct warc_file *f, const char *what, struct ww_error *err)
{
    return ww_fail(err, WW_STORE, "%s cannot be %s: %s", f->path, what,
                   errno == ENOSPC  ? "the disk is full"
                   : errno == EFBIG ? "a file may not be as large as that"
                                    : strerror(errno));
}

static enum ww_status open_file(const char *folder, struct slice name, int flags,
                                struct warc_file *out, struct ww_error *err)
{
    struct stat info;
    int fd, n = snprintf(out->path, sizeof(out->path), "%s/%.*s", folder, SLICE_ARG(name));

    out->fd = 0;
    out->bucket = NULL;
    if (n < 0 || (size_t)n >= sizeof(out->path))
        return ww_fail(err, WW_STORE, "%s: the path is too long", folder);
    fd = open(out->path, flags | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0 && errno == ENOENT)
        return ww_fail(err, WW_NOT_FOUND, "%s is not there", out->path);
    if (fd < 0 && errno == EEXIST)
        return ww_fail(err, WW_CONFLICT, "%s is there already", out->path);
    if (fd < 0)
        return fail(out, "opened", err);
    out->fd = fd + 1;
    /* Two databases that are copies of each other may both think that it is theirs. */
    if ((flags & O_ACCMODE) != O_RDONLY && flock(fd, LOCK_EX) != 0) {
        warc_file_close(out);
        return fail(out, "locked", err);
    }
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        out->n_bytes = (int64_t)info.st_size;
        return WW_OK;
    }
    warc_file_close(out);
    return ww_fail(err, WW_STORE, "%s is no file", out->path);
}

enum ww_status warc_file_open(const char *folder, struct slice name, struct warc_file *out,
                              struct ww_error *err)
{
    return open_file(folder, name, O_RDONLY, out, err);
}

enum ww_status warc_file_open_end(const char *folder, struct slice name, struct warc_file *out,
                                  struct ww_error *err)
{
    return open_file(folder, name, O_RDWR, out, err);
}

/* A new name is on the disk for good when its folder is. */
static enum ww_status flush_folder(const struct warc_file *f, const char *folder,
                                   struct ww_error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Some file systems cannot flush a folder, and say so with EINVAL. */
    const bool is_done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
    enum ww_status status = is_done ? WW_OK : fail(f, "written", err);

    if (fd >= 0)
        (void)close(fd);
    return status;
}

/* And those above it: where a machine keeps its state there may be nothing yet. */
static bool make_folders(const char *path)
{
    char part[PATH_MAX];
    size_t n = strlen(path);

    if (n >= sizeof(part))
        return false;
    memcpy(part, path, n + 1);
    for (size_t i = 1; i < n; i++) {
        if (part[i] != '/')
            continue;
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return false;
        part[i] = '/';
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST;
}

enum ww_status warc_file_create(const char *folder, struct slice name, struct warc_file *out,
                                struct ww_error *err)
{
    enum ww_status status;

    if (!make_folders(folder))
        return ww_fail(err, WW_STORE, "the archive's folder %s cannot be made: %s", folder,
                       strerror(errno));
    status = open_file(folder, name, O_RDWR | O_CREAT | O_EXCL, out, err);
    return status == WW_OK ? flush_folder(out, folder, err) : status;
}

void warc_file_close(struct warc_file *f)
{
    if (f->fd != 0)
        (void)close(descriptor(f));
    f->fd = 0;
    f->bucket = NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum ww_status warc_file_cut(struct warc_file *f, int64_t n_bytes, struct ww_error *err)
{
    if (ftruncate(descriptor(f), (off_t)n_bytes) != 0)
        return fail(f, "cut back", err);
    f->n_bytes = n_bytes;
    return WW_OK;
}

enum ww_status warc_file_append(struct warc_file *f, struct slice bytes, struct ww_error *err)
{
    const int64_t before = f->n_bytes;
    enum ww_status status = WW_OK;

    while (bytes.len > 0 && status == WW_OK) {
        ssize_t n = pwrite(descriptor(f), bytes.ptr, bytes.len, (off_t)f->n_bytes);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            status = fail(f, "written", err);
            break;
        }
        f->n_bytes += n;
        bytes = slice_skip(bytes, (size_t)n);
    }
    if (status == WW_OK && fsync(descriptor(f)) != 0)
        status = fail(f, "written", err);
    if (status != WW_OK)
        (void)warc_file_cut(f, before, NULL);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

enum ww_status warc_file_read(const struct warc_file *f, int64_t offset, int64_t n_bytes,
                              struct buf *out, struct ww_error *err)
{
    size_t left = n_bytes > 0 ? (size_t)n_bytes : 0;
    char *room;

    if (f->bucket != NULL)
        return bucket_read(f->bucket, f->path, offset, n_bytes, out, err);
    room = buf_extend(out, left);
    if (room == NULL)
        return buf_finish(out, err);
    while (left > 0) {
        ssize_t n = pread(descriptor(f), room, left, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(f, "read", err);
        if (n == 0)
            return ww_fail(err, WW_INVALID, "%s ends at %lld", f->path, (long long)offset);
        room += n;
        offset += n;
        left -= (size_t)n;
    }
    return WW_OK;
}

enum ww_status warc_file_member(const struct warc_file *f, int64_t offset, struct buf *packed,
                                struct buf *member, int64_t *n_packed, bool *is_cut,
                                struct ww_error *err)
{
    const int64_t there = f->n_bytes - offset;
    int64_t window = WINDOW_BYTES;
    enum ww_status status;

    *n_packed = 0;
    *is_cut = false;
    for (;;) {
        const int64_t n = window < there ? window : there;
        size_t used = 0;

        buf_reset(packed);
        buf_reset(member);
        status = warc_file_read(f, offset, n, packed, err);
        if (status == WW_OK)
            status = gzip_unpack(buf_slice(packed), member, &used, is_cut, err);
        *n_packed = (int64_t)used;
        if (status == WW_OK || !*is_cut || n == there)
            return status;
        if (window > ARCHIVE_RECORD_MAX_BYTES)
            return ww_fail(err, WW_INVALID, "a member over %d bytes", ARCHIVE_RECORD_MAX_BYTES);
        window *= 4;
    }
}
