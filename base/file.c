/* file.c - read(2) to the end, in pieces: a pipe has no size, and a file's may change. */
#include "base/file.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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
