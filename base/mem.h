/*
 * mem.h - the only door to malloc.
 *
 * Array forms check the multiplication. mem_fail_after makes the n-th allocation from now fail, so
 * that a test can walk every out-of-memory path of a module; it counts the thread's own.
 */
#ifndef WW_BASE_MEM_H
#define WW_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory, or NULL. size 0 gives a pointer that may be freed. */
void *mem_alloc(size_t size);
void *mem_array(size_t n, size_t size);

/* Grows or shrinks; the new part is not zeroed. On failure the old block stays and NULL returns. */
void *mem_resize(void *block, size_t n, size_t size);

/* A terminated copy. */
char *mem_string(const char *bytes, size_t len);

void mem_free(void *block);

/* What was freed goes back to the system, as far as the C library can. */
void mem_trim(void);

/*
 * Make room for one more element in a growing array: *items has n elements and room for *capacity.
 * Doubles; NULL on failure (the array stays as it was), else the perhaps moved array.
 */
void *mem_grow(void *items, size_t n, size_t *capacity, size_t size);

/* Test hook: the n-th allocation from now fails (1 = the next one); 0 switches it off. */
void mem_fail_after(long n);
/* Allocations since the last mem_fail_after. */
long mem_count(void);

#endif
