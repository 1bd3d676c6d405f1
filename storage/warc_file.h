/*
 * warc_file.h - a file of gzip members on the disk: added to at its end, whole or not at all, and
 * read a member at a time; or, to be read alone, in a bucket.
 *
 * Errors: WW_STORE for what the disk says (full, no right), in words; after a failed append the
 * file is as long as before.
 */
#ifndef WW_STORAGE_WARC_FILE_H
#define WW_STORAGE_WARC_FILE_H

#include "base/buf.h"
#include "base/error.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct bucket;

struct warc_file {
    int fd;                /* descriptor + 1: a zeroed one holds nothing */
    struct bucket *bucket; /* borrowed; NULL: on the disk */
    int64_t n_bytes;       /* when it was opened, or as it was added to */
    char path[PATH_MAX];   /* or its address */
};

/* To be read. WW_NOT_FOUND: it is not there. */
enum ww_status warc_file_open(const char *folder, struct slice name, struct warc_file *out,
                              struct ww_error *err);
/* To be added to. WW_NOT_FOUND: it is not there. */
enum ww_status warc_file_open_end(const char *folder, struct slice name, struct warc_file *out,
                                  struct ww_error *err);
/* A new one, and its folder if need be. WW_CONFLICT: there is one. */
enum ww_status warc_file_create(const char *folder, struct slice name, struct warc_file *out,
                                struct ww_error *err);
void warc_file_close(struct warc_file *f);

/* Behind what is there, and on the disk for good. */
enum ww_status warc_file_append(struct warc_file *f, struct slice bytes, struct ww_error *err);
/* Nothing behind n_bytes stays. */
enum ww_status warc_file_cut(struct warc_file *f, int64_t n_bytes, struct ww_error *err);

/* n_bytes from offset on, into out. WW_INVALID: the file is shorter. In a bucket: bucket.h, too. */
enum ww_status warc_file_read(const struct warc_file *f, int64_t offset, int64_t n_bytes,
                              struct buf *out, struct ww_error *err);

/*
 * The member at offset, unpacked into member (emptied before); *n_packed is how long it is. packed
 * is room to work with. WW_INVALID: damaged; *is_cut: the file ends before it does.
 */
enum ww_status warc_file_member(const struct warc_file *f, int64_t offset, struct buf *packed,
                                struct buf *member, int64_t *n_packed, bool *is_cut,
                                struct ww_error *err);

#endif
