/*
 * script.h - a server that says what it is told, byte for byte, and keeps each request as it came.
 *
 * For rules about headers: what http.h's library would put right, leave out or add is said here as
 * it is written. One thread, one request a connection. It allocates with malloc.
 */
#ifndef WW_TESTS_SUPPORT_SCRIPT_H
#define WW_TESTS_SUPPORT_SCRIPT_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

#define SCRIPT_ADDRESSES_MAX 8

struct script_server;

/* Port 0: one that is free. WW_UNREACHABLE when an address cannot be had. */
enum ww_status script_open(const char *const *addresses, size_t n_addresses,
                           struct script_server **out, struct ww_error *err);
/* NULL is fine. */
void script_close(struct script_server *s);
unsigned script_port(const struct script_server *s);

/*
 * From now on path is answered so: head is "200|ETag: \"1\"|Vary: x", its length and the end of the
 * connection are added. Everything is copied. Paths that nobody set are 404.
 */
void script_answer(struct script_server *s, const char *path, const char *head, struct slice body);
/* Forget all answers. */
void script_clear(struct script_server *s);

/* One request: its path with the query, and its head with the request line, lines ending in LF. */
struct script_request {
    char path[512];
    char head[8192];
};

size_t script_n_requests(struct script_server *s);
bool script_request(struct script_server *s, size_t i, struct script_request *out);

/* The whole line of that header, without its end; empty when there is none. */
struct slice script_header(const struct script_request *request, const char *name);

#endif
