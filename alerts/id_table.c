/* id_table.c - linear probing, doubled when two thirds are used. */
#include "alerts/id_table.h"

#include "base/arena.h"
#include "base/hash.h"

#define FIRST_SLOTS 64

static uint64_t key_of(struct slice kind, struct slice id)
{
    return hash64_mix(hash64(kind), hash64(id));
}

static struct id_slot *find(const struct id_table *t, uint64_t key)
{
    size_t i = (size_t)key & (t->n_slots - 1);

    while (t->slots[i].number != ID_NONE && t->slots[i].key != key)
        i = (i + 1) & (t->n_slots - 1);
    return &t->slots[i];
}

uint32_t id_table_get(const struct id_table *t, struct slice kind, struct slice id)
{
    return t->n_slots == 0 ? ID_NONE : find(t, key_of(kind, id))->number;
}

static bool grow(struct id_table *t, struct arena *arena)
{
    struct id_table bigger = {.n_slots = t->n_slots == 0 ? FIRST_SLOTS : t->n_slots * 2};

    bigger.slots = arena_array(arena, bigger.n_slots, sizeof(*bigger.slots));
    if (bigger.slots == NULL)
        return false;
    for (size_t i = 0; i < bigger.n_slots; i++)
        bigger.slots[i].number = ID_NONE;
    for (size_t i = 0; i < t->n_slots; i++)
        if (t->slots[i].number != ID_NONE)
            *find(&bigger, t->slots[i].key) = t->slots[i];
    bigger.n_used = t->n_used;
    *t = bigger;
    return true;
}

void id_table_put(struct id_table *t, struct arena *arena, struct slice kind, struct slice id,
                  uint32_t number)
{
    struct id_slot *slot;

    if (t->n_used * 3 >= t->n_slots * 2 && !grow(t, arena))
        return;
    slot = find(t, key_of(kind, id));
    t->n_used += slot->number == ID_NONE;
    *slot = (struct id_slot){key_of(kind, id), number};
}
