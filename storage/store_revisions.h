/*
 * store_revisions.h - what is told of an alert once more: a copy of the story or a later version of
 * its page says something else beside the mention, or the page is gone.
 *
 * A fact that changed ("12" to "14") is one revision of an alert, whoever prints it next; what
 * becomes of a page is one for each event. Each analyst is told of each revision once.
 */
#ifndef WW_STORAGE_STORE_REVISIONS_H
#define WW_STORAGE_STORE_REVISIONS_H

#include "storage/store_alerts.h"

enum revision_kind {
    REVISION_NUMBER,
    REVISION_NAME,
    REVISION_STATUS,
    REVISION_CHANGED, /* the page, in a sentence: before, after; neither: it names the item no more
                       */
    REVISION_REMOVED,
    REVISION_RETURNED
};

const char *revision_kind_name(enum revision_kind kind);

struct revision_row {
    int64_t id, alert_id;
    int64_t article_id; /* that says it */
    int64_t event_id;   /* what became of its page; 0: found by reading a copy */
    enum revision_kind kind;
    struct slice before, after;   /* as printed; a removal says how in after: "404" */
    struct slice sentence;        /* of article_id */
    int64_t mark_start, mark_end; /* of after, in sentence; 0, 0: nowhere */
    int64_t n_still;              /* later copies that say before */
    int64_t created_at;
    bool is_historic; /* listed, never mailed */
};

struct revision_list {
    struct revision_row *rows;
    size_t n_rows;
};

/* *is_new is false, and nothing stored, when the alert has that revision. */
enum ww_status store_add_revision(struct store *s, const struct revision_row *row, int64_t *id,
                                  bool *is_new, struct ww_error *err);
/* One more copy says what stood there before. */
enum ww_status store_count_still(struct store *s, int64_t revision_id, struct ww_error *err);
/* Of one alert, the newest first. */
enum ww_status store_list_alert_revisions(struct store *s, int64_t alert_id, size_t limit,
                                          struct arena *arena, struct revision_list *out,
                                          struct ww_error *err);
enum ww_status store_mark_revision_told(struct store *s, struct slice analyst, int64_t revision_id,
                                        int64_t at, struct ww_error *err);

/* ---- what an alert was raised by ---------------------------------------------------------------
 */

struct alert_told {
    int64_t alert_id, article_id, watchlist_id;
    bool is_historic;
    struct slice item; /* of store_list_alerts_of_page */
};

struct alert_told_list {
    struct alert_told *rows;
    size_t n_rows;
};

/* The alert of a story on an item. WW_NOT_FOUND. */
enum ww_status store_alert_told(struct store *s, int64_t story_id, struct slice item,
                                struct arena *arena, struct alert_told *out, struct ww_error *err);
/*
 * The alerts that the page of this article has raised or has made a revision of, in any version,
 * and those of the story that it was the first to print; the oldest `limit` of them.
 */
enum ww_status store_list_alerts_of_page(struct store *s, int64_t article_id, size_t limit,
                                         struct arena *arena, struct alert_told_list *out,
                                         struct ww_error *err);

/* Is the article the newer version of an event that was not scanned? */
enum ww_status store_event_waits(struct store *s, int64_t article_id, bool *out,
                                 struct ww_error *err);

/* ---- what is shown -----------------------------------------------------------------------------
 */

struct revision_view {
    struct revision_row revision;
    struct article_row article; /* that says it */
    int64_t story_id;
    struct slice item, item_name, country;
    enum alert_severity severity;
    struct slice title, url, outlet; /* of the article that raised the alert */
    int64_t event_at;                /* 0: there is none */
    struct slice how;
    bool is_noted;
    int64_t n_articles, n_outlets, n_origins; /* of the story, now */
    bool is_alert_told;                       /* the filter's analyst knows the alert */
};

struct revision_view_list {
    struct revision_view *rows;
    size_t n_rows;
};

struct revision_filter {
    struct store_window window; /* of created_at */
    enum store_history history;
    int64_t alert_id;
    struct slice not_told_to;
    struct slice for_analyst, analysts; /* as of alert_filter; a known alert is his whatever else */
};

/* Oldest first. */
enum ww_status store_list_revisions(struct store *s, const struct revision_filter *filter,
                                    struct arena *arena, struct revision_view_list *out,
                                    struct ww_error *err);

#endif
