/*
 * store_finds.h - finds of backfills as people ask for them: what became of an address, and what
 * titles missed.
 */
#ifndef WW_STORAGE_STORE_FINDS_H
#define WW_STORAGE_STORE_FINDS_H

#include "storage/store_history.h"

/* A find, with the backfill and the list that named it. */
struct find_view {
    int64_t id, backfill_id, page_id;
    struct slice source; /* of the backfill */
    enum backfill_state backfill_state;
    struct slice list_url;
    struct slice url, title, capture;
    int64_t published_at;
    enum find_state state;
    struct slice message;
};

struct find_views {
    struct find_view *rows;
    size_t n_rows;
};

/* What backfills found of an address, the newest first. */
enum ww_status store_finds_of_address(struct store *s, struct slice canonical, size_t limit,
                                      struct arena *arena, struct find_views *out,
                                      struct ww_error *err);
/* Of a backfill those that brought an article, with ids above after_id, in their order. */
enum ww_status store_finds_done(struct store *s, int64_t backfill_id, int64_t after_id,
                                size_t limit, struct arena *arena, struct find_views *out,
                                struct ww_error *err);
/* Has an article that came of it a mention? */
enum ww_status store_find_mentions(struct store *s, int64_t id, bool *out, struct ww_error *err);

/*
 * Lists that were given up, or that were read and something is to be said of, as they were added.
 */
enum ww_status store_failed_lists(struct store *s, int64_t backfill_id, size_t limit,
                                  struct arena *arena, struct list_rows *out, struct ww_error *err);
enum ww_status store_noted_lists(struct store *s, int64_t backfill_id, size_t limit,
                                 struct arena *arena, struct list_rows *out, struct ww_error *err);

/* Open backfills that nobody has worked on since then: how many, and the oldest of them. */
struct standing_backfills {
    int64_t n, oldest_id, oldest_at;
};

enum ww_status store_standing_backfills(struct store *s, int64_t since,
                                        struct standing_backfills *out, struct ww_error *err);

#endif
