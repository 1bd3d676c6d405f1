/* digest.c - from libcrypto. */
#include "base/digest.h"

#include <openssl/evp.h>

void hash_sha1(const struct slice *pieces, size_t n, unsigned char out[SHA1_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    for (size_t i = 0; i < SHA1_BYTES; i++)
        out[i] = 0;
    if (context != NULL && EVP_DigestInit_ex(context, EVP_sha1(), NULL) == 1) {
        for (size_t i = 0; i < n; i++)
            (void)EVP_DigestUpdate(context, pieces[i].ptr, pieces[i].len);
        (void)EVP_DigestFinal_ex(context, out, NULL);
    }
    EVP_MD_CTX_free(context);
}

static struct hasher *open_of(const EVP_MD *kind)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (context != NULL && EVP_DigestInit_ex(context, kind, NULL) == 1)
        return (struct hasher *)context;
    EVP_MD_CTX_free(context);
    return NULL;
}

struct hasher *hasher_open(void)
{
    return open_of(EVP_sha256());
}

struct hasher *hasher_open_md5(void)
{
    return open_of(EVP_md5());
}

void hasher_add(struct hasher *h, struct slice s)
{
    (void)EVP_DigestUpdate((EVP_MD_CTX *)h, s.ptr, s.len);
}

void hasher_finish(struct hasher *h, unsigned char out[SHA256_BYTES])
{
    (void)EVP_DigestFinal_ex((EVP_MD_CTX *)h, out, NULL);
}

void hasher_close(struct hasher *h)
{
    EVP_MD_CTX_free((EVP_MD_CTX *)h);
}

void hash_base32(const unsigned char *bytes, size_t n, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned bits = 0, n_bits = 0;

    for (size_t i = 0; i < n; i++) {
        bits = (bits << 8 | bytes[i]) & 0xFFF;
        for (n_bits += 8; n_bits >= 5; n_bits -= 5)
            *out++ = digits[bits >> (n_bits - 5) & 31];
    }
    if (n_bits > 0)
        *out++ = digits[bits << (5 - n_bits) & 31];
    *out = '\0';
}
