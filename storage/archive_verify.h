/*
 * archive_verify.h - is our archive what its rows say, record by record?
 *
 * Each member is unpacked, its length, both digests, its number and its payload's SHA-256 compared;
 * what lies between the records, behind the last one, or in files that no row knows is told, and
 * what a row knows and is not there. Nothing is changed. What is in a bucket is read there.
 */
#ifndef WW_STORAGE_ARCHIVE_VERIFY_H
#define WW_STORAGE_ARCHIVE_VERIFY_H

#include "base/error.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct store;

struct archive_verify_options {
    /* What was found; the message begins with the file. */
    void (*found)(void *context, const char *message);
    void (*progress)(void *context, int64_t n_bytes); /* so far; may be NULL */
    void *context;
    const volatile sig_atomic_t *stop; /* may be NULL */
};

struct archive_verify_summary {
    int64_t n_files, n_bytes, n_findings;
    int64_t n_records;     /* pages: without the record that a file begins with */
    int64_t n_passed_over; /* bytes between records, in a file without rows */
    int64_t n_elsewhere;   /* files that only another machine has */
    bool was_stopped;
};

/* The whole archive. Errors are our own, and those of a bucket: a finding is none. */
enum ww_status archive_verify(struct store *s, const struct archive_verify_options *options,
                              struct archive_verify_summary *out, struct ww_error *err);

/*
 * One file: with its rows when it is one of the archive's, else by itself, as an export is. *out is
 * added to. WW_NOT_FOUND: it is not there. WW_INVALID: neither a WARC file nor a WACZ file.
 */
enum ww_status archive_verify_file(struct store *s, const char *path,
                                   const struct archive_verify_options *options,
                                   struct archive_verify_summary *out, struct ww_error *err);

#endif
