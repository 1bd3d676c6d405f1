/*
 * away.h - the server of the database goes away and comes back while a command works.
 */
#ifndef WW_CLI_AWAY_H
#define WW_CLI_AWAY_H

#include "base/error.h"

#include <stdbool.h>

struct cli;

/*
 * What ended with status and err is to be begun anew, from what is stored: the server was away and
 * is back. Says so, a line for each. False: it was no such status, or it was away for too long or
 * too often; *n_times counts that of one command.
 */
bool away_is_over(struct cli *cli, enum ww_status status, int *n_times, struct ww_error *err);

#endif
