/*
 * inspect.h - `wirewatch inspect KIND`: what the crawler would understand of a file or a string.
 *
 * No store, no network, no configuration; one JSON object a line. A kind is one function from a job
 * (a JSON object) to an answer (a JSON object); the batch loop, the command line and the frame of
 * errors are here. Documents go through the jail, like everything that is fetched.
 */
#ifndef WW_CLI_INSPECT_H
#define WW_CLI_INSPECT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#include <jansson.h>
#include <stdbool.h>

struct workers;

struct inspect {
    struct arena arena; /* reset before each job */
    struct workers *workers;
    struct buf request;
    const char *watchlist; /* --watchlist, else the installed one, else beside the binary */
    void *state; /* a kind that remembers earlier jobs (duplicates, mentions) keeps it here */
    void (*release)(void *state); /* set with it */
};

/*
 * Answer one job. On failure return the status with its error; the frame makes {"error": ...} of
 * it. WW_OK with *answer set; the frame owns it.
 */
typedef enum ww_status inspect_function(struct inspect *in, const json_t *job, json_t **answer,
                                        struct ww_error *err);

inspect_function inspect_feed, inspect_finds, inspect_sitemap, inspect_robots, inspect_links,
    inspect_charset, inspect_article, inspect_url, inspect_date, inspect_mentions,
    inspect_duplicates;

/* Answers as lines, where --json was not asked for: kinds whose words are all one job. */
typedef void inspect_printer(json_t *answer);

inspect_printer inspect_print_finds;

/* ---- for the kinds --------------------------------------------------------------------------- */

/* A text of the job; empty when absent or not a string. Borrowed from the job. */
struct slice inspect_text(const json_t *job, const char *key);

/* The file named by key "path", whole, in the arena; "-" is standard input. */
enum ww_status inspect_file(struct inspect *in, const json_t *job, struct slice *bytes,
                            struct ww_error *err);

/* Send in->request through the jail; the answer's record is good until the next call. */
enum ww_status inspect_parse(struct inspect *in, struct slice *record, struct ww_error *err);

/* One line of JSON. */
void inspect_print(const json_t *value);

/* JSON values: null for what is absent. */
json_t *inspect_string(struct slice s);
struct date;
json_t *inspect_instant(const struct date *d);

#endif
