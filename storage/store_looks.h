/*
 * store_looks.h - pages that are looked at again, because an article of theirs is of use.
 *
 * One row a page, from its first mention on; it stays when all looks are over, so that nothing
 * begins anew. Pass 2 makes the rows, pass 1 does the looking and says when the next one is due
 * (crawler/schedule.h).
 */
#ifndef WW_STORAGE_STORE_LOOKS_H
#define WW_STORAGE_STORE_LOOKS_H

#include "storage/store.h"

struct look_row {
    int64_t page_id;
    int64_t began_at; /* when the page of the article was fetched: the looks are counted from it */
    int64_t step;     /* the next one, from 0 */
    int64_t due_at;   /* 0: all are over */
    int64_t n_tries;  /* of this step, that failed for now */
    struct slice missing; /* how the page was not there the last time; empty: it was */
    int64_t missing_since;
    bool is_removed; /* and that was told */
};

struct look_due {
    int64_t page_id;
    struct slice url;
};

struct look_list {
    struct look_due *rows;
    size_t n_rows;
};

/*
 * The page of this article is to be looked at again. Nothing happens when it is already, or was;
 * when the article is history, has no page that could be had, or is older than the last look. What
 * is matched late is looked at once now, and then as if it had been matched at once.
 */
enum ww_status store_look_at(struct store *s, int64_t article_id, int64_t now,
                             struct ww_error *err);

/* WW_NOT_FOUND: it never was to be looked at. */
enum ww_status store_look(struct store *s, int64_t page_id, struct arena *arena,
                          struct look_row *out, struct ww_error *err);
enum ww_status store_update_look(struct store *s, const struct look_row *row, struct ww_error *err);
/* The longest due first; of one host so many at most. */
enum ww_status store_list_due_looks(struct store *s, int64_t now, size_t per_host, size_t limit,
                                    struct arena *arena, struct look_list *out,
                                    struct ww_error *err);

#endif
