/*
 * progress.h - how far long work has come: a bar with ETA on a terminal, JSON lines on request.
 *
 * On standard error, so that output stays clean. --progress auto (a bar if it is a terminal),
 * never, json (one line a second). SIGUSR1 has one line said, whatever was chosen. A bar gives way
 * to everything else that is said: to the log and to cli_say, and at the end to the report.
 */
#ifndef WW_CLI_PROGRESS_H
#define WW_CLI_PROGRESS_H

#include "base/slice.h"
#include "cli/cli.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
    const struct cli *cli;
    bool is_bar, is_json;
    int64_t total; /* 0: not known */
    int64_t first; /* done before this command began: no part of its pace */
    int64_t started_ms, shown_ms;
    /* While it waits, for what: "a run", a host. Borrowed; empty: it works. */
    struct slice waits_for;
    int64_t waits_until_ms; /* monotonic; 0: nobody knows */
    /* Of progress.c: pauses are no part of its pace either. */
    int64_t waiting_since_ms, waited_ms;
    bool is_over;
};

/* As --progress wants it. */
void progress_begin(struct progress *p, const struct cli *cli, int64_t total);
/* note: a few words behind the numbers; shown when it is time again. */
void progress_show(struct progress *p, int64_t done, const char *note);
/* The last state as JSON; a bar is gone: what was done is told by what comes next. */
void progress_end(struct progress *p, int64_t done, const char *note);

/* Before something else is written to the terminal; the bar comes back when it is time again. */
void progress_hide(void);
/* Where the log goes: standard error; on a terminal each line erases the bar and redraws it. */
FILE *progress_log(void);

#endif
