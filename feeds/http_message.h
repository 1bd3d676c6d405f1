/*
 * http_message.h - an archived HTTP answer: its status, its type, and its body as readers get it.
 *
 * Follows RFC 9112 for what was sent over the wire, and takes it as archives have it: lines that
 * end with LF alone, folded lines, an interim answer (1xx) before the one that counts. Content-
 * Length is not looked at: the archive's record says where the body ends. Where a crawler has
 * unpacked a body and left the header lines as they were, the body itself tells.
 */
#ifndef WW_FEEDS_HTTP_MESSAGE_H
#define WW_FEEDS_HTTP_MESSAGE_H

#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct http_message {
    int status;
    struct slice content_type;
    struct slice codings[HTTP_CODINGS_MAX]; /* Content-Encoding, in the order they were applied */
    size_t n_codings;
    bool has_too_many_codings;
    bool is_chunked;
    struct slice body; /* as it was sent */
};

/* Borrows from bytes and arena. WW_INVALID: no status line, or a head without an end. */
enum ww_status http_message_parse(struct slice bytes, struct arena *arena, struct http_message *out,
                                  struct ww_error *err);

/*
 * The body without chunks and packing, borrowed from the message or in the arena. WW_INVALID: cut
 * off or damaged; WW_TOO_BIG: over BODY_INFLATED_MAX_BYTES, or a bomb; WW_REFUSED: a packing that
 * is not read, which err names (br, zstd).
 */
enum ww_status http_message_body(const struct http_message *m, struct arena *arena,
                                 struct slice *out, struct ww_error *err);

/* "text/html" of "Text/HTML; charset=x": in the case it has. */
struct slice http_media_type(struct slice content_type);

#endif
