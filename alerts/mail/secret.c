/* secret.c - reading a password and forgetting it. */
#include "alerts/mail/secret.h"

#include "alerts/mail/process.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/slice.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define COMMAND_TIMEOUT_MS 30000

void secret_wipe(struct secret *s)
{
    volatile char *p = s->text; /* not optimised away */

    for (size_t i = 0; i < sizeof(s->text); i++)
        p[i] = '\0';
}

/* The first line is the password. */
static enum ww_status keep_line(struct slice bytes, struct slice from, struct secret *out,
                                struct ww_error *err)
{
    struct slice line = {"", 0};

    (void)slice_next_line(&bytes, &line);
    if (line.len == 0 || line.len >= sizeof(out->text) || memchr(line.ptr, '\0', line.len) != NULL)
        return ww_fail(err, WW_INVALID, "%.*s: no password in its first line", SLICE_ARG(from));
    memcpy(out->text, line.ptr, line.len);
    out->text[line.len] = '\0';
    return WW_OK;
}

static enum ww_status read_file(struct slice path, struct secret *out, struct ww_error *err)
{
    char name[PATH_BYTES];
    char bytes[SECRET_BYTES];
    struct stat info;
    enum ww_status status;
    ssize_t n;
    int fd;

    if (path.len >= sizeof(name))
        return ww_fail(err, WW_INVALID, "%.*s: too long a path", SLICE_ARG(path));
    memcpy(name, path.ptr, path.len);
    name[path.len] = '\0';
    fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return ww_fail(err, WW_INVALID, "%s: %s", name, strerror(errno));
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        status = ww_fail(err, WW_INVALID, "%s: not a file", name);
    else if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        status = ww_fail(err, WW_INVALID, "%s: others can read the password; chmod 600 it", name);
    else {
        n = read(fd, bytes, sizeof(bytes));
        status = n < 0 ? ww_fail(err, WW_INVALID, "%s: %s", name, strerror(errno))
                       : keep_line(slice_of(bytes, (size_t)n), path, out, err);
        memset(bytes, 0, sizeof(bytes));
    }
    (void)close(fd);
    return status;
}

static enum ww_status run_command(struct slice command, struct secret *out, struct ww_error *err)
{
    struct process_end end;
    struct buf output;
    enum ww_status status;

    buf_init(&output, (size_t)2 * SECRET_BYTES);
    status = process_run(command, NULL, 0, (struct slice){"", 0}, false, COMMAND_TIMEOUT_MS, NULL,
                         &output, &end, err);
    if (status == WW_OK && (!end.has_exited || end.exit_status != 0))
        status = ww_fail(err, WW_INVALID, "password-command %.*s: %s %d", SLICE_ARG(command),
                         end.has_exited ? "exit status" : "killed, status", end.exit_status);
    if (status == WW_OK)
        status = keep_line(buf_slice(&output), SLICE("password-command"), out, err);
    if (output.ptr != NULL)
        memset(output.ptr, 0, output.len);
    buf_release(&output);
    return status;
}

enum ww_status secret_read(const struct config *settings, struct secret *out, struct ww_error *err)
{
    secret_wipe(out);
    if (settings->password_command.len > 0)
        return run_command(settings->password_command, out, err);
    if (settings->password_file.len > 0)
        return read_file(settings->password_file, out, err);
    return ww_fail(err, WW_INVALID,
                   "[mail] user is set, but neither password-command nor password-file");
}
