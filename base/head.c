/* head.c - header lines. */
#include "base/head.h"

bool head_next(struct slice *rest, struct slice *name, struct slice *value)
{
    struct slice line;

    while (slice_next_line(rest, &line)) {
        const size_t colon = slice_find_char(line, ':');

        if (colon == line.len)
            continue;
        *name = slice_trim(slice_head(line, colon));
        *value = slice_trim(slice_skip(line, colon + 1));
        return true;
    }
    return false;
}

struct slice head_value(struct slice head, const char *name)
{
    struct slice key, value;

    while (head_next(&head, &key, &value))
        if (slice_equal_nocase(key, slice_from(name)))
            return value;
    return (struct slice){"", 0};
}

bool head_split(struct slice text, struct slice *head, struct slice *body)
{
    size_t at = 0;

    while (at < text.len) {
        const struct slice rest = slice_skip(text, at);
        const size_t line = slice_find_char(rest, '\n');
        const struct slice bare = slice_head(rest, line);

        if (line < rest.len && (bare.len == 0 || slice_equal(bare, SLICE("\r")))) {
            *head = slice_head(text, at);
            *body = slice_skip(rest, line + 1);
            return true;
        }
        at += line + (line < rest.len);
    }
    *head = text;
    *body = slice_skip(text, text.len);
    return false;
}
