/* tls.c - see tls.h. One thread a connection, blocking; closing shuts the sockets down. */
#include "tests/support/tls.h"

#include "base/attrs.h"
#include "tests/support/listen.h"
#include "tests/support/tls_certificate.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

enum { CONNECTIONS_MAX = 256, REQUEST_MAX_BYTES = 16 * 1024, STEP_MS = 20 };

/* RFC 9113: a frame's head, and the types and flags that are used here. */
enum { FRAME_BYTES = 9, PREFACE_BYTES = 24, STREAM_BYTES = 4 };
enum { FRAME_DATA = 0, FRAME_HEADERS = 1, FRAME_SETTINGS = 4, FRAME_GOAWAY = 7 };
enum { FLAG_ACK = 1, FLAG_END_STREAM = 1, FLAG_END_HEADERS = 4 };

struct connection {
    struct tls_server *server;
    SSL *ssl;
    int fd;
    pthread_t thread;
};

struct tls_server {
    struct tls_options options;
    SSL_CTX *context;
    int listener;
    unsigned port;
    char origin[64];
    pthread_t acceptor;
    bool has_acceptor;

    pthread_mutex_t lock; /* what follows */
    bool is_closing;
    struct tls_counts counts;
    struct connection connections[CONNECTIONS_MAX];
    size_t n_connections;
};

/* ---- bytes ----------------------------------------------------------------------------------- */

static bool read_all(SSL *ssl, unsigned char *out, size_t len)
{
    size_t n = 0;

    for (; len > 0; len -= n, out += n)
        if (SSL_read_ex(ssl, out, len, &n) != 1)
            return false;
    return true;
}

static bool write_all(SSL *ssl, const void *bytes, size_t len)
{
    size_t n = 0;

    return SSL_write_ex(ssl, bytes, len, &n) == 1 && n == len;
}

static void count_request(struct tls_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->counts.n_requests++;
    pthread_mutex_unlock(&s->lock);
}

/* ---- HTTP/1.1 -------------------------------------------------------------------------------- */

static bool read_request(SSL *ssl)
{
    char request[REQUEST_MAX_BYTES];
    size_t len = 0, n = 0;

    while (len + 1 < sizeof(request)) {
        if (SSL_read_ex(ssl, request + len, sizeof(request) - 1 - len, &n) != 1)
            return false;
        len += n;
        request[len] = '\0';
        if (strstr(request, "\r\n\r\n") != NULL)
            return true;
    }
    return false;
}

static void speak_http1(struct connection *c)
{
    const bool closes = c->server->options.closes;
    char answer[128];
    int len =
        snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\n%sContent-Length: 5\r\n\r\nhello",
                 closes ? "Connection: close\r\n" : "");

    while (read_request(c->ssl)) {
        count_request(c->server);
        if (!write_all(c->ssl, answer, (size_t)len) || closes)
            break;
    }
}

/* ---- HTTP/2: enough of it for one GET at a time ---------------------------------------------- */

static bool write_frame(SSL *ssl, unsigned char type, unsigned char flags,
                        const unsigned char *stream, const char *payload, size_t len)
{
    unsigned char frame[FRAME_BYTES + 16] = {0, 0, (unsigned char)len, type, flags};

    memcpy(frame + FRAME_BYTES - STREAM_BYTES, stream, STREAM_BYTES);
    memcpy(frame + FRAME_BYTES, payload, len);
    return write_all(ssl, frame, FRAME_BYTES + len);
}

/* Take one frame and say what it wants said. False at the end of the connection. */
static bool take_frame(struct connection *c)
{
    static const unsigned char none[STREAM_BYTES] = {0};
    unsigned char head[FRAME_BYTES], payload[REQUEST_MAX_BYTES];
    const unsigned char *stream = head + FRAME_BYTES - STREAM_BYTES;
    size_t len;

    if (!read_all(c->ssl, head, sizeof(head)))
        return false;
    len = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
    if (len > sizeof(payload) || !read_all(c->ssl, payload, len) || head[3] == FRAME_GOAWAY)
        return false;
    if (head[3] == FRAME_SETTINGS && (head[4] & FLAG_ACK) == 0)
        return write_frame(c->ssl, FRAME_SETTINGS, FLAG_ACK, none, "", 0);
    if (head[3] != FRAME_HEADERS)
        return true;
    count_request(c->server);
    /* 0x88 is ":status 200" of the static table (RFC 7541, appendix A). */
    return write_frame(c->ssl, FRAME_HEADERS, FLAG_END_HEADERS, stream, "\x88", 1) &&
           write_frame(c->ssl, FRAME_DATA, FLAG_END_STREAM, stream, "hello", 5);
}

static void speak_http2(struct connection *c)
{
    static const unsigned char none[STREAM_BYTES] = {0};
    unsigned char preface[PREFACE_BYTES];

    if (!write_frame(c->ssl, FRAME_SETTINGS, 0, none, "", 0) ||
        !read_all(c->ssl, preface, sizeof(preface)))
        return;
    while (take_frame(c))
        ;
}

