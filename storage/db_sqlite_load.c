/*
 * db_sqlite_load.c - a new file that is filled under another name: NAME.copying becomes NAME when
 * it is whole and on the disk.
 *
 * Whoever is killed leaves NAME.copying behind; the next one begins it anew. It is held by
 * flock(2), which SQLite does not use.
 */
#define _GNU_SOURCE /* renameat2 */
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"
#include "storage/catalogue.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".copying"
#define ROW_SLOT (DB_SLOTS - 1)
#define STATEMENT_MAX_BYTES ((size_t)64 * 1024)

struct db_load {
    struct db *db;
    char path[PATH_MAX], temporary[PATH_MAX + sizeof(SUFFIX)];
    int fd; /* of the temporary file + 1: its flock */
    bool is_kept;
    size_t n_columns; /* of the table that is filled */
};

/* ---- the file -------------------------------------------------------------------------------- */

static enum ww_status fail_file(const char *path, struct ww_error *err)
{
    const bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;

    return ww_fail(err, WW_STORE, "%s: %s", path,
                   is_full ? "the disk is full: make room and run again" : strerror(errno));
}

static enum ww_status check_free(const char *path, struct ww_error *err)
{
    struct stat info;

    if (stat(path, &info) != 0)
        return errno == ENOENT ? WW_OK : fail_file(path, err);
    if (S_ISREG(info.st_mode) && info.st_size == 0)
        return WW_OK;
    return ww_fail(
        err, WW_REFUSED,
        "%s is there already, and nothing is written over: name another file, or move it "
        "away",
        path);
}

static enum ww_status hold_file(struct db_load *load, struct ww_error *err)
{
    const int fd = open(load->temporary, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);

    if (fd < 0) /* nothing can be made there */
        return errno == ENOSPC || errno == EDQUOT
                   ? fail_file(load->temporary, err)
                   : ww_fail(err, WW_REFUSED, "%s: %s", load->path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const int failure = errno;

        (void)close(fd);
        errno = failure;
        return failure == EWOULDBLOCK
                   ? ww_fail(err, WW_CONFLICT, "%s is being made by another program", load->path)
                   : fail_file(load->temporary, err);
    }
    load->fd = fd + 1;
    /* What a killed one left. */
    return ftruncate(fd, 0) == 0 ? WW_OK : fail_file(load->temporary, err);
}

static void load_close(struct db_load *load)
{
    if (load == NULL)
        return;
    db_sqlite.close(load->db);
    if (load->fd != 0 && !load->is_kept)
        (void)unlink(load->temporary);
    if (load->fd != 0)
        (void)close(load->fd - 1);
    mem_free(load);
}

static enum ww_status load_open(const struct db_options *options, struct db_load **out,
                                struct db **db, struct ww_error *err)
{
    struct db_options file = {.may_create = true, .is_load = true};
    struct db_load *load = mem_alloc(sizeof(*load));
    enum ww_status status;

    *out = NULL;
    if (load == NULL)
        return ww_fail(err, WW_NOMEM, "%s: out of memory", options->path);
    if (snprintf(load->path, sizeof(load->path), "%s", options->path) >= (int)sizeof(load->path))
        status = ww_fail(err, WW_STORE, "%.64s...: the path is too long", options->path);
    else
        status = check_free(load->path, err);
    (void)snprintf(load->temporary, sizeof(load->temporary), "%s" SUFFIX, load->path);
    if (status == WW_OK)
        status = hold_file(load, err);
    file.path = load->temporary;
    if (status == WW_OK)
        status = db_sqlite.open(&file, &load->db, err);
    if (status == WW_OK)
        status = db_sqlite.begin(load->db, DB_TURN_ROWS, 0, err);
    if (status == WW_OK) {
        *out = load;
        *db = load->db;
    } else {
        load_close(load);
    }
    return status;
}

/* ---- the whole ----------------------------------------------------------------------------------
 */

static enum ww_status check_links(struct db_load *load, struct ww_error *err)
{
    struct db_value line;
    enum ww_status status = db_sqlite.start(load->db, QUERY_CHECK_LINKS, NULL, 0, err);

