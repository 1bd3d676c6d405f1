/* mem.c - allocation with checked sizes and a switch that makes the n-th one fail. */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/*
 * The test hook is the one mutable global of the project: it must reach every allocation there is.
 * Of its thread: those that match (alerts/scan_walk) allocate beside it.
 */
static _Thread_local long fail_at;
static _Thread_local long count;

static int refuse(void)
{
    count++;
    return fail_at != 0 && count == fail_at;
}

void mem_fail_after(long n)
{
    fail_at = n;
    count = 0;
}

long mem_count(void)
{
    return count;
}

void *mem_alloc(size_t size)
{
    return refuse() ? NULL : calloc(1, size == 0 ? 1 : size);
}

void *mem_array(size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size)
        return NULL;
    return mem_alloc(n * size);
}

void *mem_resize(void *block, size_t n, size_t size)
{
    if ((size != 0 && n > SIZE_MAX / size) || refuse())
        return NULL;
    return realloc(block, n * size == 0 ? 1 : n * size);
}

char *mem_string(const char *bytes, size_t len)
{
    char *copy = len < SIZE_MAX ? mem_alloc(len + 1) : NULL;

    if (copy != NULL && len > 0)
        memcpy(copy, bytes, len);
    return copy;
}

void mem_free(void *block)
{
    free(block);
}

void mem_trim(void)
{
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
}

void *mem_grow(void *items, size_t n, size_t *capacity, size_t size)
{
    size_t want = *capacity < 8 ? 8 : *capacity * 2;
    void *moved;

    if (n < *capacity)
        return items;
    if (want <= *capacity)
        return NULL;
    moved = mem_resize(items, want, size);
    if (moved != NULL)
        *capacity = want;
    return moved;
}
