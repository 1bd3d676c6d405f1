/*
 * watchlist_edit.h - the one place that changes the files of a watchlist.
 *
 * Changes are made in memory, row by row, and land together (watchlist_journal.h). What is not
 * touched keeps its bytes: order, columns that nobody knows, comments, empty lines, the separator,
 * line ends and quotes. The list as it was and the list as it is are kept as versions in the store,
 * so that each change can be undone, even with no run in between.
 *
 * A row is known by its key: the id, and in terms.csv language, term and role.
 *
 *     struct watch_edit *edit;
 *     const struct watch_field fields[] = {{SLICE("id"), id}, {SLICE("city"), city}};
 *
 *     status = watch_edit_open(folder, &arena, &edit, err);
 *     if (status == WW_OK)
 *         status = watch_edit_put(edit, WATCH_STATIONS, fields, WW_COUNT(fields), err);
 *     if (status == WW_OK)
 *         status = watch_edit_commit(edit, store, &(struct watch_edit_note){SLICE("adopt"), note,
 *                                    now}, &version, err);
 *
 * Ownership: an edit lives in the arena it was opened in and borrows what is put into it.
 * Errors:    WW_INVALID the list cannot be read, or could not be afterwards ("FILE:ROW:COLUMN:
 * ..."), WW_CONFLICT somebody else has changed it meanwhile, WW_STORE disk or database.
 */
#ifndef WW_ALERTS_WATCHLIST_EDIT_H
#define WW_ALERTS_WATCHLIST_EDIT_H

#include "alerts/watchlist.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct store;
struct watch_edit;

/* A cell by the title of its column. */
struct watch_field {
    struct slice title;
    struct slice value; /* as it is read: quotes and guards are added */
};

/* A folder that is not there yet is an empty list; the commit makes it. */
enum ww_status watch_edit_open(const char *folder, struct arena *arena, struct watch_edit **out,
                               struct ww_error *err);

/*
 * Change the cells of the row with this key, or add such a row at the end. Titles that the file has
 * not become columns; without the file it is made. The key must be among the fields.
 */
enum ww_status watch_edit_put(struct watch_edit *e, enum watch_file file,
                              const struct watch_field *fields, size_t n_fields,
                              struct ww_error *err);

/* WW_NOT_FOUND when no row has the key. */
enum ww_status watch_edit_remove(struct watch_edit *e, enum watch_file file, struct slice key,
                                 struct ww_error *err);

/* The whole file: these bytes, or none (ptr NULL). They are read at once: WW_INVALID. */
enum ww_status watch_edit_replace(struct watch_edit *e, enum watch_file file, struct slice bytes,
                                  struct ww_error *err);

/* The rows as they stand now, in order, with gaps: n_rows of them, is_there false for a gap. */
size_t watch_edit_rows(const struct watch_edit *e, enum watch_file file);
bool watch_edit_is_there(const struct watch_edit *e, enum watch_file file, size_t row);
/* A cell without white space around it; empty when there is no such column. */
struct slice watch_edit_cell(const struct watch_edit *e, enum watch_file file, size_t row,
                             const char *title);
/* The row with this key, or SIZE_MAX. */
size_t watch_edit_find(const struct watch_edit *e, enum watch_file file, struct slice key);

/* The titles of a file's columns; NULL, 0 without one. */
const struct slice *watch_edit_titles(const struct watch_edit *e, enum watch_file file, size_t *n);

/* The key of a row with these cells under these titles; in the arena where it is made of several.
 */
struct slice watch_row_key(enum watch_file file, const struct csv_table *t,
                           const struct csv_row *row, struct arena *arena);
/* The same of a row of terms.csv, by its cells: "nl:pier (term)". */
struct slice watch_term_key(struct slice language, struct slice term, struct slice role,
                            struct arena *arena);
/* Of a row of the edit. */
struct slice watch_edit_key(const struct watch_edit *e, enum watch_file file, size_t row);

/* Before and after, as watchlist_examine takes it. before is empty for a list that is new. */
struct slice watch_edit_before(const struct watch_edit *e);
enum ww_status watch_edit_after(struct watch_edit *e, struct buf *out, struct ww_error *err);

struct watch_edit_note {
    struct slice origin; /* the command: "import", "adopt" ... */
    struct slice note;   /* a file's name, what a person said */
    int64_t now;
};

/*
 * Make it so. *version is the number of the list as it is now. store may be NULL: then nothing can
 * be undone. A list that could not be read afterwards is refused.
 */
enum ww_status watch_edit_commit(struct watch_edit *e, struct store *store,
                                 const struct watch_edit_note *note, int64_t *version,
                                 struct ww_error *err);

/* Once that is done: the number of the list as it was before; 0 for a new list. */
int64_t watch_edit_version_before(const struct watch_edit *e);

#endif
