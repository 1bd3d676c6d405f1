/*
 * store_copy.h - a whole database into a new one, of the same engine or another, row by row; and
 * are two the same?
 *
 * The source is read as it is at one moment, beside whoever works on it. The copy is all or
 * nothing: every row is read back and compared before it counts, and what ends before leaves no
 * database behind. It has the name of the first one (store_id), which is part of every Message-ID:
 * one of the two must send no more.
 *
 * Not copied, since it belongs to a place: the search index, which is made anew from the texts
 * (store_index_search), who has taken what to work on, and the files of the archive.
 *
 * Texts that the new engine cannot hold (a NUL, bytes that are not UTF-8) have U+FFFD there; they
 * are counted.
 */
#ifndef WW_STORAGE_STORE_COPY_H
#define WW_STORAGE_STORE_COPY_H

#include "base/error.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct store;

struct copy_options {
    const volatile sig_atomic_t *stop; /* NULL: nobody stops it */
    /* Every so often; done and total count rows, each twice: it is copied and compared. */
    void (*show)(void *context, int64_t done, int64_t total, const char *what);
    void *context;
};

struct copy_summary {
    size_t n_tables;
    int64_t n_rows, n_bytes; /* of the values */
    int64_t n_changed;       /* texts with an U+FFFD that was none */
    struct slice changed;    /* where: "feed.etag 3", a line each */
    int64_t n_different;     /* rows, as far as they were counted */
    struct slice different;  /* "relation (3, 17): jaccard", a line each; the first ones */
    bool was_stopped;        /* nothing was made */
};

/*
 * WW_REFUSED: there is something at path already. WW_STORE: a row cannot be copied, a disk is full.
 * WW_OK with n_different > 0: the copy was not what it should be, and was thrown away.
 */
enum ww_status store_copy(struct store *from, const char *path, const struct copy_options *options,
                          struct arena *arena, struct copy_summary *out, struct ww_error *err);

/*
 * A file with the whole database, which must not exist; beside whoever works on it. Where the
 * engine makes one itself, out stays empty; else it is as of store_copy.
 */
enum ww_status store_backup(struct store *s, const char *path, const struct copy_options *options,
                            struct arena *arena, struct copy_summary *out, struct ww_error *err);

/* Only compare: what differs is in out. */
enum ww_status store_compare(struct store *from, struct store *to,
                             const struct copy_options *options, struct arena *arena,
                             struct copy_summary *out, struct ww_error *err);

#endif
