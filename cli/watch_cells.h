/*
 * watch_cells.h - is what a person types into a cell of the watchlist something that it can be?
 *
 * A whole file is linted; a single cell that is typed is refused at once: a status that the list
 * has no word for, a country that places.csv has not, a day that no calendar has.
 */
#ifndef WW_CLI_WATCH_CELLS_H
#define WW_CLI_WATCH_CELLS_H

#include "alerts/watchlist_edit.h"
#include "cli/cli.h"

/* EX_OK, or EX_USAGE when it was said what is wrong. Empty is fine, and so is any other column. */
int watch_cell_check(struct cli *cli, const struct watch_edit *edit, struct slice title,
                     struct slice value);

#endif
