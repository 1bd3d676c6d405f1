/*
 * file_kind.h - what a file is, told by how it begins; its name only tips the scales.
 */
#ifndef WW_CRAWLER_HISTORY_FILE_KIND_H
#define WW_CRAWLER_HISTORY_FILE_KIND_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct arena;

enum file_kind {
    FILE_HTML,
    FILE_TEXT,
    FILE_MAIL,    /* one: RFC 5322, or a page saved as one file */
    FILE_MAILBOX, /* mbox */
    FILE_WARC,
    FILE_WACZ,      /* or another zip file: none of these is read */
    FILE_ADDRESSES, /* one a line */
    FILE_TABLE,     /* a row a line, one column of which is called url or link */
    FILE_OTHER,     /* a picture, a program */
    FILE_KIND_COUNT
};

/* "file", "mbox", "addresses": what the row of such a file has as its format. */
const char *file_kind_format(enum file_kind kind);

struct file_head {
    struct slice bytes; /* its first FILE_SNIFF_BYTES, unpacked, as far as they can be */
    bool is_packed;
};

/* Into the arena. WW_INVALID: it cannot be opened or read. */
enum ww_status file_head_read(const char *path, struct arena *arena, struct file_head *out,
                              struct ww_error *err);

enum file_kind file_kind_tell(const struct file_head *head, const char *path, struct arena *arena);

#endif
