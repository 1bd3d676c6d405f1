/*
 * store_walk.h - all stored articles, by id, with no more of them than matching needs.
 *
 * A row of an article has some forty columns; a walk over a hundred thousand of them reads six, and
 * the text as it is stored: unpacking it costs more than reading it, and whoever walks may do that
 * on another core (deflate_unpack, STORE_BLOB_MAX_BYTES). Nothing stays open between two calls, so
 * that a walk of minutes holds up no writer; what is stored meanwhile has higher ids.
 */
#ifndef WW_STORAGE_STORE_WALK_H
#define WW_STORAGE_STORE_WALK_H

#include "storage/store.h"

struct arena;

struct walk_row {
    int64_t id, story_id;
    int64_t at; /* when it was published; first seen, where that is not known */
    int64_t text_bytes;
    struct slice title, language;
    struct slice packed; /* its text */
};

struct walk_list {
    struct walk_row *rows;
    size_t n_rows;
};

struct walk_filter {
    struct store_window window; /* since and until, of walk_row.at */
    struct slice language;
    int64_t after_id, last_id; /* after_id < id <= last_id; last_id 0: open end */
    bool is_unscanned;         /* never scanned */
    int64_t not_scanned_with;  /* scanned, with another version of the watchlist */
};

/* A block of rows ends behind n_max rows, or behind the one with which its texts reach bytes_max.
 */
struct walk_bounds {
    size_t n_max;
    int64_t bytes_max;
};

/* The next block; none: n_rows is 0. */
enum ww_status store_walk(struct store *s, const struct walk_filter *filter,
                          const struct walk_bounds *bounds, struct arena *arena,
                          struct walk_list *out, struct ww_error *err);

/*
 * The next block of the articles whose ids are given, in rising order; *n_used of them were looked
 * at. Ids that the filter leaves out, or that there are not, give no row.
 */
enum ww_status store_walk_ids(struct store *s, const struct walk_filter *filter, const int64_t *ids,
                              size_t n_ids, const struct walk_bounds *bounds, struct arena *arena,
                              struct walk_list *out, size_t *n_used, struct ww_error *err);

/* The highest id there is; 0: there is no article. */
enum ww_status store_walk_last(struct store *s, int64_t *id, struct ww_error *err);

/* Ids of articles, rising. */
struct walk_ids {
    int64_t *ids;
    size_t n_ids;
};

/* Those of which something was stored (a mention, a candidate, a claim), by whatever version of the
 * watchlist. */
enum ww_status store_walk_mentioned(struct store *s, struct arena *arena, struct walk_ids *out,
                                    struct ww_error *err);

/* How many articles there are to the filter (its ids do not count), and of what time. */
struct walk_span {
    int64_t n_articles, first_at, last_at;
};

enum ww_status store_walk_span(struct store *s, const struct walk_filter *filter,
                               struct walk_span *out, struct ww_error *err);

/* ---- alerts, with no more of them than it takes to ask whether they still hold ----------------
 */

struct walk_alert {
    int64_t id, story_id, article_id;
    struct slice item;
};

struct walk_alerts {
    struct walk_alert *rows;
    size_t n_rows;
};

enum ww_status store_walk_alerts_of(struct store *s, int64_t story_id, struct arena *arena,
                                    struct walk_alerts *out, struct ww_error *err);
/* By id, from behind after_id on; at most limit. */
enum ww_status store_walk_alerts(struct store *s, int64_t after_id, size_t limit,
                                 struct arena *arena, struct walk_alerts *out,
                                 struct ww_error *err);
/* The articles of the alert's story that a version of the watchlist found its item in. */
enum ww_status store_walk_witnesses(struct store *s, const struct walk_alert *alert,
                                    struct arena *arena, struct walk_ids *out,
                                    struct ww_error *err);

#endif
