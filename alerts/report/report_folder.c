/* report_folder.c - what is in place, what is replaced, what goes. */
#include "alerts/report/report_folder.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER "wirewatch-report 1"
#define TEMPORARY REPORT_MANIFEST ".tmp"
#define PAGE_MODE 0644
#define FOLDER_MODE 0755
#define HEX_DIGITS 16
#define SLUG_WORD_BYTES 40

/* The folders inside, made at once: no page is renamed through a link that somebody put there. */
static const char *const folders[] = {"days", "item", "story"};

static enum ww_status fail(const struct report_folder *f, const char *name, struct ww_error *err)
{
    return ww_fail(err, WW_STORE, "%s/%s: %s", f->path, name, strerror(errno));
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* As we write them: nothing that leads out of the folder, nothing hidden. */
static bool is_own_name(struct slice name)
{
    bool begins = true;
    size_t n_slashes = 0;

    for (size_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];

        if (c == '/')
            n_slashes++;
        else if (!is_plain(c) && c != '.')
            return false;
        if (begins && (c == '.' || c == '/'))
            return false;
        begins = c == '/';
    }
    return name.len > 0 && !begins && n_slashes <= 1 &&
           (slice_ends(name, SLICE(".html")) || slice_ends(name, SLICE(".css")));
}

/* What some disks keep for devices: "con.html" cannot be copied there. */
static bool is_device(struct slice s)
{
    static const char *const names[] = {"aux", "con", "nul", "prn"};

    for (size_t i = 0; i < WW_COUNT(names); i++)
        if (slice_equal(s, slice_from(names[i])))
            return true;
    return s.len == 4 && (slice_starts(s, SLICE("com")) || slice_starts(s, SLICE("lpt")));
}

const char *report_slug(struct slice id, char out[REPORT_SLUG_BYTES])
{
    bool is_same = id.len > 0 && id.len <= SLUG_WORD_BYTES && !is_device(id) && id.ptr[0] != '-';
    size_t n = 0;

    for (size_t i = 0; i < id.len && is_same; i++)
        is_same = is_plain(id.ptr[i]);
    if (is_same) {
        (void)snprintf(out, REPORT_SLUG_BYTES, "%.*s", SLICE_ARG(id));
        return out;
    }
    if (is_device(id)) {
        out[n++] = 'x';
        out[n++] = '-';
    }
    for (size_t i = 0; i < id.len && n < SLUG_WORD_BYTES; i++) {
        const char c = ascii_lower(id.ptr[i]);

        if (is_plain(c) && (n > 0 || c != '-'))
            out[n++] = c;
    }
    if (n == 0)
        out[n++] = 'x';
    (void)snprintf(out + n, REPORT_SLUG_BYTES - n, ".%016" PRIx64, hash64(id));
    return out;
}

/* ---- the list -------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const struct report_file *x = a, *y = b;

    return slice_compare(x->name, y->name);
}

static int by_name_and_line(const void *a, const void *b)
{
    const struct report_file *x = a, *y = b;
    const int order = by_name(a, b);

    return order != 0 ? order : (x->name.ptr > y->name.ptr) - (x->name.ptr < y->name.ptr);
}

static bool read_hex(struct slice *rest, uint64_t *out)
{
    struct slice word;

    *out = 0;
    if (!slice_next(rest, ' ', &word) || word.len != HEX_DIGITS)
        return false;
    for (size_t i = 0; i < word.len; i++) {
        const int digit = ascii_hex(word.ptr[i]);

        if (digit < 0)
            return false;
        *out = *out << 4 | (uint64_t)digit;
    }
    return true;
}

/* Of a page that was written again before the list was made anew, the last line counts. */
static void unite(struct report_folder *f)
{
    size_t n = 0;

    if (f->n_old > 0)
        qsort(f->old, f->n_old, sizeof(*f->old), by_name_and_line);
    for (size_t i = 0; i < f->n_old; i++) {
        if (n > 0 && slice_equal(f->old[n - 1].name, f->old[i].name))
            n--;
        f->old[n++] = f->old[i];
    }
    f->n_old = n;
}

/* "KEY HASH BYTES NAME"; a line that is none is passed over: its page is no longer ours. */
static bool read_line(struct slice line, struct report_file *out)
{
    unsigned long long n_bytes = 0;
    struct slice word;

    *out = (struct report_file){0};
    if (!read_hex(&line, &out->key) || !read_hex(&line, &out->hash) ||
        !slice_next(&line, ' ', &word) || !slice_number(word, REPORT_PAGE_MAX_BYTES, &n_bytes))
        return false;
    out->n_bytes = n_bytes;
    out->name = line;
    return is_own_name(line);
}

static enum ww_status parse_list(struct report_folder *f, struct slice text, struct ww_error *err)
{
    struct slice line;
    size_t room = 0;

