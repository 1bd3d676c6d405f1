/* shingle.c - hashes of five tokens in a row, one for each position, and sets of them. */
#include "base/shingle.h"

#include "base/arena.h"
#include "base/hash.h"

#include <string.h>

#define RADIX_BITS 8
#define RADIX_SIZE (1u << RADIX_BITS)
/* Below this many hashes a plain insertion sort is faster than eight passes. */
#define INSERTION_MAX 48

uint64_t shingle_hash(const struct token *five)
{
    /* Odd multipliers keep the order of the tokens in the sum; one mix spreads it. */
    uint64_t sum =
        five[0].hash * UINT64_C(0x9E3779B97F4A7C15) + five[1].hash * UINT64_C(0xC2B2AE3D27D4EB4F) +
        five[2].hash * UINT64_C(0x165667B19E3779F9) + five[3].hash * UINT64_C(0xD6E8FEB86659FD93) +
        five[4].hash * UINT64_C(0xFF51AFD7ED558CCD);

    return hash64_mix(sum, SHINGLE_VERSION);
}

bool shingle_is_sampled(uint64_t hash, size_t n_shingles)
{
    return hash % (n_shingles < SHINGLE_SHORT ? SHINGLE_SAMPLE_SHORT : SHINGLE_SAMPLE) == 0;
}

static void sort_small(uint64_t *h, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t value = h[i];
        size_t at = i;

        for (; at > 0 && h[at - 1] > value; at--)
            h[at] = h[at - 1];
        h[at] = value;
    }
}

/* Hashes are evenly spread: sort by bytes, the lowest first. Eight passes end where they began. */
static void sort_radix(uint64_t *h, uint64_t *other, size_t n)
{
    for (unsigned shift = 0; shift < 64; shift += RADIX_BITS) {
        size_t counts[RADIX_SIZE] = {0};
        size_t sum = 0;
        uint64_t *swap = h;

        for (size_t i = 0; i < n; i++)
            counts[h[i] >> shift & (RADIX_SIZE - 1)]++;
        for (size_t d = 0; d < RADIX_SIZE; d++) {
            size_t count = counts[d];

            counts[d] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            other[counts[h[i] >> shift & (RADIX_SIZE - 1)]++] = h[i];
        h = other;
        other = swap;
    }
}

enum ww_status shingle_sort(uint64_t *hashes, size_t n, struct arena *arena,
                            struct shingle_set *out, struct ww_error *err)
{
    size_t kept = 0;

    *out = (struct shingle_set){0};
    if (n <= INSERTION_MAX) {
        sort_small(hashes, n);
    } else {
        uint64_t *other = arena_array(arena, n, sizeof(*other));

        if (other == NULL)
            return arena_check(arena, err);
        sort_radix(hashes, other, n);
    }
    for (size_t i = 0; i < n; i++)
        if (i == 0 || hashes[i] != hashes[kept - 1])
            hashes[kept++] = hashes[i];
    *out = (struct shingle_set){hashes, kept};
    return WW_OK;
}

enum ww_status shingle_make(const struct token_list *tokens, struct arena *arena,
                            struct shingle_set *out, struct ww_error *err)
{
    size_t n = tokens->n_tokens < SHINGLE_TOKENS ? 0 : tokens->n_tokens - SHINGLE_TOKENS + 1;
    uint64_t *hashes = arena_array(arena, n, sizeof(*hashes));

    *out = (struct shingle_set){0};
    if (hashes == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < n; i++)
        hashes[i] = shingle_hash(&tokens->tokens[i]);
    return shingle_sort(hashes, n, arena, out, err);
}

size_t shingle_shared(const struct shingle_set *a, const struct shingle_set *b)
{
    size_t i = 0, k = 0, n = 0;

    while (i < a->n_hashes && k < b->n_hashes) {
        uint64_t x = a->hashes[i], y = b->hashes[k];

        n += x == y;
        i += x <= y;
        k += y <= x;
    }
    return n;
}
