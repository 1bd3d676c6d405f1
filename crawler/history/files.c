/*
 * files.c - files and folders as a source: what each one is, is told by its content.
 */
#include "crawler/history/documents.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crawler/history/file_kind.h"
#include "crawler/history/folder.h"
#include "crawler/history/lists.h"
#include "crawler/history/mailbox.h"
#include "crawler/history/wacz.h"
#include "crawler/history/warc.h"
#include "crawler/mail_article.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct walk {
    struct backfill *backfill; /* NULL: files are only counted */
    int64_t n_files;
    bool is_whole; /* the file in hand: not stopped within it */
    struct buf bytes;
    struct arena arena; /* of one file */
    char **folders;     /* still to be read, as paths */
    size_t n_folders, folders_capacity;
};

static bool is_stopped(const struct walk *w)
{
    return w->backfill != NULL && backfill_is_stopped(w->backfill);
}

static void lose(struct walk *w, struct slice place, enum backfill_end end,
                 const struct ww_error *why)
{
    if (w->backfill != NULL)
        backfill_count_end(w->backfill, place, end, why);
}

/* ---- one file ------------------------------------------------------------------------------- */

/* All of it, unpacked; empty when it cannot be had, which is counted. */
static struct slice read_whole(struct walk *w, const char *path)
{
    enum backfill_end end = BACKFILL_UNREADABLE;
    struct ww_error why = {0};
    struct slice bytes;
    enum ww_status status;

    buf_reset(&w->bytes);
    status = file_read(path, &w->bytes, &why);
    if (status == WW_TOO_BIG)
        end = BACKFILL_TOO_BIG;
    bytes = buf_slice(&w->bytes);
    if (status == WW_OK && inflate_is_gzip(bytes)) {
        status = inflate_all(bytes, w->bytes.max_bytes, &w->arena, &bytes, &why);
        end = status == WW_TOO_BIG ? BACKFILL_TOO_BIG : BACKFILL_DAMAGED;
    }
    if (status == WW_OK && slice_trim(bytes).len == 0) {
        status = ww_fail(&why, WW_INVALID, "an empty file");
        end = BACKFILL_EMPTY;
    }
    if (status == WW_OK)
        return bytes;
    lose(w, slice_from(path), end, &why);
    return (struct slice){"", 0};
}

static enum ww_status read_document(struct walk *w, const char *path, const char *content_type,
                                    struct ww_error *err)
{
    const struct backfill_document document = {.bytes = read_whole(w, path),
                                               .place = slice_from(path),
                                               .content_type = slice_from(content_type)};

    return document.bytes.len > 0 ? backfill_offer(w->backfill, &document, err) : WW_OK;
}

static enum ww_status read_list(struct walk *w, const char *path, enum file_kind kind,
                                struct ww_error *err)
{
    struct slice bytes;

    w->bytes.max_bytes = CSV_FILE_MAX_BYTES;
    bytes = read_whole(w, path);
    w->bytes.max_bytes = BODY_INFLATED_MAX_BYTES;
    if (bytes.len == 0)
        return WW_OK;
    return kind == FILE_TABLE
               ? lists_read_table(w->backfill, bytes, path, &w->arena, &w->is_whole, err)
               : lists_read_addresses(w->backfill, bytes, path, &w->arena, &w->is_whole, err);
}

static enum ww_status read_warc(struct walk *w, const char *path, int64_t from,
                                struct ww_error *err)
{
    enum ww_status status = warc_file_documents(w->backfill, path, from, &w->is_whole, err);

    if (status != WW_UNREACHABLE)
        return status;
    lose(w, slice_from(path), BACKFILL_UNREADABLE, err);
    w->is_whole = true;
    return WW_INVALID;
}

