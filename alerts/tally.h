/*
 * tally.h - counts by number, for an article: room for what the article holds, not for what the
 * list has. Four bytes for each of 100,000 names, zeroed for every article, cost more than
 * matching.
 */
#ifndef WW_ALERTS_TALLY_H
#define WW_ALERTS_TALLY_H

#include "base/arena.h"

#include <stdint.h>

struct tally_slot {
    uint32_t key; /* a number and one: 0 is free */
    uint32_t count;
};

struct tally {
    struct tally_slot *slots;
    size_t n_slots; /* a power of two, more than will ever be counted */
};

/* Room for n different numbers; false when the arena is full. */
static inline bool tally_init(struct tally *t, size_t n, struct arena *arena)
{
    t->n_slots = 16;
    while (t->n_slots < 2 * n)
        t->n_slots *= 2;
    t->slots = arena_array(arena, t->n_slots, sizeof(*t->slots));
    return t->slots != NULL;
}

/* The count of a number, at first 0. number is less than UINT32_MAX. */
static inline uint32_t *tally_at(struct tally *t, uint32_t number)
{
    size_t i = number * UINT32_C(2654435769) & (t->n_slots - 1);

    while (t->slots[i].key != 0 && t->slots[i].key != number + 1)
        i = (i + 1) & (t->n_slots - 1);
    t->slots[i].key = number + 1;
    return &t->slots[i].count;
}

#endif
