/*
 * process.h - run a program with an argument list: no shell, ever.
 *
 * The command line is split at blanks and nothing else (no quotes, no variables); more arguments
 * follow as they are. The program gets its own process group and the default signals; it is killed
 * when timeout_ms are over.
 */
#ifndef WW_ALERTS_MAIL_PROCESS_H
#define WW_ALERTS_MAIL_PROCESS_H

#include "base/error.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

struct process_end {
    bool has_exited; /* false: died of a signal, or was killed at its deadline */
    int exit_status;
    bool took_all; /* the input was read to its last byte */
};

/*
 * input is written to its standard input; what it writes to standard output (and, when
 * with_errors, to standard error) goes to output, as much as fits there. WW_INVALID: there is no
 * such program.
 */
enum ww_status process_run(struct slice command, const char *const *more, size_t n_more,
                           struct slice input, bool with_errors, int64_t timeout_ms,
                           const volatile sig_atomic_t *stop, struct buf *output,
                           struct process_end *end, struct ww_error *err);

#endif
