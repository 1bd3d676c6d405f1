/*
 * store_feeds.h - subscriptions: what is polled, when next, and how it has been.
 *
 * A row holds what the analyst says of a feed (title to country, state) and what polling learned.
 * store_update_feed writes the first part, store_add_feed_check the second, so that neither undoes
 * the other. Checks are only ever appended: they are the history of a feed's health.
 */
#ifndef WW_STORAGE_STORE_FEEDS_H
#define WW_STORAGE_STORE_FEEDS_H

#include "storage/store.h"

enum feed_state {
    FEED_STATE_ACTIVE,
    FEED_STATE_PAUSED, /* by the analyst */
    FEED_STATE_GONE,   /* 410: the publisher says so */
    FEED_STATE_REMOVED /* by the analyst; kept because its articles name it */
};

const char *feed_state_name(enum feed_state state);
bool feed_state_parse(struct slice name, enum feed_state *out);

/*
 * Feed: whatever announces articles, told by its content (RSS, Atom, JSON Feed, a sitemap). Page: a
 * page of links without a feed, read through its selector.
 */
enum feed_kind { FEED_KIND_FEED, FEED_KIND_PAGE };

const char *feed_kind_name(enum feed_kind kind);

/* How much a failure says against a feed: nothing yet, something, nearly all. */
enum feed_failure {
    FEED_FAILURE_NONE,
    FEED_FAILURE_TEMPORARY, /* no answer, 5xx, 429: it passes by itself */
    FEED_FAILURE_SOFT,      /* an answer that is no feed, 403, 404: it may pass */
    FEED_FAILURE_HARD       /* 410, a name that is no more: somebody has to look */
};

const char *feed_failure_name(enum feed_failure failure); /* "" for none */

/*
 * How an active feed is, in the one word that every list, check and digest uses; crawler/health.h
 * says when. Retrying: its last answer was bad, and it may pass. Failing: it does not pass. Stale:
 * it answers well, and has had no news for longer than it ever had.
 */
enum feed_health {
    FEED_HEALTH_NEW, /* not asked yet */
    FEED_HEALTH_OK,
    FEED_HEALTH_RETRYING,
    FEED_HEALTH_FAILING,
    FEED_HEALTH_STALE
};

struct feed_row {
    int64_t id;
    struct slice url;
    struct slice title, outlet, folder, country, language;
    enum feed_state state;
    int64_t added_at;
    /* polling */
    struct slice etag, last_modified; /* byte for byte as the server gave them */
    int64_t next_due_at, interval_s;
    int64_t last_checked_at, last_ok_at, last_new_at;
    int64_t n_failures, first_failed_at; /* in a row, since the last success */
    struct slice last_error;
    int64_t last_status;
    struct slice new_url; /* where a 301 points */
    int64_t new_url_since, n_new_url_seen;
    /* the analyst's */
    struct slice site, note; /* home page; free text */
    struct slice tags;       /* "a,b": sorted, lower case, no blanks */
    int64_t tier;            /* 1 to 3, 1 the most important; 0: not said */
    enum feed_kind kind;
    struct slice selector; /* of a page */
    int64_t parent_id;     /* the sitemap index that named it; 0: the analyst did */
    struct slice extra;    /* attributes of other programs' OPML, as XML: ' version="RSS"' */
    /* polling */
    struct slice format;         /* as last read: "rss2.0", "sitemap" */
    struct slice validators_url; /* the address that gave etag and last_modified */
    int64_t rhythm_s;            /* usual time between two entries; 0: not known */
    int64_t body_hash;           /* of the last answer with a body */
    int64_t full_at;             /* when the whole of it last came */
    int64_t n_lies;           /* distrust of its 304s: 2 for a false one, less 1 for a true one */
    int64_t asked_interval_s; /* ttl and sy: what the publisher asks for; 0: nothing */
    int64_t skip_hours, skip_days; /* bit h: not in hour h, UTC; bit 0 Monday */
    int64_t weight;                /* of the failures since the last success */
    enum feed_failure last_failure;
    enum feed_health health; /* of an active one; as of its last check */
    struct slice host;       /* of its address: the store's own to write, as the lease is */
    struct slice claimed_by; /* store_leases.h; empty: nobody's */
    int64_t claimed_until;
};

