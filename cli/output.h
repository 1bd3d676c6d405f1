/*
 * output.h - lists for people (aligned columns), for scripts (jsonl) and for spreadsheets (csv).
 *
 * The human form is not stable. In jsonl and csv a column is one field, times are RFC 3339 in UTC,
 * and an absent value is null or empty. Untrusted text never reaches a terminal raw, and no csv
 * cell begins a formula.
 */
#ifndef WW_CLI_OUTPUT_H
#define WW_CLI_OUTPUT_H

#include "base/slice.h"
#include "cli/cli.h"

#include <stdbool.h>
#include <stdint.h>

enum column_flag {
    COLUMN_RIGHT = 1, /* numbers */
    COLUMN_WIDE = 2,  /* takes what the terminal has left */
    COLUMN_HIDDEN = 4 /* not in the human form unless --fields names it */
};

struct column {
    const char *name; /* of the field: "last_ok_at" */
    unsigned flags;
};

struct output;

/* columns must outlive the output. NULL on a mistake in --fields, said on standard error. */
struct output *output_open(struct cli *cli, const struct column *columns, size_t n_columns);

/* One value a column, in order; output_end_row when the row is full. */
void output_text(struct output *o, struct slice s);
void output_string(struct output *o, const char *s); /* NULL: absent */
void output_number(struct output *o, int64_t n);
void output_real(struct output *o, double x);
void output_time(struct output *o, int64_t at); /* 0: absent */
void output_bool(struct output *o, bool b);
void output_none(struct output *o);
/*
 * For people, a sentence of the row, whole and on lines of its own below it; when --fields chooses
 * what is shown, or for programs, nothing.
 */
void output_below(struct output *o, struct slice s);
void output_end_row(struct output *o);

/* Write what is left; gives how many rows there were. */
size_t output_close(struct output *o);

/* One fact of a thing that is shown: "name   value", in a column; nothing when there is none. */
void output_fact(struct cli *cli, const char *name, struct slice value);
void output_fact_time(struct cli *cli, const char *name, int64_t at);
/* As that shows it: in the desk's zone. */
struct slice output_moment(struct cli *cli, int64_t at);

/*
 * A sentence as a fact, with a part of it marked: bold on a terminal that wants colour, » « else.
 * Of a long one only what stands around the mark.
 */
void output_marked(struct cli *cli, const char *name, struct slice s, size_t start, size_t end);

/* Of the terminal; 0: it is none, and lines may have any length. */
size_t output_columns(FILE *out);

/* Text for a terminal: controls and bidi overrides visible, cut to columns (0: whole). */
void output_visible(FILE *out, struct slice s, size_t columns);

#endif
