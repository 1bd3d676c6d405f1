/*
 * archive.h - our own archive: pages as they were received, as WARC/1.1 records in monthly files
 * beside the database, for us and for every other reader of that format.
 *
 * A page waits in the database (store_bodies.h) until pass 2 has looked at its article; then it
 * goes into the file of the month in which that is done, and its row says where. The same payload
 * once more is a revisit record, if the first can be read from here. What is written is on the disk
 * before the transaction with its rows commits, under the lock of all writers; what lies behind the
 * last record of a committed row is of a process that died, and is cut away before anything is
 * added, if it is what is about to be written again; else nothing is cut, and the month goes on in
 * another file.
 *
 * Folder:  store_options.archive, or "warc" beside the database. Databases may share one.
 * Limits:  ARCHIVE_FILE_MAX_BYTES a file.
 * Errors:  WW_STORE: the disk is full, or there is no right to write. What was archived by then
 *          stays, the file in hand is as long as before, and all others go on waiting.
 */
#ifndef WW_STORAGE_ARCHIVE_H
#define WW_STORAGE_ARCHIVE_H

#include "base/error.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct log;
struct store;

struct archive_options {
    bool wants_all;         /* else the pages of articles that mention something in any version */
    bool drops_rest;        /* the others are not kept for another reading: they go */
    int64_t file_max_bytes; /* 0: ARCHIVE_FILE_MAX_BYTES */
    int64_t now;
    const struct log *log;             /* may be NULL */
    const volatile sig_atomic_t *stop; /* may be NULL */
};

struct archive_summary {
    int64_t n_records;  /* of them: */
    int64_t n_revisits; /* with a payload that was there */
    int64_t n_bytes;    /* in the files */
    int64_t n_dropped;
};

/* Outside a transaction: it makes its own. */
enum ww_status archive_keep(struct store *s, const struct archive_options *options,
                            struct archive_summary *out, struct ww_error *err);

/* Where the files are. */
const char *archive_folder(const struct store *s);

#endif
