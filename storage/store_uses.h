/*
 * store_uses.h - how a watchlist has fared in the archive: what was found of each item and name.
 */
#ifndef WW_STORAGE_STORE_USES_H
#define WW_STORAGE_STORE_USES_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct store;

/* What there is to find something in. */
struct archive_span {
    int64_t n_articles;
    int64_t first_at; /* when the oldest was first seen; 0: there is none */
};

enum ww_status store_read_span(struct store *s, struct archive_span *out, struct ww_error *err);

/* An item that raised alerts, or a spelling that was found: live and historic ones. */
struct use_row {
    struct slice name;
    int64_t n;
    int64_t first_at, last_at; /* of alerts: raised; of names: 0 */
};

struct use_list {
    struct use_row *rows;
    size_t n_rows;
};

/* By name. */
enum ww_status store_list_item_uses(struct store *s, struct arena *arena, struct use_list *out,
                                    struct ww_error *err);
enum ww_status store_list_alias_uses(struct store *s, struct arena *arena, struct use_list *out,
                                     struct ww_error *err);

#endif
