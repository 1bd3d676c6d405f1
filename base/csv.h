/*
 * csv.h - tables as people's programs save them.
 *
 * Reads RFC 4180 and what spreadsheets make of it: separator comma, semicolon or TAB (the one the
 * header row has most of), byte order mark, UTF-16 with one or without, line ends of any kind.
 * Other encodings are refused with row and column, because guessing would silently ruin names.
 * Errors: WW_INVALID or WW_TOO_BIG, the message begins "NAME:ROW:COLUMN: ". ROW is the line of the
 *         file where the row begins, COLUMN counts cells; both from 1.
 * Limits: CSV_FILE_MAX_BYTES, CSV_COLUMNS_MAX, and the arena's.
 */
#ifndef WW_BASE_CSV_H
#define WW_BASE_CSV_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

struct csv_row {
    const struct slice *cells;
    size_t n_cells; /* may be fewer than the header has */
    size_t line;
    struct slice source; /* as it stands in the table's text, with its line end */
};

struct csv_table {
    struct csv_row header;
    const struct csv_row *rows; /* without the header; empty lines left out */
    size_t n_rows;
    char separator;
    struct slice text; /* what was read, in UTF-8 */
};

/* name is for messages. The table and its cells live in the arena. */
enum ww_status csv_parse(struct slice bytes, const char *name, struct arena *arena,
                         struct csv_table *out, struct ww_error *err);

/*
 * Row by row, for long tables and for such as have bad rows: these are skipped, one line each.
 * text is UTF-8 and borrowed.
 */
struct csv_stream {
    struct slice rest;
    const char *name;
    size_t line;
    char separator;
};

void csv_start(struct csv_stream *s, struct slice text, const char *name);
/*
 * The next row that is not empty, its cells in the arena. WW_NOT_FOUND: there is none. WW_INVALID,
 * WW_TOO_BIG: it cannot be read, but the next one can, unless the arena is full; row->line says
 * which.
 */
enum ww_status csv_next(struct csv_stream *s, struct arena *arena, struct csv_row *row,
                        struct ww_error *err);

/* UTF-16 with a mark or without one: a WHATWG name, or NULL. */
const char *csv_utf16(struct slice bytes);

/* Which column has this title (ASCII case ignored); n_cells of the header when none has. */
size_t csv_column(const struct csv_table *t, struct slice title);

/* A cell without white space around it; empty when the row is too short. */
struct slice csv_cell(const struct csv_row *row, size_t column);

/*
 * Append a row, ended by LF. Cells that a spreadsheet would run (they begin with = + - @ TAB or CR)
 * get an apostrophe in front, which csv_parse takes away again.
 */
void csv_add_row(struct buf *out, const struct slice *cells, size_t n_cells);

/* The same for a file that has another separator or other line ends. */
void csv_add_row_as(struct buf *out, const struct slice *cells, size_t n_cells, char separator,
                    const char *line_end);

/* Would a spreadsheet run this cell? csv_add_row guards it. */
bool csv_is_formula(struct slice cell);

#endif
