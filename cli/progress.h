/*
 * progress.h - how far long work has come: a bar with ETA on a terminal, JSON lines on request.
 *
 * On standard error, so that output stays clean. --progress auto (a bar if it is a terminal),
 * never, json (one line a second).
 */
#ifndef WW_CLI_PROGRESS_H
#define WW_CLI_PROGRESS_H

#include "cli/cli.h"

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const struct cli *cli;
    bool is_bar, is_json;
    int64_t total; /* 0: not known */
    int64_t started_ms, shown_ms;
};

/* False, and a word about it, when --progress is none of its values. */
bool progress_begin(struct progress *p, const struct cli *cli, int64_t total);
/* note: a few words behind the numbers; shown when it is time again. */
void progress_show(struct progress *p, int64_t done, const char *note);
/* The last state, and an end to the line. */
void progress_end(struct progress *p, int64_t done, const char *note);

#endif
