/*
 * scan_try.h - what a list, one of its items or a query would find in the archive: nothing is
 * stored, and a database that only may be read will do.
 *
 * An alert is one story and one item (scan.h), so what is counted beside articles are those pairs,
 * and which of them have alerted already.
 *
 * Ownership: all of a trial lives in the arena that was given, and borrows the list.
 */
#ifndef WW_ALERTS_SCAN_TRY_H
#define WW_ALERTS_SCAN_TRY_H

#include "alerts/mentions.h"
#include "alerts/scan.h"
#include "storage/store_walk.h"

#include <signal.h>

struct scan_try_options {
    const struct watchlist *watchlist;
    const struct watch_item *item; /* of the watchlist: this one alone; NULL: all */
    const struct walk_ids *only;   /* NULL: of an item, those that the search index names */
    struct store_window window;    /* since and until, of when articles were published */
    struct slice language;
    unsigned n_threads; /* 0: one a core */
    const volatile sig_atomic_t *stop;
    scan_progress *progress; /* may be NULL */
    void *context;
};

/* An item in an article. */
struct trial_hit {
    int64_t article_id, story_id, at;
    const struct watch_item *item;
    bool is_alerted; /* the story has alerted on it */
    bool is_first;   /* the oldest hit of its story and item */
};

/* An item on which stories that were hit have alerted. */
struct trial_overlap {
    struct slice item;
    int64_t n_stories;
};

struct scan_trial {
    struct walk_span archive; /* in the window */
    int64_t n_matched;        /* of its articles, the others cannot hold it */
    bool is_narrowed;
    const char *reason;     /* why not, in words; NULL: not tried */
    struct trial_hit *hits; /* newest first */
    size_t n_hits;
    int64_t n_articles, n_stories;  /* that were hit */
    int64_t n_alerts, n_alerted;    /* stories and items; those that have alerted */
    struct trial_overlap *overlaps; /* most stories first; of an item that is tried, without it */
    size_t n_overlaps;
    const struct mention_engine *engine;
};

enum ww_status scan_try(struct store *s, const struct scan_try_options *options,
                        struct arena *arena, struct scan_trial *out, struct ww_error *err);

/* A hit as it is shown. */
struct trial_view {
    struct article_row article;
    struct slice sentence;
    size_t mark_start, mark_end; /* in sentence */
    struct slice alias;
    const char *rule;
};

enum ww_status scan_try_show(struct store *s, const struct scan_trial *trial,
                             const struct trial_hit *hit, struct arena *arena,
                             struct trial_view *out, struct ww_error *err);

/*
 * Put a query behind the rules of a list, as an item of its own: it is tried as it would work
 * there, with the list's captions, datelines and lines of links. WW_INVALID: *error_at is where.
 */
enum ww_status scan_try_query(struct watchlist *w, struct slice query, struct arena *arena,
                              const struct watch_item **item, size_t *error_at,
                              struct ww_error *err);

#endif
