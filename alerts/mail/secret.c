/* secret.c - reading a password and forgetting it. */
#define _GNU_SOURCE /* S_ISVTX */
#include "alerts/mail/secret.h"

#include "alerts/mail/process.h"
#include "base/buf.h"
#include "base/config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define COMMAND_TIMEOUT_MS 30000

static void wipe(char *bytes, size_t len)
{
    volatile char *p = bytes; /* not optimised away */

    for (size_t i = 0; i < len; i++)
        p[i] = '\0';
}

void secret_wipe(struct secret *s)
{
    wipe(s->text, sizeof(s->text));
}

struct secret_source secret_password(const struct config *settings)
{
    return (struct secret_source){
        .key = "password",
        .command = settings->password_command,
        .file = settings->password_file,
        .credential = settings->password_credential,
        .credentials = settings->credentials,
    };
}

struct secret_source secret_webhook_token(const struct config *settings)
{
    return (struct secret_source){
        .key = "webhook-token",
        .command = settings->webhook_token_command,
        .file = settings->webhook_token_file,
        .credential = settings->webhook_token_credential,
        .credentials = settings->credentials,
    };
}

struct secret_source secret_bucket(const struct config *settings)
{
    return (struct secret_source){
        .key = "s3-secret",
        .command = settings->s3_secret_command,
        .file = settings->s3_secret_file,
        .credential = settings->s3_secret_credential,
        .credentials = settings->credentials,
    };
}

bool secret_is_set(const struct secret_source *from)
{
    return from->command.len > 0 || from->file.len > 0 || from->credential.len > 0;
}

/* The first line is the secret; what it is never stands in a message. */
static enum ww_status keep_line(struct slice bytes, const char *where, struct secret *out,
                                struct ww_error *err)
{
    struct slice line = {"", 0};

    (void)slice_next_line(&bytes, &line);
    if (line.len == 0)
        return ww_fail(err, WW_INVALID, "%s: its first line is empty", where);
    if (line.len > SECRET_MAX_BYTES)
        return ww_fail(err, WW_INVALID, "%s: its first line has more than %d bytes", where,
                       SECRET_MAX_BYTES);
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.ptr[i] < ' ' || line.ptr[i] == '\x7F')
            return ww_fail(err, WW_INVALID, "%s: its first line holds a control character", where);
    memcpy(out->text, line.ptr, line.len);
    out->text[line.len] = '\0';
    return WW_OK;
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool is_ours(const struct stat *info)
{
    return info->st_uid == geteuid() || info->st_uid == 0;
}

/*
 * The folder a file is in: who may write there can put another file in its place, but for folders
 * like /tmp, where only its owner may take a file away.
 */
static enum ww_status check_folder(const char *path, struct ww_error *err)
{
    char folder[PATH_BYTES];
    struct slice name = slice_from(path);
    size_t len = slice_find_last_char(name, '/');
    struct stat info;

    if (len >= name.len)
        (void)memcpy(folder, ".", 2);
    else if (len == 0)
        (void)memcpy(folder, "/", 2);
    else {
        memcpy(folder, path, len);
        folder[len] = '\0';
    }
    if (stat(folder, &info) != 0)
        return ww_fail(err, WW_INVALID, "%s: %s", folder, strerror(errno));
    if (!is_ours(&info))
        return ww_fail(err, WW_REFUSED,
                       "%s: its folder belongs to somebody else, who could put another file there",
                       path);
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (info.st_mode & S_ISVTX) == 0)
        return ww_fail(err, WW_REFUSED,
                       "%s: others can put another file in its place; chmod go-w %s", path, folder);
    return WW_OK;
}

/*
 * others: the rights that nobody else may have. systemd gives a service its credential by an access
 * list, whose mask stands where the rights of the group do: there only those of all others count.
 */
static enum ww_status open_file(const char *path, mode_t others, int *fd, struct ww_error *err)
{
    struct stat info;
    enum ww_status status = WW_OK;

    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    if (*fd < 0 && errno == ELOOP)
        return ww_fail(err, WW_REFUSED, "%s: a symbolic link; name the file itself", path);
    if (*fd < 0)
        return ww_fail(err, errno == EACCES ? WW_REFUSED : WW_INVALID, "%s: %s", path,
                       strerror(errno));
    if (fstat(*fd, &info) != 0 || !S_ISREG(info.st_mode))
        status = ww_fail(err, WW_REFUSED, "%s: not a plain file", path);
    else if (!is_ours(&info))
        status =
            ww_fail(err, WW_REFUSED, "%s: belongs to somebody else, who knows what it holds", path);
    else if ((info.st_mode & others) != 0)
        status =
            ww_fail(err, WW_REFUSED, "%s: others can read it or write to it; chmod 600 it", path);
    else
        status = check_folder(path, err);
    if (status == WW_OK)
        return WW_OK;
    (void)close(*fd);
    *fd = -1;
    return status;
}

static enum ww_status read_file(int fd, const char *path, struct secret *out, struct ww_error *err)
{
    char bytes[SECRET_MAX_BYTES + 2]; /* one more than fits, and its line end */
    enum ww_status status;
    ssize_t n = read(fd, bytes, sizeof(bytes));

