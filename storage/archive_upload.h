/*
 * archive_upload.h - files of the archive that are closed go to a bucket.
 *
 * A file is closed when it is full, when its month is over, or when a person wants all of them
 * there. It is sent whole, by one PUT (ARCHIVE_FILE_MAX_BYTES is far below what one may bring),
 * with its SHA-256 signed and beside it; looked at there, size, hash and ETag; then its row says
 * where it is; then the copy here goes. Whatever dies in between is done again: what is there
 * already and is the same is not sent twice. A file of that name that is another one is never
 * written over.
 */
#ifndef WW_STORAGE_ARCHIVE_UPLOAD_H
#define WW_STORAGE_ARCHIVE_UPLOAD_H

#include "base/error.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct log;
struct store;

struct archive_upload_options {
    bool wants_all;   /* the file that is written to now is closed first */
    bool keeps_local; /* what is there stays here as well */
    int64_t now;
    const struct log *log;                            /* may be NULL */
    void (*sent)(void *context, int64_t n_bytes);     /* so far; may be NULL */
    void (*failed)(void *context, const char *words); /* of one file; may be NULL */
    void *context;
    const volatile sig_atomic_t *stop; /* may be NULL */
};

struct archive_upload_summary {
    int64_t n_files, n_bytes; /* that are there now, and were not */
    int64_t n_failed;
    int64_t n_removed; /* copies here */
    int64_t n_open;    /* still written to */
    bool was_stopped;
};

/*
 * Outside a transaction: it makes its own. What is wrong with one file is told, counted, and the
 * others go; what is wrong with the bucket ends it: the status is that of storage/bucket.h.
 * WW_NOT_FOUND: the settings name no bucket.
 */
enum ww_status archive_upload(struct store *s, const struct archive_upload_options *options,
                              struct archive_upload_summary *out, struct ww_error *err);

/* Bytes that an upload would send. */
enum ww_status archive_upload_due(struct store *s, const struct archive_upload_options *options,
                                  int64_t *n_bytes, struct ww_error *err);

#endif
