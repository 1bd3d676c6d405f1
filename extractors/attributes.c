/* attributes.c - attributes by section 13.2.5.32 and on; references by 13.2.5.72. */
#include "extractors/attributes.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/entities.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

const char *attribute_next(const char *at, const char *end, struct slice *name, struct slice *value)
{
    const char *start = at;

    *value = slice_of(at, 0);
    at++; /* a name may begin with '=' */
    while (at < end && !ascii_is_space(*at) && *at != '/' && *at != '>' && *at != '=')
        at++;
    *name = slice_of(start, (size_t)(at - start));
    while (at < end && ascii_is_space(*at))
        at++;
    if (at == end)
        return NULL;
    if (*at != '=')
        return at;
    at++;
    while (at < end && ascii_is_space(*at))
        at++;
    if (at == end)
        return NULL;
    if (*at == '"' || *at == '\'') {
        const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));

        if (close == NULL)
            return NULL;
        *value = slice_of(at + 1, (size_t)(close - at - 1));
        return close + 1;
    }
    start = at;
    while (at < end && !ascii_is_space(*at) && *at != '>')
        at++;
    *value = slice_of(start, (size_t)(at - start));
    return at;
}

/* ---- meaning --------------------------------------------------------------------------------- */

/* Controls and what Unicode keeps for no character; the line ends and TAB are none of these. */
static bool is_odd(uint32_t code)
{
    return (code < ' ' && !ascii_is_space((char)code)) || (code >= 0x7F && code <= 0x9F) ||
           (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
}

/* May a reference, a CR or an odd character begin with this byte? */
static bool may_change(unsigned char c)
{
    if (c < 0x80)
        return c == '&' || c == '\r' || c == 0x7F || (c < ' ' && !ascii_is_space((char)c));
    return c == 0xC2 || c == 0xEF || c >= 0xF0;
}

/* Bytes before the first that change. */
static size_t count_plain(struct slice s)
{
    size_t i = 0;

    while (i < s.len) {
        const unsigned char c = (unsigned char)s.ptr[i];
        size_t next = i;

        if (!may_change(c)) {
            i++;
            continue;
        }
        if (c < 0x80 || is_odd(text_next_code(s, &next)))
            return i;
        i = next;
    }
    return i;
}

static size_t decode_reference(struct slice s, bool in_attribute, char **out)
{
    struct entity e = entity_read_html(s, in_attribute);

    if (e.kind == ENTITY_NONE) {
        *(*out)++ = '&';
        return 1;
    }
    for (size_t i = 0; i < WW_COUNT(e.code); i++)
        if (e.code[i] != 0)
            *out += text_put_code(*out, e.code[i]);
    return e.bytes;
}

struct slice attributes_decode(struct slice text, bool in_attribute, struct arena *arena)
{
    size_t plain = count_plain(text);
    struct slice rest = text;
    char *out, *at;

    if (plain == text.len)
        return text;
    /* Nothing grows more than a control of one byte does. */
    out = at = text.len < SIZE_MAX / 3 ? arena_alloc(arena, 3 * text.len) : NULL;
    if (out == NULL)
        return (struct slice){"", 0};
    for (;;) {
        size_t offset = 0;

        memcpy(at, rest.ptr, plain);
        at += plain;
        rest = slice_skip(rest, plain);
        if (rest.len == 0) {
            arena_cut(arena, at);
            return slice_of(out, (size_t)(at - out));
        }
        if (rest.ptr[0] == '&') {
            offset = decode_reference(rest, in_attribute, &at);
        } else if (rest.ptr[0] == '\r') {
            *at++ = '\n';
            offset = slice_starts(rest, SLICE("\r\n")) ? 2 : 1;
        } else {
            (void)text_next_code(rest, &offset);
            at += text_put_code(at, 0xFFFD);
        }
        rest = slice_skip(rest, offset);
        plain = count_plain(rest);
    }
}

static struct slice lower(struct slice name, struct arena *arena)
{
    size_t i = 0;
    char *copy;

    while (i < name.len && !(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z'))
        i++;
    if (i == name.len)
        return name;
    copy = arena_string(arena, name);
    if (copy == NULL)
        return (struct slice){"", 0};
    for (; i < name.len; i++)
        copy[i] = ascii_lower(copy[i]);
    return slice_of(copy, name.len);
}

static bool is_among(struct slice name, const struct dom_attribute *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal(list[i].name, name))
            return true;
    return false;
}

size_t attributes_read(struct slice text, struct dom_attribute *room, struct arena *arena,
                       const struct dom_attribute **out)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    struct dom_attribute *copy;
    size_t n = 0;

    *out = NULL;
    while (at != NULL && n < HTML_ATTRIBUTES_MAX) {
        struct slice name, value;

        while (at < end && (ascii_is_space(*at) || *at == '/'))
            at++;
        if (at == end)
            break;
        /* At the end of the tag stands no '>' here, so NULL only means that it was the last. */
        at = attribute_next(at, end, &name, &value);
        name = lower(name, arena);
        if (is_among(name, room, n))
            continue;
        room[n++] = (struct dom_attribute){name, attributes_decode(value, true, arena)};
    }
    copy = n > 0 ? arena_array(arena, n, sizeof(*copy)) : NULL;
    if (copy == NULL)
        return 0;
    memcpy(copy, room, n * sizeof(*copy));
    *out = copy;
    return n;
}
