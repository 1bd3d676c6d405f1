/* feed_file_opml.h - what feed_file.c and feed_file_opml.c share. */
#ifndef WW_CLI_FEED_FILE_OPML_H
#define WW_CLI_FEED_FILE_OPML_H

#include "base/error.h"
#include "base/slice.h"
#include "cli/feed_fields.h"
#include "cli/feed_file.h"

/* One more row, dated now; NULL when memory is out. */
struct filed_feed *feed_file_add(struct cli *cli, struct feed_file *file, size_t *room);

/* An empty value says nothing. */
enum ww_status feed_file_set(struct cli *cli, struct filed_feed *feed, enum feed_field field,
                             struct slice value, struct ww_error *err);

enum ww_status feed_file_read_opml(struct cli *cli, struct workers *workers, struct slice bytes,
                                   const char *path, struct feed_file *out, struct ww_error *err);

#endif
