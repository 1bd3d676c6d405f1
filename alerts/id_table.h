/*
 * id_table.h - from ids to numbers, while a watchlist is read: lists may have 100,000 rows.
 *
 * Open addressing over hash64; grows in the arena. Keys are hashes: two ids that share one (about
 * one list in ten million of that size) would be taken for one, and the linter would say so.
 */
#ifndef WW_ALERTS_ID_TABLE_H
#define WW_ALERTS_ID_TABLE_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

#define ID_NONE UINT32_MAX

struct id_slot {
    uint64_t key;
    uint32_t number; /* ID_NONE: free; all are while there are none */
};

struct id_table {
    struct id_slot *slots;
    size_t n_slots; /* a power of two, or 0 */
    size_t n_used;
};

/* The number of (kind, id), or ID_NONE. */
uint32_t id_table_get(const struct id_table *t, struct slice kind, struct slice id);

/* Remember it, over an older number. The arena is marked failed when it is full. */
void id_table_put(struct id_table *t, struct arena *arena, struct slice kind, struct slice id,
                  uint32_t number);

#endif
