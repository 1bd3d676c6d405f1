/*
 * process.h - run a program with an argument list: no shell, ever.
 *
 * The command line is split at blanks and nothing else (no quotes, no variables); more arguments
 * follow as they are. The program gets its own process group and the default signals; it is killed
 * when timeout_ms are over, and soon after it must not be waited for any more.
 */
#ifndef WW_ALERTS_MAIL_PROCESS_H
#define WW_ALERTS_MAIL_PROCESS_H

#include "alerts/mail/waiting.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

/* What of its words is kept, as much as fits. */
enum process_voice {
    PROCESS_OUTPUT, /* the beginning of standard output; errors go where ours go */
    PROCESS_BOTH,   /* the beginning of both */
    PROCESS_ERRORS  /* the end of standard error; output goes nowhere */
};

struct process_call {
    struct slice command;
    const char *const *more;
    size_t n_more;
    struct slice input; /* for its standard input */
    enum process_voice voice;
    bool is_bare; /* of our environment it gets PATH, HOME, TMPDIR, TZ, language and user alone */
    int64_t timeout_ms;
    struct waiting waiting;
};

struct process_end {
    bool has_exited; /* false: died of a signal, or was killed at its deadline */
    int exit_status;
    bool took_all; /* the input was read to its last byte */
};

/* Is there such a program? Without a '/' in its name: in a folder of PATH. */
bool process_is_there(struct slice program, struct arena *arena);

/* WW_INVALID: there is no such program. */
enum ww_status process_run(const struct process_call *call, struct buf *output,
                           struct process_end *end, struct ww_error *err);

#endif
