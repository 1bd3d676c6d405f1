/*
 * store_history.h - backfills: what was asked for, the lists that have to be read for it, and the
 * addresses they name.
 *
 * A backfill is a row with the words of its command. Its source makes lists of them (sitemaps,
 * pages of an index, files); each list that is read makes further lists and finds, all in the
 * transaction that marks it done, so that a stopped backfill goes on with the row it had in hand.
 * A find is an address with what its list says of it; when it is wanted it has a page in the queue
 * (store_pages.h), and what came of it is written here as well, for the report.
 */
#ifndef WW_STORAGE_STORE_HISTORY_H
#define WW_STORAGE_STORE_HISTORY_H

#include "base/date.h"
#include "storage/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum backfill_state {
    BACKFILL_PLANNED, /* its lists were looked at; nothing was fetched */
    BACKFILL_OPEN,
    BACKFILL_DONE,
    BACKFILL_CANCELLED
};

const char *backfill_state_name(enum backfill_state state);

/* Which of an address's texts are wanted, where an archive has copies of it. */
enum backfill_captures {
    CAPTURES_MISSING, /* the live page, and a copy only when that cannot be had */
    CAPTURES_BOTH,    /* the live page, and the earliest copy after publication: edits show */
    CAPTURES_ONLY     /* the copy; the site itself is not asked */
};

const char *backfill_captures_name(enum backfill_captures captures);
bool backfill_captures_parse(struct slice name, enum backfill_captures *out);

struct backfill_row {
    int64_t id;
    struct slice source;        /* "sitemap", "wayback" ... */
    struct slice target;        /* the words behind it, a line each */
    int64_t since_at, until_at; /* of publication; 0: open */
    bool matches_first;         /* only what its title or address speaks for is fetched */
    enum backfill_captures captures;
    int64_t delay_ms; /* between two requests to a host; 0: as the source has it */
    int64_t budget;   /* requests in all; 0: no bound */
    enum backfill_state state;
    int64_t created_at, worked_at, ended_at;
    int64_t n_requests, n_bytes;
    struct slice message; /* why it stands still; empty: it does not */
};

struct backfill_rows {
    struct backfill_row *rows;
    size_t n_rows;
};

enum ww_status store_add_backfill(struct store *s, const struct backfill_row *row, int64_t *id,
                                  struct ww_error *err);
/* WW_NOT_FOUND. */
enum ww_status store_backfill(struct store *s, int64_t id, struct arena *arena,
                              struct backfill_row *out, struct ww_error *err);
/* That was asked for in these words and is neither done nor cancelled; WW_NOT_FOUND. */
enum ww_status store_same_backfill(struct store *s, const struct backfill_row *like,
                                   struct arena *arena, struct backfill_row *out,
                                   struct ww_error *err);
/* Everything of row->id but its words and created_at. */
enum ww_status store_update_backfill(struct store *s, const struct backfill_row *row,
                                     struct ww_error *err);
/* Newest first. */
enum ww_status store_list_backfills(struct store *s, const struct store_window *window,
                                    struct arena *arena, struct backfill_rows *out,
                                    struct ww_error *err);
/*
 * Pages that no other backfill waits for, and no feed announced, leave the queue. Whoever works on
 * it, on whatever machine, has lost his claim.
 */
enum ww_status store_cancel_backfill(struct store *s, int64_t id, int64_t now,
                                     struct ww_error *err);

/* ---- lists ----------------------------------------------------------------------------------- */

enum list_state {
    LIST_QUEUED,
    LIST_DONE,
    LIST_FAILED, /* given up */
    LIST_PASSED  /* outside of what was asked for */
};

struct list_row {
    int64_t id, backfill_id;
    struct slice url;    /* address, or path of a file */
    struct slice format; /* crawler/history: how it is asked and read */
    int64_t covers_at;   /* newest first; 0: not known */
    int64_t depth;       /* lists that led to it */
    struct slice cursor; /* where to go on in it: the source's own word */
    enum list_state state;
    int64_t n_tries, not_before;
    int64_t last_status;
    struct slice last_error;
    int64_t n_found, n_bad; /* addresses; rows that could not be read */
    int64_t n_left;         /* further requests it says it needs; -1: it does not say */
    int64_t fetched_at;
};

