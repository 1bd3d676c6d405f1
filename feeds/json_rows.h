/*
 * json_rows.h - a long JSON array taken apart a row at a time, as far as it goes.
 *
 * Jansson reads a document whole or not at all; an answer that breaks off, or has one bad row in
 * 5,000, would be lost. Here the rows are found by their brackets and quotes, and each is handed to
 * Jansson alone, mended (json_mend.h) when it does not take it as it is. Linear, no recursion.
 */
#ifndef WW_FEEDS_JSON_ROWS_H
#define WW_FEEDS_JSON_ROWS_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json_t;

struct json_rows {
    struct slice rest;
    bool is_flat; /* rows hold no rows: a bracket that begins a line begins the next one */
    bool is_over; /* the array's end was seen */
    bool is_cut;  /* it was not, and there is no more */
    size_t n_bad; /* rows that were passed over: broken off, or nested too deeply */
};

/* text begins with the array's '['; false: it does not. */
bool json_rows_open(struct slice text, bool is_flat, struct json_rows *out);
/* The next whole row, a value of any kind. False behind the last. */
bool json_rows_next(struct json_rows *r, struct slice *row);

/*
 * Of a text that begins with an object's '{', what stands behind a name of the outermost object:
 * from the beginning of its value to the end of the text. False when that name is not there.
 */
bool json_member(struct slice text, struct slice name, struct slice *value);

/*
 * For json_decref; NULL when it is no JSON even when mended, or larger than JSON_ROW_MAX_BYTES. Out
 * of memory the arena fails.
 */
struct json_t *json_row_read(struct slice row, struct arena *arena);
/* A text without NUL, or a whole number as it is written; empty for all else. In the arena. */
struct slice json_value_text(const struct json_t *value, struct arena *arena);
struct slice json_member_text(const struct json_t *object, const char *name, struct arena *arena);

#endif
