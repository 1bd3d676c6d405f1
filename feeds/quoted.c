/* quoted.c - "=C3=A9", and lines that are joined by a '=' at their end. */
#include "feeds/quoted.h"

#include "base/arena.h"
#include "base/ascii.h"

#include <string.h>

/* Bytes of a line end that '=' joins, white space before it included (section 6.7, note 3). */
static size_t soft_break(struct slice behind)
{
    size_t n = 0;

    while (n < behind.len && (behind.ptr[n] == ' ' || behind.ptr[n] == '\t'))
        n++;
    if (n < behind.len && behind.ptr[n] == '\n')
        return n + 1;
    if (n < behind.len && behind.ptr[n] == '\r')
        return n + (n + 1 < behind.len && behind.ptr[n + 1] == '\n' ? 2 : 1);
    return n == behind.len ? n : 0;
}

/* One escape; s begins with '='. Returns how many bytes it takes. */
static size_t read_escape(struct slice s, char *out, size_t *n)
{
    const int high = s.len > 2 ? ascii_hex(s.ptr[1]) : -1;
    const int low = s.len > 2 ? ascii_hex(s.ptr[2]) : -1;

    if (high < 0 || low < 0) {
        out[(*n)++] = '=';
        return 1;
    }
    out[(*n)++] = (char)(high << 4 | low);
    return 3;
}

struct slice quoted_decode(struct slice s, struct arena *arena)
{
    char *out = arena_alloc(arena, s.len + 1);
    size_t n = 0;

    while (out != NULL && s.len > 0) {
        const size_t run = slice_find_char(s, '=');
        size_t taken;

        if (run > 0)
            memcpy(out + n, s.ptr, run);
        n += run;
        s = slice_skip(s, run);
        if (s.len == 0)
            break;
        taken = soft_break(slice_skip(s, 1));
        s = slice_skip(s, taken > 0 || s.len == 1 ? taken + 1 : read_escape(s, out, &n));
    }
    return slice_of(out != NULL ? out : "", n);
}

struct slice quoted_decode_word(struct slice s, struct arena *arena)
{
    char *out = arena_alloc(arena, s.len + 1);
    size_t n = 0;

    while (out != NULL && s.len > 0) {
        size_t taken = 1;

        if (s.ptr[0] == '=')
            taken = read_escape(s, out, &n);
        else
            out[n++] = (char)(s.ptr[0] == '_' ? ' ' : s.ptr[0]);
        s = slice_skip(s, taken);
    }
    return slice_of(out != NULL ? out : "", n);
}
