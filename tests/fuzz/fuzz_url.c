/* fuzz_url.c - any two texts as reference and base; canonical forms are stable. */
#include "base/arena.h"
#include "base/url.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_of(data, size);
    struct slice reference = {"", 0};
    struct slice base = {"", 0};
    struct slice resolved, canonical, again;
    struct arena arena;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    (void)slice_next(&rest, '\0', &reference);
    (void)slice_next(&rest, '\0', &base);
    if (url_resolve(reference, base, &arena, &resolved, NULL) == WW_OK) {
        (void)url_is_fetchable(resolved);
        (void)url_site(resolved, &arena);
        if (url_canonical(resolved, &arena, &canonical, NULL) == WW_OK &&
            url_canonical(canonical, &arena, &again, NULL) == WW_OK &&
            !slice_equal(canonical, again))
            abort();
    }
    arena_release(&arena);
    return 0;
}
