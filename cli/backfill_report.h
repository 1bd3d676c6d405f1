/*
 * backfill_report.h - what became of a backfill: what was found, fetched, known, passed over and
 * failed, what is new, what the watched items have of it month by month.
 *
 * All of it is read from the store, so that it can be shown again at any time.
 */
#ifndef WW_CLI_BACKFILL_REPORT_H
#define WW_CLI_BACKFILL_REPORT_H

#include "cli/cli.h"
#include "storage/store_history.h"

struct mention_engine;

/* Of pages that were fetched though their titles do not speak for them. */
struct backfill_sample {
    int64_t n_pages, n_mentioning;
    bool is_known; /* titles came first, and there is a list to hold them against */
};

struct backfill_report {
    struct backfill_row order;
    struct list_counts lists;
    struct list_rows failed_lists, noted_lists;
    struct history_counts finds, documents, failures;
    struct history_gain gain;
    struct timeline_rows timeline;
    struct backfill_sample sample;
};

/* engine may be NULL: then nothing is said of the sample. */
enum ww_status backfill_report_read(struct cli *cli, int64_t id,
                                    const struct mention_engine *engine,
                                    struct backfill_report *out, struct ww_error *err);

/* EX_USAGE: --fields names what is not there, which was said. */
int backfill_report_put(struct cli *cli, const struct backfill_report *r);
/* The same for programs: backfill, kind, name, month, count, stories, text. */
int backfill_report_rows(struct cli *cli, const struct backfill_report *r);

/* One of the counts, by name; 0 when it is not there. */
int64_t backfill_report_count(const struct history_counts *counts, const char *name);

/* Addresses that wait, and those that a backfill that was cancelled will not ask for any more. */
int64_t backfill_report_waiting(const struct backfill_row *order,
                                const struct history_counts *finds);
int64_t backfill_report_given_up(const struct backfill_row *order,
                                 const struct history_counts *finds);

/* "wayback example.org/news" */
struct slice backfill_words(struct cli *cli, const struct backfill_row *order);
/* The same with what was given beside: "wayback example.org/news --since 2022-09-01" */
struct slice backfill_all_words(struct cli *cli, const struct backfill_row *order);
/* One end of a period; whole days as such: "2022-09-01", of its end the last of them. */
struct slice backfill_edge(struct cli *cli, int64_t at, bool is_end);
/* Between two requests to a site: the longer of what was asked for and what the settings say. */
int64_t backfill_delay_ms(const struct cli *cli, const struct backfill_row *order);
/* "7", "b7"; WW_NOT_FOUND, with the way to the list. */
enum ww_status backfill_find(struct cli *cli, const char *word, struct backfill_row *out,
                             struct ww_error *err);
/* --backfill: the number of one that is there; 0 when it was not given. */
enum ww_status backfill_option(struct cli *cli, int64_t *id, struct ww_error *err);

#endif
