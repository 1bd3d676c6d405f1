/*
 * backfill_work.h - what the backfills of one command share: settings, watchlist, workers, the lock
 * and the bar; and what is between two rounds, which is matching.
 */
#ifndef WW_CLI_BACKFILL_WORK_H
#define WW_CLI_BACKFILL_WORK_H

#include "alerts/scan.h"
#include "alerts/watchlist.h"
#include "cli/backfill_order.h"
#include "cli/backfill_report.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "crawler/crawl.h"
#include "crawler/history/history.h"
#include "crawler/site_rules.h"

struct workers;

struct backfill_work {
    struct cli *cli;
    struct backfill_limits limits;
    struct watchlist watchlist;
    struct mention_engine *engine; /* titles are held against; NULL until one is */
    struct site_rules rules;
    struct crawl_options crawl;
    struct history_options options;
    struct workers *workers;
    struct progress progress;
    int n_away;         /* times that the database's server went away */
    bool has_progress;  /* something was shown: the line wants an end */
    int64_t scanned_ms; /* when pass 2 was last begun or done */
    volatile sig_atomic_t is_scan_over;
    struct arena titles; /* emptied with each */
    char note[160];
    int64_t done; /* as it was shown last */
};

/* Read the settings' files and take the lock. What fails is said: an exit status, EX_OK. */
int backfill_work_open(struct backfill_work *w, struct cli *cli,
                       const struct backfill_limits *limits);
void backfill_work_close(struct backfill_work *w);

/* Before an order that matches titles first. */
enum ww_status backfill_work_titles(struct backfill_work *w, struct ww_error *err);

/* history_take, and the limits of the command: before it is planned or worked on. */
enum ww_status backfill_work_take(struct backfill_work *w, struct backfill_row *order,
                                  bool *is_others, struct ww_error *err);

/* Until it is done or has to end; then what it brought is matched, unless it was told to stop. */
enum ww_status backfill_work_run(struct backfill_work *w, struct backfill_row *order,
                                 struct ww_error *err);

/* Lists alone, at most so many requests. */
enum ww_status backfill_work_plan(struct backfill_work *w, struct backfill_row *order,
                                  int64_t requests_max, struct history_plan *out,
                                  struct ww_error *err);

#endif