/* What is in it, to the workers or into the store. WW_INVALID: not to its end, for its row. */
static enum ww_status read_file(struct walk *w, const char *path, enum file_kind kind,
                                const struct file_head *head, int64_t from, struct ww_error *err)
{
    switch (kind) {
    case FILE_HTML:
        return read_document(w, path, "text/html", err);
    case FILE_TEXT:
        return read_document(w, path, "text/plain", err);
    case FILE_MAIL:
        return read_document(w, path, MAIL_CONTENT_TYPE, err);
    case FILE_MAILBOX:
        return mailbox_read_file(w->backfill, path, head->is_packed, from, &w->is_whole, err);
    case FILE_WARC:
        return read_warc(w, path, from, err);
    case FILE_ADDRESSES:
    case FILE_TABLE:
        return read_list(w, path, kind, err);
    case FILE_WACZ:
    case FILE_OTHER:
    case FILE_KIND_COUNT:
        break;
    }
    lose(w, slice_from(path), BACKFILL_NOT_READ, NULL);
    return WW_OK;
}

static enum ww_status visit_file(struct walk *w, const char *path, struct ww_error *err)
{
    struct file_head head = {0};
    enum file_kind kind = FILE_TEXT;
    struct ww_error why = {0};
    int64_t from = 0;
    enum ww_status status;

    w->n_files++;
    if (w->backfill == NULL)
        return WW_OK;
    arena_reset(&w->arena);
    status = file_head_read(path, &w->arena, &head, err);
    if (status == WW_NOMEM)
        return status;
    if (status == WW_OK)
        kind = file_kind_tell(&head, path, &w->arena);
    if (kind == FILE_WACZ) /* the files in it are the backfill's */
        return wacz_documents(w->backfill, path, &w->is_whole, err);
    status = backfill_begin_file(w->backfill, slice_from(path), slice_from(file_kind_format(kind)),
                                 &from, err);
    if (status == WW_NOT_FOUND)
        return WW_OK;
    w->is_whole = true;
    if (status == WW_OK)
        status = read_file(w, path, kind, &head, from, &why);
    if (status != WW_OK && status != WW_INVALID)
        return ww_fail(err, status, "%s", why.message);
    return w->is_whole ? backfill_end_file(w->backfill, status == WW_OK ? NULL : &why, err) : WW_OK;
}

/* ---- folders -------------------------------------------------------------------------------- */

/* path is taken over. */
static enum ww_status push_folder(struct walk *w, char *path, struct ww_error *err)
{
    char **folders = path != NULL
                         ? mem_grow(w->folders, w->n_folders, &w->folders_capacity, sizeof(char *))
                         : NULL;

    if (folders == NULL) {
        mem_free(path);
        return ww_fail(err, WW_NOMEM, "out of memory");
    }
    w->folders = folders;
    folders[w->n_folders++] = path;
    return WW_OK;
}

/*
 * In the folder of a Maildir mails stand in cur and new; other folders of mails in it begin with a
 * dot. What is in tmp is not whole, and its files are of mail servers.
 */
static bool is_left_out(const char *path, const char *name, bool is_maildir, bool is_folder)
{
    if (!is_maildir)
        return false;
    return !is_folder || strcmp(name, "tmp") == 0 || (name[0] == '.' && !folder_is_maildir(path));
}

/* A link to a folder is not followed: it could lead in a circle. */
static enum ww_status visit_name(struct walk *w, const char *folder, const char *name,
                                 bool is_maildir, struct ww_error *err)
{
    struct stat about;
    struct buf path;
    enum ww_status status;

    buf_init(&path, PATH_MAX_BYTES);
    buf_printf(&path, "%s/%s", folder, name);
    status = buf_finish(&path, NULL);
    if (status != WW_OK || lstat(path.ptr, &about) != 0) {
        lose(w, slice_from(name), BACKFILL_UNREADABLE, NULL);
        status = WW_OK;
    } else if (is_left_out(path.ptr, name, is_maildir, S_ISDIR(about.st_mode))) {
        status = WW_OK;
    } else if (S_ISDIR(about.st_mode)) {
        status = push_folder(w, mem_string(path.ptr, path.len), err);
    } else if (stat(path.ptr, &about) == 0 && S_ISREG(about.st_mode)) {
        status = visit_file(w, path.ptr, err);
    }
    buf_release(&path);
    return status;
}

