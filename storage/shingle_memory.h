/*
 * shingle_memory.h - a duplicate index that is never saved: for `inspect duplicates` and for tests.
 */
#ifndef WW_STORAGE_SHINGLE_MEMORY_H
#define WW_STORAGE_SHINGLE_MEMORY_H

#include "storage/shingle_index.h"

struct shingle_memory;

enum ww_status shingle_memory_open(struct shingle_memory **out, struct ww_error *err);
void shingle_memory_close(struct shingle_memory *m);

struct shingle_io shingle_memory_io(struct shingle_memory *m);

/* Bytes it keeps: what would be in the store. */
size_t shingle_memory_bytes(const struct shingle_memory *m);

#endif
