/*
 * backfill.h - documents of the past into the store: the part that all sources share.
 *
 * A source (files, later archives and sitemaps) offers documents; each is read by a worker, stored
 * as an article marked historic, and given its story. What a document was is remembered by its
 * content: offered again it is known, so that a backfill that was stopped is simply started again.
 * A document that cannot be used is counted by its reason and never stops the rest.
 */
#ifndef WW_CRAWLER_BACKFILL_H
#define WW_CRAWLER_BACKFILL_H

#include "base/error.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct backfill;
struct clock;
struct log;
struct site_rules;
struct store;
struct workers;

enum backfill_end {
    BACKFILL_NEW,        /* an article that was not there */
    BACKFILL_KNOWN,      /* this document, or this very text at its address, is in the store */
    BACKFILL_EMPTY,      /* no article text in it */
    BACKFILL_TOO_BIG,    /* or too complex */
    BACKFILL_DAMAGED,    /* packed, and cut off or broken */
    BACKFILL_DEADLY,     /* stopped two parsers */
    BACKFILL_NOT_READ,   /* a kind of document that is not read: a picture, a program */
    BACKFILL_UNREADABLE, /* the file could not be opened or read */
    BACKFILL_END_COUNT
};

/* "new", "known", "no text" ... */
const char *backfill_end_name(enum backfill_end end);

struct backfill_summary {
    int64_t n_ends[BACKFILL_END_COUNT]; /* of documents */
    int64_t n_stories;                  /* new ones */
    int64_t n_addresses;                /* queued for the next run, and new */
    int64_t n_addresses_known;
    int64_t n_bytes; /* of documents, unpacked */
    bool was_stopped;
};

/* Documents so far, whatever became of them. */
int64_t backfill_count(const struct backfill_summary *s);

struct backfill_options {
    struct slice provenance;        /* "files" */
    struct slice outlet;            /* of all of it; empty: what the page says */
    const struct site_rules *rules; /* may be NULL */
    bool keeps_files;               /* as they were read, with their articles */
    const volatile sig_atomic_t *stop;
    void (*progress)(void *context, const struct backfill_summary *so_far); /* may be NULL */
    void *context;
};

/* Everything is borrowed until backfill_close. The caller holds the lock for a backfill. */
enum ww_status backfill_open(const struct backfill_options *options, struct store *store,
                             struct workers *workers, struct clock *clock, const struct log *log,
                             struct backfill_summary *summary, struct backfill **out,
                             struct ww_error *err);
/* Waits for what the workers have, commits, and lets go. */
enum ww_status backfill_finish(struct backfill *b, struct ww_error *err);
void backfill_close(struct backfill *b);

bool backfill_is_stopped(const struct backfill *b);

struct backfill_document {
    struct slice bytes;        /* unpacked */
    struct slice url;          /* of the page; empty when not known */
    struct slice place;        /* where it was found: a path, for the log and the page's row */
    struct slice content_type; /* "text/html", "text/plain; charset=..." */
};

/* Copied. Its result comes with a later call. Only a failure of our own is returned. */
enum ww_status backfill_offer(struct backfill *b, const struct backfill_document *document,
                              struct ww_error *err);
/* Count what never became a document. */
void backfill_count_end(struct backfill *b, struct slice place, enum backfill_end end,
                        const struct ww_error *why);
/* Put an address in the queue of pages, marked historic: the next run fetches it. */
enum ww_status backfill_queue(struct backfill *b, struct slice url, struct ww_error *err);

/* ---- sources --------------------------------------------------------------------------------- */

/*
 * Files and folders of them: HTML, plain text, packed with gzip or not, and lists of addresses: one
 * a line, or CSV with a column url or link. Told apart by content. WW_NOT_FOUND when a path that
 * was named is not there.
 */
enum ww_status backfill_files(struct backfill *b, const char *const *paths, size_t n_paths,
                              struct ww_error *err);
/* How many files that would read: for plans and progress bars. */
enum ww_status backfill_files_count(const char *const *paths, size_t n_paths, int64_t *n_files,
                                    struct ww_error *err);

#endif
