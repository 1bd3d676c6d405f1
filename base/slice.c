/* slice.c - comparing, searching and cutting borrowed bytes. */
#define _GNU_SOURCE /* memmem, memrchr */
#include "base/slice.h"

#include "base/ascii.h"

#include <string.h>

static bool same_nocase(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    return a.len == b.len && same_nocase(a.ptr, b.ptr, a.len);
}

bool slice_starts_nocase(struct slice s, struct slice prefix)
{
    return slice_equal_nocase(slice_head(s, prefix.len), prefix);
}

bool slice_ends_nocase(struct slice s, struct slice suffix)
{
    return s.len >= suffix.len && slice_equal_nocase(slice_skip(s, s.len - suffix.len), suffix);
}

bool slice_contains(struct slice s, struct slice needle)
{
    return needle.len == 0 || slice_find(s, needle) < s.len;
}

bool slice_contains_nocase(struct slice s, struct slice needle)
{
    return needle.len == 0 || slice_find_nocase(s, needle) < s.len;
}

int slice_compare(struct slice a, struct slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

size_t slice_find(struct slice s, struct slice needle)
{
    const char *at;

    if (needle.len == 0)
        return 0;
    at = s.len == 0 ? NULL : memmem(s.ptr, s.len, needle.ptr, needle.len);
    return at == NULL ? s.len : (size_t)(at - s.ptr);
}

size_t slice_find_nocase(struct slice s, struct slice needle)
{
    if (needle.len == 0)
        return 0;
    for (size_t i = 0; i + needle.len <= s.len; i++)
        if (ascii_lower(s.ptr[i]) == ascii_lower(needle.ptr[0]) &&
            same_nocase(s.ptr + i, needle.ptr, needle.len))
            return i;
    return s.len;
}

size_t slice_find_last_char(struct slice s, char c)
{
    const char *at = s.len == 0 ? NULL : memrchr(s.ptr, c, s.len);

    return at == NULL ? s.len : (size_t)(at - s.ptr);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice s)
{
    while (s.len > 0 && is_blank(s.ptr[0]))
        s = slice_skip(s, 1);
    while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool slice_next(struct slice *rest, char separator, struct slice *piece)
{
    size_t at;

    if (rest->ptr == NULL)
        return false;
    at = slice_find_char(*rest, separator);
    *piece = slice_head(*rest, at);
    *rest = at == rest->len ? (struct slice){NULL, 0} : slice_skip(*rest, at + 1);
    return true;
}

bool slice_next_line(struct slice *rest, struct slice *line)
{
    size_t at = 0;

    if (rest->len == 0)
        return false;
    while (at < rest->len && rest->ptr[at] != '\n' && rest->ptr[at] != '\r')
        at++;
    *line = slice_head(*rest, at);
    if (at + 1 < rest->len && rest->ptr[at] == '\r' && rest->ptr[at + 1] == '\n')
        at++;
    *rest = slice_skip(*rest, at + 1);
    return true;
}

bool slice_number(struct slice s, unsigned long long max, unsigned long long *out)
{
    unsigned long long n = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.ptr[i] - '0';

        if (digit > 9 || digit > max || n > (max - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}
