/*
 * shingle_cache.h - blocks of the index in memory: a block never changes while its run is there.
 *
 * The block of a key is the one with the greatest id up to it: one that is here is known to be it
 * up to the last of its own keys. When they are too many those go that were not asked for lately.
 */
#ifndef WW_STORAGE_SHINGLE_CACHE_H
#define WW_STORAGE_SHINGLE_CACHE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kept_block {
    int64_t id, last_id; /* of its first key, and of its last */
    char *bytes;
    size_t len;
    bool is_used;
};

struct shingle_cache {
    struct kept_block *blocks; /* in order of id */
    size_t n, capacity;
    size_t bytes, bytes_max; /* 0: nothing is kept */
};

/* Borrowed until the next put or drop. NULL: it is not here. */
const struct kept_block *shingle_cache_find(struct shingle_cache *c, int64_t id);
/* Copies the bytes; without memory it keeps nothing. */
void shingle_cache_put(struct shingle_cache *c, int64_t id, int64_t last_id, struct slice bytes);
/* Those with first_id <= id < below_id. */
void shingle_cache_drop(struct shingle_cache *c, int64_t first_id, int64_t below_id);

#endif
