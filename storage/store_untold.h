/*
 * store_untold.h - what an analyst has not been told, asked cheaply: for a look at every run.
 *
 * A look goes on where the last one ended: at an alert's id, and at a time, because an alert of
 * history that becomes news keeps its id. What is asked costs what is new, not what there is.
 */
#ifndef WW_STORAGE_STORE_UNTOLD_H
#define WW_STORAGE_STORE_UNTOLD_H

#include "storage/store_alerts.h"

struct untold_look {
    struct slice analyst, analysts; /* as of alert_filter */
    int64_t after_id;               /* alerts behind this one, */
    int64_t since;                  /* and those that were raised then or later */
};

struct untold_list {
    struct alert_row *rows;
    size_t n_rows;
};

/* Live alerts of the look that are the analyst's and were not told; by id, from behind cursor on.
 */
enum ww_status store_list_untold(struct store *s, const struct untold_look *look, int64_t cursor,
                                 size_t limit, struct arena *arena, struct untold_list *out,
                                 struct ww_error *err);

/* Is there one, or one that a mute of an outlet withheld and that others have printed since? */
enum ww_status store_has_untold(struct store *s, const struct untold_look *look, bool *out,
                                struct ww_error *err);

/* The newest of all alerts, and of all revisions; 0: none. An alert of history that becomes news
 * has its old id, and is raised later than all there are. */
struct untold_reach {
    int64_t alert_id, revision_id;
    int64_t raised_at; /* the last one */
};

enum ww_status store_read_reach(struct store *s, struct untold_reach *out, struct ww_error *err);

/* Was it outside of what the analyst had subscribed to when it came? */
enum ww_status store_is_passed_over(struct store *s, struct slice analyst, int64_t alert_id,
                                    bool *out, struct ww_error *err);

/* What is marked as known: what lies behind the reach; of troubles, what is not older than from. */
struct untold_span {
    struct untold_reach reach;
    int64_t from, before;
};

/*
 * The analyst knows what is in the span (alerts, revisions, troubles), without a message; marks
 * that are there stand. In a transaction of the caller.
 */
enum ww_status store_mark_seen_span(struct store *s, struct slice analyst, struct slice analysts,
                                    const struct untold_span *span, int64_t now,
                                    struct ww_error *err);

#endif
