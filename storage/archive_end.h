/*
 * archive_end.h - the end of the file that our archive is added to now.
 *
 * For archive.c: which file that is, what a process that died left behind in it, and the record a
 * new one begins with.
 */
#ifndef WW_STORAGE_ARCHIVE_END_H
#define WW_STORAGE_ARCHIVE_END_H

#include "storage/store_archive.h"
#include "storage/warc_file.h"

struct arena;
struct body_list;
struct gzip;
struct log;

struct archive_end {
    struct store *store;
    int64_t max_bytes; /* no file is added to past it */
    struct warc_file file;
    struct archive_file_row row; /* as it will be stored: n_records is the caller's to count */
    int64_t undo_bytes;          /* how long the file is to be if nothing comes of this */
    bool is_changed;
};

/*
 * In a transaction; store and max_bytes are set, everything else is zero. waiting: the pages of
 * which the records may lie behind the end of the file, from a process that died: those are cut
 * away. On failure it is to be undone and closed as well.
 */
enum ww_status archive_end_open(struct archive_end *e, const struct body_list *waiting, int64_t now,
                                struct gzip *gzip, struct arena *arena, const struct log *log,
                                struct ww_error *err);
/* On the disk, and in the file's row. */
enum ww_status archive_end_append(struct archive_end *e, struct slice bytes, struct ww_error *err);
/* The transaction failed: nothing of it stays in the file. */
void archive_end_undo(struct archive_end *e);
void archive_end_close(struct archive_end *e);

/* Whose files are added to here: of a store that machines share this one's name, else empty. */
struct slice archive_machine(const struct store *s);

/* Of an article's page; of a file's first record. */
void archive_record_id(const struct store *s, int64_t article_id, unsigned char out[WARC_ID_BYTES]);
void archive_info_id(const struct store *s, struct slice name, unsigned char out[WARC_ID_BYTES]);

#endif
