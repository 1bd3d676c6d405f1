/* fuzz_robots.c - any bytes as a robots.txt and, behind the first NUL, as an address to judge. */
#include "base/arena.h"
#include "base/limits.h"
#include "crawler/robots.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_of(data, size);
    struct slice url = {"", 0};
    struct arena arena;
    struct robots *robots;
    size_t n;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    (void)slice_next(&rest, '\0', &url);
    robots = robots_parse(rest, SLICE("wirewatch/0.1"), &arena);
    if (robots != NULL) {
        (void)robots_allows_url(robots, url, &arena);
        (void)robots_sitemaps(robots, &n);
        assert(robots_delay_ms(robots) >= 0 && robots_delay_ms(robots) <= CRAWL_DELAY_MAX_MS);
    }
    arena_release(&arena);
    return 0;
}
