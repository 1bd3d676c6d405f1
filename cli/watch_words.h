/*
 * watch_words.h - what the commands on the watchlist share: which folder, findings and differences
 * on the screen, asking before something is done.
 */
#ifndef WW_CLI_WATCH_WORDS_H
#define WW_CLI_WATCH_WORDS_H

#include "alerts/watchlist.h"
#include "alerts/watchlist_diff.h"
#include "cli/cli.h"

#include <stdbool.h>
#include <stddef.h>

struct watch_edit;

/* The folder of the settings; or the first word, where there is one. */
const char *watch_folder(struct cli *cli);
const char *watch_folder_named(struct cli *cli);

/* An item of the list in use, or one that has alerted; WW_NOT_FOUND with the nearest. */
enum ww_status watch_know_item(struct cli *cli, struct slice item, struct ww_error *err);
/*
 * The value of --tag, --owner or --kind, where it was given: one that an item of the list has,
 * "none", or an owner that is an analyst. WW_NOT_FOUND with the nearest.
 */
enum ww_status watch_know_word(struct cli *cli, const struct watchlist *list, enum option_id id,
                               struct ww_error *err);
/* The country of such an item, or of an alert; put as the list spells it. Empty is none asked. */
enum ww_status watch_know_country(struct cli *cli, struct slice *country, struct ww_error *err);

/*
 * Findings, a line each; counts by level are added. name: of the file they are in, where it is not
 * the list's own. Notes are shown where shows_notes.
 */
void watch_put_findings(struct cli *cli, const struct watch_findings *f, const char *name,
                        bool shows_notes, size_t counts[3]);

/* The same on the way to something else: beside what a program reads, never in it. */
void watch_put_notes(struct cli *cli, const struct watch_findings *f, const char *name,
                     size_t counts[3]);

/* Rows and the cells in them that are others; at most --limit rows (watch_diff_rows for people). */
void watch_put_diff(struct cli *cli, const struct watch_diff *diff);

/* Show what an edit changes, ask, make it so, say its version and the way back. */
int watch_commit(struct cli *cli, struct watch_edit *edit, const char *origin, struct slice note);

/* "12" or "v12"; false and a usage error for what is no version's number. */
bool watch_version(struct cli *cli, const char *word, int64_t *out);

#endif