    if (status == WW_OK)
        status = db_sqlite.next(load->db, QUERY_CHECK_LINKS, &line, 1, err);
    if (status == WW_OK)
        status = ww_fail(err, WW_STORE, "what is copied is damaged: %.*s",
                         SLICE_ARG(slice_head(line.bytes, 120)));
    else if (status == WW_NOT_FOUND)
        status = WW_OK;
    db_sqlite.end(load->db, QUERY_CHECK_LINKS);
    return status;
}

static enum ww_status load_finish(struct db_load *load, const struct catalogue *catalogue,
                                  struct ww_error *err)
{
    WW_UNUSED(catalogue);
    return check_links(load, err);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static enum ww_status load_table(struct db_load *load, const struct db_table *table,
                                 struct ww_error *err)
{
    struct buf text;
    enum ww_status status;

    buf_init(&text, STATEMENT_MAX_BYTES);
    buf_printf(&text, "INSERT INTO \"%.*s\" (", SLICE_ARG(table->name));
    for (size_t i = 0; i < table->n_columns; i++)
        buf_printf(&text, "%s\"%.*s\"", i > 0 ? ", " : "", SLICE_ARG(table->columns[i].name));
    buf_add_string(&text, ") VALUES (");
    for (size_t i = 0; i < table->n_columns; i++)
        buf_printf(&text, "%s$%zu", i > 0 ? ", " : "", i + 1);
    buf_add_char(&text, ')');
    load->n_columns = table->n_columns;
    status = buf_finish(&text, err);
    if (status == WW_OK)
        status = db_sqlite.define(load->db, db_slot(ROW_SLOT), text.ptr, err);
    buf_release(&text);
    return status;
}

static enum ww_status load_row(struct db_load *load, const struct db_value *values,
                               struct ww_error *err)
{
    const enum query slot = db_slot(ROW_SLOT);
    struct db_value unused;
    enum ww_status status = db_sqlite.start(load->db, slot, values, load->n_columns, err);

    if (status == WW_OK)
        status = db_sqlite.next(load->db, slot, &unused, 0, err);
    db_sqlite.end(load->db, slot);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

static enum ww_status load_end_table(struct db_load *load, struct ww_error *err)
{
    WW_UNUSED(load);
    WW_UNUSED(err);
    return WW_OK;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* A name outlives a power cut when its folder is on the disk, too. */
static enum ww_status sync_folder(const char *path, struct ww_error *err)
{
    char folder[PATH_MAX];
    const char *end = strrchr(path, '/');
    const size_t n = end == NULL ? 0 : (size_t)(end - path) + 1;
    int fd, failure;

    (void)snprintf(folder, sizeof(folder), "%.*s", (int)(n > 0 ? n : 1), n > 0 ? path : ".");
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    failure = fd < 0 || fsync(fd) != 0;
    if (fd >= 0)
        (void)close(fd);
    /* Some file systems cannot: then it is as safe as they make it. */
    return failure != 0 && errno != EINVAL && errno != EACCES ? fail_file(folder, err) : WW_OK;
}

/* Nothing that came meanwhile is written over, but an empty file, which may have been there. */
static enum ww_status take_name(const struct db_load *load, struct ww_error *err)
{
    enum ww_status status;

#ifdef RENAME_NOREPLACE
    if (renameat2(AT_FDCWD, load->temporary, AT_FDCWD, load->path, RENAME_NOREPLACE) == 0)
        return WW_OK;
#endif
    status = check_free(load->path, err);
    if (status != WW_OK)
        return status;
    return rename(load->temporary, load->path) == 0 ? WW_OK : fail_file(load->path, err);
}

static enum ww_status load_keep(struct db_load *load, struct ww_error *err)
{
    enum ww_status status = db_sqlite.commit(load->db, err);

    if (status != WW_OK)
        return status;
    db_sqlite.close(load->db);
    load->db = NULL;
    if (fsync(load->fd - 1) != 0)
        return fail_file(load->temporary, err);
    status = take_name(load, err);
    if (status != WW_OK)
        return status;
    load->is_kept = true;
    return sync_folder(load->path, err);
}

const struct db_loading db_sqlite_loading = {
    .driver = &db_sqlite,
    .open = load_open,
    .table = load_table,
    .row = load_row,
    .end_table = load_end_table,
    .finish = load_finish,
    .keep = load_keep,
    .close = load_close,
};
