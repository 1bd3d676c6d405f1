/* short_key.c - beginning and hash of what is too long for an index. */
#include "base/short_key.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"

/* "#!" and half of the hash, which is plenty. */
#define HASH_BYTES 16
#define TAIL_BYTES (2 + 2 * HASH_BYTES)

static struct slice put_together(struct slice head, struct slice name, struct arena *arena)
{
    unsigned char hash[SHA256_BYTES];
    char hex[2 * SHA256_BYTES + 1];

    hash_sha256(name, hash);
    hash_hex(hash, HASH_BYTES, hex);
    return arena_printf(arena, "%.*s#!%s", SLICE_ARG(head), hex);
}

struct slice short_key(struct slice name, struct arena *arena)
{
    return name.len <= SHORT_KEY_MAX_BYTES
               ? name
               : put_together(text_cut(name, SHORT_KEY_MAX_BYTES - TAIL_BYTES), name, arena);
}

/* Whole segments of the path; "#!" is read by scripts, so that no one takes it for a place. */
struct slice short_key_of_address(struct slice address, struct arena *arena)
{
    const size_t authority = slice_find(address, SLICE("//")) + 2;
    struct slice head = slice_head(address, SHORT_KEY_MAX_BYTES - TAIL_BYTES);
    size_t slash;

    if (address.len <= SHORT_KEY_MAX_BYTES)
        return address;
    head = slice_head(head, slice_find_char(head, '?'));
    head = slice_head(head, slice_find_char(head, '#'));
    slash = slice_find_last_char(head, '/');
    return put_together(slash >= authority ? slice_head(head, slash + 1) : head, address, arena);
}
