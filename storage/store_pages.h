/*
 * store_pages.h - the fetch queue, and the memory of every address ever queued.
 *
 * One row a canonical address. It stays when the page is done, so that no address is fetched twice
 * by accident, and it counts what went wrong over runs: tries (the server's fault) and deaths of
 * workers (the page's fault). Failures of our own are never written here.
 */
#ifndef WW_STORAGE_STORE_PAGES_H
#define WW_STORAGE_STORE_PAGES_H

#include "storage/store.h"

enum page_state {
    PAGE_STATE_QUEUED,
    PAGE_STATE_DONE,
    PAGE_STATE_FAILED,      /* given up after its tries */
    PAGE_STATE_REFUSED,     /* robots.txt, address or kind of document */
    PAGE_STATE_QUARANTINED, /* killed its workers */
    PAGE_STATE_GONE         /* 404, 410 */
};

const char *page_state_name(enum page_state state);

struct page_row {
    int64_t id;
    struct slice url, canonical;
    struct slice host;         /* url_host: the unit of politeness */
    struct slice content_type; /* asked for, or as last answered */
    enum page_state state;
    int64_t priority; /* higher first */
    int64_t n_tries, n_deaths;
    int64_t not_before;
    int64_t last_status;
    struct slice last_error;
    bool is_historic;        /* raises no live alert */
    struct slice provenance; /* "feed", "files", "wayback" ... */
    int64_t feed_id;         /* that speaks for it; 0: none */
    int64_t added_at, fetched_at;
    struct slice etag, last_modified; /* for looking again */
    int64_t article_id;               /* newest version that came of it */
};

struct page_list {
    struct page_row *rows;
    size_t n_rows;
};

/*
 * Put an address in the queue. *is_new is false, and *id the one there is, when its canonical
 * address is known; the known row keeps its state, but is no longer historic and takes the higher
 * priority when live news announces it while it still waits.
 */
enum ww_status store_queue_page(struct store *s, const struct page_row *row, int64_t *id,
                                bool *is_new, struct ww_error *err);
/* WW_NOT_FOUND. */
enum ww_status store_page(struct store *s, int64_t id, struct arena *arena, struct page_row *out,
                          struct ww_error *err);
enum ww_status store_page_by_canonical(struct store *s, struct slice canonical, struct arena *arena,
                                       struct page_row *out, struct ww_error *err);

/* Everything of row->id but canonical, added_at and provenance. */
enum ww_status store_update_page(struct store *s, const struct page_row *row, struct ww_error *err);
/* Queued again now, tries and deaths forgotten. */
enum ww_status store_requeue_page(struct store *s, int64_t id, int64_t now, struct ww_error *err);

struct page_filter {
    struct store_window window; /* of added_at */
    bool has_state;
    enum page_state state;
    int64_t due_by; /* queued ones with not_before <= due_by, in the order to fetch them */
    enum store_history history; /* with due_by: STORE_LIVE are a run's, STORE_HISTORIC those that
                                   open backfills found and no feed announced */
    struct slice host;
    int64_t feed_id;
};

/* Newest first, or by priority and age with due_by. */
enum ww_status store_list_pages(struct store *s, const struct page_filter *filter,
                                struct arena *arena, struct page_list *out, struct ww_error *err);

/* Hosts with pages due, so that one large host does not hide the others. */
struct page_host {
    struct slice host;
    int64_t n_due;
    int64_t priority; /* of its first page */
};

struct page_host_list {
    struct page_host *rows;
    size_t n_rows;
};

/* Highest priority first; history as with due_by. */
enum ww_status store_list_due_hosts(struct store *s, int64_t now, enum store_history history,
                                    struct arena *arena, struct page_host_list *out,
                                    struct ww_error *err);

#endif
