/* shingle_cache.c - a sorted array, swept when it is full. */
#include "storage/shingle_cache.h"

#include "base/mem.h"

#include <string.h>

/* How many begin up to id. */
static size_t count_up_to(const struct shingle_cache *c, int64_t id)
{
    size_t low = 0, high = c->n;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (c->blocks[middle].id <= id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct kept_block *shingle_cache_find(struct shingle_cache *c, int64_t id)
{
    size_t n = count_up_to(c, id);

    if (n == 0 || c->blocks[n - 1].last_id < id)
        return NULL;
    c->blocks[n - 1].is_used = true;
    return &c->blocks[n - 1];
}

static void let_go(struct shingle_cache *c, struct kept_block *block)
{
    c->bytes -= block->len;
    mem_free(block->bytes);
}

/* What was not asked for since the last sweep goes; an eighth does in any case. */
static void sweep(struct shingle_cache *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n; i++) {
        struct kept_block *block = &c->blocks[i];

        if (!block->is_used || i % 8 == 0) {
            let_go(c, block);
            continue;
        }
        block->is_used = false;
        c->blocks[n++] = *block;
    }
    c->n = n;
}

void shingle_cache_put(struct shingle_cache *c, int64_t id, int64_t last_id, struct slice bytes)
{
    struct kept_block *blocks;
    size_t at;
    char *copy;

    if (bytes.len > c->bytes_max / 8)
        return;
    shingle_cache_drop(c, id, id + 1);
    if (c->bytes + bytes.len > c->bytes_max)
        sweep(c);
    copy = mem_string(bytes.ptr, bytes.len);
    blocks = mem_grow(c->blocks, c->n, &c->capacity, sizeof(*blocks));
    if (blocks != NULL)
        c->blocks = blocks;
    if (blocks == NULL || copy == NULL) {
        mem_free(copy);
        return;
    }
    at = count_up_to(c, id);
    memmove(&blocks[at + 1], &blocks[at], (c->n - at) * sizeof(*blocks));
    blocks[at] = (struct kept_block){id, last_id, copy, bytes.len, true};
    c->n++;
    c->bytes += bytes.len;
}

void shingle_cache_drop(struct shingle_cache *c, int64_t first_id, int64_t below_id)
{
    size_t from = count_up_to(c, first_id - 1), end = count_up_to(c, below_id - 1);

    for (size_t i = from; i < end; i++)
        let_go(c, &c->blocks[i]);
    if (from < end)
        memmove(&c->blocks[from], &c->blocks[end], (c->n - end) * sizeof(*c->blocks));
    c->n -= end - from;
    if (c->n == 0) {
        mem_free(c->blocks);
        *c = (struct shingle_cache){.bytes_max = c->bytes_max};
    }
}
