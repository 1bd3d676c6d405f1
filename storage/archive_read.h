/*
 * archive_read.h - a page out of our archive, as it was when it was kept.
 */
#ifndef WW_STORAGE_ARCHIVE_READ_H
#define WW_STORAGE_ARCHIVE_READ_H

#include "storage/store_archive.h"

struct arena;
struct body_row;
struct buf;
struct warc_view;

/*
 * Of an article: of a revisit, with the payload of the record it refers to. WW_NOT_FOUND: it has
 * none, or its file is gone or damaged there; the message says which.
 */
enum ww_status archive_body(struct store *s, int64_t article_id, struct arena *arena,
                            struct body_row *out, struct ww_error *err);

/*
 * The record of a row, out of its file, checked against its digests and the row; everything borrows
 * from member. WW_INVALID: damaged. WW_NOT_FOUND: the file is not there.
 */
enum ww_status archive_read_record(struct store *s, const struct archive_record_row *row,
                                   struct buf *member, struct warc_view *out, struct ww_error *err);

/* The same, with the bytes of its gzip member appended to packed. */
enum ww_status archive_read_packed(struct store *s, const struct archive_record_row *row,
                                   struct buf *packed, struct buf *member, struct warc_view *out,
                                   struct ww_error *err);

/* Is the record what its row says? WW_INVALID, and how it differs. */
enum ww_status archive_check_record(const struct archive_record_row *row, const struct warc_view *v,
                                    struct ww_error *err);

#endif
