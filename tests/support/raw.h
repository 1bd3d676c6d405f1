/*
 * raw.h - a server that misbehaves: what a well-behaved HTTP library cannot say.
 *
 * The path picks the fault: GET /cut-body, GET /gzip-bomb/anything. Unknown paths are answered
 * well. Where a fault needs a body it is the one that raw_server_body set, so that half of a real
 * feed or page arrives. Every connection ends by itself after max_ms, the server takes at most
 * max_connections in its life, and nothing sends more than RAW_FLOOD_MAX_BYTES.
 */
#ifndef WW_TESTS_SUPPORT_RAW_H
#define WW_TESTS_SUPPORT_RAW_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

#define RAW_FLOOD_MAX_BYTES (64 * 1024 * 1024)
/* What /gzip-bomb inflates to; on the wire it is a thousandth. */
#define RAW_BOMB_BYTES (64 * 1024 * 1024)

struct raw_server;

/* Port 0: one that is free. */
enum ww_status raw_server_open(const char *address, unsigned port, unsigned max_connections,
                               unsigned max_ms, struct raw_server **out, struct ww_error *err);
/* Ends every connection. NULL is fine. */
void raw_server_close(struct raw_server *s);

unsigned raw_server_port(const struct raw_server *s);
const char *raw_server_origin(const struct raw_server *s);
/* Copied. Set it before the first request. */
void raw_server_body(struct raw_server *s, const char *type, struct slice body);

size_t raw_server_n_connections(struct raw_server *s);

/* All faults, for a test that walks them: "/cut-body" and what a client ought to see. */
struct raw_fault {
    const char *path;
    const char *about;
    /* False: an answer that a client may accept (the server is odd, the body is whole). */
    bool is_failure;
};
extern const struct raw_fault raw_faults[];
extern const size_t raw_n_faults;

#endif
