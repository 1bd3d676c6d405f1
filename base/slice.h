/*
 * slice.h - borrowed bytes with a length: what every parser here takes.
 *
 * Not terminated, may hold NUL, owns nothing. Print with "%.*s", SLICE_ARG(s).
 * The _nocase forms fold ASCII letters alone: they are for syntax (header names, tags), never for
 * text.
 *
 * What parsers call for every few bytes is inline: each call would cost more than its work.
 */
#ifndef WW_BASE_SLICE_H
#define WW_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *ptr;
    size_t len;
};

#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})
#define SLICE_ARG(s) (int)((s).len > 1000000 ? 1000000 : (s).len), ((s).ptr != NULL ? (s).ptr : "")

/* NULL gives the empty slice. */
static inline struct slice slice_from(const char *string)
{
    return (struct slice){string, string == NULL ? 0 : strlen(string)};
}

static inline struct slice slice_of(const void *bytes, size_t len)
{
    return (struct slice){bytes, len};
}

/* From offset to the end; the empty slice when offset is past it. */
static inline struct slice slice_skip(struct slice s, size_t offset)
{
    if (offset >= s.len)
        return (struct slice){s.ptr == NULL ? NULL : s.ptr + s.len, 0};
    return (struct slice){s.ptr + offset, s.len - offset};
}

static inline struct slice slice_head(struct slice s, size_t len)
{
    return (struct slice){s.ptr, len < s.len ? len : s.len};
}

static inline struct slice slice_sub(struct slice s, size_t offset, size_t len)
{
    return slice_head(slice_skip(s, offset), len);
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool slice_starts(struct slice s, struct slice prefix)
{
    return slice_equal(slice_head(s, prefix.len), prefix);
}

static inline bool slice_ends(struct slice s, struct slice suffix)
{
    return s.len >= suffix.len && slice_equal(slice_skip(s, s.len - suffix.len), suffix);
}

bool slice_equal_nocase(struct slice a, struct slice b);
bool slice_starts_nocase(struct slice s, struct slice prefix);
bool slice_ends_nocase(struct slice s, struct slice suffix);
bool slice_contains(struct slice s, struct slice needle);
bool slice_contains_nocase(struct slice s, struct slice needle);

/* Like memcmp, then by length: for sorting. */
int slice_compare(struct slice a, struct slice b);
/* The same with a name of a table; a holds no NUL. */
static inline int slice_compare_name(struct slice a, const char *name)
{
    int order = strncmp(a.ptr, name, a.len);

    return order != 0 ? order : -(name[a.len] != '\0');
}

/* Offset of the first occurrence, or s.len. */
size_t slice_find(struct slice s, struct slice needle);
size_t slice_find_nocase(struct slice s, struct slice needle);
size_t slice_find_last_char(struct slice s, char c);
static inline size_t slice_find_char(struct slice s, char c)
{
    const char *at = s.len == 0 ? NULL : memchr(s.ptr, c, s.len);

    return at == NULL ? s.len : (size_t)(at - s.ptr);
}

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
