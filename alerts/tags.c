/* tags.c - parting tags. */
#include "alerts/tags.h"

#include <string.h>

bool tags_next(struct slice *tags, struct slice *tag)
{
    size_t end = 0;

    while (tags->len > 0 && strchr(" ,;|\t", tags->ptr[0]) != NULL)
        *tags = slice_skip(*tags, 1);
    while (end < tags->len && strchr(" ,;|\t", tags->ptr[end]) == NULL)
        end++;
    *tag = slice_head(*tags, end);
    *tags = slice_skip(*tags, end);
    return end > 0;
}
