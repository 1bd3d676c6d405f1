/*
 * backfill_files.c - files and folders as a source: what each one is, is told by its content.
 */
#include "crawler/backfill.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/url.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* How much of a file says what it is. */
#define SNIFF_BYTES 4096

struct walk {
    struct backfill *backfill; /* NULL: files are only counted */
    int64_t n_files;
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

enum file_kind { FILE_HTML, FILE_TEXT, FILE_ADDRESSES, FILE_TABLE, FILE_OTHER };

/* Every line that is not empty or a comment is an address. */
static bool is_address_list(struct slice text)
{
    struct slice line;
    size_t n = 0;

    while (slice_next_line(&text, &line)) {
        line = slice_trim(line);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        if (!url_is_fetchable(line))
            return false;
        n++;
    }
    return n > 0;
}

static bool looks_like_html(struct slice head)
{
    static const char *const signs[] = {"<!doctype html", "<html",  "<head", "<body", "<article",
                                        "<meta",          "<title", "<div",  "<p>",   "<p "};

    if (slice_starts(head, SLICE("\xef\xbb\xbf")))
        head = slice_skip(head, 3);
    if (!slice_starts(slice_trim(head), SLICE("<")))
        return slice_contains_nocase(head, SLICE("<html")) ||
               slice_contains_nocase(head, SLICE("<!doctype html"));
    for (size_t i = 0; i < WW_COUNT(signs); i++)
        if (slice_contains_nocase(head, slice_from(signs[i])))
            return true;
    return false;
}

static bool has_byte_order_mark(struct slice s)
{
    return slice_starts(s, SLICE("\xff\xfe")) || slice_starts(s, SLICE("\xfe\xff"));
}

static enum file_kind tell_kind(struct slice bytes, const char *path)
{
    static const char *const html_names[] = {".html", ".htm", ".xhtml", ".html.gz", ".htm.gz"};
    struct slice head = slice_head(bytes, SNIFF_BYTES);

    for (size_t i = 0; i < WW_COUNT(html_names); i++)
        if (slice_ends_nocase(slice_from(path), slice_from(html_names[i])))
            return FILE_HTML;
    if (looks_like_html(head) || has_byte_order_mark(head))
        return looks_like_html(head) || !has_byte_order_mark(head) ? FILE_HTML : FILE_TEXT;
    if (slice_find_char(head, '\0') < head.len)
        return FILE_OTHER;
    if (is_address_list(bytes))
        return FILE_ADDRESSES;
    return slice_ends_nocase(slice_from(path), SLICE(".csv")) ? FILE_TABLE : FILE_TEXT;
}

static enum ww_status queue_addresses(struct walk *w, struct slice text, struct ww_error *err)
{
    struct slice line;
    enum ww_status status = WW_OK;

    while (status == WW_OK && slice_next_line(&text, &line) && !is_stopped(w)) {
        line = slice_trim(line);
        if (line.len > 0 && line.ptr[0] != '#')
            status = backfill_queue(w->backfill, line, err);
    }
    return status;
}

/* A spreadsheet of addresses: the column is called url, or link as other tools have it. */
static enum ww_status queue_table(struct walk *w, struct slice bytes, const char *path,
                                  struct ww_error *err)
{
    struct csv_table table;
    struct ww_error why = {0};
    size_t column;
    enum ww_status status = csv_parse(bytes, path, &w->arena, &table, &why);

    if (status == WW_OK) {
        column = csv_column(&table, SLICE("url"));
        if (column == table.header.n_cells)
            column = csv_column(&table, SLICE("link"));
        if (column == table.header.n_cells)
            status = ww_fail(&why, WW_INVALID, "no column url or link");
    }
    if (status != WW_OK) {
        lose(w, slice_from(path), BACKFILL_NOT_READ, &why);
        return WW_OK;
    }
    for (size_t i = 0; status == WW_OK && i < table.n_rows && !is_stopped(w); i++) {
        struct slice url = csv_cell(&table.rows[i], column);

        if (url_is_fetchable(url))
            status = backfill_queue(w->backfill, url, err);
        else
            lose(w, slice_from(path), BACKFILL_NOT_READ, NULL);
    }
    return status;
}

static enum ww_status visit_file(struct walk *w, const char *path, struct ww_error *err)
{
    struct backfill_document document = {.place = slice_from(path)};
    enum backfill_end end = BACKFILL_UNREADABLE;
    struct ww_error why = {0};
    enum ww_status status;

