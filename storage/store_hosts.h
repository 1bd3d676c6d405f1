/*
 * store_hosts.h - what is known of a host: its robots.txt, and when it may be asked again.
 */
#ifndef WW_STORAGE_STORE_HOSTS_H
#define WW_STORAGE_STORE_HOSTS_H

#include "storage/store.h"

struct host_row {
    struct slice host;         /* lower case, with its port when that is not the usual one */
    struct slice robots;       /* the text; empty when there is none */
    int64_t robots_status;     /* HTTP status of the last answer; 0: none came */
    int64_t robots_fetched_at; /* the text that is kept was good then; 0: never */
    int64_t robots_failing_since;
    struct slice robots_etag, robots_last_modified;
    int64_t not_before; /* Retry-After, back-off */
    int64_t last_start_at;
    int64_t delay_ms;
    int64_t n_failures;
};

struct host_list {
    struct host_row *rows;
    size_t n_rows;
};

/* WW_NOT_FOUND. */
enum ww_status store_host(struct store *s, struct slice host, struct arena *arena,
                          struct host_row *out, struct ww_error *err);
/* Adds or replaces the whole row; one that another has leased stays as it is, and with the next. */
enum ww_status store_save_host(struct store *s, const struct host_row *row, struct ww_error *err);
/* Adds it, or replaces all but the robots text. */
enum ww_status store_update_host(struct store *s, const struct host_row *row, struct ww_error *err);
/*
 * The lease of a host (store_leases.h), which then has a row: *out is what it says now, without its
 * robots text. *is_mine false: another asks it. now and delay_ms: a host whose lease lapsed counts
 * as asked at this moment, with no shorter pause.
 */
enum ww_status store_claim_host(struct store *s, struct slice host, int64_t now, int64_t delay_ms,
                                struct arena *arena, struct host_row *out, bool *is_mine,
                                struct ww_error *err);
/* store_update_host, and the lease is given back with it: a claim (row_claim_begin), too. */
enum ww_status store_release_host(struct store *s, const struct host_row *row,
                                  struct ww_error *err);
/* By name, without robots texts. */
enum ww_status store_list_hosts(struct store *s, const struct store_window *window,
                                struct arena *arena, struct host_list *out, struct ww_error *err);

#endif
