/* language_tag.c - the form and the letters' case of a tag. */
#include "base/language_tag.h"

#include "base/arena.h"
#include "base/ascii.h"

#define TAG_MAX_BYTES 35 /* RFC 5646, 4.4.1 */

/* A region is in capitals, a script begins with one: by the length of the part. */
static void write_part(char *part, size_t len, bool is_first)
{
    for (size_t k = 0; k < len; k++)
        if (!is_first && ascii_is_letter(part[k]) && (len == 2 || (len == 4 && k == 0)))
            part[k] = (char)(part[k] - ('a' - 'A'));
}

bool language_tag_read(struct slice text, struct arena *arena, struct slice *out)
{
    char *tag = arena_string(arena, slice_trim(text));
    const size_t len = slice_trim(text).len;
    size_t begin = 0;

    *out = (struct slice){"", 0};
    if (tag == NULL || len > TAG_MAX_BYTES)
        return false;
    for (size_t i = 0; i <= len && len > 0; i++) {
        const bool is_end = i == len || tag[i] == '-' || tag[i] == '_';

        tag[i] = ascii_lower(tag[i]);
        if (!is_end && !ascii_is_letter(tag[i]) && !ascii_is_digit(tag[i]))
            return false;
        if (!is_end)
            continue;
        if (i == begin || i - begin > 8 || (begin == 0 && i > 3))
            return false;
        write_part(tag + begin, i - begin, begin == 0);
        if (i < len)
            tag[i] = '-';
        begin = i + 1;
    }
    *out = slice_of(tag, len);
    return true;
}
