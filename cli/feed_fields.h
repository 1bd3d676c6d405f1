/*
 * feed_fields.h - what a person says of a feed, by name: from options, from files, to files.
 *
 * One table names the fields; the option, the CSV column and the JSON key of a field are one word.
 * Texts are levelled on their way in (one line, no white space around), so that a field that was
 * written and read again is the same.
 */
#ifndef WW_CLI_FEED_FIELDS_H
#define WW_CLI_FEED_FIELDS_H

#include "base/error.h"
#include "base/slice.h"
#include "cli/cli.h"
#include "storage/store_feeds.h"

#include <stdbool.h>

/* In the order of the columns of a CSV file. */
enum feed_field {
    FIELD_URL,
    FIELD_TITLE,
    FIELD_OUTLET,
    FIELD_SITE,
    FIELD_FOLDER,
    FIELD_COUNTRY,
    FIELD_LANGUAGE,
    FIELD_TAGS,
    FIELD_TIER,
    FIELD_STATE,
    FIELD_KIND,
    FIELD_SELECTOR,
    FIELD_NOTE,
    FIELD_EXTRA,
    FEED_FIELD_COUNT
};

const char *feed_field_name(enum feed_field field);
/* FEED_FIELD_COUNT: none of that name, ASCII case ignored. */
enum feed_field feed_field_of(struct slice name);

/*
 * Put value into its member of row, levelled; an empty one clears the member. WW_INVALID names the
 * field and what is wrong with the value; row is then as it was.
 */
enum ww_status feed_field_set(struct feed_row *row, enum feed_field field, struct slice value,
                              struct arena *arena, struct ww_error *err);

/* As feed_field_set takes it; empty where nothing is said. Of the states only paused is told. */
struct slice feed_field_text(const struct feed_row *row, enum feed_field field,
                             struct arena *arena);

/* Those that the command line gives. */
enum ww_status feed_fields_from_options(struct cli *cli, struct feed_row *row,
                                        struct ww_error *err);

/* "country IE -> NL; tags set to a,b": what differs between two rows; empty when nothing does. */
struct slice feed_fields_changes(const struct feed_row *before, const struct feed_row *after,
                                 struct arena *arena);

/*
 * FEED on the command line: a number ("3", "f3") or an address. WW_NOT_FOUND: the message offers
 * the feeds that may have been meant, by title, host or a part of either.
 */
enum ww_status feed_find(struct cli *cli, const char *word, struct feed_row *out,
                         struct ww_error *err);

#endif
