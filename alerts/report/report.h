/*
 * report.h - the archive of a period as a folder of pages: a static site without server or script.
 *
 *   index.html      the morning page: what came since the last day, what changed, what is proposed,
 *                   what could not be watched
 *   days.html       and days/2026-11.html: every story, by day
 *   items.html      and item/ID.html: what is watched, each with its timeline
 *   countries.html  the same by country
 *   health.html     feeds, gaps, runs, troubles
 *   story/N.html    a story: articles, who had it from whom, sentences, changes, marks
 *
 * It shows what everybody may see who may read the folder: items that have an owner, too, and what
 * mutes withheld from mail. Live alerts stand at the time they were raised, historic ones at their
 * article's date.
 *
 * Incremental: a story's page is made again when something came to it, or the day is another; a
 * page is written when its bytes are others (report_folder.h). Memory: the lists of the period,
 * and one page at a time.
 */
#ifndef WW_ALERTS_REPORT_REPORT_H
#define WW_ALERTS_REPORT_REPORT_H

#include "base/error.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct report_options {
    const char *folder;
    struct slice timezone;
    int64_t now;
    int64_t since, until; /* the period; 0: `days` days that end now */
    int64_t days;
    volatile sig_atomic_t *stop; /* may be NULL: ends it between two pages, with what there is */
    /* May be NULL: how many pages of how many are done. */
    void (*tell)(void *context, int64_t done, int64_t total);
    void *context;
};

struct report_summary {
    size_t n_stories, n_alerts, n_items;
    size_t n_written, n_kept, n_removed; /* pages */
    bool is_cut;                         /* the period has more than REPORT_ALERTS_MAX alerts */
};

/* Errors: those of report_folder.h, and of the store. */
enum ww_status report_write(struct store *s, const struct report_options *options,
                            struct report_summary *summary, struct ww_error *err);

#endif
