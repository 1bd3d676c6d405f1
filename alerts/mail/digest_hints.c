/* digest_hints.c - where a story is shown, and what to type to answer. */
#include "alerts/mail/digest.h"

#include "base/buf.h"
#include "base/text.h"

#include <inttypes.h>

void digest_add_page(const struct digest *d, int64_t story_id, struct buf *out)
{
    const struct slice url = d->report_url;
    const bool is_folder = url.len > 0 && url.ptr[url.len - 1] == '/';

    buf_add(out, url);
    buf_printf(out, "%sstory/%" PRId64 ".html", is_folder ? "" : "/", story_id);
}

/* Does a shell take it for one word as it stands? What is not ASCII is one of its letters. */
static bool is_plain_word(struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        const unsigned char c = (unsigned char)s.ptr[i];
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;

        if (!is_letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.')
            return false;
    }
    return s.len > 0;
}

void digest_add_mark_command(const struct digest *d, struct buf *out)
{
    const struct slice name = d->analyst->name;
    const bool is_plain = is_plain_word(name);

    buf_printf(out, "wirewatch alert mark a%" PRId64 " relevant --analyst ",
               d->stories[0].first->alert.id);
    buf_add_string(out, is_plain ? "" : "'");
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '\'')
            buf_add_string(out, "'\\'");
        buf_add_char(out, name.ptr[i]);
    }
    buf_add_string(out, is_plain ? "" : "'");
}
