/*
 * watchlist_import.h - a spreadsheet or a folder, as an edit of the list in use.
 *
 * A folder replaces the files that it holds. A single file is merged: its rows are added or changed
 * by their key, nothing else goes. Titles may be people's words (watchlist_titles.h), a country may
 * be named, sites may lack id and place (watchlist_derive.h). What is done about a cell is a note.
 *
 * Cells are mended where that is safe: no-break spaces, marks of byte order and blanks around a
 * cell go; a line break in a list of names is a |. Refused is what has lost its characters: U+FFFD,
 * "??" in a name, and a name that is the one in use but for its letters turned into "?".
 */
#ifndef WW_ALERTS_WATCHLIST_IMPORT_H
#define WW_ALERTS_WATCHLIST_IMPORT_H

#include "alerts/watchlist.h"
#include "alerts/watchlist_edit.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct watch_import {
    struct watch_edit *edit; /* given; the changes are put into it */
    struct arena *arena;     /* given */

    enum watch_file file;           /* which the source is; WATCH_FILE_COUNT for a folder */
    const char *by;                 /* what told that: "name", "columns" or "ids" */
    struct watch_findings findings; /* cells are the source's */
    struct watch_source *sources;   /* where each key stands in the source */
    struct slice known;             /* the first row of the source that was in use; empty */
};

/*
 * Take in one file. name says which it is ("stations.csv", "stations (2).csv"), else its columns
 * do. is_whole: rows that it has not are removed. WW_INVALID: it cannot be read at all
 * ("NAME:ROW:COLUMN: ...") or is no file of a list.
 */
enum ww_status watch_import_file(struct watch_import *im, struct slice bytes, const char *name,
                                 bool is_whole, struct ww_error *err);

/* Take in all files of a folder, each in place of the list's. */
enum ww_status watch_import_folder(struct watch_import *im, const char *folder,
                                   struct ww_error *err);

/*
 * What the list would be wrong in afterwards: errors, and warnings about rows of the source; their
 * cells are the source's where it has them. Adds to the findings.
 */
enum ww_status watch_import_check(struct watch_import *im, struct ww_error *err);

/* Has a new cell lost the characters of the old one? Names apart where is_list. */
bool watch_is_damaged(struct slice old, struct slice new, bool is_list);

#endif
