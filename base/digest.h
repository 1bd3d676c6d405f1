/*
 * digest.h - digests as others' files have them: SHA-1 in base32 (WARC), SHA-256 and MD5 of what
 * passes.
 *
 * SHA-1 is what the field's readers check, and no proof that two things are the same: for that
 * there is hash_sha256 (base/hash.h).
 */
#ifndef WW_BASE_DIGEST_H
#define WW_BASE_DIGEST_H

#include "base/hash.h"
#include "base/slice.h"

#include <stddef.h>

#define SHA1_BYTES 20
#define MD5_BYTES 16

/* Of n pieces, one behind the other. */
void hash_sha1(const struct slice *pieces, size_t n, unsigned char out[SHA1_BYTES]);

/* SHA-256 of bytes as they pass; NULL when memory is out. finish may be called once. */
struct hasher;
struct hasher *hasher_open(void);
/* MD5, for whoever names files by it; MD5_BYTES come out. NULL also where MD5 is forbidden. */
struct hasher *hasher_open_md5(void);
void hasher_add(struct hasher *h, struct slice s);
void hasher_finish(struct hasher *h, unsigned char out[SHA256_BYTES]);
void hasher_close(struct hasher *h);

/* Base32 of RFC 4648 without padding, and a NUL: room for (8 * n + 4) / 5 + 1 chars. */
void hash_base32(const unsigned char *bytes, size_t n, char *out);
#define SHA1_TEXT_BYTES 33

#endif
