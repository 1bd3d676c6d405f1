/*
 * tls.h - an HTTPS server on loopback (OpenSSL) that counts how it was spoken to.
 *
 * Keys and certificates are made when it is opened; its authority is a file that a client may be
 * told to trust. Every request is answered with "hello": over HTTP/1.1, or over HTTP/2 when it is
 * offered and chosen. It allocates with malloc, not base/mem.
 */
#ifndef WW_TESTS_SUPPORT_TLS_H
#define WW_TESTS_SUPPORT_TLS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct tls_authority;
struct tls_server;

enum tls_certificate {
    TLS_GOOD, /* for 127.0.0.1, signed by the authority */
    TLS_SELF_SIGNED,
    TLS_EXPIRED,
    TLS_OTHER_NAME
};

struct tls_options {
    enum tls_certificate certificate;
    bool offers_http2;
    bool closes; /* after each answer of HTTP/1.1 */
};

/* How it was spoken to so far. */
struct tls_counts {
    size_t n_connections; /* whose handshake was completed */
    size_t n_resumed;     /* of them: with a session of an earlier one */
    size_t n_http2;       /* of them */
    size_t n_requests;
};

enum ww_status tls_authority_open(struct tls_authority **out, struct ww_error *err);
/* Takes its file away. NULL is fine. */
void tls_authority_close(struct tls_authority *a);
const char *tls_authority_file(const struct tls_authority *a);

/* On 127.0.0.1, at a port that is free. The authority may be closed before the server. */
enum ww_status tls_server_open(const struct tls_authority *a, const struct tls_options *options,
                               struct tls_server **out, struct ww_error *err);
/* Ends every connection. NULL is fine. */
void tls_server_close(struct tls_server *s);

/* "https://127.0.0.1:40123" */
const char *tls_server_origin(const struct tls_server *s);
struct tls_counts tls_server_counts(struct tls_server *s);

#endif
