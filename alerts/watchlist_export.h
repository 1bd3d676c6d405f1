/*
 * watchlist_export.h - a file of a list for somebody's spreadsheet.
 *
 * UTF-8, commas, LF, unknown columns and all. Rows that are so already keep their bytes; a cell
 * that a spreadsheet would run gets an apostrophe, which import takes away again. Import of an
 * export changes nothing.
 */
#ifndef WW_ALERTS_WATCHLIST_EXPORT_H
#define WW_ALERTS_WATCHLIST_EXPORT_H

#include "alerts/watchlist.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct arena;
struct buf;

/* The bytes of a file in a message of watchlist_load; ptr NULL when it is not in it. */
struct slice watchlist_file(struct slice content, enum watch_file file);

/* Appended to out. has_mark: with a byte order mark, by which Excel knows UTF-8. */
enum ww_status watchlist_export(struct slice bytes, enum watch_file file, bool has_mark,
                                struct arena *arena, struct buf *out, struct ww_error *err);

#endif
