/* query_show.c - where in a query the trouble is, for people: the line and a caret under it. */
#include "alerts/query.h"

#include "base/buf.h"
#include "base/text.h"

/* Of a long query so much stands before the place and so much in all: a terminal's line. */
#define SHOWN_BEFORE_BYTES 60
#define SHOWN_BYTES 100

void query_show_place(struct slice text, size_t at, struct buf *out)
{
    size_t start = 0;
    size_t shown = out->len;

    if (at > text.len)
        at = text.len;
    if (at > SHOWN_BEFORE_BYTES) {
        start = at - SHOWN_BEFORE_BYTES;
        while (start < at && ((unsigned char)text.ptr[start] & 0xC0) == 0x80)
            start++;
        buf_add_string(out, "\xE2\x80\xA6"); /* the dots of what is left out */
    }
    text_add_visible(out, slice_sub(text, start, at - start));
    shown = text_width(slice_skip(buf_slice(out), shown));
    text = slice_skip(text, at);
    text_add_visible(out, text_cut(text, SHOWN_BYTES));
    if (text.len > SHOWN_BYTES)
        buf_add_string(out, "\xE2\x80\xA6");
    buf_add_char(out, '\n');
    while (shown-- > 0)
        buf_add_char(out, ' ');
    buf_add_string(out, "^\n");
}