static enum ww_status visit_folder(struct walk *w, const char *path, struct ww_error *err)
{
    const bool is_maildir = folder_is_maildir(path);
    struct folder folder;
    struct ww_error why = {0};
    enum ww_status status;

    folder_init(&folder, is_maildir);
    do {
        status = folder_next(&folder, path, &why);
        if (status == WW_NOT_FOUND) {
            lose(w, slice_from(path), BACKFILL_UNREADABLE, &why);
            status = WW_OK;
        } else if (status != WW_OK) {
            status = ww_fail(err, status, "%s", why.message);
        }
        for (size_t i = 0; status == WW_OK && i < folder.n_names && !is_stopped(w); i++)
            status = visit_name(w, path, folder.names[i], is_maildir, err);
    } while (status == WW_OK && folder.n_names > 0 && !is_stopped(w));
    folder_release(&folder);
    return status;
}

/*
 * It was there when the backfill was ordered. If it was a file and read, nothing is missing; else
 * its row says what is. What else was ordered goes on.
 */
static enum ww_status visit_nothing(struct walk *w, const char *path, int failure,
                                    struct ww_error *err)
{
    struct ww_error why = {0};
    int64_t from = 0;
    enum ww_status status = WW_OK;

    (void)ww_fail(&why, WW_NOT_FOUND, "%s", strerror(failure));
    arena_reset(&w->arena);
    if (w->backfill != NULL)
        status = backfill_begin_file(w->backfill, slice_from(path),
                                     slice_from(file_kind_format(FILE_OTHER)), &from, err);
    if (w->backfill == NULL || status == WW_NOT_FOUND)
        return WW_OK;
    if (status == WW_OK)
        lose(w, slice_from(path), BACKFILL_UNREADABLE, &why);
    return status == WW_OK ? backfill_end_file(w->backfill, &why, err) : status;
}

static enum ww_status visit_path(struct walk *w, const char *path, struct ww_error *err)
{
    struct stat about;
    enum ww_status status;

    if (stat(path, &about) != 0)
        return visit_nothing(w, path, errno, err);
    if (!S_ISDIR(about.st_mode))
        return visit_file(w, path, err);
    status = push_folder(w, mem_string(path, strlen(path)), err);
    while (status == WW_OK && w->n_folders > 0 && !is_stopped(w)) {
        char *folder = w->folders[--w->n_folders];

        status = visit_folder(w, folder, err);
        mem_free(folder);
    }
    return status;
}

static enum ww_status walk(struct walk *w, const char *const *paths, size_t n_paths,
                           struct ww_error *err)
{
    enum ww_status status = WW_OK;

    buf_init(&w->bytes, BODY_INFLATED_MAX_BYTES);
    arena_init(&w->arena, DOCUMENT_ARENA_MAX_BYTES);
    for (size_t i = 0; status == WW_OK && i < n_paths && !is_stopped(w); i++)
        status = visit_path(w, paths[i], err);
    while (w->n_folders > 0)
        mem_free(w->folders[--w->n_folders]);
    mem_free(w->folders);
    buf_release(&w->bytes);
    arena_release(&w->arena);
    return status;
}

enum ww_status backfill_files(struct backfill *b, const char *const *paths, size_t n_paths,
                              struct ww_error *err)
{
    struct walk w = {.backfill = b};

    return walk(&w, paths, n_paths, err);
}

enum ww_status backfill_files_count(const char *const *paths, size_t n_paths, int64_t *n_files,
                                    struct ww_error *err)
{
    struct walk w = {.backfill = NULL};
    enum ww_status status = walk(&w, paths, n_paths, err);

    *n_files = w.n_files;
    return status;
}