    if (text.len == 0) /* after a power cut: ours, and every page is made anew */
        return WW_OK;
    if (!slice_next_line(&text, &line) || !slice_equal(line, SLICE(HEADER)))
        return ww_fail(err, WW_REFUSED,
                       "%s/" REPORT_MANIFEST " is of another version of wirewatch: name another "
                       "folder, or remove this one",
                       f->path);
    while (slice_next_line(&text, &line)) {
        struct report_file file;

        if (!read_line(line, &file))
            continue;
        f->old = arena_grow(f->arena, f->old, f->n_old, &room, sizeof(*f->old));
        if (f->old == NULL)
            return arena_check(f->arena, err);
        f->old[f->n_old++] = file;
    }
    unite(f);
    return WW_OK;
}

static enum ww_status read_list(struct report_folder *f, int fd, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    struct buf text;
    ssize_t n = 1;

    buf_init(&text, REPORT_MANIFEST_MAX_BYTES);
    while (status == WW_OK && n > 0) {
        char block[16384];

        n = read(fd, block, sizeof(block));
        if (n < 0)
            status = fail(f, REPORT_MANIFEST, err);
        else
            buf_add(&text, slice_of(block, (size_t)n));
    }
    if (status == WW_OK)
        status = buf_finish(&text, err);
    if (status == WW_OK)
        status = parse_list(f, arena_copy(f->arena, buf_slice(&text)), err);
    buf_release(&text);
    return status;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* What may lie in a folder before the first report: the feed of alerts that runs put there. */
static bool is_welcome(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, TEMPORARY) == 0 ||
           slice_ends(slice_from(name), SLICE(".atom"));
}

static enum ww_status check_is_empty(const struct report_folder *f, struct ww_error *err)
{
    const int fd = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *e = NULL;
    bool is_empty = true;

    if (d == NULL) {
        if (fd >= 0)
            (void)close(fd);
        return fail(f, ".", err);
    }
    while (is_empty && (e = readdir(d)) != NULL)
        is_empty = is_welcome(e->d_name);
    (void)closedir(d);
    return is_empty ? WW_OK
                    : ww_fail(err, WW_REFUSED,
                              "%s is not empty and holds no report of wirewatch: nothing was "
                              "written; name an empty or a new folder",
                              f->path);
}

static enum ww_status write_file(struct report_folder *f, const char *name, struct slice bytes,
                                 struct ww_error *err)
{
    const int fd =
        openat(f->fd, TEMPORARY, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, PAGE_MODE);
    bool is_good = fd >= 0;

    while (is_good && bytes.len > 0) {
        const ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n > 0)
            bytes = slice_skip(bytes, (size_t)n);
        else
            is_good = n < 0 && errno == EINTR;
    }
    /* Whatever the umask, which keeps the store to its owner: a web server reads them. */
    if (is_good && fchmod(fd, PAGE_MODE) != 0)
        is_good = false;
    /* A page that is lost is made again; without the list nobody would know what is ours. */
    if (is_good && strcmp(name, REPORT_MANIFEST) == 0 && fsync(fd) != 0)
        is_good = false;
    if (fd >= 0 && close(fd) != 0)
        is_good = false;
    if (is_good && renameat(f->fd, TEMPORARY, f->fd, name) == 0)
        return WW_OK;
    (void)fail(f, name, err);
    if (fd >= 0)
        (void)unlinkat(f->fd, TEMPORARY, 0);
    return WW_STORE;
}

