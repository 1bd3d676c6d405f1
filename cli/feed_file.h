/*
 * feed_file.h - feeds as they stand in a file: OPML, CSV, JSON lines, a plain list of addresses.
 *
 * What a file is, is told by its content: '<' begins OPML, '{' JSON lines, a header row that has a
 * column for the address CSV; anything else is a list, one address a line and its title behind it.
 */
#ifndef WW_CLI_FEED_FILE_H
#define WW_CLI_FEED_FILE_H

#include "base/error.h"
#include "cli/cli.h"
#include "storage/store_feeds.h"

#include <stddef.h>
#include <stdint.h>

struct workers;

struct filed_feed {
    struct feed_row row;
    uint32_t said; /* bit f: the file says something of enum feed_field f */
    size_t line;   /* 0: not known (OPML) */
};

struct feed_file {
    struct filed_feed *rows;
    size_t n_rows;
    size_t n_left_out; /* said on standard error, each with its reason */
};

/*
 * WW_INVALID: the message begins with file:line:column; of a damaged OPML file what can be read is
 * given, and what it has that cannot be kept is said on standard error.
 */
enum ww_status feed_file_read(struct cli *cli, struct workers *workers, const char *path,
                              struct feed_file *out, struct ww_error *err);

#endif
