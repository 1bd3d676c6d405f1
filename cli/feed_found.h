/* feed_found.h - the feeds behind an address: looking for them, and showing what was found. */
#ifndef WW_CLI_FEED_FOUND_H
#define WW_CLI_FEED_FOUND_H

#include "base/error.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "crawler/discover.h"

#include <stdio.h>

struct workers;

/* word is an address, its https:// left out or not. WW_INVALID: it is none. */
enum ww_status feed_found_look(struct cli *cli, struct workers *workers, const char *word,
                               struct found_feeds *out, struct ww_error *err);

/* One row a feed; asked is what was looked at. NULL in o: after a mistake in --fields. */
struct output *feed_found_open(struct cli *cli);
void feed_found_put(struct output *o, const char *asked, const struct found_feeds *found);

/* Which one is taken, or would be, and why, or how to choose; to a person. */
void feed_found_explain(struct cli *cli, const struct found_feeds *found, bool is_taken);

#endif
