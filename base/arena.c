/* arena.c - a chain of blocks, each handed out from its beginning to its end. */
#include "base/arena.h"

#include "base/mem.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The first block is small, for most arenas hold little; what comes then doubles what there is. */
#define BLOCK_MIN_BYTES ((size_t)2 * 1024)
#define BLOCK_MAX_BYTES ((size_t)64 * 1024)
#define ALIGNMENT alignof(max_align_t)

struct arena_block {
    struct arena_block *next;
    size_t size; /* of bytes[] */
    size_t used;
    alignas(max_align_t) char bytes[];
};

/* What goes with an arena; lives in it. */
struct arena_deferred {
    struct arena_deferred *next;
    void (*release)(void *object);
    void *object;
};

void arena_init(struct arena *a, size_t max_bytes)
{
    *a = (struct arena){.max_bytes = max_bytes};
}

static void release_deferred(struct arena *a)
{
    for (struct arena_deferred *d = a->deferred; d != NULL; d = d->next)
        d->release(d->object);
    a->deferred = NULL;
}

void arena_release(struct arena *a)
{
    struct arena_block *block = a->blocks;

    release_deferred(a);
    while (block != NULL) {
        struct arena_block *next = block->next;

        mem_free(block);
        block = next;
    }
    arena_init(a, a->max_bytes);
}

void arena_reset(struct arena *a)
{
    struct arena_block *block = a->blocks, *kept = NULL;

    release_deferred(a);
    while (block != NULL) {
        struct arena_block *next = block->next;
        const bool is_better =
            block->size <= BLOCK_MAX_BYTES && (kept == NULL || block->size > kept->size);

        mem_free(is_better ? kept : block);
        kept = is_better ? block : kept;
        block = next;
    }
    a->blocks = kept;
    a->failed = a->is_full = false;
    a->used_bytes = 0;
    if (kept != NULL) {
        /* Pieces are promised to be zeroed, whoever had them before. */
        memset(kept->bytes, 0, kept->used);
        kept->used = 0;
        kept->next = NULL;
        a->used_bytes = kept->size;
    }
}

static size_t next_bytes(const struct arena *a)
{
    return a->used_bytes < BLOCK_MIN_BYTES   ? BLOCK_MIN_BYTES
           : a->used_bytes > BLOCK_MAX_BYTES ? BLOCK_MAX_BYTES
                                             : a->used_bytes;
}

static struct arena_block *add_block(struct arena *a, size_t size)
{
    struct arena_block *block;

    if (size > SIZE_MAX - sizeof(*block) || size > a->max_bytes ||
        a->used_bytes > a->max_bytes - size)
        return NULL;
    block = mem_alloc(sizeof(*block) + size);
    if (block == NULL)
        return NULL;
    block->size = size;
    a->used_bytes += size;
    block->next = a->blocks;
    a->blocks = block;
    return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct arena_block *block = a->blocks;
    void *piece;

    if (size > SIZE_MAX - ALIGNMENT) {
        a->failed = true;
        return NULL;
    }
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (block == NULL || block->size - block->used < size) {
        block = add_block(a, size > next_bytes(a) ? size : next_bytes(a));
        if (block == NULL)
            block = add_block(a, size); /* near the limit a whole block may not fit any more */
        if (block == NULL) {
            a->failed = true;
            a->is_full = size > a->max_bytes || a->used_bytes > a->max_bytes - size;
            return NULL;
        }
    }
    piece = block->bytes + block->used;
    block->used += size;
    return piece;
}

bool arena_defer(struct arena *a, void (*release)(void *object), void *object)
{
    struct arena_deferred *d = arena_alloc(a, sizeof(*d));

    if (d == NULL)
        return false;
    *d = (struct arena_deferred){a->deferred, release, object};
    a->deferred = d;
    return true;
}

void arena_cut(struct arena *a, const void *end)
{
    struct arena_block *block = a->blocks;
    size_t used = (size_t)((const char *)end - block->bytes);

    used = (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    assert(used <= block->used);
    block->used = used;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size) {
        a->failed = true;
        return NULL;
    }
    return arena_alloc(a, n * size);
}

struct slice arena_copy(struct arena *a, struct slice s)
{
    char *copy = s.len < SIZE_MAX ? arena_alloc(a, s.len + 1) : NULL;

    if (copy == NULL)
        return (struct slice){NULL, 0};
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    return (struct slice){copy, s.len};
}

char *arena_string(struct arena *a, struct slice s)
{
    char *copy = s.len < SIZE_MAX ? arena_alloc(a, s.len + 1) : NULL;

    if (copy != NULL && s.len > 0)
        memcpy(copy, s.ptr, s.len);
    return copy;
}

struct slice arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args;
    int len;
    char *text;

    va_start(args, fmt);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0)
        return (struct slice){NULL, 0};
    text = arena_alloc(a, (size_t)len + 1);
    if (text == NULL)
        return (struct slice){NULL, 0};
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)len + 1, fmt, args);
    va_end(args);
    return (struct slice){text, (size_t)len};
}

void *arena_grow(struct arena *a, void *items, size_t n, size_t *capacity, size_t size)
{
    size_t want = *capacity < 8 ? 8 : *capacity * 2;
    void *moved;

    if (n < *capacity)
        return items;
    if (want <= *capacity) {
        a->failed = true;
        return NULL;
    }
    moved = arena_array(a, want, size);
    if (moved == NULL)
        return NULL;
    if (n > 0)
        memcpy(moved, items, n * size);
    *capacity = want;
    return moved;
}

enum ww_status arena_check(const struct arena *a, struct ww_error *err)
{
    if (!a->failed)
        return WW_OK;
    if (a->is_full)
        return ww_fail(err, WW_TOO_BIG, "needs more than %zu bytes of memory", a->max_bytes);
    return ww_fail(err, WW_NOMEM, "out of memory after %zu bytes", a->used_bytes);
}
