/* hash.c - the two hash functions, from xxHash and from libcrypto. */
#include "base/hash.h"

#include <openssl/evp.h>
/* Compiled in here: tokens are a few bytes long, and the library's call costs half of its work. */
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash64(struct slice s)
{
    return XXH3_64bits(s.len == 0 ? "" : s.ptr, s.len);
}

uint64_t hash64_seeded(struct slice s, uint64_t seed)
{
    return XXH3_64bits_withSeed(s.len == 0 ? "" : s.ptr, s.len, seed);
}

uint64_t hash64_mix(uint64_t a, uint64_t b)
{
    /* The finaliser of MurmurHash3: every input bit reaches every output bit. */
    uint64_t h = a * UINT64_C(0x9E3779B97F4A7C15) + b;

    h ^= h >> 33;
    h *= UINT64_C(0xFF51AFD7ED558CCD);
    h ^= h >> 33;
    h *= UINT64_C(0xC4CEB9FE1A85EC53);
    return h ^ (h >> 33);
}

void hash_sha256(struct slice s, unsigned char out[SHA256_BYTES])
{
    unsigned int len = SHA256_BYTES;

    /* Fails only when libcrypto cannot allocate; an all-zero digest then compares unequal. */
    for (size_t i = 0; i < SHA256_BYTES; i++)
        out[i] = 0;
    (void)EVP_Digest(s.len == 0 ? "" : s.ptr, s.len, out, &len, EVP_sha256(), NULL);
}

void hash_hex(const unsigned char *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * n] = '\0';
}
