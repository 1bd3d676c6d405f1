/*
 * watchlist_diff.h - what two versions of a watchlist differ in, row by row and cell by cell.
 *
 * Rows are paired by their key (watch_row_key); rows of one key in their order. White space around
 * a cell, quotes and the order of rows and columns are no difference. Ownership: all in the arena.
 */
#ifndef WW_ALERTS_WATCHLIST_DIFF_H
#define WW_ALERTS_WATCHLIST_DIFF_H

#include "alerts/watchlist.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum watch_delta_kind { DELTA_ADDED, DELTA_CHANGED, DELTA_REMOVED, DELTA_KINDS };

const char *watch_delta_name(enum watch_delta_kind kind);

/* A row that was added, changed or removed; its two forms, NULL where there is none. */
struct watch_delta {
    enum watch_file file;
    enum watch_delta_kind kind;
    struct slice key;
    const struct csv_row *old, *new;
};

struct watch_diff {
    struct csv_table old[WATCH_FILE_COUNT], new[WATCH_FILE_COUNT];
    struct watch_delta *rows; /* by file; as the new file has them, then those removed */
    size_t n_rows;
    size_t counts[DELTA_KINDS];
};

/* Two messages of watchlist_load; an empty one is an empty list. */
enum ww_status watchlist_diff(struct slice old, struct slice new, struct arena *arena,
                              struct watch_diff *out, struct ww_error *err);

/* A cell that is another one; of a row that was added or removed, one that is not empty. */
struct watch_cell_delta {
    struct slice title, old, new;
    size_t column; /* in the new file, or in the old one of a row that was removed */
};

/* How many; *out is in the arena. NULL, 0 when it is full. */
size_t watch_diff_cells(const struct watch_diff *diff, const struct watch_delta *row,
                        struct arena *arena, struct watch_cell_delta **out);

/* Is this a column of values with | between them? Then its values are what is added and removed. */
bool watch_is_list_column(struct slice title);

#endif
