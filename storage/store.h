/*
 * store.h - the one file that remembers everything: open, close, transactions, state of health.
 *
 * The rows and their functions are in store_feeds.h, store_entries.h, store_pages.h,
 * store_articles.h, store_bodies.h, store_stories.h, store_alerts.h, store_marks.h,
 * store_outbox.h, store_runs.h, store_hosts.h, store_sites.h, store_troubles.h, store_search.h and
 * store_locks.h.
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
 *            names the holder); WW_AWAY when its server does not answer: what was under way is
 *            undone (store_await); WW_STORE with words that say what to do: disk full, read-only,
 *            damaged, not ours, made by a newer wirewatch.
 */
#ifndef WW_STORAGE_STORE_H
#define WW_STORAGE_STORE_H

#include "base/error.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct bucket_options;
struct clock;
struct store;

struct store_options {
    const char *path;
    bool is_reader;       /* never writes, needs no lock; fits beside a running run */
    bool may_create;      /* else a missing file is WW_NOT_FOUND */
    int64_t lock_wait_ms; /* for the short write lock; 0: STORE_LOCK_WAIT_MS */
    int64_t now;          /* stamped on the copy made before a migration */
    const char *archive;  /* folder of storage/archive.h; NULL or "": "warc" beside path */
    /* Where closed files of the archive are sent and read; NULL: they stay. Until store_close. */
    const struct bucket_options *bucket;
    const char *machine; /* this one's name, for whoever finds its locks; NULL: not told */
    /* Set: an answer of a server is not waited for any longer than STORE_STOPPED_MS; may be NULL.
     */
    const volatile sig_atomic_t *stop;
    int64_t lease_s;   /* how long a claim lasts after its last sign of life; 0: LEASE_S */
    bool wants_leases; /* tests: locks are claims whatever the engine */
};

/*
 * A writer brings an older schema up to date, after a copy of the file beside it. A reader refuses
 * an older schema, and says who mends it.
 */
enum ww_status store_open(const struct store_options *options, struct store **out,
                          struct ww_error *err);
/* The number of the schema that store_open found; 0: the database was new. */
int64_t store_schema_before(const struct store *s);
/* Rolls back what was not committed. */
void store_close(struct store *s);

/* Takes the write lock until commit or rollback. Not nested. */
enum ww_status store_begin(struct store *s, struct ww_error *err);
/* On failure everything is rolled back already. */
enum ww_status store_commit(struct store *s, struct ww_error *err);
/*
 * Behind a commit, by whoever writes again and again: if another process was waiting to write, it
 * is let in, each COMMIT_EVERY_MS at most. A file's lock is nobody's in turn, a server's is.
 */
void store_let_others_write(struct store *s, struct clock *clock);
/* Does nothing outside a transaction. */
void store_rollback(struct store *s);
bool store_is_writing(const struct store *s);
/* Several machines may be at it: what one leaves, another does. */
bool store_is_shared(const struct store *s);
/* So long a transaction may stay open for what comes next; 0: not while anything is waited for. */
int64_t store_hold_ms(const struct store *s);
/*
 * In loops that are long under a lock (store_locks.h): "still at it". Costs nothing most of the
 * time, and in a transaction never. WW_CONFLICT: the lock is another's by now, as of every
 * store_begin from then on; nothing more may be done under it.
 */
enum ww_status store_keep(struct store *s, struct ww_error *err);

/*
 * WW_AWAY was said: until the server of the store answers again, at most STORE_AWAY_MS, with longer
 * and longer pauses. What was under way begins anew then, from what is stored. WW_AWAY: it did not,
 * or *stop (may be NULL) was set; err keeps its words.
 */
enum ww_status store_await(struct store *s, const volatile sig_atomic_t *stop,
                           struct ww_error *err);
/* By the clock that counts, in ms since 1970. WW_NOT_FOUND: by this machine's own. */
enum ww_status store_clock(struct store *s, int64_t *out_ms, struct ww_error *err);

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
    int64_t file_bytes, wal_bytes;    /* on the disk, or the server's */
    int64_t page_bytes, n_free_pages; /* inside: room to be used again */
    int64_t n_feeds, n_feeds_active, n_feeds_gone, n_feeds_paused;
    int64_t n_feeds_new, n_feeds_retrying, n_feeds_failing, n_feeds_stale; /* of the active */
    int64_t n_entries, n_pages, n_pages_queued, n_pages_failed, n_pages_quarantined;
    int64_t n_articles, n_articles_historic, n_articles_unscanned, n_stories;
    int64_t n_mentions, n_candidates, n_alerts, n_watchlists;
    int64_t n_messages, n_messages_waiting, n_messages_failed;
    int64_t n_runs, last_run_at, last_good_run_at;
    int64_t text_bytes, text_stored_bytes; /* article texts as they are, and compressed */
    int64_t n_backfills, n_backfills_open, n_finds, n_finds_waiting;
    int64_t n_bodies, body_stored_bytes; /* pages kept as received, compressed */
    int64_t n_archive_files, n_archive_records, archive_bytes;
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

#endif
