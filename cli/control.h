/*
 * control.h - the control set beside a list that changes: for watch lint --control and watch
 * import.
 */
#ifndef WW_CLI_CONTROL_H
#define WW_CLI_CONTROL_H

#include "base/slice.h"
#include "cli/cli.h"

struct watchlist;

/*
 * Replay the control set with the version in use and with this list, and show what changes. Opens
 * the database when the command has not. Gives the exit status.
 */
int control_show(struct cli *cli, const struct watchlist *list, const char *folder);

/*
 * The same in a line, for a change at hand: contents of the list as it was and as it would be.
 * Nothing where there is no control set, or nothing in it changes.
 */
void control_mention(struct cli *cli, struct slice before, struct slice after);

#endif
