/* copy_parts.h - what the parts of a copy share; for storage/store_copy.c and copy_*.c alone. */
#ifndef WW_STORAGE_COPY_PARTS_H
#define WW_STORAGE_COPY_PARTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "storage/catalogue.h"
#include "storage/store_copy.h"

/* Between two looks at the clock and at the signal. */
#define COPY_SHOW_EVERY_ROWS 256

struct copy_side {
    const struct db_driver *driver;
    struct db *db;
    struct catalogue catalogue;
};

struct copying {
    const struct copy_options *options;
    struct copy_side from, to;
    struct copy_summary *out;
    struct arena *arena;
    int64_t n_done, n_total;
    bool is_copy;       /* else the two are compared alone */
    bool is_kept;       /* the copy is there for all */
    bool wants_clean;   /* one side has clean texts alone, the other has not */
    struct arena room;  /* of the texts of a row that are made clean */
    int64_t *n_changed; /* of them, by the columns of the table */
    struct buf changed, different;
};

bool copy_is_stopped(const struct copying *c);
void copy_show(const struct copying *c, const char *verb, const struct db_table *table);

/*
 * The texts of a row as both sides can hold them: U+FFFD for bytes that are not UTF-8, NUL is
 * dropped. Until the next such row.
 */
enum ww_status copy_clean_row(struct copying *c, const struct db_table *table, struct db_value *row,
                              struct ww_error *err);

/* Every table, side by side: what differs goes to the summary. */
enum ww_status copy_compare(struct copying *c, struct ww_error *err);

#endif
