/*
 * store_events.h - what became of articles that were told of: the page changed in substance, was
 * taken away, or is there again.
 *
 * Facts, never changed: pass 1 writes them, pass 2 marks what it has seen, as it does articles. The
 * articles themselves stay for ever, whatever becomes of their pages.
 */
#ifndef WW_STORAGE_STORE_EVENTS_H
#define WW_STORAGE_STORE_EVENTS_H

#include "storage/store.h"

enum event_kind {
    EVENT_CHANGED,
    EVENT_REMOVED,
    EVENT_RETURNED /* after EVENT_REMOVED */
};

const char *event_kind_name(enum event_kind kind);

struct event_row {
    int64_t id;
    int64_t page_id;
    int64_t article_id; /* as it was: the version before, or the last there is */
    int64_t newer_id;   /* as it is, when it has changed; 0: nothing newer is stored */
    enum event_kind kind;
    struct slice how;     /* of a removal: "404", "410", "front page", "soft 404", "elsewhere" */
    bool is_noted;        /* of a change: the page says itself that it was changed */
    int64_t at;           /* when it was seen; of a removal, the first time */
    int64_t scanned_with; /* watchlist id; 0: never */
};

struct event_list {
    struct event_row *rows;
    size_t n_rows;
};

enum ww_status store_add_event(struct store *s, const struct event_row *row, int64_t *id,
                               struct ww_error *err);
enum ww_status store_set_event_scanned(struct store *s, int64_t event_id, int64_t watchlist_id,
                                       struct ww_error *err);
/* WW_NOT_FOUND. */
enum ww_status store_event(struct store *s, int64_t id, struct arena *arena, struct event_row *out,
                           struct ww_error *err);

struct event_filter {
    struct store_window window; /* of at */
    int64_t after_id;           /* only ids above it */
    int64_t article_id;         /* of the page of this article, whichever version it is */
    int64_t story_id;
    bool has_kind;
    enum event_kind kind;
    bool is_unscanned;
};

/* Newest first; unscanned ones by id, for walking them with after_id. */
enum ww_status store_list_events(struct store *s, const struct event_filter *filter,
                                 struct arena *arena, struct event_list *out, struct ww_error *err);

#endif
