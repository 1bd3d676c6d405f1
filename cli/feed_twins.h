/*
 * feed_twins.h - feeds that seem to be one: told, never refused.
 *
 * By what is known without asking: one address but for http, www. or the slash at its end; one
 * that has moved to the other's; addresses of one host that differ in words for a format alone
 * (/rss.xml and /atom.xml); one site and one title. Feeds in two languages are no twins.
 */
#ifndef WW_CLI_FEED_TWINS_H
#define WW_CLI_FEED_TWINS_H

#include "base/error.h"
#include "storage/store_feeds.h"

#include <stddef.h>

struct feed_twin {
    const struct feed_row *feed, *other; /* other has the smaller number */
    const char *why;                     /* "one address but for http, www. or a slash" */
};

struct feed_twins {
    struct feed_twin *rows;
    size_t n_rows;
};

/* Each feed once, with the first that it seems to be. Time is that of sorting. */
enum ww_status feed_twins_find(const struct feed_list *list, struct arena *arena,
                               struct feed_twins *out, struct ww_error *err);

struct cli;

/* The pairs as a list on standard output; an exit status. */
int feed_twins_put(struct cli *cli, const struct feed_list *list);

#endif
