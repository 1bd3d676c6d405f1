/*
 * store_report.h - the alerts and stories of a period, with no more of them than lists, counts and
 * timelines need: a year of them fits into some megabytes. Texts are read story by story
 * (store_alerts.h).
 *
 * Time: of a live alert when it was raised; of a historic one when its article was published.
 */
#ifndef WW_STORAGE_STORE_REPORT_H
#define WW_STORAGE_STORE_REPORT_H

#include "storage/store_alerts.h"

struct report_alert {
    int64_t id, story_id;
    struct slice item, kind, name, country;
    enum alert_severity severity;
    int64_t at;
    bool is_historic;
    int64_t n_revisions;
};

struct report_alert_list {
    struct report_alert *rows;
    size_t n_rows;
};

/* By story, the gravest first; limit of the window counts. */
enum ww_status store_list_report_alerts(struct store *s, const struct store_window *window,
                                        struct arena *arena, struct report_alert_list *out,
                                        struct ww_error *err);

struct report_story {
    int64_t id;
    struct slice title, url, outlet, language; /* of the canonical article */
    int64_t n_articles, n_outlets, n_origins;
    int64_t first_seen_at, last_seen_at;
    int64_t state; /* another number whenever an article, alert, mark or change came to it */
};

struct report_story_list {
    struct report_story *rows;
    size_t n_rows;
};

/* Those that have such an alert, by id. */
enum ww_status store_list_report_stories(struct store *s, const struct store_window *window,
                                         struct arena *arena, struct report_story_list *out,
                                         struct ww_error *err);

#endif
