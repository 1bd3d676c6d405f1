/*
 * hash.h - XXH3 for tables and shingles, SHA-256 for what outlives this machine.
 *
 * hash64 is stable over versions and machines: it may be stored.
 */
#ifndef WW_BASE_HASH_H
#define WW_BASE_HASH_H

#include "base/slice.h"

#include <stdint.h>

#define SHA256_BYTES 32

uint64_t hash64(struct slice s);
uint64_t hash64_seeded(struct slice s, uint64_t seed);

/* One hash out of two, the order counts. */
uint64_t hash64_mix(uint64_t a, uint64_t b);

void hash_sha256(struct slice s, unsigned char out[SHA256_BYTES]);

/* Lower-case hex of n bytes and a NUL: 2 * n + 1 chars. */
void hash_hex(const unsigned char *bytes, size_t n, char *out);

#endif
