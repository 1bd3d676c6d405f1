/*
 * arena.h - memory whose life is one page, one feed, one command.
 *
 * Many small pieces, one release, no free lists, no double free. Pieces are zeroed and aligned for
 * any type. When max bytes are used up, or malloc fails, the piece is NULL and the arena is marked
 * failed.
 */
#ifndef WW_BASE_ARENA_H
#define WW_BASE_ARENA_H

#include "base/attrs.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct arena_deferred;

struct arena {
    struct arena_block *blocks;
    struct arena_deferred *deferred;
    size_t used_bytes; /* held from malloc, not handed out */
    size_t max_bytes;
    bool failed;
    bool is_full; /* it failed at max_bytes, not for want of memory */
};

/* Takes nothing yet: cannot fail. */
void arena_init(struct arena *a, size_t max_bytes);
void arena_release(struct arena *a);
/* Empty again; keeps its largest block up to 64 KiB. */
void arena_reset(struct arena *a);

void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t n, size_t size);

/*
 * For the few things in an arena that are more than memory: release(object) is called when the
 * arena is released or reset, the latest first. False when the arena is full.
 */
bool arena_defer(struct arena *a, void (*release)(void *object), void *object);

/* Give back what lies behind `end`, which is in the piece that was taken last, and not written. */
void arena_cut(struct arena *a, const void *end);

/* A copy that is also terminated behind its last byte. {NULL, 0} when the arena is full. */
struct slice arena_copy(struct arena *a, struct slice s);
char *arena_string(struct arena *a, struct slice s);
struct slice arena_printf(struct arena *a, const char *fmt, ...) WW_PRINTF(2, 3);

/*
 * Room for element n of a growing array: like mem_grow, the old room is simply left behind.
 * NULL when the arena is full.
 */
void *arena_grow(struct arena *a, void *items, size_t n, size_t *capacity, size_t size);

/* WW_OK, or WW_NOMEM / WW_TOO_BIG in words, once for all the allocations since init. */
enum ww_status arena_check(const struct arena *a, struct ww_error *err);

#endif
