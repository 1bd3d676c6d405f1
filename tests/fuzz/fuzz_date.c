/* fuzz_date.c - any text as a date; what is one is the same when it is written and read again. */
#include "base/date.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    struct slice found;
    struct date date, again;
    char out[DATE_TEXT_BYTES];

    if (date_parse(text, &date)) {
        assert(date.precision != DATE_NONE);
        if (date_parse(slice_from(date_format(date.at, out)), &again) && again.at != date.at)
            abort();
    }
    if (date_find(text, size % 2 == 0 ? DATE_ORDER_DAY_FIRST : DATE_ORDER_UNKNOWN, &date, &found)) {
        assert(date.precision >= DATE_DAY);
        assert(found.ptr >= text.ptr && found.ptr + found.len <= text.ptr + text.len);
    }
    return 0;
}
