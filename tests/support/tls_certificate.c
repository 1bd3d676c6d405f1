/* tls_certificate.c - see tls_certificate.h: an authority in a file, and what it has signed. */
#include "tests/support/tls_certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define HOUR_S 3600L
#define SELF (-1)

struct tls_authority {
    struct tls_pair pair;
    char path[64];
};

void tls_pair_release(struct tls_pair *p)
{
    X509_free(p->certificate);
    EVP_PKEY_free(p->key);
    *p = (struct tls_pair){0};
}

static bool add_extension(X509 *certificate, int kind, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kind, value);
    bool is_added = extension != NULL && X509_add_ext(certificate, extension, SELF) == 1;

    X509_EXTENSION_free(extension);
    return is_added;
}

/* All but the signature. from_s and until_s count from now. */
static bool fill(struct tls_pair *p, const char *name, long serial, long from_s, long until_s)
{
    X509_NAME *subject;

    p->key = EVP_EC_gen("P-256");
    p->certificate = X509_new();
    if (p->key == NULL || p->certificate == NULL)
        return false;
    subject = X509_get_subject_name(p->certificate);
    return X509_set_version(p->certificate, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(p->certificate), serial) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(p->certificate), from_s) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(p->certificate), until_s) != NULL &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1,
                                      -1, 0) == 1 &&
           X509_set_pubkey(p->certificate, p->key) == 1;
}

static bool sign(struct tls_pair *p, const struct tls_pair *by)
{
    return X509_set_issuer_name(p->certificate, X509_get_subject_name(by->certificate)) == 1 &&
           X509_sign(p->certificate, by->key, EVP_sha256()) > 0;
}

bool tls_pair_authority(struct tls_pair *out)
{
    *out = (struct tls_pair){0};
    if (fill(out, "An authority of the tests", 1, -HOUR_S, HOUR_S) &&
        add_extension(out->certificate, NID_basic_constraints, "critical,CA:TRUE") &&
        sign(out, out))
        return true;
    tls_pair_release(out);
    return false;
}

bool tls_pair_server(const struct tls_pair *authority, enum tls_certificate kind,
                     struct tls_pair *out)
{
    const long until_s = kind == TLS_EXPIRED ? -HOUR_S : HOUR_S;
    const char *name = kind == TLS_OTHER_NAME ? "DNS:other.example" : "IP:127.0.0.1";

    *out = (struct tls_pair){0};
    if (fill(out, "A server of the tests", 2 + (long)kind, -2 * HOUR_S, until_s) &&
        add_extension(out->certificate, NID_subject_alt_name, name) &&
        sign(out, kind == TLS_SELF_SIGNED ? out : authority))
        return true;
    tls_pair_release(out);
    return false;
}

enum ww_status tls_authority_open(struct tls_authority **out, struct ww_error *err)
{
    struct tls_authority *a = calloc(1, sizeof(*a));
    int fd = -1;
    FILE *f = NULL;
    bool is_written;

    *out = NULL;
    if (a == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for an authority");
    (void)snprintf(a->path, sizeof(a->path), "/tmp/wirewatch-authority-XXXXXX");
    if (tls_pair_authority(&a->pair))
        fd = mkstemp(a->path);
    if (fd >= 0)
        f = fdopen(fd, "w");
    is_written = f != NULL && PEM_write_X509(f, a->pair.certificate) == 1;
    if (f != NULL)
        is_written = fclose(f) == 0 && is_written;
    *out = a;
    if (is_written)
        return WW_OK;
    tls_authority_close(a);
    *out = NULL;
    return ww_fail(err, WW_NOMEM, "no authority could be made");
}

void tls_authority_close(struct tls_authority *a)
{
    if (a == NULL)
        return;
    (void)unlink(a->path);
    tls_pair_release(&a->pair);
    free(a);
}

const char *tls_authority_file(const struct tls_authority *a)
{
    return a->path;
}

const struct tls_pair *tls_authority_pair(const struct tls_authority *a)
{
    return &a->pair;
}