/* One that we made: as its pages, whatever the umask. */
static bool open_to_all(const struct report_folder *f, const char *name)
{
    const int fd = openat(f->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    const bool is_good = fd >= 0 && fchmod(fd, FOLDER_MODE) == 0;

    if (fd >= 0)
        (void)close(fd);
    return is_good;
}

static enum ww_status make_folders(const struct report_folder *f, struct ww_error *err)
{
    for (size_t i = 0; i < WW_COUNT(folders); i++) {
        struct stat st;

        const bool is_new = mkdirat(f->fd, folders[i], FOLDER_MODE) == 0;

        if (!is_new && errno != EEXIST)
            return fail(f, folders[i], err);
        if (fstatat(f->fd, folders[i], &st, AT_SYMLINK_NOFOLLOW) != 0)
            return fail(f, folders[i], err);
        if (!S_ISDIR(st.st_mode))
            return ww_fail(err, WW_REFUSED, "%s/%s is no folder", f->path, folders[i]);
        if (is_new && !open_to_all(f, folders[i]))
            return fail(f, folders[i], err);
    }
    return WW_OK;
}

enum ww_status report_folder_open(struct report_folder *f, const char *path, struct arena *arena,
                                  struct ww_error *err)
{
    bool is_new;
    enum ww_status status;
    int fd;

    *f = (struct report_folder){.fd = -1, .list_fd = -1, .path = path, .arena = arena};
    is_new = mkdir(path, FOLDER_MODE) == 0;
    if (!is_new && errno != EEXIST)
        return ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
    f->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (f->fd < 0 || (is_new && fchmod(f->fd, FOLDER_MODE) != 0))
        return ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
    if (flock(f->fd, LOCK_EX | LOCK_NB) != 0)
        return ww_fail(err, WW_CONFLICT, "%s: another wirewatch is writing this report", path);
    fd = openat(f->fd, REPORT_MANIFEST, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno != ENOENT)
        return fail(f, REPORT_MANIFEST, err);
    if (fd < 0) {
        status = check_is_empty(f, err);
        /* First of all: what is half written is known for ours the next time. */
        if (status == WW_OK)
            status = write_file(f, REPORT_MANIFEST, SLICE(HEADER "\n"), err);
    } else {
        status = read_list(f, fd, err);
        (void)close(fd);
    }
    if (status == WW_OK)
        status = make_folders(f, err);
    if (status != WW_OK)
        return status;
    f->list_fd = openat(f->fd, REPORT_MANIFEST, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    return f->list_fd >= 0 ? WW_OK : fail(f, REPORT_MANIFEST, err);
}

void report_folder_close(struct report_folder *f)
{
    if (f->list_fd >= 0)
        (void)close(f->list_fd);
    f->list_fd = -1;
    if (f->fd >= 0)
        (void)close(f->fd);
    f->fd = -1;
}

/* ---- pages ----------------------------------------------------------------------------------- */

static struct report_file *find_old(const struct report_folder *f, struct slice name)
{
    const struct report_file key = {.name = name};

    return f->n_old == 0 ? NULL : bsearch(&key, f->old, f->n_old, sizeof(*f->old), by_name);
}

/* Is it there, and as long as it was? */
static bool is_in_place(const struct report_folder *f, const struct report_file *file)
{
    char name[REPORT_SLUG_BYTES + 32];
    struct stat st;

    if (file->name.len >= sizeof(name))
        return false;
    (void)snprintf(name, sizeof(name), "%.*s", SLICE_ARG(file->name));
    return fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
           (uint64_t)st.st_size == file->n_bytes;
}

static bool add_fresh(struct report_folder *f, const struct report_file *file)
{
    struct report_file *rows =
        arena_grow(f->arena, f->fresh, f->n_fresh, &f->fresh_room, sizeof(*rows));

    if (rows == NULL)
        return false;
    f->fresh = rows;
    f->fresh[f->n_fresh++] = *file;
    return true;
}

bool report_folder_keep(struct report_folder *f, struct slice name, uint64_t key)
{
    struct report_file *old = find_old(f, name);

    if (key == 0 || old == NULL || old->key != key || !is_in_place(f, old) || !add_fresh(f, old))
        return false;
    old->is_used = true;
    f->n_kept++;
    return true;
}

static void add_line(const struct report_file *file, struct buf *out)
{
    buf_printf(out, "%016" PRIx64 " %016" PRIx64 " %" PRIu64 " ", file->key, file->hash,
               file->n_bytes);
    buf_add(out, file->name);
    buf_add_char(out, '\n');
}

static enum ww_status note(struct report_folder *f, const struct report_file *file,
                           struct ww_error *err)
{
    enum ww_status status;
    struct buf line;

    buf_init(&line, REPORT_MANIFEST_MAX_BYTES);
    add_line(file, &line);
    status = buf_finish(&line, err);
    if (status == WW_OK && write(f->list_fd, line.ptr, line.len) != (ssize_t)line.len)
        status = fail(f, REPORT_MANIFEST, err);
    buf_release(&line);
    return status;
}

enum ww_status report_folder_write(struct report_folder *f, struct slice name, uint64_t key,
                                   struct slice bytes, struct ww_error *err)
{
    struct report_file *old = find_old(f, name);
    const struct report_file file = {.name = arena_copy(f->arena, name),
                                     .key = key,
                                     .hash = hash64(bytes),
                                     .n_bytes = bytes.len};
    const char *path = arena_string(f->arena, name);
    enum ww_status status;

    if (!is_own_name(name))
        return ww_fail(err, WW_INVALID, "\"%.*s\" is no name of a page", SLICE_ARG(name));
    if (path == NULL || file.name.ptr == NULL || !add_fresh(f, &file))
        return arena_check(f->arena, err);
    if (old != NULL)
        old->is_used = true;
    if (old != NULL && old->hash == file.hash && old->n_bytes == file.n_bytes &&
        is_in_place(f, old)) {
        f->n_kept++;
        return WW_OK;
    }
    f->n_written++;
    status = write_file(f, path, bytes, err);
    /* Behind it: what the list says of a page was there once. */
    return status == WW_OK ? note(f, &file, err) : status;
}

enum ww_status report_folder_finish(struct report_folder *f, bool is_complete, struct ww_error *err)
{
    enum ww_status status;
    struct buf text;

    buf_init(&text, REPORT_MANIFEST_MAX_BYTES);
    buf_add_string(&text, HEADER "\n");
    for (size_t i = 0; i < f->n_fresh; i++)
        add_line(&f->fresh[i], &text);
    for (size_t i = 0; i < f->n_old; i++) {
        const char *path = arena_string(f->arena, f->old[i].name);

        if (f->old[i].is_used || path == NULL)
            continue;
        if (!is_complete)
            add_line(&f->old[i], &text);
        else if (unlinkat(f->fd, path, 0) == 0)
            f->n_removed++;
    }
    status = buf_finish(&text, err);
    if (status == WW_OK)
        status = write_file(f, REPORT_MANIFEST, buf_slice(&text), err);
    buf_release(&text);
    return status;
}
