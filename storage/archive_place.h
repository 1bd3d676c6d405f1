/*
 * archive_place.h - where a file of the archive is: in the folder here, or in a bucket.
 *
 * Files are written in the folder of the machine that writes them. What is closed may be sent to a
 * bucket (archive_upload.h); its row says where, and the copy here may be gone. A file of another
 * machine can be read once it is there. The folder comes first: it costs nothing.
 */
#ifndef WW_STORAGE_ARCHIVE_PLACE_H
#define WW_STORAGE_ARCHIVE_PLACE_H

#include "storage/store_archive.h"
#include "storage/warc_file.h"

struct bucket;

/*
 * To be read. WW_NOT_FOUND: not here, and in no bucket that the settings name; the message says
 * whose it is. It is taken to be as long as its row says until it is measured. row may be read
 * anew.
 */
enum ww_status archive_place_open(struct store *s, struct archive_file_row *row,
                                  struct arena *arena, struct warc_file *out, struct ww_error *err);
/* How long it is in its bucket, into n_bytes; does nothing to a file on the disk. */
enum ww_status archive_place_measure(struct warc_file *f, struct ww_error *err);

/*
 * Would the bytes before `end` be found? Of a file here they are, when it is as long; of one that
 * is in the bucket of the settings alone its row is believed. Nothing is read, and nobody is asked.
 */
bool archive_place_has(const struct store *s, const struct archive_file_row *row, int64_t end);

/* Is it on another machine alone? Then nobody here can say how it is. */
bool archive_place_is_elsewhere(const struct store *s, const struct archive_file_row *row);

/* Is the page of this article in a bucket alone? To read it is to wait for the network. */
bool archive_place_is_far(struct store *s, int64_t article_id);

/* WW_NOT_FOUND: the settings name none. Borrowed from the store. */
enum ww_status archive_place_bucket(struct store *s, struct bucket **out, struct ww_error *err);
/* The address that a file of this name has in the bucket of the settings. */
struct slice archive_place_address(const struct store *s, struct slice name, struct arena *arena);

#endif
