/*
 * store_troubles.h - what is wrong with feeds, from the first sign to the end; whom it was told;
 * and which places and languages no feed reaches.
 *
 * A trouble is opened at its first sign, persists when its time has come (crawler/health.h), and
 * ends when the feed is well again, is gone, or was edited by its owner. Of each kind a feed has at
 * most one that is open. Every analyst is told of a trouble that persists, once, and once of its
 * end; a trouble that ends before it persists is told nobody.
 */
#ifndef WW_STORAGE_STORE_TROUBLES_H
#define WW_STORAGE_STORE_TROUBLES_H

#include "storage/store.h"

enum trouble_kind {
    TROUBLE_FAILING,
    TROUBLE_STALE, /* answers well and has no news */
    TROUBLE_GONE   /* its publisher says so: 410 */
};

enum trouble_ending {
    TROUBLE_OPEN,
    TROUBLE_RECOVERED,
    TROUBLE_IS_GONE, /* of a failing or stale one: there is nothing left to fail */
    TROUBLE_EDITED   /* another address, paused, removed */
};

const char *trouble_kind_name(enum trouble_kind kind);
const char *trouble_ending_name(enum trouble_ending ending); /* "" for an open one */

struct trouble_row {
    int64_t id, feed_id;
    enum trouble_kind kind;
    int64_t began_at;
    int64_t persists_since; /* 0: so far it may pass unsaid */
    int64_t ended_at;       /* 0: it is open */
    enum trouble_ending ending;
    struct slice message; /* why, as of the last check */
};

struct trouble_list {
    struct trouble_row *rows;
    size_t n_rows;
};

/* Open a trouble of feed_id and kind, or bring the open one up to date: message, and
 * persists_since when it had none. */
enum ww_status store_note_trouble(struct store *s, const struct trouble_row *row,
                                  struct ww_error *err);
/* The end of an open one of that kind; of none, when none is open. */
enum ww_status store_end_trouble(struct store *s, int64_t feed_id, enum trouble_kind kind,
                                 int64_t at, enum trouble_ending ending, struct ww_error *err);
/* Of a feed, newest first. */
enum ww_status store_list_troubles(struct store *s, int64_t feed_id,
                                   const struct store_window *window, struct arena *arena,
                                   struct trouble_list *out, struct ww_error *err);

/* A trouble and what of its feed is told with it. */
struct trouble_view {
    struct trouble_row trouble;
    struct slice url, title, country, language;
    int64_t last_new_at;
};

struct trouble_view_list {
    struct trouble_view *rows;
    size_t n_rows;
};

/*
 * What the analyst has not been told: open troubles that persist, by kind, the longest first; then
 * those that have ended in TROUBLE_RECOVERED at or after ended_since.
 */
enum ww_status store_list_untold_troubles(struct store *s, struct slice analyst,
                                          int64_t ended_since, const struct store_window *window,
                                          struct arena *arena, struct trouble_view_list *out,
                                          struct ww_error *err);
/* Those that persisted and are open, or have ended since; open ones first, the newest first. */
enum ww_status store_list_recent_troubles(struct store *s, int64_t since, size_t limit,
                                          struct arena *arena, struct trouble_view_list *out,
                                          struct ww_error *err);
/* That he was told of what row says now: that it persists, or its end. */
enum ww_status store_mark_trouble_told(struct store *s, struct slice analyst,
                                       const struct trouble_row *row, int64_t at,
                                       struct ww_error *err);

/* Troubles that began to persist in a window, and those of that kind that were over in it. */
enum ww_status store_count_troubles(struct store *s, const struct store_window *window,
                                    int64_t *n_began, int64_t *n_ended, struct ww_error *err);

/* A country or a language, and the feeds that have it. */
struct coverage_row {
    struct slice code;  /* empty: feeds that say none */
    int64_t n_feeds;    /* active or gone */
    int64_t n_healthy;  /* ok, retrying, or new */
    int64_t last_ok_at; /* when the last of them was; 0: never */
};

struct coverage_list {
    struct coverage_row *rows;
    size_t n_rows;
};

/* There are feeds for it, and none of them is healthy. */
bool coverage_is_gap(const struct coverage_row *row);

enum coverage_kind { COVERAGE_COUNTRY, COVERAGE_LANGUAGE };

enum ww_status store_list_coverage(struct store *s, enum coverage_kind kind, struct arena *arena,
                                   struct coverage_list *out, struct ww_error *err);

#endif
