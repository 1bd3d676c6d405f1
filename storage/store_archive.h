/*
 * store_archive.h - which records our own archive has, and where: the rows beside its files.
 *
 * The files are storage/archive.h's. A record belongs to the article it is the page of.
 */
#ifndef WW_STORAGE_STORE_ARCHIVE_H
#define WW_STORAGE_STORE_ARCHIVE_H

#include "storage/store.h"
#include "storage/warc_write.h"

struct archive_file_row {
    int64_t id;
    struct slice name;          /* "2026-11.warc.gz": archive_end.c */
    int64_t n_bytes, n_records; /* of committed rows; the record it begins with has no row */
    int64_t created_at;
    bool is_closed;       /* nothing is added any more */
    struct slice machine; /* whose folder it is in; empty: the store is of one machine */
    struct slice place;   /* its address in a bucket; empty: it is in that folder alone */
    struct slice sha256;  /* of what is there, in hex */
};

struct archive_file_list {
    struct archive_file_row *rows;
    size_t n_rows;
};

struct archive_record_row {
    int64_t id, article_id, file_id;
    int64_t offset, n_bytes; /* of its gzip member */
    enum warc_kind kind;
    int64_t at;                  /* WARC-Date */
    struct slice uuid;           /* WARC_ID_BYTES */
    struct slice payload_sha256; /* SHA256_BYTES */
    int64_t payload_bytes;
    int64_t refers_id; /* of a revisit: the record that has the payload; else 0 */
};

struct archive_record_list {
    struct archive_record_row *rows;
    size_t n_rows;
};

enum ww_status store_add_archive_file(struct store *s, const struct archive_file_row *row,
                                      int64_t *id, struct ww_error *err);
/* Its numbers, whether it is closed, and where it is. */
enum ww_status store_update_archive_file(struct store *s, const struct archive_file_row *row,
                                         struct ww_error *err);
/* By number, by name, or the one of a month ("2026-11") that a machine made last. WW_NOT_FOUND. */
enum ww_status store_archive_file(struct store *s, int64_t id, struct arena *arena,
                                  struct archive_file_row *out, struct ww_error *err);
enum ww_status store_archive_file_by_name(struct store *s, struct slice name, struct arena *arena,
                                          struct archive_file_row *out, struct ww_error *err);
enum ww_status store_newest_archive_file(struct store *s, struct slice month, struct slice machine,
                                         struct arena *arena, struct archive_file_row *out,
                                         struct ww_error *err);
enum ww_status store_list_archive_files(struct store *s, struct arena *arena,
                                        struct archive_file_list *out, struct ww_error *err);

enum ww_status store_add_archive_record(struct store *s, const struct archive_record_row *row,
                                        int64_t *id, struct ww_error *err);
/* By number, or of an article. WW_NOT_FOUND. */
enum ww_status store_archive_record(struct store *s, int64_t id, struct arena *arena,
                                    struct archive_record_row *out, struct ww_error *err);
enum ww_status store_archive_of_article(struct store *s, int64_t article_id, struct arena *arena,
                                        struct archive_record_row *out, struct ww_error *err);
/* Those that have this payload themselves, the newest first. */
enum ww_status store_list_archive_originals(struct store *s, struct slice sha256,
                                            int64_t payload_bytes, size_t limit,
                                            struct arena *arena, struct archive_record_list *out,
                                            struct ww_error *err);
/* Of one file, in its order, from offset on. */
enum ww_status store_list_archive_of_file(struct store *s, int64_t file_id, int64_t offset,
                                          size_t limit, struct arena *arena,
                                          struct archive_record_list *out, struct ww_error *err);

struct archive_filter {
    struct store_window window; /* of the record's date */
    int64_t after_id;
    struct slice item; /* mentioned by any version of the article; empty: whatever it says */
};

/* By number. */
enum ww_status store_list_archive(struct store *s, const struct archive_filter *filter,
                                  struct arena *arena, struct archive_record_list *out,
                                  struct ww_error *err);

#endif
