/*
 * archive_export.h - a part of our archive as one WARC file, whole in itself.
 *
 * Records are copied as they stand, checked on the way; a revisit whose payload is not among them
 * becomes a full record. What is damaged is left out, counted and told; of a file that is not there
 * once. Of no record nothing is written, not even what the file would begin with.
 */
#ifndef WW_STORAGE_ARCHIVE_EXPORT_H
#define WW_STORAGE_ARCHIVE_EXPORT_H

#include "storage/store_archive.h"

#include <signal.h>

struct article_row;
struct warc_view;

/* A record of the export, as it stands there; borrowed for the call. */
struct archive_exported {
    const struct article_row *article;
    const struct warc_view *view;
    int64_t offset, n_bytes;
};

struct archive_export_options {
    struct archive_filter filter; /* without limit: all */
    struct slice name;            /* of the file, for its first record */
    int64_t now;
    /* Bytes, in their order. */
    enum ww_status (*write)(void *context, struct slice bytes, struct ww_error *err);
    /* What they were; may be NULL. */
    enum ww_status (*record)(void *context, const struct archive_exported *r, struct ww_error *err);
    void (*found)(void *context, const char *message);  /* damage, a missing file */
    void (*progress)(void *context, int64_t n_records); /* so far; may be NULL */
    void *context;
    const volatile sig_atomic_t *stop; /* may be NULL */
};

struct archive_export_summary {
    int64_t n_records, n_bytes, n_damaged;
    bool was_stopped;
};

enum ww_status archive_export(struct store *s, const struct archive_export_options *options,
                              struct archive_export_summary *out, struct ww_error *err);

#endif
