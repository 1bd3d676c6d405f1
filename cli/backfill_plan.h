/*
 * backfill_plan.h - a plan in words: how many addresses, how many of them known, how many requests
 * at which pace.
 */
#ifndef WW_CLI_BACKFILL_PLAN_H
#define WW_CLI_BACKFILL_PLAN_H

#include "cli/cli.h"
#include "crawler/history/history.h"

/*
 * While no list of addresses was read nothing can be reckoned: EXIT_PARTIAL when its requests were
 * spent on the way to one (is_cut), else EX_TEMPFAIL. EX_USAGE: --fields names what is not there,
 * which was said.
 */
int backfill_plan_put(struct cli *cli, const struct backfill_row *order,
                      const struct history_plan *plan, bool is_cut);

/* Of a local source: nothing is known but how many files it would read. */
int backfill_plan_files(struct cli *cli, const struct backfill_row *order, int64_t n_files);

/* Is there a person who would be asked? */
bool backfill_plan_asks(const struct cli *cli);
/* More requests than a person would make by mistake: is that meant? Only asked at a terminal. */
bool backfill_plan_is_agreed(struct cli *cli, const struct backfill_row *order,
                             const struct history_plan *plan);

#endif
