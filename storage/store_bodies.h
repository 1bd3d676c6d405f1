/*
 * store_bodies.h - pages as they were received, to be read again by better rules.
 *
 * One body an article; a later version that comes of the same bytes takes it over. A body is kept
 * for a while, and for ever when any version of its article mentions something: it is the evidence.
 * It waits here for pass 2, and may have gone on into the archive (storage/archive.h) by then: who
 * reads it does not see where it is.
 */
#ifndef WW_STORAGE_STORE_BODIES_H
#define WW_STORAGE_STORE_BODIES_H

#include "storage/store.h"

struct body_row {
    int64_t article_id;
    int64_t fetched_at; /* of a capture: when it was captured */
    int64_t kept_at;    /* 0: the same */
    struct slice content_type;
    struct slice bytes;    /* unpacked */
    struct slice received; /* as its Content-Encoding has it, if it has one: stored in its place */
    struct slice head;     /* HTTP, as received; empty: there was none, or it is not known */
    struct slice address;  /* of the server, by number; empty: not known */
};

/* bytes or received, one of them is enough. */
enum ww_status store_put_body(struct store *s, const struct body_row *row, struct ww_error *err);
/* WW_NOT_FOUND: none was kept, or no more; or its file in the archive is gone, and the message says
 * so. */
enum ww_status store_body(struct store *s, int64_t article_id, struct arena *arena,
                          struct body_row *out, struct ww_error *err);
/* As it waits in the database: bytes are empty where there is received. WW_NOT_FOUND. */
enum ww_status store_waiting_body(struct store *s, int64_t article_id, struct arena *arena,
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

/*
 * Those whose article pass 2 has looked at, by number behind after_id: with a mention in any
 * version, without, or all; their url is empty.
 */
enum body_choice { BODIES_OF_EVIDENCE, BODIES_OF_NONE, BODIES_ALL };

enum ww_status store_list_seen_bodies(struct store *s, enum body_choice choice, int64_t after_id,
                                      size_t limit, struct arena *arena, struct body_list *out,
                                      struct ww_error *err);
enum ww_status store_drop_body(struct store *s, int64_t article_id, struct ww_error *err);

#endif
