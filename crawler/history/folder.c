/* folder.c - the smallest names behind the last one. */
#include "crawler/history/folder.h"

#include "base/buf.h"
#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void folder_init(struct folder *f, bool has_hidden)
{
    *f = (struct folder){.has_hidden = has_hidden};
    for (size_t i = 0; i < 2; i++)
        arena_init(&f->arenas[i], LISTS_ARENA_MAX_BYTES);
}

void folder_release(struct folder *f)
{
    for (size_t i = 0; i < 2; i++)
        arena_release(&f->arenas[i]);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names, and the one behind which they begin, into the other arena: what was dropped goes. */
static enum ww_status move(struct folder *f, char *const *names, size_t n, struct ww_error *err)
{
    struct arena *to = &f->arenas[1 - f->current];
    char **moved;

    arena_reset(to);
    moved = arena_array(to, (size_t)2 * FOLDER_BATCH_NAMES, sizeof(*moved));
    for (size_t i = 0; moved != NULL && i < n; i++)
        moved[i] = arena_string(to, slice_from(names[i]));
    if (f->after != NULL)
        f->after = arena_string(to, slice_from(f->after));
    f->names = moved;
    f->n_names = n;
    f->current = 1 - f->current;
    return arena_check(to, err);
}

/* Room for as many again: the greater half goes. */
static enum ww_status halve(struct folder *f, struct ww_error *err)
{
    qsort(f->names, f->n_names, sizeof(char *), compare_names);
    f->is_over = false;
    return move(f, f->names, FOLDER_BATCH_NAMES, err);
}

static bool is_meant(const struct folder *f, const char *name, const char *last)
{
    if (name[0] == '.' && (!f->has_hidden || strcmp(name, ".") == 0 || strcmp(name, "..") == 0))
        return false;
    return (f->after == NULL || strcmp(name, f->after) > 0) &&
           (last == NULL || strcmp(name, last) < 0);
}

static enum ww_status read_names(struct folder *f, DIR *dir, struct ww_error *err)
{
    const char *last = NULL; /* of the batch, once it is full */
    const struct dirent *entry;
    enum ww_status status = WW_OK;

    while (status == WW_OK && (entry = readdir(dir)) != NULL) {
        struct arena *arena = &f->arenas[f->current];

        if (!is_meant(f, entry->d_name, last))
            continue;
        f->names[f->n_names++] = arena_string(arena, slice_from(entry->d_name));
        status = arena_check(arena, err);
        if (status == WW_OK && f->n_names == (size_t)2 * FOLDER_BATCH_NAMES)
            status = halve(f, err);
        if (status == WW_OK && !f->is_over)
            last = f->names[FOLDER_BATCH_NAMES - 1];
    }
    return status;
}

enum ww_status folder_next(struct folder *f, const char *path, struct ww_error *err)
{
    DIR *dir;
    enum ww_status status;

    if (f->n_names > 0)
        f->after = f->names[f->n_names - 1];
    if (f->is_over) {
        f->n_names = 0;
        return WW_OK;
    }
    status = move(f, NULL, 0, err);
    dir = status == WW_OK ? opendir(path) : NULL;
    if (dir == NULL)
        return status != WW_OK ? status : ww_fail(err, WW_NOT_FOUND, "%s", strerror(errno));
    f->is_over = true;
    status = read_names(f, dir, err);
    (void)closedir(dir);
    if (status != WW_OK)
        return status;
    qsort(f->names, f->n_names, sizeof(char *), compare_names);
    if (f->n_names > FOLDER_BATCH_NAMES) {
        f->n_names = FOLDER_BATCH_NAMES;
        f->is_over = false;
    }
    return WW_OK;
}

static bool has_folder(const char *path, const char *name)
{
    struct stat about;
    struct buf joined;
    bool found;

    buf_init(&joined, PATH_MAX_BYTES);
    buf_printf(&joined, "%s/%s", path, name);
    found = buf_finish(&joined, NULL) == WW_OK && stat(joined.ptr, &about) == 0 &&
            S_ISDIR(about.st_mode);
    buf_release(&joined);
    return found;
}

bool folder_is_maildir(const char *path)
{
    return has_folder(path, "cur") && has_folder(path, "new");
}
