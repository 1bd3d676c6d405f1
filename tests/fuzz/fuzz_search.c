/* fuzz_search.c - whatever is typed, the index understands the expression made of it. */
#include "storage/store_search.h"

#include "base/arena.h"
#include "base/deflate.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct store *open_store(void)
{
    char path[64];
    struct store_options options = {.path = path, .may_create = true};
    struct store *s = NULL;
    struct ww_error err;

    (void)snprintf(path, sizeof(path), "/tmp/wirewatch-fuzz-%ld.db", (long)getpid());
    if (store_open(&options, &s, &err) != WW_OK)
        abort();
    return s;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct store *s;
    struct search_filter filter = {.query = slice_of(data, size)};
    struct search_results results;
    struct slice text;
    struct arena arena;
    enum ww_status status;

    if (s == NULL)
        s = open_store();
    arena_init(&arena, (size_t)16 * 1024 * 1024);
    status = store_search(s, &filter, &arena, &results, NULL);
    if (status != WW_OK && status != WW_INVALID)
        abort();
    (void)deflate_unpack(filter.query, 65536, &arena, &text, NULL);
    arena_release(&arena);
    return 0;
}
