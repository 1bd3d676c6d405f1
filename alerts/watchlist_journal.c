/* watchlist_journal.c - one file that says what all the others will be. */
#include "alerts/watchlist_journal.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC SLICE("wirewatch watchlist change 1")
#define PATH_BYTES 4096

static enum ww_status fail_io(struct ww_error *err, const char *path)
{
    return ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
}

static enum ww_status join(char *out, const char *folder, const char *name, struct ww_error *err)
{
    if (snprintf(out, PATH_BYTES, "%s/%s", folder, name) < PATH_BYTES)
        return WW_OK;
    return ww_fail(err, WW_INVALID, "watchlist: the folder's name is too long");
}

enum ww_status watch_folder_lock(const char *folder, bool is_writer, int *fd, struct ww_error *err)
{
    *fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0)
        return ww_fail(err, errno == ENOENT ? WW_NOT_FOUND : WW_INVALID, "watchlist %s: %s", folder,
                       strerror(errno));
    while (flock(*fd, is_writer ? LOCK_EX : LOCK_SH) != 0 && errno == EINTR)
        continue;
    return WW_OK;
}

/* ---- one file -------------------------------------------------------------------------------- */

static bool write_all(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n < 0 && errno != EINTR)
            return false;
        bytes = slice_skip(bytes, n > 0 ? (size_t)n : 0);
    }
    return true;
}

/* Where a file really stands, when the folder holds a link to it. */
static void follow_link(const char *path, char *target)
{
    char link[PATH_BYTES];
    ssize_t n = readlink(path, link, sizeof(link) - 1);
    int folder_len = n > 0 && link[0] != '/' ? (int)(strrchr(path, '/') - path) + 1 : 0;

    if (n > 0)
        link[n] = '\0';
    if (n <= 0 || snprintf(target, PATH_BYTES, "%.*s%s", folder_len, path, link) >= PATH_BYTES)
        (void)snprintf(target, PATH_BYTES, "%s", path);
}

/* In one step: a reader sees the old file or the new one. What a link points to is written. */
static enum ww_status put_file(const char *path, struct slice bytes, struct ww_error *err)
{
    char target[PATH_BYTES];
    char temporary[PATH_BYTES + 8];
    struct stat about;
    int fd = -1;

    follow_link(path, target);
    (void)snprintf(temporary, sizeof(temporary), "%s.new", target);
    fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail_io(err, temporary);
    if (stat(target, &about) == 0)
        (void)fchmod(fd, about.st_mode & 07777);
    if (!write_all(fd, bytes) || fsync(fd) != 0) {
        (void)fail_io(err, temporary);
        (void)close(fd);
        (void)unlink(temporary);
        return WW_STORE;
    }
    (void)close(fd);
    return rename(temporary, target) == 0 ? WW_OK : fail_io(err, target);
}

/* A rename is on the disk when its folder is; file systems that cannot say so do it in order. */
static void sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    (void)fsync(fd);
    (void)close(fd);
}

/* ---- the journal ----------------------------------------------------------------------------- */

enum ww_status watch_journal_begin(const char *folder, const struct watch_change *change,
                                   struct ww_error *err)
{
    char path[PATH_BYTES];
    unsigned char digest[SHA256_BYTES];
    struct buf b;
    enum ww_status status = join(path, folder, WATCH_JOURNAL, err);

    if (status != WW_OK)
        return status;
    buf_init(&b, 2 * (size_t)WATCHLIST_MAX_BYTES);
    record_put_text(&b, MAGIC);
    for (size_t i = 0; i < WATCH_FILE_COUNT; i++) {
        if (change->fates[i] == WATCH_KEEP)
            continue;
        record_put_text(&b, slice_from(watch_file_name((enum watch_file)i)));
        record_put_number(&b, change->fates[i]);
        record_put_text(&b, change->fates[i] == WATCH_WRITE ? change->bytes[i] : SLICE(""));
    }
    status = buf_finish(&b, err);
    if (status == WW_OK) {
        hash_sha256(buf_slice(&b), digest);
        buf_add(&b, slice_of(digest, sizeof(digest)));
        status = buf_finish(&b, err);
    }
    if (status == WW_OK)
        status = put_file(path, buf_slice(&b), err);
    buf_release(&b);
    sync_folder(folder);
    return status;
}

static enum ww_status parse_journal(struct slice bytes, struct watch_change *out)
{
    const size_t len = bytes.len > SHA256_BYTES ? bytes.len - SHA256_BYTES : 0;
    struct record r = record_open(slice_head(bytes, len));
    unsigned char digest[SHA256_BYTES];

    *out = (struct watch_change){0};
    hash_sha256(slice_head(bytes, len), digest);
    if (!slice_equal(slice_skip(bytes, len), slice_of(digest, sizeof(digest))) ||
        !slice_equal(record_text(&r), MAGIC))
        return WW_INVALID;
    while (r.rest.len > 0 && !r.failed) {
        struct slice name = record_text(&r);
        int64_t fate = record_number_in(&r, WATCH_KEEP, WATCH_DELETE);
        struct slice content = record_bytes(&r);

        for (size_t i = 0; i < WATCH_FILE_COUNT && !r.failed; i++)
            if (slice_equal(name, slice_from(watch_file_name((enum watch_file)i)))) {
                out->fates[i] = (enum watch_fate)fate;
                out->bytes[i] = content;
            }
    }
    return r.failed ? WW_INVALID : WW_OK;
}

enum ww_status watch_journal_read(const char *folder, struct buf *bytes, struct watch_change *out,
                                  struct ww_error *err)
{
    char path[PATH_BYTES];
    enum ww_status status = join(path, folder, WATCH_JOURNAL, err);

    buf_reset(bytes);
    if (status == WW_OK)
        status = file_read(path, bytes, err);
    if (status != WW_OK)
        return status;
    if (parse_journal(buf_slice(bytes), out) != WW_OK)
        return ww_fail(err, WW_INVALID,
                       "%s: damaged; it holds a change of the list that was not finished. Remove "
                       "it, then look at the files or bring back a version with  watch revert N",
                       path);
    return WW_OK;
}

static enum ww_status apply(const char *folder, const struct watch_change *change,
                            struct ww_error *err)
{
    char path[PATH_BYTES];
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < WATCH_FILE_COUNT && status == WW_OK; i++) {
        status = join(path, folder, watch_file_name((enum watch_file)i), err);
        if (status == WW_OK && change->fates[i] == WATCH_WRITE)
            status = put_file(path, change->bytes[i], err);
        if (status == WW_OK && change->fates[i] == WATCH_DELETE && unlink(path) != 0 &&
            errno != ENOENT)
            status = fail_io(err, path);
    }
    return status;
}

enum ww_status watch_journal_finish(const char *folder, struct ww_error *err)
{
    char path[PATH_BYTES];
    struct buf bytes;
    struct watch_change change;
    enum ww_status status;

    buf_init(&bytes, 2 * (size_t)WATCHLIST_MAX_BYTES);
    status = watch_journal_read(folder, &bytes, &change, err);
    if (status == WW_NOT_FOUND) {
        buf_release(&bytes);
        return WW_OK;
    }
    if (status == WW_OK)
        status = apply(folder, &change, err);
    if (status == WW_OK) {
        sync_folder(folder);
        status = join(path, folder, WATCH_JOURNAL, err);
        if (status == WW_OK && unlink(path) != 0)
            status = fail_io(err, path);
    }
    buf_release(&bytes);
    return status;
}