/* ---- connections ----------------------------------------------------------------------------- */

static void *serve(void *context)
{
    struct connection *c = context;
    struct tls_server *s = c->server;
    const unsigned char *protocol = NULL;
    unsigned protocol_len = 0;

    if (SSL_accept(c->ssl) == 1) {
        SSL_get0_alpn_selected(c->ssl, &protocol, &protocol_len);
        pthread_mutex_lock(&s->lock);
        s->counts.n_connections++;
        s->counts.n_resumed += SSL_session_reused(c->ssl) == 1;
        s->counts.n_http2 += protocol_len == 2;
        pthread_mutex_unlock(&s->lock);
        if (protocol_len == 2)
            speak_http2(c);
        else
            speak_http1(c);
        (void)SSL_shutdown(c->ssl);
    }
    (void)shutdown(c->fd, SHUT_RDWR); /* closed when the server is */
    return NULL;
}

static void accept_one(struct tls_server *s, int fd)
{
    struct connection *c = &s->connections[s->n_connections];

    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    *c = (struct connection){.server = s, .fd = fd, .ssl = SSL_new(s->context)};
    if (c->ssl != NULL && SSL_set_fd(c->ssl, fd) == 1 &&
        pthread_create(&c->thread, NULL, serve, c) == 0) {
        s->n_connections++;
        return;
    }
    SSL_free(c->ssl);
    (void)close(fd);
}

static void *accept_all(void *context)
{
    struct tls_server *s = context;
    bool is_closing = false;

    while (!is_closing && s->n_connections < CONNECTIONS_MAX) {
        struct pollfd p = {.fd = s->listener, .events = POLLIN};
        int fd = poll(&p, 1, STEP_MS) > 0 ? accept(s->listener, NULL, NULL) : -1;

        pthread_mutex_lock(&s->lock);
        if (fd >= 0)
            accept_one(s, fd);
        is_closing = s->is_closing;
        pthread_mutex_unlock(&s->lock);
    }
    return NULL;
}

/* ---- life ------------------------------------------------------------------------------------ */

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                           const unsigned char *in, unsigned in_len, void *context)
{
    static const unsigned char wanted[] = "\x02h2";

    WW_UNUSED(ssl);
    WW_UNUSED(context);
    return SSL_select_next_proto((unsigned char **)(uintptr_t)out, out_len, wanted, 3, in,
                                 in_len) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_NOACK;
}

static bool make_context(struct tls_server *s, const struct tls_authority *a)
{
    struct tls_pair pair;
    bool is_made;

    s->context = SSL_CTX_new(TLS_server_method());
    if (s->context == NULL ||
        !tls_pair_server(tls_authority_pair(a), s->options.certificate, &pair))
        return false;
    is_made = SSL_CTX_use_certificate(s->context, pair.certificate) == 1 &&
              SSL_CTX_use_PrivateKey(s->context, pair.key) == 1;
    if (s->options.offers_http2)
        SSL_CTX_set_alpn_select_cb(s->context, choose_protocol, NULL);
    tls_pair_release(&pair);
    return is_made;
}

enum ww_status tls_server_open(const struct tls_authority *a, const struct tls_options *options,
                               struct tls_server **out, struct ww_error *err)
{
    struct tls_server *s = calloc(1, sizeof(*s));
    enum ww_status status;

    *out = NULL;
    if (s == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for a server");
    s->options = *options;
    s->listener = -1;
    pthread_mutex_init(&s->lock, NULL);
    status = make_context(s, a) ? listen_open("127.0.0.1", &s->port, &s->listener, err)
                                : ww_fail(err, WW_NOMEM, "no certificate could be made");
    (void)snprintf(s->origin, sizeof(s->origin), "https://127.0.0.1:%u", s->port);
    if (status == WW_OK && pthread_create(&s->acceptor, NULL, accept_all, s) != 0)
        status = ww_fail(err, WW_NOMEM, "no thread for the server");
    s->has_acceptor = status == WW_OK;
    if (status == WW_OK)
        *out = s;
    else
        tls_server_close(s);
    return status;
}

void tls_server_close(struct tls_server *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    s->is_closing = true;
    pthread_mutex_unlock(&s->lock);
    if (s->has_acceptor)
        pthread_join(s->acceptor, NULL);
    for (size_t i = 0; i < s->n_connections; i++) {
        struct connection *c = &s->connections[i];

        (void)shutdown(c->fd, SHUT_RDWR);
        pthread_join(c->thread, NULL);
        SSL_free(c->ssl);
        (void)close(c->fd);
    }
    if (s->listener >= 0)
        (void)close(s->listener);
    SSL_CTX_free(s->context);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

const char *tls_server_origin(const struct tls_server *s)
{
    return s->origin;
}

struct tls_counts tls_server_counts(struct tls_server *s)
{
    struct tls_counts counts;

    pthread_mutex_lock(&s->lock);
    counts = s->counts;
    pthread_mutex_unlock(&s->lock);
    return counts;
}
