/*
 * store.h - the one file that remembers everything: open, close, transactions, state of health.
 *
 * The rows and their functions are in store_feeds.h, store_entries.h, store_pages.h,
 * store_articles.h, store_bodies.h, store_stories.h, store_alerts.h, store_marks.h,
 * store_outbox.h, store_runs.h, store_hosts.h, store_sites.h, store_troubles.h and store_search.h.
 * The same holds for all of them:
 *
 * Rows:      plain structs. Times are seconds since 1970 UTC, 0 when unknown; ids are above 0, 0 is
 *            none; a text that is absent is empty. Texts of a row that was read live in the arena
 *            that was given; texts of a row to be written are borrowed for the call.
 * Writing:   only between store_begin and store_commit; anything else is refused with WW_STORE.
 *            After a failure call store_rollback: nothing of the transaction stays.
 * Reading:   in or out of a transaction. Lists take a filter, whose zero means "all", and stop
 *            at filter.limit rows (0: STORE_LIST_MAX); long lists go on with offset or after_id.
 * Errors:    WW_NOT_FOUND where a header says so; WW_CONFLICT when a lock is held (its message
 *            names the holder); WW_STORE with words that say what to do: disk full, read-only,
 *            damaged, not ours, made by a newer wirewatch.
 */
#ifndef WW_STORAGE_STORE_H
#define WW_STORAGE_STORE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct store;

struct store_options {
    const char *path;
    bool is_reader;       /* never writes, needs no lock; fits beside a running run */
    bool may_create;      /* else a missing file is WW_NOT_FOUND */
    int64_t lock_wait_ms; /* for the short write lock; 0: STORE_LOCK_WAIT_MS */
    int64_t now;          /* stamped on the copy made before a migration */
};

/*
 * A writer brings an older schema up to date, after a copy of the file beside it. A reader refuses
 * an older schema, and says who mends it.
 */
enum ww_status store_open(const struct store_options *options, struct store **out,
                          struct ww_error *err);
/* Rolls back what was not committed. */
void store_close(struct store *s);

/* Takes the write lock until commit or rollback. Not nested. */
enum ww_status store_begin(struct store *s, struct ww_error *err);
/* On failure everything is rolled back already. */
enum ww_status store_commit(struct store *s, struct ww_error *err);
/* Does nothing outside a transaction. */
void store_rollback(struct store *s);
bool store_is_writing(const struct store *s);

/* What every list filter begins with. since <= time < until; 0: open end. */
struct store_window {
    int64_t since, until;
    size_t limit, offset;
};

/* Live, from backfill, or both. */
enum store_history { STORE_ANY_HISTORY, STORE_LIVE, STORE_HISTORIC };

/* Small facts about the database itself. WW_NOT_FOUND when key was never put. */
enum ww_status store_meta(struct store *s, struct slice key, struct arena *arena, struct slice *out,
                          struct ww_error *err);
enum ww_status store_put_meta(struct store *s, struct slice key, struct slice value,
                              struct ww_error *err);
/* A number, in a transaction of its own. */
enum ww_status store_note_number(struct store *s, struct slice key, int64_t n,
                                 struct ww_error *err);
#define STORE_ID_BYTES 33
/* 32 random hex digits, made with the database: part of every Message-ID. */
const char *store_id(const struct store *s);

struct store_stats {
    int64_t schema_version;
    int64_t file_bytes, wal_bytes;    /* on the disk */
    int64_t page_bytes, n_free_pages; /* inside: room to be used again */
    int64_t n_feeds, n_feeds_active, n_feeds_gone, n_feeds_paused;
    int64_t n_feeds_new, n_feeds_retrying, n_feeds_failing, n_feeds_stale; /* of the active */
    int64_t n_entries, n_pages, n_pages_queued, n_pages_failed, n_pages_quarantined;
    int64_t n_articles, n_articles_historic, n_articles_unscanned, n_stories;
    int64_t n_mentions, n_candidates, n_alerts, n_watchlists;
    int64_t n_messages, n_messages_waiting, n_messages_failed;
    int64_t n_runs, last_run_at, last_good_run_at;
    int64_t text_bytes, text_stored_bytes; /* article texts as they are, and compressed */
    int64_t n_bodies, body_stored_bytes;   /* pages kept as received, compressed */
};

enum ww_status store_read_stats(struct store *s, struct store_stats *out, struct ww_error *err);
/* The numbers of feeds and pages alone, the others 0: those of texts take a pass over them all. */
enum ww_status store_read_standing(struct store *s, struct store_stats *out, struct ww_error *err);

/*
 * Reads the whole file and looks for damage. WW_OK and an empty report: sound. WW_OK and lines:
 * what was found, one a line.
 */
enum ww_status store_check(struct store *s, struct arena *arena, struct slice *report,
                           struct ww_error *err);

/* A whole, compact copy at path, which must not exist. Fits beside a running run. */
enum ww_status store_backup(struct store *s, const char *path, struct ww_error *err);

#endif