struct list_rows {
    struct list_row *rows;
    size_t n_rows;
};

/* *is_new is false when this backfill has a list of that address. */
enum ww_status store_add_list(struct store *s, const struct list_row *row, int64_t *id,
                              bool *is_new, struct ww_error *err);
enum ww_status store_list(struct store *s, int64_t id, struct arena *arena, struct list_row *out,
                          struct ww_error *err);
/* Everything of row->id but backfill_id, url, depth. */
enum ww_status store_update_list(struct store *s, const struct list_row *row, struct ww_error *err);
/* Queued and due, newest first; behind after_id of the last call in that order: 0 to begin. */
enum ww_status store_due_lists(struct store *s, int64_t backfill_id, int64_t now, size_t limit,
                               struct arena *arena, struct list_rows *out, struct ww_error *err);
/* Of a backfill, as they were added; the window's limit and offset count. */
enum ww_status store_lists(struct store *s, int64_t backfill_id, const struct store_window *window,
                           struct arena *arena, struct list_rows *out, struct ww_error *err);

struct list_counts {
    int64_t n_queued, n_done, n_failed, n_passed;
    int64_t n_left; /* further requests the queued and read ones said they need */
    int64_t n_bad;
    int64_t next_at; /* the earliest not_before of a queued one; 0: one is due or none is */
};

enum ww_status store_count_lists(struct store *s, int64_t backfill_id, int64_t now,
                                 struct list_counts *out, struct ww_error *err);

/* ---- finds ----------------------------------------------------------------------------------- */

enum find_state {
    FIND_FOUND,  /* planned: not in the queue of pages yet */
    FIND_QUEUED, /* its page, or its capture, is to be fetched */
    FIND_DONE,   /* an article came of it */
    FIND_KNOWN,  /* the store had it, or has this very text at its address */
    FIND_PASSED, /* neither title nor address speaks for it */
    FIND_FAILED  /* message says why */
};

const char *find_state_name(enum find_state state);

struct find_row {
    int64_t id, backfill_id, list_id;
    int64_t page_id; /* 0: not queued */
    struct slice url, canonical;
    struct slice title, author, language; /* as the list has them */
    int64_t published_at;
    enum date_precision published_precision; /* DATE_NONE: it does not say */
    int64_t modified_at;
    struct slice text;    /* HTML of the whole article, when the list carries it */
    struct slice capture; /* where an archived copy is; empty: the find is the page itself */
    int64_t captured_at;
    int64_t capture_offset, capture_bytes; /* one record of a WARC file; bytes 0: all of it */
    struct slice digest;                   /* "sha1:" and base32, of the copy's payload; or empty */
    enum find_state state;
    struct slice message;
    int64_t n_tries, not_before; /* of a copy that its archive could not give just then */
};

struct find_rows {
    struct find_row *rows;
    size_t n_rows;
};

/* *is_new is false when this backfill found it before: nothing is written. */
enum ww_status store_add_find(struct store *s, const struct find_row *row, int64_t *id,
                              bool *is_new, struct ww_error *err);
/* page_id, text, state, message, n_tries and not_before of row->id. */
enum ww_status store_update_find(struct store *s, const struct find_row *row, struct ww_error *err);
enum ww_status store_find(struct store *s, int64_t id, struct arena *arena, struct find_row *out,
                          struct ww_error *err);
/* Of a backfill that are found, or queued, latest published first, without their texts; at most
 * limit. */
enum ww_status store_finds(struct store *s, int64_t backfill_id, enum find_state state,
                           size_t limit, struct arena *arena, struct find_rows *out,
                           struct ww_error *err);
/* What a backfill found of one page, earliest capture first; the page itself before them. */
enum ww_status store_finds_of_page(struct store *s, int64_t backfill_id, int64_t page_id,
                                   struct arena *arena, struct find_rows *out,
                                   struct ww_error *err);

