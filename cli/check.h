/*
 * check.h - what the files of wirewatch check share: a line a part, and how bad it is.
 */
#ifndef WW_CLI_CHECK_H
#define WW_CLI_CHECK_H

#include "cli/cli.h"

struct output;
struct watchlist;

/* Warnings and failures are findings; a note is said and counts for nothing. */
enum check_level { CHECK_OK, CHECK_NOTE, CHECK_WARN, CHECK_FAIL };

struct checking {
    struct cli *cli;
    struct output *out; /* for jsonl and csv */
    int n_findings;
};

void check_say(struct checking *c, enum check_level level, const char *part, const char *fmt, ...)
    WW_PRINTF(4, 5);

/* ---- check_coverage.c ------------------------------------------------------------------------ */

/* Countries and languages without a healthy feed: of the feeds, and of what is watched. */
void check_coverage(struct checking *c, const struct watchlist *w);

/* ---- check_analysts.c ------------------------------------------------------------------------ */

/* What each of them gets, and when; of w, if it is not NULL, words that fit none of its items, and
 * items that nobody is told of. */
void check_analysts(struct checking *c, const struct watchlist *w);

/* ---- check_files.c --------------------------------------------------------------------------- */

/* Whether others can change the settings; whether the report can be written where they say. */
void check_settings_file(struct checking *c);
void check_report(struct checking *c);

/* Whether the files of our archive are there, and as long as they were. */
void check_archive(struct checking *c);

/* Those that are at work now, where several share the database. */
void check_machines(struct checking *c);

/* Backfills that were begun and that nobody goes on with. */
void check_backfills(struct checking *c);

/* ---- check_mail.c ----------------------------------------------------------------------------
 */

/* How mail would leave, what waits or has failed, whether the last canary came back. */
void check_mail(struct checking *c);
void check_outbox(struct checking *c);

/* ---- check_mail_now.c ------------------------------------------------------------------------
 */

/* Send a test message and a canary, and say what is said on the way. Opens the store to write. */
void check_mail_now(struct checking *c);

#endif
