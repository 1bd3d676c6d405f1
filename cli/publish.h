/*
 * publish.h - what a run leaves for others to read beside the mails: the report, the Atom feed.
 */
#ifndef WW_CLI_PUBLISH_H
#define WW_CLI_PUBLISH_H

#include "base/error.h"

struct cli;

/* What the settings ask for; files that would not change are not touched. */
enum ww_status publish_write(struct cli *cli, struct ww_error *err);

#endif
