/*
 * fetch.h - one GET at a time per request, many at once: libcurl's multi interface, nothing
 * believed.
 *
 * A fetch is one request and its answer: redirects are not followed here, because the next hop has
 * a host, a pace and a robots.txt of its own (fetch_location says where to). Addresses are judged
 * by number when a socket is opened. Only gzip is asked for, and unpacked here within bounds, so
 * that a body cut in half is an error. No cookies, no referrer, no other method than GET.
 *
 * Ownership: a struct fetch_answer belongs to the caller, and must stay where it is until
 * fetch_next gave it back or the fetch was closed; fetch_answer_release frees what it holds.
 * Errors: the status of an answer. WW_OK: an HTTP answer came whole (whatever its status says).
 *   WW_UNREACHABLE: name, connection, TLS, time, or cut short. WW_INVALID: not HTTP, or a lie.
 *   WW_TOO_BIG: over a limit. WW_REFUSED: an address that may not be connected to. WW_CONFLICT: its
 *   address is not admitted now, or too many big bodies are on their way; ask again later.
 *   WW_NOMEM: we are out of memory or descriptors.
 */
#ifndef WW_CRAWLER_FETCH_H
#define WW_CRAWLER_FETCH_H

#include "base/address.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct fetch;

/* May whoever owns an answer be connected to address (of ADDRESS_TEXT_BYTES) now? */
typedef bool fetch_admit(void *context, void *owner, const char *address);

struct fetch_options {
    const char *user_agent;
    const char *proxy;   /* NULL or "": none; the environment is not asked */
    const char *ca_file; /* authorities (PEM) believed in place of the system's; NULL: those */
    const struct address_range *allowed;
    size_t n_allowed;
    int64_t connect_timeout_ms;  /* 0: CONNECT_TIMEOUT_MS */
    int64_t transfer_timeout_ms; /* 0: TRANSFER_TIMEOUT_MS */
    int64_t body_max_bytes;      /* as received; 0: BODY_MAX_BYTES */
    size_t in_flight_max;        /* 0: IN_FLIGHT_MAX, which is the most */
    bool stays_here;             /* this machine's own addresses alone, and no proxy */
    fetch_admit *admit;          /* NULL: whenever it likes; not asked about a proxy */
    void *admit_context;
};

enum ww_status fetch_open(const struct fetch_options *options, struct fetch **out,
                          struct ww_error *err);
/* Drops what is in flight. */
void fetch_close(struct fetch *f);

struct fetch_request {
    struct slice url;
    struct slice etag, last_modified; /* sent back byte for byte; empty: not sent */
    const char *accept;
    size_t cut_at_bytes; /* above 0: the body ends there, and that is no error (robots.txt) */
    /*
     * A part of a file, range_bytes 0: all of it. Where something else comes as a success (200,
     * another part, another number of bytes) the answer is WW_INVALID.
     */
    int64_t range_offset, range_bytes;
    bool is_list;        /* of an archive: LIST_BODY_MAX_BYTES, as received and unpacked, in
                            LIST_TIMEOUT_MS */
    bool keeps_received; /* a packed body as it came, too */
};

struct fetch_answer {
    enum ww_status status;
    struct ww_error error;
    long http_status;    /* 0: none came */
    struct buf head;     /* the header lines of the final answer: read with fetch_header */
    struct buf body;     /* unpacked */
    struct buf received; /* as Content-Encoding has it; empty when there is none, or not asked */
    char address[ADDRESS_TEXT_BYTES]; /* of the server; empty when unknown, as behind a proxy */
    int64_t received_bytes;           /* of the body, as it travelled */
    int64_t duration_ms;
    bool had_contact;   /* a connection was made: the network between us is up */
    bool is_dark;       /* its name was not found, or no way to its network */
    bool is_distrusted; /* its certificate was refused */
    bool was_cut;       /* at cut_at_bytes */
    void *owner;        /* the caller's */
};

/* False when as many fetches are out as may be. */
bool fetch_is_free(const struct fetch *f);
size_t fetch_in_flight(const struct fetch *f);

/* answer is reset; its owner stays. WW_CONFLICT: none is free. WW_INVALID: no address to fetch. */
enum ww_status fetch_start(struct fetch *f, const struct fetch_request *request,
                           struct fetch_answer *answer, struct ww_error *err);

/* Move bytes; wait at most timeout_ms for them, or for one of the descriptors to be readable. */
void fetch_wait(struct fetch *f, const int *fds, size_t n_fds, int timeout_ms);

/* The next answer that is complete, or NULL. */
struct fetch_answer *fetch_next(struct fetch *f);

void fetch_answer_release(struct fetch_answer *answer);

/* The value of the first header of that name, trimmed; empty when it was not sent. */
struct slice fetch_header(const struct fetch_answer *answer, const char *name);
/* The values of all headers of that name, with commas between them; empty when memory is out. */
struct slice fetch_header_list(const struct fetch_answer *answer, const char *name,
                               struct arena *arena);

/*
 * Where a redirect of url points to, absolute. WW_NOT_FOUND: it says nothing; WW_REFUSED: not http.
 */
enum ww_status fetch_location(const struct fetch_answer *answer, struct slice url,
                              struct arena *arena, struct slice *out, struct ww_error *err);

/* ---- for fetch.c alone ----------------------------------------------------------------------- */

/* Two lengths, or a length beside chunks: who believes which is how requests are smuggled. */
enum ww_status fetch_check_lengths(const struct fetch_answer *answer, struct ww_error *err);

/* Of a 2xx: is it that part of the file, and nothing else? */
enum ww_status fetch_check_range(const struct fetch_answer *answer, int64_t offset, int64_t bytes,
                                 struct ww_error *err);

/* The address as it is sent: host in ASCII, everything else escaped where it must be. */
enum ww_status fetch_wire_url(struct slice url, struct arena *arena, const char **out,
                              struct ww_error *err);

#endif
