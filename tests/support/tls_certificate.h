/* tls_certificate.h - keys and certificates of tls.h's servers, made when they are needed. */
#ifndef WW_TESTS_SUPPORT_TLS_CERTIFICATE_H
#define WW_TESTS_SUPPORT_TLS_CERTIFICATE_H

#include "tests/support/tls.h"

#include <openssl/x509.h>

/* An authority's own, or a server's. X509_free and EVP_PKEY_free are the caller's. */
struct tls_pair {
    X509 *certificate;
    EVP_PKEY *key;
};

void tls_pair_release(struct tls_pair *p);

/* False when OpenSSL fails. */
bool tls_pair_authority(struct tls_pair *out);
bool tls_pair_server(const struct tls_pair *authority, enum tls_certificate kind,
                     struct tls_pair *out);

/* Of tls.c, for the certificate of a server. */
const struct tls_pair *tls_authority_pair(const struct tls_authority *a);

#endif
