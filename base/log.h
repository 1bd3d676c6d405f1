/*
 * log.h - one line per event: UTC time, level, component, key=value.
 *
 *   2026-11-22T06:42:10Z warn fetch host=example.org status=503
 *
 * Levels: error (the run is incomplete), warn (an input was skipped), info (one line per run and
 * feed), debug. Control, bidi and escape characters of untrusted text never reach the terminal:
 * every value is escaped here, so callers pass it as it is.
 */
#ifndef WW_BASE_LOG_H
#define WW_BASE_LOG_H

#include "base/attrs.h"

#include <stdio.h>

struct clock;

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log {
    FILE *out; /* NULL: silent */
    enum log_level level;
    const struct clock *clock;
};

/* A NULL log is silent. */
void log_event(const struct log *log, enum log_level level, const char *component, const char *fmt,
               ...) WW_PRINTF(4, 5);

#endif
