/*
 * run_plan.h - the parts of a run, and what they would do.
 */
#ifndef WW_CLI_RUN_PLAN_H
#define WW_CLI_RUN_PLAN_H

#include "cli/cli.h"

enum part { PART_CRAWL = 1, PART_ALERT = 2, PART_DELIVER = 4, PART_ALL = 7 };

/* For people: a line a part, and below it what it is about. Nothing is done. Gives the exit status.
 */
int run_plan_show(struct cli *cli, unsigned parts);

#endif
