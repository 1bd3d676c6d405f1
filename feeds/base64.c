/* base64.c - decoding. */
#include "feeds/base64.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdint.h>

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

struct slice base64_text(struct slice s, struct arena *arena)
{
    char *out = arena_alloc(arena, s.len / 4 * 3 + 4);
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n = 0;

    if (out == NULL)
        return (struct slice){"", 0};
    for (size_t i = 0; i < s.len && s.ptr[i] != '='; i++) {
        int value = value_of(s.ptr[i]);

        if (s.ptr[i] == ' ' || (s.ptr[i] >= '\t' && s.ptr[i] <= '\r'))
            continue;
        if (value < 0)
            return arena_copy(arena, s);
        bits = bits << 6 | (uint32_t)value;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            out[n++] = (char)(bits >> n_bits & 0xFF);
        }
    }
    return text_clean(slice_of(out, n), arena);
}

struct slice base64_bytes(struct slice s, struct arena *arena)
{
    char *out = arena_alloc(arena, s.len / 4 * 3 + 4);
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t n = 0;

    for (size_t i = 0; out != NULL && i < s.len; i++) {
        const int value = value_of(s.ptr[i]);

        if (s.ptr[i] == '=')
            n_bits = 0;
        if (value < 0 || s.ptr[i] == '-' || s.ptr[i] == '_') /* a boundary that was not found */
            continue;
        bits = bits << 6 | (uint32_t)value;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            out[n++] = (char)(bits >> n_bits & 0xFF);
        }
    }
    return slice_of(out != NULL ? out : "", n);
}
