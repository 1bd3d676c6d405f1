/* fuzz_link.c - any text as an address: what is shown is where a click leads, and plain text. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/link.h"
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_plain(struct slice s)
{
    if (!text_is_utf8(s))
        abort();
    for (size_t i = 0; i < s.len;) {
        uint32_t code = text_next_code(s, &i);

        if (code < ' ' || text_is_deceiving(code))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice url = slice_of(data, size);
    struct buf host, shown, ascii, again;
    bool is_link;

    buf_init(&host, (size_t)8 * URL_MAX_BYTES);
    buf_init(&shown, (size_t)8 * URL_MAX_BYTES);
    buf_init(&ascii, (size_t)8 * URL_MAX_BYTES);
    buf_init(&again, (size_t)8 * URL_MAX_BYTES);
    is_link = link_add_host(&host, url);
    if (link_add_shown(&shown, url) != is_link || link_add_ascii(&ascii, url) != is_link)
        abort();
    check_plain(buf_slice(&host));
    check_plain(buf_slice(&shown));
    for (size_t i = 0; i < ascii.len; i++)
        if (ascii.ptr[i] <= ' ' || ascii.ptr[i] >= 0x7F || strchr("\"'<>\\", ascii.ptr[i]) != NULL)
            abort();
    /* Percent signs of a host are another matter: it leads nowhere. */
    if (is_link && ascii.len < URL_MAX_BYTES &&
        slice_find_char(buf_slice(&host), '%') == host.len &&
        (!link_add_host(&again, buf_slice(&ascii)) ||
         !slice_equal(buf_slice(&again), buf_slice(&host))))
        abort();
    buf_release(&host);
    buf_release(&shown);
    buf_release(&ascii);
    buf_release(&again);
    return 0;
}
