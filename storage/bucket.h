/*
 * bucket.h - a bucket of an S3-compatible store: put a file there, look at it, read a part of it.
 *
 * AWS Signature Version 4 with the payload's SHA-256, path-style addresses, one PUT a file: those
 * of the archive are far below the 5 GB that one may have. A server that is busy is asked again a
 * few times. Plain http reaches this machine alone.
 *
 * Secrets: the secret is asked for when it is first needed and stays in this struct and in libcurl
 *          until bucket_close; no message holds a part of it, nor anything else a server says but
 *          the name of its error.
 * Errors:  WW_UNREACHABLE: no answer, or a busy server; try later. WW_REFUSED: the key, its secret,
 *          the region, the bucket or the rights are wrong. WW_NOT_FOUND: there is no such file.
 *          WW_INVALID: an answer that makes no sense. WW_STORE: no room there. Each message has the
 *          address, the HTTP status, the server's word for it, and what to do.
 * Not for several threads.
 */
#ifndef WW_STORAGE_BUCKET_H
#define WW_STORAGE_BUCKET_H

#include "base/error.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bucket;
struct buf;

#define BUCKET_SECRET_BYTES 513
/* SHA-256 in hex, with a NUL. */
#define BUCKET_HASH_BYTES 65

/* Terminated, into out of BUCKET_SECRET_BYTES. */
typedef enum ww_status bucket_secret(void *context, char *out, struct ww_error *err);

/* All is borrowed until bucket_close. */
struct bucket_options {
    const char *url; /* https://endpoint/bucket/prefix, without a '/' at its end */
    const char *region, *key_id;
    const char *ca_file, *proxy; /* NULL: none */
    const char *agent;
    bucket_secret *secret;
    void *context;
    const volatile sig_atomic_t *stop; /* may be NULL */
};

struct bucket_object {
    int64_t n_bytes;
    char etag[BUCKET_HASH_BYTES];   /* without its quotes; empty: none, or a longer one */
    char sha256[BUCKET_HASH_BYTES]; /* as bucket_put was told; empty: somebody else put it there */
    bool is_encrypted;              /* with keys of theirs: its ETag is no MD5 */
};

/* Opens no connection. */
enum ww_status bucket_open(const struct bucket_options *options, struct bucket **out,
                           struct ww_error *err);
void bucket_close(struct bucket *b);

/* url: of a file. WW_NOT_FOUND: there is none, and there is such a bucket. */
enum ww_status bucket_look(struct bucket *b, const char *url, struct bucket_object *out,
                           struct ww_error *err);
/* The first n_bytes of fd. *out: what the answer says of it. */
enum ww_status bucket_put(struct bucket *b, const char *url, int fd, int64_t n_bytes,
                          const char sha256[BUCKET_HASH_BYTES], struct bucket_object *out,
                          struct ww_error *err);
/* Appended to out. WW_INVALID: it ends before. */
enum ww_status bucket_read(struct bucket *b, const char *url, int64_t offset, int64_t n_bytes,
                           struct buf *out, struct ww_error *err);

#endif
