/*
 * warc.h - WARC files as a source of history: their pages as documents.
 *
 * Pages are responses, resources and conversions of type text/html, application/xhtml+xml and
 * text/plain at an http or https address, answered with 2xx. What is none is counted by its reason.
 * An article that comes of one has the record's time as the time it was fetched at, its target as
 * address, and "PATH#OFFSET" as its capture. A revisit holds no page: the copy it names does.
 */
#ifndef WW_CRAWLER_HISTORY_WARC_H
#define WW_CRAWLER_HISTORY_WARC_H

#include "base/error.h"
#include "base/slice.h"
#include "feeds/warc.h"

struct backfill;

struct warc_options {
    struct slice path;       /* in places and captures: of a file, or an address */
    struct slice provenance; /* of its articles; empty: "warc" */
    int64_t from;            /* where backfill_begin_file said that reading begins */
    bool waits_to_read;      /* for a network: what is written is committed before each read */
    /* Is a page wanted? Asked before its block is read, with its type, address and time. */
    bool (*wants)(void *context, const struct warc_record *head); /* NULL: all are */
    void *context;
};

/*
 * Offer what is left of the file in hand (backfill_begin_file). *read_to: the offset before which
 * all was dealt with, a whole member's or record's end. *is_whole is false when it was stopped. A
 * failure of the source, of memory or of the store is returned; damage is counted.
 */
enum ww_status warc_documents(struct backfill *b, const struct warc_source *source,
                              const struct warc_options *options, int64_t *read_to, bool *is_whole,
                              struct ww_error *err);

/* A file of the machine, in hand. WW_UNREACHABLE: it cannot be opened or read. */
enum ww_status warc_file_documents(struct backfill *b, const char *path, int64_t from,
                                   bool *is_whole, struct ww_error *err);

#endif
