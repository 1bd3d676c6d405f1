/*
 * documents.h - documents of the past into the store: the part that all sources share.
 *
 * A source (files, WARC, mail) offers documents; each is read by a worker, stored as an article
 * marked historic, and given its story. What a document was is remembered by its content and its
 * address: offered again it is known. A document that cannot be used is counted by its reason and
 * never stops the rest.
 *
 * With a backfill_id the counts stand in the store (backfill_count), and each file of a source is a
 * row of its lists (store_history.h) whose cursor says how far it was read. Articles, counts and
 * cursor are written in one transaction, so that a backfill that was stopped at any moment goes on
 * with the first document that is not stored, and counts none twice.
 */
#ifndef WW_CRAWLER_HISTORY_DOCUMENTS_H
#define WW_CRAWLER_HISTORY_DOCUMENTS_H

#include "base/error.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct backfill;
struct clock;
struct find_row;
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
    BACKFILL_PASSED,     /* outside of what was asked for */
    BACKFILL_NO_PAGE,    /* an archived answer that is none: an error, a redirect */
    BACKFILL_MEDIA,      /* an archived picture, program, table ... */
    BACKFILL_UNCHANGED,  /* an archive says that it has the same as an earlier copy */
    BACKFILL_CODING,     /* packed in a way that is not read */
    BACKFILL_BAD_ROW,    /* of a list: no address in it, or it could not be read */
    BACKFILL_BESIDE,     /* what an archive keeps beside documents: requests, metadata */
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

/* Documents so far, whatever became of them; what stood beside them is none. */
int64_t backfill_count(const struct backfill_summary *s);

struct backfill_options {
    int64_t backfill_id;            /* its row in the store; 0: it has none, and no cursors */
    bool is_claimed;                /* nothing is stored once the row is another machine's */
    struct slice provenance;        /* "files" */
    struct slice outlet;            /* of all of it; empty: what the page says */
    const struct site_rules *rules; /* may be NULL */
    bool keeps_files;               /* as they were read, with their articles */
    int64_t since_at, until_at;     /* of publication, where a page tells it; 0: open */
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
    struct slice provenance;   /* empty: that of the options */
    struct slice capture;      /* where this copy stands in an archive; empty: it is none */
    struct slice head;         /* of HTTP, where an archive has it; empty: none is known */
    int64_t captured_at;       /* when the copy was made; 0: not known */
    int64_t at;                /* where it begins in the file in hand; no other begins there */
};

/* Copied. Its result comes with a later call. Only a failure of our own is returned. */
enum ww_status backfill_offer(struct backfill *b, const struct backfill_document *document,
                              struct ww_error *err);
/* Count what never became a document. In a file in hand: what begins where backfill_reach was. */
void backfill_count_end(struct backfill *b, struct slice place, enum backfill_end end,
                        const struct ww_error *why);
/* Commit what is written: before a wait of unknown length, since others want to write. */
enum ww_status backfill_rest(struct backfill *b, struct ww_error *err);
/* Put an address in the queue of pages, marked historic: the next run fetches it. */
enum ww_status backfill_queue(struct backfill *b, struct slice url, struct ww_error *err);
/*
 * An address that the list in hand names: url, and what the list says of it; the rest is filled in.
 * It is stored as found, or as known when the store has an article of it; without a backfill_id it
 * is queued. WW_INVALID, WW_TOO_BIG: it is no address after all.
 */
enum ww_status backfill_offer_find(struct backfill *b, const struct find_row *found,
                                   struct ww_error *err);
/* Behind backfill_reach: a row of the list in hand that names none. */
void backfill_count_bad_row(struct backfill *b, struct slice place, const struct ww_error *why);

/* ---- files of many documents ----------------------------------------------------------------- */

/*
 * Take a file in hand: what is offered and counted from now on is of it. *from is where reading has
 * to begin: 0, or where a stopped backfill left it. WW_NOT_FOUND: this backfill has read it.
 * format: crawler/history's word for it; both are copied.
 */
enum ww_status backfill_begin_file(struct backfill *b, struct slice path, struct slice format,
                                   int64_t *from, struct ww_error *err);
/*
 * The next document, or what is none, begins there. False: it was dealt with before the backfill
 * was stopped, and is to be skipped.
 */
bool backfill_reach(struct backfill *b, int64_t at);
/* It has been read; or, with an error, as far as it can be. Not to be called when stopped. */
enum ww_status backfill_end_file(struct backfill *b, const struct ww_error *why,
                                 struct ww_error *err);

/* ---- sources --------------------------------------------------------------------------------- */

/*
 * Files and folders of them: HTML, plain text, mails, mailboxes (mbox, Maildir), packed with gzip
 * or not, and lists of addresses (lists.h). Told apart by content. A path that is not there counts
 * as unreadable, unless this backfill has read it.
 */
enum ww_status backfill_files(struct backfill *b, const char *const *paths, size_t n_paths,
                              struct ww_error *err);
/* How many files that would read: for plans and progress bars. */
enum ww_status backfill_files_count(const char *const *paths, size_t n_paths, int64_t *n_files,
                                    struct ww_error *err);

#endif
