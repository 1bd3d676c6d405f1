/*
 * store_runs.h - the diary: runs, and every request that was made.
 *
 * The newest run that ended well is the sign of life that `check` looks for.
 */
#ifndef WW_STORAGE_STORE_RUNS_H
#define WW_STORAGE_STORE_RUNS_H

#include "storage/store.h"

enum run_outcome {
    RUN_UNFINISHED, /* going on, or killed */
    RUN_OK,
    RUN_PARTIAL, /* ended, but not everything could be done */
    RUN_FAILED
};

/* What of ours was down, so that nobody else was blamed for it (crawler/health.h). */
enum run_outage {
    RUN_OUTAGE_NONE,
    RUN_OUTAGE_NETWORK,      /* hardly any host was reached */
    RUN_OUTAGE_NAMES,        /* hardly any name was found */
    RUN_OUTAGE_PROXY,        /* the proxy, or what lies behind it */
    RUN_OUTAGE_CERTIFICATES, /* hardly any certificate was accepted: a clock, or a go-between */
    RUN_OUTAGE_PORTAL,       /* most hosts gave one and the same answer, not their own */
    RUN_OUTAGE_PART          /* many hosts at once, not most: those alone were not blamed */
};

struct run_row {
    int64_t id;
    struct slice kind; /* "run", "backfill", "digest" ... */
    int64_t pid, started_at, ended_at;
    enum run_outcome outcome;
    int64_t n_feeds, n_feeds_failed, n_entries_new;
    int64_t n_pages, n_pages_failed, n_articles, n_stories;
    int64_t n_mentions, n_alerts, n_messages;
    int64_t n_requests, received_bytes;
    struct slice message;
    enum run_outage outage;
    struct slice machine; /* whose pid it is; empty: of before there were several */
};

struct run_list {
    struct run_row *rows;
    size_t n_rows;
};

/* kind, pid, machine and started_at count. */
enum ww_status store_add_run(struct store *s, const struct run_row *row, int64_t *id,
                             struct ww_error *err);
/* ended_at, outcome, counts, message and outage of row->id. */
enum ww_status store_update_run(struct store *s, const struct run_row *row, struct ww_error *err);
/* Newest first; kind empty: all. */
enum ww_status store_list_runs(struct store *s, struct slice kind,
                               const struct store_window *window, struct arena *arena,
                               struct run_list *out, struct ww_error *err);
/* The newest that ended RUN_OK. WW_NOT_FOUND. */
enum ww_status store_last_good_run(struct store *s, struct slice kind, struct arena *arena,
                                   struct run_row *out, struct ww_error *err);

/* Runs since a time that could not watch at all. */
struct run_outages {
    int64_t n_runs;
    int64_t first_at, last_at; /* when the first and the last of them began */
};

enum ww_status store_run_outages(struct store *s, int64_t since, struct run_outages *out,
                                 struct ww_error *err);

/* How runs of a kind that began in a window ended; what still goes on is in none but n_runs. */
struct run_counts {
    int64_t n_runs, n_partial;
    int64_t n_failed; /* and those that died: a later one began */
};

enum ww_status store_count_runs(struct store *s, struct slice kind,
                                const struct store_window *window, struct run_counts *out,
                                struct ww_error *err);

struct request_row {
    int64_t id, run_id, at;
    struct slice url, host;
    int64_t http_status; /* 0: no answer */
    int64_t body_bytes, duration_ms;
    struct slice outcome; /* "ok", "unchanged", or what went wrong */
};

struct request_list {
    struct request_row *rows;
    size_t n_rows;
};

enum ww_status store_add_request(struct store *s, const struct request_row *row,
                                 struct ww_error *err);
/* Newest first; run_id 0 and empty host: all. */
enum ww_status store_list_requests(struct store *s, int64_t run_id, struct slice host,
                                   const struct store_window *window, struct arena *arena,
                                   struct request_list *out, struct ww_error *err);

/*
 * The oldest requests and checks of feeds go, at most limit of each, if they were made before that
 * time. In a transaction.
 */
enum ww_status store_prune_requests(struct store *s, int64_t before, size_t limit,
                                    struct ww_error *err);

#endif
