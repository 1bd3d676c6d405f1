/* doctype.c - the end of a document type, and its declarations of texts. */
#include "feeds/doctype.h"

#include "base/buf.h"
#include "base/entities.h"
#include "feeds/markup.h"

size_t doctype_bytes(struct slice s)
{
    size_t depth = 0;
    char quote = '\0';

    for (size_t i = 2; i < s.len; i++) {
        char ch = s.ptr[i];

        if (quote != '\0') {
            quote = ch == quote ? '\0' : quote;
        } else if (ch == '"' || ch == '\'') {
            quote = ch;
        } else if (slice_starts(slice_skip(s, i), SLICE("<!--"))) {
            i += slice_find(slice_skip(s, i), SLICE("-->")) + 2;
        } else if (ch == '[') {
            depth++;
        } else if (ch == ']') {
            depth -= depth > 0;
        } else if (ch == '>' && depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* One word off *s, white space before it skipped. */
static struct slice take_word(struct slice *s)
{
    struct slice rest = slice_trim(*s);
    size_t n = 0;

    while (n < rest.len && rest.ptr[n] != ' ' && !(rest.ptr[n] >= '\t' && rest.ptr[n] <= '\r'))
        n++;
    *s = slice_skip(rest, n);
    return slice_head(rest, n);
}

static bool has_controls(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' && !(s.ptr[i] >= '\t' && s.ptr[i] <= '\r'))
            return true;
    return false;
}

void doctype_read(struct doctype *d, struct slice s)
{
    while (d->n_rows < XML_ENTITIES_MAX) {
        struct slice name, value;

        s = slice_skip(s, slice_find(s, SLICE("<!ENTITY")));
        if (s.len == 0)
            return;
        s = slice_skip(s, 8);
        name = take_word(&s);
        value = slice_trim(s);
        /* A name of another file (SYSTEM, PUBLIC) begins with no quote. */
        if (name.len == 0 || value.len == 0 || (value.ptr[0] != '"' && value.ptr[0] != '\''))
            continue;
        value = slice_sub(value, 1, slice_find_char(slice_skip(value, 1), value.ptr[0]));
        if (value.len > XML_ENTITY_MAX_BYTES || has_controls(value))
            continue;
        d->rows[d->n_rows].name = name;
        d->rows[d->n_rows++].value = value;
    }
}

size_t doctype_expand(struct doctype *d, struct slice s, struct buf *out)
{
    struct slice head = slice_head(slice_skip(s, 1), XML_ENTITY_MAX_BYTES);
    struct slice name = slice_head(head, slice_find_char(head, ';'));

    if (name.len == head.len)
        return 0;
    for (size_t i = 0; i < d->n_rows; i++) {
        struct buf text;

        if (!slice_equal(d->rows[i].name, name))
            continue;
        d->expanded_bytes += d->rows[i].value.len;
        if (d->expanded_bytes > XML_EXPANSION_MAX_BYTES)
            return 0;
        buf_init(&text, (size_t)2 * XML_ENTITY_MAX_BYTES);
        entity_resolve(&text, d->rows[i].value);
        markup_escape(out, buf_slice(&text));
        buf_release(&text);
        return name.len + 2;
    }
    return 0;
}
