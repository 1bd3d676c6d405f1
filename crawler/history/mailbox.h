/*
 * mailbox.h - an mbox file as a source: each of its mails is a document.
 *
 * Read as a stream, packed with gzip or not: a file of any size takes the memory of one mail. One
 * that is too big, or holds no text, is counted and named by where it begins ("PATH@OFFSET", in the
 * unpacked bytes).
 */
#ifndef WW_CRAWLER_HISTORY_MAILBOX_H
#define WW_CRAWLER_HISTORY_MAILBOX_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct backfill;

/*
 * The file is in hand (documents.h), to be read from `from` on. *is_whole is false when it was told
 * to stop. WW_INVALID: the file cannot be read, or not to its end: that is counted, and for
 * backfill_end_file to tell. Else a failure of our own.
 */
enum ww_status mailbox_read_file(struct backfill *b, const char *path, bool is_packed, int64_t from,
                                 bool *is_whole, struct ww_error *err);

#endif
