/* pages.c - a folder's files by way of an arena that each page takes anew. */
#include "tests/support/pages.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/inflate.h"
#include "base/limits.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

struct pages {
    DIR *dir;
    const char *folder;
    struct arena arena;
};

struct pages *pages_open(const char *folder)
{
    DIR *dir = folder == NULL ? NULL : opendir(folder);
    struct pages *p = dir == NULL ? NULL : calloc(1, sizeof(*p));

    if (p == NULL) {
        if (dir != NULL)
            (void)closedir(dir);
        return NULL;
    }
    p->dir = dir;
    p->folder = folder;
    arena_init(&p->arena, (size_t)8 * BODY_INFLATED_MAX_BYTES);
    return p;
}

void pages_close(struct pages *p)
{
    if (p == NULL)
        return;
    (void)closedir(p->dir);
    arena_release(&p->arena);
    free(p);
}

static struct slice read_whole(const char *path, struct arena *arena)
{
    FILE *f = fopen(path, "rb");
    struct buf bytes;
    struct slice out = {0};
    char piece[65536];
    size_t n;

    if (f == NULL)
        return out;
    buf_init(&bytes, BODY_INFLATED_MAX_BYTES);
    while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
        buf_add(&bytes, slice_of(piece, n));
    (void)fclose(f);
    if (buf_finish(&bytes, NULL) == WW_OK)
        out = arena_copy(arena, buf_slice(&bytes));
    buf_release(&bytes);
    if (inflate_is_gzip(out) &&
        inflate_all(out, BODY_INFLATED_MAX_BYTES, arena, &out, NULL) != WW_OK)
        return (struct slice){0};
    return out;
}

bool pages_next(struct pages *p, struct page *out)
{
    const struct dirent *entry;

    while ((entry = readdir(p->dir)) != NULL) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        arena_reset(&p->arena);
        (void)snprintf(path, sizeof(path), "%s/%s", p->folder, entry->d_name);
        out->name = entry->d_name;
        out->raw = read_whole(path, &p->arena);
        if (out->raw.len > 0 &&
            charset_decode(out->raw, charset_detect(out->raw, CHARSET_HTML, (struct slice){"", 0}),
                           &p->arena, &out->utf8, NULL) == WW_OK)
            return true;
    }
    return false;
}
