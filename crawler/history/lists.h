/*
 * lists.h - files that hold addresses: one a line, or rows of a table that a program has exported.
 *
 * A table has a column "url" or "link", and may have dates ("date", "published", "published_at",
 * "publish_date") and titles ("title"): in any case and order, among others. Any encoding that
 * base/charset knows, separators and line ends of any kind, line ends in quotes.
 * Each address becomes a find of this backfill; the file is its list (store_history.h). A row
 * without one is counted, named with the file and the line it begins in, and skipped.
 */
#ifndef WW_CRAWLER_HISTORY_LISTS_H
#define WW_CRAWLER_HISTORY_LISTS_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct arena;
struct backfill;

/* Every line is empty, a comment (#) or an address; of a text that is cut the last one may not be.
 */
bool lists_is_addresses(struct slice text, bool is_cut);
/* The first row names a column of addresses. */
bool lists_is_table(struct slice text, struct arena *arena);

/*
 * All of a file's bytes, unpacked, which is in hand (documents.h). *is_whole is false when it was
 * told to stop. Only a failure of our own is returned.
 */
enum ww_status lists_read_addresses(struct backfill *b, struct slice bytes, const char *path,
                                    struct arena *arena, bool *is_whole, struct ww_error *err);
enum ww_status lists_read_table(struct backfill *b, struct slice bytes, const char *path,
                                struct arena *arena, bool *is_whole, struct ww_error *err);

#endif
