/*
 * watchlist_import_source.h - one file on its way into a list: what the import's parts share.
 */
#ifndef WW_ALERTS_WATCHLIST_IMPORT_SOURCE_H
#define WW_ALERTS_WATCHLIST_IMPORT_SOURCE_H

#include "alerts/id_table.h"
#include "alerts/watchlist_import.h"
#include "base/csv.h"

#include <stdbool.h>
#include <stddef.h>

struct watch_deriver;

/* Of one file of the source: the line of each key, and the title each column is put under. */
struct watch_source {
    struct id_table lines;
    const char **titles;
    size_t n_titles;
};

/* One file being read. */
struct import_reader {
    struct watch_import *im;
    struct arena *arena;
    enum watch_file file;
    struct csv_table table;
    struct watch_source *source;
    struct watch_deriver *deriver;
    const struct csv_row *row; /* NULL: the header */
};

enum ww_status import_open(struct watch_import *im, struct ww_error *err);

void import_say(struct import_reader *r, enum finding_level level, size_t column,
                struct slice text);

/* Fill source->titles: the columns by the names they have in the list. */
enum ww_status import_titles(struct import_reader *r, struct ww_error *err);
/* Which column is put under this title; SIZE_MAX. */
size_t import_column(const struct watch_source *s, const char *title);

/* The row in use that the row at hand is about, if it names one; SIZE_MAX. */
size_t import_in_use(const struct import_reader *r);
/* One cell as it is to be; at: the row in use. False: an error was said. */
bool import_cell(struct import_reader *r, size_t column, size_t at, struct slice *out);

#endif
