/*
 * file.c - read(2) to the end, in pieces: a pipe has no size, and a file's may change; and a file
 * that changes at once.
 */
#include "base/file.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PUBLIC_MODE 0644

static enum ww_status read_to_end(int fd, const char *path, struct buf *out, struct ww_error *err)
{
    char piece[16384];
    ssize_t n = 1;

    while (n != 0 && out->status == WW_OK) {
        n = read(fd, piece, sizeof(piece));
        if (n < 0 && errno != EINTR)
            return ww_fail(err, WW_INVALID, "%s: %s", path, strerror(errno));
        if (n > 0)
            buf_add(out, slice_of(piece, (size_t)n));
    }
    return buf_finish(out, err) == WW_OK ? WW_OK : ww_context(err, out->status, "%s", path);
}

enum ww_status file_read(const char *path, struct buf *out, struct ww_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum ww_status status;

    if (fd < 0)
        return ww_fail(err, errno == ENOENT ? WW_NOT_FOUND : WW_INVALID, "%s: %s", path,
                       strerror(errno));
    status = read_to_end(fd, path, out, err);
    (void)close(fd);
    return status;
}

enum ww_status file_read_input(const char *path, size_t max_bytes, struct arena *arena,
                               struct slice *out, struct ww_error *err)
{
    struct buf bytes;
    enum ww_status status;

    buf_init(&bytes, max_bytes);
    status = strcmp(path, "-") == 0 ? read_to_end(STDIN_FILENO, "standard input", &bytes, err)
                                    : file_read(path, &bytes, err);
    if (status == WW_OK) {
        *out = arena_copy(arena, buf_slice(&bytes));
        if (out->ptr == NULL)
            status = ww_context(err, arena_check(arena, err), "%s", path);
    }
    buf_release(&bytes);
    return status;
}

static enum ww_status write_all(int fd, struct slice bytes, const char *path, struct ww_error *err)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n < 0 && errno != EINTR)
            return ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
        if (n > 0)
            bytes = slice_skip(bytes, (size_t)n);
    }
    if (fsync(fd) != 0)
        return ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
    return WW_OK;
}

static bool holds(const char *path, struct slice bytes)
{
    struct buf old;
    bool is_same;

    buf_init(&old, bytes.len + 1);
    is_same = file_read(path, &old, NULL) == WW_OK && slice_equal(buf_slice(&old), bytes);
    buf_release(&old);
    return is_same;
}

enum ww_status file_replace(const char *path, struct slice bytes, bool *is_changed,
                            struct ww_error *err)
{
    char part[PATH_MAX];
    enum ww_status status;
    int fd;

    *is_changed = false;
    if (holds(path, bytes))
        return WW_OK;
    if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
        return ww_fail(err, WW_STORE, "%s: %s", path, strerror(ENAMETOOLONG));
    fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, PUBLIC_MODE);
    if (fd < 0)
        return ww_fail(err, WW_STORE, "%s: %s", part, strerror(errno));
    status = write_all(fd, bytes, part, err);
    if (status == WW_OK && fchmod(fd, PUBLIC_MODE) != 0) /* whatever the umask */
        status = ww_fail(err, WW_STORE, "%s: %s", part, strerror(errno));
    if (close(fd) != 0 && status == WW_OK)
        status = ww_fail(err, WW_STORE, "%s: %s", part, strerror(errno));
    if (status == WW_OK && rename(part, path) != 0)
        status = ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
    if (status != WW_OK)
        (void)unlink(part);
    *is_changed = status == WW_OK;
    return status;
}
