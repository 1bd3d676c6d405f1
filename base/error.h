/*
 * error.h - how a function says that it could not do its work.
 *
 * A fallible function returns enum ww_status and takes a struct ww_error last (NULL when the caller
 * does not want the words). The message lives inside the struct: a failure allocates nothing.
 */
#ifndef WW_BASE_ERROR_H
#define WW_BASE_ERROR_H

#include "base/attrs.h"

enum ww_status {
    WW_OK = 0,
    WW_NOT_FOUND,   /* an expected absence */
    WW_INVALID,     /* malformed input: feed, page, URL, config */
    WW_TOO_BIG,     /* a limit of base/limits.h was reached */
    WW_REFUSED,     /* robots.txt, policy or peer said no */
    WW_UNREACHABLE, /* DNS, TCP, TLS, HTTP transport: retry later */
    WW_CONFLICT,    /* someone else holds it */
    WW_STORE,       /* the database failed */
    WW_AWAY,        /* the database's server is not there now: what was under way is undone */
    WW_NOMEM,
    WW_STATUS_COUNT
};

struct ww_error {
    enum ww_status status;
    char message[240];
};

/*
 * Fill err (when not NULL) and return status, so that `return ww_fail(...)` reads as one thought.
 */
enum ww_status ww_fail(struct ww_error *err, enum ww_status status, const char *fmt, ...)
    WW_PRINTF(3, 4);

/* Put words before the message that err holds ("feed 12: ..."), and return status. */
enum ww_status ww_context(struct ww_error *err, enum ww_status status, const char *fmt, ...)
    WW_PRINTF(3, 4);

/* "not found", "malformed input" ...: for a status that came without a message. */
const char *ww_status_name(enum ww_status status);

#endif
