/* title_parts.c - the marks between the parts of a title. */
#include "extractors/title_parts.h"

#include "base/attrs.h"

#include <string.h>

size_t title_separator(struct slice title, size_t at)
{
    static const char *const bare[] = {"|", "_", "｜", "¦"};
    static const char *const spaced[] = {"-", "–",  "—",  "·", "•", "»", "«", "›",
                                         "‹", "::", "//", ">", "/", ":", "~"};

    for (size_t i = 0; i < WW_COUNT(bare); i++)
        if (slice_starts(slice_skip(title, at), slice_from(bare[i])))
            return strlen(bare[i]);
    /* "标题-新闻网" */
    if (title.ptr[at] == '-' && at > 0 && at + 1 < title.len &&
        (unsigned char)title.ptr[at - 1] >= 0x80 && (unsigned char)title.ptr[at + 1] >= 0xE3)
        return 1;
    if (title.ptr[at] != ' ')
        return 0;
    for (size_t i = 0; i < WW_COUNT(spaced); i++) {
        size_t len = strlen(spaced[i]);

        if (slice_starts(slice_skip(title, at + 1), slice_from(spaced[i])) &&
            at + 1 + len < title.len && title.ptr[at + 1 + len] == ' ')
            return len + 2;
    }
    return 0;
}
