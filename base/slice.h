/*
 * slice.h - borrowed bytes with a length: what every parser here takes.
 *
 * Not terminated, may hold NUL, owns nothing. Print with "%.*s", SLICE_ARG(s).
 * The _nocase forms fold ASCII letters alone: they are for syntax (header names, tags), never for
 * text.
 */
#ifndef WW_BASE_SLICE_H
#define WW_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>

struct slice {
    const char *ptr;
    size_t len;
};

#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})
#define SLICE_ARG(s) (int)((s).len > 1000000 ? 1000000 : (s).len), ((s).ptr != NULL ? (s).ptr : "")

/* NULL gives the empty slice. */
struct slice slice_from(const char *string);
struct slice slice_of(const void *bytes, size_t len);

bool slice_equal(struct slice a, struct slice b);
bool slice_equal_nocase(struct slice a, struct slice b);
bool slice_starts(struct slice s, struct slice prefix);
bool slice_starts_nocase(struct slice s, struct slice prefix);
bool slice_ends(struct slice s, struct slice suffix);
bool slice_ends_nocase(struct slice s, struct slice suffix);
bool slice_contains(struct slice s, struct slice needle);
bool slice_contains_nocase(struct slice s, struct slice needle);

/* Like memcmp, then by length: for sorting. */
int slice_compare(struct slice a, struct slice b);

/* Offset of the first occurrence, or s.len. */
size_t slice_find(struct slice s, struct slice needle);
size_t slice_find_nocase(struct slice s, struct slice needle);
size_t slice_find_char(struct slice s, char c);
size_t slice_find_last_char(struct slice s, char c);

/* From offset to the end; the empty slice when offset is past it. */
struct slice slice_skip(struct slice s, size_t offset);
struct slice slice_head(struct slice s, size_t len);
struct slice slice_sub(struct slice s, size_t offset, size_t len);

/* Without ASCII white space (space, TAB, LF, VT, FF, CR) at both ends. */
struct slice slice_trim(struct slice s);

/*
 * Take the piece before the first separator off *rest; *rest keeps what follows it.
 * False when *rest was exhausted (its ptr is then NULL). "a,,b" gives "a", "", "b".
 */
bool slice_next(struct slice *rest, char separator, struct slice *piece);

/* The same for lines: ends at LF, CR LF or CR, which are not part of the line. */
bool slice_next_line(struct slice *rest, struct slice *line);

/* An unsigned decimal number and nothing else, at most max. */
bool slice_number(struct slice s, unsigned long long max, unsigned long long *out);

#endif
