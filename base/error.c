/* error.c - statuses and the messages that go with them. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum ww_status ww_fail(struct ww_error *err, enum ww_status status, const char *fmt, ...)
{
    va_list args;

    if (err == NULL)
        return status;
    err->status = status;
    va_start(args, fmt);
    (void)vsnprintf(err->message, sizeof(err->message), fmt, args);
    va_end(args);
    return status;
}

enum ww_status ww_context(struct ww_error *err, enum ww_status status, const char *fmt, ...)
{
    char before[sizeof(err->message)];
    char after[sizeof(err->message)];
    va_list args;
    size_t n;

    if (err == NULL)
        return status;
    va_start(args, fmt);
    (void)vsnprintf(before, sizeof(before), fmt, args);
    va_end(args);
    (void)snprintf(after, sizeof(after), "%s", err->message);
    err->status = status;
    (void)snprintf(err->message, sizeof(err->message), "%s", before);
    n = strlen(err->message);
    (void)snprintf(err->message + n, sizeof(err->message) - n, ": %s",
                   after[0] != '\0' ? after : ww_status_name(status));
    return status;
}

const char *ww_status_name(enum ww_status status)
{
    switch (status) {
    case WW_OK:
        return "ok";
    case WW_NOT_FOUND:
        return "not found";
    case WW_INVALID:
        return "malformed input";
    case WW_TOO_BIG:
        return "over a limit";
    case WW_REFUSED:
        return "refused";
    case WW_UNREACHABLE:
        return "unreachable";
    case WW_CONFLICT:
        return "held by someone else";
    case WW_STORE:
        return "database failure";
    case WW_AWAY:
        return "database server away";
    case WW_NOMEM:
        return "out of memory";
    case WW_STATUS_COUNT:
        break;
    }
    return "unknown status";
}