/* The word itself: that of its state, when it is not active. */
const char *feed_health_name(const struct feed_row *row);
bool feed_health_parse(struct slice name, enum feed_health *out);

struct feed_list {
    struct feed_row *rows;
    size_t n_rows;
};

struct feed_filter {
    struct store_window window; /* limit and offset alone */
    bool has_state;             /* else every state but removed */
    enum feed_state state;
    bool has_health; /* active ones of this health */
    enum feed_health health;
    bool is_bad;          /* retrying, failing, stale or gone; health does not count then */
    bool has_no_children; /* without the sitemaps that an index named */
    int64_t due_by;       /* active ones with next_due_at <= due_by, longest waiting first */
    /* Folders and forms of a language below it too; "-": those that say no country or language. */
    struct slice folder, country, language;
    struct slice tag;
    int64_t tier;
    struct slice text; /* part of the address, title or outlet; ASCII case ignored */
};

/*
 * One more subscription. *is_new is false, and *id the one there is, when the address is known; a
 * removed one comes back as active.
 */
enum ww_status store_add_feed(struct store *s, const struct feed_row *row, int64_t *id,
                              bool *is_new, struct ww_error *err);
/* WW_NOT_FOUND. */
enum ww_status store_feed(struct store *s, int64_t id, struct arena *arena, struct feed_row *out,
                          struct ww_error *err);
enum ww_status store_feed_by_url(struct store *s, struct slice url, struct arena *arena,
                                 struct feed_row *out, struct ww_error *err);
/* By folder and title, or by next_due_at with due_by. */
enum ww_status store_list_feeds(struct store *s, const struct feed_filter *filter,
                                struct arena *arena, struct feed_list *out, struct ww_error *err);
/* Those that name it as their parent, of any state, oldest first. */
enum ww_status store_list_child_feeds(struct store *s, int64_t parent_id, struct arena *arena,
                                      struct feed_list *out, struct ww_error *err);

/*
 * url to state of row->id. Another url drops validators and failures, and makes a gone feed active
 * (WW_CONFLICT when another feed has it); so does another selector or kind, or a change of state
 * back to active. The feed is then due at once. With them, and when it is no longer active, its
 * open troubles end as TROUBLE_EDITED; but not when url is new_url, by which its publisher moved
 * it.
 */
enum ww_status store_update_feed(struct store *s, const struct feed_row *row, struct ww_error *err);

/* The sitemaps of this index brought news, in that rhythm. */
enum ww_status store_note_feed_news(struct store *s, int64_t id, int64_t at, int64_t rhythm_s,
                                    struct ww_error *err);

enum feed_outcome {
    FEED_CHECK_OK,        /* read, in whole */
    FEED_CHECK_UNCHANGED, /* 304, or the same bytes */
    FEED_CHECK_FAILED,    /* their fault: counted */
    FEED_CHECK_SKIPPED    /* our fault, or not asked: not counted */
};

const char *feed_outcome_name(enum feed_outcome outcome);

struct feed_check_row {
    int64_t id, feed_id, run_id, at;
    enum feed_outcome outcome;
    int64_t http_status; /* 0: no answer */
    int64_t n_entries, n_new;
    int64_t duration_ms, body_bytes;
    struct slice message; /* what was wrong; empty when all was well */
    enum feed_failure failure;
    struct slice said; /* the server's own words: status line and the headers that matter */
};

struct feed_check_list {
    struct feed_check_row *rows;
    size_t n_rows;
};

/*
 * Append a check and write the polling part of row, as the caller has reckoned it. row->state goes
 * over only when it is FEED_STATE_GONE. To be called in the transaction that stores the entries the
 * validators cover.
 */
enum ww_status store_add_feed_check(struct store *s, const struct feed_row *row,
                                    const struct feed_check_row *check, struct ww_error *err);
/* Newest first; feed_id 0: of all feeds. */
enum ww_status store_list_feed_checks(struct store *s, int64_t feed_id,
                                      const struct store_window *window, struct arena *arena,
                                      struct feed_check_list *out, struct ww_error *err);

/* How a feed has been over a window of time. */
struct feed_tally {
    int64_t n_checks, n_ok, n_unchanged, n_failed;
    int64_t n_entries_new, body_bytes;
};

enum ww_status store_feed_tally(struct store *s, int64_t feed_id, const struct store_window *window,
                                struct feed_tally *out, struct ww_error *err);

#endif
