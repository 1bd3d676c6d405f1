/*
 * deliver_folder.c - a Maildir (tmp, then new) or a plain folder of .eml files.
 *
 * A message is written beside its place, synced and renamed, so that a reader never sees half of
 * it and a crash leaves at most a file that the next try replaces.
 */
#include "alerts/mail/deliver_ways.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = slice_skip(bytes, (size_t)n);
    }
    return true;
}

/* Write under `from` in folder, sync, rename to `to`, sync the folder. */
static enum ww_status place(const char *folder, const char *from, const char *to,
                            struct slice bytes, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    int fd = -1;
    int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder_fd < 0)
        return ww_fail(err, WW_STORE, "%s: %s", folder, strerror(errno));
    fd = openat(folder_fd, from, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || !write_all(fd, bytes) || fsync(fd) != 0)
        status = ww_fail(err, WW_STORE, "%s/%s: %s", folder, from, strerror(errno));
    if (fd >= 0 && close(fd) != 0 && status == WW_OK)
        status = ww_fail(err, WW_STORE, "%s/%s: %s", folder, from, strerror(errno));
    if (status == WW_OK && renameat(folder_fd, from, folder_fd, to) != 0)
        status = ww_fail(err, WW_STORE, "%s/%s: %s", folder, to, strerror(errno));
    if (status == WW_OK && fsync(folder_fd) != 0)
        status = ww_fail(err, WW_STORE, "%s: %s", folder, strerror(errno));
    if (status != WW_OK && fd >= 0)
        (void)unlinkat(folder_fd, from, 0);
    (void)close(folder_fd);
    return status;
}

static enum ww_status make_folder(const char *path, struct ww_error *err)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
    return WW_OK;
}

/* A reader moves what he has seen to cur/, and writes his marks behind the name: "name:2,S". */
static bool was_read(const char *cur, const char *name)
{
    const size_t len = strlen(name);
    const struct dirent *entry;
    bool is_found = false;
    DIR *folder = opendir(cur);

    if (folder == NULL)
        return false;
    while (!is_found && (entry = readdir(folder)) != NULL)
        is_found = strncmp(entry->d_name, name, len) == 0 &&
                   (entry->d_name[len] == '\0' || entry->d_name[len] == ':');
    (void)closedir(folder);
    return is_found;
}

enum ww_status deliver_maildir(const struct config *settings, const struct envelope *e,
                               struct delivery_reply *out, struct ww_error *err)
{
    static const char *const parts[] = {"", "/tmp", "/new", "/cur"};
    struct arena arena;
    struct buf local;
    enum ww_status status = WW_OK;
    struct slice folder, from, to, fresh, cur;

    arena_init(&arena, (size_t)1024 * 1024);
    buf_init(&local, (size_t)4 * DIGEST_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(parts) && status == WW_OK; i++) {
        fresh = arena_printf(&arena, "%.*s%s", SLICE_ARG(settings->mail_directory), parts[i]);
        status = arena_check(&arena, err);
        if (status == WW_OK)
            status = make_folder(fresh.ptr, err);
    }
    folder = arena_printf(&arena, "%.*s", SLICE_ARG(settings->mail_directory));
    from = arena_printf(&arena, "tmp/%s", e->name);
    to = arena_printf(&arena, "new/%s", e->name);
    fresh = arena_printf(&arena, "%.*s/new", SLICE_ARG(settings->mail_directory));
    cur = arena_printf(&arena, "%.*s/cur", SLICE_ARG(settings->mail_directory));
    if (status == WW_OK)
        status = arena_check(&arena, err);
    if (status == WW_OK && was_read(cur.ptr, e->name)) {
        /* The try before ended in doubt, and the message was there. */
        deliver_reply(out, DELIVERY_ACCEPTED, SLICE("it is there, and was read"));
        goto out;
    }
    deliver_local_lines(&local, e->bytes);
    if (status == WW_OK)
        status = buf_finish(&local, err);
    if (status == WW_OK)
        status = place(folder.ptr, from.ptr, to.ptr, buf_slice(&local), err);
    if (status == WW_OK) {
        int fd = open(fresh.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        /* The entry stands in new/: that is the folder whose change must last. */
        if (fd < 0 || fsync(fd) != 0)
            status = ww_fail(err, WW_STORE, "%s: %s", fresh.ptr, strerror(errno));
        if (fd >= 0)
            (void)close(fd);
    }
    if (status == WW_OK)
        deliver_reply(out, DELIVERY_ACCEPTED, to);
out:
    buf_release(&local);
    arena_release(&arena);
    return status;
}

enum ww_status deliver_file(const struct config *settings, const struct envelope *e,
                            struct delivery_reply *out, struct ww_error *err)
{
    struct arena arena;
    enum ww_status status;
    struct slice folder, from, to;

    arena_init(&arena, (size_t)1024 * 1024);
    folder = arena_printf(&arena, "%.*s", SLICE_ARG(settings->mail_directory));
    from = arena_printf(&arena, ".%s.part", e->name);
    to = arena_printf(&arena, "%s.eml", e->name);
    status = arena_check(&arena, err);
    if (status == WW_OK)
        status = make_folder(folder.ptr, err);
    if (status == WW_OK)
        status = place(folder.ptr, from.ptr, to.ptr, e->bytes, err);
    if (status == WW_OK)
        deliver_reply(out, DELIVERY_ACCEPTED, to);
    arena_release(&arena);
    return status;
}
