/*
 * store_bodies.h - pages as they were received, to be read again by better rules.
 *
 * One body an article; a later version that comes of the same bytes takes it over. A body is kept
 * for a while, and for ever when any version of its article mentions something: it is the evidence.
 */
#ifndef WW_STORAGE_STORE_BODIES_H
#define WW_STORAGE_STORE_BODIES_H

#include "storage/store.h"

struct body_row {
    int64_t article_id;
    int64_t fetched_at;
    struct slice content_type;
    struct slice bytes; /* as received, inflated; stored compressed */
};

enum ww_status store_put_body(struct store *s, const struct body_row *row, struct ww_error *err);
/* WW_NOT_FOUND: none was kept, or no more. */
enum ww_status store_body(struct store *s, int64_t article_id, struct arena *arena,
                          struct body_row *out, struct ww_error *err);
/* The bytes belong to another version of the article now. */
enum ww_status store_move_body(struct store *s, int64_t from_id, int64_t to_id,
                               struct ww_error *err);

/* Bodies of newest versions, in the order of their articles; the window is of fetched_at. */
struct body_place {
    int64_t article_id;
    struct slice url;
};

struct body_list {
    struct body_place *rows;
    size_t n_rows;
};

enum ww_status store_list_bodies(struct store *s, const struct store_window *window,
                                 struct arena *arena, struct body_list *out, struct ww_error *err);

/*
 * Take away bodies fetched before that are evidence of nothing, at most limit of them; in a
 * transaction. What was looked at once is not looked at again: a mention found later keeps none.
 */
enum ww_status store_prune_bodies(struct store *s, int64_t before, size_t limit, size_t *n_pruned,
                                  struct ww_error *err);

#endif