/*
 * Of the copies of a page that are queued: the earliest that was made after publication (0: there
 * is none), and whether a copy was read before.
 */
enum ww_status store_copy_turn(struct store *s, int64_t backfill_id, int64_t page_id,
                               int64_t *find_id, bool *is_read, struct ww_error *err);
/* Those that are queued become known, *n of them. */
enum ww_status store_copies_known(struct store *s, int64_t backfill_id, int64_t page_id, int64_t *n,
                                  struct ww_error *err);

/* A find whose turn it is. */
struct history_due {
    int64_t find_id, page_id; /* page 0: none */
    struct slice url, capture;
    int64_t published_at;
    int64_t capture_offset, capture_bytes;
    bool has_text;
    /* Its page waits in the queue, to be fetched now; else that is settled, or the copy was asked
     * for already. */
    bool is_page_due;
    int64_t n_tries; /* of its copy */
};

struct history_due_list {
    struct history_due *rows;
    size_t n_rows;
};

/*
 * Queued finds, those first that did not fail yet, newest published first, at most limit: of each
 * host of their addresses an even share, so that a large one does not hide the others, and at most
 * per_host. Left out are those that wait for a later moment, or whose page does, and the copies
 * behind a page's first.
 */
enum ww_status store_history_due(struct store *s, int64_t backfill_id, int64_t now, size_t per_host,
                                 size_t limit, struct arena *arena, struct history_due_list *out,
                                 struct ww_error *err);

/* ---- what came of it ------------------------------------------------------------------------- */

/* Add n to a count of documents that have no row of their own. */
enum ww_status store_count_document(struct store *s, int64_t backfill_id, struct slice name,
                                    int64_t n, struct ww_error *err);

/* A reason and how often: what the report says. */
struct history_count {
    struct slice name;
    int64_t n;
};

struct history_counts {
    struct history_count *rows;
    size_t n_rows;
};

/* Of documents, by name. */
enum ww_status store_document_counts(struct store *s, int64_t backfill_id, struct arena *arena,
                                     struct history_counts *out, struct ww_error *err);
/* Of finds, by state. */
enum ww_status store_find_counts(struct store *s, int64_t backfill_id, struct arena *arena,
                                 struct history_counts *out, struct ww_error *err);
/* Of those that are queued, at each round. */
enum ww_status store_count_queued_finds(struct store *s, int64_t backfill_id, int64_t *out,
                                        struct ww_error *err);
/* Of failed finds, by message, most first. */
enum ww_status store_find_failures(struct store *s, int64_t backfill_id, size_t limit,
                                   struct arena *arena, struct history_counts *out,
                                   struct ww_error *err);

/* Hosts of the finds that are still to be fetched, by name, most first. */
enum ww_status store_history_hosts(struct store *s, int64_t backfill_id, size_t limit,
                                   struct arena *arena, struct history_counts *out,
                                   struct ww_error *err);

struct history_gain {
    int64_t n_articles;   /* new */
    int64_t n_copies;     /* of them, in a story with an earlier article */
    int64_t n_stories;    /* that begin with one of them */
    int64_t n_roots;      /* stories of others whose earliest publication is one of them now */
    int64_t n_mentioning; /* articles with a mention */
    int64_t n_alerts;     /* of the articles themselves */
};

enum ww_status store_history_gain(struct store *s, int64_t backfill_id, struct history_gain *out,
                                  struct ww_error *err);

/* A watched item in one month, UTC, of publication: how many articles of this backfill speak of
 * it. Items by name, months in order. */
struct timeline_row {
    struct slice item, month; /* "2022-09"; empty: date not known */
    int64_t n_articles, n_stories;
};

struct timeline_rows {
    struct timeline_row *rows;
    size_t n_rows;
};

enum ww_status store_history_timeline(struct store *s, int64_t backfill_id, struct arena *arena,
                                      struct timeline_rows *out, struct ww_error *err);

#endif