    w->n_files++;
    if (w->backfill == NULL)
        return WW_OK;
    buf_reset(&w->bytes);
    status = file_read(path, &w->bytes, &why);
    if (status == WW_TOO_BIG)
        end = BACKFILL_TOO_BIG;
    arena_reset(&w->arena);
    document.bytes = buf_slice(&w->bytes);
    if (status == WW_OK && inflate_is_gzip(document.bytes)) {
        status =
            inflate_all(document.bytes, BODY_INFLATED_MAX_BYTES, &w->arena, &document.bytes, &why);
        end = status == WW_TOO_BIG ? BACKFILL_TOO_BIG : BACKFILL_DAMAGED;
    }
    if (status == WW_OK && slice_trim(document.bytes).len == 0) {
        status = ww_fail(&why, WW_INVALID, "an empty file");
        end = BACKFILL_EMPTY;
    }
    if (status != WW_OK) {
        lose(w, document.place, end, &why);
        return WW_OK;
    }
    switch (tell_kind(document.bytes, path)) {
    case FILE_HTML:
        document.content_type = SLICE("text/html");
        return backfill_offer(w->backfill, &document, err);
    case FILE_TEXT:
        document.content_type = SLICE("text/plain");
        return backfill_offer(w->backfill, &document, err);
    case FILE_ADDRESSES:
        return queue_addresses(w, document.bytes, err);
    case FILE_TABLE:
        return queue_table(w, document.bytes, path, err);
    case FILE_OTHER:
        lose(w, document.place, BACKFILL_NOT_READ, NULL);
        break;
    }
    return WW_OK;
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

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of a folder in order, so that two backfills go the same way. */
static enum ww_status list_folder(const char *path, struct arena *arena, char ***names, size_t *n,
                                  struct ww_error *err)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    size_t capacity = 0;

    *names = NULL;
    *n = 0;
    if (dir == NULL)
        return ww_fail(err, WW_NOT_FOUND, "%s", strerror(errno));
    while ((entry = readdir(dir)) != NULL) {
        char **grown;

        if (entry->d_name[0] == '.')
            continue;
        grown = arena_grow(arena, *names, *n, &capacity, sizeof(char *));
        if (grown == NULL)
            break;
        *names = grown;
        grown[*n] = arena_string(arena, slice_from(entry->d_name));
        *n += grown[*n] != NULL;
    }
    (void)closedir(dir);
    if (*n > 1)
        qsort(*names, *n, sizeof(char *), compare_names);
    return arena_check(arena, err);
}

/* A link to a folder is not followed: it could lead in a circle. */
static enum ww_status visit_name(struct walk *w, const char *folder, const char *name,
                                 struct ww_error *err)
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
    struct arena arena;
    struct ww_error why = {0};
    char **names = NULL;
    size_t n = 0;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = list_folder(path, &arena, &names, &n, &why);
    if (status == WW_NOT_FOUND) {
        lose(w, slice_from(path), BACKFILL_UNREADABLE, &why);
        status = WW_OK;
    } else if (status != WW_OK) {
        status = ww_fail(err, status, "%s", why.message);
    }
    for (size_t i = 0; status == WW_OK && i < n && !is_stopped(w); i++)
        status = visit_name(w, path, names[i], err);
    arena_release(&arena);
    return status;
}

static enum ww_status visit_path(struct walk *w, const char *path, struct ww_error *err)
{
    struct stat about;
    enum ww_status status;

    if (stat(path, &about) != 0)
        return ww_fail(err, WW_NOT_FOUND, "%s: %s", path, strerror(errno));
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