    status = n < 0 ? ww_fail(err, WW_INVALID, "%s: %s", path, strerror(errno))
                   : keep_line(slice_of(bytes, (size_t)n), path, out, err);
    wipe(bytes, sizeof(bytes));
    return status;
}

/* The path of a file or a credential. */
static enum ww_status make_path(const struct secret_source *from, char out[PATH_BYTES],
                                struct ww_error *err)
{
    struct slice name = from->file;
    size_t n = 0;

    if (from->file.len == 0) {
        name = from->credential;
        if (from->credentials.len == 0)
            return ww_fail(err, WW_INVALID,
                           "%s-credential = %.*s: no folder of credentials; systemd makes one "
                           "(LoadCredential=) and names it in CREDENTIALS_DIRECTORY",
                           from->key, SLICE_ARG(name));
        if (slice_find_char(name, '/') < name.len || slice_equal(name, SLICE("..")) ||
            slice_equal(name, SLICE(".")))
            return ww_fail(err, WW_INVALID, "%s-credential = %.*s: wants a name, not a path",
                           from->key, SLICE_ARG(name));
        if (from->credentials.len + name.len + 2 > PATH_BYTES)
            return ww_fail(err, WW_INVALID, "%s-credential: too long a path", from->key);
        memcpy(out, from->credentials.ptr, from->credentials.len);
        n = from->credentials.len;
        out[n++] = '/';
    }
    if (n + name.len + 1 > PATH_BYTES)
        return ww_fail(err, WW_INVALID, "%s-file: too long a path", from->key);
    memcpy(out + n, name.ptr, name.len);
    out[n + name.len] = '\0';
    return WW_OK;
}

/* ---- programs -------------------------------------------------------------------------------- */

static enum ww_status run_command(const struct secret_source *from, struct secret *out,
                                  struct ww_error *err)
{
    const struct process_call call = {
        .command = from->command,
        .voice = PROCESS_OUTPUT,
        .timeout_ms = COMMAND_TIMEOUT_MS,
    };
    /* Of the command the program alone: what follows may be nobody's business. */
    struct slice program =
        slice_head(slice_trim(from->command), slice_find_char(slice_trim(from->command), ' '));
    struct process_end end;
    struct buf output;
    enum ww_status status;

    buf_init(&output, (size_t)4 * SECRET_MAX_BYTES);
    status = process_run(&call, &output, &end, err);
    if (status == WW_OK && (!end.has_exited || end.exit_status != 0))
        status =
            ww_fail(err, WW_INVALID, "%.*s %s %d", SLICE_ARG(program),
                    end.has_exited ? "ended with status" : "was killed, status", end.exit_status);
    else if (status == WW_OK)
        status = keep_line(buf_slice(&output), "what the program says", out, err);
    if (status != WW_OK)
        (void)ww_context(err, status, "%s-command", from->key);
    if (output.ptr != NULL)
        wipe(output.ptr, output.len);
    buf_release(&output);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum ww_status check_number(const struct secret_source *from, struct ww_error *err)
{
    const int n = (from->command.len > 0) + (from->file.len > 0) + (from->credential.len > 0);

    if (n == 1)
        return WW_OK;
    return ww_fail(err, WW_INVALID,
                   "%s of %s-command, %s-file and %s-credential is set; it wants exactly one",
                   n == 0 ? "none" : "more than one", from->key, from->key, from->key);
}

static enum ww_status open_source(const struct secret_source *from, char path[PATH_BYTES], int *fd,
                                  struct ww_error *err)
{
    const bool is_file = from->file.len > 0;
    enum ww_status status = make_path(from, path, err);

    *fd = -1;
    if (status != WW_OK)
        return status;
    status = open_file(path, is_file ? S_IRWXG | S_IRWXO : S_IRWXO, fd, err);
    return status == WW_OK
               ? WW_OK
               : ww_context(err, status, "%s-%s", from->key, is_file ? "file" : "credential");
}

enum ww_status secret_check(const struct secret_source *from, struct ww_error *err)
{
    char path[PATH_BYTES];
    enum ww_status status = check_number(from, err);
    struct stat info;
    int fd = -1;

    if (status != WW_OK || from->command.len > 0)
        return status;
    status = open_source(from, path, &fd, err);
    if (status == WW_OK && fstat(fd, &info) == 0 && info.st_size == 0)
        status = ww_fail(err, WW_INVALID, "%s: empty: its first line is the %s", path, from->key);
    if (fd >= 0)
        (void)close(fd);
    return status;
}

enum ww_status secret_read(const struct secret_source *from, struct secret *out,
                           struct ww_error *err)
{
    char path[PATH_BYTES];
    enum ww_status status = check_number(from, err);
    int fd = -1;

    secret_wipe(out);
    if (status != WW_OK)
        return status;
    if (from->command.len > 0)
        return run_command(from, out, err);
    status = open_source(from, path, &fd, err);
    if (status == WW_OK)
        status = read_file(fd, path, out, err);
    if (fd >= 0)
        (void)close(fd);
    return status;
}
