/* markup.c - escaping, once for all that writes HTML and XML. */
#include "base/markup.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdint.h>

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void markup_add_text(struct buf *out, struct slice s)
{
    struct buf safe;
    struct slice shown;

    buf_init(&safe, SIZE_MAX / 2);
    text_add_visible(&safe, s);
    shown = buf_slice(&safe);
    for (size_t i = 0; i < shown.len; i++) {
        const char *escape = escape_of(shown.ptr[i]);

        if (escape != NULL)
            buf_add_string(out, escape);
        else
            buf_add_char(out, shown.ptr[i]);
    }
    buf_take_failure(out, &safe);
    buf_release(&safe);
}

bool markup_is_link(struct slice url)
{
    return slice_starts_nocase(url, SLICE("http://")) ||
           slice_starts_nocase(url, SLICE("https://"));
}
